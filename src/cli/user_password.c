#include "access/user.h"
#include "cli/commands.h"
#include "cli/login.h"
#include "cli/report.h"

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct str old, fresh, name = str_from(cli->words[0]);
    if (!cli_open(cli, false, err)
        || !login_password(cli, "BAOXUE_PASSWORD_FILE", "现在的密码：", "password: ", &old, err)
        || !login_password(cli, "BAOXUE_NEW_PASSWORD_FILE", "新密码：", "new password: ", &fresh,
                           err)
        || !user_set_password(cli->workspace.store, &cli->clock, name, old, fresh, STR_EMPTY,
                              err)) {
        return false;
    }
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        json_key_str(&json, "user", name);
        return report_json_end(&text, &json, err);
    }
    cli_note(cli, "密码已更换，其他登录已失效",
             "the password is changed; other sessions have ended");
    return true;
}

const struct command command_user_password = {
    .name = "user password",
    .words = "NAME",
    .words_min = 1,
    .words_max = 1,
    .zh = "更换自己的密码（须知道现在的密码）",
    .en = "Changes one's own password; the present one is asked for",
    .more_zh = "至少 10 个字符，不含用户名。不在终端上时，从 BAOXUE_PASSWORD_FILE 和 "
               "BAOXUE_NEW_PASSWORD_FILE 所指的文件读取。",
    .more_en =
        "At least 10 characters, without the user's name. Without a terminal, from the files "
        "that BAOXUE_PASSWORD_FILE and BAOXUE_NEW_PASSWORD_FILE name.",
    .examples = {{"baoxue user password zhangxm", "更换", "changes it"}},
    .run = run,
};
