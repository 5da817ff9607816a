#include "sample/clerk.h"

#include "base/csv.h"
#include "base/file.h"

#include <errno.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum {
    BUFFER_BYTES = 256 * 1024,
    BUFFER_BYTES_MAX = 4 * 1024 * 1024,
    EPOCH_SERIAL = 25569, /* 1970-01-01 as a day of a spreadsheet */
    SHEET_NAME_MAX = 31,
};

struct clerk {
    struct arena *arena;
    const struct layout *layout;
    struct str title;
    const char *path;
    uint64_t row;  /* rows written in the sheet, or lines of the file */
    uint64_t rows; /* of the table, in the sheet */
    bool sheet_open;
    FILE *file;    /* text formats */
    iconv_t codec; /* (iconv_t)-1: UTF-8 */
    struct text buffer;
    char *converted;
    lxw_workbook *workbook;
    lxw_worksheet *worksheet;
    lxw_format *date_format, *head_format, *title_format;
};

const char *format_ending(enum file_format format)
{
    if (format == FORMAT_XLSX) return "xlsx";
    return format == FORMAT_HTML || format == FORMAT_TEXT_UTF16 ? "xls" : "csv";
}

static bool is_html(const struct clerk *clerk)
{
    return clerk->layout->format == FORMAT_HTML;
}

static bool flush(struct clerk *clerk, struct err *err)
{
    char *in = clerk->buffer.ptr;
    size_t left = clerk->buffer.len;
    CHECK(!clerk->buffer.cut);
    if (clerk->codec == (iconv_t)-1) {
        if (fwrite(in, 1, left, clerk->file) != left)
            return file_failed(err, "write", "写入", clerk->path);
    } else {
        char *out = clerk->converted;
        size_t room = BUFFER_BYTES_MAX;
        CHECK(iconv(clerk->codec, &in, &left, &out, &room) != (size_t)-1);
        size_t size = BUFFER_BYTES_MAX - room;
        if (fwrite(clerk->converted, 1, size, clerk->file) != size)
            return file_failed(err, "write", "写入", clerk->path);
    }
    text_clear(&clerk->buffer);
    return true;
}

static void add_html(struct text *out, struct str cell)
{
    for (size_t i = 0; i < cell.len; i++) {
        char c = cell.ptr[i];
        if (c == '&')
            text_add_c(out, "&amp;");
        else if (c == '<')
            text_add_c(out, "&lt;");
        else if (c == '>')
            text_add_c(out, "&gt;");
        else
            text_add_byte(out, c);
    }
}

static void put_text(struct clerk *clerk, struct str cell, bool first, const char *html)
{
    struct text *out = &clerk->buffer;
    if (is_html(clerk)) {
        text_add_f(out, "<%s>", html);
        add_html(out, cell);
        text_add_f(out, "</%.2s>", html);
    } else if (clerk->layout->format == FORMAT_TEXT_UTF16) {
        if (!first) text_add_byte(out, '\t');
        text_add(out, cell);
    } else {
        csv_put(out, cell, first);
    }
}

static bool end_text_row(struct clerk *clerk, struct err *err)
{
    text_add_c(&clerk->buffer, is_html(clerk) ? "</tr>\n" : "\r\n");
    clerk->row++;
    return clerk->buffer.len < BUFFER_BYTES || flush(clerk, err);
}

static void start_text_row(struct clerk *clerk)
{
    if (is_html(clerk)) text_add_c(&clerk->buffer, "<tr>");
}

