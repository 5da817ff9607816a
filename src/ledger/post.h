#ifndef LEDGER_POST_H
#define LEDGER_POST_H

#include "ledger/fund.h"

/* The one place where awards, projects and what the bank did become transfers, each exactly once:
 * the id of every transfer follows from what it is for, so asking again moves nothing again.
 *
 *   a promise   pending, fund/KEY/LEVEL to bank/ACCOUNT, one for each level that bears a part;
 *               id of (scheme, person, period, instalment, attempt, level)
 *   paid        posts the promise, whole or in part; the rest is set free
 *   void        sets it free
 *   come back   corrects what was paid, never above it
 *   suspense    suspense/ACCOUNT to bank/ACCOUNT or back: the bank moved it without an order
 *   treasury    bank/ACCOUNT to fund/KEY/LEVEL when money comes, back when it is handed back
 *   projects    fund/KEY/LEVEL to project/KEY/PROJECT (allotted), and from there to bank/ACCOUNT
 *
 * All of it happens inside the caller's transaction. Errors: ERR_CONFLICT with what does not fit
 * ("the central share of fund X holds 12.00 yuan less than is asked for"), ERR_STORE. */

struct post_line {
    int64_t number; /* of the line: what the transfer's reference names */
    const struct fund *fund;
    struct str scheme, period;
    int64_t person, instalment, attempt;
    int64_t fen;                /* at most MONEY_DIVIDED_MAX */
    int64_t parts[FUND_LEVELS]; /* of fen, by level */
};

/* How a payment of `fen` falls to the levels of a fund. */
void post_parts(const struct fund *fund, int64_t fen, int64_t parts[FUND_LEVELS]);

struct post; /* transfers on their way, at most BOOK_BATCH_MAX at a time */

/* Begins; post_end asks the books for what is left when all went well so far (`good`), and gives
 * its memory back. `post` lives in the arena. */
struct post *post_begin(struct arena *arena, struct ledger *ledger);
MUST_USE bool post_end(struct post *post, bool good, struct err *err);

/* Asks the books for what is on its way: before something of the same lines is asked for otherwise.
 */
MUST_USE bool post_flush(struct post *post, struct err *err);

MUST_USE bool post_promise(struct post *post, const struct post_line *line, struct err *err);
/* `fen` of the promise (above 0, at most all of it) was paid; what is not is set free. */
MUST_USE bool post_paid(struct post *post, const struct post_line *line, int64_t fen,
                        struct err *err);
MUST_USE bool post_void(struct post *post, const struct post_line *line, struct err *err);

/* `fen` of what was paid of a line came back: `name` tells this return from others of the line.
 * ERR_CONFLICT above what is still out. */
MUST_USE bool post_back(struct ledger *ledger, const struct post_line *line, int64_t fen,
                        struct str reason, struct str name, struct err *err);

/* What each level got back by the return of this name, and the number of its first transfer in the
 * journal. The return has to be there. */
MUST_USE bool post_returned(struct ledger *ledger, const struct post_line *line, struct str name,
                            int64_t parts[FUND_LEVELS], int64_t *transfer, struct err *err);

/* The number in the journal of the first transfer that promised a line; 0: none. */
MUST_USE bool post_promised(struct ledger *ledger, const struct post_line *line, int64_t *transfer,
                            struct err *err);

/* Money that the bank moved by itself: fen above 0 went out, below 0 came in. `name` tells it from
 * others. *made is false when it is booked already. *id is the transfer's. */
MUST_USE bool post_suspense(struct ledger *ledger, struct str account, int64_t fen, struct str name,
                            struct book_id *id, bool *made, struct err *err);
/* It moved back. */
MUST_USE bool post_suspense_back(struct ledger *ledger, struct book_id id, struct err *err);

/* A voucher between treasury and fund; *made is false when it is booked already. */
MUST_USE bool post_treasury(struct ledger *ledger, const struct fund *fund,
                            const struct fund_move *move, bool *made, struct err *err);

/* A voucher of a project: allotted to it by the levels' shares, or paid out of what was. */
MUST_USE bool post_allot(struct ledger *ledger, const struct fund *fund, struct str project,
                         int64_t fen, struct str voucher, bool *made, struct err *err);
MUST_USE bool post_project(struct ledger *ledger, const struct fund *fund, struct str project,
                           int64_t fen, struct str voucher, bool *made, struct err *err);

/* What an id is made of, for whoever looks up what a line moved: "promise", "pay" … */
struct book_id post_id(const char *what, const struct post_line *line, enum fund_level level);

#endif
