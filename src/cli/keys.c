#include "access/data_key.h"

#include "cli/commands.h"
#include "cli/report.h"

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    if (!cli_open(cli, false, err)
        || !data_key_rotate(cli->workspace.store, &cli->clock, &cli->asker, cli->db,
                            cli->workspace.codec, err)) {
        return false;
    }
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        json_key_str(&json, "key", cli_format(cli, "%s.key", cli->db));
        return report_json_end(&text, &json, err);
    }
    cli_note(cli, "密钥文件 %s.key 已更换：请另存一份，并重新备份；旧密钥只能打开以前的备份",
             "the key file %s.key is a new one: keep a copy, and make a new backup; the old key "
             "opens nothing but backups made before",
             cli->db);
    return true;
}

const struct command command_keys_rotate = {
    .name = "keys rotate",
    .words = "",
    .capability = CAPABILITY_SYSTEM,
    .zh = "更换密钥文件，例如有人离职或密钥可能外泄时",
    .en = "Puts a new key file in the place of the old one, as when somebody leaves",
    .more_zh = "数据不重新加密：数据密钥改由新密钥文件包裹，几毫秒完成。serve 运行时也可以。",
    .more_en = "What is sealed stays: the data key is wrapped under the new key file, which takes "
               "milliseconds, also while serve runs.",
    .examples = {{"baoxue keys rotate", "更换密钥", "rotates the key"}},
    .run = run,
};
