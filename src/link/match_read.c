#include "link/match_read.h"

#include "intake/table.h"

#include <string.h>

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
        return err_set(err, ERR_INPUT, "there is no column \"%.*s\"", "没有“%.*s”这一列",
                       STR_ARG(names[i]));
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

bool match_table_read(struct arena *arena, const char *path, const struct str *names,
                      size_t column_count, struct match_table *out, struct err *err)
{
    CHECK(arena != NULL);
    CHECK(path != NULL);
    struct table *file;
    struct match_table table = {.names = names, .column_count = column_count};
    const char **columns = arena_array(arena, const char *, column_count);
    for (size_t c = 0; c < column_count; c++) columns[c] = str_cstr(arena, names[c]);
    if (!table_open(&file, arena, path, columns, NULL, column_count, err)) return false;
    table.cells = arena_array(arena, struct str *, column_count);
    bool done = read_rows(arena, file, &table, err);
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
