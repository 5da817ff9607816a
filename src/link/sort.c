#include "link/engine_internal.h"

#include <string.h>

enum { BYTE_VALUES = 256, KEY_BYTES = 8, SMALL_COUNT = 64, UPPER_FIRST = 4 };

static void sort_small(uint64_t *keys, uint32_t *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        uint64_t key = keys[i];
        uint32_t value = values[i];
        size_t at = i;
        for (; at > 0 && keys[at - 1] > key; at--) {
            keys[at] = keys[at - 1];
            values[at] = values[at - 1];
        }
        keys[at] = key;
        values[at] = value;
    }
}

/* Two arrays of keys with their values; passes go from one to the other and back. */
struct sorting {
    uint64_t *keys, *keys_other;
    uint32_t *values, *values_other;
    size_t count;
};

/* One pass by counting: stable. `places` holds how often each value of the byte occurs. */
static void sort_byte(struct sorting *sorting, size_t byte, size_t *places)
{
    size_t sum = 0;
    for (size_t i = 0; i < BYTE_VALUES; i++) {
        size_t here = places[i];
        places[i] = sum;
        sum += here;
    }
    for (size_t i = 0; i < sorting->count; i++) {
        size_t at = places[sorting->keys[i] >> (8 * byte) & 0xFF]++;
        sorting->keys_other[at] = sorting->keys[i];
        sorting->values_other[at] = sorting->values[i];
    }
    uint64_t *keys = sorting->keys;
    uint32_t *values = sorting->values;
    sorting->keys = sorting->keys_other;
    sorting->values = sorting->values_other;
    sorting->keys_other = keys;
    sorting->values_other = values;
}

/* Puts keys that are sorted by their bytes from `byte` on in full order; false when more than a few
 * are equal in those, and then their order is as it was. */
static bool sort_runs(const struct sorting *sorting, size_t byte)
{
    size_t shift = 8 * byte, most = 0;
    const uint64_t *keys = sorting->keys;
    for (size_t from = 0, end; from < sorting->count; from = end) {
        for (end = from + 1; end < sorting->count && keys[end] >> shift == keys[from] >> shift;) {
            end++;
        }
        if (end - from > most) most = end - from;
    }
    if (most > SMALL_COUNT) return false;
    sort_small(sorting->keys, sorting->values, sorting->count);
    return true;
}

/* Mixed keys differ in all their bytes, but the upper ones alone nearly settle the order: those are
 * sorted first, and what is left to do is seldom more than to swap neighbours. */
void sort_keys(struct arena *scratch, uint64_t *keys, uint32_t *values, size_t count)
{
    if (count <= SMALL_COUNT) {
        sort_small(keys, values, count);
        return;
    }
    size_t(*histogram)[BYTE_VALUES] = arena_alloc_array(scratch, KEY_BYTES, sizeof *histogram);
    for (size_t i = 0; i < count; i++) {
        for (size_t byte = 0; byte < KEY_BYTES; byte++) {
            histogram[byte][keys[i] >> (8 * byte) & 0xFF]++;
        }
    }
    size_t differing[KEY_BYTES], passes = 0, first = 0;
    for (size_t byte = 0; byte < KEY_BYTES; byte++) {
        if (histogram[byte][keys[0] >> (8 * byte) & 0xFF] < count) differing[passes++] = byte;
    }
    struct sorting sorting = {keys, arena_array(scratch, uint64_t, count), values,
                              arena_array(scratch, uint32_t, count), count};
    if (passes == KEY_BYTES) {
        size_t(*upper)[BYTE_VALUES] =
            arena_copy(scratch, histogram + UPPER_FIRST, (KEY_BYTES - UPPER_FIRST) * sizeof *upper);
        for (first = UPPER_FIRST; first < passes; first++) {
            sort_byte(&sorting, first, upper[first - UPPER_FIRST]);
        }
        first = sort_runs(&sorting, UPPER_FIRST) ? passes : 0;
    }
    for (; first < passes; first++) {
        sort_byte(&sorting, differing[first], histogram[differing[first]]);
    }
    if (sorting.keys == keys) return;
    memcpy(keys, sorting.keys, count * sizeof *keys);
    memcpy(values, sorting.values, count * sizeof *values);
}
