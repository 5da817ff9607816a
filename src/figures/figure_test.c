#include "base/testing.h"

#include "base/file.h"
#include "figures/figure_text.h"
#include "store/testing.h"

#include <stdio.h>
#include <sys/stat.h>

/* The text of a figure, and what its periods mean. */

#define HEAD "key: one\nzh: 一\nen: one\ngroup: roll\nsources: [roll]\n"
#define DEFINITION "definition: {zh: 定义, en: definition}\n"

static void test_reads_a_figure(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct figure figure;
    const char *text = HEAD DEFINITION
        "unit: percent\nmeasure: share\nperiod: last_school_year\nof: roll\ncites: 某文件\n"
        "tables: [{name: roll_then, register: roll, on: \"09-30\", years_back: 9}]\n"
        "rows: SELECT record FROM roll\nover: {of: roll_then, sql: SELECT record FROM roll_then}\n";
    if (!figure_read(&figure, &arena, str_from(text), "one.yaml", &err)) fail_msg("%s", err.en);
    assert_str_is(figure.key, "one");
    assert_int_equal(figure.unit, FIGURE_PERCENT);
    assert_int_equal(figure.measure, FIGURE_SHARE);
    assert_int_equal(figure.table_count, 1);
    assert_str_is(figure.queries[FIGURE_ROWS].of, "roll");
    assert_str_is(figure.queries[FIGURE_OVER].of, "roll_then");
    assert_false(figure.everyone);
    assert_false(figure.persons);
    arena_free(&arena);
}

static void test_refuses_what_is_no_figure(void **state)
{
    (void)state;
    static const struct {
        const char *text, *part;
    } cases[] = {
        {"key: one\n", "zh"},
        {HEAD DEFINITION "unit: apples\nof: roll\nrows: x\n", "one.yaml:7:"},
        {HEAD DEFINITION "unit: persons\nof: roll\n", "a query is missing"},
        {HEAD DEFINITION "unit: persons\nof: roll\nrows: x\nover: y\n", "no such query"},
        {HEAD DEFINITION "unit: persons\nof: roll\nrows: x\nexpected: y\n", "a query is missing"},
        {HEAD DEFINITION "unit: percent\nof: roll\nrows: x\n", "a share is in percent"},
        {HEAD DEFINITION "unit: persons\nof: roll\nrows: x\ncolour: red\n", "not known"},
        {HEAD "unit: persons\nof: roll\nrows: x\n", "definition"},
        {"key: One\nzh: 一\nen: one\ngroup: g\nsources: [roll]\n" DEFINITION
         "unit: persons\nof: roll\nrows: x\n",
         "small letters"},
        {HEAD DEFINITION "unit: persons\nof: roll\nrows: x\n"
                         "tables: [{name: a, register: roll, on: \"02-30\"}]\n",
         "09-30"},
        {HEAD DEFINITION "unit: persons\nof: roll\nrows: x\n"
                         "tables: [{name: a, register: roll, on: \"09-30\", years_back: 99}]\n",
         "years"},
        {HEAD DEFINITION "unit: persons\nof: roll\nrows: x\nrules: [{name: a, file: b.yaml}]\n",
         "keys"},
        {HEAD DEFINITION "unit: persons\nof: roll\nrows: x\n"
                         "rules: [{name: A-b, file: b.yaml, keys: c}]\n",
         "parameter"},
        {HEAD DEFINITION "unit: persons\nof: roll\nrows: x\nrules: {name: a}\n", "rules are a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct err err = ERR_INIT;
        struct figure figure;
        assert_false(figure_read(&figure, &arena, str_from(cases[i].text), "one.yaml", &err));
        assert_int_equal(err.kind, ERR_INPUT);
        if (strstr(err.en, cases[i].part) == NULL) fail_msg("%zu: %s", i, err.en);
        arena_free(&arena);
    }
}

/* Writes a packs folder with a text of rules, and a figure that takes `keys` from it. */
static void load_with_rule(void **state, struct arena *arena, const char *keys,
                           struct figures *figures, bool good)
{
    static const char *const folders[] = {"packs", "packs/national", "packs/national/rules",
                                          "packs/national/figures"};
    struct err err = ERR_INIT;
    struct text text;
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        (void)mkdir(test_path(state, folders[i]), 0700);
    }
    assert_true(file_write(test_path(state, "packs/national/rules/days.yaml"),
                           STR("paid: {by: {autumn: 01-31}}\n"), 0600, &err));
    text_init(&text, arena, 4096);
    text_add_f(&text,
               HEAD DEFINITION "unit: persons\nof: roll\nrows: x\n"
                               "rules: [{name: by, file: days.yaml, keys: %s}]\n",
               keys);
    assert_true(file_write(test_path(state, "packs/national/figures/one.yaml"), text_str(&text),
                           0600, &err));
    assert_int_equal(figures_load(figures, arena, test_path(state, "packs"), &err), good);
    if (!good) assert_int_equal(err.kind, ERR_INPUT);
}

