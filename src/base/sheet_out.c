#include "base/sheet_out_internal.h"

#include "base/csv.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    BUFFER_BYTES = 256 * 1024,
    BUFFER_BYTES_MAX = 64 * 1024 * 1024,
    CELL_CHARACTERS_MAX = 32767,
    SHEET_NAME_CHARACTERS_MAX = 31,
    WIDTH_MAX = 255,
    NUMBER_DIGITS_MAX = 15,
    BEGUN_BYTES = 2 << 20, /* given to the disk at a time */
};

/* Sheet names may not hold []:*?/\ nor begin or end with an apostrophe. */
static const char *clean_sheet_name(struct arena *arena, const char *name)
{
    struct text out;
    struct str s = str_from(name == NULL ? "" : name);
    size_t at = 0, count = 0;
    uint32_t code;
    text_init(&out, arena, 4 * SHEET_NAME_CHARACTERS_MAX);
    while (utf8_next(s, &at, &code)) {
        count += code > 0xFFFF ? 2 : 1;
        if (count > SHEET_NAME_CHARACTERS_MAX) break;
        bool forbidden =
            code < 0x20 || code == '\'' || (code < 0x80 && strchr("[]:*?/\\", (int)code));
        text_add_code(&out, forbidden ? '_' : code);
    }
    return out.len == 0 ? "Sheet1" : out.ptr;
}

/* The library's functions give a code of their own; what the user can use is the reason of the
 * system, where there is one. */
static bool workbook_failed(const struct sheet_out *sheet, lxw_error code, struct err *err)
{
    if (errno != 0) return file_failed(err, "write", "写入", sheet->path);
    return err_set(err, ERR_IO,
                   "could not write \"%s\"; see whether the disk or the folder for temporary files "
                   "is full (code %d)",
                   "无法写入“%s”，请看磁盘或存放临时文件的文件夹是否已满（代码 %d）", sheet->path,
                   (int)code);
}

static bool open_workbook(struct sheet_out *sheet, const char *name, struct err *err)
{
    /* The rows of a workbook wait in an unnamed file, beside the target: that is where room was
     * promised, while /tmp may be small. */
    char *folder = (char *)(uintptr_t)str_cstr(&sheet->arena, str_from(sheet->path));
    char *slash = strrchr(folder, '/');
    if (slash == NULL) folder = (char *)(uintptr_t)str_cstr(&sheet->arena, STR("."));
    if (slash != NULL) slash[slash == folder ? 1 : 0] = '\0';
    if (access(folder, W_OK | X_OK) != 0) return file_failed(err, "write", "写入", sheet->path);
    lxw_workbook_options options = {
        .constant_memory = LXW_TRUE, .tmpdir = folder, .use_zip64 = LXW_TRUE};
    errno = 0;
    sheet->workbook = workbook_new_opt(sheet->temporary, &options);
    if (sheet->workbook == NULL) return workbook_failed(sheet, LXW_ERROR_MEMORY_MALLOC_FAILED, err);
    lxw_doc_properties properties = {.created = 946684800}; /* a fixed day: same rows, same bytes */
    workbook_set_properties(sheet->workbook, &properties);
    sheet->sheet_name = clean_sheet_name(&sheet->arena, name);
    sheet->worksheet = workbook_add_worksheet(sheet->workbook, sheet->sheet_name);
    if (sheet->worksheet == NULL || sheet->worksheet->optimize_tmpfile == NULL) {
        return workbook_failed(sheet, LXW_ERROR_CREATING_TMPFILE, err);
    }
    sheet->header = workbook_add_format(sheet->workbook);
    format_set_bold(sheet->header);
    text_init(&sheet->cell, &sheet->arena, 4 * CELL_CHARACTERS_MAX);
    return true;
}

bool sheet_next(struct sheet_out *sheet, const char *name, struct err *err)
{
    if (sheet->workbook == NULL) {
        return err_set(err, ERR_USAGE, "\"%s\" can have one sheet only, write a .xlsx",
                       "“%s”只能有一张工作表，请写成 .xlsx", sheet->path);
    }
    errno = 0;
    sheet->sheet_name = clean_sheet_name(&sheet->arena, name);
    sheet->worksheet = workbook_add_worksheet(sheet->workbook, sheet->sheet_name);
    if (sheet->worksheet == NULL || sheet->worksheet->optimize_tmpfile == NULL) {
        return workbook_failed(sheet, LXW_ERROR_CREATING_TMPFILE, err);
    }
    sheet->rows = 0;
    sheet->is_form = false;
    memset(sheet->numbers, 0, sizeof sheet->numbers);
    memset(sheet->formats, 0, sizeof sheet->formats);
    return true;
}

