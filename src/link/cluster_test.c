#include "link/engine_testing.h"

/* Who is joined, with models given by hand so that every weight is known: prior -10 bits; an equal
 * number +16, different numbers -12; an equal name +8, different -4; an equal home +6, -1. */

static const char spec_text[] = "compare:\n"
                                "  number: {on: number, levels: [exact]}\n"
                                "  name: {on: name, levels: [exact]}\n"
                                "  home: {on: home, levels: [exact]}\n"
                                "block: [number, name, home]\n"
                                "review: -8\n"
                                "match: 3\n"
                                "once_penalty: 9\n";

static const char model_text[] =
    "{\"version\":1,\"prior\":-10000,\"comparisons\":["
    "{\"name\":\"number\",\"m\":[-1000,-12000],\"u\":[-17000,0],\"frequency_base\":[0,0]},"
    "{\"name\":\"name\",\"m\":[-1000,-4000],\"u\":[-9000,0],\"frequency_base\":[0,0]},"
    "{\"name\":\"home\",\"m\":[-1000,-1000],\"u\":[-7000,0],\"frequency_base\":[0,0]}]}";

static const char *const columns[] = {"number", "name", "home"};

struct row {
    uint32_t source;
    const char *cells[3];
};

struct set {
    const char *what;
    struct row rows[6];
    uint32_t clusters[6];
    bool once;
    bool one_to_one;
    struct link_decision decisions[2];
    size_t decision_count;
    uint64_t records_tied;
};

static const struct set sets[] = {
    {.what = "equal numbers",
     .rows = {{0, {"1", "a", "x"}}, {0, {"1", "a", "y"}}, {0, {"2", "b", "z"}}},
     .clusters = {0, 0, 1}},
    {.what = "twins: all equal but name and number",
     .rows = {{0, {"1", "a", "x"}},
              {1, {"1", "a", "x"}},
              {0, {"2", "b", "x"}},
              {1, {"2", "b", "x"}},
              {2, {"", "a", "x"}}},
     .clusters = {0, 0, 1, 1, 0}},
    {.what = "a record of few words joins when one strong pair says so and none disagrees",
     .rows = {{0, {"1", "a", ""}}, {1, {"1", "a", "x"}}, {2, {"", "a", "x"}}},
     .clusters = {0, 0, 0}},
    {.what = "one strong pair does not bridge two numbers",
     .rows = {{0, {"1", "a", "x"}},
              {1, {"1", "a", "x"}},
              {2, {"", "a", "x"}},
              {3, {"2", "a", "x"}},
              {0, {"2", "a", "x"}}},
     .clusters = {0, 0, 0, 1, 1}},
    {.what = "a source that lists once: name and home are not enough",
     .rows = {{0, {"", "a", "x"}}, {0, {"", "a", "x"}}},
     .clusters = {0, 1},
     .once = true},
    {.what = "… and are, where it may list twice",
     .rows = {{0, {"", "a", "x"}}, {0, {"", "a", "x"}}},
     .clusters = {0, 0}},
    {.what = "… but an equal number outweighs the penalty",
     .rows = {{0, {"1", "a", "x"}}, {0, {"1", "a", "x"}}},
     .clusters = {0, 0},
     .once = true},
    {.what = "one to one: never two of a source",
     .rows = {{0, {"1", "a", "x"}}, {1, {"1", "a", "x"}}, {1, {"1", "a", "y"}}},
     .clusters = {0, 0, 1},
     .one_to_one = true},
    {.what = "one to one: the best choice as a whole, not the strongest pair first",
     .rows = {{0, {"1", "a", "x"}}, {0, {"1", "", "y"}}, {1, {"1", "a", "y"}}, {1, {"1", "", "x"}}},
     .clusters = {0, 1, 1, 0},
     .one_to_one = true},
    {.what = "one to one: two partners as good as one another are for a person to decide",
     .rows = {{0, {"1", "a", "x"}}, {1, {"1", "a", "x"}}, {1, {"1", "a", "x"}}},
     .clusters = {0, 1, 2},
     .one_to_one = true,
     .records_tied = 3},
    {.what = "… who says same",
     .rows = {{0, {"1", "a", "x"}}, {1, {"1", "a", "x"}}, {1, {"1", "a", "x"}}},
     .clusters = {0, 1, 0},
     .one_to_one = true,
     .decisions = {{2, 0, true}},
     .decision_count = 1},
    {.what = "… or different",
     .rows = {{0, {"1", "a", "x"}}, {1, {"1", "a", "x"}}, {1, {"1", "a", "x"}}},
     .clusters = {0, 1, 0},
     .one_to_one = true,
     .decisions = {{0, 1, false}},
     .decision_count = 1},
    {.what = "one to one: what a person joined out of one source finds its partner together",
     .rows =
         {{0, {"1", "a", "x"}}, {0, {"2", "a", "x"}}, {1, {"1", "a", "x"}}, {1, {"2", "b", "x"}}},
     .clusters = {0, 0, 0, 1},
     .one_to_one = true,
     .decisions = {{0, 1, true}},
     .decision_count = 1},
    {.what = "a person said that they differ",
     .rows = {{0, {"1", "a", "x"}}, {1, {"1", "a", "x"}}, {2, {"1", "a", "x"}}},
     .clusters = {0, 1, 1},
     .decisions = {{0, 1, false}, {0, 2, false}},
     .decision_count = 2},
    {.what = "a person said that they are the same, against everything",
     .rows = {{0, {"1", "a", "x"}}, {0, {"2", "b", "y"}}, {1, {"3", "c", "z"}}},
     .clusters = {0, 0, 1},
     .once = true,
     .decisions = {{0, 1, true}},
     .decision_count = 1},
    {.what = "… and a third that equals one of them joins both",
     .rows = {{0, {"1", "a", "x"}}, {0, {"2", "a", "x"}}, {1, {"2", "a", "x"}}},
     .clusters = {0, 0, 0},
     .once = true,
     .decisions = {{0, 1, true}},
     .decision_count = 1},
};

