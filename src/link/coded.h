#ifndef LINK_CODED_H
#define LINK_CODED_H

#include "base/str.h"

/* Whole numbers as bytes, the same on every machine: seven bits a byte, the low ones first. Reading
 * checks every step: what is cut short or too long leaves `bad` set and reads as 0. */

/* Bytes being read. */
struct coded {
    const unsigned char *at, *end;
    bool bad;
};

/* Reads from the first byte of `bytes`, which must stay. */
static inline struct coded coded_of(struct str bytes)
{
    const unsigned char *first = (const unsigned char *)bytes.ptr;
    return (struct coded){first, first + bytes.len, false};
}

/* A number of any size; one to ten bytes. */
static inline void coded_put(struct text *out, uint64_t number)
{
    for (; number >= 128; number >>= 7) text_add_byte(out, (char)(number | 128));
    text_add_byte(out, (char)number);
}

/* Small numbers of either sign take few bytes. */
static inline void coded_put_signed(struct text *out, int64_t number)
{
    coded_put(out, (uint64_t)number << 1 ^ (uint64_t)(number >> 63));
}

/* All eight bytes: for numbers that look like chance. */
static inline void coded_put_whole(struct text *out, uint64_t number)
{
    char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = (char)(number >> (8 * i));
    text_add(out, (struct str){bytes, sizeof bytes});
}

/* What coded_put wrote. */
static inline uint64_t coded_get(struct coded *in)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && in->at < in->end; shift += 7) {
        unsigned char byte = *in->at++;
        number |= (uint64_t)(byte & 127) << shift;
        if (byte < 128) return number;
    }
    in->bad = true;
    return 0;
}

/* What coded_put_signed wrote. */
static inline int64_t coded_get_signed(struct coded *in)
{
    uint64_t number = coded_get(in);
    return (int64_t)(number >> 1 ^ (0 - (number & 1)));
}

/* What coded_put_whole wrote. */
static inline uint64_t coded_get_whole(struct coded *in)
{
    uint64_t number = 0;
    if (in->end - in->at < 8) {
        in->bad = true;
        return 0;
    }
    for (int i = 0; i < 8; i++) number |= (uint64_t)*in->at++ << (8 * i);
    return number;
}

/* A count of things that take at least `least` bytes each, so that no number in a damaged file asks
 * for more memory than the file could fill. */
static inline size_t coded_get_count(struct coded *in, size_t least)
{
    uint64_t count = coded_get(in);
    if (count <= (uint64_t)(in->end - in->at) / least) return (size_t)count;
    in->bad = true;
    return 0;
}

#endif
