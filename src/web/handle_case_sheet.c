#include "access/audit.h"
#include "cases/case_pack.h"
#include "cases/case_unpack.h"
#include "cases/case_words.h"
#include "jobs/upload.h"
#include "web/case_desk.h"
#include "web/routes.h"

/* Case sheets: what is owed as a workbook for where there is no network, and back. A workbook that
 * comes is read anew for each request, first tried and then taken; nothing of it stays here. */

enum { PATH_BYTES_MAX = 1 << 15, NAME_BYTES_MAX = 512, KEEP_BYTES_MAX = 4096 };

static const char workbook_type[] =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

static bool read_position(const struct request *request, const struct chains *chains, int *out,
                          struct err *err)
{
    struct str key = request_text(request, "position");
    *out = key.len == 0 ? -1 : position_find(chains, key);
    if (key.len == 0 || *out >= 0) return true;
    return err_set(err, ERR_INPUT, "there is no position \"%.*s\"", "没有职务“%.*s”", STR_ARG(key));
}

static bool pack(struct request *request, struct answer *answer, struct err *err)
{
    struct case_desk desk;
    struct case_pack_result packed;
    struct case_pack_wish wish = {.area = request_text(request, "area"),
                                  .school = request_text(request, "school")};
    const char *folder;
    struct text path, name;
    char at[DAY_TEXT_SIZE];
    if (!case_desk_open(request, answer, &desk, err)
        || !read_position(request, desk.work.chains, &wish.position, err)
        || !upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err)) {
        return false;
    }
    text_init(&path, request->arena, PATH_BYTES_MAX);
    text_init(&name, request->arena, NAME_BYTES_MAX);
    text_add_f(&path, "%s/sheet.xlsx", folder);
    wish.path = path.ptr;
    wish.at = desk.at;
    if (!case_pack(&desk.work, request->arena, &request->asker, request->workspace->divisions,
                   &wish, &packed, err)) {
        return false;
    }
    text_add(&name, wish.area.len > 0 ? view_area_name(&desk.view, wish.area) : wish.school);
    text_add_f(&name, "%s离线工作簿_%s_%zu项.xlsx", name.len > 0 ? "_" : "",
               day_format(desk.at, at), packed.rows);
    answer_file(answer, path.ptr, true, text_str(&name), workbook_type);
    return true;
}

static struct case_words words_of(const struct case_desk *desk, enum lang lang)
{
    return (struct case_words){desk->view.arena, lang, desk->view.snapshot->workspace->divisions};
}

/* What a field of an event says, in words where the texts have them. */
static void write_value(struct json *json, const char *key, const struct case_desk *desk,
                        const struct procedure *procedure, struct str field, struct str value)
{
    const struct procedures *texts = desk->work.procedures;
    const struct procedure_words *lists[] = {str_is(field, "way") ? &texts->ways : NULL,
                                             str_is(field, "result") ? &texts->results : NULL};
    struct str zh = value, en = value;
    for (int i = 0; i < 2; i++) {
        for (size_t w = 0; lists[i] != NULL && w < lists[i]->count; w++) {
            if (!str_equal(lists[i]->items[w].key, value)) continue;
            zh = lists[i]->items[w].zh;
            en = lists[i]->items[w].en;
        }
    }
    if (str_is(field, "event") && case_event_of(value) >= 0) {
        enum case_event_kind kind = (enum case_event_kind)case_event_of(value);
        zh = str_from(case_event_text(kind, LANG_ZH));
        en = str_from(case_event_text(kind, LANG_EN));
    }
    if (str_is(field, "outcome")) {
        zh = case_outcome_words(words_of(desk, LANG_ZH), procedure, value);
        en = case_outcome_words(words_of(desk, LANG_EN), procedure, value);
    }
    if (str_is(field, "step")) {
        zh = case_step_words(words_of(desk, LANG_ZH), procedure, value);
        en = case_step_words(words_of(desk, LANG_EN), procedure, value);
    }
    json_key(json, key);
    answer_words(json, value, zh, en);
}