static struct link_model *model_of(struct arena *arena, const struct link_spec *spec)
{
    struct err err = ERR_INIT;
    struct link_model *model;
    assert_true(link_model_read(arena, str_from(model_text), spec, &model, &err));
    return model;
}

static void test_sets(void **state)
{
    (void)state;
    for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
        struct arena arena = {0};
        struct table table;
        struct text text;
        text_init(&text, &arena, 1024);
        text_add_f(&text, "%s%s", spec_text, sets[s].one_to_one ? "one_to_one: yes\n" : "");
        table_open(&table, &arena, 6, columns, 3);
        for (size_t r = 0; r < 6 && sets[s].rows[r].cells[0] != NULL; r++) {
            table_add(&table, sets[s].rows[r].source, 0, sets[s].rows[r].cells);
        }
        for (size_t i = 0; i < 4; i++) table.list[i].once_per_entity = sets[s].once;
        table.input.decisions = sets[s].decisions;
        table.input.decision_count = sets[s].decision_count;
        struct link_spec *spec = spec_of(&arena, text.ptr);
        struct link_result result = run_of(engine_of(&arena, &table, spec),
                                           (struct link_options){.model = model_of(&arena, spec)});
        for (uint32_t r = 0; r < table.count; r++) {
            if (result.clusters[r] != sets[s].clusters[r]) print_error("%s\n", sets[s].what);
            assert_int_equal(result.clusters[r], sets[s].clusters[r]);
        }
        assert_int_equal(result.records_tied, sets[s].records_tied);
        assert_int_equal(result.records_greedy, 0);
        arena_free(&arena);
    }
}

/* For each record and each group of which its cluster holds nothing, the heaviest other record that
 * a rule brought to it; held against all pairs. */
static void test_rejected(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct table table;
    struct rng rng = rng_seed(5);
    table_open(&table, &arena, 600, columns, 3);
    for (uint32_t i = 0; i < 600; i++) {
        char cells[3][16];
        snprintf(cells[0], 16, "%u", rng_below(&rng, 400));
        snprintf(cells[1], 16, "n%u", rng_below(&rng, 60));
        snprintf(cells[2], 16, "h%u", rng_below(&rng, 200));
        if (rng_below(&rng, 4) == 0) cells[0][0] = '\0';
        table_add(&table, rng_below(&rng, 3), 0, (const char *[]){cells[0], cells[1], cells[2]});
    }
    struct link_spec *spec = spec_of(&arena, spec_text);
    struct link_engine *engine = engine_of(&arena, &table, spec);
    struct link_model *model = model_of(&arena, spec);
    struct link_result result =
        run_of(engine, (struct link_options){.model = model, .keep_rejected = true});
    assert_true(result.rejected_count > 200);
    size_t at = 0;
    for (uint32_t a = 0; a < table.count; a++) {
        bool held[4] = {false};
        int32_t best[4] = {INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN};
        for (uint32_t b = 0; b < table.count; b++) {
            uint32_t group = table.sources[b];
            if (result.clusters[a] == result.clusters[b]) held[group] = true;
            bool met = false;
            for (size_t c = 0; c < 3; c++) {
                struct str one = table_text(&table, c, a), two = table_text(&table, c, b);
                met = met || (one.len > 0 && str_equal(one, two));
            }
            if (a == b || !met) continue;
            int32_t weight = link_weigh_pair(engine, model, a, b);
            if (weight > best[group]) best[group] = weight;
        }
        for (uint32_t group = 0; group < 4; group++) {
            if (held[group] || best[group] == INT32_MIN) continue;
            assert_true(at < result.rejected_count);
            assert_int_equal(result.rejected[at].a, a);
            assert_int_equal(table.sources[result.rejected[at].b], group);
            assert_int_equal(result.rejected[at].weight_millibits, best[group]);
            assert_true(result.rejected[at].pattern < result.pattern_count);
            at++;
        }
    }
    assert_int_equal(at, result.rejected_count);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sets),
        cmocka_unit_test(test_rejected),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
