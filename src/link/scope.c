#include "link/engine_internal.h"

#include "base/thread.h"

#include <string.h>

/* What a run that rests on an earlier one looks at.
 *
 * A pair of records that both stand unchanged weighs what it weighed. Whether a rule brings it
 * together can change in one way only: a block of it goes over the cap or comes back under it. A
 * block that was open and gets no fresh record only shrinks, so it stays open. So it is enough to
 * look at blocks that hold a fresh record, and at those that were over the cap: of these all
 * records are found by their keys, and whether they are over the cap is counted as in any run.
 *
 * - An open block gives its pairs with a fresh record.
 * - One that was over the cap and is open now gives all its pairs; those known already are dropped
 *   when pairs are put in order.
 * - One that went over the cap puts the kept pairs inside it in doubt: each is kept only if another
 *   block still covers it. */

enum { SAMPLE_PAIRS = 512, FRESH_MAX_SHARE = 4 };

/* Numbers of records by ascending key. */
static uint32_t *order_by_key(struct arena *scratch, const uint64_t *keys, size_t count)
{
    uint32_t *order = arena_array(scratch, uint32_t, count);
    bool ascending = true;
    for (size_t i = 0; i < count; i++) order[i] = (uint32_t)i;
    for (size_t i = 1; i < count && ascending; i++) ascending = keys[i - 1] < keys[i];
    if (ascending) return order;
    uint64_t *copy = arena_copy(scratch, keys, count * sizeof *keys);
    sort_keys(scratch, copy, order, count);
    return order;
}

static bool is_alone(const uint64_t *keys, const uint32_t *order, size_t count, size_t at)
{
    uint64_t key = keys[order[at]];
    return (at == 0 || keys[order[at - 1]] != key)
           && (at + 1 == count || keys[order[at + 1]] != key);
}

/* Pairs off the records of then and now that have one key and one content. */
static void find_places(const struct link_engine *engine, const uint64_t *contents,
                        struct increment *out)
{
    struct arena scratch = {0};
    const struct link_state *before = out->previous;
    const uint64_t *keys = engine->input->keys;
    size_t old_count = before->record_count, new_count = engine->record_count;
    const uint32_t *old = order_by_key(&scratch, before->keys, old_count);
    const uint32_t *new = order_by_key(&scratch, keys, new_count);
    for (size_t i = 0, j = 0; i < old_count && j < new_count;) {
        uint64_t then = before->keys[old[i]], now = keys[new[j]];
        bool same = then == now && before->contents[old[i]] == contents[new[j]]
                    && is_alone(before->keys, old, old_count, i)
                    && is_alone(keys, new, new_count, j);
        if (same) {
            out->places[old[i]] = new[j];
            out->fresh[new[j]] = false;
            out->fresh_count--;
        }
        i += then <= now;
        j += now <= then;
    }
    arena_free(&scratch);
}

/* A program that compares otherwise than the one that left the state would mix two ways of
 * comparing; pairs at regular steps tell. */
static bool agrees(const struct link_engine *engine, const struct increment *increment)
{
    const struct link_state *before = increment->previous;
    size_t step = before->pair_count / SAMPLE_PAIRS + 1;
    for (size_t p = 0; p < before->pair_count; p += step) {
        const struct state_pair *pair = &before->pairs[p];
        uint32_t a = increment->places[pair->a], b = increment->places[pair->b];
        if (a == UINT32_MAX || b == UINT32_MAX) continue;
        if (pair_pattern(engine, NULL, a, b) != before->patterns[pair->pattern]) return false;
    }
    return true;
}

/* One rule's scope being made. */
struct scoping {
    const struct link_engine *engine;
    const struct increment *increment;
    size_t rule;
    const struct spec_rule *spec;
    struct rule_scope *scope;
    struct arena work, scratch;
    bool over; /* blocks over the cap are among those looked for */
    /* By part: by value, whether a fresh record has it, or (several keys) shares one of its keys: 0
     * not known yet, else SHARED or APART. */
    uint8_t *values[SPEC_RULE_PARTS_MAX];
    struct u64_map part_keys[SPEC_RULE_PARTS_MAX];
};

