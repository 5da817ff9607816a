#include "link/engine_internal.h"

#include "base/dict.h"
#include "base/prefetch.h"

/* The level of a pair: measures are computed when a test first asks for them, once a pair; levels
 * of pairs of values met before are remembered, since names follow Zipf's law. */

enum { CACHE_SLOTS = 1 << 13 };

struct level_cache {
    /* By comparison; key: the two values, the smaller in the upper half, 0 free. */
    struct {
        uint64_t *keys;
        uint8_t *levels;
    } comparisons[LINK_COMPARISONS_MAX];
};

struct level_cache *level_cache_new(struct arena *arena, const struct link_engine *engine)
{
    struct level_cache *cache = arena_new(arena, struct level_cache);
    for (size_t c = 0; c < engine->spec->comparison_count; c++) {
        if (!engine->comparisons[c].cached) continue;
        cache->comparisons[c].keys = arena_array(arena, uint64_t, CACHE_SLOTS);
        cache->comparisons[c].levels = arena_array(arena, uint8_t, CACHE_SLOTS);
    }
    return cache;
}

/* Columns are coded apart, so across two of them texts are compared. */
static bool across_equal(const struct link_engine *engine, uint32_t first_field, uint32_t a,
                         uint32_t b)
{
    if (a == 0 || b == 0) return false;
    const struct coded_column *one = &engine->columns[engine->fields[first_field].column];
    const struct coded_column *two = &engine->columns[engine->fields[first_field + 1].column];
    return str_equal(one->texts[a], two->texts[b]);
}

static int32_t days_apart(const struct value_date *a, const struct value_date *b)
{
    if (a->days == INT32_MIN || b->days == INT32_MIN) return INT32_MAX;
    return a->days > b->days ? a->days - b->days : b->days - a->days;
}

static int32_t years_apart(const struct value_date *a, const struct value_date *b)
{
    if (a->year == 0 || b->year == 0) return INT32_MAX;
    return a->year > b->year ? a->year - b->year : b->year - a->year;
}

static int32_t numbers_apart(const struct value_number *a, const struct value_number *b)
{
    if (!a->known || !b->known) return INT32_MAX;
    int64_t apart = a->thousandths - b->thousandths;
    if (apart < 0) apart = -apart;
    return apart > INT32_MAX ? INT32_MAX : (int32_t)apart;
}

static int32_t numbers_ratio(const struct value_number *a, const struct value_number *b)
{
    if (!a->known || !b->known) return -1;
    double x = (double)a->thousandths, y = (double)b->thousandths;
    if (x == y) return 1000000;
    if (x < 0 && y < 0) x = -x, y = -y;
    if (x <= 0 || y <= 0) return 0;
    return (int32_t)((x < y ? x / y : y / x) * 1e6);
}

/* Two texts at hand to be compared. */
struct text_pair {
    struct value_text a, b;
    uint32_t codes[2][VALUE_CODES_MAX];
};

static void open_texts(struct text_pair *pair, const struct packed_text *a,
                       const struct packed_text *b)
{
    pair->a = packed_text_open(a, pair->codes[0]);
    pair->b = packed_text_open(b, pair->codes[1]);
}

/* 0 stands for anything below the least limit that is asked of it. */
static int32_t jaro(const struct packed_text *a, const struct packed_text *b, int32_t least)
{
    struct text_pair pair;
    if ((a->signature & b->signature) == 0) return 0;
    open_texts(&pair, a, b);
    return text_jaro_winkler_below(&pair.a, &pair.b, least) ? 0
                                                            : text_jaro_winkler(&pair.a, &pair.b);
}

/* Edits above the largest number that is asked of them are all one. */
static int32_t edits(const struct packed_text *a, const struct packed_text *b,
                     struct spec_measure measure)
{
    struct text_pair pair;
    if (packed_edits_above(a, b, measure.most)) return INT32_MAX;
    open_texts(&pair, a, b);
    return measure.measure == MEASURE_DAMERAU ? text_damerau(&pair.a, &pair.b)
                                              : text_levenshtein(&pair.a, &pair.b);
}

static int32_t facts(const struct packed_text *a, const struct packed_text *b)
{
    struct text_pair pair;
    open_texts(&pair, a, b);
    return text_facts(&pair.a, &pair.b);
}

