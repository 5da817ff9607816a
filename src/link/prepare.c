#include "link/engine_internal.h"

#include "base/dict.h"
#include "base/thread.h"

#include <math.h>
#include <string.h>

/* Values of compared columns are prepared once, so that comparing a pair of them touches no text.
 * Rows put the values of one record side by side: a pair costs two lines of memory. */

enum { RECORDS_A_TASK = 1 << 12, PIECE_BYTES = 1 << 15 };

static bool wants(const struct spec_comparison *comparison, size_t field, enum measure measure)
{
    for (size_t i = 0; i < comparison->measure_count; i++) {
        if (comparison->measures[i].measure != measure) continue;
        bool crossed = measure == MEASURE_CROSS_JARO;
        if (comparison->measures[i].field == field || crossed) return true;
    }
    return false;
}

/* Packs a text into room for VALUE_CODES_MAX codes; gives the bytes used of it. */
static size_t pack_text(unsigned char *room, struct str text, struct packed_text *out)
{
    uint32_t codes[VALUE_CODES_MAX];
    struct value_text read;
    value_text_fill(codes, text, &read);
    *out = (struct packed_text){room, read.count, read.latin, read.signature};
    if (!read.latin) {
        memcpy(room, codes, read.count * sizeof *codes);
        return read.count * sizeof *codes;
    }
    for (size_t i = 0; i < read.count; i++) room[i] = (unsigned char)codes[i];
    /* What comes behind may be codes of four bytes. */
    return (read.count + sizeof *codes - 1) / sizeof *codes * sizeof *codes;
}

