#ifndef POLICY_LAYOUT_H
#define POLICY_LAYOUT_H

#include "base/list.h"
#include "base/str.h"

/* Pieces of text put into lines of a usual width. A line may end before a piece as the piece says;
 * pieces that belong together are a group, whose lines end everywhere or nowhere. Comments stay in
 * front of the piece that they stood in front of. Where lines end depends on the pieces alone, so
 * that laying out what was laid out changes nothing. */

enum { LAYOUT_COLUMNS_MAX = 100 }; /* as a terminal counts: a Chinese character takes two */

enum layout_break {
    LAYOUT_NONE,  /* the line does not end here */
    LAYOUT_FILL,  /* it ends where what follows does not fit any more */
    LAYOUT_GROUP, /* it ends at all of these of a group, when the group does not fit in the line */
    LAYOUT_LINE,  /* it always ends here */
};

struct layout_comment {
    struct str text; /* with its # */
    bool own_line;   /* else behind what stands before it */
    bool indented;   /* own line: not in the first column */
    bool apart;      /* an empty line stands before it */
};

struct layout_piece {
    struct str text;
    enum layout_break before;
    bool space;     /* a blank before it inside a line */
    int indent;     /* of a line that begins with it */
    uint32_t group; /* that it is in */
    bool head;      /* begins a declaration: an empty line goes before it and its comments */
    bool apart;     /* an empty line stands between its comments and it */
    const struct layout_comment *comments;
    size_t comment_count;
};

/* First and last piece; group 0 is no group, whose GROUP breaks never end a line. */
struct layout_group {
    size_t first, end;
};

struct layout {
    struct arena *arena;
    LIST(struct layout_piece) pieces;
    LIST(struct layout_group) groups;
    uint32_t group; /* that new pieces are in */
};

/* No pieces yet; what is added lives in the arena. */
void layout_start(struct layout *layout, struct arena *arena);

/* Pieces added from here on are in a new group, inside of that at hand; gives what to close with.
 */
uint32_t layout_open(struct layout *layout);
void layout_close(struct layout *layout, uint32_t before);

/* Adds a piece to the group at hand, ready to be filled in further. */
struct layout_piece *layout_add(struct layout *layout, struct str text, enum layout_break before,
                                bool space, int indent);

/* The lines, each ended; the last comments are those of an empty piece. In the arena. */
struct str layout_text(struct layout *layout);

#endif
