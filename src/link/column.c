#include "link/engine_internal.h"
#include "link/functions.h"

#include "base/dict.h"
#include "base/list.h"
#include "base/thread.h"

#include <stdlib.h>

/* Derives the spec's columns. A function is applied to each distinct text once, never to each
 * record; a derived column is a map from the numbers of the texts it came from. */

/* Numbers for texts, 0 for the empty one. Texts live in `arena` when `copy` is set. */
struct coder {
    struct arena *arena;   /* of texts */
    struct arena *scratch; /* of the table */
    bool copy;
    LIST(struct str) texts;
    uint64_t *slots; /* the upper half of the hash, then the number; 0 is free */
    uint32_t slot_count;
};

static void coder_init(struct coder *coder, struct arena *arena, struct arena *scratch, bool copy,
                       uint32_t expected)
{
    *coder = (struct coder){.arena = arena, .scratch = scratch, .copy = copy};
    coder->slot_count = 64;
    while (coder->slot_count / 2 < expected) coder->slot_count *= 2;
    coder->slots = arena_array(scratch, uint64_t, coder->slot_count);
    *list_push(scratch, &coder->texts) = STR_EMPTY;
}

static void coder_grow(struct coder *coder)
{
    coder->slot_count *= 2;
    coder->slots = arena_array(coder->scratch, uint64_t, coder->slot_count);
    for (uint32_t i = 1; i < coder->texts.count; i++) {
        uint64_t hash = str_hash(coder->texts.items[i]);
        uint32_t at = (uint32_t)hash & (coder->slot_count - 1);
        while (coder->slots[at] != 0) at = (at + 1) & (coder->slot_count - 1);
        coder->slots[at] = (hash >> 32 << 32) | i;
    }
}

static uint32_t coder_put(struct coder *coder, struct str text)
{
    if (text.len == 0) return 0;
    if (coder->texts.count >= coder->slot_count / 2) coder_grow(coder);
    uint64_t hash = str_hash(text);
    uint32_t at = (uint32_t)hash & (coder->slot_count - 1);
    for (; coder->slots[at] != 0; at = (at + 1) & (coder->slot_count - 1)) {
        if (coder->slots[at] >> 32 != hash >> 32) continue;
        uint32_t number = (uint32_t)coder->slots[at];
        if (str_equal(coder->texts.items[number], text)) return number;
    }
    uint32_t number = (uint32_t)coder->texts.count;
    *list_push(coder->scratch, &coder->texts) = coder->copy ? str_copy(coder->arena, text) : text;
    coder->slots[at] = (hash >> 32 << 32) | number;
    return number;
}

/* A column while it is being built; everything here is scratch but by_record. */
struct building {
    const struct str *texts;
    uint32_t value_count;
    uint32_t *map;       /* from text numbers of the input */
    uint32_t *by_record; /* set instead of map */
    bool as_read;        /* the input's own numbers and texts; no map is made */
};

struct column_task {
    struct link_engine *engine;
    const uint32_t *wave; /* columns to build now */
    struct arena *keep;   /* by column: arena of its own, joined with the engine's later */
    const bool *texts_wanted, *hashes_wanted;
};

/* Applies the steps to a text; gives the items. */
static void run_steps(struct arena *scratch, const struct spec_step *steps, size_t count,
                      struct str text, struct function_items *items)
{
    items->items[0] = str_trim(text);
    items->count = items->items[0].len > 0;
    for (size_t i = 0; i < count && items->count > 0; i++) {
        function_apply(scratch, &steps[i], items);
    }
}

/* Sends all values through steps. */
static void map_values(struct arena *scratch, struct arena *keep, struct building *building,
                       const struct spec_step *steps, size_t count, uint32_t *fresh)
{
    struct arena work = {0};
    struct coder coder;
    struct function_items items;
    /* Texts that no function made stay where they are. */
    coder_init(&coder, keep, scratch, count > 0, building->value_count);
    for (uint32_t v = 0; v < building->value_count; v++) {
        run_steps(&work, steps, count, building->texts[v], &items);
        fresh[v] = items.count == 0 ? 0 : coder_put(&coder, items.items[0]);
        if (work.bytes > 0) arena_reset(&work);
    }
    arena_free(&work);
    building->texts = coder.texts.items;
    building->value_count = (uint32_t)coder.texts.count;
}

