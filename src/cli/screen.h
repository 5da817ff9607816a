#ifndef CLI_SCREEN_H
#define CLI_SCREEN_H

#include "cli/cli.h"

#include <stdio.h>

/* What a check found, on one screen that the head of a bureau understands: what was read, how many
 * children are expected, where they are, who is missing and whose work that is, by county, and what
 * a look-up by ID number alone would have said. */

/* Writes the screen; `area` (may be empty) limits what is counted of the findings. ERR_STORE. */
MUST_USE bool screen_check(struct cli *cli, const struct check_run *run, struct str area, FILE *out,
                           struct err *err);

#endif
