#ifndef FIGURES_REPORT_H
#define FIGURES_REPORT_H

#include "base/progress.h"
#include "figures/withhold.h"
#include "identity/division.h"

/* The report of a place: all figures of a desk with their definitions, split by county in pictures,
 * and beside each number a code that leads to its rows: key, day and the first digits of the hash
 * of its members, which change when any record that it counts does. */

enum { REPORT_CODE_BYTES = 4, REPORT_PLACES_MAX = 20 };

struct report_part {
    struct str place; /* a name; "…" for what has no place */
    struct str value; /* as a number; empty: withheld or not known */
    int64_t size;     /* for the length of its bar, 0: none */
};

struct report_line {
    const struct figure *figure;
    struct str value;                /* empty: withheld or not known */
    struct str why_none;             /* then, in a word */
    struct str code;                 /* "aid_paid 2020-11-25 3f2a9c41" */
    struct figure_everyone everyone; /* where the figure has it */
    struct report_part *parts;       /* by county; none for a figure that cannot be split */
    size_t part_count;
};

struct report_options {
    const struct figures *figures;
    const struct figure *const *list;
    size_t count;
    const struct divisions *divisions;
    struct str place; /* whose report it is, a name */
    enum lang lang;
    bool is_public;                  /* small numbers are withheld */
    const struct progress *progress; /* told figure by figure; may be NULL */
};

struct report_data {
    const struct report_options *options;
    day at;
    struct report_line *lines; /* in the order of the list */
    size_t count;
};

/* Counts everything. In the arena; errors as figure_count, progress_wanted. */
MUST_USE bool report_collect(struct figure_desk *desk, struct arena *arena,
                             const struct report_options *options, struct report_data *out,
                             struct err *err);

/* As a PDF, in the arena. ERR_IO, ERR_LIMIT as paper_pdf. */
MUST_USE bool report_paper(struct arena *arena, const struct report_data *data, struct str *pdf,
                           struct err *err);

/* As a workbook (.xlsx): a sheet of all numbers, one of all parts with pictures. ERR_IO. */
MUST_USE bool report_book(struct arena *arena, const struct report_data *data, const char *path,
                          struct err *err);

/* The same two sheets behind those of a workbook that is open. ERR_IO. */
struct sheet_out;
MUST_USE bool report_sheets(struct sheet_out *sheet, struct arena *arena,
                            const struct report_data *data, struct err *err);

/* One of two words, by the language of the report. */
const char *report_say(const struct report_data *data, const char *zh, const char *en);

/* "35.78 亿元" as "3,578,000,000 元": a value with its unit, thousands parted; "-" for none. */
struct str report_value(struct arena *arena, const struct report_data *data,
                        const struct figure *figure, struct str value);

/* What a group of figures is called. */
const char *report_group(const struct report_data *data, struct str group);

#endif
