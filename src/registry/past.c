#include "registry/past.h"

#include "base/list.h"
#include "identity/id_number.h"

enum {
    LIKENESS_MAX = 4,
    CANDIDATES_MAX = 1000, /* of one key; a number that a thousand share tells nothing any more */
};

/* The fields of record_key are tiers of their own, but for name and birth date, which tell a record
 * only together: the last tier. */
static void set_tiers(struct past *past, const struct profile *profile)
{
    struct past_tier people = {0};
    for (size_t i = 0; i < profile->record_key_count; i++) {
        struct str key = profile->record_key[i];
        int field = -1;
        for (size_t f = 0; f < profile->field_count; f++) {
            if (str_equal(profile->fields[f].key, key)) field = (int)f;
        }
        if (field < 0) continue;
        if (str_is(key, "name") || str_is(key, "birth_date")) {
            if (people.field_count < 2) people.fields[people.field_count++] = field;
        } else if (past->tier_count + 1 < PAST_TIERS_MAX) {
            past->tiers[past->tier_count++] = (struct past_tier){{field, -1}, 1};
        }
    }
    if (people.field_count > 0) past->tiers[past->tier_count++] = people;
}

/* A number that lost digits is shared by many and tells no record. */
static bool tells(const struct profile_field *field, struct str value)
{
    if (value.len == 0) return false;
    if (field->type != FIELD_ID_NUMBER) return true;
    struct id_number number;
    id_number_read(value, &number);
    return number.state != ID_ABSENT && number.state != ID_DAMAGED;
}

static bool tier_key(const struct past *past, size_t tier, const struct str *values, uint64_t *key)
{
    uint64_t hash = u64_mix(tier + 1);
    for (size_t i = 0; i < past->tiers[tier].field_count; i++) {
        int field = past->tiers[tier].fields[i];
        if (!tells(&past->scope.profile->fields[field], values[field])) return false;
        hash = u64_mix(hash ^ str_hash(values[field]));
    }
    *key = hash;
    return true;
}

/* What a row says: every field as understood. How it was written and columns without a field (a
 * serial number shifts with every row put in) make no other statement of it. */
static uint64_t content_of(const struct past *past, const struct str *values, struct str area)
{
    uint64_t hash = u64_mix(str_hash(area));
    for (size_t i = 0; i < past->scope.profile->field_count; i++) {
        uint64_t value = values[i].len == 0 ? 0 : str_hash(values[i]);
        hash = u64_mix(hash ^ value) + i;
    }
    return hash;
}

static uint32_t unit_of(struct past *past, const struct str *values, struct str area)
{
    return dict_put(&past->units,
                    scope_unit(&past->scope, past->schools, values, area, &past->unit_text));
}

static void hash_row(const struct past *past, const struct str *values, struct str area,
                     struct past_row *row)
{
    row->filled = 0;
    for (size_t tier = 0; tier < past->tier_count; tier++) {
        row->keys[tier] = 0;
        if (tier_key(past, tier, values, &row->keys[tier])) row->filled |= 1u << tier;
    }
    row->content = content_of(past, values, area);
    row->keys[past->tier_count] = row->content;
    row->filled |= 1u << past->tier_count;
    row->name = past->name_field < 0 ? 0 : str_hash(values[past->name_field]);
}

void past_row_of(struct past *past, const struct str *values, struct str area, struct past_row *row)
{
    row->unit = unit_of(past, values, area);
    while (past->in_file_capacity <= row->unit) {
        list_grow(past->arena, (void **)&past->in_file, &past->in_file_capacity,
                  past->in_file_capacity, sizeof *past->in_file);
    }
    past->in_file[row->unit] = true;
    if (past->count > 0) hash_row(past, values, area, row);
}

bool past_unit_in_file(const struct past *past, uint32_t unit)
{
    return unit < past->in_file_capacity && past->in_file[unit];
}

struct past_reading {
    struct past *past;
    const struct timeline *timeline;
    bool any_later; /* some batch is of a later day */
};

static bool matters(void *context, const struct timeline_batch *batch, int64_t number,
                    struct str area)
{
    (void)area;
    const struct past_reading *reading = context;
    int64_t by;
    return timeline_holds(reading->timeline, batch, number, reading->past->at)
           || (reading->any_later
               && !day_is_none(
                   timeline_next(reading->timeline, batch, number, reading->past->at, &by)));
}

static bool add_entry(void *context, const struct timeline_batch *batch,
                      const struct statement *statement)
{
    const struct past_reading *reading = context;
    struct past *past = reading->past;
    struct past_row row;
    hash_row(past, statement->values, statement->area, &row);
    list_grow(past->arena, (void **)&past->entries, &past->capacity, past->count,
              sizeof *past->entries);
    size_t width = past->tier_count + 1;
    list_grow(past->arena, (void **)&past->keys, &past->keys_capacity, past->count,
              width * sizeof *past->keys);
    struct past_entry *entry = &past->entries[past->count];
    *entry = (struct past_entry){
        .number = statement->number,
        .batch = statement->batch,
        .content = row.content,
        .name = row.name,
        .unit = unit_of(past, statement->values, statement->area),
        .filled = row.filled,
        .holds = timeline_holds(reading->timeline, batch, statement->number, past->at),
        .next = DAY_NONE,
    };
    if (reading->any_later) {
        entry->next =
            timeline_next(reading->timeline, batch, statement->number, past->at, &entry->next_by);
        if (!day_is_none(entry->next)) past->later = true;
    }
    for (size_t i = 0; i < width; i++) past->keys[past->count * width + i] = row.keys[i];
    past->count++;
    return past->count < PAST_NONE - 1;
}

