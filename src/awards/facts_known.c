#include "awards/facts_known.h"

#include "awards/facts_collector.h"
#include "awards/facts_internal.h"
#include "base/leb128.h"

#include <stdlib.h>

/* In a part up to so many persons, ascending: how far from the first, the bits of what was sent,
 * how many rows of the household, of each its register and statement. Numbers are in LEB128. */
enum { PERSONS_A_PART = 256, SENT_BITS = 63, RESTS_BYTES_MAX = 1024, HASH_BYTES = 32 };

struct str facts_rests(struct arena *arena, struct str people, const struct policy *policy,
                       const struct facts_text *text)
{
    struct text rests;
    unsigned char hashes[2][HASH_BYTES];
    memcpy(hashes[0], policy->hash, HASH_BYTES);
    sm3_hash(text->source, hashes[1]);
    text_init(&rests, arena, RESTS_BYTES_MAX);
    text_add(&rests, people);
    for (size_t h = 0; h < 2; h++) {
        text_add_byte(&rests, ' ');
        for (size_t i = 0; i < HASH_BYTES; i++) text_add_f(&rests, "%02x", hashes[h][i]);
    }
    CHECK(!rests.cut);
    return text_str(&rests);
}

struct fact_part {
    int64_t first;
    struct str sealed;
};

struct facts_packed {
    LIST(struct fact_part) parts;
};

static struct str context_of(struct arena *arena, int64_t first)
{
    struct text text;
    text_init(&text, arena, 64);
    text_add_f(&text, "fact_part %lld", (long long)first);
    return text_str(&text);
}

static void pack_row(const struct fact_maker *maker, size_t row, int64_t first, struct text *text)
{
    uint32_t person = maker->facts->persons[row], heads[HOUSEHOLD_ROWS_MAX];
    size_t count = facts_household_rows(maker, person, heads);
    uint64_t sent = 0;
    for (size_t k = 0; k < maker->keepers.count; k++) {
        sent |= (uint64_t)(maker->sent[k][row] ? 1 : 0) << k;
    }
    leb128_put(text, (uint64_t)(maker->people->persons[person].number - first));
    leb128_put(text, sent);
    leb128_put(text, count);
    for (size_t i = 0; i < count; i++) {
        leb128_put(text, maker->kept->rows[heads[i]].register_number);
        leb128_put(text, (uint64_t)maker->kept->rows[heads[i]].statement);
    }
}

struct facts_packed *facts_pack(struct arena *arena, struct codec *codec, const struct facts *facts)
{
    const struct fact_maker *maker = facts->maker;
    struct facts_packed *packed = arena_new(arena, struct facts_packed);
    CHECK(facts->people->all_areas);
    CHECK(maker->known == NULL && maker->roster == NULL);
    if (facts->subject == POLICY_NONE || maker->keepers.count > SENT_BITS) return packed;
    for (size_t from = 0; from < facts->rows.count; from += PERSONS_A_PART) {
        struct arena work = {0};
        struct text text;
        int64_t first = facts->people->persons[facts->persons[from]].number;
        text_init(&text, &work, SIZE_MAX / 2);
        for (size_t row = from; row < facts->rows.count && row < from + PERSONS_A_PART; row++) {
            pack_row(maker, row, first, &text);
        }
        *list_push(arena, &packed->parts) = (struct fact_part){
            first, codec_seal(codec, arena, context_of(&work, first), text_str(&text))};
        arena_free(&work);
    }
    return packed;
}

bool facts_known_forget(struct store *store, struct err *err)
{
    return store_exec(store, "DELETE FROM fact_run; DELETE FROM fact_part", err);
}

static bool put_run(struct store *store, struct str rests, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(store, &put, "INSERT INTO fact_run (only, rests) VALUES (1, $rests)", err)) {
        return false;
    }
    store_bind_str(put, "$rests", rests);
    return store_run_once(put, err);
}

static bool put_parts(struct store *store, const struct facts_packed *packed, struct err *err)
{
    struct store_statement *put = NULL;
    bool good = store_prepare(
        store, &put, "INSERT INTO fact_part (first, sealed) VALUES ($first, $sealed)", err);
    for (size_t i = 0; good && i < packed->parts.count; i++) {
        store_bind_i64(put, "$first", packed->parts.items[i].first);
        store_bind_blob(put, "$sealed", packed->parts.items[i].sealed);
        good = store_run(put, err);
        store_reset(put);
    }
    store_finish(put);
    return good;
}

static bool rests_on(struct store *store, struct str rests, bool *there, struct err *err)
{
    struct store_statement *find = NULL;
    if (!store_prepare(store, &find, "SELECT 1 FROM fact_run WHERE rests = $rests", err)) {
        return false;
    }
    store_bind_str(find, "$rests", rests);
    bool good = store_step(find, there, err);
    store_finish(find);
    return good;
}

bool facts_packed_save(struct store *store, struct str rests, const struct facts_packed *packed,
                       struct err *err)
{
    CHECK(store_in_transaction(store));
    bool there = false;
    if (!rests_on(store, rests, &there, err)) return false;
    if (there) return true;
    return facts_known_forget(store, err)
           && (packed->parts.count == 0
               || (put_parts(store, packed, err) && put_run(store, rests, err)));
}

static bool take_household(struct str *rest, struct facts_known *out)
{
    uint64_t count, number, statement;
    if (!leb128_take(rest, &count) || count > FACT_HOUSEHOLD_ROWS_MAX) return false;
    for (uint64_t i = 0; i < count; i++) {
        if (!leb128_take(rest, &number) || number > UINT32_MAX || !leb128_take(rest, &statement)) {
            return false;
        }
        out->household[i] = (struct fact_place){(uint32_t)number, (int64_t)statement};
    }
    out->household_count = count;
    return true;
}

