#include "access/audit.h"
#include "base/file.h"
#include "cli/commands.h"
#include "cli/report.h"

#include <unistd.h>

/* A copy under the workspace's name, or nothing. */
static bool copy(struct cli *cli, const char *from, struct err *err)
{
    struct store *backup = NULL;
    bool whole = false;
    if (!store_open(&backup, from, STORE_READ, err)) return false;
    bool done = store_is_whole(backup, &whole, err);
    if (done && !whole) {
        done = err_set(err, ERR_STORE, "the backup \"%s\" is damaged, take another one",
                       "备份“%s”已损坏，请换一个", from);
    }
    done = done && store_backup(backup, cli->db, err);
    store_close(backup);
    return done;
}

static void take_away(struct cli *cli)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        unlink(cli_format(cli, "%s%s", cli->db, ends[i]).ptr);
    }
}

static bool run(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    const char *from = cli->words[0];
    struct str key = cli_format(cli, "%s.key", cli->db);
    if (file_exists(cli->db)) {
        return err_set(err, ERR_CONFLICT,
                       "there is a workspace \"%s\" already; move it away, or give --db another "
                       "name",
                       "工作区“%s”已经存在，请先移走，或用 --db 另取一个名字", cli->db);
    }
    if (!file_exists(key.ptr)) {
        return err_set(err, ERR_NOT_FOUND,
                       "put the key that belongs to the backup at \"%s\" first; without it its "
                       "identifying values cannot be read",
                       "请先把与备份相配的密钥放到“%s”；没有它，身份信息无法读出", key.ptr);
    }
    if (!copy(cli, from, err)) return false;
    /* Opening tells whether the key fits. */
    if (!cli_open(cli, false, err)
        || !audit_append(cli->workspace.store, &cli->clock, &cli->asker, AUDIT_RESTORE,
                         file_name(from), STR_EMPTY, err)) {
        take_away(cli);
        return false;
    }
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        json_key_str(&json, "workspace", str_from(cli->db));
        json_key_str(&json, "backup", str_from(from));
        return report_json_end(&text, &json, err);
    }
    cli_note(cli, "已从 %s 恢复到 %s", "restored %s to %s", from, cli->db);
    return true;
}

const struct command command_restore = {
    .name = "restore",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .zh = "从备份恢复成工作区",
    .en = "Makes a workspace from a backup",
    .more_zh = "工作区（--db）须还不存在，备份当时的密钥文件须先放在它旁边。先检查备份是否完整、"
               "密钥是否相配，不成则什么也不留下。",
    .more_en = "The workspace (--db) must not be there yet, and the key file of the backup's time "
               "must lie beside it. Checks first that the backup is whole and the key fits; else "
               "nothing is left behind.",
    .examples = {{"baoxue --db 恢复.db restore 备份-2020-11-25.db", "恢复成另一个工作区",
                  "restores under another name"}},
    .run = run,
};
