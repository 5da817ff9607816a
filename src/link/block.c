#include "link/engine_internal.h"

#include "base/dict.h"
#include "base/list.h"
#include "base/thread.h"
#include "link/counters.h"

/* Keys and blocks. Records with equal parts of a rule form a group; for a rule of single keys the
 * groups are the blocks. Where a part gives several keys (all texts one edit away), keys are made
 * for groups, not for records: a number that stands in five registers is spelt out once. Most of
 * such keys occur once; a table of two-bit counters drops them before anything is sorted. */

enum { TASK_PAIRS = 1 << 16, KEYS_MAX = COLUMN_KEYS_MAX, CHUNK_KEYS = 1 << 16 };

struct block_task {
    struct link_engine *engine;
    struct arena *keep; /* by rule */
};

/* Numbers of values change from run to run; hashes of their texts do not. */
static uint64_t value_key(const struct coded_column *column, uint32_t value)
{
    return column->hashes != NULL ? column->hashes[value] : value;
}

bool block_key(const struct link_engine *engine, size_t rule, uint32_t record, uint64_t *key)
{
    const struct spec_rule *spec = &engine->spec->rules[rule];
    uint64_t mixed = spec->part_count;
    for (size_t i = 0; i < spec->part_count; i++) {
        const struct coded_column *column = &engine->columns[spec->parts[i]];
        uint32_t value = column_value(column, record);
        if (value == 0) return false;
        mixed = u64_mix(mixed + value_key(column, value) + 0x9E3779B97F4A7C15u * (i + 1));
    }
    *key = mixed;
    return true;
}

bool note_block(const struct link_engine *engine, size_t rule, struct arena *keep, uint64_t key,
                bool over, const uint32_t *members, uint32_t count)
{
    struct block_rule *of = &engine->rules[rule];
    if (over) *list_push(keep, &of->over) = key;
    if (engine->increment == NULL) return false;
    uint32_t why = u64_map_find(&engine->increment->scopes[rule].keys, key);
    bool before = why != DICT_NONE && (why & SCOPE_OVER) != 0;
    for (uint32_t i = 0; i < count && over && !before; i++) {
        *list_push(keep, &of->shut) = members[i];
    }
    return before && !over;
}

static uint64_t pairs_of(uint64_t count)
{
    return count * (count - 1) / 2;
}

static uint32_t group_size(const struct block_rule *rule, uint32_t group)
{
    return rule->group_starts[group] - rule->group_starts[group - 1];
}

/* All keys of a group: one of each part of several keys, mixed with the single parts. */
static size_t group_keys(const struct link_engine *engine, const struct spec_rule *spec,
                         uint32_t record, struct arena *work, uint64_t keys[KEYS_MAX])
{
    size_t count = 1;
    keys[0] = 0;
    for (size_t i = 0; i < spec->part_count; i++) {
        const struct coded_column *column = &engine->columns[spec->parts[i]];
        uint32_t value = column_value(column, record);
        uint64_t salt = 0x9E3779B97F4A7C15u * (i + 1);
        if (column->key_steps == NULL) {
            uint64_t one = value_key(column, value);
            for (size_t k = 0; k < count; k++) keys[k] = u64_mix(keys[k] + one + salt);
            continue;
        }
        uint64_t before[KEYS_MAX], own[KEYS_MAX];
        size_t before_count = count, own_count = column_keys(column, value, work, own);
        memcpy(before, keys, count * sizeof *keys);
        count = 0;
        for (size_t j = 0; j < own_count; j++) {
            for (size_t k = 0; k < before_count && count < KEYS_MAX; k++) {
                keys[count++] = u64_mix(before[k] + own[j] + salt);
            }
        }
    }
    return count;
}

size_t block_keys(const struct link_engine *engine, size_t rule, uint32_t record,
                  struct arena *work, uint64_t keys[COLUMN_KEYS_MAX])
{
    return group_keys(engine, &engine->spec->rules[rule], record, work, keys);
}

/* Keys of all groups one behind another, in pieces, since there may be many. */
struct key_store {
    uint64_t **chunks;
    uint64_t count;
    uint64_t *starts; /* by group, of which numbers start with 1 */
};

static uint64_t stored_key(const struct key_store *store, uint64_t number)
{
    return store->chunks[number / CHUNK_KEYS][number % CHUNK_KEYS];
}

