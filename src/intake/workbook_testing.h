#ifndef INTAKE_WORKBOOK_TESTING_H
#define INTAKE_WORKBOOK_TESTING_H

#include "base/testing.h"
#include "intake/workbook.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* For tests of the readers: bytes into a file, a file into text. */

/* Writes the bytes to a fresh temporary file and gives its name (in `path`). */
static inline const char *test_file(char path[64], const void *bytes, size_t size)
{
    snprintf(path, 64, "/tmp/baoxue_workbook_XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    close(fd);
    return path;
}

/* Marks what is special about a cell, for reading in a test: "#12" a number, "@2012-03-05" a date,
 * "^x" filled from a merged area, "x~" lost digits. */
static inline void test_add_cell(struct text *out, const struct cell *cell)
{
    if (cell->merged) text_add_c(out, "^");
    if (cell->kind == CELL_NUMBER) text_add_c(out, "#");
    if (cell->kind == CELL_DATE) text_add_c(out, "@");
    text_add(out, cell->text);
    if (cell->lost_digits) text_add_c(out, "~");
}

/* All rows of all sheets: "NAME{1:a|b/3:c/}" per sheet, "(hidden)" after a hidden one's name. */
static inline struct str test_read(struct arena *arena, const char *path, struct err *err)
{
    struct text out;
    struct workbook *workbook;
    text_init(&out, arena, 1 << 24);
    if (!workbook_open(&workbook, path, err)) return STR("refused");
    text_add(&out, workbook_kind(workbook));
    bool good = true;
    for (size_t i = 0; i < workbook_sheet_count(workbook) && good; i++) {
        struct workbook_row row;
        bool more = true;
        text_add_f(&out, " %.*s%s{", STR_ARG(workbook_sheet_name(workbook, i)),
                   workbook_sheet_hidden(workbook, i) ? "(hidden)" : "");
        good = workbook_sheet(workbook, i, err);
        while (good && (good = workbook_next(workbook, &row, &more, err)) && more) {
            text_add_f(&out, "%llu:", (unsigned long long)row.number);
            for (size_t c = 0; c < row.count; c++) {
                if (c > 0) text_add_byte(&out, '|');
                test_add_cell(&out, &row.cells[c]);
            }
            text_add_byte(&out, '/');
        }
        text_add_c(&out, "}");
    }
    workbook_release(workbook);
    return good ? text_str(&out) : STR("broken");
}

/* The same for bytes. */
static inline struct str test_read_bytes(struct arena *arena, const void *bytes, size_t size,
                                         struct err *err)
{
    char path[64];
    test_file(path, bytes, size);
    struct str got = test_read(arena, path, err);
    unlink(path);
    return got;
}

#endif
