#include "cli/commands.h"
#include "cli/money.h"
#include "cli/report.h"
#include "ledger/project.h"

#include <string.h>

static const struct report_column columns[] = {
    {"fund", "资金", "fund", false},
    {"project", "项目", "project", false},
    {"name", "名称", "name", false},
    {"school", "学校", "school", false},
    {"document", "文号", "document", false},
    {"planned_fen", "计划（分）", "planned, fen", true},
    {"allotted_fen", "拨付（分）", "allotted, fen", true},
    {"paid_fen", "支出（分）", "paid, fen", true},
    {"left_fen", "结存（分）", "left, fen", true},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool write_projects(struct cli *cli, struct ledger *ledger, struct report *report,
                           const struct fund *fund, struct err *err)
{
    struct project *projects;
    size_t count;
    if (!project_list(ledger, fund, &projects, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        const struct project *project = &projects[i];
        struct str values[COLUMNS] = {fund->key,
                                      project->key,
                                      project->name,
                                      project->school,
                                      project->document,
                                      money_number(cli, project->planned_fen),
                                      money_number(cli, project->allotted_fen),
                                      money_number(cli, project->paid_fen),
                                      money_number(cli, project->allotted_fen - project->paid_fen)};
        if (!report_row(report, values, NULL, err)) return false;
    }
    return true;
}

static bool list(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct fund *funds;
    size_t count;
    struct report *report = NULL;
    if (!fund_list(ledger, &cli->asker, &funds, &count, err)
        || !report_open(&report, cli, "projects", columns, COLUMNS, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        if (cli->word_count > 0 && !str_is(funds[i].key, cli->words[0])) continue;
        good = write_projects(cli, ledger, report, &funds[i], err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static bool run_list(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, list, exit_code, err);
}

static bool say(struct cli *cli, struct str project, bool made, struct err *err)
{
    if (made) {
        cli_note(cli, "项目 %.*s 已记", "project %.*s: booked", STR_ARG(project));
    } else {
        cli_note(cli, "项目 %.*s 原已记，未改动", "project %.*s: booked already, nothing moved",
                 STR_ARG(project));
    }
    if (!cli->json) return true;
    struct text text;
    struct json json;
    report_json_begin(cli, &text, &json);
    json_key_str(&json, "project", project);
    json_key_bool(&json, "made", made);
    return report_json_end(&text, &json, err);
}

static bool plan(struct cli *cli, struct ledger *ledger, const struct fund *fund, int64_t fen,
                 struct err *err)
{
    const char *name = cli_option(cli, "--name"), *school = cli_option(cli, "--school");
    struct project project = {.key = str_from(cli->words[1]),
                              .name = name == NULL ? STR_EMPTY : str_from(name),
                              .school = school == NULL ? STR_EMPTY : str_from(school),
                              .planned_fen = fen};
    bool made;
    return money_text(cli, "--document", &project.document, err)
           && project_plan(ledger, &cli->asker, fund, &project, &made, err)
           && say(cli, project.key, made, err);
}

static bool move(struct cli *cli, struct ledger *ledger, const struct fund *fund, int64_t fen,
                 bool pay, struct err *err)
{
    const char *document = cli_option(cli, "--document");
    struct project_move wanted = {.pay = pay, .fen = fen, .on = cli_day(cli, "--day")};
    bool made;
    if (day_is_none(wanted.on)) wanted.on = clock_today(&cli->clock);
    if (document != NULL) wanted.document = str_from(document);
    struct str key = str_from(cli->words[1]);
    return money_text(cli, "--voucher", &wanted.voucher, err)
           && project_move(ledger, &cli->asker, fund, key, &wanted, &made, err)
           && say(cli, key, made, err);
}

static bool change(struct cli *cli, struct ledger *ledger, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct fund fund;
    int64_t fen;
    const char *what = cli->words[2];
    if (!money_option(cli, &fen, err)
        || !fund_find(ledger, &cli->asker, str_from(cli->words[0]), &fund, err)) {
        return false;
    }
    if (strcmp(what, "plan") == 0) return plan(cli, ledger, &fund, fen, err);
    if (strcmp(what, "allot") == 0) return move(cli, ledger, &fund, fen, false, err);
    if (strcmp(what, "pay") == 0) return move(cli, ledger, &fund, fen, true, err);
    return err_set(err, ERR_USAGE, "\"%s\" is none of plan, allot and pay",
                   "“%s”应为 plan（计划）、allot（拨付）或 pay（支出）", what);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    return money_run(cli, change, exit_code, err);
}

const struct command command_fund_project = {
    .name = "fund project",
    .words = "KEY PROJECT plan|allot|pay",
    .words_min = 3,
    .words_max = 3,
    .capability = CAPABILITY_PAY,
    .zh = "学校项目：按文件计划，按凭证拨付和支出",
    .en = "A school project: planned by a document, allotted and paid by vouchers",
    .more_zh = "拨付不超过计划和资金结余，支出不超过拨付。同一凭证只记一次。",
    .more_en =
        "Allotted at most what is planned and what the fund holds, paid at most what is allotted; "
        "a voucher is booked once.",
    .options = {OPTION_OF_YUAN,
                {"--voucher", OPTION_TEXT, "NUMBER", NULL, "凭证号（拨付、支出必填）",
                 "number of the voucher (needed to allot and to pay)"},
                {"--document", OPTION_TEXT, "DOCUMENT", NULL, "文号（计划必填）",
                 "the document (needed to plan)"},
                {"--name", OPTION_TEXT, "NAME", NULL, "项目名称", "the project's name"},
                {"--school", OPTION_TEXT, "CODE", NULL, "学校标识码", "the school's code"},
                {"--day", OPTION_DAY, "DATE", NULL, "日期（默认今天）", "when (default today)"}},
    .examples = {{"baoxue fund project 2020-改薄 郭城小学教学楼 plan --yuan 1,200,000 --document "
                  "甘财教〔2020〕31号",
                  "计划", "planned"},
                 {"baoxue fund project 2020-改薄 郭城小学教学楼 pay --yuan 300,000 --voucher 支-12",
                  "按进度支出", "paid as it is built"}},
    .run = run,
};

const struct command command_fund_projects = {
    .name = "fund projects",
    .words = "[KEY]",
    .words_max = 1,
    .capability = CAPABILITY_PAY,
    .zh = "列出学校项目：计划、拨付、支出、结存",
    .en = "Lists school projects: planned, allotted, paid, left",
    .more_zh = "按资金、项目代号排序。",
    .more_en = "Sorted by fund, then project.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue fund projects 2020-改薄", "一笔资金的项目", "those of a fund"}},
    .run = run_list,
};
