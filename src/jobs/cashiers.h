#ifndef JOBS_CASHIERS_H
#define JOBS_CASHIERS_H

#include "jobs/payments.h"
#include "jobs/stages.h"
#include "ledger/prove.h"
#include "ledger/reconcile.h"

/* The bureau of the sample city pays: what was decided is kept, funds are opened under their
 * documents and money comes, what is due and not paid is proposed by one and approved by another,
 * goes to the bank as a file, comes back as an answer and a statement, and is proved. Who, out of
 * which funds, and how the bank answers is text (cashier_text.h); amounts follow from what is due.
 * As the clerks they write only through what a real office writes with. */

/* A scheme paid out of a fund. */
struct cashiers_batch {
    struct str scheme, zh, en;  /* key; names */
    int64_t batch;              /* 0: nothing was to be paid */
    int64_t due_lines, due_fen; /* decided */
    size_t counts[PAY_OUTCOMES];
    int64_t fen; /* proposed */
    size_t paid, refused;
    int64_t paid_fen;
};

/* A fund that was opened, with all that became of its money. */
struct cashiers_fund {
    struct fund fund;
    struct fund_proof proof;
    int64_t received_fen;
};

/* Why the bank refused, and how often. */
struct cashiers_reason {
    struct str words;
    size_t count;
};

struct cashiers_result {
    struct str proposed_by, approved_by;
    const char *folder; /* where the files are */
    int64_t award_run;  /* the decision that was kept */
    struct cashiers_batch *batches;
    struct cashiers_fund *funds;
    size_t batch_count, fund_count;
    struct cashiers_reason reasons[3];
    struct reconciled reconciled;
};

/* Pays, and writes FOLDER/pay/: 代发N.csv (to the bank), 回执N.csv (its answer), 对账单.csv (its
 * statement), 证明.csv (the proof of each fund). FOLDER is that of sample_write; `run` is the check
 * of the day, of whose rows `payees` heard (job_check_heard). `keep` holds what is in *out, `arena`
 * the rest. `asker` sees all areas. ERR_CONFLICT and *out empty where the check had no students;
 * ERR_IO, ERR_INPUT, ERR_STORE. */
MUST_USE bool cashiers_pay(struct workspace *workspace, struct arena *arena, struct arena *keep,
                           const struct asker *asker, const char *folder,
                           const struct check_run *run, struct payee_collector *payees,
                           const struct progress *progress, struct cashiers_result *out,
                           struct err *err);

#endif