static bool open_text(struct clerk *clerk, struct err *err)
{
    enum file_format format = clerk->layout->format;
    clerk->file = fopen(clerk->path, "wb");
    if (clerk->file == NULL) return file_failed(err, "write", "写入", clerk->path);
    text_init(&clerk->buffer, clerk->arena, BUFFER_BYTES_MAX / 4);
    if (format == FORMAT_CSV_GB18030 || format == FORMAT_TEXT_UTF16) {
        clerk->codec = iconv_open(format == FORMAT_TEXT_UTF16 ? "UTF-16LE" : "GB18030", "UTF-8");
        CHECK(clerk->codec != (iconv_t)-1);
        clerk->converted = arena_alloc(clerk->arena, BUFFER_BYTES_MAX);
    }
    if (format == FORMAT_CSV_BOM || format == FORMAT_TEXT_UTF16)
        text_add_code(&clerk->buffer, 0xFEFF);
    if (format == FORMAT_HTML)
        text_add_c(&clerk->buffer,
                   "<html xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\n<head><meta "
                   "http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"></head>\n"
                   "<body><table border=\"1\">\n");
    return true;
}

static bool open_workbook(struct clerk *clerk, struct err *err)
{
    char *folder = (char *)(uintptr_t)str_cstr(clerk->arena, str_from(clerk->path));
    char *slash = strrchr(folder, '/');
    if (slash != NULL) *slash = '\0';
    /* A head in two rows has cells merged downward, which a workbook written row by row cannot. */
    lxw_workbook_options options = {.constant_memory = !clerk->layout->two_rows,
                                    .tmpdir = slash == NULL ? NULL : folder};
    errno = 0;
    clerk->workbook = workbook_new_opt(clerk->path, &options);
    if (clerk->workbook == NULL) return file_failed(err, "write", "写入", clerk->path);
    lxw_doc_properties properties = {.created = 1600000000};
    workbook_set_properties(clerk->workbook, &properties);
    clerk->date_format = workbook_add_format(clerk->workbook);
    format_set_num_format(clerk->date_format, "yyyy/m/d");
    clerk->head_format = workbook_add_format(clerk->workbook);
    format_set_bold(clerk->head_format);
    format_set_align(clerk->head_format, LXW_ALIGN_CENTER);
    format_set_border(clerk->head_format, LXW_BORDER_THIN);
    clerk->title_format = workbook_add_format(clerk->workbook);
    format_set_bold(clerk->title_format);
    format_set_font_size(clerk->title_format, 16);
    format_set_align(clerk->title_format, LXW_ALIGN_CENTER);
    return true;
}

bool clerk_open(struct clerk **out, struct arena *arena, const char *path,
                const struct layout *layout, struct str title, struct err *err)
{
    struct clerk *clerk = arena_new(arena, struct clerk);
    *clerk = (struct clerk){
        .arena = arena, .layout = layout, .path = path, .title = title, .codec = (iconv_t)-1};
    bool done = layout->format == FORMAT_XLSX ? open_workbook(clerk, err) : open_text(clerk, err);
    if (done) *out = clerk;
    return done;
}

static bool put_title(struct clerk *clerk, struct str title, struct err *err)
{
    size_t columns = clerk->layout->column_count;
    if (title.len == 0) return true;
    if (clerk->worksheet != NULL) {
        lxw_row_t row = (lxw_row_t)clerk->row++;
        const char *text = str_cstr(clerk->arena, title);
        if (columns > 1)
            worksheet_merge_range(clerk->worksheet, row, 0, row, (lxw_col_t)(columns - 1), text,
                                  clerk->title_format);
        else
            worksheet_write_string(clerk->worksheet, row, 0, text, clerk->title_format);
        return true;
    }
    start_text_row(clerk);
    if (is_html(clerk)) {
        text_add_f(&clerk->buffer, "<td colspan=\"%zu\" align=\"center\">", columns);
        add_html(&clerk->buffer, title);
        text_add_c(&clerk->buffer, "</td>");
    } else {
        put_text(clerk, title, true, "td");
        for (size_t i = 1; clerk->layout->format != FORMAT_TEXT_UTF16 && i < columns; i++)
            put_text(clerk, STR_EMPTY, false, "td");
    }
    return end_text_row(clerk, err);
}

