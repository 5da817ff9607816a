#include "jobs/reseal.h"

#include "access/audit.h"
#include "access/second_factor.h"
#include "access/user.h"
#include "store/testing.h"

#include <stdio.h>
#include <string.h>

/* A small office whose data are sealed anew, with every call failing once, and given up at every
 * moment at which that may be. */

enum { FILE_BYTES_MAX = 1 << 24 };
static const int64_t now_ms = 1606780800000;

#define ID_A "620422201203050013"
#define ID_B "620422201203050021"

struct office {
    const char *path;
    char secret[SECOND_FACTOR_SECRET_SIZE];
    struct str file, key; /* as they lie */
    struct arena arena;
};

static const char *key_path(struct arena *arena, const char *path)
{
    struct text text;
    text_init(&text, arena, 4096);
    text_add_f(&text, "%s.key", path);
    return str_cstr(arena, text_str(&text));
}

static bool open_at(struct workspace *workspace, const char *path, bool reseal, struct err *err)
{
    struct workspace_options options = {
        .path = path, .reseal = reseal, .clock = clock_fixed(now_ms)};
    return workspace_open(workspace, &options, err);
}

static void add_rows(void **state, struct workspace *workspace)
{
    static const char rows[] = "姓名,身份证号码,住址,户籍地\n王小明," ID_A ",红堡子,620422\n"
                               "李红," ID_B ",甘沟驿,620422\n张伟,,红堡子,620422\n"
                               ",,甘沟驿,620422\n";
    struct asker local = asker_local();
    struct load_options options = {.intake = {.as = STR("population")}};
    struct load_result *results = NULL;
    struct err err = ERR_INIT;
    size_t count = 0;
    const char *path = test_path(state, "rows.csv");
    assert_true(day_from_ymd(2020, 9, 1, &options.intake.at));
    assert_true(file_write(path, str_from(rows), 0600, &err));
    assert_true(registry_load(&workspace->registry, &workspace->arena, &local, path, &options, NULL,
                              &results, &count, &err));
    assert_int_equal(count, 1);
    assert_int_equal(results[0].status, LOAD_LOADED);
}

/* Rows with and without a number, one rejected, what a check left, and a user whose second factor
 * waits for its first code. */
static struct office make_office(void **state)
{
    struct office office = {.path = test_path_fresh(state)};
    struct workspace workspace;
    struct workspace_options options = {
        .path = office.path, .create = true, .clock = clock_fixed(now_ms)};
    struct err err = ERR_INIT;
    struct asker local = asker_local();
    struct user user = {.name = STR("zhang"),
                        .display_name = STR("张"),
                        .role = ROLE_COUNTY,
                        .areas = {STR("620422")},
                        .area_count = 1};
    assert_true(workspace_open(&workspace, &options, &err));
    add_rows(state, &workspace);
    assert_true(
        user_add(workspace.store, &workspace.clock, &local, &user, STR("a password of it"), &err));
    assert_true(user_second_factor_begin(workspace.store, workspace.codec, &workspace.clock,
                                         STR("zhang"), office.secret, &err));
    assert_true(store_exec(workspace.store,
                           "INSERT INTO near_run (only, rests, key_bits, name_bits, learnt) VALUES "
                           "(1, 'rests', 1, 1, x'00'); INSERT INTO near_part (part, sealed) VALUES "
                           "(1, x'00'); INSERT INTO near_kin (first, sealed) VALUES (1, x'00'); "
                           "INSERT INTO fact_run (only, rests) VALUES (1, 'rests'); INSERT INTO "
                           "fact_part (first, sealed) VALUES (1, x'00')",
                           &err));
    workspace_close(&workspace);
    assert_true(file_read(&office.arena, office.path, FILE_BYTES_MAX, &office.file, &err));
    assert_true(
        file_read(&office.arena, key_path(&office.arena, office.path), 4096, &office.key, &err));
    return office;
}

static const char *copy_of(struct office *office, void **state)
{
    struct err err = ERR_INIT;
    const char *path = test_path_fresh(state);
    assert_true(file_write(path, office->file, 0600, &err));
    assert_true(file_write(key_path(&office->arena, path), office->key, 0600, &err));
    return path;
}

static int64_t number_of(struct store_statement *select)
{
    struct err err = ERR_INIT;
    assert_true(store_step_row(select, &err));
    int64_t number = store_i64(select, 0);
    store_finish(select);
    return number;
}

/* The one number that a query gives; `select` and `err` are the caller's. */
#define NUMBER(store, literal)                                                                     \
    (store_prepare((store), &select, literal, &err) ? number_of(select) : -1)

