#ifndef PLACING_EXPLAIN_H
#define PLACING_EXPLAIN_H

#include "placing/placing.h"

/* Why not me: for each choice of one applicant whether it could go there, how it stood against
 * those who were ahead, and what would have changed it. Never another applicant's number: only
 * ranks, scores at the border and counts. */

/* A change of this applicant's own papers that was tried: everybody was placed anew with it. */
enum place_remedy_kind {
    PLACE_MORE_POINTS,   /* `points` more in the total */
    PLACE_ADJUST,        /* agreeing to adjustment */
    PLACE_PROVEN_PLAN,   /* being proven eligible for the group's plan */
    PLACE_MORE_SEATS,    /* `points` more seats in the group's first programme by code */
    PLACE_MORE_ALLOTTED, /* `points` more seats of the group for the own junior school */
};
struct place_remedy {
    enum place_remedy_kind kind;
    int64_t points;
};

enum { PLACE_REMEDIES_MAX = 4 };

struct place_reason {
    const struct place_choice *choice;
    struct place_fate fate;
    bool allotted; /* the batch gives only seats of junior schools: what follows is of those
                      given to the own one, and of their files */
    int64_t seats, capacity; /* of the group, when this batch began, without those reserved; files
                                that it takes */
    int64_t reserved;        /* seats of the group that the batch leaves to junior schools */
    int64_t general, floor;  /* allotted: the general line and the floor; INT64_MIN: none */
    uint64_t behind;    /* placed in the group by seats of junior schools though they stand behind
                           this applicant */
    uint64_t files;     /* that it got */
    int64_t sent_total; /* of the last file sent there */
    int64_t admitted_total; /* of the last one admitted there */
    int64_t line;           /* the lowest total for this applicant; INT64_MIN: none */
    bool any_sent, any_admitted;
    uint64_t ahead; /* files sent there by those with better scores */
    struct place_remedy remedies[PLACE_REMEDIES_MAX]; /* each of which would have placed here */
    size_t remedy_count;
};

struct place_explanation {
    const struct place_applicant *applicant;
    uint64_t rank;                /* among all applicants by total and ties; equals share it */
    uint64_t equal;               /* others with the same total and ties */
    uint32_t placed;              /* choice, or PLACE_NONE */
    struct str source;            /* the own junior school; empty: none, or nothing is allotted */
    struct place_reason *reasons; /* by batch and rank */
    size_t reason_count;
    char receipt[65]; /* place_receipt */
};

/* Explains one applicant's choices from a run with its trace. ERR_NOT_FOUND for an unknown number.
 * `remedies`: also try what would have changed the choices that failed; each trial places everybody
 * again. In the arena. */
MUST_USE bool place_explain(struct arena *arena, struct place_input *input,
                            const struct place_result *result, struct str number, bool remedies,
                            struct place_explanation *out, struct err *err);

/* SM3, in hexadecimal digits, of what the run knew of an applicant: "applicant,track,county,total,
 * ties…,plans,subjects" (and ",source" in a run with allotments) and a line
 * "batch,rank,group,majors,adjust" for each choice, each with a line feed, plans in the order of
 * the rules. A family that has these papers can compute it and compare. */
void place_receipt(const struct place_input *input, const struct place_applicant *applicant,
                   char out[65]);

/* "applicant,receipt" of everybody. ERR_IO. */
MUST_USE bool place_write_receipts(const char *path, const struct place_input *input,
                                   struct err *err);

/* The lowest total with which the applicant's file is sent to the group in the batch; INT64_MIN
 * when there is none. */
int64_t place_line_of(const struct place_input *input, const struct place_batch *batch,
                      const struct place_applicant *applicant, const struct place_group *group);

#endif
