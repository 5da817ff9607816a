#include "cli/commands.h"
#include "cli/report.h"
#include "link/engine.h"

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct text text;
    struct str schema = link_spec_schema(cli->arena);
    text_init(&text, cli->arena, REPORT_JSON_BYTES_MAX);
    text_add(&text, schema);
    return report_write_json(&text, err);
}

const struct command command_match_schema = {
    .name = "match schema",
    .words = "",
    .zh = "打印比对说明的 JSON Schema",
    .en = "Prints the JSON Schema of specs",
    .more_zh = "编辑器据此提示、检查比对说明：各键、取值范围、函数和条件，与程序所查的一致。",
    .more_en = "Editors complete and check specs by it: keys, limits, functions and tests, as the "
               "program checks them.",
    .examples = {{"baoxue match schema > spec.schema.json", "存成文件", "keeps it in a file"}},
    .run = run,
};
