#include "web/answer.h"
#include "web/limits.h"
#include "web/request.h"
#include "web/routes.h"
#include "web/show.h"

#include "access/audit.h"
#include "access/password.h"

/* Users, as the security administrator keeps them. */

/* Of the newest entries about a user: log-ins and the like stand under other objects. */
enum { CHANGES_LOOKED_AT = 100 };

/* The keys of a user, without braces. */
static void write_user(struct json *json, const struct request *request, const struct user *user)
{
    json_key_str(json, "user", user->name);
    json_key_str(json, "display_name", user->display_name);
    json_key_str(json, "role", str_from(role_key(user->role)));
    show_user_areas(json, request, user);
    json_key_str(json, "school", user->school);
    json_key_bool(json, "second_factor", user->has_second_factor);
    json_key_bool(json, "must_change_password", user->must_change_password);
    json_key_i64(json, "made_ms", user->made_ms);
    json_key_i64(json, "seen_ms", user->seen_ms);
    json_key_i64(json, "disabled_ms", user->disabled_ms);
    json_key_i64(json, "version", user->version);
}

static bool list(struct request *request, struct answer *answer, struct err *err)
{
    struct user *users = NULL;
    size_t count = 0;
    struct request_page page = request_page(request);
    if (!user_list(request->workspace->store, request->arena, &users, &count, err)) return false;
    struct json *json = answer_rows(answer);
    for (size_t i = page.first; i < count && i < page.first + (size_t)page.size; i++) {
        json_object(json);
        write_user(json, request, &users[i]);
        json_object_end(json);
    }
    answer_rows_end(answer, request, count);
    return true;
}

/* The body of a new or changed user; texts live as long as the request. */
static bool read_user(struct request *request, struct str name, struct user *user, struct err *err)
{
    const struct json_value *areas = request_list(request, "areas");
    *user = (struct user){.name = name,
                          .display_name = request_text(request, "display_name"),
                          .role = (enum role)role_of(request_text(request, "role")),
                          .school = request_text(request, "school")};
    for (size_t i = 0; areas != NULL && i < areas->count; i++) {
        if (areas->items[i].kind != JSON_IS_TEXT) {
            return err_set(err, ERR_INPUT, "areas are division codes in quotes",
                           "区划应为带引号的区划代码");
        }
        user->areas[user->area_count++] = areas->items[i].text;
    }
    return true;
}

/* A password for one log-in is shown once, to whoever made it. */
static void write_password(struct answer *answer, struct str name, const char *password)
{
    struct json *json = answer_json(answer);
    answer->secret = true;
    json_object(json);
    json_key_str(json, "user", name);
    json_key_str(json, "one_time_password", str_from(password));
    json_object_end(json);
}

static bool add(struct request *request, struct answer *answer, struct err *err)
{
    struct user user;
    char password[PASSWORD_ONE_TIME_SIZE];
    struct workspace *workspace = request->workspace;
    password_one_time(password);
    if (!read_user(request, request_text(request, "user"), &user, err)
        || !user_add(workspace->store, &workspace->clock, &request->asker, &user,
                     str_from(password), err)) {
        return false;
    }
    write_password(answer, user.name, password);
    return true;
}

static bool show(struct request *request, struct answer *answer, struct str name, struct err *err)
{
    struct user user;
    if (!user_find(request->workspace->store, request->arena, name, &user, err)) return false;
    struct json *json = answer_json(answer);
    json_object(json);
    write_user(json, request, &user);
    json_object_end(json);
    return true;
}

/* Who changed a user last, and when, as the trail has it. */
static bool last_change(struct request *request, struct str name, struct audit_entry *out,
                        struct err *err)
{
    struct audit_entry *entries = NULL;
    size_t count = 0;
    struct text object;
    text_init(&object, request->arena, 2 * USER_NAME_BYTES_MAX);
    text_add_f(&object, "user %.*s", STR_ARG(name));
    struct audit_filter filter = {.object = text_str(&object), .most = CHANGES_LOOKED_AT};
    if (!audit_select(request->workspace->store, request->arena, &filter, &entries, &count, NULL,
                      err)) {
        return false;
    }
    *out = (struct audit_entry){0};
    for (size_t i = 0; i < count; i++) {
        if (!str_is(entries[i].action, audit_action_key(AUDIT_USER_CHANGE))
            && !str_is(entries[i].action, audit_action_key(AUDIT_USER_DISABLE))
            && !str_is(entries[i].action, audit_action_key(AUDIT_USER_ENABLE))) {
            continue;
        }
        *out = entries[i];
        break;
    }
    return true;
}

static void write_wanted(struct json *json, const struct request *request,
                         const struct user *wanted)
{
    json_object(json);
    if (wanted == NULL) {
        json_key_bool(json, "disabled", request_yes(request, "disabled"));
    } else {
        json_key_str(json, "display_name", wanted->display_name);
        json_key_str(json, "role", str_from(role_key(wanted->role)));
        show_user_areas(json, request, wanted);
        json_key_str(json, "school", wanted->school);
    }
    json_object_end(json);
}

/* Somebody changed the user since the asker looked: what stands there now, beside what the asker
 * wanted (`wanted`, or being disabled where it is NULL). Other conflicts stay what they are. */
