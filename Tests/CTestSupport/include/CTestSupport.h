/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts what the packet path must not do: allocate, and count references. The program that links
 * this has its malloc family and Swift's retain and release replaced by counting ones.
 */
#ifndef C_TEST_SUPPORT_H
#define C_TEST_SUPPORT_H

#include <stdbool.h>
#include <stdint.h>

/* False under sanitizers, which bring an allocator of their own: nothing is counted then. */
bool linnet_counts_costs(void);

/* Allocations by the calling thread so far. */
uint64_t linnet_allocation_count(void);

/* Retains and releases of Swift objects by the calling thread so far. */
uint64_t linnet_reference_count_operations(void);

/* The same of another thread of this process, by its number of the system; 0 if it has had none. */
void linnet_costs_of_thread(int thread, uint64_t *allocations, uint64_t *reference_counts);

#endif
