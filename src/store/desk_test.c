#include "store/desk.h"

#include "base/testing_folder.h"

#include <string.h>

/* A workspace with a table of its own, a secret one, and a desk with rows of the first. */
static const struct store_desk_column columns[] = {
    {"record", STORE_INTEGER, "number", NULL},
    {"county", STORE_TEXT, "county", NULL},
    {"pupils", STORE_INTEGER, "pupils", NULL},
    {"doubled", STORE_INTEGER, NULL, STORE_EXPRESSION("2 * CAST(s.pupils AS INTEGER)")},
    {"empty", STORE_TEXT, NULL, NULL},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void lay_out(struct store *store)
{
    struct err err = ERR_INIT;
    struct store_statement *fill = NULL;
    assert_true(store_desk_begin(store, &err));
    assert_true(store_desk_table(store, "schools", columns, COLUMNS, &err));
    assert_true(store_desk_fill(store, &fill, "schools", "school", columns, COLUMNS,
                                "s.number >= $first", &err));
    store_bind_i64(fill, "$first", 2);
    assert_true(store_run_once(fill, &err));
    assert_true(store_desk_end(store, true, &err));
}

static struct store *open_store(void)
{
    struct err err = ERR_INIT;
    struct store *store = NULL;
    assert_true(store_open_memory(&store, &err));
    assert_true(store_exec(store,
                           "CREATE TABLE school (number INTEGER PRIMARY KEY, county TEXT, "
                           "pupils TEXT) STRICT;"
                           "INSERT INTO school VALUES (1, '620421', '10'), (2, '620422', '20'), "
                           "(3, '620422', '30');"
                           "CREATE TABLE secret (name TEXT) STRICT;"
                           "INSERT INTO secret VALUES ('hidden');"
                           "CREATE VIEW secret_view AS SELECT name FROM secret;",
                           &err));
    lay_out(store);
    return store;
}

static bool prepare(struct store *store, const char *sql, struct store_statement **out,
                    struct err *err)
{
    *err = ERR_INIT;
    return store_desk_prepare(store, out, str_from(sql), 1000000, NULL, err);
}

static int64_t number(struct store *store, const char *sql)
{
    struct store_statement *query = NULL;
    struct err err = ERR_INIT;
    assert_true(prepare(store, sql, &query, &err));
    assert_true(store_step_row(query, &err));
    int64_t value = store_i64(query, 0);
    store_finish(query);
    return value;
}

static void test_reads_the_desk(void **state)
{
    (void)state;
    struct store *store = open_store();
    assert_int_equal(number(store, "SELECT count(*) FROM schools"), 2);
    assert_int_equal(number(store, "SELECT sum(pupils) FROM schools; -- of two\n"), 50);
    assert_int_equal(number(store, "SELECT sum(doubled) FROM schools WHERE county = '620422'"),
                     100);
    assert_int_equal(number(store, "SELECT count(empty) FROM schools"), 0);
    assert_int_equal(number(store, "WITH a AS (SELECT record, pupils FROM schools) "
                                   "SELECT max(b.pupils) FROM a JOIN schools b USING (record)"),
                     30);
    static const int64_t second[] = {2, 2, 9};
    struct err err = ERR_INIT;
    assert_true(store_desk_begin(store, &err));
    assert_true(store_desk_take_off(store, "schools", "record", second, 3, &err));
    assert_true(store_desk_end(store, true, &err));
    assert_int_equal(number(store, "SELECT sum(record) FROM schools"), 3);
    lay_out(store); /* a table is laid out again in the place of the old one */
    assert_int_equal(number(store, "SELECT count(*) FROM schools"), 2);
    store_close(store);
}

/* Every way that is known to us of reaching something else. */
static void test_reads_nothing_else(void **state)
{
    (void)state;
    static const char *const refused[] = {
        "SELECT name FROM secret",
        "SELECT count(*) FROM secret",
        "SELECT count(*) FROM main.secret",
        "SELECT number FROM school",
        "SELECT name FROM secret_view",
        "WITH schools AS (SELECT name FROM secret) SELECT name FROM schools",
        "WITH schools AS (SELECT 1 FROM secret) SELECT count(*) FROM schools",
        "SELECT (SELECT name FROM secret) FROM schools",
        "SELECT record FROM schools WHERE EXISTS (SELECT 1 FROM secret)",
        "SELECT record FROM schools UNION SELECT length(name) FROM secret",
        "SELECT name FROM (SELECT name FROM secret) AS schools",
        "SELECT sql FROM sqlite_schema",
        "SELECT sql FROM sqlite_temp_schema",
        "SELECT count(*) FROM sqlite_master",
        "SELECT name FROM pragma_table_info('secret')",
        "SELECT value FROM json_each('[1]')",
        "SELECT number FROM desk_numbers",
        "PRAGMA query_only = OFF",
        "PRAGMA table_info(secret)",
        "INSERT INTO schools (record) VALUES (9)",
        "DELETE FROM schools",
        "UPDATE schools SET pupils = 1",
        "DROP TABLE schools",
        "CREATE TABLE x (y INTEGER)",
        "CREATE TEMP TABLE x (y INTEGER)",
        "CREATE TEMP VIEW schools2 AS SELECT name FROM secret",
        "ATTACH 'x.db' AS x",
        "VACUUM INTO 'x.db'",
        "BEGIN",
        "ANALYZE",
        "EXPLAIN SELECT name FROM secret",
        "SELECT load_extension('x')",
        "SELECT random() FROM schools",
        "SELECT date('now') FROM schools",
        "SELECT current_timestamp FROM schools",
        "SELECT avg(pupils) FROM schools",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n",
        "SELECT record FROM schools; SELECT 1",
        "SELECT record FROM schools) UNION SELECT (1",
        "SELEC record FROM schools",
        "",
        "-- nothing",
    };
    struct store *store = open_store();
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct store_statement *query = NULL;
        struct err err;
        if (prepare(store, refused[i], &query, &err)) fail_msg("taken: %s", refused[i]);
        assert_int_equal(err.kind, ERR_INPUT);
    }
    assert_int_equal(number(store, "SELECT sum(pupils) FROM schools"), 50);
    store_close(store);
}

