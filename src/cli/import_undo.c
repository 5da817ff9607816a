#include "cli/commands.h"
#include "cli/number.h"
#include "cli/report.h"

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    int64_t batch;
    if (!number_read(cli->words[0], &batch, err)) return false;
    if (!cli_open(cli, false, err)) return false;
    if (!registry_undo(&cli->workspace.registry, &cli->asker, batch, err)) return false;
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        json_key_i64(&json, "undone", batch);
        return report_json_end(&text, &json, err);
    }
    cli_note(
        cli, "已撤销批次 %lld；从现在起它不再算数，历史仍可用 --known 查到",
        "batch %lld is undone: from now on it does not count; --known still shows it as of before",
        (long long)batch);
    return true;
}

const struct command command_import_undo = {
    .name = "import undo",
    .words = "BATCH",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_IMPORT,
    .zh = "撤销一个批次",
    .en = "Takes a batch back",
    .more_zh = "后来的批次以它为基础时不能撤销，先撤销后来的。",
    .more_en = "Refused while a later batch rests on it: undo that one first.",
    .examples = {{"baoxue import undo 3", "撤销第 3 批次", "takes batch 3 back"}},
    .run = run,
};
