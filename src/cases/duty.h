#ifndef CASES_DUTY_H
#define CASES_DUTY_H

#include "cases/chain.h"

/* Who owes what in a case by when: for each step that is owed those who owe it, and how it goes up
 * the chain of responsibility. Pure: the outcome does not depend on today; a reader asks on a day
 * which duties have begun (`since` on or before it) and which are overdue (`due` before it). */

enum { DUTIES_MAX = PROCEDURE_STEPS_MAX * POSITIONS_MAX };

struct duty {
    size_t step;     /* in procedure->steps */
    size_t position; /* in chains.positions */
    int level;       /* 0: owes it; 1, 2 …: it came up the chain so many times */
    bool covers;     /* it is there because nobody is named below */
    day since;       /* first day on which it lies here */
    day due;         /* of the step */
};

/* All duties of a case that is not closed, by step, then position. Each step and position once, at
 * its earliest. Overdue for the procedure's escalate days, a step lies with the next in the chain
 * too, and so on to its end; below a position that nobody is named for, the next one has it from
 * the first day. */
void duties_of(struct arena *arena, const struct procedures *procedures,
               const struct chains *chains, const struct holders *holders,
               const struct case_state *state, struct duty **out, size_t *count);

/* Who holds the position of a duty in this case, or NULL. */
const struct holder *duty_holder(const struct chains *chains, const struct holders *holders,
                                 const struct case_state *state, size_t position);

/* The earliest day on which a step of the case is due, and that step; DAY_NONE and -1 when nothing
 * is owed. */
day duty_next(const struct case_state *state, int *step);

#endif