/* Of an increment only those that it looks at: their blocks are there with all their records. */
static void store_keys(const struct link_engine *engine, size_t number, struct arena *scratch,
                       struct key_store *out)
{
    const struct spec_rule *spec = &engine->spec->rules[number];
    const struct block_rule *rule = &engine->rules[number];
    const struct increment *increment = engine->increment;
    const struct u64_map *wanted = increment == NULL ? NULL : &increment->scopes[number].keys;
    struct arena work = {0};
    uint64_t keys[KEYS_MAX];
    uint64_t most = (uint64_t)rule->group_count * KEYS_MAX / CHUNK_KEYS + 1;
    out->chunks = arena_array(scratch, uint64_t *, most);
    out->starts = arena_array(scratch, uint64_t, (size_t)rule->group_count + 2);
    for (uint32_t g = 1; g <= rule->group_count; g++) {
        uint32_t record = rule->members[rule->group_starts[g - 1]];
        size_t count = group_keys(engine, spec, record, &work, keys);
        for (size_t k = 0; k < count; k++) {
            if (wanted != NULL && u64_map_find(wanted, keys[k]) == DICT_NONE) continue;
            uint64_t chunk = out->count / CHUNK_KEYS;
            if (out->chunks[chunk] == NULL) {
                out->chunks[chunk] = arena_array(scratch, uint64_t, CHUNK_KEYS);
            }
            out->chunks[chunk][out->count++ % CHUNK_KEYS] = keys[k];
        }
        out->starts[g + 1] = out->count;
    }
    arena_free(&work);
}

struct entries {
    uint64_t *keys;
    uint32_t *groups;
    uint64_t count;
};

/* Keys that at least two groups share, by key, then group. Groups without keys are closed. */
static void find_entries(const struct link_engine *engine, size_t number, struct arena *scratch,
                         struct entries *out)
{
    struct block_rule *rule = &engine->rules[number];
    bool all = engine->increment == NULL;
    struct key_store store = {0};
    struct counters counters;
    struct arena work = {0};
    uint64_t kept = 0;
    store_keys(engine, number, &work, &store);
    counters_open(&counters, &work, store.count);
    for (uint64_t k = 0; k < store.count; k++) counters_add(&counters, stored_key(&store, k));
    for (uint64_t k = 0; k < store.count; k++) {
        kept += counters_repeated(&counters, stored_key(&store, k));
    }
    out->keys = arena_array(scratch, uint64_t, kept);
    out->groups = arena_array(scratch, uint32_t, kept);
    for (uint32_t g = 1; g <= rule->group_count; g++) {
        rule->closed[g] = all && store.starts[g] == store.starts[g + 1];
        for (uint64_t k = store.starts[g]; k < store.starts[g + 1]; k++) {
            if (!counters_repeated(&counters, stored_key(&store, k))) continue;
            out->keys[out->count] = stored_key(&store, k);
            out->groups[out->count++] = g;
        }
    }
    arena_free(&work);
    CHECK(out->count <= UINT32_MAX);
    sort_keys(scratch, out->keys, out->groups, out->count);
}

/* Drops a group that stands twice under one key (two of its keys mixed to one). */
static uint32_t unique_groups(uint32_t *groups, uint32_t count)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (kept == 0 || groups[kept - 1] != groups[i]) groups[kept++] = groups[i];
    }
    return kept;
}

/* A block of groups that share a key. */
struct key_block {
    uint64_t key;
    const uint32_t *groups;
    uint32_t count;
};

/* The records of a block's groups, one group behind the other. */
static uint32_t *list_records(const struct block_rule *rule, struct arena *scratch,
                              const struct key_block *block, uint64_t records)
{
    uint32_t *members = arena_array(scratch, uint32_t, records);
    uint32_t at = 0;
    for (uint32_t i = 0; i < block->count; i++) {
        uint32_t size = group_size(rule, block->groups[i]);
        memcpy(members + at, rule->members + rule->group_starts[block->groups[i] - 1],
               size * sizeof *members);
        at += size;
    }
    return members;
}

/* Counts a block and says whether it is to be walked. */
static bool take_block(const struct link_engine *engine, size_t number, struct arena *scratch,
                       struct arena *keep, struct key_block block, bool *whole)
{
    struct block_rule *rule = &engine->rules[number];
    const uint32_t *members = NULL;
    uint64_t records = 0;
    if (block.count < 2) return false;
    for (uint32_t i = 0; i < block.count; i++) records += group_size(rule, block.groups[i]);
    bool skipped = records > engine->spec->rules[number].block_max;
    bool noted = engine->input->keys != NULL && (skipped || engine->increment != NULL);
    uint64_t pairs = pairs_of(records);
    if (engine->spec->between || noted) members = list_records(rule, scratch, &block, records);
    if (engine->spec->between) pairs = allowed_pairs(engine, scratch, members, (uint32_t)records);
    count_block(&rule->count, pairs, (uint32_t)records, skipped);
    *whole =
        noted && note_block(engine, number, keep, block.key, skipped, members, (uint32_t)records);
    return pairs > 0 && !skipped;
}

