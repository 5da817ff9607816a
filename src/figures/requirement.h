#ifndef FIGURES_REQUIREMENT_H
#define FIGURES_REQUIREMENT_H

#include "figures/figure_rows.h"

/* What schools and villages lack to what is asked of them one by one: class sizes, staff, training,
 * beds, baseline items, villages without a kindergarten or with a child out of school. Each
 * requirement is a list of the packs (policies/PACK/lists/KEY.yaml) with `close`: its rows name who
 * does not meet it. Columns of theirs with a meaning here: `children` (how many are concerned),
 * `lacking` (how much would close it), `has` and `bound` (what is there, and what ought to be).
 *
 * How even schools are, and what they lack to the standards of balance, is told by standards.h. */

struct requirement_gap {
    const struct figure *rule;
    struct str of; /* the table whose record it is */
    int64_t record;
    struct str school; /* code; empty where it is about a village */
    struct str name;   /* of the school or village */
    struct str area, stage;
    struct str item;       /* which one, where a requirement has several: a baseline item's key */
    struct str has, bound; /* as the rule writes them; may be empty */
    int64_t children, lacking;
    int64_t cost_fen; /* lacking at the price of the rule; -1: no price is given */
};

struct requirement_gaps {
    struct requirement_gap *items; /* by children, most first; then rule, area, name, record */
    size_t count;
    int64_t cost_fen; /* of those with a price */
    size_t unpriced;  /* how many have none */
    size_t unknown;   /* requirements of which nothing can be said (requirement_is_known) */
};

/* Whether a list is a requirement. */
bool requirement_is(const struct figure *figure);

/* Whether what it is about was stated at all: without that, no gap is not the same as none. */
bool requirement_is_known(const struct figure_desk *desk, const struct figure *rule);

/* All gaps on the desk, of the one rule, or of all that are when `rule` is NULL; the desk is laid
 * out for them. In the arena. Errors as figure_rows_all; ERR_LIMIT for a cost beyond 64 bits. */
MUST_USE bool requirement_find(struct figure_desk *desk, struct arena *arena,
                               const struct figures *figures, const struct figure *rule,
                               struct requirement_gaps *out, struct err *err);

/* What would close it: "增加 3 个教学班", "3 classes more". In the arena. */
struct str requirement_close(struct arena *arena, const struct requirement_gap *gap,
                             enum lang lang);

/* "210000" or "52.50" yuan; empty when no price is given. In the arena. */
struct str requirement_cost(struct arena *arena, int64_t cost_fen);

#endif
