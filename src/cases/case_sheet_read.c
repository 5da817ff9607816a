#include "cases/case_sheet.h"
#include "intake/workbook.h"

/* Reads case sheets back, also as other programs save them: shared or inline texts, days as numbers
 * or texts, columns in another order, rows in between. */

struct sheet_reading {
    struct arena *arena;
    struct workbook *workbook;
    struct str sheet;
    size_t places[SHEET_COLUMN_COUNT]; /* in the row's cells */
    LIST(struct case_sheet_row) rows;
};

/* "联系日期\nday" begins with the Chinese heading, and nothing Chinese is behind it. */
static bool is_heading(struct str cell, const char *zh)
{
    cell = str_trim(cell);
    struct str rest = str_slice(cell, str_from(zh).len, cell.len);
    return str_starts(cell, str_from(zh)) && (rest.len == 0 || (unsigned char)rest.ptr[0] < 0x80);
}

/* Whether the row is the header; then where its columns are. */
static bool take_header(struct sheet_reading *reading, const struct workbook_row *row)
{
    for (int c = 0; c < SHEET_COLUMN_COUNT; c++) {
        const char *zh = case_sheet_heading((enum case_sheet_column)c, LANG_ZH);
        bool found = false;
        for (size_t i = 0; i < row->count && !found; i++) {
            found = is_heading(row->cells[i].text, zh);
            if (found) reading->places[c] = i;
        }
        if (!found) return false;
    }
    return true;
}

static void take_row(struct sheet_reading *reading, const struct workbook_row *row)
{
    struct case_sheet_row out = {.sheet = reading->sheet, .number = row->number};
    size_t filled = 0;
    for (int c = 0; c < SHEET_COLUMN_COUNT; c++) {
        size_t place = reading->places[c];
        if (place >= row->count || row->cells[place].merged) continue;
        const struct cell *cell = &row->cells[place];
        out.cells[c] = str_copy(reading->arena, str_trim(cell->text));
        if (c == SHEET_DAY) out.number_day = cell->kind == CELL_NUMBER;
        filled += out.cells[c].len > 0;
    }
    if (filled > 0) *list_push(reading->arena, &reading->rows) = out;
}

static bool read_sheet(struct sheet_reading *reading, size_t sheet, bool *found, struct err *err)
{
    struct workbook_row row;
    bool more = true;
    size_t above = 0;
    reading->sheet = str_copy(reading->arena, workbook_sheet_name(reading->workbook, sheet));
    if (!workbook_sheet(reading->workbook, sheet, err)) return false;
    *found = false;
    while (!*found && above++ < CASE_SHEET_HEADER_ROWS_MAX) {
        if (!workbook_next(reading->workbook, &row, &more, err)) return false;
        if (!more) return true;
        *found = take_header(reading, &row);
    }
    while (*found) {
        if (!workbook_next(reading->workbook, &row, &more, err)) return false;
        if (!more) return true;
        take_row(reading, &row);
        if (reading->rows.count <= CASE_SHEET_ROWS_MAX) continue;
        return err_set(err, ERR_LIMIT, "a case sheet has at most %d rows", "离线工作簿最多 %d 行",
                       (int)CASE_SHEET_ROWS_MAX);
    }
    return true;
}

bool case_sheet_read(struct arena *arena, const char *path, struct case_sheet_row **out,
                     size_t *count, struct err *err)
{
    struct sheet_reading reading = {.arena = arena};
    bool any = false, good = true;
    if (!workbook_open(&reading.workbook, path, err)) return false;
    size_t sheets = workbook_sheet_count(reading.workbook);
    if (sheets > CASE_SHEET_SHEETS_MAX) sheets = CASE_SHEET_SHEETS_MAX;
    for (size_t i = 0; good && i < sheets; i++) {
        bool found = false;
        if (workbook_sheet_hidden(reading.workbook, i)) continue;
        good = read_sheet(&reading, i, &found, err);
        any = any || found;
    }
    workbook_release(reading.workbook);
    if (!good) return false;
    if (!any) {
        return err_set(err, ERR_INPUT,
                       "no sheet has the headings of a case sheet, from \"%s\" to \"%s\"; take the "
                       "workbook as it was packed",
                       "没有一张表有离线工作簿的全部表头（“%s”到“%s”），请用系统写出的工作簿",
                       case_sheet_heading(SHEET_CASE, LANG_ZH),
                       case_sheet_heading(SHEET_SEAL, LANG_ZH));
    }
    *out = reading.rows.items;
    *count = reading.rows.count;
    return true;
}
