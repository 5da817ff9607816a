#ifndef FIGURES_ARTICLE_H
#define FIGURES_ARTICLE_H

#include "base/day.h"
#include "figures/repair.h"

/* A published article as text to be read: what people copy out of pages, repaired (repair.h), with
 * the lines that are not the article's dropped (navigation, imprint, advertising), lines that were
 * broken joined, its title and the day on which it was published found. Nothing is stored. */

enum { ARTICLE_BYTES_MAX = 4 << 20, ARTICLE_LINES_MAX = 1 << 14 };

struct paragraph {
    struct str text; /* simplified, no blanks around */
    size_t line;     /* where it starts in the file, from 1 */
};

struct article {
    struct str title;             /* empty when none is found */
    day published;                /* DAY_NONE when the page does not say */
    struct paragraph *paragraphs; /* body only, in order; the title is not among them */
    size_t count;
    struct repairs repairs;
};

/* Reads an article out of a file's bytes: text or HTML in UTF-8, GB18030 or UTF-16. All views live
 * in the arena. Errors: ERR_INPUT (no text in a known encoding, nothing of an article in it),
 * ERR_LIMIT (more than ARTICLE_BYTES_MAX or ARTICLE_LINES_MAX). */
MUST_USE bool article_read(struct arena *arena, struct str bytes, struct article *out,
                           struct err *err);

#endif
