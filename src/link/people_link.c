#include "link/people_store.h"

#include "access/audit.h"
#include "base/asset.h"

bool people_migrate(struct store *store, struct err *err)
{
    struct str scripts[4];
    CHECK(asset_find("src/link/schema.sql", &scripts[0]));
    CHECK(asset_find("src/link/schema_2.sql", &scripts[1]));
    CHECK(asset_find("src/link/schema_3.sql", &scripts[2]));
    CHECK(asset_find("src/link/schema_4.sql", &scripts[3]));
    return store_migrate(store, "link", scripts, 4, err);
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
                       "INSERT INTO link_run "
                       "(at, made_ms, fingerprint, model, records, persons, decision) "
                       "VALUES ($at, $made_ms, $fingerprint, $model, $records, $persons, "
                       "(SELECT coalesce(max(number), 0) FROM decision))",
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

static bool write_model(struct linking *linking, struct err *err)
{
    struct people *people = linking->people;
    struct model_in_force *in_force = &linking->in_force;
    if (linking->learn || in_force->number == 0) {
        return model_write(people->arena, linking->registry, people->when.at, people->record_count,
                           linking->join.model_used, linking->join.frequencies, in_force, err);
    }
    return in_force->model->frequencies != NULL
           || model_freeze(linking->registry->store, in_force->number, linking->join.frequencies,
                           err);
}

static bool write_all(struct linking *linking, struct people_link_result *result, struct err *err)
{
    struct people *people = linking->people;
    struct store *store = linking->registry->store;
    char fingerprint[17];
    struct change_context context = {.ties = linking->join.ties};
    struct record_changes changes = {.arena = people->arena};
    if (!run_before_read(store, &context.before, err)) return false;
    if (!write_model(linking, err)) return false;
    context.model = linking->in_force.number;
    return people_fingerprint(people, &linking->keys, store, fingerprint, err)
           && add_run(people, linking->registry, fingerprint, context.model, &context.run, err)
           && persons_write(people, &linking->keys, store, context.run, result, &changes, err)
           && changes_write(people, &linking->keys, store, &context, &changes, err)
           && doubts_write(people, &linking->keys, store, context.run, linking->join.doubts,
                           linking->join.doubt_count, err)
           && state_write(linking->registry, linking->join.state, err);
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

/* With all areas a run leaves a state for the next, and rests on that of the one before. */
static bool prepare_join(struct linking *linking, const struct people_link_options *options,
                         struct err *err)
{
    struct people *people = linking->people;
    struct link_state *previous = NULL;
    linking->learn = must_learn(people, options, &linking->in_force);
    linking->join.threads = options->threads;
    linking->join.progress = options->progress;
    linking->join.model = linking->learn ? NULL : linking->in_force.model;
    if (!people->all_areas) return true;
    uint64_t *keys = arena_array(people->arena, uint64_t, people->record_count);
    for (uint32_t i = 0; i < people->record_count; i++) {
        keys[i] = (uint64_t)record_key(&linking->keys, people, i);
    }
    linking->join.keys = keys;
    if (!linking->learn && !options->full
        && !state_read(people->arena, linking->registry, &previous, err)) {
        return false;
    }
    linking->join.previous = previous;
    return true;
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
    linking.join.decisions = decisions;
    linking.join.decision_count = decision_count;
    if (!prepare_join(&linking, options, err)) return false;
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
    fresh.resumed = linking.join.resumed;
    fresh.records_fresh = linking.join.records_fresh;
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