static int32_t crossed_jaro(const struct field *fields, const uint32_t *a, const uint32_t *b,
                            int32_t least)
{
    if (a[0] == 0 || a[1] == 0 || b[0] == 0 || b[1] == 0) return 0;
    int32_t one = jaro(&fields[0].texts[a[0]], &fields[1].texts[b[1]], least);
    if (one == 0) return 0;
    int32_t two = jaro(&fields[1].texts[a[1]], &fields[0].texts[b[0]], least);
    return one < two ? one : two;
}

/* What a measure says where it cannot be taken: it passes no test. */
static int32_t nothing(enum measure measure)
{
    switch (measure) {
    case MEASURE_LEVENSHTEIN:
    case MEASURE_DAMERAU:
    case MEASURE_DAYS:
    case MEASURE_YEARS:
    case MEASURE_NUMBER: return INT32_MAX;
    case MEASURE_RATIO: return -1;
    default: return 0;
    }
}

static int32_t measure_pair(const struct link_engine *engine, uint32_t first_field,
                            struct spec_measure measure, const uint32_t *va, const uint32_t *vb)
{
    const struct field *field = &engine->fields[first_field + measure.field];
    uint32_t a = va[measure.field], b = vb[measure.field];
    switch (measure.measure) {
    case MEASURE_CROSS:
        return across_equal(engine, first_field, va[0], vb[1])
               && across_equal(engine, first_field, vb[0], va[1]);
    case MEASURE_CROSS_JARO:
        return crossed_jaro(&engine->fields[first_field], va, vb, measure.least);
    default: break;
    }
    if (a == 0 || b == 0) return nothing(measure.measure);
    switch (measure.measure) {
    case MEASURE_EQUAL: return a == b;
    case MEASURE_JARO: return jaro(&field->texts[a], &field->texts[b], measure.least);
    case MEASURE_LEVENSHTEIN:
    case MEASURE_DAMERAU: return edits(&field->texts[a], &field->texts[b], measure);
    case MEASURE_PREFIX: return packed_prefix(&field->texts[a], &field->texts[b]);
    case MEASURE_TEXT: return facts(&field->texts[a], &field->texts[b]);
    case MEASURE_TOKENS: return tokens_overlap(&field->tokens[a], &field->tokens[b]);
    case MEASURE_GRAMS: return tokens_dice(&field->grams[a], &field->grams[b]);
    case MEASURE_NAME: return name_facts(&field->names[a], &field->names[b]);
    case MEASURE_ID: return id_facts(&field->ids[a], &field->ids[b]);
    case MEASURE_DATE: return date_facts(&field->dates[a], &field->dates[b]);
    case MEASURE_DAYS: return days_apart(&field->dates[a], &field->dates[b]);
    case MEASURE_YEARS: return years_apart(&field->dates[a], &field->dates[b]);
    case MEASURE_NUMBER: return numbers_apart(&field->numbers[a], &field->numbers[b]);
    case MEASURE_RATIO: return numbers_ratio(&field->numbers[a], &field->numbers[b]);
    case MEASURE_PHONE:
    case MEASURE_DIVISION: {
        const struct str *texts = engine->columns[field->column].texts;
        return measure.measure == MEASURE_PHONE ? phone_facts(texts[a], texts[b])
                                                : division_digits(texts[a], texts[b]);
    }
    default: break;
    }
    return 0;
}

static bool holds(const struct spec_clause *clause, int32_t value)
{
    switch (clause->relation) {
    case RELATION_AT_LEAST: return value >= clause->limit;
    case RELATION_AT_MOST: return value <= clause->limit;
    case RELATION_BITS: return (value & clause->limit) != 0;
    }
    return false;
}

/* The first level from `first` on whose tests hold. */
static unsigned level_from(const struct link_engine *engine, size_t number, unsigned first,
                           const uint32_t *a, const uint32_t *b)
{
    const struct spec_comparison *comparison = &engine->spec->comparisons[number];
    uint32_t first_field = engine->comparisons[number].first_field;
    int32_t values[SPEC_MEASURES_MAX];
    unsigned known = 0;
    for (unsigned k = first; k + 1 < comparison->level_count; k++) {
        const struct spec_level *level = &comparison->levels[k];
        size_t i = 0;
        for (; i < level->clause_count; i++) {
            const struct spec_clause *clause = &level->clauses[i];
            if ((known & 1u << clause->measure) == 0) {
                values[clause->measure] =
                    measure_pair(engine, first_field, comparison->measures[clause->measure], a, b);
                known |= 1u << clause->measure;
            }
            if (!holds(clause, values[clause->measure])) break;
        }
        if (i == level->clause_count) return k + 1;
    }
    return (unsigned)comparison->level_count;
}

