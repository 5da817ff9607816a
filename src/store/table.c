#include "store/internal.h"

#include <string.h>

static const char *type_word(enum store_type type)
{
    CHECK(type <= STORE_BLOB);
    return type == STORE_INTEGER ? "INTEGER" : type == STORE_TEXT ? "TEXT" : "BLOB";
}

static bool names_valid(const char *table, const struct store_column *columns, size_t count,
                        struct err *err)
{
    if (!store_name_valid(table)) return store_name_refused(table, err);
    for (size_t i = 0; i < count; i++) {
        if (!store_name_valid(columns[i].name)) return store_name_refused(columns[i].name, err);
        for (size_t j = 0; j < i; j++) {
            if (strcmp(columns[i].name, columns[j].name) == 0) {
                return err_set(err, ERR_INPUT, "table \"%s\" has two columns \"%s\"",
                               "表“%s”有两列都叫“%s”", table, columns[i].name);
            }
        }
    }
    return true;
}

static bool create_table(struct store *store, struct arena *scratch, const char *table,
                         const struct store_column *columns, size_t count, struct err *err)
{
    struct text sql;
    text_init(&sql, scratch, SQL_BYTES_MAX);
    text_add_f(&sql, "CREATE TABLE \"%s\" (\"%s\" INTEGER PRIMARY KEY", table, columns[0].name);
    for (size_t i = 1; i < count; i++) {
        text_add_f(&sql, ", \"%s\" %s%s", columns[i].name, type_word(columns[i].type),
                   columns[i].required ? " NOT NULL" : "");
    }
    text_add(&sql, STR(") STRICT"));
    CHECK(!sql.cut);
    return store_run_text(store, str_cstr(scratch, text_str(&sql)), err);
}

struct found {
    bool seen;
    bool same_type;
};

static bool find_columns(struct store *store, const char *table, const struct store_column *columns,
                         size_t count, struct found *found, size_t *total, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement, "SELECT name, type FROM pragma_table_info($table)",
                       err)) {
        return false;
    }
    store_bind_str(statement, "$table", str_from(table));
    bool done = false, row = false;
    *total = 0;
    while ((done = store_step(statement, &row, err)) && row) {
        ++*total;
        for (size_t i = 0; i < count; i++) {
            if (!str_is(store_str(statement, 0), columns[i].name)) continue;
            found[i].seen = true;
            found[i].same_type = str_is(store_str(statement, 1), type_word(columns[i].type));
        }
    }
    store_finish(statement);
    return done;
}

/* A column that is added later may be null in the rows that are there already, required or not. */
static bool add_column(struct store *store, struct arena *scratch, const char *table,
                       const struct store_column *column, struct err *err)
{
    struct text sql;
    text_init(&sql, scratch, SQL_BYTES_MAX);
    text_add_f(&sql, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" %s", table, column->name,
               type_word(column->type));
    return store_run_text(store, str_cstr(scratch, text_str(&sql)), err);
}

static bool grow_table(struct store *store, struct arena *scratch, const char *table,
                       const struct store_column *columns, size_t count, const struct found *found,
                       struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        if (found[i].seen && !found[i].same_type) {
            return err_set(err, ERR_STORE,
                           "table \"%s\" has a column \"%s\" of another type in this workspace",
                           "本工作区的表“%s”中，列“%s”的类型不同", table, columns[i].name);
        }
        if (!found[i].seen && !add_column(store, scratch, table, &columns[i], err)) return false;
    }
    return true;
}

bool store_ensure_table(struct store *store, const char *table, const struct store_column *columns,
                        size_t count, struct err *err)
{
    CHECK(store != NULL);
    CHECK(count > 0);
    CHECK(columns[0].type == STORE_INTEGER);
    if (!names_valid(table, columns, count, err)) return false;
    struct arena scratch = {0};
    struct found *found = arena_array(&scratch, struct found, count);
    size_t total = 0;
    bool done = find_columns(store, table, columns, count, found, &total, err)
                && store_fault_pass(store, err);
    if (done && total == 0)
        done = create_table(store, &scratch, table, columns, count, err);
    else if (done)
        done = grow_table(store, &scratch, table, columns, count, found, err);
    arena_free(&scratch);
    return done;
}

bool store_ensure_index(struct store *store, const char *table, const char *column, struct err *err)
{
    CHECK(store != NULL);
    if (!store_name_valid(table)) return store_name_refused(table, err);
    if (!store_name_valid(column)) return store_name_refused(column, err);
    if (!store_fault_pass(store, err)) return false;
    struct arena scratch = {0};
    struct text sql;
    text_init(&sql, &scratch, SQL_BYTES_MAX);
    text_add_f(&sql, "CREATE INDEX IF NOT EXISTS \"%s_by_%s\" ON \"%s\" (\"%s\")", table, column,
               table, column);
    bool done = store_run_text(store, str_cstr(&scratch, text_str(&sql)), err);
    arena_free(&scratch);
    return done;
}
