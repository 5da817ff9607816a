#include "access/audit.h"
#include "access/password.h"
#include "access/user_internal.h"

#include <string.h>

_Static_assert((int)ADMINISTRATOR_PASSWORD_SIZE == (int)PASSWORD_ONE_TIME_SIZE, "one size");

enum { DISPLAY_NAME_BYTES_MAX = 128, SCHOOL_BYTES_MAX = 64 };

static const struct {
    const char *name, *display_name;
    enum role role;
} administrators[ADMINISTRATORS] = {
    {"system", "系统管理员", ROLE_SYSTEM},
    {"security", "安全管理员", ROLE_SECURITY},
    {"auditor", "审计员", ROLE_AUDITOR},
};

const char *user_administrator_name(int number)
{
    CHECK(number >= 0 && number < ADMINISTRATORS);
    return administrators[number].name;
}

struct str user_name_canonical(struct arena *arena, struct str name)
{
    name = str_trim(name);
    char *bytes = arena_copy(arena, name.ptr, name.len);
    for (size_t i = 0; i < name.len; i++) {
        if (bytes[i] >= 'A' && bytes[i] <= 'Z') bytes[i] = (char)(bytes[i] - 'A' + 'a');
    }
    return (struct str){bytes, name.len};
}

/* Letters and digits of any script that has no capitals; the marks only inside. */
static bool is_name(struct str name)
{
    if (name.len < 2 || name.len > USER_NAME_BYTES_MAX || !utf8_valid(name)) return false;
    size_t at = 0;
    uint32_t code;
    while (utf8_next(name, &at, &code)) {
        bool inside = at > 1 && at < name.len;
        bool mark = code == '.' || code == '_' || code == '-';
        bool plain = (code >= 'a' && code <= 'z') || (code >= '0' && code <= '9');
        bool hanzi = code >= 0x3400 && code <= 0x9FFF;
        if (!plain && !hanzi && !(mark && inside)) return false;
    }
    return true;
}

static bool is_area(struct str area)
{
    if (area.len != 4 && area.len != 6 && area.len != 9 && area.len != 12) return false;
    for (size_t i = 0; i < area.len; i++) {
        if (area.ptr[i] < '0' || area.ptr[i] > '9') return false;
    }
    return true;
}

static bool check_place(const struct user *user, struct err *err)
{
    enum role_place place = role_place(user->role);
    if (place == ROLE_PLACE_AREAS && user->area_count == 0) {
        err_set(err, ERR_INPUT, "a user of role %s needs an area", "角色 %s 的用户需要区划",
                role_key(user->role));
        return err_hint(err, "--area CODE", "--area 代码");
    }
    if (place == ROLE_PLACE_SCHOOL && user->school.len == 0) {
        err_set(err, ERR_INPUT, "a user of role school needs a school's code",
                "学校用户需要学校代码");
        return err_hint(err, "--school CODE", "--school 代码");
    }
    if (place == ROLE_PLACE_SCHOOL && user->area_count > 0) {
        return err_set(err, ERR_INPUT, "a user of role school is given the school's code, no area",
                       "学校用户只写学校代码，不写区划");
    }
    if (place == ROLE_PLACE_AREAS && user->school.len > 0) {
        return err_set(err, ERR_INPUT, "a user of role %s is given areas, no school",
                       "角色 %s 的用户只写区划，不写学校", role_key(user->role));
    }
    if ((place != ROLE_PLACE_AREAS && user->area_count > 0)
        || (place != ROLE_PLACE_SCHOOL && user->school.len > 0)) {
        return err_set(err, ERR_INPUT,
                       "role %s does not go with an area or school; administrators see no children",
                       "角色 %s 不带该区划或学校；管理员不看学生数据", role_key(user->role));
    }
    for (size_t i = 0; i < user->area_count; i++) {
        if (is_area(user->areas[i])) continue;
        return err_set(err, ERR_INPUT, "\"%.*s\" is no division code of 4, 6, 9 or 12 digits",
                       "“%.*s”不是 4、6、9 或 12 位区划代码", STR_ARG(user->areas[i]));
    }
    return true;
}

static bool check_user(const struct user *user, struct str name, struct err *err)
{
    if (!is_name(name)) {
        return err_set(
            err, ERR_INPUT, "a user's name has 2 to %d bytes: letters, digits, and . _ - inside",
            "用户名为 2 至 %d 字节：字母、数字、汉字，中间可有 . _ -", (int)USER_NAME_BYTES_MAX);
    }
    if (str_trim(user->display_name).len == 0 || user->display_name.len > DISPLAY_NAME_BYTES_MAX
        || user->school.len > SCHOOL_BYTES_MAX || !utf8_valid(user->display_name)
        || !utf8_valid(user->school)) {
        return err_set(err, ERR_INPUT, "the user needs a name to show, of at most %d bytes",
                       "用户需要显示姓名，最长 %d 字节", (int)DISPLAY_NAME_BYTES_MAX);
    }
    return check_place(user, err);
}

