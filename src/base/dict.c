#include "base/dict.h"

#include <string.h>

enum { SLOTS_FIRST = 64 };

void dict_init(struct dict *dict, struct arena *arena)
{
    CHECK(arena != NULL);
    *dict = (struct dict){.arena = arena};
}

static void dict_rehash(struct dict *dict)
{
    uint32_t slot_count = dict->slot_count == 0 ? SLOTS_FIRST : dict->slot_count * 2;
    CHECK(slot_count != 0);
    uint32_t *slots = arena_array(dict->arena, uint32_t, slot_count);
    for (uint32_t i = 0; i < dict->count; i++) {
        uint32_t at = (uint32_t)dict->hashes[i] & (slot_count - 1);
        while (slots[at] != 0) at = (at + 1) & (slot_count - 1);
        slots[at] = i + 1;
    }
    arena_give_back(dict->arena, dict->slots, dict->slot_count * sizeof *slots);
    dict->slots = slots;
    dict->slot_count = slot_count;
}

static void dict_grow_texts(struct dict *dict)
{
    uint32_t capacity = dict->capacity == 0 ? SLOTS_FIRST / 2 : dict->capacity * 2;
    struct str *texts = arena_array(dict->arena, struct str, capacity);
    uint64_t *hashes = arena_array(dict->arena, uint64_t, capacity);
    if (dict->count > 0) {
        memcpy(texts, dict->texts, dict->count * sizeof *texts);
        memcpy(hashes, dict->hashes, dict->count * sizeof *hashes);
    }
    arena_give_back(dict->arena, dict->texts, dict->capacity * sizeof *texts);
    arena_give_back(dict->arena, dict->hashes, dict->capacity * sizeof *hashes);
    dict->texts = texts;
    dict->hashes = hashes;
    dict->capacity = capacity;
}

static uint32_t dict_slot(const struct dict *dict, struct str text, uint64_t hash)
{
    uint32_t at = (uint32_t)hash & (dict->slot_count - 1);
    while (dict->slots[at] != 0) {
        uint32_t number = dict->slots[at] - 1;
        if (dict->hashes[number] == hash && str_equal(dict->texts[number], text)) return at;
        at = (at + 1) & (dict->slot_count - 1);
    }
    return at;
}

uint32_t dict_put(struct dict *dict, struct str text)
{
    uint64_t hash = str_hash(text);
    if (dict->slot_count == 0 || dict->count >= dict->slot_count / 2) dict_rehash(dict);
    uint32_t at = dict_slot(dict, text, hash);
    if (dict->slots[at] != 0) return dict->slots[at] - 1;
    if (dict->count == dict->capacity) dict_grow_texts(dict);
    uint32_t number = dict->count++;
    dict->texts[number] = str_copy(dict->arena, text);
    dict->hashes[number] = hash;
    dict->slots[at] = number + 1;
    return number;
}

uint32_t dict_find(const struct dict *dict, struct str text)
{
    if (dict->slot_count == 0) return DICT_NONE;
    uint32_t at = dict_slot(dict, text, str_hash(text));
    return dict->slots[at] == 0 ? DICT_NONE : dict->slots[at] - 1;
}

struct str dict_text(const struct dict *dict, uint32_t number)
{
    CHECK(number < dict->count);
    return dict->texts[number];
}

void u64_map_init(struct u64_map *map, struct arena *arena)
{
    CHECK(arena != NULL);
    *map = (struct u64_map){.arena = arena};
}

static uint32_t map_slot(const struct u64_map *map, uint64_t key)
{
    uint32_t at = (uint32_t)u64_mix(key) & (map->slot_count - 1);
    while (map->values[at] != 0 && map->keys[at] != key) at = (at + 1) & (map->slot_count - 1);
    return at;
}

static void map_rehash(struct u64_map *map)
{
    struct u64_map bigger = {.arena = map->arena, .count = map->count};
    bigger.slot_count = map->slot_count == 0 ? SLOTS_FIRST : map->slot_count * 2;
    CHECK(bigger.slot_count != 0);
    bigger.keys = arena_array(map->arena, uint64_t, bigger.slot_count);
    bigger.values = arena_array(map->arena, uint32_t, bigger.slot_count);
    for (uint32_t i = 0; i < map->slot_count; i++) {
        if (map->values[i] == 0) continue;
        uint32_t at = map_slot(&bigger, map->keys[i]);
        bigger.keys[at] = map->keys[i];
        bigger.values[at] = map->values[i];
    }
    arena_give_back(map->arena, map->keys, map->slot_count * sizeof *map->keys);
    arena_give_back(map->arena, map->values, map->slot_count * sizeof *map->values);
    *map = bigger;
}

void u64_map_put(struct u64_map *map, uint64_t key, uint32_t value)
{
    CHECK(value != DICT_NONE);
    if (map->slot_count == 0 || map->count >= map->slot_count / 2) map_rehash(map);
    uint32_t at = map_slot(map, key);
    if (map->values[at] == 0) map->count++;
    map->keys[at] = key;
    map->values[at] = value + 1;
}

uint32_t u64_map_find(const struct u64_map *map, uint64_t key)
{
    if (map->slot_count == 0) return DICT_NONE;
    uint32_t at = map_slot(map, key);
    return map->values[at] == 0 ? DICT_NONE : map->values[at] - 1;
}
