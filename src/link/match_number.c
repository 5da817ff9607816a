#include "link/match_code_internal.h"

#include "base/word.h"

#include <string.h>

/* A text's number is how many others appear first before it does. Rows are gone through in blocks:
 * of each part the texts that appear first in a block lie side by side, so a block is numbered by
 * marking their rows, and its texts are written where the next step reads them, in order. */

enum { BLOCK_ROWS = 1 << 14, BLOCK_WORDS = BLOCK_ROWS / WORD_BITS };

/* A block of rows of a column. */
struct code_block {
    uint32_t texts; /* that appear first in it; later their first number */
    size_t bytes;   /* of them, each with a zero behind it; later where they begin */
    uint32_t starts[CODE_PARTS], ends[CODE_PARTS]; /* local numbers, by part */
};

/* The first text of a part that appears in this row or later. */
static uint32_t first_from(const struct code_part *part, size_t row)
{
    uint32_t from = 0, end = part->count;
    while (from < end) {
        uint32_t middle = from + (end - from) / 2;
        if (code_entry_at(part, middle)->first_row < row)
            from = middle + 1;
        else
            end = middle;
    }
    return from;
}

static struct code_block *block_at(const struct match_coder *coder, size_t number, size_t *column,
                                   size_t *row)
{
    *column = number / coder->block_count;
    *row = number % coder->block_count * BLOCK_ROWS;
    return *column == coder->skipped ? NULL : &coder->blocks[number];
}

static void count_block_texts(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct match_coder *coder = context;
    size_t column, row;
    struct code_block *block = block_at(coder, number, &column, &row);
    if (block == NULL) return;
    for (size_t p = 0; p < CODE_PARTS; p++) {
        const struct code_part *part = &coder->columns[column].parts[p];
        uint32_t from = first_from(part, row), at = from;
        for (; at < part->count; at++) {
            const struct code_entry *entry = code_entry_at(part, at);
            if (entry->first_row >= row + BLOCK_ROWS) break;
            block->bytes += entry->length + 1;
        }
        block->starts[p] = from;
        block->ends[p] = at;
        block->texts += at - from;
    }
}

/* Where each block begins, and room for all. */
static void open_column(struct match_coder *coder, size_t column, struct arena *scratch)
{
    struct coding *coding = &coder->columns[column];
    struct link_column *out = &coder->out[column];
    uint32_t texts = column != coder->counted;
    size_t bytes = 0;
    for (size_t b = 0; b < coder->block_count; b++) {
        struct code_block *block = &coder->blocks[column * coder->block_count + b];
        uint32_t here = block->texts;
        size_t long_here = block->bytes;
        block->texts = texts;
        block->bytes = bytes;
        texts += here;
        bytes += long_here;
    }
    for (size_t p = 0; p < CODE_PARTS; p++) {
        coding->parts[p].numbers = arena_room(scratch, uint32_t, coding->parts[p].count);
    }
    coder->rooms[column] = arena_room(coder->arena, char, bytes);
    out->text_count = texts;
    struct str *list = arena_room(coder->arena, struct str, texts);
    if (column != coder->counted) list[0] = STR_EMPTY;
    out->texts = list;
    out->values = coding->values;
}

/* Marks the rows of a block in which texts appear first; counts the marks before each word. */
static uint32_t mark_block(const struct coding *coding, const struct code_block *block, size_t row,
                           uint64_t *marks, uint32_t *before)
{
    for (size_t p = 0; p < CODE_PARTS; p++) {
        const struct code_part *part = &coding->parts[p];
        for (uint32_t i = block->starts[p]; i < block->ends[p]; i++) {
            word_mark(marks, code_entry_at(part, i)->first_row - row);
        }
    }
    return word_count_marks(marks, BLOCK_WORDS, before);
}

static void number_block(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct match_coder *coder = context;
    size_t column, row;
    uint64_t marks[BLOCK_WORDS] = {0};
    uint32_t before[BLOCK_WORDS];
    const struct code_block *block = block_at(coder, number, &column, &row);
    if (block == NULL) return;
    const struct coding *coding = &coder->columns[column];
    struct str *texts = (struct str *)(uintptr_t)coder->out[column].texts + block->texts;
    char *at = coder->rooms[column] + block->bytes;
    uint32_t count = mark_block(coding, block, row, marks, before);
    for (size_t p = 0; p < CODE_PARTS; p++) {
        const struct code_part *part = &coding->parts[p];
        for (uint32_t i = block->starts[p]; i < block->ends[p]; i++) {
            uint32_t own =
                word_marks_before(marks, before, code_entry_at(part, i)->first_row - row);
            part->numbers[i] = block->texts + own;
            texts[own].len = code_entry_at(part, i)->length;
        }
    }
    for (uint32_t t = 0; t < count; t++) {
        texts[t].ptr = at;
        at[texts[t].len] = '\0';
        at += texts[t].len + 1;
    }
    for (size_t p = 0; p < CODE_PARTS; p++) {
        const struct code_part *part = &coding->parts[p];
        for (uint32_t i = block->starts[p]; i < block->ends[p]; i++) {
            const struct code_entry *entry = code_entry_at(part, i);
            struct match_cell cell = {
                {entry->words[0], entry->words[1], entry->words[2]}, entry->length, 0};
            match_cell_write(&cell, (char *)(uintptr_t)texts[part->numbers[i] - block->texts].ptr);
        }
    }
}

static void number_rows(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct match_coder *coder = context;
    size_t column, row;
    if (block_at(coder, number, &column, &row) == NULL) return;
    const struct coding *coding = &coder->columns[column];
    size_t end = row + BLOCK_ROWS < coder->row_count ? row + BLOCK_ROWS : coder->row_count;
    for (size_t r = row; r < end; r++) {
        uint32_t raw = coding->values[r];
        const struct code_part *part = &coding->parts[raw >> CODE_LOCAL_BITS];
        coding->values[r] =
            raw == CODE_EMPTY ? 0 : part->numbers[raw & ((1u << CODE_LOCAL_BITS) - 1)];
    }
}

void match_number(struct match_coder *coder, size_t threads)
{
    struct arena scratch = {0};
    coder->block_count = (coder->row_count + BLOCK_ROWS - 1) / BLOCK_ROWS;
    size_t count = coder->column_count * coder->block_count;
    coder->blocks = arena_array(&scratch, struct code_block, count);
    coder->rooms = arena_array(&scratch, char *, coder->column_count);
    thread_run(threads, count, count_block_texts, coder);
    for (size_t c = 0; c < coder->column_count; c++) {
        if (c != coder->skipped) open_column(coder, c, &scratch);
    }
    thread_run(threads, count, number_block, coder);
    thread_run(threads, count, number_rows, coder);
    arena_free(&scratch);
}
