#ifndef LEDGER_REINSTATE_H
#define LEDGER_REINSTATE_H

#include "ledger/recovery.h"

/* Takes back a return that never was: two files of the bank of one day, taken in the wrong order,
 * make a refusal that came first look like a return of what was paid after it (answer.h). The money
 * is out; nothing but the statement can tell.
 *
 * One proposes it and a second person approves it (access/approval.h), as money that came back is;
 * until then nothing moves. The return stands in the books for ever. What it moved goes out again
 * as a further attempt at the payment, in a batch of its own that counts as sent, paid by the
 * bank's serial number and day of the payment itself; what the bank says later of the payment's
 * reference is said of that attempt (answer.h). Where the payment was meanwhile paid once more,
 * nothing is owed any more: the money is in suspense as paid twice (suspense.h), and waits for an
 * explanation.
 *
 * Every function is one transaction, durable when it returns true. */

struct pay_reinstatement {
    int64_t number, payment, batch, person, fen, made_ms;
    struct str area, scheme, period; /* of the payment */
    struct str why;
    struct str made_by, decided_by, decided_why;
    enum pay_recovery_state state;
    int64_t approval;
    int64_t event;    /* the return: a number in pay_event */
    int64_t again;    /* number of the further attempt, once it is booked; 0: it is in suspense */
    int64_t suspense; /* number in suspense; 0: it is paid */
};

/* Proposes to take back the newest return of a payment; asks for approval within the payment's
 * area. ERR_NOT_FOUND, also where it is not the asker's; ERR_CONFLICT where one of it waits, where
 * nothing came back, where the statement does not reach the day of the return, has it, or has an
 * arrival of the same amount that nobody knows; where a new attempt is under way. */
MUST_USE bool pay_reinstate_propose(struct ledger *ledger, const struct asker *asker,
                                    int64_t payment, struct str why, int64_t *number,
                                    struct err *err);

/* A second person approves, and it is booked; or refuses, for a reason. ERR_DENIED for who proposed
 * and as approval_decide; ERR_CONFLICT for one that does not wait, as pay_reinstate_propose, and
 * where the fund does not hold the money any more. */
MUST_USE bool pay_reinstate_decide(struct ledger *ledger, const struct asker *asker, int64_t number,
                                   bool grant, struct str why, struct err *err);

/* One, or all that the asker sees, by number; `waiting`: those alone that wait. ERR_NOT_FOUND. In
 * the ledger's arena. */
MUST_USE bool pay_reinstate_find(struct ledger *ledger, const struct asker *asker, int64_t number,
                                 struct pay_reinstatement *out, struct err *err);
MUST_USE bool pay_reinstate_list(struct ledger *ledger, const struct asker *asker, bool waiting,
                                 struct pay_reinstatement **out, size_t *count, struct err *err);

#endif
