#ifndef JOBS_VIEW_AID_H
#define JOBS_VIEW_AID_H

#include "awards/explained.h"
#include "awards/impact.h"
#include "jobs/view.h"

/* Aid as pages show it: what is due to a student and why, the schemes with their counts, the
 * students of a scheme, and what another text of the rules would change. All of the term and school
 * year in which the snapshot's day lies, of the students that the asker sees. Where the registers
 * name no student, all of it is empty. */

/* A payment as its list states it. */
struct view_payment {
    struct str schemes; /* keys that its name may mean, ";" between */
    char period[PERIOD_TEXT_SIZE];
    int64_t fen; /* -1: not stated */
    day paid_on; /* DAY_NONE: not stated */
};

struct view_aid_person {
    bool student;                      /* the registers say that the person is one */
    struct award_explained *explained; /* by scheme key: those that can concern the person */
    size_t explained_count;
    struct view_payment *payments; /* in the order of their rows */
    size_t payment_count;
};

/* ERR_NOT_FOUND when there is no such person, or the asker does not see it. In the view's arena. */
MUST_USE bool view_aid_person(const struct view *view, int64_t number, struct view_aid_person *out,
                              struct err *err);

/* The explanation of one scheme. ERR_NOT_FOUND also when the scheme cannot concern the person. */
MUST_USE bool view_aid_explain(const struct view *view, int64_t number, struct str scheme,
                               struct award_explained *out, struct err *err);

/* A scheme and how many students it concerns. */
struct view_scheme {
    const struct policy_scheme *scheme;
    char period[PERIOD_TEXT_SIZE];
    uint64_t verdicts[3]; /* by enum policy_verdict */
    uint64_t paid;        /* students to whom something of it was paid for the period */
    int64_t due_fen, paid_fen;
    uint64_t findings[FINDING_KIND_COUNT]; /* of it, by kind */
};

/* All schemes that are decided, by key. *policy is the one that decided; NULL: none did. */
void view_schemes(const struct view *view, const struct policy **policy, struct view_scheme **out,
                  size_t *count);

/* The students of a scheme. */
struct view_student_query {
    uint16_t scheme;
    int verdict; /* enum policy_verdict; -1: any */
    int paid;    /* 1: something was paid; 0: nothing was; -1: any */
    struct view_page page;
};
struct view_student {
    struct view_line line; /* the record that speaks for the person */
    struct str school;     /* where it is a student: name, else code; may be empty */
    uint8_t verdict;
    int64_t due_fen;  /* 0 unless entitled */
    int64_t paid_fen; /* -1: paid, amount not stated; 0: nothing */
    uint64_t needs;
};

/* By number of the person. *total counts all pages. */
void view_students(const struct view *view, const struct view_student_query *query,
                   struct view_student **out, size_t *count, size_t *total);

/* What a text of the rules in place of one of those in force would change on the snapshot's day. */
struct view_impact_query {
    struct str source; /* name of the text that is replaced, as policy.sources has it */
    struct str text;
};
struct view_impact {
    struct policy_faults faults; /* when there are any, nothing else is set */
    const struct policy *before, *after;
    struct award_people people;
    struct award_impact impact;
};

/* ERR_NOT_FOUND when there is no such text. A text with a fault is no error. In the view's arena.
 * Takes as long as gathering the facts of the students and deciding them twice. */
MUST_USE bool view_impact(const struct view *view, const struct view_impact_query *query,
                          struct view_impact *out, struct err *err);

#endif
