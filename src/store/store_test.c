#include "store/testing.h"

#include <stdio.h>
#include <sys/stat.h>

static int64_t number_of(struct store_statement *statement)
{
    struct err err = ERR_INIT;
    bool row = false;
    assert_true(store_step(statement, &row, &err));
    assert_true(row);
    int64_t number = store_i64(statement, 0);
    store_finish(statement);
    return number;
}

static void opens_only_workspaces(void **state)
{
    struct store *store = NULL;
    struct err err = ERR_INIT;
    const char *path = test_path_fresh(state);
    assert_false(store_open(&store, path, STORE_WRITE, &err));
    assert_int_equal(err.kind, ERR_STORE);
    assert_false(store_open(&store, path, STORE_READ, &err));
    assert_int_equal(err.kind, ERR_STORE);
    assert_false(store_open(&store, "postgresql://office/x", STORE_CREATE, &err));
    assert_int_equal(err.kind, ERR_USAGE);
    assert_false(store_open(&store, test_path(state, ""), STORE_CREATE, &err));
    assert_int_equal(err.kind, ERR_STORE);
    assert_null(store);

    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 1000; i++) fputs("name,id\n", file);
    fclose(file);
    assert_false(store_open(&store, path, STORE_CREATE, &err));
    assert_int_equal(err.kind, ERR_STORE);
    assert_non_null(strstr(err.en, "is not a workspace"));

    path = test_path_fresh(state);
    assert_true(store_open(&store, path, STORE_CREATE, &err));
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    store_close(store);
    store_close(NULL);
    assert_true(store_open(&store, path, STORE_READ, &err));
    assert_false(store_exec(store, "CREATE TABLE a (b INTEGER) STRICT", &err));
    store_close(store);
}

/* An SQLite file of some other program, and an empty one. */
static void refuses_foreign_files(void **state)
{
    struct store *store = NULL;
    struct err err = ERR_INIT;
    const char *path = test_path_fresh(state);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    assert_false(store_open(&store, path, STORE_READ, &err));
    assert_int_equal(err.kind, ERR_STORE);
    assert_true(store_open(&store, path, STORE_CREATE, &err));
    bool empty = false;
    assert_true(store_is_empty(store, &empty, &err));
    assert_true(empty);
    assert_true(store_exec(store, "CREATE TABLE a (b INTEGER) STRICT", &err));
    assert_true(store_is_empty(store, &empty, &err));
    assert_false(empty);
    store_close(store);

    /* The mark stands at byte 68 of the file's head. */
    file = fopen(path, "r+");
    assert_non_null(file);
    assert_int_equal(fseek(file, 68, SEEK_SET), 0);
    fputs("Othr", file);
    fclose(file);
    assert_false(store_open(&store, path, STORE_CREATE, &err));
    assert_non_null(strstr(err.en, "is not a workspace"));
}

static int64_t rows_of_a(struct store *store)
{
    struct store_statement *statement = NULL;
    struct err err = ERR_INIT;
    assert_true(store_prepare(store, &statement, "SELECT count(*) FROM a", &err));
    return number_of(statement);
}

/* The sum of what is bound and all that stands in `a`. */
static struct store_statement *prepare_sum(struct store *store)
{
    struct store_statement *statement = NULL;
    struct err err = ERR_INIT;
    assert_true(store_prepare(store, &statement,
                              "SELECT $add + coalesce((SELECT sum(n) FROM a), 0), a.* FROM a "
                              "UNION ALL SELECT 0, 0 LIMIT 1",
                              &err));
    return statement;
}

/* A statement that was finished and is made again holds nothing of its former life: no binding, no
 * place among its rows, no lock; it knows tables that were made anew, and two may run at once. */
