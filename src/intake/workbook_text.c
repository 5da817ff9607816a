#include "base/csv.h"
#include "intake/workbook_decode.h"
#include "intake/workbook_reader.h"

#include <string.h>

/* A row that needs more text than this has a quote that is never closed. */
enum { ROW_BYTES_MAX = 8 * 1024 * 1024 };

struct text_state {
    struct decoder *decoder;
    struct csv_reader csv;
    struct row_builder row;
    bool end; /* the file is decoded to its end */
};

/* Excel's own hint on the first line: "sep=;". */
static char take_separator_line(struct text_state *state)
{
    struct str window = decoder_window(state->decoder);
    if (window.len < 6 || !str_starts(window, STR("sep=")) || window.ptr[5] != '\n') return 0;
    decoder_drop(state->decoder, 6);
    return window.ptr[4];
}

static bool start_text(struct workbook *workbook, size_t sheet, struct err *err)
{
    (void)sheet;
    struct text_state *state = workbook->state;
    decoder_rewind(state->decoder);
    if (!decoder_more(state->decoder, &state->end, err)) return false;
    char separator = take_separator_line(state);
    csv_open(&state->csv, decoder_window(state->decoder), separator);
    if (separator != 0) state->csv.line_next = 2;
    workbook->kind = state->csv.separator == '\t' ? STR("text") : STR("csv");
    return true;
}

/* What csv_next read is sure only when more text follows it in the window. */
static bool row_is_whole(const struct text_state *state, bool read_well, const struct err *here)
{
    if (!read_well) return state->end || here->kind == ERR_LIMIT;
    return state->end || state->csv.rest.len > 0;
}

static bool read_row(struct text_state *state, struct csv_row *row, bool *more, struct err *err)
{
    for (;;) {
        struct csv_reader before = state->csv;
        struct err here = ERR_INIT;
        bool read_well = csv_next(&state->csv, &state->row.arena, row, more, &here);
        if (row_is_whole(state, read_well, &here)) {
            if (!read_well && err != NULL) *err = here;
            return read_well;
        }
        struct str window = decoder_window(state->decoder);
        decoder_drop(state->decoder, window.len - before.rest.len);
        if (before.rest.len > ROW_BYTES_MAX) {
            return err_set(err, ERR_LIMIT,
                           "line %llu: a field is larger than %d bytes, or a quote is never closed",
                           "第 %llu 行：一格内容超过 %d 字节，或者引号没有闭合",
                           (unsigned long long)before.line_next, WORKBOOK_CELL_BYTES_MAX);
        }
        row_clear(&state->row);
        if (!decoder_more(state->decoder, &state->end, err)) {
            return err_at(err, "after line %llu", "第 %llu 行之后",
                          (unsigned long long)before.line);
        }
        state->csv = before;
        state->csv.rest = decoder_window(state->decoder);
    }
}

static bool next_text(struct workbook *workbook, struct workbook_row *out, bool *more,
                      struct err *err)
{
    struct text_state *state = workbook->state;
    struct csv_row row = {0};
    row_clear(&state->row);
    if (!read_row(state, &row, more, err)) return false;
    if (!*more) return true;
    for (size_t i = 0; i < row.count; i++) {
        struct cell cell = {.kind = CELL_TEXT, .text = row.cells[i]};
        cell.lost_digits = cell_text_lost_digits(cell.text);
        if (!row_put(&state->row, i, cell, err)) {
            return err_at(err, "line %llu", "第 %llu 行", (unsigned long long)state->csv.line);
        }
    }
    *out = (struct workbook_row){state->csv.line, state->row.cells, state->row.count};
    return true;
}

static unsigned done_text(const struct workbook *workbook)
{
    const struct text_state *state = workbook->state;
    uint64_t read = decoder_bytes_read(state->decoder), left = state->csv.rest.len;
    return (unsigned)((read > left ? read - left : 0) * 1000 / workbook->size);
}

static void close_text(struct workbook *workbook)
{
    struct text_state *state = workbook->state;
    decoder_close(state->decoder);
    row_free(&state->row);
}

void workbook_open_text(struct workbook *workbook)
{
    static const struct workbook_reader reader = {start_text, next_text, done_text, close_text};
    struct text_state *state = arena_new(&workbook->arena, struct text_state);
    row_init(&state->row, &workbook->arena);
    workbook->state = state;
    workbook->reader = &reader;
    workbook->sheets = arena_new(&workbook->arena, struct workbook_sheet_info);
    workbook->sheet_count = 1;
    state->decoder = decoder_open(&workbook->arena, workbook->fd, workbook->size);
}
