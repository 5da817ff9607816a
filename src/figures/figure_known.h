#ifndef FIGURES_FIGURE_KNOWN_H
#define FIGURES_FIGURE_KNOWN_H

#include "figures/figure_count.h"
#include "figures/match.h"

/* Figures of a workspace as the checker of articles needs them (match.h): each counted on the desk,
 * those without words left out. In the arena; texts are those of the figures. Errors as
 * figure_count. */
MUST_USE bool figures_known(struct figure_desk *desk, struct arena *arena,
                            const struct figure *const *figures, size_t count,
                            struct figure_known **out, size_t *known_count, struct err *err);

#endif
