#include "base/list.h"
#include "registry/scope.h"
#include "registry/tally.h"
#include "registry/timeline.h"

/* What an asker who sees only some areas may know of the batches. */
struct batch_view {
    struct registry *registry;
    struct arena *arena; /* of the caller */
    const struct asker *asker;
    struct schools schools;
    struct arena scratch;
};

/* The rows of a batch are its own statements, those that it repeats, and its rejects. */
struct batch_span {
    int64_t first, last;
};

static bool sees(const struct asker *asker, struct str area, struct str school)
{
    return asker_sees(asker, area) || (school.len > 0 && str_equal(school, asker->school));
}

/* The file's units may be areas above or below the asker's, or schools. */
static bool unit_touches(const struct batch_view *view, struct str unit)
{
    if (str_is(unit, "all")) return true;
    if (str_starts(unit, STR("school "))) {
        struct str school = str_slice(unit, 7, unit.len);
        uint32_t number = dict_find(&view->schools.codes, school);
        struct str area = number == DICT_NONE ? STR_EMPTY : view->schools.code_areas[number];
        return sees(view->asker, area, school);
    }
    if (!str_starts(unit, STR("area "))) return false;
    struct str area = str_slice(unit, 5, unit.len);
    for (size_t i = 0; i < view->asker->area_count; i++) {
        struct str own = view->asker->areas[i];
        if (area_covers(own, area) || area_covers(area, own)) return true;
    }
    return false;
}

/* The scope as far as it touches the asker's areas; empty when none of it does. */
static bool see_scope(struct batch_view *view, struct batch *batch, bool *touches, struct err *err)
{
    struct store_statement *select = NULL;
    struct dict units;
    dict_init(&units, &view->scratch);
    if (!store_prepare(view->registry->store, &select,
                       "SELECT unit FROM batch_scope WHERE batch = $batch ORDER BY unit", err)) {
        return false;
    }
    store_bind_i64(select, "$batch", batch->number);
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        if (unit_touches(view, store_str(select, 0))) dict_put(&units, store_str(select, 0));
    }
    store_finish(select);
    if (!done) return false;
    *touches = units.count > 0;
    batch->scope = scope_print(view->arena, &units);
    return true;
}

/* Adds up the rows of a select (count, area and, where there are schools, school) that the asker
 * sees. Finishes it. */
static bool add_seen(const struct batch_view *view, struct store_statement *select, bool schools,
                     uint64_t *sum, struct err *err)
{
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        struct str school = schools ? store_str(select, 2) : STR_EMPTY;
        if (sees(view->asker, store_str(select, 1), school)) {
            *sum += (uint64_t)store_i64(select, 0);
        }
    }
    store_finish(select);
    return done;
}

static bool count_rejected(const struct batch_view *view, struct batch *batch, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(view->registry->store, &select,
                       "SELECT count(*), area FROM reject WHERE batch = $batch GROUP BY area",
                       err)) {
        return false;
    }
    store_bind_i64(select, "$batch", batch->number);
    return add_seen(view, select, false, &batch->rejected, err);
}

enum batch_count { COUNT_OWN, COUNT_REPEATED, COUNT_WARNED };

static bool prepare_count(struct store *store, enum batch_count what, const char *table,
                          const char *const *columns, size_t count, struct store_statement **out,
                          struct err *err)
{
    switch (what) {
    case COUNT_OWN:
        return store_prepare_table(store, out,
                                   "SELECT count(*), @columns FROM @table "
                                   "WHERE statement BETWEEN $first AND $last GROUP BY @columns",
                                   table, columns, count, err);
    case COUNT_REPEATED:
        return store_prepare_table(
            store, out,
            "SELECT count(*), @columns FROM repeat p JOIN @table "
            "ON statement BETWEEN p.first AND p.last WHERE p.batch = $batch GROUP BY @columns",
            table, columns, count, err);
    case COUNT_WARNED:
        return store_prepare_table(
            store, out,
            "SELECT count(*), @columns FROM (SELECT DISTINCT n.statement AS told FROM note n "
            "WHERE n.batch = $batch AND n.statement IS NOT NULL) JOIN @table "
            "ON statement = told GROUP BY @columns",
            table, columns, count, err);
    }
    return false;
}

