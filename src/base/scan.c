#include "base/scan.h"

#include "base/word.h"

#include <string.h>

/* UTF-8 is checked as Keiser and Lemire do ("Validating UTF-8 in less than one instruction per
 * byte", 2021): whatever can be wrong shows in three half bytes, the two of a byte and the upper
 * one of the next. Three tables of 16 entries say which mistakes each of them allows; what all
 * three allow is one. What is left to look at is whether the third and fourth bytes of long
 * characters continue them. */
enum mistake {
    TOO_SHORT = 1, /* a character begins inside another */
    TOO_LONG = 2,  /* a continuation after ASCII */
    OVERLONG_THREE = 4,
    TOO_LARGE = 8, /* above U+10FFFF */
    SURROGATE = 16,
    OVERLONG_TWO = 32,
    OVERLONG_FOUR = 64,
    BEYOND = 64, /* first bytes F5 and more; shares a bit, as the next byte tells */
    TWO_CONTINUATIONS = 128,
    CARRY = TOO_SHORT | TOO_LONG | TWO_CONTINUATIONS,
};

#define LOW_LARGE (CARRY | TOO_LARGE | BEYOND)
#define SECOND (TOO_LONG | OVERLONG_TWO | TWO_CONTINUATIONS)

/* By the upper half of a byte, its lower half, and the upper half of the byte behind it. */
#define FIRST_HIGH                                                                                 \
    TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG, TOO_LONG,                \
        TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS, TWO_CONTINUATIONS,                \
        TOO_SHORT | OVERLONG_TWO, TOO_SHORT, TOO_SHORT | OVERLONG_THREE | SURROGATE,               \
        TOO_SHORT | TOO_LARGE | BEYOND | OVERLONG_FOUR
#define FIRST_LOW                                                                                  \
    CARRY | OVERLONG_THREE | OVERLONG_TWO | OVERLONG_FOUR, CARRY | OVERLONG_TWO, CARRY, CARRY,     \
        CARRY | TOO_LARGE, LOW_LARGE, LOW_LARGE, LOW_LARGE, LOW_LARGE, LOW_LARGE, LOW_LARGE,       \
        LOW_LARGE, LOW_LARGE, LOW_LARGE | SURROGATE, LOW_LARGE, LOW_LARGE
#define SECOND_HIGH                                                                                \
    TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT, TOO_SHORT,        \
        SECOND | OVERLONG_THREE | BEYOND | OVERLONG_FOUR, SECOND | OVERLONG_THREE | TOO_LARGE,     \
        SECOND | SURROGATE | TOO_LARGE, SECOND | SURROGATE | TOO_LARGE, TOO_SHORT, TOO_SHORT,      \
        TOO_SHORT, TOO_SHORT

/* The last bytes of a block above these begin a character that goes on in the next block. */
#define WHOLE_AT_END 0xEF, 0xDF, 0xBF

#define TABLE(...) ((const unsigned char[]){__VA_ARGS__})

static const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;

/* The high bits of eight bytes as eight bits. */
static uint64_t gather_bits(uint64_t bits)
{
    return ((bits >> 7) * 0x0102040810204080u) >> 56;
}

static void marks_scalar(const char *bytes, size_t blocks, char separator, uint64_t *cells,
                         uint64_t *lines)
{
    uint64_t separators = (unsigned char)separator * ones;
    for (size_t b = 0; b < blocks; b++) {
        cells[b] = lines[b] = 0;
        for (size_t i = 0; i < SCAN_BLOCK_BYTES; i += 8) {
            uint64_t word = word_in_order(bytes + b * SCAN_BLOCK_BYTES + i);
            uint64_t ends =
                word_equal_bytes(word, '\n' * ones) | word_equal_bytes(word, '\r' * ones);
            cells[b] |= gather_bits(word_equal_bytes(word, separators)) << i;
            lines[b] |= gather_bits(ends) << i;
        }
    }
}

