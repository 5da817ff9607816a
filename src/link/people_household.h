#ifndef LINK_PEOPLE_HOUSEHOLD_H
#define LINK_PEOPLE_HOUSEHOLD_H

#include "base/arena.h"
#include "base/day.h"
#include "base/str.h"

/* Who is whose parent inside a household, as a register of all ages lists it: by household number
 * and relation to the head. Children get the guardians that their rows do not name.
 *
 *     open → note each row → find for each child → close
 *
 * Never guesses: a household with two heads or two married couples of one generation that could be
 * the parents gives none. */

/* What the relation to the head says (户主, 之长子, 儿媳, 外孙女, "20" of GB/T 4761, daughter). */
enum kin_class {
    KIN_OTHER,
    KIN_HEAD,
    KIN_SPOUSE,
    KIN_CHILD,
    KIN_CHILD_IN_LAW,
    KIN_GRANDCHILD,
};
enum kin_class kin_class_of(struct str relation);

/* A household is known by its number inside a county and a register: numbers repeat elsewhere. */
struct household_key {
    uint32_t register_number;
    struct str number, area; /* household number and division code, may be empty */
};

struct household_person {
    struct str name, id;
    day birth; /* DAY_NONE when not known */
};

struct households;

/* Lives in memory of its own until it is closed. */
struct households *households_open(void);
void households_close(struct households *households); /* NULL accepted */

/* Notes a person who may be a child's parent or head of household on `when`; texts are copied. What
 * is of no use (no number, no relation that matters, too young) is passed over. */
void households_note(struct households *households, struct household_key key, struct str relation,
                     const struct household_person *person, day when);

/* Who is around a child. Texts are borrowed from `households`. */
struct household_kin {
    struct household_person head;       /* empty when the child is the head, or none is known */
    struct household_person parents[2]; /* father first where the head is he; empty when not sure */
};

/* Finds the head and the parents of a child of this relation and birth. */
void households_find(const struct households *households, struct household_key key,
                     struct str relation, day birth, struct household_kin *out);

#endif
