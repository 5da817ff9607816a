#ifndef JOBS_VIEW_PERSON_H
#define JOBS_VIEW_PERSON_H

#include "jobs/view_finding.h"
#include "link/people_explain.h"

/* The page of one child: every fact with the file, row and day it comes from, the findings, and the
 * records that came near and were not joined. */

struct view_value {
    const struct profile_field *field;
    struct str value;   /* as understood; masked where the field identifies */
    struct str written; /* as written where that differs, masked likewise; ptr NULL otherwise */
    bool derived;       /* not in the row: read from its ID number, as birth and sex may be */
};

struct view_record {
    struct view_line line; /* when not seen, all else here is empty */
    const struct batch *batch;
    uint64_t sheet, row; /* from 1 */
    day since;           /* the day that the file speaks of */
    struct view_value *values;
    size_t value_count;
};

/* A record of somebody else that came near. */
struct view_candidate {
    struct view_line line;
    int32_t weight_millibits; /* of the pair, without the odds before looking */
    uint32_t probability_ppm; /* that it is the same person */
    bool explained;           /* both records are seen: */
    struct explanation explanation;
};

enum { VIEW_CANDIDATES_MAX = 5 };

struct view_person {
    int64_t number;
    bool named; /* the asker sees a record that speaks for the person: */
    struct view_line line;
    int age; /* -1: not known */
    enum standing standing;
    struct view_finding *findings;
    size_t finding_count;
    struct view_record *records; /* by register key, then statement */
    size_t record_count;
    struct view_candidate candidates[VIEW_CANDIDATES_MAX]; /* nearest first */
    size_t candidate_count;
};

/* ERR_NOT_FOUND when there is no such person, or the asker does not see it. */
MUST_USE bool view_person(const struct view *view, int64_t number, struct view_person *out,
                          struct err *err);

/* Where a number that is in use no more leads: to the person who has its records now, when they all
 * went to one and the asker sees it; else *into is 0. ERR_STORE. */
MUST_USE bool view_joined_into(const struct view *view, int64_t number, int64_t *into,
                               struct err *err);

/* One record with its values. ERR_STORE. */
MUST_USE bool view_record(const struct view *view, uint32_t record, struct view_record *out,
                          struct err *err);

/* The sealed values of a person's records in full, for who has given a reason that is on record;
 * only of records that the asker sees. */
struct view_revealed {
    struct view_line line;
    const struct profile_field *field;
    struct str value;
};
MUST_USE bool view_reveal(const struct view *view, int64_t number, struct view_revealed **out,
                          size_t *count, struct err *err);

#endif
