#include "link/engine_internal.h"

#include "base/prefetch.h"
#include "base/thread.h"
#include "link/counters.h"

#include <string.h>

/* Groups are found bin by bin in a table that stays in the cache: nothing is sorted, since no order
 * of groups matters as long as it is the same every time. Where a record alone is of no use, those
 * whose key occurs once are dropped before by counters, which are smaller still. */

#define NO_PLACE UINT32_MAX
#define FIRST (UINT32_C(1) << 31) /* no record's number has it */

enum { FILL_STEP = 1 << 10, FETCH_AHEAD = 16 };

/* Packs the values of the parts into 64 bits, exactly where they fit and mixed where not. Two
 * different packs that mix to one key only bring more pairs together. */
struct key_maker {
    const struct link_engine *engine;
    const struct spec_rule *rule;
    bool exact;
};

static bool parts_fit(const struct link_engine *engine, const struct spec_rule *rule)
{
    double size = 1;
    for (size_t i = 0; i < rule->part_count; i++) {
        size *= engine->columns[rule->parts[i]].value_count;
    }
    return size < 1.8e19;
}

static void pack_values(const struct coded_column *column, bool exact, size_t part,
                        const uint32_t *values, size_t count, uint64_t *packs)
{
    uint64_t salt = 0x9E3779B97F4A7C15u * (part + 1), size = column->value_count;
    if (part == 0) {
        for (size_t i = 0; i < count; i++) packs[i] = 1;
    }
    for (size_t i = 0; i < count && exact; i++) {
        uint64_t pack = (part == 0 ? 0 : packs[i] * size) + values[i];
        packs[i] = values[i] == 0 || packs[i] == 0 ? 0 : pack;
    }
    for (size_t i = 0; i < count && !exact; i++) {
        uint64_t pack = u64_mix((part == 0 ? 0 : packs[i]) + values[i] + salt) | 1;
        packs[i] = values[i] == 0 || packs[i] == 0 ? 0 : pack;
    }
}

/* Adds one part to the packs of a stretch of records; a pack of 0 has a part missing. */
static void pack_part(const struct key_maker *maker, size_t part, uint32_t from, size_t count,
                      uint64_t *packs)
{
    const struct coded_column *column = &maker->engine->columns[maker->rule->parts[part]];
    uint32_t mapped[FILL_STEP];
    const uint32_t *values = mapped;
    if (column->by_record != NULL) {
        values = column->by_record + from;
    } else {
        for (size_t i = 0; i < count; i++) mapped[i] = column->map[column->source[from + i]];
    }
    pack_values(column, maker->exact, part, values, count, packs);
}

static size_t make_keys(const void *context, uint32_t from, uint32_t end, uint64_t *keys,
                        uint32_t *records)
{
    const struct key_maker *maker = context;
    uint64_t packs[FILL_STEP];
    size_t kept = 0;
    for (; from < end; from += FILL_STEP) {
        size_t count = end - from < FILL_STEP ? end - from : FILL_STEP;
        for (size_t i = 0; i < maker->rule->part_count; i++) {
            pack_part(maker, i, from, count, packs);
        }
        for (size_t i = 0; i < count; i++) {
            keys[kept] = u64_mix(packs[i]);
            records[kept] = from + (uint32_t)i;
            kept += packs[i] != 0;
        }
    }
    return kept;
}

static uint64_t pairs_of(uint64_t count)
{
    return count * (count - 1) / 2;
}

static uint64_t pairs_across(const struct link_engine *engine, const uint32_t *members,
                             uint32_t count)
{
    uint64_t before = 0;
    for (uint32_t i = 0; i < count; i++) before += members[i] < engine->split;
    return before * (count - before);
}

/* Members come in record order; sources may not. */
uint64_t allowed_pairs(const struct link_engine *engine, struct arena *scratch,
                       const uint32_t *members, uint32_t count)
{
    uint64_t pairs = pairs_of(count);
    const uint32_t *sources = engine->input->sources;
    if (!engine->spec->between || sources == NULL || count < 2) return pairs;
    if (engine->split != 0) return pairs_across(engine, members, count);
    uint32_t one = sources[members[0]], two = one;
    uint64_t of_one = 0, of_two = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t source = sources[members[i]];
        if (two == one) two = source;
        if (source == one)
            of_one++;
        else if (source == two)
            of_two++;
    }
    if (of_one + of_two == count) return of_one * of_two;
    uint64_t *keys = arena_array(scratch, uint64_t, count);
    uint32_t *unused = arena_array(scratch, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) keys[i] = sources[members[i]];
    sort_keys(scratch, keys, unused, count);
    for (uint32_t from = 0, end; from < count; from = end) {
        end = from;
        while (end < count && keys[end] == keys[from]) end++;
        pairs -= pairs_of(end - from);
    }
    return pairs;
}

