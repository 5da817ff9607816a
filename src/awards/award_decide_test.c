#include "awards/award_decide.h"
#include "base/testing.h"
#include "policy/read.h"
#include "policy/testing_naive.h"
#include "policy/testing_random.h"

#include <stdlib.h>

/* What is decided of people of whom a set is known in part, beside a naive reading of every way in
 * which what is missing may turn out. */

enum { POLICIES = 25, POLICIES_LONG = 2000, PEOPLE = 120, GROUPS = 3, OPTIONS = 3 };

static int policies(void)
{
    return getenv("BAOXUE_TEST_LONG") == NULL ? POLICIES : POLICIES_LONG;
}

/* Random people, of whose set some things are open: the words that are known stay. */
struct crowd {
    const struct policy *policy;
    day at;
    struct policy_rows rows;
    struct award_open open;
    uint16_t set;
    uint8_t *states;
    int64_t *values;
    uint64_t *masks;
};

static uint16_t set_of(const struct policy *policy)
{
    for (uint16_t i = 0; i < policy->input_count; i++) {
        if (policy->inputs[i].type == POLICY_SET) return i;
    }
    fail_msg("the random policies have no set");
    return POLICY_NONE;
}

static void make_crowd(struct arena *arena, struct rng *rng, const struct policy *policy,
                       struct crowd *out)
{
    *out = (struct crowd){
        .policy = policy, .at = random_day(arena, rng, policy), .set = set_of(policy)};
    random_people(arena, rng, policy, PEOPLE, 50000, &out->rows);
    const struct policy_input *input = &policy->inputs[out->set];
    struct award_group *groups = arena_array(arena, struct award_group, GROUPS);
    for (size_t g = 0; g < GROUPS; g++) {
        groups[g] = (struct award_group){.input = out->set,
                                         .options = arena_array(arena, int64_t, OPTIONS),
                                         .option_count = 1 + rng_below(rng, OPTIONS)};
        for (size_t o = 0; o < groups[g].option_count; o++) {
            groups[g].options[o] = rng_below(rng, 1U << input->choice_count);
        }
    }
    out->states = arena_array(arena, uint8_t, PEOPLE);
    out->values = arena_array(arena, int64_t, PEOPLE);
    out->masks = arena_array(arena, uint64_t, PEOPLE);
    for (size_t r = 0; r < PEOPLE; r++) {
        out->masks[r] = rng_below(rng, 1U << GROUPS);
        out->states[r] = out->masks[r] == 0 ? POLICY_KNOWN : POLICY_MISSING;
        out->values[r] = rng_below(rng, 1U << input->choice_count) & 5;
    }
    out->rows.columns[out->set] = (struct policy_column){out->states, out->values};
    out->rows.codes[out->set] = (struct policy_codes){0};
    out->open = (struct award_open){groups, GROUPS, out->masks};
}

/* The answer that all ways share, or the first, unknown. */
static struct naive_answer expected_of(struct crowd *crowd, size_t row, uint16_t scheme)
{
    struct naive_answer answer, one = {0};
    const uint64_t mask = crowd->masks[row];
    const int64_t known = crowd->values[row];
    size_t places[GROUPS] = {0}, g = 0, ways = 0;
    bool alike = true;
    naive_decide(crowd->policy, crowd->at, &crowd->rows, row, scheme, &answer);
    if (!answer.concerned || answer.verdict != POLICY_UNKNOWN || mask == 0) return answer;
    crowd->states[row] = POLICY_KNOWN;
    while (g < GROUPS) {
        struct naive_answer way;
        crowd->values[row] = known;
        for (g = 0; g < GROUPS; g++) {
            if ((mask >> g & 1) == 0) continue;
            crowd->values[row] |= crowd->open.groups[g].options[places[g]];
        }
        naive_decide(crowd->policy, crowd->at, &crowd->rows, row, scheme, &way);
        if (ways++ == 0) one = way;
        alike = alike && way.concerned && way.verdict == one.verdict && way.fen == one.fen;
        for (g = 0; g < GROUPS; g++) {
            if ((mask >> g & 1) == 0) continue;
            if (++places[g] < crowd->open.groups[g].option_count) break;
            places[g] = 0;
        }
    }
    crowd->states[row] = POLICY_MISSING;
    crowd->values[row] = known;
    if (!alike) return answer;
    one.concerned = true;
    return one;
}

