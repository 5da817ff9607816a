#include "base/day.h"
#include "base/list.h"
#include "intake/workbook_html_token.h"
#include "intake/workbook_number.h"
#include "intake/workbook_reader.h"

#include <string.h>

/* All tables of the page, one after the other, are one sheet, as when Excel opens such a file; text
 * between them is a row of one cell. Rows of a table inside a cell come as rows of their own.
 *
 * The same reader takes Excel's XML of 2003, whose <Row> and <Cell> are much like <tr> and <td>:
 * there each <Worksheet> is a sheet, cells have types, and rows and cells may say which they are.
 */

enum { SPAN_ROWS_MAX = 65534, CARRY_BYTES_MIN = 8 << 20 };

/* What a cell with rowspan puts into its columns in the rows below. */
struct carry {
    uint64_t rows; /* the present one among them */
    struct cell cell;
};

struct html_state {
    struct html_reader reader;
    struct row_builder row;
    struct text text; /* of the cell under way, or between tables */
    uint64_t row_number;
    size_t column;
    bool in_cell, in_row, over;
    bool owed_row;    /* the last row was ended by the start of the next */
    bool spreadsheet; /* XML of 2003; what follows is of it alone */
    bool in_comment;
    char type;                        /* of the cell: N(umber), D(ateTime), B(oolean) or S(tring) */
    uint64_t sheet_wanted;            /* from 1 */
    uint64_t sheet_seen;              /* the sheet under way, from 1 */
    uint64_t row_index, column_index; /* said by the row or cell, from 1; 0 when it does not */
    size_t column_span;
    uint64_t row_span;
    struct str number;     /* x:num of the cell under way, in the row's arena */
    struct carry *carries; /* WORKBOOK_COLUMNS_MAX */
    size_t carry_end;      /* no column from here on carries */
    struct arena values;   /* texts that are carried */
    size_t values_max;     /* bytes at which those that are done with are dropped */
};

static bool start_html(struct workbook *workbook, size_t sheet, struct err *err)
{
    struct html_state *state = workbook->state;
    state->sheet_wanted = sheet + 1;
    state->sheet_seen = state->row_index = state->column_index = 0;
    state->in_comment = false;
    row_clear(&state->row);
    text_clear(&state->text);
    state->row_number = 0;
    state->column = 0;
    state->in_cell = state->in_row = state->over = state->owed_row = false;
    memset(state->carries, 0, WORKBOOK_COLUMNS_MAX * sizeof *state->carries);
    state->carry_end = 0;
    arena_reset(&state->values);
    state->values_max = CARRY_BYTES_MIN;
    state->number = STR_EMPTY;
    return html_start(&state->reader, err);
}

/* Puts what is carried from above into the columns before `until`, and on to one that is free. */
static bool put_carried(struct html_state *state, size_t until, struct err *err)
{
    for (; state->column < WORKBOOK_COLUMNS_MAX; state->column++) {
        const struct carry *carry = &state->carries[state->column];
        if (state->column >= until && carry->rows == 0) break;
        if (carry->rows == 0 || carry->cell.text.len == 0) continue;
        if (!row_put(&state->row, state->column, carry->cell, err)) return false;
    }
    return true;
}

static void keep_carried(struct html_state *state, size_t column, struct cell cell)
{
    if (column >= WORKBOOK_COLUMNS_MAX) return;
    cell.merged = true;
    state->carries[column] = (struct carry){state->row_span, cell};
    if (column >= state->carry_end) state->carry_end = column + 1;
}

/* What a typed cell of a spreadsheet holds. */
static struct cell typed_cell(char type, struct str text, char buffer[NUMBER_TEXT_SIZE])
{
    struct cell cell = {.kind = CELL_TEXT, .text = text};
    day date;
    if (type == 'N') return number_cell(text, buffer);
    if (type == 'B') cell.text = str_is(text, "1") ? STR("TRUE") : STR("FALSE");
    if (type == 'D' && day_parse(str_slice(text, 0, 10), &date)) {
        cell = (struct cell){.kind = CELL_DATE, .text = str_slice(text, 0, 10)};
    }
    return cell;
}

