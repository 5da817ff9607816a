#ifndef CLI_CASE_H
#define CLI_CASE_H

#include "cases/case_write.h"
#include "cli/case_words.h"

/* "baoxue case ID WORD …": what each word does, by a table in case.c. */

/* What was asked of a case. */
struct case_call {
    struct cli *cli;
    struct read_at when;
    struct casework work;
    int64_t number;
};

/* Shows the case: its timeline as rows, who owes what, the facts. */
MUST_USE bool case_show(struct case_call *call, struct err *err);

#endif
