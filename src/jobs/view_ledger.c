#include "jobs/view_ledger.h"

#include "base/sheet_out.h"

enum { MARKS_BYTES_MAX = 4096, UNIT_COLUMNS = 11 + LEDGER_MARKS_MAX };

struct ledger_column {
    const char *zh;
    int width; /* characters */
    bool number;
};

static const struct ledger_column columns[] = {
    {"人员编号", 10, true},  {"姓名", 10, false},     {"证件号码", 20, false},
    {"出生日期", 12, false}, {"区划", 28, false},     {"学校", 22, false},
    {"就学情况", 10, false}, {"四查", 26, false},     {"重点人群", 22, false},
    {"案卷", 8, true},       {"状态", 12, false},     {"立案", 12, false},
    {"确认", 12, false},     {"最近联系", 12, false}, {"核查结果", 24, false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

bool view_ledger(const struct view *view, const struct casework *work, enum ledger_kind kind,
                 struct str area, struct view_ledger *out, struct err *err)
{
    const struct snapshot *snapshot = view->snapshot;
    const struct workspace *workspace = snapshot->workspace;
    struct case_check check = {.people = &snapshot->run.people,
                               .rules = &workspace->rules,
                               .kept = &snapshot->run.kept,
                               .at = snapshot->at};
    struct view_ledger ledger = {.kind = kind};
    if (!ledger_text_load(&ledger.text, view->arena, workspace->policies, work->procedures,
                          &workspace->profiles, err)) {
        return false;
    }
    if (!day_is_none(snapshot->at)
        && !ledger_rows(work, view->arena, view->asker, &ledger.text, &check, kind, area,
                        &ledger.rows, &ledger.count, err)) {
        return false;
    }
    *out = ledger;
    return true;
}

struct str view_ledger_marks(const struct view *view, const struct ledger_mark *marks, size_t count,
                             uint32_t bits)
{
    struct text text;
    text_init(&text, view->arena, MARKS_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        if ((bits >> i & 1) == 0) continue;
        if (text.len > 0) text_add_c(&text, " ");
        text_add(&text, marks[i].zh);
    }
    return text_str(&text);
}

static struct str day_text(struct arena *arena, day value)
{
    char written[DAY_TEXT_SIZE];
    if (day_is_none(value)) return STR_EMPTY;
    return str_copy(arena, str_from(day_format(value, written)));
}

static void fill_case(struct arena *arena, const struct case_row *at, struct str *cells)
{
    const struct procedure_state *state =
        at->procedure == NULL ? NULL : procedure_state_find(at->procedure, at->state);
    const struct procedure_outcome *outcome =
        at->procedure == NULL ? NULL : procedure_outcome_find(at->procedure, at->outcome);
    cells[9] = str_i64(arena, at->number);
    cells[10] = state == NULL ? at->state : state->zh;
    cells[11] = day_text(arena, at->opened);
    cells[12] = day_text(arena, at->confirmed);
    cells[13] = day_text(arena, at->last_contact);
    cells[14] = outcome == NULL ? at->outcome : outcome->zh;
}

static bool write_rows(const struct view *view, const struct view_ledger *ledger,
                       struct sheet_out *sheet, struct err *err)
{
    struct str cells[COLUMNS];
    int widths[COLUMNS];
    bool numbers[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
        cells[c] = str_from(columns[c].zh);
        widths[c] = columns[c].width;
        numbers[c] = columns[c].number;
    }
    sheet_numbers(sheet, numbers, COLUMNS);
    if (!sheet_header(sheet, cells, COLUMNS, widths, err)) return false;
    for (size_t i = 0; i < ledger->count; i++) {
        const struct ledger_row *row = &ledger->rows[i];
        const struct ledger_text *text = &ledger->text;
        struct str row_cells[COLUMNS] = {
            str_i64(view->arena, row->number),
            row->name,
            row->id_masked,
            row->birth,
            view_area_name(view, row->area),
            row->school,
            str_from(ledger_standing_text(row->standing, LANG_ZH)),
            view_ledger_marks(view, text->looks, text->look_count, row->looks),
            view_ledger_marks(view, text->groups, text->group_count, row->groups),
        };
        if (row->at != NULL) fill_case(view->arena, row->at, row_cells);
        if (!sheet_row(sheet, row_cells, COLUMNS, err)) return false;
    }
    return true;
}

static bool write_units(const struct view *view, const struct view_ledger *ledger,
                        enum ledger_by by, struct sheet_out *sheet, struct err *err)
{
    static const char *const headings[] = {"单位",   "台账人数", "适龄",   "有学籍",
                                           "已毕业", "合法理由", "称在读", "无学籍",
                                           "疑似",   "辍学",     "稳定期"};
    struct ledger_count *units;
    struct str cells[UNIT_COLUMNS];
    bool numbers[UNIT_COLUMNS] = {false};
    size_t unit_count, count = sizeof headings / sizeof *headings;
    ledger_count(view->arena, ledger->rows, ledger->count, &ledger->text, by, &units, &unit_count);
    for (size_t c = 0; c < count; c++) cells[c] = str_from(headings[c]);
    for (size_t i = 0; i < ledger->text.look_count; i++) cells[count++] = ledger->text.looks[i].zh;
    for (size_t c = 1; c < count; c++) numbers[c] = true;
    sheet_numbers(sheet, numbers, count);
    if (!sheet_header(sheet, cells, count, NULL, err)) return false;
    for (size_t i = 0; i < unit_count; i++) {
        const struct ledger_count *unit = &units[i];
        const uint64_t values[] = {unit->rows,
                                   unit->children,
                                   unit->standings[STANDING_ON_ROLL],
                                   unit->standings[STANDING_FINISHED],
                                   unit->standings[STANDING_LAWFUL],
                                   unit->standings[STANDING_REPORTED_SCHOOLED],
                                   unit->standings[STANDING_NOT_ENROLLED],
                                   unit->suspected,
                                   unit->dropout,
                                   unit->returned};
        size_t at = 1;
        cells[0] = by == LEDGER_BY_SCHOOL ? unit->unit : view_area_name(view, unit->unit);
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            cells[at++] = str_i64(view->arena, (int64_t)values[v]);
        }
        for (size_t m = 0; m < ledger->text.look_count; m++) {
            cells[at++] = str_i64(view->arena, (int64_t)unit->looks[m]);
        }
        if (!sheet_row(sheet, cells, count, err)) return false;
    }
    return true;
}

bool view_ledger_export(const struct view *view, const struct view_ledger *ledger,
                        enum ledger_by by, const char *path, struct err *err)
{
    struct sheet_out *sheet = NULL;
    CHECK(str_ends(str_from(path), STR(".xlsx")));
    if (!sheet_open(&sheet, path, ledger_kind_text(ledger->kind, LANG_ZH), false, err))
        return false;
    if (write_rows(view, ledger, sheet, err) && sheet_next(sheet, "汇总", err)
        && write_units(view, ledger, by, sheet, err)) {
        return sheet_close(sheet, err);
    }
    sheet_abandon(sheet);
    return false;
}
