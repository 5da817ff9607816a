#include "registry/registry_testing.h"

#include <pthread.h>
#include <stdio.h>

/* Batches as a list and in time: who sees which, what is known when, and that a file is loaded once
 * whoever else loads it. */

enum { NOW_MS_2020_12 = 1606780800 };

static struct str list_as(struct world *world, const struct asker *asker)
{
    struct batch *batches = NULL;
    size_t count = 0;
    struct err err = ERR_INIT;
    struct text text;
    text_init(&text, &world->arena, 1 << 16);
    if (!registry_batches(&world->registry, &world->arena, asker, &batches, &count, &err)) {
        fail_msg("list failed: %s", err.en);
    }
    for (size_t i = 0; i < count; i++) {
        text_add_f(&text, "%lld [%.*s] %llu=%llu+%llu+%llu;", (long long)batches[i].number,
                   STR_ARG(batches[i].scope), (unsigned long long)batches[i].rows,
                   (unsigned long long)batches[i].accepted, (unsigned long long)batches[i].warned,
                   (unsigned long long)batches[i].rejected);
    }
    return text_str(&text);
}

/* Three counties and a city; the schools register says where the schools are. */
static void load_counties(void **state, struct world *world)
{
    world_load(state, world,
               "schools,2020-08-01\nschool_code,school_name,area\n"
               "2162000001,甲小学,620422101\n2162000002,乙小学,620421101\n",
               world_options());
    world_load(state, world,
               "population,2020-09-01\nname,id_number,area\n"
               "王小明," ID_A ",620422101\n李>红," ID_B ",620421101\nREJECT,,620421101\n"
               "赵强,,620421102\n",
               world_options());
    world_load(state, world,
               "roll,2020-09-01\nname,id_number,school_code\n"
               "王>小明," ID_A ",2162000001\n李红," ID_B ",2162000002\n",
               world_options());
    /* Repeats two of the rows of batch 2. */
    world_load(state, world,
               "population,2020-10-01\nname,id_number,area\n"
               "王小明," ID_A ",620422101\n赵强,,620421102\n钱多,,620400\n",
               world_options());
    world_load(state, world, "deaths,2020-10-01\nname,id_number,area\n孙一," ID_C ",\n",
               world_options());
}

static void an_asker_sees_batches_of_own_areas(void **state)
{
    struct world *world = world_open(state);
    load_counties(state, world);
    assert_str_is(list_as(world, &world->local),
                  "1 [620421101, 620422101] 2=2+0+0;2 [620421101, 620421102, 620422101] 4=2+1+1;"
                  "3 [school 2162000001, 2162000002] 2=1+1+0;"
                  "4 [620400, 620421102, 620422101] 3=3+0+0;5 [] 1=1+0+0;");
    struct asker one = asker_within(&world->local, STR("620422"));
    assert_str_is(list_as(world, &one),
                  "1 [620422101] 1=1+0+0;2 [620422101] 1=1+0+0;3 [school 2162000001] 1=0+1+0;"
                  "4 [620400, 620422101] 1=1+0+0;");
    struct asker two = asker_within(&world->local, STR("620421"));
    assert_str_is(list_as(world, &two),
                  "1 [620421101] 1=1+0+0;2 [620421101, 620421102] 3=1+1+1;"
                  "3 [school 2162000002] 1=1+0+0;4 [620400, 620421102] 1=1+0+0;");
    struct asker city = asker_within(&world->local, STR("620400"));
    assert_str_is(list_as(world, &city),
                  "1 [620421101, 620422101] 2=2+0+0;2 [620421101, 620421102, 620422101] 4=2+1+1;"
                  "3 [school 2162000001, 2162000002] 2=1+1+0;"
                  "4 [620400, 620421102, 620422101] 3=3+0+0;");
    struct asker elsewhere = asker_within(&world->local, STR("620503"));
    assert_str_is(list_as(world, &elsewhere), "");
    struct asker school = {.name = STR("teacher"), .school = STR("2162000002")};
    assert_str_is(list_as(world, &school), "1 [] 1=1+0+0;3 [school 2162000002] 1=1+0+0;");
    world_close(world);
}

