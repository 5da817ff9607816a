#ifndef INTAKE_HEAD_H
#define INTAKE_HEAD_H

#include "intake/content.h"
#include "intake/heading.h"

/* Where the headings of a sheet stand: below title rows, in one row or in two or three, of which
 * the upper ones stand over groups of columns. */

struct head {
    bool found;               /* false: no row of headings; columns are told by their cells alone */
    size_t first, last;       /* rows of the sample that hold headings */
    size_t data;              /* first row of the sample below them */
    struct heading *headings; /* per column */
    size_t column_count;      /* of one panel */
    size_t panels;            /* times that the same headings stand side by side; 1 is usual */
    size_t known;             /* headings that some register understands */
    struct str title;         /* text above, joined with blanks */
};

/* Finds the head of a sheet from its first rows. */
void head_find(struct arena *arena, const struct profiles *profiles, const struct heading_map *map,
               const struct sample *sample, struct head *out);

/* True when a row's cells repeat the headings (a page's head printed again). `texts` are the
 * headings as written, per column. */
bool head_repeats(const struct str *headings, size_t heading_count, const struct cell *cells,
                  size_t count);

#endif
