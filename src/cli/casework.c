#include "cli/casework.h"

bool cli_casework(struct cli *cli, struct read_at when, struct casework *out, struct err *err)
{
    return casework_open(out, cli->arena, &cli->workspace.registry, &cli->workspace.procedures,
                         &cli->workspace.chains, when, err);
}

struct case_words cli_words(const struct cli *cli)
{
    return (struct case_words){cli->arena, cli->lang, cli->workspace.divisions};
}
