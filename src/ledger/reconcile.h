#ifndef LEDGER_RECONCILE_H
#define LEDGER_RECONCILE_H

#include "ledger/suspense.h"

/* Three ways: what we ordered, what the bank answered, what its statement says. A movement of ours
 * and a line of the statement are the same by the bank's serial number, by the voucher's (as serial
 * or in its words), or, for a sum that the bank took at once, by the batch in its words ("P12"). */

enum reconcile_state {
    RECONCILE_MATCHED,
    RECONCILE_DIFFERS,    /* the amounts differ */
    RECONCILE_UNKNOWN,    /* on the statement, and nothing of ours */
    RECONCILE_DUPLICATE,  /* a second line of the statement for one movement of ours */
    RECONCILE_MISSING,    /* ours, and not on a statement that covers its day */
    RECONCILE_UNPROVEN,   /* ours, of a day before the statement begins: nothing proves it */
    RECONCILE_NOT_YET,    /* ours, of a later day than the statement reaches */
    RECONCILE_UNANSWERED, /* sent, and the bank has not answered */
    RECONCILE_UNDECIDED,  /* claimed back, and it waits for a second person (recovery.h) */
    RECONCILE_SUSPENSE,   /* in suspense, and not explained */
    RECONCILE_STATES,
};
const char *reconcile_state_key(enum reconcile_state state); /* "matched" … */
const char *reconcile_state_text(enum reconcile_state state, enum lang lang);

/* A line of the comparison. Amounts above 0 went out, below 0 came in. */
struct reconcile_item {
    enum reconcile_state state;
    struct str what; /* "pay", "return", "recover", "receive", "hand_back", "project_pay",
                        "suspense", "batch", "balance", "" for the statement's own */
    struct str name; /* serial number, voucher, batch, or number in suspense */
    day on;          /* of the statement, else ours; DAY_NONE: not known */
    int64_t ours_fen, bank_fen;
    int64_t number;  /* of the line of the statement; 0: none */
    int64_t payment; /* of a return or a claim: the payment; 0: of several, or neither */
};

struct reconciled {
    struct reconcile_item *items; /* by state, then day, then name */
    size_t count;
    size_t counts[RECONCILE_STATES];
    day from, through; /* what the statement covers; DAY_NONE: there is none */
    int64_t books_fen; /* balance of the bank account by the books */
    int64_t bank_fen;  /* … by the statement, less what was there before its first line */
    bool balanced;     /* the one is the other, but for what is listed */
};

/* Compares. In the arena. */
MUST_USE bool reconcile(struct ledger *ledger, struct str account, struct reconciled *out,
                        struct err *err);

/* Whether something has to be explained or found: all but matched, not yet, unanswered, undecided.
 */
bool reconcile_is_clean(const struct reconciled *reconciled);

#endif
