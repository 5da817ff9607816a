#include "cli/commands.h"
#include "cli/number.h"
#include "cli/report.h"

static const struct report_column columns[] = {
    {"sheet", "工作表", "sheet", false},      {"row", "行", "row", true},
    {"status", "处理", "status", false},      {"column", "列", "column", false},
    {"code", "代码", "code", false},          {"reason", "原因", "reason", false},
    {"written", "原文", "as written", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

/* The cells of a row as one text: "1 | 王小明 | …". */
static struct str with_bars(const struct cli *cli, struct str cells)
{
    struct text text;
    struct str rest = cells, cell;
    text_init(&text, cli->arena, 4 * cells.len + 1);
    for (bool first = true; str_split(&rest, '\t', &cell); first = false) {
        if (!first) text_add_c(&text, " | ");
        text_add(&text, cell);
    }
    return text_str(&text);
}

static bool write_rows(struct cli *cli, const struct reject_row *rows, size_t count,
                       struct err *err)
{
    struct report *report = NULL;
    if (!report_open(&report, cli, "rows", columns, COLUMNS, err)) return false;
    bool good = true;
    for (size_t i = 0; good && i < count; i++) {
        struct str values[COLUMNS] = {
            rows[i].sheet,
            cli_number(cli, rows[i].row),
            rows[i].rejected ? STR("rejected") : STR("warned"),
            rows[i].column,
            rows[i].code,
            str_from(intake_note_text(rows[i].code, cli->lang)),
            with_bars(cli, rows[i].written),
        };
        struct str shown[COLUMNS] = {
            [2] = str_from(rows[i].rejected ? cli_say(cli, "拒收", "rejected")
                                            : cli_say(cli, "接收，有提示", "taken, warned")),
        };
        good = report_row(report, values, shown, err);
    }
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

static void tell_total(const struct cli *cli, const struct reject_row *rows, size_t count)
{
    uint64_t rejected = 0, warned = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].again) continue;
        *(rows[i].rejected ? &rejected : &warned) += 1;
    }
    cli_note(cli, "拒收 %s 行（未进入名册）；接收但有提示 %s 行（已进入名册）",
             "rows rejected, in no register: %s; taken with a warning: %s",
             cli_thousands(cli, rejected).ptr, cli_thousands(cli, warned).ptr);
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    int64_t batch;
    struct reject_row *rows = NULL;
    size_t count = 0;
    struct str reason = STR_EMPTY;
    struct registry *registry = &cli->workspace.registry;
    if (!number_read(cli->words[0], &batch, err)) return false;
    if (!cli_reveal(cli, &reason, err)) return false;
    if (!cli_open(cli, false, err)) return false;
    bool good = reason.len > 0 ? registry_rejects_reveal(registry, cli->arena, &cli->asker, batch,
                                                         reason, &rows, &count, err)
                               : registry_rejects(registry, cli->arena, &cli->asker, batch, &rows,
                                                  &count, err);
    if (!good || !write_rows(cli, rows, count, err)) return false;
    tell_total(cli, rows, count);
    return true;
}

const struct command command_import_rejects = {
    .name = "import rejects",
    .words = "BATCH",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_IMPORT,
    .zh = "列出一个批次中拒收和带提示的行，连同原因",
    .en = "Lists the rejected and warned rows of a batch, with the reason",
    .more_zh = "按文件中的顺序；status 为 rejected（拒收，未进入名册）或 "
               "warned（已接收，但有提示）。证件号码、电话、住址等脱敏，屏幕和 --out "
               "文件都一样；--reveal 显示原文。查看会记入审计。",
    .more_en = "In the order of the file; status is rejected (in no register) or warned (taken, "
               "but with a remark). ID numbers, phones, addresses and the like are masked, in the "
               "file of --out too; --reveal shows the rows as written. Looking is audited.",
    .options = {OPTION_OF_OUT, OPTION_OF_REVEAL, OPTION_OF_ALL},
    .examples = {{"baoxue import rejects 3", "看第 3 批次", "looks at batch 3"},
                 {"baoxue import rejects 3 --out 退回.xlsx", "写成表格退给报送单位",
                  "writes a workbook to send back"},
                 {"baoxue import rejects 3 --reveal \"核对原表\"", "显示原文",
                  "with the rows as written"}},
    .run = run,
};
