#include "store/desk.h"

#include "store/internal.h"

#include <string.h>

enum { DESK_TABLES_MAX = 2000, DESK_STEPS_AT_ONCE = 10000 };

static bool on_desk(const struct store *store, const char *table)
{
    for (size_t i = 0; i < store->desk_table_count; i++) {
        if (sqlite3_stricmp(store->desk_tables[i], table) == 0) return true;
    }
    return false;
}

/* Functions that know the time or chance, or that compute with floats, or that see how the database
 * is used. Whatever else SQLite has built in depends on its arguments alone. */
static bool function_allowed(const char *name)
{
    static const char *const refused[] = {"load_extension",
                                          "random",
                                          "randomblob",
                                          "changes",
                                          "total_changes",
                                          "last_insert_rowid",
                                          "date",
                                          "time",
                                          "datetime",
                                          "julianday",
                                          "strftime",
                                          "unixepoch",
                                          "timediff",
                                          "current_date",
                                          "current_time",
                                          "current_timestamp",
                                          "avg",
                                          "total",
                                          "round",
                                          "sqlite_version",
                                          "sqlite_source_id",
                                          "sqlite_compileoption_get",
                                          "sqlite_compileoption_used",
                                          "sqlite_offset",
                                          "sqlite_log",
                                          "likelihood",
                                          "zeroblob",
                                          "fts3_tokenizer",
                                          "readfile",
                                          "writefile",
                                          "edit",
                                          "desk_number",
                                          "desk_within",
                                          "percent_rank",
                                          "cume_dist"};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        if (sqlite3_stricmp(name, refused[i]) == 0) return false;
    }
    return true;
}

/* A column is read of the table that the name was found to mean, which says in which database it
 * lies. Where a query only counts rows SQLite tells the name as written: then the database may be
 * missing, and the name counts, for temporary tables go before all others. */
int store_desk_authorize(struct store *store, int action, const char *first, const char *second,
                         const char *database)
{
    switch (action) {
    case SQLITE_SELECT: return SQLITE_OK;
    case SQLITE_FUNCTION: return function_allowed(second) ? SQLITE_OK : SQLITE_DENY;
    case SQLITE_READ: break;
    case SQLITE_INSERT:
        return store->gate == GATE_KEEPING && database != NULL
                       && sqlite3_stricmp(database, "temp") == 0
                       && strcmp(first, store->desk_tables[store->desk_table_count - 1]) == 0
                   ? SQLITE_OK
                   : SQLITE_DENY;
    default: return SQLITE_DENY;
    }
    if (database == NULL ? second[0] != '\0' : sqlite3_stricmp(database, "temp") != 0) {
        return SQLITE_DENY;
    }
    if (!on_desk(store, first)) return SQLITE_DENY;
    const struct store_desk_reader *reader = store->desk_reader;
    if (reader != NULL) reader->reads(reader->context, first, second);
    return SQLITE_OK;
}

static bool set_query_only(struct store *store, bool on, struct err *err)
{
    enum store_gate gate = store->gate;
    if (!store->read_only) return true;
    store->gate = GATE_SETTING;
    bool done =
        store_run_text(store, on ? "PRAGMA query_only = ON" : "PRAGMA query_only = OFF", err);
    store->gate = gate;
    return done;
}

static void desk_number(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct store *store = sqlite3_user_data(context);
    int64_t place = sqlite3_value_int64(values[0]) - store->desk_number_first;
    (void)count;
    if (place < 0 || place >= (int64_t)store->desk_number_count) return;
    if (store->desk_numbers[place] != 0) sqlite3_result_int64(context, store->desk_numbers[place]);
}

static void desk_within(sqlite3_context *context, int count, sqlite3_value **values)
{
    const struct store *store = sqlite3_user_data(context);
    const char *text = (const char *)sqlite3_value_text(values[0]);
    size_t length = text == NULL ? 0 : (size_t)sqlite3_value_bytes(values[0]);
    bool within = false;
    (void)count;
    for (size_t i = 0; !within && text != NULL && i < store->desk_prefix_count; i++) {
        struct str prefix = store->desk_prefixes[i];
        within =
            prefix.len > 0 && prefix.len <= length && memcmp(text, prefix.ptr, prefix.len) == 0;
    }
    sqlite3_result_int(context, within);
}

