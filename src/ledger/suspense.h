#ifndef LEDGER_SUSPENSE_H
#define LEDGER_SUSPENSE_H

#include "ledger/batch.h"

/* Money that moved at the bank without an order of ours stands on "suspense/ACCOUNT" until somebody
 * explains it; no period closes before. */

enum suspense_kind {
    SUSPENSE_UNKNOWN,       /* paid under a reference that is none of ours */
    SUSPENSE_TWICE,         /* paid a second time */
    SUSPENSE_MORE,          /* more than ordered */
    SUSPENSE_AFTER_REFUSAL, /* paid what was refused or void */
    SUSPENSE_STATEMENT,     /* on the statement, and on nothing else */
    SUSPENSE_KINDS,
};
const char *suspense_kind_key(enum suspense_kind kind);
const char *suspense_kind_text(enum suspense_kind kind, enum lang lang);

enum suspense_how {
    SUSPENSE_RETURNED, /* the bank moved it back */
    SUSPENSE_ACCEPTED, /* it is the payment of a line of ours after all */
    SUSPENSE_NOTED,    /* it stands, for the reason given */
    SUSPENSE_HOWS,
};
int suspense_how_of(struct str key); /* "returned", "accepted", "noted"; -1 */
const char *suspense_how_key(enum suspense_how how);

struct suspense {
    int64_t number, fen; /* above 0 went out, below 0 came in */
    enum suspense_kind kind;
    struct str account, reference, serial;
    int64_t line, file, row; /* 0: none */
    day on;                  /* the bank's; DAY_NONE: not stated */
    day booked;              /* statement_booked: DAY_NONE: on that day */
    bool reinstated; /* of a return taken back (reinstate.h): what moved was the payment itself */
    struct book_id transfer;
    int64_t at_ms;
    bool explained, answered; /* answered: it turned out to be a payment, and left (answer.h) */
    int64_t explained_ms;
    enum suspense_how how;
    struct str why;
    struct str back_serial; /* of SUSPENSE_RETURNED: the bank's, of the money's way back */
};

/* All of an account (empty: of all), by number; `open` leaves out what is explained. In the arena.
 */
MUST_USE bool suspense_list(struct ledger *ledger, struct str account, bool open,
                            struct suspense **out, size_t *count, struct err *err);

/* Explains one, as somebody who sees the account (fund.h: ERR_DENIED); `serial` is the bank's
 * serial number of the money's way back, for SUSPENSE_RETURNED alone. ERR_NOT_FOUND; ERR_CONFLICT
 * when it is explained already, or when it cannot be accepted because its line was paid in the
 * meantime or is under way. Audited. */
MUST_USE bool suspense_explain(struct ledger *ledger, const struct asker *asker, int64_t number,
                               enum suspense_how how, struct str why, struct str serial,
                               struct err *err);

/* Whether this money is in suspense already, or was: of the same serial number on the same account,
 * and of the same reference, however that was typed, or of the same amount from the statement.
 * Never where there is no serial number. */
MUST_USE bool suspense_known(struct ledger *ledger, const struct suspense *suspense, bool *out,
                             struct err *err);

/* What is in suspense from the statement is the payment that the bank answers now: it leaves, in
 * the caller's transaction, and is explained by `why` where nobody has. */
MUST_USE bool suspense_answered(struct ledger *ledger, const struct asker *asker, int64_t number,
                                struct str why, struct err *err);

/* Numbers of those that are in suspense from the statement: not left, and not moved back. */
#define SUSPENSE_STATED                                                                            \
    "SELECT s.number FROM pay_suspense AS s WHERE s.kind = 'statement' AND s.bank_serial <> '' "   \
    "AND NOT EXISTS (SELECT 1 FROM book_transfer AS t WHERE t.target = s.transfer) "

/* Books one, in the caller's transaction; `name` tells it from all others of the account. *made is
 * false when it is booked already. */
MUST_USE bool suspense_put(struct ledger *ledger, const struct suspense *suspense, struct str name,
                           bool *made, struct err *err);

#endif
