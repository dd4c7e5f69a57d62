/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CLinnet.h"

#include <linux/futex.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

void linnet_futex_wait(const uint32_t *word, uint32_t expected, int64_t nanoseconds) {
    struct timespec timeout = {nanoseconds / 1000000000, nanoseconds % 1000000000};
    syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, nanoseconds < 0 ? NULL : &timeout, NULL, 0);
}

int64_t linnet_monotonic_nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int linnet_eventfd_make(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void linnet_eventfd_signal(int descriptor) {
    uint64_t one = 1;
    /* It fails only when the counter is full, and then the reader is woken anyway. */
    ssize_t written = write(descriptor, &one, sizeof one);
    (void)written;
}

void linnet_futex_wake_one(const uint32_t *word) {
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
