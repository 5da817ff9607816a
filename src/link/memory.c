#include "link/engine_internal.h"

#include "base/thread.h"

/* What linking takes. Memory for each record and each value is known once the files are read, that
 * of the blocks once they are made; how many pairs reach the review threshold is known only when
 * they do, so a bound on memory becomes a bound on their number. */

enum {
    KEPT_PAIRS_MAX = 8 << 20, /* without a bound: 128 MB of pairs and their patterns */
    PROGRAM_BYTES = 16 << 20, /* the program itself, its libraries and tables */
    TEXT_BYTES = sizeof(struct str) + sizeof(uint64_t),
    PAIR_BYTES = 2 * sizeof(struct link_pair) + 24, /* listed; gathered; ordered for writing */
    KEPT_BYTES = 2 * (sizeof(uint64_t) + sizeof(struct candidate)),
    CACHE_BYTES = 96 << 10, /* of levels: a thread and comparison */
    RECORD_CLUSTER_BYTES = 48,
    MALLOC_PERCENT = 108,
};

static const struct link_column *column_named(const struct link_input *input, struct str name)
{
    for (size_t i = 0; i < input->column_count; i++) {
        if (str_equal(input->columns[i].name, name)) return &input->columns[i];
    }
    return NULL;
}

static uint64_t count_bytes(const struct link_column *column)
{
    uint64_t bytes = 0;
    for (uint32_t t = 0; t < column->text_count; t++) bytes += column->texts[t].len;
    return bytes;
}

/* A column that a function makes: at most as many values as the one it starts from, kept and in the
 * making. */
static uint64_t column_bytes(const struct link_input *input, const struct spec_column *column,
                             uint64_t texts, uint64_t bytes)
{
    if (column->step_count == 0) return 0;
    uint64_t most = 0;
    for (size_t i = 0; i < column->step_count; i++) {
        /* A step that looks at another column makes a value for each record at most. */
        bool joins =
            column->steps[i].function == FUNCTION_JOIN || column->steps[i].function == FUNCTION_OR;
        if (joins) most = input->record_count * (sizeof(uint32_t) + TEXT_BYTES + 16);
    }
    return most + texts * (sizeof(uint32_t) + TEXT_BYTES) + bytes;
}

static uint64_t field_bytes(const struct spec_comparison *comparison, uint64_t texts,
                            uint64_t bytes)
{
    /* Each way of comparing has a form of its own for each value. */
    uint64_t forms = 0;
    unsigned seen = 0;
    for (size_t i = 0; i < comparison->measure_count; i++) {
        unsigned bit = 1u << comparison->measures[i].measure;
        forms += (seen & bit) == 0;
        seen |= bit;
    }
    return forms == 0 ? 0 : texts * (sizeof(struct packed_text) + 4) + bytes * 4 / 3;
}

uint64_t link_memory_to_open(const struct link_input *input, const struct link_spec *spec)
{
    uint64_t records = input->record_count, total = 0, fields = 0;
    /* Of each text, and of each record from those, where records come without one. */
    uint64_t hash = input->contents == NULL ? sizeof *input->contents : 0;
    uint64_t *texts = NULL, *bytes = NULL;
    struct arena scratch = {0};
    texts = arena_array(&scratch, uint64_t, spec->input_count);
    bytes = arena_array(&scratch, uint64_t, spec->input_count);
    for (size_t i = 0; i < spec->input_count; i++) {
        const struct link_column *column = column_named(input, spec->inputs[i]);
        if (column == NULL) continue; /* link_open says so */
        texts[i] = column->text_count;
        bytes[i] = count_bytes(column);
    }
    for (size_t c = 0; c < spec->column_count; c++) {
        const struct spec_column *column = &spec->columns[c];
        total += column_bytes(input, column, texts[column->input], bytes[column->input]);
    }
    for (size_t c = 0; c < spec->comparison_count; c++) {
        const struct spec_comparison *comparison = &spec->comparisons[c];
        fields += comparison->field_count;
        for (size_t f = 0; f < comparison->field_count; f++) {
            uint32_t input_number = spec->columns[comparison->fields[f]].input;
            total += field_bytes(comparison, texts[input_number], bytes[input_number]);
            total += texts[input_number] * hash;
        }
    }
    arena_free(&scratch);
    /* Rows, hashes and keys; then blocks of each rule, and what they are made in. */
    total += records * (fields * sizeof(uint32_t) + hash + sizeof(uint64_t));
    total += records * (spec->rule_count * 3 * sizeof(uint32_t) + sizeof(uint64_t) + 4);
    return total * MALLOC_PERCENT / 100;
}

bool memory_plan(struct link_engine *engine, const struct link_options *options, struct err *err)
{
    engine->pairs_max = 0;
    engine->kept_pairs_max = KEPT_PAIRS_MAX;
    if (options->memory_bytes == 0) return true;
    uint64_t threads = options->threads == 0 ? thread_count_default() : options->threads;
    uint64_t held = engine->arena->bytes * MALLOC_PERCENT / 100 + PROGRAM_BYTES;
    held += threads * engine->spec->comparison_count * CACHE_BYTES;
    held += (uint64_t)engine->record_count * RECORD_CLUSTER_BYTES;
    if (held + PAIR_BYTES >= options->memory_bytes) {
        return link_memory_refuse(held, options->memory_bytes, err);
    }
    uint64_t left = options->memory_bytes - held;
    engine->pairs_max = left / PAIR_BYTES;
    uint64_t kept = left / 2 / KEPT_BYTES;
    if (kept < engine->kept_pairs_max) engine->kept_pairs_max = kept;
    return true;
}

bool link_memory_refuse(uint64_t needed, uint64_t allowed, struct err *err)
{
    unsigned long long need_mb = (needed >> 20) + 1, allowed_mb = allowed >> 20;
    return err_set(err, ERR_LIMIT,
                   "linking these records needs about %llu MB of memory, and %llu MB are allowed; "
                   "allow more, or link fewer records at a time",
                   "归并这些记录约需内存 %llu MB，只许用 %llu MB；请许更多内存，或分批归并",
                   need_mb, allowed_mb);
}
