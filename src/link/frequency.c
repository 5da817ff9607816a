#include "link/coded.h"
#include "link/engine_internal.h"

#include "base/dict.h"

#include <math.h>
#include <stdlib.h>

/* How common values were when a model was learnt. A rare name weighs more than a common one, and
 * how rare it is must not drift with every file that comes in: then nobody's links would change by
 * themselves, and a run that compares only new records could not equal one that compares all.
 *
 * Only values that stood twice or more are kept, by 40 bits of their text's hash: all others count
 * as standing once, a value never seen before among them. Two values that share the 40 bits (one
 * chance in five million for a new name in a city) count as the commoner of the two. */

enum { HASH_SHIFT = 24, VERSION = 1, LISTS_MAX = LINK_FREQUENCIES_MAX };

struct frozen {
    uint64_t present; /* records that had a value */
    uint64_t *hashes; /* ascending */
    uint32_t *counts;
    size_t count;
};

struct link_frequencies {
    struct frozen lists[LISTS_MAX]; /* in the order of engine->frequencies */
    size_t count;
};

static uint64_t hash_of(struct str text)
{
    return str_hash(text) >> HASH_SHIFT;
}

static void freeze(const struct link_engine *engine, const struct frequency *frequency,
                   struct frozen *out)
{
    struct arena scratch = {0};
    const struct coded_column *column = &engine->columns[frequency->column];
    uint64_t *hashes = arena_array(&scratch, uint64_t, column->value_count);
    uint32_t *values = arena_array(&scratch, uint32_t, column->value_count);
    size_t count = 0;
    for (uint32_t v = 1; v < column->value_count; v++) {
        if (frequency->counts[v] < 2) continue;
        hashes[count] = hash_of(column->texts[v]);
        values[count++] = v;
    }
    sort_keys(&scratch, hashes, values, count);
    *out = (struct frozen){.present = frequency->present};
    out->hashes = arena_array(engine->arena, uint64_t, count);
    out->counts = arena_array(engine->arena, uint32_t, count);
    for (size_t i = 0; i < count; i++) {
        uint32_t here = frequency->counts[values[i]];
        if (out->count == 0 || out->hashes[out->count - 1] != hashes[i]) {
            out->hashes[out->count++] = hashes[i];
        }
        uint32_t *most = &out->counts[out->count - 1];
        if (here > *most) *most = here;
    }
    arena_free(&scratch);
}

const struct link_frequencies *frequencies_freeze(struct link_engine *engine)
{
    struct link_frequencies *out = arena_new(engine->arena, struct link_frequencies);
    out->count = engine->frequency_count;
    for (size_t i = 0; i < out->count; i++) {
        freeze(engine, &engine->frequencies[i], &out->lists[i]);
    }
    return out;
}

static uint32_t count_of(const struct frozen *list, uint64_t hash)
{
    size_t low = 0, high = list->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->hashes[middle] < hash)
            low = middle + 1;
        else
            high = middle;
    }
    return low < list->count && list->hashes[low] == hash ? list->counts[low] : 1;
}

static const int32_t *share_values(struct link_engine *engine, const struct coded_column *column,
                                   const struct frozen *list)
{
    int32_t *out = arena_array(engine->arena, int32_t, column->value_count);
    double present = list->present > 0 ? (double)list->present : 1;
    for (uint32_t v = 1; v < column->value_count; v++) {
        uint32_t count = count_of(list, hash_of(column->texts[v]));
        out[v] = (int32_t)lround(1000 * log2(count / present));
    }
    return out;
}

/* Shares are worked out once for an engine and a model. */
void frequencies_use(struct link_engine *engine, const struct link_frequencies *frequencies,
                     struct weights *weights)
{
    weights->rarest = engine->record_count;
    for (size_t i = 0; i < engine->frequency_count; i++) {
        struct frequency *frequency = &engine->frequencies[i];
        weights->log_share[i] = frequency->log_share;
        if (frequencies == NULL) continue;
        CHECK(frequencies->count == engine->frequency_count);
        const struct frozen *list = &frequencies->lists[i];
        if (frequency->frozen_from != frequencies) {
            frequency->frozen = share_values(engine, &engine->columns[frequency->column], list);
            frequency->frozen_from = frequencies;
        }
        weights->log_share[i] = frequency->frozen;
        if (list->present > weights->rarest) weights->rarest = list->present;
    }
}

struct str link_frequencies_write(struct arena *arena, const struct link_frequencies *frequencies)
{
    struct text out;
    text_init(&out, arena, SIZE_MAX / 2);
    coded_put(&out, VERSION);
    coded_put(&out, frequencies->count);
    for (size_t i = 0; i < frequencies->count; i++) {
        const struct frozen *list = &frequencies->lists[i];
        coded_put(&out, list->present);
        coded_put(&out, list->count);
        uint64_t before = 0;
        for (size_t v = 0; v < list->count; v++) {
            coded_put(&out, list->hashes[v] - before);
            coded_put(&out, list->counts[v]);
            before = list->hashes[v];
        }
    }
    return text_str(&out);
}

static void read_list(struct arena *arena, struct coded *in, struct frozen *out)
{
    uint64_t before = 0;
    out->present = coded_get(in);
    out->count = coded_get_count(in, 2);
    out->hashes = arena_array(arena, uint64_t, out->count);
    out->counts = arena_array(arena, uint32_t, out->count);
    for (size_t v = 0; v < out->count; v++) {
        uint64_t step = coded_get(in), count = coded_get(in);
        in->bad = in->bad || (v > 0 && step == 0) || step > 1ull << (64 - HASH_SHIFT) || count < 2
                  || count > UINT32_MAX || count > out->present;
        if (in->bad) return;
        before += step;
        out->hashes[v] = before;
        out->counts[v] = (uint32_t)count;
    }
}

/* The lists that an engine of this spec keeps: one for each column, in the order first named. */
static size_t lists_of(const struct link_spec *spec)
{
    uint32_t columns[LISTS_MAX];
    size_t count = 0;
    for (size_t c = 0; c < spec->comparison_count; c++) {
        for (size_t k = 0; k < spec->comparisons[c].level_count; k++) {
            for (size_t i = 0; i < 2; i++) {
                uint32_t column = spec->comparisons[c].levels[k].frequency[i];
                size_t at = 0;
                while (at < count && columns[at] != column) at++;
                if (column != SPEC_NONE && at == count && count < LISTS_MAX) {
                    columns[count++] = column;
                }
            }
        }
    }
    return count;
}

bool link_frequencies_read(struct arena *arena, struct str bytes, const struct link_spec *spec,
                           const struct link_frequencies **out, struct err *err)
{
    struct coded in = coded_of(bytes);
    struct link_frequencies *fresh = arena_new(arena, struct link_frequencies);
    bool good = coded_get(&in) == VERSION;
    fresh->count = (size_t)coded_get(&in);
    good = good && !in.bad && fresh->count == lists_of(spec);
    for (size_t i = 0; good && i < fresh->count; i++) {
        read_list(arena, &in, &fresh->lists[i]);
        good = !in.bad;
    }
    if (!good || in.at != in.end) {
        return err_set(err, ERR_INPUT, "the frequencies kept with the model do not fit the spec",
                       "与模型一同保存的频率与规格不符");
    }
    *out = fresh;
    return true;
}
