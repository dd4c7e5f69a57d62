/* SPDX-License-Identifier: Apache-2.0 */
/* Counts of durations in nanoseconds: 128 steps for each power of two, so that an error is below 0.8 %. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

enum { histogram_bits = 7, histogram_steps = 1 << histogram_bits };

static struct {
    uint64_t counts[(64 - histogram_bits + 1) << histogram_bits];
    uint64_t total, max;
} histogram;

static inline void histogram_add(uint64_t value) {
    uint64_t index = value;
    if (value >= histogram_steps) {
        int shift = 63 - __builtin_clzll(value) - histogram_bits;
        index = ((uint64_t)(shift + 1) << histogram_bits) + (value >> shift & (histogram_steps - 1));
    }
    histogram.counts[index]++;
    histogram.total++;
    if (value > histogram.max) histogram.max = value;
}

/* In microseconds; 0 if nothing was added. */
static double histogram_percentile(double percent) {
    uint64_t wanted = (uint64_t)(percent / 100 * (double)histogram.total + 0.999999), seen = 0;
    for (uint64_t index = 0; index < sizeof histogram.counts / sizeof *histogram.counts; index++) {
        seen += histogram.counts[index];
        if (seen < wanted || !seen) continue;
        if (index < histogram_steps) return (double)index / 1000;
        int shift = (int)(index >> histogram_bits) - 1;
        uint64_t step = (index & (histogram_steps - 1)) + histogram_steps;
        return ((double)(step << shift) + (double)(1ull << shift) / 2) / 1000;
    }
    return (double)histogram.max / 1000;
}

#endif
