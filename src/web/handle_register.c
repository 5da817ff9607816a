#include "jobs/view_place.h"
#include "web/routes.h"
#include "web/show.h"

static bool registers(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_register *rows;
    size_t count;
    if (!show_open(request, answer, &view, err) || !view_registers(&view, &rows, &count, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key(json, "rows");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        json_key_str(json, "register", rows[i].profile->key);
        json_key_str(json, "zh", rows[i].profile->zh);
        json_key_str(json, "en", rows[i].profile->en);
        json_key_str(json, "scope", rows[i].profile->scope);
        json_key_i64(json, "fields", (int64_t)rows[i].profile->field_count);
        json_key_i64(json, "statements", (int64_t)rows[i].statements);
        json_key_i64(json, "batches", (int64_t)rows[i].batches);
        show_ms_or_null(json, "last_import_ms", rows[i].last_import_ms);
        answer_day(json, "newest_day", rows[i].newest_day);
        json_object_end(json);
    }
    json_list_end(json);
    json_key_i64(json, "total", (int64_t)count);
    json_object_end(json);
    return true;
}

const struct route routes_register[] = {
    {.method = METHOD_GET,
     .pattern = "/api/registers",
     .capability = CAPABILITY_LOOK,
     .handle = registers,
     .zh = "认得的名册及已导入的情况，按键排序",
     .en = "the registers known and what is loaded of them, by key"},
    {.pattern = NULL},
};
