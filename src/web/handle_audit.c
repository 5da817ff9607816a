#include "web/answer.h"
#include "web/limits.h"
#include "web/request.h"
#include "web/routes.h"

#include "access/audit.h"

/* The trail, as the auditor reads it. Reading it is not itself in it: the trail would never end. */

static const int64_t day_ms = 24 * 60 * 60 * 1000;
static const int64_t china_ms = 8 * 60 * 60 * 1000;

/* The moment when a day of the office begins. */
static int64_t begin_of(day d)
{
    return (int64_t)d.days * day_ms - china_ms;
}

static bool list(struct request *request, struct answer *answer, struct err *err)
{
    struct request_page page = request_page(request);
    day from = request_day(request, "from"), to = request_day(request, "to");
    struct audit_filter filter = {.user = request_text(request, "user"),
                                  .action = request_text(request, "action"),
                                  .object = request_text(request, "object"),
                                  .skip = page.first,
                                  .most = (uint64_t)page.size};
    struct audit_entry *entries = NULL;
    size_t count = 0;
    uint64_t total = 0;
    if (!day_is_none(from)) filter.from_ms = begin_of(from);
    if (!day_is_none(to)) filter.to_ms = begin_of(to) + day_ms;
    if (!audit_select(request->workspace->store, request->arena, &filter, &entries, &count, &total,
                      err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        json_key_i64(json, "number", entries[i].number);
        json_key_i64(json, "at_ms", entries[i].at_ms);
        json_key_str(json, "user", entries[i].user);
        json_key_str(json, "action", entries[i].action);
        json_key_str(json, "object", entries[i].object);
        json_key_str(json, "reason", entries[i].reason);
        json_object_end(json);
    }
    answer_rows_end(answer, request, total);
    return true;
}

static bool verify(struct request *request, struct answer *answer, struct err *err)
{
    int64_t broken_at = 0;
    struct audit_root root;
    char text[AUDIT_ROOT_SIZE];
    if (!audit_verify(request->workspace->store, &broken_at, err)
        || !audit_root(request->workspace->store, &root, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_bool(json, "whole", broken_at == 0);
    json_key(json, "broken_at");
    if (broken_at == 0) {
        json_null(json);
    } else {
        json_i64(json, broken_at);
    }
    json_key_str(json, "root", str_from(audit_root_text(&root, text)));
    json_object_end(json);
    return true;
}

#define TEXT(name, zh, en)                                                                         \
    {                                                                                              \
        name, IN_QUERY, PARAMETER_TEXT, false, 0, 0, NULL, zh, en                                  \
    }

const struct route routes_audit[] = {
    {.method = METHOD_GET,
     .pattern = "/api/audit",
     .capability = CAPABILITY_AUDIT,
     .handle = list,
     .zh = "审计记录，新的在前",
     .en = "the audit trail, newest first",
     .parameters = {TEXT("user", "何人", "who"),
                    TEXT("action", "做了什么", "what was done"),
                    TEXT("object", "对象", "to what"),
                    {"from", IN_QUERY, PARAMETER_DAY, false, 0, 0, NULL, "从哪天起（北京时间）",
                     "from this day on (China's)"},
                    {"to", IN_QUERY, PARAMETER_DAY, false, 0, 0, NULL, "到哪天止", "to this day"},
                    ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/audit/verify",
     .capability = CAPABILITY_AUDIT,
     .handle = verify,
     .zh = "审计记录是否被动过",
     .en = "whether the trail was touched"},
    {.pattern = NULL},
};
