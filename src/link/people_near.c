#include "link/people_near_internal.h"

#include "base/list.h"
#include "link/people_build.h"

#include <stdlib.h>

struct people_near {
    struct arena *arena;
    struct registry *registry;
    struct read_at when;
    struct str rests, learnt;
    unsigned key_bits, name_bits;
    struct people shell; /* of nobody: which registers there are */
    struct record_keys keys;
    bool *damaged; /* what is kept could not be opened */
};

static bool damaged(const struct people_near *near, struct err *err)
{
    *near->damaged = true;
    return err_set(err, ERR_STORE, "what links leave for questions about one person is damaged",
                   "归并为逐人查询留下的数据已损坏");
}

/* What was learnt, when it is of this state. */
static bool read_run(struct people_near *near, bool *there, struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(near->registry->store, &find,
                       "SELECT learnt, key_bits, name_bits FROM near_run WHERE rests = $rests",
                       err)) {
        return false;
    }
    store_bind_str(find, "$rests", near->rests);
    bool good = store_step(find, there, err);
    if (good && *there) {
        near->learnt = str_copy(near->arena, store_str(find, 0));
        near->key_bits = (unsigned)store_i64(find, 1);
        near->name_bits = (unsigned)store_i64(find, 2);
    }
    if (good && (near->key_bits > NEAR_BITS_MAX || near->name_bits > NEAR_BITS_MAX)) {
        good = damaged(near, err);
    }
    store_finish(find);
    return good;
}

bool people_near_open(struct people_near **out, struct arena *arena, struct registry *registry,
                      struct read_at when, struct err *err)
{
    CHECK(registry->profiles != NULL);
    struct people_near *near = arena_new(arena, struct people_near);
    bool there = false;
    near->arena = arena;
    near->registry = registry;
    near->when = when;
    near->damaged = arena_new(arena, bool);
    *out = NULL;
    if (registry->policies != NULL) return true;
    *out = near;
    if (!near_rests(arena, registry, when.at, true, &near->rests, err)
        || !read_run(near, &there, err)) {
        return false;
    }
    if (!there) *out = NULL;
    if (!there) return true;
    (void)people_begin(&near->shell, arena, registry->profiles, when, 0);
    return record_keys_open(&near->keys, arena, &near->shell, registry->store, false, err);
}

bool people_near_damaged(const struct people_near *near)
{
    return *near->damaged;
}

struct str people_near_rests(const struct people_near *near)
{
    return near->rests;
}

