#ifndef INTAKE_CORRECT_H
#define INTAKE_CORRECT_H

#include "intake/plan.h"

/* What somebody corrected before the import (intake_options.columns and fixes), put in the place of
 * what was recognised and read. */

/* Adds to the map of headings what the corrected columns say, so that the header row is found. */
void correct_map(struct heading_map *map, struct arena *arena,
                 const struct intake_options *options);

/* Every candidate of the sheet reads the corrected columns as said; a field that another column
 * was taken for moves. A column that names no field of a register is left aside in it. */
void correct_columns(struct sheet_look *look, const struct profiles *profiles,
                     const struct intake_options *options);

/* The row with its corrected cells: a copy in the arena when there are any. `walk`, if it is one,
 * keeps what stood there before. */
void correct_cells(struct workbook_row *row, struct arena *arena, const struct sheet_plan *plan,
                   const struct intake_options *options, struct intake_walk *walk);

#endif
