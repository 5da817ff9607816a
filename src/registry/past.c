#include "registry/past.h"

#include "base/list.h"
#include "identity/id_number.h"

#include <string.h>

enum {
    UNIT_BYTES_MAX = 4096,
    LIKENESS_MAX = 4,
    CANDIDATES_MAX = 1000, /* of one key; a number that a thousand share tells nothing any more */
    TOUCHES_MAX = 3,       /* units sought one by one in a batch before the rest of it is read */
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

void past_hash(const struct past *past, const struct str *values, struct str area,
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

bool past_unit_in_file(const struct past *past, uint32_t unit)
{
    return unit < past->cover_capacity && past->covers[unit].in_file;
}

static struct past_cover *cover_of(struct past *past, uint32_t unit)
{
    while (past->cover_capacity <= unit) {
        list_grow(past->arena, (void **)&past->covers, &past->cover_capacity, past->cover_capacity,
                  sizeof *past->covers);
    }
    return &past->covers[unit];
}

bool past_covers(struct past *past, uint32_t unit)
{
    struct past_cover *cover = cover_of(past, unit);
    if (cover->in_file || cover->touches || past->scope.all) return true;
    struct str text = dict_text(&past->units, unit);
    /* A record of no known unit may be anywhere. */
    if (str_is(text, "area")) cover->touches = true;
    for (; !cover->touches && cover->looked_at < past->file_unit_count; cover->looked_at++) {
        struct str other = dict_text(&past->units, past->file_units[cover->looked_at]);
        cover->touches = scope_touches(text, other);
    }
    return cover->touches;
}

static uint32_t unit_of(struct past *past, const struct str *values, struct str area)
{
    return dict_put(&past->units,
                    scope_unit(&past->scope, past->schools, values, area, &past->unit_text));
}

/* The unit of a row that is not opened yet, by its plain columns. */
static struct str unit_of_row(struct past *past, struct store_statement *row)
{
    const int fields[] = {past->scope.school_code, past->scope.school_name};
    for (int i = 0; i < 2; i++) {
        int column = layout_column(past->layout, fields[i]);
        if (column >= 0) past->row_values[fields[i]] = store_str(row, column);
    }
    return scope_unit(&past->scope, past->schools, past->row_values, store_str(row, COLUMN_AREA),
                      &past->row_text);
}

static bool matters(void *context, const struct timeline_batch *batch, struct store_statement *row)
{
    struct past *past = context;
    const struct past_batch *of = &past->batches[batch - past->timeline->batches];
    if (of->wish == PAST_UNIT || of->read_units.count > 0) {
        struct str unit = unit_of_row(past, row);
        if (dict_find(&of->read_units, unit) != DICT_NONE) return false;
        if (of->wish == PAST_UNIT && !scope_touches(unit, past->asked)) return false;
    }
    int64_t number = store_i64(row, COLUMN_STATEMENT);
    return timeline_holds(past->timeline, batch, number, past->at)
           || (past->after_the_fact
               && timeline_next(past->timeline, batch, number, past->at, NULL, NULL) != NULL);
}

static bool add_entry(void *context, const struct timeline_batch *batch,
                      const struct statement *statement)
{
    struct past *past = context;
    struct past_row row;
    past_hash(past, statement->values, statement->area, &row);
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
        .holds = timeline_holds(past->timeline, batch, statement->number, past->at),
    };
    for (size_t i = 0; i < width; i++) past->keys[past->count * width + i] = row.keys[i];
    past->count++;
    return past->count < PAST_NONE - 1;
}

/* Chains run in the order of the statements of a batch, so they are put together from the end. */
static void index_entries(struct past *past, size_t first)
{
    size_t width = past->tier_count + 1;
    if (past->chain_capacity < past->count) {
        uint32_t *chain = arena_array(past->arena, uint32_t, past->capacity * width);
        if (first > 0) memcpy(chain, past->chain, first * width * sizeof *chain);
        past->chain = chain;
        past->chain_capacity = past->capacity;
    }
    for (size_t i = past->count; i > first; i--) {
        const struct past_entry *entry = &past->entries[i - 1];
        for (size_t tier = 0; tier < width; tier++) {
            if ((entry->filled & (1u << tier)) == 0) continue;
            size_t at = (i - 1) * width + tier;
            past->chain[at] = u64_map_find(&past->heads, past->keys[at]);
            u64_map_put(&past->heads, past->keys[at], (uint32_t)(i - 1));
        }
    }
}

static void note_read(struct past *past, size_t first)
{
    for (size_t i = first; i < past->count; i++) {
        const struct past_entry *entry = &past->entries[i];
        const struct timeline_batch *batch = timeline_batch_find(past->timeline, entry->batch);
        CHECK(batch != NULL);
        dict_put(&past->batches[batch - past->timeline->batches].read_units,
                 dict_text(&past->units, entry->unit));
    }
    for (size_t i = 0; i < past->timeline->batch_count; i++) {
        struct past_batch *batch = &past->batches[i];
        if (batch->wish == PAST_REST) {
            CHECK(!batch->whole);
            batch->whole = true;
            past->batches_waiting--;
        }
        batch->wish = PAST_NOTHING;
    }
}

/* Reads what the wishes of the batches say. */
static bool read_entries(struct past *past, bool without_area, struct err *err)
{
    bool any = false;
    for (size_t i = 0; i < past->timeline->batch_count; i++) {
        past->batches_wanted[i] = past->batches[i].wish != PAST_NOTHING;
        any = any || past->batches_wanted[i];
    }
    if (!any) return true;
    const struct reading reading = {.registry = past->registry,
                                    .layout = past->layout,
                                    .timeline = past->timeline,
                                    .wanted = matters,
                                    .each = add_entry,
                                    .context = past,
                                    .batches = past->batches_wanted,
                                    .without_area = without_area};
    size_t first = past->count;
    if (!reading_run(&reading, err)) return false;
    index_entries(past, first);
    note_read(past, first);
    return true;
}

static bool read_units(struct past *past, struct err *err)
{
    struct store_statement *select = NULL;
    if (!store_prepare(past->registry->store, &select,
                       "SELECT s.batch, s.unit FROM batch b JOIN batch_scope s "
                       "ON s.batch = b.number WHERE b.register_key = $register",
                       err)) {
        return false;
    }
    store_bind_str(select, "$register", past->scope.profile->key);
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        const struct timeline_batch *batch =
            timeline_batch_find(past->timeline, store_i64(select, 0));
        if (batch == NULL) continue;
        struct dict *units = &past->batches[batch - past->timeline->batches].units;
        dict_put(units, scope_unit_today(past->schools, store_str(select, 1), &past->unit_text));
    }
    store_finish(select);
    return done;
}

