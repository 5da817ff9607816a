#include "link/people_near_internal.h"

#include "base/asset.h"
#include "base/list.h"
#include "base/thread.h"
#include "link/people_build.h"

#include <stdlib.h>

/* VERSION is to grow, between two releases, with every change of what a row says of a person
 * (people_build.c), of the keys or of the weights. */
enum {
    VERSION = 1,
    PERSONS_A_TASK = 4096,
    REST_BYTES_MAX = 256,
    ENTRIES_A_PART = 2048, /* at most, on average */
    NAMES_A_PART = 512,
};

struct str near_context(struct arena *arena, const char *table, int64_t number)
{
    struct text text;
    text_init(&text, arena, 64);
    text_add_f(&text, "%s %lld", table, (long long)number);
    return text_str(&text);
}

/* The program, and all texts that it goes by: how rows are read and what is compared is in them. */
static uint64_t program_hash(void)
{
    const struct asset *assets;
    size_t count;
    uint64_t hash = u64_mix(BAOXUE_RELEASE) + VERSION;
    asset_range("policies/", &assets, &count);
    for (size_t i = 0; i < count; i++) {
        struct str bytes = {(const char *)assets[i].bytes, assets[i].size};
        hash = u64_mix(hash ^ str_hash(str_from(assets[i].name))) + str_hash(bytes);
    }
    return hash;
}

bool near_rests(struct arena *arena, struct registry *registry, day at, bool known, struct str *out,
                struct err *err)
{
    struct store_statement *run = NULL;
    struct text text;
    int64_t revision = 0;
    bool row = false;
    if (!registry_revision(registry, &revision, err)
        || !store_prepare(registry->store, &run,
                          "SELECT number, fingerprint, decision, "
                          "(SELECT coalesce(max(number), 0) FROM decision) "
                          "FROM link_run ORDER BY number DESC LIMIT 1",
                          err)) {
        return false;
    }
    bool good = store_step(run, &row, err);
    if (good) {
        text_init(&text, arena, REST_BYTES_MAX);
        text_add_f(&text, "%d %lld %llx", (int)at.days, (long long)revision,
                   (unsigned long long)program_hash());
        if (row) {
            struct str fingerprint = store_str(run, 1);
            text_add_f(&text, " %lld %.*s %lld", (long long)store_i64(run, 0), STR_ARG(fingerprint),
                       (long long)store_i64(run, known ? 3 : 2));
        }
        *out = text_str(&text);
    }
    store_finish(run);
    return good;
}

/* A key and a person in one number, to be sorted: upper bits of the key, the person, whether it
 * stays when nobody else has it. */
static uint64_t entry_of(uint64_t key, uint32_t person, bool stays)
{
    return (key >> 32) << 32 | (uint64_t)person << 1 | (stays ? 1 : 0);
}

struct entry_list {
    struct arena arena;
    LIST(uint64_t) entries;
};

struct gathering {
    const struct people *people;
    const struct weigher *weigher;
    struct entry_list *lists; /* by task */
    uint64_t *entries;        /* of all, by part */
    unsigned bits;
    size_t *first; /* by part, and one more */
};