static bool write_areas(struct store *store, int64_t number, const struct user *user,
                        struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement, "DELETE FROM user_area WHERE user = $user", err)) {
        return false;
    }
    store_bind_i64(statement, "$user", number);
    bool done = store_run_once(statement, err);
    for (size_t i = 0; done && i < user->area_count; i++) {
        if (!store_prepare(store, &statement,
                           "INSERT OR IGNORE INTO user_area (user, area) VALUES ($user, $area)",
                           err)) {
            return false;
        }
        store_bind_i64(statement, "$user", number);
        store_bind_str(statement, "$area", user->areas[i]);
        done = store_run(statement, err);
        store_finish(statement);
    }
    return done;
}

/* "user zhang: county 620422,620421": what a change of rights made, for the trail. */
static bool record(struct store *store, const struct clock *clock, const struct asker *asker,
                   enum audit_action action, struct str name, const struct user *user,
                   struct err *err)
{
    struct arena scratch = {0};
    struct text object, rights;
    text_init(&object, &scratch, 256);
    text_add_f(&object, "user %.*s", STR_ARG(name));
    text_init(&rights, &scratch, 4096);
    if (user != NULL) {
        text_add_f(&rights, "%s", role_key(user->role));
        for (size_t i = 0; i < user->area_count; i++) {
            text_add_f(&rights, "%s%.*s", i == 0 ? " " : ",", STR_ARG(user->areas[i]));
        }
        if (user->school.len > 0) text_add_f(&rights, " %.*s", STR_ARG(user->school));
    }
    bool done =
        audit_append(store, clock, asker, action, text_str(&object), text_str(&rights), err);
    arena_free(&scratch);
    return done;
}

static bool name_is_free(struct store *store, struct str name, struct err *err)
{
    struct arena scratch = {0};
    struct user found;
    struct err none = ERR_INIT;
    bool taken = user_find(store, &scratch, name, &found, &none);
    arena_free(&scratch);
    if (taken) {
        return err_set(err, ERR_CONFLICT, "there is a user \"%.*s\" already", "用户“%.*s”已经存在",
                       STR_ARG(name));
    }
    if (none.kind == ERR_NOT_FOUND) return true;
    *err = none;
    return false;
}

static bool insert(struct store *store, const struct clock *clock, const struct user *user,
                   struct str name, const char *hash, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "INSERT INTO user_account (name, display_name, role, school, password, "
                       "must_change, second_factor_used, made_ms, seen_ms, disabled_ms) VALUES "
                       "($name, $display_name, $role, $school, $password, 1, 0, $now, 0, 0)",
                       err)) {
        return false;
    }
    store_bind_str(statement, "$name", name);
    store_bind_str(statement, "$display_name", str_trim(user->display_name));
    store_bind_str(statement, "$role", str_from(role_key(user->role)));
    store_bind_text(statement, "$school", user->school);
    store_bind_str(statement, "$password", str_from(hash));
    store_bind_i64(statement, "$now", clock_now_ms(clock));
    return store_run_once(statement, err) && write_areas(store, store_last_id(store), user, err);
}

bool user_add(struct store *store, const struct clock *clock, const struct asker *asker,
              const struct user *user, struct str password, struct err *err)
{
    struct arena scratch = {0};
    char hash[PASSWORD_HASH_SIZE];
    struct str name = user_name_canonical(&scratch, user->name);
    bool done = check_user(user, name, err) && password_hash(password, hash, err)
                && store_begin(store, err);
    if (done) {
        done = name_is_free(store, name, err) && insert(store, clock, user, name, hash, err)
               && record(store, clock, asker, AUDIT_USER_ADD, name, user, err);
        done = store_end(store, done, err);
    }
    arena_free(&scratch);
    return done;
}

static bool role_is_held(struct store *store, enum role role, bool *held, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "SELECT count(*) FROM user_account WHERE role = $role AND disabled_ms = 0",
                       err)) {
        return false;
    }
    store_bind_str(statement, "$role", str_from(role_key(role)));
    bool done = store_step_row(statement, err);
    if (done) *held = store_i64(statement, 0) > 0;
    store_finish(statement);
    return done;
}

bool user_add_administrators(struct store *store, const struct clock *clock,
                             const struct asker *asker,
                             char passwords[ADMINISTRATORS][ADMINISTRATOR_PASSWORD_SIZE],
                             struct err *err)
{
    for (int i = 0; i < ADMINISTRATORS; i++) {
        bool held = false;
        passwords[i][0] = '\0';
        if (!role_is_held(store, administrators[i].role, &held, err)) return false;
        if (held) continue;
        struct user user = {.name = str_from(administrators[i].name),
                            .display_name = str_from(administrators[i].display_name),
                            .role = administrators[i].role};
        char password[PASSWORD_ONE_TIME_SIZE];
        password_one_time(password);
        if (!user_add(store, clock, asker, &user, str_from(password), err)) return false;
        memcpy(passwords[i], password, sizeof password);
    }
    return true;
}

