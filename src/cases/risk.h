#ifndef CASES_RISK_H
#define CASES_RISK_H

#include "cases/case_store.h"
#include "cases/risk_text.h"

/* Who may leave school next: pupils put in the order of their points, each point with its reason.
 * The order is for those who look after them; nothing is decided by it, and what no register states
 * is told as not known and counts for nothing. Pure but for risk_known_read. */

/* What cases tell of people, by person in people.persons. */
struct risk_known {
    uint32_t *sibling_out; /* one who lives with them and is out of school, or UINT32_MAX */
    bool *left_before;
};

/* Reads it from the cases of the text's procedure as they are now, whatever the day: those open,
 * and those that were confirmed. In the arena. ERR_STORE. */
MUST_USE bool risk_known_read(struct risk_known *out, struct arena *arena,
                              const struct casework *work, const struct risk_text *text,
                              const struct people *people, day at, struct err *err);

struct risk_child {
    uint32_t row;    /* in facts.rows */
    uint32_t person; /* in people.persons */
    int64_t points;
    uint32_t holds;   /* points that hold: bits by number */
    uint32_t unknown; /* points of which no register tells */
};

/* All pupils of the text's stages with a point or more: by points, most first, then by person's
 * number. In the arena. */
void risk_find(struct arena *arena, const struct risk_text *text, const struct facts *facts,
               const struct risk_known *known, struct risk_child **out, size_t *count);

/* The one child of a row, whatever its points; false when it is in none of the stages. */
bool risk_of(const struct risk_text *text, const struct facts *facts,
             const struct risk_known *known, uint32_t row, struct risk_child *out);

/* What stands behind a point of a child: the number, or the bits of words; and the register that
 * states it with the day of its list (profile NULL: the program found it). */
struct risk_reason {
    const struct risk_point *point;
    int64_t value;   /* days, years; 1 for yes; bits of a set's words that hold it */
    uint32_t person; /* of the brother or sister, in people.persons; else UINT32_MAX */
    const struct profile *profile;
    day on; /* of the list; DAY_NONE with no profile */
};

/* The reasons of the points that hold, in the order of the text. In the arena. */
void risk_reasons(struct arena *arena, const struct risk_text *text, const struct facts *facts,
                  const struct risk_known *known, const struct risk_child *child,
                  struct risk_reason **out, size_t *count);

#endif