static bool valid_scalar(const char *bytes, size_t size)
{
    size_t at = 0;
    while (at < size) {
        if (size - at >= 8 && (word_at(bytes + at) & highs) == 0) {
            at += 8;
            continue;
        }
        const unsigned char *here = (const unsigned char *)bytes + at;
        size_t left = size - at;
        if (here[0] < 0x80) {
            at++;
            continue;
        }
        size_t length = here[0] >= 0xF0 ? 4 : here[0] >= 0xE0 ? 3 : 2;
        if (here[0] < 0xC2 || here[0] > 0xF4 || left < length) return false;
        unsigned char least = here[0] == 0xE0 ? 0xA0 : here[0] == 0xF0 ? 0x90 : 0x80;
        unsigned char most = here[0] == 0xED ? 0x9F : here[0] == 0xF4 ? 0x8F : 0xBF;
        if (here[1] < least || here[1] > most) return false;
        for (size_t i = 2; i < length; i++) {
            if ((here[i] & 0xC0) != 0x80) return false;
        }
        at += length;
    }
    return true;
}

static const struct scan scalar = {"scalar", marks_scalar, valid_scalar};

#if defined __x86_64__
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define AVX512 __attribute__((target("avx512bw")))

AVX2 static uint64_t found_avx2(__m256i low, __m256i high, __m256i what)
{
    uint32_t one = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, what));
    uint32_t two = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, what));
    return (uint64_t)two << 32 | one;
}

AVX2 static void marks_avx2(const char *bytes, size_t blocks, char separator, uint64_t *cells,
                            uint64_t *lines)
{
    const __m256i between = _mm256_set1_epi8(separator);
    const __m256i feed = _mm256_set1_epi8('\n'), carriage = _mm256_set1_epi8('\r');
    for (size_t b = 0; b < blocks; b++) {
        const __m256i *at = (const __m256i *)(const void *)(bytes + b * SCAN_BLOCK_BYTES);
        __m256i low = _mm256_loadu_si256(at), high = _mm256_loadu_si256(at + 1);
        cells[b] = found_avx2(low, high, between);
        lines[b] = found_avx2(low, high, feed) | found_avx2(low, high, carriage);
    }
}

/* What is wrong in 32 bytes that follow `before`. */
AVX2 static __m256i mistakes_avx2(__m256i here, __m256i before)
{
    const __m256i half = _mm256_set1_epi8(15);
    const __m256i first_high = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)TABLE(FIRST_HIGH)));
    const __m256i first_low = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)TABLE(FIRST_LOW)));
    const __m256i second_high = _mm256_broadcastsi128_si256(
        _mm_loadu_si128((const __m128i *)(const void *)TABLE(SECOND_HIGH)));
    __m256i across = _mm256_permute2x128_si256(before, here, 0x21);
    __m256i one = _mm256_alignr_epi8(here, across, 15);
    __m256i two = _mm256_alignr_epi8(here, across, 14);
    __m256i three = _mm256_alignr_epi8(here, across, 13);
    __m256i one_high = _mm256_and_si256(_mm256_srli_epi16(one, 4), half);
    __m256i here_high = _mm256_and_si256(_mm256_srli_epi16(here, 4), half);
    __m256i allowed = _mm256_and_si256(
        _mm256_and_si256(_mm256_shuffle_epi8(first_high, one_high),
                         _mm256_shuffle_epi8(first_low, _mm256_and_si256(one, half))),
        _mm256_shuffle_epi8(second_high, here_high));
    /* A byte two behind E0 or more, or three behind F0 or more, must be the second of two
     * continuations: that one mistake is none there. */
    __m256i third = _mm256_subs_epu8(two, _mm256_set1_epi8(0xE0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(three, _mm256_set1_epi8(0xF0 - 0x80));
    __m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth), _mm256_set1_epi8(-0x80));
    return _mm256_xor_si256(must, allowed);
}

AVX2 static bool valid_avx2(const char *bytes, size_t size)
{
    static const unsigned char ends[32] = {
        [0] = 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF,       0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF,       0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, WHOLE_AT_END};
    const __m256i whole = _mm256_loadu_si256((const __m256i *)(const void *)ends);
    __m256i wrong = _mm256_setzero_si256(), before = wrong, open = wrong;
    size_t at = 0;
    char last[32] = {0};
    for (bool more = size > 0; more;) {
        more = size - at > sizeof last;
        size_t count = more || size - at == sizeof last ? sizeof last : size - at;
        const char *from = bytes + at;
        if (count < sizeof last) from = memcpy(last, from, count);
        __m256i here = _mm256_loadu_si256((const __m256i *)(const void *)from);
        if (_mm256_movemask_epi8(here) == 0) {
            wrong = _mm256_or_si256(wrong, open);
            open = _mm256_setzero_si256();
        } else {
            wrong = _mm256_or_si256(wrong, mistakes_avx2(here, before));
            open = _mm256_subs_epu8(here, whole);
        }
        before = here;
        at += count;
    }
    wrong = _mm256_or_si256(wrong, open);
    return _mm256_testz_si256(wrong, wrong);
}

