/* SPDX-License-Identifier: Apache-2.0 */
#include "CBaseline.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static uint32_t table[8][256];

__attribute__((constructor)) static void fill(void) {
    for (uint32_t b = 0; b < 256; b++) {
        uint32_t crc = b;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & -(crc & 1));
        table[0][b] = crc;
    }
    for (int k = 1; k < 8; k++)
        for (int b = 0; b < 256; b++) table[k][b] = (table[k - 1][b] >> 8) ^ table[0][table[k - 1][b] & 0xFF];
}

static inline uint32_t eight(uint32_t crc, const uint8_t *p) {
    uint64_t w;
    memcpy(&w, p, 8);
    w ^= crc;
    return table[7][w & 0xFF] ^ table[6][w >> 8 & 0xFF] ^ table[5][w >> 16 & 0xFF] ^ table[4][w >> 24 & 0xFF]
        ^ table[3][w >> 32 & 0xFF] ^ table[2][w >> 40 & 0xFF] ^ table[1][w >> 48 & 0xFF] ^ table[0][w >> 56];
}

static inline uint32_t header_checksum(const uint8_t *header) {
    uint8_t copy[24];
    memcpy(copy, header, 20);
    memset(copy + 20, 0, 4);
    return ~eight(eight(eight(0xFFFFFFFFu, copy), copy + 8), copy + 16);
}

size_t baseline_parse(const uint8_t *bytes, size_t byte_count, uint32_t magic, uint64_t *payload_bytes) {
    size_t count = 0, at = 0;
    while (byte_count - at >= 24) {
        const uint8_t *p = bytes + at;
        uint32_t m, size, checksum;
        uint64_t seq;
        memcpy(&m, p, 4), memcpy(&size, p + 8, 4), memcpy(&seq, p + 12, 8), memcpy(&checksum, p + 20, 4);
        if (m != magic || checksum != header_checksum(p)) break;
        if (size < 24 || size > 1048576 || size > byte_count - at || seq != count) break;
        *payload_bytes += size - 24;
        at += size;
        count++;
    }
    return count;
}

size_t baseline_encode(uint8_t *out, uint32_t magic, uint64_t seq, const uint8_t *payload, size_t payload_bytes) {
    const uint16_t version = 1, flags = 0;
    const uint32_t size = (uint32_t)(24 + payload_bytes);
    memcpy(out, &magic, 4), memcpy(out + 4, &version, 2), memcpy(out + 6, &flags, 2);
    memcpy(out + 8, &size, 4), memcpy(out + 12, &seq, 8);
    const uint32_t checksum = header_checksum(out);
    memcpy(out + 20, &checksum, 4);
    memcpy(out + 24, payload, payload_bytes);
    return size;
}

void baseline_malloc_free(size_t block_bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        void *volatile block = malloc(block_bytes);
        free(block);
    }
}

uint32_t baseline_zlib_crc32(const uint8_t *bytes, size_t byte_count) {
    return (uint32_t)crc32_z(0, bytes, byte_count);
}
