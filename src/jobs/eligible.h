#ifndef JOBS_ELIGIBLE_H
#define JOBS_ELIGIBLE_H

#include "awards/explained.h"
#include "awards/plans.h"
#include "jobs/awards.h"

/* Who is proven to be allowed to ask for a place of which special plan, from the registers of a
 * workspace: each candidate of a year and each plan, with the reason and the rows that say so; and
 * where registers contradict what was asked for. A program refuses nobody in silence: what no
 * register states is "not known", and says what evidence is missing and who has it.
 *
 * What is known of all candidates is gathered once (eligible_known); what it means for a year is
 * decided from that (eligible_decide); sentences are written for whom they are wanted
 * (eligible_tell, eligible_explain). */

struct eligible_candidate {
    int64_t record;    /* of the candidates' register */
    struct str number; /* of the examination */
    struct str name, id;
    struct str area, school; /* where the candidate registered; the school on the row */
    struct str school_code;  /* may be empty */
    struct str asked;        /* as written */
    uint64_t asked_plans;    /* mask of plans */
    int year;                /* 0: the row names none, it is of any year that is asked about */
    size_t row;              /* in people.rows; SIZE_MAX: nothing is known of the candidate */
    uint32_t person;         /* in people.facts->people, by the ID number; UINT32_MAX: none */
};

/* A row of the register of admissions. */
struct eligible_admission {
    int64_t record;
    struct str number, id, plan, institution, area;
    uint64_t plans; /* mask; 0: an ordinary one */
    int year;       /* as above */
};

struct eligible_known {
    const struct policy *policy;
    struct plans_text plans;
    struct award_people people; /* `facts` is NULL where the policy knows no candidates */
    struct eligible_candidate *candidates; /* of all years, by number of the examination, record */
    size_t candidate_count;
    struct eligible_admission *admissions;
    size_t admission_count;
    int *years; /* that candidates' rows name, the newest first */
    size_t year_count;
};

struct eligible_line {
    uint8_t verdict; /* enum policy_verdict */
    bool concerned;  /* the scheme can concern the candidate at all */
    bool asked;      /* the candidate's row asks for this plan */
    uint64_t needs;  /* of an unknown one: a bit for each input that is missing */
};

struct eligible_applicant {
    const struct eligible_candidate *who;
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
    size_t applicant;       /* the first of those concerned; SIZE_MAX: not among the candidates */
    size_t other_applicant; /* SIZE_MAX: there is none */
    struct str number;      /* of the examination; the first of those concerned */
    struct str other;       /* the other number; empty where there is none */
    struct str area, school;
    uint64_t plans;                  /* mask */
    struct str detail_zh, detail_en; /* places, plans or days, with where they stand */
};

/* A year. */
struct eligible {
    const struct eligible_known *known;
    int year;
    day counted;                           /* to which registrations are counted */
    struct eligible_applicant *applicants; /* by number of the examination, then record */
    size_t applicant_count;
    struct eligible_finding *findings; /* by kind, then number */
    size_t finding_count;
};

/* Gathers what the registers state of the candidates whom the asker may see. Reads and links people
 * first. In the arena. Errors as job_roster and plans_text_load. */
MUST_USE bool eligible_known_read(struct workspace *workspace, struct arena *arena,
                                  const struct asker *asker, struct read_at when,
                                  const struct policy *policy, struct eligible_known *out,
                                  struct err *err);

/* What is stated of candidates is kept while people are read for other work as well. Where no file
 * of candidates came, nothing is kept and it costs nothing. */
struct eligible_hearing;

/* Begins to keep rows; *out is NULL where the asker sees no file of candidates. Errors as
 * registry_batches, registry_read and facts_text_load. In the arena. */
MUST_USE bool eligible_hear(struct workspace *workspace, struct arena *arena,
                            const struct asker *asker, struct read_at when,
                            struct eligible_hearing **out, struct err *err);

/* Who hears the rows: both this and `also`, either of which may be NULL. */
const struct people_listener *eligible_listener(struct eligible_hearing *hearing,
                                                const struct people_listener *also);

