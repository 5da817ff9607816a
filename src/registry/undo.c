#include "access/audit.h"
#include "registry/scope.h"
#include "registry/timeline.h"

enum { UNIT_BYTES_MAX = 4096 };

struct undo {
    int64_t batch, first, last;
    day at;
    struct str register_key;
};

static bool find_batch(struct store *store, struct arena *arena, struct undo *undo, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(store, &select,
                       "SELECT register_key, first_statement, last_statement, undone_ms, at "
                       "FROM batch WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_i64(select, "$number", undo->batch);
    bool row = false;
    bool done = store_step(select, &row, err);
    if (done && !row) {
        done = err_set(err, ERR_NOT_FOUND,
                       "there is no batch %lld, \"import list\" shows those there are",
                       "没有批次 %lld，可用 import list 查看", (long long)undo->batch);
    } else if (done && !store_is_null(select, 3)) {
        done = err_set(err, ERR_CONFLICT, "batch %lld was taken back before", "批次 %lld 已撤销过",
                       (long long)undo->batch);
    } else if (done) {
        undo->register_key = str_copy(arena, store_str(select, 0));
        undo->first = store_i64(select, 1);
        undo->last = store_i64(select, 2);
        undo->at = store_day(select, 4);
    }
    store_finish(select);
    return done;
}

/* The first live batch that rests on this one: it repeats or ended one of its statements, or its
 * own statements end by what this one states. */
static bool find_resting(struct store *store, const struct undo *undo, int64_t *resting,
                         struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(store, &select,
                       "SELECT min(b.number) FROM batch b WHERE b.register_key = $register "
                       "AND b.undone_ms IS NULL AND b.number <> $batch AND ("
                       "EXISTS (SELECT 1 FROM ending e WHERE e.batch = b.number "
                       "AND e.because = $batch) OR "
                       "EXISTS (SELECT 1 FROM repeat r WHERE r.batch = b.number "
                       "AND r.first <= $last AND r.last >= $first))",
                       err)) {
        return false;
    }
    store_bind_str(select, "$register", undo->register_key);
    store_bind_i64(select, "$batch", undo->batch);
    store_bind_i64(select, "$first", undo->first);
    store_bind_i64(select, "$last", undo->last);
    bool done = store_step_row(select, err);
    if (done) *resting = store_i64(select, 0);
    store_finish(select);
    return done;
}

/* The first later batch that took for granted what this one ended: with a new statement, maybe of
 * a record that would hold again and then hold twice, or complete, when it would have ended it. */
static bool find_restated(struct registry *registry, struct arena *arena, const struct undo *undo,
                          int64_t *resting, struct err *err)
{
    struct store_statement *own = NULL, *others = NULL;
    struct schools schools;
    struct text text;
    struct dict units;
    bool row = false, done = false;
    dict_init(&units, arena);
    text_init(&text, arena, UNIT_BYTES_MAX);
    if (!schools_read(&schools, arena, registry, err)
        || !store_prepare(registry->store, &own,
                          "SELECT unit FROM batch_scope WHERE batch = $batch "
                          "AND EXISTS (SELECT 1 FROM ending WHERE batch = $batch)",
                          err)) {
        goto out;
    }
    store_bind_i64(own, "$batch", undo->batch);
    while ((done = store_step(own, &row, err)) && row) {
        dict_put(&units, scope_unit_today(&schools, store_str(own, 0), &text));
    }
    if (!done || units.count == 0) goto out;
    done = store_prepare(registry->store, &others,
                         "SELECT b.number, s.unit FROM batch b JOIN batch_scope s "
                         "ON s.batch = b.number WHERE b.register_key = $register "
                         "AND b.undone_ms IS NULL AND b.number > $batch AND b.at >= $at "
                         "AND (b.fresh > 0 OR b.complete = 1) ORDER BY b.number",
                         err);
    if (!done) goto out;
    store_bind_str(others, "$register", undo->register_key);
    store_bind_i64(others, "$batch", undo->batch);
    store_bind_day(others, "$at", undo->at);
    while ((done = store_step(others, &row, err)) && row) {
        struct str unit = scope_unit_today(&schools, store_str(others, 1), &text);
        if (!scope_overlaps(&units, unit)) continue;
        *resting = store_i64(others, 0);
        break;
    }
out:
    store_finish(own);
    store_finish(others);
    return done;
}

