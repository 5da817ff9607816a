#ifndef LEDGER_ANSWER_H
#define LEDGER_ANSWER_H

#include "ledger/bank.h"
#include "ledger/batch.h"

/* The bank's answer, line by line. A line is known by the reference that we gave it; whatever the
 * bank does beyond what was ordered goes to suspense (suspense.h) and waits for an explanation.
 *
 * The books of a closed period never change: what is said of a closed day counts on the first day
 * that is open, with the bank's own day beside, and is compared with the statement there. What
 * closing put into suspense from the statement is not booked again: of no order of ours, it is
 * known already; of an order that was not answered, it leaves suspense and is the payment.
 *
 * Files may come in any order, in parts, and twice. A file is taken whole or not at all. What the
 * bank says of one payment is put in order by its days; of one day, or where no day is stated, it
 * counts in the order in which it is told. A return that was none is "missing" when the statement
 * is compared (reconcile.h), and is taken back (reinstate.h): from then on the reference means the
 * attempt that took the payment's place. */

enum answer_outcome {
    ANSWER_PAID,            /* as ordered */
    ANSWER_REFUSED,         /* not paid: the money is free again, a new attempt can be proposed */
    ANSWER_LESS,            /* paid less than ordered: the rest is free again */
    ANSWER_MORE,            /* paid more: the surplus is in suspense */
    ANSWER_RETURNED,        /* was paid, came back: as if it had been refused */
    ANSWER_REPEATED,        /* says again what is known, or was taken back: nothing moves */
    ANSWER_TWICE,           /* paid a second time, under another serial number: in suspense */
    ANSWER_AFTER_REFUSAL,   /* paid what it had refused, or what is void: in suspense */
    ANSWER_UNKNOWN,         /* paid under a reference that no order of ours has: in suspense */
    ANSWER_UNKNOWN_REFUSED, /* refused what we did not order: nothing moves */
    ANSWER_OUTCOMES,
};
const char *answer_outcome_key(enum answer_outcome outcome); /* "paid" … */
const char *answer_outcome_text(enum answer_outcome outcome, enum lang lang);

/* A line of an answer. */
struct answer_line {
    uint64_t row;         /* in the file */
    struct str reference; /* as written */
    bool paid;            /* else refused */
    int64_t fen;          /* of a paid one; -1: not stated, so as ordered */
    struct str reason, serial;
    day on;                      /* DAY_NONE: not stated */
    day booked;                  /* out: first open day where `on` is closed; else DAY_NONE */
    enum answer_outcome outcome; /* out */
    int64_t line;                /* out: number of the payment; 0: none of ours */
    int64_t moved_fen;           /* out: what moved in the books */
};

struct answer {
    struct str name;        /* of the file */
    unsigned char hash[32]; /* SM3 of its bytes */
    int64_t bytes;
    const struct bank *bank;
    struct answer_line *lines; /* in the file's order */
    size_t count;
    struct str account; /* the office's, for what it paid without an order of ours */
};

struct answer_taken {
    bool unchanged; /* this file was taken before: nothing was done */
    size_t counts[ANSWER_OUTCOMES];
    int64_t fen[ANSWER_OUTCOMES];
    size_t late; /* lines that moved something and are of a day that is closed */
};

/* Reads an answer in the form of the first of the banks that its headings fit. ERR_INPUT with file
 * and line for a row without a reference, a result that is no word of the form, or an amount that
 * cannot be read. In the arena. */
MUST_USE bool answer_read(struct arena *arena, const char *path, const struct bank *banks,
                          size_t count, struct answer *out, struct err *err);

/* Takes it into the books, in one transaction; audited. ERR_DENIED for who does not see the account
 * (fund.h), or a batch that it speaks of. */
MUST_USE bool answer_take(struct ledger *ledger, const struct asker *asker, struct answer *answer,
                          struct answer_taken *out, struct err *err);

#endif
