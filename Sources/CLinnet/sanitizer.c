/* SPDX-License-Identifier: Apache-2.0 */
#include "CLinnet.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LINNET_ADDRESS_SANITIZER 1
#endif
#endif

#ifdef LINNET_ADDRESS_SANITIZER
void __asan_poison_memory_region(void const volatile *bytes, size_t byte_count);
void __asan_unpoison_memory_region(void const volatile *bytes, size_t byte_count);

bool linnet_has_address_sanitizer(void) { return true; }
void linnet_poison(const void *bytes, size_t byte_count) { __asan_poison_memory_region(bytes, byte_count); }
void linnet_unpoison(const void *bytes, size_t byte_count) { __asan_unpoison_memory_region(bytes, byte_count); }
#else
bool linnet_has_address_sanitizer(void) { return false; }
void linnet_poison(const void *bytes, size_t byte_count) { (void)bytes, (void)byte_count; }
void linnet_unpoison(const void *bytes, size_t byte_count) { (void)bytes, (void)byte_count; }
#endif