/* Applies a run of functions of one value. */
static void apply_plain(const struct link_engine *engine, struct arena *scratch, struct arena *keep,
                        struct building *building, const struct spec_step *steps, size_t count,
                        uint32_t text_count)
{
    uint32_t *fresh = arena_array(scratch, uint32_t, building->value_count);
    map_values(scratch, keep, building, steps, count, fresh);
    if (building->by_record != NULL) {
        for (uint32_t r = 0; r < engine->record_count; r++) {
            building->by_record[r] = fresh[building->by_record[r]];
        }
        return;
    }
    for (uint32_t t = 0; t < text_count; t++) building->map[t] = fresh[building->map[t]];
}

/* `or` takes the other column's value where this one is missing; `join` puts both behind one
 * another and is missing when either is. */
static void apply_record_step(const struct link_engine *engine, struct arena *scratch,
                              struct arena *keep, struct building *building,
                              const struct spec_step *step, const uint32_t *source)
{
    const struct coded_column *other = &engine->columns[step->column];
    bool join = step->function == FUNCTION_JOIN;
    struct coder coder;
    struct arena work = {0};
    struct u64_map known;
    u64_map_init(&known, scratch);
    coder_init(&coder, keep, scratch, true, 1024);
    uint32_t *out = arena_array(keep, uint32_t, engine->record_count);
    for (uint32_t r = 0; r < engine->record_count; r++) {
        uint32_t here =
            building->by_record != NULL ? building->by_record[r] : building->map[source[r]];
        uint32_t there = column_value(other, r);
        if (join && (here == 0 || there == 0)) continue;
        if (!join && here != 0) there = 0;
        uint64_t key = (uint64_t)here << 32 | there;
        uint32_t number = u64_map_find(&known, key);
        if (number == DICT_NONE) {
            struct text text;
            text_init(&text, &work, SIZE_MAX / 2);
            text_add(&text, building->texts[here]);
            if (join) text_add_byte(&text, ' ');
            text_add(&text, other->texts[there]);
            number = coder_put(&coder, text_str(&text));
            u64_map_put(&known, key, number);
            arena_reset(&work);
        }
        out[r] = number;
    }
    arena_free(&work);
    building->by_record = out;
    building->texts = coder.texts.items;
    building->value_count = (uint32_t)coder.texts.count;
}

/* Texts that stand as they are: each gets the next number, so nothing is looked up. False when one
 * has blanks around. */
static bool number_texts(const struct link_column *input, bool as_read, struct arena *scratch,
                         struct arena *keep, struct building *building)
{
    bool first_empty = input->text_count > 0 && input->texts[0].len == 0;
    for (uint32_t t = 0; t < input->text_count; t++) {
        struct str text = input->texts[t];
        if (str_trim(text).len != text.len) return false;
        as_read = as_read && (text.len == 0) == (t == 0);
    }
    building->as_read = as_read && first_empty;
    if (building->as_read) return true;
    building->map = arena_array(keep, uint32_t, input->text_count);
    struct str *texts = arena_array(scratch, struct str, (size_t)input->text_count + 1);
    uint32_t count = 1;
    for (uint32_t t = 0; t < input->text_count; t++) {
        building->map[t] = input->texts[t].len == 0 ? 0 : count;
        if (input->texts[t].len > 0) texts[count++] = input->texts[t];
    }
    building->texts = texts;
    building->value_count = count;
    return true;
}

/* The column that building starts from: an input column, or an earlier coded one. */
static void start_building(const struct link_engine *engine, const struct spec_column *column,
                           const struct link_column *input, struct arena *scratch,
                           struct arena *keep, struct building *building)
{
    if (column->base == SPEC_NONE) {
        building->texts = input->texts;
        building->value_count = input->text_count;
        /* Only where nothing is done to the values can they stay where the input has them. */
        if (number_texts(input, column->step_count == 0, scratch, keep, building)) return;
        building->map = arena_array(keep, uint32_t, input->text_count);
        for (uint32_t t = 0; t < input->text_count; t++) building->map[t] = t;
        apply_plain(engine, scratch, keep, building, NULL, 0, input->text_count);
        return;
    }
    const struct coded_column *base = &engine->columns[column->base];
    building->texts = base->texts;
    building->value_count = base->value_count;
    if (base->by_record == input->values) {
        building->map = arena_array(keep, uint32_t, input->text_count);
        for (uint32_t t = 0; t < input->text_count; t++) building->map[t] = t;
    } else if (base->by_record != NULL) {
        building->by_record =
            arena_copy(keep, base->by_record, engine->record_count * sizeof *base->by_record);
    } else {
        building->map = arena_copy(keep, base->map, input->text_count * sizeof *base->map);
    }
}

