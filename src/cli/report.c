#include "cli/report.h"

#include "base/csv.h"
#include "base/list.h"
#include "base/sheet_out.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum report_form { REPORT_JSON, REPORT_TERMINAL, REPORT_CSV, REPORT_FILE_ONLY };

enum { REPORT_LINE_BYTES_MAX = 1 << 24, REPORT_CELL_WIDTH_MAX = 36 };

struct report {
    struct cli *cli;
    const char *name;
    const struct report_column *columns;
    size_t count;
    enum report_form form;
    struct sheet_out *sheet; /* the file that --out names, or NULL */
    struct text text;        /* a CSV line, or the JSON document */
    struct json json;
    bool rows_begun;
    uint64_t rows;
    LIST(struct str) shown; /* cells of the rows shown on a terminal */
};

bool report_on_terminal(const struct cli *cli)
{
    return !cli->json && isatty(STDOUT_FILENO) != 0;
}

static enum report_form form_of(const struct cli *cli)
{
    if (cli->json) return REPORT_JSON;
    if (cli_option(cli, "--out") != NULL) return REPORT_FILE_ONLY;
    return report_on_terminal(cli) ? REPORT_TERMINAL : REPORT_CSV;
}

static bool write_bytes(struct str bytes, struct err *err)
{
    if (fwrite(bytes.ptr, 1, bytes.len, stdout) == bytes.len) return true;
    return err_set(err, ERR_IO, "could not write to standard output", "无法写入标准输出");
}

static bool write_csv(struct report *report, const struct str *cells, struct err *err)
{
    text_clear(&report->text);
    for (size_t i = 0; i < report->count; i++) csv_put(&report->text, cells[i], i == 0);
    text_add_c(&report->text, "\n");
    if (report->text.cut) {
        return err_set(err, ERR_LIMIT, "a row is larger than %d bytes", "一行超过 %d 字节",
                       REPORT_LINE_BYTES_MAX);
    }
    return write_bytes(text_str(&report->text), err);
}

/* A table under the name of another kind of file would be opened as what it is not. */
static bool is_a_table(const char *path, struct err *err)
{
    static const char *const others[] = {".xls", ".doc", ".docx", ".pdf", ".ods", ".et", ".wps"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (!str_ends(str_from(path), str_from(others[i]))) continue;
        return err_set(
            err, ERR_USAGE, "\"%s\": a workbook is written where the name ends in .xlsx, else CSV",
            "“%s”：名称以 .xlsx 结尾的写成工作簿，以 .csv 结尾的写成 CSV，不写别的格式", path);
    }
    return true;
}

static bool open_file(struct report *report, const struct str *keys, struct err *err)
{
    const char *path = cli_option(report->cli, "--out");
    if (!is_a_table(path, err)) return false;
    if (!sheet_open(&report->sheet, path, report->name, false, err)) return false;
    bool numbers[REPORT_COLUMNS_MAX];
    for (size_t i = 0; i < report->count; i++) numbers[i] = report->columns[i].number;
    sheet_numbers(report->sheet, numbers, report->count);
    if (sheet_header(report->sheet, keys, report->count, NULL, err)) return true;
    report_abandon(report);
    return false;
}

bool report_open(struct report **out, struct cli *cli, const char *name,
                 const struct report_column *columns, size_t count, struct err *err)
{
    CHECK(count > 0);
    CHECK(count <= REPORT_COLUMNS_MAX);
    struct report *report = arena_new(cli->arena, struct report);
    *report = (struct report){.cli = cli, .name = name, .columns = columns, .count = count};
    report->form = form_of(cli);
    struct str keys[REPORT_COLUMNS_MAX];
    for (size_t i = 0; i < count; i++) keys[i] = str_from(columns[i].key);
    if (cli_option(cli, "--out") != NULL && !open_file(report, keys, err)) return false;
    if (report->form == REPORT_CSV) {
        text_init(&report->text, cli->arena, REPORT_LINE_BYTES_MAX);
        if (!write_csv(report, keys, err)) return false;
    }
    if (report->form == REPORT_JSON) {
        report_json_begin(cli, &report->text, &report->json);
    }
    *out = report;
    return true;
}

struct json *report_json(struct report *report)
{
    CHECK(!report->rows_begun);
    return report->form == REPORT_JSON ? &report->json : NULL;
}

static void begin_rows(struct report *report)
{
    if (report->rows_begun) return;
    report->rows_begun = true;
    if (report->form != REPORT_JSON) return;
    json_key(&report->json, report->name);
    json_list(&report->json);
}

static void json_row(struct report *report, const struct str *values)
{
    json_object(&report->json);
    for (size_t i = 0; i < report->count; i++) {
        int64_t number;
        json_key(&report->json, report->columns[i].key);
        if (!report->columns[i].number) {
            json_str(&report->json, values[i]);
        } else if (str_to_i64(values[i], &number)) {
            json_i64(&report->json, number);
        } else {
            json_null(&report->json);
        }
    }
    json_object_end(&report->json);
}

bool report_row(struct report *report, const struct str *values, const struct str *shown,
                struct err *err)
{
    begin_rows(report);
    report->rows++;
    if (report->sheet != NULL && !sheet_row(report->sheet, values, report->count, err))
        return false;
    switch (report->form) {
    case REPORT_FILE_ONLY: return true;
    case REPORT_CSV: return write_csv(report, values, err);
    case REPORT_JSON: json_row(report, values); return true;
    case REPORT_TERMINAL: break;
    }
    if (report->rows > REPORT_TERMINAL_ROWS && !cli_has(report->cli, "--all")) return true;
    for (size_t i = 0; i < report->count; i++) {
        bool other = shown != NULL && shown[i].ptr != NULL;
        *list_push(report->cli->arena, &report->shown) =
            str_copy(report->cli->arena, other ? shown[i] : values[i]);
    }
    return true;
}

