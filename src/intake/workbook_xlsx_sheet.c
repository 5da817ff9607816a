#include "base/day.h"
#include "base/list.h"
#include "intake/workbook_number.h"
#include "intake/workbook_xlsx.h"

#include <string.h>

/* Merged areas stand behind the rows in a sheet's XML, though they matter from the first row on. So
 * each sheet is unpacked once beforehand, only looking for the end of its rows (fast: nothing is
 * parsed), and what follows is read for areas. */

enum { TAIL_KEPT_BYTES = 64 };

enum cell_type { TYPE_NUMBER, TYPE_SHARED, TYPE_TEXT, TYPE_BOOL, TYPE_DAY };

struct xlsx_reading {
    struct workbook *workbook;
    struct xml_scan scan;
    struct merge_walk merges;
    struct row_builder row;
    bool over;            /* the rows have ended */
    uint64_t row_number;  /* from 0; of the row under way or last given */
    uint64_t row_next;    /* for a row without a number */
    uint64_t column_next; /* for a cell without a reference */
    uint64_t column;
    enum cell_type type;
    bool date_style;
    struct text text; /* of the cell under way, in the workbook's arena */
};

static void row_start(struct xlsx_reading *reading)
{
    uint64_t number = xlsx_number(scan_attribute(&reading->scan, "r"), 0);
    /* Numbers that are missing or go back are counted on. */
    reading->row_number = number > reading->row_next ? number - 1 : reading->row_next;
    reading->row_next = reading->row_number + 1;
    reading->column_next = 0;
}

static enum cell_type type_of(struct str type)
{
    char letter = type.len == 0 ? 'n' : type.len == 1 ? type.ptr[0] : 'i';
    switch (letter) {
    case 'n': return TYPE_NUMBER;
    case 's': return TYPE_SHARED;
    case 'b': return TYPE_BOOL;
    case 'd': return TYPE_DAY;
    default: return TYPE_TEXT; /* inlineStr, str, e: as it is shown */
    }
}

static void cell_start(struct xlsx_reading *reading)
{
    const struct xlsx_state *state = reading->workbook->state;
    const struct xml_scan *scan = &reading->scan;
    struct str type = STR_EMPTY, style = STR_EMPTY, reference = STR_EMPTY;
    for (size_t i = 0; i < scan->attribute_count; i++) {
        const struct scan_attribute *attribute = &scan->attributes[i];
        if (attribute->name.len != 1) continue;
        if (attribute->name.ptr[0] == 'r') reference = attribute->value;
        if (attribute->name.ptr[0] == 't') type = attribute->value;
        if (attribute->name.ptr[0] == 's') style = attribute->value;
    }
    uint32_t column = UINT32_MAX, row;
    if (!xlsx_reference(reference, &column, &row)) column = UINT32_MAX;
    reading->column = column == UINT32_MAX ? reading->column_next : column;
    reading->column_next = reading->column + 1;
    reading->type = type_of(type);
    reading->date_style = false;
    if (reading->type == TYPE_NUMBER && style.len > 0) {
        uint64_t number = xlsx_number(style, UINT64_MAX);
        reading->date_style = number < state->styles.count && state->styles.dates[number];
    }
    text_clear(&reading->text);
}

/* What the cell shows. Its text lives in the row's arena or among the shared texts. */
static bool make_cell(struct xlsx_reading *reading, struct cell *cell, struct err *err)
{
    const struct xlsx_state *state = reading->workbook->state;
    struct arena *arena = &reading->row.arena;
    struct str text = text_str(&reading->text);
    char buffer[NUMBER_TEXT_SIZE];
    *cell = (struct cell){.kind = CELL_TEXT, .text = text};
    if (reading->type == TYPE_NUMBER) {
        *cell = reading->date_style ? date_cell(text, state->date1904, buffer)
                                    : number_cell(text, buffer);
        cell->text = cell->kind == CELL_TEXT ? cell_text_clean(arena, cell->text) : cell->text;
        cell->text = str_copy(arena, cell->text);
        return true;
    }
    if (reading->type == TYPE_SHARED) {
        if (!shared_text(state->shared, xlsx_number(text, UINT64_MAX), &cell->text)) {
            return err_set(err, ERR_INPUT, "damaged: a cell names a shared text that is missing",
                           "文件已损坏：单元格所指的共享文字不存在");
        }
    } else if (reading->type == TYPE_BOOL) {
        cell->text = str_is(text, "1") || str_is(text, "true") ? STR("TRUE") : STR("FALSE");
    } else if (reading->type == TYPE_DAY && text.len >= 10) {
        day date;
        struct str first = str_slice(text, 0, 10);
        if (day_parse(first, &date)) {
            *cell = (struct cell){.kind = CELL_DATE, .text = str_copy(arena, first)};
        }
    }
    if (cell->text.ptr == text.ptr) {
        text = cell_text_clean(arena, xlsx_unescape(arena, text));
        cell->text = text.ptr == reading->text.ptr ? str_copy(arena, text) : text;
    }
    cell->lost_digits = cell_text_lost_digits(cell->text);
    return true;
}

