/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CCosts.h"

#include <dlfcn.h>

typedef uint64_t (*count_function)(void);

static int64_t count(const char *name) {
    count_function function = (count_function)dlsym(RTLD_DEFAULT, name);
    return function ? (int64_t)function() : -1;
}

int64_t costs_allocation_count(void) { return count("linnet_allocation_count"); }
int64_t costs_reference_count_operations(void) { return count("linnet_reference_count_operations"); }
