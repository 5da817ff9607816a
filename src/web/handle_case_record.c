#include "base/file.h"
#include "cases/case_write.h"
#include "jobs/upload.h"
#include "web/case_desk.h"
#include "web/routes.h"

enum { PATH_BYTES_MAX = 1 << 15 };

/* What is written down is of one kind; these are the names that the body may give, and what the
 * field of the event is called. */
static const struct {
    const char *parameter, *field;
    unsigned kinds;
} given_fields[] = {
    {"way", "way", 1u << EVENT_CONTACT},
    {"who", "who", 1u << EVENT_CONTACT},
    {"said", "said", 1u << EVENT_CONTACT},
    {"result", "result", 1u << EVENT_CONTACT},
    {"step", "step", 1u << EVENT_CONTACT | 1u << EVENT_STEP},
    {"said", "note", 1u << EVENT_STEP | 1u << EVENT_ATTACHED},
    {"outcome", "outcome", 1u << EVENT_CONFIRMED | 1u << EVENT_CLOSED | 1u << EVENT_RETURNED},
    {"evidence", "evidence", 1u << EVENT_CLOSED | 1u << EVENT_RETURNED},
    {"why", "why", 1u << EVENT_CONFIRMED | 1u << EVENT_REOPENED | 1u << EVENT_TRANSFERRED},
    {"to", "area", 1u << EVENT_TRANSFERRED},
};

/* The fields that people keep, from a list of {field, value}. */
static bool read_set(const struct request *request, struct case_fields *fields, struct err *err)
{
    const struct json_value *list = request_list(request, "set");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        struct str field = STR_EMPTY, value = STR_EMPTY;
        if (!object_text(&list->items[i], "field", CASE_VALUE_BYTES_MAX, true, &field, err)
            || !object_text(&list->items[i], "value", CASE_VALUE_BYTES_MAX, false, &value, err)) {
            return false;
        }
        case_fields_put(fields, field, value);
    }
    return true;
}

static bool read_event(const struct request *request, day at, struct case_event *out,
                       struct err *err)
{
    struct case_fields fields = {.arena = request->arena};
    int kind = case_event_of(request_text(request, "action"));
    CHECK(kind >= 0);
    for (size_t i = 0; i < sizeof given_fields / sizeof *given_fields; i++) {
        if ((given_fields[i].kinds >> kind & 1) == 0) continue;
        case_fields_add(&fields, given_fields[i].field,
                        request_text(request, given_fields[i].parameter));
    }
    if (kind == EVENT_SET && !read_set(request, &fields, err)) return false;
    *out = (struct case_event){.kind = (enum case_event_kind)kind,
                               .on = request_given(request, "on") ? request_day(request, "on") : at,
                               .fields = fields.items.items,
                               .field_count = fields.items.count};
    return true;
}

/* What comes with it, where the row takes files. */
static bool read_files(const struct request *request, struct case_attachment **out, struct err *err)
{
    size_t count = request->file_count;
    if (count > CASE_ATTACHMENTS_MAX) {
        return err_set(err, ERR_LIMIT, "%d files at most are attached at once",
                       "一次最多附 %d 个文件", (int)CASE_ATTACHMENTS_MAX);
    }
    *out = arena_array(request->arena, struct case_attachment, count);
    for (size_t i = 0; i < count; i++) {
        if (!case_attachment_read(request->arena, request->files[i].path, request->files[i].name,
                                  &(*out)[i], err)) {
            return false;
        }
    }
    return true;
}

/* Both sides of what two people wrote into one field. */
static void write_conflicts(struct arena *arena, struct json *json, const struct case_file *file,
                            const struct case_conflict *conflicts, size_t count)
{
    size_t place = (size_t)conflicts[0].version - 1;
    json_key(json, "theirs");
    json_object(json);
    json_key_i64(json, "at_ms", place < file->event_count ? file->events[place].recorded_ms : 0);
    json_key_i64(json, "version", conflicts[0].version);
    json_key_str(json, "by", conflicts[0].user);
    for (size_t i = 0; i < count; i++) {
        json_key_str(json, str_cstr(arena, conflicts[i].field), conflicts[i].theirs);
    }
    json_object_end(json);
    json_key(json, "yours");
    json_object(json);
    for (size_t i = 0; i < count; i++) {
        json_key_str(json, str_cstr(arena, conflicts[i].field), conflicts[i].yours);
    }
    json_object_end(json);
}