static void prepare_texts(struct arena *arena, const struct coded_column *column,
                          struct field *field)
{
    struct packed_text *out = arena_array(arena, struct packed_text, column->value_count);
    unsigned char *room = NULL;
    size_t left = 0;
    for (uint32_t v = 1; v < column->value_count; v++) {
        if (left < VALUE_CODES_MAX * sizeof(uint32_t)) {
            left = PIECE_BYTES;
            room = arena_alloc(arena, left);
        }
        size_t used = pack_text(room, column->texts[v], &out[v]);
        room += used;
        left -= used;
    }
    field->texts = out;
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

static void prepare_field(struct arena *arena, const struct coded_column *column,
                          const struct spec_comparison *comparison, size_t number,
                          struct field *field)
{
    static const enum measure on_texts[] = {MEASURE_JARO,    MEASURE_LEVENSHTEIN,
                                            MEASURE_DAMERAU, MEASURE_PREFIX,
                                            MEASURE_TEXT,    MEASURE_CROSS_JARO};
    bool texts = false;
    for (size_t i = 0; i < sizeof on_texts / sizeof *on_texts; i++) {
        texts = texts || wants(comparison, number, on_texts[i]);
    }
    if (texts) prepare_texts(arena, column, field);
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

struct prepare_task {
    struct link_engine *engine;
    struct arena *keep;      /* by field */
    uint64_t **hashes;       /* by field: hash of each value's text */
    uint64_t *record_hashes; /* by record */
};

static void prepare_one(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct prepare_task *task = context;
    struct link_engine *engine = task->engine;
    size_t c = 0;
    while (c + 1 < engine->spec->comparison_count
           && engine->comparisons[c + 1].first_field <= number) {
        c++;
    }
    struct field *field = &engine->fields[number];
    const struct coded_column *column = &engine->columns[field->column];
    prepare_field(&task->keep[number], column, &engine->spec->comparisons[c],
                  number - engine->comparisons[c].first_field, field);
    for (uint32_t v = 1; v < column->value_count; v++) {
        task->hashes[number][v] = u64_mix(str_hash(column->texts[v]) + number);
    }
}

static void fill_rows(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct prepare_task *task = context;
    struct link_engine *engine = task->engine;
    uint32_t from = (uint32_t)(number * RECORDS_A_TASK);
    uint32_t end = from + RECORDS_A_TASK, width = engine->field_count;
    if (end > engine->record_count) end = engine->record_count;
    for (uint32_t r = from; r < end; r++) {
        task->record_hashes[r] = engine->input->sources == NULL ? 0 : engine->input->sources[r];
    }
    /* Field by field, so that nothing waits for anything but memory. */
    for (uint32_t f = 0; f < width; f++) {
        const struct coded_column *column = &engine->columns[engine->fields[f].column];
        const uint64_t *hashes = task->hashes[f];
        for (uint32_t r = from; r < end; r++) {
            uint32_t value = column_value(column, r);
            engine->rows[(size_t)r * width + f] = value;
            task->record_hashes[r] += hashes[value];
        }
    }
    for (uint32_t r = from; r < end; r++) task->record_hashes[r] = u64_mix(task->record_hashes[r]);
}

/* Ranks records by what they say, so that ties and samples do not depend on their order. */
struct rank_job {
    struct link_engine *engine;
    const uint64_t *hashes;
    struct parts parts;
};

static size_t list_hashes(const void *context, uint32_t from, uint32_t end, uint64_t *keys,
                          uint32_t *records)
{
    const uint64_t *hashes = context;
    memcpy(keys, hashes + from, (end - from) * sizeof *keys);
    for (uint32_t r = from; r < end; r++) records[r - from] = r;
    return end - from;
}

/* Parts ascend, so a part's records have the ranks of their places. */
static void rank_part(void *context, size_t part, size_t thread)
{
    (void)thread;
    struct rank_job *job = context;
    struct arena scratch = {0};
    size_t from = job->parts.starts[part], end = job->parts.starts[part + 1];
    sort_keys(&scratch, job->parts.keys + from, job->parts.records + from, end - from);
    for (size_t i = from; i < end; i++) job->engine->ranks[job->parts.records[i]] = (uint32_t)i;
    arena_free(&scratch);
}

static void rank_records(struct link_engine *engine, struct arena *scratch, const uint64_t *hashes)
{
    uint32_t count = engine->record_count;
    struct rank_job job = {.engine = engine, .hashes = hashes};
    engine->ranks = arena_array(engine->arena, uint32_t, count);
    parts_open(&job.parts, scratch, count);
    parts_fill(&job.parts, 0, count, &(struct parts_source){list_hashes, hashes});
    thread_run(0, job.parts.count, rank_part, &job);
    engine->order = arena_copy(engine->arena, job.parts.records, count * sizeof *engine->order);
}

static void open_frequency(struct link_engine *engine, uint32_t column, uint32_t *out)
{
    for (uint32_t i = 0; i < engine->frequency_count; i++) {
        if (engine->frequencies[i].column == column) {
            *out = i;
            return;
        }
    }
    CHECK(engine->frequency_count < LINK_COMPARISONS_MAX * 2);
    const struct coded_column *coded = &engine->columns[column];
    uint32_t *counts = arena_array(engine->arena, uint32_t, coded->value_count);
    int32_t *log_share = arena_array(engine->arena, int32_t, coded->value_count);
    uint32_t present = 0;
    for (uint32_t r = 0; r < engine->record_count; r++) counts[column_value(coded, r)]++;
    present = engine->record_count - counts[0];
    for (uint32_t v = 1; v < coded->value_count; v++) {
        if (counts[v] == 0) continue;
        log_share[v] = (int32_t)lround(1000 * log2((double)counts[v] / present));
    }
    *out = engine->frequency_count++;
    engine->frequencies[*out] = (struct frequency){.column = column,
                                                   .field = SPEC_NONE,
                                                   .log_share = log_share,
                                                   .counts = counts,
                                                   .present = present};
    for (uint32_t f = 0; f < engine->field_count; f++) {
        if (engine->fields[f].column == column) engine->frequencies[*out].field = f;
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
}

struct self_task {
    struct link_engine *engine;
    struct arena *keep; /* by comparison */
};

static void self_levels(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct self_task *task = context;
    struct link_engine *engine = task->engine;
    struct comparison_state *state = &engine->comparisons[number];
    if (engine->spec->comparisons[number].field_count != 1) return;
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
        case MEASURE_JARO:
        case MEASURE_LEVENSHTEIN:
        case MEASURE_DAMERAU:
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

void prepare_fields(struct link_engine *engine)
{
    struct arena scratch = {0};
    number_fields(engine);
    struct prepare_task task = {.engine = engine};
    task.keep = arena_array(&scratch, struct arena, engine->field_count);
    task.hashes = arena_array(&scratch, uint64_t *, engine->field_count);
    task.record_hashes = arena_array(&scratch, uint64_t, engine->record_count);
    for (uint32_t f = 0; f < engine->field_count; f++) {
        const struct coded_column *column = &engine->columns[engine->fields[f].column];
        task.hashes[f] = arena_array(&scratch, uint64_t, column->value_count);
    }
    engine->rows = arena_alloc_array(engine->arena, engine->record_count,
                                     engine->field_count * sizeof *engine->rows);
    thread_run(0, engine->field_count, prepare_one, &task);
    thread_run(0, (engine->record_count + RECORDS_A_TASK - 1) / RECORDS_A_TASK, fill_rows, &task);
    rank_records(engine, &scratch, task.record_hashes);
    open_frequencies(engine);
    struct self_task self = {.engine = engine};
    self.keep = arena_array(&scratch, struct arena, engine->spec->comparison_count);
    thread_run(0, engine->spec->comparison_count, self_levels, &self);
    for (uint32_t f = 0; f < engine->field_count; f++) arena_join(engine->arena, &task.keep[f]);
    for (size_t c = 0; c < engine->spec->comparison_count; c++) {
        arena_join(engine->arena, &self.keep[c]);
    }
    arena_free(&scratch);
}
