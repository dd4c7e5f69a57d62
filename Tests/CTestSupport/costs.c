/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "CTestSupport.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define LINNET_HAS_OWN_ALLOCATOR 1
#endif
#endif

/* What the threads of a number have cost, ever: who asks takes differences. Linux numbers its threads
   below this (PID_MAX_LIMIT); pages of numbers that nobody has are never touched. */
struct costs {
    _Atomic uint64_t allocations, reference_counts;
};

enum { MAX_THREAD_NUMBER = 1 << 22 };
static struct costs all[MAX_THREAD_NUMBER];
static __thread struct costs *own __attribute__((tls_model("initial-exec")));

static struct costs *own_costs(void) {
    if (!own) own = &all[syscall(SYS_gettid) % MAX_THREAD_NUMBER];
    return own;
}

/* One writer: a load and a store are an addition. */
static void add(_Atomic uint64_t *counter, uint64_t count) {
    uint64_t sum = atomic_load_explicit(counter, memory_order_relaxed) + count;
    atomic_store_explicit(counter, sum, memory_order_relaxed);
}

uint64_t linnet_allocation_count(void) { return own_costs()->allocations; }
uint64_t linnet_reference_count_operations(void) { return own_costs()->reference_counts; }

void linnet_costs_of_thread(int thread, uint64_t *allocations, uint64_t *reference_counts) {
    *allocations = all[thread % MAX_THREAD_NUMBER].allocations;
    *reference_counts = all[thread % MAX_THREAD_NUMBER].reference_counts;
}

#if defined(LINNET_HAS_OWN_ALLOCATOR) || !defined(__GLIBC__)
bool linnet_counts_costs(void) { return false; }
#else
bool linnet_counts_costs(void) { return true; }

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) { return add(&own_costs()->allocations, 1), __libc_malloc(size); }
void *calloc(size_t count, size_t size) { return add(&own_costs()->allocations, 1), __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { return add(&own_costs()->allocations, 1), __libc_realloc(old, size); }
void *aligned_alloc(size_t alignment, size_t size) { return add(&own_costs()->allocations, 1), __libc_memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
    add(&own_costs()->allocations, 1);
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}

typedef void *(*retain_function)(void *);
typedef void (*release_function)(void *);
typedef void *(*retain_n_function)(void *, uint32_t);
typedef void (*release_n_function)(void *, uint32_t);

static retain_function next_retain;
static release_function next_release;
static retain_n_function next_retain_n;
static release_n_function next_release_n;
static retain_function next_bridge_retain;
static release_function next_bridge_release;
static retain_n_function next_bridge_retain_n;
static release_n_function next_bridge_release_n;

__attribute__((constructor)) static void find_originals(void) {
    next_retain = (retain_function)dlsym(RTLD_NEXT, "swift_retain");
    next_release = (release_function)dlsym(RTLD_NEXT, "swift_release");
    next_retain_n = (retain_n_function)dlsym(RTLD_NEXT, "swift_retain_n");
    next_release_n = (release_n_function)dlsym(RTLD_NEXT, "swift_release_n");
    next_bridge_retain = (retain_function)dlsym(RTLD_NEXT, "swift_bridgeObjectRetain");
    next_bridge_release = (release_function)dlsym(RTLD_NEXT, "swift_bridgeObjectRelease");
    next_bridge_retain_n = (retain_n_function)dlsym(RTLD_NEXT, "swift_bridgeObjectRetain_n");
    next_bridge_release_n = (release_n_function)dlsym(RTLD_NEXT, "swift_bridgeObjectRelease_n");
}

void *swift_retain(void *object) {
    if (!next_retain) find_originals();
    return add(&own_costs()->reference_counts, 1), next_retain(object);
}

void swift_release(void *object) {
    if (!next_release) find_originals();
    add(&own_costs()->reference_counts, 1), next_release(object);
}

void *swift_retain_n(void *object, uint32_t count) {
    if (!next_retain_n) find_originals();
    return add(&own_costs()->reference_counts, count), next_retain_n(object, count);
}

void swift_release_n(void *object, uint32_t count) {
    if (!next_release_n) find_originals();
    add(&own_costs()->reference_counts, count), next_release_n(object, count);
}

/* Those of strings: also of short ones, which have no object. */
void *swift_bridgeObjectRetain(void *object) {
    if (!next_bridge_retain) find_originals();
    return add(&own_costs()->reference_counts, 1), next_bridge_retain(object);
}

void swift_bridgeObjectRelease(void *object) {
    if (!next_bridge_release) find_originals();
    add(&own_costs()->reference_counts, 1), next_bridge_release(object);
}

void *swift_bridgeObjectRetain_n(void *object, uint32_t count) {
    if (!next_bridge_retain_n) find_originals();
    return add(&own_costs()->reference_counts, count), next_bridge_retain_n(object, count);
}

void swift_bridgeObjectRelease_n(void *object, uint32_t count) {
    if (!next_bridge_release_n) find_originals();
    add(&own_costs()->reference_counts, count), next_bridge_release_n(object, count);
}
#endif