bool past_open(struct past *past, struct arena *arena, struct registry *registry,
               const struct layout *layout, const struct timeline *timeline,
               const struct schools *schools, day at, struct err *err)
{
    size_t count = timeline->batch_count;
    *past = (struct past){
        .arena = arena,
        .registry = registry,
        .layout = layout,
        .timeline = timeline,
        .schools = schools,
        .at = at,
        .scope = scope_fields_of(layout->profile),
        .name_field = profile_field_number(layout->profile, "name"),
        .batches = arena_array(arena, struct past_batch, count),
        .batches_wanted = arena_array(arena, bool, count),
        .batches_waiting = count,
        .row_values = arena_array(arena, struct str, layout->profile->field_count),
    };
    set_tiers(past, layout->profile);
    dict_init(&past->units, arena);
    text_init(&past->unit_text, arena, UNIT_BYTES_MAX);
    text_init(&past->row_text, arena, UNIT_BYTES_MAX);
    u64_map_init(&past->heads, arena);
    for (size_t i = 0; i < count; i++) {
        dict_init(&past->batches[i].units, arena);
        dict_init(&past->batches[i].read_units, arena);
        if (timeline->batches[i].at.days > at.days) past->after_the_fact = true;
    }
    return count == 0 || read_units(past, err);
}

static bool read_unplaced(struct past *past, struct err *err)
{
    past->unplaced_read = true;
    past->asked = STR("area");
    for (size_t i = 0; i < past->timeline->batch_count; i++) {
        struct past_batch *batch = &past->batches[i];
        bool has = !batch->whole && dict_find(&batch->units, past->asked) != DICT_NONE;
        if (has) batch->wish = PAST_UNIT;
    }
    return read_entries(past, true, err);
}

