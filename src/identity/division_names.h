#ifndef IDENTITY_DIVISION_NAMES_H
#define IDENTITY_DIVISION_NAMES_H

#include "base/dict.h"
#include "identity/division.h"

/* Inside of division.h: the names of divisions, and finding them in an address. Nothing here
 * changes once it is built, so any number of threads may search. */

/* One way to write a division. */
struct division_name {
    uint64_t key;    /* of its first two characters */
    uint64_t code;   /* 12 digits, as a number */
    struct str text; /* the name or the short name */
    const struct division *division;
    bool is_short;
};

/* Names sorted by key and code; `first` leads from a key to its first name. */
struct division_names {
    struct division_name *items;
    size_t count;
    struct u64_map first;
};

/* Divisions of one length of code, sorted by code. */
struct division_level {
    struct division *items;
    size_t count;
};

enum { DIVISION_LEVELS = 3 }; /* codes of 6, 9 and 12 digits */

struct divisions {
    struct division_level levels[DIVISION_LEVELS];
    struct division_names counties; /* provinces, prefectures and counties */
    struct division_names places;   /* townships and villages */
};

/* The name without its unit, "新添堡回族乡" to "新添堡"; the name itself when less than two
 * characters would be left. `digits` is the length of its code. Borrowed from `name`. */
struct str division_short_name(struct str name, size_t digits);

/* Fills `names` with the names of all divisions of `level`, and of `more` when not NULL. */
void division_names_build(struct division_names *names, struct arena *arena,
                          const struct division_level *level, const struct division_level *more);

/* The division that an address names; see division_of_address. NULL when none. */
const struct division *division_search(const struct divisions *divisions, struct str address,
                                       struct str hint);

#endif
