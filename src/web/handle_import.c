#include "base/sheet_out.h"
#include "jobs/upload.h"
#include "web/routes.h"
#include "web/show.h"

/* What was imported: batches, what was remarked about their rows, and taking one back. */

static void write_batch(struct json *json, const struct request *request, const struct batch *batch)
{
    const struct profile *profile =
        profile_find(&request->workspace->profiles, batch->register_key);
    json_object(json);
    json_key_i64(json, "batch", batch->number);
    json_key_str(json, "file", batch->file);
    json_key_str(json, "register", batch->register_key);
    json_key_str(json, "register_zh", profile == NULL ? batch->register_key : profile->zh);
    json_key_str(json, "register_en", profile == NULL ? batch->register_key : profile->en);
    json_key_str(json, "scope", batch->scope);
    answer_day(json, "at", batch->at);
    json_key_i64(json, "imported_ms", batch->imported_ms);
    show_ms_or_null(json, "undone_ms", batch->undone_ms);
    json_key_bool(json, "undone", batch->undone_ms != 0);
    json_key_str(json, "user", batch->user_name);
    json_key_i64(json, "rows", (int64_t)batch->rows);
    json_key_i64(json, "accepted", (int64_t)batch->accepted);
    json_key_i64(json, "warned", (int64_t)batch->warned);
    json_key_i64(json, "rejected", (int64_t)batch->rejected);
    json_key_i64(json, "ended", (int64_t)batch->ended);
    json_object_end(json);
}

static bool imports(struct request *request, struct answer *answer, struct err *err)
{
    struct batch *batches = NULL;
    size_t count = 0, total = 0;
    struct request_page page = request_page(request);
    const struct batch_page wanted = {page.first, (size_t)page.size};
    if (!registry_batches_page(&request->workspace->registry, request->arena, &request->asker,
                               wanted, &batches, &count, &total, err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) write_batch(json, request, &batches[i]);
    answer_rows_end(answer, request, total);
    return true;
}

/* A record with all that was remarked about it: rows[first] up to, not including, rows[next]. */
static size_t next_record(const struct reject_row *rows, size_t count, size_t first)
{
    size_t next = first + 1;
    while (next < count && rows[next].again) next++;
    return next;
}

static void write_row(struct json *json, const struct reject_row *rows, size_t first, size_t next)
{
    struct str rest = rows[first].written, cell;
    json_object(json);
    json_key_str(json, "sheet", rows[first].sheet);
    json_key_i64(json, "row", (int64_t)rows[first].row);
    json_key_bool(json, "rejected", rows[first].rejected);
    json_key(json, "notes");
    json_list(json);
    for (size_t i = first; i < next; i++) {
        json_object(json);
        json_key(json, "column");
        if (rows[i].place == SIZE_MAX)
            json_null(json);
        else
            json_i64(json, (int64_t)rows[i].place);
        json_key_str(json, "code", rows[i].code);
        json_object_end(json);
    }
    json_list_end(json);
    json_key(json, "cells");
    json_list(json);
    while (str_split(&rest, '\t', &cell)) json_str(json, cell);
    json_list_end(json);
    json_object_end(json);
}

static void write_columns(struct json *json, const struct reject_row *row)
{
    json_list(json);
    for (size_t i = 0; row != NULL && i < row->heading_count; i++) {
        json_str(json, row->headings[i]);
    }
    json_list_end(json);
}

/* Sheets may differ in their columns: those of the first row stand beside the rows, and those of
 * every sheet under its name. */
static void write_sheets(struct json *json, const struct reject_row *rows, size_t count)
{
    json_key(json, "columns");
    write_columns(json, count == 0 ? NULL : &rows[0]);
    json_key(json, "sheets");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && str_equal(rows[i].sheet, rows[i - 1].sheet)) continue;
        json_object(json);
        json_key_str(json, "name", rows[i].sheet);
        json_key(json, "columns");
        write_columns(json, &rows[i]);
        json_object_end(json);
    }
    json_list_end(json);
}

