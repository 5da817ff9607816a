#ifndef INTAKE_RECOGNISE_H
#define INTAKE_RECOGNISE_H

#include "intake/head.h"

/* Which register a sheet belongs to and which column is which field: every register tries to
 * explain the headings and the cells; the one that explains most, with what titles and names of
 * sheet and file say, is taken. */

/* Names and titles that may speak for a register. */
struct sheet_words {
    struct str file, sheet, title;
};

enum { COLUMN_ASIDE = -1, COLUMN_SERIAL = -2 };

struct candidate {
    const struct profile *profile;
    int *fields;  /* per column: a field, COLUMN_ASIDE or COLUMN_SERIAL */
    bool names;   /* some column says who a row is about */
    int score;    /* tenths of points */
    int evidence; /* tenths of points: what speaks for this register rather than another */
};

/* All registers on one sheet, in the order of `profiles`. `contents` has one entry a column. */
struct candidate *recognise(struct arena *arena, const struct profiles *profiles,
                            const struct sample *sample, const struct head *head,
                            const struct content *contents, const struct sheet_words *words,
                            const struct heading_map *map);

/* The best of them, or NULL when none is sure enough. */
const struct candidate *recognise_best(const struct candidate *candidates, size_t count);

/* The best even if it is not sure, for a sentence. */
const struct candidate *recognise_nearest(const struct candidate *candidates, size_t count);

#endif
