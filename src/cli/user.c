#include "access/user.h"
#include "access/password.h"
#include "cli/commands.h"
#include "cli/report.h"
#include "registry/tally.h"

#include <string.h>

/* Passwords for one log-in are data: they stand on standard output, one a line, and nowhere else.
 */
static const struct report_column password_columns[] = {
    {"user", "用户", "user", false},
    {"role", "角色", "role", false},
    {"one_time_password", "一次性密码", "one-time password", false},
};

static const struct report_column list_columns[] = {
    {"user", "用户", "user", false},
    {"name", "姓名", "name", false},
    {"role", "角色", "role", false},
    {"areas", "区划", "areas", false},
    {"school", "学校", "school", false},
    {"second_factor", "第二因素", "second factor", false},
    {"last_seen", "上次登录", "last seen", false},
    {"status", "状态", "status", false},
};

enum {
    PASSWORD_COLUMNS = sizeof password_columns / sizeof *password_columns,
    LIST_COLUMNS = sizeof list_columns / sizeof *list_columns,
};

static bool write_password(struct cli *cli, struct report *report, const char *name, enum role role,
                           const char *password, struct err *err)
{
    struct str values[PASSWORD_COLUMNS] = {str_from(name), str_from(role_key(role)),
                                           str_from(password)};
    struct str shown[PASSWORD_COLUMNS] = {[1] = str_from(role_text(role, cli->lang))};
    return report_row(report, values, shown, err);
}

/* Whoever is given a code mistyped sees nothing. */
static bool note_unknown_school(const struct cli *cli, const struct user *user, struct err *err)
{
    bool known = user->school.len == 0;
    if (!known && !tally_has_school(cli->workspace.store, user->school, &known, err)) return false;
    if (!known) {
        cli_note(cli, "没有哪本名册写到学校 %.*s，请核对代码",
                 "no register speaks of the school %.*s; look at the code again",
                 STR_ARG(user->school));
    }
    return true;
}

static void tell_passwords(const struct cli *cli)
{
    cli_note(cli, "一次性密码只显示这一次；第一次登录时须换成自己的密码",
             "one-time passwords are shown only now; at the first log-in each gives way to an own "
             "password");
}

/* "620422,620421" after --area; the option comes once, so several codes stand in it. */
static bool read_areas(struct cli *cli, struct user *user, struct err *err)
{
    const char *text = cli_option(cli, "--area");
    if (text == NULL) return true;
    struct str rest = str_from(text), part;
    while (str_split(&rest, ',', &part)) {
        if (user->area_count == ASKER_AREAS_MAX) {
            return err_set(err, ERR_USAGE, "a user has at most %d areas", "一个用户最多 %d 个区划",
                           (int)ASKER_AREAS_MAX);
        }
        user->areas[user->area_count++] = str_trim(part);
    }
    return true;
}

static bool read_user(struct cli *cli, struct user *user, struct err *err)
{
    const char *role = cli_option(cli, "--role"), *name = cli_option(cli, "--name");
    const char *school = cli_option(cli, "--school");
    if (role == NULL) {
        return err_set(err, ERR_USAGE, "a user needs a role: --role ROLE", "用户需要角色：--role");
    }
    *user = (struct user){.name = str_from(cli->words[0]),
                          .display_name = str_from(name == NULL ? cli->words[0] : name),
                          .role = (enum role)role_of(str_from(role)),
                          .school = school == NULL ? STR_EMPTY : str_from(school)};
    return read_areas(cli, user, err);
}

static bool write_administrators(struct cli *cli, struct report *report,
                                 char passwords[ADMINISTRATORS][ADMINISTRATOR_PASSWORD_SIZE],
                                 struct err *err)
{
    struct user user;
    for (int i = 0; i < ADMINISTRATORS; i++) {
        const char *name = user_administrator_name(i);
        if (*passwords[i] == '\0') continue;
        if (!user_find(cli->workspace.store, cli->arena, str_from(name), &user, err)
            || !write_password(cli, report, name, user.role, passwords[i], err)) {
            return false;
        }
    }
    return true;
}

