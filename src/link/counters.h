#ifndef LINK_COUNTERS_H
#define LINK_COUNTERS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Two-bit counters by key: a key whose counter stays at one occurs once. Keys are mixed; two may
 * share a counter, so a few that occur once seem to be repeated, and none the other way round. */

struct counters {
    uint64_t *words;
    uint64_t mask;
};

/* How many words so many keys take. */
static inline uint64_t counters_words(uint64_t keys)
{
    uint64_t slots = 1 << 12;
    while (slots < keys * 4) slots *= 2;
    return slots / 32;
}

/* Counters for so many keys, all at zero. */
static inline void counters_open(struct counters *counters, struct arena *arena, uint64_t keys)
{
    uint64_t words = counters_words(keys);
    counters->words = arena_array(arena, uint64_t, words);
    counters->mask = words * 32 - 1;
}

/* The lowest bits are left to tables, so that what shares a counter does not share a slot too. */
static inline uint64_t counters_slot(const struct counters *counters, uint64_t key)
{
    return key >> 16 & counters->mask;
}

/* Counts a key. */
static inline void counters_add(struct counters *counters, uint64_t key)
{
    uint64_t slot = counters_slot(counters, key);
    unsigned shift = (unsigned)(slot & 31) * 2;
    uint64_t *word = &counters->words[slot / 32];
    *word += (uint64_t)((*word >> shift & 2) == 0) << shift;
}

/* Whether a key was counted more than once; perhaps, when another key was. */
static inline bool counters_repeated(const struct counters *counters, uint64_t key)
{
    uint64_t slot = counters_slot(counters, key);
    return (counters->words[slot / 32] >> ((slot & 31) * 2) & 2) != 0;
}

#endif
