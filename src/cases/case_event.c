#include "cases/case_event.h"

#include "base/json.h"
#include "base/json_read.h"

enum { EVENT_BYTES_MAX = CASE_FIELDS_MAX * (CASE_VALUE_BYTES_MAX + 64) * 2 };

void case_fields_put(struct case_fields *fields, struct str key, struct str value)
{
    *list_push(fields->arena, &fields->items) = (struct case_field){key, value};
}

void case_fields_add(struct case_fields *fields, const char *key, struct str value)
{
    if (value.len > 0) case_fields_put(fields, str_from(key), value);
}

void case_fields_add_number(struct case_fields *fields, const char *key, int64_t value)
{
    struct text text;
    text_init(&text, fields->arena, 32);
    text_add_f(&text, "%lld", (long long)value);
    case_fields_add(fields, key, text_str(&text));
}

void case_fields_add_day(struct case_fields *fields, const char *key, day value)
{
    char text[DAY_TEXT_SIZE];
    day_format(value, text);
    case_fields_add(fields, key, str_copy(fields->arena, str_from(text)));
}

static struct str context_of(struct arena *arena, int64_t case_number, int64_t version)
{
    struct text text;
    text_init(&text, arena, 64);
    text_add_f(&text, "case_event:%lld:%lld", (long long)case_number, (long long)version);
    return text_str(&text);
}

static bool encode(struct arena *arena, const struct case_event *event, struct str *out,
                   struct err *err)
{
    struct text text;
    struct json json;
    text_init(&text, arena, EVENT_BYTES_MAX);
    json_init(&json, &text);
    json_object(&json);
    if (event->field_count > CASE_FIELDS_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d fields at once", "一次填写的字段超过 %d 个",
                       (int)CASE_FIELDS_MAX);
    }
    for (size_t i = 0; i < event->field_count; i++) {
        const struct case_field *field = &event->fields[i];
        if (field->value.len > CASE_VALUE_BYTES_MAX) {
            return err_set(err, ERR_LIMIT, "the text of \"%.*s\" is longer than %d bytes",
                           "“%.*s”的内容超过 %d 字节", STR_ARG(field->key),
                           (int)CASE_VALUE_BYTES_MAX);
        }
        json_key_str(&json, str_cstr(arena, field->key), field->value);
    }
    json_object_end(&json);
    CHECK(!text.cut);
    *out = text_str(&text);
    return true;
}

bool case_event_write(struct store *store, struct codec *codec, int64_t case_number,
                      const struct case_event *event, struct err *err)
{
    struct arena arena = {0};
    struct store_statement *put = NULL;
    struct str plain;
    bool good = encode(&arena, event, &plain, err)
                && store_prepare(store, &put,
                                 "INSERT INTO case_event (case_number, version, kind, day, "
                                 "recorded_ms, user_name, fields) VALUES ($case, $version, $kind, "
                                 "$day, $recorded, $user, $fields)",
                                 err);
    if (good) {
        struct str context = context_of(&arena, case_number, event->version);
        store_bind_i64(put, "$case", case_number);
        store_bind_i64(put, "$version", event->version);
        store_bind_str(put, "$kind", str_from(case_event_key(event->kind)));
        store_bind_day(put, "$day", event->on);
        store_bind_i64(put, "$recorded", event->recorded_ms);
        store_bind_str(put, "$user", event->user);
        store_bind_blob(put, "$fields", codec_seal(codec, &arena, context, plain));
        good = store_run(put, err);
    }
    store_finish(put);
    arena_free(&arena);
    return good;
}

static bool decode(struct arena *arena, struct str plain, struct case_event *event, struct err *err)
{
    struct json_value value;
    if (!json_read(arena, plain, &value, err)) return false;
    event->fields = arena_array(arena, struct case_field, value.count);
    for (size_t i = 0; i < value.count; i++) {
        event->fields[event->field_count++] =
            (struct case_field){value.keys[i], value.items[i].text};
    }
    return true;
}

static bool read_event(struct store_statement *row, struct codec *codec, struct arena *arena,
                       int64_t case_number, struct case_event *event, struct err *err)
{
    struct str plain;
    int kind = case_event_of(store_str(row, 1));
    *event = (struct case_event){.version = store_i64(row, 0),
                                 .on = store_day(row, 2),
                                 .recorded_ms = store_i64(row, 3),
                                 .user = str_copy(arena, store_str(row, 4))};
    if (kind < 0) {
        return err_set(err, ERR_STORE,
                       "case %lld has an event that this program does not know; use the newer one",
                       "案卷 %lld 有本程序不认识的记录，请用较新的程序", (long long)case_number);
    }
    event->kind = (enum case_event_kind)kind;
    struct str context = context_of(arena, case_number, event->version);
    if (!codec_unseal(codec, arena, context, store_str(row, 5), &plain, err)
        || !decode(arena, plain, event, err)) {
        return err_at(err, "case %lld, event %lld", "案卷 %lld 第 %lld 条", (long long)case_number,
                      (long long)event->version);
    }
    return true;
}

bool case_events_read(struct store *store, struct codec *codec, struct arena *arena,
                      int64_t case_number, struct case_event **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct case_event) list = {0};
    bool row = true, good = false;
    if (!store_prepare(store, &rows,
                       "SELECT version, kind, day, recorded_ms, user_name, fields "
                       "FROM case_event WHERE case_number = $case ORDER BY version",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$case", case_number);
    for (;;) {
        struct case_event event;
        if (!store_step(rows, &row, err)) goto out;
        if (!row) break;
        if (!read_event(rows, codec, arena, case_number, &event, err)) goto out;
        *list_push(arena, &list) = event;
    }
    *out = list.items;
    *count = list.count;
    good = true;
out:
    store_finish(rows);
    return good;
}

bool case_events_newest(struct store *store, int64_t *number, struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(store, &find, "SELECT coalesce(max(number), 0) FROM case_event", err)) {
        return false;
    }
    bool good = store_step_row(find, err);
    if (good) *number = store_i64(find, 0);
    store_finish(find);
    return good;
}

bool case_events_since(struct store *store, int64_t person, int64_t number, bool *some,
                       struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(store, &find,
                       "SELECT EXISTS (SELECT 1 FROM case_file f JOIN case_event e "
                       "ON e.case_number = f.number WHERE f.person = $person "
                       "AND e.number > $number)",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$person", person);
    store_bind_i64(find, "$number", number);
    bool good = store_step_row(find, err);
    if (good) *some = store_i64(find, 0) != 0;
    store_finish(find);
    return good;
}

RESEAL_STATEMENT(select_sealed, "SELECT number, version, fields, case_number FROM case_event WHERE "
                                "number > $after ORDER BY number")
RESEAL_STATEMENT(count_sealed, "SELECT count(*) FROM case_event WHERE number > $after")
RESEAL_STATEMENT(update_sealed, "UPDATE case_event SET fields = $sealed WHERE number = $number")

static void bind_sealed(struct store_statement *update, const struct reseal_row *row)
{
    store_bind_i64(update, "$number", row->a);
}

static struct str place_of_sealed(struct arena *arena, const struct reseal_row *row,
                                  const void *context)
{
    int64_t case_number = 0;
    (void)context;
    CHECK(str_to_i64(row->extra, &case_number));
    return context_of(arena, case_number, row->b);
}

const struct reseal_part case_event_reseal = {.name = "case_event",
                                              .select = select_sealed,
                                              .count = count_sealed,
                                              .update = update_sealed,
                                              .bind = bind_sealed,
                                              .place = place_of_sealed};
