#include "link/compare.h"

#include "identity/name.h"
#include "identity/reading.h"
#include "identity/shape.h"

/* Up to four readings (or classes) of a character in one word, 16 bits each. */
static uint64_t pack_readings(uint32_t code, bool surname, bool classes)
{
    uint16_t readings[READINGS_PER_CHARACTER_MAX];
    size_t count = reading_of(code, readings);
    uint16_t special = surname ? reading_of_surname(code) : 0;
    if (special != 0) {
        /* A surname is read in one way; the given-name readings stay for people who do not know. */
        bool known = false;
        for (size_t i = 0; i < count; i++) known = known || readings[i] == special;
        if (!known && count < READINGS_PER_CHARACTER_MAX) readings[count++] = special;
    }
    uint64_t packed = 0;
    for (size_t i = 0; i < count; i++) {
        uint16_t value = classes ? reading_class(readings[i]) : readings[i];
        packed = packed << 16 | value;
    }
    return packed;
}

void value_characters_init(struct value_characters *characters, struct arena *arena)
{
    *characters = (struct value_characters){.arena = arena};
    u64_map_init(&characters->numbers, arena);
}

static const struct value_character *find_character(struct value_characters *characters,
                                                    uint32_t code, bool surname)
{
    uint64_t key = (uint64_t)code << 1 | surname;
    uint32_t number = u64_map_find(&characters->numbers, key);
    if (number != DICT_NONE) return characters->list.items[number];
    struct value_character *character = arena_new(characters->arena, struct value_character);
    *character = (struct value_character){.code = code,
                                          .readings = pack_readings(code, surname, false),
                                          .classes = pack_readings(code, surname, true)};
    u64_map_put(&characters->numbers, key, (uint32_t)characters->list.count);
    *list_push(characters->arena, &characters->list) = character;
    return character;
}

void value_name_read(struct value_characters *characters, struct arena *work, struct str text,
                     struct value_name *out)
{
    *out = (struct value_name){0};
    struct name name;
    if (name_is_blank(text)) return;
    name_read(work, text, &name);
    const struct value_character *found[NAME_CODES_MAX];
    size_t at = 0;
    uint32_t code;
    while (out->count < NAME_CODES_MAX && utf8_next(name.clean, &at, &code)) {
        bool surname = at <= name.surname.len;
        found[out->count++] = find_character(characters, code, surname);
        if (surname) out->surname_count = out->count;
    }
    out->characters = arena_copy(characters->arena, found, out->count * sizeof *found);
}

static bool share_reading(uint64_t a, uint64_t b)
{
    for (uint64_t x = a; x != 0; x >>= 16) {
        for (uint64_t y = b; y != 0; y >>= 16) {
            if ((x & 0xFFFF) == (y & 0xFFFF) && (x & 0xFFFF) != 0) return true;
        }
    }
    return false;
}

/* The shorter is the longer with characters left out. */
static bool is_part(const struct value_name *shorter, const struct value_name *longer)
{
    uint8_t at = 0;
    for (uint8_t i = 0; i < longer->count && at < shorter->count; i++) {
        if (longer->characters[i]->code == shorter->characters[at]->code) at++;
    }
    return at == shorter->count;
}

static bool same_characters(const struct value_name *a, const struct value_name *b)
{
    uint32_t used = 0;
    for (uint8_t i = 0; i < a->count; i++) {
        uint8_t j = 0;
        while (j < b->count
               && (a->characters[i]->code != b->characters[j]->code || (used & 1u << j) != 0))
            j++;
        if (j == b->count) return false;
        used |= 1u << j;
    }
    return true;
}

static bool range_equal(const struct value_name *a, uint8_t from_a, uint8_t to_a,
                        const struct value_name *b, uint8_t from_b, uint8_t to_b)
{
    if (to_a - from_a != to_b - from_b || to_a == from_a) return false;
    for (uint8_t i = 0; i < to_a - from_a; i++) {
        if (a->characters[from_a + i]->code != b->characters[from_b + i]->code) return false;
    }
    return true;
}

/* Facts that ask for as many characters on both sides. */
static int32_t parallel_facts(const struct value_name *a, const struct value_name *b)
{
    int equal = 0;
    bool same = true, near = true, alike = true; /* as far as looked at */
    for (uint8_t i = 0; i < a->count; i++) {
        const struct value_character *x = a->characters[i], *y = b->characters[i];
        if (x->code == y->code) {
            equal++;
            continue;
        }
        bool is_same = (same || alike) && share_reading(x->readings, y->readings);
        same = same && is_same;
        near = near && (is_same || share_reading(x->classes, y->classes));
        alike = alike && (is_same || shape_near(x->code, y->code));
    }
    int count = a->count;
    int32_t facts = 0;
    if (equal == count) facts |= NAME_SAME;
    if (same) facts |= NAME_HOMOPHONE;
    if (near) facts |= NAME_NEAR_HOMOPHONE;
    if (alike) facts |= NAME_SHAPE;
    if (count >= 3 && equal >= count - 1) facts |= NAME_ONE_CHARACTER;
    if (equal < count && same_characters(a, b)) facts |= NAME_ORDER;
    return facts;
}

int32_t name_facts(const struct value_name *a, const struct value_name *b)
{
    if (a->count == 0 || b->count == 0) return 0;
    int32_t facts = 0;
    if (a->count == b->count) {
        facts = parallel_facts(a, b);
    } else {
        const struct value_name *shorter = a->count < b->count ? a : b;
        const struct value_name *longer = a->count < b->count ? b : a;
        if (shorter->count >= 2 && is_part(shorter, longer)) facts |= NAME_MISSING;
    }
    bool surname = range_equal(a, 0, a->surname_count, b, 0, b->surname_count);
    if (surname) facts |= NAME_SURNAME;
    bool given = range_equal(a, a->surname_count, a->count, b, b->surname_count, b->count);
    if (given && !surname) facts |= NAME_GIVEN;
    return facts;
}
