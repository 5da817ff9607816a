#include "base/list.h"
#include "registry/reading.h"

struct search {
    struct registry *registry;
    const struct asker *asker;
    struct layout layout;
    struct timeline timeline;
    day at;
    struct str id_number;
    LIST(struct statement) found;
};

/* One row whose blind index is the one looked for: is it live, seen, and really the number? */
static bool look_at(struct search *search, struct arena *arena, struct store_statement *row,
                    struct err *err)
{
    int64_t number = store_i64(row, COLUMN_STATEMENT);
    const struct timeline_batch *batch =
        timeline_batch_find(&search->timeline, store_i64(row, COLUMN_BATCH));
    if (batch == NULL || !timeline_holds(&search->timeline, batch, number, search->at)) return true;
    if (!asker_sees(search->asker, store_str(row, COLUMN_AREA))) return true;
    struct statement statement;
    if (!reading_open(arena, search->registry->codec, &search->layout, batch->map, batch->map_count,
                      row, &statement, NULL, NULL, err)) {
        return false;
    }
    if (!str_equal(statement.values[search->layout.id_field], search->id_number)) return true;
    statement.valid_from = batch->at;
    *list_push(arena, &search->found) = statement;
    return true;
}

static bool look_up(struct search *search, struct arena *arena, struct err *err)
{
    struct store_statement *select = NULL;
    unsigned char blind[CODEC_BLIND_BYTES];
    if (!store_prepare_table(search->registry->store, &select,
                             "SELECT @columns FROM @table WHERE blind = $blind ORDER BY statement",
                             search->layout.table, search->layout.names, search->layout.count,
                             err)) {
        return false;
    }
    codec_blind(search->registry->codec, search->id_number, blind);
    store_bind_i64(select, "$blind", layout_blind(blind));
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        if (!(done = look_at(search, arena, select, err))) break;
    }
    store_finish(select);
    return done;
}

bool registry_find(struct registry *registry, struct arena *arena, const struct asker *asker,
                   const struct profile *profile, struct read_at when, struct str id_number,
                   struct statement **out, size_t *count, struct err *err)
{
    CHECK(registry != NULL);
    CHECK(asker != NULL);
    CHECK(profile != NULL);
    struct search search = {
        .registry = registry, .asker = asker, .at = when.at, .id_number = id_number};
    layout_make(&search.layout, arena, profile);
    bool asked = search.layout.id_field >= 0 && id_number.len > 0;
    if (asked
        && (!timeline_read(&search.timeline, arena, registry, profile, when.known_ms, err)
            || !look_up(&search, arena, err))) {
        return false;
    }
    *out = search.found.items;
    *count = search.found.count;
    return true;
}
