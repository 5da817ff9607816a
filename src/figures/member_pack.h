#ifndef FIGURES_MEMBER_PACK_H
#define FIGURES_MEMBER_PACK_H

#include "figures/publication.h"

/* Members of a publication as bytes: for each, by record, the distance to the record before, the
 * person and, where there is one, the value, as LEB128 numbers (value: zigzag, plus 1; 0: none). */

/* In the arena. */
struct str members_pack(struct arena *arena, const struct publication_member *items, size_t count);

/* Appends what bytes hold to a list of the arena. ERR_STORE when they make no sense. */
struct member_list {
    struct publication_member *items;
    size_t count, capacity;
};
MUST_USE bool members_unpack(struct arena *arena, struct str bytes, struct member_list *out,
                             struct err *err);

#endif
