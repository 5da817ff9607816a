#include "base/clock.h"

#include <stdio.h>
#include <time.h>

enum { MS_PER_DAY = 86400000, CHINA_OFFSET_MS = 8 * 3600 * 1000 };

struct clock clock_system(void)
{
    return (struct clock){.fixed = false};
}

struct clock clock_fixed(int64_t ms)
{
    return (struct clock){.fixed = true, .fixed_ms = ms};
}

static int64_t read_us(clockid_t id)
{
    struct timespec now;
    CHECK(clock_gettime(id, &now) == 0);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_now_ms(const struct clock *clock)
{
    CHECK(clock != NULL);
    return clock->fixed ? clock->fixed_ms : read_us(CLOCK_REALTIME) / 1000;
}

static int64_t floor_days(int64_t ms)
{
    return ms >= 0 ? ms / MS_PER_DAY : -((-ms + MS_PER_DAY - 1) / MS_PER_DAY);
}

day clock_today(const struct clock *clock)
{
    return (day){(int32_t)floor_days(clock_now_ms(clock) + CHINA_OFFSET_MS)};
}

int64_t clock_elapsed_ms(void)
{
    return read_us(CLOCK_MONOTONIC) / 1000;
}

int64_t clock_elapsed_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

int64_t clock_cpu_us(void)
{
    return read_us(CLOCK_PROCESS_CPUTIME_ID);
}

char *clock_format(int64_t ms, char buffer[CLOCK_TEXT_SIZE])
{
    int64_t days = floor_days(ms);
    unsigned rest = (unsigned)(ms - days * MS_PER_DAY);
    char date[DAY_TEXT_SIZE];
    day_format((day){(int32_t)days}, date);
    snprintf(buffer, CLOCK_TEXT_SIZE, "%sT%02u:%02u:%02u.%03uZ", date, rest / 3600000 % 24,
             rest / 60000 % 60, rest / 1000 % 60, rest % 1000);
    return buffer;
}
