#include "link/people_nearest.h"

#include "base/thread.h"

#include <stdlib.h>

/* Whoever shares a key with the person is weighed: a task a stretch of records. */
struct near_record {
    uint32_t record;
    int32_t weight_millibits;
};

struct search {
    const struct people *people;
    const struct weigher *weigher;
    uint32_t person;
    uint64_t *keys; /* of the person's records, sorted */
    size_t key_count;
    struct near_record *found; /* by task */
};

enum { RECORDS_A_TASK = 16384 };

static int compare_keys(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static bool shares_key(const struct search *search, uint32_t record)
{
    uint64_t keys[WEIGHER_KEYS_MAX];
    size_t count = weigher_keys(search->weigher, record, false, keys);
    for (size_t k = 0; k < count; k++) {
        if (bsearch(&keys[k], search->keys, search->key_count, sizeof *search->keys, compare_keys)
            != NULL) {
            return true;
        }
    }
    return false;
}

/* The best weight of `other` against the records of the person. */
static int32_t weigh(const struct search *search, uint32_t other)
{
    const struct people *people = search->people;
    const struct person *of = &people->persons[search->person];
    int32_t best = INT32_MIN;
    for (uint32_t i = 0; i < of->count; i++) {
        int32_t weight = weigher_pair(search->weigher, people->order[of->first + i], other);
        if (weight > best) best = weight;
    }
    return best;
}

/* A pair of weight 0 or less is likelier two persons than one, whatever the odds before looking: a
 * classmate of the same surname, a sister. */
static void search_task(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct search *search = context;
    const struct people *people = search->people;
    struct near_record best = {.record = UINT32_MAX, .weight_millibits = 0};
    size_t from = number * RECORDS_A_TASK;
    for (size_t i = from; i < people->record_count && i < from + RECORDS_A_TASK; i++) {
        if (people->records[i].person == search->person) continue;
        if (!shares_key(search, (uint32_t)i)) continue;
        int32_t weight = weigh(search, (uint32_t)i);
        if (weight > best.weight_millibits) best = (struct near_record){(uint32_t)i, weight};
    }
    search->found[number] = best;
}

static void collect_keys(struct arena *work, struct search *search)
{
    const struct people *people = search->people;
    const struct person *of = &people->persons[search->person];
    search->keys = arena_array(work, uint64_t, (size_t)of->count * WEIGHER_KEYS_MAX);
    for (uint32_t i = 0; i < of->count; i++) {
        search->key_count += weigher_keys(search->weigher, people->order[of->first + i], false,
                                          search->keys + search->key_count);
    }
    qsort(search->keys, search->key_count, sizeof *search->keys, compare_keys);
}

uint32_t people_nearest(const struct people *people, const struct weigher *weigher, uint32_t person,
                        size_t threads)
{
    CHECK(person < people->person_count);
    CHECK(people->persons[person].count > 0);
    struct arena work = {0};
    struct search search = {.people = people, .weigher = weigher, .person = person};
    size_t tasks = (people->record_count + RECORDS_A_TASK - 1) / RECORDS_A_TASK;
    struct near_record best = {.record = UINT32_MAX, .weight_millibits = 0};
    search.found = arena_array(&work, struct near_record, tasks);
    collect_keys(&work, &search);
    thread_run(threads, tasks, search_task, &search);
    for (size_t i = 0; i < tasks; i++) {
        if (search.found[i].weight_millibits > best.weight_millibits) best = search.found[i];
    }
    arena_free(&work);
    return best.record;
}
