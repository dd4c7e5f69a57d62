/* SPDX-License-Identifier: Apache-2.0 */
/* What a careful C programmer writes by hand: the scale for the Swift numbers. */
#ifndef C_BASELINE_H
#define C_BASELINE_H

#include <stddef.h>
#include <stdint.h>

/* Parses packets back to back, magic, slicing-by-8 checksum, size and seq; returns how many are right. */
size_t baseline_parse(const uint8_t *bytes, size_t byte_count, uint32_t magic, uint64_t *payload_bytes);

/* Writes one packet with a copy of the payload, slicing-by-8 checksum; returns its size. */
size_t baseline_encode(uint8_t *out, uint32_t magic, uint64_t seq, const uint8_t *payload, size_t payload_bytes);

/* Takes a block of a LIFO list and gives it back `count` times, single-threaded, with malloc and free. */
void baseline_malloc_free(size_t block_bytes, size_t count);

/* zlib's crc32, from the start. */
uint32_t baseline_zlib_crc32(const uint8_t *bytes, size_t byte_count);

/* Keeps the calling thread on one processor, if there is such a one. */
void baseline_pin(int processor);

/* A bounded queue of 64-byte items under a mutex, with a condition to sleep on. */
struct baseline_queue;
struct baseline_queue *baseline_queue_make(size_t capacity);
void baseline_queue_free(struct baseline_queue *queue);
/* Puts `count` items in under one lock and wakes a sleeper, waiting for room where there is none. */
void baseline_queue_push(struct baseline_queue *queue, const uint64_t *items, size_t count);
/* Takes at most `max_count` items under one lock, sleeping while there is none; returns the sum of their first words. */
uint64_t baseline_queue_pop(struct baseline_queue *queue, size_t max_count, size_t *count);

#endif
