#include "base/list.h"
#include "intake/workbook_biff.h"
#include "intake/workbook_number.h"
#include "intake/workbook_shared.h"

#include <stdlib.h>
#include <string.h>

/* True xls workbooks, read record by record. The library that exists for it (FreeXL) knows neither
 * merged areas nor Chinese date formats nor hidden sheets, and needs a process of its own to be
 * safe; this reader checks every length against the record and is fuzzed like the others. */

enum { FORMATS_MAX = 4096, STYLES_MAX = 65536, ORDER_MAX = 8000000 };

/* A record that belongs to a row, for sheets whose rows are not in order. */
struct placed {
    uint32_t row, offset;
};

struct xls_sheet {
    uint64_t offset;
    bool scanned; /* areas and order are read */
    struct merged_area *areas;
    size_t area_count;
    struct placed *order; /* NULL when the rows are in order */
    size_t order_count;
};

struct xls_state {
    struct cfb cfb;
    struct biff biff;
    bool date1904;
    bool *dates; /* per style (XF): shows a day */
    size_t date_count;
    struct shared_texts *shared;
    struct xls_sheet *sheets;
    struct xls_sheet *sheet;        /* being read */
    size_t area_count, order_count; /* of all sheets read so far */
    struct row_builder row;
    struct merge_walk merges;
    struct text text;
    size_t order_at;
    int depth; /* of records inside charts in the sheet */
    bool over;
    bool formula; /* the text of a formula is to follow */
    uint32_t formula_column;
    uint64_t row_last;
};

struct globals {
    struct arena *arena;
    LIST(struct workbook_sheet_info) infos;
    LIST(struct xls_sheet) sheets;
    LIST(uint32_t) styles; /* number of the format */
    struct {
        uint32_t number;
        bool date;
    } formats[FORMATS_MAX];
    size_t format_count;
};

static bool read_text(struct xls_state *state, size_t at, size_t length_bytes, struct err *err)
{
    text_clear(&state->text);
    state->biff.at = at;
    return biff_text(&state->biff, length_bytes, false, &state->text, err);
}

static bool add_sheet(struct workbook *workbook, struct globals *globals, struct err *err)
{
    struct xls_state *state = workbook->state;
    struct biff *biff = &state->biff;
    if (biff->length < 7) return biff_damaged(err);
    uint64_t offset = biff_u32(biff, 0);
    unsigned visible = biff->data[4] & 3u, type = biff->data[5];
    if (type != 0) return true; /* a chart or a macro sheet */
    if (globals->sheets.count == WORKBOOK_SHEETS_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d sheets", "超过 %d 个工作表",
                       WORKBOOK_SHEETS_MAX);
    }
    if (!read_text(state, 6, 1, err)) return false;
    struct str name = cell_text_clean(globals->arena, text_str(&state->text));
    *list_push(globals->arena, &globals->infos) = (struct workbook_sheet_info){
        .name = str_copy(globals->arena, name), .hidden = visible != 0};
    list_push(globals->arena, &globals->sheets)->offset = offset;
    return true;
}

static bool add_format(struct xls_state *state, struct globals *globals, struct err *err)
{
    if (globals->format_count == FORMATS_MAX) return true;
    uint32_t number = biff_u16(&state->biff, 0);
    if (!read_text(state, 2, state->biff.version >= 8 ? 2 : 1, err)) return false;
    globals->formats[globals->format_count].number = number;
    globals->formats[globals->format_count++].date = format_is_date(text_str(&state->text));
    return true;
}

static bool style_is_date(const struct globals *globals, uint32_t format)
{
    for (size_t i = 0; i < globals->format_count; i++) {
        if (globals->formats[i].number == format) return globals->formats[i].date;
    }
    return format_builtin_is_date(format);
}

static bool read_shared(struct workbook *workbook, struct err *err)
{
    struct xls_state *state = workbook->state;
    struct biff *biff = &state->biff;
    struct arena scratch = {0};
    uint32_t count = biff_u32(biff, 4);
    bool good = true;
    state->shared = arena_new(&workbook->arena, struct shared_texts);
    state->shared->arena = &workbook->arena;
    biff->at = 8;
    for (uint32_t i = 0; i < count && good; i++) {
        text_clear(&state->text);
        good = biff_text(biff, 2, true, &state->text, err)
               && shared_add(state->shared, cell_text_clean(&scratch, text_str(&state->text)), err);
        arena_reset(&scratch);
    }
    arena_free(&scratch);
    return good;
}

