#include "base/file.h"
#include "cases/case_write.h"
#include "jobs/case_paper.h"
#include "jobs/upload.h"
#include "web/case_desk.h"
#include "web/routes.h"

enum { PATH_BYTES_MAX = 1 << 15, NAME_BYTES_MAX = 512, GIVEN_BYTES_MAX = 2000 };

static bool open_case(struct request *request, struct answer *answer, struct case_desk *desk,
                      struct case_file *file, struct notices *notices, struct err *err)
{
    return case_desk_open(request, answer, desk, err)
           && case_read(&desk->work, request->arena, &request->asker,
                        request_i64(request, "case", 0), desk->at, file, err)
           && notices_load(notices, request->arena, request->workspace->policies, err);
}

static void write_issuers(struct json *json, const struct notices *notices,
                          const struct notice *notice)
{
    json_key(json, "issuers");
    json_list(json);
    for (size_t i = 0; i < notice->issuer_count; i++) {
        const struct notice_issuer *issuer = notice_issuer_find(notices, notice->issuers[i]);
        answer_words(json, issuer->key, issuer->zh, issuer->en);
    }
    json_list_end(json);
}

static bool needs(const struct notice *notice, struct str name)
{
    for (size_t i = 0; i < notice->need_count; i++) {
        if (str_equal(notice->needs[i], name)) return true;
    }
    return false;
}

static void write_asks(struct json *json, const struct notice *notice)
{
    json_key(json, "asks");
    json_list(json);
    for (size_t i = 0; i < notice->ask_count; i++) {
        const struct notice_ask *ask = &notice->asks[i];
        json_object(json);
        json_key(json, "name");
        answer_words(json, ask->name, ask->zh, ask->en);
        json_key_bool(json, "is_day", ask->is_day);
        json_key_bool(json, "needed", needs(notice, ask->name));
        json_object_end(json);
    }
    json_list_end(json);
}

/* The papers of a case, each with what it asks, or why it may not be made yet. */
static bool papers(struct request *request, struct answer *answer, struct err *err)
{
    struct case_desk desk;
    struct case_file file;
    struct notices notices;
    if (!open_case(request, answer, &desk, &file, &notices, err)) return false;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key(json, "papers");
    json_list(json);
    for (size_t i = 0; i < notices.count; i++) {
        const struct notice *notice = &notices.items[i];
        struct err why = ERR_INIT;
        if (!notice->of_case) continue;
        bool may = case_paper_may(&notices, notice, &file, &why);
        json_object(json);
        json_key(json, "paper");
        answer_words(json, notice->key, notice->zh, notice->en);
        write_issuers(json, &notices, notice);
        write_asks(json, notice);
        json_key(json, "not_yet");
        if (may) {
            json_null(json);
        } else {
            json_object(json);
            json_key_str(json, "zh", str_from(why.zh));
            json_key_str(json, "en", str_from(why.en));
            json_object_end(json);
        }
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

static bool read_given(const struct request *request, struct case_fields *out, struct err *err)
{
    const struct json_value *list = request_list(request, "given");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        struct str field = STR_EMPTY, value = STR_EMPTY;
        if (!object_text(&list->items[i], "field", GIVEN_BYTES_MAX, true, &field, err)
            || !object_text(&list->items[i], "value", GIVEN_BYTES_MAX, false, &value, err)) {
            return false;
        }
        if (value.len > 0) case_fields_put(out, field, value);
    }
    return true;
}

static struct str given_of(const struct case_fields *given, const char *name)
{
    for (size_t i = 0; i < given->items.count; i++) {
        if (str_is(given->items.items[i].key, name)) return given->items.items[i].value;
    }
    return STR_EMPTY;
}

/* That the paper went out, in the story of the case. */
static bool record(const struct request *request, const struct case_desk *desk,
                   const struct case_paper_order *order, const struct case_fields *given,
                   struct err *err)
{
    struct case_fields fields = {.arena = request->arena};
    case_fields_add(&fields, "paper", order->paper);
    case_fields_add(&fields, "number", given_of(given, "number"));
    case_fields_add(&fields, "due", given_of(given, "due"));
    struct case_event event = {.kind = EVENT_PAPER,
                               .on = order->at,
                               .fields = fields.items.items,
                               .field_count = fields.items.count};
    int64_t version;
    const struct case_write write = {
        .number = order->file->number, .seen = CASE_SEEN_ANY, .events = &event, .count = 1};
    return case_write(&desk->work, request->arena, &request->asker, &write, NULL, NULL, &version,
                      err);
}

/* The file, and what is recorded of it, are there before the answer says so. */
static bool give_paper(struct request *request, struct answer *answer, const struct case_desk *desk,
                       const struct case_paper *paper, const struct case_paper_order *order,
                       const struct case_fields *given, struct err *err)
{
    const char *folder;
    struct text path, name;
    bool docx = str_is(request_text(request, "format"), "docx");
    if (!upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err)) {
        return false;
    }
    text_init(&path, request->arena, PATH_BYTES_MAX);
    text_init(&name, request->arena, NAME_BYTES_MAX);
    text_add_f(&path, "%s/paper.%s", folder, docx ? "docx" : "pdf");
    text_add_f(&name, "%.*s_%lld.%s", STR_ARG(paper->notice->zh), (long long)order->file->number,
               docx ? "docx" : "pdf");
    if (!notice_write(paper->notice, &paper->values, order->at, path.ptr, err)
        || (request_yes(request, "record") && !record(request, desk, order, given, err))) {
        return false;
    }
    answer_file(answer, path.ptr, true, text_str(&name),
                docx ? "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
                     : "application/pdf");
    return true;
}