/* "学生信息/姓名": the group above and the heading; a heading without a group has none. */
static void heading_parts(struct str heading, struct str *group, struct str *own)
{
    size_t slash = str_find(heading, STR("/"));
    *group = slash == SIZE_MAX ? STR_EMPTY : str_slice(heading, 0, slash);
    *own = slash == SIZE_MAX ? heading : str_slice(heading, slash + 1, heading.len);
}

static void put_two_rows(struct clerk *clerk)
{
    const struct layout *layout = clerk->layout;
    lxw_row_t row = (lxw_row_t)clerk->row;
    for (size_t i = 0; i < layout->column_count; i++) {
        struct str group, own, other, unused;
        heading_parts(layout->headings[i], &group, &own);
        const char *text = str_cstr(clerk->arena, own);
        lxw_col_t column = (lxw_col_t)i;
        if (group.len == 0) {
            worksheet_merge_range(clerk->worksheet, row, column, row + 1, column, text,
                                  clerk->head_format);
            continue;
        }
        worksheet_write_string(clerk->worksheet, row + 1, column, text, clerk->head_format);
        size_t last = i;
        if (i > 0) heading_parts(layout->headings[i - 1], &other, &unused);
        if (i > 0 && str_equal(other, group)) continue;
        for (; last + 1 < layout->column_count; last++) {
            heading_parts(layout->headings[last + 1], &other, &unused);
            if (!str_equal(other, group)) break;
        }
        const char *above = str_cstr(clerk->arena, group);
        if (last > i)
            worksheet_merge_range(clerk->worksheet, row, column, row, (lxw_col_t)last, above,
                                  clerk->head_format);
        else
            worksheet_write_string(clerk->worksheet, row, column, above, clerk->head_format);
    }
    clerk->row += 2;
}

static bool put_head(struct clerk *clerk, struct err *err)
{
    const struct layout *layout = clerk->layout;
    if (clerk->worksheet != NULL && layout->two_rows) {
        put_two_rows(clerk);
        return true;
    }
    start_text_row(clerk);
    for (size_t i = 0; i < layout->column_count; i++) {
        struct str group, own;
        heading_parts(layout->headings[i], &group, &own);
        if (clerk->worksheet == NULL)
            put_text(clerk, own, i == 0, "th");
        else
            worksheet_write_string(clerk->worksheet, (lxw_row_t)clerk->row, (lxw_col_t)i,
                                   str_cstr(clerk->arena, own), clerk->head_format);
    }
    if (clerk->worksheet == NULL) return end_text_row(clerk, err);
    clerk->row++;
    return true;
}

static bool put_foot(struct clerk *clerk, struct err *err)
{
    struct text line;
    struct str rest, part;
    text_init(&line, clerk->arena, 1024);
    if (clerk->layout->total) text_add_f(&line, "合计|%llu", (unsigned long long)clerk->rows);
    for (int k = 0; k < 2; k++) {
        rest = k == 0 ? text_str(&line) : clerk->layout->foot;
        if (rest.len == 0) continue;
        start_text_row(clerk);
        for (lxw_col_t i = 0; str_split(&rest, '|', &part); i++) {
            if (clerk->worksheet == NULL)
                put_text(clerk, part, i == 0, "td");
            else
                worksheet_write_string(clerk->worksheet, (lxw_row_t)clerk->row, i,
                                       str_cstr(clerk->arena, part), NULL);
        }
        if (clerk->worksheet != NULL)
            clerk->row++;
        else if (!end_text_row(clerk, err))
            return false;
    }
    return true;
}

