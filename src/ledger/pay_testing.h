#ifndef LEDGER_PAY_TESTING_H
#define LEDGER_PAY_TESTING_H

#include "ledger/answer.h"
#include "ledger/order.h"
#include "ledger/reinstate.h"
#include "ledger/suspense.h"
#include "store/testing.h"

/* An office with one fund and a bank, for tests about payments. */

struct pay_office {
    struct arena arena;
    const char *path;
    struct store *store;
    struct codec *codec;
    struct clock clock;
    struct ledger ledger;
    struct asker li, wang; /* who proposes, and who approves */
    struct fund fund;      /* "f": half central, the rest the county's, for "aid" */
    struct bank bank;
};

/* An empty office; `fen` has come in for each level. Closed with pay_office_close. */
void pay_office_open(struct pay_office *office, void **state, int64_t fen);
void pay_office_close(struct pay_office *office);

/* The same workspace again, as after the program ended. */
void pay_office_restart(struct pay_office *office);

/* Proposes `due` to persons 1 … count (0: nothing is due to that one) for "2020-autumn"; gives the
 * batch, or 0. *err tells why it was refused; NULL: it may not be. */
int64_t pay_office_propose(struct pay_office *office, const int64_t *due, size_t count,
                           struct pay_proposed *made, struct err *err);

/* Approves and sends a batch. */
void pay_office_send(struct pay_office *office, int64_t batch);

/* The bank answers one line: "P1-1", paid (fen, or -1 as ordered) or refused (0). */
enum answer_outcome pay_office_answer(struct pay_office *office, const char *reference, int64_t fen,
                                      const char *serial);

/* The bank's answer of one line as it is taken; *err tells why it was not. */
bool pay_office_take(struct pay_office *office, struct answer_line *line, struct answer_taken *out,
                     struct err *err);

/* A line of the statement: day, serial number, what went out (below 0: came in), balance. */
struct pay_told {
    int32_t day;
    const char *serial;
    int64_t out_fen, balance_fen;
};

/* The statement of account "main" is taken; false with *err where it is refused. */
bool pay_office_statement(struct pay_office *office, const struct pay_told *told, size_t count,
                          struct err *err);

/* Closes account "main", on the day after where the clock is not there yet. */
bool pay_office_close_through(struct pay_office *office, int32_t through, struct err *err);

/* How many are in suspense on account "main", explained or not. */
size_t pay_office_suspense(struct pay_office *office);

/* Proposed by li and approved by wang: what came back of a payment. False with *err when refused.
 */
bool pay_office_recover(struct pay_office *office, int64_t line, int64_t fen, const char *voucher,
                        struct err *err);

/* Proposed by li and approved by wang: a return that never was is taken back. What of it waits is
 * decided first. False with *err when refused. */
bool pay_office_reinstate(struct pay_office *office, int64_t payment, const char *why,
                          struct pay_reinstatement *out, struct err *err);

/* The books are whole, and the fund is proved. */
void pay_office_whole(struct pay_office *office);

/* What is left of both levels together, and what is promised. */
int64_t pay_office_left(struct pay_office *office);
int64_t pay_office_pending(struct pay_office *office);

#endif
