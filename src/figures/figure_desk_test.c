#include "figures/figures_testing.h"
#include "figures/report.h"

/* Figures over a small city: numbers, rows, parts, who sees what, and what a query may not do. */

#define COUNT(key, sql) FIGURE_HEAD(key, "persons", "count") "rows: |\n  " sql "\n"

/* The report's code of a figure changes with any record that it counts, and with no other. */
static void test_report(void **state)
{
    struct town *town = town_open(state);
    struct err err = ERR_INIT;
    struct report_data before, after;
    struct divisions *divisions = NULL;
    struct str pdf;
    assert_true(divisions_load(&divisions, &town->arena, NULL, &err));
    town_add(town, COUNT("enrolled", "SELECT record, area FROM roll WHERE status = 'active'"));
    town_add(town, COUNT("juniors", "SELECT record, area FROM roll WHERE stage = 'junior'"));
    town_add(town, FIGURE_HEAD("none", "persons", "count") "rows: {of: agreements, sql: SELECT "
                                                           "record FROM agreements}\n");
    assert_true(town_lay(town, &err));
    struct report_options options = {.figures = &town->figures,
                                     .list = town->list,
                                     .count = town->figures.count,
                                     .divisions = divisions,
                                     .place = STR("试"),
                                     .lang = LANG_EN};
    assert_true(report_collect(&town->desk, &town->arena, &options, &before, &err));
    assert_str_is(before.lines[0].value, "5");
    assert_true(str_starts(before.lines[0].code, STR("enrolled 2020-11-25 ")));
    assert_int_equal(before.lines[0].part_count, 3);
    assert_str_is(before.lines[2].value, "");
    assert_str_is(before.lines[2].why_none, "nothing imported");
    assert_true(report_paper(&town->arena, &before, &pdf, &err));
    assert_true(str_starts(pdf, STR("%PDF-")));
    world_load(state, town->world,
               "roll,2020-10-20\nname,id_number,school_code,stage,grade,boarding,status,area\n"
               "王小明," ID_A ",2162000001,primary,primary:4,yes,active,620421101\n",
               world_options());
    assert_true(registry_now(&town->world->registry, &town->when.known_ms, &err));
    assert_true(town_lay(town, &err));
    options.list = town->list;
    options.is_public = true;
    assert_true(report_collect(&town->desk, &town->arena, &options, &after, &err));
    assert_false(str_equal(before.lines[0].code, after.lines[0].code));
    assert_true(str_equal(before.lines[1].code, after.lines[1].code));
    town_close(town);
}

/* Rows that were forgotten because findings went on are kept anew, though other rows were kept
 * since; those of registers and cases stay. */
static void test_kept_again(void **state)
{
    struct town *town = town_open(state);
    struct err err = ERR_INIT;
    town_add(town, COUNT("found", "SELECT record, area FROM findings"));
    town_add(town, COUNT("enrolled", "SELECT record, area FROM roll WHERE status = 'active'"));
    town_add(town, COUNT("worked", "SELECT record, area FROM cases"));
    assert_true(town_lay(town, &err));
    for (int i = 0; i < 3; i++) {
        assert_true(figure_desk_keep(&town->desk, town->list[i], FIGURE_ROWS, &err));
    }
    struct figure_desk_version was, is;
    assert_true(figure_desk_version(&town->world->registry, &was, &err));
    is = was;
    is.work[FIGURE_FINDINGS]++;
    assert_true(figure_desk_renew(&town->desk, &was, &is, &err));
    assert_false(figure_desk_is_kept(&town->desk, town->list[0], FIGURE_ROWS));
    assert_true(figure_desk_is_kept(&town->desk, town->list[1], FIGURE_ROWS));
    assert_true(figure_desk_is_kept(&town->desk, town->list[2], FIGURE_ROWS));
    if (!figure_desk_keep(&town->desk, town->list[0], FIGURE_ROWS, &err)) fail_msg("%s", err.en);
    assert_true(figure_desk_is_kept(&town->desk, town->list[0], FIGURE_ROWS));
    town_close(town);
}

