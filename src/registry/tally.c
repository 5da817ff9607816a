#include "registry/tally.h"

enum { PLACE_BYTES_MAX = 512 };

void tally_init(struct tally *tally, struct arena *arena)
{
    *tally = (struct tally){.arena = arena};
    dict_init(&tally->places, arena);
}

void tally_row(struct tally *tally, struct str area, struct str school, enum row_outcome outcome)
{
    struct arena scratch = {0};
    struct text place;
    text_init(&place, &scratch, PLACE_BYTES_MAX);
    text_add(&place, area);
    text_add_byte(&place, '\n');
    text_add(&place, school);
    uint32_t number = dict_put(&tally->places, text_str(&place));
    while (tally->counts.count <= number) list_push(tally->arena, &tally->counts);
    struct tally_count *count = &tally->counts.items[number];
    *(outcome == ROW_REJECTED ? &count->rejected
      : outcome == ROW_WARNED ? &count->warned
                              : &count->accepted) += 1;
    arena_free(&scratch);
}

bool tally_write(const struct tally *tally, struct store *store, int64_t batch, struct err *err)
{
    struct store_statement *insert = NULL;
    if (!store_prepare(store, &insert,
                       "INSERT INTO batch_area (batch, area, school, accepted, warned, rejected) "
                       "VALUES ($batch, $area, $school, $accepted, $warned, $rejected)",
                       err)) {
        return false;
    }
    store_bind_i64(insert, "$batch", batch);
    bool done = true;
    for (uint32_t i = 0; done && i < tally->places.count; i++) {
        struct str rest = dict_text(&tally->places, i), area, school;
        const struct tally_count *count = &tally->counts.items[i];
        CHECK(str_split(&rest, '\n', &area));
        CHECK(str_split(&rest, '\n', &school));
        store_bind_str(insert, "$area", area);
        store_bind_str(insert, "$school", school);
        store_bind_i64(insert, "$accepted", (int64_t)count->accepted);
        store_bind_i64(insert, "$warned", (int64_t)count->warned);
        store_bind_i64(insert, "$rejected", (int64_t)count->rejected);
        done = store_run(insert, err);
    }
    store_finish(insert);
    return done;
}

/* Between which codes all lie that the asker sees, the end with a colon behind it, which comes
 * after all digits; null where there are none. */
static void bounds_of(const struct asker *asker, struct str *from, struct str *to)
{
    *from = *to = asker->all_areas ? STR("") : (struct str){0};
    for (size_t i = 0; !asker->all_areas && i < asker->area_count; i++) {
        struct str prefix = area_prefix(asker->areas[i]);
        if (i == 0 || str_compare(prefix, *from) < 0) *from = prefix;
        if (i == 0 || str_compare(prefix, *to) > 0) *to = prefix;
    }
}

/* The counts of a batch that the asker may see, and some more. */
static bool prepare_seen(struct store *store, const struct asker *asker, int64_t batch,
                         struct store_statement **out, struct err *err)
{
    struct str from, to;
    bool school = asker->school.len > 0;
    bool good = school ? store_prepare(store, out,
                                       "SELECT area, school, accepted, warned, rejected FROM "
                                       "batch_area WHERE batch = $batch AND (school = $school OR "
                                       "(area >= $from AND area < $to || ':'))",
                                       err)
                       : store_prepare(store, out,
                                       "SELECT area, school, accepted, warned, rejected FROM "
                                       "batch_area WHERE batch = $batch AND area >= $from AND "
                                       "area < $to || ':'",
                                       err);
    if (!good) return false;
    bounds_of(asker, &from, &to);
    store_bind_i64(*out, "$batch", batch);
    store_bind_str(*out, "$from", from);
    store_bind_str(*out, "$to", to);
    if (school) store_bind_str(*out, "$school", asker->school);
    return true;
}

static bool is_counted(struct store *store, int64_t batch, bool *out, struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(store, &find, "SELECT 1 FROM batch_area WHERE batch = $batch LIMIT 1", err))
        return false;
    store_bind_i64(find, "$batch", batch);
    bool done = store_step(find, out, err);
    store_finish(find);
    return done;
}

