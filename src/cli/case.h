#ifndef CLI_CASE_H
#define CLI_CASE_H

#include "cases/case_event.h"
#include "cases/case_write.h"
#include "cli/casework.h"

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

/* Prints a paper of the case: "case ID print PAPER --out FILE". */
MUST_USE bool case_print(struct case_call *call, struct err *err);

/* Attaches files: "case ID attach FILE...". */
MUST_USE bool case_attach(struct case_call *call, struct err *err);

/* Lists what is attached, or gives one back: "case ID files [VERSION --out FILE]". */
MUST_USE bool case_files(struct case_call *call, struct err *err);

/* Writes events into the case called and says which version it has now; number and --seen are
 * filled in here. */
MUST_USE bool case_write_call(struct case_call *call, struct case_write *write, struct err *err);

/* The case on the day asked about; without --at as it is now, also when the registers are older. */
MUST_USE bool case_read_as_of(struct case_call *call, struct case_file *file, struct err *err);

/* --set "FIELD=VALUE;FIELD=VALUE". ERR_USAGE. */
MUST_USE bool case_read_fields(const struct case_call *call, struct case_fields *fields,
                               struct err *err);

#endif
