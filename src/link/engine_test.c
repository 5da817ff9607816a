#include "link/engine_testing.h"

#include <math.h>
#include <stdlib.h>

static const char people_spec[] = "compare:\n"
                                  "  name: {on: name, levels: [exact], frequency: yes}\n"
                                  "  born: {on: born, levels: [exact, damerau 1]}\n"
                                  "  town: {on: town, levels: [exact]}\n"
                                  "  phone: {on: phone, levels: [exact, damerau 1]}\n"
                                  "block: [name & born, phone, name & town, born & town]\n"
                                  "review: -4\n"
                                  "match: 4\n";

/* How often copies of one person agree is known, so what EM finds can be held against it. */
static void test_training(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table;
    table_open(&table, &arena, 60000, people_columns, 4);
    table_people(&table, 20000, 3, (struct people_rates){60000, 50000}, 11);
    struct link_engine *engine = engine_of(&arena, &table, spec_of(&arena, people_spec));
    struct link_result result = run_of(engine, (struct link_options){.model_only = true});
    const struct link_model *model = result.model;
    double agree[4] = {0}, both[4] = {0}, matches = 0;
    for (uint32_t a = 0; a < table.count; a++) {
        for (uint32_t b = a + 1; b < table.count && table.entities[b] == table.entities[a]; b++) {
            matches++;
            for (size_t c = 0; c < 4; c++) {
                struct str one = table_text(&table, c, a), two = table_text(&table, c, b);
                if (one.len == 0 || two.len == 0) continue;
                both[c]++;
                agree[c] += str_equal(one, two);
            }
        }
    }
    static const double chance[4] = {1 / 400.0, 1 / 700.0, 1 / 40.0, 1 / 5000.0};
    for (size_t c = 0; c < 4; c++) {
        double m = exp2(model->comparisons[c].m[0] / 1000.0);
        double u = exp2(model->comparisons[c].u[0] / 1000.0);
        assert_true(fabs(m - agree[c] / both[c]) < 0.03);
        assert_true(fabs(u / chance[c] - 1) < 0.1);
        size_t last = model->comparisons[c].level_count - 1;
        for (size_t k = 1; k <= last; k++) {
            assert_true(model->comparisons[c].m[k] - model->comparisons[c].u[k]
                        <= model->comparisons[c].m[k - 1] - model->comparisons[c].u[k - 1] + 1);
        }
    }
    double possible = (double)table.count * (table.count - 1) / 2;
    assert_true(fabs(exp2(model->prior / 1000.0) * possible / matches - 1) < 0.1);
    assert_int_equal(result.pair_count, 0);
    arena_free(&arena);
}

static void assert_same_result(const struct link_result *a, const struct link_result *b,
                               struct arena *arena, uint32_t records)
{
    assert_int_equal(a->pair_count, b->pair_count);
    assert_memory_equal(a->pairs, b->pairs, a->pair_count * sizeof *a->pairs);
    assert_int_equal(a->pattern_count, b->pattern_count);
    assert_memory_equal(a->patterns, b->patterns, a->pattern_count * sizeof *a->patterns);
    assert_memory_equal(a->clusters, b->clusters, records * sizeof *a->clusters);
    assert_int_equal(a->rejected_count, b->rejected_count);
    assert_memory_equal(a->rejected, b->rejected, a->rejected_count * sizeof *a->rejected);
    assert_int_equal(a->pairs_compared, b->pairs_compared);
    assert_true(str_equal(link_model_write(arena, a->model), link_model_write(arena, b->model)));
}

static void test_threads(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table;
    table_open(&table, &arena, 20000, people_columns, 4);
    table_people(&table, 4000, 4, (struct people_rates){150000, 100000}, 12);
    struct link_spec *spec = spec_of(&arena, people_spec);
    struct link_result results[3];
    for (size_t t = 0; t < 3; t++) {
        struct link_engine *engine = engine_of(&arena, &table, spec);
        results[t] = run_of(engine, (struct link_options){.threads = t + 1, .keep_rejected = true});
    }
    assert_true(results[0].pair_count > 1000);
    assert_true(results[0].rejected_count > 100);
    assert_same_result(&results[0], &results[1], &arena, table.count);
    assert_same_result(&results[0], &results[2], &arena, table.count);
    /* The same with the model given. */
    for (size_t t = 0; t < 2; t++) {
        struct link_engine *engine = engine_of(&arena, &table, spec);
        results[t] =
            run_of(engine, (struct link_options){
                               .threads = t + 1, .keep_rejected = true, .model = results[2].model});
    }
    assert_same_result(&results[0], &results[1], &arena, table.count);
    assert_same_result(&results[0], &results[2], &arena, table.count);
    arena_free(&arena);
}

