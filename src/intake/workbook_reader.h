#ifndef INTAKE_WORKBOOK_READER_H
#define INTAKE_WORKBOOK_READER_H

#include "intake/workbook.h"

/* What the readers of the several kinds share; only workbook*.c include this. A reader fills a
 * struct workbook: kind, sheets, functions and its own state. All memory is in the workbook's arena
 * or in arenas of the reader, which its close function frees. */

struct workbook_reader {
    /* To the start of a sheet (below sheet_count). */
    bool (*start)(struct workbook *workbook, size_t sheet, struct err *err);
    /* The next row, blank ones too. The number may not go down. */
    bool (*next)(struct workbook *workbook, struct workbook_row *row, bool *more, struct err *err);
    unsigned (*done_permille)(const struct workbook *workbook);
    void (*close)(struct workbook *workbook); /* `state` may be NULL or half made */
};

/* A sheet's place in the list of sheets. */
struct workbook_sheet_info {
    struct str name;
    bool hidden;
};

struct workbook {
    struct arena arena; /* lives as long as the workbook */
    const struct workbook_reader *reader;
    void *state;
    struct str kind;
    struct workbook_sheet_info *sheets;
    size_t sheet_count;
    size_t sheet;       /* being read */
    uint64_t rows;      /* given of this sheet so far */
    uint64_t rows_seen; /* the same with the blank ones */
    int fd;
    uint64_t size; /* bytes of the file */
    const char *path;
};

/* Each fills kind, reader, state and sheets. */
void workbook_open_text(struct workbook *workbook);
/* `spreadsheet`: the XML that Excel 2003 writes, else a web page. */
MUST_USE bool workbook_open_html(struct workbook *workbook, bool spreadsheet, struct err *err);
MUST_USE bool workbook_open_xlsx(struct workbook *workbook, struct err *err);
/* `bare`: the file is the stream of records itself, without a compound file around. */
MUST_USE bool workbook_open_xls(struct workbook *workbook, bool bare, struct err *err);

/* Reads `size` bytes at `offset`; *got is smaller only at the end of the file. */
MUST_USE bool workbook_read_at(const struct workbook *workbook, uint64_t offset, void *buffer,
                               size_t size, size_t *got, struct err *err);

/* Sets the error that names what a file really is: "a PDF file", "PDF 文件". Always returns false.
 */
bool workbook_not_a_table(struct err *err, const char *en, const char *zh);

/* The row under construction. */
struct row_builder {
    struct cell *cells; /* WORKBOOK_COLUMNS_MAX */
    size_t count;
    struct arena arena; /* texts of this row */
};

/* An empty row, its cells in `arena`; row_free gives back what the texts took; row_clear empties it
 * for the next row. */
void row_init(struct row_builder *row, struct arena *arena);
void row_free(struct row_builder *row);
void row_clear(struct row_builder *row);

/* Puts a cell at a column from 0 (a later one at the same place wins). The text is kept as it is:
 * it must be clean and live until the row is cleared. Errors: ERR_LIMIT for the column or the size;
 * an empty cell beyond the last column is passed over. */
MUST_USE bool row_put(struct row_builder *row, uint64_t column, struct cell cell, struct err *err);

/* The same text without control characters (tab and line feed stay, a carriage return becomes a
 * line feed, or nothing before one) and with U+FFFD for what is not UTF-8; copied only when
 * something changes. */
struct str cell_text_clean(struct arena *arena, struct str text);

/* "6.20123E+17": a number of more than 15 digits of which only the first are left. */
bool cell_text_lost_digits(struct str text);

/* Merged areas of a sheet, from 0, corners included. */
struct merged_area {
    uint32_t row_first, row_last;
    uint16_t column_first, column_last;
    struct cell cell; /* the walk's: the first cell, once it was met */
};

/* A walk down a sheet that fills merged areas row by row. Areas need not be in order. */
struct merge_walk {
    struct merged_area *areas;
    size_t count;
    size_t next;    /* first area that has not begun */
    size_t *active; /* MERGES_ACTIVE_MAX */
    size_t active_count;
    struct arena values; /* texts of the areas under way */
    size_t values_max;   /* bytes at which texts that are done with are dropped */
};

enum { MERGES_MAX = 1000000, MERGES_ACTIVE_MAX = 4096 };

/* Sorts `areas`, which stay the caller's. */
void merge_start(struct merge_walk *walk, struct arena *arena, struct merged_area *areas,
                 size_t count);
void merge_free(struct merge_walk *walk);

/* Fills the row with number `row` (from 0; rows come in order): cells of an area that have no text
 * of their own get that of its first cell, and `merged`. */
void merge_fill(struct merge_walk *walk, uint64_t row, struct row_builder *cells);

#endif