static const struct scan avx2 = {"avx2", marks_avx2, valid_avx2};

AVX512 static void marks_avx512(const char *bytes, size_t blocks, char separator, uint64_t *cells,
                                uint64_t *lines)
{
    const __m512i between = _mm512_set1_epi8(separator);
    const __m512i feed = _mm512_set1_epi8('\n'), carriage = _mm512_set1_epi8('\r');
    for (size_t b = 0; b < blocks; b++) {
        __m512i here = _mm512_loadu_si512(bytes + b * SCAN_BLOCK_BYTES);
        cells[b] = _mm512_cmpeq_epi8_mask(here, between);
        lines[b] = _mm512_cmpeq_epi8_mask(here, feed) | _mm512_cmpeq_epi8_mask(here, carriage);
    }
}

/* As mistakes_avx2. */
AVX512 static __m512i mistakes_avx512(__m512i here, __m512i before)
{
    const __m512i half = _mm512_set1_epi8(15);
    const __m512i first_high =
        _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)TABLE(FIRST_HIGH)));
    const __m512i first_low =
        _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)TABLE(FIRST_LOW)));
    const __m512i second_high =
        _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)TABLE(SECOND_HIGH)));
    __m512i across = _mm512_alignr_epi32(here, before, 12);
    __m512i one = _mm512_alignr_epi8(here, across, 15);
    __m512i two = _mm512_alignr_epi8(here, across, 14);
    __m512i three = _mm512_alignr_epi8(here, across, 13);
    __m512i one_high = _mm512_and_si512(_mm512_srli_epi16(one, 4), half);
    __m512i here_high = _mm512_and_si512(_mm512_srli_epi16(here, 4), half);
    __m512i allowed = _mm512_and_si512(
        _mm512_and_si512(_mm512_shuffle_epi8(first_high, one_high),
                         _mm512_shuffle_epi8(first_low, _mm512_and_si512(one, half))),
        _mm512_shuffle_epi8(second_high, here_high));
    __m512i third = _mm512_subs_epu8(two, _mm512_set1_epi8(0xE0 - 0x80));
    __m512i fourth = _mm512_subs_epu8(three, _mm512_set1_epi8(0xF0 - 0x80));
    __m512i must = _mm512_and_si512(_mm512_or_si512(third, fourth), _mm512_set1_epi8(-0x80));
    return _mm512_xor_si512(must, allowed);
}

/* The last block is filled up with zeros, behind which nothing may be open. */
AVX512 static bool valid_avx512(const char *bytes, size_t size)
{
    __m512i wrong = _mm512_setzero_si512(), before = wrong;
    uint64_t plain_before = UINT64_MAX;
    for (size_t at = 0; at < size; at += SCAN_BLOCK_BYTES) {
        __mmask64 there = size - at >= SCAN_BLOCK_BYTES ? UINT64_MAX : (1ull << (size - at)) - 1;
        __m512i here = _mm512_maskz_loadu_epi8(there, bytes + at);
        uint64_t plain = ~(uint64_t)_mm512_movepi8_mask(here);
        if ((plain & plain_before) != UINT64_MAX) {
            wrong = _mm512_or_si512(wrong, mistakes_avx512(here, before));
        }
        before = here;
        plain_before = plain;
    }
    wrong = _mm512_or_si512(wrong, mistakes_avx512(_mm512_setzero_si512(), before));
    return _mm512_test_epi8_mask(wrong, wrong) == 0;
}

static const struct scan avx512 = {"avx512", marks_avx512, valid_avx512};
#endif

#if defined __aarch64__
#include <arm_neon.h>

/* Four vectors of which each byte is all ones or all zeros, as 64 bits. */
static uint64_t neon_bits(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d)
{
    const uint8x16_t weights = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t low = vpaddq_u8(vandq_u8(a, weights), vandq_u8(b, weights));
    uint8x16_t high = vpaddq_u8(vandq_u8(c, weights), vandq_u8(d, weights));
    uint8x16_t sum = vpaddq_u8(low, high);
    sum = vpaddq_u8(sum, sum);
    return vgetq_lane_u64(vreinterpretq_u64_u8(sum), 0);
}