static int compare_numbers(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

static size_t drop_equal(uint64_t *list, size_t count)
{
    size_t kept = 0;
    if (count > 1) qsort(list, count, sizeof *list, compare_numbers);
    for (size_t i = 0; i < count; i++) {
        /* Of the same key and person the one that stays comes behind. */
        if (kept > 0 && list[kept - 1] >> 1 == list[i] >> 1) kept--;
        list[kept++] = list[i];
    }
    return kept;
}

static void gather_person(const struct gathering *gathering, struct entry_list *list,
                          struct arena *work, uint32_t person)
{
    const struct people *people = gathering->people;
    const struct person *of = &people->persons[person];
    uint64_t *entries = arena_array(work, uint64_t, (size_t)of->count * WEIGHER_KEYS_MAX);
    size_t count = 0;
    for (uint32_t i = 0; i < of->count; i++) {
        uint64_t keys[WEIGHER_KEYS_MAX];
        uint32_t record = people->order[of->first + i];
        uint64_t id = weigher_id_key(people_text(people, record, PERSON_ID_NUMBER));
        uint64_t name = weigher_record_name_key(gathering->weigher, record);
        size_t found = weigher_keys(gathering->weigher, record, false, keys);
        for (size_t k = 0; k < found; k++) {
            bool stays = (id != 0 && keys[k] == id) || (name != 0 && keys[k] == name);
            entries[count++] = entry_of(keys[k], person, stays);
        }
    }
    count = drop_equal(entries, count);
    for (size_t i = 0; i < count; i++) *list_push(&list->arena, &list->entries) = entries[i];
}

static void gather_task(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct gathering *gathering = context;
    struct arena work = {0};
    size_t from = number * PERSONS_A_TASK;
    for (size_t p = from; p < gathering->people->person_count && p < from + PERSONS_A_TASK; p++) {
        gather_person(gathering, &gathering->lists[number], &work, (uint32_t)p);
        arena_reset(&work);
    }
    arena_free(&work);
}

static void sort_part(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct gathering *gathering = context;
    size_t first = gathering->first[number], count = gathering->first[number + 1] - first;
    if (count > 1) {
        qsort(gathering->entries + first, count, sizeof *gathering->entries, compare_numbers);
    }
}

/* Into how many parts so many are cut. */
static unsigned bits_for(size_t count, size_t a_part)
{
    unsigned bits = 0;
    while (bits < NEAR_BITS_MAX && count >> bits > a_part) bits++;
    return bits;
}

static size_t part_of(const struct gathering *gathering, uint64_t entry)
{
    return (size_t)near_part(entry, 64, gathering->bits);
}

/* How many entries each part has, and where it begins. */
static void lay_out(struct arena *arena, struct gathering *gathering, size_t tasks)
{
    size_t count = 0;
    for (size_t t = 0; t < tasks; t++) count += gathering->lists[t].entries.count;
    gathering->bits = bits_for(count, ENTRIES_A_PART);
    size_t parts = (size_t)1 << gathering->bits;
    gathering->first = arena_array(arena, size_t, parts + 1);
    for (size_t t = 0; t < tasks; t++) {
        const struct entry_list *list = &gathering->lists[t];
        for (size_t i = 0; i < list->entries.count; i++) {
            gathering->first[part_of(gathering, list->entries.items[i]) + 1]++;
        }
    }
    for (size_t p = 0; p < parts; p++) gathering->first[p + 1] += gathering->first[p];
    gathering->entries = arena_array(arena, uint64_t, count);
}

/* All entries, by part and sorted within it. */
static void gather(struct arena *arena, struct gathering *gathering, size_t threads)
{
    struct arena work = {0};
    size_t tasks = (gathering->people->person_count + PERSONS_A_TASK - 1) / PERSONS_A_TASK;
    gathering->lists = arena_array(&work, struct entry_list, tasks);
    thread_run(threads, tasks, gather_task, gathering);
    lay_out(arena, gathering, tasks);
    size_t parts = (size_t)1 << gathering->bits;
    size_t *place = arena_array(&work, size_t, parts);
    memcpy(place, gathering->first, parts * sizeof *place);
    for (size_t t = 0; t < tasks; t++) {
        struct entry_list *list = &gathering->lists[t];
        for (size_t i = 0; i < list->entries.count; i++) {
            uint64_t entry = list->entries.items[i];
            gathering->entries[place[part_of(gathering, entry)]++] = entry;
        }
        arena_free(&list->arena);
    }
    thread_run(threads, parts, sort_part, gathering);
    arena_free(&work);
}

/* One part as it is kept. */
static struct str pack_keys(struct arena *arena, const struct gathering *gathering, size_t part)
{
    const uint64_t *entries = gathering->entries + gathering->first[part];
    size_t count = gathering->first[part + 1] - gathering->first[part];
    uint64_t before = (uint64_t)part << (32 - gathering->bits);
    struct text text;
    text_init(&text, arena, SIZE_MAX / 2);
    for (size_t from = 0, end; from < count; from = end) {
        uint64_t key = entries[from] >> 32;
        for (end = from + 1; end < count && entries[end] >> 32 == key;) end++;
        if (end - from == 1 && (entries[from] & 1) == 0) continue;
        leb128_put(&text, key - before);
        leb128_put(&text, end - from);
        before = key;
        int64_t last = 0;
        for (size_t i = from; i < end; i++) {
            uint32_t person = (uint32_t)entries[i] >> 1;
            int64_t number = gathering->people->persons[person].number;
            leb128_put(&text, (uint64_t)(number - last));
            last = number;
        }
    }
    return text_str(&text);
}

static struct str pack_names(struct arena *arena, const struct weigher_name *names, size_t count)
{
    struct text text;
    text_init(&text, arena, SIZE_MAX / 2);
    for (size_t i = 0; i < count; i++) {
        if (names[i].persons < 2) continue;
        for (int byte = NEAR_NAME_BYTES - 1; byte >= 0; byte--) {
            text_add_byte(&text, (char)(unsigned char)(names[i].clean >> (8 * byte) & 0xFF));
        }
        leb128_put(&text, names[i].persons);
    }
    return text_str(&text);
}

struct near_blob {
    int64_t number;
    struct str sealed;
};

struct near_blobs {
    struct near_blob *items;
    size_t count, capacity;
};

struct near_packed {
    struct arena *arena;
    struct registry *registry;
    day at;
    struct str rests, learnt;
    bool made; /* else it was there */
    unsigned key_bits, name_bits;
    struct near_blobs parts, kin;
};

/* Nothing where nothing is to be kept. */
static void put_sealed(struct near_packed *packed, struct near_blobs *blobs, const char *table,
                       int64_t number, struct str plain)
{
    struct arena work = {0};
    if (plain.len == 0) return;
    *list_push(packed->arena, blobs) =
        (struct near_blob){number, codec_seal(packed->registry->codec, packed->arena,
                                              near_context(&work, table, number), plain)};
    arena_free(&work);
}

static void pack_all_keys(struct near_packed *packed, const struct gathering *gathering)
{
    struct arena work = {0};
    for (size_t p = 0; p < (size_t)1 << gathering->bits; p++) {
        put_sealed(packed, &packed->parts, "near_part", (int64_t)p, pack_keys(&work, gathering, p));
        arena_reset(&work);
    }
    arena_free(&work);
}

static void pack_all_names(struct near_packed *packed, const struct weigher_name *names,
                           size_t count)
{
    struct arena work = {0};
    size_t from = 0;
    for (size_t p = 0; p < (size_t)1 << packed->name_bits; p++) {
        size_t end = from;
        while (end < count && near_part(names[end].clean, 64, packed->name_bits) == p) end++;
        put_sealed(packed, &packed->parts, "near_part", (int64_t)(NEAR_NAMES_FIRST + p),
                   pack_names(&work, names + from, end - from));
        arena_reset(&work);
        from = end;
    }
    arena_free(&work);
}

static void pack_parts(struct near_packed *packed, const struct people *people,
                       const struct weigher *weigher, size_t threads)
{
    struct arena work = {0};
    struct gathering gathering = {.people = people, .weigher = weigher};
    struct weigher_name *names;
    size_t name_count;
    gather(&work, &gathering, threads);
    weigher_names(&work, weigher, &names, &name_count);
    packed->key_bits = gathering.bits;
    packed->name_bits = bits_for(name_count, NAMES_A_PART);
    pack_all_keys(packed, &gathering);
    pack_all_names(packed, names, name_count);
    arena_free(&work);
}

static void put_person(struct text *text, const struct household_person *person)
{
    leb128_put(text, person->name.len);
    text_add(text, person->name);
    leb128_put(text, person->id.len);
    text_add(text, person->id);
}

/* Records are in the order of registers, keys in that of the workspace's numbers for them. */
struct derived {
    int64_t key;
    uint32_t record;
};

static int compare_derived(const void *a, const void *b)
{
    const struct derived *x = a, *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static bool find_derived(struct registry *registry, struct arena *arena,
                         const struct people *people, struct derived **out, size_t *count,
                         struct err *err)
{
    struct record_keys keys;
    LIST(struct derived) list = {0};
    if (!record_keys_open(&keys, arena, people, registry->store, false, err)) return false;
    for (uint32_t i = 0; i < people->record_count; i++) {
        if (!people->records[i].kin_derived && !people->records[i].head_derived) continue;
        *list_push(arena, &list) = (struct derived){record_key(&keys, people, i), i};
    }
    if (list.count > 1) qsort(list.items, list.count, sizeof *list.items, compare_derived);
    *out = list.items;
    *count = list.count;
    return true;
}

static bool pack_kin(struct near_packed *packed, const struct people *people, struct err *err)
{
    struct arena arena = {0}, work = {0};
    struct derived *derived;
    size_t count = 0;
    bool good = find_derived(packed->registry, &arena, people, &derived, &count, err);
    for (size_t from = 0; good && from < count; from += NEAR_KIN_RECORDS) {
        struct text text;
        text_init(&text, &work, SIZE_MAX / 2);
        for (size_t i = from; i < count && i < from + NEAR_KIN_RECORDS; i++) {
            struct household_kin kin;
            (void)people_kin(people, derived[i].record, &kin);
            leb128_put(&text, (uint64_t)(derived[i].key - derived[from].key));
            put_person(&text, &kin.head);
            put_person(&text, &kin.parents[0]);
            put_person(&text, &kin.parents[1]);
        }
        put_sealed(packed, &packed->kin, "near_kin", derived[from].key, text_str(&text));
        arena_reset(&work);
    }
    arena_free(&work);
    arena_free(&arena);
    return good;
}

/* Takes the statement over. */
static bool write_blobs(struct store_statement *put, const struct near_blobs *blobs,
                        struct err *err)
{
    bool good = true;
    for (size_t i = 0; good && i < blobs->count; i++) {
        store_bind_i64(put, "$number", blobs->items[i].number);
        store_bind_blob(put, "$sealed", blobs->items[i].sealed);
        good = store_run(put, err);
        store_reset(put);
    }
    store_finish(put);
    return good;
}

static bool write_parts(struct store *store, const struct near_packed *packed, struct err *err)
{
    struct store_statement *put = NULL;
    return store_prepare(store, &put,
                         "INSERT INTO near_part (part, sealed) VALUES ($number, $sealed)", err)
           && write_blobs(put, &packed->parts, err);
}

static bool write_kin(struct store *store, const struct near_packed *packed, struct err *err)
{
    struct store_statement *put = NULL;
    return store_prepare(store, &put,
                         "INSERT INTO near_kin (first, sealed) VALUES ($number, $sealed)", err)
           && write_blobs(put, &packed->kin, err);
}

static bool write_run(struct store *store, const struct near_packed *packed, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(store, &put,
                       "INSERT INTO near_run (only, rests, key_bits, name_bits, learnt) "
                       "VALUES (1, $rests, $key_bits, $name_bits, $learnt)",
                       err)) {
        return false;
    }
    store_bind_str(put, "$rests", packed->rests);
    store_bind_i64(put, "$key_bits", packed->key_bits);
    store_bind_i64(put, "$name_bits", packed->name_bits);
    store_bind_blob(put, "$learnt", packed->learnt);
    return store_run_once(put, err);
}

static bool is_there(struct store *store, struct str rests, bool *there, struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(store, &find, "SELECT count(*) FROM near_run WHERE rests = $rests", err)) {
        return false;
    }
    store_bind_str(find, "$rests", rests);
    bool good = store_step_row(find, err);
    if (good) *there = store_i64(find, 0) > 0;
    store_finish(find);
    return good;
}

