#ifndef SAMPLE_FORM_H
#define SAMPLE_FORM_H

#include "sample/clerk.h"
#include "sample/office.h"

/* The form in which an office writes a row's values: its dates, its words for grades and sexes. */

/* The cells of a row, one for each column of the layout. `sequence` is the row's number in its
 * sheet. Texts live in the arena or in the row. */
void form_row(const struct layout *layout, const struct row *row, uint64_t sequence,
              struct arena *arena, struct clerk_cell *out);

/* A day or month, "2018-05-11" or "2018-05", in an office's form; other texts as they are. */
struct str form_day(struct arena *arena, struct str canonical, enum date_form form);

#endif
