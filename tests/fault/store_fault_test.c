/* The nth call of the store fails, for n = 1, 2, 3 … until a run passes: each time the step is
 * wholly done or not at all, and doing it again gives what an undisturbed run gives. */

#include "base/testing.h"

#include "base/file.h"
#include "jobs/stages.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const char roll[] =
    "学生姓名,身份证件号,出生日期,学校名称,学校标识码,年级,学籍状态\r\n"
    "王小明,620422201203050013,2012-03-05,郭城小学,2162000123,二年级,在读\r\n"
    "李红,620422201104120020,2011-04-12,郭城小学,2162000123,三年级,在读\r\n";
static const char population[] =
    "姓名,公民身份号码,出生日期,户籍地址,行政区划代码\r\n"
    "王小明,620422201203050013,2012-03-05,甘肃省白银市会宁县郭城驿镇,620422\r\n"
    "李红,620422201104120020,2011-04-12,甘肃省白银市会宁县郭城驿镇,620422\r\n"
    "张远,620422201007070033,2010-07-07,甘肃省白银市会宁县郭城驿镇,620422\r\n";

struct fixture {
    struct arena arena;
    char folder[64];
    char db[96], roll[96], population[96];
};

static struct workspace_options workspace_at(const struct fixture *fixture)
{
    return (struct workspace_options){
        .path = fixture->db, .create = true, .clock = clock_fixed(1600128000000)};
}

static int setup(void **state)
{
    struct fixture *fixture = test_calloc(1, sizeof *fixture);
    const char *base = getenv("TMPDIR");
    snprintf(fixture->folder, sizeof fixture->folder, "%s/fault_XXXXXX",
             base == NULL || strlen(base) > 40 ? "." : base);
    if (mkdtemp(fixture->folder) == NULL) return -1;
    snprintf(fixture->db, sizeof fixture->db, "%s/w.db", fixture->folder);
    snprintf(fixture->roll, sizeof fixture->roll, "%s/roll.csv", fixture->folder);
    snprintf(fixture->population, sizeof fixture->population, "%s/population.csv", fixture->folder);
    struct err err;
    if (!file_write(fixture->roll, STR(roll), 0644, &err)) return -1;
    if (!file_write(fixture->population, STR(population), 0644, &err)) return -1;
    *state = fixture;
    return 0;
}

static void remove_workspace(const struct fixture *fixture)
{
    static const char *const endings[] = {"", ".key", "-wal", "-shm"};
    char path[128];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(path, sizeof path, "%s%s", fixture->db, endings[i]);
        unlink(path);
    }
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    remove_workspace(fixture);
    unlink(fixture->roll);
    unlink(fixture->population);
    rmdir(fixture->folder);
    arena_free(&fixture->arena);
    test_free(fixture);
    return 0;
}

static bool load(struct fixture *fixture, struct workspace *workspace, struct err *err)
{
    const char *const paths[] = {fixture->roll, fixture->population};
    struct asker asker = asker_local();
    struct load_options options = {0};
    day at;
    day_from_ymd(2020, 9, 15, &at);
    options.intake.at = at;
    struct load_result *results;
    size_t count;
    return job_import(workspace, &fixture->arena, &asker, paths, 2, &options, NULL, &results,
                      &count, err);
}

static bool check(struct fixture *fixture, struct workspace *workspace, struct check_run *run,
                  struct err *err)
{
    struct asker asker = asker_local();
    struct read_at when = {.known_ms = clock_now_ms(&workspace->clock)};
    day_from_ymd(2020, 9, 15, &when.at);
    return job_check(workspace, &fixture->arena, &asker, when, NULL, run, err);
}

static size_t batches_of(struct fixture *fixture, struct workspace *workspace)
{
    struct asker asker = asker_local();
    struct batch *batches;
    size_t count;
    struct err err;
    assert_true(
        registry_batches(&workspace->registry, &fixture->arena, &asker, &batches, &count, &err));
    for (size_t i = 0; i < count; i++) assert_true(batches[i].rows == 2 || batches[i].rows == 3);
    return count;
}

static void test_import(void **state)
{
    struct fixture *fixture = *state;
    bool passed = false;
    for (uint64_t nth = 1; !passed; nth++) {
        assert_in_range(nth, 1, 20000);
        struct workspace workspace;
        struct workspace_options options = workspace_at(fixture);
        struct err err = ERR_INIT;
        remove_workspace(fixture);
        assert_true(workspace_open(&workspace, &options, &err));
        store_fault_set(workspace.store, nth);
        bool good = load(fixture, &workspace, &err);
        passed = !store_fault_reached(workspace.store);
        if (!good) assert_int_equal(err.kind, ERR_STORE);
        if (passed) assert_true(good);
        store_fault_set(workspace.store, 0);
        assert_in_range(batches_of(fixture, &workspace), 0, 2);
        assert_true(load(fixture, &workspace, &err));
        assert_int_equal(batches_of(fixture, &workspace), 2);
        workspace_close(&workspace);
        arena_reset(&fixture->arena);
    }
}

static void test_check(void **state)
{
    struct fixture *fixture = *state;
    bool passed = false;
    for (uint64_t nth = 1; !passed; nth++) {
        assert_in_range(nth, 1, 20000);
        struct workspace workspace;
        struct workspace_options options = workspace_at(fixture);
        struct err err = ERR_INIT;
        struct check_run run;
        remove_workspace(fixture);
        assert_true(workspace_open(&workspace, &options, &err));
        assert_true(load(fixture, &workspace, &err));
        store_fault_set(workspace.store, nth);
        bool good = check(fixture, &workspace, &run, &err);
        passed = !store_fault_reached(workspace.store);
        if (!good) assert_int_equal(err.kind, ERR_STORE);
        if (passed) assert_true(good);
        store_fault_set(workspace.store, 0);
        if (!check(fixture, &workspace, &run, &err)) fail_msg("%s", err.en);
        assert_int_equal(run.summary.expected, 3);
        assert_int_equal(run.summary.on_roll, 2);
        workspace_close(&workspace);
        arena_reset(&fixture->arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_import, setup, teardown),
        cmocka_unit_test_setup_teardown(test_check, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