bool people_near_in_force(const struct people_near *near, int64_t number, bool *in_force,
                          struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(near->registry->store, &find,
                       "SELECT 1 FROM person_record WHERE person = $person AND gone_run IS NULL "
                       "LIMIT 1",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$person", number);
    bool good = store_step(find, in_force, err);
    store_finish(find);
    return good;
}

bool people_near_is_record(const struct people_near *near, uint32_t register_number,
                           int64_t statement, bool *out, struct err *err)
{
    struct store_statement *find = NULL;
    CHECK(register_number < near->shell.register_count);
    const struct record_place place = {near->keys.registers[register_number], statement, 0};
    *out = false;
    if (place.register_number < 0) return true; /* never linked */
    if (!store_prepare(near->registry->store, &find,
                       "SELECT 1 FROM person_record WHERE record = $record AND gone_run IS NULL",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$record", record_key_at(place));
    bool good = store_step(find, out, err);
    store_finish(find);
    return good;
}

void person_numbers_add(struct arena *arena, struct person_numbers *numbers, int64_t number)
{
    *list_push(arena, numbers) = number;
}

static int compare_i64(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static void settle_numbers(struct person_numbers *numbers)
{
    size_t kept = 0;
    if (numbers->count > 1) {
        qsort(numbers->items, numbers->count, sizeof *numbers->items, compare_i64);
    }
    for (size_t i = 0; i < numbers->count; i++) {
        if (kept == 0 || numbers->items[kept - 1] != numbers->items[i]) {
            numbers->items[kept++] = numbers->items[i];
        }
    }
    numbers->count = kept;
}

/* Sealed blobs of a table, opened one at a time. */
struct near_blobs {
    const struct people_near *near;
    const char *table;
    struct store_statement *find;
    struct arena arena; /* of the one at hand */
};

static bool unseal(struct near_blobs *blobs, int64_t number, struct str *plain, struct err *err)
{
    const struct people_near *near = blobs->near;
    struct str context = near_context(&blobs->arena, blobs->table, number);
    bool good = codec_unseal(near->registry->codec, &blobs->arena, context,
                             store_str(blobs->find, 1), plain, err);
    if (!good) *near->damaged = true;
    return good;
}

/* The blob of a number; empty where there is none. */
static bool open_part(struct near_blobs *blobs, int64_t number, struct str *plain, struct err *err)
{
    bool row = false;
    arena_reset(&blobs->arena);
    store_reset(blobs->find);
    store_bind_i64(blobs->find, "$number", number);
    if (!store_step(blobs->find, &row, err)) return false;
    *plain = STR_EMPTY;
    return !row || unseal(blobs, store_i64(blobs->find, 0), plain, err);
}

static bool open_parts(struct near_blobs *blobs, const struct people_near *near, struct err *err)
{
    *blobs = (struct near_blobs){.near = near, .table = "near_part"};
    return store_prepare(near->registry->store, &blobs->find,
                         "SELECT part, sealed FROM near_part WHERE part = $number", err);
}

static void close_blobs(struct near_blobs *blobs)
{
    store_finish(blobs->find);
    arena_free(&blobs->arena);
}

/* Adds the persons who stand under `key` (its upper 32 bits) in a part. False: the bytes make no
 * sense. */
static bool add_of_key(struct str rest, uint64_t before, uint64_t key, struct arena *arena,
                       struct person_numbers *numbers)
{
    while (rest.len > 0) {
        uint64_t step, count, number = 0;
        if (!leb128_take(&rest, &step) || !leb128_take(&rest, &count)) return false;
        before += step;
        if (before > key) break;
        for (uint64_t i = 0; i < count; i++) {
            uint64_t off;
            if (!leb128_take(&rest, &off)) return false;
            number += off;
            if (before == key) person_numbers_add(arena, numbers, (int64_t)number);
        }
    }
    return true;
}

/* Keys ascending: each part is opened once. */
static bool add_of_keys(const struct people_near *near, const uint64_t *keys, size_t count,
                        struct person_numbers *numbers, struct err *err)
{
    struct near_blobs blobs;
    struct str plain = STR_EMPTY;
    int64_t at = -1;
    bool good = open_parts(&blobs, near, err);
    for (size_t i = 0; good && i < count; i++) {
        uint64_t key = keys[i] >> 32;
        int64_t part = (int64_t)near_part(key, 32, near->key_bits);
        if (i > 0 && keys[i - 1] >> 32 == key) continue;
        if (part != at) good = open_part(&blobs, part, &plain, err);
        at = part;
        good = good
               && (add_of_key(plain, (uint64_t)part << (32 - near->key_bits), key, near->arena,
                              numbers)
                   || damaged(near, err));
    }
    close_blobs(&blobs);
    return good;
}

bool people_near_meant(const struct people_near *near, uint64_t key, struct person_numbers *numbers,
                       struct err *err)
{
    return key == 0 || add_of_keys(near, &key, 1, numbers, err);
}

/* The places of the records of a person; *whole is false for one of a register that is no more. */
struct choices {
    struct arena *arena;
    LIST(struct record_choice) list;
};

static bool choose(const struct people_near *near, struct store_statement *find, int64_t person,
                   struct choices *choices, bool *whole, struct err *err)
{
    bool row = false, good;
    store_reset(find);
    store_bind_i64(find, "$person", person);
    while ((good = store_step(find, &row, err)) && row) {
        int64_t key = store_i64(find, 0);
        struct record_place place = record_place_of(key);
        uint32_t at = 0;
        while (at < near->shell.register_count
               && near->keys.registers[at] != place.register_number) {
            at++;
        }
        if (at == near->shell.register_count) *whole = false;
        *list_push(choices->arena, &choices->list) =
            (struct record_choice){at, place.part, place.statement, person, key};
    }
    return good;
}

static int compare_choices(const void *a, const void *b)
{
    const struct record_choice *x = a, *y = b;
    if (x->register_number != y->register_number) {
        return x->register_number < y->register_number ? -1 : 1;
    }
    if (x->statement != y->statement) return x->statement < y->statement ? -1 : 1;
    return x->part < y->part ? -1 : x->part > y->part;
}

static bool choose_all(const struct people_near *near, struct person_numbers *numbers,
                       struct choices *choices, bool *whole, struct err *err)
{
    struct store_statement *find = NULL;
    settle_numbers(numbers);
    bool good = store_prepare(near->registry->store, &find,
                              "SELECT record FROM person_record WHERE person = $person "
                              "AND gone_run IS NULL ORDER BY record",
                              err);
    for (size_t i = 0; good && i < numbers->count; i++) {
        good = choose(near, find, numbers->items[i], choices, whole, err);
    }
    store_finish(find);
    if (choices->list.count > 1) {
        qsort(choices->list.items, choices->list.count, sizeof *choices->list.items,
              compare_choices);
    }
    return good;
}

static bool take_text(struct str *rest, struct str *out)
{
    uint64_t length;
    if (!leb128_take(rest, &length) || length > rest->len) return false;
    *out = str_slice(*rest, 0, (size_t)length);
    *rest = str_slice(*rest, (size_t)length, rest->len);
    return true;
}

static bool take_person(struct str *rest, struct household_person *out)
{
    out->birth = DAY_NONE;
    return take_text(rest, &out->name) && take_text(rest, &out->id);
}

/* What was derived of one record, from the blob in which it would be. False: the bytes make no
 * sense. */
static bool find_kin(struct str rest, int64_t first, int64_t key, struct household_kin *out,
                     bool *found)
{
    *found = false;
    while (rest.len > 0 && !*found) {
        uint64_t off;
        if (!leb128_take(&rest, &off) || !take_person(&rest, &out->head)
            || !take_person(&rest, &out->parents[0]) || !take_person(&rest, &out->parents[1])) {
            return false;
        }
        *found = first + (int64_t)off == key;
    }
    return true;
}

/* Puts back what was derived of the households. Neighbours in a register are in one blob. */
static bool put_kin(const struct people_near *near, const struct people *people,
                    struct people_builder *builder, const struct record_choice *choices,
                    struct err *err)
{
    struct near_blobs blobs = {.near = near, .table = "near_kin"};
    int64_t at = -1;
    struct str plain = STR_EMPTY;
    bool good = store_prepare(near->registry->store, &blobs.find,
                              "SELECT first, sealed FROM near_kin WHERE first <= $number "
                              "ORDER BY first DESC LIMIT 1",
                              err);
    for (uint32_t i = 0; good && i < people->record_count; i++) {
        struct household_kin kin;
        bool found = false, row = false;
        if (choices[i].part > 0 || people->records[i].values[PERSON_RELATION] == 0) continue;
        store_reset(blobs.find);
        store_bind_i64(blobs.find, "$number", choices[i].key);
        good = store_step(blobs.find, &row, err);
        if (!good || !row) continue;
        int64_t first = store_i64(blobs.find, 0);
        if (first != at) {
            arena_reset(&blobs.arena);
            good = unseal(&blobs, first, &plain, err);
            at = first;
        }
        good = good && (find_kin(plain, first, choices[i].key, &kin, &found) || damaged(near, err));
        if (good && found) people_put_kin(builder, i, &kin);
    }
    close_blobs(&blobs);
    return good;
}

bool people_near_read(const struct people_near *near, struct person_numbers *numbers,
                      struct people *people, bool *whole, struct err *err)
{
    struct choices choices = {.arena = near->arena};
    struct people_builder *builder;
    *whole = true;
    if (!choose_all(near, numbers, &choices, whole, err)) return false;
    if (!*whole) return true;
    if (!people_read_chosen(people, near->arena, near->registry, near->when, choices.list.items,
                            choices.list.count, &builder, err)) {
        return false;
    }
    *whole = people->record_count == choices.list.count;
    if (!*whole) return true;
    if (!put_kin(near, people, builder, choices.list.items, err)) return false;
    int64_t *number_of = arena_array(near->arena, int64_t, people->record_count);
    for (size_t i = 0; i < people->record_count; i++) number_of[i] = choices.list.items[i].person;
    people_arrange(people, number_of);
    return true;
}

/* How many carry a name, read part by part as they are asked for. */
struct name_counts {
    const struct people_near *near;
    struct near_blobs blobs;
    struct arena arena; /* of the parts opened */
    struct str *parts;  /* ptr NULL: not opened yet */
    bool failed;
    struct err *err;
};

static bool open_names(struct name_counts *counts, size_t part, struct err *err)
{
    struct str plain;
    if (counts->parts[part].ptr != NULL) return true;
    if (!open_part(&counts->blobs, (int64_t)(NEAR_NAMES_FIRST + part), &plain, err)) return false;
    counts->parts[part] = plain.len == 0 ? STR("") : str_copy(&counts->arena, plain);
    return true;
}

static uint32_t persons_of(void *context, uint64_t clean)
{
    struct name_counts *counts = context;
    size_t part = (size_t)near_part(clean, 64, counts->near->name_bits);
    if (counts->failed || !open_names(counts, part, counts->err)) {
        counts->failed = true;
        return 0;
    }
    struct str rest = counts->parts[part];
    while (rest.len > NEAR_NAME_BYTES) {
        uint64_t hash = 0, persons;
        for (int i = 0; i < NEAR_NAME_BYTES; i++) hash = hash << 8 | (unsigned char)rest.ptr[i];
        rest = str_slice(rest, NEAR_NAME_BYTES, rest.len);
        if (!leb128_take(&rest, &persons)) break;
        if (hash == clean) return (uint32_t)persons;
        if (hash > clean) break;
    }
    return 0; /* one or none: the weigher takes both alike */
}

bool people_near_weigher(const struct people_near *near, const struct people *people,
                         struct weigher **weigher, bool *whole, struct err *err)
{
    struct name_counts *counts = arena_new(near->arena, struct name_counts);
    counts->near = near;
    counts->err = err;
    counts->parts = arena_array(&counts->arena, struct str, (size_t)1 << near->name_bits);
    if (!open_parts(&counts->blobs, near, err)) return false;
    *weigher = weigher_again(near->arena, people, near->learnt, persons_of, counts);
    *whole = *weigher != NULL;
    close_blobs(&counts->blobs);
    arena_free(&counts->arena);
    return !counts->failed;
}

static int compare_u64(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

bool people_near_around(const struct people_near *near, const struct people *people,
                        const struct weigher *weigher, struct person_numbers *numbers,
                        struct err *err)
{
    uint64_t *keys = arena_array(near->arena, uint64_t, people->record_count * WEIGHER_KEYS_MAX);
    size_t count = 0;
    for (uint32_t i = 0; i < people->record_count; i++) {
        count += weigher_keys(weigher, i, false, keys + count);
    }
    if (count > 1) qsort(keys, count, sizeof *keys, compare_u64);
    return add_of_keys(near, keys, count, numbers, err);
}

bool people_near_doubts(const struct people_near *near, struct person_numbers *numbers,
                        struct err *err)
{
    struct store_statement *find = NULL;
    bool row = false, good;
    if (!store_prepare(near->registry->store, &find,
                       "SELECT r.person FROM link_doubt d JOIN person_record r "
                       "ON r.record IN (d.record, d.other) WHERE r.gone_run IS NULL AND "
                       "(d.run = (SELECT max(number) FROM link_run) "
                       "OR EXISTS (SELECT 1 FROM decision v WHERE v.doubt = d.number))",
                       err)) {
        return false;
    }
    while ((good = store_step(find, &row, err)) && row) {
        person_numbers_add(near->arena, numbers, store_i64(find, 0));
    }
    store_finish(find);
    return good;
}