static bool run_add(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct user user;
    struct report *report = NULL;
    char password[PASSWORD_ONE_TIME_SIZE];
    char administrators[ADMINISTRATORS][ADMINISTRATOR_PASSWORD_SIZE] = {"", "", ""};
    if (!read_user(cli, &user, err) || !cli_open(cli, false, err)) return false;
    struct store *store = cli->workspace.store;
    int64_t count;
    if (!user_count(store, &count, err)) return false;
    password_one_time(password);
    if (!user_add(store, &cli->clock, &cli->asker, &user, str_from(password), err)) return false;
    if (count == 0
        && !user_add_administrators(store, &cli->clock, &cli->asker, administrators, err)) {
        return false;
    }
    if (!report_open(&report, cli, "passwords", password_columns, PASSWORD_COLUMNS, err)) {
        return false;
    }
    if (!write_password(cli, report, cli->words[0], user.role, password, err)
        || !write_administrators(cli, report, administrators, err)) {
        report_abandon(report);
        return false;
    }
    if (!report_close(report, err) || !note_unknown_school(cli, &user, err)) return false;
    tell_passwords(cli);
    return true;
}

static bool run_reset(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct user user;
    struct report *report = NULL;
    char password[PASSWORD_ONE_TIME_SIZE];
    if (!cli_open(cli, false, err)) return false;
    struct store *store = cli->workspace.store;
    password_one_time(password);
    if (!user_reset(store, &cli->clock, &cli->asker, str_from(cli->words[0]), str_from(password),
                    err)
        || !user_find(store, cli->arena, str_from(cli->words[0]), &user, err)
        || !report_open(&report, cli, "passwords", password_columns, PASSWORD_COLUMNS, err)) {
        return false;
    }
    const char *name = str_cstr(cli->arena, user.name);
    if (!write_password(cli, report, name, user.role, password, err)) {
        report_abandon(report);
        return false;
    }
    if (!report_close(report, err)) return false;
    tell_passwords(cli);
    return true;
}

static bool set_disabled(struct cli *cli, bool disabled, struct err *err)
{
    struct str name = str_from(cli->words[0]);
    if (!cli_open(cli, false, err)) return false;
    if (!user_disable(cli->workspace.store, &cli->clock, &cli->asker, name, disabled, 0, err))
        return false;
    if (cli->json) {
        struct text text;
        struct json json;
        report_json_begin(cli, &text, &json);
        json_key_str(&json, "user", name);
        json_key_bool(&json, "disabled", disabled);
        return report_json_end(&text, &json, err);
    }
    cli_note(cli, disabled ? "已停用，其登录立即失效；做过的事仍在审计里" : "已启用",
             disabled ? "disabled: sessions end at once; what was done stays in the trail"
                      : "enabled again");
    return true;
}

static bool run_disable(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    return set_disabled(cli, true, err);
}

static bool run_enable(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    return set_disabled(cli, false, err);
}

static struct str areas_text(struct cli *cli, const struct user *user)
{
    struct text text;
    text_init(&text, cli->arena, 16 * ASKER_AREAS_MAX);
    for (size_t i = 0; i < user->area_count; i++) {
        if (i > 0) text_add_byte(&text, ',');
        text_add(&text, user->areas[i]);
    }
    return text_str(&text);
}

static bool write_user(struct cli *cli, struct report *report, const struct user *user,
                       struct err *err)
{
    bool disabled = user->disabled_ms != 0;
    struct str values[LIST_COLUMNS] = {
        user->name,
        user->display_name,
        str_from(role_key(user->role)),
        areas_text(cli, user),
        user->school,
        user->has_second_factor ? STR("yes") : STR("no"),
        cli_moment(cli, user->seen_ms),
        disabled ? STR("disabled") : STR("active"),
    };
    struct str shown[LIST_COLUMNS] = {
        [2] = str_from(role_text(user->role, cli->lang)),
        [5] = str_from(user->has_second_factor ? cli_say(cli, "有", "yes")
                                               : cli_say(cli, "无", "no")),
        [7] =
            str_from(disabled ? cli_say(cli, "停用", "disabled") : cli_say(cli, "启用", "active")),
    };
    return report_row(report, values, shown, err);
}

