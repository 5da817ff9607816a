#include "access/audit.h"
#include "base/file.h"
#include "base/sheet_out.h"
#include "jobs/upload.h"
#include "web/answer.h"
#include "web/limits.h"
#include "web/request.h"
#include "web/routes.h"

enum { CORRECTED_BYTES_MAX = 2000, SHEET_NAME_BYTES_MAX = 200, MAP_COLUMNS_MAX = 512 };

static bool give_task(const struct request *request, struct answer *answer, int64_t upload,
                      int64_t task)
{
    (void)request;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "upload", upload);
    json_key_i64(json, "task", task);
    json_object_end(json);
    return true;
}

static bool upload_files(struct request *request, struct answer *answer, struct err *err)
{
    struct upload_file *files =
        arena_array(request->arena, struct upload_file, request->file_count);
    struct upload_wish wish = {.as = request_text(request, "as"),
                               .area = request_text(request, "area"),
                               .at = request_day(request, "at")};
    int64_t task, number = request->upload;
    for (size_t i = 0; i < request->file_count; i++) {
        files[i] =
            (struct upload_file){.name = request->files[i].name, .path = request->files[i].path};
    }
    if (wish.as.len > 0 && profile_find(&request->workspace->profiles, wish.as) == NULL)
        return err_set(err, ERR_INPUT, "there is no such register", "没有这个名册");
    if (!upload_keep(request->parts->uploads, &request->asker, number, files, request->file_count,
                     &wish, &task, err)) {
        answer->status = err->kind == ERR_LIMIT ? 429 : 0;
        return false;
    }
    request->upload = 0;
    return give_task(request, answer, number, task);
}

static void write_column(struct json *json, const struct upload_column *column)
{
    json_object(json);
    json_key_i64(json, "place", (int64_t)column->place);
    json_key_str(json, "heading", column->heading);
    json_key(json, "field");
    if (column->field.len == 0)
        json_null(json);
    else
        json_str(json, column->field);
    json_key(json, "sample");
    json_list(json);
    for (size_t i = 0; i < column->sample_count; i++) json_str(json, column->samples[i]);
    json_list_end(json);
    json_object_end(json);
}

static void write_sheet(struct json *json, const struct upload_sheet *sheet)
{
    json_object(json);
    json_key_str(json, "name", sheet->name);
    json_key_i64(json, "header_row", (int64_t)sheet->header_row);
    json_key_i64(json, "rows", (int64_t)sheet->rows);
    json_key_str(json, "register", sheet->register_key);
    json_key(json, "columns");
    json_list(json);
    for (size_t i = 0; i < sheet->column_count; i++) write_column(json, &sheet->columns[i]);
    json_list_end(json);
    json_object_end(json);
}

static void write_note(struct json *json, const struct upload_note *note)
{
    json_object(json);
    json_key(json, "column");
    if (note->column == SIZE_MAX)
        json_null(json);
    else
        json_i64(json, (int64_t)note->column);
    json_key_str(json, "code", note->code);
    json_object_end(json);
}

static void write_row(struct json *json, const struct upload_look *look,
                      const struct upload_row *row)
{
    json_object(json);
    json_key_str(json, "sheet",
                 row->sheet < look->sheet_count ? look->sheets[row->sheet].name : STR(""));
    json_key_i64(json, "row", (int64_t)row->row);
    json_key_bool(json, "rejected", row->rejected);
    json_key(json, "notes");
    json_list(json);
    for (size_t i = 0; i < row->note_count; i++) write_note(json, &row->notes[i]);
    json_list_end(json);
    json_key(json, "cells");
    json_list(json);
    for (size_t i = 0; i < row->cell_count; i++) json_str(json, row->cells[i]);
    json_list_end(json);
    json_object_end(json);
}

static void write_register(struct json *json, const struct profiles *profiles, struct str key)
{
    const struct profile *profile = key.len == 0 ? NULL : profile_find(profiles, key);
    static const char *const keys[] = {"register", "register_zh", "register_en"};
    for (int i = 0; i < 3; i++) {
        json_key(json, keys[i]);
        if (profile == NULL)
            json_null(json);
        else
            json_str(json, i == 0 ? profile->key : i == 1 ? profile->zh : profile->en);
    }
}