/* The same records in another order: the same records share a cluster. */
static void test_order(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table, shuffled;
    table_open(&table, &arena, 12000, people_columns, 4);
    table_people(&table, 2500, 4, (struct people_rates){150000, 100000}, 13);
    table_open(&shuffled, &arena, table.count, people_columns, 4);
    uint32_t *order = arena_array(&arena, uint32_t, table.count);
    struct rng rng = rng_seed(2);
    for (uint32_t i = 0; i < table.count; i++) {
        uint32_t j = rng_below(&rng, i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    for (uint32_t i = 0; i < table.count; i++) {
        const char *row[4];
        for (size_t c = 0; c < 4; c++) row[c] = table_text(&table, c, order[i]).ptr;
        table_add(&shuffled, table.sources[order[i]], table.entities[order[i]], row);
    }
    struct link_spec *spec = spec_of(&arena, people_spec);
    struct link_result one = run_of(engine_of(&arena, &table, spec), (struct link_options){0});
    struct link_result two = run_of(engine_of(&arena, &shuffled, spec), (struct link_options){0});
    assert_int_equal(one.pair_count, two.pair_count);
    assert_int_equal(one.cluster_count, two.cluster_count);
    uint32_t *known = arena_array(&arena, uint32_t, one.cluster_count);
    for (uint32_t i = 0; i < table.count; i++) {
        uint32_t *cluster = &known[one.clusters[order[i]]];
        if (*cluster == 0) *cluster = two.clusters[i] + 1;
        assert_int_equal(*cluster, two.clusters[i] + 1);
    }
    assert_true(
        str_equal(link_model_write(&arena, one.model), link_model_write(&arena, two.model)));
    arena_free(&arena);
}

static void test_explain(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table;
    table_open(&table, &arena, 4000, people_columns, 4);
    table_people(&table, 1000, 3, (struct people_rates){150000, 100000}, 14);
    struct text text;
    text_init(&text, &arena, 4096);
    text_add_f(&text, "%sinteractions: [[town, name], [born, phone]]\n", people_spec);
    struct link_engine *engine = engine_of(&arena, &table, spec_of(&arena, text.ptr));
    struct link_result result = run_of(engine, (struct link_options){0});
    assert_int_equal(result.model->interaction_count, 2);
    assert_true(result.pair_count > 300);
    for (size_t p = 0; p < result.pair_count; p++) {
        struct link_pair pair = result.pairs[p];
        struct link_explanation explanation;
        link_explain(&arena, engine, result.model, pair.a, pair.b, &explanation);
        int32_t sum = explanation.prior_millibits;
        for (size_t i = 0; i < explanation.field_count; i++) {
            const struct link_field *field = &explanation.fields[i];
            sum += field->weight_millibits + field->frequency_millibits;
            if (i >= 4) continue;
            unsigned part = (unsigned)(result.patterns[pair.pattern] >> (4 * i)) & 15;
            assert_int_equal(field->level + 1, (int)part);
        }
        assert_int_equal(explanation.field_count, 6);
        assert_int_equal(sum, explanation.weight_millibits);
        assert_int_equal(sum, pair.weight_millibits);
        assert_int_equal(explanation.probability_ppm, pair.probability_ppm);
        assert_int_equal(link_weigh_pair(engine, result.model, pair.b, pair.a), sum);
        assert_in_range(explanation.rule, 0, 3);
    }
    arena_free(&arena);
}

static void test_probability(void **state)
{
    (void)state;
    assert_int_equal(link_probability_ppm(0), 500000);
    assert_int_equal(link_probability_ppm(1000), 666667);
    assert_int_equal(link_probability_ppm(-1000), 333333);
    assert_int_equal(link_probability_ppm(60000), 1000000);
    assert_int_equal(link_probability_ppm(INT32_MAX), 1000000);
    assert_int_equal(link_probability_ppm(INT32_MIN), 0);
}

static void test_model(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table;
    table_open(&table, &arena, 4000, people_columns, 4);
    table_people(&table, 1000, 3, (struct people_rates){100000, 50000}, 15);
    struct text text;
    text_init(&text, &arena, 4096);
    text_add_f(&text, "%sinteractions: [[name, town]]\n", people_spec);
    struct link_spec *spec = spec_of(&arena, text.ptr), *plain = spec_of(&arena, people_spec);
    struct link_result result =
        run_of(engine_of(&arena, &table, spec), (struct link_options){.model_only = true});
    struct str json = link_model_write(&arena, result.model);
    struct link_model *read = NULL;
    struct err err = ERR_INIT;
    assert_true(link_model_read(&arena, json, spec, &read, &err));
    assert_true(str_equal(link_model_write(&arena, read), json));
    static const char *const bad[] = {
        "",
        "{",
        "[]",
        "{\"version\":2,\"prior\":0,\"comparisons\":[]}",
        "{\"version\":1,\"prior\":0,\"comparisons\":[]}",
        "{\"version\":1,\"comparisons\":[]}",
        "{\"version\":1,\"prior\":0,\"comparisons\":[{\"name\":\"name\"},1,2,3]}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err = ERR_INIT;
        read = NULL;
        assert_false(link_model_read(&arena, str_from(bad[i]), plain, &read, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_null(read);
    }
    assert_false(link_model_read(&arena, json, plain, &read, &err));
    arena_free(&arena);
}

static const struct {
    const char *spec, *reason;
    enum err_kind kind;
} refusals[] = {
    {"compare: {name: {on: name, levels: [exact]}, born: {on: born, levels: [exact]}}\n"
     "block: [name, name & born]\n",
     "every blocking rule depends on it", ERR_INPUT},
    {"compare: {name: {on: name, levels: [exact]}, phone: {on: phone, levels: [exact]}}\n"
     "block: [name & born & phone & town, phone | first 1 & town & name]\n",
     "every blocking rule depends on it", ERR_INPUT},
    {"compare: {name: {on: name, levels: [exact]}, phone: {on: phone, levels: [exact]}}\n"
     "block: [{on: name, max: 2}, {on: phone, max: 2}]\n",
     "look like matches", ERR_NOT_FOUND},
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        struct arena arena = {0};
        struct table table;
        struct err err = ERR_INIT;
        struct link_result result;
        struct link_options options = {0};
        table_open(&table, &arena, 4000, people_columns, 4);
        table_people(&table, i == 2 ? 8 : 500, i == 2 ? 1 : 3, (struct people_rates){0, 0}, 16);
        struct link_engine *engine = engine_of(&arena, &table, spec_of(&arena, refusals[i].spec));
        assert_false(link_run(engine, &options, &result, &err));
        assert_int_equal(err.kind, refusals[i].kind);
        if (str_find(str_from(err.en), str_from(refusals[i].reason)) == SIZE_MAX) {
            print_error("%s\n", err.en);
        }
        assert_true(str_find(str_from(err.en), str_from(refusals[i].reason)) != SIZE_MAX);
        arena_free(&arena);
    }
}

static void test_empty(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table;
    struct err err = ERR_INIT;
    struct link_engine *engine;
    struct link_result result;
    struct link_options options = {0};
    struct link_spec *spec = spec_of(&arena, people_spec);
    for (uint32_t records = 0; records < 2; records++) {
        table_open(&table, &arena, 4, people_columns, 4);
        if (records > 0) table_people(&table, 1, 1, (struct people_rates){0, 0}, 1);
        assert_true(link_open(&arena, table_input(&table), spec, &engine, &err));
        assert_false(link_run(engine, &options, &result, &err));
        assert_int_equal(err.kind, ERR_NOT_FOUND);
    }
    static const char *const other[] = {"name"};
    table_open(&table, &arena, 4, other, 1);
    assert_false(link_open(&arena, table_input(&table), spec, &engine, &err));
    assert_true(str_find(str_from(err.en), STR("\"born\"")) != SIZE_MAX);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_training),    cmocka_unit_test(test_threads),
        cmocka_unit_test(test_order),       cmocka_unit_test(test_explain),
        cmocka_unit_test(test_probability), cmocka_unit_test(test_model),
        cmocka_unit_test(test_refusals),    cmocka_unit_test(test_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
