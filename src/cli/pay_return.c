#include "cli/commands.h"
#include "cli/money.h"
#include "cli/report.h"
#include "ledger/answer.h"

static const struct report_column columns[] = {
    {"row", "行", "row", true},
    {"reference", "业务编号", "reference", false},
    {"line", "发放号", "payment", true},
    {"outcome", "结果", "outcome", false},
    {"fen", "入账（分）", "moved, fen", true},
    {"serial", "银行流水", "bank serial", false},
    {"reason", "原因", "reason", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool write_lines(struct cli *cli, const struct answer *answer,
                        const struct answer_taken *taken, struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "lines", columns, COLUMNS, err)) return false;
    struct json *json = report_json(report);
    if (json != NULL) {
        json_key_str(json, "file", answer->name);
        json_key_bool(json, "unchanged", taken->unchanged);
    }
    bool good = true;
    for (size_t i = 0; good && !taken->unchanged && i < answer->count; i++) {
        const struct answer_line *line = &answer->lines[i];
        struct str values[COLUMNS] = {money_number(cli, (int64_t)line->row),
                                      line->reference,
                                      line->line == 0 ? STR_EMPTY : money_number(cli, line->line),
                                      str_from(answer_outcome_key(line->outcome)),
                                      money_number(cli, line->moved_fen),
                                      line->serial,
                                      line->reason};
        struct str shown[COLUMNS] = {[3] = str_from(answer_outcome_text(line->outcome, cli->lang))};
        good = report_row(report, values, shown, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

/* The first open day is that of each account: most answers are of one. */
static void tell_late(const struct cli *cli, const struct answer *answer,
                      const struct answer_taken *taken)
{
    day first = DAY_NONE;
    if (taken->late == 0) return;
    for (size_t i = 0; day_is_none(first) && i < answer->count; i++) {
        first = answer->lines[i].booked;
    }
    cli_note(
        cli, "银行日期已结账的 %zu 笔，记入结账后第一天 %s，银行日期照录",
        "%zu are of days that are closed: they count on the first open day, %s, and the bank's "
        "day is kept",
        taken->late, cli_date(cli, first).ptr);
}

static bool take(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct answer answer;
    struct answer_taken taken;
    struct bank *banks;
    const struct bank *bank;
    size_t count;
    const char *key = cli_option(cli, "--bank"), *account = cli_option(cli, "--account");
    if (!banks_load(cli->arena, cli->workspace.policies, &banks, &count, err)) return false;
    if (key != NULL) {
        if (!bank_choose(banks, count, str_from(key), &bank, err)) return false;
        banks = (struct bank *)bank;
        count = 1;
    }
    if (!answer_read(cli->arena, cli->words[0], banks, count, &answer, err)) return false;
    answer.account = str_from(account == NULL ? "main" : account);
    if (!answer_take(ledger, &cli->asker, &answer, &taken, err)
        || !write_lines(cli, &answer, &taken, err)) {
        return false;
    }
    if (taken.unchanged) {
        cli_note(cli, "这份回执已读过，未改动任何东西",
                 "this answer was taken before: nothing changed");
    }
    for (int i = 0; i < ANSWER_OUTCOMES; i++) {
        if (taken.counts[i] == 0) continue;
        cli_note(cli, "%s：%zu 笔，%s 元", "%s: %zu, %s yuan",
                 answer_outcome_text((enum answer_outcome)i, cli->lang), taken.counts[i],
                 money_shown(cli, taken.fen[i]).ptr);
    }
    tell_late(cli, &answer, &taken);
    return true;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, take, exit_code, err);
}

const struct command command_pay_return = {
    .name = "pay return",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "读银行的回执，逐笔入账：已付、退回、金额不符、不明、重复",
    .en = "Reads the bank's answer line by line: paid, refused, another amount, unknown, twice",
    .more_zh =
        "整份读入或整份不读；同一份再读不改动任何东西。未经指令的付款挂账，待说明。银行日期已结账"
        "的，记入结账后第一天，银行日期照录。按文件的行序。",
    .more_en =
        "A file is taken whole or not at all; the same file again changes nothing. What the "
        "bank paid without an order is put in suspense until it is explained. What is of a day "
        "that is closed counts on the first open day, and the bank's day is kept. In the order of "
        "the file.",
    .options = {OPTION_OF_BANK,
                {"--account", OPTION_TEXT, "KEY", NULL, "本单位的银行账户（默认 main）",
                 "the office's bank account (default main)"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue pay return 回执12.csv", "第 12 号批次的回执",
                  "the answer about batch 12"}},
    .run = run,
};
