#include "link/coded.h"
#include "link/engine_internal.h"

#include "base/thread.h"

/* What a run leaves for the next. The weight of a pair is not kept: it follows from the pattern,
 * the model and the two records. A state of another spec or model is passed over by its `basis`;
 * that of a program that compares otherwise by VERSION, which is to grow with every change of a
 * comparator or a function, and, should that be forgotten, by a sample of pairs (scope.c). */

enum { VERSION = 1, SUM_BYTES = 8, RECORDS_A_TASK = 1 << 14 };

struct content_task {
    const struct link_engine *engine;
    const struct link_column **columns; /* by input of the spec */
    uint64_t **hashes;                  /* by input of the spec, then text */
    const uint64_t *sources;
    uint64_t *out;
};

static void hash_column(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct content_task *task = context;
    const struct link_column *column = task->columns[number];
    for (uint32_t t = 0; t < column->text_count; t++) {
        task->hashes[number][t] = u64_mix(str_hash(column->texts[t]) + number);
    }
}

static void hash_records(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct content_task *task = context;
    const struct link_engine *engine = task->engine;
    size_t from = number * RECORDS_A_TASK, end = from + RECORDS_A_TASK;
    if (end > engine->record_count) end = engine->record_count;
    for (size_t r = from; r < end; r++) {
        uint64_t hash =
            task->sources[engine->input->sources == NULL ? 0 : engine->input->sources[r]];
        for (size_t i = 0; i < engine->spec->input_count; i++) {
            hash += task->hashes[i][task->columns[i]->values[r]];
        }
        task->out[r] = u64_mix(hash);
    }
}

static const struct link_column *column_named(const struct link_input *input, struct str name)
{
    for (size_t i = 0; i < input->column_count; i++) {
        if (str_equal(input->columns[i].name, name)) return &input->columns[i];
    }
    CHECK(false);
    return NULL;
}

uint64_t *record_contents(struct link_engine *engine, struct arena *arena, size_t threads)
{
    const struct link_input *input = engine->input;
    struct arena scratch = {0};
    size_t columns = engine->spec->input_count;
    uint64_t *sources = arena_array(&scratch, uint64_t, input->source_count);
    struct content_task task = {.engine = engine, .sources = sources};
    task.columns = arena_array(&scratch, const struct link_column *, columns);
    task.hashes = arena_array(&scratch, uint64_t *, columns);
    task.out = arena_array(arena, uint64_t, engine->record_count);
    for (size_t s = 0; s < input->source_count; s++) {
        sources[s] = u64_mix(str_hash(input->source_list[s].name) + columns);
    }
    for (size_t i = 0; i < columns; i++) {
        task.columns[i] = column_named(input, engine->spec->inputs[i]);
        task.hashes[i] = arena_array(&scratch, uint64_t, task.columns[i]->text_count);
    }
    thread_run(threads, columns, hash_column, &task);
    size_t tasks = (engine->record_count + RECORDS_A_TASK - 1) / RECORDS_A_TASK;
    thread_run(threads, tasks, hash_records, &task);
    arena_free(&scratch);
    return task.out;
}

uint64_t state_basis(const struct link_engine *engine, const struct link_model *model)
{
    struct arena scratch = {0};
    uint64_t basis = u64_mix(engine->spec->text_hash + engine->spec->between);
    basis = u64_mix(basis ^ str_hash(link_model_write(&scratch, model)));
    if (model->frequencies != NULL) {
        basis = u64_mix(basis ^ str_hash(link_frequencies_write(&scratch, model->frequencies)));
    }
    arena_free(&scratch);
    return basis;
}

static void keep_over(struct link_engine *engine, struct link_state *state)
{
    struct arena scratch = {0};
    struct state_over *over = arena_array(engine->arena, struct state_over, state->rule_count);
    for (size_t q = 0; q < state->rule_count; q++) {
        uint64_t *keys = engine->rules[q].over.items;
        over[q].count = engine->rules[q].over.count;
        over[q].keys = keys;
        uint32_t *unused = arena_array(&scratch, uint32_t, over[q].count);
        if (over[q].count > 1) sort_keys(&scratch, keys, unused, over[q].count);
    }
    arena_free(&scratch);
    state->over = over;
}

struct link_state *state_make(struct link_engine *engine, const uint64_t *contents,
                              const struct link_result *result)
{
    struct link_state *state = arena_new(engine->arena, struct link_state);
    struct state_pair *pairs = arena_array(engine->arena, struct state_pair, result->pair_count);
    for (size_t p = 0; p < result->pair_count; p++) {
        const struct link_pair *pair = &result->pairs[p];
        pairs[p] = (struct state_pair){pair->a, pair->b, pair->pattern};
    }
    *state = (struct link_state){.basis = state_basis(engine, result->model),
                                 .record_count = engine->record_count,
                                 .keys = engine->input->keys,
                                 .contents = contents,
                                 .patterns = result->patterns,
                                 .pattern_count = result->pattern_count,
                                 .pairs = pairs,
                                 .pair_count = result->pair_count,
                                 .rule_count = engine->spec->rule_count};
    keep_over(engine, state);
    return state;
}

