#ifndef JOBS_PAYMENTS_H
#define JOBS_PAYMENTS_H

#include "jobs/awards.h"
#include "ledger/batch.h"
#include "ledger/payee.h"

/* From what was decided to a batch of payments: who is due what of a scheme by the newest decision
 * of the period, what of it was paid, and to which account the rest goes. */

struct pay_request {
    day at;
    struct str scheme; /* key of the policy */
    struct str fund;   /* key; empty: the only fund that pays the scheme */
    struct str area;   /* empty: the fund's, else all that the asker sees */
    bool retry, dry;   /* as in struct pay_wish */
    int64_t person;    /* this person alone, under a number of then or now; 0: everybody */
};

/* What proposals rest on: the people of a day, what registers state of them, and their accounts.
 */
struct pay_ground {
    const struct aid_rules *rules;
    const struct people *people;
    const struct facts *facts;
    struct payments payments;         /* what registers say was paid */
    const struct payee_found *payees; /* by person of people */
};

/* Of people who were read with the collector's listener and then linked, and of their facts.
 * Borrows all that it is given; the rest lives in the arena. ERR_INPUT. */
MUST_USE bool job_pay_ground(struct workspace *workspace, struct arena *arena,
                             const struct aid_rules *rules, const struct people *people,
                             const struct facts *facts, struct payee_collector *collector,
                             struct pay_ground *out, struct err *err);

/* Who is due what, and to which account it goes: all of a proposal but proposing it (pay_propose).
 * `ground` is of the request's day; NULL: people are read, and linked if needed. `wish` lives in
 * the ledger's arena. Errors as job_pay_propose. */
MUST_USE bool job_pay_wish(struct workspace *workspace, struct ledger *ledger,
                           const struct asker *asker, const struct pay_request *request,
                           const struct pay_ground *ground, const struct progress *progress,
                           struct pay_wish *wish, struct err *err);

/* Proposes. Links if needed. *wish has the candidates with what became of each; in the arena.
 * ERR_CONFLICT where the period was not decided, for a scheme that is not paid here (waived, in
 * kind, a loan, or paid by others and confirmed from their lists), and as pay_propose. */
MUST_USE bool job_pay_propose(struct workspace *workspace, struct ledger *ledger,
                              const struct asker *asker, const struct pay_request *request,
                              const struct progress *progress, struct pay_wish *wish,
                              struct pay_proposed *out, struct err *err);

/* A batch before it is proposed, or as it was: how many of each outcome and how much, place by
 * place, and what it leaves of the fund. */
struct pay_place {
    struct str area;         /* of the county */
    struct str school, name; /* empty: the county as a whole */
    int64_t lines, fen;      /* proposed */
    int64_t held;            /* something is due to them, and nothing is proposed */
};
struct pay_summary {
    int64_t due_lines, due_fen;                     /* candidates, and what is due to them */
    int64_t lines[PAY_OUTCOMES], fen[PAY_OUTCOMES]; /* fen: proposed, else due */
    struct pay_place *places;                       /* by county, then school */
    size_t place_count;
    int64_t takes_fen[FUND_LEVELS], left_fen[FUND_LEVELS]; /* of the fund's levels; after it */
};

/* Sums up what job_pay_propose made of a wish. In the ledger's arena. ERR_STORE. */
MUST_USE bool job_pay_summary(struct ledger *ledger, const struct pay_wish *wish,
                              const struct pay_proposed *made, struct pay_summary *out,
                              struct err *err);

#endif
