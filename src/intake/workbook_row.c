#include "intake/workbook_reader.h"

#include <stdlib.h>
#include <string.h>

enum { VALUES_BYTES_MIN = 8 * 1024 * 1024 };

void row_init(struct row_builder *row, struct arena *arena)
{
    *row = (struct row_builder){.cells = arena_array(arena, struct cell, WORKBOOK_COLUMNS_MAX)};
}

void row_free(struct row_builder *row)
{
    arena_free(&row->arena);
}

void row_clear(struct row_builder *row)
{
    if (row->count > 0) memset(row->cells, 0, row->count * sizeof *row->cells);
    row->count = 0;
    arena_reset(&row->arena);
}

bool row_put(struct row_builder *row, uint64_t column, struct cell cell, struct err *err)
{
    if (column >= WORKBOOK_COLUMNS_MAX) {
        if (cell.text.len == 0) return true;
        return err_set(err, ERR_LIMIT, "more than %d columns", "超过 %d 列", WORKBOOK_COLUMNS_MAX);
    }
    if (cell.text.len > WORKBOOK_CELL_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "column %u: a field is larger than %d bytes",
                       "第 %u 列：一格内容超过 %d 字节", (unsigned)column + 1,
                       WORKBOOK_CELL_BYTES_MAX);
    }
    if (cell.text.len == 0) cell = (struct cell){0};
    row->cells[column] = cell;
    if (column >= row->count) row->count = (size_t)column + 1;
    return true;
}

