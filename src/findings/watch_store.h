#ifndef FINDINGS_WATCH_STORE_H
#define FINDINGS_WATCH_STORE_H

#include "base/day.h"
#include "store/store.h"

/* What has become bad since the program looked first: households that came into monitoring, schools
 * and villages that fell below their standard. Each *watch* remembers how its units stood at its
 * newest look; what stood badly at the very first look is nobody's news. The module's tables:
 * watch_unit, watch_look (of findings). */

struct watch_unit {
    struct str unit; /* "person/12", "school/2162000123": stands once */
    bool bad;
    day stated; /* since when, as a register has it; DAY_NONE */
    day since;  /* out: the day of the look that first saw it so; DAY_NONE: it is not bad, or was so
                   at the first look, or has never been seen otherwise */
};

struct watch_look {
    struct str watch;
    bool only_bad; /* units that are not named do not stand badly; else nothing is known of them */
    day at;
    bool keep; /* remember this look, unless a later one was kept */
};

/* Fills `since`, inside the caller's transaction. A unit never named before has become bad when
 * `only_bad` and no register states a day before the first look; else it was never seen otherwise.
 * The same look again gives the same. ERR_STORE. */
MUST_USE bool watch_take(struct store *store, const struct watch_look *look,
                         struct watch_unit *units, size_t count, struct err *err);

#endif
