#ifndef BASE_DAY_H
#define BASE_DAY_H

#include "base/str.h"

/* Days of the Gregorian calendar, as a number of days since 1970-01-01, and money in fen. */

typedef struct {
    int32_t days;
} day;

#define DAY_NONE ((day){INT32_MIN}) /* no day stated; sorts before every day */

enum { DAY_TEXT_SIZE = 11 }; /* "2020-11-25" and its zero */

/* True, and *out set, when year (1800–2200), month and day make a real day. */
bool day_from_ymd(int year, int month, int day_of_month, day *out);
void day_to_ymd(day d, int *year, int *month, int *day_of_month);

/* Exactly "2020-11-25". The many ways clerks write a day are intake's business. */
bool day_parse(struct str text, day *out);

/* Writes "2020-11-25"; "" for DAY_NONE. Returns `buffer`. */
char *day_format(day d, char buffer[DAY_TEXT_SIZE]);

/* True for DAY_NONE. */
bool day_is_none(day d);

/* Completed years at `on` of someone born on `birth`: a birthday on 29 February is completed on
 * 1 March in common years (the day after, as Chinese law counts: 民法典 第二百零四条). */
int day_age(day birth, day on);

/* Whole months that somebody has been somewhere who came on `from` and is there to the end of
 * `through`: 1 September 2018 to 31 August 2021 are 36. Negative when `from` is later. */
int day_months(day from, day through);

/* The last 31 August on or before `d`: the day on which the age for school entry is counted
 * (义务教育法 第十一条 and its local rules: six years completed by 31 August). */
day day_school_cutoff(day d);

#endif