/* Pages put together are the list turned round, for who sees all and for who sees a county. */
static void pages_are_the_list(void **state)
{
    struct world *world = world_open(state);
    load_counties(state, world);
    const struct asker askers[] = {world->local, asker_within(&world->local, STR("620422")),
                                   asker_within(&world->local, STR("620423"))};
    for (size_t a = 0; a < sizeof askers / sizeof *askers; a++) {
        struct batch *all, *page;
        size_t count, on_page, total, put = 0;
        struct err err = ERR_INIT;
        assert_true(
            registry_batches(&world->registry, &world->arena, &askers[a], &all, &count, &err));
        for (size_t skip = 0; skip <= count; skip += 2) {
            assert_true(registry_batches_page(&world->registry, &world->arena, &askers[a],
                                              (struct batch_page){skip, 2}, &page, &on_page, &total,
                                              &err));
            assert_int_equal(total, count);
            for (size_t i = 0; i < on_page; i++, put++) {
                const struct batch *one = &all[count - 1 - put];
                assert_int_equal(page[i].number, one->number);
                assert_int_equal(page[i].rows, one->rows);
                assert_true(str_equal(page[i].scope, one->scope));
            }
        }
        assert_int_equal(put, count);
    }
    world_close(world);
}

/* How many calls of the database a page of two takes. */
static uint64_t calls_of_page(struct world *world, const struct asker *asker)
{
    enum { MANY = 1 << 20 };
    struct batch *page;
    size_t on_page, total;
    struct err err = ERR_INIT;
    uint64_t low = 0, high = MANY; /* passes with high, not with low */
    while (high - low > 1) {
        uint64_t middle = (low + high) / 2;
        store_fault_set(world->registry.store, middle);
        bool passed =
            registry_batches_page(&world->registry, &world->arena, asker, (struct batch_page){0, 2},
                                  &page, &on_page, &total, &err);
        *(passed ? &high : &low) = middle;
    }
    store_fault_set(world->registry.store, 0);
    return high;
}

/* However many files were taken in: those on other pages cost who sees all of them nothing, and
 * those of other counties a county nothing. */
static void a_page_costs_what_is_on_it(void **state)
{
    struct world *world = world_open(state);
    struct asker county = asker_within(&world->local, STR("620422"));
    load_counties(state, world);
    uint64_t all_before = calls_of_page(world, &world->local);
    uint64_t county_before = calls_of_page(world, &county);
    for (int i = 0; i < 10; i++) {
        char text[128];
        snprintf(text, sizeof text,
                 "population,2020-10-%02d\nname,id_number,area\n赵强,,620421102\n", i + 2);
        world_load(state, world, text, world_options());
    }
    assert_int_equal(calls_of_page(world, &world->local), all_before);
    assert_int_equal(calls_of_page(world, &county), county_before);
    world_close(world);
}

static void listing_tells_its_failures(void **state)
{
    struct world *world = world_open(state);
    load_counties(state, world);
    struct asker county = asker_within(&world->local, STR("620422"));
    uint64_t n = 1;
    for (bool passed = false; !passed; n++) {
        struct batch *batches = NULL;
        size_t count = 0;
        struct err err = ERR_INIT;
        store_fault_set(world->registry.store, n);
        passed = registry_batches(&world->registry, &world->arena, &county, &batches, &count, &err);
        assert_int_equal(passed, !store_fault_reached(world->registry.store));
        store_fault_set(world->registry.store, 0);
    }
    assert_true(n > 20);
    world_close(world);
}

/* What was imported is known at once, also after the clock was set back, and what was known at a
 * moment stays what it was. */
