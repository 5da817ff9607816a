#ifndef BASE_DOCUMENT_H
#define BASE_DOCUMENT_H

#include "base/day.h"

/* A paper of an office: title, number, paragraphs, tables, who signs it and where the seal goes; on
 * A4, by the form of official papers (党政机关公文格式 GB/T 9704-2012: margins 37, 26, 35 and 28
 * mm, title of size 2, text of size 3 in 仿宋, 28 points from line to line) or as a form with a
 * table. Written as PDF, to be printed, or as docx, to be gone over in WPS before it is stamped;
 * every page says "第 x 页 共 y 页". The same content gives the same bytes.
 *
 * Bytes that are not UTF-8 and control characters come as U+FFFD. A row of a table stands whole on
 * one page; one that is taller than a page is cut ("…"). A letter that comes to a little more than
 * a page is set a little closer, as PDF. */

struct document;

enum document_kind {
    DOCUMENT_LETTER, /* an official paper */
    DOCUMENT_FORM,   /* upright, a table or a form: smaller print, narrow margins */
    DOCUMENT_WIDE,   /* a table on its side */
    DOCUMENT_KIND_COUNT,
};

enum document_style {
    DOCUMENT_TITLE,   /* large, in the middle */
    DOCUMENT_NUMBER,  /* number of the paper, below the title in the middle */
    DOCUMENT_TO,      /* whom it is addressed to: from the margin */
    DOCUMENT_BODY,    /* first line two characters in */
    DOCUMENT_HEADING, /* 一、…: bold */
    DOCUMENT_PLAIN,   /* a line of a form, from the margin */
    DOCUMENT_RIGHT,   /* a line at the right margin */
    DOCUMENT_SIGNED,  /* who issues it, then its day: to the right, with room for the seal above */
    DOCUMENT_SMALL,   /* remarks */
    DOCUMENT_STYLE_COUNT,
};

enum {
    DOCUMENT_COLUMNS_MAX = 24,
    DOCUMENT_BLOCKS_MAX = 1 << 17,
    DOCUMENT_BYTES_MAX = 64 << 20,
};

/* A cell of a row: `span` columns wide (0 counts as 1). */
struct document_cell {
    struct str text;
    int span;
    bool label;  /* names what stands beside: in the middle, bold */
    bool middle; /* in the middle */
};

/* An empty one, in the arena. `title` stands in the file's properties, `made` is the day that they
 * name; DAY_NONE: 2000-01-01. */
struct document *document_new(struct arena *arena, enum document_kind kind, struct str title,
                              day made);

/* A paragraph; line ends begin new lines. Text is copied. */
void document_add(struct document *document, enum document_style style, struct str text);

/* Begins a table of `count` columns with these shares of the width (any unit). */
void document_table(struct document *document, const int *shares, size_t count);

/* The next row of the table begun last: at least `height` points high (0: as its text needs). The
 * spans of its cells come to the table's columns. Heads (the first rows) stand again on each page.
 */
void document_row(struct document *document, const struct document_cell *cells, size_t count,
                  bool head, double height);

/* Room of a line; what follows begins a page. */
void document_room(struct document *document);
void document_page(struct document *document);

/* The file, in the arena. Errors: ERR_IO when no font is installed (PDF); ERR_LIMIT. */
MUST_USE bool document_pdf(struct document *document, struct str *out, struct err *err);
MUST_USE bool document_docx(struct document *document, struct str *out, struct err *err);

/* How many pages the last document_pdf came to. */
int document_pages(const struct document *document);

#endif
