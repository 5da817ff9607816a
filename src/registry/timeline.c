#include "registry/timeline.h"

#include "base/list.h"

#include <stdlib.h>

static const int *field_map(struct arena *arena, const struct profile *profile, struct str fields,
                            size_t *count)
{
    LIST(int) map = {0};
    struct str key;
    while (str_split(&fields, ' ', &key)) {
        if (key.len == 0) continue;
        *list_push(arena, &map) = profile_field_number(profile, str_cstr(arena, key));
    }
    *count = map.count;
    return map.items;
}

static bool read_batches(struct timeline *timeline, struct arena *arena, struct registry *registry,
                         const struct profile *profile, int64_t known_ms, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(registry->store, &statement,
                       "SELECT number, at, complete, first_statement, last_statement, fields "
                       "FROM batch WHERE register_key = $register AND imported_ms <= $known "
                       "AND (undone_ms IS NULL OR undone_ms > $known) ORDER BY number",
                       err)) {
        return false;
    }
    store_bind_str(statement, "$register", profile->key);
    store_bind_i64(statement, "$known", known_ms);
    LIST(struct timeline_batch) list = {0};
    bool row = false, done = false;
    while ((done = store_step(statement, &row, err)) && row) {
        struct timeline_batch *batch = list_push(arena, &list);
        batch->number = store_i64(statement, 0);
        batch->at = store_day(statement, 1);
        batch->complete = store_i64(statement, 2) != 0;
        batch->first = store_i64(statement, 3);
        batch->last = store_i64(statement, 4);
        batch->map = field_map(arena, profile, store_str(statement, 5), &batch->map_count);
    }
    store_finish(statement);
    timeline->batches = list.items;
    timeline->batch_count = list.count;
    return done;
}

bool timeline_newest_moment(struct registry *registry, int64_t *ms, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(registry->store, &select,
                       "SELECT coalesce(max(imported_ms), 0), coalesce(max(undone_ms), 0) "
                       "FROM batch",
                       err)) {
        return false;
    }
    bool done = store_step_row(select, err);
    if (done) {
        int64_t imported = store_i64(select, 0), undone = store_i64(select, 1);
        *ms = imported > undone ? imported : undone;
    }
    store_finish(select);
    return done;
}

bool timeline_moment(struct registry *registry, int64_t *ms, struct err *err)
{
    int64_t newest = 0;
    if (!timeline_newest_moment(registry, &newest, err)) return false;
    int64_t now = clock_now_ms(&registry->clock);
    *ms = now > newest ? now : newest + 1;
    return true;
}

bool timeline_map(struct registry *registry, struct arena *arena, const struct profile *profile,
                  int64_t batch, const int **map, size_t *count, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(registry->store, &statement,
                       "SELECT fields FROM batch WHERE number = $number", err)) {
        return false;
    }
    store_bind_i64(statement, "$number", batch);
    bool row = false;
    bool done = store_step(statement, &row, err);
    if (done && row) {
        *map = field_map(arena, profile, store_str(statement, 0), count);
    } else if (done) {
        done = err_set(err, ERR_NOT_FOUND, "there is no batch %lld", "没有批次 %lld",
                       (long long)batch);
    }
    store_finish(statement);
    return done;
}

static struct timeline_batch *batch_find(const struct timeline *timeline, int64_t number)
{
    size_t low = 0, high = timeline->batch_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (timeline->batches[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == timeline->batch_count || timeline->batches[low].number != number) return NULL;
    return &timeline->batches[low];
}

const struct timeline_batch *timeline_batch_find(const struct timeline *timeline, int64_t number)
{
    return batch_find(timeline, number);
}

static bool read_repeats(struct timeline *timeline, struct arena *arena, struct registry *registry,
                         const struct profile *profile, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(registry->store, &select,
                       "SELECT r.batch, r.first, r.last FROM batch b "
                       "JOIN repeat r ON r.batch = b.number WHERE b.register_key = $register "
                       "ORDER BY r.batch, r.first",
                       err)) {
        return false;
    }
    store_bind_str(select, "$register", profile->key);
    LIST(struct timeline_repeat) list = {0};
    struct timeline_batch *batch = NULL;
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        int64_t number = store_i64(select, 0);
        if (batch == NULL || batch->number != number) {
            batch = batch_find(timeline, number);
            if (batch == NULL) continue;
            list.items = NULL;
            list.count = list.capacity = 0;
        }
        *list_push(arena, &list) =
            (struct timeline_repeat){store_i64(select, 1), store_i64(select, 2)};
        batch->repeats = list.items;
        batch->repeat_count = list.count;
    }
    store_finish(select);
    return done;
}

static int compare_endings(const void *a, const void *b)
{
    const struct timeline_ending *x = a, *y = b;
    if (x->statement != y->statement) return x->statement < y->statement ? -1 : 1;
    return x->batch < y->batch ? -1 : x->batch > y->batch ? 1 : 0;
}