static void a_clock_set_back_hides_nothing(void **state)
{
    struct world *world = world_open(state);
    struct err err = ERR_INIT;
    int64_t first = 0, second = 0, third = 0;
    assert_true(registry_now(&world->registry, &first, &err));
    assert_int_equal(first, (int64_t)NOW_MS_2020_12 * 1000);
    world_load(state, world, "roll,2020-09-01\nname\n甲\n", world_options());
    assert_true(registry_now(&world->registry, &first, &err));
    world->registry.clock = clock_fixed((int64_t)NOW_MS_2020_12 * 1000 - 86400000);
    world_load(state, world, "roll,2020-09-01\nname\n乙\n", world_options());
    assert_true(registry_now(&world->registry, &second, &err));
    assert_true(second > first);
    assert_str_is(world_read_as(world, &world->local, "roll", "name", "2020-09-15", second),
                  "甲;乙;");
    assert_str_is(world_read_as(world, &world->local, "roll", "name", "2020-09-15", first), "甲;");
    assert_true(registry_undo(&world->registry, &world->local, 2, &err));
    assert_true(registry_now(&world->registry, &third, &err));
    assert_true(third > second);
    assert_str_is(world_read_as(world, &world->local, "roll", "name", "2020-09-15", third), "甲;");
    assert_str_is(world_read_as(world, &world->local, "roll", "name", "2020-09-15", second),
                  "甲;乙;");
    world_close(world);
}

/* A second program that loads the same file while the first has not finished. */
struct rival {
    struct world *world;
    const char *path;
    pthread_t thread;
    bool started, done;
    struct load_result result;
    struct arena arena;
    struct err err;
};

static void *load_too(void *context)
{
    struct rival *rival = context;
    struct registry registry = rival->world->registry;
    struct load_options options = world_options();
    unsigned char secret[CODEC_SECRET_BYTES] = {7};
    registry.codec = codec_from_secret(secret);
    registry.store = NULL;
    if (store_open(&registry.store, rival->world->path, STORE_WRITE, &rival->err)) {
        struct load_result *results = NULL;
        size_t count = 0;
        rival->done = registry_load(&registry, &rival->arena, &rival->world->local, rival->path,
                                    &options, NULL, &results, &count, &rival->err);
        if (rival->done && count == 1) rival->result = results[0];
    }
    store_close(registry.store);
    codec_close(registry.codec);
    return NULL;
}

/* The first is in its transaction: time for the rival to come as far as it can. */
static void start_rival(void *context, const char *stage_en, const char *stage_zh, uint64_t done,
                        uint64_t total)
{
    (void)stage_en;
    (void)stage_zh;
    (void)done;
    (void)total;
    struct rival *rival = context;
    if (rival->started) return;
    rival->started = true;
    assert_int_equal(pthread_create(&rival->thread, NULL, load_too, rival), 0);
    usleep(300000);
}

static void a_file_is_loaded_once_by_two_at_once(void **state)
{
    struct world *world = world_open(state);
    struct load_options options = world_options();
    struct load_result result = {0};
    struct err err = ERR_INIT;
    struct rival rival = {.world = world, .path = world_file(state, "both.csv", ROLL_SEPTEMBER)};
    struct progress progress = {.report = start_rival, .context = &rival};
    assert_true(world_load_path(world, rival.path, &options, &progress, &result, &err));
    assert_true(rival.started);
    assert_int_equal(pthread_join(rival.thread, NULL), 0);
    if (!rival.done) fail_msg("the second failed: %s", rival.err.en);
    assert_int_equal(result.status, LOAD_LOADED);
    assert_int_equal(rival.result.status, LOAD_UNCHANGED);
    assert_int_equal(rival.result.batch, result.batch);
    assert_int_equal(rival.result.rows, 4);
    assert_int_equal(rival.result.sheet_count, 1);
    assert_str_is(list_as(world, &world->local), "1 [school 2162000001] 4=2+1+1;");
    arena_free(&rival.arena);
    world_close(world);
}