/* The text collected so far as a cell; what was collected is forgotten by the caller. */
static struct cell finished_cell(struct html_state *state)
{
    struct text *text = &state->text;
    struct arena *arena = &state->row.arena;
    struct str number = state->number;
    char buffer[NUMBER_TEXT_SIZE];
    state->number = STR_EMPTY;
    while (text->len > 0 && (text->ptr[text->len - 1] == ' ' || text->ptr[text->len - 1] == '\n')) {
        text->ptr[--text->len] = '\0';
    }
    struct cell cell = {.kind = CELL_TEXT, .text = text_str(text)};
    if (state->spreadsheet && text->len > 0) cell = typed_cell(state->type, text_str(text), buffer);
    if (cell.kind == CELL_TEXT) cell.lost_digits = cell_text_lost_digits(cell.text);
    if (cell.kind == CELL_TEXT && cell.lost_digits && number.len > 0) {
        struct cell held = number_cell(number, buffer); /* shown as 6.2E+17, but held in full */
        if (held.kind == CELL_NUMBER) cell = held;
    }
    cell.text = str_copy(arena, cell.text);
    return cell;
}

static bool end_cell(struct html_state *state, struct err *err)
{
    if (!state->in_cell) return true;
    state->in_cell = false;
    size_t wanted = state->column_index > WORKBOOK_COLUMNS_MAX ? WORKBOOK_COLUMNS_MAX
                    : state->column_index > 0                  ? (size_t)state->column_index - 1
                                                               : 0;
    if (!put_carried(state, wanted, err)) return false;
    struct cell cell = finished_cell(state), below = cell;
    if (state->row_span > 1 && cell.text.len > 0) below.text = str_copy(&state->values, cell.text);
    for (size_t i = 0; i < state->column_span; i++) {
        if (!row_put(&state->row, state->column, cell, err)) return false;
        if (state->row_span > 1) keep_carried(state, state->column, below);
        cell.merged = true;
        state->column++;
    }
    text_clear(&state->text);
    return true;
}

static void compact_carried(struct html_state *state)
{
    struct arena fresh = {0};
    for (size_t i = 0; i < state->carry_end; i++) {
        struct carry *carry = &state->carries[i];
        if (carry->rows > 0) carry->cell.text = str_copy(&fresh, carry->cell.text);
    }
    arena_free(&state->values);
    state->values = fresh;
    state->values_max = CARRY_BYTES_MIN + 2 * fresh.bytes;
}

/* Ends the row under way; *ready when there was one. */
static bool end_row(struct html_state *state, bool *ready, struct err *err)
{
    if (!end_cell(state, err)) return false;
    if (!state->in_row) return true;
    state->in_row = false;
    if (!put_carried(state, state->carry_end, err)) return false;
    size_t end = 0;
    for (size_t i = 0; i < state->carry_end; i++) {
        if (state->carries[i].rows > 0 && --state->carries[i].rows > 0) end = i + 1;
    }
    state->carry_end = end;
    if (state->values.bytes > state->values_max) compact_carried(state);
    state->row_number++;
    *ready = true;
    return true;
}

/* Text between tables: a title, a date, a signature. */
static bool end_loose_text(struct html_state *state, bool *ready, struct err *err)
{
    if (state->in_row || state->text.len == 0) return true;
    struct cell cell = finished_cell(state);
    text_clear(&state->text);
    if (cell.text.len == 0) return true;
    state->row_number++;
    *ready = true;
    return row_put(&state->row, 0, cell, err);
}

static void start_row(struct html_state *state)
{
    text_clear(&state->text);
    state->in_row = true;
    state->column = 0;
    if (state->row_index > state->row_number) state->row_number = state->row_index - 1;
    state->row_index = 0;
}

