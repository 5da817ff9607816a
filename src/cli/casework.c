#include "cli/casework.h"

bool cli_casework(struct cli *cli, struct read_at when, struct casework *out, struct err *err)
{
    return casework_open(out, cli->arena, &cli->workspace.registry, &cli->workspace.procedures,
                         &cli->workspace.chains, when, err);
}

const struct case_words *cli_words(const struct cli *cli)
{
    struct case_words *words = arena_new(cli->arena, struct case_words);
    *words = (struct case_words){cli->arena, cli->lang, cli->workspace.divisions};
    return words;
}
