#include "policy/layout.h"

/* Lines are filled from the first piece on. A group is looked at when its first piece comes: it
 * stays in the line if all of it fits, with what follows up to the next place where the line may
 * end. */

struct writing {
    const struct layout *layout;
    struct text text;
    int column;
    bool *broken; /* by group */
    bool started; /* something stands in the text */
    bool behind;  /* the line at hand ended with a comment */
};

void layout_start(struct layout *layout, struct arena *arena)
{
    *layout = (struct layout){.arena = arena};
    list_push(arena, &layout->groups);
}

uint32_t layout_open(struct layout *layout)
{
    uint32_t before = layout->group;
    layout->group = (uint32_t)layout->groups.count;
    *list_push(layout->arena, &layout->groups) =
        (struct layout_group){layout->pieces.count, layout->pieces.count};
    return before;
}

void layout_close(struct layout *layout, uint32_t before)
{
    layout->groups.items[layout->group].end = layout->pieces.count;
    layout->group = before;
}

struct layout_piece *layout_add(struct layout *layout, struct str text, enum layout_break before,
                                bool space, int indent)
{
    struct layout_piece *piece = list_push(layout->arena, &layout->pieces);
    *piece = (struct layout_piece){
        .text = text, .before = before, .space = space, .indent = indent, .group = layout->group};
    return piece;
}

static int width_of(const struct layout_piece *piece, bool first)
{
    return utf8_width(piece->text) + (piece->space && !first);
}

/* The width of what stands from a piece up to the next place where the line may end. */
static int width_to_break(const struct layout *layout, size_t from)
{
    int width = 0;
    for (size_t p = from; p < layout->pieces.count; p++) {
        const struct layout_piece *piece = &layout->pieces.items[p];
        if (p > from && (piece->before != LAYOUT_NONE || piece->comment_count > 0)) break;
        width += width_of(piece, false);
    }
    return width;
}

/* Whether a group fits behind `column`, in one line and without a comment that ends it. */
static bool fits(const struct layout *layout, const struct layout_group *group, int column)
{
    int width = column;
    for (size_t p = group->first; p < group->end; p++) {
        const struct layout_piece *piece = &layout->pieces.items[p];
        bool first = p == group->first;
        if (!first && (piece->comment_count > 0 || piece->before == LAYOUT_LINE)) return false;
        width += width_of(piece, false);
        if (width > LAYOUT_COLUMNS_MAX) return false;
    }
    if (group->end == layout->pieces.count) return true;
    const struct layout_piece *next = &layout->pieces.items[group->end];
    if (next->before != LAYOUT_NONE || next->comment_count > 0) return true;
    return width + width_to_break(layout, group->end) <= LAYOUT_COLUMNS_MAX;
}

static void end_line(struct writing *writing)
{
    if (writing->started) text_add_c(&writing->text, "\n");
    writing->column = 0;
    writing->behind = false;
}

static void begin_line(struct writing *writing, int indent)
{
    end_line(writing);
    for (int i = 0; i < indent; i++) text_add_c(&writing->text, " ");
    writing->column = indent;
    writing->started = true;
}

static void put_comment(struct writing *writing, const struct layout_comment *comment, int indent)
{
    if (comment->own_line || !writing->started || writing->behind) {
        begin_line(writing, indent);
    } else {
        text_add_c(&writing->text, " ");
    }
    text_add(&writing->text, comment->text);
    writing->behind = true;
}

/* An empty line goes before a declaration and before the comments that belong to it; comments that
 * are indented belong to the declaration before. */
static void put_comments(struct writing *writing, const struct layout_piece *piece)
{
    bool mine = !piece->head, parted = false;
    for (size_t c = 0; c < piece->comment_count; c++) {
        const struct layout_comment *comment = &piece->comments[c];
        if (!mine && comment->own_line && (!comment->indented || !writing->started)) mine = true;
        bool begins = mine && piece->head && !parted;
        if (writing->started && comment->own_line && (begins || (comment->apart && mine))) {
            end_line(writing);
        }
        if (begins) parted = true;
        put_comment(writing, comment, mine ? piece->indent : 2);
    }
    bool apart = piece->head && piece->text.len > 0 && (!parted || piece->apart);
    if (apart && writing->started) end_line(writing);
}

static bool ends_line(const struct writing *writing, const struct layout_piece *piece, size_t p)
{
    switch (piece->before) {
    case LAYOUT_LINE: return true;
    case LAYOUT_GROUP: return writing->broken[piece->group];
    case LAYOUT_FILL:
        return writing->column + width_to_break(writing->layout, p) > LAYOUT_COLUMNS_MAX;
    default: return false;
    }
}

static void put_piece(struct writing *writing, size_t p, size_t *next_group)
{
    const struct layout *layout = writing->layout;
    const struct layout_piece *piece = &layout->pieces.items[p];
    bool breaks = !writing->started || piece->comment_count > 0 || writing->behind
                  || ends_line(writing, piece, p);
    int column = breaks ? piece->indent : writing->column;
    put_comments(writing, piece);
    for (; *next_group < layout->groups.count && layout->groups.items[*next_group].first == p;
         (*next_group)++) {
        writing->broken[*next_group] = !fits(layout, &layout->groups.items[*next_group], column);
    }
    if (breaks && piece->text.len > 0) {
        begin_line(writing, piece->indent);
    } else if (piece->space && piece->text.len > 0) {
        text_add_c(&writing->text, " ");
        writing->column++;
    }
    text_add(&writing->text, piece->text);
    writing->column += utf8_width(piece->text);
}

struct str layout_text(struct layout *layout)
{
    enum { TEXT_BYTES_MAX = 64 << 20 };
    struct writing writing = {.layout = layout};
    size_t next_group = 1;
    writing.broken = arena_array(layout->arena, bool, layout->groups.count);
    text_init(&writing.text, layout->arena, TEXT_BYTES_MAX);
    for (size_t p = 0; p < layout->pieces.count; p++) put_piece(&writing, p, &next_group);
    if (writing.started) end_line(&writing);
    CHECK(!writing.text.cut);
    return text_str(&writing.text);
}
