#ifndef BASE_WORD_H
#define BASE_WORD_H

#include <endian.h>
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

/* Which of eight bytes are equal to those of `pattern`: the high bit of each. */
static inline uint64_t word_equal_bytes(uint64_t word, uint64_t pattern)
{
    const uint64_t low = 0x7F7F7F7F7F7F7F7Fu;
    uint64_t other = word ^ pattern;
    return ~(((other & low) + low) | other | low);
}

#endif