static bool read_endings(struct timeline *timeline, struct arena *arena, struct registry *registry,
                         const struct profile *profile, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(registry->store, &select,
                       "SELECT e.batch, e.statement, e.ended_on FROM batch b "
                       "JOIN ending e ON e.batch = b.number WHERE b.register_key = $register "
                       "ORDER BY e.batch, e.statement",
                       err)) {
        return false;
    }
    store_bind_str(select, "$register", profile->key);
    LIST(struct timeline_ending) list = {0};
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        int64_t batch = store_i64(select, 0);
        if (timeline_batch_find(timeline, batch) == NULL) continue;
        *list_push(arena, &list) =
            (struct timeline_ending){store_i64(select, 1), store_day(select, 2), batch};
    }
    store_finish(select);
    if (list.count > 1) qsort(list.items, list.count, sizeof *list.items, compare_endings);
    timeline->endings = list.items;
    timeline->ending_count = list.count;
    return done;
}

bool timeline_read(struct timeline *timeline, struct arena *arena, struct registry *registry,
                   const struct profile *profile, int64_t known_ms, struct err *err)
{
    CHECK(profile != NULL);
    *timeline = (struct timeline){0};
    return read_batches(timeline, arena, registry, profile, known_ms, err)
           && read_repeats(timeline, arena, registry, profile, err)
           && read_endings(timeline, arena, registry, profile, err);
}

/* A batch of before rows were counted can hold any. Codes are digits, and come before a colon. */
static bool mark_seen(const struct timeline *timeline, struct registry *registry,
                      const struct profile *profile, struct str prefix, bool *seen, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(registry->store, &select,
                       "SELECT number FROM batch AS b WHERE register_key = $register AND (EXISTS "
                       "(SELECT 1 FROM batch_area WHERE batch = b.number AND area >= $prefix AND "
                       "area < $prefix || ':') OR NOT EXISTS (SELECT 1 FROM batch_area WHERE batch "
                       "= b.number))",
                       err)) {
        return false;
    }
    store_bind_str(select, "$register", profile->key);
    store_bind_str(select, "$prefix", prefix);
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        const struct timeline_batch *batch = timeline_batch_find(timeline, store_i64(select, 0));
        if (batch != NULL) seen[batch - timeline->batches] = true;
    }
    store_finish(select);
    return done;
}

bool timeline_seen(const struct timeline *timeline, struct arena *arena, struct registry *registry,
                   const struct profile *profile, const struct asker *asker, const bool **out,
                   struct err *err)
{
    *out = NULL;
    if (asker->all_areas) return true;
    bool *seen = arena_array(arena, bool, timeline->batch_count + 1);
    for (size_t i = 0; i < asker->area_count; i++) {
        struct str prefix = area_prefix(asker->areas[i]);
        if (prefix.len > 0 && !mark_seen(timeline, registry, profile, prefix, seen, err)) {
            return false;
        }
    }
    *out = seen;
    return true;
}

/* The first ending of the statement; the others follow it. */
static size_t find_ending(const struct timeline *timeline, int64_t number)
{
    size_t low = 0, high = timeline->ending_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (timeline->endings[middle].statement < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool timeline_repeats(const struct timeline_batch *batch, int64_t first, int64_t last)
{
    CHECK(batch != NULL);
    size_t low = 0, high = batch->repeat_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (batch->repeats[middle].last < first)
            low = middle + 1;
        else
            high = middle;
    }
    return low < batch->repeat_count && batch->repeats[low].first <= last;
}

static bool repeats(const struct timeline_batch *batch, int64_t number)
{
    return timeline_repeats(batch, number, number);
}

static bool later(day on_a, int64_t batch_a, day on_b, int64_t batch_b)
{
    return on_a.days != on_b.days ? on_a.days > on_b.days : batch_a > batch_b;
}

bool timeline_holds(const struct timeline *timeline, const struct timeline_batch *batch,
                    int64_t number, day at)
{
    if (batch->at.days > at.days) return false;
    const struct timeline_ending *last = NULL;
    for (size_t i = find_ending(timeline, number);
         i < timeline->ending_count && timeline->endings[i].statement == number; i++) {
        const struct timeline_ending *ending = &timeline->endings[i];
        if (ending->on.days > at.days) continue;
        if (last == NULL || later(ending->on, ending->batch, last->on, last->batch)) last = ending;
    }
    if (last == NULL) return true;
    for (size_t i = timeline->batch_count; i > 0; i--) {
        const struct timeline_batch *other = &timeline->batches[i - 1];
        if (other->repeat_count == 0 || other->at.days > at.days) continue;
        if (later(other->at, other->number, last->on, last->batch) && repeats(other, number)) {
            return true;
        }
    }
    return false;
}

const struct timeline_batch *
timeline_next(const struct timeline *timeline, const struct timeline_batch *batch, int64_t number,
              day at, bool (*counts)(void *context, const struct timeline_batch *batch),
              void *context)
{
    const struct timeline_batch *next = NULL;
    for (size_t i = 0; i < timeline->batch_count; i++) {
        const struct timeline_batch *other = &timeline->batches[i];
        if (other->at.days <= at.days) continue;
        if (next != NULL && other->at.days >= next->at.days) continue;
        if (other != batch && !repeats(other, number)) continue;
        if (counts == NULL || counts(context, other)) next = other;
    }
    return next;
}
