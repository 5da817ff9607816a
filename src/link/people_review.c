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

/* Two persons, the smaller first; of a pair that is joined, its records. */
struct question {
    uint32_t low, high;
    bool joined;
    bool decided;
    size_t place; /* in the list, nearest to even first */
};

static struct question question_of(const struct people *people, const struct review_item *item)
{
    uint32_t a = people->records[item->record].person, b = people->records[item->other].person;
    if (item->joined) {
        a = item->record;
        b = item->other;
    }
    return (struct question){.low = a < b ? a : b, .high = a < b ? b : a, .joined = item->joined};
}

static int compare_questions(const void *a, const void *b)
{
    const struct question *x = a, *y = b;
    if (x->joined != y->joined) return x->joined ? 1 : -1;
    if (x->low != y->low) return x->low < y->low ? -1 : 1;
    if (x->high != y->high) return x->high < y->high ? -1 : 1;
    if (x->decided != y->decided) return x->decided ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static bool same_question(const struct question *a, const struct question *b)
{
    return a->joined == b->joined && a->low == b->low && a->high == b->high;
}

/* Two persons with five records each may have twenty-five doubtful pairs, and it is one question
 * whether they are one: of the pairs between two persons the one nearest to even stands for all,
 * and none where one of them is decided. `items` are sorted; what stays keeps its order. */
static size_t ask_once(struct people *people, struct review_item *items, size_t count,
                       const struct review_decision *decided, size_t decided_count)
{
    size_t total = count + decided_count, kept = 0;
    struct question *questions = arena_array(people->arena, struct question, total + 1);
    bool *asked = arena_array(people->arena, bool, count + 1);
    for (size_t i = 0; i < count; i++) {
        questions[i] = question_of(people, &items[i]);
        questions[i].place = i;
    }
    for (size_t i = 0; i < decided_count; i++) {
        questions[count + i] = question_of(people, &decided[i].pair);
        questions[count + i].decided = true;
    }
    if (total > 0) qsort(questions, total, sizeof *questions, compare_questions);
    for (size_t i = 0; i < total; i++) {
        bool first = i == 0 || !same_question(&questions[i - 1], &questions[i]);
        if (first && !questions[i].decided) asked[questions[i].place] = true;
    }
    for (size_t i = 0; i < count; i++) {
        if (asked[i]) items[kept++] = items[i];
    }
    return kept;
}

bool review_item_read(struct store_statement *row, const struct people *people,
                      const struct record_keys *keys, struct review_item *out)
{
    uint32_t record = record_of_key(keys, people, store_i64(row, 1));
    uint32_t other = record_of_key(keys, people, store_i64(row, 2));
    if (record == UINT32_MAX || other == UINT32_MAX) return false;
    *out = (struct review_item){
        .number = store_i64(row, 0),
        .record = record,
        .other = other,
        .weight_millibits = (int32_t)store_i64(row, 3),
        .probability_ppm = (uint32_t)store_i64(row, 4),
        .joined = people->records[record].person == people->records[other].person,
    };
    return true;
}

bool review_pair(const struct people *people, struct arena *arena, struct registry *registry,
                 int64_t number, struct review_item *out, struct err *err)
{
    struct store_statement *find = NULL;
    struct record_keys keys;
    bool row = false, found = false;
    if (!record_keys_open(&keys, arena, people, registry->store, false, err)
        || !store_prepare(registry->store, &find,
                          "SELECT number, record, other, weight_millibits, probability_ppm "
                          "FROM link_doubt WHERE number = $number",
                          err)) {
        return false;
    }
    store_bind_i64(find, "$number", number);
    bool good = store_step(find, &row, err);
    if (good && row) found = review_item_read(find, people, &keys, out);
    store_finish(find);
    if (!good || found) return good;
    return err_set(err, ERR_NOT_FOUND, "there is no doubtful pair %lld", "没有编号为 %lld 的存疑对",
                   (long long)number);
}

bool review_list(struct people *people, struct registry *registry, const struct asker *asker,
                 struct review_item **out, size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    struct record_keys keys;
    struct review_decision *decided = NULL;
    size_t decided_count = 0;
    LIST(struct review_item) list = {0};
    bool row = true, good = false;
    if (!review_decided(people, people->arena, registry, &decided, &decided_count, err)) {
        return false;
    }
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
        struct review_item item;
        if (!review_item_read(rows, people, &keys, &item)) continue;
        if (!asker_sees(asker, people_text(people, item.record, PERSON_AREA))
            || !asker_sees(asker, people_text(people, item.other, PERSON_AREA))) {
            continue;
        }
        *list_push(people->arena, &list) = item;
    }
    if (list.count > 0) qsort(list.items, list.count, sizeof *list.items, compare_items);
    *out = list.items;
    *count = ask_once(people, list.items, list.count, decided, decided_count);
    good = true;
out:
    store_finish(rows);
    return good;
}
