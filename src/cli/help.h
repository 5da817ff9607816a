#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"

#include <stdio.h>

/* What the program says of itself, made from the table of commands: help on screen, the manual
 * page, the documents, the shell completion and the table as JSON. */

/* One line a command. */
void help_overview(const struct cli *cli, FILE *out);

/* Use, options and examples of one command. */
void help_command(const struct cli *cli, const struct command *command, FILE *out);

/* The manual page in roff (English), the reference as Markdown (in the language of `cli`), and the
 * completion for bash. */
void help_manual(FILE *out);
void help_markdown(const struct cli *cli, FILE *out);
void help_completion(FILE *out);

/* {"commands":[{"name","words","zh","en","options":[…],"examples":[…]}],"options":[…]}. */
MUST_USE bool help_json(struct cli *cli, struct err *err);

/* The exit codes and what they mean, ended by a NULL text. */
struct exit_meaning {
    int code;
    const char *zh, *en;
};
const struct exit_meaning *help_exit_codes(void);

#endif
