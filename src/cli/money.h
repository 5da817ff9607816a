#ifndef CLI_MONEY_H
#define CLI_MONEY_H

#include "cli/cli.h"
#include "ledger/fund.h"

/* What the commands about money share. */

#define OPTION_OF_YUAN                                                                             \
    {                                                                                              \
        "--yuan", OPTION_TEXT, "AMOUNT", NULL, "金额，元（必填）", "the amount in yuan (needed)"   \
    }
#define OPTION_OF_VOUCHER                                                                          \
    {                                                                                              \
        "--voucher", OPTION_TEXT, "NUMBER", NULL, "凭证号（必填）：同一凭证只入账一次",            \
            "number of the voucher (needed): booked once, however often it is typed"               \
    }
#define OPTION_OF_WHY                                                                              \
    {                                                                                              \
        "--why", OPTION_TEXT, "REASON", NULL, "理由，记入审计", "the reason; audited"              \
    }
#define OPTION_OF_BANK                                                                             \
    {                                                                                              \
        "--bank", OPTION_TEXT, "KEY", NULL, "哪家银行的格式（只有一种时可省）",                    \
            "whose form (may be left out where there is but one)"                                  \
    }

/* Runs `work` on the open books of --db. */
MUST_USE bool money_run(struct cli *cli,
                        bool (*work)(struct cli *, struct ledger *, int *, struct err *),
                        int *exit_code, struct err *err);

/* The value of --yuan, in fen. ERR_USAGE. */
MUST_USE bool money_option(const struct cli *cli, int64_t *fen, struct err *err);

/* An option that has to be there; ERR_USAGE names it. */
MUST_USE bool money_text(const struct cli *cli, const char *option, struct str *out,
                         struct err *err);

/* "1,234.50" for screens, and a number for columns. */
struct str money_shown(const struct cli *cli, int64_t fen);
struct str money_number(const struct cli *cli, int64_t number);

#endif
