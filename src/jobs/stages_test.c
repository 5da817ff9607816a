#include "jobs/stages.h"
#include "ledger/ledger.h"

#include "access/audit.h"
#include "registry/registry_testing.h"

/* The whole of a check over a small workspace: imported, linked, compared, saved. */

enum { NEIGHBOURS = 24 };

struct office {
    struct world *world;
    struct workspace workspace;
};

/* A county of children who are all on a roll and at school, and two more of whom one is not. */
static void import_county(void **state, struct world *world, bool with_second)
{
    static const char *const given[] = {"伟", "芳", "敏", "静", "强", "磊", "洋", "艳"};
    static const char *const registers[] = {"population", "roll", "attending"};
    for (int r = 0; r < 3; r++) {
        struct text text;
        text_init(&text, &world->arena, 1 << 16);
        text_add_f(&text, "%s,2020-09-01\nname,birth_date,guardian_name,area%s\n", registers[r],
                   r == 0 ? "" : ",school_name,stage,grade");
        const char *school = r == 0 ? "" : ",郭城小学,primary,primary:3";
        for (int i = 0; i < NEIGHBOURS; i++) {
            text_add_f(&text, "赵小%s,20%02d-%02d-%02d,赵大%s,62042210%d%s\n", given[i % 8],
                       7 + i % 6, 1 + i % 12, 3 + i, given[(i + 3) % 8], i % 3, school);
        }
        if (r == 0) text_add_c(&text, "钱多多,2012-03-05,钱大,620422100\n");
        if (r == 0 || with_second)
            text_add_f(&text, "孙一一,2011-05-06,孙大,620422101%s\n", school);
        world_load(state, world, text.ptr, world_options());
    }
}

static struct office open_office(void **state)
{
    struct office office = {.world = world_open(state)};
    struct world *world = office.world;
    struct err err = ERR_INIT;
    struct store *store = world->registry.store;
    office.workspace = (struct workspace){.store = store,
                                          .codec = world->registry.codec,
                                          .profiles = world->profiles,
                                          .registry = world->registry,
                                          .clock = world->registry.clock};
    assert_true(rules_load(&office.workspace.rules, &world->arena, &world->profiles, NULL, &err));
    assert_true(procedures_load(&office.workspace.procedures, &world->arena, NULL, &err));
    assert_true(chains_load(&office.workspace.chains, &world->arena, NULL,
                            &office.workspace.procedures, &err));
    assert_true(people_migrate(store, &err) && finding_migrate(store, &err));
    assert_true(case_migrate(store, &err) && ledger_migrate(store, &err));
    assert_true(award_migrate(store, &err));
    return office;
}

static bool check(struct office *office, struct arena *arena, const char *at, struct check_run *run,
                  struct err *err)
{
    struct read_at when = {.known_ms = INT64_MAX};
    assert_true(day_parse(str_from(at), &when.at));
    return job_check(&office->workspace, arena, &office->world->local, when, NULL, run, err);
}

/* What a run found, and what the workspace says of it. */
static struct str print_run(struct arena *arena, const struct check_run *run)
{
    struct text text;
    text_init(&text, arena, 1 << 16);
    for (size_t i = 0; i < run->count; i++) {
        const struct finding *finding = &run->findings[i];
        char opened[DAY_TEXT_SIZE];
        text_add_f(&text, "%lld %s %lld %u %s;", (long long)run->entries[i].number,
                   finding_kind_key(finding->kind),
                   finding->person == UINT32_MAX
                       ? 0LL
                       : (long long)run->people.persons[finding->person].number,
                   finding->probability_ppm, day_format(run->entries[i].opened, opened));
    }
    return text_str(&text);
}

static void checks_and_saves(void **state)
{
    struct office office = open_office(state);
    struct arena arena = {0};
    struct check_run first, again, later;
    struct err err = ERR_INIT;
    import_county(state, office.world, false);
    assert_true(check(&office, &arena, "2020-09-15", &first, &err));
    assert_int_equal(first.count, 2);
    assert_int_equal(first.link.records, 3 * NEIGHBOURS + 2);
    assert_int_equal(first.summary.findings[FINDING_NOT_ENROLLED], 2);
    assert_true(check(&office, &arena, "2020-09-15", &again, &err));
    assert_int_equal(again.link.records, 0); /* links were current */
    struct str want = print_run(&arena, &first);
    assert_str_is(print_run(&arena, &again), want.ptr);
    /* One of the two is found at school: the other keeps number and day. */
    world_load(state, office.world,
               "roll,2020-10-01\nname,birth_date,guardian_name,area,school_name,stage,grade\n"
               "孙一一,2011-05-06,孙大,620422101,郭城小学,primary,primary:4\n",
               world_options());
    assert_true(check(&office, &arena, "2020-10-15", &later, &err));
    int of_qian = 0;
    for (size_t i = 0; i < later.count; i++) {
        if (later.findings[i].kind != FINDING_NOT_ENROLLED) continue;
        char opened[DAY_TEXT_SIZE];
        assert_str_is(people_text(&later.people, later.findings[i].record, PERSON_NAME), "钱多多");
        assert_string_equal(day_format(later.entries[i].opened, opened), "2020-09-15");
        of_qian++;
    }
    assert_int_equal(of_qian, 1);
    arena_free(&arena);
    world_close(office.world);
}