static bool tell_conflict(struct request *request, struct answer *answer, struct str name,
                          const struct user *wanted, struct err *err)
{
    struct user now;
    struct audit_entry change;
    struct err unread = ERR_INIT;
    if (err->kind != ERR_CONFLICT
        || !user_find(request->workspace->store, request->arena, name, &now, &unread)
        || now.version == request_i64(request, "version", 0)
        || !last_change(request, now.name, &change, &unread)) {
        return false;
    }
    struct json *json = answer_conflict(answer, err);
    json_key(json, "theirs");
    json_object(json);
    write_user(json, request, &now);
    json_key_str(json, "by", change.user);
    json_key_i64(json, "at_ms", change.at_ms);
    json_object_end(json);
    json_key(json, "yours");
    write_wanted(json, request, wanted);
    json_object_end(json);
    return true;
}

static bool change(struct request *request, struct answer *answer, struct err *err)
{
    struct user user;
    struct workspace *workspace = request->workspace;
    struct str name = request_text(request, "name");
    if (!read_user(request, name, &user, err)) return false;
    user.version = request_i64(request, "version", 0);
    if (!user_change(workspace->store, &workspace->clock, &request->asker, &user, err)) {
        return tell_conflict(request, answer, name, &user, err);
    }
    return show(request, answer, name, err);
}

static bool disable(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    struct str name = request_text(request, "name");
    if (!user_disable(workspace->store, &workspace->clock, &request->asker, name,
                      request_yes(request, "disabled"), request_i64(request, "version", 0), err)) {
        return tell_conflict(request, answer, name, NULL, err);
    }
    return show(request, answer, name, err);
}

static bool reset(struct request *request, struct answer *answer, struct err *err)
{
    char password[PASSWORD_ONE_TIME_SIZE];
    struct workspace *workspace = request->workspace;
    struct str name = request_text(request, "name");
    password_one_time(password);
    if (!user_reset(workspace->store, &workspace->clock, &request->asker, name, str_from(password),
                    err)) {
        return false;
    }
    write_password(answer, name, password);
    return true;
}

#define NAME                                                                                       \
    {                                                                                              \
        "name", IN_PATH, PARAMETER_TEXT, true, 0, USER_NAME_BYTES_MAX, NULL, "用户名",             \
            "the user's name"                                                                      \
    }
#define SEEN                                                                                       \
    {                                                                                              \
        "version", IN_BODY, PARAMETER_INTEGER, true, 1, 0, NULL,                                   \
            "所见的版本，之后有人改过则不作更改",                                                  \
            "version that was seen; nothing changes when there is a later one"                     \
    }
#define RIGHTS                                                                                     \
    {"display_name", IN_BODY, PARAMETER_TEXT, true, 0, 128, NULL, "显示姓名", "the name to show"}, \
        {"role",                                                                                   \
         IN_BODY,                                                                                  \
         PARAMETER_CHOICE,                                                                         \
         true,                                                                                     \
         0,                                                                                        \
         0,                                                                                        \
         "school|township|county|city|finance|auditor|security|system",                            \
         "角色",                                                                                   \
         "role"},                                                                                  \
        {"areas",         IN_BODY, PARAMETER_LIST, false,           0,                             \
         ASKER_AREAS_MAX, NULL,    "区划代码",     "division codes"},                              \
    {                                                                                              \
        "school", IN_BODY, PARAMETER_TEXT, false, 0, 64, NULL, "学校代码", "a school's code"       \
    }

const struct route routes_user[] = {
    {.method = METHOD_GET,
     .pattern = "/api/users",
     .capability = CAPABILITY_USERS,
     .handle = list,
     .zh = "用户，按用户名排序",
     .en = "the users, by name",
     .parameters = {ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/users",
     .capability = CAPABILITY_USERS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = add,
     .zh = "新增用户，给出一次性密码",
     .en = "make a user, with a password for one log-in",
     .parameters = {{"user", IN_BODY, PARAMETER_TEXT, true, 0, USER_NAME_BYTES_MAX, NULL, "用户名",
                     "the user's name"},
                    RIGHTS}},
    {.method = METHOD_PUT,
     .pattern = "/api/users/{name}",
     .capability = CAPABILITY_USERS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = change,
     .zh = "更改用户的姓名、角色、区划、学校",
     .en = "change a user's name, role, areas and school",
     .parameters = {NAME, RIGHTS, SEEN}},
    {.method = METHOD_PUT,
     .pattern = "/api/users/{name}/disabled",
     .capability = CAPABILITY_USERS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = disable,
     .zh = "停用或启用",
     .en = "disable a user, or let them in again",
     .parameters = {NAME,
                    {"disabled", IN_BODY, PARAMETER_YES_NO, true, 0, 0, NULL, "是否停用",
                     "disabled or not"},
                    SEEN}},
    {.method = METHOD_POST,
     .pattern = "/api/users/{name}/reset",
     .capability = CAPABILITY_USERS,
     .store = ROUTE_WRITES,
     .handle = reset,
     .zh = "给出新的一次性密码",
     .en = "a new password for one log-in",
     .parameters = {NAME}},
    {.pattern = NULL},
};
