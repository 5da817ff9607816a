#ifndef BASE_PAPER_H
#define BASE_PAPER_H

#include "base/day.h"

/* A letter for people: paragraphs on A4, written as PDF. What is put on it is made smaller, within
 * what can be read, until it fits on one page; what is still too long goes on to a next one, and
 * pages are then numbered. Fonts are whatever Chinese serif is installed (Noto Serif CJK first),
 * then any other; a character that no font knows comes as a box with its number. Bytes that are
 * not UTF-8 and control characters come as U+FFFD.
 *
 * The same content on the same machine gives the same bytes: the only day in the file is the one
 * given. */

struct paper;

enum paper_style {
    PAPER_TITLE,   /* large, in the middle */
    PAPER_SECOND,  /* below a title: small, grey, in the middle */
    PAPER_HEADING, /* bold, with room above */
    PAPER_STRONG,  /* a result: larger than text, bold */
    PAPER_TEXT,
    PAPER_SMALL, /* small and grey: the other language, remarks */
    PAPER_STYLE_COUNT,
};

enum { PAPER_INDENT_MAX = 8, PAPER_BLOCKS_MAX = 4000, PAPER_TEXT_BYTES_MAX = 8000 };

/* An empty one, in the arena. `title` stands in the file's properties, `made` is the day that they
 * name; DAY_NONE: 2000-01-01. */
struct paper *paper_new(struct arena *arena, struct str title, day made);

/* A paragraph, `indent` steps (0 … PAPER_INDENT_MAX) from the left. Later ones than
 * PAPER_BLOCKS_MAX are left out, longer texts than PAPER_TEXT_BYTES_MAX cut ("…"). Text is
 * copied. */
void paper_add(struct paper *paper, enum paper_style style, int indent, struct str text);

/* A label and what it says, in two columns. */
void paper_pair(struct paper *paper, struct str label, struct str value);

/* A line across the page; and room. */
void paper_rule(struct paper *paper);
void paper_room(struct paper *paper);

/* A bar of a picture. */
struct paper_bar {
    struct str label, value; /* what it is of, and how much, as text */
    uint32_t share_ppm;      /* its length: a million is the whole width */
};

enum { PAPER_BARS_MAX = 60 };

/* A picture: bars below each other, label left and value right of each. At most PAPER_BARS_MAX;
 * kept together on a page. */
void paper_bars(struct paper *paper, const struct paper_bar *bars, size_t count);

/* From now on a document of many pages: nothing is made smaller to fit on one. */
void paper_keep_size(struct paper *paper);

/* The PDF, in the arena. Errors: ERR_IO when no font at all is installed; ERR_LIMIT. */
MUST_USE bool paper_pdf(struct paper *paper, struct str *out, struct err *err);

/* How many pages the last paper_pdf came to. */
int paper_pages(const struct paper *paper);

#endif