enum { SHARED = 1, APART = 2 };

static void look_for(struct scoping *scoping, uint64_t key, uint32_t why)
{
    uint32_t known = u64_map_find(&scoping->scope->keys, key);
    u64_map_put(&scoping->scope->keys, key, known == DICT_NONE ? why : known | why);
}

static void note_fresh_values(struct scoping *scoping, uint32_t record)
{
    uint64_t keys[COLUMN_KEYS_MAX];
    for (size_t i = 0; i < scoping->spec->part_count; i++) {
        const struct coded_column *column = &scoping->engine->columns[scoping->spec->parts[i]];
        uint32_t value = column_value(column, record);
        if (scoping->values[i][value] == SHARED) continue;
        scoping->values[i][value] = SHARED;
        if (column->key_steps == NULL) continue;
        size_t count = column_keys(column, value, &scoping->work, keys);
        for (size_t k = 0; k < count; k++) u64_map_put(&scoping->part_keys[i], keys[k], 1);
    }
}

static bool has_parts(const struct scoping *scoping, uint32_t record)
{
    for (size_t i = 0; i < scoping->spec->part_count; i++) {
        const struct coded_column *column = &scoping->engine->columns[scoping->spec->parts[i]];
        if (column_value(column, record) == 0) return false;
    }
    return true;
}

static void add_fresh(struct scoping *scoping, uint32_t record)
{
    uint64_t keys[COLUMN_KEYS_MAX];
    size_t count = 1;
    if (!has_parts(scoping, record)) return;
    note_fresh_values(scoping, record);
    if (scoping->spec->many)
        count = block_keys(scoping->engine, scoping->rule, record, &scoping->work, keys);
    else if (!block_key(scoping->engine, scoping->rule, record, &keys[0]))
        return;
    for (size_t k = 0; k < count; k++) look_for(scoping, keys[k], SCOPE_FRESH);
}

static void open_values(struct scoping *scoping)
{
    for (size_t i = 0; i < scoping->spec->part_count; i++) {
        const struct coded_column *column = &scoping->engine->columns[scoping->spec->parts[i]];
        scoping->values[i] = arena_array(&scoping->scratch, uint8_t, column->value_count);
        u64_map_init(&scoping->part_keys[i], &scoping->scratch);
    }
}

/* Whether a value has something in common with those of fresh records; found once for a value. */
static bool is_shared(struct scoping *scoping, size_t part, uint32_t value)
{
    uint8_t *known = &scoping->values[part][value];
    const struct coded_column *column = &scoping->engine->columns[scoping->spec->parts[part]];
    if (*known == 0) {
        uint64_t keys[COLUMN_KEYS_MAX];
        size_t count = 0;
        *known = APART;
        if (column->key_steps != NULL) count = column_keys(column, value, &scoping->work, keys);
        for (size_t k = 0; k < count && *known == APART; k++) {
            if (u64_map_find(&scoping->part_keys[part], keys[k]) != DICT_NONE) *known = SHARED;
        }
    }
    return *known == SHARED;
}

/* A quick look that passes nearly only what is wanted; blocks over the cap can be of any values. */
static bool may_be_wanted(struct scoping *scoping, uint32_t record)
{
    bool several = false;
    if (!has_parts(scoping, record)) return false;
    if (scoping->over) return true;
    /* Parts of several keys cost more to look at. */
    for (int round = 0; round < 2; round++, several = true) {
        for (size_t i = 0; i < scoping->spec->part_count; i++) {
            const struct coded_column *column = &scoping->engine->columns[scoping->spec->parts[i]];
            if ((column->key_steps != NULL) != several) continue;
            if (!is_shared(scoping, i, column_value(column, record))) return false;
        }
    }
    return true;
}

static bool is_wanted(struct scoping *scoping, uint32_t record)
{
    uint64_t keys[COLUMN_KEYS_MAX], tuple;
    if (!block_key(scoping->engine, scoping->rule, record, &tuple)) return false;
    if (u64_map_find(&scoping->scope->keys, tuple) != DICT_NONE) return true;
    if (!scoping->spec->many) return false;
    size_t count = block_keys(scoping->engine, scoping->rule, record, &scoping->work, keys);
    for (size_t k = 0; k < count; k++) {
        if (u64_map_find(&scoping->scope->keys, keys[k]) != DICT_NONE) return true;
    }
    return false;
}