/* Lists the blocks of each group from the groups of each block. */
static void invert_blocks(struct block_rule *rule, struct arena *keep)
{
    rule->key_starts = arena_array(keep, uint32_t, (size_t)rule->group_count + 2);
    uint32_t *starts = rule->key_starts;
    uint32_t total = rule->block_starts[rule->block_count];
    for (uint32_t i = 0; i < total; i++) starts[rule->block_tuples[i] + 1]++;
    for (uint32_t g = 0; g <= rule->group_count; g++) starts[g + 1] += starts[g];
    rule->keys = arena_array(keep, uint32_t, total);
    uint32_t *places = arena_copy(keep, starts, ((size_t)rule->group_count + 2) * sizeof *starts);
    for (uint32_t b = 1; b <= rule->block_count; b++) {
        for (uint32_t i = rule->block_starts[b - 1]; i < rule->block_starts[b]; i++) {
            rule->keys[places[rule->block_tuples[i]]++] = b;
        }
    }
}

/* Records of one group share all its keys: a block of its own. */
static void take_groups(const struct link_engine *engine, size_t number, struct arena *keep)
{
    struct block_rule *rule = &engine->rules[number];
    struct arena scratch = {0};
    for (uint32_t g = 1; g <= rule->group_count; g++) {
        if (rule->closed[g]) continue;
        const uint32_t *members = rule->members + rule->group_starts[g - 1];
        uint32_t size = group_size(rule, g);
        uint64_t pairs = allowed_pairs(engine, &scratch, members, size), key;
        rule->closed[g] = size > engine->spec->rules[number].block_max;
        if (pairs > 0) count_block(&rule->count, pairs, size, rule->closed[g]);
        if (engine->input->keys != NULL && (rule->closed[g] || engine->increment != NULL)
            && block_key(engine, number, members[0], &key)
            && note_block(engine, number, keep, key, rule->closed[g], members, size)) {
            rule->whole_tuples[g] = true;
        }
        if (scratch.bytes > 0) arena_reset(&scratch);
    }
    arena_free(&scratch);
}

static void build_key_blocks(const struct link_engine *engine, size_t number, struct arena *scratch,
                             struct arena *keep)
{
    struct block_rule *rule = &engine->rules[number];
    struct entries entries = {0};
    struct arena block_scratch = {0};
    rule->closed = arena_array(keep, bool, (size_t)rule->group_count + 1);
    find_entries(engine, number, scratch, &entries);
    uint32_t *starts = arena_array(scratch, uint32_t, entries.count + 1);
    uint32_t *tuples = arena_array(scratch, uint32_t, entries.count), at = 0;
    if (engine->increment != NULL) {
        rule->whole = arena_array(keep, bool, entries.count + 1);
        rule->whole_tuples = arena_array(keep, bool, (size_t)rule->group_count + 1);
    }
    for (uint64_t from = 0, end; from < entries.count; from = end) {
        for (end = from + 1; end < entries.count && entries.keys[end] == entries.keys[from];) end++;
        uint32_t count = unique_groups(entries.groups + from, (uint32_t)(end - from));
        struct key_block block = {entries.keys[from], entries.groups + from, count};
        bool whole = false;
        if (take_block(engine, number, &block_scratch, keep, block, &whole)) {
            memcpy(tuples + at, entries.groups + from, count * sizeof *tuples);
            at += count;
            starts[++rule->block_count] = at;
            if (whole) rule->whole[rule->block_count] = true;
        }
        if (block_scratch.bytes > 0) arena_reset(&block_scratch);
    }
    rule->block_starts = arena_copy(keep, starts, ((size_t)rule->block_count + 1) * sizeof *starts);
    rule->block_tuples = arena_copy(keep, tuples, at * sizeof *tuples);
    invert_blocks(rule, keep);
    take_groups(engine, number, keep);
    arena_free(&block_scratch);
}

/* Puts the rule's group numbers beside those of the other rules, by record. A group of no use is
 * left out. */
static void fill_rule_keys(struct link_engine *engine, size_t number)
{
    size_t width = engine->spec->rule_count;
    const struct block_rule *rule = &engine->rules[number];
    for (uint32_t g = 1; g <= rule->group_count; g++) {
        bool alone = group_size(rule, g) == 1 && rule->key_starts[g] == rule->key_starts[g + 1];
        if (alone) continue;
        for (uint32_t i = rule->group_starts[g - 1]; i < rule->group_starts[g]; i++) {
            engine->rule_keys[rule->members[i] * width + number] = g;
        }
    }
}

