#ifndef INTAKE_GROUPS_H
#define INTAKE_GROUPS_H

#include "intake/content.h"

/* Lists that name a village, a household or a school once and leave the cells below empty for the
 * rest of its rows, as sheets with merged cells do when they become text. */

/* Per column: true when its empty cells stand for the cell above. Two columns at least must be
 * empty in the same rows and one of them change with each new cell; what is missing here and there
 * by chance is no group. */
bool *groups_find(struct arena *arena, const struct sample *sample, size_t first,
                  size_t column_count);

#endif
