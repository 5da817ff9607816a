#ifndef IDENTITY_READING_H
#define IDENTITY_READING_H

#include "base/str.h"

/* Mandarin readings of characters, from embedded tables. A syllable is a small number; 0 is none.
 * Tones are not part of it. */

enum { READING_SYLLABLES_MAX = 512, READINGS_PER_CHARACTER_MAX = 4 };

/* The readings of a character in a given name, commonest first; 0 … READINGS_PER_CHARACTER_MAX. */
size_t reading_of(uint32_t code, uint16_t out[READINGS_PER_CHARACTER_MAX]);

/* The reading of a character as a surname (单 shan, 仇 qiu, 曾 zeng); the commonest when it has no
 * special one; 0 when unknown. */
uint16_t reading_of_surname(uint32_t code);

/* "zhang" for a syllable; ü is written v. Static text. */
const char *reading_text(uint16_t syllable);

/* The class of syllables that speakers of the north-west and clerks confuse: zh/z, ch/c, sh/s, n/l,
 * f/hu, ang/an, eng/en, ing/in, ong/un, iong/un. Equal classes are near homophones. `syllable` is
 * one that these functions gave, or 0. */
uint16_t reading_class(uint16_t syllable);

/* True when the two characters share a reading (homophone), or a reading class (near). */
bool reading_same(uint32_t a, uint32_t b);
bool reading_near(uint32_t a, uint32_t b);

/* How each character of a name may be read: those of a surname as surnames first (单 shan before
 * dan, 尉迟 yu chi), then in every other way; those of the given name commonest first. Characters
 * without a reading (dots, Latin letters) are left out, and what stands behind the first
 * READING_NAME_CHARACTERS_MAX. */
enum { READING_NAME_CHARACTERS_MAX = 12, READING_WAYS_MAX = READINGS_PER_CHARACTER_MAX + 1 };
struct name_readings {
    size_t count;
    struct {
        size_t count; /* at least 1 */
        uint16_t syllables[READING_WAYS_MAX];
    } characters[READING_NAME_CHARACTERS_MAX];
};
void reading_of_name(struct str surname, struct str given, struct name_readings *out);

/* "wangxiaoming" for 王小明: a surname of one or two characters by its reading as a surname, all
 * else by the commonest; characters without a reading stand as they are. Into the arena, at most
 * 4096 bytes. */
struct str reading_name(struct arena *arena, struct str surname, struct str given);

#endif
