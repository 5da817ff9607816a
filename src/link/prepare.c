#include "link/engine_internal.h"

#include "base/dict.h"
#include "base/thread.h"

#include <math.h>
#include <string.h>

/* Values of compared columns are prepared once, so that comparing a pair of them touches no text.
 * Rows put the values of one record side by side: a pair costs two lines of memory. */

enum {
    RECORDS_A_TASK = 1 << 12,
    VALUES_A_TASK = 1 << 14,
    LOGS_KEPT = 256,
};

static bool wants(const struct spec_comparison *comparison, size_t field, enum measure measure)
{
    for (size_t i = 0; i < comparison->measure_count; i++) {
        if (comparison->measures[i].measure != measure) continue;
        bool crossed = measure == MEASURE_CROSS_JARO;
        if (comparison->measures[i].field == field || crossed) return true;
    }
    return false;
}

static void prepare_tokens(struct arena *arena, const struct coded_column *column, bool grams,
                           struct field *field)
{
    struct value_tokens *out = arena_array(arena, struct value_tokens, column->value_count);
    for (uint32_t v = 1; v < column->value_count; v++) {
        if (grams)
            value_grams_read(arena, column->texts[v], &out[v]);
        else
            value_tokens_read(arena, column->texts[v], &out[v]);
    }
    if (grams)
        field->grams = out;
    else
        field->tokens = out;
}

static void prepare_names(struct arena *arena, const struct coded_column *column,
                          struct field *field)
{
    struct arena work = {0};
    struct value_characters characters;
    value_characters_init(&characters, arena);
    struct value_name *out = arena_array(arena, struct value_name, column->value_count);
    for (uint32_t v = 1; v < column->value_count; v++) {
        value_name_read(&characters, &work, column->texts[v], &out[v]);
        if (work.bytes > 0) arena_reset(&work);
    }
    arena_free(&work);
    field->names = out;
}

static void prepare_ids(struct arena *arena, const struct coded_column *column, struct field *field)
{
    struct value_id *out = arena_array(arena, struct value_id, column->value_count);
    for (uint32_t v = 1; v < column->value_count; v++) value_id_read(column->texts[v], &out[v]);
    field->ids = out;
}

static void prepare_dates(struct arena *arena, const struct coded_column *column,
                          struct field *field)
{
    struct value_date *out = arena_array(arena, struct value_date, column->value_count);
    for (uint32_t v = 1; v < column->value_count; v++) value_date_read(column->texts[v], &out[v]);
    field->dates = out;
}

static void prepare_numbers(struct arena *arena, const struct coded_column *column,
                            struct field *field)
{
    struct value_number *out = arena_array(arena, struct value_number, column->value_count);
    for (uint32_t v = 1; v < column->value_count; v++) {
        value_number_read(column->texts[v], &out[v]);
    }
    field->numbers = out;
}

static bool wants_texts(const struct spec_comparison *comparison, size_t number)
{
    static const enum measure on_texts[] = {MEASURE_JARO,    MEASURE_LEVENSHTEIN,
                                            MEASURE_DAMERAU, MEASURE_PREFIX,
                                            MEASURE_TEXT,    MEASURE_CROSS_JARO};
    bool texts = false;
    for (size_t i = 0; i < sizeof on_texts / sizeof *on_texts; i++) {
        texts = texts || wants(comparison, number, on_texts[i]);
    }
    return texts;
}

/* All forms but texts. */
static void prepare_forms(struct arena *arena, const struct coded_column *column,
                          const struct spec_comparison *comparison, size_t number,
                          struct field *field)
{
    if (wants(comparison, number, MEASURE_TOKENS)) prepare_tokens(arena, column, false, field);
    if (wants(comparison, number, MEASURE_GRAMS)) prepare_tokens(arena, column, true, field);
    if (wants(comparison, number, MEASURE_NAME)) prepare_names(arena, column, field);
    if (wants(comparison, number, MEASURE_ID)) prepare_ids(arena, column, field);
    bool dates = wants(comparison, number, MEASURE_DATE) || wants(comparison, number, MEASURE_DAYS)
                 || wants(comparison, number, MEASURE_YEARS);
    if (dates) prepare_dates(arena, column, field);
    bool numbers =
        wants(comparison, number, MEASURE_NUMBER) || wants(comparison, number, MEASURE_RATIO);
    if (numbers) prepare_numbers(arena, column, field);
}

