#ifndef BASE_DICT_H
#define BASE_DICT_H

#include "base/str.h"

#include <stdint.h>

/* Two hash tables in an arena. A `struct dict` gives each distinct text a dense number 0, 1, 2 …
 * in the order of first appearance, so it serves as a set, as a map (number into an array) and as
 * the dictionary of a coded column. A `struct u64_map` maps 64-bit keys to 32-bit values. Same
 * insertions in the same order give the same numbers on every machine. Limit: 2^31 entries. */

#define DICT_NONE UINT32_MAX

struct dict {
    struct arena *arena;
    struct str *texts; /* by number */
    uint64_t *hashes;  /* by number */
    uint32_t *slots;   /* number + 1, 0 is free */
    uint32_t count;
    uint32_t capacity;   /* of texts */
    uint32_t slot_count; /* a power of two */
};

/* Empty; what is put into it lives in `arena`. */
void dict_init(struct dict *dict, struct arena *arena);

/* The number of `text`; a new one is copied into the arena. */
uint32_t dict_put(struct dict *dict, struct str text);

/* The number of `text`, or DICT_NONE. */
uint32_t dict_find(const struct dict *dict, struct str text);

/* The text with this number; borrowed from the dict. */
struct str dict_text(const struct dict *dict, uint32_t number);

struct u64_map {
    struct arena *arena;
    uint64_t *keys;
    uint32_t *values; /* value + 1, 0 is free */
    uint32_t count;
    uint32_t slot_count; /* a power of two */
};

/* Empty; its tables live in `arena`. */
void u64_map_init(struct u64_map *map, struct arena *arena);

/* Sets the value of `key` (0 … UINT32_MAX - 1), replacing an older one. */
void u64_map_put(struct u64_map *map, uint64_t key, uint32_t value);

/* The value of `key`, or DICT_NONE. */
uint32_t u64_map_find(const struct u64_map *map, uint64_t key);

/* A mixer for 64-bit keys: every input bit reaches every output bit (SplitMix64 finaliser). */
static inline uint64_t u64_mix(uint64_t key)
{
    key ^= key >> 30;
    key *= 0xBF58476D1CE4E5B9u;
    key ^= key >> 27;
    key *= 0x94D049BB133111EBu;
    return key ^ (key >> 31);
}

#endif
