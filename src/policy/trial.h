#ifndef POLICY_TRIAL_H
#define POLICY_TRIAL_H

#include "base/progress.h"
#include "policy/decide.h"

/* Whether a pack can be trusted: its cases, cases made at each boundary, and mutants of its rules
 * that some case must notice. */

/* A case that does not hold. */
struct policy_failure {
    uint32_t test;      /* in policy.cases */
    struct policy_place place; /* of the expectation */
    struct str zh, en;  /* what was expected and what came */
};

struct policy_trial {
    size_t cases, expectations;
    struct policy_failure *failures; /* as written */
    size_t failure_count;
};

/* Runs the cases of a pack (POLICY_NONE: of all). In the arena. */
void policy_test(struct arena *arena, const struct policy *policy, uint16_t pack,
                 struct policy_trial *out);

/* Cases at each boundary of a pack's rules: for each day on which something changes the day before
 * and the day, and for each limit the values around it, with what the policy decides now; as policy
 * text that a lawyer can read and keep. At most POLICY_BOUNDARIES_MAX. In the arena. */
enum { POLICY_BOUNDARIES_MAX = 5000, POLICY_MUTANTS_MAX = 20000 };
struct str policy_boundaries(struct arena *arena, const struct policy *policy, uint16_t pack,
                             enum lang lang, size_t *count);

/* A change of one thing in a rule: a comparison turned, a limit moved by one, a word taken out of a
 * list or put into it, and/or exchanged, a condition left out or turned into its opposite, a day
 * moved by one, an amount raised by the least that stays whole, a factor doubled, a rounding
 * turned, a row or a clause left out, an exclusion left out or turned round. */
struct policy_mutant {
    struct policy_place place;
    struct str zh, en; /* "名单中去掉 低保（农村）" */
    bool equivalent;   /* decides like the original for all people that can be told apart */
    bool killed;       /* some case that was read fails with it */
};
struct policy_mutation {
    struct policy_mutant *mutants; /* by place */
    size_t count, killed, equivalent;
};

/* Makes and tries the mutants of a pack's rules, at most POLICY_MUTANTS_MAX, by the cases of all
 * packs that were read. Cases that fail as it is say nothing. Score: killed / (count - equivalent).
 * In the arena. */
void policy_mutate(struct arena *arena, const struct policy *policy, uint16_t pack,
                   const struct progress *progress, struct policy_mutation *out);

/* What rests on what: for each document the clauses that cite it and its sentences that no clause
 * cites; and the clauses that cite nothing. */
struct policy_cover_row {
    uint16_t document;     /* POLICY_NONE: clauses without a citation */
    uint32_t sentence;     /* in its sentences; UINT32_MAX: the document as a whole */
    uint32_t clauses;      /* how many rest on it */
    struct policy_place place; /* of the first of them, or of the sentence */
    struct str what_zh, what_en; /* the clauses, by their names */
};
void policy_cover(struct arena *arena, const struct policy *policy, uint16_t pack,
                  struct policy_cover_row **out, size_t *count);

#endif