/* False: the bytes make no sense. */
static bool find_in_part(struct str rest, int64_t first, struct facts_known *out)
{
    while (rest.len > 0) {
        struct facts_known at = {.person = out->person, .student = true};
        uint64_t off;
        if (!leb128_take(&rest, &off) || !leb128_take(&rest, &at.sent)
            || !take_household(&rest, &at)) {
            return false;
        }
        if (first + (int64_t)off != out->person) continue;
        *out = at;
        return true;
    }
    return true;
}

bool facts_known_read(struct store *store, struct codec *codec, struct str rests, int64_t person,
                      struct facts_known *out, bool *there, bool *damaged, struct err *err)
{
    struct store_statement *find = NULL;
    struct arena work = {0};
    bool row = false;
    *damaged = false;
    *out = (struct facts_known){.person = person};
    if (!rests_on(store, rests, there, err)) return false;
    if (!*there) return true;
    if (!store_prepare(store, &find,
                       "SELECT first, sealed FROM fact_part WHERE first <= $person "
                       "ORDER BY first DESC LIMIT 1",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$person", person);
    bool good = store_step(find, &row, err);
    if (good && row) {
        int64_t first = store_i64(find, 0);
        struct str plain;
        struct err changed = ERR_INIT;
        *damaged = !codec_unseal(codec, &work, context_of(&work, first), store_str(find, 1), &plain,
                                 &changed)
                   || !find_in_part(plain, first, out);
    }
    store_finish(find);
    arena_free(&work);
    *there = good && !*damaged;
    return good;
}

/* A row to keep. */
struct taken {
    struct fact_place place;
    uint32_t register_number; /* in people->registers */
    bool set_aside;
};

struct takings {
    LIST(struct taken) list;
};

static int compare_taken(const void *a, const void *b)
{
    const struct taken *x = a, *y = b;
    if (x->place.register_number != y->place.register_number) {
        return x->place.register_number < y->place.register_number ? -1 : 1;
    }
    if (x->place.statement != y->place.statement) {
        return x->place.statement < y->place.statement ? -1 : 1;
    }
    return 0;
}

/* All rows to keep, each once. A row may name the person, and stand for the household. */
static void list_places(const struct fact_collector *collector, const struct fact_taking *taking,
                        struct arena *work, struct takings *out)
{
    const struct people *people = taking->people;
    const struct person *person = &people->persons[taking->person];
    size_t kept = 0;
    for (uint32_t i = 0; i < person->count; i++) {
        const struct person_record *record = &people->records[people->order[person->first + i]];
        uint32_t number = record->register_number;
        int at = facts_text_register(collector->text, people->registers[number]->key);
        if (at < 0) continue;
        *list_push(work, &out->list) =
            (struct taken){.place = {(uint32_t)at, record->statement}, .register_number = number};
    }
    for (size_t i = 0; i < taking->known->household_count; i++) {
        struct fact_place place = taking->known->household[i];
        CHECK(place.register_number < collector->text->register_count);
        struct str key = collector->text->registers[place.register_number].key;
        int number = people_register(people, str_cstr(work, key));
        CHECK(number >= 0);
        *list_push(work, &out->list) =
            (struct taken){.place = place, .register_number = (uint32_t)number};
    }
    if (out->list.count == 0) return;
    qsort(out->list.items, out->list.count, sizeof *out->list.items, compare_taken);
    for (size_t i = 0; i < out->list.count; i++) {
        struct taken *items = out->list.items;
        if (kept == 0 || compare_taken(&items[kept - 1], &items[i]) != 0) items[kept++] = items[i];
    }
    out->list.count = kept;
}

struct picking {
    struct fact_collector *collector;
    const struct taken *at, *end;
};

static void keep(void *context, const struct statement *statement)
{
    struct picking *picking = context;
    while (picking->at < picking->end && picking->at->place.statement != statement->number) {
        picking->at++;
    }
    CHECK(picking->at < picking->end);
    size_t number = picking->at->place.register_number;
    if (!fact_collector_wants(picking->collector, number, picking->at->set_aside)) return;
    fact_collector_keep(picking->collector, number, statement, picking->at->set_aside);
}

/* Those of one register, sorted. */
static bool pick(struct fact_collector *collector, struct registry *registry,
                 const struct taken *items, size_t count, struct err *err)
{
    struct arena work = {0};
    struct picking picking = {collector, items, items + count};
    int64_t *statements = arena_array(&work, int64_t, count);
    for (size_t i = 0; i < count; i++) statements[i] = items[i].place.statement;
    const struct fact_register *reg = &collector->text->registers[items->place.register_number];
    bool good = registry_pick(registry, reg->profile, statements, count, keep, &picking, err);
    arena_free(&work);
    return good;
}

bool fact_collector_take(struct fact_collector *collector, struct registry *registry,
                         const struct fact_taking *taking, struct err *err)
{
    struct arena work = {0};
    struct takings takings = {0};
    bool good = true;
    list_places(collector, taking, &work, &takings);
    for (size_t i = 0; good && i < takings.list.count; i++) {
        struct taken *item = &takings.list.items[i];
        bool is_record = false;
        good = taking->is_record(taking->context, item->register_number, item->place.statement,
                                 &is_record, err);
        item->set_aside = !is_record;
    }
    for (size_t from = 0, end; good && from < takings.list.count; from = end) {
        const struct taken *items = takings.list.items;
        for (end = from;
             end < takings.list.count
             && items[end].place.register_number == items[from].place.register_number;) {
            end++;
        }
        good = pick(collector, registry, items + from, end - from, err);
    }
    arena_free(&work);
    return good;
}
