#include "link/match_chunk.h"

#include "base/csv.h"
#include "base/word.h"

#include <string.h>

/* Separators and line ends are marked first, a bit a byte; a row whose cells are all plain is then
 * read from the marks alone. A row with a quoted cell, and whatever else is out of the ordinary, is
 * left to base/csv.h. */

struct cursor {
    const struct match_layout *layout;
    struct match_chunk *chunk;
    const uint64_t *cells, *lines; /* marks from chunk->from on */
    size_t blocks, block;
    uint64_t left; /* marks of the block not passed yet */
    size_t row;    /* where the row begins, from chunk->from */
};

/* The words of a cell. What is read overlaps, so no length needs a loop. */
static void load_words(const char *bytes, size_t length, uint64_t *words)
{
    const unsigned char *first = (const unsigned char *)bytes;
    if (length >= 8) {
        words[0] = word_at(bytes);
        words[1] = length >= 16 ? word_at(bytes + 8) : 0;
        words[2] = word_at(bytes + length - 8);
    } else if (length >= 4) {
        words[0] = (uint64_t)half_word_at(bytes) << 32 | half_word_at(bytes + length - 4);
    } else if (length > 0) {
        words[0] = (uint32_t)first[0] << 16 | (uint32_t)first[length / 2] << 8 | first[length - 1];
    }
}