unsigned value_level(const struct link_engine *engine, size_t number, const uint32_t *a,
                     const uint32_t *b)
{
    return level_from(engine, number, 0, a, b);
}

static bool is_missing(const struct spec_comparison *comparison, const uint32_t *a,
                       const uint32_t *b)
{
    size_t missing = 0;
    for (size_t f = 0; f < comparison->field_count; f++) missing += a[f] == 0 || b[f] == 0;
    return comparison->missing_all ? missing == comparison->field_count : missing > 0;
}

unsigned row_level(const struct link_engine *engine, struct level_cache *cache, size_t number,
                   const uint32_t *a, const uint32_t *b)
{
    const struct spec_comparison *comparison = &engine->spec->comparisons[number];
    const struct comparison_state *state = &engine->comparisons[number];
    const uint32_t *va = a + state->first_field, *vb = b + state->first_field;
    if (comparison->field_count > 1) {
        return is_missing(comparison, va, vb) ? 0 : value_level(engine, number, va, vb);
    }
    if (*va == 0 || *vb == 0) return 0;
    if (*va == *vb) return self_level(state, *va);
    if (state->apart) {
        const struct packed_text *texts = engine->fields[state->first_field].texts;
        bool common = (texts[*va].signature & texts[*vb].signature) != 0;
        if (!common) return (unsigned)comparison->level_count;
    }
    /* A first level that asks for equal values alone need not be asked again. */
    unsigned first = state->self_levels == NULL;
    if (cache == NULL || !state->cached) return level_from(engine, number, first, va, vb);
    uint64_t key = *va < *vb ? (uint64_t)*va << 32 | *vb : (uint64_t)*vb << 32 | *va;
    size_t slot = u64_mix(key) & (CACHE_SLOTS - 1);
    if (cache->comparisons[number].keys[slot] != key) {
        cache->comparisons[number].levels[slot] =
            (uint8_t)level_from(engine, number, first, va, vb);
        cache->comparisons[number].keys[slot] = key;
    }
    return cache->comparisons[number].levels[slot];
}

unsigned pair_level(const struct link_engine *engine, struct level_cache *cache, size_t number,
                    uint32_t a, uint32_t b)
{
    size_t width = engine->field_count;
    return row_level(engine, cache, number, &engine->rows[a * width], &engine->rows[b * width]);
}

uint64_t pair_pattern(const struct link_engine *engine, struct level_cache *cache, uint32_t a,
                      uint32_t b)
{
    uint64_t pattern = 0;
    for (size_t c = 0; c < engine->spec->comparison_count; c++) {
        pattern |= (uint64_t)pair_level(engine, cache, c, a, b) << (PATTERN_BITS * c);
    }
    return pattern;
}

void fetch_beside(const uint32_t *items, size_t width, const struct candidate *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        prefetch(&items[pairs[i].a * width]);
        prefetch(&items[pairs[i].b * width]);
    }
}

/* Memory is slower than comparing: first the rows of all pairs are asked for, then what they point
 * to, so that no pair waits for its own. */
void fetch_pairs(const struct link_engine *engine, const struct candidate *pairs, size_t count)
{
    size_t width = engine->field_count;
    fetch_beside(engine->rows, width, pairs, count);
    for (uint32_t f = 0; f < width; f++) {
        const struct packed_text *texts = engine->fields[f].texts;
        if (texts == NULL) continue;
        for (size_t i = 0; i < count; i++) {
            uint32_t a = engine->rows[pairs[i].a * width + f];
            uint32_t b = engine->rows[pairs[i].b * width + f];
            if (a == b) continue;
            prefetch(&texts[a]);
            prefetch(&texts[b]);
        }
        if (!engine->fields[f].outside) continue;
        for (size_t i = 0; i < count; i++) {
            uint32_t a = engine->rows[pairs[i].a * width + f];
            uint32_t b = engine->rows[pairs[i].b * width + f];
            if (a == b || a == 0 || b == 0) continue;
            prefetch(packed_text_codes(&texts[a]));
            prefetch(packed_text_codes(&texts[b]));
        }
    }
}
