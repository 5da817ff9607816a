#include "cli/commands.h"
#include "cli/help.h"

#include <string.h>

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    const char *format = cli_option(cli, "--format");
    if (cli->json) return help_json(cli, err);
    if (format != NULL && strcmp(format, "man") == 0) {
        help_manual(stdout);
    } else if (format != NULL && strcmp(format, "markdown") == 0) {
        help_markdown(cli, stdout);
    } else if (format != NULL && strcmp(format, "bash") == 0) {
        help_completion(stdout);
    } else if (cli->word_count == 0) {
        help_overview(cli, stdout);
    } else {
        struct str name = cli->word_count == 2
                              ? cli_format(cli, "%s %s", cli->words[0], cli->words[1])
                              : str_from(cli->words[0]);
        const struct command *command = command_find(name);
        if (command == NULL) {
            return err_set(err, ERR_USAGE, "there is no command \"%.*s\"; baoxue help lists them",
                           "没有“%.*s”这个命令；baoxue help 列出全部命令", STR_ARG(name));
        }
        help_command(cli, command, stdout);
    }
    return true;
}

const struct command command_help = {
    .name = "help",
    .words = "[COMMAND]",
    .words_max = 2,
    .zh = "列出全部命令，或说明一个命令",
    .en = "Lists all commands, or explains one",
    .options = {{"--format", OPTION_CHOICE, "FORM", "text|man|markdown|bash",
                 "写成手册页、文档或 bash 补全",
                 "as a manual page, a document or bash completion"}},
    .examples = {{"baoxue help import", "说明 import 命令", "explains the import command"},
                 {"baoxue help --format man > baoxue.1", "写出手册页", "writes the manual page"}},
    .run = run,
};
