/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CRC-32 kernels. The polynomial, bit order and constants are those of zlib's crc32; the method is
 * that of Gopal et al., "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ" (Intel, 2009),
 * in its bit-reflected form: a 64-bit word times x^n mod P moves the word n bits up the message.
 *
 * zlib's own crc32 handles fewer than 47 bytes one byte at a time; the 24-byte header deserves better.
 */
#include "CLinnet.h"

#include <string.h>

/* Eight tables of 256 entries: table[k][b] is the CRC of byte b followed by k zero bytes. */
static uint32_t table[8][256];

__attribute__((constructor)) static void fill_tables(void) {
    for (uint32_t b = 0; b < 256; b++) {
        uint32_t crc = b;
        for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320u & -(crc & 1));
        table[0][b] = crc;
    }
    for (int k = 1; k < 8; k++)
        for (int b = 0; b < 256; b++)
            table[k][b] = (table[k - 1][b] >> 8) ^ table[0][table[k - 1][b] & 0xFF];
}

static uint32_t eight_bytes(uint32_t crc, uint64_t word) {
    word ^= crc;
    return table[7][word & 0xFF] ^ table[6][word >> 8 & 0xFF] ^ table[5][word >> 16 & 0xFF]
        ^ table[4][word >> 24 & 0xFF] ^ table[3][word >> 32 & 0xFF] ^ table[2][word >> 40 & 0xFF]
        ^ table[1][word >> 48 & 0xFF] ^ table[0][word >> 56];
}

uint32_t linnet_crc32_header_portable(uint64_t first, uint64_t second, uint32_t third) {
    return ~eight_bytes(eight_bytes(eight_bytes(0xFFFFFFFFu, first), second), third);
}

#if defined(__x86_64__)
#include <immintrin.h>

#define CLMUL __attribute__((target("pclmul,sse4.1")))

static bool has_clmul;

