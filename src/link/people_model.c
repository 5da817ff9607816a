#include "link/people_store.h"

/* A term keeps one model: it stays in force until another is trained on purpose, or until the
 * workspace holds so many more records that what was learnt from the few says little of the many.
 */

bool model_read(struct arena *arena, struct store *store, struct model_in_force *out,
                struct err *err)
{
    struct store_statement *statement = NULL;
    struct link_spec *spec;
    struct str text;
    bool row = false, good = false;
    struct model_in_force fresh = {0};
    if (!people_spec(arena, &spec, &text, err)) return false;
    if (!store_prepare(store, &statement,
                       "SELECT number, name, records, model, frequencies FROM link_model "
                       "ORDER BY number DESC LIMIT 1",
                       err)) {
        return false;
    }
    if (!store_step(statement, &row, err)) goto out;
    if (row) {
        struct err unread = ERR_INIT;
        fresh.number = store_i64(statement, 0);
        fresh.name = str_copy(arena, store_str(statement, 1));
        fresh.records = store_i64(statement, 2);
        struct str json = str_copy(arena, store_str(statement, 3));
        /* A model of an older spec does not fit any more; the next run learns one. */
        if (!link_model_read(arena, json, spec, &fresh.model, &unread)) fresh.model = NULL;
        if (fresh.model != NULL && !store_is_null(statement, 4)
            && !link_frequencies_read(arena, store_str(statement, 4), spec,
                                      &fresh.model->frequencies, &unread)) {
            fresh.model = NULL;
        }
    }
    *out = fresh;
    good = true;
out:
    store_finish(statement);
    return good;
}

static bool count_models(struct store *store, const char *at, int64_t *out, struct err *err)
{
    struct store_statement *statement = NULL;
    bool row = false;
    if (!store_prepare(store, &statement, "SELECT count(*) FROM link_model WHERE at = $at", err)) {
        return false;
    }
    store_bind_str(statement, "$at", str_from(at));
    bool good = store_step(statement, &row, err);
    if (good) *out = store_i64(statement, 0);
    store_finish(statement);
    return good;
}

bool model_write(struct arena *arena, struct registry *registry, day at, size_t records,
                 const struct link_model *model, struct str frequencies, struct model_in_force *out,
                 struct err *err)
{
    struct store_statement *add = NULL;
    char day_text[DAY_TEXT_SIZE];
    int64_t before = 0;
    struct text name;
    day_format(at, day_text);
    if (!count_models(registry->store, day_text, &before, err)) return false;
    text_init(&name, arena, 64);
    text_add_f(&name, "%s #%lld", day_text, (long long)before + 1);
    if (!store_prepare(registry->store, &add,
                       "INSERT INTO link_model (name, at, made_ms, records, model, frequencies) "
                       "VALUES ($name, $at, $made_ms, $records, $model, $frequencies)",
                       err)) {
        return false;
    }
    store_bind_str(add, "$name", text_str(&name));
    store_bind_day(add, "$at", at);
    store_bind_i64(add, "$made_ms", clock_now_ms(&registry->clock));
    store_bind_i64(add, "$records", (int64_t)records);
    store_bind_str(add, "$model", link_model_write(arena, model));
    store_bind_blob(add, "$frequencies", frequencies);
    bool good = store_run(add, err);
    store_finish(add);
    if (!good) return false;
    out->number = store_last_id(registry->store);
    out->name = text_str(&name);
    out->records = (int64_t)records;
    return true;
}

bool model_freeze(struct store *store, int64_t number, struct str frequencies, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(store, &put,
                       "UPDATE link_model SET frequencies = $frequencies WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_blob(put, "$frequencies", frequencies);
    store_bind_i64(put, "$number", number);
    bool good = store_run(put, err);
    store_finish(put);
    return good;
}

bool people_link_state(const struct people *people, struct registry *registry,
                       struct people_link_result *out, struct err *err)
{
    CHECK(people->arena != NULL);
    struct store_statement *last = NULL;
    struct people_link_result state = {.records = people->record_count,
                                       .persons = people->person_count};
    bool row = false;
    if (!store_prepare(registry->store, &last,
                       "SELECT m.name, (SELECT count(*) FROM link_doubt d WHERE d.run = r.number) "
                       "FROM link_run r JOIN link_model m ON m.number = r.model "
                       "ORDER BY r.number DESC LIMIT 1",
                       err)) {
        return false;
    }
    bool good = store_step(last, &row, err);
    if (good && row) {
        state.model = str_copy(people->arena, store_str(last, 0));
        state.pairs_review = (uint64_t)store_i64(last, 1);
    }
    store_finish(last);
    if (good) *out = state;
    return good;
}