static bool run_list(struct cli *cli, int *exit_code, struct err *err)
{
    (void)exit_code;
    struct user *users = NULL;
    size_t count = 0;
    struct report *report = NULL;
    if (!cli_open(cli, false, err)
        || !user_list(cli->workspace.store, cli->arena, &users, &count, err)
        || !report_open(&report, cli, "users", list_columns, LIST_COLUMNS, err)) {
        return false;
    }
    bool good = true;
    for (size_t i = 0; good && i < count; i++) good = write_user(cli, report, &users[i], err);
    if (good) return report_close(report, err);
    report_abandon(report);
    return false;
}

const struct command command_user = {
    .name = "user",
    .words = "",
    .capability = CAPABILITY_USERS,
    .zh = "列出用户：角色、区划、上次登录",
    .en = "Lists the users: role, areas, last log-in",
    .more_zh = "按用户名排序。",
    .more_en = "Sorted by name.",
    .options = {OPTION_OF_OUT, OPTION_OF_ALL},
    .examples = {{"baoxue user", "列出用户", "lists the users"}},
    .run = run_list,
};

const struct command command_user_add = {
    .name = "user add",
    .words = "NAME",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_USERS,
    .zh = "新增一个用户，给出一次性密码",
    .en = "Makes a user, with a password for one log-in",
    .more_zh = "角色：school 学校（带学校代码），township 乡镇、county 县区、city 市、finance 财务"
               "（带区划），auditor 审计、security 安全、system 系统（不看学生数据）。"
               "新增第一个用户时，同时建立三名相互独立的管理员 system、security、auditor。",
    .more_en =
        "Roles: school (with a school's code); township, county, city, finance (with areas); "
        "auditor, security, system (who see no children). The first user that is made brings the "
        "three separate administrators system, security and auditor with it.",
    .options = {{"--role", OPTION_CHOICE, "ROLE",
                 "school|township|county|city|finance|auditor|security|system", "角色（必填）",
                 "the role (needed)"},
                {"--area", OPTION_TEXT, "CODE,…", NULL, "区划代码，可有几个",
                 "division codes, several with commas"},
                {"--school", OPTION_TEXT, "CODE", NULL, "学校代码", "a school's code"},
                {"--name", OPTION_TEXT, "NAME", NULL, "显示姓名（默认同用户名）",
                 "the name to show (default: the user's)"}},
    .examples = {{"baoxue user add zhangxm --role county --area 620422 --name 张晓明",
                  "会宁县教育局的张晓明", "Zhang Xiaoming of a county's bureau"},
                 {"baoxue user add gc01 --role school --school 2162000123", "一所学校的用户",
                  "a school's user"}},
    .run = run_add,
};

const struct command command_user_disable = {
    .name = "user disable",
    .words = "NAME",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_USERS,
    .zh = "停用一个用户，立即退出其登录",
    .en = "Disables a user and ends their sessions at once",
    .more_zh = "用户不会被删除，审计里有他做过的事。user enable 重新启用。",
    .more_en = "Nobody is taken out: the trail names them. user enable lets them in again.",
    .examples = {{"baoxue user disable zhangxm", "停用", "disables"}},
    .run = run_disable,
};

const struct command command_user_enable = {
    .name = "user enable",
    .words = "NAME",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_USERS,
    .zh = "重新启用一个用户",
    .en = "Lets a disabled user in again",
    .examples = {{"baoxue user enable zhangxm", "启用", "enables"}},
    .run = run_enable,
};

const struct command command_user_reset = {
    .name = "user reset",
    .words = "NAME",
    .words_min = 1,
    .words_max = 1,
    .capability = CAPABILITY_USERS,
    .zh = "给出新的一次性密码，去掉第二因素和锁定",
    .en = "Gives a new password for one log-in; takes second factor and lock away",
    .examples = {{"baoxue user reset zhangxm", "忘记密码时", "when a password is forgotten"}},
    .run = run_reset,
};
