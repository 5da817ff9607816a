#include "papers/notice_block.h"
#include "papers/notice_fill.h"

#include "base/file.h"
#include "base/sheet_out.h"

/* The table of a paper as a workbook. */

static const struct notice_block *first_table(const struct notice *notice)
{
    for (size_t i = 0; i < notice->block_count; i++) {
        if (notice->blocks[i].kind == NOTICE_TABLE) return &notice->blocks[i];
    }
    return NULL;
}

static void take_cells(const struct notice_values *values, const struct notice_row *row,
                       const struct notice_line *line, struct str *cells)
{
    for (size_t i = 0; i < line->count; i++) {
        cells[i] = notice_fill(values, row, line->cells[i].text, "");
    }
}

static bool write_rows(const struct notice_block *table, const struct notice_values *values,
                       struct sheet_out *sheet, struct err *err)
{
    const struct notice_line *head = &table->lines[table->line_count - 1];
    struct str *cells = arena_array(values->arena, struct str, DOCUMENT_COLUMNS_MAX);
    int widths[DOCUMENT_COLUMNS_MAX];
    for (size_t i = 0; i < table->share_count; i++) {
        widths[i] = table->shares[i] < 6 ? 6 : table->shares[i] + 4;
    }
    take_cells(values, NULL, head, cells);
    if (!sheet_header(sheet, cells, head->count, widths, err)) return false;
    const struct notice_rows *list = notice_list(values, table->list);
    for (size_t i = 0; list != NULL && i < list->rows.count; i++) {
        struct notice_row row = notice_numbered(values, list, i);
        take_cells(values, &row, &table->row, cells);
        if (!sheet_row(sheet, cells, table->row.count, err)) return false;
    }
    return true;
}

bool notice_sheet(const struct notice *notice, const struct notice_values *values, const char *path,
                  struct err *err)
{
    const struct notice_block *table = first_table(notice);
    struct sheet_out *sheet;
    if (table == NULL || table->line_count == 0) {
        return err_set(err, ERR_USAGE, "this paper has no table, name a .pdf or .docx file",
                       "此文书没有表格，请写成 .pdf 或 .docx 文件");
    }
    if (!sheet_open(&sheet, path, str_cstr(values->arena, notice->zh), true, err)) return false;
    if (write_rows(table, values, sheet, err)) return sheet_close(sheet, err);
    sheet_abandon(sheet);
    return false;
}

bool notice_write(const struct notice *notice, const struct notice_values *values, day made,
                  const char *path, struct err *err)
{
    struct str name = str_from(path), bytes;
    bool pdf = str_ends(name, STR(".pdf")), docx = str_ends(name, STR(".docx"));
    if (str_ends(name, STR(".xlsx")) || str_ends(name, STR(".csv"))) {
        return notice_sheet(notice, values, path, err);
    }
    if (!pdf && !docx) {
        return err_set(err, ERR_USAGE,
                       "\"%s\" is no name for a paper: end it in .pdf, .docx, .xlsx "
                       "or .csv",
                       "“%s”不能作为文书的文件名，请以 .pdf、.docx、.xlsx 或 .csv 结尾", path);
    }
    struct document *document = notice_document(notice, values, made);
    bool good = pdf ? document_pdf(document, &bytes, err) : document_docx(document, &bytes, err);
    return good && file_write(path, bytes, 0644, err);
}
