#include "link/engine_internal.h"

#include "base/thread.h"

#include <string.h>

/* Sorting a million keys walks over all of them once a byte; spreading them once over parts that
 * fit the second-level cache, and finishing each part there, walks twice. Keys are asked for twice
 * rather than kept in between: making one costs less than a store and a load from memory. */

enum { CHUNK_RECORDS = 1 << 14, PART_RECORDS = 1 << 14, PARTS_MAX = 1 << 10 };

struct spreading {
    const struct parts_source *source;
    struct parts *parts;
    uint32_t record_count;
    size_t *places;     /* by chunk, then part: how many; then where the next one goes */
    uint64_t **keys;    /* by thread: of one chunk */
    uint32_t **records; /* by thread */
};

static size_t part_of(const struct parts *parts, uint64_t key)
{
    return parts->count == 1 ? 0 : (size_t)(key >> parts->shift);
}

static size_t fill_chunk(const struct spreading *spreading, size_t chunk, size_t thread)
{
    uint32_t from = (uint32_t)(chunk * CHUNK_RECORDS), end = from + CHUNK_RECORDS;
    if (end > spreading->record_count) end = spreading->record_count;
    return spreading->source->fill(spreading->source->context, from, end, spreading->keys[thread],
                                   spreading->records[thread]);
}

static void count_chunk(void *context, size_t chunk, size_t thread)
{
    struct spreading *spreading = context;
    size_t *places = spreading->places + chunk * spreading->parts->count;
    size_t count = fill_chunk(spreading, chunk, thread);
    for (size_t i = 0; i < count; i++) {
        places[part_of(spreading->parts, spreading->keys[thread][i])]++;
    }
}

static void place_chunk(void *context, size_t chunk, size_t thread)
{
    struct spreading *spreading = context;
    struct parts *parts = spreading->parts;
    size_t *places = spreading->places + chunk * parts->count;
    const uint64_t *keys = spreading->keys[thread];
    size_t count = fill_chunk(spreading, chunk, thread);
    for (size_t i = 0; i < count; i++) {
        size_t at = places[part_of(parts, keys[i])]++;
        parts->keys[at] = keys[i];
        parts->records[at] = spreading->records[thread][i];
    }
}

/* Turns counts into places: parts one behind another, in each the chunks in order. */
static void sum_places(struct spreading *spreading, size_t chunks)
{
    struct parts *parts = spreading->parts;
    size_t sum = 0;
    for (size_t p = 0; p < parts->count; p++) {
        parts->starts[p] = sum;
        for (size_t c = 0; c < chunks; c++) {
            size_t *place = &spreading->places[c * parts->count + p], here = *place;
            *place = sum;
            sum += here;
        }
    }
    parts->starts[parts->count] = sum;
}

void parts_open(struct parts *parts, struct arena *arena, uint32_t record_count)
{
    *parts = (struct parts){.count = 1, .shift = 64};
    while (parts->count < PARTS_MAX && record_count / parts->count > PART_RECORDS) {
        parts->count *= 2;
        parts->shift--;
    }
    parts->keys = arena_array(arena, uint64_t, record_count);
    parts->records = arena_array(arena, uint32_t, record_count);
    parts->starts = arena_array(arena, size_t, parts->count + 1);
}

void parts_fill(struct parts *parts, size_t threads, uint32_t record_count,
                const struct parts_source *source)
{
    struct arena scratch = {0};
    if (threads == 0) threads = thread_count_default();
    size_t chunks = (record_count + CHUNK_RECORDS - 1) / CHUNK_RECORDS;
    struct spreading spreading = {.source = source, .parts = parts, .record_count = record_count};
    spreading.places = arena_array(&scratch, size_t, chunks * parts->count);
    spreading.keys = arena_array(&scratch, uint64_t *, threads);
    spreading.records = arena_array(&scratch, uint32_t *, threads);
    for (size_t t = 0; t < threads; t++) {
        spreading.keys[t] = arena_array(&scratch, uint64_t, CHUNK_RECORDS);
        spreading.records[t] = arena_array(&scratch, uint32_t, CHUNK_RECORDS);
    }
    thread_run(threads, chunks, count_chunk, &spreading);
    sum_places(&spreading, chunks);
    thread_run(threads, chunks, place_chunk, &spreading);
    arena_free(&scratch);
}