/* Who sees one area only saves nothing. */
static void a_part_of_the_areas_saves_nothing(void **state)
{
    struct office office = open_office(state);
    struct arena arena = {0};
    struct check_run run;
    struct err err = ERR_INIT;
    import_county(state, office.world, false);
    assert_true(check(&office, &arena, "2020-09-15", &run, &err));
    struct asker asker = asker_within(&office.world->local, STR("620422100"));
    struct read_at when = {.known_ms = INT64_MAX};
    assert_true(day_parse(STR("2020-09-15"), &when.at));
    assert_true(job_check(&office.workspace, &arena, &asker, when, NULL, &run, &err));
    for (size_t i = 0; i < run.count; i++) {
        assert_int_equal(run.entries[i].number, 0);
        assert_true(str_starts(run.findings[i].area, STR("620422100")));
    }
    arena_free(&arena);
    world_close(office.world);
}

static void every_call_may_fail(void **state)
{
    struct office office = open_office(state);
    struct world *world = office.world;
    struct arena kept = {0};
    struct err err = ERR_INIT;
    struct str want = STR_EMPTY;
    uint64_t n = 0, steps = 0;
    const uint64_t stride = getenv("BAOXUE_TEST_FEW") != NULL ? 31 : 7;
    import_county(state, world, true);
    for (bool passed = false; !passed; n += n < 20 ? 1 : stride, steps++) {
        struct arena arena = {0};
        struct check_run run;
        /* What linking and checking made can be thrown away and made again. */
        assert_true(store_exec(world->registry.store,
                               "DELETE FROM finding; DELETE FROM link_doubt; "
                               "DELETE FROM person_record; DELETE FROM link_run; "
                               "DELETE FROM link_model; DELETE FROM person; "
                               "DELETE FROM near_run; DELETE FROM told_run; "
                               "DELETE FROM fact_run",
                               &err));
        if (n > 0) store_fault_set(world->registry.store, n);
        bool good = check(&office, &arena, "2020-09-15", &run, &err);
        passed = good && n > 0;
        if (n > 0) assert_int_equal(good, !store_fault_reached(world->registry.store));
        store_fault_set(world->registry.store, 0);
        assert_false(store_in_transaction(world->registry.store));
        if (!good) {
            assert_int_equal(err.kind, ERR_STORE);
            assert_true(check(&office, &arena, "2020-09-15", &run, &err));
        }
        struct str got = print_run(&kept, &run);
        if (n == 0) want = got;
        assert_str_is(got, want.ptr);
        arena_free(&arena);
    }
    assert_true(steps > 20);
    int64_t broken = -1;
    assert_true(audit_verify(world->registry.store, &broken, &err));
    assert_int_equal(broken, 0);
    arena_free(&kept);
    world_close(world);
}

static int64_t number_of(struct store_statement *select)
{
    struct err err = ERR_INIT;
    assert_true(store_step_row(select, &err));
    int64_t number = store_i64(select, 0);
    store_finish(select);
    return number;
}

/* Findings that nobody is on record to have looked for, or the other way round, would be a hole in
 * the trail. */
static void findings_and_trail_are_one_step(void **state)
{
    struct office office = open_office(state);
    struct store *store = office.world->registry.store;
    struct store_statement *select = NULL;
    struct arena arena = {0};
    struct check_run run;
    struct err err = ERR_INIT;
    import_county(state, office.world, false);
    assert_true(check(&office, &arena, "2020-09-15", &run, &err)); /* links are current from now */
    int failed = 0;
    for (uint64_t n = 1;; n++) {
        assert_true(store_exec(store, "DELETE FROM finding", &err));
        assert_true(store_prepare(store, &select,
                                  "SELECT count(*) FROM audit WHERE action = 'check'", &err));
        int64_t before = number_of(select);
        store_fault_set(store, n);
        bool good = check(&office, &arena, "2020-09-15", &run, &err);
        store_fault_set(store, 0);
        assert_true(store_prepare(store, &select, "SELECT count(*) FROM finding", &err));
        assert_int_equal(number_of(select), good ? run.count : 0);
        assert_true(store_prepare(store, &select,
                                  "SELECT count(*) FROM audit WHERE action = 'check'", &err));
        assert_int_equal(number_of(select), good ? before + 1 : before);
        arena_reset(&arena);
        if (good) break;
        failed++;
    }
    assert_true(failed > 5);
    arena_free(&arena);
    world_close(office.world);
}

