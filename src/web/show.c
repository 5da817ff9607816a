#include "web/show.h"

#include "findings/reason.h"

#include <string.h>

bool show_open(struct request *request, struct answer *answer, struct view *out, struct err *err)
{
    if (request->snapshot == NULL) {
        answer->status = 503;
        return err_set(err, ERR_CONFLICT,
                       "the workspace is being read for the first time, try again in a minute",
                       "正在首次读取工作区，请一分钟后再试");
    }
    *out = (struct view){.snapshot = request->snapshot,
                         .registry = &request->workspace->registry,
                         .asker = &request->asker,
                         .arena = request->arena,
                         .reckoned = request->parts->reckoned};
    return true;
}

bool show_unchanged(struct answer *answer, const struct request *request)
{
    enum { VERSION_BYTES_MAX = 1 << 15 };
    const struct asker *asker = &request->asker;
    struct text version;
    text_init(&version, request->arena, VERSION_BYTES_MAX);
    text_add_f(&version, "%lld %lld %d\n", (long long)request->snapshot->number,
               (long long)request->snapshot->made_ms, asker->all_areas);
    text_add(&version, asker->name);
    text_add_byte(&version, '\n');
    text_add(&version, asker->school);
    for (size_t i = 0; i < asker->area_count; i++) {
        text_add_byte(&version, '\n');
        text_add(&version, asker->areas[i]);
    }
    text_add_byte(&version, '\n');
    text_add(&version, request->path);
    text_add_byte(&version, '?');
    text_add(&version, request->query);
    return !version.cut && answer_unchanged(answer, request, text_str(&version));
}

struct view_page show_page(const struct request *request)
{
    struct request_page page = request_page(request);
    return (struct view_page){.page = (size_t)page.page, .size = (size_t)page.size};
}

void show_snapshot(struct json *json, const char *key, const struct request *request)
{
    struct snapshot_state state;
    snapshot_hub_state(request->parts->hub, &state);
    json_key(json, key);
    if (request->snapshot == NULL) {
        json_null(json);
        return;
    }
    json_object(json);
    json_key_i64(json, "number", request->snapshot->number);
    answer_day(json, "at", request->snapshot->at);
    json_key_i64(json, "made_ms", request->snapshot->made_ms);
    /* A newer one may have come since the request took its own: who asks has to ask again. */
    json_key_bool(json, "refreshing",
                  state.refreshing || state.number != request->snapshot->number
                      || task_is_under_way(request->parts->tasks, "refresh"));
    json_object_end(json);
}

void show_text_or_null(struct json *json, const char *key, struct str text)
{
    json_key(json, key);
    if (text.len == 0) {
        json_null(json);
    } else {
        json_str(json, text);
    }
}

void show_ms_or_null(struct json *json, const char *key, int64_t ms)
{
    json_key(json, key);
    if (ms == 0) {
        json_null(json);
    } else {
        json_i64(json, ms);
    }
}

void show_user_areas(struct json *json, const struct request *request, const struct user *user)
{
    json_key(json, "areas");
    json_list(json);
    for (size_t i = 0; i < user->area_count; i++) {
        json_object(json);
        json_key_str(json, "code", user->areas[i]);
        json_key_str(json, "name", division_name_of(request->workspace->divisions, user->areas[i]));
        json_object_end(json);
    }
    json_list_end(json);
}

void show_keys(struct json *json, const char *key, struct str keys)
{
    struct str rest = keys, one;
    json_key(json, key);
    json_list(json);
    while (str_split(&rest, ';', &one)) {
        if (one.len > 0) json_str(json, one);
    }
    json_list_end(json);
}

void show_line(struct json *json, const struct view_line *line)
{
    json_key_bool(json, "visible", line->visible);
    json_key_str(json, "register", line->profile->key);
    json_key_str(json, "area_name", line->area_name);
    if (!line->visible) return;
    json_key_i64(json, "statement", line->statement);
    json_key_i64(json, "part", line->part);
    json_key_i64(json, "person", line->person);
    json_key_str(json, "name", line->name);
    json_key_str(json, "sex", line->sex);
    json_key_str(json, "birth_date", line->birth_date);
    json_key_str(json, "id_number", line->id_number);
    json_key_str(json, "area", line->area);
    json_key_str(json, "school", line->school);
}

static void show_nearest(struct json *json, const struct view_finding *finding)
{
    json_key(json, "nearest");
    if (!finding->has_nearest) {
        json_null(json);
        return;
    }
    json_object(json);
    show_line(json, &finding->nearest);
    answer_ppm(json, "probability", finding->nearest_probability_ppm);
    json_key_i64(json, "weight_millibits", finding->nearest_weight_millibits);
    json_object_end(json);
}

static void show_fen(struct json *json, const char *key, int64_t fen)
{
    json_key(json, key);
    if (fen < 0) {
        json_null(json);
    } else {
        json_i64(json, fen);
    }
}

