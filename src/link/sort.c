#include "link/engine_internal.h"

#include <string.h>

enum { BYTE_VALUES = 256, KEY_BYTES = 8, SMALL_COUNT = 64 };

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
    uint64_t *keys_from = keys, *keys_to = arena_array(scratch, uint64_t, count);
    uint32_t *values_from = values, *values_to = arena_array(scratch, uint32_t, count);
    for (size_t byte = 0; byte < KEY_BYTES; byte++) {
        size_t *places = histogram[byte];
        if (places[keys_from[0] >> (8 * byte) & 0xFF] == count) continue;
        size_t sum = 0;
        for (size_t i = 0; i < BYTE_VALUES; i++) {
            size_t here = places[i];
            places[i] = sum;
            sum += here;
        }
        for (size_t i = 0; i < count; i++) {
            size_t at = places[keys_from[i] >> (8 * byte) & 0xFF]++;
            keys_to[at] = keys_from[i];
            values_to[at] = values_from[i];
        }
        uint64_t *keys_swap = keys_from;
        uint32_t *values_swap = values_from;
        keys_from = keys_to;
        values_from = values_to;
        keys_to = keys_swap;
        values_to = values_swap;
    }
    if (keys_from == keys) return;
    memcpy(keys, keys_from, count * sizeof *keys);
    memcpy(values, values_from, count * sizeof *values);
}
