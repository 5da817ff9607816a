#include "link/match_read.h"

#include "base/csv.h"
#include "base/file.h"
#include "intake/workbook.h"

#include <string.h>

/* Two ways in: plain UTF-8 text straight from the mapped file, whose cells are not copied, and the
 * workbook reader for everything else. */

#define MATCH_FILE_BYTES_MAX ((size_t)8 << 30)

enum { ROWS_FIRST = 1 << 10 }; /* room in a table whose rows cannot be counted ahead */

struct row {
    struct str *cells;
    size_t count;
    uint64_t line;
};

struct source {
    struct arena *arena; /* of texts */
    struct arena rows;   /* of one row */
    bool plain;
    struct str bytes; /* of the whole file, when plain */
    struct csv_reader csv;
    struct workbook *workbook;
};

/* Text that the csv reader can take as it is. */
static bool is_plain(struct str bytes)
{
    bool binary =
        str_starts(bytes, STR("PK\x03\x04")) || str_starts(bytes, STR("\xD0\xCF\x11\xE0"));
    if (binary || (bytes.len > 0 && memchr(bytes.ptr, '\0', bytes.len) != NULL)) return false;
    return utf8_valid(bytes);
}

static bool source_open(struct source *source, struct arena *arena, const char *path,
                        struct err *err)
{
    *source = (struct source){.arena = arena};
    if (!file_read(arena, path, MATCH_FILE_BYTES_MAX, &source->bytes, err)) return false;
    source->plain = source->bytes.len > 0 && is_plain(source->bytes);
    if (source->plain) {
        csv_open(&source->csv, source->bytes, 0);
        return true;
    }
    struct str name = file_name(path);
    bool opened = workbook_open(&source->workbook, path, err);
    if (opened && workbook_sheet(source->workbook, 0, err)) return true;
    if (opened) workbook_release(source->workbook);
    return err_at(err, "%.*s", "%.*s", STR_ARG(name));
}

static void source_close(struct source *source)
{
    if (!source->plain) workbook_release(source->workbook);
    arena_free(&source->rows);
}

static bool next_workbook_row(struct source *source, struct row *row, bool *more, struct err *err)
{
    struct workbook_row read;
    if (!workbook_next(source->workbook, &read, more, err)) return false;
    if (!*more) return true;
    row->cells = arena_array(&source->rows, struct str, read.count);
    row->count = read.count;
    row->line = read.number;
    for (size_t i = 0; i < read.count; i++) {
        row->cells[i] = str_copy(source->arena, read.cells[i].text);
    }
    return true;
}

/* The next row that holds anything. */
static bool source_next(struct source *source, struct row *row, bool *more, struct err *err)
{
    arena_reset(&source->rows);
    if (!source->plain) return next_workbook_row(source, row, more, err);
    for (;;) {
        struct csv_row read;
        if (!csv_next(&source->csv, &source->rows, &read, more, err)) return false;
        if (!*more) return true;
        if (read.count == 1 && str_trim(read.cells[0]).len == 0) continue;
        *row = (struct row){read.cells, read.count, source->csv.line};
        return true;
    }
}

/* A cell lies in the file's bytes, or, where quotes were doubled, with the row: then it is moved to
 * where it stays. */
static struct str keep_cell(const struct source *source, struct str cell)
{
    cell = str_trim(cell);
    if (!source->plain || cell.len == 0) return cell;
    uintptr_t at = (uintptr_t)cell.ptr, begin = (uintptr_t)source->bytes.ptr;
    bool inside = at >= begin && at - begin < source->bytes.len;
    return inside ? cell : str_copy(source->arena, cell);
}

bool match_find_columns(const struct str *cells, size_t cell_count, const struct str *names,
                        size_t count, size_t *places, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        places[i] = SIZE_MAX;
        for (size_t j = 0; j < cell_count && places[i] == SIZE_MAX; j++) {
            if (str_equal(str_trim(cells[j]), names[i])) places[i] = j;
        }
        if (places[i] != SIZE_MAX) continue;
        return err_set(err, ERR_INPUT, "there is no column \"%.*s\"", "没有“%.*s”这一列",
                       STR_ARG(names[i]));
    }
    return true;
}

