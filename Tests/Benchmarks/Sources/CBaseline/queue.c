/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CBaseline.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

enum { item_words = 7 };

void baseline_pin(int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    sched_setaffinity(0, sizeof set, &set);
}

struct item {
    uint64_t words[8];
};

struct baseline_queue {
    pthread_mutex_t lock;
    pthread_cond_t not_empty, not_full;
    size_t capacity, head, tail;
    struct item *items;
};

struct baseline_queue *baseline_queue_make(size_t capacity) {
    struct baseline_queue *queue = calloc(1, sizeof *queue);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->not_empty, NULL);
    pthread_cond_init(&queue->not_full, NULL);
    queue->capacity = capacity;
    queue->items = calloc(capacity, sizeof *queue->items);
    return queue;
}

void baseline_queue_free(struct baseline_queue *queue) {
    free(queue->items);
    free(queue);
}

void baseline_queue_push(struct baseline_queue *queue, const uint64_t *items, size_t count) {
    pthread_mutex_lock(&queue->lock);
    for (size_t i = 0; i < count; i++) {
        while (queue->tail - queue->head == queue->capacity) {
            pthread_cond_signal(&queue->not_empty);
            pthread_cond_wait(&queue->not_full, &queue->lock);
        }
        memcpy(queue->items[queue->tail++ % queue->capacity].words, items, item_words * sizeof *items);
    }
    pthread_mutex_unlock(&queue->lock);
    pthread_cond_signal(&queue->not_empty);
}

uint64_t baseline_queue_pop(struct baseline_queue *queue, size_t max_count, size_t *count) {
    uint64_t sum = 0;
    size_t taken = 0;
    pthread_mutex_lock(&queue->lock);
    while (queue->tail == queue->head) pthread_cond_wait(&queue->not_empty, &queue->lock);
    for (; taken < max_count && queue->tail != queue->head; taken++)
        sum += queue->items[queue->head++ % queue->capacity].words[0];
    pthread_mutex_unlock(&queue->lock);
    pthread_cond_broadcast(&queue->not_full);
    *count = taken;
    return sum;
}
