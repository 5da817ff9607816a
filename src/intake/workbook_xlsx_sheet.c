#include "base/day.h"
#include "base/list.h"
#include "intake/workbook_number.h"
#include "intake/workbook_xlsx.h"

#include <string.h>

/* Merged areas stand behind the rows in a sheet's XML, though they matter from the first row on. So
 * each sheet is unpacked once beforehand, only looking for the end of its rows (fast: nothing is
 * parsed), and what follows is read for areas. */

enum { TAIL_BLOCK_BYTES = 64 * 1024, TAIL_KEPT_BYTES = 64 };

enum cell_type { TYPE_NUMBER, TYPE_SHARED, TYPE_TEXT, TYPE_BOOL, TYPE_DAY };

struct xlsx_reading {
    struct workbook *workbook;
    struct xml_reader xml;
    struct merge_walk merges;
    struct row_builder row;
    uint64_t row_number;  /* from 0; of the row under way or last given */
    uint64_t row_next;    /* for a row without a number */
    uint64_t column_next; /* for a cell without a reference */
    bool in_row, row_done;
    bool in_cell, in_value;
    int phonetic;
    uint64_t column;
    enum cell_type type;
    bool date_style;
    struct text text; /* of the cell under way, in the workbook's arena */
};

static void row_start(struct xlsx_reading *reading, const char **attributes)
{
    uint64_t number = xlsx_number(xml_attribute(attributes, "r"), 0);
    /* Numbers that are missing or go back are counted on. */
    reading->row_number = number > reading->row_next ? number - 1 : reading->row_next;
    reading->row_next = reading->row_number + 1;
    reading->column_next = 0;
    reading->in_row = true;
    row_clear(&reading->row);
}

static enum cell_type type_of(const char *type)
{
    if (type == NULL || strcmp(type, "n") == 0) return TYPE_NUMBER;
    if (strcmp(type, "s") == 0) return TYPE_SHARED;
    if (strcmp(type, "b") == 0) return TYPE_BOOL;
    if (strcmp(type, "d") == 0) return TYPE_DAY;
    return TYPE_TEXT; /* inlineStr, str, e: as it is shown */
}

static void cell_start(struct xlsx_reading *reading, const char **attributes)
{
    const struct xlsx_state *state = reading->workbook->state;
    const char *type = NULL, *style = NULL, *reference = NULL;
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        if (attributes[i][1] != '\0') continue;
        if (attributes[i][0] == 'r') reference = attributes[i + 1];
        if (attributes[i][0] == 't') type = attributes[i + 1];
        if (attributes[i][0] == 's') style = attributes[i + 1];
    }
    uint32_t column = UINT32_MAX, row;
    if (reference != NULL && !xlsx_reference(reference, &column, &row)) column = UINT32_MAX;
    reading->column = column == UINT32_MAX ? reading->column_next : column;
    reading->column_next = reading->column + 1;
    reading->type = type_of(type);
    uint64_t number = xlsx_number(style, UINT64_MAX);
    reading->date_style = number < state->styles.count && state->styles.dates[number];
    reading->in_cell = true;
    text_clear(&reading->text);
}

static void sheet_start_tag(struct xml_reader *xml, const char *name, const char **attributes)
{
    struct xlsx_reading *reading = xml->context;
    if (strcmp(name, "c") == 0) {
        if (reading->in_row) cell_start(reading, attributes);
    } else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
        reading->in_value = reading->in_cell && reading->phonetic == 0;
    } else if (strcmp(name, "row") == 0) {
        row_start(reading, attributes);
    } else if (strcmp(name, "rPh") == 0) {
        reading->phonetic++;
    }
}

static void sheet_text(struct xml_reader *xml, struct str text)
{
    struct xlsx_reading *reading = xml->context;
    if (!reading->in_value) return;
    text_add(&reading->text, str_slice(text, 0, reading->text.max - reading->text.len));
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
        cell->text = str_copy(arena, cell->text);
        return true;
    }
    if (reading->type == TYPE_SHARED) {
        uint64_t number = xlsx_number(reading->text.ptr, UINT64_MAX);
        if (!xlsx_shared_text(state->shared, number, &cell->text)) {
            return err_set(err, ERR_INPUT, "damaged: a cell names a shared text that is missing",
                           "文件已损坏：单元格所指的共享文字不存在");
        }
    } else if (reading->type == TYPE_BOOL) {
        cell->text = str_is(text, "1") || str_is(text, "true") ? STR("TRUE") : STR("FALSE");
    } else if (reading->type == TYPE_DAY && text.len >= 10) {
        day date;
        if (day_parse(str_slice(text, 0, 10), &date)) {
            *cell =
                (struct cell){.kind = CELL_DATE, .text = str_copy(arena, str_slice(text, 0, 10))};
        }
    }
    if (cell->text.ptr == text.ptr) {
        text = cell_text_clean(arena, xlsx_unescape(arena, text));
        cell->text = text.ptr == reading->text.ptr ? str_copy(arena, text) : text;
    }
    cell->lost_digits = cell_text_lost_digits(cell->text);
    return true;
}