struct scope_task {
    const struct link_engine *engine;
    struct increment *increment;
    struct arena *keep; /* by rule */
};

static void open_scope(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct scope_task *task = context;
    const struct increment *increment = task->increment;
    const struct state_over *over = &increment->previous->over[number];
    struct rule_scope *scope = &task->increment->scopes[number];
    struct scoping scoping = {.engine = task->engine,
                              .increment = increment,
                              .rule = number,
                              .spec = &task->engine->spec->rules[number],
                              .scope = scope,
                              .over = over->count > 0};
    LIST(uint32_t) records = {0};
    u64_map_init(&scope->keys, &task->keep[number]);
    open_values(&scoping);
    for (size_t i = 0; i < over->count; i++) look_for(&scoping, over->keys[i], SCOPE_OVER);
    for (uint32_t r = 0; r < task->engine->record_count; r++) {
        if (increment->fresh[r]) add_fresh(&scoping, r);
    }
    for (uint32_t r = 0; r < task->engine->record_count; r++) {
        if (!may_be_wanted(&scoping, r) || !is_wanted(&scoping, r)) continue;
        *list_push(&task->keep[number], &records) = r;
    }
    scope->records = records.items;
    scope->record_count = (uint32_t)records.count;
    arena_free(&scoping.work);
    arena_free(&scoping.scratch);
}

static void open_scopes(struct link_engine *engine, struct increment *increment, size_t threads)
{
    struct arena scratch = {0};
    size_t count = engine->spec->rule_count;
    struct scope_task task = {.engine = engine, .increment = increment};
    task.keep = arena_array(&scratch, struct arena, count);
    increment->scopes = arena_array(engine->arena, struct rule_scope, count);
    thread_run(threads, count, open_scope, &task);
    for (size_t q = 0; q < count; q++) {
        arena_join(engine->arena, &task.keep[q]);
        increment->scopes[q].keys.arena = engine->arena;
    }
    arena_free(&scratch);
}

bool increment_open(struct link_engine *engine, const struct link_state *previous,
                    const struct link_model *model, const uint64_t *contents, size_t threads)
{
    if (engine->input->keys == NULL || previous->rule_count != engine->spec->rule_count
        || previous->basis != state_basis(engine, model)) {
        return false;
    }
    struct increment *out = arena_new(engine->arena, struct increment);
    *out = (struct increment){.previous = previous, .fresh_count = engine->record_count};
    out->places = arena_array(engine->arena, uint32_t, previous->record_count);
    out->fresh = arena_array(engine->arena, bool, engine->record_count);
    memset(out->places, 0xFF, previous->record_count * sizeof *out->places);
    for (uint32_t r = 0; r < engine->record_count; r++) out->fresh[r] = true;
    find_places(engine, contents, out);
    /* With so much that is new, comparing everything is no dearer. */
    if (out->fresh_count > engine->record_count / FRESH_MAX_SHARE) return false;
    if (!agrees(engine, out)) return false;
    blocks_close(engine);
    open_scopes(engine, out, threads);
    engine->increment = out;
    return true;
}

static void place_group(struct link_engine *engine, size_t number, struct arena *keep,
                        const uint32_t *records, uint32_t size, uint32_t *at)
{
    struct block_rule *rule = &engine->rules[number];
    const struct spec_rule *spec = &engine->spec->rules[number];
    bool whole = false;
    if (!spec->many) {
        struct arena scratch = {0};
        uint64_t key, pairs = allowed_pairs(engine, &scratch, records, size);
        bool skipped = size > spec->block_max;
        arena_free(&scratch);
        count_block(&rule->count, pairs, size, skipped);
        bool known = block_key(engine, number, records[0], &key);
        CHECK(known);
        whole = note_block(engine, number, keep, key, skipped, records, size);
        if (pairs == 0 || skipped) return;
    }
    memcpy(rule->members + *at, records, size * sizeof *records);
    *at += size;
    rule->group_starts[++rule->group_count] = *at;
    if (spec->many) return;
    if (whole) rule->whole[rule->group_count] = true;
    for (uint32_t i = 0; i < size; i++) {
        engine->rule_keys[records[i] * engine->spec->rule_count + number] = rule->group_count;
    }
}