void count_block(struct link_rule_count *count, uint64_t pairs, uint32_t records, bool skipped)
{
    count->pairs += pairs;
    if (records > count->block_largest) count->block_largest = records;
    if (pairs == 0) return;
    count->blocks++;
    if (!skipped) return;
    count->blocks_skipped++;
    count->pairs_skipped += pairs;
}

/* A group of a bin: all that is asked of it at once lies together. */
struct bin_group {
    uint64_t key;
    uint32_t size;
    uint32_t place; /* among the members, NO_PLACE: it has none */
};

/* Memory of a thread for one bin at a time. */
struct room {
    struct arena arena;
    size_t capacity; /* records */
    uint64_t *keys;
    uint32_t *records;
    struct counters counters;
    uint32_t *slots; /* group + 1; 0 is free */
    struct bin_group *groups;
    uint32_t *group_of; /* by record of the bin */
    uint32_t *members;
    struct arena work;   /* of one group */
    LIST(uint64_t) over; /* keys of blocks over the cap */
    struct arena keep;
};

/* What a bin came to. */
struct bin_groups {
    uint32_t group_count, member_count;
    uint32_t first_group, first_member; /* in the rule */
    struct link_rule_count count;
};

struct grouper {
    struct arena arena;
    struct link_engine *engine;
    size_t threads;
    struct bins bins;
    struct bin_groups *found; /* by bin */
    struct room *rooms;       /* by thread */
    uint32_t *members; /* by bin: of the groups that are kept; FIRST marks where one begins */
    /* The rule at hand. */
    const struct spec_rule *spec;
    struct block_rule *rule;
    size_t number;
};

static size_t slots_for(size_t count)
{
    size_t slots = 64;
    while (slots < count * 2) slots *= 2;
    return slots;
}

static void make_room(struct room *room, size_t count)
{
    if (room->capacity >= count && room->capacity > 0) return;
    arena_free(&room->arena);
    room->capacity = count + count / 4 + 64;
    counters_open(&room->counters, &room->arena, room->capacity);
    room->keys = arena_room(&room->arena, uint64_t, room->capacity);
    room->records = arena_room(&room->arena, uint32_t, room->capacity);
    room->slots = arena_room(&room->arena, uint32_t, slots_for(room->capacity));
    room->groups = arena_room(&room->arena, struct bin_group, room->capacity);
    room->group_of = arena_room(&room->arena, uint32_t, room->capacity);
    room->members = arena_room(&room->arena, uint32_t, room->capacity);
}

static void fetch_stretch(const struct bins *bins, size_t bin, size_t chunk)
{
    if (chunk >= bins->chunk_count) return;
    struct bin_stretch stretch = bins_stretch(bins, bin, chunk);
    for (uint32_t i = 0; i < stretch.count; i += 8) prefetch(stretch.keys + i);
    for (uint32_t i = 0; i < stretch.count; i += 32) prefetch(stretch.offsets + i);
}

/* Collects a bin's records whose key may be repeated, or all; gives how many. */
static size_t collect_bin(const struct grouper *grouper, struct room *room, size_t bin)
{
    const struct bins *bins = &grouper->bins;
    struct counters counters = room->counters;
    size_t count = bins->firsts[bin + 1] - bins->firsts[bin], kept = 0;
    bool all = grouper->rule->many;
    uint64_t words = counters_words(count);
    counters.mask = words * 32 - 1;
    if (!all) memset(counters.words, 0, words * sizeof *counters.words);
    for (size_t c = 0; c < bins->chunk_count && !all; c++) {
        struct bin_stretch stretch = bins_stretch(bins, bin, c);
        fetch_stretch(bins, bin, c + 1);
        for (uint32_t i = 0; i < stretch.count; i++) counters_add(&counters, stretch.keys[i]);
    }
    for (size_t c = 0; c < bins->chunk_count; c++) {
        struct bin_stretch stretch = bins_stretch(bins, bin, c);
        if (all) fetch_stretch(bins, bin, c + 1);
        for (uint32_t i = 0; i < stretch.count; i++) {
            room->keys[kept] = stretch.keys[i];
            room->records[kept] = stretch.first + stretch.offsets[i];
            kept += all || counters_repeated(&counters, stretch.keys[i]);
        }
    }
    return kept;
}