bool clerk_sheet(struct clerk *clerk, struct str name, struct err *err)
{
    if (clerk->sheet_open && !put_foot(clerk, err)) return false;
    clerk->sheet_open = true;
    clerk->rows = 0;
    if (clerk->workbook != NULL) {
        struct text clean;
        size_t at = 0, count = 0;
        uint32_t code;
        text_init(&clean, clerk->arena, 4 * SHEET_NAME_MAX);
        while (count++ < SHEET_NAME_MAX && utf8_next(name, &at, &code)) text_add_code(&clean, code);
        errno = 0;
        clerk->worksheet = workbook_add_worksheet(clerk->workbook, clean.ptr);
        if (clerk->worksheet == NULL) return file_failed(err, "write", "写入", clerk->path);
        clerk->row = 0;
    }
    return put_title(clerk, clerk->title, err) && put_title(clerk, clerk->layout->subtitle, err)
           && put_head(clerk, err);
}

/* What a spreadsheet keeps of a long number: 15 digits. */
static double as_number(struct str text)
{
    char digits[32];
    size_t len = text.len < sizeof digits ? text.len : sizeof digits - 1;
    memcpy(digits, text.ptr, len);
    for (size_t i = 15; i < len; i++) digits[i] = '0';
    digits[len] = '\0';
    return strtod(digits, NULL);
}

static void put_workbook_cell(struct clerk *clerk, lxw_col_t column, const struct clerk_cell *cell)
{
    lxw_row_t row = (lxw_row_t)clerk->row;
    char text[4096];
    day d;
    if (cell->text.len == 0) return;
    if (cell->form == CELL_NUMBER) {
        worksheet_write_number(clerk->worksheet, row, column, as_number(cell->text), NULL);
        return;
    }
    if (cell->form == CELL_DAY && day_parse(cell->text, &d)) {
        worksheet_write_number(clerk->worksheet, row, column, d.days + EPOCH_SERIAL,
                               clerk->date_format);
        return;
    }
    size_t len = cell->text.len < sizeof text ? cell->text.len : sizeof text - 1;
    memcpy(text, cell->text.ptr, len);
    text[len] = '\0';
    worksheet_write_string(clerk->worksheet, row, column, text, NULL);
}

bool clerk_row(struct clerk *clerk, const struct clerk_cell *cells, size_t count, uint64_t *number,
               struct err *err)
{
    CHECK(clerk->sheet_open);
    clerk->rows++;
    if (clerk->workbook != NULL) {
        for (size_t i = 0; i < count; i++) put_workbook_cell(clerk, (lxw_col_t)i, &cells[i]);
        *number = ++clerk->row;
        return true;
    }
    start_text_row(clerk);
    for (size_t i = 0; i < count; i++) {
        char short_form[32];
        struct str text = cells[i].text;
        if (cells[i].form == CELL_NUMBER && text.len > 11) {
            snprintf(short_form, sizeof short_form, "%.5E", as_number(text));
            text = str_from(short_form);
        }
        put_text(clerk, text, i == 0, is_html(clerk) ? "td x:str" : "td");
    }
    *number = clerk->row + 1;
    return end_text_row(clerk, err);
}

bool clerk_close(struct clerk *clerk, struct err *err)
{
    bool done = !clerk->sheet_open || put_foot(clerk, err);
    if (clerk->workbook != NULL) {
        errno = 0;
        lxw_error code = workbook_close(clerk->workbook);
        clerk->workbook = NULL;
        if (!done || code == LXW_NO_ERROR) return done;
        if (errno != 0) return file_failed(err, "write", "写入", clerk->path);
        return err_set(err, ERR_IO, "could not write \"%s\": %s", "无法写入“%s”：%s", clerk->path,
                       lxw_strerror(code));
    }
    if (is_html(clerk)) text_add_c(&clerk->buffer, "</table></body></html>\n");
    done = done && flush(clerk, err);
    if (clerk->codec != (iconv_t)-1) iconv_close(clerk->codec);
    if (fclose(clerk->file) != 0 && done) done = file_failed(err, "write", "写入", clerk->path);
    clerk->file = NULL;
    return done;
}

void clerk_abandon(struct clerk *clerk)
{
    struct err ignored = ERR_INIT;
    if (clerk != NULL && !clerk_close(clerk, &ignored)) return;
}
