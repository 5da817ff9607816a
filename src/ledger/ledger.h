#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include "access/asker.h"
#include "access/codec.h"
#include "ledger/book.h"

/* What paying works with: the workspace, its books, its clock. Funds (fund.h), batches (batch.h),
 * what the bank says (answer.h, statement.h) and the proof (prove.h) take it. The tables fund_… and
 * pay_… are written by this folder alone, and only grow; money itself stands in the books. */

struct ledger {
    struct arena *arena; /* what is read lives here */
    struct store *store;
    struct codec *codec; /* seals accounts of payees */
    const struct clock *clock;
    struct book *book;
};

enum { LEDGER_TEXT_BYTES_MAX = 200 }; /* of keys, vouchers, documents, names */

/* Makes or grows the tables, those of the book too. ERR_STORE. */
MUST_USE bool ledger_migrate(struct store *store, struct err *err);

/* Opens the books of a workspace; close before the store. ERR_STORE. */
MUST_USE bool ledger_open(struct ledger *out, struct arena *arena, struct store *store,
                          struct codec *codec, const struct clock *clock, struct err *err);
void ledger_close(struct ledger *ledger);

/* The account with this code, opened where it is not there yet; in the caller's transaction. */
MUST_USE bool ledger_account(struct ledger *ledger, const char *code, unsigned flags, int64_t *out,
                             struct err *err);

/* Yuan as people write them: "500", "1,234.50", "¥500.00"; a comma only between groups of three.
 * False for anything else, more than two decimals, a sign, or above BOOK_FEN_MAX. */
bool money_read(struct str text, int64_t *fen);

/* "1234.50", for files; in the arena. */
struct str money_yuan(struct arena *arena, int64_t fen);

/* Divides `fen` by the weights so that the parts sum to it and none is above the exact share
 * rounded up. fen, and the sum of the weights (more than 0), are at most MONEY_DIVIDED_MAX. */
#define MONEY_DIVIDED_MAX INT64_C(3000000000)
void money_divide(int64_t fen, const int64_t *weights, size_t count, int64_t *parts);

/* ERR_INPUT where a text that a user gave is empty, longer than LEDGER_TEXT_BYTES_MAX, or holds
 * control characters. */
MUST_USE bool ledger_text(struct str text, const char *en, const char *zh, struct err *err);

#endif
