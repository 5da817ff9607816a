#include "identity/reading.h"

#include "identity/hanzi.h"

enum { NAME_BYTES_MAX = 4096 };

static uint32_t first_reading(uint32_t code)
{
    return hanzi_look_up(hanzi_reading_dense, hanzi_reading_rest, hanzi_reading_rest_count, code);
}

static uint16_t first_syllable(uint32_t code)
{
    return (uint16_t)(first_reading(code) & ~(uint32_t)HANZI_HAS_MORE);
}

static const struct hanzi_more *more_readings(uint32_t code)
{
    size_t low = 0, high = hanzi_reading_more_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (hanzi_reading_more[middle].code < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return &hanzi_reading_more[low];
}

size_t reading_of(uint32_t code, uint16_t out[READINGS_PER_CHARACTER_MAX])
{
    uint32_t first = first_reading(code);
    if (first == 0) return 0;
    out[0] = first_syllable(code);
    if ((first & HANZI_HAS_MORE) == 0) return 1;
    const struct hanzi_more *more = more_readings(code);
    CHECK(more->code == code);
    size_t count = 1;
    for (size_t i = 0; i < 3 && more->syllables[i] != 0; i++) out[count++] = more->syllables[i];
    return count;
}

uint16_t reading_of_surname(uint32_t code)
{
    uint32_t special = hanzi_find(hanzi_surnames, hanzi_surname_count, code);
    if (special != 0) return (uint16_t)special;
    return first_syllable(code);
}

const char *reading_text(uint16_t syllable)
{
    CHECK(syllable < hanzi_syllable_count);
    return hanzi_syllables[syllable];
}

uint16_t reading_class(uint16_t syllable)
{
    CHECK(syllable < hanzi_syllable_count);
    return hanzi_syllable_classes[syllable];
}

/* Most characters have one reading, so that the loops run once. */
static bool share(uint32_t a, uint32_t b, bool near)
{
    uint16_t left[READINGS_PER_CHARACTER_MAX], right[READINGS_PER_CHARACTER_MAX];
    size_t left_count = reading_of(a, left), right_count = reading_of(b, right);
    for (size_t i = 0; i < left_count; i++) {
        for (size_t k = 0; k < right_count; k++) {
            if (left[i] == right[k]) return true;
            if (near && reading_class(left[i]) == reading_class(right[k])) return true;
        }
    }
    return false;
}

bool reading_same(uint32_t a, uint32_t b)
{
    return share(a, b, false);
}

bool reading_near(uint32_t a, uint32_t b)
{
    return share(a, b, true);
}

static void add_surname(struct text *text, struct str surname)
{
    size_t at = 0;
    uint32_t first, second;
    if (utf8_next(surname, &at, &first) && utf8_next(surname, &at, &second) && at == surname.len) {
        const struct hanzi_compound *compound = hanzi_compound(first, second);
        if (compound != NULL) {
            text_add_c(text, reading_text(compound->syllables[0]));
            text_add_c(text, reading_text(compound->syllables[1]));
            return;
        }
    }
    at = 0;
    bool single = utf8_count(surname) == 1;
    while (utf8_next(surname, &at, &first)) {
        uint16_t syllable = single ? reading_of_surname(first) : first_syllable(first);
        if (syllable != 0) text_add_c(text, reading_text(syllable));
        if (syllable == 0) text_add_code(text, first);
    }
}

struct str reading_name(struct arena *arena, struct str surname, struct str given)
{
    struct text text;
    size_t at = 0;
    uint32_t code;
    text_init(&text, arena, NAME_BYTES_MAX);
    add_surname(&text, surname);
    while (utf8_next(given, &at, &code)) {
        uint16_t readings[READINGS_PER_CHARACTER_MAX];
        size_t count = reading_of(code, readings);
        if (count > 0) text_add_c(&text, reading_text(readings[0]));
        if (count == 0) text_add_code(&text, code);
    }
    return text_str(&text);
}

/* Adds a character with `first` (0: none) before its other readings. */
static void add_ways(struct name_readings *out, uint32_t code, uint16_t first)
{
    uint16_t readings[READINGS_PER_CHARACTER_MAX];
    size_t count = reading_of(code, readings);
    if (out->count == READING_NAME_CHARACTERS_MAX || (count == 0 && first == 0)) return;
    size_t place = out->count++, ways = 0;
    uint16_t *syllables = out->characters[place].syllables;
    if (first != 0) syllables[ways++] = first;
    for (size_t i = 0; i < count; i++) {
        if (readings[i] != first) syllables[ways++] = readings[i];
    }
    out->characters[place].count = ways;
}

void reading_of_name(struct str surname, struct str given, struct name_readings *out)
{
    size_t at = 0;
    uint32_t codes[2] = {0}, code;
    out->count = 0;
    bool two = utf8_count(surname) == 2 && utf8_next(surname, &at, &codes[0])
               && utf8_next(surname, &at, &codes[1]);
    const struct hanzi_compound *compound = two ? hanzi_compound(codes[0], codes[1]) : NULL;
    bool single = utf8_count(surname) == 1;
    at = 0;
    for (int i = 0; utf8_next(surname, &at, &code); i++) {
        uint16_t first = single ? reading_of_surname(code) : 0;
        add_ways(out, code, compound != NULL ? compound->syllables[i] : first);
    }
    at = 0;
    while (utf8_next(given, &at, &code)) add_ways(out, code, 0);
}
