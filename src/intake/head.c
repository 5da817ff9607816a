#include "intake/head.h"

#include "intake/fold.h"

#include <string.h>

enum { HEAD_ROWS_MAX = 3, HEADING_CELL_BYTES_MAX = 240 };

struct row_look {
    size_t filled, distinct, known, data;
};

static struct str heading_text_of(struct cell cell)
{
    return cell.kind == CELL_EMPTY ? STR_EMPTY : fold_trim(cell.text);
}

/* The same text as in the cell to the left: one merged cell. */
static bool same_as_left(const struct sample *sample, size_t row, size_t column)
{
    if (column == 0) return false;
    struct cell left = sample_cell(sample, row, column - 1),
                cell = sample_cell(sample, row, column);
    return cell.text.len > 0 && str_equal(left.text, cell.text);
}

/* Whose words headings are looked up in. */
struct words_known {
    const struct profiles *profiles;
    const struct heading_map *map;
};

static bool is_known(struct arena *arena, const struct words_known *words, struct str text,
                     struct str above)
{
    struct heading heading;
    heading_read(arena, words->profiles, text, above, &heading);
    return heading_mapped(words->map, &heading).len > 0 || heading_known(words->profiles, &heading);
}

/* "填报单位：" is a label in a title, not a heading; a colon in brackets is advice. */
static bool is_label(struct str text)
{
    static const char *const opening[] = {"(", "（", "[", "【", NULL};
    static const char *const colons[] = {":", "：", NULL};
    for (size_t at = 0; at < text.len; at++) {
        struct str rest = str_slice(text, at, text.len);
        if (fold_starts_one_of(rest, opening, NULL)) return false;
        if (fold_starts_one_of(rest, colons, NULL)) return true;
    }
    return false;
}

static struct row_look look_at(struct arena *arena, const struct words_known *words,
                               const struct sample *sample, size_t row)
{
    struct row_look look = {0};
    for (size_t column = 0; column < sample->rows[row].count; column++) {
        struct str text = heading_text_of(sample_cell(sample, row, column));
        if (text.len == 0) continue;
        look.filled++;
        if (same_as_left(sample, row, column)) continue;
        look.distinct++;
        if (content_is_data(text)) {
            look.data++;
        } else if (text.len <= HEADING_CELL_BYTES_MAX && !is_label(text)
                   && is_known(arena, words, text, STR_EMPTY)) {
            look.known++;
        }
    }
    return look;
}

/* A row of headings: at least two are known, at least half of all (a third of many), none is data.
 */
static bool qualifies(struct row_look look)
{
    bool many = look.known >= 5 && look.known * 3 >= look.distinct;
    return look.known >= 2 && (many || look.known * 2 >= look.distinct) && look.data == 0;
}

/* The heading above a column: its own cell, or the one to the left that it is merged with (in text
 * files the rest of a merged cell is empty). */
static struct str above_of(const struct sample *sample, size_t row, size_t below, size_t column)
{
    struct cell cell = sample_cell(sample, row, column);
    if (cell.text.len > 0) return heading_text_of(cell);
    if (sample_cell(sample, below, column).text.len == 0) return STR_EMPTY;
    for (size_t left = column; left-- > 0;) {
        struct cell other = sample_cell(sample, row, left);
        if (other.text.len == 0) continue;
        /* The left one reaches over here only when it has a heading of its own below it. */
        bool group = sample_cell(sample, below, left).text.len > 0
                     && !str_equal(sample_cell(sample, below, left).text, other.text);
        return group ? heading_text_of(other) : STR_EMPTY;
    }
    return STR_EMPTY;
}

/* True when the row below `row` goes on with the headings: nothing in it is data, each cell repeats
 * the one above, or stands below a group, and at least one that is new is known. */
static bool continues(struct arena *arena, const struct words_known *words,
                      const struct sample *sample, size_t row)
{
    size_t below = row + 1, fresh = 0, known = 0, same = 0;
    if (below >= sample->row_count) return false;
    bool grouped = false;
    for (size_t column = 0; column < sample->column_count; column++) {
        struct cell upper = sample_cell(sample, row, column),
                    cell = sample_cell(sample, below, column);
        struct str text = heading_text_of(cell);
        if (text.len == 0) continue;
        if (str_equal(upper.text, cell.text)) {
            same++;
            continue;
        }
        if (content_is_data(text) || text.len > HEADING_CELL_BYTES_MAX) return false;
        fresh++;
        struct str above = above_of(sample, row, below, column);
        bool under_group = same_as_left(sample, row, column) || upper.text.len == 0
                           || str_equal(sample_cell(sample, row, column + 1).text, upper.text)
                           || (sample_cell(sample, row, column + 1).text.len == 0
                               && sample_cell(sample, below, column + 1).text.len > 0);
        grouped = grouped || (under_group && above.len > 0);
        known += is_known(arena, words, text, STR_EMPTY) || is_known(arena, words, text, above);
    }
    return fresh >= 1 && known >= 1 && known * 2 >= fresh && grouped && (same + fresh >= 2);
}

/* A row above the headings that stands over groups of them, not a title: at least two short texts
 * without a colon, or one over some of the columns only. */
