#include "identity/shape.h"

#include "identity/hanzi.h"

enum { CODE_BITS = 18, ALIKE_SAME = 1000 };

/* The place of a character in hanzi_shape_codes; hanzi_shape_count when it has no neighbours. */
static size_t place_of(uint32_t code)
{
    size_t low = 0, high = hanzi_shape_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hanzi_shape_codes[middle] < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < hanzi_shape_count && hanzi_shape_codes[low] == code ? low : hanzi_shape_count;
}

int shape_alike(uint32_t a, uint32_t b)
{
    if (a == b) return ALIKE_SAME;
    size_t place = place_of(a);
    if (place == hanzi_shape_count) return 0;
    for (uint32_t i = hanzi_shape_starts[place]; i < hanzi_shape_starts[place + 1]; i++) {
        uint32_t pair = hanzi_shape_pairs[i];
        if ((pair & ((1u << CODE_BITS) - 1)) == b) return (int)(pair >> CODE_BITS);
    }
    return 0;
}

bool shape_near(uint32_t a, uint32_t b)
{
    return a != b && shape_alike(a, b) > 0;
}

int shape_neighbours(uint32_t code, uint32_t out[SHAPE_NEIGHBOURS_MAX])
{
    size_t place = place_of(code);
    if (place == hanzi_shape_count) return 0;
    uint32_t first = hanzi_shape_starts[place], end = hanzi_shape_starts[place + 1];
    for (uint32_t i = first; i < end; i++) {
        out[i - first] = hanzi_shape_pairs[i] & ((1u << CODE_BITS) - 1);
    }
    return (int)(end - first);
}