/* Reads a cell, whose start is the last token, up to its end. */
static bool read_cell(struct xlsx_reading *reading, struct err *err)
{
    struct xml_scan *scan = &reading->scan;
    const struct scan_token *token = &scan->token;
    bool in_value = false;
    int phonetic = 0;
    cell_start(reading);
    for (;;) {
        if (!scan_next(scan, err)) return false;
        bool start = token->kind == SCAN_START;
        if (token->kind == SCAN_OVER) return scan_damaged(err);
        if (token->kind == SCAN_TEXT) {
            if (in_value && !scan_text(token, &reading->text)) return scan_damaged(err);
        } else if (token->name.len == 1) {
            char name = token->name.ptr[0];
            if (name == 'c') break;
            if (name == 'v' || name == 't') in_value = start && phonetic == 0;
        } else if (SCAN_IS(token, "rPh")) {
            phonetic += start ? 1 : -1;
        } else if (SCAN_IS(token, "row") || SCAN_IS(token, "sheetData")) {
            return scan_damaged(err);
        }
    }
    struct cell cell;
    if (reading->text.len == 0) return true;
    return make_cell(reading, &cell, err) && row_put(&reading->row, reading->column, cell, err);
}

/* Reads a row, whose start is the last token, up to its end. */
static bool read_row(struct xlsx_reading *reading, struct err *err)
{
    struct xml_scan *scan = &reading->scan;
    row_start(reading);
    for (;;) {
        if (!scan_next(scan, err)) break;
        const struct scan_token *token = &scan->token;
        if (token->kind == SCAN_START && SCAN_IS(token, "c")) {
            if (!read_cell(reading, err)) break;
        } else if (token->kind == SCAN_END && SCAN_IS(token, "row")) {
            return true;
        } else if (token->kind == SCAN_OVER) {
            scan_damaged(err);
            break;
        }
    }
    return err_at(err, "row %llu", "第 %llu 行", (unsigned long long)reading->row_number + 1);
}

struct merge_parse {
    struct arena *arena;
    LIST(struct merged_area) areas;
    size_t left; /* how many the workbook may have yet */
};

static void add_area(struct merge_parse *parse, struct str reference)
{
    struct str first, last = reference;
    uint32_t column_first, row_first, column_last, row_last;
    if (!str_split(&last, ':', &first) || !xlsx_reference(first, &column_first, &row_first)
        || !xlsx_reference(last, &column_last, &row_last)) {
        return;
    }
    if (column_first > column_last || row_first > row_last || row_last == UINT32_MAX
        || column_first >= WORKBOOK_COLUMNS_MAX || column_last == UINT32_MAX) {
        return;
    }
    if (column_last >= WORKBOOK_COLUMNS_MAX) column_last = WORKBOOK_COLUMNS_MAX - 1;
    *list_push(parse->arena, &parse->areas) = (struct merged_area){
        .row_first = row_first,
        .row_last = row_last,
        .column_first = (uint16_t)column_first,
        .column_last = (uint16_t)column_last,
    };
}

/* Just behind "</sheetData>", whatever its prefix; SIZE_MAX when it is not there. */
static size_t find_rows_end(struct str bytes)
{
    size_t from = 0;
    for (;;) {
        size_t at = str_find(str_slice(bytes, from, bytes.len), STR("sheetData>"));
        if (at == SIZE_MAX) return SIZE_MAX;
        at += from;
        from = at + strlen("sheetData>");
        size_t back = at;
        while (back > 0 && at - back < TAIL_KEPT_BYTES / 2 && bytes.ptr[back - 1] != '<') back--;
        if (back > 0 && bytes.ptr[back] == '/') return from;
    }
}

/* Unpacks up to the end of the rows, which scan_next then reads on from. */
static bool skip_rows(struct xml_scan *scan, bool *found, struct err *err)
{
    for (;;) {
        size_t end = find_rows_end((struct str){scan->buffer + scan->at, scan->end - scan->at});
        *found = end != SIZE_MAX;
        if (*found) scan->at += end;
        if (*found || scan->part_ended) return true;
        scan->at = scan->end - scan->at > TAIL_KEPT_BYTES ? scan->end - TAIL_KEPT_BYTES : scan->at;
        if (!scan_more(scan, err)) return false;
    }
}

