#ifndef IDENTITY_DIVISION_H
#define IDENTITY_DIVISION_H

#include "base/str.h"

/* Division codes (GB/T 2260 and GB/T 10114): 6 digits county, 9 township, 12 village. The counties
 * of the country are embedded; townships and villages come from the policy packs of the place
 * (policies/PLACE/divisions.tsv: code, name, township code, township, county code, county). */

struct division {
    struct str code;  /* 6, 9 or 12 digits */
    struct str name;  /* "会宁县" */
    struct str short_name; /* without 省市县区乡镇街道村社区委员会 and the like: "会宁" */
};

struct divisions;

/* Loads the embedded tables and those of all embedded packs (and of `policies`, a folder that
 * replaces the embedded ones, when not NULL) into the arena. */
MUST_USE bool divisions_load(struct divisions **out, struct arena *arena, const char *policies,
                             struct err *err);

/* By exact code; NULL when it is not known. */
const struct division *division_find(const struct divisions *divisions, struct str code);

/* All divisions below `code` with this many digits, in code order: first and count. */
void division_below(const struct divisions *divisions, struct str code, int digits,
                    const struct division **first, size_t *count);

/* The longest code that an address or a list of names names ("甘肃省白银市会宁县郭城驿镇红堡子村"
 * gives the village's 12 digits), reading from the largest unit to the smallest and tolerating left
 * out units; `hint` (a code, may be empty) limits the search to that area first. Empty when nothing
 * is recognised. Static or arena text of `divisions`. */
struct str division_of_address(const struct divisions *divisions, struct str address,
                               struct str hint);

/* A code as clerks write it (blanks, quotes, trailing zeros to 12 digits) to its shortest exact
 * form of 6, 9 or 12 digits ("620422000000" gives "620422"); empty when it is no code. */
struct str division_code_read(struct arena *arena, struct str written);

#endif
