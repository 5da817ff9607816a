#ifndef INTAKE_GRADE_H
#define INTAKE_GRADE_H

#include "base/day.h"

/* Grades and stages as clerks write them: 三年级, 3, 小学三年级, 初一, 七年级, 初二(3)班, 三(2)班,
 * 高一, 大班, 2018级, G3. What a grade means may depend on the school (一年级 of a vocational
 * school) and, for a year of entry (2018级), on the day. */

enum stage {
    STAGE_NONE,
    STAGE_PRESCHOOL,
    STAGE_PRIMARY,
    STAGE_JUNIOR,
    STAGE_SENIOR,
    STAGE_VOCATIONAL,
    STAGE_SPECIAL,
    STAGE_COLLEGE,
    STAGE_UNDERGRADUATE,
    STAGE_POSTGRADUATE,
    STAGE_COUNT,
};

enum grade_kind {
    GRADE_NONE,     /* not understood */
    GRADE_NUMBERED, /* year `number` of `stage`, or of the school when that is STAGE_NONE */
    GRADE_COHORT,   /* entered in the year `number` */
    GRADE_STAGE,    /* a stage alone (小学, 高中) */
};

enum { GRADE_CLASS_SIZE = 64 };

struct grade {
    enum grade_kind kind;
    enum stage stage;
    int number;
    char class_name[GRADE_CLASS_SIZE]; /* "2班" when the cell names a class too, else "" */
};

/* Reads a cell that holds a grade, a grade and a class, or (for `class_column`) a class that may
 * begin with a grade. */
void grade_read(struct str written, bool class_column, struct grade *out);

/* The stage and year (from 1) that a grade means at a school of stage `school` on a day. False when
 * that cannot be told. */
bool grade_resolve(const struct grade *grade, enum stage school, day on, enum stage *stage,
                   int *year);

/* What a school's name or its code of 10 digits says; STAGE_NONE where it may be several
 * (九年一贯制, 完全中学, "XX学校"). */
enum stage stage_of_school_name(struct str name);
enum stage stage_of_school_code(struct str code);

/* True for names and codes of schools with more than one stage (九年制, 完全中学, 中学, 十二年). */
bool school_name_is_mixed(struct str name);

/* "primary"; "" for STAGE_NONE. And back: STAGE_NONE for other words. */
const char *stage_key(enum stage stage);
enum stage stage_from_key(struct str key);

#endif
