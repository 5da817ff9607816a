#ifndef POLICY_CHECK_H
#define POLICY_CHECK_H

#include "policy/cells.h"
#include "policy/decide.h"
#include "policy/reader.h"

/* Inside policy_read: what is checked once a policy stands whole. Faults go to the reader. Checks
 * that try cases share one measure of work, so that any text is through in bounded time. */

struct checker {
    struct arena *arena; /* scratch, cleared between clauses */
    struct reader *reader;
    const struct policy *policy;
    size_t work;  /* cases tried */
    size_t edges; /* found by the last check_days, before those of a day became one */
    bool spent;  /* there was more to try than CHECK_WORK_MAX, which a fault says */
};

enum {
    CHECK_WORK_MAX = 30000000,
    CHECK_CELLS_MAX = 1 << 17,
    CHECK_TRIAL_WORK = 500, /* of making a condition ready for a day, in cases */
};

/* Whether `cases` more may be tried; a fault at the place where it is too much. */
bool check_work(struct checker *checker, struct policy_place place, size_t cases);

/* The days of a span between which nothing of the expressions changes: its first day and all edges
 * inside of it, ascending. NULL expressions are left out. In the scratch. */
size_t check_days(struct checker *checker, const struct policy_expr *const *exprs, size_t count,
                  struct policy_span span, day **out);

/* The days on which both are in force; false: none. */
bool spans_cut(struct policy_span a, struct policy_span b, struct policy_span *out);

/* "2024-03-01 起，学段为小学、寄宿为是": the case of one row, for a sentence. In the reader's
 * arena. */
struct str check_example(struct checker *checker, const struct policy_cells *cells,
                         const struct policy_rows *rows, size_t row, day at, enum lang lang);

void check_meetings(struct checker *checker);   /* check_meet.c: amounts, exceptions, exclusions */
void check_gaps(struct checker *checker);       /* check_gaps.c: standards, values, amounts */
void check_quotations(struct checker *checker); /* check_quote.c */

#endif