/* Numbers the groups of a bin in the order of their first records; gives how many. */
static uint32_t number_groups(struct room *room, size_t count)
{
    size_t slot_count = slots_for(count), mask = slot_count - 1;
    uint32_t groups = 0;
    memset(room->slots, 0, slot_count * sizeof *room->slots);
    for (size_t i = 0; i < count; i++) {
        uint64_t key = room->keys[i];
        size_t at = key & mask;
        uint32_t group;
        while ((group = room->slots[at]) != 0 && room->groups[group - 1].key != key) {
            at = (at + 1) & mask;
        }
        if (group == 0) {
            room->slots[at] = group = ++groups;
            room->groups[group - 1] = (struct bin_group){.key = key};
        }
        room->groups[group - 1].size++;
        room->group_of[i] = group - 1;
    }
    return groups;
}

/* Puts the records of groups of at least `least` one group behind another. */
static void place_members(struct room *room, size_t count, uint32_t groups, uint32_t least)
{
    uint32_t sum = 0;
    for (uint32_t g = 0; g < groups; g++) {
        struct bin_group *group = &room->groups[g];
        group->place = group->size < least ? NO_PLACE : sum;
        if (group->size >= least) sum += group->size;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t *place = &room->groups[room->group_of[i]].place;
        if (*place != NO_PLACE) room->members[(*place)++] = room->records[i];
    }
}

/* Whether a group is kept; a block of single keys is counted on the way. */
static bool take_group(const struct grouper *grouper, struct room *room, const uint32_t *members,
                       uint32_t size, struct bin_groups *found)
{
    if (grouper->rule->many) return true;
    const struct link_engine *engine = grouper->engine;
    bool across = engine->spec->between && engine->split != 0;
    uint64_t pairs = across ? pairs_across(engine, members, size)
                            : allowed_pairs(engine, &room->work, members, size);
    bool skipped = size > grouper->spec->block_max;
    count_block(&found->count, pairs, size, skipped);
    uint64_t key;
    if (skipped && engine->input->keys != NULL
        && block_key(engine, grouper->number, members[0], &key)) {
        *list_push(&room->keep, &room->over) = key;
    }
    if (room->work.bytes > 0) arena_reset(&room->work);
    return pairs > 0 && !skipped;
}

static void group_bin(void *context, size_t bin, size_t thread)
{
    struct grouper *grouper = context;
    struct room *room = &grouper->rooms[thread];
    struct bin_groups *found = &grouper->found[bin];
    size_t first = grouper->bins.firsts[bin], count = grouper->bins.firsts[bin + 1] - first;
    uint32_t *kept = grouper->members + first;
    uint32_t least = grouper->rule->many ? 1 : 2, from = 0;
    *found = (struct bin_groups){0};
    if (count == 0) return;
    make_room(room, count);
    count = collect_bin(grouper, room, bin);
    uint32_t groups = number_groups(room, count);
    place_members(room, count, groups, least);
    for (uint32_t g = 0; g < groups; g++) {
        uint32_t size = room->groups[g].size;
        if (size < least) continue;
        const uint32_t *members = room->members + from;
        from += size;
        if (!take_group(grouper, room, members, size, found)) continue;
        uint32_t *to = kept + found->member_count;
        for (uint32_t i = 0; i < size; i++) to[i] = members[i];
        to[0] |= FIRST;
        found->group_count++;
        found->member_count += size;
    }
}

/* The fields that tell whether a rule of single keys covers a pair; 0 where some part is none. What
 * they say holds while no block is over the cap. */
static uint64_t telling_fields(const struct link_engine *engine, const struct spec_rule *rule)
{
    uint64_t told_by = 0;
    for (size_t i = 0; i < rule->part_count; i++) {
        uint32_t f = 0;
        while (f < engine->field_count && engine->fields[f].column != rule->parts[i]) f++;
        if (f == engine->field_count || f >= 64) return 0;
        told_by |= UINT64_C(1) << f;
    }
    return told_by;
}