/* What a later batch repeats stands in batches before it, which may not cover the unit. */
static void wish_repeated(struct past *past, const struct timeline_batch *later)
{
    for (size_t i = 0; i < past->timeline->batch_count; i++) {
        const struct timeline_batch *batch = &past->timeline->batches[i];
        if (past->batches[i].whole || !timeline_repeats(later, batch->first, batch->last)) continue;
        past->batches[i].wish = PAST_REST;
    }
}

static bool read_unit(struct past *past, struct str unit, struct err *err)
{
    past->asked = unit;
    for (size_t i = 0; i < past->timeline->batch_count; i++) {
        const struct timeline_batch *stated = &past->timeline->batches[i];
        struct past_batch *batch = &past->batches[i];
        bool later = stated->at.days > past->at.days;
        if (batch->whole && !later) continue;
        if (!scope_overlaps(&batch->units, unit)) continue;
        /* A record may have moved inside what a later batch covers. */
        if (later) wish_repeated(past, stated);
        if (batch->whole) continue;
        bool rest = later || batch->wish == PAST_REST || batch->touches++ >= TOUCHES_MAX;
        batch->wish = rest ? PAST_REST : PAST_UNIT;
    }
    return read_entries(past, false, err);
}

bool past_unit(struct past *past, const struct str *values, struct str area, uint32_t *unit,
               struct err *err)
{
    *unit = unit_of(past, values, area);
    struct past_cover *cover = cover_of(past, *unit);
    if (cover->in_file) return true;
    cover->in_file = true;
    list_grow(past->arena, (void **)&past->file_units, &past->file_unit_capacity,
              past->file_unit_count, sizeof *past->file_units);
    past->file_units[past->file_unit_count++] = *unit;
    if (!past->unplaced_read && !read_unplaced(past, err)) return false;
    struct str text = dict_text(&past->units, *unit);
    return str_is(text, "area") || read_unit(past, text, err);
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
    if (past->after_the_fact || head == DICT_NONE || !past->entries[head].taken) return head;
    while (past->chain[head * width + tier] != DICT_NONE && past->entries[head].taken) {
        head = past->chain[head * width + tier];
    }
    u64_map_put(&past->heads, key, head);
    return head;
}

uint32_t past_match(struct past *past, const struct past_row *row, bool *elsewhere)
{
    *elsewhere = false;
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
            if (!past_covers(past, entry->unit)) {
                *elsewhere = true;
                continue;
            }
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

struct covering {
    const struct past *past;
    struct str unit;
};

static bool covers_unit(void *context, const struct timeline_batch *batch)
{
    const struct covering *covering = context;
    const struct past *past = covering->past;
    return scope_overlaps(&past->batches[batch - past->timeline->batches].units, covering->unit);
}

/* Several of the record may be stated later; the earliest counts. */
static const struct timeline_batch *record_stated_later(const struct past *past,
                                                        const struct past_row *row)
{
    struct covering covering = {past, dict_text(&past->units, row->unit)};
    size_t width = past->tier_count + 1;
    const struct timeline_batch *first = NULL;
    for (size_t tier = 0; past->count > 0 && tier < width; tier++) {
        if ((row->filled & (1u << tier)) == 0) continue;
        int looked_at = 0;
        for (uint32_t i = u64_map_find(&past->heads, row->keys[tier]);
             i != DICT_NONE && looked_at < CANDIDATES_MAX;
             i = past->chain[i * width + tier], looked_at++) {
            const struct past_entry *entry = &past->entries[i];
            if (tier < past->tier_count && decided_before(entry, row, tier)) continue;
            const struct timeline_batch *next =
                timeline_next(past->timeline, timeline_batch_find(past->timeline, entry->batch),
                              entry->number, past->at, covers_unit, &covering);
            if (next == NULL || (first != NULL && next->at.days >= first->at.days)) continue;
            first = next;
        }
    }
    return first;
}

day past_stated_later(const struct past *past, const struct past_row *row, int64_t *by)
{
    const struct timeline_batch *first = record_stated_later(past, row);
    struct str unit = dict_text(&past->units, row->unit);
    for (size_t i = 0; i < past->timeline->batch_count; i++) {
        const struct timeline_batch *batch = &past->timeline->batches[i];
        if (!batch->complete || batch->at.days <= past->at.days) continue;
        if (first != NULL && batch->at.days >= first->at.days) continue;
        if (dict_find(&past->batches[i].units, unit) != DICT_NONE) first = batch;
    }
    if (first == NULL) return DAY_NONE;
    *by = first->number;
    return first->at;
}