static bool is_group_row(struct arena *arena, const struct words_known *words,
                         const struct sample *sample, size_t row)
{
    size_t texts = 0, known = 0, filled = 0;
    for (size_t column = 0; column < sample->rows[row].count; column++) {
        struct str text = heading_text_of(sample_cell(sample, row, column));
        if (text.len == 0) continue;
        filled++;
        if (same_as_left(sample, row, column)) continue;
        bool colon = str_find(text, STR("：")) != SIZE_MAX || str_find(text, STR(":")) != SIZE_MAX;
        if (text.len > 60 || colon || content_is_data(text)) return false;
        texts++;
        struct heading heading;
        heading_read(arena, words->profiles, STR("姓名"), text, &heading);
        known += heading.above != PROFILE_SELF || is_known(arena, words, text, STR_EMPTY);
    }
    return texts >= 2 && known >= 1 && known * 2 >= texts && filled >= 2;
}

/* The headings of a column from all rows of the head, joined. */
static void read_column(struct arena *arena, const struct profiles *profiles,
                        const struct sample *sample, const struct head *head, size_t column,
                        struct heading *out)
{
    struct str own = STR_EMPTY, above = STR_EMPTY;
    for (size_t row = head->last + 1; row-- > head->first;) {
        struct str text = heading_text_of(sample_cell(sample, row, column));
        if (own.len == 0) {
            own = text;
            continue;
        }
        if (text.len == 0) text = above_of(sample, row, row + 1, column);
        if (text.len > 0 && !str_equal(text, own) && above.len == 0) above = text;
    }
    if (own.len > HEADING_CELL_BYTES_MAX) own.len = 0;
    if (above.len > HEADING_CELL_BYTES_MAX) above.len = 0;
    heading_read(arena, profiles, own, above, out);
}

static struct str title_above(struct arena *arena, const struct sample *sample, size_t rows)
{
    struct text title;
    text_init(&title, arena, 4096);
    for (size_t row = 0; row < rows; row++) {
        for (size_t column = 0; column < sample->rows[row].count; column++) {
            struct str text = heading_text_of(sample_cell(sample, row, column));
            if (text.len == 0 || same_as_left(sample, row, column)) continue;
            if (title.len > 0) text_add_byte(&title, ' ');
            text_add(&title, text);
        }
    }
    return text_str(&title);
}

/* Children in one block and adults in the other: a child and a parent whose headings do not say so.
 */
static bool is_family(struct arena *arena, const struct sample *sample, const struct head *head,
                      size_t width, size_t columns)
{
    size_t children = 0, adults = 0;
    day newest = content_newest_birth(sample, head->data);
    for (size_t column = 0; column < columns; column++) {
        struct content content;
        content_read(arena, sample, head->data, column, newest, &content);
        bool own = column < width;
        children += own ? content.children : content.adults;
        adults += own ? content.adults : content.children;
    }
    return children > 2 * adults;
}

/* A list printed in two or three blocks side by side repeats its headings. */
static void find_panels(struct arena *arena, const struct sample *sample, struct head *head)
{
    size_t columns = head->column_count;
    while (columns > 0 && head->headings[columns - 1].written.len == 0) columns--;
    for (size_t width = 2; width * 2 <= columns + 1; width++) {
        size_t filled = 0, at = width;
        while (at < columns
               && str_equal(head->headings[at].written, head->headings[at % width].written)) {
            filled += head->headings[at].written.len > 0;
            at++;
        }
        if (at < columns || filled < 2) continue;
        if (is_family(arena, sample, head, width, columns)) return;
        head->panels = (columns + width - 1) / width;
        head->column_count = width;
        return;
    }
}

void head_find(struct arena *arena, const struct profiles *profiles, const struct heading_map *map,
               const struct sample *sample, struct head *out)
{
    struct words_known words = {profiles, map};
    *out = (struct head){.column_count = sample->column_count, .panels = 1};
    out->headings = arena_array(arena, struct heading, sample->column_count);
    size_t rows =
        sample->row_count < SAMPLE_HEAD_ROWS_MAX ? sample->row_count : SAMPLE_HEAD_ROWS_MAX;
    for (size_t row = 0; row < rows && !out->found; row++) {
        struct row_look look = look_at(arena, &words, sample, row);
        if (!qualifies(look)) continue;
        out->found = true;
        out->known = look.known;
        out->first = out->last = row;
    }
    if (!out->found) return;
    while (out->last - out->first + 1 < HEAD_ROWS_MAX
           && continues(arena, &words, sample, out->last)) {
        out->last++;
    }
    if (out->first > 0 && is_group_row(arena, &words, sample, out->first - 1)) out->first--;
    out->data = out->last + 1;
    out->title = title_above(arena, sample, out->first);
    for (size_t column = 0; column < sample->column_count; column++) {
        read_column(arena, profiles, sample, out, column, &out->headings[column]);
    }
    find_panels(arena, sample, out);
}

bool head_repeats(const struct str *headings, size_t heading_count, const struct cell *cells,
                  size_t count)
{
    size_t same = 0, filled = 0;
    for (size_t column = 0; column < count && column < heading_count; column++) {
        struct str text = fold_trim(cells[column].text);
        if (text.len == 0) continue;
        filled++;
        struct str heading = headings[column];
        same += str_equal(text, heading) || (text.len >= 6 && str_find(heading, text) != SIZE_MAX);
    }
    return same >= 2 && same * 2 >= filled;
}