static void build_keys(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct block_task *task = context;
    struct block_rule *rule = &task->engine->rules[number];
    struct arena scratch = {0};
    if (!rule->many) return;
    build_key_blocks(task->engine, number, &scratch, &task->keep[number]);
    fill_rule_keys(task->engine, number);
    arena_free(&scratch);
}

static uint64_t unit_pairs(const struct block_rule *rule, uint32_t unit)
{
    uint32_t block = unit + 1;
    if (!rule->many) return pairs_of(group_size(rule, block));
    if (unit >= rule->block_count) {
        uint32_t tuple = unit - rule->block_count + 1;
        return rule->closed[tuple] ? 0 : pairs_of(group_size(rule, tuple));
    }
    uint64_t records = 0;
    for (uint32_t i = rule->block_starts[unit]; i < rule->block_starts[unit + 1]; i++) {
        records += group_size(rule, rule->block_tuples[i]);
    }
    return pairs_of(records);
}

/* Cuts the walk into tasks of about the same work; their number depends on the data alone. */
static void cut_tasks(struct link_engine *engine)
{
    LIST(struct pair_task) tasks = {0};
    for (uint32_t q = 0; q < engine->spec->rule_count; q++) {
        const struct block_rule *rule = &engine->rules[q];
        uint32_t units = rule->many ? rule->block_count + rule->group_count : rule->group_count;
        struct pair_task task = {.rule = q};
        for (uint32_t unit = 0; unit < units; unit++) {
            task.pairs += unit_pairs(rule, unit);
            task.end = unit + 1;
            if (task.pairs < TASK_PAIRS && task.end < units) continue;
            if (task.pairs > 0) *list_push(engine->arena, &tasks) = task;
            task = (struct pair_task){.rule = q, .from = task.end};
        }
    }
    engine->tasks = tasks.items;
    engine->task_count = tasks.count;
}

void rule_keys_open(struct link_engine *engine)
{
    if (engine->rule_keys != NULL) return;
    engine->rule_keys = arena_alloc_array(engine->arena, engine->record_count,
                                          engine->spec->rule_count * sizeof(uint32_t));
}

void blocks_open(struct link_engine *engine, size_t threads)
{
    if (engine->rules != NULL) return;
    struct arena scratch = {0};
    size_t count = engine->spec->rule_count;
    struct block_task task = {.engine = engine};
    task.keep = arena_array(&scratch, struct arena, count);
    engine->rules = arena_array(engine->arena, struct block_rule, count);
    struct grouper *grouper = NULL;
    if (engine->increment == NULL) grouper = grouper_open(&scratch, engine, threads);
    for (size_t q = 0; q < count; q++) {
        struct block_rule *rule = &engine->rules[q];
        rule->many = engine->spec->rules[q].many;
        rule->count.text = engine->spec->rules[q].text;
        if (engine->increment != NULL) {
            rule_keys_open(engine);
            group_scope(engine, q, &task.keep[q]);
        } else {
            group_records(grouper, q, &task.keep[q]);
        }
    }
    if (grouper != NULL) grouper_close(grouper);
    thread_run(threads, count, build_keys, &task);
    for (size_t q = 0; q < count; q++) arena_join(engine->arena, &task.keep[q]);
    cut_tasks(engine);
    arena_free(&scratch);
}

void blocks_close(struct link_engine *engine)
{
    engine->rules = NULL;
    engine->rule_keys = NULL;
    engine->tasks = NULL;
    engine->task_count = 0;
}

static bool share_block(const struct block_rule *rule, uint32_t a, uint32_t b)
{
    uint32_t i = rule->key_starts[a], j = rule->key_starts[b];
    while (i < rule->key_starts[a + 1] && j < rule->key_starts[b + 1]) {
        if (rule->keys[i] == rule->keys[j]) return true;
        if (rule->keys[i] < rule->keys[j])
            i++;
        else
            j++;
    }
    return false;
}

bool rule_keys_meet(const struct link_engine *engine, size_t number, uint32_t a, uint32_t b)
{
    const struct block_rule *rule = &engine->rules[number];
    size_t width = engine->spec->rule_count;
    uint32_t one = engine->rule_keys[a * width + number];
    uint32_t two = engine->rule_keys[b * width + number];
    if (one == 0 || two == 0) return false;
    if (!rule->many) return one == two;
    /* Every block with a tuple over the cap is over the cap too. */
    if (one == two) return !rule->closed[one];
    return share_block(rule, one, two);
}
