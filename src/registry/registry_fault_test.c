#include "registry/registry_testing.h"

#include "access/audit.h"

#include <signal.h>
#include <sys/wait.h>

/* The whole of an import, with repeats, replacements, endings, notes and rejects: fails at the nth
 * call, changes nothing, and done again gives the same. */
static void every_call_may_fail(void **state)
{
    static const char after[] = "roll,2020-10-01\nname,id_number,school_code,class,seat\n"
                                "王小明," ID_A ",2162000001,1,1\n"
                                "李红," ID_B ",2162000001,2>二,2\n"
                                "赵强,,2162000001,1,3\nREJECT,,,,\n";
    static const char before_read[] = "王小明 1;李红 1;张伟 二(2);";
    static const char after_read[] = "王小明 1;李红 二(2);赵强 1;";
    uint64_t n = 1;
    for (bool passed = false; !passed; n++) {
        struct world *world = world_open(state);
        struct err err = ERR_INIT;
        struct load_result result = {0};
        struct load_options options = world_options();
        options.complete = options.yes = true;
        world_load(state, world, ROLL_SEPTEMBER, options);
        const char *path = world_file(state, "after.csv", after);
        store_fault_set(world->registry.store, n);
        passed = world_load_path(world, path, &options, NULL, &result, &err);
        assert_int_equal(passed, !store_fault_reached(world->registry.store));
        store_fault_set(world->registry.store, 0);
        if (!passed) {
            assert_int_equal(err.kind, ERR_STORE);
            assert_false(store_in_transaction(world->registry.store));
            assert_str_is(world_read(world, "roll", "name,class", "2020-10-01"), before_read);
            assert_true(world_load_path(world, path, &options, NULL, &result, &err));
        }
        assert_counts(&result, 1, 1, 1, 1);
        assert_int_equal(result.batch, 2);
        assert_str_is(world_read(world, "roll", "name,class", "2020-10-01"), after_read);
        int64_t broken = -1;
        assert_true(audit_verify(world->registry.store, &broken, &err));
        assert_int_equal(broken, 0);
        world_close(world);
    }
    assert_true(n > 60);
}

/* A file of several registers is taken whole or not at all, and known whole or not at all. */
static void registers_of_a_file_stand_together(void **state)
{
    static const char file[] = "roll,2020-10-01\nname,id_number\n王小明," ID_A "\n====\n"
                               "deaths,2020-10-01\nname,id_number\n李>红," ID_B "\nREJECT,\n"
                               "====\nroll,\nname,id_number\n张伟," ID_C "\n";
    uint64_t n = 1;
    for (bool passed = false; !passed; n++) {
        struct world *world = world_open(state);
        struct err err = ERR_INIT;
        struct load_options options = world_options();
        struct load_result *results = NULL;
        struct batch *batches = NULL;
        size_t count = 0;
        const char *path = world_file(state, "several.csv", file);
        store_fault_set(world->registry.store, n);
        passed = registry_load(&world->registry, &world->arena, &world->local, path, &options, NULL,
                               &results, &count, &err);
        assert_int_equal(passed, !store_fault_reached(world->registry.store));
        store_fault_set(world->registry.store, 0);
        if (!passed) {
            assert_int_equal(err.kind, ERR_STORE);
            assert_true(registry_batches(&world->registry, &world->arena, &world->local, &batches,
                                         &count, &err));
            assert_int_equal(count, 0);
            assert_true(registry_load(&world->registry, &world->arena, &world->local, path,
                                      &options, NULL, &results, &count, &err));
        }
        assert_int_equal(count, 2);
        assert_counts(&results[0], 2, 0, 0, 0);
        assert_counts(&results[1], 1, 0, 0, 0);
        assert_int_equal(results[1].rejected, 1);
        assert_true(results[0].sheets[1].elsewhere);
        assert_true(registry_batches(&world->registry, &world->arena, &world->local, &batches,
                                     &count, &err));
        assert_int_equal(count, 2);
        assert_int_equal(batches[0].imported_ms, batches[1].imported_ms);
        assert_str_is(world_read(world, "roll", "name", "2020-10-01"), "王小明;张伟;");
        assert_str_is(world_read(world, "deaths", "name", "2020-10-01"), "红(李);");
        world_close(world);
    }
    assert_true(n > 60);
}

static void undo_may_fail(void **state)
{
    uint64_t n = 1;
    for (bool passed = false; !passed; n++) {
        struct world *world = world_open(state);
        struct err err = ERR_INIT;
        world_load(state, world, ROLL_SEPTEMBER, world_options());
        world_load(state, world, ROLL_OCTOBER, world_options());
        store_fault_set(world->registry.store, n);
        passed = registry_undo(&world->registry, &world->local, 2, &err);
        assert_int_equal(passed, !store_fault_reached(world->registry.store));
        store_fault_set(world->registry.store, 0);
        if (!passed) {
            assert_str_is(world_read(world, "roll", "name,class", "2020-10-01"),
                          "王小明 1;张伟 二(2);李红 2;");
            assert_true(registry_undo(&world->registry, &world->local, 2, &err));
        }
        assert_str_is(world_read(world, "roll", "name,class", "2020-10-01"),
                      "王小明 1;李红 1;张伟 二(2);");
        world_close(world);
    }
    assert_true(n > 5);
}