static bool record(struct request *request, struct answer *answer, struct err *err)
{
    struct case_desk desk;
    struct case_event event;
    struct case_attachment *files = NULL;
    struct case_conflict *conflicts = NULL;
    size_t conflict_count = 0;
    int64_t version;
    if (!case_desk_open(request, answer, &desk, err)
        || !read_event(request, clock_today(&request->workspace->clock), &event, err)
        || !read_files(request, &files, err)) {
        return false;
    }
    const struct case_write write = {.number = request_i64(request, "case", 0),
                                     .seen = request_i64(request, "seen", 0),
                                     .events = &event,
                                     .count = 1,
                                     .attachments = files,
                                     .attachment_count = request->file_count};
    if (!case_write(&desk.work, request->arena, &request->asker, &write, &conflicts,
                    &conflict_count, &version, err)) {
        struct case_file file;
        struct err again = ERR_INIT;
        if (err->kind != ERR_CONFLICT || conflict_count == 0) return false;
        if (!case_read(&desk.work, request->arena, &request->asker, write.number, event.on, &file,
                       &again)) {
            return false;
        }
        struct json *json = answer_conflict(answer, err);
        write_conflicts(request->arena, json, &file, conflicts, conflict_count);
        json_object_end(json);
        return true;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "case", write.number);
    json_key_i64(json, "version", version);
    json_object_end(json);
    return true;
}

/* A file that is kept with an event, as it was attached. */
static bool open_file(struct request *request, struct answer *answer, struct err *err)
{
    struct case_desk desk;
    struct case_file file;
    struct case_attachment attachment;
    const char *folder;
    struct text path;
    if (!case_desk_open(request, answer, &desk, err)
        || !case_read(&desk.work, request->arena, &request->asker, request_i64(request, "case", 0),
                      desk.at, &file, err)
        || !case_attachment_open(&desk.work, request->arena, &request->asker, &file,
                                 request_i64(request, "version", 0), &attachment, err)
        || !upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err)) {
        return false;
    }
    text_init(&path, request->arena, PATH_BYTES_MAX);
    text_add_f(&path, "%s/attachment", folder);
    if (!file_write(path.ptr, attachment.bytes, 0600, err)) return false;
    answer_file(answer, path.ptr, true, attachment.name, "application/octet-stream");
    return true;
}

#define CASE_NUMBER                                                                                \
    {                                                                                              \
        "case", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "案卷编号", "number of the case"     \
    }
#define BODY_TEXT(name, bytes, zh, en)                                                             \
    {                                                                                              \
        name, IN_BODY, PARAMETER_TEXT, false, 0, bytes, NULL, zh, en                               \
    }
/* What is recorded, with files or without. */
#define RECORDED(actions)                                                                          \
    CASE_NUMBER, {"action", IN_BODY, PARAMETER_CHOICE, true, 0, 0, actions, "记什么", "what"},     \
        {"seen", IN_BODY, PARAMETER_INTEGER, true, 0, 0, NULL, "看到的版本", "the version seen"},  \
        {"on",                                                                                     \
         IN_BODY,                                                                                  \
         PARAMETER_DAY,                                                                            \
         false,                                                                                    \
         0,                                                                                        \
         0,                                                                                        \
         NULL,                                                                                     \
         "哪天的事（默认今天）",                                                                   \
         "the day it happened (default today)"},                                                   \
        BODY_TEXT("way", 64, "联系方式", "the way of contact"),                                    \
        BODY_TEXT("who", 200, "见了谁", "who was spoken with"),                                    \
        BODY_TEXT("said", 4000, "说了什么；办了什么", "what was said or done"),                    \
        BODY_TEXT("result", 64, "结果", "what came of it"),                                        \
        BODY_TEXT("step", 64, "步骤", "the step"),                                                 \
        BODY_TEXT("outcome", 64, "核查结果代码", "code of the outcome"),                           \
        BODY_TEXT("evidence", 4000, "佐证", "the evidence"),                                       \
        BODY_TEXT("why", 500, "理由", "the reason"),                                               \
        BODY_TEXT("to", 12, "移交到的区划", "the area it is moved to")

const struct route routes_case_record[] = {
    {.method = METHOD_POST,
     .pattern = "/api/cases/{case}/events",
     .capability = CAPABILITY_WORK,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = record,
     .zh = "在案卷里记一件事；其间别人改过同一栏的不覆盖，逐栏列出",
     .en = "records one thing in a case; what others changed since is not overwritten but listed",
     .parameters = {RECORDED("contact|step|confirmed|returned|closed|reopened|transferred|set"),
                    {"set", IN_BODY, PARAMETER_LIST, false, 0, 32, NULL, "填写的栏目：field、value",
                     "fields filled in: field, value"}}},
    {.method = METHOD_POST,
     .pattern = "/api/cases/{case}/attachments",
     .capability = CAPABILITY_WORK,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_FILES,
     .handle = record,
     .zh = "在案卷里记一件事并附文件（最多 8 个，每个不超过 20 MB），要么全记要么全不记",
     .en = "records one thing in a case with its files (8 at most, of 20 MB each): all or nothing",
     .parameters = {RECORDED("contact|step|confirmed|returned|closed|attached")}},
    {.method = METHOD_POST,
     .pattern = "/api/cases/{case}/attachments/{version}",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = open_file,
     .zh = "取出案卷里一条记录的附件；记入审计",
     .en = "gives the file that is kept with an event of a case; audited",
     .parameters = {CASE_NUMBER,
                    {"version", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "第几条",
                     "number of the event"}}},
    {.pattern = NULL},
};
