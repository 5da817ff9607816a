#include "link/engine_internal.h"

#include "base/dict.h"

enum { SLOTS_FIRST = 256 };

static uint32_t find_slot(const struct pattern_table *table, uint64_t pattern)
{
    uint32_t at = (uint32_t)u64_mix(pattern) & (table->slot_count - 1);
    while (table->numbers[at] != 0 && table->keys[at] != pattern) {
        at = (at + 1) & (table->slot_count - 1);
    }
    return at;
}

static void grow(struct pattern_table *table)
{
    struct pattern_table bigger = *table;
    bigger.slot_count = table->slot_count == 0 ? SLOTS_FIRST : table->slot_count * 2;
    bigger.capacity = bigger.slot_count / 2;
    bigger.keys = arena_array(table->arena, uint64_t, bigger.slot_count);
    bigger.numbers = arena_array(table->arena, uint32_t, bigger.slot_count);
    bigger.patterns = arena_array(table->arena, uint64_t, bigger.capacity);
    for (uint32_t i = 0; i < table->count; i++) {
        uint32_t at = find_slot(&bigger, table->patterns[i]);
        bigger.keys[at] = table->patterns[i];
        bigger.numbers[at] = i + 1;
        bigger.patterns[i] = table->patterns[i];
    }
    *table = bigger;
}

uint32_t pattern_number(struct pattern_table *table, uint64_t pattern)
{
    if (table->count == table->capacity) grow(table);
    uint32_t at = find_slot(table, pattern);
    if (table->numbers[at] != 0) return table->numbers[at] - 1;
    table->keys[at] = pattern;
    table->patterns[table->count] = pattern;
    table->numbers[at] = ++table->count;
    return table->count - 1;
}