/* The duty to exchange lies on the desk as place duty reckons it: eight of ten are eligible, one of
 * whom exchanged, and another who is on no list. */
static void test_duty(void **state)
{
    struct town *town = town_open(state);
    struct err err = ERR_INIT;
    struct text teachers;
    text_init(&teachers, &town->arena, 1 << 14);
    text_add_c(&teachers, "teachers,2020-09-15\nname,id_number,school_code,stage,status,source,"
                          "full_time,key_teacher,at_school_since,area\n");
    for (int i = 0; i < 10; i++) {
        text_add_f(&teachers, "师%d,,2162000001,primary,in_post,exam,yes,%s,%s,620421\n", i,
                   i == 0 ? "county" : "", i < 8 ? "2010-09-01" : "2019-09-01");
    }
    world_load(state, town->world,
               "schools,2020-09-15\nschool_code,school_name,stage,area\n"
               "2162000001,甲校,primary,620421101\n2162000002,乙校,primary,620421102\n",
               world_options());
    world_load(state, town->world, teachers.ptr, world_options());
    world_load(state, town->world,
               "rotations,2020-10-15\nname,from_code,to_code,stage,from,within_county,area\n"
               "师0,2162000001,2162000002,primary,2020-09-01,yes,620421\n"
               "外来,2162000001,2162000002,primary,2020-09-01,yes,620421\n",
               world_options());
    assert_true(registry_now(&town->world->registry, &town->when.known_ms, &err));
    town_add(town, FIGURE_HEAD("share", "percent",
                               "share") "rows: {of: duty_teachers, sql: \"SELECT record, register, "
                                        "area FROM duty_teachers "
                                        "WHERE exchanged = 1\"}\nover: {of: duty_teachers, sql: "
                                        "\"SELECT record, area FROM "
                                        "duty_teachers WHERE state = 'eligible'\"}\n");
    town_add(town,
             FIGURE_HEAD(
                 "lacking", "persons",
                 "sum") "rows: {of: duty_places, sql: \"SELECT record, area, lacking AS value FROM "
                        "duty_places WHERE level = 'county'\"}\n");
    town_add(town, FIGURE_HEAD("key", "persons", "sum") "rows: {of: duty_places, sql: \"SELECT "
                                                        "record, area, key_exchanged AS value FROM "
                                                        "duty_places WHERE level = 'school'\"}\n");
    assert_str_is(town_value(town, "share"), "25");
    assert_str_is(town_value(town, "lacking"), "0");
    assert_str_is(town_value(town, "key"), "1");
    assert_str_is(town_rows(town, "lacking"), "620421");
    /* Who sees part of a county is told of no county; who sees none of it, of nothing. */
    struct asker all = town->asker;
    town->asker = asker_within(&all, STR("620421101"));
    assert_str_is(town_rows(town, "lacking"), "");
    town->asker = asker_within(&all, STR("620422"));
    assert_str_is(town_rows(town, "share"), "");
    town_close(town);
}

static void test_counts_and_lists_the_same(void **state)
{
    struct town *town = town_open(state);
    town_add(town, COUNT("enrolled", "SELECT record, area FROM roll WHERE status = 'active'"));
    town_add(town,
             COUNT("boarders", "SELECT record, area FROM roll WHERE boarding = 'yes' -- all"));
    town_add(town,
             FIGURE_HEAD("people", "persons", "sum") "rows: {of: villages, sql: 'SELECT record, "
                                                     "population AS value FROM villages'}\n");
    town_add(town,
             FIGURE_HEAD("share", "percent", "share") "rows: SELECT record FROM roll WHERE stage = "
                                                      "'junior'\nover: SELECT record FROM roll;\n");
    town_add(town,
             FIGURE_HEAD(
                 "nothing", "percent",
                 "share") "rows: SELECT record FROM roll\nover: SELECT record FROM roll WHERE 0\n");
    assert_str_is(town_value(town, "enrolled"), "5");
    assert_str_is(town_rows(town, "enrolled"), "1 2 3 4 6");
    assert_str_is(town_value(town, "boarders"), "3");
    assert_str_is(town_rows(town, "boarders"), "1 4 5");
    assert_str_is(town_value(town, "people"), "2900");
    assert_str_is(town_value(town, "share"), "50");
    assert_str_is(town_value(town, "nothing"), "");
    town_close(town);
}