static void write_pairs(struct text *out, const struct link_state *state)
{
    uint32_t a = 0, b = 0;
    coded_put(out, state->pair_count);
    for (size_t p = 0; p < state->pair_count; p++) {
        const struct state_pair *pair = &state->pairs[p];
        if (pair->a != a) b = pair->a;
        coded_put(out, pair->a - a);
        coded_put(out, pair->b - b);
        coded_put(out, pair->pattern);
        a = pair->a;
        b = pair->b;
    }
}

struct str link_state_write(struct arena *arena, const struct link_state *state)
{
    struct text out;
    uint64_t before = 0;
    text_init(&out, arena, SIZE_MAX / 2);
    coded_put(&out, VERSION);
    coded_put_whole(&out, state->basis);
    coded_put(&out, state->record_count);
    for (size_t r = 0; r < state->record_count; r++) {
        coded_put_signed(&out, (int64_t)(state->keys[r] - before));
        coded_put_whole(&out, state->contents[r]);
        before = state->keys[r];
    }
    coded_put(&out, state->pattern_count);
    for (size_t i = 0; i < state->pattern_count; i++) coded_put_whole(&out, state->patterns[i]);
    write_pairs(&out, state);
    coded_put(&out, state->rule_count);
    for (size_t q = 0; q < state->rule_count; q++) {
        coded_put(&out, state->over[q].count);
        for (size_t i = 0; i < state->over[q].count; i++) {
            coded_put_whole(&out, state->over[q].keys[i]);
        }
    }
    coded_put_whole(&out, str_hash(text_str(&out)));
    return text_str(&out);
}

static void read_records(struct arena *arena, struct coded *in, struct link_state *out)
{
    uint64_t before = 0;
    out->record_count = coded_get_count(in, 9);
    uint64_t *keys = arena_array(arena, uint64_t, out->record_count);
    uint64_t *contents = arena_array(arena, uint64_t, out->record_count);
    for (size_t r = 0; r < out->record_count && !in->bad; r++) {
        before += (uint64_t)coded_get_signed(in);
        keys[r] = before;
        contents[r] = coded_get_whole(in);
    }
    out->keys = keys;
    out->contents = contents;
    in->bad = in->bad || out->record_count >= 1u << 31;
}

static const uint64_t *read_wholes(struct arena *arena, struct coded *in, size_t *count)
{
    *count = coded_get_count(in, 8);
    uint64_t *out = arena_array(arena, uint64_t, *count);
    for (size_t i = 0; i < *count; i++) out[i] = coded_get_whole(in);
    return out;
}

static void read_pairs(struct arena *arena, struct coded *in, struct link_state *out)
{
    uint64_t a = 0, b = 0;
    out->pair_count = coded_get_count(in, 3);
    struct state_pair *pairs = arena_array(arena, struct state_pair, out->pair_count);
    for (size_t p = 0; p < out->pair_count && !in->bad; p++) {
        uint64_t step = coded_get(in), further = coded_get(in), pattern = coded_get(in);
        in->bad = in->bad || step >= out->record_count || further >= out->record_count
                  || further == 0 || pattern >= out->pattern_count;
        a += step;
        b = (step > 0 || p == 0 ? a : b) + further;
        in->bad = in->bad || b >= out->record_count;
        pairs[p] = (struct state_pair){(uint32_t)a, (uint32_t)b, (uint32_t)pattern};
    }
    out->pairs = pairs;
}

static void read_over(struct arena *arena, struct coded *in, struct link_state *out)
{
    out->rule_count = coded_get_count(in, 1);
    in->bad = in->bad || out->rule_count > LINK_RULES_MAX;
    if (in->bad) return;
    struct state_over *over = arena_array(arena, struct state_over, out->rule_count);
    for (size_t q = 0; q < out->rule_count; q++) {
        over[q].keys = read_wholes(arena, in, &over[q].count);
    }
    out->over = over;
}

bool link_state_read(struct arena *arena, struct str bytes, struct link_state **out,
                     struct err *err)
{
    size_t length = bytes.len < SUM_BYTES ? 0 : bytes.len - SUM_BYTES;
    struct coded in = coded_of(str_slice(bytes, 0, length));
    struct coded sum = coded_of(str_slice(bytes, length, bytes.len));
    struct link_state *fresh = arena_new(arena, struct link_state);
    bool good =
        coded_get_whole(&sum) == str_hash(str_slice(bytes, 0, length)) && coded_get(&in) == VERSION;
    if (good) {
        fresh->basis = coded_get_whole(&in);
        read_records(arena, &in, fresh);
        fresh->patterns = read_wholes(arena, &in, &fresh->pattern_count);
        read_pairs(arena, &in, fresh);
        read_over(arena, &in, fresh);
    }
    if (!good || in.bad || in.at != in.end) {
        return err_set(err, ERR_INPUT,
                       "the state of the run before is damaged or of another version of baoxue",
                       "上次运行的状态已损坏，或出自 baoxue 的其他版本");
    }
    *out = fresh;
    return true;
}
