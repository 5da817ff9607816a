#ifndef POLICY_DECIDE_H
#define POLICY_DECIDE_H

#include "policy/rows.h"

/* Decides: all rows against all schemes of their subject on one day. A program is the policy
 * compiled for that day: what is dated is resolved, conditions become bit planes (yes, no) over
 * blocks of rows, amounts columns of whole fen. The explanation (explain.h) runs the same program
 * on a block of one row and reads the same planes. */

enum policy_verdict { POLICY_NO, POLICY_ENTITLED, POLICY_UNKNOWN };
const char *policy_verdict_key(enum policy_verdict verdict); /* "no", "yes", "unknown" */
const char *policy_verdict_text(enum policy_verdict verdict, enum lang lang);
int policy_verdict_of(struct str key); /* or -1 */

struct policy_program;

struct policy_decide_options {
    uint16_t subject;
    day at;
    const uint16_t *schemes; /* only these; NULL: all that are decided (not POLICY_DECLARED) */
    size_t scheme_count;
};

/* The program for a day; in the arena, never changed afterwards, good for many threads. Cannot
 * fail on a checked policy. */
struct policy_program *policy_compile(struct arena *arena, const struct policy *policy,
                                      const struct policy_decide_options *options);

/* A bit for each input that any decision of the program may depend on. A standard that has no rows
 * in force on the day depends on nothing. */
uint64_t policy_reads(const struct policy_program *program);

struct policy_decision {
    uint32_t row;
    uint16_t scheme;
    uint8_t verdict; /* enum policy_verdict */
    int64_t fen;     /* for POLICY_ENTITLED: for the one period of the scheme in which `at` lies */
    uint64_t needs;  /* for POLICY_UNKNOWN: a bit for each unknown input on which it still
                        depends: of the unknown parts of the right, and of the amount */
};

struct policy_decisions {
    struct policy_decision *items; /* by row, then scheme key; one for each scheme that applies */
    size_t count;
};

/* Decides all rows. threads 0: as many as the machine offers; the outcome does not depend on it.
 * In the arena. */
void policy_decide(struct arena *arena, const struct policy_program *program,
                   const struct policy_rows *rows, size_t threads, struct policy_decisions *out);

/* The same for the rows listed in `index` (NULL: the first `count`). (*firsts)[i] tells where the
 * decisions of the ith begin, (*firsts)[count] how many there are in all. */
void policy_decide_listed(struct arena *arena, const struct policy_program *program,
                          const struct policy_rows *rows, const uint32_t *index, size_t count,
                          size_t threads, struct policy_decisions *out, size_t **firsts);

/* Rows that the program cannot tell apart are of one kind and decided once; what is decided of a
 * row is what is decided of its kind, but for amounts that are sums of a row's own. */
struct policy_kinds {
    uint32_t *kind_of; /* by row; NULL: each row is a kind, as nearly all differ */
    uint32_t *rows;    /* by kind: its first row, ascending; NULL: as above */
    size_t count;
    size_t *firsts;                    /* by kind: its first decision; one more at the end */
    struct policy_decision *decisions; /* by kind, then scheme key; `row` is the kind's first */
    int64_t **amounts; /* by scheme: fen by row where entitled; NULL: `fen` of the decision */
};

/* Decides all rows by kinds. threads as in policy_decide. In the arena. */
void policy_decide_kinds(struct arena *arena, const struct policy_program *program,
                         const struct policy_rows *rows, size_t threads, struct policy_kinds *out);

/* The decisions about a row: those from *first to before *end, each read by policy_decision_at. */
static inline void policy_decisions_of(const struct policy_kinds *kinds, size_t row, size_t *first,
                                       size_t *end)
{
    size_t kind = kinds->kind_of == NULL ? row : kinds->kind_of[row];
    *first = kinds->firsts[kind];
    *end = kinds->firsts[kind + 1];
}

static inline struct policy_decision policy_decision_at(const struct policy_kinds *kinds,
                                                        size_t row, size_t at)
{
    struct policy_decision decision = kinds->decisions[at];
    const int64_t *amounts = kinds->amounts == NULL ? NULL : kinds->amounts[decision.scheme];
    decision.row = (uint32_t)row;
    if (amounts != NULL && decision.verdict == POLICY_ENTITLED) decision.fen = amounts[row];
    return decision;
}

/* How a condition stands for each row on a day: enum policy_verdict by row (yes, no, unknown).
 * Scratch in the arena. */
void policy_truths(struct arena *arena, const struct policy *policy,
                   const struct policy_expr *condition, day at, const struct policy_rows *rows,
                   uint8_t *out);

/* The documents that a scheme's decision of that day rests on, by number of first mention: those
 * of the scheme, its rights and amounts in force, and the definitions and standards they use. In
 * the arena of the program. */
void policy_cited(const struct policy_program *program, uint16_t scheme, const uint16_t **documents,
                  size_t *count, bool *unconfirmed);

#endif
