#ifndef LEDGER_BOOK_H
#define LEDGER_BOOK_H

#include "base/clock.h"
#include "store/store.h"

/* Double entry that knows no domain: accounts, and transfers of whole fen between two of them. The
 * model is TigerBeetle's: whoever asks for a transfer makes its id beforehand and keeps it, so
 * asking again is safe; a transfer may be pending first and is then posted or voided once;
 * transfers of a chain stand or fall together. Nothing is ever changed: a correction is a further
 * transfer that names what it corrects.
 *
 * What always holds, and is verified by other code in verify.h:
 *   - the sum of all debits equals the sum of all credits, posted and pending alike;
 *   - an account that must not go below zero never does, pending sums counted against it;
 *   - an id stands once; a pending transfer is posted or voided at most once, at most in full;
 *   - what corrects a transfer never sums to more than it moved;
 *   - each transfer carries SM3(hash of the one before || its fields): a row changed, taken out or
 *     put in between is found.
 *
 * Only this module writes its tables: book_account, book_balance, book_transfer, book_head,
 * book_seal. A book is used by one thread at a time; several programs may write to one workspace.
 * Amounts up to BOOK_FEN_MAX; sums cannot overflow, they are refused first. */

enum {
    BOOK_ID_BYTES = 16,
    BOOK_HASH_BYTES = 32,
    BOOK_BATCH_MAX = 8192,     /* transfers in one call */
    BOOK_TEXT_BYTES_MAX = 256, /* of a code, reason or reference */
};
#define BOOK_FEN_MAX INT64_C(1000000000000000)

struct book;

struct book_id {
    unsigned char bytes[BOOK_ID_BYTES]; /* all zero: none */
};

/* The id of what a text names, always the same: the first bytes of its SM3. */
struct book_id book_id_of(struct str text);
bool book_id_is_none(struct book_id id);

/* What an account does not let happen; sums include what is pending. */
enum {
    BOOK_DEBITS_WITHIN_CREDITS = 1, /* money in it cannot be spent twice: funds, budgets */
    BOOK_CREDITS_WITHIN_DEBITS = 2, /* no more can come back than went out */
};

struct book_account {
    int64_t number; /* given by the book */
    struct book_id id;
    struct str code; /* "fund/财教2020-15/central": unique, parts with "/" */
    unsigned flags;
    int64_t debits_posted, debits_pending, credits_posted, credits_pending; /* out: fen */
};

enum book_kind {
    BOOK_POST,         /* moves at once */
    BOOK_PENDING,      /* reserves, until posted, voided or expired */
    BOOK_POST_PENDING, /* moves what `target` reserved, or part of it; the rest is set free */
    BOOK_VOID_PENDING, /* sets free what `target` reserved */
    BOOK_CORRECT,      /* moves back, wholly or in part, what `target` moved */
};

struct book_transfer {
    struct book_id id;
    enum book_kind kind;
    bool linked;           /* stands or falls with the next one of the call */
    int64_t debit, credit; /* account numbers. Of BOOK_POST_PENDING and BOOK_VOID_PENDING those of
                       the target, or 0; of BOOK_CORRECT the target's turned round, or 0 */
    int64_t fen; /* above 0. BOOK_POST_PENDING, BOOK_VOID_PENDING, BOOK_CORRECT: 0 for all of it */
    struct book_id target;
    int64_t expires_ms;    /* BOOK_PENDING: from this moment it is void; 0: never */
    struct str reason;     /* a word: "pay", "return", "correct" … */
    struct str reference;  /* what it is for: "award 123 2020-autumn"; no personal data */
    int64_t number, at_ms; /* out: place in the journal, moment */
};