static void write_error(struct json *json, const struct upload_file *file)
{
    json_key(json, "error");
    if (!file->looked || file->look.taken) {
        json_null(json);
        return;
    }
    json_object(json);
    json_key_str(json, "kind", STR("input"));
    json_key_str(json, "zh", str_from(file->look.error.zh));
    json_key_str(json, "en", str_from(file->look.error.en));
    json_object_end(json);
}

static const char *status_of(const struct upload_file *file)
{
    if (file->imported) return "imported";
    if (!file->looked) return "waiting";
    if (!file->look.taken) return "refused";
    return file->look.unchanged ? "unchanged" : "ready";
}

static void write_file(struct json *json, const struct profiles *profiles,
                       const struct upload_file *file)
{
    const struct upload_look *look = &file->look;
    json_object(json);
    json_key_str(json, "file", file->name);
    write_register(json, profiles, look->register_key);
    answer_day(json, "at", file->looked ? look->at : DAY_NONE);
    json_key_str(json, "status", str_from(status_of(file)));
    json_key_i64(json, "rows", (int64_t)look->rows);
    json_key_i64(json, "accepted", (int64_t)look->accepted);
    json_key_i64(json, "warned", (int64_t)look->warned);
    json_key_i64(json, "rejected", (int64_t)look->rejected);
    json_key_i64(json, "would_end", (int64_t)look->would_end);
    json_key_str(json, "scope", look->scope);
    write_error(json, file);
    json_key(json, "sheets");
    json_list(json);
    for (size_t i = 0; i < look->sheet_count; i++) write_sheet(json, &look->sheets[i]);
    json_list_end(json);
    json_key(json, "rows_with_notes");
    json_list(json);
    for (size_t i = 0; i < look->noted_count; i++) write_row(json, look, &look->noted[i]);
    json_list_end(json);
    json_object_end(json);
}

struct telling {
    struct request *request;
    struct answer *answer;
};

static void tell_upload(void *context, const struct upload *upload)
{
    struct telling *telling = context;
    struct json *json = answer_json(telling->answer);
    json_object(json);
    json_key_i64(json, "upload", upload->number);
    json_key_i64(json, "task", upload->task);
    json_key(json, "files");
    json_list(json);
    for (size_t i = 0; i < upload->file_count; i++) {
        write_file(json, &telling->request->workspace->profiles, &upload->files[i]);
    }
    json_list_end(json);
    json_object_end(json);
}

static bool one_upload(struct request *request, struct answer *answer, struct err *err)
{
    struct telling telling = {request, answer};
    return upload_visit(request->parts->uploads, &request->asker, request_i64(request, "upload", 0),
                        tell_upload, &telling, err);
}

static bool read_columns(struct request *request, struct intake_column **out, size_t *count,
                         struct err *err)
{
    const struct json_value *list = request_list(request, "columns");
    *count = list == NULL ? 0 : list->count;
    *out = arena_array(request->arena, struct intake_column, *count);
    for (size_t i = 0; i < *count; i++) {
        int64_t place = 0;
        struct str field = STR_EMPTY;
        if (!object_i64(&list->items[i], "place", 0, WORKBOOK_COLUMNS_MAX - 1, true, &place, err)
            || !object_text(&list->items[i], "field", 64, false, &field, err)) {
            return err_at(err, "\"columns\", entry %zu", "“columns”第 %zu 项", i + 1);
        }
        (*out)[i] = (struct intake_column){.place = (size_t)place, .field = field};
    }
    return true;
}

static bool correct_map(struct request *request, struct answer *answer, struct err *err)
{
    struct intake_column *columns;
    struct upload_map map = {.file = request_text(request, "file"),
                             .sheet = request_text(request, "sheet"),
                             .as = request_text(request, "register")};
    int64_t number = request_i64(request, "upload", 0), task;
    if (!read_columns(request, &columns, &map.column_count, err)) return false;
    map.columns = columns;
    return upload_correct_map(request->parts->uploads, &request->asker, number, &map, &task, err)
           && give_task(request, answer, number, task);
}

