#ifndef AWARDS_IMPACT_H
#define AWARDS_IMPACT_H

#include "awards/decided.h"

/* What another policy would change for the same people on the same day: who gains, who loses, how
 * many, how much. */

enum award_change {
    AWARD_GAINS,  /* entitled now, and not before */
    AWARD_LOSES,  /* no longer entitled */
    AWARD_MORE,   /* entitled to more */
    AWARD_LESS,   /* entitled to less */
    AWARD_CLEARS, /* was unknown, is not now, without gain */
    AWARD_CLOUDS, /* is unknown now, and was not entitled */
    AWARD_CHANGE_COUNT,
};
const char *award_change_key(enum award_change change); /* "gains" … */
const char *award_change_text(enum award_change change, enum lang lang);

enum { AWARD_NOT_CONCERNED = 3 }; /* beside enum policy_verdict: the scheme does not apply */

/* One person and scheme for whom something changes; a scheme that a policy does not have concerns
 * nobody in it. */
struct award_impact_row {
    uint32_t row;
    struct str scheme; /* its key */
    enum award_change change;
    uint8_t before, after;         /* verdict or AWARD_NOT_CONCERNED */
    int64_t before_fen, after_fen; /* 0 unless entitled */
};

struct award_impact_total {
    struct str scheme;
    uint64_t people[AWARD_CHANGE_COUNT];
    int64_t before_fen, after_fen; /* for all people, also those for whom nothing changes */
};

struct award_impact {
    struct award_impact_row *rows; /* by person in the order of output, then by scheme */
    size_t row_count;
    struct award_impact_total *totals; /* by scheme; all schemes of both */
    size_t total_count;
};

/* Compares two decisions about the same people: the same number of rows, with the same ids. What is
 * entitled before and unknown after counts as lost, unknown before and entitled after as
 * gained. In the arena. */
void award_impact(struct arena *arena, const struct award_decided *before,
                  const struct award_decided *after, struct award_impact *out);

#endif
