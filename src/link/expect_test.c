#include "link/expect.h"

#include "link/engine_testing.h"

#include <math.h>

/* Weights whose probabilities are plain fractions: 2 bits are 4/5, 1 bit 2/3, 0 a half, -1 bit 1/3.
 * Ten, six, four and three pairs hold 8 + 4 + 2 + 1 = 15 expected matches. */
static void test_by_hand(void **state)
{
    (void)state;
    struct arena arena = {0};
    uint64_t *counts = arena_array(&arena, uint64_t, LINK_WEIGHTS);
    counts[LINK_WEIGHT_MAX + 2000] = 10;
    counts[LINK_WEIGHT_MAX + 1000] = 6;
    counts[LINK_WEIGHT_MAX] = 4;
    counts[LINK_WEIGHT_MAX - 1000] = 3;
    static const struct {
        int32_t threshold;
        uint64_t pairs;
        double matches, missed;
        uint32_t precision, recall, discovery, negative;
    } cases[] = {
        {-190000, 23, 15, 0, 652174, 1000000, 347826, 0},
        {-1000, 23, 15, 0, 652174, 1000000, 347826, 0},
        {-999, 20, 14, 1, 700000, 933333, 300000, 66667},
        {0, 20, 14, 1, 700000, 933333, 300000, 66667},
        {1, 16, 12, 3, 750000, 800000, 250000, 200000},
        {2000, 10, 8, 7, 800000, 533333, 200000, 466667},
        {2001, 0, 0, 15, 0, 0, 0, 1000000},
        {190000, 0, 0, 15, 0, 0, 0, 1000000},
    };
    enum { CASES = sizeof cases / sizeof *cases };
    int32_t thresholds[CASES];
    struct link_expected out[CASES];
    for (size_t i = 0; i < CASES; i++) thresholds[i] = cases[i].threshold;
    link_expect(counts, thresholds, CASES, out);
    for (size_t i = 0; i < CASES; i++) {
        assert_int_equal(out[i].threshold_millibits, cases[i].threshold);
        assert_int_equal(out[i].pairs, cases[i].pairs);
        assert_true(fabs(out[i].matches - cases[i].matches) < 1e-9);
        assert_true(fabs(out[i].missed - cases[i].missed) < 1e-9);
        assert_int_equal(out[i].precision_ppm, cases[i].precision);
        assert_int_equal(out[i].recall_ppm, cases[i].recall);
        assert_int_equal(out[i].false_discovery_ppm, cases[i].discovery);
        assert_int_equal(out[i].false_negative_ppm, cases[i].negative);
    }
    arena_free(&arena);
}

static void test_nothing(void **state)
{
    (void)state;
    struct arena arena = {0};
    uint64_t *counts = arena_array(&arena, uint64_t, LINK_WEIGHTS);
    int32_t threshold = 0;
    struct link_expected out;
    link_expect(counts, &threshold, 1, &out);
    assert_int_equal(out.pairs, 0);
    assert_int_equal(out.precision_ppm, 0);
    assert_int_equal(out.false_discovery_ppm, 0);
    assert_int_equal(out.false_negative_ppm, 0);
    arena_free(&arena);
}

static const char people_spec[] = "compare:\n"
                                  "  name: {on: name, levels: [exact], frequency: yes}\n"
                                  "  born: {on: born, levels: [exact, damerau 1]}\n"
                                  "  town: {on: town, levels: [exact]}\n"
                                  "  phone: {on: phone, levels: [exact, damerau 1]}\n"
                                  "block: [name & born, phone, name & town, born & town]\n"
                                  "review: -4\n"
                                  "match: 4\n";

static size_t place_of(int32_t weight)
{
    return (size_t)(weight + LINK_WEIGHT_MAX);
}

/* The counts against every pair of records asked one by one. */
static void test_counts(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table;
    table_open(&table, &arena, 2000, people_columns, 4);
    table_people(&table, 500, 3, (struct people_rates){90000, 90000}, 5);
    struct link_spec *spec = spec_of(&arena, people_spec);
    struct link_engine *engine = engine_of(&arena, &table, spec);
    struct link_result result = run_of(engine, (struct link_options){.threads = 2});
    uint64_t *naive = arena_array(&arena, uint64_t, LINK_WEIGHTS);
    int32_t below = INT32_MIN;
    for (uint32_t a = 0; a < table.count; a++) {
        for (uint32_t b = a + 1; b < table.count; b++) {
            int32_t weight = link_weigh_pair(engine, result.model, a, b);
            if (weight < -20000) continue;
            struct arena scratch = {0};
            struct link_explanation why;
            link_explain(&scratch, engine, result.model, a, b, &why);
            arena_free(&scratch);
            if (why.rule < 0) continue;
            naive[place_of(weight)]++;
            if (weight < link_spec_review(spec) && weight > below) below = weight;
        }
    }
    struct link_weight_counts counts[3];
    for (size_t t = 0; t < 3; t++) {
        link_count_weights(engine, result.model, t + 1, NULL, &counts[t]);
        uint64_t pairs = 0;
        for (size_t w = 0; w < LINK_WEIGHTS; w++) {
            pairs += counts[t].pairs[w];
            if (w >= place_of(-20000)) assert_int_equal(counts[t].pairs[w], naive[w]);
        }
        assert_int_equal(pairs, result.pairs_compared);
        assert_true(counts[t].has_below);
        assert_int_equal(counts[t].below.weight_millibits, below);
        assert_true(counts[t].below.a < counts[t].below.b);
        assert_memory_equal(&counts[t].below, &counts[0].below, sizeof counts[t].below);
    }
    uint64_t records = 0;
    for (size_t w = 0; w < LINK_WEIGHTS; w++) records += counts[0].records[w];
    assert_int_equal(records, table.count);
    for (uint32_t r = 0; r < 20; r++) {
        assert_true(counts[0].records[place_of(link_weigh_pair(engine, result.model, r, r))] > 0);
    }
    arena_free(&arena);
}

/* Where comparisons are independent, as the model believes, what it expects comes true. */
static void test_expected_is_true(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table;
    table_open(&table, &arena, 60000, people_columns, 4);
    table_people(&table, 20000, 3, (struct people_rates){60000, 50000}, 12);
    struct link_engine *engine = engine_of(&arena, &table, spec_of(&arena, people_spec));
    struct link_result result = run_of(engine, (struct link_options){.threads = 2});
    struct link_weight_counts counts;
    struct link_expected expected[3];
    static const int32_t thresholds[3] = {-4000, 0, 4000};
    link_count_weights(engine, result.model, 2, NULL, &counts);
    link_expect(counts.pairs, thresholds, 3, expected);
    for (size_t i = 0; i < 3; i++) {
        uint64_t pairs = 0, matches = 0;
        for (size_t p = 0; p < result.pair_count; p++) {
            const struct link_pair *pair = &result.pairs[p];
            if (pair->weight_millibits < thresholds[i]) continue;
            pairs++;
            matches += table.entities[pair->a] == table.entities[pair->b];
        }
        assert_int_equal(expected[i].pairs, pairs);
        double precision = (double)matches / (double)pairs;
        assert_true(fabs(expected[i].precision_ppm / 1e6 - precision) < 0.02);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_expected_is_true),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
