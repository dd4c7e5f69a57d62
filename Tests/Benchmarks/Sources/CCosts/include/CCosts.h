/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a benchmark asks of the machine. The counts come from Tests/CTestSupport/costs.c, built as a
 * library and loaded before all others (LD_PRELOAD), so that programs which are timed have none of
 * it in them.
 */
#ifndef C_COSTS_H
#define C_COSTS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Allocations by the calling thread so far; -1 if nothing counts them. */
int64_t costs_allocation_count(void);

/* Retains and releases of Swift objects by the calling thread so far; -1 if nothing counts them. */
int64_t costs_reference_count_operations(void);

/* The index. The compiler has to believe that it may be another, and that all memory is read and
   written here, so that it does no operation but once for each time it is asked for. No instruction. */
static inline intptr_t costs_opaque(intptr_t index) {
    __asm__ volatile("" : "+r"(index) : : "memory");
    return index;
}

#ifdef __cplusplus
}
#endif

#endif