static void cell_end(struct xlsx_reading *reading)
{
    struct cell cell;
    struct err *failure = &reading->xml.failure;
    reading->in_cell = reading->in_value = false;
    if (reading->text.len == 0) return;
    if (make_cell(reading, &cell, failure)
        && row_put(&reading->row, reading->column, cell, failure)) {
        return;
    }
    err_at(failure, "row %llu", "第 %llu 行", (unsigned long long)reading->row_number + 1);
    xml_stop(&reading->xml);
}

static void sheet_end_tag(struct xml_reader *xml, const char *name)
{
    struct xlsx_reading *reading = xml->context;
    if (strcmp(name, "c") == 0) {
        if (reading->in_cell) cell_end(reading);
    } else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0) {
        reading->in_value = false;
    } else if (strcmp(name, "row") == 0) {
        if (!reading->in_row) return;
        reading->in_row = false;
        reading->row_done = true;
        xml_pause(xml);
    } else if (strcmp(name, "rPh") == 0) {
        reading->phonetic--;
    } else if (strcmp(name, "sheetData") == 0) {
        xml_stop(xml);
    }
}

struct merge_parse {
    struct arena *arena;
    LIST(struct merged_area) areas;
};

static void merge_start_tag(struct xml_reader *xml, const char *name, const char **attributes)
{
    struct merge_parse *parse = xml->context;
    if (strcmp(name, "mergeCell") != 0) return;
    const char *reference = xml_attribute(attributes, "ref");
    char first[32];
    const char *colon = reference == NULL ? NULL : strchr(reference, ':');
    if (colon == NULL || (size_t)(colon - reference) >= sizeof first) return;
    memcpy(first, reference, (size_t)(colon - reference));
    first[colon - reference] = '\0';
    uint32_t column_first, row_first, column_last, row_last;
    if (!xlsx_reference(first, &column_first, &row_first)
        || !xlsx_reference(colon + 1, &column_last, &row_last)) {
        return;
    }
    if (column_first > column_last || row_first > row_last || row_last == UINT32_MAX
        || column_first >= WORKBOOK_COLUMNS_MAX || column_last == UINT32_MAX) {
        return;
    }
    if (column_last >= WORKBOOK_COLUMNS_MAX) column_last = WORKBOOK_COLUMNS_MAX - 1;
    if (parse->areas.count == MERGES_MAX) {
        err_set(&xml->failure, ERR_LIMIT, "more than %d merged areas", "合并单元格超过 %d 处",
                MERGES_MAX);
        xml_stop(xml);
        return;
    }
    *list_push(parse->arena, &parse->areas) = (struct merged_area){
        .row_first = row_first,
        .row_last = row_last,
        .column_first = (uint16_t)column_first,
        .column_last = (uint16_t)column_last,
    };
}

