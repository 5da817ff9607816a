#include "store/internal.h"

#include <string.h>

bool store_name_valid(const char *name)
{
    if (name == NULL || name[0] < 'a' || name[0] > 'z') return false;
    size_t length = strlen(name);
    if (length > NAME_BYTES_MAX) return false;
    return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == length;
}

bool store_name_refused(const char *name, struct err *err)
{
    return err_set(
        err, ERR_INPUT,
        "\"%s\" cannot name a table or column: a letter a to z, then letters, digits "
        "and _, at most 63",
        "“%s”不能作表名或列名：须以小写字母开头，只含小写字母、数字和下划线，最长 63 个字符",
        name == NULL ? "" : name);
}

/* Names are quoted, for a field may well be called "from" or "order". */
static void add_names(struct text *sql, const char *before, const char *after,
                      const char *const *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_add_f(sql, "%s%s%s%s", i == 0 ? "" : ", ", before, columns[i], after);
    }
}

static bool word_at(const char *at, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(at, word, length) != 0) return false;
    char next = at[length];
    return !(next == '_' || (next >= 'a' && next <= 'z') || (next >= '0' && next <= '9'));
}

static bool fill_in(struct text *sql, const char *literal, const char *table,
                    const char *const *columns, size_t count, struct err *err)
{
    if (!store_name_valid(table)) return store_name_refused(table, err);
    for (size_t i = 0; i < count; i++) {
        if (!store_name_valid(columns[i])) return store_name_refused(columns[i], err);
    }
    for (const char *at = literal; *at != '\0';) {
        if (word_at(at, "@table")) {
            add_names(sql, "\"", "\"", &table, 1);
            at += strlen("@table");
        } else if (word_at(at, "@columns")) {
            add_names(sql, "\"", "\"", columns, count);
            at += strlen("@columns");
        } else if (word_at(at, "@values")) {
            add_names(sql, "$", "", columns, count);
            at += strlen("@values");
        } else {
            text_add_byte(sql, *at++);
        }
    }
    if (sql->cut) {
        return err_set(err, ERR_LIMIT, "a statement on table \"%s\" is too long",
                       "对表“%s”的语句过长", table);
    }
    return true;
}

struct store_statement *store_statement_take(struct store *store, sqlite3_stmt *handle)
{
    CHECK(handle != NULL);
    struct store_statement *statement = store->free_statements;
    if (statement == NULL) {
        statement = arena_new(&store->arena, struct store_statement);
    } else {
        store->free_statements = statement->next;
    }
    *statement = (struct store_statement){.store = store, .handle = handle};
    store->statements_open++;
    return statement;
}

static struct store_kept *kept_at(struct store *store, const char *sql)
{
    return &store->kept[((uintptr_t)sql >> 3) * UINT64_C(0x9E3779B97F4A7C15) >> 57];
}

_Static_assert(KEPT_STATEMENTS == 1 << (64 - 57), "kept_at gives as many places");

/* One that is kept; NULL: there is none. What a statement may do is asked when it is made: under
 * another gate it is made anew. */
static sqlite3_stmt *take_kept(struct store *store, const char *sql)
{
    struct store_kept *kept = kept_at(store, sql);
    if (store->gate != GATE_OWN || kept->sql != sql) return NULL;
    sqlite3_stmt *handle = kept->handle;
    *kept = (struct store_kept){0};
    return handle;
}

/* Whatever kept the place before gives way. */
static void keep(struct store_statement *statement)
{
    struct store_kept *kept = kept_at(statement->store, statement->sql);
    (void)sqlite3_reset(statement->handle);
    (void)sqlite3_clear_bindings(statement->handle);
    (void)sqlite3_finalize(kept->handle);
    *kept = (struct store_kept){statement->sql, statement->handle};
}

void store_statements_forget(struct store *store)
{
    for (size_t i = 0; i < KEPT_STATEMENTS; i++) {
        (void)sqlite3_finalize(store->kept[i].handle);
        store->kept[i] = (struct store_kept){0};
    }
}

bool store_prepare_literal(struct store *store, struct store_statement **out, const char *sql,
                           const char *table, const char *const *columns, size_t count,
                           struct err *err)
{
    CHECK(store != NULL);
    CHECK(out != NULL);
    if (!store_fault_pass(store, err)) return false;
    bool to_keep = table == NULL && store->gate == GATE_OWN;
    sqlite3_stmt *handle = to_keep ? take_kept(store, sql) : NULL;
    if (handle != NULL) {
        *out = store_statement_take(store, handle);
        (*out)->sql = sql;
        return true;
    }
    struct arena scratch = {0};
    const char *final = sql;
    if (table != NULL) {
        struct text built;
        text_init(&built, &scratch, SQL_BYTES_MAX);
        if (!fill_in(&built, sql, table, columns, count, err)) {
            arena_free(&scratch);
            return false;
        }
        final = str_cstr(&scratch, text_str(&built));
    }
    unsigned flags = to_keep ? SQLITE_PREPARE_PERSISTENT : 0;
    int code = sqlite3_prepare_v3(store->db, final, -1, flags, &handle, NULL);
    arena_free(&scratch);
    if (code != SQLITE_OK) return store_failed(store, code, err);
    *out = store_statement_take(store, handle);
    if (to_keep) (*out)->sql = sql;
    return true;
}

void store_finish(struct store_statement *statement)
{
    if (statement == NULL) return;
    struct store *store = statement->store;
    CHECK(statement->handle != NULL);
    CHECK(store->statements_open > 0);
    if (statement->sql != NULL) {
        keep(statement);
    } else {
        (void)sqlite3_finalize(statement->handle);
    }
    statement->handle = NULL;
    statement->next = store->free_statements;
    store->free_statements = statement;
    store->statements_open--;
}