static void write_conflicts(struct json *json, const struct case_desk *desk,
                            const struct unpack_row *row)
{
    json_key(json, "conflicts");
    json_list(json);
    for (size_t i = 0; i < row->conflict_count; i++) {
        const struct unpack_conflict *conflict = &row->conflicts[i];
        const struct procedure *procedure = row->row->procedure;
        json_object(json);
        json_key_str(json, "field", conflict->field);
        json_key_i64(json, "version", conflict->version);
        json_key_str(json, "by", conflict->user);
        write_value(json, "yours", desk, procedure, conflict->field, conflict->yours);
        write_value(json, "theirs", desk, procedure, conflict->field, conflict->theirs);
        json_object_end(json);
    }
    json_list_end(json);
}

/* The cells that were filled in, by the keys of what they become. */
static void write_filled(struct json *json, const struct case_sheet_row *row)
{
    static const char *const keys[SHEET_COLUMN_COUNT] = {
        [SHEET_DAY] = "day",           [SHEET_WAY] = "way",       [SHEET_WHO] = "who",
        [SHEET_SAID] = "said",         [SHEET_RESULT] = "result", [SHEET_OUTCOME] = "outcome",
        [SHEET_EVIDENCE] = "evidence", [SHEET_NOTE] = "note",
    };
    json_key(json, "filled");
    json_list(json);
    for (int c = SHEET_DAY; c < SHEET_SEAL; c++) {
        if (row->cells[c].len == 0) continue;
        json_object(json);
        json_key_str(json, "field", str_from(keys[c]));
        json_key_str(json, "value", row->cells[c]);
        json_object_end(json);
    }
    json_list_end(json);
}

/* The step; where the case was not opened, as the cell says. */
static void write_step(struct json *json, const struct case_desk *desk,
                       const struct unpack_row *row)
{
    const struct procedure *procedure = row->row->procedure;
    struct str cell = row->row->cells[SHEET_STEP];
    json_key(json, "step");
    if (procedure == NULL) {
        answer_words(json, row->step, cell, cell);
    } else {
        answer_words(json, row->step,
                     case_step_words(words_of(desk, LANG_ZH), procedure, row->step),
                     case_step_words(words_of(desk, LANG_EN), procedure, row->step));
    }
}

static void write_row(struct json *json, const struct case_desk *desk, const struct unpack_row *row)
{
    const struct case_sheet_row *from = row->row;
    json_object(json);
    json_key_str(json, "sheet", from->sheet);
    json_key_i64(json, "row", (int64_t)from->number);
    json_key_str(json, "result", str_from(unpack_result_key(row->result)));
    json_key_i64(json, "case", row->number);
    json_key_i64(json, "version", row->version);
    json_key_str(json, "name", from->cells[SHEET_NAME]);
    write_step(json, desk, row);
    write_filled(json, from);
    json_key(json, "why");
    if (row->why_zh.len == 0) {
        json_null(json);
    } else {
        json_object(json);
        json_key_str(json, "zh", row->why_zh);
        json_key_str(json, "en", row->why_en);
        json_object_end(json);
    }
    write_conflicts(json, desk, row);
    json_object_end(json);
}

/* The one workbook of the request, and which of its rows are kept. */
static bool read_wish(const struct request *request, struct unpack_wish *out, struct err *err)
{
    struct unpack_keep *keep;
    if (request->file_count != 1) {
        return err_set(err, ERR_INPUT, "send one workbook at a time, not %zu",
                       "一次交一个工作簿，不是 %zu 个", request->file_count);
    }
    *out = (struct unpack_wish){.path = request->files[0].path};
    if (!unpack_keep_read(request->arena, request_text(request, "keep"), &keep, &out->keep_count,
                          err)) {
        return false;
    }
    out->keep = keep;
    return true;
}