bool people_near_forget(struct store *store, struct err *err)
{
    return store_exec(store, "DELETE FROM near_run; DELETE FROM near_part; DELETE FROM near_kin",
                      err);
}

bool people_near_pack(struct near_packed **out, struct arena *arena, struct registry *registry,
                      const struct people *people, const struct weigher *weigher, size_t threads,
                      struct err *err)
{
    CHECK(people->all_areas);
    CHECK(!store_in_transaction(registry->store));
    struct near_packed *packed = arena_new(arena, struct near_packed);
    bool there = true;
    packed->arena = arena;
    packed->registry = registry;
    packed->at = people->when.at;
    *out = packed;
    if (registry->policies != NULL || people->record_count == 0) return true;
    if (!near_rests(arena, registry, packed->at, false, &packed->rests, err)
        || !is_there(registry->store, packed->rests, &there, err)) {
        return false;
    }
    if (there) return true;
    pack_parts(packed, people, weigher, threads);
    packed->learnt = weigher_learnt(arena, weigher);
    packed->made = true;
    return pack_kin(packed, people, err);
}

bool people_near_save(struct registry *registry, const struct near_packed *packed, struct err *err)
{
    struct store *store = registry->store;
    CHECK(store_in_transaction(store));
    struct arena work = {0};
    struct str rests;
    bool there = false;
    if (!packed->made) return true;
    bool good = near_rests(&work, registry, packed->at, false, &rests, err)
                && is_there(store, rests, &there, err);
    if (good && !there && str_equal(rests, packed->rests)) {
        good = people_near_forget(store, err) && write_parts(store, packed, err)
               && write_kin(store, packed, err) && write_run(store, packed, err);
    }
    arena_free(&work);
    return good;
}