/* Chains run in the order of the statements, so they are put together from the end. */
static void index_entries(struct past *past)
{
    size_t width = past->tier_count + 1;
    past->chain = arena_array(past->arena, uint32_t, past->count * width);
    u64_map_init(&past->heads, past->arena);
    for (size_t i = past->count; i > 0; i--) {
        const struct past_entry *entry = &past->entries[i - 1];
        for (size_t tier = 0; tier < width; tier++) {
            if ((entry->filled & (1u << tier)) == 0) continue;
            size_t at = (i - 1) * width + tier;
            past->chain[at] = u64_map_find(&past->heads, past->keys[at]);
            u64_map_put(&past->heads, past->keys[at], (uint32_t)(i - 1));
        }
    }
}

bool past_read(struct past *past, struct arena *arena, struct registry *registry,
               const struct layout *layout, const struct timeline *timeline,
               const struct schools *schools, day at, struct err *err)
{
    *past = (struct past){
        .arena = arena,
        .at = at,
        .scope = scope_fields_of(layout->profile),
        .schools = schools,
        .name_field = profile_field_number(layout->profile, "name"),
    };
    set_tiers(past, layout->profile);
    dict_init(&past->units, arena);
    text_init(&past->unit_text, arena, 4096);
    u64_map_init(&past->heads, arena);
    struct past_reading state = {.past = past, .timeline = timeline};
    for (size_t i = 0; i < timeline->batch_count; i++) {
        if (timeline->batches[i].at.days > at.days) state.any_later = true;
    }
    const struct reading reading = {registry, layout, timeline, matters, add_entry, &state};
    if (!reading_run(&reading, err)) return false;
    index_entries(past);
    return true;
}

/* The best key that both fill decides: at a worse one they are the same record only when one of
 * them lacks all better ones. */
static bool decided_before(const struct past_entry *entry, const struct past_row *row, size_t tier)
{
    return (entry->filled & row->filled & ((1u << tier) - 1)) != 0;
}

static int likeness(const struct past_entry *entry, const struct past_row *row)
{
    if (entry->content == row->content) return LIKENESS_MAX;
    return (entry->name == row->name ? 2 : 0) + (entry->unit == row->unit ? 1 : 0);
}

/* Entries that are taken leave the head of their chain, so that many rows that are all alike cost
 * no more than others. Chains stay whole when they are still asked about later days. */
static uint32_t chain_head(struct past *past, uint64_t key, size_t tier)
{
    size_t width = past->tier_count + 1;
    uint32_t head = u64_map_find(&past->heads, key);
    if (past->later || head == DICT_NONE || !past->entries[head].taken) return head;
    while (past->chain[head * width + tier] != DICT_NONE && past->entries[head].taken) {
        head = past->chain[head * width + tier];
    }
    u64_map_put(&past->heads, key, head);
    return head;
}

uint32_t past_match(struct past *past, const struct past_row *row)
{
    size_t width = past->tier_count + 1;
    for (size_t tier = 0; past->count > 0 && tier < width; tier++) {
        if ((row->filled & (1u << tier)) == 0) continue;
        uint32_t best = PAST_NONE;
        int best_likeness = -1, looked_at = 0;
        for (uint32_t i = chain_head(past, row->keys[tier], tier);
             i != DICT_NONE && best_likeness < LIKENESS_MAX && looked_at < CANDIDATES_MAX;
             i = past->chain[i * width + tier], looked_at++) {
            const struct past_entry *entry = &past->entries[i];
            bool whole = tier == past->tier_count;
            if (!entry->holds || entry->taken) continue;
            if (!whole && decided_before(entry, row, tier)) continue;
            if (likeness(entry, row) <= best_likeness) continue;
            best = i;
            best_likeness = likeness(entry, row);
        }
        if (best == PAST_NONE) continue;
        past->entries[best].taken = true;
        past->entries[best].repeated = past->entries[best].content == row->content;
        return best;
    }
    return PAST_NONE;
}

day past_stated_later(const struct past *past, const struct past_row *row, int64_t *by)
{
    size_t width = past->tier_count + 1;
    day first = DAY_NONE;
    for (size_t tier = 0; past->later && tier < width; tier++) {
        if ((row->filled & (1u << tier)) == 0) continue;
        for (uint32_t i = u64_map_find(&past->heads, row->keys[tier]); i != DICT_NONE;
             i = past->chain[i * width + tier]) {
            const struct past_entry *entry = &past->entries[i];
            bool whole = tier == past->tier_count;
            if (day_is_none(entry->next) || (!whole && decided_before(entry, row, tier))) continue;
            if (!day_is_none(first) && entry->next.days >= first.days) continue;
            first = entry->next;
            *by = entry->next_by;
        }
    }
    return first;
}
