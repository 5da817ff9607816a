#ifndef VERIFYING_VERIFYING_H
#define VERIFYING_VERIFYING_H

#include "base/str.h"

/* The independent verifier of placing: whether a result is what rules, seats, scores and wishes
 * allow. It shares no code with src/placing, has its own readers, and does not place anybody again:
 * it takes the result as it is and looks for what may not be.
 *
 * Which files each group got is not in a result. It is derived here in another way than placing
 * does it: everybody asks for their first choice, groups turn away whoever came after they were
 * full, those ask for their next, until nobody is turned away; then it is proved that no file came
 * late and nobody was passed over. The free seats of a batch are those that the result leaves, so
 * an error in one batch or group does not make others look wrong. */

/* The files; `allotments` is NULL where no seats are allotted. */
struct verify_paths {
    const char *rules, *programmes, *applicants, *choices, *allotments, *result;
};

/* What may not be. */
enum verify_code {
    VERIFY_UNSORTED,           /* a row stands before one whose number is smaller */
    VERIFY_UNKNOWN_APPLICANT,  /* nobody has this number */
    VERIFY_UNKNOWN_BATCH,      /* the rules have no such batch or round */
    VERIFY_UNKNOWN_GROUP,      /* there is no such group */
    VERIFY_UNKNOWN_PROGRAMME,  /* the group has no such programme */
    VERIFY_PLACED_TWICE,       /* the applicant has a place in an earlier row */
    VERIFY_NOT_CHOSEN,         /* the applicant did not choose this group in this batch */
    VERIFY_WRONG_RANK,         /* it is not the choice of this rank */
    VERIFY_WRONG_VIA,          /* the programme is not the wish that is stated */
    VERIFY_OVERFILLED,         /* more are placed in a programme than it has seats */
    VERIFY_BARRED,             /* the applicant may not be sent there, or not take this programme */
    VERIFY_NOT_SENT,           /* the applicant's file did not come to this group */
    VERIFY_PASSED_OVER,        /* the file came there, a seat was free, and it is not placed */
    VERIFY_WISH_PASSED_OVER,   /* an earlier wish had a free seat */
    VERIFY_ADJUSTED_UNASKED,   /* adjusted without having agreed to it */
    VERIFY_ADJUSTED_ELSEWHERE, /* adjusted, but not to the first programme with a free seat */
    VERIFY_NOT_ALLOTTED,       /* the group has no seats for the applicant's junior school */
    VERIFY_BELOW_FLOOR,        /* the total is too far below the general line of the group */
    VERIFY_ALLOTMENT_OVERFILLED, /* more are placed than the junior school was given seats */
    VERIFY_RESERVED_TAKEN,       /* seats of junior schools were given in a batch open to all */
    VERIFY_SHARE,                /* the group allots fewer of its seats than the rules ask for */
    VERIFY_CODES
};

#define VERIFY_NONE UINT32_MAX

struct verify_violation {
    enum verify_code code;
    struct str applicant, batch, group, programme; /* as written; empty where it speaks of none */
    struct str other;     /* an applicant who has what this one should have had; empty: none */
    const char *zh, *en;  /* why, in words */
    uint64_t line;        /* of the result; 0: of no row */
    uint32_t component;   /* in verify_report.components, or VERIFY_NONE */
    uint32_t batch_place; /* in the order of the rules; VERIFY_NONE: unknown */
};

/* Groups that are tied to each other by applicants who may be sent to several of them (or are
 * placed in one by the result). What is wrong in one component says nothing about another. */
struct verify_component {
    struct str name; /* the smallest of its groups' codes */
    uint64_t groups, applicants, violations;
};

struct verify_report {
    struct verify_violation *violations; /* by batch, group, applicant, code, line */
    size_t violation_count;
    struct verify_component *components; /* all, by name */
    size_t component_count, touched_count;
    uint64_t applicants, choices, groups, rows;
    uint64_t files; /* sent, over all batches */
};

/* Reads the files and checks the result. ERR_INPUT with file, line and reason when one but the
 * result is not what placing takes (too small a share of allotted seats is a violation), or the
 * result lacks a column; ERR_USAGE when the rules allot seats and there is no file of them. In the
 * arena. */
MUST_USE bool verify_run(struct arena *arena, const struct verify_paths *paths,
                         struct verify_report *out, struct err *err);

/* "passed_over"; and what it says in one sentence. */
const char *verify_code_key(enum verify_code code);
const char *verify_code_text(enum verify_code code, enum lang lang);

#endif
