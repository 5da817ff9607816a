#include "cli/commands.h"
#include "cli/money.h"
#include "cli/number.h"
#include "cli/report.h"
#include "ledger/close.h"
#include "ledger/reconcile.h"
#include "ledger/statement.h"

static const struct report_column columns[] = {
    {"state", "结果", "state", false},
    {"what", "何事", "what", false},
    {"name", "流水或凭证", "number", false},
    {"day", "日期", "day", false},
    {"ours_fen", "账上（分）", "ours, fen", true},
    {"bank_fen", "银行（分）", "bank, fen", true},
    {"payment", "发放号", "payment", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static const struct report_column statement_columns[] = {
    {"row", "行", "row", true},
    {"day", "日期", "day", false},
    {"serial", "流水", "serial", false},
    {"out_fen", "支出（分）", "out, fen", true},
    {"in_fen", "收入（分）", "in, fen", true},
    {"balance_fen", "余额（分）", "balance, fen", true},
    {"new", "新", "new", false},
};

enum { STATEMENT_COLUMNS_COUNT = sizeof statement_columns / sizeof *statement_columns };

static const struct report_column suspense_columns[] = {
    {"number", "挂账号", "number", true},      {"kind", "何事", "kind", false},
    {"fen", "金额（分）", "fen", true},        {"reference", "业务编号", "reference", false},
    {"serial", "流水", "serial", false},       {"line", "发放号", "payment", true},
    {"explained", "说明", "explained", false}, {"why", "理由", "why", false},
};

enum { SUSPENSE_COLUMNS_COUNT = sizeof suspense_columns / sizeof *suspense_columns };

static struct str account_of(const struct cli *cli)
{
    const char *account = cli_option(cli, "--account");
    return str_from(account == NULL ? "main" : account);
}

static bool write_items(struct cli *cli, const struct reconciled *reconciled, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "items", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    if (json != NULL) {
        json_key_bool(json, "clean", reconcile_is_clean(reconciled));
        json_key_str(json, "from", cli_date(cli, reconciled->from));
        json_key_str(json, "through", cli_date(cli, reconciled->through));
        json_key_i64(json, "books_fen", reconciled->books_fen);
        json_key_i64(json, "bank_fen", reconciled->bank_fen);
    }
    bool good = true;
    for (size_t i = 0; good && i < reconciled->count; i++) {
        const struct reconcile_item *item = &reconciled->items[i];
        struct str values[COLUMNS] = {str_from(reconcile_state_key(item->state)),
                                      item->what,
                                      item->name,
                                      cli_date(cli, item->on),
                                      money_number(cli, item->ours_fen),
                                      money_number(cli, item->bank_fen),
                                      item->payment == 0 ? STR_EMPTY
                                                         : money_number(cli, item->payment)};
        struct str shown[COLUMNS] = {str_from(reconcile_state_text(item->state, cli->lang))};
        good = report_row(report, values, shown, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool close_books(struct cli *cli, struct ledger *ledger, day through, struct err *err)
{
    unsigned char root[BOOK_HASH_BYTES];
    char hex[2 * BOOK_HASH_BYTES + 1];
    if (!close_period(ledger, &cli->asker, account_of(cli), through, root, err)) return false;
    hex_of(root, sizeof root, hex);
    cli_note(cli, "已结账至 %s，根 %s", "closed up to %s, root %s", cli_date(cli, through).ptr,
             hex);
    return true;
}

static bool compare(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    struct reconciled reconciled;
    day through = cli_day(cli, "--close");
    if (!fund_check_account(ledger, &cli->asker, account_of(cli), err)) return false;
    if (!day_is_none(through) && !close_books(cli, ledger, through, err)) return false;
    if (!reconcile(ledger, account_of(cli), &reconciled, err)
        || !write_items(cli, &reconciled, err)) {
        return false;
    }
    if (!reconcile_is_clean(&reconciled)) *exit_code = 1;
    cli_note(cli, "账上 %s 元，对账单 %s 元（%s 至 %s）",
             "books %s yuan, statement %s yuan (%s to %s)",
             money_shown(cli, reconciled.books_fen).ptr, money_shown(cli, reconciled.bank_fen).ptr,
             cli_date(cli, reconciled.from).ptr, cli_date(cli, reconciled.through).ptr);
    for (int i = 0; i < RECONCILE_STATES; i++) {
        if (reconciled.counts[i] == 0) continue;
        cli_note(cli, "  %s：%zu", "  %s: %zu",
                 reconcile_state_text((enum reconcile_state)i, cli->lang), reconciled.counts[i]);
    }
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, compare, exit_code, err);
}

static bool write_statement(struct cli *cli, const struct statement_file *file, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "lines", statement_columns, STATEMENT_COLUMNS_COUNT, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < file->count; i++) {
        const struct statement_line *line = &file->lines[i];
        struct str values[STATEMENT_COLUMNS_COUNT] = {money_number(cli, (int64_t)line->row),
                                                      cli_date(cli, line->on),
                                                      line->serial,
                                                      money_number(cli, line->out_fen),
                                                      money_number(cli, line->in_fen),
                                                      money_number(cli, line->balance_fen),
                                                      line->fresh ? STR("yes") : STR("no")};
        good = report_row(report, values, NULL, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool take_statement(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct statement_file file;
    struct bank *banks;
    const struct bank *bank;
    size_t count;
    uint64_t fresh;
    const char *key = cli_option(cli, "--bank");
    if (!banks_load(cli->arena, cli->workspace.policies, &banks, &count, err)) return false;
    if (key != NULL) {
        if (!bank_choose(banks, count, str_from(key), &bank, err)) return false;
        banks = (struct bank *)bank;
        count = 1;
    }
    if (!statement_read(cli->arena, cli->words[0], banks, count, &file, err)) return false;
    file.account = account_of(cli);
    if (!statement_take(ledger, &cli->asker, &file, &fresh, err)
        || !write_statement(cli, &file, err)) {
        return false;
    }
    cli_note(cli, "%zu 行，新 %llu 行，余额衔接",
             "%zu lines, %llu of them new; the balances follow", file.count,
             (unsigned long long)fresh);
    return true;
}

static bool run_statement(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, take_statement, exit_code, err);
}

static bool list_suspense(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct suspense *list;
    size_t count;
    struct report *report = NULL;
    const char *option = cli_option(cli, "--account");
    struct str account = option == NULL ? STR_EMPTY : str_from(option);
    if (!fund_check_account(ledger, &cli->asker, account, err)
        || !suspense_list(ledger, account, false, &list, &count, err)
        || !report_open(&report, cli, "suspense", suspense_columns, SUSPENSE_COLUMNS_COUNT, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        const struct suspense *one = &list[i];
        struct str values[SUSPENSE_COLUMNS_COUNT] = {
            money_number(cli, one->number),
            str_from(suspense_kind_key(one->kind)),
            money_number(cli, one->fen),
            one->reference,
            one->serial,
            one->line == 0 ? STR_EMPTY : money_number(cli, one->line),
            one->explained ? str_from(suspense_how_key(one->how)) : STR_EMPTY,
            one->why};
        struct str shown[SUSPENSE_COLUMNS_COUNT] = {
            [1] = str_from(suspense_kind_text(one->kind, cli->lang))};
        good = report_row(report, values, shown, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run_suspense(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, list_suspense, exit_code, err);
}

static bool explain(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    int64_t number;
    struct str why;
    const char *serial = cli_option(cli, "--serial");
    int how = suspense_how_of(str_from(cli->words[1]));
    if (!number_read(cli->words[0], &number, err)) return false;
    if (how < 0) {
        return err_set(
            err, ERR_USAGE, "\"%s\" explains nothing; it is returned, accepted or noted",
            "“%s”不是说明，应为 returned（银行已退回）、accepted（认可）或 noted（注明）",
            cli->words[1]);
    }
    if (!money_text(cli, "--why", &why, err)
        || !suspense_explain(ledger, &cli->asker, number, (enum suspense_how)how, why,
                             serial == NULL ? STR_EMPTY : str_from(serial), err)) {
        return false;
    }
    cli_note(cli, "第 %lld 号挂账已说明", "number %lld in suspense is explained",
             (long long)number);
    return true;
}

static bool run_explain(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, explain, exit_code, err);
}

#define OPTION_OF_ACCOUNT                                                                          \
    {                                                                                              \
        "--account", OPTION_TEXT, "KEY", NULL, "本单位的银行账户（默认 main）",                    \
            "the office's bank account (default main)"                                             \
    }

const struct command command_pay_reconcile = {
    .name = "pay reconcile",
    .words = "",
    .capability = CAPABILITY_PAY,
    .zh = "三方核对：我方指令、银行回执、对账单（有不符则退出码为 1）；可结账",
    .en = "Compares orders, answers and statement (exit code 1 where they differ); closes a period",
    .more_zh =
        "按银行流水号、凭证号或批次对应。结账前，未对上的、未回执的、待审批的收回、早于对账单"
        "的、挂账未说明的都须为零，不能结的逐项写明；对账单独有的先挂账。按结果、日期、流水排"
        "序。",
    .more_en =
        "Matched by the bank's serial number, the voucher or the batch. To close, nothing may be "
        "unmatched, unanswered, claimed back and undecided, before the statement begins, or "
        "unexplained, and what is so is named; what the statement alone has goes into suspense "
        "first. Sorted by state, day, number.",
    .options = {OPTION_OF_ACCOUNT,
                {"--close", OPTION_DAY, "DATE", NULL, "结账至此日",
                 "closes the books through this day"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue pay reconcile", "核对", "compares"},
                 {"baoxue pay reconcile --close 2020-12-31", "结到年底", "closes the year"}},
    .run = run,
};

const struct command command_pay_statement = {
    .name = "pay statement",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "读本单位账户的对账单，逐行验证余额",
    .en = "Reads the statement of the office's account, and asserts the running balance",
    .more_zh =
        "每行余额须与上一行衔接，首行须与已存的最后一行衔接；更早的对账单可以后补，末行须与已存"
        "的首行衔接。按流水号去重，文件可以重叠。由旧到新。",
    .more_en =
        "Each balance has to follow from the one before, the first from what is kept; a statement "
        "of earlier days may come later, and its last has to lead to the first that is kept. Lines "
        "are known by serial number, so files may overlap. Oldest first.",
    .options = {OPTION_OF_BANK, OPTION_OF_ACCOUNT, OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue pay statement 对账单12月.xlsx", "十二月", "that of December"}},
    .run = run_statement,
};

const struct command command_pay_suspense = {
    .name = "pay suspense",
    .words = "",
    .capability = CAPABILITY_PAY,
    .zh = "列出挂账：银行动了而我方没有指令的钱",
    .en = "Lists what is in suspense: money that the bank moved without an order",
    .more_zh = "按挂账号排序。",
    .more_en = "Sorted by number.",
    .options = {OPTION_OF_ACCOUNT, OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue pay suspense", "全部挂账", "all of it"}},
    .run = run_suspense,
};

const struct command command_pay_explain = {
    .name = "pay explain",
    .words = "NUMBER returned|accepted|noted",
    .words_min = 2,
    .words_max = 2,
    .capability = CAPABILITY_PAY,
    .zh = "说明一笔挂账：银行已退回、认可为该笔发放、或注明原因",
    .en = "Explains what is in suspense: it came back, it is the payment after all, or a note",
    .more_zh = "accepted 只用于退回后又付，且未另行重发的。",
    .more_en = "Accepted is for what was paid after a refusal and not tried again.",
    .options = {OPTION_OF_WHY,
                {"--serial", OPTION_TEXT, "NUMBER", NULL, "退回的银行流水号（returned 必填）",
                 "the bank's serial number of the return (needed for returned)"}},
    .examples = {{"baoxue pay explain 1 returned --serial N2020120900007 --why 银行冲正",
                  "银行已退回", "the bank moved it back"}},
    .run = run_explain,
};
