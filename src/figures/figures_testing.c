#include "figures/figures_testing.h"

#include "access/audit.h"
#include "figures/figure_text.h"
#include "cases/case_store.h"
#include "findings/finding_store.h"
#include "ledger/ledger.h"
#include "link/people.h"

enum { TOWN_FIGURES_MAX = 100 };

static const char roll[] =
    "roll,2020-09-15\nname,id_number,school_code,stage,grade,boarding,status,area\n"
    "王小明," ID_A ",2162000001,primary,primary:3,yes,active,620421101\n"
    "李红," ID_B ",2162000001,primary,primary:3,no,active,620421101\n"
    "张伟," ID_C ",2162000002,primary,primary:1,no,active,620422103\n"
    "赵一,,2162000002,junior,junior:1,yes,active,620422103\n"
    "钱二,,2162000002,junior,junior:1,yes,transferred_out,620422103\n"
    "孙三,,2162000003,junior,junior:2,no,active,\n";

static const char villages[] = "villages,2020-09-15\nvillage,area_code,poor_village,exit_year,"
                               "population,area\n"
                               "红堡子,620422103201,yes,2019,1200,620422103201\n"
                               "新添,620422103202,yes,2021,900,620422103202\n"
                               "大庙,620421101201,no,,800,620421101201\n";

struct town *town_open(void **state)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct town *town = arena_new(&arena, struct town);
    town->arena = arena;
    town->world = world_open(state);
    struct divisions *divisions = NULL;
    assert_true(divisions_load(&divisions, &town->arena, NULL, &err));
    town->world->registry.divisions = divisions;
    struct store *store = town->world->registry.store;
    assert_true(access_migrate(store, &err));
    assert_true(people_migrate(store, &err));
    assert_true(finding_migrate(store, &err));
    assert_true(case_migrate(store, &err) && ledger_migrate(store, &err));
    assert_true(publication_migrate(store, &err));
    world_load(state, town->world, roll, world_options());
    world_load(state, town->world, villages, world_options());
    town->figures.items = arena_array(&town->arena, struct figure, TOWN_FIGURES_MAX);
    town->asker = asker_local();
    assert_true(day_parse(STR("2020-11-25"), &town->when.at));
    assert_true(registry_now(&town->world->registry, &town->when.known_ms, &err));
    return town;
}

void town_close(struct town *town)
{
    struct arena arena = town->arena;
    world_close(town->world);
    arena_free(&arena);
}

void town_add(struct town *town, const char *text)
{
    struct err err = ERR_INIT;
    struct figure *figure = &town->figures.items[town->figures.count++];
    if (!figure_read(figure, &town->arena, str_from(text), "trial.yaml", &err))
        fail_msg("%s", err.en);
}

bool town_lay(struct town *town, struct err *err)
{
    town->list = arena_array(&town->arena, const struct figure *, town->figures.count);
    for (size_t i = 0; i < town->figures.count; i++) town->list[i] = &town->figures.items[i];
    return figure_desk_open(&town->desk, &town->arena, &town->world->registry, &town->asker,
                            town->when, town->list, town->figures.count, err);
}

struct str town_value(struct town *town, const char *key)
{
    struct err err = ERR_INIT;
    struct figure_value value;
    const struct figure *figure = figure_find(&town->figures, str_from(key));
    assert_non_null(figure);
    if (!town_lay(town, &err) || !figure_count(&town->desk, figure, &value, &err)) {
        fail_msg("%s: %s", key, err.en);
    }
    return figure_value_text(&town->arena, figure, &value);
}

static bool add_record(void *context, const struct figure_row *row, struct err *err)
{
    (void)err;
    text_add_f(context, "%s%lld", ((struct text *)context)->len == 0 ? "" : " ",
               (long long)row->record);
    return true;
}

struct str town_rows(struct town *town, const char *key)
{
    struct err err = ERR_INIT;
    struct text text;
    text_init(&text, &town->arena, 1 << 16);
    const struct figure_listener listener = {add_record, &text};
    const struct figure *figure = figure_find(&town->figures, str_from(key));
    assert_true(town_lay(town, &err));
    if (!figure_rows_all(&town->desk, figure, FIGURE_ROWS, &listener, &err)) fail_msg("%s", err.en);
    return text_str(&text);
}
