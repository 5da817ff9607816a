#include "link/people_store.h"

#include "base/asset.h"

#include <inttypes.h>
#include <stdio.h>

enum { PART_BITS = 6, STATEMENT_BITS = 40 };

static const char spec_name[] = "policies/national/link/people.yaml";

bool people_spec(struct arena *arena, struct link_spec **out, struct str *text, struct err *err)
{
    CHECK(asset_find(spec_name, text));
    return link_spec_parse(arena, *text, spec_name, out, err);
}

static bool register_number(struct store *store, struct str key, bool make, int64_t *out,
                            struct err *err)
{
    struct store_statement *find = NULL, *add = NULL;
    bool row = false, good = false;
    *out = -1;
    if (!store_prepare(store, &find, "SELECT number FROM link_register WHERE key = $key", err)) {
        return false;
    }
    store_bind_str(find, "$key", key);
    if (!store_step(find, &row, err)) goto out;
    if (row) *out = store_i64(find, 0);
    good = true;
    if (row || !make) goto out;
    good = false;
    if (!store_prepare(store, &add, "INSERT INTO link_register (key) VALUES ($key)", err)) goto out;
    store_bind_str(add, "$key", key);
    if (!store_run(add, err)) goto out;
    *out = store_last_id(store);
    good = true;
out:
    store_finish(find);
    store_finish(add);
    return good;
}

bool people_record_numbers(struct store *store, struct str register_key, int64_t *first,
                           int64_t *step, struct err *err)
{
    int64_t number = -1;
    if (!register_number(store, register_key, false, &number, err)) return false;
    *first = number < 0 ? -1 : number << (STATEMENT_BITS + PART_BITS);
    *step = number < 0 ? 0 : 1 << PART_BITS;
    return true;
}

bool person_statements(struct store *store, struct arena *arena, struct str register_key,
                       int64_t person, int64_t **out, size_t *count, struct err *err)
{
    struct store_statement *find = NULL;
    LIST(int64_t) found = {0};
    int64_t number = -1;
    bool row = false, good;
    *out = NULL;
    *count = 0;
    if (!register_number(store, register_key, false, &number, err)) return false;
    if (number < 0) return true;
    if (!store_prepare(store, &find,
                       "SELECT record FROM person_record WHERE person = $person "
                       "AND gone_run IS NULL AND record >= $first AND record < $end "
                       "ORDER BY record",
                       err)) {
        return false;
    }
    store_bind_i64(find, "$person", person);
    store_bind_i64(find, "$first", number << (STATEMENT_BITS + PART_BITS));
    store_bind_i64(find, "$end", (number + 1) << (STATEMENT_BITS + PART_BITS));
    while ((good = store_step(find, &row, err)) && row) {
        int64_t record = store_i64(find, 0);
        if ((record & ((1 << PART_BITS) - 1)) != 0) continue;
        *list_push(arena, &found) = record >> PART_BITS & (((int64_t)1 << STATEMENT_BITS) - 1);
    }
    store_finish(find);
    *out = found.items;
    *count = found.count;
    return good;
}

bool record_keys_open(struct record_keys *keys, struct arena *arena, const struct people *people,
                      struct store *store, bool make, struct err *err)
{
    int64_t *registers = arena_array(arena, int64_t, people->register_count);
    for (size_t i = 0; i < people->register_count; i++) {
        if (!register_number(store, people->registers[i]->key, make, &registers[i], err)) {
            return false;
        }
    }
    keys->registers = registers;
    return true;
}

int64_t record_key(const struct record_keys *keys, const struct people *people, uint32_t record)
{
    const struct person_record *row = &people->records[record];
    CHECK(row->statement >= 0);
    CHECK(row->statement < (int64_t)1 << STATEMENT_BITS);
    CHECK(row->part < 1u << PART_BITS);
    return record_key_at(
        (struct record_place){keys->registers[row->register_number], row->statement, row->part});
}

int64_t record_key_at(struct record_place place)
{
    return ((place.register_number << STATEMENT_BITS | place.statement) << PART_BITS) | place.part;
}

static int compare_place(const struct person_record *row, uint32_t register_number,
                         int64_t statement, uint32_t part)
{
    if (row->register_number != register_number) {
        return row->register_number < register_number ? -1 : 1;
    }
    if (row->statement != statement) return row->statement < statement ? -1 : 1;
    return row->part < part ? -1 : row->part > part;
}

struct record_place record_place_of(int64_t key)
{
    return (struct record_place){
        .register_number = key >> (PART_BITS + STATEMENT_BITS),
        .statement = key >> PART_BITS & (((int64_t)1 << STATEMENT_BITS) - 1),
        .part = (uint32_t)(key & ((1 << PART_BITS) - 1)),
    };
}

uint32_t record_of_key(const struct record_keys *keys, const struct people *people, int64_t key)
{
    struct record_place place = record_place_of(key);
    int64_t statement = place.statement;
    uint32_t part = place.part, at = 0;
    while (at < people->register_count && keys->registers[at] != place.register_number) at++;
    if (at == people->register_count) return UINT32_MAX;
    size_t low = 0, high = people->record_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_place(&people->records[middle], at, statement, part);
        if (order == 0) return (uint32_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return UINT32_MAX;
}

bool people_fingerprint(const struct people *people, const struct record_keys *keys,
                        struct store *store, char out[17], struct err *err)
{
    struct store_statement *last = NULL;
    bool row = false;
    if (!store_prepare(store, &last, "SELECT coalesce(max(number), 0) FROM decision", err)) {
        return false;
    }
    bool good = store_step(last, &row, err);
    uint64_t hash = u64_mix((uint64_t)(good ? store_i64(last, 0) : 0));
    store_finish(last);
    if (!good) return false;
    struct str spec;
    CHECK(asset_find(spec_name, &spec));
    hash = u64_mix(hash ^ str_hash(spec));
    hash = u64_mix(hash + (uint64_t)people->when.at.days);
    for (uint32_t i = 0; i < people->record_count; i++) {
        hash = u64_mix(hash ^ (uint64_t)record_key(keys, people, i));
    }
    snprintf(out, 17, "%016" PRIx64, hash);
    return true;
}