static bool import_files(struct office *office, const char *const *paths, size_t path_count,
                         struct load_result **results, size_t *count)
{
    struct err err = ERR_INIT;
    struct load_options options = world_options();
    return job_import(&office->workspace, &office->world->arena, &office->world->local, paths,
                      path_count, &options, NULL, results, count, &err);
}

/* What was loaded before a failure stays, and each file is told. */
static void a_failure_tells_each_file(void **state)
{
    static const char *const names[] = {"f1.csv", "f2.csv", "f3.csv"};
    struct office office = open_office(state);
    struct world *world = office.world;
    const char *paths[3];
    int seen[4] = {0};
    for (int i = 0; i < 3; i++) {
        struct text text;
        text_init(&text, &world->arena, 256);
        text_add_f(&text, "roll,2020-09-01\nname\n赵%d\n", i);
        paths[i] = world_file(state, names[i], text.ptr);
    }
    /* Each round leaves more to read for the next. */
    for (uint64_t n = 1;; n += 1 + n / 6) {
        struct load_result *results = NULL;
        size_t count = 0, loaded = 0, batch_count = 0;
        struct err err = ERR_INIT;
        struct batch *batches = NULL;
        store_fault_set(world->registry.store, n);
        assert_true(import_files(&office, paths, 3, &results, &count));
        bool reached = store_fault_reached(world->registry.store);
        store_fault_set(world->registry.store, 0);
        assert_int_equal(count, 3);
        const struct load_result *failure = job_import_failure(results, count);
        assert_int_equal(failure != NULL, reached);
        while (loaded < 3 && results[loaded].status == LOAD_LOADED) loaded++;
        seen[loaded]++;
        assert_true(registry_batches(&world->registry, &world->arena, &world->local, &batches,
                                     &batch_count, &err));
        size_t live = 0;
        for (size_t i = 0; i < batch_count; i++) live += batches[i].undone_ms == 0;
        assert_int_equal(live, loaded);
        for (size_t i = 0; i < 3; i++) assert_str_is(results[i].file, names[i]);
        if (!reached) break;
        assert_ptr_equal(failure, &results[loaded]);
        assert_int_equal(failure->error.kind, ERR_STORE);
        assert_non_null(strstr(failure->error.en, names[loaded]));
        for (size_t i = loaded + 1; i < 3; i++) {
            assert_int_equal(results[i].status, LOAD_NOT_REACHED);
        }
        for (size_t i = batch_count; i-- > 0;) {
            if (batches[i].undone_ms != 0) continue;
            assert_true(registry_undo(&world->registry, &world->local, batches[i].number, &err));
        }
    }
    for (int i = 0; i < 4; i++) assert_true(seen[i] > 0);
    world_close(world);
}

/* The same findings for any number of threads. */
static void threads_change_nothing(void **state)
{
    struct office office = open_office(state);
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct check_run run;
    struct text want;
    import_county(state, office.world, false);
    assert_true(check(&office, &arena, "2020-09-15", &run, &err));
    for (size_t threads = 1; threads <= 3; threads++) {
        struct check_options options = {.rules = &office.workspace.rules, .threads = threads};
        struct check_summary summary;
        struct finding *findings;
        size_t count;
        struct text text;
        assert_true(check_people(&arena, &run.people, &options, &findings, &count, &summary, &err));
        text_init(&text, &arena, 1 << 16);
        for (size_t i = 0; i < count; i++) {
            text_add_f(&text, "%d %u %u %u %d %u %.*s;", (int)findings[i].kind, findings[i].record,
                       findings[i].probability_ppm, findings[i].nearest,
                       findings[i].nearest_weight_millibits, findings[i].nearest_probability_ppm,
                       STR_ARG(findings[i].reason));
        }
        if (threads == 1) want = text;
        assert_str_is(text_str(&text), want.ptr);
    }
    arena_free(&arena);
    world_close(office.world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(checks_and_saves),
        cmocka_unit_test(a_part_of_the_areas_saves_nothing),
        cmocka_unit_test(every_call_may_fail),
        cmocka_unit_test(findings_and_trail_are_one_step),
        cmocka_unit_test(a_failure_tells_each_file),
        cmocka_unit_test(threads_change_nothing),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
