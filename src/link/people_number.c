#include "link/people_store.h"

#include "base/list.h"

#include <stdlib.h>

/* Person numbers that stay. Every person claims the numbers under which its records were known; the
 * claim of most records wins, older numbers first; who gets none gets a new one.
 *
 * Records that are not among the people of this run keep the numbers under which they were known: a
 * question about another day must not give anybody another number. */

struct claim {
    int64_t number;
    uint32_t person, records;
};

static int compare_claims(const void *a, const void *b)
{
    const struct claim *x = a, *y = b;
    if (x->records != y->records) return x->records > y->records ? -1 : 1;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return x->person < y->person ? -1 : x->person > y->person;
}

struct numbering {
    struct arena *arena;
    struct people *people;
    const struct record_keys *keys;
    struct store *store;
    int64_t run;
    int64_t *before;  /* by record: number it was known under, 0: none */
    int64_t *numbers; /* by person: number given, 0: none yet */
    int64_t next;
    struct u64_map given;            /* numbers of this run's persons */
    LIST(int64_t) live;              /* numbers in use before this run, ascending */
    bool *back;                      /* by record: the run before missed it */
    LIST(struct record_change) gone; /* records that this run misses first */
    struct people_link_result *result;
    struct record_changes *changes;
};

static bool read_before(struct numbering *n, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = true, good = false;
    if (!store_prepare(n->store, &rows,
                       "SELECT record, person, gone_run FROM person_record ORDER BY record", err)) {
        return false;
    }
    for (;;) {
        if (!store_step(rows, &row, err)) goto out;
        if (!row) break;
        int64_t key = store_i64(rows, 0), person = store_i64(rows, 1);
        uint32_t record = record_of_key(n->keys, n->people, key);
        bool missed = !store_is_null(rows, 2);
        if (record != UINT32_MAX) {
            n->before[record] = person;
            n->back[record] = missed;
        } else if (!missed) {
            *list_push(n->arena, &n->gone) =
                (struct record_change){.key = key, .before = person, .record = UINT32_MAX};
        }
    }
    good = true;
out:
    store_finish(rows);
    return good;
}

static bool read_live(struct numbering *n, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = true, good = false;
    if (!store_prepare(n->store, &rows,
                       "SELECT number FROM person WHERE ended_run IS NULL ORDER BY number", err)) {
        return false;
    }
    for (;;) {
        if (!store_step(rows, &row, err)) goto out;
        if (!row) break;
        *list_push(n->arena, &n->live) = store_i64(rows, 0);
    }
    good = true;
out:
    store_finish(rows);
    return good;
}

