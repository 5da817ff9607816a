#ifndef JOBS_PAYMENTS_H
#define JOBS_PAYMENTS_H

#include "jobs/awards.h"
#include "ledger/batch.h"

/* From what was decided to a batch of payments: who is due what of a scheme by the newest decision
 * of the period, what of it was paid, and to which account the rest goes. */

struct pay_request {
    day at;
    struct str scheme; /* key of the policy */
    struct str fund;   /* key; empty: the only fund that pays the scheme */
    struct str area;   /* empty: the fund's, else all that the asker sees */
    bool retry, dry;   /* as in struct pay_wish */
};

/* Proposes. Links if needed. *wish has the candidates with what became of each; in the arena.
 * ERR_CONFLICT where the period was not decided, for a scheme that is not paid here (waived, in
 * kind, a loan, or paid by others and confirmed from their lists), and as pay_propose. */
MUST_USE bool job_pay_propose(struct workspace *workspace, struct ledger *ledger,
                              const struct asker *asker, const struct pay_request *request,
                              const struct progress *progress, struct pay_wish *wish,
                              struct pay_proposed *out, struct err *err);

#endif
