#ifndef FIGURES_MATCH_INTERNAL_H
#define FIGURES_MATCH_INTERNAL_H

#include "figures/match.h"

/* Inside of matching. */

enum { MATCH_SCORE_MIN = 500, MATCH_MARGIN = 90, MATCH_SURE = 800 };

/* The words of all figures, taken apart once. */
struct match_words;
struct match_words *match_words_of(struct arena *arena, const struct figure_known *figures,
                                   size_t count);

/* How well the words of figure `number` fit what stands around a claim: 0 (not at all, or the unit
 * or period is another) … 1000. */
int match_score(const struct match_words *words, const struct claims *claims,
                const struct claim *claim, size_t number);

/* The sentence of a claim with our number in the article's own way of writing. Empty where that
 * cannot be done. */
struct str match_corrected(struct arena *arena, const struct claim *claim, int64_t ours_e4);

#endif