static struct str load_several(struct world *world, const char *path, struct load_options options)
{
    static const char *const status[] = {"loaded", "unchanged", "refused"};
    struct load_result *results = NULL;
    size_t count = 0;
    struct err err = ERR_INIT;
    struct text text;
    text_init(&text, &world->arena, 1 << 12);
    if (!registry_load(&world->registry, &world->arena, &world->local, path, &options, NULL,
                       &results, &count, &err)) {
        fail_msg("load failed: %s", err.en);
    }
    for (size_t i = 0; i < count; i++) {
        text_add_f(&text, "%.*s %s %lld %llu;", STR_ARG(results[i].register_key),
                   status[results[i].status], (long long)results[i].batch,
                   (unsigned long long)results[i].rows);
    }
    return text_str(&text);
}

/* Undone and loaded again register by register; refused as a whole. */
static void a_file_may_hold_several_registers(void **state)
{
    struct world *world = world_open(state);
    struct load_options options = world_options(), complete = world_options();
    struct err err = ERR_INIT;
    const char *path = world_file(state, "several.csv",
                                  "roll,2020-09-01\nname,school_code\n甲,1\n乙,1\n====\n"
                                  "deaths,\nname\n丙\n====\nroll,\nname,school_code\n丁,1\n");
    complete.complete = true;
    assert_str_is(load_several(world, path, options), "roll loaded 1 3;deaths loaded 2 1;");
    assert_str_is(load_several(world, path, options), "roll unchanged 1 3;deaths unchanged 2 1;");
    /* The day that one sheet states is the file's. */
    assert_str_is(world_read(world, "deaths", "name", "2020-09-01"), "丙;");
    assert_true(registry_undo(&world->registry, &world->local, 2, &err));
    assert_str_is(load_several(world, path, options), "roll unchanged 1 3;deaths loaded 3 1;");
    assert_str_is(load_several(world, path, options), "roll unchanged 1 3;deaths unchanged 3 1;");
    options.dry_run = true;
    assert_true(registry_undo(&world->registry, &world->local, 1, &err));
    assert_str_is(load_several(world, path, options), "roll loaded 0 3;deaths unchanged 3 1;");
    options.dry_run = false;
    assert_str_is(load_several(world, path, options), "roll loaded 4 3;deaths unchanged 3 1;");
    path = world_file(state, "less.csv",
                      "deaths,2020-10-01\nname\n戊\n====\n"
                      "roll,2020-10-01\nname,school_code\n甲,1\n");
    assert_str_is(load_several(world, path, complete), "deaths refused 0 0;roll refused 0 0;");
    assert_str_is(world_read(world, "deaths", "name", "2020-10-01"), "丙;");
    complete.yes = true;
    assert_str_is(load_several(world, path, complete), "deaths loaded 5 1;roll loaded 6 1;");
    world_close(world);
}

/* A workspace made before notes said which reject they are about. */
static void older_notes_find_their_rejects(void **state)
{
    struct world *world = world_open(state);
    struct reject_row *rows = NULL;
    size_t count = 0;
    struct err err = ERR_INIT;
    world_load(state, world, "roll,2020-09-01\nname,seat\nREJECT,1\n甲>乙,2\nREJECT,3\n",
               world_options());
    assert_true(store_exec(world->registry.store,
                           "ALTER TABLE note DROP COLUMN reject; "
                           "ALTER TABLE batch DROP COLUMN registers; "
                           "DROP TABLE batch_area; DROP TABLE correction; "
                           "DROP INDEX batch_scope_by_unit; "
                           "UPDATE schema_version SET version = 1 WHERE module = 'registry'",
                           &err));
    assert_true(registry_migrate(&world->registry, &err));
    assert_true(
        registry_rejects(&world->registry, &world->arena, &world->local, 1, &rows, &count, &err));
    assert_int_equal(count, 3);
    assert_str_is(rows[0].written, "REJECT\t1");
    assert_str_is(rows[1].written, "甲\t2");
    assert_str_is(rows[2].written, "REJECT\t3");
    world_close(world);
}

