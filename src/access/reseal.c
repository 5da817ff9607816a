#include "access/reseal.h"

#include "base/list.h"
#include "base/thread.h"

/* Attachments and kept files are large: a step ends by their bytes. */
enum { STEP_ROWS = 4096, STEP_BYTES = 32 << 20, SLICE_ROWS = 64 };

/* The rows of a step, which all threads share. */
struct step {
    struct reseal *reseal;
    const struct reseal_part *part;
    struct arena arena; /* of what is read */
    LIST(struct reseal_row) rows;
    bool *damaged; /* by row */
    struct arena arenas[THREADS_MAX];
    struct codec *old[THREADS_MAX], *fresh[THREADS_MAX];
};

static void bind_place(struct store_statement *statement, const struct reseal_part *part,
                       struct reseal_place after)
{
    store_bind_i64(statement, "$after", after.a);
    if (part->two) store_bind_i64(statement, "$after_b", after.b);
}

static bool read_rows(struct step *step, struct reseal_place after, struct err *err)
{
    struct store_statement *select = NULL;
    if (!step->part->select(step->reseal->store, step->part->context, &select, err)) return false;
    bind_place(select, step->part, after);
    bool row = false, done = false;
    size_t bytes = 0;
    int64_t last = 0;
    while ((done = store_step(select, &row, err)) && row) {
        bool full = step->rows.count >= STEP_ROWS || bytes >= STEP_BYTES;
        if (full && (step->part->two || store_i64(select, 0) != last)) break;
        struct reseal_row *taken = list_push(&step->arena, &step->rows);
        taken->a = last = store_i64(select, 0);
        taken->b = store_i64(select, 1);
        taken->sealed = str_copy(&step->arena, store_str(select, 2));
        taken->extra = str_copy(&step->arena, store_str(select, 3));
        bytes += taken->sealed.len;
    }
    store_finish(select);
    return done;
}

/* Opens a row by the key that it should be under, else by the other one: it may have been done
 * before the order of parts was another. */
static void seal_row(struct step *step, size_t number, size_t thread)
{
    const struct reseal_part *part = step->part;
    struct reseal_row *row = &step->rows.items[number];
    struct arena *arena = &step->arenas[thread];
    struct err ignored = ERR_INIT;
    struct str plain;
    bool checking = step->reseal->checking;
    if (row->sealed.len == 0) return;
    struct str place = part->place(arena, row, part->context);
    struct codec *first = checking ? step->fresh[thread] : step->old[thread];
    struct codec *second = checking ? step->old[thread] : step->fresh[thread];
    bool by_first = codec_unseal(first, arena, place, row->sealed, &plain, &ignored);
    if (!by_first && !codec_unseal(second, arena, place, row->sealed, &plain, &ignored)) {
        step->damaged[number] = true;
        return;
    }
    if (by_first == checking) return;
    row->fresh = codec_seal(step->fresh[thread], arena, place, plain);
    if (part->index != NULL) part->index(step->fresh[thread], plain, row, part->context);
}

static void seal_slice(void *context, size_t slice, size_t thread)
{
    struct step *step = context;
    size_t first = slice * SLICE_ROWS, last = first + SLICE_ROWS;
    if (last > step->rows.count) last = step->rows.count;
    for (size_t i = first; i < last; i++) seal_row(step, i, thread);
}

static void seal_rows(struct step *step)
{
    size_t threads = thread_count_default();
    step->damaged = arena_array(&step->arena, bool, step->rows.count);
    for (size_t i = 0; i < threads; i++) {
        step->old[i] = codec_worker(step->reseal->old);
        step->fresh[i] = codec_worker(step->reseal->fresh);
    }
    thread_run(threads, (step->rows.count + SLICE_ROWS - 1) / SLICE_ROWS, seal_slice, step);
    for (size_t i = 0; i < threads; i++) {
        codec_close(step->old[i]);
        codec_close(step->fresh[i]);
    }
}

static bool write_rows(struct step *step, struct err *err)
{
    struct store_statement *update = NULL;
    if (!step->part->update(step->reseal->store, step->part->context, &update, err)) return false;
    bool done = true;
    for (size_t i = 0; done && i < step->rows.count; i++) {
        const struct reseal_row *row = &step->rows.items[i];
        if (row->fresh.ptr == NULL) continue;
        step->part->bind(update, row);
        store_bind_blob(update, "$sealed", row->fresh);
        done = store_run(update, err);
        store_reset(update);
    }
    store_finish(update);
    return done;
}

bool reseal_step(struct reseal *reseal, const struct reseal_part *part, struct reseal_place after,
                 struct reseal_step *out, struct err *err)
{
    CHECK(store_in_transaction(reseal->store));
    struct arena own = {0};
    struct step *step = arena_new(&own, struct step);
    *step = (struct step){.reseal = reseal, .part = part};
    bool done = read_rows(step, after, err);
    if (done && step->rows.count > 0) {
        seal_rows(step);
        done = write_rows(step, err);
    }
    if (done) {
        *out = (struct reseal_step){.last = after, .rows = step->rows.count};
        for (size_t i = 0; i < step->rows.count; i++) out->damaged += step->damaged[i];
        if (out->rows > 0) {
            const struct reseal_row *last = &step->rows.items[out->rows - 1];
            CHECK(last->a > after.a || (part->two && last->a == after.a && last->b > after.b));
            out->last = (struct reseal_place){last->a, last->b};
        }
    }
    for (size_t i = 0; i < THREADS_MAX; i++) arena_free(&step->arenas[i]);
    arena_free(&step->arena);
    arena_free(&own);
    return done;
}

bool reseal_count(struct store *store, const struct reseal_part *part, struct reseal_place after,
                  uint64_t *out, struct err *err)
{
    struct store_statement *count = NULL;
    if (!part->count(store, part->context, &count, err)) return false;
    bind_place(count, part, after);
    bool done = store_step_row(count, err);
    if (done) *out = (uint64_t)store_i64(count, 0);
    store_finish(count);
    return done;
}

bool reseal_read(struct store *store, struct arena *arena, struct reseal_state *out,
                 struct err *err)
{
    struct store_statement *select = NULL;
    bool row = false;
    if (!store_prepare(store, &select,
                       "SELECT checking, part, after, after_b, rows, damaged FROM reseal", err)) {
        return false;
    }
    bool done = store_step(select, &row, err);
    if (done) {
        *out = (struct reseal_state){.under_way = row};
        if (row) {
            out->checking = store_i64(select, 0) != 0;
            out->part = str_copy(arena, store_str(select, 1));
            out->after = (struct reseal_place){store_i64(select, 2), store_i64(select, 3)};
            out->rows = (uint64_t)store_i64(select, 4);
            out->damaged = (uint64_t)store_i64(select, 5);
        }
    }
    store_finish(select);
    return done;
}

bool reseal_write(struct store *store, const struct reseal_state *state, struct err *err)
{
    struct store_statement *update = NULL;
    if (!store_prepare(store, &update,
                       "UPDATE reseal SET checking = $checking, part = $part, after = $after, "
                       "after_b = $after_b, rows = $rows, damaged = $damaged",
                       err)) {
        return false;
    }
    store_bind_i64(update, "$checking", state->checking);
    store_bind_text(update, "$part", state->part);
    store_bind_i64(update, "$after", state->after.a);
    store_bind_i64(update, "$after_b", state->after.b);
    store_bind_i64(update, "$rows", (int64_t)state->rows);
    store_bind_i64(update, "$damaged", (int64_t)state->damaged);
    return store_run_once(update, err);
}
