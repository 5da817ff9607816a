#ifndef LEDGER_JOURNAL_H
#define LEDGER_JOURNAL_H

#include "ledger/ledger.h"

/* The journal in the forms of other programs, so that others can check our books: hledger (and
 * ledger), and beancount. What is posted is written; what is pending stands as a comment, for it is
 * in no balance. Amounts are yuan; a debit is above 0. The day is China's. */

enum journal_form { JOURNAL_HLEDGER, JOURNAL_BEANCOUNT };

/* Gives the text piece by piece, in the order of the journal; `put` returns false to stop with its
 * error. */
MUST_USE bool journal_write(struct ledger *ledger, enum journal_form form,
                            bool (*put)(void *context, struct str piece, struct err *err),
                            void *context, struct err *err);

/* How an account is called there: "fund:2020-15:central"; "Liabilities:Fund:A7-2020-15-central"
 * (beancount takes fewer characters: the number keeps names apart). In the arena. */
struct str journal_account(struct arena *arena, enum journal_form form,
                           const struct book_account *account);

#endif
