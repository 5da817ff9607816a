#ifndef LEDGER_PROJECT_H
#define LEDGER_PROJECT_H

#include "ledger/fund.h"

/* School projects out of a fund: what was planned by a document, allotted by voucher (divided by
 * the levels' shares), and paid by voucher. Allotted is at most what is planned and what the fund
 * holds; paid at most what is allotted. */

struct project {
    int64_t number;
    struct str key;                 /* unique in its fund; characters as of a fund's key */
    struct str name, school;        /* may be empty */
    int64_t planned_fen;            /* the newest plan; 0: none */
    struct str document;            /* of the newest plan */
    int64_t allotted_fen, paid_fen; /* by the books */
};

/* Plans, or plans anew: a further plan takes the place of the one before, and is at least what is
 * allotted already. The same plan again changes nothing (*made false). Audited. ERR_CONFLICT for a
 * fund that pays aid. */
MUST_USE bool project_plan(struct ledger *ledger, const struct asker *asker,
                           const struct fund *fund, const struct project *plan, bool *made,
                           struct err *err);

/* Money to a project, or from it to whoever built. */
struct project_move {
    bool pay; /* else allot */
    int64_t fen;
    struct str voucher, document; /* document may be empty: the plan's */
    day on;
};

/* Books it; *made is false when the voucher was booked before with the same amount. ERR_CONFLICT
 * beyond plan, fund or allotment, and for a day of a closed period. ERR_NOT_FOUND. Audited. */
MUST_USE bool project_move(struct ledger *ledger, const struct asker *asker,
                           const struct fund *fund, struct str key, const struct project_move *move,
                           bool *made, struct err *err);

/* All projects of a fund, by key. In the arena. */
MUST_USE bool project_list(struct ledger *ledger, const struct fund *fund, struct project **out,
                           size_t *count, struct err *err);

#endif
