#include "cli/money.h"

bool money_run(struct cli *cli, bool (*work)(struct cli *, struct ledger *, int *, struct err *),
               int *exit_code, struct err *err)
{
    struct ledger ledger;
    if (!cli_open(cli, false, err)
        || !ledger_open(&ledger, cli->arena, cli->workspace.store, cli->workspace.codec,
                        &cli->clock, err)) {
        return false;
    }
    bool good = work(cli, &ledger, exit_code, err);
    ledger_close(&ledger);
    return good;
}

bool money_text(const struct cli *cli, const char *option, struct str *out, struct err *err)
{
    const char *value = cli_option(cli, option);
    *out = value == NULL ? STR_EMPTY : str_trim(str_from(value));
    if (out->len > 0) return true;
    return err_set(err, ERR_USAGE, "%s is needed", "需要 %s", option);
}

bool money_option(const struct cli *cli, int64_t *fen, struct err *err)
{
    struct str text;
    if (!money_text(cli, "--yuan", &text, err)) return false;
    if (money_read(text, fen) && *fen > 0) return true;
    return err_set(err, ERR_USAGE, "--yuan \"%.*s\" is no amount above 0; write it as 1234.50",
                   "--yuan“%.*s”不是大于 0 的金额，请写成 1234.50", STR_ARG(text));
}

struct str money_shown(const struct cli *cli, int64_t fen)
{
    int64_t size = fen < 0 ? -fen : fen;
    return cli_format(cli, "%s%s.%02lld", fen < 0 ? "-" : "",
                      cli_thousands(cli, (uint64_t)(size / 100)).ptr, (long long)(size % 100));
}

struct str money_number(const struct cli *cli, int64_t number)
{
    return cli_format(cli, "%lld", (long long)number);
}
