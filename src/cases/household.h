#ifndef CASES_HOUSEHOLD_H
#define CASES_HOUSEHOLD_H

#include "link/people.h"

/* Who lives with a child, or has the same parents: brothers and sisters are seen together, for what
 * keeps one from school often keeps another. */

struct household_member {
    uint32_t person;    /* in people.persons */
    bool same_number;   /* listed under the same household number of a register in that county */
    bool same_guardian; /* a guardian, or the head, has the same ID number */
};

/* All others of the child's households, in the order of persons; in the arena. */
void household_members(struct arena *arena, const struct people *people, uint32_t person,
                       struct household_member **out, size_t *count);

/* For everybody: one of those in `of` (by person) who lives with them or has the same parents, the
 * lowest but themselves; UINT32_MAX where there is none. Both arrays are by person. */
void household_around(const struct people *people, const bool *of, uint32_t *out);

#endif
