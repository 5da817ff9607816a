#include "identity/hanzi.h"

uint32_t hanzi_find(const struct hanzi_value *list, size_t count, uint32_t code)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list[middle].code < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < count && list[low].code == code ? list[low].value : 0;
}

uint32_t hanzi_look_up(const uint16_t dense[HANZI_COUNT], const struct hanzi_value *rest,
                       size_t rest_count, uint32_t code)
{
    if (code >= HANZI_FIRST && code <= HANZI_LAST) return dense[code - HANZI_FIRST];
    return code < HANZI_FIRST ? 0 : hanzi_find(rest, rest_count, code);
}

bool hanzi_is(uint32_t code)
{
    if (code >= 0x4E00 && code <= 0x9FFF) return true;
    if (code < 0x3400) return code == 0x3007;
    if (code <= 0x4DBF) return true;
    if (code >= 0xE000 && code <= 0xFAFF) return true;
    return (code >= 0x20000 && code <= 0x3FFFF) || (code >= 0xF0000 && code <= 0x10FFFD);
}

uint32_t hanzi_simple(uint32_t code)
{
    uint32_t place =
        hanzi_look_up(hanzi_simple_dense, hanzi_simple_rest, hanzi_simple_rest_count, code);
    return place == 0 ? code : hanzi_simple_targets[place];
}

const struct hanzi_compound *hanzi_compound(uint32_t first, uint32_t second)
{
    size_t low = 0, high = hanzi_compound_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct hanzi_compound *compound = &hanzi_compounds[middle];
        if (compound->first < first || (compound->first == first && compound->second < second)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == hanzi_compound_count) return NULL;
    const struct hanzi_compound *found = &hanzi_compounds[low];
    return found->first == first && found->second == second ? found : NULL;
}
