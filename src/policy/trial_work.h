#ifndef POLICY_TRIAL_WORK_H
#define POLICY_TRIAL_WORK_H

#include "policy/decide_internal.h"

/* Inside of trials. */

/* A policy at work on a day, a block of people at a time. */
struct trial_worker {
    const struct policy_program *program;
    struct block block;
};

/* A mutant may leave a part of a fen. */
enum { TRIAL_NOT_WHOLE = POLICY_NOT_CONCERNED + 1 };

struct trial_answer {
    uint8_t verdict; /* enum policy_verdict, POLICY_NOT_CONCERNED, TRIAL_NOT_WHOLE */
    int64_t fen;
    uint64_t needs;
};

/* Gets ready for a day, for some schemes; then block_run. In the arena. */
void trial_start(struct arena *arena, const struct policy *policy, uint16_t subject, day at,
                 const uint16_t *schemes, size_t count, struct trial_worker *out);

/* What the worker's scheme `number` (in its program) says of a row of its block. */
struct trial_answer trial_answer(const struct trial_worker *worker, size_t number, size_t row);

/* Whether two answers say the same. */
bool trial_same(struct trial_answer a, struct trial_answer b);

/* By scheme, whether the answers of `scheme` depend on it: itself, and those before it in an
 * exclusion, step by step. In the arena. */
const bool *trial_reads(struct arena *arena, const struct policy *policy, uint16_t scheme);

/* Whether a scheme uses a standard, or a definition, also by way of definitions. */
bool trial_uses(const struct policy *policy, uint16_t number, bool standard, uint16_t used);

/* All conditions and amounts on which a scheme's answers rest. In the arena. */
size_t trial_pieces(struct arena *arena, const struct policy *policy, uint16_t scheme,
                    const struct policy_expr ***out);

/* The people whom a policy tells apart in a scheme on a day, of those whom it concerns there or in
 * `other` (NULL: only there): all combinations, also with what is not known where `and_unknown` and
 * where these are not too many. False when there are more than `most`. In the arena. */
bool trial_people(struct arena *arena, const struct policy *policy, const struct policy *other,
                  uint16_t scheme, day at, bool and_unknown, size_t most, struct policy_rows *out);

#endif
