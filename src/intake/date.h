#ifndef INTAKE_DATE_H
#define INTAKE_DATE_H

#include "base/day.h"

/* Days as clerks write them: 2012-03-05, 2012/3/5, 2012.3.5, 20120305, 2012年3月5日,
 * 二〇一二年三月五日, 2012-03, 2012.03, 201203, 2012, 12-03-05, 5-Mar-2012, spreadsheet serials
 * (40973), times behind them, and spans (2020.9-2021.7, 2020年9月1日至今). What can mean two days
 * is DATE_AMBIGUOUS. */

enum date_state {
    DATE_READ,
    DATE_AMBIGUOUS, /* 3/5/12, 120305: more than one day fits */
    DATE_UNREAL,    /* the form is right, but there is no such day */
    DATE_UNREADABLE,
    DATE_STATE_COUNT,
};

/* How a column writes days whose order the digits do not tell. */
enum date_order { DATE_ORDER_UNKNOWN, DATE_YEAR_FIRST, DATE_MONTH_FIRST, DATE_DAY_FIRST };

struct date {
    enum date_state state;
    char from[DAY_TEXT_SIZE]; /* "2012-03-05", "2012-03" or "2012"; "" when not read or open */
    char to[DAY_TEXT_SIZE];   /* end of a span, else "" */
    bool span;                /* a span was written; its end is open when `to` is empty */
    bool short_year;          /* the year was written with two digits */
    enum date_order order;    /* what this cell proves about its column */
};

/* `number` says that the cell is a number of a spreadsheet (2012.1 may be October). */
void date_read(struct str written, bool number, enum date_order order, struct date *out);

/* A day or month that a title names ("2020年9月1日", "2020年秋季", "20200915",
 * "2020-2021学年第二学期"): its first day; DAY_NONE when none is named. A year alone names none. */
day date_in_title(struct str title);

#endif
