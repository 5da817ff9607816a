#include "registry/registry.h"
#include "registry/tally.h"

#include "access/audit.h"
#include "base/asset.h"
#include "registry/timeline.h"

static bool state_read(struct store *store, struct str name, struct arena *arena, struct str *value,
                       struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(store, &select, "SELECT value FROM registry_state WHERE name = $name",
                       err)) {
        return false;
    }
    store_bind_str(select, "$name", name);
    bool row = false;
    bool done = store_step(select, &row, err);
    *value = done && row ? str_copy(arena, store_str(select, 0)) : STR_EMPTY;
    store_finish(select);
    return done;
}

static bool state_write(struct store *store, struct str name, struct str value, struct err *err)
{
    struct store_statement *insert = NULL;
    if (!store_prepare(store, &insert,
                       "INSERT INTO registry_state (name, value) VALUES ($name, $value) "
                       "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                       err)) {
        return false;
    }
    store_bind_str(insert, "$name", name);
    store_bind_blob(insert, "$value", value);
    bool done = store_run(insert, err);
    store_finish(insert);
    return done;
}

/* A hash of all tables' columns: while it is the same there is nothing to look at. */
static void layout_hash(struct arena *arena, const struct profiles *profiles, unsigned char out[32])
{
    struct text text;
    text_init(&text, arena, 16 << 20);
    for (size_t i = 0; i < profiles->count; i++) {
        struct layout layout;
        layout_make(&layout, arena, &profiles->items[i]);
        text_add_c(&text, layout.table);
        for (size_t c = 0; c < layout.count; c++) {
            text_add_f(&text, " %s %d", layout.names[c], (int)layout.columns[c].type);
        }
        text_add_byte(&text, '\n');
    }
    sm3_hash(text_str(&text), out);
}

static bool make_tables(struct registry *registry, struct arena *arena, struct str hash,
                        struct str fingerprint, struct err *err)
{
    struct store *store = registry->store;
    for (size_t i = 0; i < registry->profiles->count; i++) {
        struct layout layout;
        layout_make(&layout, arena, &registry->profiles->items[i]);
        if (!store_ensure_table(store, layout.table, layout.columns, layout.count, err)) {
            return err_at(err, "register %.*s", "登记册 %.*s", STR_ARG(layout.profile->key));
        }
    }
    return state_write(store, STR("layout"), hash, err)
           && state_write(store, STR("key_fingerprint"), fingerprint, err);
}

bool registry_rekey(struct registry *registry, struct codec *fresh, struct err *err)
{
    unsigned char print[8];
    CHECK(store_in_transaction(registry->store));
    codec_fingerprint(fresh, print);
    return state_write(registry->store, STR("key_fingerprint"),
                       (struct str){(const char *)print, sizeof print}, err);
}

static bool make_tables_once(struct registry *registry, struct arena *arena, struct str hash,
                             struct str fingerprint, struct err *err)
{
    if (store_in_transaction(registry->store)) {
        return make_tables(registry, arena, hash, fingerprint, err);
    }
    if (!store_begin(registry->store, err)) return false;
    if (!make_tables(registry, arena, hash, fingerprint, err)) {
        store_rollback(registry->store);
        return false;
    }
    return store_commit(registry->store, err);
}

bool registry_migrate(struct registry *registry, struct err *err)
{
    CHECK(registry != NULL);
    CHECK(registry->codec != NULL);
    struct str scripts[5];
    CHECK(asset_find("src/registry/schema.sql", &scripts[0]));
    CHECK(asset_find("src/registry/schema_2.sql", &scripts[1]));
    CHECK(asset_find("src/registry/schema_3.sql", &scripts[2]));
    CHECK(asset_find("src/registry/schema_4.sql", &scripts[3]));
    CHECK(asset_find("src/registry/schema_5.sql", &scripts[4]));
    if (!access_migrate(registry->store, err)) return false;
    if (!store_migrate(registry->store, "registry", scripts, 5, err)) return false;
    struct arena arena = {0};
    unsigned char hash[32], print[8];
    layout_hash(&arena, registry->profiles, hash);
    codec_fingerprint(registry->codec, print);
    const struct str want_layout = {(const char *)hash, sizeof hash};
    const struct str want_print = {(const char *)print, sizeof print};
    struct str layout, known;
    bool done = state_read(registry->store, STR("layout"), &arena, &layout, err)
                && state_read(registry->store, STR("key_fingerprint"), &arena, &known, err);
    if (done && known.len > 0 && !str_equal(known, want_print)) {
        done = err_set(err, ERR_STORE,
                       "the key file does not belong to this workspace, put back the one that was "
                       "made with it",
                       "密钥文件不属于这个工作区，请换回与它一同建立的那个");
    } else if (done && (known.len == 0 || !str_equal(layout, want_layout))) {
        done = make_tables_once(registry, &arena, want_layout, want_print, err);
    }
    arena_free(&arena);
    return done;
}

bool registry_newest_day(struct registry *registry, day *out, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(registry->store, &select,
                       "SELECT max(at) FROM batch WHERE undone_ms IS NULL", err)) {
        return false;
    }
    bool done = store_step_row(select, err);
    if (done) *out = store_day(select, 0);
    store_finish(select);
    return done;
}

