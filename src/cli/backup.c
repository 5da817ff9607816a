#include "access/audit.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/report.h"

#include <unistd.h>

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    const char *path = cli->words[0];
    if (!cli_open(cli, false, err)) return false;
    if (file_exists(path)) {
        return err_set(err, ERR_CONFLICT, "\"%s\" is there already; give the backup a new name",
                       "“%s”已经存在，请给备份另取一个名字", path);
    }
    struct str name = file_name(path);
    /* The trail says what was done: a backup that failed is none. */
    if (!store_backup(cli->workspace.store, path, err)) return false;
    if (!audit_append(cli->workspace.store, &cli->clock, &cli->asker, AUDIT_BACKUP, name, STR_EMPTY,
                      err)) {
        unlink(path);
        return false;
    }
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        json_key_str(&json, "backup", str_from(path));
        json_key_str(&json, "key", cli_format(cli, "%s.key", cli->db));
        return report_json_end(&text, &json, err);
    }
    cli_note(
        cli,
        "已备份到 %s\n密钥 %s.key 不在备份里：请另存在别处。恢复时把备份改回原名，密钥放在它旁边",
        "backed up to %s\nthe key %s.key is not in it: keep a copy elsewhere; to restore, give the "
        "backup its name back and put the key beside it",
        path, cli->db);
    return true;
}

const struct command command_backup = {
    .name = "backup",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_SYSTEM,
    .zh = "把工作区备份成一个新文件（使用中也可以）",
    .en = "Copies the workspace into a new file, also while it is used",
    .more_zh = "密钥文件不在备份里，须另行保管：两者放在一起，加密就没有意义。",
    .more_en =
        "The key file is not in the backup: kept side by side, sealing would protect nothing.",
    .examples = {{"baoxue backup 备份-2020-11-25.db", "备份", "makes a backup"}},
    .run = run,
};
