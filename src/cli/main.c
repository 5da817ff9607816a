#include "cli/help.h"
#include "cli/outputs.h"

#include <signal.h>
#include <stdio.h>

static bool dispatch(struct cli *cli, int *exit_code, struct err *err)
{
    if (cli->version) {
        printf("baoxue %s\n", BAOXUE_VERSION);
        return true;
    }
    if (cli->command == NULL) {
        if (!cli->help) *exit_code = err_exit_code(ERR_USAGE);
        help_overview(cli, cli->help ? stdout : stderr);
        return true;
    }
    if (cli->help) {
        help_command(cli, cli->command, stdout);
        return true;
    }
    if (cli->user != NULL && cli->command->capability == 0) {
        return err_set(err, ERR_USAGE, "--user does not go with %s", "%s 不能带 --user",
                       cli->command->name);
    }
    return outputs_check(cli, err) && cli->command->run(cli, exit_code, err);
}

/* What could not be written is a failure, also when it was only buffered until now. */
static bool flush_output(struct err *err)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0) return true;
    return err_set(err, ERR_IO, "could not write to standard output", "无法写入标准输出");
}

int main(int argc, char **argv)
{
    struct arena arena = {0};
    struct err err = ERR_INIT;
    struct cli cli = {.arena = &arena, .db = "./baoxue.db", .clock = clock_system()};
    int exit_code = 0;
    arena_return_freed();
    /* A file that may not grow is a failed write, told in a sentence, and not the end. */
    signal(SIGXFSZ, SIG_IGN);
    bool good =
        cli_parse(&cli, argc, (const char *const *)argv, &err) && dispatch(&cli, &exit_code, &err);
    if (good) good = flush_output(&err);
    if (!good) {
        cli_error(&cli, &err);
        exit_code = err_exit_code(err.kind);
    }
    cli_close(&cli);
    arena_free(&arena);
    return exit_code;
}