static bool start_cell(struct html_state *state, const struct html_token *token, struct err *err)
{
    if (!end_cell(state, err)) return false;
    if (!state->in_row) start_row(state);
    text_clear(&state->text);
    state->in_cell = true;
    uint64_t columns, rows;
    if (state->spreadsheet) {
        columns = html_attribute_number(token->attributes, "ss:MergeAcross", 0) + 1;
        rows = html_attribute_number(token->attributes, "ss:MergeDown", 0) + 1;
        state->column_index = html_attribute_number(token->attributes, "ss:Index", 0);
        state->type = 'S';
    } else {
        columns = html_attribute_number(token->attributes, "colspan", 1);
        rows = html_attribute_number(token->attributes, "rowspan", 1);
    }
    state->column_span = columns < 1                      ? 1
                         : columns > WORKBOOK_COLUMNS_MAX ? WORKBOOK_COLUMNS_MAX
                                                          : (size_t)columns;
    state->row_span = rows > SPAN_ROWS_MAX ? SPAN_ROWS_MAX : rows < 1 ? 1 : rows;
    state->number = str_copy(&state->row.arena, html_attribute(token->attributes, "x:num"));
    return true;
}

static bool is_name(const struct html_token *token, const char *const names[], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(token->name, names[i]) == 0) return true;
    }
    return false;
}

/* A tag of the XML of 2003. */
static bool take_spreadsheet_tag(struct html_state *state, const struct html_token *token,
                                 bool *ready, struct err *err)
{
    bool open = token->kind == HTML_OPEN;
    if (strcmp(token->name, "worksheet") == 0) {
        if (open)
            state->sheet_seen++;
        else if (state->sheet_seen == state->sheet_wanted)
            state->over = true;
        return !state->over || end_row(state, ready, err);
    }
    if (state->sheet_seen != state->sheet_wanted) return true;
    if (strcmp(token->name, "comment") == 0) state->in_comment = open;
    if (strcmp(token->name, "data") == 0 && open && !state->in_comment) {
        struct str type = html_attribute(token->attributes, "ss:Type");
        state->type = type.len > 0 ? type.ptr[0] : 'S';
    }
    if (strcmp(token->name, "cell") == 0) {
        return open ? start_cell(state, token, err) : end_cell(state, err);
    }
    bool row = strcmp(token->name, "row") == 0;
    if (!row && strcmp(token->name, "table") != 0) return true;
    if (!end_row(state, ready, err)) return false;
    if (row && open) {
        state->owed_row = true;
        uint64_t index = html_attribute_number(token->attributes, "ss:Index", 0);
        state->row_index = index > UINT32_MAX ? 0 : index;
    }
    return true;
}

static bool take_tag(struct html_state *state, const struct html_token *token, bool *ready,
                     struct err *err)
{
    static const char *const cells[] = {"td", "th"};
    static const char *const tables[] = {"table", "tbody", "thead", "tfoot"};
    static const char *const blocks[] = {"p",  "div", "li", "h1", "h2",      "h3",
                                         "h4", "br",  "hr", "ul", "caption", "body"};
    bool open = token->kind == HTML_OPEN;
    if (is_name(token, cells, 2))
        return open ? start_cell(state, token, err) : end_cell(state, err);
    bool row = strcmp(token->name, "tr") == 0, table = is_name(token, tables, 4);
    if (row || table) {
        if (!end_row(state, ready, err)) return false;
        if (!*ready && !end_loose_text(state, ready, err)) return false;
        if (table) memset(state->carries, 0, state->carry_end * sizeof *state->carries);
        if (table) state->carry_end = 0;
        if (row && open) state->owed_row = true;
        return true;
    }
    if (!is_name(token, blocks, sizeof blocks / sizeof *blocks)) return true;
    if (!state->in_cell) return end_loose_text(state, ready, err);
    while (state->text.len > 0 && state->text.ptr[state->text.len - 1] == ' ') {
        state->text.ptr[--state->text.len] = '\0';
    }
    bool fresh = state->text.len == 0 || state->text.ptr[state->text.len - 1] == '\n';
    if (!fresh || strcmp(token->name, "br") == 0) text_add_byte(&state->text, '\n');
    return true;
}

