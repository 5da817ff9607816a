#include "cli/commands.h"
#include "cli/report.h"
#include "cli/words.h"

static const struct report_column columns[] = {
    {"batch", "批次", "batch", true},        {"file", "文件", "file", false},
    {"register", "名册", "register", false}, {"scope", "范围", "scope", false},
    {"at", "所述日期", "at", false},         {"rows", "行数", "rows", true},
    {"accepted", "接收", "accepted", true},  {"warned", "带提示", "warned", true},
    {"rejected", "拒收", "rejected", true},  {"imported", "导入时间", "imported", false},
    {"undone", "撤销时间", "undone", false},
};

enum { COLUMNS = sizeof columns / sizeof *columns };

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct batch *batches = NULL;
    size_t count = 0;
    if (!cli_open(cli, false, err)) return false;
    if (!registry_batches(&cli->workspace.registry, cli->arena, &cli->asker, &batches, &count,
                          err)) {
        return false;
    }
    struct report *report = NULL;
    if (!report_open(&report, cli, "batches", columns, COLUMNS, err)) return false;
    for (size_t i = 0; i < count; i++) {
        const struct batch *batch = &batches[i];
        struct str values[COLUMNS] = {
            cli_number(cli, (uint64_t)batch->number),
            batch->file,
            batch->register_key,
            batch->scope,
            cli_date(cli, batch->at),
            cli_number(cli, batch->rows),
            cli_number(cli, batch->accepted),
            cli_number(cli, batch->warned),
            cli_number(cli, batch->rejected),
            cli_moment(cli, batch->imported_ms),
            cli_moment(cli, batch->undone_ms),
        };
        const struct profile *profile =
            profile_find(cli->workspace.registry.profiles, batch->register_key);
        struct str shown[COLUMNS] = {0};
        if (profile != NULL) shown[2] = words_register(cli, profile);
        if (!report_row(report, values, shown, err)) return false;
    }
    return report_close(report, err);
}

const struct command command_import_list = {
    .name = "import list",
    .words = "",
    .capability = CAPABILITY_IMPORT,
    .zh = "列出导入过的批次",
    .en = "Lists what was imported",
    .more_zh = "按批次号排序。",
    .more_en = "Sorted by batch number.",
    .options = {OPTION_OF_ALL},
    .examples = {{"baoxue import list", "列出批次", "lists the batches"}},
    .run = run,
};
