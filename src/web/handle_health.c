#include "web/answer.h"
#include "web/request.h"
#include "web/routes.h"

static bool health(struct request *request, struct answer *answer, struct err *err)
{
    (void)request;
    (void)err;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_bool(json, "ok", true);
    json_object_end(json);
    return true;
}

static bool describe(struct request *request, struct answer *answer, struct err *err)
{
    (void)err;
    if (answer_unchanged(answer, request, request->parts->openapi)) return true;
    json_ready(answer_json(answer), request->parts->openapi);
    return true;
}

const struct route routes_health[] = {
    {.method = METHOD_GET,
     .pattern = "/api/health",
     .capability = CAPABILITY_PUBLIC,
     .handle = health,
     .zh = "服务是否正常",
     .en = "whether the server answers"},
    {.method = METHOD_GET,
     .pattern = "/api/openapi.json",
     .capability = CAPABILITY_PUBLIC,
     .handle = describe,
     .zh = "接口说明（由路由表生成）",
     .en = "this description, made from the table of routes"},
    {.pattern = NULL},
};
