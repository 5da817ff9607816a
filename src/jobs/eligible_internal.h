#ifndef JOBS_ELIGIBLE_INTERNAL_H
#define JOBS_ELIGIBLE_INTERNAL_H

#include "base/list.h"
#include "jobs/eligible.h"

/* What the files that find who is eligible share. */

/* A row of the register of admissions. */
struct eligible_admission {
    int64_t record;
    struct str number, id, plan, institution, area;
    uint64_t plans; /* mask; 0: an ordinary one */
};

struct eligible_reading {
    struct arena *arena;
    struct eligible *eligible;
    const struct asker *asker;
    enum lang lang;
    LIST(struct eligible_applicant) applicants;
    LIST(struct eligible_admission) admissions;
    LIST(struct eligible_finding) findings;
    struct reading_fields {
        int number, name, id, year, school, asked, open, plan, institution;
    } fields; /* of the register that is being read; -1: none */
};

/* The candidates and admissions of the year; applicants by record. Errors as registry_read. */
MUST_USE bool eligible_read(struct eligible_reading *reading, struct workspace *workspace,
                            struct read_at when, struct err *err);

/* Adds what contradicts itself, and gives all findings in their order. */
void eligible_find_conflicts(struct eligible_reading *reading);

#endif