static bool count_taken(const struct batch_view *view, const struct batch *batch,
                        const struct batch_span *span, enum batch_count what, uint64_t *sum,
                        struct err *err)
{
    static const char *const columns[] = {"area", "school_code"};
    const struct profile *profile = profile_find(view->registry->profiles, batch->register_key);
    if (profile == NULL) return true;
    struct arena scratch = {0};
    struct layout layout;
    struct store_statement *select = NULL;
    layout_make(&layout, &scratch, profile);
    bool schools = layout_column(&layout, profile_field_number(profile, "school_code")) >= 0;
    bool done = prepare_count(view->registry->store, what, layout.table, columns, schools ? 2 : 1,
                              &select, err);
    if (done && what == COUNT_OWN) {
        store_bind_i64(select, "$first", span->first);
        store_bind_i64(select, "$last", span->last);
    } else if (done) {
        store_bind_i64(select, "$batch", batch->number);
    }
    done = done && add_seen(view, select, schools, sum, err);
    arena_free(&scratch);
    return done;
}

/* Only what the asker may see of a batch; *touches is false when that is nothing. Counts of other
 * areas would tell how many children there are and how well another office works. */
static bool narrow(struct batch_view *view, struct batch *batch, const struct batch_span *span,
                   bool *touches, struct err *err)
{
    uint64_t taken = 0;
    struct tally_count sum;
    bool known = false;
    if (!see_scope(view, batch, touches, err)
        || !tally_read(view->registry->store, view->asker, batch->number, &sum, &known, err)) {
        return false;
    }
    if (known) {
        batch->accepted = sum.accepted;
        batch->warned = sum.warned;
        batch->rejected = sum.rejected;
        batch->ended = 0;
        batch->rows = sum.accepted + sum.warned + sum.rejected;
        *touches = *touches || batch->rows > 0;
        return true;
    }
    batch->rows = batch->accepted = batch->warned = batch->rejected = batch->ended = 0;
    if (!count_taken(view, batch, span, COUNT_OWN, &taken, err)
        || !count_taken(view, batch, span, COUNT_REPEATED, &taken, err)
        || !count_taken(view, batch, span, COUNT_WARNED, &batch->warned, err)
        || !count_rejected(view, batch, err)) {
        return false;
    }
    CHECK(batch->warned <= taken);
    batch->accepted = taken - batch->warned;
    batch->rows = taken + batch->rejected;
    *touches = *touches || batch->rows > 0;
    return true;
}

static struct batch batch_at(struct arena *arena, struct store_statement *select)
{
    return (struct batch){
        .number = store_i64(select, 0),
        .file = str_copy(arena, store_str(select, 1)),
        .register_key = str_copy(arena, store_str(select, 2)),
        .scope = str_copy(arena, store_str(select, 3)),
        .at = store_day(select, 4),
        .imported_ms = store_i64(select, 5),
        .undone_ms = store_i64(select, 6),
        .rows = (uint64_t)store_i64(select, 7),
        .accepted = (uint64_t)store_i64(select, 8),
        .warned = (uint64_t)store_i64(select, 9),
        .rejected = (uint64_t)store_i64(select, 10),
        .ended = (uint64_t)store_i64(select, 13),
        .user_name = str_copy(arena, store_str(select, 14)),
    };
}

/* Whether the scope touches the asker's areas: looks no further than the first unit that does. */
static bool find_touch(struct batch_view *view, int64_t batch, bool *touches, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(view->registry->store, &select,
                       "SELECT unit FROM batch_scope WHERE batch = $batch ORDER BY unit", err)) {
        return false;
    }
    store_bind_i64(select, "$batch", batch);
    bool row = false, done = false;
    *touches = false;
    while (!*touches && (done = store_step(select, &row, err)) && row) {
        *touches = unit_touches(view, store_str(select, 0));
    }
    store_finish(select);
    return *touches || done;
}

