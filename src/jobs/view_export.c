#include "jobs/view_export.h"

#include "base/sheet_out.h"

#include <string.h>

enum { CELL_BYTES_MAX = 4096, QUERY_BYTES_MAX = 8192 };

struct export_column {
    const char *key, *zh;
    int width; /* characters */
    bool number;
};

static const struct export_column columns[] = {
    {"finding", "线索", 8, true},
    {"kind", "类别", 14, false},
    {"queue", "分工", 12, false},
    {"person", "人员编号", 10, true},
    {"name", "姓名", 10, false},
    {"id_number", "证件号码", 20, false},
    {"birth_date", "出生日期", 12, false},
    {"age", "周岁", 6, true},
    {"area", "区划代码", 14, false},
    {"area_name", "区划", 28, false},
    {"school", "学校", 22, false},
    {"probability", "可能性", 10, true},
    {"nearest_record", "最接近的记录", 40, false},
    {"reason", "原因", 30, false},
    {"opened", "发现日", 12, false},
    {"status", "状态", 8, false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static struct str day_text(struct arena *arena, day value)
{
    char text[DAY_TEXT_SIZE];
    return str_copy(arena, str_from(day_format(value, text)));
}

static struct str ppm_text(struct arena *arena, uint32_t ppm)
{
    struct text text;
    text_init(&text, arena, 32);
    text_add_f(&text, "%u.%06u", ppm / 1000000, ppm % 1000000);
    return text_str(&text);
}

static struct str nearest_text(struct arena *arena, const struct view_finding *finding, bool keys)
{
    const struct view_line *line = &finding->nearest;
    struct text text;
    text_init(&text, arena, CELL_BYTES_MAX);
    if (!finding->has_nearest) return STR_EMPTY;
    text_add(&text, keys ? line->profile->key : line->profile->zh);
    if (!line->visible) {
        text_add_byte(&text, ' ');
        text_add(&text, line->area_name);
        return text_str(&text);
    }
    text_add_f(&text, " %lld %.*s", (long long)line->statement, STR_ARG(line->name));
    if (line->birth_date.len > 0) text_add_f(&text, " %.*s", STR_ARG(line->birth_date));
    if (line->school.len > 0) text_add_f(&text, " %.*s", STR_ARG(line->school));
    text_add_byte(&text, ' ');
    text_add(&text, ppm_text(arena, finding->nearest_probability_ppm));
    return text_str(&text);
}

static void fill_row(const struct view *view, const struct view_finding *finding, bool keys,
                     bool whole, struct str cells[COLUMNS])
{
    struct arena *arena = view->arena;
    struct str row[COLUMNS] = {
        str_i64(arena, finding->number),
        str_from(keys ? finding_kind_key(finding->kind)
                      : finding_kind_text(finding->kind, LANG_ZH)),
        str_from(keys ? queue_key(finding->queue) : queue_text(finding->queue, LANG_ZH)),
        finding->person == 0 ? STR_EMPTY : str_i64(arena, finding->person),
        finding->name,
        whole ? finding->id_number_whole : finding->id_number,
        day_text(arena, finding->birth),
        finding->age < 0 ? STR_EMPTY : str_i64(arena, finding->age),
        finding->area,
        finding->area_name,
        finding->school,
        ppm_text(arena, finding->probability_ppm),
        nearest_text(arena, finding, keys),
        keys ? finding->reason : view_reason(view, finding->reason, LANG_ZH),
        day_text(arena, finding->opened),
        str_from(keys ? finding_status_key(finding->status)
                      : finding_status_text(finding->status, LANG_ZH)),
    };
    memcpy(cells, row, sizeof row);
}

static bool write_header(struct sheet_out *sheet, bool keys, struct err *err)
{
    struct str cells[COLUMNS];
    int widths[COLUMNS];
    bool numbers[COLUMNS];
    for (int c = 0; c < COLUMNS; c++) {
        cells[c] = str_from(keys ? columns[c].key : columns[c].zh);
        widths[c] = columns[c].width;
        numbers[c] = columns[c].number;
    }
    sheet_numbers(sheet, numbers, COLUMNS);
    return sheet_header(sheet, cells, COLUMNS, widths, err);
}

bool view_export(const struct view *view, const struct view_finding_query *query,
                 const struct view_export *wanted, size_t *count, struct err *err)
{
    struct view_finding_query all = *query;
    struct view_finding *rows;
    size_t row_count, total;
    struct sheet_out *sheet = NULL;
    bool keys = !str_ends(str_from(wanted->path), STR(".xlsx"));
    all.page = (struct view_page){.page = 1, .size = SIZE_MAX};
    view_findings(view, &all, &rows, &row_count, &total);
    if (!sheet_open(&sheet, wanted->path, "线索", true, err)) return false;
    bool good = write_header(sheet, keys, err);
    for (size_t i = 0; good && i < row_count; i++) {
        struct str cells[COLUMNS];
        fill_row(view, &rows[i], keys, wanted->whole_numbers, cells);
        good = sheet_row(sheet, cells, COLUMNS, err);
    }
    if (!good) {
        sheet_abandon(sheet);
        return false;
    }
    if (!sheet_close(sheet, err)) return false;
    *count = row_count;
    return true;
}

static void add_day(struct text *text, const char *name, day d)
{
    char written[DAY_TEXT_SIZE];
    if (!day_is_none(d)) text_add_f(text, " %s=%s", name, day_format(d, written));
}

struct str view_query_text(struct arena *arena, const struct view_finding_query *query)
{
    struct text text;
    text_init(&text, arena, QUERY_BYTES_MAX);
    text_add_c(&text, "findings");
    if (query->kind >= 0) {
        text_add_f(&text, " kind=%s", finding_kind_key((enum finding_kind)query->kind));
    }
    if (query->queue >= 0) text_add_f(&text, " queue=%s", queue_key((enum queue)query->queue));
    if (query->status >= 0) {
        text_add_f(&text, " status=%s", finding_status_key((enum finding_status)query->status));
    }
    if (query->area.len > 0) text_add_f(&text, " area=%.*s", STR_ARG(query->area));
    if (query->school.len > 0) text_add_f(&text, " school=%.*s", STR_ARG(query->school));
    if (query->probability_min_ppm > 0) {
        text_add_f(&text, " min_probability=%u.%06u", query->probability_min_ppm / 1000000,
                   query->probability_min_ppm % 1000000);
    }
    add_day(&text, "opened_since", query->opened_since);
    add_day(&text, "opened_until", query->opened_until);
    for (size_t i = 0; i < query->number_count; i++) {
        text_add_f(&text, "%s%lld", i == 0 ? " findings=" : ",", (long long)query->numbers[i]);
    }
    return text_str(&text);
}
