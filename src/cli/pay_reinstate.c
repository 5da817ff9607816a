#include "cli/commands.h"
#include "cli/money.h"
#include "cli/number.h"
#include "cli/report.h"
#include "ledger/reinstate.h"

static const struct report_column columns[] = {
    {"reinstatement", "撤销号", "reinstatement", true},
    {"payment", "发放号", "payment", true},
    {"batch", "批次", "batch", true},
    {"person", "人员", "person", true},
    {"scheme", "项目", "scheme", false},
    {"period", "学期", "period", false},
    {"area", "区划", "area", false},
    {"fen", "金额（分）", "fen", true},
    {"state", "进度", "state", false},
    {"why", "理由", "why", false},
    {"proposed_by", "提出", "proposed by", false},
    {"decided_by", "审批", "decided by", false},
    {"again", "新的发放号", "paid as payment", true},
    {"suspense", "挂账号", "in suspense", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool propose(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    int64_t payment, number;
    struct str why;
    if (!number_read(cli->words[0], &payment, err) || !money_text(cli, "--why", &why, err)
        || !pay_reinstate_propose(ledger, &cli->asker, payment, why, &number, err)) {
        return false;
    }
    cli_note(cli, "撤销 %lld：第 %lld 号发放的退回，待另一人审批",
             "reinstatement %lld: the return of payment %lld waits for a second person's approval",
             (long long)number, (long long)payment);
    if (!cli->json) return true;
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "reinstatement", number);
    json_key_i64(&json, "payment", payment);
    return report_json_end(&text, &json, err);
}

static bool run_propose(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, propose, exit_code, err);
}

static void tell(const struct cli *cli, const struct pay_reinstatement *made)
{
    if (made->state != PAY_RECOVERY_BOOKED) {
        cli_note(cli, "撤销 %lld 已驳回，未入账",
                 "reinstatement %lld is refused: nothing was booked", (long long)made->number);
    } else if (made->suspense > 0) {
        cli_note(cli, "退回已撤销：这笔钱已另行重发，%s 元转为第 %lld 号挂账，待说明",
                 "the return is taken back: it was paid again since, so %s yuan are in suspense, "
                 "number %lld",
                 money_shown(cli, made->fen).ptr, (long long)made->suspense);
    } else {
        cli_note(cli, "退回已撤销：%s 元记为第 %lld 号发放",
                 "the return is taken back: %s yuan are payment %lld",
                 money_shown(cli, made->fen).ptr, (long long)made->again);
    }
}

static bool decide(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    int64_t number;
    struct pay_reinstatement made;
    const char *why = cli_option(cli, "--why");
    bool grant = !cli_has(cli, "--refuse");
    if (!number_read(cli->words[0], &number, err)
        || !pay_reinstate_decide(ledger, &cli->asker, number, grant,
                                 why == NULL ? STR_EMPTY : str_from(why), err)
        || !pay_reinstate_find(ledger, &cli->asker, number, &made, err)) {
        return false;
    }
    tell(cli, &made);
    if (!cli->json) return true;
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_i64(&json, "reinstatement", number);
    json_key_bool(&json, "approved", grant);
    json_key_i64(&json, "again", made.again);
    json_key_i64(&json, "suspense", made.suspense);
    return report_json_end(&text, &json, err);
}

static bool run_decide(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, decide, exit_code, err);
}

static struct str number_or_none(const struct cli *cli, int64_t number)
{
    return number == 0 ? STR_EMPTY : money_number(cli, number);
}

static bool write_one(struct cli *cli, struct report *report, const struct pay_reinstatement *one,
                      struct err *err)
{
    struct str values[COLUMNS] = {money_number(cli, one->number),
                                  money_number(cli, one->payment),
                                  money_number(cli, one->batch),
                                  money_number(cli, one->person),
                                  one->scheme,
                                  one->period,
                                  one->area,
                                  money_number(cli, one->fen),
                                  str_from(pay_recovery_state_key(one->state)),
                                  one->why,
                                  one->made_by,
                                  one->decided_by,
                                  number_or_none(cli, one->again),
                                  number_or_none(cli, one->suspense)};
    struct str shown[COLUMNS] = {[6] = division_name_of(cli->workspace.divisions, one->area),
                                 [8] = str_from(pay_recovery_state_text(one->state, cli->lang))};
    return report_row(report, values, shown, err);
}

static bool list(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct pay_reinstatement *all;
    size_t count;
    struct report *report = NULL;
    if (!pay_reinstate_list(ledger, &cli->asker, cli_has(cli, "--waiting"), &all, &count, err)
        || !report_open(&report, cli, "reinstatements", columns, COLUMNS, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) good = write_one(cli, report, &all[i], err);
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run_list(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, list, exit_code, err);
}

const struct command command_pay_reinstate = {
    .name = "pay reinstate",
    .words = "PAYMENT",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "提出撤销一笔并未发生的退回：银行同日两份回执读入次序颠倒时误记的；待另一人审批",
    .en = "Proposes to take back a return that never was: two answers of one day, read in the "
          "wrong order; a second person approves it",
    .more_zh = "对账单是凭据：对账单已到当日而没有这笔退回，也没有同额的不明进账。核对时列为"
               "“账上有而对账单没有”的退回即是。审批后入账；此后银行就该业务编号所说的，都算在新的"
               "一次上；已另行重发的，转为挂账。",
    .more_en =
        "The statement is the proof: it reaches the day, and has neither the return nor an "
        "arrival of the same amount that nobody knows. Such a return is \"missing\" in the "
        "comparison. Approved it is booked; what the bank says of the reference from then on "
        "is said of the new attempt; what was paid again since goes into suspense.",
    .options = {OPTION_OF_WHY},
    .examples = {{"baoxue pay reinstate 345 --why 对账单无此退回", "提出撤销第 345 号发放的退回",
                  "proposes to take back the return of payment 345"}},
    .run = run_propose,
};

const struct command command_pay_reinstatements = {
    .name = "pay reinstatements",
    .words = "",
    .capability = CAPABILITY_PAY,
    .zh = "列出撤销退回：待审批的、已入账的、驳回的",
    .en = "Lists returns to be taken back: waiting, booked, refused",
    .more_zh = "按撤销号排序。",
    .more_en = "Sorted by number.",
    .options = {{"--waiting", OPTION_FLAG, NULL, NULL, "只列待审批的", "those alone that wait"},
                OPTION_OF_OUT,
                OPTION_OF_ALL},
    .examples = {{"baoxue pay reinstatements --waiting", "待审批的", "those that wait"}},
    .run = run_list,
};

const struct command command_pay_approve_reinstatement = {
    .name = "pay approve-reinstatement",
    .words = "REINSTATEMENT",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "审批（或驳回）别人提出的一笔撤销退回；审批即入账",
    .en = "Approves (or refuses) what somebody else proposed to take back; approved it is booked",
    .more_zh = "提出的人不能自己审批：用 --user 以另一名用户登录。审批时再核对一次对账单。",
    .more_en =
        "Whoever proposed cannot approve: log in as somebody else with --user. The statement "
        "is looked at once more.",
    .options = {{"--refuse", OPTION_FLAG, NULL, NULL, "驳回，不入账", "refuses: nothing is booked"},
                OPTION_OF_WHY},
    .examples = {{"baoxue pay approve-reinstatement 3 --user zhangxm", "审批第 3 号撤销",
                  "approves reinstatement 3"}},
    .run = run_decide,
};