static void test_takes_values_from_rules(void **state)
{
    static const char *const written[] = {"packs/national/rules/days.yaml",
                                          "packs/national/figures/one.yaml",
                                          "packs/national/rules",
                                          "packs/national/figures",
                                          "packs/national",
                                          "packs"};
    struct arena arena = {0};
    struct figures figures;
    load_with_rule(state, &arena, "paid.by.autumn", &figures, true);
    assert_string_equal(figures.items[0].rules[0].parameter, "$by");
    assert_str_is(figures.items[0].rules[0].value, "01-31");
    load_with_rule(state, &arena, "paid.by", &figures, false);
    load_with_rule(state, &arena, "paid.by.spring", &figures, false);
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        assert_int_equal(remove(test_path(state, written[i])), 0);
    }
    arena_free(&arena);
}

static void test_days(void **state)
{
    (void)state;
    static const struct {
        enum figure_period period;
        const char *at, *text;
    } cases[] = {
        {FIGURE_AT, "2020-11-25", "2020-11-25"},
        {FIGURE_TERM, "2020-11-25", "2020-09-01 to 2020-11-25"},
        {FIGURE_TERM, "2021-05-01", "2021-03-01 to 2021-05-01"},
        {FIGURE_SCHOOL_YEAR, "2021-05-01", "2020-09-01 to 2021-05-01"},
        {FIGURE_LAST_SCHOOL_YEAR, "2020-11-25", "2019-09-01 to 2020-08-31"},
        {FIGURE_YEAR, "2020-11-25", "2020-01-01 to 2020-11-25"},
        {FIGURE_FIVE_YEARS, "2020-11-25", "2016-01-01 to 2020-11-25"},
        {FIGURE_EVER, "2020-11-25", "up to 2020-11-25"},
    };
    static const struct {
        const char *at, *day;
        int month, day_of_month, years_back;
    } tables[] = {
        {"2020-11-25", "2020-09-30", 9, 30, 0},
        {"2020-09-29", "2019-09-30", 9, 30, 0},
        {"2020-11-25", "2011-09-30", 9, 30, 9},
        {"2020-11-25", "2019-12-31", 12, 31, 0},
    };
    struct arena arena = {0};
    day at;
    char text[DAY_TEXT_SIZE];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(day_parse(str_from(cases[i].at), &at));
        assert_str_is(figure_period_text(&arena, cases[i].period, at, LANG_EN), cases[i].text);
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct figure_table table = {.month = tables[i].month,
                                     .day = tables[i].day_of_month,
                                     .years_back = tables[i].years_back};
        assert_true(day_parse(str_from(tables[i].at), &at));
        assert_string_equal(day_format(figure_table_day(&table, at), text), tables[i].day);
    }
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_a_figure),
        cmocka_unit_test(test_refuses_what_is_no_figure),
        cmocka_unit_test(test_takes_values_from_rules),
        cmocka_unit_test(test_days),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
