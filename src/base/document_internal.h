#ifndef BASE_DOCUMENT_INTERNAL_H
#define BASE_DOCUMENT_INTERNAL_H

#include "base/document.h"
#include "base/list.h"

/* What the files of a document share. Lengths are points. */

/* A piece of a paper. */
enum document_block_kind { BLOCK_PARAGRAPH, BLOCK_TABLE, BLOCK_ROW, BLOCK_ROOM, BLOCK_PAGE };

struct document_block {
    enum document_block_kind kind;
    enum document_style style;
    struct str text;             /* paragraph */
    const int *shares;           /* table */
    size_t count;                /* columns of a table, cells of a row */
    struct document_cell *cells; /* row */
    bool head;
    double height;
};

struct document {
    struct arena *arena;
    enum document_kind kind;
    struct str title;
    day made;
    LIST(struct document_block) blocks;
    size_t columns; /* of the table begun last; 0: none */
    int pages;
};

/* How a kind of paper is laid out. */
struct document_form {
    double width, height;            /* of the page */
    double top, bottom, left, right; /* margins */
    double size, pitch;              /* of text; from line to line */
    double cell, cell_pitch;         /* the same in tables */
};

/* How a style is set in a kind. */
struct document_print {
    double size, pitch, above;
    bool bold;
    int align;   /* -1 left and even at both sides, 0 middle, 1 right */
    int indent;  /* characters by which the first line stands in */
    int outdent; /* characters left free at the right */
};

/* The forms, by kind. */
extern const struct document_form document_forms[DOCUMENT_KIND_COUNT];

/* How a style is set in the kind of a paper. */
struct document_print document_print_of(const struct document *document, enum document_style style);

#endif