static void a_statement_made_again_is_a_new_one(void **state)
{
    struct err err = ERR_INIT;
    struct store *store = test_store_fresh(state);
    bool row = false;
    assert_true(store_exec(store, "CREATE TABLE a (n INTEGER) STRICT", &err));
    assert_true(store_exec(store, "INSERT INTO a VALUES (1), (2)", &err));
    for (int round = 0; round < 3; round++) {
        struct store_statement *first = prepare_sum(store), *second = prepare_sum(store);
        store_bind_i64(first, "$add", 10);
        store_bind_i64(second, "$add", 20);
        assert_true(store_step(first, &row, &err) && row);
        assert_true(store_step(second, &row, &err) && row);
        assert_int_equal(store_i64(first, 0), 13);
        assert_int_equal(store_i64(second, 0), 23);
        store_finish(first);
        store_finish(second);
        first = prepare_sum(store); /* nothing is bound */
        assert_true(store_step(first, &row, &err) && row);
        assert_true(store_is_null(first, 0));
        store_finish(first);
    }
    assert_true(store_exec(store, "DROP TABLE a", &err));
    assert_true(store_exec(store, "CREATE TABLE a (n INTEGER) STRICT", &err));
    assert_true(store_exec(store, "INSERT INTO a VALUES (5)", &err));
    struct store_statement *again = prepare_sum(store);
    store_bind_i64(again, "$add", 1);
    assert_int_equal(number_of(again), 6);
    assert_true(store_exec(store, "DROP TABLE a", &err));
    again = NULL;
    bool good = store_prepare(store, &again, "SELECT count(*) FROM a", &err);
    assert_false(good);
    store_close(store);
}

static void migrates_what_was_not_seen(void **state)
{
    struct err err = ERR_INIT;
    struct store *store = test_store_fresh(state);
    const struct str two[] = {
        STR("CREATE TABLE a (number INTEGER PRIMARY KEY, word TEXT) STRICT;"
            "INSERT INTO a (word) VALUES ('one')"),
        STR("INSERT INTO a (word) VALUES ('two'); INSERT INTO a (word) VALUES ('three')"),
    };
    assert_true(store_migrate(store, "test", two, 1, &err));
    assert_int_equal(rows_of_a(store), 1);
    assert_true(store_migrate(store, "test", two, 1, &err));
    assert_int_equal(rows_of_a(store), 1);
    assert_true(store_migrate(store, "test", two, 2, &err));
    assert_int_equal(rows_of_a(store), 3);

    const struct str bad[] = {two[0], two[1], two[1], STR("INSERT INTO nowhere VALUES (1)")};
    assert_false(store_migrate(store, "test", bad, 4, &err));
    assert_int_equal(err.kind, ERR_STORE);
    assert_false(store_in_transaction(store));
    assert_int_equal(rows_of_a(store), 3);

    assert_false(store_migrate(store, "test", two, 1, &err));
    assert_non_null(strstr(err.en, "newer version"));
    store_close(store);
}

static void binds_by_name_and_reads_back(void **state)
{
    struct err err = ERR_INIT;
    struct store *store = test_store_fresh(state);
    assert_true(store_exec(store,
                           "CREATE TABLE t (n INTEGER PRIMARY KEY, s TEXT, b BLOB, d TEXT, "
                           "i INTEGER) STRICT",
                           &err));
    struct store_statement *insert = NULL;
    assert_true(
        store_prepare(store, &insert, "INSERT INTO t (s, b, d, i) VALUES ($s, $b, $d, $i)", &err));
    day d;
    assert_true(day_from_ymd(2020, 11, 25, &d));
    store_bind_i64(insert, "$i", -5);
    store_bind_day(insert, "$d", d);
    store_bind_blob(insert, "$b", (struct str){"a\0b", 3});
    store_bind_str(insert, "$s", STR("王小明"));
    assert_true(store_run(insert, &err));
    assert_int_equal(store_last_id(store), 1);
    assert_int_equal(store_changed(store), 1);
    store_reset(insert);
    store_bind_str(insert, "$s", STR(""));
    store_bind_day(insert, "$d", DAY_NONE);
    assert_true(store_run(insert, &err));
    store_finish(insert);
    store_finish(NULL);

    struct store_statement *select = NULL;
    assert_true(store_prepare(store, &select, "SELECT s, b, d, i FROM t ORDER BY n", &err));
    bool row = false;
    assert_true(store_step(select, &row, &err));
    assert_true(row);
    assert_str_is(store_str(select, 0), "王小明");
    assert_true(str_equal(store_str(select, 1), (struct str){"a\0b", 3}));
    assert_int_equal(store_day(select, 2).days, d.days);
    assert_int_equal(store_i64(select, 3), -5);
    assert_true(store_step(select, &row, &err));
    assert_non_null(store_str(select, 0).ptr);
    assert_int_equal(store_str(select, 0).len, 0);
    assert_null(store_str(select, 1).ptr);
    assert_true(store_is_null(select, 1));
    assert_true(day_is_none(store_day(select, 2)));
    assert_true(store_step(select, &row, &err));
    assert_false(row);
    store_finish(select);

    /* STRICT: a text is not a number. Double quotes are names only. No other files. */
    assert_false(store_exec(store, "INSERT INTO t (i) VALUES ('many')", &err));
    assert_false(store_exec(store, "INSERT INTO t (s) VALUES (\"many\")", &err));
    assert_false(store_exec(store, "ATTACH 'x.db' AS x", &err));
    assert_false(store_exec(store, "PRAGMA synchronous = OFF", &err));
    store_close(store);
}