/* Some values of a field. */
struct value_range {
    uint32_t field, from, end;
};

struct prepare_task {
    struct link_engine *engine;
    struct arena *keep;         /* by field */
    struct packed_text **texts; /* by field; NULL where none are wanted */
    uint64_t **hashes;          /* by field: hash of each value's text; NULL: records have one */
    uint64_t *records;          /* hash of each record, from those */
    struct value_range *ranges; /* behind one task for each field */
    struct arena *range_keep;   /* by range */
};

/* The comparison that a field belongs to. */
static size_t comparison_of(const struct link_engine *engine, size_t field)
{
    size_t c = 0;
    while (c + 1 < engine->spec->comparison_count
           && engine->comparisons[c + 1].first_field <= field) {
        c++;
    }
    return c;
}

/* Texts and hashes of some values. */
static void prepare_range(const struct prepare_task *task, size_t number)
{
    const struct value_range *range = &task->ranges[number];
    struct field *field = &task->engine->fields[range->field];
    const struct str *texts = task->engine->columns[field->column].texts;
    struct packed_text *out = task->texts[range->field];
    struct packed_room room = {.arena = &task->range_keep[number]};
    for (uint32_t v = range->from; v < range->end; v++) {
        if (task->hashes != NULL) {
            task->hashes[range->field][v] = u64_mix(str_hash(texts[v]) + range->field);
        }
        if (out != NULL) packed_text_fill(texts[v], &room, &out[v]);
    }
}

static void prepare_one(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct prepare_task *task = context;
    struct link_engine *engine = task->engine;
    if (number >= engine->field_count) {
        prepare_range(task, number - engine->field_count);
        return;
    }
    size_t c = comparison_of(engine, number);
    struct field *field = &engine->fields[number];
    prepare_forms(&task->keep[number], &engine->columns[field->column],
                  &engine->spec->comparisons[c], number - engine->comparisons[c].first_field,
                  field);
}

/* Hashes of what records and their sources say, from those of their values. */
static void hash_records(const struct prepare_task *task, uint32_t from, uint32_t end)
{
    const struct link_engine *engine = task->engine;
    uint64_t *records = task->records;
    for (uint32_t r = from; r < end; r++) {
        records[r] = engine->input->sources == NULL ? 0 : engine->input->sources[r];
    }
    for (uint32_t f = 0; f < engine->field_count; f++) {
        const struct coded_column *column = &engine->columns[engine->fields[f].column];
        for (uint32_t r = from; r < end; r++) {
            records[r] += task->hashes[f][column_value(column, r)];
        }
    }
    for (uint32_t r = from; r < end; r++) records[r] = u64_mix(records[r]);
}

static void fill_rows(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct prepare_task *task = context;
    struct link_engine *engine = task->engine;
    uint32_t from = (uint32_t)(number * RECORDS_A_TASK);
    uint32_t end = from + RECORDS_A_TASK, width = engine->field_count;
    if (end > engine->record_count) end = engine->record_count;
    if (task->hashes != NULL) hash_records(task, from, end);
    /* Field by field, so that nothing waits for anything but memory. */
    for (uint32_t f = 0; f < width; f++) {
        const struct coded_column *column = &engine->columns[engine->fields[f].column];
        for (uint32_t r = from; r < end; r++) {
            engine->rows[(size_t)r * width + f] = column_value(column, r);
        }
    }
}

static void open_frequency(struct link_engine *engine, uint32_t column, uint32_t *out)
{
    for (uint32_t i = 0; i < engine->frequency_count; i++) {
        if (engine->frequencies[i].column == column) {
            *out = i;
            return;
        }
    }
    CHECK(engine->frequency_count < LINK_FREQUENCIES_MAX);
    uint32_t count = engine->columns[column].value_count;
    *out = engine->frequency_count++;
    engine->frequencies[*out] =
        (struct frequency){.column = column,
                           .field = SPEC_NONE,
                           .log_share = arena_array(engine->arena, int32_t, count),
                           .counts = arena_array(engine->arena, uint32_t, count)};
    for (uint32_t f = 0; f < engine->field_count; f++) {
        if (engine->fields[f].column == column) engine->frequencies[*out].field = f;
    }
}