void store_desk_prefixes(struct store *store, const struct str *prefixes, size_t count)
{
    CHECK(store->gate == GATE_LAYING);
    store->desk_prefixes = prefixes;
    store->desk_prefix_count = count;
}

void store_desk_numbers(struct store *store, int64_t first, const int64_t *numbers, size_t count)
{
    CHECK(store->gate == GATE_LAYING);
    store->desk_numbers = numbers;
    store->desk_number_first = first;
    store->desk_number_count = count;
}

static bool add_functions(struct store *store, struct err *err)
{
    static const struct {
        const char *name;
        void (*run)(sqlite3_context *context, int count, sqlite3_value **values);
    } functions[] = {{"desk_number", desk_number}, {"desk_within", desk_within}};
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        int code = sqlite3_create_function_v2(store->db, functions[i].name, 1,
                                              SQLITE_UTF8 | SQLITE_DIRECTONLY, store,
                                              functions[i].run, NULL, NULL, NULL);
        if (code != SQLITE_OK) return store_failed(store, code, err);
    }
    return true;
}

bool store_desk_begin(struct store *store, struct err *err)
{
    CHECK(store != NULL);
    CHECK(store->gate == GATE_OWN);
    if (!store_fault_pass(store, err)) return false;
    store->desk_own_transaction = !store_in_transaction(store);
    store->desk_table_mark = store->desk_table_count;
    if (!add_functions(store, err)) return false;
    if (!set_query_only(store, false, err)) return false;
    if (store_run_text(store, store->desk_own_transaction ? "BEGIN" : "SAVEPOINT desk", err)) {
        store->gate = GATE_LAYING;
        return true;
    }
    struct err ignored = ERR_INIT;
    CHECK(set_query_only(store, true, &ignored));
    return false;
}

bool store_desk_end(struct store *store, bool done, struct err *err)
{
    CHECK(store->gate == GATE_LAYING);
    if (done) done = store_fault_pass(store, err);
    bool own = store->desk_own_transaction;
    if (done) done = store_run_text(store, own ? "COMMIT" : "RELEASE desk", err);
    if (!done) {
        (void)sqlite3_exec(store->db, own ? "ROLLBACK" : "ROLLBACK TO desk; RELEASE desk", NULL,
                           NULL, NULL);
        store->desk_table_count = store->desk_table_mark;
    }
    store_desk_numbers(store, 0, NULL, 0);
    store_desk_prefixes(store, NULL, 0);
    store->gate = GATE_OWN;
    /* What was read of the workspace to fill the desk is not asked for again. */
    (void)sqlite3_db_release_memory(store->db);
    struct err ignored = ERR_INIT;
    return set_query_only(store, true, done ? err : &ignored) && done;
}

/* The table made last stands last, made for the first time or anew. */
static void add_table(struct store *store, const char *table)
{
    const char **tables = store->desk_tables;
    for (size_t i = 0; i < store->desk_table_count; i++) {
        if (strcmp(tables[i], table) != 0) continue;
        const char *same = tables[i];
        memmove(&tables[i], &tables[i + 1],
                (store->desk_table_count - i - 1) * sizeof(const char *));
        tables[store->desk_table_count - 1] = same;
        return;
    }
    if (store->desk_tables == NULL) {
        store->desk_tables = arena_array(&store->arena, const char *, DESK_TABLES_MAX);
    }
    store->desk_tables[store->desk_table_count++] = str_cstr(&store->arena, str_from(table));
}

static bool desk_has_room(const struct store *store, struct err *err)
{
    if (store->desk_table_count < DESK_TABLES_MAX) return true;
    return err_set(err, ERR_LIMIT, "figures read more than %d tables", "指标读取的表超过 %d 个",
                   (int)DESK_TABLES_MAX);
}