/* One record changes: exactly the figures that it belongs to differ. */
static void test_one_record_changes(void **state)
{
    static const char *const keys[] = {"enrolled", "boarders", "juniors", "away"};
    static const char *const before[] = {"5", "3", "3", "1"};
    static const char *const after[] = {"5", "2", "3", "1"};
    struct err err = ERR_INIT;
    struct town *town = town_open(state);
    town_add(town, COUNT("enrolled", "SELECT record FROM roll WHERE status = 'active'"));
    town_add(town, COUNT("boarders", "SELECT record FROM roll WHERE boarding = 'yes'"));
    town_add(town, COUNT("juniors", "SELECT record FROM roll WHERE stage = 'junior'"));
    town_add(town, COUNT("away", "SELECT record FROM roll WHERE status = 'transferred_out'"));
    for (int i = 0; i < 4; i++) assert_str_is(town_value(town, keys[i]), before[i]);
    world_load(state, town->world,
               "roll,2020-10-20\nname,id_number,school_code,stage,grade,boarding,status,area\n"
               "王小明," ID_A ",2162000001,primary,primary:3,no,active,620421101\n",
               world_options());
    assert_true(registry_now(&town->world->registry, &town->when.known_ms, &err));
    for (int i = 0; i < 4; i++) assert_str_is(town_value(town, keys[i]), after[i]);
    /* As of the day before, and as known before, all is as it was. */
    assert_true(day_parse(STR("2020-10-19"), &town->when.at));
    for (int i = 0; i < 4; i++) assert_str_is(town_value(town, keys[i]), before[i]);
    town_close(town);
}

static void test_another_day(void **state)
{
    struct err err = ERR_INIT;
    struct town *town = town_open(state);
    town_add(town, COUNT("now", "SELECT record FROM roll WHERE boarding = 'yes'"));
    town_add(town,
             FIGURE_HEAD("then", "persons",
                         "count") "tables: [{name: roll_then, register: roll, on: \"10-01\"}]\n"
                                  "rows: {of: roll_then, sql: SELECT record FROM roll_then WHERE "
                                  "boarding = 'yes'}\n");
    world_load(state, town->world,
               "roll,2020-10-20\nname,id_number,school_code,stage,grade,boarding,status,area\n"
               "王小明," ID_A ",2162000001,primary,primary:3,no,active,620421101\n",
               world_options());
    assert_true(registry_now(&town->world->registry, &town->when.known_ms, &err));
    assert_str_is(town_value(town, "now"), "2");
    assert_str_is(town_value(town, "then"), "3");
    town_close(town);
}