static int32_t log_share(uint32_t count, uint32_t present)
{
    return (int32_t)lround(1000 * log2((double)count / present));
}

/* Counts the values of a column. */
static void count_frequency(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct link_engine *engine = context;
    struct frequency *frequency = &engine->frequencies[number];
    const struct coded_column *column = &engine->columns[frequency->column];
    uint32_t *counts = frequency->counts;
    int32_t few[LOGS_KEPT] = {0}; /* most values are rare */
    for (uint32_t r = 0; r < engine->record_count; r++) counts[column_value(column, r)]++;
    frequency->present = engine->record_count - counts[0];
    for (uint32_t n = 1; n < LOGS_KEPT && frequency->present > 0; n++) {
        few[n] = log_share(n, frequency->present);
    }
    for (uint32_t v = 1; v < column->value_count; v++) {
        if (counts[v] == 0) continue;
        frequency->log_share[v] =
            counts[v] < LOGS_KEPT ? few[counts[v]] : log_share(counts[v], frequency->present);
    }
}

static void open_frequencies(struct link_engine *engine)
{
    for (size_t c = 0; c < engine->spec->comparison_count; c++) {
        const struct spec_comparison *comparison = &engine->spec->comparisons[c];
        for (size_t k = 0; k < comparison->level_count; k++) {
            for (size_t i = 0; i < 2; i++) {
                uint32_t column = comparison->levels[k].frequency[i];
                uint32_t *out = &engine->comparisons[c].frequency[k][i];
                *out = SPEC_NONE;
                if (column != SPEC_NONE) open_frequency(engine, column, out);
            }
        }
    }
    thread_run(0, engine->frequency_count, count_frequency, engine);
}

struct self_task {
    struct link_engine *engine;
    struct arena *keep; /* by comparison */
};

/* True when equal values, whatever they are, pass the test of the first level. */
static bool equals_come_first(const struct spec_comparison *comparison)
{
    const struct spec_level *level = &comparison->levels[0];
    if (comparison->level_count < 2) return true;
    for (size_t i = 0; i < level->clause_count; i++) {
        const struct spec_clause *clause = &level->clauses[i];
        bool equal = comparison->measures[clause->measure].measure == MEASURE_EQUAL
                     && clause->relation == RELATION_AT_LEAST && clause->limit == 1;
        if (!equal) return false;
    }
    return true;
}

static void self_levels(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct self_task *task = context;
    struct link_engine *engine = task->engine;
    struct comparison_state *state = &engine->comparisons[number];
    if (engine->spec->comparisons[number].field_count != 1) return;
    if (equals_come_first(&engine->spec->comparisons[number])) return;
    const struct coded_column *column = &engine->columns[engine->fields[state->first_field].column];
    uint8_t *levels = arena_array(&task->keep[number], uint8_t, column->value_count);
    for (uint32_t v = 1; v < column->value_count; v++) {
        levels[v] = (uint8_t)value_level(engine, number, &v, &v);
    }
    state->self_levels = levels;
}

static bool is_costly(const struct spec_comparison *comparison)
{
    for (size_t i = 0; i < comparison->measure_count; i++) {
        switch (comparison->measures[i].measure) {
        case MEASURE_TOKENS:
        case MEASURE_GRAMS:
        case MEASURE_TEXT:
        case MEASURE_NAME: return comparison->field_count == 1;
        default: break;
        }
    }
    return false;
}

/* True when each level asks for something that two different texts without a common character
 * cannot have. */
static bool is_apart(const struct spec_comparison *comparison)
{
    bool jaro = false;
    if (comparison->field_count != 1) return false;
    for (size_t k = 0; k + 1 < comparison->level_count; k++) {
        const struct spec_level *level = &comparison->levels[k];
        bool asks = false;
        for (size_t i = 0; i < level->clause_count; i++) {
            enum measure measure = comparison->measures[level->clauses[i].measure].measure;
            bool alike =
                level->clauses[i].relation == RELATION_AT_LEAST && level->clauses[i].limit > 0;
            asks = asks || (alike && (measure == MEASURE_JARO || measure == MEASURE_EQUAL));
            jaro = jaro || measure == MEASURE_JARO;
        }
        if (!asks) return false;
    }
    return jaro;
}

