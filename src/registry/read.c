#include "registry/conveyor.h"
#include "registry/reading.h"

enum { SLOT_ROWS = 256 };

struct sealed_row {
    const struct timeline_batch *batch;
    struct statement statement;
    struct str *values;
    struct str *written;
    struct str sealed;
};

struct read_slot {
    struct arena arena;
    struct sealed_row *rows;
    size_t count;
};

struct reader {
    const struct reading *reading;
    struct store_statement *select;
    size_t batch; /* that the select runs over */
    bool running;
    struct codec *codecs[CONVEYOR_WORKERS_MAX + 1];
    struct read_slot slots[CONVEYOR_SLOTS];
};

/* What stands in plain columns; the seal is only copied. */
static void take_row(struct arena *arena, const struct layout *layout, struct store_statement *row,
                     struct sealed_row *out)
{
    size_t fields = layout->profile->field_count;
    out->values = arena_array(arena, struct str, fields);
    out->written = arena_array(arena, struct str, fields);
    for (size_t i = COLUMN_FIELDS; i < layout->count; i++) {
        struct str value = store_str(row, (int)i);
        if (value.len > 0) out->values[layout->fields[i - COLUMN_FIELDS]] = str_copy(arena, value);
    }
    out->sealed = str_copy(arena, store_str(row, COLUMN_SEALED));
    out->statement = (struct statement){
        .number = store_i64(row, COLUMN_STATEMENT),
        .batch = store_i64(row, COLUMN_BATCH),
        .sheet = (uint64_t)store_i64(row, COLUMN_SHEET),
        .row = (uint64_t)store_i64(row, COLUMN_ROW),
        .area = str_copy(arena, store_str(row, COLUMN_AREA)),
        .values = out->values,
        .written = out->written,
    };
}

static bool open_row(struct arena *arena, struct codec *codec, const struct layout *layout,
                     const int *map, size_t map_count, struct sealed_row *row,
                     struct layout_aside **asides, size_t *aside_count, struct err *err)
{
    char buffer[LAYOUT_CONTEXT_BYTES];
    struct str context = layout_context(layout->table, row->statement.number, buffer), packed;
    if (codec_unseal(codec, arena, context, row->sealed, &packed, err)
        && layout_unpack(arena, packed, map, map_count, row->values, row->written, asides,
                         aside_count, err)) {
        return true;
    }
    return err_at(err, "register %.*s, statement %lld", "登记册 %.*s 第 %lld 条记录",
                  STR_ARG(layout->profile->key), (long long)row->statement.number);
}

bool reading_open(struct arena *arena, struct codec *codec, const struct layout *layout,
                  const int *map, size_t map_count, struct store_statement *row,
                  struct statement *out, struct layout_aside **asides, size_t *aside_count,
                  struct err *err)
{
    struct sealed_row taken = {0};
    take_row(arena, layout, row, &taken);
    if (!open_row(arena, codec, layout, map, map_count, &taken, asides, aside_count, err)) {
        return false;
    }
    *out = taken.statement;
    return true;
}

static bool fill(void *context, size_t slot_number, bool *more, struct err *err)
{
    struct reader *reader = context;
    const struct reading *reading = reader->reading;
    struct read_slot *slot = &reader->slots[slot_number];
    arena_reset(&slot->arena);
    slot->rows = arena_array(&slot->arena, struct sealed_row, SLOT_ROWS);
    slot->count = 0;
    while (slot->count < SLOT_ROWS && reader->batch < reading->timeline->batch_count) {
        const struct timeline_batch *batch = &reading->timeline->batches[reader->batch];
        if (reading->batches != NULL && !reading->batches[reader->batch]) {
            reader->batch++;
            continue;
        }
        if (!reader->running) {
            store_bind_i64(reader->select, "$first", batch->first);
            store_bind_i64(reader->select, "$last", batch->last);
            reader->running = true;
        }
        bool row = false;
        if (!store_step(reader->select, &row, err)) return false;
        if (!row) {
            reader->running = false;
            reader->batch++;
            continue;
        }
        if (!reading->wanted(reading->context, batch, reader->select)) continue;
        struct sealed_row *taken = &slot->rows[slot->count++];
        take_row(&slot->arena, reading->layout, reader->select, taken);
        taken->batch = batch;
        taken->statement.valid_from = batch->at;
    }
    *more = reader->batch < reading->timeline->batch_count;
    return true;
}

static bool work(void *context, size_t slot_number, size_t worker, struct err *err)
{
    struct reader *reader = context;
    struct read_slot *slot = &reader->slots[slot_number];
    for (size_t i = 0; i < slot->count; i++) {
        struct sealed_row *row = &slot->rows[i];
        if (!open_row(&slot->arena, reader->codecs[worker], reader->reading->layout,
                      row->batch->map, row->batch->map_count, row, NULL, NULL, err)) {
            return false;
        }
    }
    return true;
}

static bool drain(void *context, size_t slot_number, bool *go_on, struct err *err)
{
    (void)err;
    struct reader *reader = context;
    struct read_slot *slot = &reader->slots[slot_number];
    for (size_t i = 0; *go_on && i < slot->count; i++) {
        *go_on = reader->reading->each(reader->reading->context, slot->rows[i].batch,
                                       &slot->rows[i].statement);
    }
    return true;
}