static void tables_follow_a_profile(void **state)
{
    struct err err = ERR_INIT;
    struct store *store = test_store_fresh(state);
    const struct store_column columns[] = {
        {"statement", STORE_INTEGER, true},
        {"from", STORE_TEXT, false},
        {"order", STORE_TEXT, false},
        {"sealed", STORE_BLOB, false},
    };
    assert_true(store_ensure_table(store, "register_x", columns, 2, &err));
    assert_true(store_ensure_table(store, "register_x", columns, 4, &err));
    assert_true(store_ensure_table(store, "register_x", columns, 4, &err));
    assert_true(store_ensure_index(store, "register_x", "from", &err));
    assert_true(store_ensure_index(store, "register_x", "from", &err));

    const char *names[] = {"from", "order"};
    struct store_statement *insert = NULL;
    assert_true(store_prepare_table(store, &insert,
                                    "INSERT INTO @table (@columns) VALUES (@values)", "register_x",
                                    names, 2, &err));
    store_bind_str_at(insert, store_place(insert, "$from"), STR("a"));
    store_bind_str_at(insert, store_place(insert, "$order"), STR("b"));
    assert_true(store_run(insert, &err));
    store_finish(insert);

    const struct store_column other[] = {{"statement", STORE_INTEGER, true},
                                         {"order", STORE_INTEGER, false}};
    assert_false(store_ensure_table(store, "register_x", other, 2, &err));
    assert_int_equal(err.kind, ERR_STORE);
    static const char *const bad[] = {
        "",     "A",  "1a", "a b",
        "a\"b", "_a", "é",  "a123456789a123456789a123456789a123456789a123456789a123456789a123"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        err = ERR_INIT;
        assert_false(store_ensure_table(store, bad[i], columns, 2, &err));
        assert_int_equal(err.kind, ERR_INPUT);
        assert_false(store_ensure_index(store, bad[i], "from", &err));
        struct store_statement *statement = NULL;
        assert_false(store_prepare_table(store, &statement, "SELECT @columns FROM @table",
                                         "register_x", &bad[i], 1, &err));
        assert_null(statement);
    }
    const struct store_column twice[] = {{"a", STORE_INTEGER, true}, {"a", STORE_TEXT, false}};
    assert_false(store_ensure_table(store, "y", twice, 2, &err));
    store_close(store);
}

static void transactions_and_savepoints(void **state)
{
    struct err err = ERR_INIT;
    struct store *store = test_store_fresh(state);
    assert_true(store_exec(store, "CREATE TABLE a (b INTEGER) STRICT", &err));
    assert_true(store_begin(store, &err));
    assert_true(store_exec(store, "INSERT INTO a VALUES (1)", &err));
    assert_true(store_savepoint(store, &err));
    assert_true(store_exec(store, "INSERT INTO a VALUES (2)", &err));
    assert_true(store_savepoint(store, &err));
    assert_true(store_exec(store, "INSERT INTO a VALUES (3)", &err));
    assert_true(store_savepoint_keep(store, &err));
    assert_int_equal(rows_of_a(store), 3);
    store_savepoint_undo(store);
    assert_int_equal(rows_of_a(store), 1);
    assert_true(store_commit(store, &err));
    assert_true(store_begin(store, &err));
    assert_true(store_exec(store, "INSERT INTO a VALUES (4)", &err));
    store_rollback(store);
    store_rollback(store);
    assert_int_equal(rows_of_a(store), 1);
    store_close(store);
}

