#ifndef INTAKE_FOLD_H
#define INTAKE_FOLD_H

#include "base/str.h"

/* Cells as they are compared: compatibility form, lower case, without blanks and marks that cannot
 * be seen. Values are stored as written; only the reading of them works on folded text. */

/* Without blanks, invisible marks and leading apostrophes; width folded, traditional characters
 * simplified, ASCII lower case. Into the
 * arena, or a view of `s` when nothing changes. */
struct str fold_text(struct arena *arena, struct str s);

/* Without blanks of any width around, byte order marks and a leading apostrophe. A view of `s`. */
struct str fold_trim(struct str s);

/* True for a cell that states nothing: empty, 无, 不详, /, -, N/A and the like. */
bool fold_is_blank(struct str trimmed);

/* The number that a run of Chinese numerals at the start of `s` writes: 十二 is 12, 二〇一二 2012.
 * *used gets its bytes, *digits how many digits it has; 0 used when there is none. */
int fold_hanzi_number(struct str s, size_t *used, int *digits);

/* A number at the start of folded text, in digits or Chinese numerals, at most `digits_max` digits.
 * False when there is none. Moves *at behind it. */
bool fold_number(struct str s, size_t *at, int digits_max, int *number, int *digits);

/* True for a Chinese character (all blocks, with the private ones that rare names use). */
bool fold_is_hanzi(uint32_t code);

/* How many characters, and whether all are Chinese (dots between names count as such). */
size_t fold_count_hanzi(struct str s, bool *all);

/* True when one of the zero-terminated words (list ends with NULL) is `s`, stands at its start, or
 * anywhere in it; *which (may be NULL) gets its number. */
bool fold_is_one_of(struct str s, const char *const *words);
bool fold_starts_one_of(struct str s, const char *const *words, size_t *which);
bool fold_has_one_of(struct str s, const char *const *words);

#endif