static uint64_t found_neon(const uint8x16_t here[4], uint8x16_t what)
{
    return neon_bits(vceqq_u8(here[0], what), vceqq_u8(here[1], what), vceqq_u8(here[2], what),
                     vceqq_u8(here[3], what));
}

static void marks_neon(const char *bytes, size_t blocks, char separator, uint64_t *cells,
                       uint64_t *lines)
{
    const uint8x16_t between = vdupq_n_u8((unsigned char)separator);
    const uint8x16_t feed = vdupq_n_u8('\n'), carriage = vdupq_n_u8('\r');
    for (size_t b = 0; b < blocks; b++) {
        uint8x16_t here[4];
        for (size_t i = 0; i < 4; i++) {
            here[i] = vld1q_u8((const uint8_t *)bytes + b * SCAN_BLOCK_BYTES + 16 * i);
        }
        cells[b] = found_neon(here, between);
        lines[b] = found_neon(here, feed) | found_neon(here, carriage);
    }
}

/* As mistakes_avx2. */
static uint8x16_t mistakes_neon(uint8x16_t here, uint8x16_t before)
{
    uint8x16_t one = vextq_u8(before, here, 15), two = vextq_u8(before, here, 14);
    uint8x16_t three = vextq_u8(before, here, 13);
    uint8x16_t allowed =
        vandq_u8(vandq_u8(vqtbl1q_u8(vld1q_u8(TABLE(FIRST_HIGH)), vshrq_n_u8(one, 4)),
                          vqtbl1q_u8(vld1q_u8(TABLE(FIRST_LOW)), vandq_u8(one, vdupq_n_u8(15)))),
                 vqtbl1q_u8(vld1q_u8(TABLE(SECOND_HIGH)), vshrq_n_u8(here, 4)));
    uint8x16_t third = vqsubq_u8(two, vdupq_n_u8(0xE0 - 0x80));
    uint8x16_t fourth = vqsubq_u8(three, vdupq_n_u8(0xF0 - 0x80));
    return veorq_u8(vandq_u8(vorrq_u8(third, fourth), vdupq_n_u8(0x80)), allowed);
}

static bool valid_neon(const char *bytes, size_t size)
{
    uint8x16_t wrong = vdupq_n_u8(0), before = wrong;
    size_t at = 0;
    for (; size - at >= 16; at += 16) {
        uint8x16_t here = vld1q_u8((const uint8_t *)bytes + at);
        if (vmaxvq_u8(vorrq_u8(here, before)) >= 0x80) {
            wrong = vorrq_u8(wrong, mistakes_neon(here, before));
        }
        before = here;
    }
    /* Filled up with at least one zero, behind which nothing may be open. */
    uint8_t last[16] = {0};
    memcpy(last, bytes + at, size - at);
    uint8x16_t here = vld1q_u8(last);
    wrong = vorrq_u8(wrong, mistakes_neon(here, before));
    return vmaxvq_u8(wrong) == 0;
}

static const struct scan neon = {"neon", marks_neon, valid_neon};
#endif

size_t scan_variants(const struct scan *out[SCAN_VARIANTS_MAX])
{
    size_t count = 0;
    out[count++] = &scalar;
#if defined __x86_64__
    if (__builtin_cpu_supports("avx2")) out[count++] = &avx2;
    if (__builtin_cpu_supports("avx512bw")) out[count++] = &avx512;
#elif defined __aarch64__
    out[count++] = &neon;
#endif
    return count;
}

bool scan_choose(const char *wish, const struct scan **out, struct err *err)
{
    const struct scan *variants[SCAN_VARIANTS_MAX];
    size_t count = scan_variants(variants);
    if (wish == NULL || wish[0] == '\0') {
        *out = variants[count - 1];
        return true;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(variants[i]->name, wish) != 0) continue;
        *out = variants[i];
        return true;
    }
    return err_set(err, ERR_INPUT,
                   "BAOXUE_SIMD is \"%s\", which this machine does not offer; the fastest it does "
                   "offer is \"%s\"",
                   "BAOXUE_SIMD 为“%s”，而本机没有；本机最快的是“%s”", wish,
                   variants[count - 1]->name);
}