static void show_aid(struct json *json, const struct view_finding *finding)
{
    json_key(json, "aid");
    if (finding->scheme.len == 0) {
        json_null(json);
        return;
    }
    json_object(json);
    json_key_str(json, "scheme", finding->scheme);
    json_key_str(json, "period", finding->period);
    show_fen(json, "due_fen", finding->due_fen);
    show_fen(json, "paid_fen", finding->paid_fen);
    json_key_str(json, "zh", finding->notes_zh);
    json_key_str(json, "en", finding->notes_en);
    json_object_end(json);
}

void show_finding(struct json *json, const struct view_finding *finding)
{
    json_object(json);
    json_key_i64(json, "finding", finding->number);
    json_key_str(json, "kind", str_from(finding_kind_key(finding->kind)));
    json_key_str(json, "queue", str_from(queue_key(finding->queue)));
    json_key(json, "person");
    if (finding->person == 0) {
        json_null(json);
    } else {
        json_i64(json, finding->person);
    }
    json_key_str(json, "name", finding->name);
    json_key_str(json, "id_number", finding->id_number);
    answer_day(json, "birth_date", finding->birth);
    json_key(json, "age");
    if (finding->age < 0) {
        json_null(json);
    } else {
        json_i64(json, finding->age);
    }
    json_key_str(json, "area", finding->area);
    json_key_str(json, "area_name", finding->area_name);
    json_key_str(json, "school", finding->school);
    answer_ppm(json, "probability", finding->probability_ppm);
    show_nearest(json, finding);
    show_keys(json, "reason", reason_keys(finding->reason));
    show_aid(json, finding);
    json_key(json, "notes");
    if (finding->notes_zh.len == 0) {
        json_null(json);
    } else {
        answer_words(json, STR_EMPTY, finding->notes_zh, finding->notes_en);
    }
    answer_day(json, "opened", finding->opened);
    json_key_str(json, "status", str_from(finding_status_key(finding->status)));
    json_object_end(json);
}

static void show_value(struct json *json, const struct view_value *value)
{
    json_object(json);
    json_key_str(json, "field", value->field->key);
    json_key_str(json, "value", value->value);
    json_key(json, "written");
    if (value->written.ptr == NULL) {
        json_null(json);
    } else {
        json_str(json, value->written);
    }
    json_key_bool(json, "derived", value->derived);
    json_object_end(json);
}

void show_record(struct json *json, const struct view_record *record)
{
    json_object(json);
    show_line(json, &record->line);
    if (record->line.visible) {
        const struct batch *batch = record->batch;
        json_key(json, "batch");
        if (batch == NULL) {
            json_null(json);
        } else {
            json_i64(json, batch->number);
        }
        json_key_str(json, "file", batch == NULL ? STR_EMPTY : batch->file);
        json_key_i64(json, "sheet", (int64_t)record->sheet);
        json_key_i64(json, "row", (int64_t)record->row);
        answer_day(json, "since", record->since);
        /* What is shown holds on the snapshot's day, and no later word is known. */
        answer_day(json, "until", DAY_NONE);
        show_ms_or_null(json, "imported_ms", batch == NULL ? 0 : batch->imported_ms);
        json_key(json, "values");
        json_list(json);
        for (size_t v = 0; v < record->value_count; v++) show_value(json, &record->values[v]);
        json_list_end(json);
    }
    json_object_end(json);
}

void show_fields(struct json *json, const char *key, const struct explanation *explanation)
{
    json_key(json, key);
    json_list(json);
    for (int f = 0; explanation != NULL && f < EXPLAIN_FIELDS; f++) {
        const struct explain_field *field = &explanation->fields[f];
        json_object(json);
        json_key_str(json, "field", str_from(field->key));
        json_key_str(json, "zh", str_from(field->zh));
        json_key_str(json, "en", str_from(field->en));
        json_key_str(json, "level_zh", str_from(field->level_zh));
        json_key_str(json, "level_en", str_from(field->level_en));
        json_key_str(json, "left", field->left);
        json_key_str(json, "right", field->right);
        json_key_i64(json, "millibits", field->millibits);
        json_object_end(json);
    }
    json_list_end(json);
}

static bool is_self(const struct view_revealed *value, const char *key)
{
    return str_is(value->field->key, key) && value->field->person == PROFILE_SELF;
}

static void write_phones(struct json *json, const struct view_revealed *values, size_t count)
{
    json_key(json, "phones");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        size_t before = 0;
        if (values[i].field->type != FIELD_PHONE) continue;
        while (before < i
               && (values[before].field->type != FIELD_PHONE
                   || !str_equal(values[before].value, values[i].value))) {
            before++;
        }
        if (before == i) json_str(json, values[i].value);
    }
    json_list_end(json);
}

void show_revealed(struct json *json, const struct view_revealed *values, size_t count)
{
    struct str id_number = STR_EMPTY;
    for (size_t i = count; i-- > 0;) {
        if (is_self(&values[i], "id_number")) id_number = values[i].value;
    }
    json_object(json);
    json_key_str(json, "id_number", id_number);
    write_phones(json, values, count);
    json_key(json, "values");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        json_key_str(json, "register", values[i].line.profile->key);
        json_key_i64(json, "statement", values[i].line.statement);
        json_key_str(json, "field", values[i].field->key);
        json_key_str(json, "value", values[i].value);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
}
