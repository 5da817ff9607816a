#include "access/audit.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/figures_open.h"
#include "figures/report.h"

static bool write_paper(struct cli *cli, const struct report_data *data, const char *path,
                        struct err *err)
{
    struct str pdf;
    return report_paper(cli->arena, data, &pdf, err) && file_write(path, pdf, 0644, err);
}

/* The place of --area, else what all places of the workspace have in common. */
static struct str place_of(const struct cli *cli, const struct cli_figures *open)
{
    struct str area = cli_area(cli);
    if (area.len == 0 && !open->asker.all_areas && open->asker.area_count == 1) {
        area = open->asker.areas[0];
    }
    return area.len == 0 ? STR_EMPTY : cli_place(cli, area);
}

static bool record(struct cli *cli, day at, struct err *err)
{
    struct str object = cli_format(cli, "report %.*s", STR_ARG(cli_date(cli, at)));
    return audit_append(cli->workspace.store, &cli->clock, &cli->asker, AUDIT_EXPORT, object,
                        STR_EMPTY, err);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct cli_figures open;
    struct report_data data;
    const char *path = cli_option(cli, "--out");
    bool book = path != NULL && str_ends(str_from(path), STR(".xlsx"));
    if (path == NULL || (!book && !str_ends(str_from(path), STR(".pdf")))) {
        return err_set(err, ERR_USAGE, "--out names a file that ends in .pdf or .xlsx",
                       "--out 须是以 .pdf 或 .xlsx 结尾的文件名");
    }
    if (!cli_figures_open(cli, STR_EMPTY, &open, err)) return false;
    const struct report_options options = {.figures = &open.figures,
                                           .list = open.wanted,
                                           .count = open.count,
                                           .divisions = cli->workspace.divisions,
                                           .place = place_of(cli, &open),
                                           .lang = cli->lang,
                                           .is_public = cli_has(cli, "--public")};
    if (!report_collect(&open.desk, cli->arena, &options, &data, err)
        || !record(cli, data.at, err)) {
        return false;
    }
    if (!(book ? report_book(cli->arena, &data, path, err) : write_paper(cli, &data, path, err))) {
        return false;
    }
    cli_note(cli, "已写入 %s：%zu 项指标", "wrote %s: %zu figures", path, data.count);
    return true;
}

const struct command command_report = {
    .name = "report",
    .words = "",
    .capability = CAPABILITY_EXPORT,
    .zh = "全部指标的报告：PDF 或工作簿，附图、口径和明细代码",
    .en = "A report of all figures: a PDF or a workbook, with pictures, definitions and codes",
    .more_zh =
        "每个数都有口径和明细代码（指标名、日期、明细校验值的前八位），凭代码可列出所计的记录。"
        "--public 隐去过小的人数。记入审计。",
    .more_en =
        "Every number has its definition and a code (key, day, first digits of the hash of its "
        "rows) by which the records counted are listed. --public withholds small numbers of "
        "people. Audited.",
    .options = {OPTION_OF_AT,
                OPTION_OF_KNOWN,
                OPTION_OF_FIGURE_AREA,
                {"--public", OPTION_FLAG, NULL, NULL, "隐去过小的人数", "withholds small numbers"},
                {"--out", OPTION_OUTPUT, "FILE", NULL, "写入文件（.pdf 或 .xlsx）",
                 "writes a file (.pdf or .xlsx)"}},
    .examples = {{"baoxue report --out 报告.pdf", "全市报告", "the report of the city"},
                 {"baoxue report --area 620422 --public --out 会宁.xlsx", "一县的公开数据",
                  "one county, for the public"}},
    .run = run,
};