/* The second factor opens by the key of the workspace, whatever of the rest lies under which. */
static void assert_factor(struct workspace *workspace, const struct office *office)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    unsigned char bytes[SECOND_FACTOR_SECRET_BYTES] = {0};
    char code[8];
    struct err err = ERR_INIT;
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) {
        unsigned value = (unsigned)(strchr(letters, office->secret[bit / 5]) - letters);
        if (value >> (4 - bit % 5) & 1u) bytes[bit / 8] |= (unsigned char)(0x80u >> bit % 8);
    }
    snprintf(code, sizeof code, "%06u",
             (unsigned)second_factor_code(bytes, second_factor_step(now_ms)));
    if (!user_second_factor_confirm(workspace->store, workspace->codec, &workspace->clock,
                                    STR("zhang"), str_from(code), &err)) {
        fail_msg("%s", err.en);
    }
}

static void assert_found(struct workspace *workspace, const char *id, const char *name)
{
    struct arena arena = {0};
    struct asker local = asker_local();
    struct statement *found = NULL;
    struct err err = ERR_INIT;
    size_t count = 0;
    const struct profile *profile = profile_find(&workspace->profiles, STR("population"));
    struct read_at when = {.known_ms = now_ms};
    assert_true(day_from_ymd(2020, 9, 15, &when.at));
    assert_true(registry_find(&workspace->registry, &arena, &local, profile, when, str_from(id),
                              &found, &count, &err));
    assert_int_equal(count, 1);
    assert_str_is(found[0].values[profile_field_number(profile, "name")], name);
    assert_str_is(found[0].values[profile_field_number(profile, "id_number")], id);
    arena_free(&arena);
}

/* All lies under another key than it did, opens, and is found by its number. */
static void assert_anew(const char *path, struct office *office, void **state)
{
    struct workspace workspace;
    struct err err = ERR_INIT;
    struct store_statement *select = NULL;
    int64_t broken = -1;
    if (!open_at(&workspace, path, false, &err)) fail_msg("%s", err.en);
    struct store *store = workspace.store;
    assert_int_equal(NUMBER(store, "SELECT count(*) FROM reseal"), 0);
    assert_int_equal(NUMBER(store, "SELECT count(*) FROM data_key"), 1);
    assert_int_equal(NUMBER(store, "SELECT count(*) FROM near_run"), 0);
    assert_int_equal(NUMBER(store, "SELECT count(*) FROM near_part"), 0);
    assert_int_equal(NUMBER(store, "SELECT count(*) FROM near_kin"), 0);
    assert_int_equal(NUMBER(store, "SELECT count(*) FROM fact_run"), 0);
    assert_int_equal(NUMBER(store, "SELECT count(*) FROM fact_part"), 0);
    assert_int_equal(NUMBER(store, "SELECT count(*) FROM audit WHERE action = 'key_reseal' AND "
                                   "object = 'begun'"),
                     1);
    assert_int_equal(NUMBER(store, "SELECT count(*) FROM audit WHERE action = 'key_reseal' AND "
                                   "object = 'done: 5 rows'"),
                     1);
    assert_found(&workspace, ID_A, "王小明");
    assert_found(&workspace, ID_B, "李红");
    assert_true(audit_verify(store, &broken, &err));
    assert_int_equal(broken, 0);
    workspace_close(&workspace);
    /* Nothing is left in the file of what lay there. */
    struct arena arena = {0};
    struct store *before = NULL;
    struct str bytes;
    bool row;
    const char *old = copy_of(office, state);
    assert_true(file_read(&arena, path, FILE_BYTES_MAX, &bytes, &err));
    assert_true(store_open(&before, old, STORE_READ, &err));
    assert_true(store_prepare(before, &select,
                              "SELECT sealed FROM register_population UNION ALL SELECT sealed FROM "
                              "reject UNION ALL SELECT second_factor_pending FROM user_account",
                              &err));
    while (store_step(select, &row, &err) && row) {
        assert_int_equal(str_find(bytes, store_str(select, 0)), SIZE_MAX);
    }
    store_finish(select);
    store_close(before);
    arena_free(&arena);
}

/* After a run that failed: either nothing has begun, or it must go on first. */
static bool has_begun(const char *path)
{
    struct workspace workspace;
    struct err err = ERR_INIT;
    bool open = open_at(&workspace, path, false, &err);
    if (open) {
        assert_found(&workspace, ID_A, "王小明");
    } else {
        assert_int_equal(err.kind, ERR_CONFLICT);
        assert_non_null(strstr(err.hint_en, "keys reseal"));
    }
    workspace_close(&workspace);
    return !open;
}

