#ifndef JOBS_SAMPLE_BANK_H
#define JOBS_SAMPLE_BANK_H

#include "base/dict.h"
#include "base/list.h"
#include "jobs/cashier_text.h"
#include "ledger/bank.h"

/* The bank of the sample city. It has its own book of accounts (FOLDER/truth/accounts.csv), gets
 * nothing but the file that was written for it, and answers in the form of policies/PACK/banks: a
 * payment goes to an account that is there, in that name and in use, and is refused else. All that
 * it moved stands on its statement of the office's account. */

/* An account by its number. */
struct sample_bank_account {
    struct str holder;
    bool stopped;
};

/* A line of the statement: one of the two amounts is 0. */
struct sample_bank_move {
    day on;
    struct str serial, words;
    int64_t out_fen, in_fen;
};

struct sample_bank {
    struct arena *arena;
    const struct bank *form;
    const struct cashier_text *text;
    struct dict numbers;
    LIST(struct sample_bank_account) accounts; /* by number in `numbers` */
    LIST(struct sample_bank_move) moves;       /* as they came */
};

/* What became of the lines of a file. */
struct sample_bank_answered {
    size_t paid, unknown, holder, stopped;
    int64_t paid_fen;
};

/* Reads the book of accounts. All lives in the arena. ERR_IO, ERR_INPUT. */
MUST_USE bool sample_bank_open(struct sample_bank *bank, struct arena *arena, const char *folder,
                               const struct bank *form, const struct cashier_text *text,
                               struct err *err);

/* Money comes from the treasury by a voucher. */
void sample_bank_receive(struct sample_bank *bank, day on, struct str voucher, int64_t fen);

/* Carries out the order at `path` and writes the answer to `answer`. ERR_INPUT for a file that is
 * not in the form, ERR_IO. */
MUST_USE bool sample_bank_answer(struct sample_bank *bank, const char *path, const char *answer,
                                 day on, struct sample_bank_answered *out, struct err *err);

/* Writes all that moved until now, oldest first. ERR_IO. */
MUST_USE bool sample_bank_statement(const struct sample_bank *bank, const char *path,
                                    struct err *err);

#endif
