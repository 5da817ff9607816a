#ifndef FIGURES_REPAIR_H
#define FIGURES_REPAIR_H

#include "base/str.h"

/* What copying, converting and publishing did to a text, undone piece by piece; each piece is
 * remembered with its line, so that a reader can judge whether the article was read rightly. */

enum repair_kind {
    REPAIR_ENCODING, /* not UTF-8: one piece */
    REPAIR_HTML,     /* markup taken off; scripts, styles and menus dropped */
    REPAIR_ENTITY,   /* &nbsp; &#19968; */
    REPAIR_MOJIBAKE, /* text read in a wrong encoding and saved so: "æ•™è‚²", "鏁欒偛" */
    REPAIR_LOST,     /* characters that cannot be restored: U+FFFD, 锟斤拷; dropped */
    REPAIR_INVISIBLE,   /* characters without width, and private ones of page tools */
    REPAIR_PINYIN,      /* the reading behind a character: 網(wǎng) */
    REPAIR_TRADITIONAL, /* traditional characters */
    REPAIR_WIDTH,       /* full-width digits and letters, compatibility forms */
    REPAIR_BLANK,       /* blanks inside numbers and between characters */
    REPAIR_LINE_BREAK,  /* lines broken inside a sentence */
    REPAIR_SPAM,        /* lines of advertising */
    REPAIR_NAVIGATION,  /* menus, page numbers, lists of other articles */
    REPAIR_IMPRINT,     /* licence, telephone, editor, counters */
    REPAIR_REPEATED,    /* a paragraph that stands there twice */
    REPAIR_KIND_COUNT,
};

enum { REPAIR_SHOWN_MAX = 8, REPAIR_TEXT_BYTES_MAX = 96 };

struct repair {
    enum repair_kind kind;
    size_t line;              /* of the file, from 1 */
    struct str before, after; /* cut at REPAIR_TEXT_BYTES_MAX; empty: nothing */
};

struct repairs {
    uint64_t counts[REPAIR_KIND_COUNT];
    struct repair shown[REPAIR_KIND_COUNT * REPAIR_SHOWN_MAX]; /* the first of each kind, in the
                                                                  order of repair */
    size_t shown_count;
};

/* Counts a repair and keeps it where few of its kind are kept so far. The texts are copied. */
void repair_note(struct repairs *repairs, struct arena *arena, enum repair_kind kind, size_t line,
                 struct str before, struct str after);

const char *repair_kind_key(enum repair_kind kind); /* "pinyin" */
const char *repair_kind_text(enum repair_kind kind, enum lang lang);

/* Bytes of a file as UTF-8 without byte order mark and control characters; ERR_INPUT when the
 * encoding is not known. */
MUST_USE bool repair_decode(struct arena *arena, struct str bytes, struct repairs *repairs,
                            struct str *out, struct err *err);

/* Whether a text has the tags of a page. */
bool repair_is_html(struct str text);

/* The page as lines; `origins[i]` is the file's line at which line i starts. ERR_LIMIT. */
MUST_USE bool repair_html(struct arena *arena, struct str text, struct repairs *repairs,
                          struct str *out, size_t **origins, size_t *count, struct err *err);

/* What is inside <title>, repaired as a line; empty when there is none. */
struct str repair_html_title(struct arena *arena, struct str text);

/* One line: entities, wrong encodings, invisible and lost characters, pinyin, width. */
struct str repair_line(struct arena *arena, struct str line, size_t number,
                       struct repairs *repairs);

/* A reading in brackets that is broken over two lines is put whole at the end of the first. */
void repair_reading_break(struct arena *arena, struct str *line, struct str *next);

/* Traditional to simplified, for a page of which `traditional` says that it is written so (one with
 * a traditional character here and there may be quoting names). */
struct str repair_simplify(struct arena *arena, struct str line, size_t number,
                           struct repairs *repairs);
size_t repair_count_traditional(struct str text);

/* Blanks inside numbers, between numbers and their units, and between characters. */
struct str repair_blanks(struct arena *arena, struct str line, size_t number,
                         struct repairs *repairs);

#endif
