#ifndef LEDGER_STATEMENT_H
#define LEDGER_STATEMENT_H

#include "ledger/bank.h"
#include "ledger/ledger.h"

/* The statement of the office's own account. Its running balance is asserted: each line has to
 * follow from the one before, and the first from the last that is kept, or the last has to lead to
 * the first that is kept: statements of earlier days may come later. Lines are known by the bank's
 * serial number, so that files may overlap; by their numbers they are in the bank's order. */

struct statement_line {
    uint64_t row;
    day on;
    struct str serial, words;
    int64_t out_fen, in_fen, balance_fen;
    bool fresh; /* out: was not known before */
};

struct statement_file {
    struct str name, account;
    unsigned char hash[32];
    int64_t bytes;
    const struct bank *bank;
    struct statement_line *lines; /* oldest first, whichever way the file has them */
    size_t count;
};

/* Reads a statement in the form of the first bank that its headings fit. ERR_INPUT with file and
 * line for a line that cannot be read, and for a balance that does not follow from the one before
 * (in neither direction). In the arena. */
MUST_USE bool statement_read(struct arena *arena, const char *path, const struct bank *banks,
                             size_t count, struct statement_file *out, struct err *err);

/* Keeps what is new, in one transaction; audited. ERR_INPUT when it neither follows from what is
 * kept nor leads to it, or says otherwise of a serial number; ERR_CONFLICT for a new line of a
 * closed period; ERR_DENIED for who does not see the account (fund.h). */
MUST_USE bool statement_take(struct ledger *ledger, const struct asker *asker,
                             struct statement_file *file, uint64_t *fresh, struct err *err);

/* The day up to which an account is closed; DAY_NONE: never. */
MUST_USE bool statement_closed(struct ledger *ledger, struct str account, day *out,
                               struct err *err);

/* The day on which something counts that the bank says of a day (DAY_NONE: it states none, so of
 * the day at hand): the first open day where that day is closed, else DAY_NONE: on the day itself.
 * `closed` is statement_closed's. */
day statement_booked(const struct ledger *ledger, day closed, day on);

/* Whether what somebody types of this day may be booked. ERR_CONFLICT where it would fall into a
 * closed period of the account: its statement is compared, and will not be again. ERR_INPUT for a
 * day that has not come: a slip in the books stays there. */
MUST_USE bool statement_check_open(struct ledger *ledger, struct str account, day on,
                                   struct err *err);

#endif
