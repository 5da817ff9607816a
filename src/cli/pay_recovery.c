#include "cli/commands.h"
#include "cli/money.h"
#include "cli/number.h"
#include "cli/report.h"
#include "ledger/recovery.h"

static const struct report_column columns[] = {
    {"recovery", "收回号", "recovery", true},
    {"payment", "发放号", "payment", true},
    {"batch", "批次", "batch", true},
    {"person", "人员", "person", true},
    {"scheme", "项目", "scheme", false},
    {"period", "学期", "period", false},
    {"area", "区划", "area", false},
    {"fen", "金额（分）", "fen", true},
    {"voucher", "凭证号", "voucher", false},
    {"day", "到账日", "day", false},
    {"state", "进度", "state", false},
    {"why", "理由", "why", false},
    {"proposed_by", "提出", "proposed by", false},
    {"decided_by", "审批", "decided by", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool propose(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    int64_t line, fen, number;
    struct str why, voucher;
    bool again;
    day on = cli_day(cli, "--day");
    if (day_is_none(on)) on = clock_today(&cli->clock);
    if (!number_read(cli->words[0], &line, err) || !money_option(cli, &fen, err)
        || !money_text(cli, "--voucher", &voucher, err) || !money_text(cli, "--why", &why, err)
        || !pay_recovery_propose(ledger, &cli->asker, line, fen, voucher, on, why, &number, &again,
                                 err)) {
        return false;
    }
    cli_note(cli, "收回 %lld%s：第 %lld 号发放的 %s 元，待另一人审批",
             "recovery %lld%s: of payment %lld %s yuan wait for a second person's approval",
             (long long)number, again ? cli_say(cli, "（重新申请）", " (asked for again)") : "",
             (long long)line, money_shown(cli, fen).ptr);
    if (!cli->json) return true;
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "recovery", number);
    json_key_i64(&json, "payment", line);
    json_key_i64(&json, "fen", fen);
    json_key_bool(&json, "again", again);
    return report_json_end(&text, &json, err);
}

static bool run_propose(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, propose, exit_code, err);
}

static bool decide(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    int64_t number;
    struct pay_recovery recovery;
    const char *why = cli_option(cli, "--why");
    bool grant = !cli_has(cli, "--refuse");
    if (!number_read(cli->words[0], &number, err)
        || !pay_recovery_decide(ledger, &cli->asker, number, grant,
                                why == NULL ? STR_EMPTY : str_from(why), err)
        || !pay_recovery_find(ledger, &cli->asker, number, &recovery, err)) {
        return false;
    }
    if (grant) {
        cli_note(cli, "收回 %lld 已审批入账：第 %lld 号发放收回 %s 元",
                 "recovery %lld is approved and booked: of payment %lld %s yuan came back",
                 (long long)number, (long long)recovery.line, money_shown(cli, recovery.fen).ptr);
    } else {
        cli_note(cli, "收回 %lld 已驳回，未入账", "recovery %lld is refused: nothing was booked",
                 (long long)number);
    }
    if (!cli->json) return true;
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "recovery", number);
    json_key_bool(&json, "approved", grant);
    return report_json_end(&text, &json, err);
}

static bool run_decide(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, decide, exit_code, err);
}

static bool write_recovery(struct cli *cli, struct report *report,
                           const struct pay_recovery *recovery, struct err *err)
{
    struct str values[COLUMNS] = {money_number(cli, recovery->number),
                                  money_number(cli, recovery->line),
                                  money_number(cli, recovery->batch),
                                  money_number(cli, recovery->person),
                                  recovery->scheme,
                                  recovery->period,
                                  recovery->area,
                                  money_number(cli, recovery->fen),
                                  recovery->voucher,
                                  cli_date(cli, recovery->on),
                                  str_from(pay_recovery_state_key(recovery->state)),
                                  recovery->why,
                                  recovery->made_by,
                                  recovery->decided_by};
    struct str shown[COLUMNS] = {[6] = division_name_of(cli->workspace.divisions, recovery->area),
                                 [10] =
                                     str_from(pay_recovery_state_text(recovery->state, cli->lang))};
    return report_row(report, values, shown, err);
}

static bool list(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct pay_recovery *recoveries;
    size_t count;
    struct report *report = NULL;
    if (!pay_recovery_list(ledger, &cli->asker, cli_has(cli, "--waiting"), &recoveries, &count, err)
        || !report_open(&report, cli, "recoveries", columns, COLUMNS, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        good = write_recovery(cli, report, &recoveries[i], err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run_list(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, list, exit_code, err);
}

const struct command command_pay_recover = {
    .name = "pay recover",
    .words = "PAYMENT",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "提出把收回的钱记到某笔发放，待另一人审批",
    .en = "Proposes to book what came back of a payment; a second person approves it",
    .more_zh = "不能超过已发而未收回、也未在待审批的。一天内无人审批的，同样再提一次即重新申请。",
    .more_en = "Never more than was paid, has not come back and does not wait. Where nobody "
               "approved within a day, the same again asks once more.",
    .options = {OPTION_OF_YUAN,
                OPTION_OF_VOUCHER,
                {"--day", OPTION_DAY, "DATE", NULL, "到账日（默认今天）",
                 "when it came (default today)"},
                OPTION_OF_WHY},
    .examples = {{"baoxue pay recover 345 --yuan 250 --voucher 收-18 --why 学期中转出", "收回一半",
                  "half of it came back"}},
    .run = run_propose,
};

const struct command command_pay_recoveries = {
    .name = "pay recoveries",
    .words = "",
    .capability = CAPABILITY_PAY,
    .zh = "列出收回：待审批的、已入账的、驳回的",
    .en = "Lists what came back of payments: waiting, booked, refused",
    .more_zh = "按收回号排序。",
    .more_en = "Sorted by number.",
    .options = {{"--waiting", OPTION_FLAG, NULL, NULL, "只列待审批的", "those alone that wait"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue pay recoveries --waiting", "待审批的", "those that wait"}},
    .run = run_list,
};

const struct command command_pay_approve_recovery = {
    .name = "pay approve-recovery",
    .words = "RECOVERY",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "审批（或驳回）别人提出的一笔收回；审批即入账",
    .en = "Approves (or refuses) a recovery that somebody else proposed; approved it is booked",
    .more_zh = "提出的人不能自己审批：用 --user 以另一名用户登录。",
    .more_en = "Whoever proposed cannot approve: log in as somebody else with --user.",
    .options = {{"--refuse", OPTION_FLAG, NULL, NULL, "驳回，不入账", "refuses: nothing is booked"},
                OPTION_OF_WHY},
    .examples = {{"baoxue pay approve-recovery 3 --user zhangxm", "审批第 3 号收回",
                  "approves recovery 3"}},
    .run = run_decide,
};
