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
                         || str_is(figure->sources[k], "expected");
            if (!there) fail_msg("%s: no such source", figure->key.ptr);
        }
    }
    town_close(town);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_figure_runs)};
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
