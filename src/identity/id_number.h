#ifndef IDENTITY_ID_NUMBER_H
#define IDENTITY_ID_NUMBER_H

#include "base/day.h"

/* Citizen identity numbers (公民身份号码, GB 11643-1999): 6 digits division of first issue, 8 of
 * birth, 3 sequence (odd: male), 1 check character (ISO 7064 MOD 11-2). Also what stands in their
 * place in real lists: 15-digit numbers of the first generation, disability certificates (20 or 22
 * characters: number, kind, grade, reissue), student numbers (G, J or L and 18), numbers that a
 * spreadsheet turned into 6.2E+17. A damaged number is kept as written and never guessed.
 *
 * Not every code at issue is in today's list of divisions, so the first six digits are not checked.
 * A first-generation number has no check character: its province and day must be real, and the
 * day from 1930 to September 1999, when the last were given out. Other 15 digits are damaged: a
 * child's number in the old form ("620422120305001" of 2012) or one of 18 characters short of its
 * last three ("620422201203050"), which would read as of persons born in 1912 and 1920. */

enum id_state {
    ID_ABSENT, /* nothing written, zeros, strokes, or words without digits such as 无, 待补 */
    ID_VALID,  /* 18 characters, real day of birth, check character right */
    ID_WRONG_CHECK, /* 18 characters of the right form, check character or day wrong */
    ID_DAMAGED,     /* lost digits (scientific notation, trailing 000 from a float and a wrong check
                       character), wrong length, other characters, stars of a mask */
    ID_OTHER,       /* a document of another kind (passport, permit) or a student number */
};

struct id_number {
    enum id_state state;
    char text[25]; /* canonical: 18 characters, X upper case, 15 digits raised to 18, certificates
                      and G numbers cut to 18 (ID_WRONG_CHECK too); else the cleaned text, at
                      most 24 bytes of it, whole characters; zero-terminated */
    bool from_15;  /* was a 15-digit number */
    bool from_disability;     /* was cut from a disability certificate */
    bool from_student_number; /* a G, J or L number given where an ID number belongs: G holds the ID
                                 number and is read as it, J and L are ID_OTHER */
    char disability_kind;     /* '1'…'7' from a certificate, else 0 */
    char disability_grade;    /* '1'…'4' from a certificate, else 0 */
    day birth; /* DAY_NONE unless the digits give a real day; also of damaged and J and L
                  numbers whose first 14 digits are whole */
    char sex;  /* 'M', 'F', or 0 when unknown */
};

/* Reads a cell: full-width digits, quotes, blanks, hyphens, a leading apostrophe, lower-case x and
 * × are understood. Never fails: what is not a number is ID_DAMAGED or ID_OTHER. */
void id_number_read(struct str written, struct id_number *out);

/* The check character ('0'…'9' or 'X') for the first 17 characters, which must be digits. */
char id_number_check(const char digits17[17]);

/* "620422********0013": the first 6 and last 4 of 18 characters; for other lengths all but the last
 * 4 (at most half) are starred. Writes into the arena. */
struct str id_number_mask(struct arena *arena, struct str number);

/* How two canonical numbers of 18 differ: the number of places that differ, and whether swapping
 * two neighbouring characters makes them equal. 18 when one of them has another length. */
int id_number_distance(struct str a, struct str b, bool *swapped);

#endif