bool store_desk_table(struct store *store, const char *table,
                      const struct store_desk_column *columns, size_t count, struct err *err)
{
    struct arena scratch = {0};
    struct text sql;
    CHECK(store->gate == GATE_LAYING);
    CHECK(count > 0);
    if (!store_fault_pass(store, err)) return false;
    if (!store_name_valid(table)) return store_name_refused(table, err);
    if (!desk_has_room(store, err)) return false;
    text_init(&sql, &scratch, SQL_BYTES_MAX);
    text_add_f(&sql, "DROP TABLE IF EXISTS temp.\"%s\"; CREATE TEMP TABLE \"%s\" (", table, table);
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        done = store_name_valid(columns[i].name) || store_name_refused(columns[i].name, err);
        CHECK(columns[i].type != STORE_BLOB);
        text_add_f(&sql, "%s\"%s\" %s", i == 0 ? "" : ", ", columns[i].name,
                   columns[i].type == STORE_INTEGER ? "INTEGER" : "TEXT");
    }
    text_add_c(&sql, ")");
    CHECK(!sql.cut);
    done = done && store_run_text(store, sql.ptr, err);
    arena_free(&scratch);
    if (done) add_table(store, table);
    return done;
}

/* Numbers on a table of their own, which no query may name. */
static bool put_numbers(struct store *store, const int64_t *numbers, size_t count, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_exec(store,
                    "CREATE TEMP TABLE IF NOT EXISTS desk_numbers (number INTEGER PRIMARY KEY);"
                    "DELETE FROM temp.desk_numbers",
                    err)
        || !store_prepare(store, &put,
                          "INSERT OR IGNORE INTO temp.desk_numbers (number) VALUES ($number)",
                          err)) {
        return false;
    }
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        store_bind_i64(put, "$number", numbers[i]);
        done = store_run(put, err);
    }
    store_finish(put);
    return done;
}

bool store_desk_take_off(struct store *store, const char *table, const char *column,
                         const int64_t *numbers, size_t count, struct err *err)
{
    struct store_statement *take = NULL;
    CHECK(store->gate == GATE_LAYING);
    if (count == 0) return true;
    return put_numbers(store, numbers, count, err)
           && store_prepare_table(store, &take,
                                  "DELETE FROM temp.@table WHERE @columns IN "
                                  "(SELECT number FROM temp.desk_numbers)",
                                  table, &column, 1, err)
           && store_run_once(take, err);
}

static void add_take(struct text *sql, const struct store_desk_column *column)
{
    bool cast = column->type == STORE_INTEGER && column->from != NULL;
    if (column->expression != NULL) {
        text_add_c(sql, column->expression);
        return;
    }
    text_add_f(sql, "%ss.\"%s\"%s", cast ? "CAST(" : "", column->from, cast ? " AS INTEGER)" : "");
}

/* Prepares the filling of columns with what is put for each; a copy takes those of the same name.
 */
static bool prepare_fill(struct store *store, struct store_statement **out, const char *table,
                         const char *source, bool copies, const struct store_desk_column *columns,
                         size_t count, const char *condition, struct err *err)
{
    struct arena scratch = {0};
    struct text names, takes, sql;
    CHECK(store->gate == GATE_LAYING);
    if (!store_fault_pass(store, err)) return false;
    if (!store_name_valid(table)) return store_name_refused(table, err);
    if (!store_name_valid(source)) return store_name_refused(source, err);
    text_init(&names, &scratch, SQL_BYTES_MAX);
    text_init(&takes, &scratch, SQL_BYTES_MAX);
    text_init(&sql, &scratch, SQL_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (columns[i].from == NULL && columns[i].expression == NULL) continue;
        CHECK(store_name_valid(columns[i].name));
        CHECK(columns[i].from == NULL || store_name_valid(columns[i].from));
        text_add_f(&names, "%s\"%s\"", names.len == 0 ? "" : ", ", columns[i].name);
        if (takes.len > 0) text_add_c(&takes, ", ");
        if (copies) {
            text_add_f(&takes, "s.\"%s\"", columns[i].name);
        } else {
            add_take(&takes, &columns[i]);
        }
    }
    text_add_f(&sql, "INSERT INTO temp.\"%s\" (%.*s) SELECT %.*s FROM %s.\"%s\" AS s WHERE %s",
               table, STR_ARG(text_str(&names)), STR_ARG(text_str(&takes)),
               copies ? "temp" : "main", source, condition);
    CHECK(!sql.cut);
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v3(store->db, sql.ptr, -1, 0, &handle, NULL);
    arena_free(&scratch);
    if (code != SQLITE_OK) return store_failed(store, code, err);
    *out = store_statement_take(store, handle);
    return true;
}

bool store_desk_fill_literal(struct store *store, struct store_statement **out, const char *table,
                             const char *source, const struct store_desk_column *columns,
                             size_t count, const char *condition, struct err *err)
{
    return prepare_fill(store, out, table, source, false, columns, count, condition, err);
}

