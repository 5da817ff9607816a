#include "base/sheet_form.h"

#include "base/sheet_out_internal.h"

enum { PAPER_A4 = 9, RANGE_BYTES_MAX = 256 };

static const double margin_inches = 0.3;

static lxw_format *cell_format(const struct sheet_out *sheet, bool open)
{
    lxw_format *format = workbook_add_format(sheet->workbook);
    format_set_border(format, LXW_BORDER_THIN);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    format_set_text_wrap(format);
    if (open) {
        format_set_unlocked(format);
    } else {
        format_set_bg_color(format, 0xEEEEEE);
    }
    return format;
}

void sheet_form(struct sheet_out *sheet, const enum sheet_cell *cells, size_t count)
{
    CHECK(count <= SHEET_COLUMNS_MAX);
    if (sheet->workbook == NULL) return;
    lxw_format *fixed = cell_format(sheet, false), *open = cell_format(sheet, true),
               *open_day = cell_format(sheet, true);
    lxw_protection allowed = {
        .format_columns = LXW_TRUE, .format_rows = LXW_TRUE, .autofilter = LXW_TRUE};
    format_set_num_format(open, "@");
    format_set_num_format(open_day, "yyyy-mm-dd");
    sheet->header = cell_format(sheet, false);
    format_set_bold(sheet->header);
    sheet->is_form = true;
    for (size_t i = 0; i < count; i++) {
        sheet->formats[i] = cells[i] == SHEET_CELL_OPEN       ? open
                            : cells[i] == SHEET_CELL_OPEN_DAY ? open_day
                            : cells[i] == SHEET_CELL_FIXED    ? fixed
                                                              : NULL;
    }
    worksheet_protect(sheet->worksheet, NULL, &allowed);
    worksheet_set_landscape(sheet->worksheet);
    worksheet_set_paper(sheet->worksheet, PAPER_A4);
    worksheet_fit_to_pages(sheet->worksheet, 1, 0);
    worksheet_set_margins(sheet->worksheet, margin_inches, margin_inches, margin_inches * 2,
                          margin_inches * 2);
    (void)worksheet_set_footer(sheet->worksheet, "&C&P / &N");
}

void sheet_form_hide_columns(struct sheet_out *sheet, const enum sheet_cell *cells, size_t count)
{
    lxw_row_col_options hidden = {.hidden = LXW_TRUE};
    if (sheet->workbook == NULL) return;
    for (size_t i = 0; i < count; i++) {
        if (cells[i] != SHEET_CELL_HIDDEN) continue;
        (void)worksheet_set_column_opt(sheet->worksheet, (lxw_col_t)i, (lxw_col_t)i,
                                       LXW_DEF_COL_WIDTH, NULL, &hidden);
    }
}

void sheet_form_choices(struct sheet_out *sheet, size_t column, uint64_t first, uint64_t last,
                        const char *from, size_t from_column, uint64_t count)
{
    if (sheet->workbook == NULL || count == 0) return;
    struct text range;
    char cells[LXW_MAX_CELL_RANGE_LENGTH];
    lxw_rowcol_to_range_abs(cells, 0, (lxw_col_t)from_column, (lxw_row_t)count - 1,
                            (lxw_col_t)from_column);
    text_init(&range, &sheet->arena, RANGE_BYTES_MAX);
    text_add_f(&range, "='%s'!%s", from, cells);
    lxw_data_validation validation = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
                                      .value_formula = range.ptr,
                                      .ignore_blank = LXW_VALIDATION_ON};
    (void)worksheet_data_validation_range(sheet->worksheet, (lxw_row_t)first, (lxw_col_t)column,
                                          (lxw_row_t)last, (lxw_col_t)column, &validation);
}

void sheet_form_hide(struct sheet_out *sheet)
{
    if (sheet->workbook != NULL) worksheet_hide(sheet->worksheet);
}