static const struct link_column *input_of(const struct link_engine *engine,
                                          const struct spec_column *column)
{
    struct str name = engine->spec->inputs[column->input];
    for (size_t i = 0; i < engine->input->column_count; i++) {
        if (str_equal(engine->input->columns[i].name, name)) return &engine->input->columns[i];
    }
    return NULL;
}

static bool is_record_step(const struct spec_step *step)
{
    return step->function == FUNCTION_OR || step->function == FUNCTION_JOIN;
}

static void finish_column(struct arena *keep, const struct building *building,
                          const struct link_column *input, bool texts_wanted, bool hashes_wanted,
                          struct coded_column *out)
{
    *out = (struct coded_column){.value_count = building->value_count,
                                 .by_record = building->by_record,
                                 .map = building->by_record == NULL ? building->map : NULL,
                                 .source = input->values};
    if (building->as_read) out->by_record = input->values;
    if (hashes_wanted) {
        uint64_t *hashes = arena_array(keep, uint64_t, building->value_count);
        for (uint32_t v = 0; v < building->value_count; v++) {
            hashes[v] = str_hash(building->texts[v]);
        }
        out->hashes = hashes;
    }
    if (building->as_read) out->texts = building->texts;
    if (!texts_wanted || building->as_read) return;
    out->texts = arena_copy(keep, building->texts, building->value_count * sizeof *building->texts);
}

/* Where the functions of several keys begin. */
static size_t single_steps(const struct spec_column *column)
{
    size_t count = 0;
    while (count < column->step_count && !function_is_many(column->steps[count].function)) count++;
    return count;
}

static void build_column(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct column_task *task = context;
    uint32_t index = task->wave[number];
    struct link_engine *engine = task->engine;
    const struct spec_column *column = &engine->spec->columns[index];
    const struct link_column *input = input_of(engine, column);
    struct arena scratch = {0}, dropped = {0};
    struct arena *keep = &task->keep[index];
    /* Texts that nobody asks for go with the scratch memory. */
    struct arena *texts = task->texts_wanted[index] ? keep : &dropped;
    struct building building = {0};
    start_building(engine, column, input, &scratch, keep, &building);
    size_t count = single_steps(column);
    for (size_t i = 0; i < count;) {
        if (is_record_step(&column->steps[i])) {
            apply_record_step(engine, &scratch, keep, &building, &column->steps[i++],
                              input->values);
            continue;
        }
        size_t end = i;
        while (end < count && !is_record_step(&column->steps[end])) end++;
        apply_plain(engine, &scratch, texts, &building, &column->steps[i], end - i,
                    input->text_count);
        i = end;
    }
    finish_column(keep, &building, input, task->texts_wanted[index], task->hashes_wanted[index],
                  &engine->columns[index]);
    if (column->many) {
        engine->columns[index].key_steps = column->steps + count;
        engine->columns[index].key_step_count = column->step_count - count;
    }
    arena_free(&scratch);
    arena_free(&dropped);
}

/* Texts are kept of columns that are compared, that others start from, that keys are made of, or
 * whose common values weigh less. */
