#ifndef INTAKE_PERIOD_CELL_H
#define INTAKE_PERIOD_CELL_H

#include "policy/period.h"

/* The term or school year for which something was paid, in the forms that clerks write:
 * 2020-2021学年第一学期, 2020-2021学年度上学期, 2020-2021-1, 2020学年第二学期, 2020年秋季学期,
 * 2020秋, 20年秋, 秋季（2020年）, 2020年下半年, 2020-autumn, 2020-2021, 2020-2021学年, a month or day
 * (2020年9月, 2020-11-20) or a span of months inside one term or one school year (2020.9-2021.1,
 * 2020.9-2021.7).
 *
 * The first term of a school year is the autumn term of the year in which it begins, the second the
 * spring term of the next. What can mean two periods is not guessed: a year alone, 2020年上学期
 * (of the calendar or of the school year), 2020-1, 2010-11, 2020学年春季. */

/* Reads a whole cell; blanks, width and traditional characters do not matter. `number`: the cell is
 * a number of a spreadsheet. False when no period, or no single one, is written. */
MUST_USE bool period_cell_read(struct arena *arena, struct str written, bool number,
                               struct period *out);

/* The period that a longer text names: a title, a file's name, the name of a scheme
 * (2020年秋季学期寄宿生生活补助发放花名册). Of a school year and a term in it the term; false when it
 * names none, or several. Days and months in it do not count. */
MUST_USE bool period_in_text(struct arena *arena, struct str text, struct period *out);

#endif
