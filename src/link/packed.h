#ifndef LINK_PACKED_H
#define LINK_PACKED_H

#include "link/compare.h"

/* A struct value_text kept small: a name or a number stands whole in half a line of memory, so
 * that comparing two of them touches nothing else. */

enum { PACKED_INSIDE_BYTES = 20, PACKED_INSIDE_CODES = PACKED_INSIDE_BYTES / 4 };

struct packed_text {
    uint64_t signature;
    uint16_t count;
    bool latin;
    bool inside; /* the codes stand in `room`, zeros behind them; else where they do does */
    /* Of a latin text codes are bytes, else uint32_t. */
    _Alignas(uint32_t) unsigned char room[PACKED_INSIDE_BYTES];
};

/* Where codes go that find no room inside; begins as zeros but for the arena. */
struct packed_room {
    struct arena *arena;
    unsigned char *at;
    size_t left;
};

/* Packs the first VALUE_CODES_MAX codes of a text. */
void packed_text_fill(struct str text, struct packed_room *room, struct packed_text *out);

/* Where the codes stand. */
static inline const void *packed_text_codes(const struct packed_text *packed)
{
    const void *outside;
    if (packed->inside) return packed->room;
    memcpy(&outside, packed->room, sizeof outside);
    return outside;
}

/* Gives it back; `codes` is room for those of a latin one. */
struct value_text packed_text_open(const struct packed_text *packed,
                                   uint32_t codes[VALUE_CODES_MAX]);

/* As text_prefix of compare.h. */
int32_t packed_prefix(const struct packed_text *a, const struct packed_text *b);

/* Whether the distance is surely more than `most` edits, swapped neighbours counted as one: told
 * from the characters that have no equal within reach. */
bool packed_edits_above(const struct packed_text *a, const struct packed_text *b, int32_t most);

#endif
