#include "policy/period.h"

#include <stdio.h>

static day day_of(int year, int month, int day_of_month)
{
    day out;
    CHECK(day_from_ymd(year, month, day_of_month, &out));
    return out;
}

struct period period_of(enum period_kind kind, day at)
{
    int year, month, day_of_month;
    CHECK(!day_is_none(at));
    day_to_ymd(at, &year, &month, &day_of_month);
    if (kind != PERIOD_TERM) {
        return (struct period){.kind = kind, .year = month >= 9 ? year : year - 1};
    }
    if (month >= 3 && month <= 8)
        return (struct period){.kind = kind, .year = year, .spring = true};
    return (struct period){.kind = kind, .year = month >= 9 ? year : year - 1};
}

day period_first(struct period period)
{
    return day_of(period.year, period.spring ? 3 : 9, 1);
}

day period_last(struct period period)
{
    if (period.spring) return day_of(period.year, 8, 31);
    if (period.kind != PERIOD_TERM) return day_of(period.year + 1, 8, 31);
    return (day){day_of(period.year + 1, 3, 1).days - 1};
}

char *period_format(struct period period, char buffer[PERIOD_TEXT_SIZE])
{
    CHECK(period.year >= 1000 && period.year < 9999);
    int length = period.kind == PERIOD_TERM
                     ? snprintf(buffer, PERIOD_TEXT_SIZE, "%d-%s", period.year,
                                period.spring ? "spring" : "autumn")
                     : snprintf(buffer, PERIOD_TEXT_SIZE, "%d-%d", period.year, period.year + 1);
    CHECK(length > 0 && length < PERIOD_TEXT_SIZE);
    return buffer;
}

struct str period_text(struct arena *arena, struct period period, enum lang lang)
{
    struct text text;
    text_init(&text, arena, 64);
    if (period.kind == PERIOD_TERM) {
        if (lang == LANG_ZH) {
            text_add_f(&text, "%d年%s季学期", period.year, period.spring ? "春" : "秋");
        } else {
            text_add_f(&text, "%s term %d", period.spring ? "spring" : "autumn", period.year);
        }
    } else {
        text_add_f(&text, lang == LANG_ZH ? "%d—%d学年" : "school year %d–%d", period.year,
                   period.year + 1);
    }
    return text_str(&text);
}

bool period_parse(struct str text, struct period *out)
{
    int64_t year, next;
    struct str rest = text, first;
    if (text.len != 9 && text.len != 11) return false;
    if (!str_split(&rest, '-', &first) || first.len != 4 || first.ptr[0] == '+') return false;
    if (!str_to_i64(first, &year) || year < 1800 || year > 2199) return false;
    if (str_is(rest, "spring") || str_is(rest, "autumn")) {
        *out = (struct period){PERIOD_TERM, (int)year, str_is(rest, "spring")};
        return true;
    }
    if (rest.len != 4 || !str_to_i64(rest, &next) || next != year + 1) return false;
    *out = (struct period){PERIOD_YEAR, (int)year, false};
    return true;
}

bool period_equal(struct period a, struct period b)
{
    return (a.kind == PERIOD_TERM) == (b.kind == PERIOD_TERM) && a.year == b.year
           && a.spring == b.spring;
}
