#ifndef LEDGER_RECOVERY_H
#define LEDGER_RECOVERY_H

#include "ledger/batch.h"

/* What came back of a payment: proposed by one, and booked when a second person approves it
 * (access/approval.h), as a batch is. Until then nothing moves, and what waits counts as gone: two
 * proposals of one payment cannot exceed what was paid of it.
 *
 * Every function is one transaction, durable when it returns true. */

enum pay_recovery_state {
    PAY_RECOVERY_WAITS,
    PAY_RECOVERY_BOOKED,
    PAY_RECOVERY_REFUSED,
    PAY_RECOVERY_OVER, /* nobody decided in time: it counts no more, until it is asked for again */
    PAY_RECOVERY_STATES
};
const char *pay_recovery_state_key(enum pay_recovery_state state); /* "proposed" … */
const char *pay_recovery_state_text(enum pay_recovery_state state, enum lang lang);

struct pay_recovery {
    int64_t number, line, batch, person, fen, made_ms;
    struct str area, scheme, period; /* of the payment */
    struct str voucher, why;
    day on; /* when the money came */
    struct str made_by, decided_by, decided_why;
    enum pay_recovery_state state;
    int64_t approval; /* that was asked for last */
};

/* Proposes; asks for approval within the payment's area. Where the same stands already, by the same
 * person, and nobody decided in time, it is asked for again (*again). ERR_NOT_FOUND,
 * also for a payment of another's area; ERR_CONFLICT above what was paid, has not come back and
 * does not wait, for a voucher of the payment that waits or is booked, and for a day of a closed
 * period; ERR_INPUT, for a day that has not come or is before the payment's too. */
MUST_USE bool pay_recovery_propose(struct ledger *ledger, const struct asker *asker, int64_t line,
                                   int64_t fen, struct str voucher, day on, struct str why,
                                   int64_t *number, bool *again, struct err *err);

/* A second person approves, and it is booked; or refuses, for a reason. ERR_DENIED for who proposed
 * and as approval_decide; ERR_CONFLICT for one that does not wait, when more came back meanwhile,
 * and to approve for a day of a period that was closed. */
MUST_USE bool pay_recovery_decide(struct ledger *ledger, const struct asker *asker, int64_t number,
                                  bool grant, struct str why, struct err *err);

/* One, or all that the asker sees, by number; `waiting`: those alone that wait. ERR_NOT_FOUND. In
 * the ledger's arena. */
MUST_USE bool pay_recovery_find(struct ledger *ledger, const struct asker *asker, int64_t number,
                                struct pay_recovery *out, struct err *err);
MUST_USE bool pay_recovery_list(struct ledger *ledger, const struct asker *asker, bool waiting,
                                struct pay_recovery **out, size_t *count, struct err *err);

/* All that waits for a second person of payments out of an account of the office, whoever sees
 * them: they hold up closing it (reconcile.h). By number, in the ledger's arena. */
MUST_USE bool pay_recovery_waiting(struct ledger *ledger, struct str account,
                                   struct pay_recovery **out, size_t *count, struct err *err);

#endif
