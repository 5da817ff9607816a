#ifndef LEDGER_BOOK_INTERNAL_H
#define LEDGER_BOOK_INTERNAL_H

#include "base/dict.h"
#include "ledger/book.h"

/* Inside the book: what book.c and book_transfer.c share. */

/* An account in memory; balances ahead of the store while a call is at work. */
struct book_cached {
    struct book_account account;
    bool changed; /* its balances are to be written */
};

/* How the journal ends. */
struct book_head {
    int64_t count, at_ms, swept_ms;
    unsigned char hash[BOOK_HASH_BYTES];
};

struct book {
    struct arena *arena;
    struct store *store;
    const struct clock *clock;
    struct arena cache;     /* accounts, until another program has written */
    struct u64_map numbers; /* account number → place in `accounts` */
    struct book_cached *accounts;
    size_t account_count, account_capacity;
    struct book_head head; /* as `accounts` know it */
    bool head_known;
    struct store_statement *read_head, *write_head, *read_account, *find_account, *write_balance,
        *read_transfer, *read_targets, *insert;
};

/* Reads how the journal ends; where that is not what the accounts in memory rest on, they are
 * forgotten. */
MUST_USE bool book_refresh(struct book *book, struct err *err);

/* Forgets all that is in memory: after a failure. */
void book_forget(struct book *book);

/* The account with this number; NULL when there is none. */
MUST_USE bool book_cached(struct book *book, int64_t number, struct book_cached **out,
                          struct err *err);

/* The transfer that a prepared read_transfer stands at; texts are borrowed. */
struct book_transfer book_row(struct store_statement *row);

/* A transfer's link of the chain: SM3(before || its fields). */
void book_hash(const unsigned char before[BOOK_HASH_BYTES], const struct book_transfer *transfer,
               unsigned char out[BOOK_HASH_BYTES]);

/* The columns of a transfer in the order of book_row. */
#define BOOK_COLUMNS                                                                               \
    "number, id, kind, linked, debit, credit, fen, target, expires_ms, reason, reference, at_ms"

#endif
