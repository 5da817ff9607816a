#include "findings/child_store.h"

static bool put_children(struct store_statement *put, const struct people *people,
                         const struct check_kept *kept, struct err *err)
{
    const struct dict *areas = &people->texts[PERSON_AREA];
    for (uint32_t p = 0; p < people->person_count; p++) {
        enum standing standing = (enum standing)kept->standings[p];
        if (standing == STANDING_NOT_ASKED) continue;
        store_bind_i64(put, "$person", people->persons[p].number);
        store_bind_text(put, "$area", dict_text(areas, kept->areas[p]));
        store_bind_str(put, "$standing", str_from(standing_key(standing)));
        store_bind_i64(put, "$reported", !kept->unreported[p]);
        if (!store_run(put, err)) return false;
    }
    return true;
}

static bool next_number(struct store *store, int64_t *out, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(store, &select, "SELECT coalesce(max(number), 0) + 1 FROM check_run", err)) {
        return false;
    }
    bool done = store_step_row(select, err);
    if (done) *out = store_i64(select, 0);
    store_finish(select);
    return done;
}

static bool save(struct store *store, const struct people *people, const struct check_kept *kept,
                 day at, struct err *err)
{
    struct store_statement *put = NULL, *run = NULL;
    int64_t number = 0;
    if (!next_number(store, &number, err)
        || !store_exec(store, "DELETE FROM check_child; DELETE FROM check_run", err)
        || !store_prepare(store, &run,
                          "INSERT INTO check_run (only, at, number) VALUES (1, $at, $number)",
                          err)) {
        return false;
    }
    store_bind_day(run, "$at", at);
    store_bind_i64(run, "$number", number);
    if (!store_run_once(run, err)
        || !store_prepare(store, &put,
                          "INSERT INTO check_child (person, area, standing, reported) "
                          "VALUES ($person, $area, $standing, $reported)",
                          err)) {
        return false;
    }
    bool done = put_children(put, people, kept, err);
    store_finish(put);
    return done;
}

bool check_children_save(struct registry *registry, const struct people *people,
                         const struct check_kept *kept, day at, struct err *err)
{
    CHECK(kept->standings != NULL);
    CHECK(!day_is_none(at));
    struct store *store = registry->store;
    if (store_in_transaction(store)) return save(store, people, kept, at, err);
    if (!store_begin(store, err)) return false;
    return store_end(store, save(store, people, kept, at, err), err);
}

bool check_children_day(struct store *store, day *out, struct err *err)
{
    struct store_statement *select = NULL;
    bool row = false;
    if (!store_prepare(store, &select, "SELECT at FROM check_run", err)) return false;
    bool done = store_step(select, &row, err);
    if (done) *out = row ? store_day(select, 0) : DAY_NONE;
    store_finish(select);
    return done;
}
