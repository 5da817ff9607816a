#include "link/people_store.h"

/* The state of the newest run, in the workspace. A hash of what a row says would let whoever has
 * the file, but not the key, try ID numbers against it, so the state is sealed like identifying
 * fields are. It is written anew by each run; a damaged one costs the next run its head start and
 * nothing else. */

enum { PART_BYTES = 1 << 22 };

static struct str context_of(struct arena *arena, int64_t part)
{
    struct text text;
    text_init(&text, arena, 64);
    text_add_f(&text, "link_state %lld", (long long)part);
    return text_str(&text);
}

/* Bytes so far; `whole` turns false when a part does not open. */
static bool read_parts(struct registry *registry, struct text *out, bool *whole, struct err *err)
{
    struct store_statement *rows = NULL;
    struct arena scratch = {0};
    bool row = true, good = false;
    if (!store_prepare(registry->store, &rows, "SELECT part, bytes FROM link_state ORDER BY part",
                       err)) {
        return false;
    }
    for (int64_t part = 1; *whole; part++) {
        struct str plain;
        struct err damaged = ERR_INIT;
        if (!store_step(rows, &row, err)) goto out;
        if (!row) break;
        *whole = store_i64(rows, 0) == part
                 && codec_unseal(registry->codec, &scratch, context_of(&scratch, part),
                                 store_str(rows, 1), &plain, &damaged);
        if (*whole) text_add(out, plain);
        arena_reset(&scratch);
    }
    good = true;
out:
    store_finish(rows);
    arena_free(&scratch);
    return good;
}

bool state_read(struct arena *arena, struct registry *registry, struct link_state **out,
                struct err *err)
{
    struct arena scratch = {0};
    struct text bytes;
    struct err damaged = ERR_INIT;
    bool whole = true;
    *out = NULL;
    text_init(&bytes, &scratch, SIZE_MAX / 2);
    bool good = read_parts(registry, &bytes, &whole, err);
    if (!good || !whole || bytes.len == 0
        || !link_state_read(arena, text_str(&bytes), out, &damaged)) {
        *out = NULL;
    }
    arena_free(&scratch);
    return good;
}

bool state_write(struct registry *registry, struct str bytes, struct err *err)
{
    struct store_statement *add = NULL;
    struct arena scratch = {0};
    bool good = false;
    if (!store_exec(registry->store, "DELETE FROM link_state", err)) return false;
    if (!store_prepare(registry->store, &add,
                       "INSERT INTO link_state (part, bytes) VALUES ($part, $bytes)", err)) {
        return false;
    }
    for (int64_t part = 1; bytes.len > 0; part++) {
        struct str plain = str_slice(bytes, 0, PART_BYTES);
        bytes = str_slice(bytes, plain.len, bytes.len);
        store_bind_i64(add, "$part", part);
        store_bind_blob(add, "$bytes",
                        codec_seal(registry->codec, &scratch, context_of(&scratch, part), plain));
        if (!store_run(add, err)) goto out;
        store_reset(add);
        arena_reset(&scratch);
    }
    good = true;
out:
    store_finish(add);
    arena_free(&scratch);
    return good;
}

RESEAL_STATEMENT(select_sealed, "SELECT part, 0, bytes, '' FROM link_state WHERE part > $after "
                                "ORDER BY part")
RESEAL_STATEMENT(count_sealed, "SELECT count(*) FROM link_state WHERE part > $after")
RESEAL_STATEMENT(update_sealed, "UPDATE link_state SET bytes = $sealed WHERE part = $part")

static void bind_sealed(struct store_statement *update, const struct reseal_row *row)
{
    store_bind_i64(update, "$part", row->a);
}

static struct str place_of_sealed(struct arena *arena, const struct reseal_row *row,
                                  const void *context)
{
    (void)context;
    return context_of(arena, row->a);
}

const struct reseal_part link_state_reseal = {.name = "link_state",
                                              .select = select_sealed,
                                              .count = count_sealed,
                                              .update = update_sealed,
                                              .bind = bind_sealed,
                                              .place = place_of_sealed};
