#include "base/testing.h"

#include "policy/testing_naive.h"
#include "policy/testing_random.h"

#include <stdio.h>
#include <stdlib.h>

/* The engine beside a naive reading of the policy, on random policies, people and days. */

enum { POLICIES = 40, POLICIES_LONG = 3000 };

static int policies(void)
{
    return getenv("BAOXUE_TEST_LONG") == NULL ? POLICIES : POLICIES_LONG;
}

/* All decisions of these people on a day: each must be as the naive reading has it. */
static void compare(const struct policy *policy, day at, const struct policy_rows *rows,
                    const struct policy_decisions *decisions, uint64_t seed)
{
    size_t next = 0;
    for (size_t r = 0; r < rows->count; r++) {
        for (uint16_t s = 0; s < policy->scheme_count; s++) {
            struct naive_answer naive;
            naive_decide(policy, at, rows, r, s, &naive);
            if (!naive.concerned) continue;
            const struct policy_decision *decision = &decisions->items[next];
            bool same = next < decisions->count && decision->row == r && decision->scheme == s
                        && decision->verdict == naive.verdict && decision->fen == naive.fen
                        && decision->needs == naive.needs;
            next++;
            /* Reading proves that a value is there for everybody. */
            if (same && (naive.verdict == POLICY_UNKNOWN) == (naive.needs != 0)) continue;
            char text[DAY_TEXT_SIZE];
            fail_msg("seed %llu, scheme %u, row %zu on %s: verdict %u and %u, fen %lld and %lld, "
                     "needs %llx and %llx",
                     (unsigned long long)seed, s, r, day_format(at, text), decision->verdict,
                     naive.verdict, (long long)decision->fen, (long long)naive.fen,
                     (unsigned long long)decision->needs, (unsigned long long)naive.needs);
        }
    }
    assert_int_equal(next, decisions->count);
}

static void decide(struct arena *arena, const struct policy *policy, day at,
                   const struct policy_rows *rows, size_t threads, struct policy_decisions *out)
{
    const struct policy_decide_options options = {.subject = 0, .at = at};
    const struct policy_program *program = policy_compile(arena, policy, &options);
    policy_decide(arena, program, rows, threads, out);
}

static void it_decides_as_the_policy_reads(void **state)
{
    (void)state;
    int made = 0, tried = 0;
    size_t verdicts[3] = {0};
    for (uint64_t seed = 0; made < policies(); seed++) {
        struct arena arena = {0};
        struct rng rng = rng_branch(20, seed);
        const struct policy *policy;
        tried++;
        if (random_policy(&arena, &rng, &policy)) {
            made++;
            for (int turn = 0; turn < 3; turn++) {
                struct policy_rows rows;
                struct policy_decisions decisions, again;
                day at = random_day(&arena, &rng, policy);
                size_t count = seed % 50 == 0 ? 3000 : 120;
                random_people(&arena, &rng, policy, count, 100000U * (uint32_t)turn, &rows);
                decide(&arena, policy, at, &rows, 1, &decisions);
                compare(policy, at, &rows, &decisions, seed);
                decide(&arena, policy, at, &rows, 2, &again);
                compare(policy, at, &rows, &again, seed);
                for (size_t i = 0; i < decisions.count; i++) {
                    verdicts[decisions.items[i].verdict]++;
                }
            }
        }
        arena_free(&arena);
    }
    print_message("%d of %d texts read; %zu no, %zu yes, %zu unknown\n", made, tried, verdicts[0],
                  verdicts[1], verdicts[2]);
    assert_true(made * 3 > tried);
    for (int v = 0; v < 3; v++) assert_true(verdicts[v] > (size_t)made * 5);
}