/* What became of a transfer that was asked for. All but the first two leave nothing behind. */
enum book_status {
    BOOK_CREATED,
    BOOK_EXISTS,               /* was created by an earlier call with the same fields */
    BOOK_REFUSED_CHAIN,        /* another of its chain was refused */
    BOOK_REFUSED_CHAIN_OPEN,   /* the last of a call is linked */
    BOOK_REFUSED_ID,           /* none given */
    BOOK_REFUSED_EXISTS_OTHER, /* the id stands for a transfer with other fields */
    BOOK_REFUSED_ACCOUNT,      /* debit or credit is unknown */
    BOOK_REFUSED_SAME_ACCOUNT,
    BOOK_REFUSED_AMOUNT,         /* 0, negative or above BOOK_FEN_MAX */
    BOOK_REFUSED_TEXT,           /* a reason or reference too long */
    BOOK_REFUSED_EXCEEDS,        /* an account would go below zero */
    BOOK_REFUSED_OVERFLOW,       /* a sum would pass what 63 bits hold */
    BOOK_REFUSED_TARGET,         /* unknown, or of a kind that this cannot be done to */
    BOOK_REFUSED_TARGET_DIFFERS, /* accounts given are not those of the target */
    BOOK_REFUSED_TARGET_MORE,    /* more than the target holds, or has left to be corrected */
    BOOK_REFUSED_POSTED,         /* the pending transfer is posted already */
    BOOK_REFUSED_VOIDED,
    BOOK_REFUSED_EXPIRED,
    BOOK_REFUSED_EXPIRY, /* an expiry that has passed, or on what is not pending */
    BOOK_STATUS_COUNT,
};
const char *book_status_key(enum book_status status); /* "created", "exists", "exceeds" … */
const char *book_status_text(enum book_status status, enum lang lang);

/* Makes or grows the tables. */
MUST_USE bool book_migrate(struct store *store, struct err *err);

/* A book over a store; lives in the arena, holds statements: close it before the store. */
MUST_USE bool book_open(struct book **out, struct arena *arena, struct store *store,
                        const struct clock *clock, struct err *err);
void book_close(struct book *book); /* NULL accepted */

/* Opens an account, or finds the one that was opened with the same id, code and flags; sets its
 * number. ERR_CONFLICT when id or code stand for another account. In the caller's transaction, if
 * there is one. */
MUST_USE bool book_account_open(struct book *book, struct book_account *account, struct err *err);

/* An account with its balances, by number or by code; *found is false when there is none. Texts in
 * the book's arena. */
MUST_USE bool book_account_read(struct book *book, int64_t number, struct book_account *out,
                                bool *found, struct err *err);
MUST_USE bool book_account_find(struct book *book, struct str code, struct book_account *out,
                                bool *found, struct err *err);

/* Asks for `count` transfers (at most BOOK_BATCH_MAX), in order; each sees what those before it
 * did. statuses[i] says what became of each; number and at_ms are set of those that were created or
 * exist. All that was created is durable when this returns true, in one transaction: the caller's,
 * if it has one open, else its own. ERR_STORE: nothing of the call happened. */
MUST_USE bool book_transfer(struct book *book, struct book_transfer *transfers, size_t count,
                            enum book_status *statuses, struct err *err);

/* A transfer by its id; texts in the arena. */
MUST_USE bool book_transfer_read(struct book *book, struct arena *arena, struct book_id id,
                                 struct book_transfer *out, bool *found, struct err *err);

/* How a pending transfer stands, or what of a transfer has been corrected. */
struct book_state {
    bool pending;      /* reserved, neither posted, voided nor expired */
    int64_t corrected; /* fen moved back by corrections */
};
MUST_USE bool book_state_read(struct book *book, struct book_id id, struct book_state *out,
                              bool *found, struct err *err);

/* Voids all pending transfers whose moment has passed; *count says how many. */
MUST_USE bool book_expire(struct book *book, uint64_t *count, struct err *err);

/* Seals the journal as it stands: the day (which must be later than that of the last seal), the
 * number of the last transfer and its hash, which is the root that a report prints. In a
 * transaction of the caller. *number is 0
 * and nothing is written when nothing came since the last seal. */
MUST_USE bool book_seal(struct book *book, day sealed, int64_t *number,
                        unsigned char root[BOOK_HASH_BYTES], struct err *err);

/* Calls `each` for all transfers from `from` on, in order, until it returns false; texts are
 * borrowed for the call. `account` 0: of all accounts. */
MUST_USE bool book_walk(struct store *store, int64_t account, int64_t from,
                        bool (*each)(void *context, const struct book_transfer *), void *context,
                        struct err *err);

#endif