void sheet_bars(struct sheet_out *sheet, const char *title, size_t label, size_t value,
                uint64_t first, uint64_t count, size_t at_row, size_t at)
{
    if (sheet->workbook == NULL || count == 0) return;
    lxw_chart *chart = workbook_add_chart(sheet->workbook, LXW_CHART_BAR);
    if (chart == NULL) return;
    lxw_row_t from = (lxw_row_t)first + 1, to = (lxw_row_t)(first + count);
    lxw_chart_series *series = chart_add_series(chart, NULL, NULL);
    chart_series_set_categories(series, sheet->sheet_name, from, (lxw_col_t)label, to,
                                (lxw_col_t)label);
    chart_series_set_values(series, sheet->sheet_name, from, (lxw_col_t)value, to,
                            (lxw_col_t)value);
    chart_title_set_name(chart, str_cstr(&sheet->arena, str_from(title)));
    chart_legend_set_position(chart, LXW_CHART_LEGEND_NONE);
    chart_axis_set_reverse(chart->y_axis);
    (void)worksheet_insert_chart(sheet->worksheet, (lxw_row_t)at_row, (lxw_col_t)at, chart);
}

bool sheet_open(struct sheet_out **out, const char *path, const char *name, bool bom,
                struct err *err)
{
    CHECK(out != NULL);
    CHECK(path != NULL);
    struct arena arena = {0};
    struct sheet_out *sheet = arena_new(&arena, struct sheet_out);
    sheet->fd = -1;
    sheet->path = str_cstr(&arena, str_from(path));
    sheet->temporary = file_temporary(&arena, path);
    sheet->arena = arena;
    if (file_is_folder(path)) {
        errno = EISDIR;
        file_failed(err, "write", "写入", path);
        sheet_abandon(sheet);
        return false;
    }
    if (str_ends(str_from(path), STR(".xlsx"))) {
        if (!open_workbook(sheet, name, err)) {
            sheet_abandon(sheet);
            return false;
        }
        *out = sheet;
        return true;
    }
    sheet->fd = open(sheet->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (sheet->fd < 0) {
        file_failed(err, "write", "写入", path);
        sheet_abandon(sheet);
        return false;
    }
    if (str_ends(str_from(path), STR(".xls"))) {
        text_init(&sheet->cell, &sheet->arena, 4 * CELL_CHARACTERS_MAX);
        sheet->xls = xls_open(&sheet->arena, sheet->fd, clean_sheet_name(&sheet->arena, name));
        *out = sheet;
        return true;
    }
    text_init(&sheet->buffer, &sheet->arena, BUFFER_BYTES_MAX);
    if (bom) text_add_c(&sheet->buffer, "\xEF\xBB\xBF");
    *out = sheet;
    return true;
}

static bool write_bytes(struct sheet_out *sheet, struct str bytes, struct err *err)
{
    size_t done = 0;
    while (done < bytes.len) {
        ssize_t put = write(sheet->fd, bytes.ptr + done, bytes.len - done);
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return file_failed(err, "write", "写入", sheet->path);
        done += (size_t)put;
    }
    sheet->bytes += done;
    if (sheet->bytes - sheet->begun >= BEGUN_BYTES) {
        file_begin_flush(sheet->fd, sheet->begun, sheet->bytes - sheet->begun);
        sheet->begun = sheet->bytes;
    }
    return true;
}

static bool flush_buffer(struct sheet_out *sheet, struct err *err)
{
    if (sheet->buffer.cut) {
        return err_set(err, ERR_LIMIT, "a row of \"%s\" is larger than %d bytes",
                       "“%s”有一行超过 %d 字节", sheet->path, BUFFER_BYTES_MAX);
    }
    if (!write_bytes(sheet, text_str(&sheet->buffer), err)) return false;
    text_clear(&sheet->buffer);
    return true;
}

static bool csv_row_put(struct sheet_out *sheet, const struct str *cells, size_t count,
                        struct err *err)
{
    csv_put_row(&sheet->buffer, cells, count);
    return sheet->buffer.len < BUFFER_BYTES && !sheet->buffer.cut ? true : flush_buffer(sheet, err);
}

/* XML cannot hold control characters, not even escaped; broken bytes become U+FFFD. */
static size_t clean_cell(struct text *out, struct str cell)
{
    size_t at = 0, units = 0;
    uint32_t code;
    text_clear(out);
    while (utf8_next(cell, &at, &code)) {
        if ((code < 0x20 && code != '\t' && code != '\n') || code == 0xFFFE || code == 0xFFFF)
            continue;
        units += code > 0xFFFF ? 2 : 1;
        text_add_code(out, code);
    }
    return units;
}

static bool is_plain_number(struct str cell)
{
    size_t at = cell.len > 0 && cell.ptr[0] == '-' ? 1 : 0;
    size_t digits = 0, points = 0;
    for (size_t i = at; i < cell.len; i++) {
        if (cell.ptr[i] >= '0' && cell.ptr[i] <= '9')
            digits++;
        else if (cell.ptr[i] == '.' && points++ == 0 && i > at && i + 1 < cell.len)
            continue;
        else
            return false;
    }
    return digits > 0 && digits <= NUMBER_DIGITS_MAX;
}

static bool cell_too_long(const struct sheet_out *sheet, size_t column, int max, struct err *err)
{
    return err_set(err, ERR_LIMIT,
                   "row %lu, column %zu: a workbook's cell holds at most %d characters; "
                   "write to a name that ends in .csv",
                   "第 %lu 行第 %zu 列：工作簿的一格最多 %d 字，请改用 .csv 结尾的文件名",
                   (unsigned long)sheet->rows + 1, column + 1, max);
}

static bool workbook_cell_put(struct sheet_out *sheet, struct str cell, lxw_col_t column,
                              bool header, struct err *err)
{
    lxw_format *format = header ? sheet->header : sheet->formats[column];
    if (cell.len == 0 && (header || format == NULL)) return true;
    size_t units = clean_cell(&sheet->cell, cell);
    if (units > CELL_CHARACTERS_MAX || sheet->cell.cut) {
        return cell_too_long(sheet, column, CELL_CHARACTERS_MAX, err);
    }
    lxw_error code;
    errno = 0;
    if (cell.len == 0) {
        code = worksheet_write_blank(sheet->worksheet, sheet->rows, column, format);
    } else if (!header && sheet->numbers[column] && is_plain_number(cell)) {
        code = worksheet_write_number(sheet->worksheet, sheet->rows, column,
                                      strtod(sheet->cell.ptr, NULL), format);
    } else {
        code =
            worksheet_write_string(sheet->worksheet, sheet->rows, column, sheet->cell.ptr, format);
    }
    return code == LXW_NO_ERROR ? true : workbook_failed(sheet, code, err);
}

static bool workbook_row_put(struct sheet_out *sheet, const struct str *cells, size_t count,
                             bool header, struct err *err)
{
    if (sheet->rows > SHEET_XLSX_ROWS_MAX) {
        return err_set(err, ERR_LIMIT,
                       "a sheet holds at most %d rows; write to a name that ends in .csv",
                       "工作表最多 %d 行，请改用 .csv 结尾的文件名", SHEET_XLSX_ROWS_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        if (!workbook_cell_put(sheet, cells[i], (lxw_col_t)i, header, err)) return false;
    }
    sheet->rows++;
    /* The library does not look at what writing to its waiting file returns. */
    if (ferror(sheet->worksheet->optimize_tmpfile))
        return workbook_failed(sheet, LXW_ERROR_CREATING_TMPFILE, err);
    return true;
}

static bool xls_row_put(struct sheet_out *sheet, const struct str *cells, size_t count,
                        enum xls_style style, struct err *err)
{
    if (sheet->rows >= XLS_ROWS_MAX || count > XLS_COLUMNS_MAX) {
        return err_set(
            err, ERR_LIMIT,
            "an xls sheet holds at most %d rows and %d columns; write to a name that ends "
            "in .xlsx",
            "xls 工作表最多 %d 行、%d 列，请改用 .xlsx 结尾的文件名", SHEET_XLS_ROWS_MAX,
            XLS_COLUMNS_MAX);
    }
    for (size_t i = 0; i < count; i++) {
        if (cells[i].len == 0) continue;
        size_t units = clean_cell(&sheet->cell, cells[i]);
        if (units > XLS_CELL_UNITS_MAX || sheet->cell.cut) {
            return cell_too_long(sheet, i, XLS_CELL_UNITS_MAX, err);
        }
        bool number = style == XLS_PLAIN && sheet->numbers[i] && is_plain_number(cells[i]);
        errno = 0;
        if (number ? !xls_put_number(sheet->xls, sheet->rows, (unsigned)i,
                                     strtod(sheet->cell.ptr, NULL), style)
                   : !xls_put_text(sheet->xls, sheet->rows, (unsigned)i, text_str(&sheet->cell),
                                   style)) {
            return file_failed(err, "write", "写入", sheet->path);
        }
    }
    sheet->rows++;
    return true;
}

bool sheet_header(struct sheet_out *sheet, const struct str *cells, size_t count, const int *widths,
                  struct err *err)
{
    CHECK(sheet != NULL);
    CHECK(count <= SHEET_COLUMNS_MAX);
    if (sheet->xls != NULL) return xls_row_put(sheet, cells, count, XLS_BOLD, err);
    if (sheet->workbook == NULL) return csv_row_put(sheet, cells, count, err);
    for (size_t i = 0; widths != NULL && i < count; i++) {
        double width = widths[i] < 1 ? 1 : widths[i] > WIDTH_MAX ? WIDTH_MAX : widths[i];
        worksheet_set_column(sheet->worksheet, (lxw_col_t)i, (lxw_col_t)i, width, NULL);
    }
    worksheet_freeze_panes(sheet->worksheet, sheet->rows + 1, 0);
    if (sheet->is_form) worksheet_repeat_rows(sheet->worksheet, sheet->rows, sheet->rows);
    return workbook_row_put(sheet, cells, count, true, err);
}

void sheet_numbers(struct sheet_out *sheet, const bool *columns, size_t count)
{
    CHECK(sheet != NULL);
    CHECK(count <= SHEET_COLUMNS_MAX);
    if (count > 0) memcpy(sheet->numbers, columns, count * sizeof *columns);
}

bool sheet_row(struct sheet_out *sheet, const struct str *cells, size_t count, struct err *err)
{
    CHECK(sheet != NULL);
    CHECK(count <= SHEET_COLUMNS_MAX);
    if (sheet->xls != NULL) return xls_row_put(sheet, cells, count, XLS_PLAIN, err);
    if (sheet->workbook == NULL) return csv_row_put(sheet, cells, count, err);
    return workbook_row_put(sheet, cells, count, false, err);
}

bool sheet_is_csv(const struct sheet_out *sheet)
{
    return sheet->workbook == NULL && sheet->xls == NULL;
}

bool sheet_csv(struct sheet_out *sheet, struct str rows, struct err *err)
{
    CHECK(sheet_is_csv(sheet));
    return flush_buffer(sheet, err) && write_bytes(sheet, rows, err);
}

static bool finish(struct sheet_out *sheet, struct err *err)
{
    if (sheet->workbook == NULL) {
        errno = 0;
        if (sheet->xls != NULL && !xls_close(sheet->xls)) {
            return file_failed(err, "write", "写入", sheet->path);
        }
        if (sheet->xls == NULL && !flush_buffer(sheet, err)) return false;
        int fd = sheet->fd;
        sheet->fd = -1;
        return close(fd) == 0 ? true : file_failed(err, "write", "写入", sheet->path);
    }
    errno = 0;
    if (fflush(sheet->worksheet->optimize_tmpfile) != 0) {
        return workbook_failed(sheet, LXW_ERROR_CREATING_TMPFILE, err);
    }
    lxw_error code = workbook_close(sheet->workbook);
    sheet->workbook = NULL;
    return code == LXW_NO_ERROR ? true : workbook_failed(sheet, code, err);
}

bool sheet_close(struct sheet_out *sheet, struct err *err)
{
    CHECK(sheet != NULL);
    bool done = finish(sheet, err) && file_replace(sheet->temporary, sheet->path, err);
    if (!done) {
        sheet_abandon(sheet);
        return false;
    }
    struct arena arena = sheet->arena;
    arena_free(&arena);
    return true;
}

void sheet_abandon(struct sheet_out *sheet)
{
    if (sheet == NULL) return;
    if (sheet->workbook != NULL) lxw_workbook_free(sheet->workbook);
    if (sheet->fd >= 0) close(sheet->fd);
    unlink(sheet->temporary);
    struct arena arena = sheet->arena;
    arena_free(&arena);
}