void store_reset(struct store_statement *statement)
{
    (void)sqlite3_reset(statement->handle);
    (void)sqlite3_clear_bindings(statement->handle);
    statement->bind_code = SQLITE_OK;
}

int store_place(const struct store_statement *statement, const char *name)
{
    int place = sqlite3_bind_parameter_index(statement->handle, name);
    CHECK(place > 0);
    return place;
}

/* A binding fails only when memory or a length limit is exceeded; the step that follows says so. */
static void bound(struct store_statement *statement, int code)
{
    CHECK(code != SQLITE_MISUSE);
    CHECK(code != SQLITE_RANGE);
    if (code != SQLITE_OK && statement->bind_code == SQLITE_OK) statement->bind_code = code;
}

void store_bind_i64_at(struct store_statement *statement, int place, int64_t value)
{
    bound(statement, sqlite3_bind_int64(statement->handle, place, value));
}

void store_bind_str_at(struct store_statement *statement, int place, struct str value)
{
    if (value.ptr == NULL) {
        store_bind_null_at(statement, place);
    } else {
        bound(statement, sqlite3_bind_text64(statement->handle, place, value.ptr, value.len,
                                             SQLITE_STATIC, SQLITE_UTF8));
    }
}

void store_bind_blob_at(struct store_statement *statement, int place, struct str value)
{
    if (value.ptr == NULL) {
        store_bind_null_at(statement, place);
    } else {
        bound(statement,
              sqlite3_bind_blob64(statement->handle, place, value.ptr, value.len, SQLITE_STATIC));
    }
}

void store_bind_null_at(struct store_statement *statement, int place)
{
    bound(statement, sqlite3_bind_null(statement->handle, place));
}

void store_bind_i64(struct store_statement *statement, const char *name, int64_t value)
{
    store_bind_i64_at(statement, store_place(statement, name), value);
}

void store_bind_str(struct store_statement *statement, const char *name, struct str value)
{
    store_bind_str_at(statement, store_place(statement, name), value);
}

void store_bind_text(struct store_statement *statement, const char *name, struct str value)
{
    store_bind_str(statement, name, value.ptr == NULL ? STR("") : value);
}

void store_bind_blob(struct store_statement *statement, const char *name, struct str value)
{
    store_bind_blob_at(statement, store_place(statement, name), value);
}

void store_bind_day(struct store_statement *statement, const char *name, day value)
{
    int place = store_place(statement, name);
    if (day_is_none(value)) {
        store_bind_null_at(statement, place);
        return;
    }
    char buffer[DAY_TEXT_SIZE];
    day_format(value, buffer);
    bound(statement,
          sqlite3_bind_text(statement->handle, place, buffer, DAY_TEXT_SIZE - 1, SQLITE_TRANSIENT));
}

void store_bind_null(struct store_statement *statement, const char *name)
{
    store_bind_null_at(statement, store_place(statement, name));
}

static bool step(struct store_statement *statement, int *code, struct err *err)
{
    struct store *store = statement->store;
    if (!store_fault_pass(store, err)) {
        (void)sqlite3_reset(statement->handle);
        return false;
    }
    if (statement->bind_code != SQLITE_OK) {
        return err_set(err, ERR_LIMIT, "a value is too large for the workspace \"%s\"",
                       "有一个值过大，工作区“%s”无法保存", store->path);
    }
    *code =
        statement->steps_left > 0 ? store_desk_step(statement) : sqlite3_step(statement->handle);
    if (*code == SQLITE_ROW) return true;
    if (*code != SQLITE_DONE) store_failed(store, *code, err);
    /* Also at the end, so that no read lock stays behind. */
    (void)sqlite3_reset(statement->handle);
    return *code == SQLITE_DONE;
}

bool store_step(struct store_statement *statement, bool *row, struct err *err)
{
    CHECK(statement != NULL);
    int code = SQLITE_OK;
    if (!step(statement, &code, err)) return false;
    *row = code == SQLITE_ROW;
    return true;
}

bool store_step_row(struct store_statement *statement, struct err *err)
{
    bool row = false;
    if (!store_step(statement, &row, err)) return false;
    CHECK(row);
    return true;
}

bool store_run(struct store_statement *statement, struct err *err)
{
    CHECK(statement != NULL);
    int code = SQLITE_OK;
    if (!step(statement, &code, err)) return false;
    CHECK(code == SQLITE_DONE);
    return true;
}

bool store_run_once(struct store_statement *statement, struct err *err)
{
    bool done = store_run(statement, err);
    store_finish(statement);
    return done;
}

int64_t store_i64(struct store_statement *statement, int column)
{
    CHECK(column < sqlite3_data_count(statement->handle));
    return sqlite3_column_int64(statement->handle, column);
}

struct str store_str(struct store_statement *statement, int column)
{
    CHECK(column < sqlite3_data_count(statement->handle));
    if (sqlite3_column_type(statement->handle, column) == SQLITE_NULL) return STR_EMPTY;
    /* column_blob gives NULL for an empty value, which is not the same as a null. */
    const void *bytes = sqlite3_column_blob(statement->handle, column);
    size_t length = (size_t)sqlite3_column_bytes(statement->handle, column);
    return (struct str){bytes == NULL ? "" : bytes, length};
}

day store_day(struct store_statement *statement, int column)
{
    struct str text = store_str(statement, column);
    day out;
    return day_parse(text, &out) ? out : DAY_NONE;
}

bool store_is_null(struct store_statement *statement, int column)
{
    CHECK(column < sqlite3_data_count(statement->handle));
    return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}
