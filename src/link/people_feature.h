#ifndef LINK_PEOPLE_FEATURE_H
#define LINK_PEOPLE_FEATURE_H

#include "link/people_build.h"

/* What of a record is compared, taken apart once: names as characters, numbers and names of the
 * family under one numbering, homes as codes. Made when first asked for. */

enum { FEATURE_NAME_CODES_MAX = 12, FEATURE_KIN_MAX = 5 };

struct feature_name {
    bool ready;
    bool chinese;
    uint8_t count;   /* characters, at most FEATURE_NAME_CODES_MAX */
    uint8_t surname; /* characters of the surname */
    uint32_t clean;  /* number of the cleaned name; 0: no name */
    uint32_t codes[FEATURE_NAME_CODES_MAX];
};

struct feature {
    const struct feature_name *name;
    struct str id;                         /* as in the record, of any kind */
    uint32_t kin_numbers[FEATURE_KIN_MAX]; /* in features.kin_numbers, 0 at the end */
    uint32_t kin_names[FEATURE_KIN_MAX];   /* in features.names, 0 at the end */
    struct str area;
    int32_t school_year; /* 1 … 12 by the grade, 0 or less: preschool, INT32_MIN: unknown */
};

struct features {
    struct arena *arena;
    const struct people *people;
    struct feature_name *names_by_text; /* by text number of PERSON_NAME */
    struct dict names;                  /* cleaned names of children and kin; 0 is empty */
    struct dict kin_numbers;            /* ID numbers of guardians and heads; 0 is empty */
    struct feature **by_record;         /* NULL until asked for */
};

/* Starts with nothing made; lives in the arena, borrows `people`. */
void features_init(struct features *features, struct arena *arena, const struct people *people);
/* The features of a record; borrowed. */
const struct feature *feature_of(struct features *features, uint32_t record);

/* A name taken apart, for its text number of PERSON_NAME. */
const struct feature_name *feature_name_of(struct features *features, uint32_t text);

#endif
