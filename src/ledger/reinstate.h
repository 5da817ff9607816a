#ifndef LEDGER_REINSTATE_H
#define LEDGER_REINSTATE_H

#include "ledger/batch.h"

/* Takes back a return that never was: two files of the bank of one day, taken in the wrong order,
 * make a refusal that came first look like a return of what was paid after it (answer.h). The money
 * is out; nothing but the statement can tell.
 *
 * The return stands in the books for ever. What it moved goes out again as a further attempt at the
 * payment, in a batch of its own that counts as sent, paid by the bank's serial number and day of
 * the payment itself; what the bank says later of the payment's reference is said of that attempt
 * (answer.h). Where the payment was meanwhile paid once more, nothing is owed any more: the money
 * is in suspense as paid twice (suspense.h), and waits for an explanation. */

struct pay_reinstated {
    int64_t fen;
    int64_t payment;  /* number of the further attempt; 0: it is in suspense */
    int64_t suspense; /* number in suspense; 0: it is paid */
};

/* Takes back the newest return of a payment, in one transaction; audited. ERR_NOT_FOUND, also where
 * it is not the asker's; ERR_CONFLICT where nothing came back, where the statement does not reach
 * the day of the return, has it, or has an arrival of the same amount that nobody knows; where a
 * new attempt is under way; where the fund does not hold the money any more. */
MUST_USE bool pay_reinstate(struct ledger *ledger, const struct asker *asker, int64_t payment,
                            struct str why, struct pay_reinstated *out, struct err *err);

#endif
