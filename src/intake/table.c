#include "intake/table.h"

#include "base/csv.h"
#include "base/file.h"
#include "intake/workbook.h"

#include <string.h>

enum { ROWS_GUESSED = 1 << 12, PIECE_BYTES = 1 << 26 };

struct table {
    struct str name; /* of the file */
    struct str bytes;
    bool mapped;
    size_t forgotten; /* bytes that were read and need not stay in memory */
    struct csv_reader csv;
    struct workbook *workbook;
    struct arena row; /* of one row */
    struct str *headings;
    size_t heading_count;
    const char *const *columns;
    size_t *places; /* by column: its number in a row, SIZE_MAX: absent */
    size_t column_count;
    uint64_t line;
};

/* A table in HTML or XML begins with a tag, behind blanks and a byte order mark. */
bool table_is_workbook(struct str bytes)
{
    if (str_starts(bytes, STR("PK\x03\x04"))) return true;
    if (str_starts(bytes, STR("\xD0\xCF\x11\xE0"))) return true;
    size_t at = str_starts(bytes, STR("\xEF\xBB\xBF")) ? 3 : 0;
    while (at < bytes.len && strchr(" \t\r\n", bytes.ptr[at]) != NULL) at++;
    return at < bytes.len && bytes.ptr[at] == '<';
}

/* The next piece of a large text, cut behind a line where that is possible; false at the end. A
 * piece that was gone through can be forgotten: it would fill the memory with what is on the disk.
 */
static bool next_piece(struct str bytes, size_t *at, struct str *piece)
{
    if (*at >= bytes.len) return false;
    *piece = str_slice(bytes, *at, bytes.len);
    if (piece->len > PIECE_BYTES) {
        const char *end = memrchr(piece->ptr, '\n', PIECE_BYTES);
        if (end != NULL) piece->len = (size_t)(end - piece->ptr) + 1;
    }
    *at += piece->len;
    return true;
}

/* Text that the csv reader can take as it is. */
static bool is_plain(struct str bytes)
{
    struct str piece;
    size_t at = 0;
    if (bytes.len == 0 || table_is_workbook(bytes)) return false;
    while (next_piece(bytes, &at, &piece)) {
        if (memchr(piece.ptr, '\0', piece.len) != NULL || !utf8_valid(piece)) return false;
        if (bytes.len > PIECE_BYTES) file_forget(piece);
    }
    return true;
}

static bool read_workbook_row(struct table *table, struct table_row *row, bool *more,
                              struct err *err)
{
    struct workbook_row read;
    if (!workbook_next(table->workbook, &read, more, err)) return false;
    if (!*more) return true;
    *row = (struct table_row){arena_array(&table->row, struct str, read.count), read.count,
                              read.number, false};
    for (size_t i = 0; i < read.count; i++) row->cells[i] = read.cells[i].text;
    return true;
}

/* The next row that holds anything, as it lies in the file. */
static bool read_row(struct table *table, struct table_row *row, bool *more, struct err *err)
{
    arena_reset(&table->row);
    if (!table->mapped) return read_workbook_row(table, row, more, err);
    size_t done = (size_t)(table->csv.rest.ptr - table->bytes.ptr);
    if (done - table->forgotten > PIECE_BYTES) {
        file_forget(str_slice(table->bytes, table->forgotten, done));
        table->forgotten = done;
    }
    for (;;) {
        struct csv_row read;
        if (!csv_next(&table->csv, &table->row, &read, more, err)) return false;
        if (!*more) return true;
        if (read.count == 1 && str_trim(read.cells[0]).len == 0) continue;
        *row = (struct table_row){read.cells, read.count, table->csv.line, false};
        return true;
    }
}

static bool find_column(struct table *table, size_t column, bool may_miss, struct err *err)
{
    const char *name = table->columns[column];
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < table->heading_count; i++) {
        if (!str_is(table->headings[i], name)) continue;
        if (found != SIZE_MAX) {
            return err_set(err, ERR_INPUT, "the column \"%s\" stands twice", "“%s”这一列出现两次",
                           name);
        }
        found = i;
    }
    table->places[column] = found;
    return found != SIZE_MAX || may_miss
           || err_set(err, ERR_INPUT, "there is no column \"%s\"", "没有“%s”这一列", name);
}

static bool read_headings(struct table *table, struct arena *arena, const bool *optional,
                          struct err *err)
{
    struct table_row row;
    bool more;
    if (!read_row(table, &row, &more, err)) return false;
    if (!more) return err_set(err, ERR_INPUT, "the file is empty", "文件是空的");
    table->headings = arena_array(arena, struct str, row.count);
    table->heading_count = row.count;
    for (size_t i = 0; i < row.count; i++) {
        table->headings[i] = str_copy(arena, str_trim(row.cells[i]));
    }
    for (size_t c = 0; c < table->column_count; c++) {
        if (!find_column(table, c, optional != NULL && optional[c], err)) return false;
    }
    return true;
}