static void copies_while_others_write(void **state)
{
    struct err err = ERR_INIT;
    struct store *store = NULL, *writer = NULL, *copy = NULL;
    const char *original = test_path_fresh(state), *path = test_path(state, "copy.db");
    assert_true(store_open(&store, original, STORE_CREATE, &err));
    assert_true(store_exec(store, "CREATE TABLE a (b INTEGER) STRICT", &err));
    assert_true(store_open(&writer, original, STORE_WRITE, &err));
    assert_true(store_begin(writer, &err));
    assert_true(store_exec(writer, "INSERT INTO a VALUES (1)", &err));
    assert_true(store_backup(store, path, &err));
    assert_true(store_commit(writer, &err));
    assert_false(store_backup(store, path, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_true(store_open(&copy, path, STORE_WRITE, &err));
    assert_int_equal(rows_of_a(copy), 0);
    assert_int_equal(rows_of_a(store), 1);
    store_close(copy);
    store_close(writer);
    store_close(store);
}

/* A step as the other modules do it. */
static bool do_step(struct store *store, struct err *err)
{
    static const struct store_column columns[] = {{"n", STORE_INTEGER, true},
                                                  {"word", STORE_TEXT, false}};
    static const char *const names[] = {"word"};
    struct store_statement *insert = NULL;
    struct str script = STR("CREATE TABLE total (n INTEGER) STRICT");
    bool done = false;
    if (!store_migrate(store, "step", &script, 1, err)) return false;
    if (!store_begin(store, err)) return false;
    if (!store_ensure_table(store, "words", columns, 2, err)) goto out;
    if (!store_ensure_index(store, "words", "word", err)) goto out;
    if (!store_prepare_table(store, &insert, "INSERT INTO @table (@columns) VALUES (@values)",
                             "words", names, 1, err)) {
        goto out;
    }
    if (!store_savepoint(store, err)) goto out;
    for (int i = 0; i < 3; i++) {
        store_bind_str(insert, "$word", STR("x"));
        if (!store_run(insert, err)) goto out;
    }
    if (!store_savepoint_keep(store, err)) goto out;
    if (!store_exec(store, "INSERT INTO total SELECT count(*) FROM words", err)) goto out;
    store_finish(insert);
    insert = NULL;
    done = store_commit(store, err);
out:
    store_finish(insert);
    store_rollback(store);
    return done;
}

static void every_call_may_fail(void **state)
{
    uint64_t n = 1;
    for (bool passed = false; !passed; n++) {
        struct store *store = test_store_fresh(state);
        struct err err = ERR_INIT;
        store_fault_set(store, n);
        passed = do_step(store, &err);
        assert_int_equal(passed, !store_fault_reached(store));
        store_fault_set(store, 0);
        if (!passed) {
            assert_int_equal(err.kind, ERR_STORE);
            assert_false(store_in_transaction(store));
            assert_true(do_step(store, &err));
        }
        struct store_statement *statement = NULL;
        assert_true(
            store_prepare(store, &statement, "SELECT sum(n) * 100 + count(*) FROM total", &err));
        assert_int_equal(number_of(statement), 301);
        store_close(store);
    }
    assert_true(n > 15);
}

static void a_second_writer_is_told(void **state)
{
    struct err err = ERR_INIT;
    struct store *store = NULL, *other = NULL;
    const char *path = test_path_fresh(state);
    assert_true(store_open(&store, path, STORE_CREATE, &err));
    assert_true(store_begin(store, &err));
    assert_true(store_exec(store, "CREATE TABLE a (b INTEGER) STRICT", &err));
    assert_true(store_open(&other, path, STORE_WRITE, &err));
    store_wait_set(other, 20);
    assert_false(store_begin(other, &err));
    assert_non_null(strstr(err.en, "locked by another program"));
    store_close(other);
    assert_true(store_commit(store, &err));
    store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opens_only_workspaces),
        cmocka_unit_test(refuses_foreign_files),
        cmocka_unit_test(a_statement_made_again_is_a_new_one),
        cmocka_unit_test(migrates_what_was_not_seen),
        cmocka_unit_test(binds_by_name_and_reads_back),
        cmocka_unit_test(tables_follow_a_profile),
        cmocka_unit_test(transactions_and_savepoints),
        cmocka_unit_test(copies_while_others_write),
        cmocka_unit_test(every_call_may_fail),
        cmocka_unit_test(a_second_writer_is_told),
    };
    return cmocka_run_group_tests(tests, test_folder_make, test_folder_remove);
}
