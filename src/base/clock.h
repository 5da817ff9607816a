#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/day.h"

/* Time that is given. Nothing but clock.c asks the system what time it is; tests pass a clock
 * that stands still. The office's day is China's (UTC+8, no summer time). */

struct clock {
    int64_t fixed_ms; /* the time when `fixed` is set: milliseconds since 1970-01-01 UTC */
    bool fixed;
};

enum { CLOCK_TEXT_SIZE = 25 }; /* "2020-11-25T08:00:00.000Z" and its zero */

/* The clock of the machine; and one that stands still at `ms`. */
struct clock clock_system(void);
struct clock clock_fixed(int64_t ms);

int64_t clock_now_ms(const struct clock *clock); /* milliseconds since 1970-01-01 UTC */
day clock_today(const struct clock *clock);      /* the day in China */
int64_t clock_elapsed_ms(void); /* steady, for durations and waits: that of CLOCK_MONOTONIC */
int64_t clock_elapsed_us(void); /* the same in microseconds */
int64_t clock_cpu_us(void);     /* microseconds that processors spent on this process so far */
char *clock_format(int64_t ms, char buffer[CLOCK_TEXT_SIZE]);

#endif
