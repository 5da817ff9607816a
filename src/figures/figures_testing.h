#ifndef FIGURES_FIGURES_TESTING_H
#define FIGURES_FIGURES_TESTING_H

#include "figures/figure_rows.h"
#include "figures/publication.h"
#include "registry/registry_testing.h"

/* A workspace with a small city for the tests of figures: a roll, schools and villages of two
 * counties, of one day, and figures given as text. */

struct town {
    struct world *world;
    struct arena arena;
    struct figures figures;
    const struct figure **list;
    struct figure_desk desk;
    struct asker asker; /* who asks; local at first */
    struct read_at when;
};

/* A figure "of" the roll: the head of its text, before `rows`. */
#define FIGURE_HEAD(key, unit, measure)                                                            \
    "key: " key "\nzh: 试\nen: trial\ngroup: roll\nunit: " unit "\nmeasure: " measure              \
    "\nsources: [roll]\ndefinition: {zh: 试, en: trial}\nof: roll\n"

/* In a fresh workspace, without figures; and its end. */
struct town *town_open(void **state);
void town_close(struct town *town);

/* Adds a figure from its text. */
void town_add(struct town *town, const char *text);

/* Lays the desk out for all figures, anew. */
MUST_USE bool town_lay(struct town *town, struct err *err);

/* The value of a figure as text, on a desk laid out anew. */
struct str town_value(struct town *town, const char *key);

/* The records of a figure: "1 2 5". */
struct str town_rows(struct town *town, const char *key);

#endif
