#ifndef BASE_WORD_H
#define BASE_WORD_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes taken eight or four at a time, from anywhere in memory. */

/* Eight bytes as the machine has them: for comparing and hashing. */
static inline uint64_t word_at(const void *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return word;
}

/* The same of four bytes. */
static inline uint32_t half_word_at(const void *bytes)
{
    uint32_t half;
    memcpy(&half, bytes, sizeof half);
    return half;
}

/* Eight bytes, the first of them lowest on every machine: for finding places. */
static inline uint64_t word_in_order(const void *bytes)
{
    return le64toh(word_at(bytes));
}

/* How many bits are set. A processor may count them itself, but is not asked whether it can. */
static inline unsigned word_bit_count(uint64_t word)
{
    word -= word >> 1 & 0x5555555555555555u;
    word = (word & 0x3333333333333333u) + (word >> 2 & 0x3333333333333333u);
    word = (word + (word >> 4)) & 0x0F0F0F0F0F0F0F0Fu;
    return (unsigned)(word * 0x0101010101010101u >> 56);
}

/* The same where no bit but the high one of a byte is set. */
static inline unsigned word_high_bit_count(uint64_t word)
{
    return (unsigned)((word >> 7) * 0x0101010101010101u >> 56);
}

enum { WORD_BITS = 64 };

/* Marks a place among words that hold WORD_BITS places each. */
static inline void word_mark(uint64_t *marks, size_t place)
{
    marks[place / WORD_BITS] |= UINT64_C(1) << place % WORD_BITS;
}

/* Whether it is marked. */
static inline bool word_is_marked(const uint64_t *marks, size_t place)
{
    return (marks[place / WORD_BITS] >> place % WORD_BITS & 1) != 0;
}

/* Counts for each word the marks before it; gives how many there are. */
static inline uint32_t word_count_marks(const uint64_t *marks, size_t words, uint32_t *before)
{
    uint32_t count = 0;
    for (size_t w = 0; w < words; w++) {
        before[w] = count;
        count += word_bit_count(marks[w]);
    }
    return count;
}

/* How many marks stand before a place, with those counts. */
static inline uint32_t word_marks_before(const uint64_t *marks, const uint32_t *before,
                                         size_t place)
{
    uint64_t earlier = marks[place / WORD_BITS] & ((UINT64_C(1) << place % WORD_BITS) - 1);
    return before[place / WORD_BITS] + word_bit_count(earlier);
}

/* Which of eight bytes are equal to those of `pattern`: the high bit of each. */
static inline uint64_t word_equal_bytes(uint64_t word, uint64_t pattern)
{
    const uint64_t low = 0x7F7F7F7F7F7F7F7Fu;
    uint64_t other = word ^ pattern;
    return ~(((other & low) + low) | other | low);
}

#endif
