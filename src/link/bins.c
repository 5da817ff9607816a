#include "link/engine_internal.h"

#include "base/prefetch.h"
#include "base/thread.h"

/* Keys are spread inside each chunk of records, while the chunk is in the cache, and not over one
 * array for all: so a key is made once and written once, and no chunk waits for another. Whoever
 * takes a bin collects it from the chunks. */

enum { CHUNK_RECORDS = 1 << 14, BIN_RECORDS = 1 << 14, BINS_MAX = 1 << 10 };

_Static_assert(CHUNK_RECORDS <= UINT16_MAX, "starts and offsets are kept in 16 bits");

struct filling {
    const struct bins_source *source;
    struct bins *bins;
};

static void fill_chunk(void *context, size_t chunk, size_t thread)
{
    const struct filling *filling = context;
    struct bins *bins = filling->bins;
    uint64_t *keys = bins->chunk_keys + thread * CHUNK_RECORDS;
    uint32_t *records = bins->chunk_records + thread * CHUNK_RECORDS;
    uint32_t from = (uint32_t)(chunk * CHUNK_RECORDS), end = from + CHUNK_RECORDS;
    if (end > bins->record_count) end = bins->record_count;
    size_t count = filling->source->fill(filling->source->context, from, end, keys, records);
    uint16_t *starts = bins->starts + chunk * (bins->count + 1);
    uint32_t places[BINS_MAX] = {0}, sum = 0;
    uint64_t *to_keys = bins->keys + from;
    uint16_t *to_offsets = bins->offsets + from;
    for (size_t i = 0; i < count; i++) {
        if (i % 8 == 0) prefetch(to_keys + i);
        if (i % 32 == 0) prefetch(to_offsets + i);
        places[keys[i] >> bins->shift]++;
    }
    for (size_t b = 0; b < bins->count; b++) {
        uint32_t here = places[b];
        starts[b] = (uint16_t)sum;
        places[b] = sum;
        sum += here;
    }
    starts[bins->count] = (uint16_t)sum;
    for (size_t i = 0; i < count; i++) {
        uint32_t at = places[keys[i] >> bins->shift]++;
        to_keys[at] = keys[i];
        to_offsets[at] = (uint16_t)(records[i] - from);
    }
}

void bins_open(struct bins *bins, struct arena *arena, uint32_t record_count, size_t threads)
{
    /* At least two, so that a key can be shifted. */
    *bins =
        (struct bins){.record_count = record_count, .threads = threads, .count = 2, .shift = 63};
    while (bins->count < BINS_MAX && record_count / bins->count > BIN_RECORDS) {
        bins->count *= 2;
        bins->shift--;
    }
    bins->chunk_count = ((size_t)record_count + CHUNK_RECORDS - 1) / CHUNK_RECORDS;
    bins->keys = arena_room(arena, uint64_t, record_count);
    bins->offsets = arena_room(arena, uint16_t, record_count);
    bins->starts = arena_array(arena, uint16_t, bins->chunk_count * (bins->count + 1));
    bins->firsts = arena_array(arena, size_t, bins->count + 1);
    bins->chunk_keys = arena_room(arena, uint64_t, threads * CHUNK_RECORDS);
    bins->chunk_records = arena_room(arena, uint32_t, threads * CHUNK_RECORDS);
}

void bins_fill(struct bins *bins, const struct bins_source *source)
{
    struct filling filling = {.source = source, .bins = bins};
    thread_run(bins->threads, bins->chunk_count, fill_chunk, &filling);
    size_t sum = 0;
    for (size_t b = 0; b < bins->count; b++) {
        bins->firsts[b] = sum;
        for (size_t c = 0; c < bins->chunk_count; c++) sum += bins_stretch(bins, b, c).count;
    }
    bins->firsts[bins->count] = sum;
}

struct bin_stretch bins_stretch(const struct bins *bins, size_t bin, size_t chunk)
{
    const uint16_t *start = bins->starts + chunk * (bins->count + 1) + bin;
    size_t first = chunk * CHUNK_RECORDS;
    return (struct bin_stretch){.keys = bins->keys + first + start[0],
                                .offsets = bins->offsets + first + start[0],
                                .first = (uint32_t)first,
                                .count = (uint32_t)(start[1] - start[0])};
}
