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
 * CRC-32 (Specs/protocol.md 1.5) of the 24 bytes at `header`, with bytes 20 to 23 taken as zero.
 * Reads bytes 0 to 19 only; any alignment.
 */
uint32_t linnet_crc32_header(const void *header);

/*
 * Continues the CRC-32 `crc` over `byte_count` bytes (any alignment) with carry-less
 * multiplication. Call it only where linnet_has_carryless_multiply() is true.
 */
uint32_t linnet_crc32_clmul(uint32_t crc, const void *bytes, size_t byte_count);

/* Whether this processor has the instructions that linnet_crc32_clmul needs. */
bool linnet_has_carryless_multiply(void);

/* The portable kernel behind linnet_crc32_header, for the tests: table look-ups on any processor. */
uint32_t linnet_crc32_header_portable(const void *header);

/* Whether this build runs under AddressSanitizer, which cannot see inside a mapping by itself. */
bool linnet_has_address_sanitizer(void);

/* Makes AddressSanitizer report any access to these bytes; nothing without the sanitizer. */
void linnet_poison(const void *bytes, size_t byte_count);

/* Undoes linnet_poison. */
void linnet_unpoison(const void *bytes, size_t byte_count);

#endif