static bool read_areas(struct xml_scan *scan, struct merge_parse *parse, struct err *err)
{
    bool found;
    if (!skip_rows(scan, &found, err) || !found) return !found;
    struct err ignored = ERR_INIT; /* what is broken behind the rows costs no row */
    while (scan_next(scan, &ignored) && scan->token.kind != SCAN_OVER) {
        if (scan->token.kind == SCAN_END && SCAN_IS(&scan->token, "mergeCells")) break;
        if (scan->token.kind != SCAN_START || !SCAN_IS(&scan->token, "mergeCell")) continue;
        if (parse->areas.count == parse->left) {
            return err_set(err, ERR_LIMIT, "more than %d merged areas", "合并单元格超过 %d 处",
                           MERGES_MAX);
        }
        add_area(parse, scan_attribute(scan, "ref"));
    }
    return true;
}

static bool read_merges(struct workbook *workbook, struct xlsx_sheet *sheet, struct err *err)
{
    struct xlsx_state *state = workbook->state;
    struct merge_parse parse = {.arena = &workbook->arena, .left = MERGES_MAX - state->merge_count};
    struct xml_scan scan = {0};
    struct arena arena = {0};
    bool done = scan_open(&scan, &arena, &state->package, sheet->part, err)
                && read_areas(&scan, &parse, err);
    scan_close(&scan);
    arena_free(&arena);
    if (!done) return false;
    sheet->merges = parse.areas.items;
    sheet->merge_count = parse.areas.count;
    state->merge_count += parse.areas.count;
    sheet->merges_read = true;
    return true;
}

static bool read_parts(struct workbook *workbook, struct err *err)
{
    struct xlsx_state *state = workbook->state;
    struct arena *arena = &workbook->arena;
    if (state->parts_read) return true;
    if (!xlsx_styles_read(&state->package, state->styles_part, arena, &state->styles, err)) {
        return false;
    }
    if (state->shared_part != NULL && package_has(&state->package, state->shared_part)) {
        struct shared_texts *shared = arena_new(arena, struct shared_texts);
        if (!xlsx_shared_read(&state->package, state->shared_part, arena, shared, err))
            return false;
        state->shared = shared;
    }
    state->parts_read = true;
    return true;
}

bool xlsx_sheet_start(struct workbook *workbook, size_t number, struct err *err)
{
    struct xlsx_state *state = workbook->state;
    struct xlsx_sheet *sheet = &state->sheets[number];
    struct xlsx_reading *reading = state->reading;
    if (!read_parts(workbook, err)) return false;
    if (!sheet->merges_read && !read_merges(workbook, sheet, err)) return false;
    if (reading == NULL) {
        reading = state->reading = arena_new(&workbook->arena, struct xlsx_reading);
        reading->workbook = workbook;
        row_init(&reading->row, &workbook->arena);
        text_init(&reading->text, &workbook->arena, WORKBOOK_CELL_BYTES_MAX + 4);
    }
    scan_close(&reading->scan);
    row_clear(&reading->row);
    merge_start(&reading->merges, &workbook->arena, sheet->merges, sheet->merge_count);
    reading->row_number = reading->row_next = 0;
    reading->over = false;
    return scan_open(&reading->scan, &workbook->arena, &state->package, sheet->part, err);
}

bool xlsx_sheet_next(struct workbook *workbook, struct workbook_row *row, bool *more,
                     struct err *err)
{
    struct xlsx_state *state = workbook->state;
    struct xlsx_reading *reading = state->reading;
    const struct scan_token *token = &reading->scan.token;
    while (!reading->over) {
        if (!scan_next(&reading->scan, err)) {
            return err_at(err, "after row %llu", "第 %llu 行之后",
                          (unsigned long long)reading->row_next);
        }
        if (token->kind == SCAN_START && SCAN_IS(token, "row")) {
            row_clear(&reading->row);
            if (!read_row(reading, err)) return false;
            merge_fill(&reading->merges, reading->row_number, &reading->row);
            *row = (struct workbook_row){reading->row_number + 1, reading->row.cells,
                                         reading->row.count};
            *more = true;
            return true;
        }
        if (token->kind == SCAN_OVER) {
            scan_damaged(err);
            return err_at(err, "after row %llu", "第 %llu 行之后",
                          (unsigned long long)reading->row_next);
        }
        reading->over = token->kind == SCAN_END && SCAN_IS(token, "sheetData");
    }
    *more = false;
    return true;
}

unsigned xlsx_sheet_done(const struct workbook *workbook)
{
    const struct xlsx_state *state = workbook->state;
    if (state->reading == NULL) return 0;
    const struct package_part *part = &state->reading->scan.part;
    if (part->size == 0 || state->reading->over) return 1000;
    uint64_t permille = part->read / (part->size / 1000 + 1);
    return permille > 1000 ? 1000 : (unsigned)permille;
}

void xlsx_sheet_close(struct xlsx_state *state)
{
    if (state->reading == NULL) return;
    scan_close(&state->reading->scan);
    merge_free(&state->reading->merges);
    row_free(&state->reading->row);
}