bool report_takes_csv(const struct report *report)
{
    if (report->form == REPORT_FILE_ONLY) return sheet_is_csv(report->sheet);
    return report->form == REPORT_CSV;
}

bool report_csv(struct report *report, struct str rows, uint64_t count, struct err *err)
{
    CHECK(report_takes_csv(report));
    report->rows += count;
    return report->sheet != NULL ? sheet_csv(report->sheet, rows, err) : write_bytes(rows, err);
}

/* A cell cut to at most `width` columns, with "…" where something is left out. Line ends and other
 * control characters become blanks, so that nothing in a file can move the cursor. */
static int put_cell(struct text *text, struct str cell, int width)
{
    int full = utf8_width(cell), used = 0;
    size_t at = 0;
    uint32_t code;
    while (at < cell.len) {
        size_t from = at;
        if (!utf8_next(cell, &at, &code)) break;
        struct str one = str_slice(cell, from, at);
        bool control = code < 0x20 || (code >= 0x7F && code < 0xA0);
        int columns = control ? 1 : utf8_width(one);
        if (full > width && used + columns > width - 1) {
            text_add_c(text, "…");
            return used + 1;
        }
        text_add(text, control ? STR(" ") : one);
        used += columns;
    }
    return used;
}

static int cell_width(struct str cell)
{
    int width = utf8_width(cell);
    return width > REPORT_CELL_WIDTH_MAX ? REPORT_CELL_WIDTH_MAX : width;
}

static bool write_line(struct report *report, const struct str *cells, const int *widths,
                       struct err *err)
{
    text_clear(&report->text);
    for (size_t i = 0; i < report->count; i++) {
        if (i > 0) text_add_c(&report->text, "  ");
        int spare = widths[i] - cell_width(cells[i]);
        bool right = report->columns[i].number;
        for (int k = 0; right && k < spare; k++) text_add_byte(&report->text, ' ');
        put_cell(&report->text, cells[i], REPORT_CELL_WIDTH_MAX);
        bool last = i + 1 == report->count;
        for (int k = 0; !right && !last && k < spare; k++) text_add_byte(&report->text, ' ');
    }
    text_add_c(&report->text, "\n");
    return write_bytes(text_str(&report->text), err);
}

static bool write_table(struct report *report, struct err *err)
{
    struct str heads[REPORT_COLUMNS_MAX];
    int widths[REPORT_COLUMNS_MAX];
    text_init(&report->text, report->cli->arena, REPORT_LINE_BYTES_MAX);
    for (size_t i = 0; i < report->count; i++) {
        heads[i] = str_from(cli_say(report->cli, report->columns[i].zh, report->columns[i].en));
        widths[i] = cell_width(heads[i]);
    }
    for (size_t i = 0; i < report->shown.count; i++) {
        int width = cell_width(report->shown.items[i]);
        if (width > widths[i % report->count]) widths[i % report->count] = width;
    }
    if (!write_line(report, heads, widths, err)) return false;
    for (size_t i = 0; i < report->shown.count; i += report->count) {
        if (!write_line(report, &report->shown.items[i], widths, err)) return false;
    }
    return true;
}

static bool close_file(struct report *report, struct err *err)
{
    struct sheet_out *sheet = report->sheet;
    report->sheet = NULL;
    if (!sheet_close(sheet, err)) return false;
    cli_note(report->cli, "已写入 %s：%llu 行", "wrote %s: %llu rows",
             cli_option(report->cli, "--out"), (unsigned long long)report->rows);
    return true;
}

bool report_close(struct report *report, struct err *err)
{
    begin_rows(report);
    if (report->sheet != NULL && !close_file(report, err)) return false;
    switch (report->form) {
    case REPORT_FILE_ONLY:
    case REPORT_CSV: return true;
    case REPORT_JSON:
        json_list_end(&report->json);
        return report_json_end(&report->text, &report->json, err);
    case REPORT_TERMINAL: break;
    }
    if (!write_table(report, err)) return false;
    uint64_t shown = report->shown.count / report->count;
    if (shown < report->rows) {
        fflush(stdout);
        cli_note(report->cli,
                 "显示了 %llu 行，共 %llu 行；--all 全部显示，--out 文件.xlsx 写成表格",
                 "%llu of %llu rows are shown; --all shows all, --out FILE.xlsx writes a workbook",
                 (unsigned long long)shown, (unsigned long long)report->rows);
    }
    return true;
}

void report_abandon(struct report *report)
{
    if (report == NULL) return;
    sheet_abandon(report->sheet);
    report->sheet = NULL;
}

void report_json_begin(const struct cli *cli, struct text *text, struct json *json)
{
    text_init(text, cli->arena, REPORT_JSON_BYTES_MAX);
    json_init(json, text);
    json_object(json);
}

bool report_write_json(const struct text *text, struct err *err)
{
    if (text->cut) {
        return err_set(err, ERR_LIMIT, "the document is larger than %d bytes", "文档超过 %d 字节",
                       REPORT_JSON_BYTES_MAX);
    }
    if (!write_bytes(text_str(text), err)) return false;
    return write_bytes(STR("\n"), err);
}

bool report_json_end(const struct text *text, struct json *json, struct err *err)
{
    json_object_end(json);
    return report_write_json(text, err);
}
