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

#define BATCHES                                                                                    \
    "SELECT number, file, register_key, scope, at, imported_ms, undone_ms, rows, accepted, "       \
    "warned, rejected, first_statement, last_statement, ended, user_name FROM batch "

struct batch_list {
    struct batch *items;
    size_t count, capacity;
};

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

/* Which batches an asker who sees only some areas finds on the list: those that say something of a
 * place of theirs. Batches of others are not looked at. */
struct listed {
    bool *of_number; /* by number of the batch, up to `last` */
    int64_t last;
};

static void mark(struct listed *listed, int64_t batch)
{
    if (batch <= listed->last) listed->of_number[batch] = true;
}

/* Marks the batches that a select names, and finishes it. */
static bool mark_all(struct listed *listed, struct store_statement *select, struct err *err)
{
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) mark(listed, store_i64(select, 0));
    store_finish(select);
    return done;
}

static bool mark_unit(const struct batch_view *view, struct listed *listed, struct str unit,
                      struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(view->registry->store, &select,
                       "SELECT batch FROM batch_scope WHERE unit = $unit", err)) {
        return false;
    }
    store_bind_str(select, "$unit", unit);
    return mark_all(listed, select, err);
}

/* From unit to unit, whatever number of batches has each. */
static bool mark_units(struct batch_view *view, struct listed *listed, struct err *err)
{
    struct store_statement *next = NULL;
    if (!store_prepare(view->registry->store, &next,
                       "SELECT unit FROM batch_scope WHERE unit > $unit ORDER BY unit LIMIT 1",
                       err)) {
        return false;
    }
    struct str unit = STR("");
    bool row = false, done = false;
    for (;;) {
        store_bind_text(next, "$unit", unit);
        done = store_step(next, &row, err);
        if (!done || !row) break;
        unit = str_copy(&view->scratch, store_str(next, 0));
        store_reset(next);
        if (!unit_touches(view, unit)) continue;
        done = mark_unit(view, listed, unit, err);
        if (!done) break;
    }
    store_finish(next);
    return done;
}

/* A batch that was loaded before its rows were counted: they are looked at. */
static bool mark_old(struct batch_view *view, struct listed *listed, int64_t first_counted,
                     struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(view->registry->store, &select, BATCHES "WHERE number < $first", err))
        return false;
    store_bind_i64(select, "$first", first_counted);
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        struct batch batch = batch_at(&view->scratch, select);
        const struct batch_span span = {store_i64(select, 11), store_i64(select, 12)};
        bool touches = batch.number <= listed->last && listed->of_number[batch.number];
        if (touches) continue;
        done = narrow(view, &batch, &span, &touches, err);
        if (!done) break;
        if (touches) mark(listed, batch.number);
    }
    store_finish(select);
    return done;
}

static bool mark_counted(void *context, int64_t batch)
{
    mark(context, batch);
    return true;
}

static bool read_last(struct store *store, int64_t *last, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(store, &select, "SELECT coalesce(max(number), 0) FROM batch", err))
        return false;
    bool done = store_step_row(select, err);
    if (done) *last = store_i64(select, 0);
    store_finish(select);
    return done;
}

static bool find_listed(struct batch_view *view, struct listed *listed, struct arena *arena,
                        struct err *err)
{
    struct store *store = view->registry->store;
    int64_t first_counted = 0;
    if (!read_last(store, &listed->last, err)) return false;
    listed->of_number = arena_array(arena, bool, (size_t)listed->last + 1);
    return mark_units(view, listed, err)
           && tally_batches(store, view->asker, mark_counted, listed, err)
           && tally_first(store, &first_counted, err) && mark_old(view, listed, first_counted, err);
}

static bool read_batch(struct batch_view *view, struct store_statement *select, int64_t number,
                       struct batch *out, struct err *err)
{
    bool row = false, touches;
    store_bind_i64(select, "$number", number);
    if (!store_step(select, &row, err)) return false;
    CHECK(row);
    struct batch batch = batch_at(view->arena, select);
    const struct batch_span span = {store_i64(select, 11), store_i64(select, 12)};
    store_reset(select);
    arena_reset(&view->scratch);
    if (!narrow(view, &batch, &span, &touches, err)) return false;
    *out = batch;
    return true;
}

/* One page of the batches that are listed: only these are read. */
static bool read_listed(struct batch_view *view, const struct listed *listed, bool newest_first,
                        struct batch_page page, struct batch_list *out, size_t *total,
                        struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(view->registry->store, &select, BATCHES "WHERE number = $number", err))
        return false;
    bool done = true;
    *total = 0;
    for (int64_t i = 1; done && i <= listed->last; i++) {
        int64_t number = newest_first ? listed->last + 1 - i : i;
        if (!listed->of_number[number]) continue;
        bool here = *total >= page.skip && out->count < page.most;
        ++*total;
        if (here) done = read_batch(view, select, number, list_push(view->arena, out), err);
    }
    store_finish(select);
    return done;
}

static bool count_all(struct store *store, size_t *total, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(store, &select, "SELECT count(*) FROM batch", err)) return false;
    bool done = store_step_row(select, err);
    if (done) *total = (size_t)store_i64(select, 0);
    store_finish(select);
    return done;
}

static int64_t limit_of(size_t count)
{
    return count > INT64_MAX ? INT64_MAX : (int64_t)count;
}

static bool read_all(struct batch_view *view, bool newest_first, struct batch_page page,
                     struct batch_list *out, size_t *total, struct err *err)
{
    struct store *store = view->registry->store;
    struct store_statement *select = NULL;
    bool done = newest_first
                    ? store_prepare(store, &select,
                                    BATCHES "ORDER BY number DESC LIMIT $most OFFSET $skip", err)
                    : store_prepare(store, &select,
                                    BATCHES "ORDER BY number LIMIT $most OFFSET $skip", err);
    if (!done) return false;
    store_bind_i64(select, "$most", limit_of(page.most));
    store_bind_i64(select, "$skip", limit_of(page.skip));
    bool row = false;
    while ((done = store_step(select, &row, err)) && row) {
        *list_push(view->arena, out) = batch_at(view->arena, select);
    }
    store_finish(select);
    return done && count_all(store, total, err);
}

static bool read_list(struct registry *registry, struct arena *arena, const struct asker *asker,
                      bool newest_first, struct batch_page page, struct batch **out, size_t *count,
                      size_t *total, struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    struct batch_view view = {.registry = registry, .arena = arena, .asker = asker};
    struct arena own = {0};
    struct listed listed = {0};
    struct batch_list list = {0};
    bool done;
    if (asker->all_areas) {
        done = read_all(&view, newest_first, page, &list, total, err);
    } else {
        done = schools_read(&view.schools, &own, registry, err)
               && find_listed(&view, &listed, &own, err)
               && read_listed(&view, &listed, newest_first, page, &list, total, err);
    }
    arena_free(&view.scratch);
    arena_free(&own);
    if (!done) return false;
    *out = list.items;
    *count = list.count;
    return true;
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

bool registry_batch_register(struct registry *registry, struct arena *arena, int64_t batch,
                             struct str *key, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(registry->store, &select,
                       "SELECT register_key FROM batch WHERE number = $number", err)) {
        return false;
    }
    store_bind_i64(select, "$number", batch);
    bool row = false;
    bool done = store_step(select, &row, err);
    if (done) *key = row ? str_copy(arena, store_str(select, 0)) : STR_EMPTY;
    store_finish(select);
    return done;
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