/* Rows that a plain file is likely to hold: as many as it has lines. */
static size_t count_lines(struct str bytes)
{
    size_t lines = 1;
    const char *at = bytes.ptr, *end = bytes.ptr + bytes.len;
    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        lines++;
        if (++at == end) break;
    }
    return lines;
}

/* Makes room for more rows. */
static void grow(struct arena *arena, struct match_table *table, size_t capacity)
{
    uint64_t *lines = arena_array(arena, uint64_t, capacity);
    if (table->row_count > 0) memcpy(lines, table->lines, table->row_count * sizeof *lines);
    table->lines = lines;
    for (size_t i = 0; i < table->column_count; i++) {
        struct str *column = arena_array(arena, struct str, capacity);
        if (table->row_count > 0) {
            memcpy(column, table->cells[i], table->row_count * sizeof *column);
        }
        table->cells[i] = column;
    }
}

static bool read_rows(struct source *source, const size_t *places, struct match_table *table,
                      struct err *err)
{
    size_t capacity = source->plain ? count_lines(source->bytes) : ROWS_FIRST;
    struct row row;
    bool more;
    if (capacity > MATCH_ROWS_MAX) capacity = MATCH_ROWS_MAX;
    grow(source->arena, table, capacity);
    for (;;) {
        if (!source_next(source, &row, &more, err)) return false;
        if (!more) return true;
        if (table->row_count == MATCH_ROWS_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d rows", "超过 %d 行", MATCH_ROWS_MAX);
        }
        if (table->row_count == capacity) grow(source->arena, table, capacity *= 2);
        table->lines[table->row_count] = row.line;
        for (size_t i = 0; i < table->column_count; i++) {
            struct str cell = places[i] < row.count ? row.cells[places[i]] : STR_EMPTY;
            table->cells[i][table->row_count] = keep_cell(source, cell);
        }
        table->row_count++;
    }
}

static bool read_table(struct source *source, const struct str *names, size_t column_count,
                       struct match_table *out, struct err *err)
{
    struct row row;
    bool more;
    size_t *places = arena_array(source->arena, size_t, column_count);
    if (!source_next(source, &row, &more, err)) return false;
    if (!more) return err_set(err, ERR_INPUT, "the file is empty", "文件是空的");
    if (!match_find_columns(row.cells, row.count, names, column_count, places, err)) return false;
    struct match_table table = {.names = names, .column_count = column_count};
    table.cells = arena_array(source->arena, struct str *, column_count);
    if (!read_rows(source, places, &table, err)) return false;
    *out = table;
    return true;
}

bool match_table_read(struct arena *arena, const char *path, const struct str *names,
                      size_t column_count, struct match_table *out, struct err *err)
{
    CHECK(arena != NULL);
    CHECK(path != NULL);
    struct source source;
    struct str name = file_name(path);
    if (!source_open(&source, arena, path, err)) return false;
    bool done = read_table(&source, names, column_count, out, err);
    source_close(&source);
    return done || err_at(err, "%.*s", "%.*s", STR_ARG(name));
}

bool match_table_has(struct arena *arena, const char *path, const char *name, bool *out,
                     struct err *err)
{
    struct source source;
    struct row row;
    bool more;
    struct str file = file_name(path);
    if (!source_open(&source, arena, path, err)) return false;
    bool done = source_next(&source, &row, &more, err);
    bool found = false;
    for (size_t i = 0; done && more && i < row.count; i++) {
        found = found || str_is(str_trim(row.cells[i]), name);
    }
    source_close(&source);
    if (!done) return err_at(err, "%.*s", "%.*s", STR_ARG(file));
    *out = found;
    return true;
}
