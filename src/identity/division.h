#ifndef IDENTITY_DIVISION_H
#define IDENTITY_DIVISION_H

#include "base/str.h"

/* Division codes (GB/T 2260 and GB/T 10114): 6 digits province ("620000"), prefecture ("620400")
 * and county, 9 township, 12 village. Those of 6 digits are embedded for the whole country;
 * townships and villages come from the policy packs of the place (policies/PLACE/divisions.tsv:
 * code, name, township code, township, county code, county; or code and name; "#" starts a
 * comment). Codes that are no longer in force are not known. Once loaded nothing changes: any
 * thread may ask. */

struct division {
    struct str code;  /* 6, 9 or 12 digits */
    struct str name;  /* "会宁县" */
    struct str short_name; /* without 省市县区乡镇街道村社区委员会 and the like: "会宁"; at
                              least two characters, else as the name ("忠县") */
};

struct divisions;

/* Loads the embedded tables and those of all embedded packs (or, when `policies` is not NULL, of
 * the packs in that folder instead) into the arena. ERR_INPUT with file and line when a line is no
 * division, ERR_IO when the folder cannot be read. */
MUST_USE bool divisions_load(struct divisions **out, struct arena *arena, const char *policies,
                             struct err *err);

/* By exact code; NULL when it is not known. */
const struct division *division_find(const struct divisions *divisions, struct str code);

/* Its name; the code itself when it is not known. */
struct str division_name_of(const struct divisions *divisions, struct str code);

/* All divisions below `code` (known or not; empty means the country) with this many digits (6, 9 or
 * 12), in code order: first and count. With 6 digits below a province both its prefectures and
 * their counties. */
void division_below(const struct divisions *divisions, struct str code, int digits,
                    const struct division **first, size_t *count);

/* The longest code that an address or a list of names names ("甘肃省白银市会宁县郭城驿镇红堡子村"
 * gives the village's 12 digits), reading from the largest unit to the smallest and tolerating left
 * out units (会宁郭城驿红堡子) and other units of the same level (会宁市, 郭城驿乡, 红堡子村委会).
 * `hint` (a code, may be empty) limits the search to that area first; the names of townships and
 * villages alone are recognised only inside a hint, for they repeat all over the country. Of
 * several equally good answers it gives what they have in common: 白银 is the city, for it may be
 * the district. Empty when nothing is recognised. Borrowed from `divisions`. About 1 µs. */
struct str division_of_address(const struct divisions *divisions, struct str address,
                               struct str hint);

/* A code as clerks write it (blanks, quotes, trailing zeros to 12 digits) to its shortest exact
 * form of 6, 9 or 12 digits ("620422000000" gives "620422"); empty when it is no code. */
struct str division_code_read(struct arena *arena, struct str written);

#endif