bool registry_now(struct registry *registry, int64_t *ms, struct err *err)
{
    int64_t newest = 0;
    if (!timeline_newest_moment(registry, &newest, err)) return false;
    int64_t now = clock_now_ms(&registry->clock);
    *ms = now > newest ? now : newest;
    return true;
}

bool registry_sees_all(struct registry *registry, const struct asker *asker, bool *all,
                       struct err *err)
{
    return tally_sees_all(registry->store, asker, all, err);
}

bool registry_revision(struct registry *registry, int64_t *out, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(registry->store, &select, "SELECT count(*) + count(undone_ms) FROM batch",
                       err)) {
        return false;
    }
    bool done = store_step_row(select, err);
    if (done) *out = store_i64(select, 0);
    store_finish(select);
    return done;
}

static bool count_all(struct registry *registry, const struct profile *profile,
                      uint64_t *statements, uint64_t *batches, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(registry->store, &select,
                       "SELECT coalesce(sum(fresh + replaced), 0), count(*) FROM batch "
                       "WHERE register_key = $register AND undone_ms IS NULL",
                       err)) {
        return false;
    }
    store_bind_str(select, "$register", profile->key);
    bool done = store_step_row(select, err);
    if (done) {
        *statements = (uint64_t)store_i64(select, 0);
        *batches = (uint64_t)store_i64(select, 1);
    }
    store_finish(select);
    return done;
}

static const struct timeline_batch *batch_of(const struct timeline *timeline, int64_t statement)
{
    for (size_t i = 0; i < timeline->batch_count; i++) {
        const struct timeline_batch *batch = &timeline->batches[i];
        if (batch->first <= statement && statement <= batch->last) return batch;
    }
    return NULL;
}

bool registry_count(struct registry *registry, const struct profile *profile, uint64_t *statements,
                    uint64_t *batches, struct err *err)
{
    CHECK(profile != NULL);
    uint64_t all = 0, live_batches = 0;
    if (!count_all(registry, profile, &all, &live_batches, err)) return false;
    struct arena arena = {0};
    struct timeline timeline;
    bool done = timeline_read(&timeline, &arena, registry, profile, INT64_MAX, err);
    for (size_t i = 0; done && i < timeline.ending_count; i++) {
        int64_t number = timeline.endings[i].statement;
        if (i > 0 && timeline.endings[i - 1].statement == number) continue;
        const struct timeline_batch *batch = batch_of(&timeline, number);
        if (batch != NULL && !timeline_holds(&timeline, batch, number, TIMELINE_END)) all--;
    }
    arena_free(&arena);
    if (!done) return false;
    *statements = all;
    *batches = live_batches;
    return true;
}
