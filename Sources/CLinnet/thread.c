/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CLinnet.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

int linnet_start_thread(
    unsigned long *thread, const char *name, int processor, void *(*body)(void *), void *context) {
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error) return error;
    if (processor >= CPU_SETSIZE) error = EINVAL;
    if (!error && processor >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(processor, &set);
        error = pthread_attr_setaffinity_np(&attributes, sizeof set, &set);
    }
    pthread_t started;
    if (!error) error = pthread_create(&started, &attributes, body, context);
    pthread_attr_destroy(&attributes);
    if (error) return error;
    char kept[16] = {0};
    strncpy(kept, name, sizeof kept - 1);
    pthread_setname_np(started, kept);
    *thread = started;
    return 0;
}
