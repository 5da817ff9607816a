#include "base/day.h"

#include <stdio.h>

enum { YEAR_MIN = 1800, YEAR_MAX = 2200 };

/* Civil-from-days and back after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
static int32_t days_from_civil(int year, int month, int dom)
{
    year -= month <= 2;
    int era = (year >= 0 ? year : year - 399) / 400;
    int yoe = year - era * 400;
    int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + dom - 1;
    int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + doe - 719468;
}

static int month_days(int year, int month)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : lengths[month - 1];
}

bool day_from_ymd(int year, int month, int day_of_month, day *out)
{
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12) return false;
    if (day_of_month < 1 || day_of_month > month_days(year, month)) return false;
    *out = (day){days_from_civil(year, month, day_of_month)};
    return true;
}

void day_to_ymd(day d, int *year, int *month, int *day_of_month)
{
    CHECK(!day_is_none(d));
    int32_t z = d.days + 719468;
    int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    int32_t doe = z - era * 146097;
    int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int32_t mp = (5 * doy + 2) / 153;
    *day_of_month = doy - (153 * mp + 2) / 5 + 1;
    *month = mp < 10 ? mp + 3 : mp - 9;
    *year = yoe + era * 400 + (*month <= 2);
}

bool day_parse(struct str text, day *out)
{
    if (text.len != 10 || text.ptr[4] != '-' || text.ptr[7] != '-') return false;
    int64_t year, month, dom;
    for (size_t i = 0; i < text.len; i++) {
        bool digit = text.ptr[i] >= '0' && text.ptr[i] <= '9';
        if (!digit && i != 4 && i != 7) return false;
    }
    if (!str_to_i64(str_slice(text, 0, 4), &year)) return false;
    if (!str_to_i64(str_slice(text, 5, 7), &month)) return false;
    if (!str_to_i64(str_slice(text, 8, 10), &dom)) return false;
    return day_from_ymd((int)year, (int)month, (int)dom, out);
}

char *day_format(day d, char buffer[DAY_TEXT_SIZE])
{
    buffer[0] = '\0';
    if (day_is_none(d)) return buffer;
    int year, month, dom;
    day_to_ymd(d, &year, &month, &dom);
    CHECK(year >= 0);
    CHECK(year <= 9999);
    snprintf(buffer, DAY_TEXT_SIZE, "%04u-%02u-%02u", (unsigned)year % 10000u,
             (unsigned)month % 100u, (unsigned)dom % 100u);
    return buffer;
}

bool day_is_none(day d)
{
    return d.days == DAY_NONE.days;
}

int day_age(day birth, day on)
{
    CHECK(!day_is_none(birth));
    CHECK(!day_is_none(on));
    int by, bm, bd, y, m, d;
    day_to_ymd(birth, &by, &bm, &bd);
    day_to_ymd(on, &y, &m, &d);
    return y - by - (m < bm || (m == bm && d < bd));
}

int day_months(day from, day through)
{
    int year, month, day_of_month, to_year, to_month, to_day;
    day_to_ymd(from, &year, &month, &day_of_month);
    day_to_ymd((day){through.days + 1}, &to_year, &to_month, &to_day);
    return (to_year - year) * 12 + to_month - month - (to_day < day_of_month);
}

day day_school_cutoff(day d)
{
    CHECK(!day_is_none(d));
    int year, month, dom;
    day_to_ymd(d, &year, &month, &dom);
    if (month < 8 || (month == 8 && dom < 31)) year--;
    day out = DAY_NONE;
    CHECK(day_from_ymd(year, 8, 31, &out));
    return out;
}
