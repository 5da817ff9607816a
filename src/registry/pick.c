#include "base/dict.h"
#include "base/list.h"
#include "registry/reading.h"

/* What is the same for all statements of a batch. */
struct picked_batch {
    day at;
    const int *map;
    size_t map_count;
};

struct picking {
    struct registry *registry;
    const struct profile *profile;
    struct layout layout;
    struct arena arena;       /* as long as the picking */
    struct u64_map by_number; /* of batches: place in … */
    LIST(struct picked_batch) batches;
    struct store_statement *select, *days;
};

static bool find_batch(struct picking *picking, int64_t number, struct picked_batch *out,
                       struct err *err)
{
    uint32_t place = u64_map_find(&picking->by_number, (uint64_t)number);
    if (place != DICT_NONE) {
        *out = picking->batches.items[place];
        return true;
    }
    struct picked_batch fresh;
    if (!timeline_map(picking->registry, &picking->arena, picking->profile, number, &fresh.map,
                      &fresh.map_count, err)) {
        return false;
    }
    store_reset(picking->days);
    store_bind_i64(picking->days, "$number", number);
    if (!store_step_row(picking->days, err)) return false;
    fresh.at = store_day(picking->days, 0);
    u64_map_put(&picking->by_number, (uint64_t)number, (uint32_t)picking->batches.count);
    *list_push(&picking->arena, &picking->batches) = fresh;
    *out = fresh;
    return true;
}

static bool pick_one(struct picking *picking, struct arena *scratch, int64_t number,
                     void (*each)(void *context, const struct statement *statement), void *context,
                     struct err *err)
{
    bool row = false;
    struct picked_batch batch;
    struct statement statement;
    store_reset(picking->select);
    store_bind_i64(picking->select, "$number", number);
    if (!store_step(picking->select, &row, err)) return false;
    if (!row) return true;
    if (!find_batch(picking, store_i64(picking->select, COLUMN_BATCH), &batch, err)
        || !reading_open(scratch, picking->registry->codec, &picking->layout, batch.map,
                         batch.map_count, picking->select, &statement, NULL, NULL, err)) {
        return false;
    }
    statement.valid_from = batch.at;
    each(context, &statement);
    return true;
}

bool registry_pick(struct registry *registry, const struct profile *profile, const int64_t *numbers,
                   size_t count, void (*each)(void *context, const struct statement *statement),
                   void *context, struct err *err)
{
    CHECK(registry != NULL);
    CHECK(each != NULL);
    struct picking picking = {.registry = registry, .profile = profile};
    struct arena scratch = {0};
    u64_map_init(&picking.by_number, &picking.arena);
    layout_make(&picking.layout, &picking.arena, profile);
    bool done =
        store_prepare_table(registry->store, &picking.select,
                            "SELECT @columns FROM @table WHERE statement = $number",
                            picking.layout.table, picking.layout.names, picking.layout.count, err)
        && store_prepare(registry->store, &picking.days,
                         "SELECT at FROM batch WHERE number = $number", err);
    for (size_t i = 0; done && i < count; i++) {
        done = pick_one(&picking, &scratch, numbers[i], each, context, err);
        arena_reset(&scratch);
    }
    store_finish(picking.days);
    store_finish(picking.select);
    arena_free(&scratch);
    arena_free(&picking.arena);
    return done;
}