static void reading_tells_its_failures(void **state)
{
    struct world *world = world_open(state);
    world_load(state, world, ROLL_SEPTEMBER, world_options());
    const struct profile *roll = profile_find(&world->profiles, STR("roll"));
    uint64_t n = 1;
    for (bool passed = false; !passed; n++) {
        struct err err = ERR_INIT;
        uint64_t statements = 0, batches = 0;
        struct reject_row *rows = NULL;
        size_t count = 0;
        store_fault_set(world->registry.store, n);
        passed = registry_count(&world->registry, roll, &statements, &batches, &err)
                 && registry_rejects(&world->registry, &world->arena, &world->local, 1, &rows,
                                     &count, &err);
        assert_int_equal(passed, !store_fault_reached(world->registry.store));
        store_fault_set(world->registry.store, 0);
        if (passed) assert_int_equal(statements * 10 + count, 32);
    }
    world_close(world);
}

struct counting {
    int64_t last;
    uint64_t count, stop_at;
};

static bool count_in_order(void *context, const struct statement *statement)
{
    struct counting *counting = context;
    assert_true(statement->number > counting->last);
    counting->last = statement->number;
    return ++counting->count != counting->stop_at;
}

static void many_rows_come_back_in_order(void **state)
{
    struct world *world = world_open(state);
    struct text text;
    text_init(&text, &world->arena, 1 << 24);
    text_add(&text, STR("population,2020-09-01\nname,id_number,address,area\n"));
    for (int i = 0; i < 30000; i++) {
        text_add_f(&text, "人%d,62042219%010d,某村%d号,620422101%03d\n", i, i, i, i % 7);
    }
    struct load_result result =
        world_load(state, world, str_cstr(&world->arena, text_str(&text)), world_options());
    assert_counts(&result, 30000, 0, 0, 0);
    assert_str_is(result.scope, "620422101");
    const struct profile *population = profile_find(&world->profiles, STR("population"));
    const struct read_at when = {{INT32_MAX}, INT64_MAX};
    struct err err = ERR_INIT;
    for (uint64_t stop_at = 0; stop_at < 30000; stop_at += 10001) {
        struct counting counting = {.stop_at = stop_at};
        assert_true(registry_read(&world->registry, &world->local, population, when, count_in_order,
                                  &counting, &err));
        assert_int_equal(counting.count, stop_at == 0 ? 30000 : stop_at);
    }
    text_add(&text, STR("新人,,某村,620422101001\n"));
    result = world_load(state, world, str_cstr(&world->arena, text_str(&text)), world_options());
    assert_counts(&result, 1, 30000, 0, 0);
    struct counting counting = {0};
    assert_true(registry_read(&world->registry, &world->local, population, when, count_in_order,
                              &counting, &err));
    assert_int_equal(counting.count, 30001);
    world_close(world);
}

static uint64_t count_people(struct world *world)
{
    const struct profile *population = profile_find(&world->profiles, STR("population"));
    const struct read_at when = {{INT32_MAX}, INT64_MAX};
    struct counting counting = {0};
    struct err err = ERR_INIT;
    assert_true(registry_read(&world->registry, &world->local, population, when, count_in_order,
                              &counting, &err));
    return counting.count;
}

/* Killed early, in the middle and late; what is left opens, and holds all of the file or nothing.
 */
static void killed_imports_leave_all_or_nothing(void **state)
{
    enum { ROWS = 20000 };
    bool any_cut = false;
    for (useconds_t delay_us = 1000; delay_us < 300000; delay_us *= 2) {
        struct world *world = world_open(state);
        struct err err = ERR_INIT;
        struct text text;
        text_init(&text, &world->arena, 1 << 22);
        text_add(&text, STR("population,2020-09-01\nname,id_number,address,area\n"));
        for (int i = 0; i < ROWS; i++) {
            text_add_f(&text, "人%d,62042219%010d,某村%d号,620422101\n", i, i, i);
        }
        const char *path = world_file(state, "killed.csv", text_str(&text).ptr);
        store_close(world->registry.store);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            struct load_options options = world_options();
            struct load_result result;
            _exit(store_open(&world->registry.store, world->path, STORE_WRITE, &err)
                          && world_load_path(world, path, &options, NULL, &result, &err)
                      ? 0
                      : 1);
        }
        usleep(delay_us);
        kill(child, SIGKILL);
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(store_open(&world->registry.store, world->path, STORE_WRITE, &err));
        assert_true(registry_migrate(&world->registry, &err));
        uint64_t count = count_people(world);
        assert_true(count == 0 || count == ROWS);
        if (count == 0) any_cut = true;
        struct load_result result = world_load(state, world, text_str(&text).ptr, world_options());
        assert_int_equal(result.status, count == 0 ? LOAD_LOADED : LOAD_UNCHANGED);
        assert_int_equal(count_people(world), ROWS);
        int64_t broken = -1;
        assert_true(audit_verify(world->registry.store, &broken, &err));
        assert_int_equal(broken, 0);
        world_close(world);
    }
    assert_true(any_cut);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_may_fail),
        cmocka_unit_test(registers_of_a_file_stand_together),
        cmocka_unit_test(undo_may_fail),
        cmocka_unit_test(reading_tells_its_failures),
        cmocka_unit_test(many_rows_come_back_in_order),
        cmocka_unit_test(killed_imports_leave_all_or_nothing),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
