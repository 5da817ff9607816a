#ifndef LEDGER_BOOKED_H
#define LEDGER_BOOKED_H

#include "awards/paid.h"
#include "store/store.h"

/* What the books paid, for whoever compares it with what was due. */

/* All payments of which something is still with the person, by person, period, scheme, instalment;
 * persons by the number of then. Such whose period is none of the policy's are left out. In the
 * arena. */
MUST_USE bool booked_payments(struct store *store, struct arena *arena, struct payment_booked **out,
                              size_t *count, struct err *err);

#endif
