#ifndef FIGURES_FIGURE_ROWS_H
#define FIGURES_FIGURE_ROWS_H

#include "figures/figure_desk.h"

/* The rows that a figure counts: the same query without the count. Sorted by table, then record. */

enum { FIGURE_MORE_MAX = 20, FIGURE_ROWS_PAGE_MAX = 5000 };

struct figure_row {
    struct str of;  /* the table that the record is of */
    int64_t record; /* its number there */
    int64_t person; /* 0: none, or not linked */
    int64_t value;  /* where has_value */
    bool has_value;
    struct str area, school;
    struct str name;      /* the query's column `name`; else of whom the record speaks */
    struct str id_number; /* masked; empty where the register has none */
    struct str more[FIGURE_MORE_MAX]; /* the query's other columns */
};

/* The query's columns that a row has beside those with a place of their own. Texts in the arena.
 * ERR_LIMIT: more than FIGURE_MORE_MAX. */
struct figure_columns {
    struct str names[FIGURE_MORE_MAX];
    size_t count;
};
MUST_USE bool figure_columns_read(struct figure_desk *desk, const struct figure *figure,
                                  enum figure_part part, struct figure_columns *out,
                                  struct err *err);

/* Gives all rows to `each`, which may fail; a row is borrowed for the call. */
struct figure_listener {
    bool (*each)(void *context, const struct figure_row *row, struct err *err);
    void *context;
};
MUST_USE bool figure_rows_all(struct figure_desk *desk, const struct figure *figure,
                              enum figure_part part, const struct figure_listener *listener,
                              struct err *err);

/* Gives rows `skip` to `skip + most`, most at most FIGURE_ROWS_PAGE_MAX; the work is that of the
 * page.
 */
MUST_USE bool figure_rows_page(struct figure_desk *desk, const struct figure *figure,
                               enum figure_part part, uint64_t skip, uint64_t most,
                               const struct figure_listener *listener, struct err *err);

#endif
