#ifndef LEDGER_BANK_H
#define LEDGER_BANK_H

#include "base/day.h"

/* What a bank's files look like, read from text: policies/PACK/banks/KEY.yaml (docs/payments.md
 * describes the format). The engine knows no bank. */

enum bank_value {
    BANK_ORDINAL,   /* 1, 2, 3 … */
    BANK_REFERENCE, /* "P12-345": batch and ordinal, by which the bank answers */
    BANK_BATCH,     /* number of the batch */
    BANK_ACCOUNT,
    BANK_HOLDER,     /* the name that the account is held in */
    BANK_BANK,       /* where it is held */
    BANK_YUAN,       /* "500.00" */
    BANK_FEN,        /* "50000" */
    BANK_PURPOSE,    /* name of the scheme, period */
    BANK_LINES,      /* of the whole file: for a line of totals */
    BANK_TOTAL_YUAN, /* of the whole file */
    BANK_VALUES,
};

enum { BANK_COLUMNS_MAX = 32 };

struct bank_order {
    bool gb18030; /* else UTF-8 */
    char separator;
    const char *line_end;
    bool headings;
    struct str names[BANK_COLUMNS_MAX];
    enum bank_value values[BANK_COLUMNS_MAX];
    size_t count;
    enum bank_value totals[BANK_COLUMNS_MAX]; /* of the line of totals, before the headings */
    size_t total_count;                       /* 0: there is none */
};

/* Ways to write something: headings as heading_clean gives them, results as fold_text does. */
struct bank_words {
    struct str *words;
    size_t count;
};

/* The columns of an answer, and of a statement. */
enum bank_answer {
    ANSWER_REFERENCE,
    ANSWER_RESULT,
    ANSWER_AMOUNT,
    ANSWER_REASON,
    ANSWER_SERIAL,
    ANSWER_DAY,
    ANSWER_COLUMNS
};
enum bank_statement {
    STATEMENT_DAY,
    STATEMENT_SERIAL,
    STATEMENT_WORDS,
    STATEMENT_OUT,
    STATEMENT_IN,
    STATEMENT_AMOUNT,
    STATEMENT_BALANCE,
    STATEMENT_COLUMNS
};

struct bank {
    struct str key, zh, en;
    struct str source; /* the text itself: kept with every file that is written by it */
    struct bank_order order;
    struct bank_words answer[ANSWER_COLUMNS], paid, refused;
    struct bank_words totals; /* in place of a reference: the row is none of a payment */
    struct bank_words statement[STATEMENT_COLUMNS];
};

/* All banks of the packs built in, or of `folder` (a packs folder), by key. ERR_INPUT with file,
 * line and column. In the arena. */
MUST_USE bool banks_load(struct arena *arena, const char *folder, struct bank **out, size_t *count,
                         struct err *err);

/* One from its text. */
MUST_USE bool bank_read(struct arena *arena, struct str text, const char *name, struct bank *out,
                        struct err *err);

/* By key; where `key` is empty the only one. ERR_USAGE. */
MUST_USE bool bank_choose(const struct bank *banks, size_t count, struct str key,
                          const struct bank **out, struct err *err);

/* A table that came from a bank: the rows below the first row that has the needed columns. */
struct bank_rows {
    struct bank_row {
        uint64_t row;            /* in the file, from 1 */
        const struct str *cells; /* by column; empty where the table has no such column */
    } * items;
    size_t count;
};

enum { BANK_ROWS_MAX = 2000000 };

/* Reads a file of any kind that workbook.h takes. `needed` has a bit for each column that has to
 * be there; *found is false when no row of the first BANK_HEADING_ROWS has them all. Rows without
 * anything in the needed columns are totals and left out. Errors name the file. In the arena. */
enum { BANK_HEADING_ROWS = 20 };
MUST_USE bool bank_rows_read(struct arena *arena, const char *path,
                             const struct bank_words *columns, size_t count, uint32_t needed,
                             struct bank_rows *out, bool *found, struct err *err);

/* True when a cell is one of the words. */
bool bank_says(const struct bank_words *words, struct str cell);

/* The day of a cell as banks write it ("20201225", "2020-12-25", "2020/12/25 10:00"); false when it
 * is none. */
bool bank_day(struct str cell, day *out);

#endif
