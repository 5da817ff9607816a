#ifndef IDENTITY_HANZI_H
#define IDENTITY_HANZI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Inside of the identity folder: what is known of each character, as constant arrays that
 * tools/compile_hanzi.py makes at build time from the tables in src/identity/hanzi. Nothing is set
 * up when the program runs, so any thread may read at any time. */

/* The range that has dense arrays: the basic plane's characters and extension A. What lies outside
 * is found in sorted lists. */
enum { HANZI_FIRST = 0x3400, HANZI_LAST = 0x9FFF, HANZI_COUNT = HANZI_LAST - HANZI_FIRST + 1 };

/* An entry of a list sorted by code. */
struct hanzi_value {
    uint32_t code;
    uint32_t value;
};

/* Further readings of a character, 0 where there are no more. */
struct hanzi_more {
    uint32_t code;
    uint16_t syllables[3];
};

/* A surname of two characters and the syllables it is read as. */
struct hanzi_compound {
    uint32_t first;
    uint32_t second;
    uint16_t syllables[2];
};

/* The place in hanzi_simple_targets of what a character is compared as; 0: it stands for itself. */
extern const uint16_t hanzi_simple_dense[HANZI_COUNT];
extern const struct hanzi_value hanzi_simple_rest[];
extern const size_t hanzi_simple_rest_count;
extern const uint32_t hanzi_simple_targets[];

/* The commonest reading as a syllable, with HANZI_HAS_MORE when hanzi_reading_more has others. */
enum { HANZI_HAS_MORE = 0x8000 };
extern const uint16_t hanzi_reading_dense[HANZI_COUNT];
extern const struct hanzi_value hanzi_reading_rest[];
extern const size_t hanzi_reading_rest_count;
extern const struct hanzi_more hanzi_reading_more[]; /* sorted by code */
extern const size_t hanzi_reading_more_count;

/* By syllable, 0 … hanzi_syllable_count - 1; syllable 0 is none. */
extern const char *const hanzi_syllables[];
extern const uint16_t hanzi_syllable_classes[];
extern const size_t hanzi_syllable_count;

extern const struct hanzi_value hanzi_surnames[]; /* code and syllable, sorted by code */
extern const size_t hanzi_surname_count;
extern const struct hanzi_compound hanzi_compounds[]; /* sorted */
extern const size_t hanzi_compound_count;

/* Neighbours in shape: those of hanzi_shape_codes[i] (sorted) are the hanzi_shape_pairs from
 * hanzi_shape_starts[i] to hanzi_shape_starts[i + 1], nearest first; each is a code in the low 18
 * bits and a likeness in thousandths above. */
extern const uint32_t hanzi_shape_codes[];
extern const uint32_t hanzi_shape_starts[];
extern const uint32_t hanzi_shape_pairs[];
extern const size_t hanzi_shape_count;

/* The value of `code` in a dense array and its sorted rest; 0 when it has none. */
uint32_t hanzi_look_up(const uint16_t dense[HANZI_COUNT], const struct hanzi_value *rest,
                       size_t rest_count, uint32_t code);

/* The value of `code` in a sorted list; 0 when it has none. */
uint32_t hanzi_find(const struct hanzi_value *list, size_t count, uint32_t code);

/* True for characters of Chinese writing: unified and compatibility ideographs of all planes, 〇,
 * and the private-use ones that old systems gave to rare characters in names. */
bool hanzi_is(uint32_t code);

/* The character that `code` is compared as; itself when it has no simpler form. */
uint32_t hanzi_simple(uint32_t code);

/* The compound surname of two characters, or NULL. */
const struct hanzi_compound *hanzi_compound(uint32_t first, uint32_t second);

#endif
