#ifndef LINK_PEOPLE_NEAR_INTERNAL_H
#define LINK_PEOPLE_NEAR_INTERNAL_H

#include "base/leb128.h"
#include "link/people_near.h"
#include "link/people_store.h"

/* How it lies in the workspace. A key counts with its upper 32 bits: who meets somebody only by
 * chance in these is weighed against the rest and found to share no key.
 *
 *   part 0 and on             keys whose upper bits are the part's number, ascending: how far each
 *                             is from the one before (the first from the part's least), how many
 *                             persons, their numbers, each as how far it is from the one before
 *   NEAR_NAMES_FIRST and on   names by the upper bits of their hash, ascending: 8 bytes, how many
 *                             persons; only where they are two or more
 *
 * Keys under which one person alone stands are left out, but for those of ID numbers and names; so
 * are parts in which nothing is. In near_kin up to NEAR_KIN_RECORDS records, ascending: how far
 * from the first, then head, parent and parent, name and number each as length and bytes. Numbers
 * are in LEB128. */
enum {
    NEAR_BITS_MAX = 16,
    NEAR_NAMES_FIRST = 1 << NEAR_BITS_MAX,
    NEAR_NAME_BYTES = 8,
    NEAR_KIN_RECORDS = 64,
};

/* What it rests on; `known`: the decisions that are there, not those that the run knew. */
MUST_USE bool near_rests(struct arena *arena, struct registry *registry, day at, bool known,
                         struct str *out, struct err *err);

/* To which place a blob is bound. */
struct str near_context(struct arena *arena, const char *table, int64_t number);

/* The part in which a number of so many upper bits stands. */
static inline uint64_t near_part(uint64_t number, unsigned width, unsigned bits)
{
    return bits == 0 ? 0 : number >> (width - bits);
}

#endif