static bool read_global(struct workbook *workbook, struct globals *globals, struct err *err)
{
    struct xls_state *state = workbook->state;
    struct biff *biff = &state->biff;
    switch (biff->type) {
    case BIFF_FILEPASS:
        return err_set(err, ERR_INPUT, "the file has a password; save it without one",
                       "文件设有密码，请取消密码后另存");
    case BIFF_DATEMODE: state->date1904 = biff_u16(biff, 0) == 1; return true;
    case BIFF_BOUNDSHEET: return add_sheet(workbook, globals, err);
    case BIFF_FORMAT: return add_format(state, globals, err);
    case BIFF_XF:
        if (globals->styles.count < STYLES_MAX) {
            *list_push(globals->arena, &globals->styles) = biff_u16(biff, 2);
        }
        return true;
    case BIFF_SST: return read_shared(workbook, err);
    default: return true;
    }
}

/* A file that is one sheet, without a list of sheets: versions 2 to 4, and bare streams. */
static void single_sheet(struct workbook *workbook, struct globals *globals)
{
    list_push(&workbook->arena, &globals->infos);
    list_push(&workbook->arena, &globals->sheets)->offset = 0;
}

static bool read_globals(struct workbook *workbook, struct globals *globals, struct err *err)
{
    struct xls_state *state = workbook->state;
    struct biff *biff = &state->biff;
    bool end;
    if (!biff_next(biff, &end, err)) return false;
    if (end || !biff_is_start(biff->type)) return biff_damaged(err);
    bool one_sheet = biff->type != 0x0809 || biff_u16(biff, 2) == 0x0010;
    biff->version = biff->type == 0x0009   ? 2
                    : biff->type == 0x0209 ? 3
                    : biff->type == 0x0409 ? 4
                                           : 5;
    if (biff->type == 0x0809 && biff_u16(biff, 0) >= 0x0600) biff->version = 8;
    if (one_sheet) {
        single_sheet(workbook, globals);
        return true;
    }
    do {
        if (!biff_next(biff, &end, err)) return false;
        if (end) return biff_damaged(err);
        if (!read_global(workbook, globals, err)) return false;
    } while (biff->type != BIFF_EOF);
    state->dates = arena_array(&workbook->arena, bool, globals->styles.count + 1);
    for (size_t i = 0; i < globals->styles.count; i++) {
        state->dates[i] = style_is_date(globals, globals->styles.items[i]);
    }
    state->date_count = globals->styles.count;
    return true;
}

/* Whether the record is a cell or the text of a formula, and its row. */
static bool row_of(const struct biff *biff, uint32_t last, uint32_t *row)
{
    switch (biff->type) {
    case BIFF_INTEGER_2:
    case BIFF_NUMBER_2:
    case BIFF_LABEL_2:
        if (biff->version != 2) return false;
        break;
    case BIFF_FORMULA:
    case BIFF_MULRK:
    case BIFF_RSTRING:
    case BIFF_LABELSST:
    case BIFF_NUMBER:
    case BIFF_LABEL:
    case BIFF_BOOLERR:
    case BIFF_RK: break;
    case BIFF_STRING: *row = last; return true;
    default: return false;
    }
    *row = biff_u16(biff, 0);
    return true;
}

struct sheet_scan {
    struct arena *arena;
    LIST(struct merged_area) areas;
    LIST(struct placed) order;
    size_t areas_max, order_max; /* what the workbook may have yet */
    bool unordered;
};

static bool add_areas(const struct biff *biff, struct sheet_scan *scan, struct err *err)
{
    uint32_t count = biff_u16(biff, 0);
    for (size_t i = 0, at = 2; i < count && at + 8 <= biff->length; i++, at += 8) {
        struct merged_area area = {
            .row_first = biff_u16(biff, at),
            .row_last = biff_u16(biff, at + 2),
            .column_first = (uint16_t)biff_u16(biff, at + 4),
            .column_last = (uint16_t)biff_u16(biff, at + 6),
        };
        if (area.row_first > area.row_last || area.column_first > area.column_last) continue;
        if (scan->areas.count == scan->areas_max) {
            return err_set(err, ERR_LIMIT, "more than %d merged areas", "合并单元格超过 %d 处",
                           MERGES_MAX);
        }
        *list_push(scan->arena, &scan->areas) = area;
    }
    return true;
}

