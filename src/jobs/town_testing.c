#include "jobs/town_testing.h"

enum { NEIGHBOURS = 24, TEXT_BYTES_MAX = 1 << 16 };

static void load(void **state, struct world *world, const char *text)
{
    struct load_result result = world_load(state, world, text, world_options());
    assert_int_equal(result.status, LOAD_LOADED);
}

static void load_neighbours(void **state, struct world *world, const char *register_key)
{
    static const char *const given[] = {"伟", "芳", "敏", "静", "强", "磊", "洋", "艳"};
    bool at_home = strcmp(register_key, "population") == 0;
    struct text text;
    text_init(&text, &world->arena, TEXT_BYTES_MAX);
    text_add_f(&text, "%s,2020-09-01\nname,id_number,birth_date,guardian_name,area%s\n",
               register_key, at_home ? "" : ",school_code,school_name,stage,grade");
    const char *school = at_home ? "" : ",2162000001,郭城小学,primary,primary:3";
    for (int i = 0; i < NEIGHBOURS; i++) {
        text_add_f(&text, "赵小%s,,20%02d-%02d-%02d,赵大%s,62042210%d%s\n", given[i % 8], 7 + i % 6,
                   1 + i % 12, 3 + i, given[(i + 3) % 8], i % 2, school);
    }
    text_add_f(&text, "曾重庆," ID_B ",2012-03-05,曾大,620422100%s\n", school);
    if (at_home) {
        text_add_c(&text, "钱多多,,2012-03-05,钱大,620422100\n"
                          "孙一一,,2011-05-06,孙大,620422101\n"
                          "单于飞," ID_A ",2012-03-05,单大,620421100\n");
    } else {
        text_add_c(&text, "单于飞," ID_A
                          ",2012-03-05,单大,620422101,2162000002,白塔小学,primary,primary:3\n");
    }
    load(state, world, text.ptr);
}

/* The key file that belongs to the codec of registry_testing.c, for those who open the workspace by
 * its path. */
static void write_key(struct world *world)
{
    struct text path, secret;
    struct err err = ERR_INIT;
    text_init(&path, &world->arena, 4096);
    text_init(&secret, &world->arena, 128);
    text_add_f(&path, "%s.key", world->path);
    text_add_c(&secret, "07");
    for (int i = 1; i < CODEC_SECRET_BYTES; i++) text_add_c(&secret, "00");
    text_add_byte(&secret, '\n');
    assert_true(file_write(path.ptr, text_str(&secret), 0600, &err));
}

struct town town_open(void **state)
{
    struct town town = {.world = world_open(state)};
    struct err err = ERR_INIT;
    write_key(town.world);
    load(state, town.world,
         "schools,2020-09-01\nschool_name,school_code,kind,area\n"
         "郭城小学,2162000001,小学,620422100\n白塔小学,2162000002,小学,620422101\n");
    load_neighbours(state, town.world, "population");
    load_neighbours(state, town.world, "roll");
    load_neighbours(state, town.world, "attending");
    struct workspace_options options = {.path = town.world->path,
                                        .clock = town.world->registry.clock};
    if (!snapshot_hub_open(&town.hub, &options, &err)) fail_msg("%s", err.en);
    if (!snapshot_hub_refresh(town.hub, NULL, &err)) fail_msg("%s", err.en);
    return town;
}

void town_close(struct town *town)
{
    snapshot_hub_close(town->hub);
    world_close(town->world);
}

struct view town_look(struct town *town, struct arena *arena, const struct asker *asker)
{
    struct view view = {.snapshot = snapshot_take(town->hub),
                        .registry = &town->world->registry,
                        .asker = asker,
                        .arena = arena};
    assert_non_null(view.snapshot);
    return view;
}

void town_leave(struct town *town, struct view *view)
{
    snapshot_release(town->hub, view->snapshot);
    view->snapshot = NULL;
}

struct asker town_asker_of_area(const char *area)
{
    return (struct asker){.name = STR("clerk"), .areas = {str_from(area)}, .area_count = 1};
}

struct asker town_asker_of_school(const char *code)
{
    return (struct asker){.name = STR("teacher"), .school = str_from(code)};
}

uint32_t town_person(const struct snapshot *snapshot, const char *name)
{
    const struct people *people = &snapshot->run.people;
    uint32_t found = UINT32_MAX;
    for (uint32_t p = 0; p < people->person_count; p++) {
        if (!str_is(people_text(people, snapshot->shown[p], PERSON_NAME), name)) continue;
        assert_int_equal(found, UINT32_MAX);
        found = p;
    }
    assert_int_not_equal(found, UINT32_MAX);
    return found;
}