static bool *find_texts_wanted(struct arena *scratch, const struct link_spec *spec)
{
    bool *wanted = arena_array(scratch, bool, spec->column_count);
    for (size_t i = 0; i < spec->column_count; i++) {
        const struct spec_column *column = &spec->columns[i];
        if (column->base != SPEC_NONE) wanted[column->base] = true;
        if (column->many) wanted[i] = true;
        for (size_t j = 0; j < column->step_count; j++) {
            if (is_record_step(&column->steps[j])) wanted[column->steps[j].column] = true;
        }
    }
    for (size_t c = 0; c < spec->comparison_count; c++) {
        for (size_t f = 0; f < spec->comparisons[c].field_count; f++) {
            wanted[spec->comparisons[c].fields[f]] = true;
        }
        for (size_t k = 0; k < spec->comparisons[c].level_count; k++) {
            for (size_t i = 0; i < 2; i++) {
                uint32_t column = spec->comparisons[c].levels[k].frequency[i];
                if (column != SPEC_NONE) wanted[column] = true;
            }
        }
    }
    return wanted;
}

/* A later run knows blocks by the hashes of their texts. */
static bool *find_hashes_wanted(struct arena *scratch, const struct link_spec *spec, bool keys)
{
    bool *wanted = arena_array(scratch, bool, spec->column_count);
    for (size_t q = 0; q < spec->rule_count && keys; q++) {
        for (size_t i = 0; i < spec->rules[q].part_count; i++) {
            wanted[spec->rules[q].parts[i]] = true;
        }
    }
    return wanted;
}

/* How many columns stand before this one in the chain it starts from. */
static uint32_t depth_of(const struct link_spec *spec, const uint32_t *depths, uint32_t index)
{
    const struct spec_column *column = &spec->columns[index];
    uint32_t depth = column->base == SPEC_NONE ? 0 : depths[column->base] + 1;
    for (size_t j = 0; j < column->step_count; j++) {
        if (!is_record_step(&column->steps[j])) continue;
        uint32_t other = depths[column->steps[j].column] + 1;
        if (other > depth) depth = other;
    }
    return depth;
}

bool columns_open(struct link_engine *engine, struct err *err)
{
    const struct link_spec *spec = engine->spec;
    for (size_t i = 0; i < spec->input_count; i++) {
        struct spec_column column = {.input = (uint32_t)i};
        if (input_of(engine, &column) != NULL) continue;
        return err_set(err, ERR_INPUT,
                       "%s names the column \"%.*s\", which the input does not have",
                       "%s 用到列“%.*s”，而输入中没有这一列", spec->name, STR_ARG(spec->inputs[i]));
    }
    uint32_t count = (uint32_t)spec->column_count;
    engine->columns = arena_array(engine->arena, struct coded_column, count);
    struct arena scratch = {0};
    struct column_task task = {.engine = engine};
    uint32_t *depths = arena_array(&scratch, uint32_t, count), deepest = 0;
    uint32_t *wave = arena_array(&scratch, uint32_t, count);
    task.keep = arena_array(&scratch, struct arena, count);
    task.texts_wanted = find_texts_wanted(&scratch, spec);
    task.hashes_wanted = find_hashes_wanted(&scratch, spec, engine->input->keys != NULL);
    task.wave = wave;
    for (uint32_t i = 0; i < count; i++) {
        depths[i] = depth_of(spec, depths, i);
        if (depths[i] > deepest) deepest = depths[i];
    }
    for (uint32_t depth = 0; depth <= deepest; depth++) {
        size_t size = 0;
        for (uint32_t i = 0; i < count; i++) {
            if (depths[i] == depth) wave[size++] = i;
        }
        thread_run(0, size, build_column, &task);
    }
    for (uint32_t i = 0; i < count; i++) arena_join(engine->arena, &task.keep[i]);
    arena_free(&scratch);
    return true;
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

size_t column_keys(const struct coded_column *column, uint32_t value, struct arena *work,
                   uint64_t out[COLUMN_KEYS_MAX])
{
    CHECK(column->key_steps != NULL);
    CHECK((int)FUNCTION_ITEMS_MAX <= (int)COLUMN_KEYS_MAX);
    struct function_items items;
    run_steps(work, column->key_steps, column->key_step_count, column->texts[value], &items);
    for (size_t i = 0; i < items.count; i++) out[i] = str_hash(items.items[i]);
    if (work->bytes > 0) arena_reset(work);
    if (items.count > 1) qsort(out, items.count, sizeof *out, compare_u64);
    size_t kept = 0;
    for (size_t i = 0; i < items.count; i++) {
        if (kept == 0 || out[kept - 1] != out[i]) out[kept++] = out[i];
    }
    return kept;
}
