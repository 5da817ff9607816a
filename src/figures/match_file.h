#ifndef FIGURES_MATCH_FILE_H
#define FIGURES_MATCH_FILE_H

#include "figures/match.h"

/* Figures from a CSV file, for who checks an article without a workspace. The first row names the
 * columns, in any order: key, zh and unit are needed; en, words, value, expected, verified, open,
 * unreported, from and to may be there. `unit` is a key of claim_unit_of, `value` a decimal in base
 * units ("3578000000", "99.8"), days are 2020-11-25. An empty cell is a value that is not known. */

/* Reads UTF-8 text into the arena. ERR_INPUT with the line; ERR_LIMIT: more than FIGURES_KNOWN_MAX
 * rows. */
MUST_USE bool match_file_read(struct arena *arena, struct str text, struct figure_known **out,
                              size_t *count, struct err *err);

#endif