static bool correct_cell(struct request *request, struct answer *answer, struct err *err)
{
    struct upload_cell cell = {.file = request_text(request, "file"),
                               .sheet = request_text(request, "sheet"),
                               .row = (uint64_t)request_i64(request, "row", 0),
                               .place = (size_t)request_i64(request, "place", 0),
                               .value = request_text(request, "value")};
    int64_t number = request_i64(request, "upload", 0), task;
    return upload_correct_cell(request->parts->uploads, &request->asker, number, &cell, &task, err)
           && give_task(request, answer, number, task);
}

static void do_nothing(void *context, const struct upload *upload)
{
    (void)context;
    (void)upload;
}

/* On record before it is made. */
static bool export_file(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    struct text object, path, name;
    struct upload_annotation wanted = {.number = request_i64(request, "upload", 0),
                                       .file = request_text(request, "file"),
                                       .sheet = request_text(request, "sheet")};
    const char *folder;
    text_init(&object, request->arena, 1024);
    text_add_f(&object, "upload %lld, %.*s", (long long)wanted.number, STR_ARG(wanted.file));
    if (!upload_visit(request->parts->uploads, &request->asker, wanted.number, do_nothing, NULL,
                      err)
        || !audit_append(workspace->store, &workspace->clock, &request->asker, AUDIT_EXPORT,
                         text_str(&object), request_text(request, "reason"), err)
        || !upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err)) {
        return false;
    }
    text_init(&path, request->arena, 1 << 15);
    text_init(&name, request->arena, 1024);
    text_add_f(&path, "%s/annotated.xlsx", folder);
    text_add_f(&name, "批注_%.*s.xlsx", STR_ARG(wanted.file));
    wanted.path = path.ptr;
    if (!upload_annotate(request->parts->uploads, &request->asker, &wanted, workspace,
                         request->arena, err)) {
        return false;
    }
    answer_file(answer, path.ptr, true, text_str(&name),
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    return true;
}

static bool import(struct request *request, struct answer *answer, struct err *err)
{
    int64_t number = request_i64(request, "upload", 0), task;
    if (!upload_import(request->parts->uploads, &request->asker, number,
                       request_yes(request, "complete"), request_yes(request, "yes"), &task, err)) {
        answer->status = err->kind == ERR_LIMIT ? 429 : 0;
        return false;
    }
    return give_task(request, answer, number, task);
}

static bool discard(struct request *request, struct answer *answer, struct err *err)
{
    int64_t number = request_i64(request, "upload", 0);
    if (!upload_visit(request->parts->uploads, &request->asker, number, do_nothing, NULL, err))
        return false;
    upload_discard(request->parts->uploads, number);
    answer->status = 204;
    return true;
}

#define UPLOAD_NUMBER                                                                              \
    {                                                                                              \
        "upload", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "上传号", "number of the upload"   \
    }
#define UPLOAD_FILE                                                                                \
    {                                                                                              \
        "file", IN_BODY, PARAMETER_TEXT, true, 0, 300, NULL, "文件名", "name of the file"          \
    }
#define UPLOAD_SHEET                                                                               \
    {                                                                                              \
        "sheet", IN_BODY, PARAMETER_TEXT, false, 0, SHEET_NAME_BYTES_MAX, NULL,                    \
            "工作表名，文本文件为空", "name of the sheet, empty in text files"                     \
    }