/* Copies a bin's groups to where they belong, and notes single keys by record where rows do not
 * tell them. */
static void gather_bin(void *context, size_t bin, size_t thread)
{
    (void)thread;
    const struct grouper *grouper = context;
    const struct bin_groups *found = &grouper->found[bin];
    struct block_rule *rule = grouper->rule;
    size_t width = grouper->engine->spec->rule_count;
    const uint32_t *kept = grouper->members + grouper->bins.firsts[bin];
    uint32_t *members = rule->members + found->first_member;
    bool noted = !rule->many && rule->told_by == 0;
    uint32_t *rule_keys = noted ? grouper->engine->rule_keys + grouper->number : NULL;
    uint32_t group = found->first_group;
    for (uint32_t i = 0; i < found->member_count; i++) {
        uint32_t record = kept[i] & ~FIRST;
        if (noted && i + FETCH_AHEAD < found->member_count) {
            prefetch(&rule_keys[(kept[i + FETCH_AHEAD] & ~FIRST) * width]);
        }
        if ((kept[i] & FIRST) != 0) rule->group_starts[group++] = found->first_member + i;
        members[i] = record;
        if (noted) rule_keys[record * width] = group;
    }
}

static void add_counts(struct link_rule_count *sum, const struct link_rule_count *more)
{
    sum->pairs += more->pairs;
    sum->pairs_skipped += more->pairs_skipped;
    sum->blocks += more->blocks;
    sum->blocks_skipped += more->blocks_skipped;
    if (more->block_largest > sum->block_largest) sum->block_largest = more->block_largest;
}

struct grouper *grouper_open(struct arena *arena, struct link_engine *engine, size_t threads)
{
    struct grouper *grouper = arena_new(arena, struct grouper);
    if (threads == 0) threads = thread_count_default();
    grouper->engine = engine;
    grouper->threads = threads;
    bins_open(&grouper->bins, &grouper->arena, engine->record_count, threads);
    grouper->found = arena_array(&grouper->arena, struct bin_groups, grouper->bins.count);
    grouper->rooms = arena_array(&grouper->arena, struct room, threads);
    grouper->members = arena_room(&grouper->arena, uint32_t, engine->record_count);
    return grouper;
}

void grouper_close(struct grouper *grouper)
{
    for (size_t t = 0; t < grouper->threads; t++) {
        arena_free(&grouper->rooms[t].arena);
        arena_free(&grouper->rooms[t].work);
        arena_free(&grouper->rooms[t].keep);
    }
    arena_free(&grouper->arena);
}

void group_records(struct grouper *grouper, size_t number, struct arena *keep)
{
    struct link_engine *engine = grouper->engine;
    struct block_rule *rule = &engine->rules[number];
    grouper->number = number;
    grouper->spec = &engine->spec->rules[number];
    grouper->rule = rule;
    struct key_maker maker = {engine, grouper->spec, parts_fit(engine, grouper->spec)};
    bins_fill(&grouper->bins, &(struct bins_source){make_keys, &maker});
    thread_run(grouper->threads, grouper->bins.count, group_bin, grouper);
    uint32_t members = 0;
    for (size_t b = 0; b < grouper->bins.count; b++) {
        struct bin_groups *found = &grouper->found[b];
        found->first_group = rule->group_count;
        found->first_member = members;
        rule->group_count += found->group_count;
        members += found->member_count;
        add_counts(&rule->count, &found->count);
    }
    if (!rule->many && rule->count.blocks_skipped == 0) {
        rule->told_by = telling_fields(engine, grouper->spec);
    }
    if (rule->told_by == 0) rule_keys_open(engine);
    rule->group_starts = arena_room(keep, uint32_t, (size_t)rule->group_count + 1);
    rule->members = arena_room(keep, uint32_t, members);
    thread_run(grouper->threads, grouper->bins.count, gather_bin, grouper);
    rule->group_starts[rule->group_count] = members;
    for (size_t t = 0; t < grouper->threads; t++) {
        struct room *room = &grouper->rooms[t];
        for (size_t i = 0; i < room->over.count; i++) {
            *list_push(keep, &rule->over) = room->over.items[i];
        }
        room->over.count = 0;
    }
}