/* A batch of another page: all that matters is whether it is on the list. */
static bool is_listed(struct batch_view *view, struct batch *batch, const struct batch_span *span,
                      bool *listed, struct err *err)
{
    if (view->asker->all_areas) {
        *listed = true;
        return true;
    }
    if (!find_touch(view, batch->number, listed, err)) return false;
    return *listed || narrow(view, batch, span, listed, err);
}

static bool list_page(struct batch_view *view, struct store_statement *select,
                      struct batch_page page, struct batch **out, size_t *count, size_t *total,
                      struct err *err)
{
    LIST(struct batch) list = {0};
    bool row = false, done = false;
    size_t seen = 0;
    while ((done = store_step(select, &row, err)) && row) {
        struct batch batch = batch_at(view->arena, select);
        const struct batch_span span = {store_i64(select, 11), store_i64(select, 12)};
        bool listed = true, here = seen >= page.skip && list.count < page.most;
        arena_reset(&view->scratch);
        if (!here) {
            if (!is_listed(view, &batch, &span, &listed, err)) return false;
        } else if (!view->asker->all_areas && !narrow(view, &batch, &span, &listed, err)) {
            return false;
        }
        seen += listed;
        if (here && listed) *list_push(view->arena, &list) = batch;
    }
    if (!done) return false;
    *out = list.items;
    *count = list.count;
    *total = seen;
    return true;
}

#define BATCHES                                                                                    \
    "SELECT number, file, register_key, scope, at, imported_ms, undone_ms, rows, accepted, "       \
    "warned, rejected, first_statement, last_statement, ended, user_name FROM batch ORDER BY "

static bool read_list(struct registry *registry, struct arena *arena, const struct asker *asker,
                      bool newest_first, struct batch_page page, struct batch **out, size_t *count,
                      size_t *total, struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    struct batch_view view = {.registry = registry, .arena = arena, .asker = asker};
    struct store *store = registry->store;
    struct arena schools = {0};
    struct store_statement *select = NULL;
    bool done = asker->all_areas || schools_read(&view.schools, &schools, registry, err);
    if (done) {
        done = newest_first ? store_prepare(store, &select, BATCHES "number DESC", err)
                            : store_prepare(store, &select, BATCHES "number", err);
    }
    done = done && list_page(&view, select, page, out, count, total, err);
    store_finish(select);
    arena_free(&view.scratch);
    arena_free(&schools);
    return done;
}

bool registry_batches_page(struct registry *registry, struct arena *arena,
                           const struct asker *asker, struct batch_page page, struct batch **out,
                           size_t *count, size_t *total, struct err *err)
{
    return read_list(registry, arena, asker, true, page, out, count, total, err);
}

bool registry_batches(struct registry *registry, struct arena *arena, const struct asker *asker,
                      struct batch **out, size_t *count, struct err *err)
{
    const struct batch_page all = {.skip = 0, .most = SIZE_MAX};
    size_t total;
    return read_list(registry, arena, asker, false, all, out, count, &total, err);
}

bool registry_units(struct registry *registry, struct arena *arena, struct batch_unit **out,
                    size_t *count, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(registry->store, &select,
                       "SELECT s.batch, s.unit FROM batch_scope s "
                       "JOIN batch b ON b.number = s.batch WHERE b.undone_ms IS NULL "
                       "ORDER BY s.batch, s.unit",
                       err)) {
        return false;
    }
    LIST(struct batch_unit) list = {0};
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        struct batch_unit *unit = list_push(arena, &list);
        unit->batch = store_i64(select, 0);
        unit->unit = str_copy(arena, store_str(select, 1));
    }
    store_finish(select);
    if (!done) return false;
    *out = list.items;
    *count = list.count;
    return true;
}