static bool is_live(const struct numbering *n, int64_t number)
{
    size_t low = 0, high = n->live.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (n->live.items[middle] < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n->live.count && n->live.items[low] == number;
}

static bool read_next(struct numbering *n, struct err *err)
{
    struct store_statement *rows = NULL;
    bool row = false;
    if (!store_prepare(n->store, &rows, "SELECT coalesce(max(number), 0) + 1 FROM person", err)) {
        return false;
    }
    bool good = store_step(rows, &row, err);
    if (good) n->next = store_i64(rows, 0);
    store_finish(rows);
    return good;
}

static void give_numbers(struct numbering *n)
{
    struct people *people = n->people;
    LIST(struct claim) claims = {0};
    for (uint32_t p = 0; p < people->person_count; p++) {
        const struct person *person = &people->persons[p];
        size_t first = claims.count;
        for (uint32_t i = 0; i < person->count; i++) {
            int64_t number = n->before[people->order[person->first + i]];
            size_t at = first;
            if (number == 0) continue;
            while (at < claims.count && claims.items[at].number != number) at++;
            if (at == claims.count) {
                *list_push(n->arena, &claims) = (struct claim){.number = number, .person = p};
            }
            claims.items[at].records++;
        }
    }
    if (claims.count > 0) qsort(claims.items, claims.count, sizeof *claims.items, compare_claims);
    u64_map_init(&n->given, n->arena);
    for (size_t i = 0; i < claims.count; i++) {
        const struct claim *claim = &claims.items[i];
        if (n->numbers[claim->person] != 0) continue;
        if (u64_map_find(&n->given, (uint64_t)claim->number) != DICT_NONE) continue;
        u64_map_put(&n->given, (uint64_t)claim->number, 1);
        n->numbers[claim->person] = claim->number;
    }
    for (uint32_t p = 0; p < people->person_count; p++) {
        if (n->numbers[p] != 0) continue;
        n->numbers[p] = n->next++;
        u64_map_put(&n->given, (uint64_t)n->numbers[p], 1);
        n->result->persons_new++;
    }
}

static bool write_persons(struct numbering *n, struct err *err)
{
    struct store_statement *add = NULL;
    bool good = false;
    if (!store_prepare(n->store, &add,
                       "INSERT INTO person (number, began_run) VALUES ($number, $run) "
                       "ON CONFLICT (number) DO UPDATE SET ended_run = NULL "
                       "WHERE person.ended_run IS NOT NULL",
                       err)) {
        return false;
    }
    int number_place = store_place(add, "$number"), run_place = store_place(add, "$run");
    for (uint32_t p = 0; p < n->people->person_count; p++) {
        if (is_live(n, n->numbers[p])) continue;
        store_bind_i64_at(add, number_place, n->numbers[p]);
        store_bind_i64_at(add, run_place, n->run);
        if (!store_run(add, err)) goto out;
        store_reset(add);
    }
    good = true;
out:
    store_finish(add);
    return good;
}

/* Only what changed is written: a run after a small import costs little. */
static bool write_records(struct numbering *n, struct err *err)
{
    struct store_statement *put = NULL;
    bool good = false;
    if (!store_prepare(n->store, &put,
                       "INSERT INTO person_record (record, person) VALUES ($record, $person) "
                       "ON CONFLICT (record) DO UPDATE SET person = excluded.person, "
                       "gone_run = NULL",
                       err)) {
        return false;
    }
    int record_place = store_place(put, "$record"), person_place = store_place(put, "$person");
    for (uint32_t i = 0; i < n->people->record_count; i++) {
        int64_t number = n->numbers[n->people->records[i].person];
        n->result->records_moved += n->before[i] != 0 && n->before[i] != number;
        if (n->before[i] == number && !n->back[i]) continue;
        int64_t key = record_key(n->keys, n->people, i);
        if (n->before[i] != number) {
            *list_push(n->changes->arena, &n->changes->list) =
                (struct record_change){key, n->before[i], number, i};
        }
        store_bind_i64_at(put, record_place, key);
        store_bind_i64_at(put, person_place, number);
        if (!store_run(put, err)) goto out;
        store_reset(put);
    }
    good = true;
out:
    store_finish(put);
    return good;
}

/* Records that are not in force any more keep their numbers, and say since which run. */
static bool write_gone(struct numbering *n, struct err *err)
{
    struct store_statement *put = NULL;
    bool good = false;
    if (!store_prepare(n->store, &put,
                       "UPDATE person_record SET gone_run = $run WHERE record = $record", err)) {
        return false;
    }
    for (size_t i = 0; i < n->gone.count; i++) {
        *list_push(n->changes->arena, &n->changes->list) = n->gone.items[i];
        store_bind_i64(put, "$run", n->run);
        store_bind_i64(put, "$record", n->gone.items[i].key);
        if (!store_run(put, err)) goto out;
        store_reset(put);
    }
    good = true;
out:
    store_finish(put);
    return good;
}

static bool end_persons(struct numbering *n, struct err *err)
{
    struct store_statement *end = NULL;
    bool good = false;
    if (!store_prepare(n->store, &end, "UPDATE person SET ended_run = $run WHERE number = $number",
                       err)) {
        return false;
    }
    for (size_t i = 0; i < n->live.count; i++) {
        int64_t number = n->live.items[i];
        if (u64_map_find(&n->given, (uint64_t)number) != DICT_NONE) continue;
        store_bind_i64(end, "$run", n->run);
        store_bind_i64(end, "$number", number);
        if (!store_run(end, err)) goto out;
        store_reset(end);
        n->result->persons_gone++;
    }
    good = true;
out:
    store_finish(end);
    return good;
}

struct numbered {
    int64_t number;
    uint32_t record;
};

static int compare_numbered(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

void people_arrange(struct people *people, const int64_t *number_of)
{
    size_t count = people->record_count, persons = 0;
    struct arena work = {0};
    struct numbered *list = arena_array(&work, struct numbered, count);
    for (uint32_t i = 0; i < count; i++) list[i] = (struct numbered){number_of[i], i};
    if (count > 0) qsort(list, count, sizeof *list, compare_numbered);
    for (size_t i = 0; i < count; i++) persons += i == 0 || list[i].number != list[i - 1].number;
    people->order = arena_array(people->arena, uint32_t, count);
    people->persons = arena_array(people->arena, struct person, persons);
    people->person_count = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || list[i].number != list[i - 1].number) {
            people->persons[people->person_count++] =
                (struct person){.number = list[i].number, .first = (uint32_t)i};
        }
        people->order[i] = list[i].record;
        people->records[list[i].record].person = (uint32_t)people->person_count - 1;
        people->persons[people->person_count - 1].count++;
    }
    arena_free(&work);
}

bool persons_write(struct people *people, const struct record_keys *keys, struct store *store,
                   int64_t run, struct people_link_result *result, struct record_changes *changes,
                   struct err *err)
{
    struct arena work = {0};
    struct numbering n = {.arena = &work,
                          .people = people,
                          .keys = keys,
                          .store = store,
                          .run = run,
                          .result = result,
                          .changes = changes,
                          .back = arena_array(&work, bool, people->record_count),
                          .before = arena_array(&work, int64_t, people->record_count),
                          .numbers = arena_array(&work, int64_t, people->person_count)};
    bool good = read_before(&n, err) && read_live(&n, err) && read_next(&n, err);
    if (good) {
        give_numbers(&n);
        good = write_persons(&n, err) && write_records(&n, err) && write_gone(&n, err)
               && end_persons(&n, err);
    }
    if (good) {
        int64_t *of = arena_array(&work, int64_t, people->record_count);
        for (uint32_t i = 0; i < people->record_count; i++) {
            of[i] = n.numbers[people->records[i].person];
        }
        people_arrange(people, of);
    }
    arena_free(&work);
    return good;
}
