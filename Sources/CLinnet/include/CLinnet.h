/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What Linnet needs from C: machine instructions and sanitizer hooks that Swift cannot name.
 * No logic lives here.
 */
#ifndef C_LINNET_H
#define C_LINNET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * CRC-32 (Specs/protocol.md 1.5) of 24 bytes: `first`, `second` and `third` as little-endian words, and
 * four zeros. It takes words, not an address: a sender has just put them together, and reading
 * back what was stored in other pieces stalls a processor for a dozen cycles.
 */
uint32_t linnet_crc32_header(uint64_t first, uint64_t second, uint32_t third);

/*
 * Continues the CRC-32 `crc` over `byte_count` bytes (any alignment) with carry-less
 * multiplication. Call it only where linnet_has_carryless_multiply() is true.
 */
uint32_t linnet_crc32_clmul(uint32_t crc, const void *bytes, size_t byte_count);

/* Whether this processor has the instructions that linnet_crc32_clmul needs. */
bool linnet_has_carryless_multiply(void);

/* The portable kernel behind linnet_crc32_header, for the tests: table look-ups on any processor. */
uint32_t linnet_crc32_header_portable(uint64_t first, uint64_t second, uint32_t third);

/* Whether this build runs under AddressSanitizer, which cannot see inside a mapping by itself. */
bool linnet_has_address_sanitizer(void);

/* Makes AddressSanitizer report any access to these bytes; nothing without the sanitizer. */
void linnet_poison(const void *bytes, size_t byte_count);

/* Undoes linnet_poison. */
void linnet_unpoison(const void *bytes, size_t byte_count);

#endif