/* The decisions by kind, written out by row. */
static void decide_by_kind(struct arena *arena, const struct policy *policy, day at,
                           const struct policy_rows *rows, size_t threads,
                           struct policy_decisions *out, struct policy_kinds *kinds)
{
    const struct policy_decide_options options = {.subject = 0, .at = at};
    policy_decide_kinds(arena, policy_compile(arena, policy, &options), rows, threads, kinds);
    *out = (struct policy_decisions){0};
    out->items = arena_array(arena, struct policy_decision, rows->count * policy->scheme_count);
    for (size_t r = 0; r < rows->count; r++) {
        size_t first, end;
        policy_decisions_of(kinds, r, &first, &end);
        for (; first < end; first++) out->items[out->count++] = policy_decision_at(kinds, r, first);
    }
}

static void who_cannot_be_told_apart_is_decided_once(void **state)
{
    (void)state;
    int made = 0, apart = 0, sums = 0;
    for (uint64_t seed = 0; made < policies() / 2; seed++) {
        struct arena arena = {0};
        struct rng rng = rng_branch(23, seed);
        const struct policy *policy;
        if (random_policy(&arena, &rng, &policy)) {
            struct policy_rows rows;
            struct policy_decisions one, two;
            struct policy_kinds kinds, again;
            day at = random_day(&arena, &rng, policy);
            made++;
            random_crowd(&arena, &rng, policy, 1500, made % 4 == 0 ? 1500 : 60, &rows);
            decide_by_kind(&arena, policy, at, &rows, 1, &one, &kinds);
            compare(policy, at, &rows, &one, seed);
            decide_by_kind(&arena, policy, at, &rows, 2, &two, &again);
            compare(policy, at, &rows, &two, seed);
            assert_int_equal(kinds.count, again.count);
            apart += kinds.kind_of == NULL;
            for (size_t s = 0; s < policy->scheme_count; s++) sums += kinds.amounts[s] != NULL;
        }
        arena_free(&arena);
    }
    print_message("%d: %d of people who nearly all differ, %d schemes with sums\n", made, apart,
                  sums);
    assert_true(apart > 0 && apart < made / 2);
    assert_true(sums > 0);
}

/* A row of known values, and one in which some of them are not known. */
struct pair {
    uint8_t states[2][POLICY_INPUTS_MAX];
    int64_t values[POLICY_INPUTS_MAX];
    struct policy_rows rows[2];
};

static void make_pair(struct rng *rng, const struct policy *policy, struct pair *pair)
{
    for (int half = 0; half < 2; half++) pair->rows[half] = (struct policy_rows){.count = 1};
    for (size_t i = 0; i < policy->input_count; i++) {
        pair->values[i] = random_value(rng, &policy->inputs[i]);
        pair->states[0][i] = rng_below(rng, 3) == 0 ? POLICY_MISSING : POLICY_KNOWN;
        pair->states[1][i] = POLICY_KNOWN;
        for (int half = 0; half < 2; half++) {
            pair->rows[half].columns[i] =
                (struct policy_column){&pair->states[half][i], &pair->values[i]};
        }
    }
}

static const struct policy_decision *find(const struct policy_decisions *decisions, uint16_t scheme)
{
    for (size_t i = 0; i < decisions->count; i++) {
        if (decisions->items[i].scheme == scheme) return &decisions->items[i];
    }
    return NULL;
}

/* Fills in what is not known in many ways. */
static void fill_in(struct arena *arena, struct rng *rng, const struct policy *policy, day at)
{
    enum { WAYS = 12 };
    struct pair pair;
    struct policy_decisions before, after;
    make_pair(rng, policy, &pair);
    decide(arena, policy, at, &pair.rows[0], 1, &before);
    for (int way = 0; way < WAYS; way++) {
        for (size_t i = 0; i < policy->input_count; i++) {
            if (pair.states[0][i] == POLICY_KNOWN) continue;
            pair.values[i] = random_value(rng, &policy->inputs[i]);
        }
        decide(arena, policy, at, &pair.rows[1], 1, &after);
        for (size_t d = 0; d < before.count; d++) {
            const struct policy_decision *was = &before.items[d];
            const struct policy_decision *now = find(&after, was->scheme);
            assert_non_null(now);
            if (was->verdict == POLICY_UNKNOWN) continue;
            assert_int_equal(was->verdict, now->verdict);
            assert_int_equal(was->fen, now->fen);
        }
    }
    for (size_t d = 0; d < before.count; d++) {
        if (before.items[d].verdict != POLICY_UNKNOWN) continue;
        for (size_t i = 0; i < policy->input_count; i++) {
            bool needed = (before.items[d].needs >> i & 1) != 0;
            pair.states[1][i] = needed ? POLICY_KNOWN : pair.states[0][i];
        }
        decide(arena, policy, at, &pair.rows[1], 1, &after);
        assert_int_not_equal(find(&after, before.items[d].scheme)->verdict, POLICY_UNKNOWN);
    }
}

