#ifndef LEDGER_LINE_H
#define LEDGER_LINE_H

#include "ledger/batch.h"

/* The payments of a batch as they stand, for whoever looks through them. */

struct line_view {
    int64_t number, batch, ordinal, person, instalment, attempt, fen;
    struct str name, area;
    struct str holder;          /* pay_holder_key: whose account it is */
    struct pay_payee payee;     /* whole: whoever shows a list masks it */
    struct str status;          /* "open", "paid", "refused", "void" */
    struct str reason;          /* the bank's, or ours, of the status */
    int64_t paid_fen, back_fen; /* paid; of it came back */
    struct str serial;          /* of the bank */
    day on;                     /* the bank's day; DAY_NONE: not stated */
};

/* Lines of a batch by their order in the bank's file, from number `first` (from 0) at most `most`;
 * `status` alone, or all where it is empty; *total is how many there are. ERR_NOT_FOUND as
 * pay_batch_find. In the arena. */
MUST_USE bool line_list(struct ledger *ledger, const struct asker *asker, int64_t batch,
                        struct str status, size_t first, size_t most, struct line_view **out,
                        size_t *count, size_t *total, struct err *err);

/* One line, for eyes that have to see name and account whole: audited as a reveal with the reason
 * before it is given. ERR_NOT_FOUND, also where it is not the asker's; ERR_INPUT without a reason.
 */
MUST_USE bool line_reveal(struct ledger *ledger, const struct asker *asker, int64_t number,
                          struct str reason, struct line_view *out, struct err *err);

#endif