bool store_desk_copy_literal(struct store *store, struct store_statement **out, const char *table,
                             const char *source, const struct store_desk_column *columns,
                             size_t count, const char *condition, struct err *err)
{
    return prepare_fill(store, out, table, source, true, columns, count, condition, err);
}

bool store_desk_insert(struct store *store, struct store_statement **out, const char *table,
                       const struct store_desk_column *columns, size_t count, struct err *err)
{
    struct arena scratch = {0};
    struct text names, values, sql;
    CHECK(store->gate == GATE_LAYING);
    if (!store_fault_pass(store, err)) return false;
    if (!store_name_valid(table)) return store_name_refused(table, err);
    text_init(&names, &scratch, SQL_BYTES_MAX);
    text_init(&values, &scratch, SQL_BYTES_MAX);
    text_init(&sql, &scratch, SQL_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        CHECK(store_name_valid(columns[i].name));
        text_add_f(&names, "%s\"%s\"", i == 0 ? "" : ", ", columns[i].name);
        text_add_f(&values, "%s$%s", i == 0 ? "" : ", ", columns[i].name);
    }
    text_add_f(&sql, "INSERT INTO temp.\"%s\" (%.*s) VALUES (%.*s)", table,
               STR_ARG(text_str(&names)), STR_ARG(text_str(&values)));
    CHECK(!sql.cut);
    sqlite3_stmt *handle = NULL;
    int code = sqlite3_prepare_v3(store->db, sql.ptr, -1, 0, &handle, NULL);
    arena_free(&scratch);
    if (code != SQLITE_OK) return store_failed(store, code, err);
    *out = store_statement_take(store, handle);
    return true;
}

/* What is behind the statement: blanks, comments and one semicolon at most. */
static bool nothing_follows(const char *tail)
{
    while (*tail != '\0') {
        if (strncmp(tail, "--", 2) == 0) {
            tail += strcspn(tail, "\n");
        } else if (*tail == ' ' || *tail == '\n' || *tail == '\t' || *tail == '\r'
                   || *tail == ';') {
            tail++;
        } else {
            return false;
        }
    }
    return true;
}

/* One statement of a text as `gate` admits it. */
static bool prepare_text(struct store *store, struct store_statement **out, const char *text,
                         enum store_gate gate, const struct store_desk_reader *reader,
                         struct err *err)
{
    sqlite3_stmt *handle = NULL;
    const char *tail = "";
    enum store_gate before = store->gate;
    store->gate = gate;
    store->desk_reader = reader;
    int code = sqlite3_prepare_v3(store->db, text, -1, 0, &handle, &tail);
    store->gate = before;
    store->desk_reader = NULL;
    bool good = code == SQLITE_OK && handle != NULL && nothing_follows(tail)
                && (gate == GATE_KEEPING || sqlite3_stmt_readonly(handle) != 0);
    if (code != SQLITE_OK) {
        err_set(err, ERR_INPUT, "the query cannot be run: %s", "查询语句无法执行：%s",
                sqlite3_errmsg(store->db));
    } else if (!good) {
        err_set(err, ERR_INPUT, "a query is one SELECT and nothing else",
                "查询语句只能是一条 SELECT");
    }
    if (!good) {
        (void)sqlite3_finalize(handle);
        return false;
    }
    *out = store_statement_take(store, handle);
    return true;
}

/* `sql` as a string of C; ERR_LIMIT when it is too long, ERR_INPUT when a zero byte is in it. */
static bool text_of(struct arena *arena, struct str sql, const char **out, struct err *err)
{
    if (sql.len > SQL_BYTES_MAX - 1) {
        return err_set(err, ERR_LIMIT, "a query is longer than %d bytes", "查询语句超过 %d 字节",
                       (int)SQL_BYTES_MAX);
    }
    *out = str_cstr(arena, sql);
    return strlen(*out) == sql.len
           || err_set(err, ERR_INPUT, "a query is one SELECT and nothing else",
                      "查询语句只能是一条 SELECT");
}