static bool rejects(struct request *request, struct answer *answer, struct err *err)
{
    struct reject_row *rows = NULL;
    size_t count = 0, total = 0;
    struct request_page page = request_page(request);
    if (!registry_rejects_look(&request->workspace->registry, request->arena, &request->asker,
                               request_i64(request, "batch", 0), &rows, &count, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    write_sheets(json, rows, count);
    json_key(json, "rows");
    json_list(json);
    for (size_t first = 0, next; first < count; first = next, total++) {
        next = next_record(rows, count, first);
        if (total >= page.first && total < page.first + (size_t)page.size)
            write_row(json, rows, first, next);
    }
    answer_rows_end(answer, request, total);
    return true;
}

static bool corrections(struct request *request, struct answer *answer, struct err *err)
{
    struct correction_row *rows = NULL;
    size_t count = 0;
    struct request_page page = request_page(request);
    if (!registry_corrections(&request->workspace->registry, request->arena, &request->asker,
                              request_i64(request, "batch", 0), &rows, &count, err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = page.first; i < count && i < page.first + (size_t)page.size; i++) {
        json_object(json);
        json_key_str(json, "sheet", rows[i].sheet);
        json_key_i64(json, "row", (int64_t)rows[i].row);
        json_key_i64(json, "place", (int64_t)rows[i].place);
        json_key_str(json, "heading", rows[i].heading);
        json_key_str(json, "was", rows[i].was);
        json_key_str(json, "value", rows[i].value);
        json_object_end(json);
    }
    answer_rows_end(answer, request, count);
    return true;
}

/* The headings of all sheets side by side, each once: a row fills those of its own. */
struct annotated {
    struct sheet_out *sheet;
    struct arena *arena;
    struct str headings[SHEET_COLUMNS_MAX];
    size_t count;
};

enum { ANNOTATION_COLUMNS = 4 };

static size_t column_of(struct annotated *annotated, struct str heading, size_t place)
{
    /* Columns without a heading, and those whose heading repeats one, are told apart by place. */
    struct text name;
    text_init(&name, annotated->arena, 1 << 17);
    text_add(&name, heading);
    if (heading.len == 0) text_add_f(&name, "#%zu", place + 1);
    for (size_t i = ANNOTATION_COLUMNS; i < annotated->count; i++) {
        if (str_equal(annotated->headings[i], text_str(&name))) return i;
    }
    if (annotated->count == SHEET_COLUMNS_MAX) return SIZE_MAX;
    annotated->headings[annotated->count] = text_str(&name);
    return annotated->count++;
}

static void find_headings(struct annotated *annotated, const struct reject_row *rows, size_t count)
{
    static const char *const own[ANNOTATION_COLUMNS] = {"工作表", "行号", "处理", "问题"};
    for (int i = 0; i < ANNOTATION_COLUMNS; i++) annotated->headings[i] = str_from(own[i]);
    annotated->count = ANNOTATION_COLUMNS;
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && rows[i].headings == rows[i - 1].headings) continue;
        for (size_t c = 0; c < rows[i].heading_count; c++) {
            column_of(annotated, rows[i].headings[c], c);
        }
    }
}

static bool write_annotated_row(struct annotated *annotated, const struct reject_row *rows,
                                size_t first, size_t next, struct err *err)
{
    struct str cells[SHEET_COLUMNS_MAX] = {0};
    struct text row, problems;
    struct str rest = rows[first].written, cell;
    text_init(&row, annotated->arena, 32);
    text_init(&problems, annotated->arena, 1 << 14);
    text_add_f(&row, "%llu", (unsigned long long)rows[first].row);
    for (size_t i = first; i < next; i++) {
        if (i > first) text_add_c(&problems, "；");
        if (rows[i].column.len > 0) text_add_f(&problems, "%.*s：", STR_ARG(rows[i].column));
        text_add_c(&problems, intake_note_text(rows[i].code, LANG_ZH));
    }
    cells[0] = rows[first].sheet;
    cells[1] = text_str(&row);
    cells[2] = rows[first].rejected ? STR("拒收") : STR("接收，有提示");
    cells[3] = text_str(&problems);
    for (size_t place = 0; str_split(&rest, '\t', &cell); place++) {
        if (place >= rows[first].heading_count) break;
        size_t column = column_of(annotated, rows[first].headings[place], place);
        if (column != SIZE_MAX) cells[column] = cell;
    }
    return sheet_row(annotated->sheet, cells, annotated->count, err);
}

/* The register's name, by which the workbook is recognised when it comes back. Nothing else of the
 * batch is told, so it is looked for whoever asks. */
static bool find_register(struct request *request, int64_t batch, struct str *name, struct err *err)
{
    struct str key;
    if (!registry_batch_register(&request->workspace->registry, request->arena, batch, &key, err))
        return false;
    const struct profile *profile = profile_find(&request->workspace->profiles, key);
    *name = profile == NULL ? STR("问题数据") : profile->zh;
    return true;
}

static bool write_annotated(struct arena *arena, const char *path, struct str register_name,
                            const struct reject_row *rows, size_t count, struct err *err)
{
    struct annotated *annotated = arena_new(arena, struct annotated);
    annotated->arena = arena;
    if (!sheet_open(&annotated->sheet, path, str_cstr(arena, register_name), false, err))
        return false;
    find_headings(annotated, rows, count);
    bool good = sheet_header(annotated->sheet, annotated->headings, annotated->count, NULL, err);
    for (size_t first = 0, next; good && first < count; first = next) {
        next = next_record(rows, count, first);
        good = write_annotated_row(annotated, rows, first, next, err);
    }
    if (good) return sheet_close(annotated->sheet, err);
    sheet_abandon(annotated->sheet);
    return false;
}

/* Whole numbers for who may see them, since the rows are to be corrected and sent again. */
static bool export_rejects(struct request *request, struct answer *answer, struct err *err)
{
    struct registry *registry = &request->workspace->registry;
    struct reject_row *rows = NULL;
    size_t count = 0;
    int64_t batch = request_i64(request, "batch", 0);
    bool reveal = asker_may(&request->asker, CAPABILITY_REVEAL);
    const char *folder;
    struct text path, name;
    bool good = reveal
                    ? registry_rejects_reveal(registry, request->arena, &request->asker, batch,
                                              request_text(request, "reason"), &rows, &count, err)
                    : registry_rejects(registry, request->arena, &request->asker, batch, &rows,
                                       &count, err);
    struct str register_name;
    if (!good || !find_register(request, batch, &register_name, err)
        || !upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err)) {
        return false;
    }
    text_init(&path, request->arena, 1 << 15);
    text_init(&name, request->arena, 256);
    text_add_f(&path, "%s/rejects.xlsx", folder);
    text_add_f(&name, "%.*s_问题数据_批次%lld.xlsx", STR_ARG(register_name), (long long)batch);
    if (!write_annotated(request->arena, path.ptr, register_name, rows, count, err)) return false;
    answer_file(answer, path.ptr, true, text_str(&name),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    return true;
}

static bool undo(struct request *request, struct answer *answer, struct err *err)
{
    int64_t batch = request_i64(request, "batch", 0), refresh;
    if (!registry_undo_because(&request->workspace->registry, &request->asker, batch,
                               request_text(request, "why"), err)
        || !snapshot_wish(request->parts->hub, request->parts->tasks, &refresh, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "batch", batch);
    json_key_i64(json, "task", refresh);
    json_object_end(json);
    return true;
}

#define BATCH_NUMBER                                                                               \
    {                                                                                              \
        "batch", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "批次号", "number of the batch"     \
    }

const struct route routes_import[] = {
    {.method = METHOD_GET,
     .pattern = "/api/imports",
     .capability = CAPABILITY_IMPORT,
     .area = ROUTE_AREA_ROWS,
     .handle = imports,
     .zh = "导入过的批次，最近的在前；只计本人范围内的行",
     .en = "batches, the newest first; only rows of the asker's areas are counted",
     .parameters = {ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/imports/{batch}/rejects",
     .capability = CAPABILITY_IMPORT,
     .area = ROUTE_AREA_ROWS,
     .handle = rejects,
     .zh = "一个批次中拒收的和有提示的行，号码打码",
     .en = "rows of a batch that were rejected or remarked about; numbers are masked",
     .parameters = {BATCH_NUMBER, ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/imports/{batch}/corrections",
     .capability = CAPABILITY_IMPORT,
     .area = ROUTE_AREA_ROWS,
     .handle = corrections,
     .zh = "导入前更正过的单元格：原文与改为，号码打码",
     .en = "cells that were corrected before the import: what stood there, what was taken; masked",
     .parameters = {BATCH_NUMBER, ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/imports/{batch}/rejects/export",
     .capability = CAPABILITY_IMPORT,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = export_rejects,
     .zh = "把这些行导出为工作簿，注明问题，改好后可再导入；记入审计",
     .en = "these rows as a workbook that says what is wrong, to be corrected and imported again",
     .parameters = {BATCH_NUMBER, ROUTE_REASON}},
    {.method = METHOD_DELETE,
     .pattern = "/api/imports/{batch}",
     .capability = CAPABILITY_IMPORT,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = undo,
     .zh = "撤销整个批次",
     .en = "takes a batch back",
     .parameters = {BATCH_NUMBER,
                    {"why", IN_BODY, PARAMETER_TEXT, true, 0, 500, NULL, "理由，记入审计",
                     "why; audited"}}},
    {.pattern = NULL},
};
