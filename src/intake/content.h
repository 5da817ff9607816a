#ifndef INTAKE_CONTENT_H
#define INTAKE_CONTENT_H

#include "base/day.h"
#include "intake/date.h"
#include "intake/workbook.h"
#include "profile/profile.h"

/* The first rows of a sheet, kept while it is planned, and what the cells of its columns hold. */

enum {
    SAMPLE_ROWS_MAX = 260,
    SAMPLE_HEAD_ROWS_MAX = 40,
    SAMPLE_COLUMNS_MAX = WORKBOOK_COLUMNS_MAX
};

/* A row as kept. */
struct sample_row {
    uint64_t number;
    struct cell *cells;
    size_t count;
};

struct sample {
    struct sample_row *rows;
    size_t row_count;
    size_t column_count; /* of the widest row */
};

/* Reads the first rows of the current sheet of the workbook; the copy lives in the arena. */
MUST_USE bool sample_read(struct sample *out, struct arena *arena, struct workbook *workbook,
                          size_t sheet, struct err *err);

/* The cell, or an empty one where the row is shorter. */
struct cell sample_cell(const struct sample *sample, size_t row, size_t column);

/* How many of a column's cells look like what; a cell may count several times. */
struct content {
    size_t filled;
    size_t distinct; /* texts, counted up to 64 */
    size_t ids;      /* numbers of 18 characters in the form of an ID number, or 15 digits */
    size_t children, adults; /* of the ids: born less, or not less, than 19 years before `newest` */
    size_t student_numbers;
    size_t dates, sexes, yes_nos, names, surnames, grades, phones, schools, places, nations;
    size_t integers, codes10, area_codes, hanzi;
    size_t month_first, day_first, year_first; /* dates that prove their order */
};

/* Looks at the cells of a column from data row `first` of the sample on. `newest` is the latest day
 * of birth in the sheet's ID numbers (DAY_NONE when there is none). */
void content_read(struct arena *arena, const struct sample *sample, size_t first, size_t column,
                  day newest, struct content *out);

/* The latest day of birth that any ID number from row `first` on states. */
day content_newest_birth(const struct sample *sample, size_t first);

/* The prefecture ("620400") that at least half of the valid ID numbers are from; empty when there
 * is none. Into the arena. */
struct str content_place(struct arena *arena, const struct sample *sample, size_t first);

/* What the cells say about a field's type: 1 they are such, -1 they are not, 0 cannot tell. */
int content_fits(const struct content *content, const struct profile_field *field);

/* True for one cell that is data, never a heading: an ID number, a date, a phone, a long number. */
bool content_is_data(struct str text);

#endif