static bool update(struct store *store, const struct user *user, struct str name, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "UPDATE user_account SET display_name = $display_name, role = $role, "
                       "school = $school, version = version + 1 WHERE name = $name",
                       err)) {
        return false;
    }
    store_bind_str(statement, "$display_name", str_trim(user->display_name));
    store_bind_str(statement, "$role", str_from(role_key(user->role)));
    store_bind_text(statement, "$school", user->school);
    store_bind_str(statement, "$name", name);
    return store_run_once(statement, err);
}

/* Nobody writes over what another wrote and they have not seen. */
static bool is_seen(const struct user *now, int64_t version, struct err *err)
{
    if (version == 0 || version == now->version) return true;
    return err_set(
        err, ERR_CONFLICT,
        "user \"%.*s\" was changed by somebody else since you looked, nothing was changed",
        "用户“%.*s”在您查看之后已被别人修改，未作更改", STR_ARG(now->name));
}

/* Without somebody who manages users nobody could ever let one in again. */
static bool security_stays(struct store *store, struct err *err)
{
    bool held = false;
    if (!role_is_held(store, ROLE_SECURITY, &held, err)) return false;
    if (held) return true;
    return err_set(err, ERR_CONFLICT,
                   "this is the last security administrator; make another one first",
                   "这是最后一名安全管理员，请先另设一名");
}

bool user_change(struct store *store, const struct clock *clock, const struct asker *asker,
                 const struct user *user, struct err *err)
{
    struct arena scratch = {0};
    struct user before;
    struct str name = user_name_canonical(&scratch, user->name);
    bool done = check_user(user, name, err) && store_begin(store, err);
    if (done) {
        done = user_find(store, &scratch, name, &before, err)
               && is_seen(&before, user->version, err) && update(store, user, name, err)
               && write_areas(store, before.number, user, err)
               && (before.role != ROLE_SECURITY || user->role == ROLE_SECURITY
                   || security_stays(store, err))
               && record(store, clock, asker, AUDIT_USER_CHANGE, name, user, err);
        done = store_end(store, done, err);
    }
    arena_free(&scratch);
    return done;
}

static bool write_disabled(struct store *store, const struct clock *clock, struct str name,
                           bool disabled, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "UPDATE user_account SET disabled_ms = $ms, version = version + 1 "
                       "WHERE name = $name",
                       err)) {
        return false;
    }
    store_bind_i64(statement, "$ms", disabled ? clock_now_ms(clock) : 0);
    store_bind_str(statement, "$name", name);
    return store_run_once(statement, err);
}

bool user_disable(struct store *store, const struct clock *clock, const struct asker *asker,
                  struct str name, bool disabled, int64_t version, struct err *err)
{
    struct arena scratch = {0};
    struct user user;
    if (!store_begin(store, err)) return false;
    bool done = user_find(store, &scratch, name, &user, err) && is_seen(&user, version, err)
                && write_disabled(store, clock, user.name, disabled, err)
                && (user.role != ROLE_SECURITY || !disabled || security_stays(store, err))
                && user_end_sessions(store, user.number, STR_EMPTY, err)
                && record(store, clock, asker, disabled ? AUDIT_USER_DISABLE : AUDIT_USER_ENABLE,
                          user.name, NULL, err);
    done = store_end(store, done, err);
    arena_free(&scratch);
    return done;
}

static bool write_reset(struct store *store, int64_t number, const char *hash, struct err *err)
{
    struct store_statement *statement = NULL;
    if (!store_prepare(store, &statement,
                       "UPDATE user_account SET password = $password, must_change = 1, "
                       "second_factor = NULL, second_factor_pending = NULL WHERE number = $number",
                       err)) {
        return false;
    }
    store_bind_str(statement, "$password", str_from(hash));
    store_bind_i64(statement, "$number", number);
    return store_run_once(statement, err);
}

bool user_reset(struct store *store, const struct clock *clock, const struct asker *asker,
                struct str name, struct str password, struct err *err)
{
    struct arena scratch = {0};
    struct user user;
    char hash[PASSWORD_HASH_SIZE];
    if (!password_hash(password, hash, err) || !store_begin(store, err)) return false;
    bool done = user_find(store, &scratch, name, &user, err)
                && write_reset(store, user.number, hash, err)
                && user_forget_failures(store, user.name, err)
                && user_end_sessions(store, user.number, STR_EMPTY, err)
                && record(store, clock, asker, AUDIT_USER_RESET, user.name, NULL, err);
    done = store_end(store, done, err);
    arena_free(&scratch);
    return done;
}