bool store_desk_prepare(struct store *store, struct store_statement **out, struct str sql,
                        int64_t steps_max, const struct store_desk_reader *reader, struct err *err)
{
    struct arena scratch = {0};
    const char *text = NULL;
    CHECK(store->gate == GATE_OWN);
    CHECK(steps_max > 0);
    bool done = store_fault_pass(store, err) && text_of(&scratch, sql, &text, err)
                && prepare_text(store, out, text, GATE_DESK, reader, err);
    arena_free(&scratch);
    if (done) (*out)->steps_left = steps_max;
    return done;
}

/* The query's columns as those of a table, without types: values stay what they are. */
static bool name_columns(struct arena *arena, const struct store_statement *query,
                         const char *const **out)
{
    size_t count = store_column_count(query);
    const char **names = arena_array(arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        const char *name = store_column_name(query, i);
        if (!store_name_valid(name)) return false;
        for (size_t k = 0; k < i; k++) {
            if (strcmp(names[k], name) == 0) return false;
        }
        names[i] = str_cstr(arena, str_from(name));
    }
    *out = names;
    return true;
}

static bool make_kept(struct store *store, const char *table, const char *const *names,
                      size_t count, struct err *err)
{
    struct arena scratch = {0};
    struct text sql;
    if (!desk_has_room(store, err)) return false;
    text_init(&sql, &scratch, SQL_BYTES_MAX);
    text_add_f(&sql, "DROP TABLE IF EXISTS temp.\"%s\"; CREATE TEMP TABLE \"%s\" (", table, table);
    for (size_t i = 0; i < count; i++) {
        text_add_f(&sql, "%s\"%s\"", i == 0 ? "" : ", ", names[i]);
    }
    text_add_c(&sql, ")");
    CHECK(!sql.cut);
    bool done = store_run_text(store, sql.ptr, err);
    arena_free(&scratch);
    if (done) add_table(store, table);
    return done;
}

bool store_desk_keep(struct store *store, struct store_statement **out, const char *table,
                     struct str sql, const char *order, int64_t steps_max, bool *kept,
                     struct err *err)
{
    struct arena scratch = {0};
    struct store_statement *query = NULL;
    const char *const *names = NULL;
    const char *text = NULL;
    struct text fill;
    CHECK(store->gate == GATE_LAYING);
    CHECK(steps_max > 0);
    CHECK(store_name_valid(table));
    bool done = store_fault_pass(store, err) && text_of(&scratch, sql, &text, err)
                && prepare_text(store, &query, text, GATE_DESK, NULL, err);
    if (done) *kept = name_columns(&scratch, query, &names);
    size_t count = done ? store_column_count(query) : 0;
    store_finish(query);
    if (done && *kept) {
        text_init(&fill, &scratch, 2 * SQL_BYTES_MAX);
        text_add_f(&fill, "INSERT INTO temp.\"%s\" SELECT * FROM (%s\n) ORDER BY %s", table, text,
                   order);
        CHECK(!fill.cut);
        done = make_kept(store, table, names, count, err)
               && prepare_text(store, out, fill.ptr, GATE_KEEPING, NULL, err);
        if (done) (*out)->steps_left = steps_max;
    }
    arena_free(&scratch);
    return done;
}

size_t store_desk_bytes(const struct store *store)
{
    int now = 0, most = 0;
    CHECK(sqlite3_db_status(store->db, SQLITE_DBSTATUS_CACHE_USED, &now, &most, 0) == SQLITE_OK);
    return now < 0 ? 0 : (size_t)now;
}

static int count_steps(void *context)
{
    struct store_statement *statement = context;
    if (statement->steps_left <= DESK_STEPS_AT_ONCE) return 1; /* also each time from now on */
    statement->steps_left -= DESK_STEPS_AT_ONCE;
    return 0;
}

int store_desk_step(struct store_statement *statement)
{
    sqlite3 *db = statement->store->db;
    sqlite3_progress_handler(db, DESK_STEPS_AT_ONCE, count_steps, statement);
    int code = sqlite3_step(statement->handle);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    return code;
}

bool store_has(const struct store_statement *statement, const char *name)
{
    return sqlite3_bind_parameter_index(statement->handle, name) > 0;
}

size_t store_column_count(const struct store_statement *statement)
{
    return (size_t)sqlite3_column_count(statement->handle);
}

const char *store_column_name(const struct store_statement *statement, size_t column)
{
    CHECK(column < store_column_count(statement));
    return sqlite3_column_name(statement->handle, (int)column);
}
