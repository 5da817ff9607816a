#ifndef CLI_OUTPUTS_H
#define CLI_OUTPUTS_H

#include "cli/cli.h"

/* What a command writes must not be what it reads. A file is put in the place of the one that had
 * its name, so a slip of the hand would end a workspace, its key or a list that nobody has twice.
 */

/* Whether all outputs that were typed may be written: none is the workspace, its key, a file that
 * the command reads, or another output. Run before the command starts. ERR_USAGE. */
MUST_USE bool outputs_check(const struct cli *cli, struct err *err);

/* The first option that was given and puts many people into a file: NULL when none does. */
const char *outputs_export(const struct cli *cli);

#endif
