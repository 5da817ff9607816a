#ifndef PAPERS_NOTICE_BLOCK_H
#define PAPERS_NOTICE_BLOCK_H

#include "papers/notice.h"

/* What stands on a paper, as read. */

/* A piece of a paper. */
enum notice_block_kind { NOTICE_PARAGRAPH, NOTICE_FORM, NOTICE_TABLE, NOTICE_ROOM, NOTICE_PAGE };

struct notice_cell {
    struct str text; /* with names in braces */
    int span;
    bool label, middle;
};

struct notice_line {
    struct notice_cell *cells;
    size_t count;
    double height; /* points; 0: as needed */
};

struct notice_block {
    enum notice_block_kind kind;
    enum document_style style;
    struct str text;
    int *shares; /* of a form or table */
    size_t share_count;
    struct notice_line *lines; /* form: its rows; table: the head */
    size_t line_count;
    struct notice_line row; /* table: one for each row of the list */
    struct str list;        /* table */
    int64_t blank;          /* table: rows to write on below */
    struct str only;        /* name of a text: the block stands there only when it is filled in */
};

#endif
