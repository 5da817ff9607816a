#ifndef IDENTITY_MASK_H
#define IDENTITY_MASK_H

#include "base/str.h"

/* Cells as clerks wrote them, for eyes that need not see all of it. ID numbers that stand alone are
 * masked by id_number_mask; this is for text in which one may stand anywhere, or in a form that
 * nobody foresaw. It rather hides too much: two days joined by a stroke are taken for a number. */

/* With every run of digits masked that may be an ID or student number, a bank account or a phone:
 * 13 digits or more, 11 of a mobile phone, 10 and more that begin with 0. Digits of full width,
 * stars, and blanks, strokes and commas between digits belong to a run. The rest stays. In the
 * arena. */
struct str mask_numbers(struct arena *arena, struct str text);

/* The same for text that is stored and read in the open, where a code or two days must stay as they
 * are: only what reads as somebody's number is masked, which is 18 or 15 characters with a day of
 * birth inside (blanks between count for nothing), or a mobile phone of 11 digits. `text` itself
 * when there is none. */
struct str mask_people(struct arena *arena, struct str text);

/* The text without those numbers; `text` itself when there is none. In the arena. */
struct str mask_people_out(struct arena *arena, struct str text);

/* A value that identifies whatever it is (an address, a phone, a list of people): its last four
 * digits or letters where it is a number, "***" otherwise. Four characters or less without a digit
 * stay, for words such as 待补. In the arena. */
struct str mask_value(struct arena *arena, struct str text);

/* A name: its first character, a star for each of the others ("王**"). In the arena. */
struct str mask_name(struct arena *arena, struct str name);

#endif