bool tally_read(struct store *store, const struct asker *asker, int64_t batch,
                struct tally_count *sum, bool *known, struct err *err)
{
    struct store_statement *select = NULL;
    struct tally_count total = {0};
    bool row = false, done = false, any = false;
    if (!is_counted(store, batch, &any, err) || !prepare_seen(store, asker, batch, &select, err)) {
        return false;
    }
    while ((done = store_step(select, &row, err)) && row) {
        struct str school = store_str(select, 1);
        if (!asker_sees(asker, store_str(select, 0))
            && (school.len == 0 || !str_equal(school, asker->school))) {
            continue;
        }
        total.accepted += (uint64_t)store_i64(select, 2);
        total.warned += (uint64_t)store_i64(select, 3);
        total.rejected += (uint64_t)store_i64(select, 4);
    }
    store_finish(select);
    if (!done) return false;
    *sum = total;
    *known = any;
    return true;
}

static bool tell_batches(struct store_statement *select,
                         bool (*found)(void *context, int64_t batch), void *context,
                         struct err *err)
{
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        if (!found(context, store_i64(select, 0))) break;
    }
    store_finish(select);
    return done;
}

bool tally_batches(struct store *store, const struct asker *asker,
                   bool (*found)(void *context, int64_t batch), void *context, struct err *err)
{
    struct store_statement *select = NULL;
    CHECK(!asker->all_areas);
    for (size_t i = 0; i < asker->area_count; i++) {
        if (!store_prepare(store, &select,
                           "SELECT DISTINCT batch FROM batch_area WHERE area >= $prefix AND "
                           "area < $prefix || ':'",
                           err)) {
            return false;
        }
        store_bind_text(select, "$prefix", area_prefix(asker->areas[i]));
        if (!tell_batches(select, found, context, err)) return false;
    }
    if (asker->school.len == 0) return true;
    if (!store_prepare(store, &select,
                       "SELECT DISTINCT batch FROM batch_area WHERE school = $school", err)) {
        return false;
    }
    store_bind_text(select, "$school", asker->school);
    return tell_batches(select, found, context, err);
}

bool tally_first(struct store *store, int64_t *number, struct err *err)
{
    struct store_statement *select = NULL;
    bool row = false;
    if (!store_prepare(store, &select, "SELECT batch FROM batch_area ORDER BY batch LIMIT 1", err))
        return false;
    bool done = store_step(select, &row, err);
    if (done) *number = row ? store_i64(select, 0) : INT64_MAX;
    store_finish(select);
    return done;
}

static bool all_counted(struct store *store, bool *counted, struct err *err)
{
    struct store_statement *find = NULL;
    bool row = false;
    if (!store_prepare(store, &find,
                       "SELECT 1 FROM batch AS b WHERE b.accepted + b.warned > 0 AND NOT EXISTS "
                       "(SELECT 1 FROM batch_area AS a WHERE a.batch = b.number) LIMIT 1",
                       err)) {
        return false;
    }
    bool done = store_step(find, &row, err);
    store_finish(find);
    *counted = !row;
    return done;
}

bool tally_sees_all(struct store *store, const struct asker *asker, bool *all, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false, done;
    *all = true;
    if (asker->all_areas) return true;
    if (!all_counted(store, all, err)) return false;
    if (!store_prepare(store, &rows,
                       "SELECT DISTINCT area FROM batch_area WHERE accepted + warned > 0", err)) {
        return false;
    }
    while ((done = store_step(rows, &row, err)) && row && *all) {
        *all = asker_sees(asker, store_str(rows, 0));
    }
    store_finish(rows);
    return done;
}

bool tally_has_area(struct store *store, struct str area, bool *out, struct err *err)
{
    struct store_statement *find = NULL;
    struct str prefix = area_prefix(area);
    if (!store_prepare(store, &find,
                       "SELECT 1 FROM batch_area WHERE area >= $prefix AND area < $prefix || ':' "
                       "LIMIT 1",
                       err))
        return false;
    store_bind_text(find, "$prefix", prefix);
    bool done = store_step(find, out, err);
    store_finish(find);
    return done;
}

bool tally_has_school(struct store *store, struct str school, bool *out, struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(store, &find, "SELECT 1 FROM batch_area WHERE school = $school LIMIT 1",
                       err))
        return false;
    store_bind_text(find, "$school", school);
    bool done = store_step(find, out, err);
    store_finish(find);
    return done;
}