/* Who sees one county speaks for it and for nobody else: neither loads nor takes back what covers
 * another's areas or schools. */
static void nobody_speaks_for_others(void **state)
{
    static const struct {
        const char *area, *school, *text;
        bool taken;
    } cases[] = {
        {"620422", "", "population,2020-11-01\nname,id_number,area\n王小明," ID_A ",620422101\n",
         true},
        {"620422", "", "population,2020-11-01\nname,id_number,area\n李红," ID_B ",620421101\n",
         false},
        {"620422", "",
         "population,2020-11-01\nname,id_number,area\n王小明," ID_A ",620422101\n李红," ID_B
         ",620421101\n",
         false},
        {"620422", "", "roll,2020-11-01\nname,id_number,school_code\n甲," ID_A ",2162000001\n",
         true},
        {"620422", "", "roll,2020-11-01\nname,id_number,school_code\n甲," ID_A ",2162000002\n",
         false},
        {"620422", "", "roll,2020-11-01\nname,id_number,school_code\n乙," ID_B ",2162009999\n",
         true},
        {"", "2162000002", "roll,2020-11-01\nname,id_number,school_code\n丙," ID_A ",2162000002\n",
         true},
        {"", "2162000002", "roll,2020-11-01\nname,id_number,school_code\n丁," ID_A ",2162000001\n",
         false},
        {"", "2162000002", "roll,2020-11-01\nname,id_number,school_code\n丁," ID_A ",2162009999\n",
         false},
    };
    struct world *world = world_open(state);
    load_counties(state, world);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct asker asker = {.name = STR("user"), .school = str_from(cases[i].school)};
        if (*cases[i].area != '\0') asker.areas[asker.area_count++] = str_from(cases[i].area);
        struct load_options options = world_options();
        struct load_result *results = NULL;
        size_t count = 0;
        struct err err = ERR_INIT;
        const char *path = world_file(state, "file", cases[i].text);
        if (!registry_load(&world->registry, &world->arena, &asker, path, &options, NULL, &results,
                           &count, &err)) {
            fail_msg("case %zu: %s", i, err.en);
        }
        bool taken = results[0].status == LOAD_LOADED;
        if (taken != cases[i].taken) fail_msg("case %zu: %s", i, results[0].error.en);
        if (!taken) assert_int_equal(results[0].error.kind, ERR_DENIED);
        if (taken) assert_true(registry_undo(&world->registry, &asker, results[0].batch, &err));
    }
    struct err err = ERR_INIT;
    struct asker county = asker_within(&world->local, STR("620422"));
    assert_false(registry_undo(&world->registry, &county, 4, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    /* Of what nobody knows where it is, only who brought it may say that it was wrong. */
    struct load_result unknown = world_load(
        state, world, "deaths,2020-12-01\nname,id_number,area\n孙一," ID_C ",\n", world_options());
    struct asker other = county;
    other.name = STR("other");
    assert_false(registry_undo(&world->registry, &other, unknown.batch, &err));
    assert_int_equal(err.kind, ERR_DENIED);
    assert_true(registry_undo_because(&world->registry, &county, unknown.batch, STR("mine"), &err));
    world_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_speaks_for_others),
        cmocka_unit_test(an_asker_sees_batches_of_own_areas),
        cmocka_unit_test(listing_tells_its_failures),
        cmocka_unit_test(pages_are_the_list),
        cmocka_unit_test(a_page_costs_what_is_on_it),
        cmocka_unit_test(a_clock_set_back_hides_nothing),
        cmocka_unit_test(a_file_is_loaded_once_by_two_at_once),
        cmocka_unit_test(a_file_may_hold_several_registers),
        cmocka_unit_test(older_notes_find_their_rejects),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