__attribute__((constructor)) static void detect_processor(void) {
    __builtin_cpu_init();
    has_clmul = __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

bool linnet_has_carryless_multiply(void) { return has_clmul; }

/* x^n mod P, reflected and shifted left by one, for the distances that are folded. */
static const uint64_t x_512[2] = {0x154442bd4, 0x1c6e41596}; /* n = 512 + 32, 512 - 32 */
static const uint64_t x_128[2] = {0x1751997d0, 0x0ccaa009e}; /* n = 128 + 32, 128 - 32 */
static const uint64_t x_64 = 0x163cd6124;                    /* n = 64 */
static const uint64_t barrett[2] = {0x1db710641, 0x1f7011641}; /* P, x^64 div P */
/* P, and x^96 div P without its last bit, which the quotient does not need */
static const uint64_t barrett_96[2] = {0x1db710641, 0xb4e5b025f7011641};

CLMUL static inline __m128i load(const void *p) { return _mm_loadu_si128(p); }

/* Moves `x` along the message by the distance that `k` stands for. */
CLMUL static inline __m128i fold(__m128i x, __m128i k) {
    return _mm_xor_si128(_mm_clmulepi64_si128(x, k, 0x00), _mm_clmulepi64_si128(x, k, 0x11));
}

/* The low 64 bits of `r` modulo P (Barrett). */
CLMUL static inline uint32_t reduce_64(__m128i r) {
    const __m128i low = _mm_setr_epi32(-1, 0, 0, 0), k = load(barrett);
    __m128i q = _mm_clmulepi64_si128(_mm_and_si128(r, low), k, 0x10);
    q = _mm_clmulepi64_si128(_mm_and_si128(q, low), k, 0x00);
    return (uint32_t)_mm_extract_epi32(_mm_xor_si128(r, q), 1);
}

/* A message `m`, given as m * x^64 in 128 bits, times x^32 modulo P. */
CLMUL static inline uint32_t reduce_128(__m128i n) {
    const __m128i low = _mm_setr_epi32(-1, 0, 0, 0);
    const __m128i high = _mm_srli_si128(n, 4);
    n = _mm_clmulepi64_si128(_mm_and_si128(n, low), _mm_cvtsi64_si128((long long)x_64), 0x00);
    return reduce_64(_mm_xor_si128(n, high));
}

/*
 * The header's 24 bytes end in four zeros, so folding its first 16 bytes onto the rest leaves a product of
 * x^32 and a polynomial t of 96 bits, whose remainder is the checksum. Barrett with 64-bit words needs
 * no masks then: the low half of t * mu is the quotient, and 32 bits of its product with P correct t.
 */
CLMUL static uint32_t header_clmul(uint64_t first, uint64_t second, uint32_t third) {
    const __m128i x = _mm_set_epi64x((long long)second, (long long)(first ^ 0xFFFFFFFFu));
    const __m128i t = _mm_xor_si128(fold(x, load(x_128)), _mm_cvtsi32_si128((int)third));
    const __m128i k = load(barrett_96);
    __m128i q = _mm_clmulepi64_si128(t, k, 0x10);
    q = _mm_clmulepi64_si128(q, k, 0x00);
    return ~(uint32_t)_mm_extract_epi32(_mm_xor_si128(t, q), 2);
}

/* At least 16 bytes. Leaves in `*p` and `*n` the bytes, fewer than 16, that it did not take. */
CLMUL static uint32_t fold_blocks(uint32_t crc, const uint8_t **p, size_t *n) {
    const __m128i k = load(x_128);
    __m128i x = _mm_xor_si128(load(*p), _mm_cvtsi32_si128((int)crc));
    if (*n >= 64) {
        const __m128i k4 = load(x_512);
        __m128i a = x, b = load(*p + 16), c = load(*p + 32), d = load(*p + 48);
        for (*p += 64, *n -= 64; *n >= 64; *p += 64, *n -= 64) {
            a = _mm_xor_si128(fold(a, k4), load(*p));
            b = _mm_xor_si128(fold(b, k4), load(*p + 16));
            c = _mm_xor_si128(fold(c, k4), load(*p + 32));
            d = _mm_xor_si128(fold(d, k4), load(*p + 48));
        }
        x = _mm_xor_si128(fold(a, k), b);
        x = _mm_xor_si128(fold(x, k), c);
        x = _mm_xor_si128(fold(x, k), d);
    } else {
        *p += 16, *n -= 16;
    }
    for (; *n >= 16; *p += 16, *n -= 16) x = _mm_xor_si128(fold(x, k), load(*p));
    const __m128i moved = _mm_clmulepi64_si128(x, k, 0x10);
    return reduce_128(_mm_xor_si128(_mm_srli_si128(x, 8), moved));
}

CLMUL uint32_t linnet_crc32_clmul(uint32_t crc, const void *bytes, size_t byte_count) {
    const uint8_t *p = bytes;
    size_t n = byte_count;
    crc = ~crc;
    if (n >= 16) crc = fold_blocks(crc, &p, &n);
    if (n >= 8) {
        crc = reduce_128(_mm_xor_si128(_mm_loadl_epi64((const void *)p), _mm_cvtsi32_si128((int)crc)));
        p += 8, n -= 8;
    }
    if (n >= 4) {
        uint32_t word;
        memcpy(&word, p, sizeof word);
        crc = reduce_64(_mm_cvtsi32_si128((int)(word ^ crc)));
        p += 4, n -= 4;
    }
    for (; n > 0; p++, n--) crc = (crc >> 8) ^ table[0][(crc ^ *p) & 0xFF];
    return ~crc;
}

uint32_t linnet_crc32_header(uint64_t first, uint64_t second, uint32_t third) {
    return __builtin_expect(has_clmul, true) ? header_clmul(first, second, third)
                                             : linnet_crc32_header_portable(first, second, third);
}
#else
bool linnet_has_carryless_multiply(void) { return false; }

uint32_t linnet_crc32_clmul(uint32_t crc, const void *bytes, size_t byte_count) {
    (void)crc, (void)bytes, (void)byte_count;
    __builtin_trap(); /* The caller asked first whether this kernel exists. */
}

uint32_t linnet_crc32_header(uint64_t first, uint64_t second, uint32_t third) {
    return linnet_crc32_header_portable(first, second, third);
}
#endif