static bool set_undone(struct registry *registry, int64_t batch, struct err *err)
{
    struct store_statement *update = NULL;
    int64_t moment = 0;
    if (!timeline_moment(registry, &moment, err)) return false;
    if (!store_prepare(registry->store, &update,
                       "UPDATE batch SET undone_ms = $moment WHERE number = $number", err)) {
        return false;
    }
    store_bind_i64(update, "$moment", moment);
    store_bind_i64(update, "$number", batch);
    bool done = store_run(update, err);
    store_finish(update);
    return done;
}

bool registry_batch_is_own(struct registry *registry, const struct asker *asker, int64_t batch,
                           bool *own, struct err *err)
{
    struct schools schools;
    struct arena scratch = {0};
    struct store_statement *select = NULL;
    bool row = false, there = false, all = true;
    bool done = schools_read(&schools, &scratch, registry, err)
                && store_prepare(registry->store, &select,
                                 "SELECT s.unit, b.user_name FROM batch b LEFT JOIN batch_scope s "
                                 "ON s.batch = b.number WHERE b.number = $batch ORDER BY s.unit",
                                 err);
    if (done) store_bind_i64(select, "$batch", batch);
    while (done && (done = store_step(select, &row, err)) && row) {
        struct str unit = store_str(select, 0);
        bool mine = str_equal(store_str(select, 1), asker->name);
        there = true;
        /* A batch without units has no row that was taken. */
        all = all
              && (unit.ptr == NULL ? mine
                                   : (mine || scope_is_known(&schools, unit))
                                         && scope_belongs(&schools, asker, unit));
    }
    store_finish(select);
    arena_free(&scratch);
    if (!done) return false;
    if (!there) {
        return err_set(err, ERR_NOT_FOUND,
                       "there is no batch %lld, \"import list\" shows those there are",
                       "没有批次 %lld，可用 import list 查看", (long long)batch);
    }
    *own = asker->all_areas || all;
    return true;
}

/* Only who may speak for all that the batch covers may say that it was wrong. */
static bool check_rights(struct registry *registry, const struct asker *asker, int64_t batch,
                         struct err *err)
{
    bool own = false;
    if (!registry_batch_is_own(registry, asker, batch, &own, err) || own) return own;
    return err_set(err, ERR_DENIED,
                   "batch %lld also speaks of areas or schools that are not yours, so it is not "
                   "yours to take back",
                   "批次 %lld 还涉及不属于您的区域或学校，您不能撤销", (long long)batch);
}

static bool take_back(struct registry *registry, const struct asker *asker, struct arena *arena,
                      int64_t batch, struct str reason, struct err *err)
{
    struct undo undo = {.batch = batch};
    int64_t resting = 0;
    if (!find_batch(registry->store, arena, &undo, err)) return false;
    if (!check_rights(registry, asker, batch, err)) return false;
    if (!find_resting(registry->store, &undo, &resting, err)) return false;
    if (resting == 0 && !find_restated(registry, arena, &undo, &resting, err)) return false;
    if (resting != 0) {
        return err_set(err, ERR_CONFLICT,
                       "batch %lld cannot be taken back while batch %lld rests on it, take that "
                       "one back first",
                       "批次 %lld 之上还有批次 %lld，请先撤销后者", (long long)batch,
                       (long long)resting);
    }
    struct text object;
    text_init(&object, arena, 64);
    text_add_f(&object, "batch %lld", (long long)batch);
    return set_undone(registry, batch, err)
           && audit_append(registry->store, &registry->clock, asker, AUDIT_UNDO, text_str(&object),
                           reason, err);
}

bool registry_undo(struct registry *registry, const struct asker *asker, int64_t batch,
                   struct err *err)
{
    return registry_undo_because(registry, asker, batch, STR_EMPTY, err);
}

bool registry_undo_because(struct registry *registry, const struct asker *asker, int64_t batch,
                           struct str reason, struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    struct arena arena = {0};
    bool done = store_begin(registry->store, err);
    if (done && !take_back(registry, asker, &arena, batch, reason, err)) {
        store_rollback(registry->store);
        done = false;
    } else if (done) {
        done = store_commit(registry->store, err);
    }
    arena_free(&arena);
    return done;
}
