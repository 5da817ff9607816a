#include "cli/commands.h"
#include "cli/money.h"
#include "cli/report.h"
#include "ledger/batch.h"

static const struct report_column columns[] = {
    {"batch", "批次", "batch", true},
    {"scheme", "项目", "scheme", false},
    {"period", "学期", "period", false},
    {"fund", "资金", "fund", false},
    {"area", "区划", "area", false},
    {"step", "进度", "step", false},
    {"lines", "笔数", "payments", true},
    {"fen", "金额（分）", "fen", true},
    {"paid", "已付", "paid", true},
    {"paid_fen", "已付（分）", "paid, fen", true},
    {"refused", "退回", "refused", true},
    {"open", "未结", "open", true},
    {"back_fen", "收回（分）", "came back, fen", true},
    {"proposed_by", "提出", "proposed by", false},
    {"approved_by", "审批", "approved by", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool write_batch(struct cli *cli, struct report *report, const struct pay_batch *batch,
                        struct err *err)
{
    struct str values[COLUMNS] = {money_number(cli, batch->number),
                                  batch->scheme,
                                  batch->period,
                                  batch->fund_key,
                                  batch->area,
                                  str_from(pay_step_key(batch->step)),
                                  money_number(cli, batch->lines),
                                  money_number(cli, batch->fen),
                                  money_number(cli, batch->paid_lines),
                                  money_number(cli, batch->paid_fen),
                                  money_number(cli, batch->refused_lines),
                                  money_number(cli, batch->open_lines),
                                  money_number(cli, batch->back_fen),
                                  batch->made_by,
                                  batch->approved_by};
    struct str shown[COLUMNS] = {[4] = division_name_of(cli->workspace.divisions, batch->area),
                                 [5] = str_from(pay_step_text(batch->step, cli->lang))};
    return report_row(report, values, shown, err);
}

static bool list(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct pay_batch *batches;
    size_t count;
    struct report *report = NULL;
    if (!pay_batch_list(ledger, &cli->asker, &batches, &count, err)
        || !report_open(&report, cli, "batches", columns, COLUMNS, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) good = write_batch(cli, report, &batches[i], err);
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, list, exit_code, err);
}

const struct command command_pay_list = {
    .name = "pay list",
    .words = "",
    .capability = CAPABILITY_PAY,
    .zh = "列出发放批次和各自的进度",
    .en = "Lists the batches of payments and how far they are",
    .more_zh = "按批次号排序。",
    .more_en = "Sorted by number.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue pay list", "全部批次", "all batches"}},
    .run = run,
};
