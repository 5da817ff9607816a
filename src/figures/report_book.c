#include "figures/report.h"

#include "base/sheet_out.h"

enum { COLUMNS = 11, PARTS_COLUMNS = 4, PICTURE_ROWS = 16 };

static struct str integer(struct arena *arena, int64_t number)
{
    struct text text;
    text_init(&text, arena, 32);
    text_add_f(&text, "%lld", (long long)number);
    return text_str(&text);
}

static bool write_numbers(struct sheet_out *sheet, struct arena *arena,
                          const struct report_data *data, struct err *err)
{
    static const int widths[COLUMNS] = {26, 36, 18, 8, 24, 10, 10, 10, 10, 44, 80};
    static const bool numbers[COLUMNS] = {
        [2] = true, [5] = true, [6] = true, [7] = true, [8] = true};
    const bool en = data->options->lang == LANG_EN;
    const struct str heads[COLUMNS] = {
        str_from(report_say(data, "指标", "figure")),
        str_from(report_say(data, "名称", "name")),
        str_from(report_say(data, "数值", "value")),
        str_from(report_say(data, "单位", "unit")),
        str_from(report_say(data, "期间", "period")),
        str_from(report_say(data, "应有", "expected")),
        str_from(report_say(data, "已核实", "verified")),
        str_from(report_say(data, "在办", "open")),
        str_from(report_say(data, "未报", "not reported")),
        str_from(report_say(data, "明细代码", "code of the rows")),
        str_from(report_say(data, "口径", "definition")),
    };
    sheet_numbers(sheet, numbers, COLUMNS);
    if (!sheet_header(sheet, heads, COLUMNS, widths, err)) return false;
    for (size_t i = 0; i < data->count; i++) {
        const struct report_line *line = &data->lines[i];
        const struct figure *figure = line->figure;
        bool all = figure->everyone && line->value.len > 0;
        const struct str cells[COLUMNS] = {
            figure->key,
            en ? figure->en : figure->zh,
            line->value.len > 0 ? line->value : line->why_none,
            str_from(figure_unit_text(figure->unit, data->options->lang)),
            figure_period_text(arena, figure->period, data->at, data->options->lang),
            all ? integer(arena, line->everyone.expected) : STR_EMPTY,
            all ? integer(arena, line->everyone.verified) : STR_EMPTY,
            all ? integer(arena, line->everyone.open) : STR_EMPTY,
            all ? integer(arena, line->everyone.unreported) : STR_EMPTY,
            line->code,
            en ? figure->definition_en : figure->definition_zh,
        };
        if (!sheet_row(sheet, cells, COLUMNS, err)) return false;
    }
    return true;
}

/* Rows of all parts, and beside them a picture for each figure. */
static bool write_parts(struct sheet_out *sheet, const struct report_data *data, struct err *err)
{
    static const int widths[PARTS_COLUMNS] = {36, 18, 18, 8};
    static const bool numbers[PARTS_COLUMNS] = {[2] = true};
    const bool en = data->options->lang == LANG_EN;
    const struct str heads[PARTS_COLUMNS] = {
        str_from(report_say(data, "指标", "figure")), str_from(report_say(data, "地方", "place")),
        str_from(report_say(data, "数值", "value")), str_from(report_say(data, "单位", "unit"))};
    uint64_t rows = 0;
    size_t pictures = 0;
    sheet_numbers(sheet, numbers, PARTS_COLUMNS);
    if (!sheet_header(sheet, heads, PARTS_COLUMNS, widths, err)) return false;
    for (size_t i = 0; i < data->count; i++) {
        const struct report_line *line = &data->lines[i];
        struct str name = en ? line->figure->en : line->figure->zh;
        for (size_t k = 0; k < line->part_count; k++) {
            const struct str cells[PARTS_COLUMNS] = {
                name, line->parts[k].place, line->parts[k].value,
                str_from(figure_unit_text(line->figure->unit, data->options->lang))};
            if (!sheet_row(sheet, cells, PARTS_COLUMNS, err)) return false;
        }
        if (line->part_count > 0) {
            sheet_bars(sheet, name.ptr, 1, 2, rows, line->part_count, pictures * PICTURE_ROWS,
                       PARTS_COLUMNS + 1);
            pictures++;
        }
        rows += line->part_count;
    }
    return true;
}

bool report_sheets(struct sheet_out *sheet, struct arena *arena, const struct report_data *data,
                   struct err *err)
{
    return sheet_next(sheet, report_say(data, "指标", "figures"), err)
           && write_numbers(sheet, arena, data, err)
           && sheet_next(sheet, report_say(data, "按县区", "by county"), err)
           && write_parts(sheet, data, err);
}

bool report_book(struct arena *arena, const struct report_data *data, const char *path,
                 struct err *err)
{
    struct sheet_out *sheet = NULL;
    if (!sheet_open(&sheet, path, report_say(data, "指标", "figures"), false, err)) return false;
    if (write_numbers(sheet, arena, data, err)
        && sheet_next(sheet, report_say(data, "按县区", "by county"), err)
        && write_parts(sheet, data, err)) {
        return sheet_close(sheet, err);
    }
    sheet_abandon(sheet);
    return false;
}