static void test_everyone_sees_their_areas(void **state)
{
    struct town *town = town_open(state);
    struct asker all = asker_local();
    town_add(town, COUNT("enrolled", "SELECT record, area FROM roll"));
    static const struct {
        const char *area, *rows;
    } cases[] = {
        {"620400", "1 2 3 4 5"}, {"620421", "1 2"},         {"620422", "3 4 5"},
        {"620422103", "3 4 5"},  {"620422000000", "3 4 5"}, {"620422103201", ""},
        {"620423", ""},          {"62", "1 2 3 4 5"},       {"630000", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        town->asker = asker_within(&all, str_from(cases[i].area));
        assert_str_is(town_rows(town, "enrolled"), cases[i].rows);
    }
    town->asker = (struct asker){.name = STR("nobody")};
    assert_str_is(town_rows(town, "enrolled"), "");
    town_close(town);
}

static struct str parts_of(struct town *town, const char *key, enum figure_by by)
{
    struct err err = ERR_INIT;
    struct text text;
    struct figure_part_value *parts;
    size_t count;
    text_init(&text, &town->arena, 4096);
    assert_true(town_lay(town, &err));
    const struct figure *figure = figure_find(&town->figures, str_from(key));
    if (!figure_count_by(&town->desk, &town->arena, figure, by, &parts, &count, &err)) {
        assert_int_equal(err.kind, ERR_USAGE);
        return STR("cannot be split");
    }
    for (size_t i = 0; i < count; i++) {
        text_add_f(&text, "%.*s=%.*s;", STR_ARG(parts[i].place),
                   STR_ARG(figure_value_text(&town->arena, figure, &parts[i].value)));
    }
    return text_str(&text);
}

static void test_by_place(void **state)
{
    struct town *town = town_open(state);
    town_add(town, COUNT("enrolled", "SELECT record, area, school_code AS school FROM roll"));
    town_add(town, COUNT("plain", "SELECT record FROM roll"));
    town_add(town,
             FIGURE_HEAD("share", "percent",
                         "share") "rows: SELECT record, area FROM roll WHERE stage = 'junior'\n"
                                  "over: SELECT record, area FROM roll\n");
    assert_str_is(parts_of(town, "enrolled", FIGURE_BY_COUNTY), "=1;620421=2;620422=3;");
    assert_str_is(parts_of(town, "enrolled", FIGURE_BY_TOWNSHIP), "=1;620421101=2;620422103=3;");
    assert_str_is(parts_of(town, "enrolled", FIGURE_BY_SCHOOL),
                  "2162000001=2;2162000002=3;2162000003=1;");
    assert_str_is(parts_of(town, "share", FIGURE_BY_COUNTY), "=100;620421=0;620422=66.67;");
    assert_str_is(parts_of(town, "plain", FIGURE_BY_COUNTY), "cannot be split");
    town_close(town);
}

/* The queries of a figure are text: they reach the desk and nothing else. */
static void test_refuses_other_queries(void **state)
{
    static const char *const refused[] = {
        "SELECT statement AS record FROM register_roll",
        "SELECT statement AS record, sealed FROM main.register_roll",
        "SELECT record, sealed FROM roll",
        "SELECT record, id_number FROM roll",
        "SELECT number AS record FROM user_account",
        "SELECT number AS record FROM audit",
        "SELECT record FROM roll WHERE EXISTS (SELECT 1 FROM data_key)",
        "WITH roll AS (SELECT number AS record FROM user_account) SELECT record FROM roll",
        "SELECT count(*) AS record FROM user_account",
        "SELECT area FROM roll",
        "SELECT record, random() AS x FROM roll",
        "DELETE FROM roll",
        "PRAGMA table_info(roll)",
        "SELECT record FROM roll) UNION SELECT number FROM (audit",
        "SELECT record FROM roll; SELECT 1",
        "SELECT 1 AS record FROM nowhere",
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct town *town = town_open(state);
        struct err err = ERR_INIT;
        struct text text;
        text_init(&text, &town->arena, 4096);
        text_add_f(&text, "%srows: |\n  %s\n", FIGURE_HEAD("trial", "persons", "count"),
                   refused[i]);
        town_add(town, text.ptr);
        if (town_lay(town, &err)) fail_msg("taken: %s", refused[i]);
        assert_int_equal(err.kind, ERR_INPUT);
        assert_non_null(strstr(err.en, "trial.yaml"));
        town_close(town);
    }
}

static void test_values_are_whole(void **state)
{
    struct town *town = town_open(state);
    struct err err = ERR_INIT;
    struct figure_value value;
    town_add(town,
             FIGURE_HEAD("half", "persons", "sum") "rows: SELECT record, 0.5 AS value FROM roll\n");
    assert_true(town_lay(town, &err));
    assert_false(figure_count(&town->desk, town->list[0], &value, &err));
    assert_int_equal(err.kind, ERR_INPUT);
    town_close(town);
}

struct seen_rows {
    struct text text;
};

static bool see_row(void *context, const struct figure_row *row, struct err *err)
{
    (void)err;
    struct seen_rows *seen = context;
    text_add_f(&seen->text, "%lld %.*s %.*s %.*s %.*s;", (long long)row->record, STR_ARG(row->name),
               STR_ARG(row->id_number), STR_ARG(row->area), STR_ARG(row->more[0]));
    return true;
}

static void test_rows_say_who(void **state)
{
    struct town *town = town_open(state);
    struct err err = ERR_INIT;
    struct seen_rows seen;
    const struct figure_listener listener = {see_row, &seen};
    text_init(&seen.text, &town->arena, 4096);
    town_add(town,
             COUNT("primary", "SELECT record, area, grade FROM roll WHERE stage = 'primary'"));
    assert_true(town_lay(town, &err));
    assert_true(figure_rows_all(&town->desk, town->list[0], FIGURE_ROWS, &listener, &err));
    assert_string_equal(seen.text.ptr, "1 王小明 620422********0013 620421101 primary:3;"
                                       "2 李红 620422********0021 620421101 primary:3;"
                                       "3 张伟 620422********003X 620422103 primary:1;");
    text_clear(&seen.text);
    assert_true(figure_rows_page(&town->desk, town->list[0], FIGURE_ROWS, 1, 1, &listener, &err));
    assert_string_equal(seen.text.ptr, "2 李红 620422********0021 620421101 primary:3;");
    town_close(town);
}

static void test_withholds(void **state)
{
    (void)state;
    const struct figures figures = {.small_below = 10};
    const struct figure persons = {.persons = true, .unit = FIGURE_YUAN},
                        villages = {.persons = false};
    struct figure_part_value parts[] = {{STR("a"), {.rows = 3}},
                                        {STR("b"), {.rows = 50}},
                                        {STR("c"), {.rows = 20}},
                                        {STR("d"), {.rows = 0}}};
    bool withheld[4];
    figure_withhold(&figures, &persons, parts, 4, withheld);
    /* One alone could be computed from the total, so the smallest other goes with it. */
    assert_true(withheld[0] && !withheld[1] && withheld[2] && !withheld[3]);
    parts[2].value.rows = 4; /* together below the threshold */
    figure_withhold(&figures, &persons, parts, 4, withheld);
    assert_true(withheld[0] && withheld[1] && withheld[2] && !withheld[3]);
    parts[2].value.rows = 9;
    figure_withhold(&figures, &persons, parts, 4, withheld);
    assert_true(withheld[0] && !withheld[1] && withheld[2] && !withheld[3]);
    figure_withhold(&figures, &villages, parts, 4, withheld);
    assert_false(withheld[0] || withheld[1] || withheld[2] || withheld[3]);
    struct figure_value none = {.rows = 0}, many = {.rows = 10};
    assert_false(figure_is_small(&figures, &persons, &none));
    assert_false(figure_is_small(&figures, &persons, &many));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_and_lists_the_same),
        cmocka_unit_test(test_one_record_changes),
        cmocka_unit_test(test_another_day),
        cmocka_unit_test(test_everyone_sees_their_areas),
        cmocka_unit_test(test_by_place),
        cmocka_unit_test(test_refuses_other_queries),
        cmocka_unit_test(test_values_are_whole),
        cmocka_unit_test(test_rows_say_who),
        cmocka_unit_test(test_withholds),
        cmocka_unit_test(test_report),
        cmocka_unit_test(test_kept_again),
        cmocka_unit_test(test_duty),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
