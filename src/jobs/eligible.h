#ifndef JOBS_ELIGIBLE_H
#define JOBS_ELIGIBLE_H

#include "awards/plans.h"
#include "jobs/awards.h"

/* Who is proven to be allowed to ask for a place of which special plan, from the registers of a
 * workspace: each candidate of a year and each plan, with the reason and the rows that say so; and
 * where registers contradict what was asked for. A program refuses nobody in silence: what no
 * register states is "not known", and says what evidence is missing and who has it. */

struct eligible_line {
    uint8_t verdict;     /* enum policy_verdict */
    bool concerned;      /* the scheme can concern the candidate at all */
    bool asked;          /* the candidate's row asks for this plan */
    struct str reason;   /* the conditions that do not hold, or are not known, with the facts */
    struct str needs;    /* keys of the inputs that are missing, ; between */
    struct str asks;     /* what evidence is missing and who has it */
    struct str evidence; /* every fact with register, file, row and day */
    struct str cites;
};

struct eligible_applicant {
    int64_t record;    /* of the candidates' register */
    struct str number; /* of the examination */
    struct str name, id;
    struct str area, school;     /* where the candidate registered; the school on the row */
    struct str asked;            /* as written */
    uint64_t asked_plans;        /* mask of plans */
    struct eligible_line *lines; /* by plan */
};

enum eligible_conflict {
    CONFLICT_REGISTERED_TWICE, /* one person, two numbers in one year */
    CONFLICT_ADMITTED_TWICE,   /* one person, two special plans in one year */
    CONFLICT_EXCLUSIVE,        /* asks for two plans that exclude one another */
    CONFLICT_MOVED_LATE,       /* asks for a plan for which the registration is too late */
    CONFLICT_COUNT,
};

struct eligible_finding {
    enum eligible_conflict kind;
    struct str number; /* of the examination; the first of those concerned */
    struct str other;  /* the other number; empty where there is none */
    struct str area, school;
    struct str plans;  /* keys of the schemes, ; between; may be empty */
    struct str detail; /* places, plans or days, with where they stand */
};

struct eligible {
    const struct policy *policy;
    struct plans_text plans;
    int year;
    day counted;                           /* to which registrations are counted */
    struct eligible_applicant *applicants; /* by number of the examination, then record */
    size_t applicant_count;
    struct eligible_finding *findings; /* by kind, then number */
    size_t finding_count;
};

/* Finds it for the candidates of a year (0: that of `when`) whom the asker may see, by the policy.
 * Sentences are in `lang`. In the arena. Errors as job_roster and plans_text_load. */
MUST_USE bool job_eligible(struct workspace *workspace, struct arena *arena,
                           const struct asker *asker, struct read_at when,
                           const struct policy *policy, int year, enum lang lang,
                           struct eligible *out, struct err *err);

/* "eligible", "refused", "unknown"; and in words. */
const char *eligible_verdict_key(uint8_t verdict);
const char *eligible_verdict_text(uint8_t verdict, enum lang lang);

/* "registered_twice"; and in words. */
const char *eligible_conflict_key(enum eligible_conflict kind);
const char *eligible_conflict_text(enum eligible_conflict kind, enum lang lang);

#endif
