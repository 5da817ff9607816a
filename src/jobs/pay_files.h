#ifndef JOBS_PAY_FILES_H
#define JOBS_PAY_FILES_H

#include "jobs/workspace.h"
#include "ledger/order.h"

/* Files between office and bank, as the console handles them: what `pay export`, `pay return` and
 * `pay statement` do on the command line. The forms are those of the workspace's packs. */

/* What became of the lines of an answer: one outcome (ledger/answer.h), those that have any. */
struct pay_file_outcome {
    struct str key, zh, en;
    int64_t count, fen;
};

struct pay_file_taken {
    bool unchanged; /* this file was taken before: nothing was done */
    struct pay_file_outcome *outcomes;
    size_t count;
    int64_t late; /* lines of days that are closed: they count on the first open day */
};

/* What payees read beside the money: period and scheme, in Chinese. In the ledger's arena. */
MUST_USE bool job_pay_purpose(struct workspace *workspace, struct ledger *ledger,
                              const struct pay_batch *batch, struct str *out, struct err *err);

/* The bytes for the bank, in the form that the packs have (ERR_USAGE where they have several): as
 * order_send. */
MUST_USE bool job_pay_order(struct workspace *workspace, struct ledger *ledger,
                            const struct asker *asker, int64_t batch, struct order_sent *out,
                            struct err *err);

/* Takes the bank's answer at `path`, called `name` in the books: as answer_take. */
MUST_USE bool job_pay_answer(struct workspace *workspace, struct ledger *ledger,
                             const struct asker *asker, const char *path, struct str name,
                             struct str account, struct pay_file_taken *out, struct err *err);

/* Takes a statement of the office's account: as statement_take. */
MUST_USE bool job_pay_statement(struct workspace *workspace, struct ledger *ledger,
                                const struct asker *asker, const char *path, struct str name,
                                struct str account, uint64_t *lines, uint64_t *fresh,
                                struct err *err);

#endif
