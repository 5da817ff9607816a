#ifndef POLICY_PERIOD_H
#define POLICY_PERIOD_H

#include "base/day.h"

/* The periods by which aid is paid: a term or a school year. Spring term: 1 March to 31 August;
 * autumn term: 1 September to the end of February; school year: 1 September to 31 August. Named
 * `2024-spring`, `2024-autumn` (also January and February 2025), `2024-2025`. */

enum period_kind {
    PERIOD_TERM,
    PERIOD_YEAR,
    PERIOD_ONCE, /* in a lifetime; named by school year */
};

enum { PERIOD_TEXT_SIZE = 16 };

/* One of them. */
struct period {
    enum period_kind kind;
    int year;    /* in which it begins */
    bool spring; /* of a term */
};

/* The period of this kind in which a day lies. */
struct period period_of(enum period_kind kind, day at);

/* Its first and last day, both included. */
day period_first(struct period period);
day period_last(struct period period);

/* Writes "2024-autumn" or "2024-2025". Returns `buffer`. */
char *period_format(struct period period, char buffer[PERIOD_TEXT_SIZE]);

/* "2024年秋季学期", "2024—2025学年"; "autumn term 2024", "school year 2024–2025". In the arena. */
struct str period_text(struct arena *arena, struct period period, enum lang lang);

/* Exactly a name as period_format writes it; the kind of a year is PERIOD_YEAR. */
bool period_parse(struct str text, struct period *out);

/* Equal when their names are. */
bool period_equal(struct period a, struct period b);

#endif