/* While a desk is laid out the workspace is not written, whatever the handle may do. */
static void test_lays_out_and_writes_nothing_else(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct err err = ERR_INIT;
    assert_true(store_desk_begin(store, &err));
    assert_false(store_exec(store, "DELETE FROM school", &err));
    assert_false(store_exec(store, "CREATE TABLE other (x INTEGER)", &err));
    assert_true(store_desk_table(store, "gone", columns, COLUMNS, &err));
    assert_false(store_desk_end(store, false, &err));
    struct store_statement *query = NULL;
    assert_false(prepare(store, "SELECT count(*) FROM gone", &query, &err));
    assert_int_equal(number(store, "SELECT count(*) FROM schools"), 2);
    err = ERR_INIT;
    assert_true(store_exec(store, "DELETE FROM school WHERE number = 1", &err));
    store_close(store);
}

static void test_ends_after_its_steps(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct store_statement *query = NULL;
    struct err err = ERR_INIT;
    bool row = false;
    const char *many =
        "SELECT count(*) FROM schools a, schools b, schools c, schools d, schools e, "
        "schools f, schools g, schools h, schools i, schools j, schools k, "
        "schools l, schools m, schools n, schools o, schools p WHERE a.pupils + "
        "p.pupils > 0";
    assert_true(store_desk_prepare(store, &query, str_from(many), 50000, NULL, &err));
    for (int i = 0; i < 2; i++) { /* and not only the first time */
        assert_false(store_step(query, &row, &err));
        assert_int_equal(err.kind, ERR_LIMIT);
    }
    store_finish(query);
    assert_int_equal(number(store, "SELECT count(*) FROM schools"), 2);
    store_close(store);
}

static void note_column(void *context, const char *table, const char *column)
{
    struct text *text = context;
    text_add_f(text, "%s.%s ", table, column);
}

static void test_tells_what_is_read(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct arena arena = {0};
    struct text text;
    struct err err = ERR_INIT;
    struct store_statement *query = NULL;
    text_init(&text, &arena, 1000);
    const struct store_desk_reader reader = {note_column, &text};
    assert_true(store_desk_prepare(store, &query, STR("SELECT pupils AS value, $at FROM schools"),
                                   1000, &reader, &err));
    assert_string_equal(text.ptr, "schools.pupils ");
    assert_true(store_has(query, "$at"));
    assert_false(store_has(query, "$from"));
    assert_int_equal(store_column_count(query), 2);
    assert_string_equal(store_column_name(query, 0), "value");
    store_finish(query);
    arena_free(&arena);
    store_close(store);
}

/* A handle that only reads has a desk, too, and still only reads when it is laid out. */
static void test_on_a_reading_handle(void **state)
{
    struct err err = ERR_INIT;
    struct store *writer = NULL, *reader = NULL;
    const char *path = test_folder_path(*state, "desk.db");
    assert_true(store_open(&writer, path, STORE_CREATE, &err));
    assert_true(store_exec(writer,
                           "CREATE TABLE school (number INTEGER PRIMARY KEY, county TEXT, "
                           "pupils TEXT) STRICT; INSERT INTO school VALUES (2, '620422', '20')",
                           &err));
    assert_true(store_open(&reader, path, STORE_READ, &err));
    lay_out(reader);
    assert_int_equal(number(reader, "SELECT sum(pupils) FROM schools"), 20);
    assert_false(store_exec(reader, "DELETE FROM school", &err));
    err = ERR_INIT;
    assert_true(store_exec(writer, "UPDATE school SET pupils = '21'", &err));
    store_close(reader);
    store_close(writer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_the_desk),
        cmocka_unit_test(test_reads_nothing_else),
        cmocka_unit_test(test_lays_out_and_writes_nothing_else),
        cmocka_unit_test(test_ends_after_its_steps),
        cmocka_unit_test(test_tells_what_is_read),
        cmocka_unit_test_setup_teardown(test_on_a_reading_handle, test_folder_make,
                                        test_folder_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
