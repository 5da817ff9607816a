#ifndef CLI_LOGIN_H
#define CLI_LOGIN_H

#include "cli/cli.h"

/* Who runs a command: the owner of the workspace file (`local`), or with --user somebody who logs
 * in. The password comes from the file that BAOXUE_PASSWORD_FILE names, else it is asked for on the
 * terminal without being shown; so is the code of the second factor. */

/* Fills cli->asker; the workspace is open. ERR_DENIED for a wrong password or code, a locked name,
 * and a command, --reveal or --out that the role does not allow; ERR_USAGE where there is nobody to
 * ask for the password. */
MUST_USE bool login_cli(struct cli *cli, struct err *err);

/* A password from the file that the environment's `variable` names, else asked for. ERR_USAGE where
 * there is nobody to ask, ERR_IO. */
MUST_USE bool login_password(struct cli *cli, const char *variable, const char *zh, const char *en,
                             struct str *out, struct err *err);

#endif
