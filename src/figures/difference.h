#ifndef FIGURES_DIFFERENCE_H
#define FIGURES_DIFFERENCE_H

#include "figures/publication.h"

/* Why two publications of a figure differ, row by row. */

/* What became of a record between the two. */
enum difference_kind { DIFFERENCE_ADDED, DIFFERENCE_GONE, DIFFERENCE_CHANGED };

/* What is known of the reason. */
enum difference_why {
    DIFFERENCE_NOT_KNOWN, /* a record of an engine */
    DIFFERENCE_STATED,    /* its file came in, or speaks of a day, after the first */
    DIFFERENCE_ENDED,     /* a later file says that it has ended */
    DIFFERENCE_UNDONE,    /* its file was taken back */
    DIFFERENCE_RESTATED,  /* another record of the same person stands in its place */
    DIFFERENCE_COUNTED,   /* was there both times: the definition, the period or links differ */
    DIFFERENCE_WHY_COUNT,
};

struct difference {
    enum difference_kind kind;
    enum figure_part part; /* rows or over */
    enum difference_why why;
    struct str of;    /* the table */
    int64_t record;   /* in the second; of what is gone: in the first */
    int64_t person;   /* 0: none */
    int64_t was, now; /* values, where the figure has them; else 1 and 0 */
};

const char *difference_kind_key(enum difference_kind kind); /* "added" "gone" "changed" */
const char *difference_kind_text(enum difference_kind kind, enum lang lang);
const char *difference_why_key(enum difference_why why); /* "stated" … */
const char *difference_why_text(enum difference_why why, enum lang lang);

/* The differences from `first` to `second`, which are publications of one figure (ERR_USAGE
 * otherwise), by part, table, then record; in the arena. All changes of amount add up: the sum of
 * `now` less that of `was` over the rows part is the difference of the amounts. */
MUST_USE bool publication_compare(struct registry *registry, struct arena *arena,
                                  const struct publication *first, const struct publication *second,
                                  struct difference **out, size_t *count, struct err *err);

#endif
