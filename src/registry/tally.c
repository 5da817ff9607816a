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

bool tally_read(struct store *store, const struct asker *asker, int64_t batch,
                struct tally_count *sum, bool *known, struct err *err)
{
    struct store_statement *select = NULL;
    struct tally_count total = {0};
    bool row = false, done = false, any = false;
    if (!store_prepare(store, &select,
                       "SELECT area, school, accepted, warned, rejected FROM batch_area "
                       "WHERE batch = $batch",
                       err)) {
        return false;
    }
    store_bind_i64(select, "$batch", batch);
    while ((done = store_step(select, &row, err)) && row) {
        struct str school = store_str(select, 1);
        any = true;
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