static void number_fields(struct link_engine *engine)
{
    for (size_t c = 0; c < engine->spec->comparison_count; c++) {
        const struct spec_comparison *comparison = &engine->spec->comparisons[c];
        engine->comparisons[c].first_field = engine->field_count;
        engine->comparisons[c].cached = is_costly(comparison);
        engine->comparisons[c].apart = is_apart(comparison);
        for (size_t f = 0; f < comparison->field_count; f++) {
            engine->fields[engine->field_count++].column = comparison->fields[f];
        }
    }
}

/* Cuts the values of all fields into ranges; returns how many. */
static size_t cut_ranges(const struct link_engine *engine, struct arena *scratch,
                         struct prepare_task *task)
{
    size_t count = 0, most = 0;
    for (uint32_t f = 0; f < engine->field_count; f++) {
        most += engine->columns[engine->fields[f].column].value_count / VALUES_A_TASK + 1;
    }
    task->ranges = arena_array(scratch, struct value_range, most);
    task->range_keep = arena_array(scratch, struct arena, most);
    for (uint32_t f = 0; f < engine->field_count; f++) {
        uint32_t values = engine->columns[engine->fields[f].column].value_count;
        for (uint32_t from = 1; from < values; from += VALUES_A_TASK) {
            uint32_t end = values - from > VALUES_A_TASK ? from + VALUES_A_TASK : values;
            task->ranges[count++] = (struct value_range){f, from, end};
        }
    }
    return count;
}

/* Forms of all values, and the hashes of their texts. */
static void prepare_values(struct link_engine *engine, struct arena *scratch,
                           struct prepare_task *task)
{
    task->keep = arena_array(scratch, struct arena, engine->field_count);
    task->texts = arena_array(scratch, struct packed_text *, engine->field_count);
    engine->hashes = engine->input->contents;
    if (engine->hashes == NULL) {
        task->hashes = arena_array(scratch, uint64_t *, engine->field_count);
        task->records = arena_room(engine->arena, uint64_t, engine->record_count);
        engine->hashes = task->records;
    }
    for (uint32_t f = 0; f < engine->field_count; f++) {
        size_t c = comparison_of(engine, f);
        uint32_t count = engine->columns[engine->fields[f].column].value_count;
        if (task->hashes != NULL) {
            task->hashes[f] = arena_room(scratch, uint64_t, count);
            task->hashes[f][0] = 0;
        }
        if (!wants_texts(&engine->spec->comparisons[c], f - engine->comparisons[c].first_field)) {
            continue;
        }
        task->texts[f] = arena_room(engine->arena, struct packed_text, count);
        task->texts[f][0] = (struct packed_text){.inside = true};
        engine->fields[f].texts = task->texts[f];
    }
    size_t ranges = cut_ranges(engine, scratch, task);
    thread_run(0, engine->field_count + ranges, prepare_one, task);
    for (uint32_t f = 0; f < engine->field_count; f++) arena_join(engine->arena, &task->keep[f]);
    for (size_t i = 0; i < ranges; i++) {
        struct field *field = &engine->fields[task->ranges[i].field];
        field->outside = field->outside || task->range_keep[i].bytes > 0;
        arena_join(engine->arena, &task->range_keep[i]);
    }
}

void prepare_fields(struct link_engine *engine)
{
    struct arena scratch = {0};
    number_fields(engine);
    struct prepare_task task = {.engine = engine};
    engine->rows = arena_room_array(engine->arena, engine->record_count,
                                    engine->field_count * sizeof *engine->rows);
    prepare_values(engine, &scratch, &task);
    thread_run(0, (engine->record_count + RECORDS_A_TASK - 1) / RECORDS_A_TASK, fill_rows, &task);
    open_frequencies(engine);
    struct self_task self = {.engine = engine};
    self.keep = arena_array(&scratch, struct arena, engine->spec->comparison_count);
    thread_run(0, engine->spec->comparison_count, self_levels, &self);
    for (size_t c = 0; c < engine->spec->comparison_count; c++) {
        arena_join(engine->arena, &self.keep[c]);
    }
    arena_free(&scratch);
}