static bool continues(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

/* The length of the character at `at` when it may stay as it is, else 0. Hanzi, which nearly all
 * characters beyond ASCII are, go the short way. */
static size_t sound_length(const unsigned char *at, size_t left)
{
    unsigned char c = at[0];
    if (c < 0x80) return (c >= 0x20 && c != 0x7F) || c == '\t' || c == '\n';
    bool hanzi = c >= 0xE1 && c <= 0xEC && left >= 3;
    if (hanzi) return continues(at[1]) && continues(at[2]) ? 3 : 0;
    size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    struct str one = {(const char *)at, length < left ? length : left};
    return utf8_valid(one) && !(c == 0xC2 && at[1] < 0xA0) ? length : 0;
}

/* Eight bytes that are all ASCII and none of them a control character. */
static bool plain_eight(const unsigned char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    uint64_t low = (word - 0x2020202020202020u) & ~word;
    uint64_t flipped = word ^ 0x7F7F7F7F7F7F7F7Fu;
    uint64_t deleted = (flipped - 0x0101010101010101u) & ~flipped;
    return ((word | low | deleted) & 0x8080808080808080u) == 0;
}

static bool is_clean(struct str text)
{
    const unsigned char *bytes = (const unsigned char *)text.ptr;
    for (size_t i = 0; i < text.len;) {
        if (text.len - i >= 8 && plain_eight(bytes + i)) {
            i += 8;
            continue;
        }
        size_t length = sound_length(bytes + i, text.len - i);
        if (length == 0) return false;
        i += length;
    }
    return true;
}

struct str cell_text_clean(struct arena *arena, struct str text)
{
    if (is_clean(text)) return text;
    struct text out;
    size_t at = 0;
    uint32_t code;
    text_init(&out, arena, 3 * text.len);
    while (utf8_next(text, &at, &code)) {
        if (code == '\r') {
            if (at < text.len && text.ptr[at] == '\n') continue;
            code = '\n';
        }
        bool control =
            (code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7F && code < 0xA0);
        if (!control) text_add_code(&out, code);
    }
    return text_str(&out);
}

bool cell_text_lost_digits(struct str text)
{
    if (text.len < 4 || (unsigned char)text.ptr[0] > '9') return false;
    text = str_trim(text);
    size_t at = 0, digits = 0;
    if (text.len < 4 || text.ptr[0] < '1' || text.ptr[0] > '9') return false;
    for (; at < text.len && text.ptr[at] != 'E' && text.ptr[at] != 'e'; at++) {
        if (text.ptr[at] == '.' && at == 1) continue;
        if (text.ptr[at] < '0' || text.ptr[at] > '9') return false;
        digits++;
    }
    if (at == text.len || digits < 1 || digits > 15) return false;
    at++;
    if (at < text.len && text.ptr[at] == '+') at++;
    if (text.len - at != 2) return false;
    return text.ptr[at] == '1' && text.ptr[at + 1] >= '5' && text.ptr[at + 1] <= '9';
}

static int compare_areas(const void *a, const void *b)
{
    const struct merged_area *left = a, *right = b;
    if (left->row_first != right->row_first) return left->row_first < right->row_first ? -1 : 1;
    return (left->column_first > right->column_first) - (left->column_first < right->column_first);
}

void merge_start(struct merge_walk *walk, struct arena *arena, struct merged_area *areas,
                 size_t count)
{
    size_t *active = walk->active;
    arena_free(&walk->values);
    *walk = (struct merge_walk){
        .areas = areas, .count = count, .active = active, .values_max = VALUES_BYTES_MIN};
    if (count == 0) return;
    if (active == NULL) walk->active = arena_array(arena, size_t, MERGES_ACTIVE_MAX);
    qsort(areas, count, sizeof *areas, compare_areas);
}

void merge_free(struct merge_walk *walk)
{
    arena_free(&walk->values);
}

/* Keeps the values of the areas under way and forgets those of the areas that are done. */
static void compact_values(struct merge_walk *walk)
{
    struct arena fresh = {0};
    for (size_t i = 0; i < walk->active_count; i++) {
        struct cell *cell = &walk->areas[walk->active[i]].cell;
        if (cell->text.len > 0) cell->text = str_copy(&fresh, cell->text);
    }
    arena_free(&walk->values);
    walk->values = fresh;
    /* So much may come again before the next time: the copying stays in proportion. */
    walk->values_max = VALUES_BYTES_MIN + 2 * fresh.bytes;
}

static void drop_done(struct merge_walk *walk, uint64_t row)
{
    size_t kept = 0;
    for (size_t i = 0; i < walk->active_count; i++) {
        if (walk->areas[walk->active[i]].row_last >= row) walk->active[kept++] = walk->active[i];
    }
    walk->active_count = kept;
}

/* Areas that begin on this row take its cell as their value; those that began on a row that the
 * sheet does not have stay empty. */
static void take_begun(struct merge_walk *walk, uint64_t row, const struct row_builder *cells)
{
    for (; walk->next < walk->count && walk->areas[walk->next].row_first <= row; walk->next++) {
        struct merged_area *area = &walk->areas[walk->next];
        if (area->row_last < row || walk->active_count == MERGES_ACTIVE_MAX) continue;
        area->cell = (struct cell){0};
        if (area->row_first == row && area->column_first < cells->count) {
            area->cell = cells->cells[area->column_first];
            area->cell.text = str_copy(&walk->values, area->cell.text);
        }
        if (area->cell.text.len > 0) walk->active[walk->active_count++] = walk->next;
    }
}

static void fill_area(const struct merged_area *area, uint64_t row, struct row_builder *cells)
{
    for (size_t c = area->column_first; c <= area->column_last && c < WORKBOOK_COLUMNS_MAX; c++) {
        if (row == area->row_first && c == area->column_first) continue;
        if (c < cells->count && cells->cells[c].text.len > 0) continue;
        cells->cells[c] = area->cell;
        cells->cells[c].merged = true;
        if (c >= cells->count) cells->count = c + 1;
    }
}

void merge_fill(struct merge_walk *walk, uint64_t row, struct row_builder *cells)
{
    if (walk->next == walk->count && walk->active_count == 0) return;
    drop_done(walk, row);
    take_begun(walk, row, cells);
    for (size_t i = 0; i < walk->active_count; i++) {
        fill_area(&walk->areas[walk->active[i]], row, cells);
    }
    if (walk->values.bytes > walk->values_max) compact_values(walk);
}