static bool print(struct request *request, struct answer *answer, struct err *err)
{
    struct case_desk desk;
    struct case_file file;
    struct notices notices;
    struct case_paper paper;
    struct case_fields given = {.arena = request->arena};
    if (!open_case(request, answer, &desk, &file, &notices, err)
        || !read_given(request, &given, err)) {
        return false;
    }
    const struct case_paper_order order = {.workspace = request->workspace,
                                           .work = &desk.work,
                                           .file = &file,
                                           .asker = &request->asker,
                                           .at = clock_today(&request->workspace->clock),
                                           .paper = request_text(request, "paper"),
                                           .issuer = request_text(request, "issuer"),
                                           .given = given.items.items,
                                           .given_count = given.items.count};
    return case_paper_make(request->arena, &notices, &order, &paper, err)
           && give_paper(request, answer, &desk, &paper, &order, &given, err);
}

#define CASE_NUMBER                                                                                \
    {                                                                                              \
        "case", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "案卷编号", "number of the case"     \
    }

const struct route routes_case_paper[] = {
    {.method = METHOD_GET,
     .pattern = "/api/cases/{case}/papers",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = papers,
     .zh = "一份案卷可出的文书：谁可发出、要填什么，或为何还不能出",
     .en = "the papers of a case: who may issue each, what it asks, or why it may not be made yet",
     .parameters = {CASE_NUMBER}},
    {.method = METHOD_POST,
     .pattern = "/api/cases/{case}/papers",
     .capability = CAPABILITY_WORK,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = print,
     .zh = "出一份文书（PDF 或 docx），证件号码遮盖；记入审计，也可记入案卷",
     .en = "makes a paper (PDF or docx), ID numbers masked; audited, and recorded in the case if "
           "wished",
     .parameters =
         {CASE_NUMBER,
          {"paper", IN_BODY, PARAMETER_TEXT, true, 0, 64, NULL, "文书的键", "key of the paper"},
          {"issuer", IN_BODY, PARAMETER_TEXT, false, 0, 64, NULL, "发文机关的键",
           "key of who issues it"},
          {"given", IN_BODY, PARAMETER_LIST, false, 0, 32, NULL, "只有发文机关知道的：field、value",
           "what only the office knows: field, value"},
          {"format", IN_BODY, PARAMETER_CHOICE, false, 0, 0, "pdf|docx", "格式", "the format"},
          {"record", IN_BODY, PARAMETER_YES_NO, false, 0, 0, NULL, "同时记入案卷",
           "recorded in the case too"}}},
    {.pattern = NULL},
};
