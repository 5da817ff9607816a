#include "link/people_store.h"

#include "access/audit.h"
#include "base/asset.h"

bool people_migrate(struct store *store, struct err *err)
{
    struct str script;
    CHECK(asset_find("src/link/schema.sql", &script));
    return store_migrate(store, "link", &script, 1, err);
}

/* A model is learnt anew when the workspace has grown so much that the old one knew too little. */
enum { GROWTH_MAX = 3 };

static bool must_learn(const struct people *people, const struct people_link_options *options,
                       const struct model_in_force *in_force)
{
    return options->train || in_force->model == NULL
           || (int64_t)people->record_count > in_force->records * GROWTH_MAX;
}

static bool add_run(struct people *people, struct registry *registry, const char *fingerprint,
                    int64_t model, int64_t *run, struct err *err)
{
    struct store_statement *add = NULL;
    if (!store_prepare(registry->store, &add,
                       "INSERT INTO link_run (at, made_ms, fingerprint, model, records, persons) "
                       "VALUES ($at, $made_ms, $fingerprint, $model, $records, $persons)",
                       err)) {
        return false;
    }
    store_bind_day(add, "$at", people->when.at);
    store_bind_i64(add, "$made_ms", clock_now_ms(&registry->clock));
    store_bind_str(add, "$fingerprint", str_from(fingerprint));
    store_bind_i64(add, "$model", model);
    store_bind_i64(add, "$records", (int64_t)people->record_count);
    store_bind_i64(add, "$persons", (int64_t)people->person_count);
    bool good = store_run(add, err);
    store_finish(add);
    if (good) *run = store_last_id(registry->store);
    return good;
}

struct linking {
    struct people *people;
    struct registry *registry;
    struct record_keys keys;
    struct people_join join;
    struct model_in_force in_force;
    bool learn;
};

static bool write_all(struct linking *linking, struct people_link_result *result, struct err *err)
{
    struct people *people = linking->people;
    struct store *store = linking->registry->store;
    char fingerprint[17];
    int64_t run;
    if (linking->learn || linking->in_force.number == 0) {
        if (!model_write(people->arena, linking->registry, people->when.at, people->record_count,
                         linking->join.model_used, &linking->in_force, err)) {
            return false;
        }
    }
    return people_fingerprint(people, &linking->keys, store, fingerprint, err)
           && add_run(people, linking->registry, fingerprint, linking->in_force.number, &run, err)
           && persons_write(people, &linking->keys, store, run, result, err)
           && doubts_write(people, &linking->keys, store, run, linking->join.doubts,
                           linking->join.doubt_count, err);
}

/* Gives the workspace's numbers to its registers, in a transaction of its own: they stay true
 * whatever becomes of the run. */
static bool open_keys(struct linking *linking, struct err *err)
{
    struct store *store = linking->registry->store;
    bool make = linking->people->all_areas;
    if (make && !store_begin(store, err)) return false;
    bool good =
        record_keys_open(&linking->keys, linking->people->arena, linking->people, store, make, err);
    if (!make) return good;
    if (good && store_commit(store, err)) return true;
    store_rollback(store);
    return false;
}

bool people_link(struct people *people, struct registry *registry,
                 const struct people_link_options *options, struct people_link_result *result,
                 struct err *err)
{
    CHECK(people->arena != NULL);
    struct linking linking = {.people = people, .registry = registry};
    struct link_decision *decisions = NULL;
    struct people_link_result fresh = {0};
    size_t decision_count = 0;
    if (!open_keys(&linking, err)) return false;
    if (!model_read(people->arena, registry->store, &linking.in_force, err)) return false;
    if (!decisions_read(people->arena, people, &linking.keys, registry->store, &decisions,
                        &decision_count, err)) {
        return false;
    }
    linking.learn = must_learn(people, options, &linking.in_force);
    linking.join = (struct people_join){.threads = options->threads,
                                        .progress = options->progress,
                                        .model = linking.learn ? NULL : linking.in_force.model,
                                        .decisions = decisions,
                                        .decision_count = decision_count};
    if (!people_join(people, &linking.join, err)) return false;
    /* With nobody to link there is no run to remember, and numbers given before stay given. */
    if (people->all_areas && people->record_count > 0) {
        if (!store_begin(registry->store, err)) return false;
        if (!write_all(&linking, &fresh, err) || !store_commit(registry->store, err)) {
            store_rollback(registry->store);
            return false;
        }
    }
    fresh.records = people->record_count;
    fresh.persons = people->person_count;
    fresh.pairs_compared = linking.join.pairs_compared;
    fresh.pairs_review = linking.join.doubt_count;
    fresh.model = linking.in_force.name;
    fresh.trained = linking.learn;
    *result = fresh;
    return true;
}

static bool read_links(struct people *people, const struct record_keys *keys, struct store *store,
                       int64_t *numbers, bool *whole, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = true, good = false;
    size_t found = 0;
    if (!store_prepare(store, &rows, "SELECT record, person FROM person_record ORDER BY record",
                       err)) {
        return false;
    }
    for (;;) {
        if (!store_step(rows, &row, err)) goto out;
        if (!row) break;
        uint32_t record = record_of_key(keys, people, store_i64(rows, 0));
        if (record == UINT32_MAX) continue;
        numbers[record] = store_i64(rows, 1);
        found++;
    }
    *whole = found == people->record_count;
    good = true;
out:
    store_finish(rows);
    return good;
}

static bool last_fingerprint(struct arena *arena, struct store *store, struct str *out,
                             struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false;
    *out = STR_EMPTY;
    if (!store_prepare(store, &rows,
                       "SELECT fingerprint FROM link_run ORDER BY number DESC LIMIT 1", err)) {
        return false;
    }
    bool good = store_step(rows, &row, err);
    if (good && row) *out = str_copy(arena, store_str(rows, 0));
    store_finish(rows);
    return good;
}

bool people_load_links(struct people *people, struct registry *registry, bool *current,
                       struct err *err)
{
    CHECK(people->arena != NULL);
    struct arena work = {0};
    struct record_keys keys;
    struct str last;
    char fingerprint[17];
    bool whole = false, good = false;
    int64_t *numbers = arena_array(&work, int64_t, people->record_count);
    if (!record_keys_open(&keys, &work, people, registry->store, false, err)) goto out;
    for (uint32_t i = 0; i < people->record_count; i++) {
        if (keys.registers[people->records[i].register_number] >= 0) continue;
        *current = false;
        good = true;
        goto out;
    }
    if (!last_fingerprint(&work, registry->store, &last, err)) goto out;
    if (!people_fingerprint(people, &keys, registry->store, fingerprint, err)) goto out;
    /* Who sees only some areas reads the links that a run over all has made of the same day. */
    bool same = str_is(last, fingerprint) || (!people->all_areas && last.len > 0);
    if (same && !read_links(people, &keys, registry->store, numbers, &whole, err)) goto out;
    if (whole) people_arrange(people, numbers);
    *current = whole;
    good = true;
out:
    arena_free(&work);
    return good;
}
