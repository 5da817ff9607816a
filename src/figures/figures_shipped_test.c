#include "figures/figures_testing.h"

/* Every figure of the packs can be read and run, gives each record once, and its number is that of
 * its rows. */

static void test_every_figure_runs(void **state)
{
    struct err err = ERR_INIT;
    struct town *town = town_open(state);
    if (!figures_load(&town->figures, &town->arena, NULL, &err)) fail_msg("%s", err.en);
    assert_true(town->figures.count > 5);
    assert_true(town->figures.small_below > 1);
    assert_true(town->figures.list_count > 5);
    /* Lists are held to the same. */
    town->figures.count += town->figures.list_count;
    if (!town_lay(town, &err)) fail_msg("%s", err.en);
    for (size_t i = 0; i < town->figures.count; i++) {
        const struct figure *figure = town->list[i];
        struct figure_value value;
        struct figure_columns columns;
        if (!figure_count(&town->desk, figure, &value, &err)) fail_msg("%s", err.en);
        for (int part = 0; part < FIGURE_QUERIES; part++) {
            struct publication_members members;
            enum figure_part one = (enum figure_part)part;
            if (figure->queries[part].sql.len == 0) continue;
            if (!publication_members_now(&town->desk, &town->arena, figure, one, &members, &err)
                || !figure_columns_read(&town->desk, figure, one, &columns, &err)) {
                fail_msg("%s", err.en);
            }
            if (part == FIGURE_ROWS) assert_int_equal(members.count, value.rows);
        }
        /* What it says that it rests on is what there is. */
        for (size_t k = 0; k < figure->source_count; k++) {
            bool there = figure_desk_profile(&town->desk, figure->sources[k]) != NULL
                         || str_is(figure->sources[k], "findings")
                         || str_is(figure->sources[k], "expected")
                         || str_is(figure->sources[k], "payments")
                         || str_is(figure->sources[k], "cases");
            if (!there) fail_msg("%s: no such source", figure->key.ptr);
        }
    }
    town_close(town);
}

/* All values, one line each. */
static struct str all_values(struct town *town)
{
    struct err err = ERR_INIT;
    struct text text;
    text_init(&text, &town->arena, 1 << 16);
    assert_true(registry_now(&town->world->registry, &town->when.known_ms, &err));
    if (!town_lay(town, &err)) fail_msg("%s", err.en);
    for (size_t i = 0; i < town->figures.count; i++) {
        struct figure_value value;
        if (!figure_count(&town->desk, town->list[i], &value, &err)) fail_msg("%s", err.en);
        struct str number = figure_value_text(&town->arena, town->list[i], &value);
        text_add_f(&text, "%.*s=%.*s\n", STR_ARG(town->list[i]->key), STR_ARG(number));
    }
    return text_str(&text);
}

/* The keys of the figures whose values differ. */
static struct str changed(struct town *town, struct str before, struct str after)
{
    struct text text;
    struct str a, b, key;
    text_init(&text, &town->arena, 4096);
    while (str_split(&before, '\n', &a) && str_split(&after, '\n', &b)) {
        if (str_equal(a, b)) continue;
        assert_true(str_split(&a, '=', &key));
        text_add_f(&text, "%.*s ", STR_ARG(key));
    }
    return text_str(&text);
}

/* Records come and change one by one: each moves the figures that it belongs to, and no other. */
static void test_one_record_moves_its_figures(void **state)
{
    static const struct {
        const char *file, *figures;
    } steps[] = {
        {"admissions,2020-09-20\nexam_number,name,year,plan,area\n"
         "1001,甲,2020,nation,620422\n1002,乙,2019,local,620421\n1003,丙,2015,local,620421\n"
         "1004,丁,2020,general,620421\n",
         "admissions_local admissions_nation admissions_old_area admissions_poverty "
         "admissions_special admissions_university "},
        {"admissions,2020-09-21\nexam_number,name,year,plan,area\n"
         "1001,甲,2020,local,620422\n",
         "admissions_local admissions_nation "},
        {"admissions,2020-09-22\nexam_number,name,year,plan,area\n"
         "1004,丁,2020,poverty,620421\n",
         "admissions_poverty admissions_special "},
        {"admissions,2020-09-23\nexam_number,name,year,plan,area\n"
         "1003,丙,2015,nation,620421\n",
         ""},
        {"exchanges,2020-09-20\nname,direction,from,area\n甲,sent,2019-03-01,620421\n"
         "乙,received,2018-03-01,620421\n",
         "exchanges_received exchanges_sent "},
        {"projects,2020-09-20\nproject_number,project_name,kind,year,paid,status,area\n"
         "P1,教学楼,weak_schools,2019,120000000,finished,620421\n",
         "project_investment "},
        {"projects,2020-09-21\nproject_number,project_name,kind,year,paid,status,area\n"
         "P1,教学楼,other,2019,120000000,finished,620421\n",
         "project_investment "},
        {"rotations,2020-09-20\nname,within_county,school_year,from,area\n"
         "甲,yes,2019-2020,2019-09-01,620421\n乙,no,2019-2020,2019-09-01,620421\n",
         "rotations "},
        {"aid_totals,2020-09-20\nschool_code,scheme,period,persons,amount,area\n"
         "2162000001,nutrition,2019-autumn,100,4000000,620421\n",
         "aid_paid aid_times "},
        {"awards_paid,2020-09-20\nname,scheme,period,amount,paid_on,area\n"
         "甲,senior_grant,2019-autumn,100000,2020-01-31,620421\n",
         "aid_paid aid_paid_late aid_times "},
        {"awards_paid,2020-09-21\nname,scheme,period,amount,paid_on,area\n"
         "乙,senior_grant,2019-autumn,100000,2020-02-01,620421\n",
         "aid_paid aid_paid_late aid_times "},
        {"awards_paid,2020-09-22\nname,scheme,period,amount,paid_year,paid_month,area\n"
         "丙,senior_grant,2019-autumn,100000,2020,1,620421\n",
         "aid_paid aid_times "},
        {"awards_paid,2020-09-23\nname,scheme,period,amount,paid_year,paid_month,area\n"
         "丁,senior_grant,2019-autumn,100000,2020,2,620421\n",
         "aid_paid aid_paid_late aid_times "},
        {"villages,2020-09-20\nvillage,area_code,poor_village,exit_year,population,area\n"
         "新添,620422103202,yes,2020,900,620422103202\n",
         "poor_villages_left "},
    };
    struct err err = ERR_INIT;
    struct town *town = town_open(state);
    if (!figures_load(&town->figures, &town->arena, NULL, &err)) fail_msg("%s", err.en);
    struct str before = all_values(town);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        world_load(state, town->world, steps[i].file, world_options());
        struct str after = all_values(town);
        struct str moved = changed(town, before, after);
        if (!str_is(moved, steps[i].figures)) fail_msg("step %zu: %s", i, moved.ptr);
        before = after;
    }
    town_close(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_figure_runs),
        cmocka_unit_test(test_one_record_moves_its_figures),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