const struct route routes_upload[] = {
    {.method = METHOD_POST,
     .pattern = "/api/uploads",
     .capability = CAPABILITY_IMPORT,
     .area = ROUTE_AREA_GIVEN,
     .store = ROUTE_READS,
     .body = ROUTE_BODY_FILES,
     .handle = upload_files,
     .zh = "上传文件并试读，不入库",
     .en = "takes files and tries them; nothing is kept in the workspace",
     .parameters = {{"as", IN_BODY, PARAMETER_TEXT, false, 0, 64, NULL, "指定名册", "register"},
                    {"area", IN_BODY, PARAMETER_AREA, false, 0, 0, NULL, "行内无区划时所属的区划",
                     "area of rows that name none"},
                    {"at", IN_BODY, PARAMETER_DAY, false, 0, 0, NULL, "名册所述的日期",
                     "the day they speak of"}}},
    {.method = METHOD_GET,
     .pattern = "/api/uploads/{upload}",
     .capability = CAPABILITY_IMPORT,
     .handle = one_upload,
     .zh = "试读的结果：各列认作什么，哪些行有问题",
     .en = "what the files were taken for: every column, and rows with remarks",
     .parameters = {UPLOAD_NUMBER}},
    {.method = METHOD_PUT,
     .pattern = "/api/uploads/{upload}/map",
     .capability = CAPABILITY_IMPORT,
     .body = ROUTE_BODY_JSON,
     .handle = correct_map,
     .zh = "更正列与字段的对照，重新试读",
     .en = "corrects which column is which field, and tries again",
     .parameters = {UPLOAD_NUMBER,
                    UPLOAD_FILE,
                    UPLOAD_SHEET,
                    {"columns", IN_BODY, PARAMETER_LIST, false, 0, MAP_COLUMNS_MAX, NULL,
                     "[{place, field|null}]", "[{place, field|null}]"},
                    {"register", IN_BODY, PARAMETER_TEXT, false, 0, 64, NULL, "名册", "register"}}},
    {.method = METHOD_PUT,
     .pattern = "/api/uploads/{upload}/cells",
     .capability = CAPABILITY_IMPORT,
     .body = ROUTE_BODY_JSON,
     .handle = correct_cell,
     .zh = "更正一个单元格，重新试读；更正记入审计",
     .en = "corrects a cell, and tries again; audited when it is imported",
     .parameters = {UPLOAD_NUMBER,
                    UPLOAD_FILE,
                    UPLOAD_SHEET,
                    {"row", IN_BODY, PARAMETER_INTEGER, true, 1, WORKBOOK_ROWS_MAX, NULL, "行号",
                     "row number"},
                    {"place", IN_BODY, PARAMETER_INTEGER, true, 0, WORKBOOK_COLUMNS_MAX - 1, NULL,
                     "第几列，从 0 起", "column, from 0"},
                    {"value", IN_BODY, PARAMETER_TEXT, false, 0, CORRECTED_BYTES_MAX, NULL,
                     "改为，可为空", "what it should be; may be empty"}}},
    {.method = METHOD_POST,
     .pattern = "/api/uploads/{upload}/export",
     .capability = CAPABILITY_IMPORT,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = export_file,
     .zh = "一张工作表，首列注明每行的问题，改好后可再上传；记入审计",
     .en = "a sheet with what is wrong in a first column, to be corrected and sent again",
     .parameters = {UPLOAD_NUMBER, UPLOAD_FILE, UPLOAD_SHEET, ROUTE_REASON}},
    {.method = METHOD_POST,
     .pattern = "/api/uploads/{upload}/import",
     .capability = CAPABILITY_IMPORT,
     .body = ROUTE_BODY_JSON,
     .handle = import,
     .zh = "导入未被退回的文件（后台任务）",
     .en = "imports the files that are not refused, as a task",
     .parameters = {UPLOAD_NUMBER,
                    {"complete", IN_BODY, PARAMETER_YES_NO, false, 0, 0, NULL,
                     "完整导出：表中没有的即已终止", "complete exports: rows gone have ended"},
                    {"yes", IN_BODY, PARAMETER_YES_NO, false, 0, 0, NULL, "终止超过 5 % 时也照办",
                     "also when more than 5 % would end"}}},
    {.method = METHOD_DELETE,
     .pattern = "/api/uploads/{upload}",
     .capability = CAPABILITY_IMPORT,
     .gives = ROUTE_GIVES_NOTHING,
     .handle = discard,
     .zh = "放弃上传的文件",
     .en = "throws the files away",
     .parameters = {UPLOAD_NUMBER}},
    {.pattern = NULL},
};
