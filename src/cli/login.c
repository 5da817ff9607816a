#include "cli/login.h"

#include "access/password.h"
#include "access/session.h"
#include "base/file.h"
#include "cli/outputs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>

enum { ANSWER_BYTES_MAX = 512 };

/* One line from the terminal, shown while it is typed or not. */
static bool ask(struct cli *cli, const char *zh, const char *en, bool shown, struct str *out,
                struct err *err)
{
    FILE *terminal = fopen("/dev/tty", "r+");
    if (terminal == NULL) {
        return err_set(err, ERR_USAGE,
                       "there is no terminal to ask for the password, put it into a file and name "
                       "that in BAOXUE_PASSWORD_FILE",
                       "没有终端可以询问密码，请把密码写入文件，并用 BAOXUE_PASSWORD_FILE 指明");
    }
    struct termios before, quiet;
    bool can_hide = tcgetattr(fileno(terminal), &before) == 0;
    quiet = before;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    fputs(cli_say(cli, zh, en), terminal);
    fflush(terminal);
    if (can_hide && !shown) tcsetattr(fileno(terminal), TCSAFLUSH, &quiet);
    char line[ANSWER_BYTES_MAX];
    bool read = fgets(line, sizeof line, terminal) != NULL;
    if (can_hide && !shown) {
        tcsetattr(fileno(terminal), TCSAFLUSH, &before);
        fputc('\n', terminal);
    }
    fclose(terminal);
    if (!read) return err_set(err, ERR_USAGE, "nothing was typed", "没有输入");
    line[strcspn(line, "\r\n")] = '\0';
    *out = str_copy(cli->arena, str_from(line));
    return true;
}

bool login_password(struct cli *cli, const char *variable, const char *zh, const char *en,
                    struct str *out, struct err *err)
{
    const char *path = getenv(variable);
    struct str text;
    if (path == NULL || *path == '\0') return ask(cli, zh, en, false, out, err);
    if (!file_read(cli->arena, path, ANSWER_BYTES_MAX, &text, err)) return false;
    while (text.len > 0 && (text.ptr[text.len - 1] == '\n' || text.ptr[text.len - 1] == '\r')) {
        text.len--;
    }
    *out = text;
    return true;
}

static bool refused(enum login_outcome outcome, struct err *err)
{
    if (outcome == LOGIN_LOCKED) {
        return err_set(err, ERR_DENIED,
                       "too many wrong passwords for this name, wait a quarter of an hour",
                       "此用户名输错密码次数过多，请十五分钟后再试");
    }
    return err_set(err, ERR_DENIED, "the name or the password (or code) is wrong",
                   "用户名或密码（验证码）不对");
}

/* Logs in, and out at once: a command is no session. */
static bool log_in(struct cli *cli, struct user *user, struct err *err)
{
    struct workspace *workspace = &cli->workspace;
    struct login login = {.user = str_from(cli->user)};
    struct login_check check;
    enum login_outcome outcome = LOGIN_WRONG;
    struct session session;
    char token[SESSION_TOKEN_SIZE];
    if (!login_password(cli, "BAOXUE_PASSWORD_FILE", "密码：", "password: ", &login.password, err)
        || !login_check(workspace->store, &login, &check, err)) {
        return false;
    }
    do {
        if (outcome == LOGIN_CODE_WANTED
            && !ask(cli, "第二因素验证码：", "code: ", true, &login.code, err)) {
            return false;
        }
        if (!login_finish(workspace->store, workspace->codec, &cli->clock, &login, &check,
                          cli->arena, &outcome, &session, token, err)) {
            return false;
        }
    } while (outcome == LOGIN_CODE_WANTED);
    if (outcome != LOGIN_DONE) return refused(outcome, err);
    *user = session.user;
    return session_end(workspace->store, &cli->clock, &session, err);
}

static bool may(const struct cli *cli, uint32_t capability, const char *what, struct err *err)
{
    if ((cli->asker.capabilities & capability) == capability) return true;
    return err_set(err, ERR_DENIED, "the role of %s does not allow \"%s\"",
                   "用户 %s 的角色无权使用“%s”", cli->user, what);
}

bool login_cli(struct cli *cli, struct err *err)
{
    cli->asker = asker_local();
    if (cli->user == NULL) return true;
    struct user user;
    if (!log_in(cli, &user, err)) return false;
    if (user.must_change_password) {
        return err_set(err, ERR_DENIED,
                       "the one-time password must first give way to an own one: baoxue user "
                       "password, or the console",
                       "请先把一次性密码换成自己的密码：baoxue user password，或在网页界面");
    }
    cli->asker = user_asker(&user);
    const char *exported = outputs_export(cli);
    return may(cli, cli->command->capability, cli->command->name, err)
           && (!cli_has(cli, "--reveal") || may(cli, CAPABILITY_REVEAL, "--reveal", err))
           && (cli->command->capability != CAPABILITY_LOOK || exported == NULL
               || may(cli, CAPABILITY_EXPORT, exported, err));
}
