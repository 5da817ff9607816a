#ifndef LINK_FUNCTIONS_H
#define LINK_FUNCTIONS_H

#include "link/spec.h"

/* The functions of a spec's columns, on texts. */

enum { FUNCTION_ITEMS_MAX = 128 }; /* keys of one value; those beyond are left out */

/* What a text has become: one text, or several keys. */
struct function_items {
    struct str items[FUNCTION_ITEMS_MAX];
    size_t count;
};

/* Sends every item through a function (all but `or` and `join`). Items that become empty go. Texts
 * are borrowed from the arena or the items given. */
void function_apply(struct arena *arena, const struct spec_step *step,
                    struct function_items *items);

/* Soundex of a Latin text, "R163"; empty when it has no letter. */
struct str function_soundex(struct arena *arena, struct str text);

#endif
