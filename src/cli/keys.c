#include "access/data_key.h"

#include "cli/bar.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "jobs/reseal.h"

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

static bool run_reseal(struct cli *cli, int *exit_code, struct err *err)
{
    struct reseal_result result;
    struct bar bar;
    (void)exit_code;
    if (!cli_open_alone(cli, err)) return false;
    bar_start(&bar, cli->lang, cli->quiet);
    bool done = job_reseal(&cli->workspace, &cli->asker, &bar.progress, &result, err);
    bar_end(&bar);
    if (!done) return false;
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        json_key_i64(&json, "rows", (int64_t)result.rows);
        json_key_i64(&json, "damaged", (int64_t)result.damaged);
        json_key_bool(&json, "resumed", result.resumed);
        return report_json_end(&text, &json, err);
    }
    cli_note(cli, "%s 条加密内容已改用新的数据密钥，旧的已作废：请重新备份",
             "%s sealed rows lie under a new data key, the one before is gone: make a new backup",
             cli_thousands(cli, result.rows).ptr);
    if (result.damaged > 0) {
        cli_note(cli, "其中 %s 条早已损坏，新旧密钥都打不开，保持原样",
                 "%s of them were damaged before, open with neither key, and stay as they are",
                 cli_thousands(cli, result.damaged).ptr);
    }
    return true;
}

const struct command command_keys_reseal = {
    .name = "keys reseal",
    .words = "",
    .capability = CAPABILITY_SYSTEM,
    .zh = "把已加密的内容全部改用新的数据密钥重新加密，例如旧密钥和数据可能一同外泄时",
    .en =
        "Seals everything anew under a new data key, as when an old key and a copy of the data may "
        "have got out",
    .more_zh =
        "密钥文件外泄的，先 keys rotate 再 keys reseal。期间须停下 serve 和其他程序；"
        "显示进度和剩余时间，可随时中断（断电也行），再运行即接着做，做完之前工作区不能作他用。"
        "全部复查一遍、旧密钥下再无内容后，旧密钥才作废。"
        "以前的备份仍由当时的密钥打开；以前发出的案卷回填表须重新导出。",
    .more_en =
        "Where the key file got out, first keys rotate, then keys reseal. serve and other programs "
        "are ended meanwhile. Says how far it is and how long it still takes; cut off at any "
        "moment, "
        "also by a power cut, it goes on where it stopped, and until it is done the workspace "
        "opens "
        "for nothing else. Everything is looked at once more, and only when nothing lies under the "
        "key before is that forgotten. Backups made before open with the key of their time; case "
        "sheets handed out before are to be exported anew.",
    .examples = {{"baoxue keys reseal", "重新加密", "seals everything anew"}},
    .run = run_reseal,
};