static bool open_file(struct table *table, const char *path, struct err *err)
{
    if (!file_map(path, &table->bytes, err)) return false;
    table->mapped = is_plain(table->bytes);
    if (table->mapped) {
        csv_open(&table->csv, table->bytes, 0);
        return true;
    }
    file_unmap(table->bytes);
    return (workbook_open(&table->workbook, path, err) && workbook_sheet(table->workbook, 0, err))
           || err_at(err, "%.*s", "%.*s", STR_ARG(table->name));
}

bool table_open(struct table **out, struct arena *arena, const char *path,
                const char *const *columns, const bool *optional, size_t count, struct err *err)
{
    CHECK(count > 0);
    struct table *table = arena_new(arena, struct table);
    table->name = file_name(path);
    table->columns = columns;
    table->column_count = count;
    table->places = arena_array(arena, size_t, count);
    if (!open_file(table, path, err)) {
        table_close(table);
        return false;
    }
    if (!read_headings(table, arena, optional, err)) {
        table_close(table);
        return err_at(err, "%.*s", "%.*s", STR_ARG(table->name));
    }
    *out = table;
    return true;
}

bool table_has(const struct table *table, size_t column)
{
    CHECK(column < table->column_count);
    return table->places[column] != SIZE_MAX;
}

const struct str *table_headings(const struct table *table, size_t *count)
{
    *count = table->heading_count;
    return table->headings;
}

bool table_next(struct table *table, struct table_row *row, bool *more, struct err *err)
{
    struct table_row read;
    if (!read_row(table, &read, more, err)) {
        return err_at(err, "%.*s", "%.*s", STR_ARG(table->name));
    }
    if (!*more) return true;
    table->line = read.line;
    bool wider = false;
    for (size_t i = table->heading_count; i < read.count; i++) {
        if (str_trim(read.cells[i]).len > 0) wider = true;
    }
    struct str *cells = arena_array(&table->row, struct str, table->column_count);
    for (size_t c = 0; c < table->column_count; c++) {
        size_t place = table->places[c];
        cells[c] = place < read.count ? str_trim(read.cells[place]) : STR_EMPTY;
    }
    *row = (struct table_row){cells, table->column_count, read.line, wider};
    return true;
}

size_t table_rows_most(const struct table *table)
{
    if (!table->mapped) return ROWS_GUESSED;
    size_t lines = 1, done = 0;
    struct str piece;
    while (next_piece(table->csv.rest, &done, &piece)) {
        const char *at = piece.ptr, *end = piece.ptr + piece.len;
        while (at < end && (at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
            lines++;
            at++;
        }
        if (table->csv.rest.len > PIECE_BYTES) file_forget(piece);
    }
    return lines;
}

bool table_fail(const struct table *table, struct err *err)
{
    return err_at(err, "%.*s: line %llu", "%.*s：第 %llu 行", STR_ARG(table->name),
                  (unsigned long long)table->line);
}

bool table_number(const struct table *table, const struct table_row *row, size_t column,
                  int64_t *out, struct err *err)
{
    struct str cell = row->cells[column];
    if (str_to_i64(cell, out)) return true;
    err_set(err, ERR_INPUT, "\"%.*s\" under \"%s\" is not a whole number",
            "“%.*s”（%s 列）不是整数", STR_ARG(cell), table->columns[column]);
    return table_fail(table, err);
}

void table_close(struct table *table)
{
    if (table == NULL) return;
    if (table->mapped) {
        file_unmap(table->bytes);
    } else {
        workbook_release(table->workbook);
    }
    arena_free(&table->row);
}

/* The first row of a text can be read without looking at the rest of it. */
static bool read_plain_headings(struct arena *arena, const char *path, struct csv_row *row,
                                struct err *err)
{
    enum { HEAD_BYTES = 1 << 16 };
    struct str bytes;
    struct csv_reader csv;
    bool more = false;
    row->count = 0;
    if (!file_map(path, &bytes, err)) return false;
    struct str head = str_slice(bytes, 0, HEAD_BYTES);
    const char *feed = head.len == 0 ? NULL : memchr(head.ptr, '\n', head.len);
    if (feed != NULL && is_plain(str_slice(head, 0, (size_t)(feed - head.ptr)))) {
        struct err ignored = ERR_INIT;
        csv_open(&csv, bytes, 0);
        if (!csv_next(&csv, arena, row, &more, &ignored)) row->count = 0;
    }
    for (size_t i = 0; i < row->count; i++) row->cells[i] = str_copy(arena, row->cells[i]);
    file_unmap(bytes);
    return true;
}

bool table_read_headings(struct arena *arena, const char *path, struct str **headings,
                         size_t *count, struct err *err)
{
    static const char *const none[] = {"\x01"}; /* no heading is that */
    static const bool optional[] = {true};
    struct csv_row row;
    struct table *table;
    if (!read_plain_headings(arena, path, &row, err)) return false;
    if (row.count > 1) {
        *headings = row.cells;
        *count = row.count;
        return true;
    }
    if (!table_open(&table, arena, path, none, optional, 1, err)) return false;
    *headings = table->headings;
    *count = table->heading_count;
    table_close(table);
    return true;
}
