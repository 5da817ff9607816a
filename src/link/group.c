#include "link/engine_internal.h"

#include "base/dict.h"
#include "base/thread.h"

#include <string.h>

/* Groups are found part by part in a table that stays in the cache: nothing is sorted, since no
 * order of groups matters as long as it is the same every time. */

#define NO_PLACE UINT32_MAX

enum { FILL_STEP = 1 << 10 };

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

/* Adds one part to the packs of a stretch of records; a pack of 0 has a part missing. */
static void pack_part(const struct key_maker *maker, size_t part, uint32_t from, size_t count,
                      uint64_t *packs)
{
    const struct coded_column *column = &maker->engine->columns[maker->rule->parts[part]];
    uint64_t salt = 0x9E3779B97F4A7C15u * (part + 1);
    for (size_t i = 0; i < count; i++) {
        uint64_t value = column_value(column, from + (uint32_t)i);
        uint64_t pack = maker->exact ? packs[i] * column->value_count + value
                                     : u64_mix(packs[i] + value + salt) | 1;
        bool known = value != 0 && (part == 0 || packs[i] != 0);
        packs[i] = known ? pack : 0;
    }
}

static size_t make_keys(const void *context, uint32_t from, uint32_t end, uint64_t *keys,
                        uint32_t *records)
{
    const struct key_maker *maker = context;
    uint64_t packs[FILL_STEP];
    size_t kept = 0;
    for (; from < end; from += FILL_STEP) {
        size_t count = end - from < FILL_STEP ? end - from : FILL_STEP;
        memset(packs, 0, count * sizeof *packs);
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

/* Members come in record order; sources may not. */
uint64_t allowed_pairs(const struct link_engine *engine, struct arena *scratch,
                       const uint32_t *members, uint32_t count)
{
    uint64_t pairs = pairs_of(count);
    const uint32_t *sources = engine->input->sources;
    if (!engine->spec->between || sources == NULL || count < 2) return pairs;
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

/* Memory of a thread for one part at a time. */
struct room {
    struct arena arena;
    size_t capacity; /* records */
    size_t slot_count;
    uint32_t *slots;      /* group + 1; 0 is free */
    uint64_t *group_keys; /* by group */
    uint32_t *sizes, *places;
    uint32_t *group_of; /* by record of the part */
    uint32_t *members;
    struct arena work;   /* of one group */
    LIST(uint64_t) over; /* keys of blocks over the cap, in an arena that lives on */
    struct arena keep;
};

/* What a part came to. Its members and the sizes of its groups stand where its records and keys
 * stood. */
struct part_groups {
    uint32_t group_count, member_count;
    uint32_t first_group, first_member; /* in the rule */
    struct link_rule_count count;
};

struct group_job {
    struct link_engine *engine;
    const struct spec_rule *spec;
    struct block_rule *rule;
    size_t number;
    struct parts *parts;
    struct part_groups *found; /* by part */
    struct room *rooms;        /* by thread */
};

static void make_room(struct room *room, size_t count)
{
    if (room->capacity >= count && room->capacity > 0) return;
    arena_free(&room->arena);
    room->capacity = count + count / 4 + 64;
    room->slot_count = 64;
    while (room->slot_count < room->capacity * 2) room->slot_count *= 2;
    room->slots = arena_array(&room->arena, uint32_t, room->slot_count);
    room->group_keys = arena_array(&room->arena, uint64_t, room->capacity);
    room->sizes = arena_array(&room->arena, uint32_t, room->capacity);
    room->places = arena_array(&room->arena, uint32_t, room->capacity);
    room->group_of = arena_array(&room->arena, uint32_t, room->capacity);
    room->members = arena_array(&room->arena, uint32_t, room->capacity);
}

/* Numbers the groups of a part in the order of their first records; gives how many. */
static uint32_t number_groups(struct room *room, const uint64_t *keys, size_t count)
{
    size_t mask = room->slot_count - 1;
    uint32_t groups = 0;
    memset(room->slots, 0, room->slot_count * sizeof *room->slots);
    for (size_t i = 0; i < count; i++) {
        size_t at = keys[i] & mask;
        uint32_t group;
        while ((group = room->slots[at]) != 0 && room->group_keys[group - 1] != keys[i]) {
            at = (at + 1) & mask;
        }
        if (group == 0) {
            room->slots[at] = group = ++groups;
            room->group_keys[group - 1] = keys[i];
            room->sizes[group - 1] = 0;
        }
        room->sizes[group - 1]++;
        room->group_of[i] = group - 1;
    }
    return groups;
}

/* Puts the records of groups of at least `least` one group behind another. */
static void place_members(struct room *room, const uint32_t *records, size_t count, uint32_t groups,
                          uint32_t least)
{
    uint32_t sum = 0;
    for (uint32_t g = 0; g < groups; g++) {
        room->places[g] = room->sizes[g] < least ? NO_PLACE : sum;
        if (room->sizes[g] >= least) sum += room->sizes[g];
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t *place = &room->places[room->group_of[i]];
        if (*place != NO_PLACE) room->members[(*place)++] = records[i];
    }
}

/* Whether a group is kept; a block of single keys is counted on the way. */
static bool take_group(const struct group_job *job, struct room *room, const uint32_t *members,
                       uint32_t size, struct part_groups *found)
{
    if (job->rule->many) return true;
    uint64_t pairs = allowed_pairs(job->engine, &room->work, members, size);
    bool skipped = size > job->spec->block_max;
    count_block(&found->count, pairs, size, skipped);
    uint64_t key;
    if (skipped && job->engine->input->keys != NULL
        && block_key(job->engine, job->number, members[0], &key)) {
        *list_push(&room->keep, &room->over) = key;
    }
    if (room->work.bytes > 0) arena_reset(&room->work);
    return pairs > 0 && !skipped;
}

static void group_part(void *context, size_t part, size_t thread)
{
    struct group_job *job = context;
    struct room *room = &job->rooms[thread];
    struct part_groups *found = &job->found[part];
    size_t start = job->parts->starts[part], count = job->parts->starts[part + 1] - start;
    uint64_t *keys = job->parts->keys + start;
    uint32_t *records = job->parts->records + start;
    uint32_t least = job->rule->many ? 1 : 2, from = 0;
    if (count == 0) return;
    make_room(room, count);
    uint32_t groups = number_groups(room, keys, count);
    place_members(room, records, count, groups, least);
    for (uint32_t g = 0; g < groups; g++) {
        uint32_t size = room->sizes[g];
        if (size < least) continue;
        const uint32_t *members = room->members + from;
        from += size;
        if (!take_group(job, room, members, size, found)) continue;
        memcpy(records + found->member_count, members, size * sizeof *records);
        keys[found->group_count++] = size;
        found->member_count += size;
    }
}

/* Copies a part's groups to where they belong, and notes single keys by record. */
static void gather_part(void *context, size_t part, size_t thread)
{
    (void)thread;
    const struct group_job *job = context;
    const struct part_groups *found = &job->found[part];
    struct block_rule *rule = job->rule;
    size_t start = job->parts->starts[part], width = job->engine->spec->rule_count;
    const uint32_t *records = job->parts->records + start;
    uint32_t at = found->first_member;
    for (uint32_t g = 0; g < found->group_count; g++) {
        uint32_t group = found->first_group + g + 1;
        uint32_t size = (uint32_t)job->parts->keys[start + g];
        for (uint32_t i = 0; i < size; i++) {
            uint32_t record = records[at - found->first_member];
            rule->members[at++] = record;
            if (!rule->many) job->engine->rule_keys[record * width + job->number] = group;
        }
        rule->group_starts[group] = at;
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

void group_records(struct link_engine *engine, size_t number, size_t threads, struct parts *parts,
                   struct arena *keep, struct block_rule *rule)
{
    struct arena scratch = {0};
    const struct spec_rule *spec = &engine->spec->rules[number];
    struct key_maker maker = {engine, spec, parts_fit(engine, spec)};
    if (threads == 0) threads = thread_count_default();
    struct group_job job = {
        .engine = engine, .spec = spec, .rule = rule, .number = number, .parts = parts};
    job.found = arena_array(&scratch, struct part_groups, parts->count);
    job.rooms = arena_array(&scratch, struct room, threads);
    parts_fill(parts, threads, engine->record_count, &(struct parts_source){make_keys, &maker});
    thread_run(threads, parts->count, group_part, &job);
    uint32_t members = 0;
    for (size_t p = 0; p < parts->count; p++) {
        job.found[p].first_group = rule->group_count;
        job.found[p].first_member = members;
        rule->group_count += job.found[p].group_count;
        members += job.found[p].member_count;
        add_counts(&rule->count, &job.found[p].count);
    }
    rule->group_starts = arena_array(keep, uint32_t, (size_t)rule->group_count + 1);
    rule->members = arena_array(keep, uint32_t, members);
    thread_run(threads, parts->count, gather_part, &job);
    for (size_t t = 0; t < threads; t++) {
        struct room *room = &job.rooms[t];
        for (size_t i = 0; i < room->over.count; i++) {
            *list_push(keep, &rule->over) = room->over.items[i];
        }
        arena_free(&room->arena);
        arena_free(&room->work);
        arena_free(&room->keep);
    }
    arena_free(&scratch);
}
