#include "cli/commands.h"
#include "cli/figures_open.h"
#include "cli/report.h"
#include "figures/requirement.h"

static const struct report_column columns[] = {
    {"children", "涉及孩子", "children", true},
    {"requirement", "要求", "requirement", false},
    {"area", "区划", "area", false},
    {"school", "学校标识码", "school code", false},
    {"name", "学校或村", "school or village", false},
    {"item", "条目", "item", false},
    {"has", "现有", "has", false},
    {"bound", "标准", "standard", false},
    {"lacking", "缺", "lacking", true},
    {"close", "补什么", "what would close it", false},
    {"cost_yuan", "费用（元）", "cost (yuan)", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool write_gap(struct cli *cli, struct report *report, const struct requirement_gap *gap,
                      struct err *err)
{
    struct str cost = requirement_cost(cli->arena, gap->cost_fen);
    struct str values[COLUMNS] = {
        cli_number(cli, (uint64_t)gap->children),
        gap->rule->key,
        gap->area,
        gap->school,
        gap->name,
        gap->item,
        gap->has,
        gap->bound,
        cli_number(cli, (uint64_t)gap->lacking),
        requirement_close(cli->arena, gap, cli->lang),
        cost,
    };
    struct str shown[COLUMNS] = {
        [1] = cli->lang == LANG_ZH ? gap->rule->zh : gap->rule->en,
        [2] = cli_place(cli, gap->area),
        [10] = cost.len > 0 ? cost : str_from(cli_say(cli, "未给单价", "no price given")),
    };
    return report_row(report, values, shown, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct cli_figures open;
    struct requirement_gaps found;
    struct report *report = NULL;
    struct str key = cli->word_count > 0 ? str_from(cli->words[0]) : STR_EMPTY;
    if (!cli_requirements_open(cli, key, &open, err)
        || !requirement_find(&open.desk, cli->arena, &open.figures,
                             key.len > 0 ? open.wanted[0] : NULL, &found, err)
        || !report_open(&report, cli, "requirements", columns, COLUMNS, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < found.count; i++) {
        good = write_gap(cli, report, &found.items[i], err);
    }
    if (!good) report_abandon(report);
    if (!good || !report_close(report, err)) return false;
    struct str cost = requirement_cost(cli->arena, found.cost_fen);
    cli_note(cli, "%zu 项要求，%zu 处差距；有单价的合计 %.*s 元，%zu 处未给单价",
             "%zu requirements, %zu gaps; those with a price cost %.*s yuan, %zu have no price",
             open.count, found.count, STR_ARG(cost), found.unpriced);
    if (found.unknown > 0) {
        cli_note(cli, "其中 %zu 项要求所依据的名册未导入，不能判断",
                 "of %zu requirements nothing can be said: what they rest on was not imported",
                 found.unknown);
    }
    return true;
}

const struct command command_standards_requirements = {
    .name = "standards requirements",
    .words = "[KEY]",
    .words_max = 1,
    .capability = CAPABILITY_LOOK,
    .zh = "列出学校和村离逐项要求的差距：班额、编制、培训、床位、底线、村级保障",
    .en = "Lists what schools and villages lack to what is asked one by one: class sizes, staff …",
    .more_zh =
        "涉及孩子多的在前；每处差距写明学校或村、差多少、补什么。要求是 policies/*/lists/ 下写有 "
        "close 的清单，单价在同处的 prices.yaml（建议值，待核实）。所列记录用 figures show KEY "
        "--rows "
        "查看。",
    .more_en =
        "By children concerned, most first; each gap names school or village, how much is lacking "
        "and what would close it. A requirement is a list under policies/*/lists/ with \"close\"; "
        "prices stand in prices.yaml there (suggested values, to be confirmed).",
    .options = {OPTION_OF_AT, OPTION_OF_KNOWN, OPTION_OF_FIGURE_AREA, OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue standards requirements --at 2020-11-25", "全部差距", "all gaps"},
                 {"baoxue standards requirements classes_over_65 --out 超大班额.xlsx",
                  "一项写入表格", "one as a workbook"}},
    .run = run,
};