static bool next_html(struct workbook *workbook, struct workbook_row *row, bool *more,
                      struct err *err)
{
    struct html_state *state = workbook->state;
    bool ready = false, good = true;
    row_clear(&state->row);
    while (good && !ready && !state->over) {
        struct html_token token;
        if (state->owed_row) {
            start_row(state);
            state->owed_row = false;
        }
        if (!html_next(&state->reader, &token, err)) return false;
        if (token.kind == HTML_TEXT) {
            bool kept = state->spreadsheet ? state->in_cell && !state->in_comment
                                           : state->in_cell || !state->in_row;
            if (kept) html_add_text(&state->text, token.text);
        } else if (token.kind == HTML_OVER) {
            state->over = true;
            good = end_row(state, &ready, err) && (ready || end_loose_text(state, &ready, err));
        } else {
            good = state->spreadsheet ? take_spreadsheet_tag(state, &token, &ready, err)
                                      : take_tag(state, &token, &ready, err);
        }
    }
    if (!good) {
        return err_at(err, "row %llu", "第 %llu 行", (unsigned long long)state->row_number + 1);
    }
    *more = ready;
    if (ready) {
        *row = (struct workbook_row){state->row_number, state->row.cells, state->row.count};
    }
    return true;
}

static unsigned done_html(const struct workbook *workbook)
{
    const struct html_state *state = workbook->state;
    uint64_t read = decoder_bytes_read(state->reader.decoder);
    return (unsigned)(read * 1000 / workbook->size);
}

static void close_html(struct workbook *workbook)
{
    struct html_state *state = workbook->state;
    decoder_close(state->reader.decoder);
    row_free(&state->row);
    arena_free(&state->values);
}

/* A page that is saved instead of a list: a log-in page, or the frame of a list in several files.
 */
static bool check_tables(struct workbook *workbook, struct err *err)
{
    struct html_state *state = workbook->state;
    struct html_token token;
    if (!html_start(&state->reader, err)) return false;
    do {
        if (!html_next(&state->reader, &token, err)) return false;
        if (token.kind == HTML_OPEN
            && (strcmp(token.name, "table") == 0 || strcmp(token.name, "tr") == 0)) {
            return true;
        }
    } while (token.kind != HTML_OVER);
    return err_set(err, ERR_INPUT,
                   "a web page without a table (a log-in page?); export the list again",
                   "这是没有表格的网页（可能是登录页面），请重新导出名单");
}

/* The list of sheets of the XML of 2003: one for each <Worksheet>. */
static bool list_sheets(struct workbook *workbook, struct err *err)
{
    struct html_state *state = workbook->state;
    struct html_token token;
    LIST(struct workbook_sheet_info) infos = {0};
    if (!html_start(&state->reader, err)) return false;
    do {
        if (!html_next(&state->reader, &token, err)) return false;
        if (token.kind != HTML_OPEN || strcmp(token.name, "worksheet") != 0) continue;
        if (infos.count == WORKBOOK_SHEETS_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d sheets", "超过 %d 个工作表",
                           WORKBOOK_SHEETS_MAX);
        }
        text_clear(&state->text);
        html_add_text(&state->text, html_attribute(token.attributes, "ss:Name"));
        list_push(&workbook->arena, &infos)->name =
            str_copy(&workbook->arena, text_str(&state->text));
    } while (token.kind != HTML_OVER);
    workbook->sheets = infos.items;
    workbook->sheet_count = infos.count;
    if (infos.count > 0) return true;
    return err_set(err, ERR_INPUT, "the workbook has no sheet", "工作簿中没有工作表");
}

bool workbook_open_html(struct workbook *workbook, bool spreadsheet, struct err *err)
{
    static const struct workbook_reader reader = {start_html, next_html, done_html, close_html};
    struct arena *arena = &workbook->arena;
    struct html_state *state = arena_new(arena, struct html_state);
    row_init(&state->row, arena);
    text_init(&state->text, arena, WORKBOOK_CELL_BYTES_MAX + 4);
    state->carries = arena_array(arena, struct carry, WORKBOOK_COLUMNS_MAX);
    state->reader.decoder = decoder_open(arena, workbook->fd, workbook->size);
    state->spreadsheet = spreadsheet;
    workbook->state = state;
    workbook->reader = &reader;
    workbook->kind = spreadsheet ? STR("xml") : STR("html");
    if (spreadsheet) return list_sheets(workbook, err);
    workbook->sheets = arena_new(arena, struct workbook_sheet_info);
    workbook->sheet_count = 1;
    return check_tables(workbook, err);
}
