#ifndef IDENTITY_ID_NUMBER_H
#define IDENTITY_ID_NUMBER_H

#include "base/day.h"

/* Citizen identity numbers (公民身份号码, GB 11643-1999): 6 digits division of first issue, 8 of
 * birth, 3 sequence (odd: male), 1 check character (ISO 7064 MOD 11-2). Also what stands in their
 * place in real lists: 15-digit numbers of the first generation, disability certificates (20 or 22
 * characters: number, kind, grade, reissue), student numbers (G or J or L and 18), numbers that a
 * spreadsheet turned into 6.2E+17. A damaged number is kept as written and never guessed. */

enum id_state {
    ID_ABSENT,      /* nothing written, or a word such as 无 */
    ID_VALID,       /* 18 characters, real day of birth, check character right */
    ID_WRONG_CHECK, /* 18 characters of the right form, check character or day wrong */
    ID_DAMAGED,     /* lost digits (scientific notation, trailing 000 from a float), wrong length,
                       other characters */
    ID_OTHER,       /* a document of another kind (passport, permit) or a student number */
};

struct id_number {
    enum id_state state;
    char text[25];      /* canonical: 18 characters, X upper case, 15 digits raised to 18; the cleaned
                           text when the state is not ID_VALID; zero-terminated */
    bool from_15;       /* was a 15-digit number */
    bool from_disability; /* was cut from a disability certificate */
    bool from_student_number; /* G or J number given where an ID number belongs */
    char disability_kind;  /* '1'…'7' from a certificate, else 0 */
    char disability_grade; /* '1'…'4' from a certificate, else 0 */
    day birth;          /* DAY_NONE unless the digits give a real day */
    char sex;           /* 'M', 'F', or 0 when unknown */
};

/* Reads a cell: full-width digits, quotes, blanks, hyphens, a leading apostrophe, lower-case x and
 * × are understood. Never fails: what is not a number is ID_DAMAGED or ID_OTHER. */
void id_number_read(struct str written, struct id_number *out);

/* The check character for the first 17 digits ('0'…'9' or 'X'). */
char id_number_check(const char digits17[17]);

/* "620422********0013": the first 6 and last 4 of 18 characters; for other lengths all but the last
 * 4 (at most half) are starred. Writes into the arena. */
struct str id_number_mask(struct arena *arena, struct str number);

/* How two canonical numbers of 18 differ: the number of places that differ, and whether swapping
 * two neighbouring characters makes them equal. */
int id_number_distance(struct str a, struct str b, bool *swapped);

#endif