/* One walk over the records of a sheet: areas stand behind the cells, and it must be known whether
 * rows are in order. With `place` the place of each cell is kept. */
static bool scan_records(struct xls_state *state, const struct xls_sheet *sheet, bool place,
                         struct sheet_scan *scan, struct err *err)
{
    struct biff *biff = &state->biff;
    uint32_t last = 0, row;
    int depth = 0;
    biff_seek(biff, sheet->offset);
    do {
        bool end;
        if (!biff_next(biff, &end, err)) return false;
        if (end || (depth == 0 && !biff_is_start(biff->type))) return biff_damaged(err);
        if (biff_is_start(biff->type)) depth++;
        if (biff->type == BIFF_EOF) depth--;
        if (depth != 1) continue;
        if (biff->type == BIFF_MERGEDCELLS && !place && !add_areas(biff, scan, err)) return false;
        if (!row_of(biff, last, &row)) continue;
        scan->unordered |= row < last;
        last = row;
        if (!place) continue;
        if (scan->order.count == scan->order_max || biff->offset > UINT32_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d cells, not in order; save it as xlsx",
                           "超过 %d 格且次序混乱，请另存为 xlsx", ORDER_MAX);
        }
        *list_push(scan->arena, &scan->order) = (struct placed){row, (uint32_t)biff->offset};
    } while (depth > 0);
    return true;
}

static int compare_placed(const void *a, const void *b)
{
    const struct placed *left = a, *right = b;
    if (left->row != right->row) return left->row < right->row ? -1 : 1;
    return (left->offset > right->offset) - (left->offset < right->offset);
}

static bool scan_sheet(struct workbook *workbook, struct xls_sheet *sheet, struct err *err)
{
    struct xls_state *state = workbook->state;
    struct sheet_scan scan = {.arena = &workbook->arena,
                              .areas_max = MERGES_MAX - state->area_count,
                              .order_max = ORDER_MAX - state->order_count};
    if (!scan_records(workbook->state, sheet, false, &scan, err)) return false;
    if (scan.unordered && !scan_records(workbook->state, sheet, true, &scan, err)) return false;
    if (scan.unordered) {
        qsort(scan.order.items, scan.order.count, sizeof *scan.order.items, compare_placed);
    }
    sheet->areas = scan.areas.items;
    sheet->area_count = scan.areas.count;
    sheet->order = scan.order.items;
    sheet->order_count = scan.order.count;
    state->area_count += scan.areas.count;
    state->order_count += scan.order.count;
    sheet->scanned = true;
    return true;
}

static bool start_xls(struct workbook *workbook, size_t number, struct err *err)
{
    struct xls_state *state = workbook->state;
    struct xls_sheet *sheet = &state->sheets[number];
    if (!sheet->scanned && !scan_sheet(workbook, sheet, err)) return false;
    state->sheet = sheet;
    state->order_at = 0;
    state->depth = 0;
    state->over = state->formula = false;
    state->row_last = 0;
    biff_seek(&state->biff, sheet->offset);
    merge_start(&state->merges, &workbook->arena, sheet->areas, sheet->area_count);
    return true;
}

static bool put_number(struct xls_state *state, uint32_t column, uint32_t style, double value,
                       struct err *err)
{
    char buffer[NUMBER_TEXT_SIZE];
    bool date = style < state->date_count && state->dates[style];
    struct cell cell =
        date ? date_cell_double(value, state->date1904, buffer) : number_cell_double(value, buffer);
    cell.text = str_copy(&state->row.arena, cell.text);
    return row_put(&state->row, column, cell, err);
}

static bool put_text(struct xls_state *state, uint32_t column, struct str text, struct err *err)
{
    struct arena *arena = &state->row.arena;
    struct str clean = cell_text_clean(arena, text);
    struct cell cell = {.kind = CELL_TEXT, .text = clean};
    if (clean.ptr == state->text.ptr) cell.text = str_copy(arena, clean);
    cell.lost_digits = cell_text_lost_digits(cell.text);
    return row_put(&state->row, column, cell, err);
}

