#ifndef FIGURES_FIGURE_TEXT_H
#define FIGURES_FIGURE_TEXT_H

#include "figures/figure.h"

/* Reads one figure from its text; `name` is the file's, for errors. Errors as figures_load. */
MUST_USE bool figure_read(struct figure *out, struct arena *arena, struct str text,
                          const char *name, struct err *err);

#endif