/* An answer that is given holds whatever the unknown turns out to be; and who finds out all that a
 * decision needs has an answer. */
static void what_is_unknown_does_not_matter_or_is_needed(void **state)
{
    (void)state;
    int made = 0;
    for (uint64_t seed = 0; made < policies() / 3; seed++) {
        struct arena arena = {0};
        struct rng rng = rng_branch(21, seed);
        const struct policy *policy;
        if (random_policy(&arena, &rng, &policy)) {
            made++;
            for (int turn = 0; turn < 20; turn++) {
                fill_in(&arena, &rng, policy, random_day(&arena, &rng, policy));
            }
        }
        arena_free(&arena);
    }
}

/* Whether an exception, and all that it is an exception to, holds for a person. */
static bool holds(const struct policy *policy, day at, const struct policy_rows *rows, size_t row,
                  const struct policy_scheme *scheme, size_t clause)
{
    const struct policy_clause *self = &scheme->clauses[clause];
    if (self->exception_to == POLICY_NONE) return true;
    return policy_in_force(self->span, at)
           && naive_truth(policy, at, rows, row, self->condition) == POLICY_ENTITLED
           && holds(policy, at, rows, row, scheme, self->exception_to);
}

static size_t count_meetings(const struct policy *policy, day at, const struct policy_rows *rows,
                             const struct policy_decision *decision, size_t *pairs)
{
    const struct policy_scheme *scheme = &policy->schemes[decision->scheme];
    size_t meetings = 0;
    for (size_t a = 0; a < scheme->clause_count; a++) {
        for (size_t b = a + 1; b < scheme->clause_count; b++) {
            const struct policy_clause *one = &scheme->clauses[a], *two = &scheme->clauses[b];
            if (one->kind != POLICY_AMOUNT || one->exception_to == POLICY_NONE) continue;
            if (one->exception_to != two->exception_to) continue;
            *pairs += 1;
            meetings += holds(policy, at, rows, decision->row, scheme, a)
                        && holds(policy, at, rows, decision->row, scheme, b);
        }
    }
    return meetings;
}

/* What reading proves by the people that can be told apart (cells.h) is true of all. */
static void exceptions_meet_for_nobody(void **state)
{
    (void)state;
    int made = 0;
    size_t pairs = 0;
    for (uint64_t seed = 0; made < policies() / 3; seed++) {
        struct arena arena = {0};
        struct rng rng = rng_branch(22, seed);
        const struct policy *policy;
        if (random_policy(&arena, &rng, &policy)) {
            struct policy_rows rows;
            struct policy_decisions decisions;
            day at = random_day(&arena, &rng, policy);
            made++;
            random_people(&arena, &rng, policy, 500, 0, &rows);
            decide(&arena, policy, at, &rows, 1, &decisions);
            for (size_t i = 0; i < decisions.count; i++) {
                if (decisions.items[i].verdict != POLICY_ENTITLED) continue;
                assert_int_equal(count_meetings(policy, at, &rows, &decisions.items[i], &pairs), 0);
            }
        }
        arena_free(&arena);
    }
    assert_true(pairs > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_decides_as_the_policy_reads),
        cmocka_unit_test(who_cannot_be_told_apart_is_decided_once),
        cmocka_unit_test(what_is_unknown_does_not_matter_or_is_needed),
        cmocka_unit_test(exceptions_meet_for_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