static bool unpack(struct request *request, struct answer *answer, struct err *err)
{
    struct case_desk desk;
    struct unpack_wish wish;
    struct unpack_outcome outcome;
    if (!case_desk_open(request, answer, &desk, err) || !read_wish(request, &wish, err)) {
        return false;
    }
    wish.dry_run = request_yes(request, "dry_run");
    if (!case_unpack(&desk.work, request->arena, &request->asker, &wish, &outcome, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_bool(json, "dry_run", wish.dry_run);
    json_key(json, "counts");
    json_object(json);
    for (int i = 0; i < UNPACK_RESULT_COUNT; i++) {
        json_key_i64(json, unpack_result_key((enum unpack_result)i), (int64_t)outcome.counts[i]);
    }
    json_object_end(json);
    json_key(json, "rows");
    json_list(json);
    for (size_t i = 0; i < outcome.count; i++) {
        if (outcome.rows[i].result != UNPACK_EMPTY) write_row(json, &desk, &outcome.rows[i]);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

/* What would not be taken, as a workbook; tried only, so that rows that were taken before are left
 * out of it, and nothing is written. */
static bool rejects(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    struct case_desk desk;
    struct unpack_wish wish;
    struct unpack_outcome outcome;
    struct text path, name;
    if (!case_desk_open(request, answer, &desk, err) || !read_wish(request, &wish, err)) {
        return false;
    }
    text_init(&path, request->arena, PATH_BYTES_MAX);
    text_init(&name, request->arena, NAME_BYTES_MAX);
    text_add_f(&path, "%s.rejects.xlsx", wish.path);
    wish.rejects = path.ptr;
    wish.dry_run = true;
    if (!audit_append(workspace->store, &workspace->clock, &request->asker, AUDIT_EXPORT,
                      STR("case sheet, rows not taken"), STR_EMPTY, err)
        || !case_unpack(&desk.work, request->arena, &request->asker, &wish, &outcome, err)) {
        return false;
    }
    if (outcome.counts[UNPACK_CONFLICT] + outcome.counts[UNPACK_REFUSED] == 0) {
        return err_set(err, ERR_NOT_FOUND, "every row of it is taken: there is nothing to correct",
                       "各行都已录入，没有要改的");
    }
    text_add_f(&name, "未录入_%.*s", STR_ARG(request->files[0].name));
    if (!str_ends(text_str(&name), STR(".xlsx"))) text_add_c(&name, ".xlsx");
    answer_file(answer, path.ptr, true, text_str(&name), workbook_type);
    return true;
}

#define KEEP                                                                                       \
    {                                                                                              \
        "keep", IN_BODY, PARAMETER_TEXT, false, 0, KEEP_BYTES_MAX, NULL,                           \
            "虽有冲突仍录入的行：每张工作表一行，“表名:5,9”",                                      \
            "rows written in spite of a conflict, a line for each sheet: \"SHEET:5,9\""            \
    }

const struct route routes_case_sheet[] = {
    {.method = METHOD_POST,
     .pattern = "/api/case-sheets",
     .capability = CAPABILITY_WORK,
     .area = ROUTE_AREA_GIVEN,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = pack,
     .zh = "所见案卷的待办写成离线工作簿，证件号码遮盖；记入审计",
     .en = "what is owed in the cases that one sees, as a workbook for where there is no network; "
           "ID numbers masked; audited",
     .parameters = {{"area", IN_BODY, PARAMETER_AREA, false, 0, 0, NULL, "只要一个区划",
                     "only one area"},
                    {"school", IN_BODY, PARAMETER_TEXT, false, 0, 200, NULL,
                     "只要一所学校（标识码或名称）", "only one school, by code or name"},
                    {"position", IN_BODY, PARAMETER_TEXT, false, 0, 64, NULL,
                     "只要落到这一职务的待办（键）", "only what lies with this position, by key"}}},
    {.method = METHOD_POST,
     .pattern = "/api/case-sheets/read",
     .capability = CAPABILITY_WORK,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_FILES,
     .handle = unpack,
     .zh = "导回填好的离线工作簿：逐行记入案卷；有冲突的不覆盖，逐栏列出",
     .en = "reads a case sheet back: each filled row goes into its case; conflicts are listed "
           "field by field, and nothing is overwritten",
     .parameters = {{"dry_run", IN_BODY, PARAMETER_YES_NO, false, 0, 0, NULL, "只试算，不写入",
                     "says what would be done, and writes nothing"},
                    KEEP}},
    {.method = METHOD_POST,
     .pattern = "/api/case-sheets/rejects",
     .capability = CAPABILITY_WORK,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_FILES,
     .gives = ROUTE_GIVES_FILE,
     .handle = rejects,
     .zh = "这份工作簿中未录入的行，注明原因，改好后可再导；记入审计",
     .en = "the rows of a case sheet that are not taken, with what is wrong, to be corrected and "
           "read again; audited",
     .parameters = {KEEP}},
    {.pattern = NULL},
};
