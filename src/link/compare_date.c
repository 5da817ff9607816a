#include "link/compare.h"

#include "base/day.h"

#include <stdlib.h>

/* Dates as texts: 1956-04-09, 1956/4/9, 1956.4.9, 1956年4月9日, 19560409, 1956-04, 1956, and with
 * the day first 09/04/1956. */

enum { PARTS_MAX = 3 };

static bool parts_to_date(const int *parts, const size_t *lengths, size_t count, int *year,
                          int *month, int *day_of_month)
{
    *month = *day_of_month = 0;
    if (count == 1 && lengths[0] == 8) {
        *year = parts[0] / 10000;
        *month = parts[0] / 100 % 100;
        *day_of_month = parts[0] % 100;
    } else if (count == 1 && lengths[0] == 6 && parts[0] % 100 <= 12) {
        *year = parts[0] / 100;
        *month = parts[0] % 100;
    } else if (lengths[0] == 4) {
        *year = parts[0];
        if (count > 1) *month = parts[1];
        if (count > 2) *day_of_month = parts[2];
    } else if (count == 3 && lengths[2] == 4) {
        *day_of_month = parts[0];
        *month = parts[1];
        *year = parts[2];
        if (*month > 12 && *day_of_month <= 12) {
            *month = parts[0];
            *day_of_month = parts[1];
        }
    } else {
        return false;
    }
    return *year >= 1 && *year <= 9999 && *month <= 12 && *day_of_month <= 31;
}

bool compare_date_read(struct str text, int *year, int *month, int *day_of_month)
{
    int parts[PARTS_MAX] = {0};
    size_t lengths[PARTS_MAX] = {0}, count = 0;
    bool inside = false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c < '0' || c > '9') {
            /* A time of day behind the date is not part of it. */
            if (count == PARTS_MAX && inside) break;
            inside = false;
            continue;
        }
        if (!inside) {
            if (count == PARTS_MAX) break;
            count++;
            inside = true;
        }
        if (++lengths[count - 1] > 8) return false;
        parts[count - 1] = parts[count - 1] * 10 + (c - '0');
    }
    if (count == 0) return false;
    int y, m, d;
    if (!parts_to_date(parts, lengths, count, &y, &m, &d)) return false;
    *year = y;
    *month = m;
    *day_of_month = d;
    return true;
}

void value_date_read(struct str text, struct value_date *out)
{
    int year, month, day_of_month;
    *out = (struct value_date){.days = INT32_MIN};
    if (!compare_date_read(text, &year, &month, &day_of_month)) return;
    out->year = (int16_t)year;
    out->month = (int8_t)month;
    out->day = (int8_t)day_of_month;
    int number = year * 10000 + month * 100 + day_of_month;
    for (int i = 7; i >= 0; i--) {
        out->digits[i] = (char)('0' + number % 10);
        number /= 10;
    }
    if (month == 0 || day_of_month == 0) return;
    /* Days since a day of the proleptic calendar; a 31 April counts as 1 May. */
    int y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;
    out->days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day_of_month;
}

static int32_t digit_facts(const struct value_date *a, const struct value_date *b)
{
    int differ = 0, first = 0, second = 0;
    for (int i = 0; i < 8; i++) {
        if (a->digits[i] == b->digits[i]) continue;
        if (differ == 0) first = i;
        second = i;
        differ++;
    }
    if (differ == 1) return DATE_ONE_DIGIT;
    bool swapped = differ == 2 && second == first + 1 && a->digits[first] == b->digits[second]
                   && a->digits[second] == b->digits[first];
    return swapped ? DATE_DIGITS_SWAPPED : 0;
}

int32_t date_facts(const struct value_date *a, const struct value_date *b)
{
    int32_t facts = 0;
    if (a->year == 0 || b->year == 0) return 0;
    bool whole = a->days != INT32_MIN && b->days != INT32_MIN;
    if (a->year == b->year) {
        facts |= DATE_YEAR;
        bool default_a = a->month == 1 && a->day == 1, default_b = b->month == 1 && b->day == 1;
        if (default_a || default_b) facts |= DATE_DEFAULT;
        if (!whole && (a->month == 0 || b->month == 0 || a->month == b->month)) {
            facts |= DATE_PARTIAL;
        }
        if (a->month == b->month && a->month != 0) facts |= DATE_YEAR_MONTH;
        if (whole && a->month == b->day && a->day == b->month) facts |= DATE_SWAPPED;
    }
    if (!whole) return facts;
    if (a->days == b->days) facts |= DATE_SAME;
    if (a->month == b->month && a->day == b->day && a->year != b->year) facts |= DATE_MONTH_DAY;
    int apart = abs(a->days - b->days);
    if (apart >= 18 && apart <= 51) facts |= DATE_LUNAR;
    return facts | digit_facts(a, b);
}
