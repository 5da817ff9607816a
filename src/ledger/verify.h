#ifndef LEDGER_VERIFY_H
#define LEDGER_VERIFY_H

#include "ledger/book.h"

/* The books proven from the journal alone, by code that shares nothing with what wrote them but the
 * form of a hash: the chain, the seals, every balance re-derived, every limit, every pending
 * transfer and every correction. */

enum book_fault {
    BOOK_FAULT_CHAIN,   /* a row was changed, taken out or put in between */
    BOOK_FAULT_END,     /* rows are missing at the end, or there are too many */
    BOOK_FAULT_SEAL,    /* a seal does not fit the journal */
    BOOK_FAULT_BALANCE, /* a balance is not what the journal sums to */
    BOOK_FAULT_LIMIT,   /* an account is below zero */
    BOOK_FAULT_ACCOUNT, /* a transfer names an account that is not there, or one on both sides */
    BOOK_FAULT_TARGET,  /* posted or voided twice, or more than there was; corrected too far */
    BOOK_FAULT_SUM,     /* debits and credits do not sum to the same */
    BOOK_FAULT_COUNT,
};

struct book_finding {
    enum book_fault fault;
    int64_t number;  /* of the transfer, or 0 */
    int64_t account; /* or 0 */
};

struct book_report {
    uint64_t transfers, accounts, seals;
    int64_t debits, credits;       /* posted, over all accounts: fen */
    struct book_finding *findings; /* at most BOOK_FINDINGS_MAX, in the order found */
    size_t finding_count;
    bool more;                           /* there were more */
    unsigned char root[BOOK_HASH_BYTES]; /* hash of the last transfer */
};

enum { BOOK_FINDINGS_MAX = 1000 };

/* Reads the whole journal. ERR_STORE when it cannot be read; what does not fit stands in the
 * report, in the arena. */
MUST_USE bool book_verify(struct arena *arena, struct store *store, struct book_report *out,
                          struct err *err);

/* "chain" … and its words. */
const char *book_fault_key(enum book_fault fault);
/* The sentence. */
const char *book_fault_text(enum book_fault fault, enum lang lang);

#endif
