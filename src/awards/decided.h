#ifndef AWARDS_DECIDED_H
#define AWARDS_DECIDED_H

#include "awards/award_people.h"
#include "policy/decide.h"

/* People decided about on one day, in the order and words in which that is given out:
 *
 *   id,scheme,verdict,amount_fen,period,needs,cites
 *
 * one row for each person and scheme that can concern them, by id, then by scheme. */

enum { AWARD_COLUMNS = 7, AWARD_VERDICTS = 3 };

struct award_decided {
    const struct policy *policy;
    const struct award_people *people;
    const struct policy_program *program;
    day at;
    struct policy_kinds kinds;         /* whose rows are the people's */
    uint64_t verdicts[AWARD_VERDICTS]; /* decisions by enum policy_verdict, of all people */
    /* By scheme, where it was decided; else empty. */
    struct str *periods; /* "2020-autumn" */
    struct str *cites;   /* numbers of documents with ; between */
    uint16_t *inputs;    /* all inputs by key, the order of needs */
};

/* Decides. `schemes` NULL: all. threads 0: as many as the machine offers. All lives in the arena;
 * people and policy are borrowed. */
void award_decide_people(struct arena *arena, const struct policy *policy,
                         const struct award_people *people,
                         const struct policy_decide_options *options, size_t threads,
                         struct award_decided *out);

/* The keys of the inputs that a decision needs, in alphabetical order, with `separator` between.
 * Appended. */
void award_needs(const struct award_decided *decided, uint64_t needs, const char *separator,
                 struct text *out);

/* The cells of a decision. Borrowed from `decided`, or in the arena. */
void award_cells(struct arena *arena, const struct award_decided *decided,
                 const struct policy_decision *decision, struct str cells[AWARD_COLUMNS]);

/* Who takes rows in CSV, some thousands at once; `rows` says how many. */
struct award_sink {
    bool (*put)(void *context, struct str bytes, uint64_t rows, struct err *err);
    void *context;
};

/* Gives all rows, without a header, to the sink, in their order; the bytes do not depend on the
 * number of threads. Errors: those of the sink; ERR_LIMIT when ids are absurdly long. */
MUST_USE bool award_write_csv(const struct award_decided *decided, size_t threads,
                              const struct award_sink *sink, struct err *err);

#endif
