#include "base/list.h"
#include "identity/mask.h"
#include "registry/layout.h"
#include "registry/registry.h"

struct correcting {
    struct registry *registry;
    struct arena *arena;
    const struct profile *profile;
    int64_t batch;
    struct store_statement *select;
    LIST(struct correction_row) rows;
};

static struct str shown(const struct correcting *correcting, struct str field, struct str text)
{
    const struct profile *profile = correcting->profile;
    int number = field.ptr == NULL || profile == NULL
                     ? -1
                     : profile_field_number(profile, str_cstr(correcting->arena, field));
    bool sealed = number >= 0 && profile->fields[number].identifying;
    return sealed ? mask_value(correcting->arena, text) : mask_numbers(correcting->arena, text);
}

static bool add_row(struct correcting *correcting, struct err *err)
{
    struct store_statement *select = correcting->select;
    char table[LAYOUT_CONTEXT_BYTES], buffer[LAYOUT_CONTEXT_BYTES];
    struct str both, was, value;
    layout_context("correction", correcting->batch, table);
    if (!codec_unseal(correcting->registry->codec, correcting->arena,
                      layout_context(table, store_i64(select, 0), buffer), store_str(select, 4),
                      &both, err)) {
        return false;
    }
    CHECK(str_split(&both, '\x1F', &was));
    CHECK(str_split(&both, '\x1F', &value));
    struct str field = store_str(select, 6);
    *list_push(correcting->arena, &correcting->rows) =
        (struct correction_row){.sheet = str_copy(correcting->arena, store_str(select, 1)),
                                .row = (uint64_t)store_i64(select, 2),
                                .place = (size_t)store_i64(select, 3),
                                .heading = str_copy(correcting->arena, store_str(select, 5)),
                                .was = shown(correcting, field, was),
                                .value = shown(correcting, field, value)};
    return true;
}

static bool list_rows(struct correcting *correcting, struct err *err)
{
    struct store *store = correcting->registry->store;
    bool row = false;
    bool done = store_prepare(store, &correcting->select,
                              "SELECT c.ordinal, s.name, c.row, c.place, c.sealed, k.heading, "
                              "k.field, b.register_key FROM correction c "
                              "JOIN batch b ON b.number = c.batch "
                              "JOIN batch_sheet s ON s.batch = c.batch AND s.sheet = c.sheet "
                              "LEFT JOIN batch_column k ON k.batch = c.batch "
                              "AND k.sheet = c.sheet AND k.place = c.place "
                              "WHERE c.batch = $batch ORDER BY c.ordinal",
                              err);
    if (done) store_bind_i64(correcting->select, "$batch", correcting->batch);
    while (done && (done = store_step(correcting->select, &row, err)) && row) {
        correcting->profile =
            profile_find(correcting->registry->profiles, store_str(correcting->select, 7));
        done = add_row(correcting, err);
    }
    store_finish(correcting->select);
    return done;
}

bool registry_corrections(struct registry *registry, struct arena *arena, const struct asker *asker,
                          int64_t batch, struct correction_row **out, size_t *count,
                          struct err *err)
{
    bool own = false;
    struct correcting correcting = {.registry = registry, .arena = arena, .batch = batch};
    if (!registry_batch_is_own(registry, asker, batch, &own, err)) return false;
    if (!own) {
        return err_set(err, ERR_NOT_FOUND, "there is no batch %lld in your areas",
                       "本人范围内没有批次 %lld", (long long)batch);
    }
    if (!list_rows(&correcting, err)) return false;
    *out = correcting.rows.items;
    *count = correcting.rows.count;
    return true;
}
