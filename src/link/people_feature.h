#ifndef LINK_PEOPLE_FEATURE_H
#define LINK_PEOPLE_FEATURE_H

#include "link/people_build.h"

/* What of a record is compared, taken apart once for each distinct text: names as characters and
 * sound, names and numbers of the family as hashes that tell which are equal. Once opened nothing
 * changes any more, so any number of threads may ask. */

enum { FEATURE_NAME_CODES_MAX = 12, FEATURE_KIN_FIELDS = 3, FEATURE_KIN_MAX = 5 };

struct feature_name {
    uint64_t clean; /* hash of the cleaned name; 0: no name */
    uint64_t sound; /* hash of its syllables, tones and near sounds apart */
    uint32_t codes[FEATURE_NAME_CODES_MAX];
    uint8_t count;   /* characters, at most FEATURE_NAME_CODES_MAX */
    uint8_t surname; /* characters of the surname */
    bool chinese;
};

struct feature {
    const struct feature_name *name;
    struct str id;                         /* as in the record, of any kind */
    uint64_t kin_numbers[FEATURE_KIN_MAX]; /* hashes, 0 at the end */
    uint64_t kin_names[FEATURE_KIN_MAX];   /* hashes of cleaned names, 0 at the end */
    struct str area;
    int32_t school_year; /* 1 … 12 by the grade, 0 or less: preschool, INT32_MIN: unknown */
};

struct features {
    const struct people *people;
    struct feature_name *names;              /* by text number of PERSON_NAME */
    uint64_t *kin_names[FEATURE_KIN_FIELDS]; /* by text number of each field: hash, 0 for none */
    int32_t *school_years;                   /* by text number of PERSON_GRADE */
};

/* Takes all texts apart, on up to `threads` threads (0: as many as the machine offers). Lives in
 * the arena, borrows `people`. */
void features_open(struct features *features, struct arena *arena, const struct people *people,
                   size_t threads);

/* The hash of a cleaned name as in feature_name; 0: no name. */
uint64_t feature_hash(struct str text);

/* The features of a record; views of `features`. */
struct feature feature_of(const struct features *features, uint32_t record);

#endif
