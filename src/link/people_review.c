#include "link/people_store.h"

#include "base/list.h"

#include <stdlib.h>

bool doubts_write(const struct people *people, const struct record_keys *keys, struct store *store,
                  int64_t run, const struct link_pair *doubts, size_t count, struct err *err)
{
    struct store_statement *put = NULL;
    bool good = false;
    if (!store_prepare(store, &put,
                       "INSERT INTO link_doubt "
                       "(record, other, weight_millibits, probability_ppm, run) "
                       "VALUES ($record, $other, $weight, $probability, $run) "
                       "ON CONFLICT (record, other) DO UPDATE SET "
                       "weight_millibits = excluded.weight_millibits, "
                       "probability_ppm = excluded.probability_ppm, run = excluded.run",
                       err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        store_bind_i64(put, "$record", record_key(keys, people, doubts[i].a));
        store_bind_i64(put, "$other", record_key(keys, people, doubts[i].b));
        store_bind_i64(put, "$weight", doubts[i].weight_millibits);
        store_bind_i64(put, "$probability", doubts[i].probability_ppm);
        store_bind_i64(put, "$run", run);
        if (!store_run(put, err)) goto out;
        store_reset(put);
    }
    good = true;
out:
    store_finish(put);
    return good;
}

bool decisions_read(struct arena *arena, const struct people *people,
                    const struct record_keys *keys, struct store *store, struct link_decision **out,
                    size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct link_decision) list = {0};
    bool row = true, good = false;
    if (!store_prepare(store, &rows,
                       "SELECT d.record, d.other, v.verdict FROM decision v "
                       "JOIN link_doubt d ON d.number = v.doubt "
                       "WHERE v.number = (SELECT max(number) FROM decision WHERE doubt = v.doubt) "
                       "AND v.verdict IN ('same', 'different') ORDER BY v.number",
                       err)) {
        return false;
    }
    for (;;) {
        if (!store_step(rows, &row, err)) goto out;
        if (!row) break;
        uint32_t a = record_of_key(keys, people, store_i64(rows, 0));
        uint32_t b = record_of_key(keys, people, store_i64(rows, 1));
        if (a == UINT32_MAX || b == UINT32_MAX) continue;
        *list_push(arena, &list) = (struct link_decision){a, b, str_is(store_str(rows, 2), "same")};
    }
    *out = list.items;
    *count = list.count;
    good = true;
out:
    store_finish(rows);
    return good;
}

static int64_t from_even(uint32_t ppm)
{
    int64_t off = (int64_t)ppm - 500000;
    return off < 0 ? -off : off;
}

static int compare_items(const void *a, const void *b)
{
    const struct review_item *x = a, *y = b;
    int64_t off_x = from_even(x->probability_ppm), off_y = from_even(y->probability_ppm);
    if (off_x != off_y) return off_x < off_y ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

bool review_list(struct people *people, struct registry *registry, const struct asker *asker,
                 struct review_item **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    struct record_keys keys;
    LIST(struct review_item) list = {0};
    bool row = true, good = false;
    if (!record_keys_open(&keys, people->arena, people, registry->store, false, err)) return false;
    if (!store_prepare(registry->store, &rows,
                       "SELECT number, record, other, weight_millibits, probability_ppm "
                       "FROM link_doubt d WHERE run = (SELECT max(number) FROM link_run) "
                       "AND coalesce((SELECT v.verdict FROM decision v WHERE v.doubt = d.number "
                       "ORDER BY v.number DESC LIMIT 1), 'open') = 'open' ORDER BY number",
                       err)) {
        return false;
    }
    for (;;) {
        if (!store_step(rows, &row, err)) goto out;
        if (!row) break;
        struct review_item item = {.number = store_i64(rows, 0),
                                   .record = record_of_key(&keys, people, store_i64(rows, 1)),
                                   .other = record_of_key(&keys, people, store_i64(rows, 2)),
                                   .weight_millibits = (int32_t)store_i64(rows, 3),
                                   .probability_ppm = (uint32_t)store_i64(rows, 4)};
        if (item.record == UINT32_MAX || item.other == UINT32_MAX) continue;
        if (!asker_sees(asker, people_text(people, item.record, PERSON_AREA))
            || !asker_sees(asker, people_text(people, item.other, PERSON_AREA))) {
            continue;
        }
        item.joined = people->records[item.record].person == people->records[item.other].person;
        *list_push(people->arena, &list) = item;
    }
    if (list.count > 0) qsort(list.items, list.count, sizeof *list.items, compare_items);
    *out = list.items;
    *count = list.count;
    good = true;
out:
    store_finish(rows);
    return good;
}