/* After people were linked who were read with the listener: what is known of the candidates. In the
 * arena of the hearing. Errors as registry_statement and plans_text_load. */
MUST_USE bool eligible_known_of(struct eligible_hearing *hearing, struct workspace *workspace,
                                struct arena *arena, const struct asker *asker,
                                const struct policy *policy, const struct people *people,
                                struct eligible_known *out, struct err *err);

/* Decides a year (0: the newest that is named, or that of `at` where none is). In the arena, which
 * borrows `known`. ERR_USAGE for a year that cannot be. */
MUST_USE bool eligible_decide(const struct eligible_known *known, struct arena *arena, int year,
                              day at, struct eligible *out, struct err *err);

/* Both, for the candidates of a year (0: that of `when`). */
MUST_USE bool job_eligible(struct workspace *workspace, struct arena *arena,
                           const struct asker *asker, struct read_at when,
                           const struct policy *policy, int year, struct eligible *out,
                           struct err *err);

/* A line in sentences. */
struct eligible_told {
    struct str reason;   /* the conditions that do not hold, or are not known, with the facts */
    struct str needs;    /* keys of the inputs that are missing, ; between */
    struct str asks;     /* what evidence is missing and who has it */
    struct str evidence; /* every fact with register, file, row and day */
    struct str cites;
};

/* Who tells many: the program and the files are read once. */
struct eligible_teller {
    const struct eligible *eligible;
    struct registry *registry;
    const struct asker *asker;
    const struct policy_program *program;
    const struct batch *batches; /* at least those that the asker may see */
    size_t batch_count;
};
MUST_USE bool eligible_teller_open(struct eligible_teller *out, struct arena *arena,
                                   const struct eligible *eligible, struct registry *registry,
                                   const struct asker *asker, struct err *err);

/* The same where the batches are read already. */
void eligible_teller_make(struct eligible_teller *out, struct arena *arena,
                          const struct eligible *eligible, struct registry *registry,
                          const struct asker *asker, const struct batch *batches,
                          size_t batch_count);

/* The lines of an applicant by plan, of the plans of the mask; empty for the others and for those
 * that do not concern. Of rows that the asker
 * may not see, the register alone is told. In the arena. ERR_STORE. */
MUST_USE bool eligible_tell(const struct eligible_teller *teller, struct arena *arena,
                            size_t applicant, uint64_t mask, enum lang lang,
                            struct eligible_told **out, struct err *err);

/* The same as trees (awards/explained.h): those of the plans of the mask that concern the
 * applicant, in the text's order; *plans says which. In the arena. ERR_STORE. */
MUST_USE bool eligible_explain(const struct eligible_teller *teller, struct arena *arena,
                               size_t applicant, uint64_t mask, struct award_explained **out,
                               size_t **plans, size_t *count, struct err *err);

/* What is missing of `needs` and who has it: "户籍迁入日期（公安派出所）；…"; or its keys. */
struct str eligible_asks(const struct eligible_known *known, struct arena *arena, uint64_t needs,
                         enum lang lang);
struct str eligible_needs(const struct eligible_known *known, struct arena *arena, uint64_t needs);

/* The word of a plan; keys of the plans of a mask, ; between. */
struct str eligible_plan_word(const struct eligible_known *known, size_t plan, enum lang lang);
struct str eligible_plan_keys(const struct eligible_known *known, struct arena *arena,
                              uint64_t plans);

/* Whether the public is told of it: asked for, eligible, and not a plan that would tell of a
 * household's poverty. */
bool eligible_is_public(const struct eligible *eligible, size_t applicant, size_t plan);

/* "eligible", "refused", "unknown"; and in words. */
const char *eligible_verdict_key(uint8_t verdict);
const char *eligible_verdict_text(uint8_t verdict, enum lang lang);
int eligible_verdict_of(struct str key); /* or -1 */

/* "registered_twice"; and in words. */
const char *eligible_conflict_key(enum eligible_conflict kind);
const char *eligible_conflict_text(enum eligible_conflict kind, enum lang lang);
int eligible_conflict_of(struct str key); /* or -1 */

#endif