static double rk_value(uint32_t rk)
{
    double value;
    if (rk & 2) {
        value = (double)((int32_t)rk >> 2);
    } else {
        uint64_t bits = (uint64_t)(rk & 0xFFFFFFFC) << 32;
        memcpy(&value, &bits, sizeof value);
    }
    return rk & 1 ? value / 100 : value;
}

static bool put_many(struct xls_state *state, uint32_t column, struct err *err)
{
    const struct biff *biff = &state->biff;
    for (size_t at = 4; at + 6 + 2 <= biff->length; at += 6, column++) {
        double value = rk_value(biff_u32(biff, at + 2));
        if (!put_number(state, column, biff_u16(biff, at), value, err)) return false;
    }
    return true;
}

static struct str fault_text(unsigned code)
{
    switch (code) {
    case 0x00: return STR("#NULL!");
    case 0x07: return STR("#DIV/0!");
    case 0x0F: return STR("#VALUE!");
    case 0x17: return STR("#REF!");
    case 0x1D: return STR("#NAME?");
    case 0x24: return STR("#NUM!");
    default: return STR("#N/A");
    }
}

static bool put_fixed(struct xls_state *state, uint32_t column, bool fault, unsigned value,
                      struct err *err)
{
    struct str text = fault ? fault_text(value) : value != 0 ? STR("TRUE") : STR("FALSE");
    return row_put(&state->row, column, (struct cell){.kind = CELL_TEXT, .text = text}, err);
}

/* A formula shows the result that was saved with it. */
static bool put_formula(struct xls_state *state, uint32_t column, struct err *err)
{
    const struct biff *biff = &state->biff;
    if (biff->version < 5 || biff->length < 14) return true;
    if (biff_u16(biff, 12) != 0xFFFF) {
        return put_number(state, column, biff_u16(biff, 4), biff_double(biff, 6), err);
    }
    unsigned kind = biff->data[6];
    if (kind == 1 || kind == 2) return put_fixed(state, column, kind == 2, biff->data[8], err);
    state->formula = kind == 0;
    state->formula_column = column;
    return true;
}

static bool put_label(struct xls_state *state, uint32_t column, size_t at, size_t length_bytes,
                      struct err *err)
{
    return read_text(state, at, length_bytes, err)
           && put_text(state, column, text_str(&state->text), err);
}

/* Puts the cells of the record last read into the row. */
static bool put_record(struct xls_state *state, struct err *err)
{
    const struct biff *biff = &state->biff;
    uint32_t column = biff_u16(biff, 2), style = biff_u16(biff, 4);
    bool formula = state->formula;
    struct str text;
    state->formula = false;
    if (biff->length < 6 && biff->type != BIFF_STRING) return biff_damaged(err);
    switch (biff->type) {
    case BIFF_INTEGER_2: return put_number(state, column, UINT32_MAX, biff_u16(biff, 7), err);
    case BIFF_NUMBER_2: return put_number(state, column, UINT32_MAX, biff_double(biff, 7), err);
    case BIFF_LABEL_2: return put_label(state, column, 7, 1, err);
    case BIFF_NUMBER: return put_number(state, column, style, biff_double(biff, 6), err);
    case BIFF_RK: return put_number(state, column, style, rk_value(biff_u32(biff, 6)), err);
    case BIFF_MULRK: return put_many(state, column, err);
    case BIFF_BOOLERR:
        if (biff->length < 8) return biff_damaged(err);
        return put_fixed(state, column, biff->data[7] != 0, biff->data[6], err);
    case BIFF_FORMULA: return put_formula(state, column, err);
    case BIFF_LABEL:
    case BIFF_RSTRING: return put_label(state, column, 6, 2, err);
    case BIFF_STRING: return !formula || put_label(state, state->formula_column, 0, 2, err);
    case BIFF_LABELSST:
        if (!shared_text(state->shared, biff_u32(biff, 6), &text)) return biff_damaged(err);
        return put_text(state, column, text, err);
    default: return true;
    }
}

/* The next record that belongs to a row, its row in *row; *over at the end of the sheet. */
static bool next_placed(struct xls_state *state, uint32_t *row, bool *over, struct err *err)
{
    struct biff *biff = &state->biff;
    bool end;
    *over = false;
    if (state->sheet->order != NULL) {
        *over = state->order_at == state->sheet->order_count;
        if (*over) return true;
        struct placed placed = state->sheet->order[state->order_at++];
        *row = placed.row;
        biff_seek(biff, placed.offset);
        return biff_next(biff, &end, err);
    }
    do {
        if (!biff_next(biff, &end, err)) return false;
        if (end) return biff_damaged(err);
        if (biff_is_start(biff->type)) state->depth++;
        if (biff->type == BIFF_EOF) state->depth--;
        *over = state->depth == 0;
    } while (!*over && (state->depth > 1 || !row_of(biff, (uint32_t)state->row_last, row)));
    return true;
}