static void compare(struct crowd *crowd, const struct award_kinds *kinds, uint64_t seed,
                    size_t *settled)
{
    for (size_t row = 0; row < PEOPLE; row++) {
        for (uint16_t s = 0; s < crowd->policy->scheme_count; s++) {
            struct naive_answer expected = expected_of(crowd, row, s);
            const struct policy_decision *decision = award_of(kinds, row, s);
            if (!expected.concerned) {
                assert_null(decision);
                continue;
            }
            assert_non_null(decision);
            *settled += crowd->masks[row] != 0 && decision->verdict != POLICY_UNKNOWN;
            if (decision->verdict == expected.verdict
                && (decision->verdict != POLICY_ENTITLED || decision->fen == expected.fen)) {
                continue;
            }
            fail_msg("seed %llu, scheme %u, row %zu: verdict %u and %u, fen %lld and %lld",
                     (unsigned long long)seed, s, row, decision->verdict, expected.verdict,
                     (long long)decision->fen, (long long)expected.fen);
        }
    }
}

static void what_is_open_is_settled_where_all_ways_agree(void **state)
{
    (void)state;
    int made = 0;
    size_t settled = 0;
    for (uint64_t seed = 0; made < policies(); seed++) {
        struct arena arena = {0};
        struct rng rng = rng_branch(71, seed);
        const struct policy *policy;
        if (random_policy(&arena, &rng, &policy)) {
            struct crowd crowd;
            struct award_kinds kinds;
            made++;
            make_crowd(&arena, &rng, policy, &crowd);
            const struct policy_decide_options options = {.at = crowd.at};
            award_decide_kinds(&arena, policy_compile(&arena, policy, &options), &crowd.rows,
                               &crowd.open, 1 + seed % 2, &kinds);
            compare(&crowd, &kinds, seed, &settled);
        }
        arena_free(&arena);
    }
    assert_true(settled > (size_t)made * PEOPLE / 10);
}

/* A policy that reads a code only once a standard has a row for it. */
static void what_no_rule_reads_makes_no_kinds(void **state)
{
    (void)state;
    static const char text[] =
        "pack p \"包\" / \"Pack\"\n"
        "subject student \"学生\" / \"student\"\n"
        "document d \"文〔2020〕1号\" \"办法\" / \"Rules\"\n"
        "input boarding \"寄宿\" / \"boarding\": yes_no\n"
        "input school \"学校\" / \"school\": number from 1 until 9999\n"
        "standard tiers \"分档\" / \"tiers\": yuan/year by school\n"
        "  7: 300 yuan from 2021-09-01 cite d\n"
        "standard base \"平均\" / \"base\": yuan/year\n  200 yuan from 2020-09-01 cite d\n"
        "scheme bed \"寄宿补助\" / \"boarding aid\"\n"
        "  applies boarding\n  period year\n  form cash\n  from 2020-09-01\n"
        "  right: boarding cite d\n"
        "  amount: tiers otherwise base cite d\n";
    struct arena arena = {0};
    struct err err = ERR_INIT;
    const struct policy *policy = NULL;
    const struct policy_source source = {STR("p.policy"), str_from(text)};
    if (!policy_read(&arena, &source, 1, NULL, &policy, &err)) fail_msg("%s", err.en);
    uint8_t states[] = {POLICY_KNOWN, POLICY_KNOWN, POLICY_KNOWN, POLICY_MISSING};
    int64_t boards[] = {1, 1, 1, 1}, schools[] = {7, 8, 9, 0};
    uint8_t known[] = {POLICY_KNOWN, POLICY_KNOWN, POLICY_KNOWN, POLICY_KNOWN};
    struct policy_rows rows = {.count = 4};
    rows.columns[0] = (struct policy_column){known, boards};
    rows.columns[1] = (struct policy_column){states, schools};
    struct policy_decide_options options = {0};
    struct award_kinds kinds;
    assert_true(day_parse(STR("2020-11-25"), &options.at));
    award_decide_kinds(&arena, policy_compile(&arena, policy, &options), &rows, NULL, 1, &kinds);
    assert_int_equal(kinds.inputs, 1);
    assert_int_equal(kinds.count, 1);
    assert_int_equal(award_of(&kinds, 3, 0)->verdict, POLICY_ENTITLED);
    assert_int_equal(award_of(&kinds, 3, 0)->fen, 20000);
    assert_true(day_parse(STR("2021-11-25"), &options.at));
    award_decide_kinds(&arena, policy_compile(&arena, policy, &options), &rows, NULL, 1, &kinds);
    assert_int_equal(kinds.inputs, 3);
    assert_int_equal(award_of(&kinds, 0, 0)->fen, 30000);
    assert_int_equal(award_of(&kinds, 1, 0)->fen, 20000);
    assert_int_equal(award_of(&kinds, 3, 0)->verdict, POLICY_UNKNOWN);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_open_is_settled_where_all_ways_agree),
        cmocka_unit_test(what_no_rule_reads_makes_no_kinds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
