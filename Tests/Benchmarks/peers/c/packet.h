/* SPDX-License-Identifier: Apache-2.0 */
/* The header that the peers of the `packet` mode parse and write: 24 bytes, little-endian, as in Specs/protocol.md.
 * Its CRC-32/IEEE is computed by slicing-by-8, with the checksum's own field as zero. */
#ifndef PACKET_H
#define PACKET_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    header_size = 24,
    max_packet_size = 16 << 20,
    version_offset = 4,
    flags_offset = 6,
    size_offset = 8,
    seq_offset = 12,
    checksum_offset = 20,
};

static const uint32_t packet_magic = 0x31504B43;

static uint32_t crc32_tables[8][256];

__attribute__((constructor)) static void make_crc32_tables(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (0xEDB88320u & (0u - (crc & 1)));
        crc32_tables[0][i] = crc;
    }
    for (int table = 1; table < 8; table++) {
        for (int i = 0; i < 256; i++) {
            uint32_t crc = crc32_tables[table - 1][i];
            crc32_tables[table][i] = crc >> 8 ^ crc32_tables[0][crc & 0xFF];
        }
    }
}

static inline uint32_t crc32_of_8(uint32_t crc, const uint8_t *bytes) {
    uint32_t low, high;
    memcpy(&low, bytes, 4);
    memcpy(&high, bytes + 4, 4);
    low ^= crc;
    return crc32_tables[7][low & 0xFF] ^ crc32_tables[6][low >> 8 & 0xFF] ^
           crc32_tables[5][low >> 16 & 0xFF] ^ crc32_tables[4][low >> 24] ^
           crc32_tables[3][high & 0xFF] ^ crc32_tables[2][high >> 8 & 0xFF] ^
           crc32_tables[1][high >> 16 & 0xFF] ^ crc32_tables[0][high >> 24];
}

static inline uint32_t header_checksum(const uint8_t *header) {
    uint8_t last[8] = {0};
    memcpy(last, header + 16, 4);
    uint32_t crc = crc32_of_8(~0u, header);
    crc = crc32_of_8(crc, header + 8);
    return ~crc32_of_8(crc, last);
}

#endif