static bool next_xls(struct workbook *workbook, struct workbook_row *out, bool *more,
                     struct err *err)
{
    struct xls_state *state = workbook->state;
    bool any = false;
    row_clear(&state->row);
    while (!state->over) {
        uint32_t row;
        if (!next_placed(state, &row, &state->over, err)) return false;
        if (state->over) break;
        if (any && row != state->row_last) {
            if (state->sheet->order != NULL)
                state->order_at--;
            else
                state->biff.held = true;
            break;
        }
        any = true;
        state->row_last = row;
        if (!put_record(state, err)) {
            return err_at(err, "row %llu", "第 %llu 行", (unsigned long long)row + 1);
        }
    }
    *more = any;
    if (!any) return true;
    merge_fill(&state->merges, state->row_last, &state->row);
    *out = (struct workbook_row){state->row_last + 1, state->row.cells, state->row.count};
    return true;
}

static unsigned done_xls(const struct workbook *workbook)
{
    const struct xls_state *state = workbook->state;
    uint64_t size = state->biff.stream.size;
    return size == 0 ? 1000 : (unsigned)(state->biff.next * 1000 / size);
}

static void close_xls(struct workbook *workbook)
{
    struct xls_state *state = workbook->state;
    biff_close(&state->biff);
    row_free(&state->row);
    merge_free(&state->merges);
}

/* Finds the stream of records, or says what else the compound file is. */
static bool find_stream(struct workbook *workbook, struct cfb_stream *stream, struct err *err)
{
    static const struct {
        const char *name, *en, *zh;
    } others[] = {
        {"WordDocument", "a Word document", " Word 文档"},
        {"PowerPoint Document", "a PowerPoint presentation", " PowerPoint 演示文稿"},
        {"__properties_version1.0", "an Outlook message", " Outlook 邮件"},
    };
    struct xls_state *state = workbook->state;
    struct cfb *cfb = &state->cfb;
    bool found;
    if (!cfb_open(cfb, &workbook->arena, workbook, err)) return false;
    if (!cfb_find(cfb, "EncryptedPackage", &found, NULL, err)) return false;
    if (found) {
        return err_set(err, ERR_INPUT, "the file has a password; save it without one",
                       "文件设有密码，请取消密码后另存");
    }
    *stream = (struct cfb_stream){0};
    if (!cfb_find(cfb, "Workbook", &found, stream, err)) return false;
    if (!found && !cfb_find(cfb, "Book", &found, stream, err)) return false;
    if (found && stream->workbook != NULL) return true;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!cfb_find(cfb, others[i].name, &found, NULL, err)) return false;
        if (found) return workbook_not_a_table(err, others[i].en, others[i].zh);
    }
    return workbook_not_a_table(err, "an old Office file without a workbook",
                                "不含工作簿的 Office 文件");
}

bool workbook_open_xls(struct workbook *workbook, bool bare, struct err *err)
{
    static const struct workbook_reader reader = {start_xls, next_xls, done_xls, close_xls};
    struct arena *arena = &workbook->arena;
    struct xls_state *state = arena_new(arena, struct xls_state);
    struct globals *globals = arena_new(arena, struct globals);
    globals->arena = arena;
    row_init(&state->row, arena);
    text_init(&state->text, arena, WORKBOOK_CELL_BYTES_MAX + 4);
    workbook->state = state;
    workbook->reader = &reader;
    workbook->kind = STR("xls");
    struct cfb_stream stream = cfb_whole_file(workbook);
    if (!bare && !find_stream(workbook, &stream, err)) return false;
    biff_init(&state->biff, arena, stream);
    if (!read_globals(workbook, globals, err)) return false;
    workbook->sheets = globals->infos.items;
    workbook->sheet_count = globals->sheets.count;
    state->sheets = globals->sheets.items;
    if (workbook->sheet_count > 0) return true;
    return err_set(err, ERR_INPUT, "the workbook has no sheet", "工作簿中没有工作表");
}