static void go_on(const char *path, struct office *office, bool resumed)
{
    struct workspace workspace;
    struct reseal_result result;
    struct asker local = asker_local();
    struct err err = ERR_INIT;
    if (!open_at(&workspace, path, true, &err)) fail_msg("%s", err.en);
    assert_factor(&workspace, office);
    if (!job_reseal(&workspace, &local, NULL, &result, &err)) fail_msg("%s", err.en);
    assert_int_equal(result.resumed, resumed);
    assert_int_equal(result.rows, 5);
    assert_int_equal(result.damaged, 0);
    workspace_close(&workspace);
}

static void any_call_may_fail(void **state)
{
    struct office office = make_office(state);
    struct asker local = asker_local();
    const uint64_t stride = getenv("BAOXUE_TEST_FEW") != NULL ? 31 : 3;
    uint64_t begun = 0, n = 1;
    for (bool passed = false; !passed; n += stride) {
        struct workspace workspace;
        struct reseal_result result;
        struct err err = ERR_INIT;
        const char *path = copy_of(&office, state);
        assert_true(open_at(&workspace, path, true, &err));
        store_fault_set(workspace.store, n);
        passed = job_reseal(&workspace, &local, NULL, &result, &err);
        assert_int_equal(passed, !store_fault_reached(workspace.store));
        workspace_close(&workspace);
        if (!passed) {
            assert_int_equal(err.kind, ERR_STORE);
            bool resumed = has_begun(path);
            begun += resumed;
            go_on(path, &office, resumed);
        }
        assert_anew(path, &office, state);
    }
    assert_in_range(begun, 60 / stride, n);
    arena_free(&office.arena);
}

static bool few_steps(void *context)
{
    int *left = context;
    return (*left)-- > 0;
}

/* Given up again and again, a little further each time; counts are of all runs. */
static void given_up_it_goes_on(void **state)
{
    struct office office = make_office(state);
    struct asker local = asker_local();
    const char *path = copy_of(&office, state);
    struct reseal_result result;
    int runs = 0;
    for (bool passed = false; !passed; runs++) {
        struct workspace workspace;
        struct err err = ERR_INIT;
        int steps = 2;
        struct progress progress = {.wanted = few_steps, .context = &steps};
        assert_true(open_at(&workspace, path, true, &err));
        passed = job_reseal(&workspace, &local, &progress, &result, &err);
        assert_int_equal(result.resumed, runs > 0);
        workspace_close(&workspace);
        if (passed) break;
        assert_int_equal(err.kind, ERR_CONFLICT);
        assert_true(has_begun(path));
        assert_true(runs < 100);
    }
    assert_true(runs > 4);
    assert_int_equal(result.rows, 5);
    assert_anew(path, &office, state);
    arena_free(&office.arena);
}

/* Somebody who has it open keeps it from being had alone, and the other way round. */
static void it_is_had_alone(void **state)
{
    struct office office = make_office(state);
    struct workspace one, two;
    struct err err = ERR_INIT;
    assert_true(open_at(&one, office.path, false, &err));
    assert_false(open_at(&two, office.path, true, &err));
    assert_int_equal(err.kind, ERR_STORE);
    workspace_close(&two);
    workspace_close(&one);
    err = ERR_INIT;
    assert_true(open_at(&one, office.path, true, &err));
    assert_false(open_at(&two, office.path, false, &err));
    assert_int_equal(err.kind, ERR_STORE);
    workspace_close(&two);
    workspace_close(&one);
    assert_false(has_begun(office.path));
    arena_free(&office.arena);
}

/* Whoever makes a table with a column `sealed` says in reseal.c what becomes of it: sealed anew, or
 * forgotten, as what a check left is. */
static void every_sealed_table_is_known(void **state)
{
    struct office office = make_office(state);
    struct workspace workspace;
    struct store_statement *select = NULL;
    struct err err = ERR_INIT;
    assert_true(open_at(&workspace, office.path, false, &err));
    assert_true(store_prepare(
        workspace.store, &select,
        "SELECT group_concat(name, ' ') FROM (SELECT t.name AS name FROM sqlite_schema AS t, "
        "pragma_table_info(t.name) AS c WHERE t.type = 'table' AND c.name = 'sealed' AND t.name "
        "NOT LIKE 'register@_%' ESCAPE '@' ORDER BY t.name)",
        &err));
    assert_true(store_step_row(select, &err));
    assert_string_equal(str_cstr(&workspace.arena, store_str(select, 0)),
                        "case_attachment correction fact_part near_kin near_part reject");
    store_finish(select);
    workspace_close(&workspace);
    arena_free(&office.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_call_may_fail),
        cmocka_unit_test(given_up_it_goes_on),
        cmocka_unit_test(it_is_had_alone),
        cmocka_unit_test(every_sealed_table_is_known),
    };
    return cmocka_run_group_tests(tests, test_folder_make_fast, test_folder_remove);
}
