#ifndef PLACING_ADMISSIONS_H
#define PLACING_ADMISSIONS_H

#include "registry/registry.h"

/* How many were admitted by which plan, as the register `admissions` states it: the totals that a
 * bureau publishes. Counts only; a row without a plan counts under none. */

enum { ADMISSION_PLANS_MAX = 16 };

enum admission_by {
    ADMISSION_BY_YEAR,
    ADMISSION_BY_COUNTY, /* of the row */
    ADMISSION_BY_SCHOOL, /* where the candidate finished senior school */
    ADMISSION_BY_INSTITUTION,
    ADMISSION_BY_MAJOR,
    ADMISSION_BY_COUNT,
};
const char *admission_by_key(enum admission_by by); /* "year" "county" "school" … */
int admission_by_of(struct str key);                /* or -1 */

struct admission_count {
    struct str code; /* of a county or school; else empty */
    struct str name; /* empty: the rows do not say */
    int64_t by_plan[ADMISSION_PLANS_MAX];
    int64_t none; /* without a plan */
    int64_t total;
};

struct admissions {
    const struct profile_choice *plans; /* of the profile */
    size_t plan_count;
    int *years; /* all that rows state, newest first */
    size_t year_count;
    struct admission_count *rows; /* most first, then by code and name */
    size_t count;
    struct admission_count total;
};

/* Counts the rows that hold at `when` and that the asker may see, of years from `from` to `to` (0:
 * no bound). A candidate stated twice in a year counts once: the last row holds. All in the arena.
 * ERR_STORE. */
MUST_USE bool admissions_find(struct admissions *out, struct arena *arena,
                              struct registry *registry, const struct asker *asker,
                              struct read_at when, enum admission_by by, int from, int to,
                              struct err *err);

#endif