/* There are few records, so they are simply sorted. */
void group_scope(struct link_engine *engine, size_t number, struct arena *keep)
{
    struct arena scratch = {0};
    struct block_rule *rule = &engine->rules[number];
    const struct rule_scope *scope = &engine->increment->scopes[number];
    uint32_t count = scope->record_count, least = rule->many ? 1 : 2, at = 0;
    uint64_t *keys = arena_array(&scratch, uint64_t, count);
    uint32_t *records = arena_copy(&scratch, scope->records, count * sizeof *records);
    for (uint32_t i = 0; i < count; i++) {
        bool known = block_key(engine, number, records[i], &keys[i]);
        CHECK(known);
    }
    if (count > 0) sort_keys(&scratch, keys, records, count);
    rule->members = arena_array(keep, uint32_t, count);
    rule->group_starts = arena_array(keep, uint32_t, (size_t)count + 1);
    rule->whole = arena_array(keep, bool, (size_t)count + 1);
    for (uint32_t from = 0, end; from < count; from = end) {
        for (end = from + 1; end < count && keys[end] == keys[from];) end++;
        if (end - from < least) continue;
        place_group(engine, number, keep, records + from, end - from, &at);
    }
    arena_free(&scratch);
}

void increment_settle(struct link_engine *engine)
{
    struct increment *increment = engine->increment;
    for (size_t q = 0; q < engine->spec->rule_count; q++) {
        const struct block_rule *rule = &engine->rules[q];
        if (rule->shut.count > 0 && increment->shut == NULL) {
            increment->shut = arena_array(engine->arena, bool, engine->record_count);
        }
        for (size_t i = 0; i < rule->shut.count; i++) increment->shut[rule->shut.items[i]] = true;
    }
    if (increment->shut == NULL) return;
    increment->over = arena_array(engine->arena, struct u64_map, engine->spec->rule_count);
    for (size_t q = 0; q < engine->spec->rule_count; q++) {
        const struct block_rule *rule = &engine->rules[q];
        u64_map_init(&increment->over[q], engine->arena);
        for (size_t i = 0; i < rule->over.count; i++) {
            u64_map_put(&increment->over[q], rule->over.items[i], 1);
        }
    }
}

/* Whether an open block of a rule holds both. */
static bool covers(const struct link_engine *engine, size_t q, uint32_t a, uint32_t b,
                   struct arena *work)
{
    const struct u64_map *over = &engine->increment->over[q];
    uint64_t one, two, keys[2][COLUMN_KEYS_MAX];
    if (!block_key(engine, q, a, &one) || !block_key(engine, q, b, &two)) return false;
    if (!engine->spec->rules[q].many) {
        return one == two && u64_map_find(over, one) == DICT_NONE;
    }
    size_t count = block_keys(engine, q, a, work, keys[0]);
    if (one == two) return count > 0 && u64_map_find(over, one) == DICT_NONE;
    size_t other = block_keys(engine, q, b, work, keys[1]);
    for (size_t i = 0; i < count; i++) {
        if (u64_map_find(over, keys[0][i]) != DICT_NONE) continue;
        for (size_t j = 0; j < other; j++) {
            if (keys[0][i] == keys[1][j]) return true;
        }
    }
    return false;
}

bool increment_covers(const struct link_engine *engine, uint32_t a, uint32_t b)
{
    const struct increment *increment = engine->increment;
    if (increment->shut == NULL || !increment->shut[a] || !increment->shut[b]) return true;
    struct arena work = {0};
    bool covered = false;
    for (size_t q = 0; q < engine->spec->rule_count && !covered; q++) {
        covered = covers(engine, q, a, b, &work);
    }
    arena_free(&work);
    return covered;
}
