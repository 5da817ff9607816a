#include "link/match_read.h"

#include "base/file.h"
#include "intake/table.h"

#include <string.h>

enum { NAME_SHOWN_BYTES = 60, NAMES_SHOWN_BYTES = 300 };

/* What a person can read in a sentence. */
static bool can_be_shown(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        if ((unsigned char)name.ptr[i] < ' ' || name.ptr[i] == 0x7F) return false;
    }
    return name.len > 0;
}

/* Lists headings as far as there is room, and says how many more there are. */
static void list_headings(const struct str *cells, size_t cell_count, struct text *en,
                          struct text *zh)
{
    size_t more = 0;
    for (size_t i = 0; i < cell_count; i++) {
        struct str name = utf8_cut(str_trim(cells[i]), NAME_SHOWN_BYTES);
        if (name.len == 0) continue;
        if (zh->len > NAMES_SHOWN_BYTES || !can_be_shown(name)) {
            more++;
            continue;
        }
        text_add_f(en, "%s\"%.*s\"", en->len == 0 ? "" : ", ", STR_ARG(name));
        text_add_f(zh, "%s“%.*s”", zh->len == 0 ? "" : "、", STR_ARG(name));
    }
    if (more == 0) return;
    text_add_f(en, " and %zu more", more);
    text_add_f(zh, " 等，另有 %zu 列", more);
}

/* Tells which columns there are, but only of a row that has one of those looked for: without
 * headings the first row is somebody's data. */
static bool refuse_missing(const struct str *cells, size_t cell_count, const struct str *names,
                           size_t count, struct str missing, struct err *err)
{
    bool headings = false;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < cell_count; j++) {
            headings = headings || str_equal(str_trim(cells[j]), names[i]);
        }
    }
    missing = utf8_cut(missing, NAME_SHOWN_BYTES);
    if (!headings) {
        return err_set(
            err, ERR_INPUT,
            "there is no column \"%.*s\", and none of the others that are asked for: the "
            "first row must hold the headings",
            "没有“%.*s”这一列，所要的其他列也都没有：首行应为标题", STR_ARG(missing));
    }
    struct arena scratch = {0};
    struct text en, zh;
    text_init(&en, &scratch, ERR_TEXT_MAX);
    text_init(&zh, &scratch, ERR_TEXT_MAX);
    list_headings(cells, cell_count, &en, &zh);
    err_set(
        err, ERR_INPUT,
        "there is no column \"%.*s\"; there are %s%.0s: correct the heading, or the name that is "
        "asked for",
        "没有“%.*s”这一列，%.0s现有%s；请改正标题，或所要的列名", STR_ARG(missing), en.ptr, zh.ptr);
    arena_free(&scratch);
    return false;
}

bool match_find_columns(const struct str *cells, size_t cell_count, const struct str *names,
                        size_t count, size_t *places, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        size_t times = 0;
        places[i] = SIZE_MAX;
        for (size_t j = 0; j < cell_count; j++) {
            if (!str_equal(str_trim(cells[j]), names[i])) continue;
            if (times++ == 0) places[i] = j;
        }
        if (times == 1) continue;
        if (times > 1) {
            return err_set(err, ERR_INPUT, "the column \"%.*s\" stands twice",
                           "“%.*s”这一列出现两次", STR_ARG(names[i]));
        }
        return refuse_missing(cells, cell_count, names, count, names[i], err);
    }
    return true;
}

/* Makes room for twice as many rows. */
static void grow(struct arena *arena, struct match_table *table, size_t *capacity)
{
    size_t rows = table->row_count, more = *capacity * 2;
    uint64_t *lines = arena_array(arena, uint64_t, more);
    memcpy(lines, table->lines, rows * sizeof *lines);
    arena_give_back(arena, table->lines, *capacity * sizeof *lines);
    table->lines = lines;
    for (size_t c = 0; c < table->column_count; c++) {
        struct str *column = arena_array(arena, struct str, more);
        memcpy(column, table->cells[c], rows * sizeof *column);
        arena_give_back(arena, table->cells[c], *capacity * sizeof *column);
        table->cells[c] = column;
    }
    *capacity = more;
}

/* Texts outlive the file that they were read from. */
static bool read_rows(struct arena *arena, struct table *file, struct match_table *table,
                      struct err *err)
{
    size_t capacity = table_rows_most(file);
    struct table_row row;
    bool more;
    table->lines = arena_array(arena, uint64_t, capacity);
    for (size_t c = 0; c < table->column_count; c++) {
        table->cells[c] = arena_array(arena, struct str, capacity);
    }
    for (;;) {
        if (!table_next(file, &row, &more, err)) return false;
        if (!more) return true;
        if (table->row_count == MATCH_ROWS_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d rows", "超过 %d 行", MATCH_ROWS_MAX);
        }
        if (table->row_count == capacity) grow(arena, table, &capacity);
        table->lines[table->row_count] = row.line;
        for (size_t c = 0; c < table->column_count; c++) {
            struct str cell = row.cells[c];
            table->cells[c][table->row_count] = cell.len == 0 ? STR_EMPTY : str_copy(arena, cell);
        }
        table->row_count++;
    }
}

static bool has_columns(struct arena *arena, const struct table *file, const char *path,
                        const struct match_table *table, struct err *err)
{
    size_t count, *places = arena_array(arena, size_t, table->column_count);
    const struct str *headings = table_headings(file, &count);
    struct str name = file_name(path);
    return match_find_columns(headings, count, table->names, table->column_count, places, err)
           || err_at(err, "%.*s", "%.*s", STR_ARG(name));
}

bool match_table_read(struct arena *arena, const char *path, const struct str *names,
                      size_t column_count, struct match_table *out, struct err *err)
{
    CHECK(arena != NULL);
    CHECK(path != NULL);
    struct table *file;
    struct match_table table = {.names = names, .column_count = column_count};
    const char **columns = arena_array(arena, const char *, column_count);
    bool *optional = arena_array(arena, bool, column_count);
    for (size_t c = 0; c < column_count; c++) {
        columns[c] = str_cstr(arena, names[c]);
        optional[c] = true; /* here: what is missing is told below */
    }
    if (!table_open(&file, arena, path, columns, optional, column_count, err)) return false;
    table.cells = arena_array(arena, struct str *, column_count);
    bool done = has_columns(arena, file, path, &table, err) && read_rows(arena, file, &table, err);
    table_close(file);
    if (done) *out = table;
    return done;
}

bool match_table_has(struct arena *arena, const char *path, const char *name, bool *out,
                     struct err *err)
{
    struct table *file;
    const char *columns[] = {name};
    bool optional[] = {true};
    if (!table_open(&file, arena, path, columns, optional, 1, err)) return false;
    *out = table_has(file, 0);
    table_close(file);
    return true;
}
