#ifndef CASES_DUTY_UNITS_H
#define CASES_DUTY_UNITS_H

#include "cases/case_store.h"

/* Every position that somebody holds, or that open cases need somebody in: named or not. */

struct duty_unit {
    size_t position;             /* in chains.positions */
    struct str unit;             /* as position_unit */
    const struct holder *holder; /* NULL: nobody is named */
    uint64_t cases;              /* open ones of the unit */
    uint64_t overdue;            /* of them with something overdue on the day */
};

/* By position, then unit, for the areas that the asker sees (of `area`, where it is not empty). */
MUST_USE bool duty_units(const struct casework *work, struct arena *arena,
                         const struct asker *asker, struct str area, day at, struct duty_unit **out,
                         size_t *count, struct err *err);

#endif