static void merge_end_tag(struct xml_reader *xml, const char *name)
{
    if (strcmp(name, "mergeCells") == 0) xml_stop(xml);
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

/* Unpacks up to the end of the rows; `rest` gets what was unpacked behind it, in `buffer`. */
static bool skip_rows(struct package_part *part, char *buffer, struct str *rest, struct err *err)
{
    size_t kept = 0, got;
    *rest = STR_EMPTY;
    for (;;) {
        if (!package_part_read(part, buffer + kept, TAIL_BLOCK_BYTES, &got, err)) return false;
        if (got == 0) return true;
        struct str bytes = {buffer, kept + got};
        size_t end = find_rows_end(bytes);
        if (end != SIZE_MAX) {
            *rest = str_slice(bytes, end, bytes.len);
            return true;
        }
        size_t length = bytes.len < TAIL_KEPT_BYTES ? bytes.len : TAIL_KEPT_BYTES;
        memmove(buffer, buffer + bytes.len - length, length);
        kept = length;
    }
}

static bool read_merges(struct workbook *workbook, struct xlsx_sheet *sheet, struct err *err)
{
    static const struct xml_events events = {.start = merge_start_tag, .end = merge_end_tag};
    struct xlsx_state *state = workbook->state;
    struct merge_parse parse = {.arena = &workbook->arena};
    struct package_part part;
    struct arena arena = {0};
    struct str rest;
    if (!package_part_open(&state->package, sheet->part, &part, err)) return false;
    /* The rest of the sheet gets a root of its own, whose end tag will not match: by then all areas
     * are read. */
    char *buffer = arena_alloc(&arena, 3 + TAIL_KEPT_BYTES + TAIL_BLOCK_BYTES);
    bool done = skip_rows(&part, buffer + 3, &rest, err);
    if (done && rest.len > 0) {
        struct xml_reader xml = {0};
        struct err ignored = ERR_INIT;
        bool more;
        rest = (struct str){rest.ptr - 3, rest.len + 3};
        memcpy((char *)(uintptr_t)rest.ptr, "<w>", 3);
        if (xml_open_rest(&xml, part, rest, &events, &parse, &ignored)
            && !xml_run(&xml, &more, &ignored) && ignored.kind == ERR_LIMIT) {
            if (err != NULL) *err = ignored;
            done = false;
        }
        xml_close(&xml);
    } else {
        package_part_close(&part);
    }
    arena_free(&arena);
    if (!done) return false;
    sheet->merges = parse.areas.items;
    sheet->merge_count = parse.areas.count;
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
        struct xlsx_shared *shared = arena_new(arena, struct xlsx_shared);
        if (!xlsx_shared_read(&state->package, state->shared_part, arena, shared, err))
            return false;
        state->shared = shared;
    }
    state->parts_read = true;
    return true;
}

bool xlsx_sheet_start(struct workbook *workbook, size_t number, struct err *err)
{
    static const struct xml_events events = {sheet_start_tag, sheet_end_tag, sheet_text};
    struct xlsx_state *state = workbook->state;
    struct xlsx_sheet *sheet = &state->sheets[number];
    struct xlsx_reading *reading = state->reading;
    if (!read_parts(workbook, err)) return false;
    if (!sheet->merges_read && !read_merges(workbook, sheet, err)) return false;
    if (reading == NULL) {
        reading = state->reading = arena_new(&workbook->arena, struct xlsx_reading);
        reading->workbook = workbook;
        row_init(&reading->row, &workbook->arena);
        text_init(&reading->text, &workbook->arena, WORKBOOK_CELL_BYTES_MAX + 1);
    }
    xml_close(&reading->xml);
    row_clear(&reading->row);
    merge_start(&reading->merges, &workbook->arena, sheet->merges, sheet->merge_count);
    reading->row_number = reading->row_next = 0;
    reading->in_row = reading->in_cell = reading->in_value = false;
    reading->phonetic = 0;
    return xml_open(&reading->xml, &state->package, sheet->part, &events, reading, err);
}

bool xlsx_sheet_next(struct workbook *workbook, struct workbook_row *row, bool *more,
                     struct err *err)
{
    struct xlsx_state *state = workbook->state;
    struct xlsx_reading *reading = state->reading;
    uint64_t last = reading->row_next;
    reading->row_done = false;
    if (!xml_run(&reading->xml, more, err)) {
        if (reading->xml.failure.kind != ERR_NONE) return false; /* it names its row */
        return err_at(err, "after row %llu", "第 %llu 行之后", (unsigned long long)last);
    }
    *more = reading->row_done;
    if (!*more) return true;
    merge_fill(&reading->merges, reading->row_number, &reading->row);
    *row = (struct workbook_row){reading->row_number + 1, reading->row.cells, reading->row.count};
    return true;
}

unsigned xlsx_sheet_done(const struct workbook *workbook)
{
    const struct xlsx_state *state = workbook->state;
    if (state->reading == NULL || state->reading->xml.parser == NULL) return 0;
    const struct package_part *part = &state->reading->xml.part;
    if (part->size == 0) return 1000;
    uint64_t permille = part->read / (part->size / 1000 + 1);
    return permille > 1000 ? 1000 : (unsigned)permille;
}

void xlsx_sheet_close(struct xlsx_state *state)
{
    if (state->reading == NULL) return;
    xml_close(&state->reading->xml);
    merge_free(&state->reading->merges);
    row_free(&state->reading->row);
}
