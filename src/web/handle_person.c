#include "access/audit.h"
#include "jobs/looks.h"
#include "web/routes.h"
#include "web/show.h"

enum { HISTORY_MAX = 50, OBJECT_BYTES_MAX = 64, VALUES_MAX = 4096 };

static struct str object_of(struct arena *arena, int64_t person)
{
    struct text text;
    text_init(&text, arena, OBJECT_BYTES_MAX);
    text_add_f(&text, "person %lld", (long long)person);
    return text_str(&text);
}

static void write_head(struct json *json, const struct view_person *person)
{
    json_key_i64(json, "person", person->number);
    json_key_str(json, "name", person->line.name);
    json_key_str(json, "sex", person->line.sex);
    json_key_str(json, "birth_date", person->line.birth_date);
    json_key(json, "age");
    if (person->age < 0) {
        json_null(json);
    } else {
        json_i64(json, person->age);
    }
    json_key_str(json, "id_number", person->line.id_number);
    json_key_str(json, "area", person->line.area);
    json_key_str(json, "area_name", person->line.area_name);
}

static void empty_list(struct json *json, const char *key)
{
    json_key(json, key);
    json_list(json);
    json_list_end(json);
}

/* A number that was joined into another leads there. */
static bool lead_on(struct request *request, struct answer *answer, const struct view *view,
                    struct err *not_found)
{
    static const char *const lists[] = {"findings", "records", "candidates", "history"};
    int64_t number = request_i64(request, "person", 0), into;
    struct view_person nobody = {.number = number, .age = -1};
    struct err err = ERR_INIT;
    if (not_found->kind != ERR_NOT_FOUND) return false;
    if (!view_joined_into(view, number, &into, &err)) {
        *not_found = err;
        return false;
    }
    if (into == 0) return false;
    struct json *json = answer_json(answer);
    json_object(json);
    write_head(json, &nobody);
    json_key_i64(json, "joined_into", into);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) empty_list(json, lists[i]);
    json_object_end(json);
    return true;
}

static void write_candidate(struct json *json, const struct view_candidate *candidate)
{
    json_object(json);
    show_line(json, &candidate->line);
    json_key_i64(json, "weight_millibits", candidate->weight_millibits);
    answer_ppm(json, "probability", candidate->probability_ppm);
    show_fields(json, "fields", candidate->explained ? &candidate->explanation : NULL);
    json_object_end(json);
}

static bool write_history(struct json *json, struct request *request, int64_t person,
                          struct err *err)
{
    struct audit_entry *entries;
    size_t count;
    struct audit_filter filter = {.object = object_of(request->arena, person), .most = HISTORY_MAX};
    if (!audit_select(request->workspace->store, request->arena, &filter, &entries, &count, NULL,
                      err)) {
        return false;
    }
    json_key(json, "history");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        json_key_i64(json, "at_ms", entries[i].at_ms);
        json_key_str(json, "user", entries[i].user);
        json_key_str(json, "action", entries[i].action);
        json_key_str(json, "reason", entries[i].reason);
        json_object_end(json);
    }
    json_list_end(json);
    return true;
}

static bool person(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_person shown;
    int64_t number = request_i64(request, "person", 0);
    struct err not_found = ERR_INIT;
    if (!show_open(request, answer, &view, err)) return false;
    if (!view_person(&view, number, &shown, &not_found)) {
        if (lead_on(request, answer, &view, &not_found)) return true;
        *err = not_found;
        return false;
    }
    if (!looks_note(request->parts->looks, &request->asker, number, err)) return false;
    struct json *json = answer_json(answer);
    json_object(json);
    write_head(json, &shown);
    json_key(json, "joined_into");
    json_null(json);
    json_key(json, "findings");
    json_list(json);
    for (size_t i = 0; i < shown.finding_count; i++) show_finding(json, &shown.findings[i]);
    json_list_end(json);
    json_key(json, "records");
    json_list(json);
    for (size_t i = 0; i < shown.record_count; i++) show_record(json, &shown.records[i]);
    json_list_end(json);
    json_key(json, "candidates");
    json_list(json);
    for (size_t i = 0; i < shown.candidate_count; i++) {
        write_candidate(json, &shown.candidates[i]);
    }
    json_list_end(json);
    if (!write_history(json, request, number, err)) return false;
    json_object_end(json);
    return true;
}

/* Nobody sees a full number before the reason is on record; what is not there or not the asker's
 * is refused before, so that the trail names only what was shown. */
static bool reveal(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_revealed *values;
    size_t count;
    int64_t number = request_i64(request, "person", 0);
    if (!show_open(request, answer, &view, err) || !view_reveal(&view, number, &values, &count, err)
        || !audit_append(request->workspace->store, &request->workspace->clock, &request->asker,
                         AUDIT_REVEAL, object_of(request->arena, number),
                         request_text(request, "reason"), err)) {
        return false;
    }
    show_revealed(answer_json(answer), values, count);
    return true;
}

#define PERSON_NUMBER                                                                              \
    {                                                                                              \
        "person", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "人员编号", "number of the person" \
    }

const struct route routes_person[] = {
    {.method = METHOD_GET,
     .pattern = "/api/persons/{person}",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = person,
     .zh = "一个人的全部记录及出处、线索、最接近而未归并的记录；查看记入审计",
     .en = "all records of a person with their sources, findings, what came near; audited",
     .parameters = {PERSON_NUMBER}},
    {.method = METHOD_POST,
     .pattern = "/api/persons/{person}/reveal",
     .capability = CAPABILITY_REVEAL,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = reveal,
     .zh = "显示一个人的全号、电话等加密字段；理由记入审计",
     .en = "a person's sealed values in full; the reason is audited",
     .parameters = {PERSON_NUMBER, ROUTE_REASON}},
    {.pattern = NULL},
};
