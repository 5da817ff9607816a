#ifndef POLICY_TESTING_NAIVE_H
#define POLICY_TESTING_NAIVE_H

#include "policy/decide.h"

/* An auditor of the engine, for tests only: decides one row at a time by walking the checked policy
 * as docs/policy-language.md reads, with fractions that are reduced after each step. It shares no
 * code of evaluation with compile.c and block.c and has no thought for speed. */

struct naive_answer {
    bool concerned; /* else nothing else is set */
    uint8_t verdict;
    int64_t fen;
    uint64_t needs;
};

/* What the policy says of a row and scheme on a day. */
void naive_decide(const struct policy *policy, day at, const struct policy_rows *rows, size_t row,
                  uint16_t scheme, struct naive_answer *out);

/* How a condition stands for a row: enum policy_verdict. */
uint8_t naive_truth(const struct policy *policy, day at, const struct policy_rows *rows, size_t row,
                    const struct policy_expr *condition);

#endif
