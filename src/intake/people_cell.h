#ifndef INTAKE_PEOPLE_CELL_H
#define INTAKE_PEOPLE_CELL_H

#include "base/str.h"

/* Several people in one cell: "张三(620422201203050013),李四 男 2012-03-05". Canonical form: one
 * entry a person, separated by ";", each "name|id|birth" with what is not written left empty:
 * "张三|620422201203050013|;李四||2012-03-05". An ID number is canonical when it is valid, else as
 * written without blanks; a birth date is canonical ("2012-03-05", "2012-03" or "2012"). At most
 * PEOPLE_CELL_MAX people. */

enum { PEOPLE_CELL_MAX = 32 };

/* False when no name can be read ("2人"); then *out is untouched. Into the arena. */
bool people_cell_read(struct arena *arena, struct str written, struct str *out);

/* Walks the canonical form: true and the next person's parts, false at the end. */
bool people_cell_next(struct str *rest, struct str *name, struct str *id, struct str *birth);

#endif
