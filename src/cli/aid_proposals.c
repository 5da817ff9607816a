#include "awards/award_store.h"
#include "cli/commands.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"proposal", "序号", "proposal", true},
    {"kind", "类别", "kind", false},
    {"scheme", "项目", "scheme", false},
    {"period", "学期", "period", false},
    {"person", "人员", "person", true},
    {"area", "区划", "area", false},
    {"was", "原结论", "was", false},
    {"was_fen", "原金额（分）", "was, fen", true},
    {"now", "现结论", "now", false},
    {"now_fen", "现金额（分）", "now, fen", true},
    {"difference_fen", "差额（分）", "difference, fen", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static struct str number_text(const struct cli *cli, int64_t number)
{
    return cli_format(cli, "%lld", (long long)number);
}

static bool write_row(struct cli *cli, struct report *report, const struct award_proposal *proposal,
                      struct err *err)
{
    struct str values[COLUMNS] = {number_text(cli, proposal->number),
                                  str_from(award_proposal_key(proposal->kind)),
                                  proposal->scheme,
                                  proposal->period,
                                  number_text(cli, proposal->person),
                                  proposal->area,
                                  proposal->was_verdict,
                                  number_text(cli, proposal->was_fen),
                                  proposal->now_verdict,
                                  number_text(cli, proposal->now_fen),
                                  number_text(cli, proposal->now_fen - proposal->was_fen)};
    struct str shown[COLUMNS] = {[1] = str_from(award_proposal_text(proposal->kind, cli->lang)),
                                 [5] = division_name_of(cli->workspace.divisions, proposal->area)};
    return report_row(report, values, shown, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct award_proposal *proposals;
    size_t count;
    struct report *report = NULL;
    if (!cli_open(cli, false, err)
        || !award_proposals(cli->workspace.store, cli->arena, &cli->asker, &proposals, &count, err)
        || !report_open(&report, cli, "proposals", columns, COLUMNS, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) good = write_row(cli, report, &proposals[i], err);
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

const struct command command_aid_proposals = {
    .name = "aid proposals",
    .words = "",
    .capability = CAPABILITY_LOOK,
    .zh = "同一学期前后两次核定不同之处：补发、追回或复核",
    .en = "Where a later decision of a period says otherwise: to pay in arrears, to claim back, to "
          "look "
          "again",
    .more_zh = "只是建议，从不自动更改已核定的结果。按项目、学期、类别、人员编号排序。",
    .more_en =
        "Proposals only: what was decided is never changed. Sorted by scheme, period, kind, then "
        "person.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue aid proposals --out 补发追回.xlsx", "写成表格", "as a workbook"}},
    .run = run,
};
