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
             base == NULL || strlen(base) > 40 ? "/tmp" : base);
    if (mkdtemp(fixture->folder) == NULL) return -1;
    snprintf(fixture->db, sizeof fixture->db, "%s/w.db", fixture->folder);
    snprintf(fixture->roll, sizeof fixture->roll, "%s/roll.csv", fixture->folder);
    snprintf(fixture->population, sizeof fixture->population, "%s/population.csv", fixture->folder);
    struct err err;
    if (!file_write(fixture->roll, str_from(roll), 0644, &err)) return -1;
    if (!file_write(fixture->population, str_from(population), 0644, &err)) return -1;
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
    if (!job_import(workspace, &fixture->arena, &asker, paths, 2, &options, NULL, &results, &count,
                    err)) {
        return false;
    }
    const struct load_result *failure = job_import_failure(results, count);
    if (failure != NULL) *err = failure->error;
    return failure == NULL;
}

static bool check(struct fixture *fixture, struct workspace *workspace, struct check_run *run,
                  struct err *err)
{
    struct asker asker = asker_local();
    struct read_at when = {.known_ms = INT64_MAX};
    day_from_ymd(2020, 9, 15, &when.at);
    return job_check(workspace, &fixture->arena, &asker, when, NULL, run, err);
}

/* Every call in a long run, every fifth otherwise: each costs several flushes to disk. */
static uint64_t stride(void)
{
    return getenv("BAOXUE_TEST_LONG") == NULL ? 5 : 1;
}

/* Live batches; each holds all rows of its file. */
static size_t batches_of(struct fixture *fixture, struct workspace *workspace, int64_t numbers[2])
{
    struct asker asker = asker_local();
    struct batch *batches;
    size_t count, live = 0;
    struct err err;
    assert_true(
        registry_batches(&workspace->registry, &fixture->arena, &asker, &batches, &count, &err));
    for (size_t i = 0; i < count; i++) {
        if (batches[i].undone_ms != 0) continue;
        assert_true(batches[i].rows == 2 || batches[i].rows == 3);
        assert_true(live < 2);
        numbers[live++] = batches[i].number;
    }
    return live;
}

static void undo_all(struct fixture *fixture, struct workspace *workspace)
{
    int64_t numbers[2];
    struct asker asker = asker_local();
    struct err err;
    for (size_t i = batches_of(fixture, workspace, numbers); i-- > 0;) {
        assert_true(registry_undo(&workspace->registry, &asker, numbers[i], &err));
    }
}

/* The step at the nth failing call: an error of the store, or all well when it came to none. */
static bool step_survives(struct fixture *fixture, struct workspace *workspace, uint64_t nth,
                          bool checks)
{
    struct err err = ERR_INIT;
    struct check_run run;
    store_fault_set(workspace->store, nth);
    bool good = checks ? check(fixture, workspace, &run, &err) : load(fixture, workspace, &err);
    bool reached = store_fault_reached(workspace->store);
    store_fault_set(workspace->store, 0);
    if (!good) assert_int_equal(err.kind, ERR_STORE);
    if (!good) assert_true(reached);
    assert_false(store_in_transaction(workspace->store));
    return !reached;
}

static void test_import(void **state)
{
    struct fixture *fixture = *state;
    struct workspace workspace;
    struct workspace_options options = workspace_at(fixture);
    struct err err = ERR_INIT;
    assert_true(workspace_open(&workspace, &options, &err));
    for (uint64_t nth = 1; !step_survives(fixture, &workspace, nth, false); nth += stride()) {
        assert_in_range(nth, 1, 20000);
        int64_t numbers[2];
        assert_in_range(batches_of(fixture, &workspace, numbers), 0, 2);
        assert_true(load(fixture, &workspace, &err));
        assert_int_equal(batches_of(fixture, &workspace, numbers), 2);
        undo_all(fixture, &workspace);
        arena_reset(&fixture->arena);
    }
    workspace_close(&workspace);
}

static void test_check(void **state)
{
    struct fixture *fixture = *state;
    struct workspace workspace;
    struct workspace_options options = workspace_at(fixture);
    struct err err = ERR_INIT;
    struct check_run run;
    assert_true(workspace_open(&workspace, &options, &err));
    assert_true(load(fixture, &workspace, &err));
    for (uint64_t nth = 1; !step_survives(fixture, &workspace, nth, true); nth += stride()) {
        assert_in_range(nth, 1, 20000);
        if (!check(fixture, &workspace, &run, &err)) fail_msg("%s", err.en);
        assert_int_equal(run.summary.expected, 3);
        assert_int_equal(run.summary.on_roll, 2);
        assert_int_equal(run.people.person_count, 3);
        /* So that the next check links again, as if for the first time. */
        assert_true(store_exec(workspace.store,
                               "DELETE FROM person_record; DELETE FROM person; "
                               "UPDATE link_run SET fingerprint = ''",
                               &err));
        arena_reset(&fixture->arena);
    }
    workspace_close(&workspace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_import, setup, teardown),
        cmocka_unit_test_setup_teardown(test_check, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