/* Both halves of a product, one laid over the other: every bit of the factors reaches every bit. */
static uint64_t fold(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 u128;
    u128 product = (u128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

void match_cell_fill(const char *bytes, size_t length, struct match_cell *out)
{
    /* Odd numbers without a pattern, as fractions of the golden ratio and of the root of 2 are. */
    const uint64_t salts[3] = {0x9E3779B97F4A7C15u, 0x6A09E667F3BCC909u, 0xBB67AE8584CAA73Bu};
    uint64_t words[MATCH_WORDS] = {0};
    out->length = (uint32_t)length;
    out->hash = 0;
    if (length > 0) {
        load_words(bytes, length, words);
        uint64_t hash = fold(words[0] ^ salts[0], words[1] ^ salts[1]);
        for (size_t i = 16; i + 8 < length; i += 8) {
            hash = fold(hash ^ word_at(bytes + i), salts[1]);
        }
        hash = fold(hash ^ words[2] ^ salts[2], length ^ salts[0]);
        out->hash = (uint32_t)(hash >> 32) | (hash >> 32 == 0);
        if (length > MATCH_SHORT_BYTES) words[1] = (uint64_t)(uintptr_t)bytes;
    }
    for (size_t w = 0; w < MATCH_WORDS; w++) out->words[w] = words[w];
}

void match_cell_write(const struct match_cell *cell, char *out)
{
    size_t length = cell->length;
    uint32_t halves[2] = {(uint32_t)(cell->words[0] >> 32), (uint32_t)cell->words[0]};
    if (length > MATCH_SHORT_BYTES) {
        memcpy(out, match_cell_long(cell), length);
    } else if (length >= 8) {
        memcpy(out, &cell->words[0], 8);
        if (length >= 16) memcpy(out + 8, &cell->words[1], 8);
        memcpy(out + length - 8, &cell->words[2], 8);
    } else if (length >= 4) {
        memcpy(out, &halves[0], 4);
        memcpy(out + length - 4, &halves[1], 4);
    } else if (length > 0) {
        out[0] = (char)(halves[1] >> 16);
        out[length / 2] = (char)(halves[1] >> 8);
        out[length - 1] = (char)halves[1];
    }
}

void match_chunk_room(struct match_chunk *chunk, size_t rows, size_t column_count)
{
    if (rows <= chunk->row_capacity) return;
    size_t capacity = rows + rows / 4;
    arena_give_back(&chunk->arena, chunk->cells,
                    chunk->row_capacity * column_count * sizeof *chunk->cells);
    chunk->cells = arena_room(&chunk->arena, struct match_cell, capacity * column_count);
    chunk->row_capacity = capacity;
}

static void put_cell(struct match_chunk *chunk, size_t column, struct str cell)
{
    bool blank =
        cell.len > 0
        && ((unsigned char)cell.ptr[0] <= ' ' || (unsigned char)cell.ptr[cell.len - 1] <= ' ');
    if (blank) cell = str_trim(cell);
    match_cell_fill(cell.ptr, cell.len,
                    &chunk->cells[column * chunk->row_capacity + chunk->row_count]);
}

static void put_row(const struct cursor *cursor, const struct str *cells, size_t count)
{
    struct match_chunk *chunk = cursor->chunk;
    if (count == 1 && str_trim(cells[0]).len == 0) return;
    for (size_t i = 0; i < cursor->layout->column_count; i++) {
        size_t place = cursor->layout->places[i];
        put_cell(chunk, i, place < count ? cells[place] : STR_EMPTY);
    }
    chunk->row_count++;
}

/* Goes on with the marks from this place. */
static void move_to(struct cursor *cursor, size_t place)
{
    cursor->row = place;
    cursor->block = place / SCAN_BLOCK_BYTES;
    cursor->left = 0;
    if (cursor->block >= cursor->blocks) return;
    cursor->left = (cursor->cells[cursor->block] | cursor->lines[cursor->block])
                   & UINT64_MAX << place % SCAN_BLOCK_BYTES;
}

/* The next mark, or SIZE_MAX. */
static size_t next_mark(struct cursor *cursor)
{
    while (cursor->left == 0) {
        if (++cursor->block >= cursor->blocks) return SIZE_MAX;
        cursor->left = cursor->cells[cursor->block] | cursor->lines[cursor->block];
    }
    size_t place = cursor->block * SCAN_BLOCK_BYTES + (size_t)__builtin_ctzll(cursor->left);
    cursor->left &= cursor->left - 1;
    return place;
}

static bool is_line(const struct cursor *cursor, size_t place)
{
    return (cursor->lines[place / SCAN_BLOCK_BYTES] >> place % SCAN_BLOCK_BYTES & 1) != 0;
}

/* Reads a plain row; false, with nothing done, when it is not plain. */
static bool read_plain_row(struct cursor *cursor)
{
    enum { CELLS_MOST = 256 };
    struct str cells[CELLS_MOST];
    const struct match_chunk *chunk = cursor->chunk;
    const char *bytes = cursor->layout->text.ptr + chunk->from;
    size_t size = cursor->layout->text.len - chunk->from, at = cursor->row, count = 0;
    if (cursor->layout->blank_after) return false;
    for (;;) {
        if (at >= size || bytes[at] == '"' || count == CELLS_MOST) return false;
        size_t mark = next_mark(cursor);
        if (mark == SIZE_MAX || mark - at > CSV_CELL_BYTES_MAX) return false;
        cells[count++] = (struct str){bytes + at, mark - at};
        at = mark + 1;
        if (is_line(cursor, mark)) break;
    }
    put_row(cursor, cells, count);
    bool pair = bytes[at - 1] == '\r' && at < size && bytes[at] == '\n';
    if (!pair) {
        cursor->row = at;
    } else {
        move_to(cursor, at + 1);
    }
    return true;
}

/* Reads any row as base/csv.h does. */
static bool read_row(struct cursor *cursor)
{
    struct match_chunk *chunk = cursor->chunk;
    struct str rest =
        str_slice(cursor->layout->text, chunk->from + cursor->row, cursor->layout->text.len);
    struct csv_reader reader = {.rest = rest,
                                .line_next = 1,
                                .separator = cursor->layout->separator,
                                .blank_after = cursor->layout->blank_after};
    struct csv_row row;
    struct err ignored = {0};
    bool more;
    if (!csv_next(&reader, &chunk->texts, &row, &more, &ignored)) return false;
    CHECK(more);
    put_row(cursor, row.cells, row.count);
    move_to(cursor, cursor->row + rest.len - reader.rest.len);
    return true;
}

static void mark(const struct match_layout *layout, struct match_chunk *chunk, size_t blocks)
{
    size_t size = chunk->end - chunk->from, whole = size / SCAN_BLOCK_BYTES;
    const char *bytes = layout->text.ptr + chunk->from;
    uint64_t *cells = chunk->marks, *lines = chunk->marks + chunk->block_capacity;
    layout->scan->csv_marks(bytes, whole, layout->separator, cells, lines);
    if (whole == blocks) return;
    char last[SCAN_BLOCK_BYTES] = {0};
    memcpy(last, bytes + whole * SCAN_BLOCK_BYTES, size % SCAN_BLOCK_BYTES);
    layout->scan->csv_marks(last, 1, layout->separator, cells + whole, lines + whole);
}

struct match_row_count match_count_rows(const struct scan *scan, const char *bytes, size_t size)
{
    enum { BLOCKS = 64 };
    uint64_t cells[BLOCKS], lines[BLOCKS];
    struct match_row_count count = {0, 1};
    bool ended = true; /* the byte before ends a line */
    for (size_t at = 0; at < size;) {
        size_t blocks = (size - at) / SCAN_BLOCK_BYTES;
        if (blocks > BLOCKS) blocks = BLOCKS;
        const char *from = bytes + at;
        char last[SCAN_BLOCK_BYTES] = {0};
        if (blocks == 0) from = memcpy(last, bytes + at, size - at), blocks = 1;
        scan->csv_marks(from, blocks, ',', cells, lines);
        for (size_t b = 0; b < blocks; b++) {
            uint64_t ends = lines[b] & ~(lines[b] << 1 | ended);
            count.rows += word_bit_count(ends);
            count.most += word_bit_count(lines[b]);
            ended = lines[b] >> (SCAN_BLOCK_BYTES - 1) != 0;
        }
        at += blocks * SCAN_BLOCK_BYTES;
    }
    if (size > 0 && bytes[size - 1] != '\n' && bytes[size - 1] != '\r') count.rows++;
    return count;
}

void match_chunk_read(const struct match_layout *layout, struct match_chunk *chunk)
{
    size_t size = chunk->end - chunk->from;
    size_t blocks = (size + SCAN_BLOCK_BYTES - 1) / SCAN_BLOCK_BYTES, lines = 1;
    chunk->row_count = 0;
    chunk->failed = false;
    chunk->stop = chunk->from;
    chunk->lasting = layout->text;
    if (chunk->texts.bytes > 0) arena_reset(&chunk->texts);
    if (size == 0) return;
    if (blocks > chunk->block_capacity) {
        arena_give_back(&chunk->arena, chunk->marks,
                        2 * chunk->block_capacity * sizeof *chunk->marks);
        chunk->marks = arena_room(&chunk->arena, uint64_t, 2 * blocks);
        chunk->block_capacity = blocks;
    }
    mark(layout, chunk, blocks);
    struct cursor cursor = {.layout = layout,
                            .chunk = chunk,
                            .cells = chunk->marks,
                            .lines = chunk->marks + chunk->block_capacity,
                            .blocks = blocks};
    for (size_t b = 0; b < blocks; b++) {
        lines += word_bit_count(cursor.lines[b]);
    }
    match_chunk_room(chunk, lines, layout->column_count);
    move_to(&cursor, 0);
    while (cursor.row < size) {
        size_t row = cursor.row;
        if (read_plain_row(&cursor)) continue;
        move_to(&cursor, row);
        if (read_row(&cursor)) continue;
        chunk->failed = true;
        return;
    }
    chunk->stop = chunk->from + cursor.row;
}

void match_chunk_free(struct match_chunk *chunk)
{
    arena_free(&chunk->arena);
    arena_free(&chunk->texts);
    *chunk = (struct match_chunk){0};
}
