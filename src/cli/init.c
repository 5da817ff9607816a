#include "base/file.h"
#include "cli/commands.h"
#include "cli/report.h"

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    bool fresh = !file_exists(cli->db);
    if (!cli_open(cli, true, err)) return false;
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        json_key_str(&json, "workspace", str_from(cli->db));
        json_key_bool(&json, "created", fresh);
        return report_json_end(&text, &json, err);
    }
    if (!fresh) {
        cli_note(cli, "工作区 %s 已经存在，未作改动", "the workspace %s is there already", cli->db);
        return true;
    }
    cli_note(
        cli, "已建立工作区 %s\n密钥在 %s.key：没有它，证件号码等无法读出，请另存一份并妥善保管",
        "made the workspace %s\nits key is %s.key: without it ID numbers and the like cannot be "
        "read, so keep a copy in a safe place",
        cli->db, cli->db);
    return true;
}

const struct command command_init = {
    .name = "init",
    .words = "",
    .zh = "建立一个空的工作区",
    .en = "Makes an empty workspace",
    .more_zh = "import 会自动建立工作区，一般不必先运行 init。已有的工作区不会被改动。",
    .more_en = "import makes a workspace by itself; one that is there already is left alone.",
    .examples = {{"baoxue init", "在当前文件夹建立 baoxue.db", "makes baoxue.db in this folder"},
                 {"baoxue --db baiyin.db init", "建立 baiyin.db", "makes baiyin.db"}},
    .run = run,
};
