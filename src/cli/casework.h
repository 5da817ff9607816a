#ifndef CLI_CASEWORK_H
#define CLI_CASEWORK_H

#include "cases/case_words.h"
#include "cli/cli.h"

/* What reading and writing cases needs, with who answers on the day; lives in the run's arena. */
MUST_USE bool cli_casework(struct cli *cli, struct read_at when, struct casework *out,
                           struct err *err);

/* Cases in words of the run's language; what is said lives in its arena. */
struct case_words cli_words(const struct cli *cli);

#endif
