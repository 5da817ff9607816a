#include "figures/figures_testing.h"
#include "figures/requirement.h"

/* What ought to be, what is, what lacks and what closing it costs; and that nothing is said of what
 * nobody stated. */

/* A requirement on the villages: at least 1,000 people in each, at so much for one more. */
#define RULE(key, of, sql)                                                                         \
    "key: " key "\nzh: 人口不足的村\nen: small villages\ngroup: roll\nunit: items\n"         \
    "sources: [villages]\ndefinition: {zh: 试, en: trial}\ncites: 某文〔2020〕1号\n"         \
    "close: {zh: '再迁入 {n} 人', en: '{n} people more'}\nof: " of "\nrows: |\n  " sql "\n"

#define SMALL_VILLAGES                                                                             \
    "SELECT record, area, village AS name, population AS children, population AS has, "            \
    "1000 AS bound, 1000 - population AS lacking FROM villages WHERE population < 1000"

static struct requirement_gaps find(struct town *town, const struct figure *rule)
{
    struct err err = ERR_INIT;
    struct requirement_gaps found;
    assert_true(town_lay(town, &err));
    if (!requirement_find(&town->desk, &town->arena, &town->figures, rule, &found, &err)) {
        fail_msg("%s", err.en);
    }
    return found;
}

static void test_gaps(void **state)
{
    struct town *town = town_open(state);
    town_add(town, RULE("villages_small", "villages", SMALL_VILLAGES));
    town_add(town, FIGURE_HEAD("enrolled", "persons", "count") "rows: SELECT record FROM roll\n");
    assert_true(requirement_is(&town->figures.items[0]));
    assert_false(requirement_is(&town->figures.items[1]));
    town->figures.items[0].price_fen = 1250;
    struct requirement_gaps found = find(town, NULL);
    assert_int_equal(found.count, 2);
    assert_int_equal(found.unknown, 0);
    assert_int_equal(found.unpriced, 0);
    /* More people concerned come first: 900, then 800. */
    const struct requirement_gap *first = &found.items[0], *second = &found.items[1];
    assert_str_is(first->name, "新添");
    assert_str_is(first->area, "620422103202");
    assert_str_is(first->has, "900");
    assert_str_is(first->bound, "1000");
    assert_int_equal(first->children, 900);
    assert_int_equal(first->lacking, 100);
    assert_int_equal(first->cost_fen, 125000);
    assert_str_is(requirement_close(&town->arena, first, LANG_ZH), "再迁入 100 人");
    assert_str_is(requirement_close(&town->arena, first, LANG_EN), "100 people more");
    assert_str_is(requirement_cost(&town->arena, first->cost_fen), "1250");
    assert_str_is(first->rule->cites, "某文〔2020〕1号");
    assert_str_is(second->name, "大庙");
    assert_int_equal(second->lacking, 200);
    assert_int_equal(found.cost_fen, 125000 + 250000);
    town_close(town);
}

static void test_costs(void **state)
{
    struct town *town = town_open(state);
    struct err err = ERR_INIT;
    struct requirement_gaps found;
    town_add(town, RULE("villages_small", "villages", SMALL_VILLAGES));
    town->figures.items[0].price_fen = -1;
    found = find(town, &town->figures.items[0]);
    assert_int_equal(found.unpriced, 2);
    assert_int_equal(found.cost_fen, 0);
    assert_int_equal(found.items[0].cost_fen, -1);
    assert_str_is(requirement_cost(&town->arena, -1), "");
    assert_str_is(requirement_cost(&town->arena, 5250), "52.50");
    assert_str_is(requirement_cost(&town->arena, 0), "0");
    /* What cannot be counted is refused, not wrapped. */
    town->figures.items[0].price_fen = INT64_MAX / 150;
    assert_true(town_lay(town, &err));
    assert_false(requirement_find(&town->desk, &town->arena, &town->figures, NULL, &found, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    town_close(town);
}

/* A village whose population is not stated is not judged, and a register that never came makes the
 * requirement unknown, not kept. */
static void test_unknown(void **state)
{
    struct town *town = town_open(state);
    town_add(town, RULE("villages_small", "villages", SMALL_VILLAGES));
    town_add(town,
             RULE("beds", "conditions",
                  "SELECT record, area, boarders AS children, beds AS has, boarders AS bound, "
                  "boarders - beds AS lacking FROM conditions WHERE boarders > beds"));
    world_load(state, town->world,
               "villages,2020-10-01\nvillage,area_code,poor_village,exit_year,population,area\n"
               "无数,620422103209,no,,,620422103209\n",
               world_options());
    struct err err = ERR_INIT;
    assert_true(registry_now(&town->world->registry, &town->when.known_ms, &err));
    struct requirement_gaps found = find(town, NULL);
    assert_int_equal(found.count, 2);
    for (size_t i = 0; i < found.count; i++) assert_false(str_is(found.items[i].name, "无数"));
    assert_int_equal(found.unknown, 1);
    assert_true(requirement_is_known(&town->desk, &town->figures.items[0]));
    assert_false(requirement_is_known(&town->desk, &town->figures.items[1]));
    found = find(town, &town->figures.items[1]);
    assert_int_equal(found.count, 0);
    assert_int_equal(found.unknown, 1);
    town_close(town);
}

static bool has(const struct figure_columns *columns, const char *name)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (str_is(columns->names[i], name)) return true;
    }
    return false;
}

/* Each requirement of the packs cites what asks it, says how much would close it, and tells what is
 * there and what ought to be. */
static void test_shipped(void **state)
{
    struct town *town = town_open(state);
    struct err err = ERR_INIT;
    size_t count = 0;
    if (!figures_load(&town->figures, &town->arena, NULL, &err)) fail_msg("%s", err.en);
    town->figures.count += town->figures.list_count;
    town->figures.list_count = 0;
    if (!town_lay(town, &err)) fail_msg("%s", err.en);
    for (size_t i = 0; i < town->figures.count; i++) {
        struct figure_columns columns;
        const struct figure *rule = &town->figures.items[i];
        if (!requirement_is(rule)) continue;
        count++;
        if (rule->cites.len == 0) fail_msg("%.*s cites nothing", STR_ARG(rule->key));
        assert_true(figure_columns_read(&town->desk, rule, FIGURE_ROWS, &columns, &err));
        for (int k = 0; k < 2; k++) {
            const char *name = k == 0 ? "children" : "lacking";
            if (!has(&columns, name)) fail_msg("%.*s has no %s", STR_ARG(rule->key), name);
        }
        assert_true(rule->close_en.len > 0);
        assert_int_equal(str_find(rule->close_zh, STR("{n}")) == SIZE_MAX,
                         str_find(rule->close_en, STR("{n}")) == SIZE_MAX);
    }
    assert_true(count >= 12);
    town_close(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_costs),
        cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_shipped),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
