#ifndef LEDGER_VOUCHER_H
#define LEDGER_VOUCHER_H

#include "ledger/ledger.h"

/* Vouchers by which money moves between a fund and the treasury, or a fund and its projects: each
 * is booked once in its fund, kind, level and project, however its number is typed
 * (reference_clean). The table: fund_voucher. */

struct voucher {
    int64_t fund, project; /* numbers; 0: of no project */
    const char *kind;      /* "receive", "hand_back", "allot", "project_pay" */
    struct str level;      /* key, or empty */
    struct str number;     /* as it is written */
    int64_t fen;
    struct str document;
    day on;
};

/* The number as it was written when the voucher was booked, for that is how the books know it; as
 * it is written now where it was not. In the arena. */
MUST_USE bool voucher_settle(struct ledger *ledger, struct arena *arena, struct voucher *voucher,
                             struct err *err);

/* Keeps it, inside the caller's transaction. */
MUST_USE bool voucher_put(struct ledger *ledger, const struct asker *asker,
                          const struct voucher *voucher, struct err *err);

#endif
