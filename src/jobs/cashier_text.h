#ifndef JOBS_CASHIER_TEXT_H
#define JOBS_CASHIER_TEXT_H

#include "ledger/fund.h"

/* How the bureau of the sample city pays, and what its bank says: policies/PLACE/
 * sample_payments.yaml (docs/sample.md, "Paying"). */

enum { CASHIER_FUNDS_MAX = 16 };

/* A fund to be opened, and the voucher by which its money comes. */
struct cashier_fund {
    struct str key, name, document, voucher;
    day received;
    int64_t shares[FUND_LEVELS]; /* parts of ten thousand */
    struct str *schemes;         /* keys of the policy, at least one */
    size_t scheme_count;
};

struct cashier_text {
    struct str proposes, approves; /* who does it; two names */
    struct str account;            /* of the office, as funds name it */
    int64_t reserve_ppm;           /* of what is due, asked for besides */
    int64_t step_fen;              /* each level's part comes in whole steps */
    struct cashier_fund funds[CASHIER_FUNDS_MAX];
    size_t fund_count;
    int32_t bank_days; /* after which the bank has paid */
    struct str reason_unknown, reason_holder, reason_stopped;
    struct str received_words, paid_words; /* on the statement */
};

/* From the packs built in, or from `folder`. ERR_INPUT with file, line and column. In the arena. */
MUST_USE bool cashier_text_load(struct cashier_text *out, struct arena *arena, const char *folder,
                                struct err *err);

#endif
