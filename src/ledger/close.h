#ifndef LEDGER_CLOSE_H
#define LEDGER_CLOSE_H

#include "ledger/ledger.h"

/* The end of a period: what of an account is proven up to a day stays as it is. From then on no
 * line of the statement, no voucher and no recovery of that time is taken (statement.h), and what
 * the bank says of it counts on the first day that is open (answer.h). */

/* Closes an account through a day that is over, as somebody who sees it (fund.h: ERR_DENIED).
 * ERR_CONFLICT while money claimed back of that time waits for a second person, an order of that
 * time is not answered, or a movement of that time lies before the statement (but not of a period
 * that was closed already). Else what the statement has and nobody knows is booked into suspense
 * (it stays there whatever follows), and it is ERR_CONFLICT while something of that time is not
 * matched or not explained. The first of what holds it up are named. The journal is sealed; *root
 * is its hash. Audited. */
MUST_USE bool close_period(struct ledger *ledger, const struct asker *asker, struct str account,
                           day through, unsigned char root[BOOK_HASH_BYTES], struct err *err);

#endif