static bool prepare(struct reader *reader, struct err *err)
{
    struct store *store = reader->reading->registry->store;
    const struct layout *layout = reader->reading->layout;
    if (reader->reading->without_area) {
        return store_prepare_table(store, &reader->select,
                                   "SELECT @columns FROM @table "
                                   "WHERE statement BETWEEN $first AND $last AND area IS NULL "
                                   "ORDER BY statement",
                                   layout->table, layout->names, layout->count, err);
    }
    return store_prepare_table(store, &reader->select,
                               "SELECT @columns FROM @table "
                               "WHERE statement BETWEEN $first AND $last ORDER BY statement",
                               layout->table, layout->names, layout->count, err);
}

bool reading_run(const struct reading *reading, struct err *err)
{
    CHECK(reading->wanted != NULL);
    CHECK(reading->each != NULL);
    struct reader reader = {.reading = reading};
    size_t workers = conveyor_workers();
    if (!prepare(&reader, err)) return false;
    for (size_t i = 0; i < workers; i++) {
        reader.codecs[i] = codec_worker(reading->registry->codec);
    }
    reader.codecs[workers] = reading->registry->codec;
    const struct conveyor conveyor = {
        .context = &reader, .fill = fill, .work = work, .drain = drain, .workers = workers};
    bool fill_failed = false;
    bool done = conveyor_run(&conveyor, &fill_failed, err);
    store_finish(reader.select);
    for (size_t i = 0; i < workers; i++) codec_close(reader.codecs[i]);
    for (size_t i = 0; i < CONVEYOR_SLOTS; i++) arena_free(&reader.slots[i].arena);
    return done;
}

struct reading_people {
    const struct timeline *timeline;
    const struct asker *asker;
    day at;
    bool (*each)(void *context, const struct statement *statement);
    void *context;
};

static bool holds_and_seen(void *context, const struct timeline_batch *batch,
                           struct store_statement *row)
{
    const struct reading_people *reading = context;
    return timeline_holds(reading->timeline, batch, store_i64(row, COLUMN_STATEMENT), reading->at)
           && asker_sees(reading->asker, store_str(row, COLUMN_AREA));
}

static bool hand_over(void *context, const struct timeline_batch *batch,
                      const struct statement *statement)
{
    (void)batch;
    const struct reading_people *reading = context;
    return reading->each(reading->context, statement);
}

bool registry_read(struct registry *registry, const struct asker *asker,
                   const struct profile *profile, struct read_at when,
                   bool (*each)(void *context, const struct statement *), void *context,
                   struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    CHECK(each != NULL);
    struct arena arena = {0};
    struct layout layout;
    struct timeline timeline;
    layout_make(&layout, &arena, profile);
    const bool *seen = NULL;
    bool done = timeline_read(&timeline, &arena, registry, profile, when.known_ms, err)
                && timeline_seen(&timeline, &arena, registry, profile, asker, &seen, err);
    if (done) {
        struct reading_people people = {&timeline, asker, when.at, each, context};
        const struct reading reading = {.registry = registry,
                                        .layout = &layout,
                                        .timeline = &timeline,
                                        .wanted = holds_and_seen,
                                        .each = hand_over,
                                        .context = &people,
                                        .batches = seen};
        done = reading_run(&reading, err);
    }
    arena_free(&arena);
    return done;
}

static bool not_found(const struct profile *profile, int64_t number, struct err *err)
{
    return err_set(err, ERR_NOT_FOUND, "there is no statement %lld in register %.*s",
                   "登记册中没有第 %lld 条记录（%.*s）", (long long)number, STR_ARG(profile->key));
}

bool registry_statement(struct registry *registry, struct arena *arena, const struct asker *asker,
                        const struct profile *profile, int64_t number, struct statement *out,
                        struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    struct layout layout;
    struct store_statement *select = NULL, *days = NULL;
    const int *map = NULL;
    size_t map_count = 0;
    bool row = false, done = false;
    struct statement found;
    layout_make(&layout, arena, profile);
    if (!store_prepare_table(registry->store, &select,
                             "SELECT @columns FROM @table WHERE statement = $number", layout.table,
                             layout.names, layout.count, err)) {
        goto out;
    }
    store_bind_i64(select, "$number", number);
    if (!store_step(select, &row, err)) goto out;
    if (!row || !asker_sees(asker, store_str(select, COLUMN_AREA))) {
        not_found(profile, number, err);
        goto out;
    }
    if (!timeline_map(registry, arena, profile, store_i64(select, COLUMN_BATCH), &map, &map_count,
                      err)
        || !reading_open(arena, registry->codec, &layout, map, map_count, select, &found, NULL,
                         NULL, err)
        || !store_prepare(registry->store, &days, "SELECT at FROM batch WHERE number = $number",
                          err)) {
        goto out;
    }
    store_bind_i64(days, "$number", found.batch);
    if (!store_step_row(days, err)) goto out;
    found.valid_from = store_day(days, 0);
    *out = found;
    done = true;
out:
    store_finish(days);
    store_finish(select);
    return done;
}
