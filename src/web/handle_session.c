#include "web/answer.h"
#include "web/request.h"
#include "web/routes.h"
#include "web/show.h"

#include "access/password.h"
#include "access/second_factor.h"

/* Logging in, and what users do to their own account. */

static void write_session(struct answer *answer, const struct request *request,
                          const struct session *session)
{
    const struct user *user = &session->user;
    uint32_t capabilities = role_capabilities(user->role);
    struct json *json = answer_json(answer);
    answer->secret = true;
    json_object(json);
    json_key_str(json, "user", user->name);
    json_key_str(json, "display_name", user->display_name);
    json_key_str(json, "role", str_from(role_key(user->role)));
    json_key_str(json, "role_zh", str_from(role_text(user->role, LANG_ZH)));
    json_key_str(json, "role_en", str_from(role_text(user->role, LANG_EN)));
    show_user_areas(json, request, user);
    json_key_str(json, "school", user->school);
    json_key(json, "capabilities");
    json_list(json);
    for (int i = 0; i < CAPABILITY_COUNT; i++) {
        if ((capabilities & 1u << i) != 0) json_str(json, str_from(capability_key(i)));
    }
    json_list_end(json);
    json_key_str(json, "token", str_from(session->request_token));
    json_key_bool(json, "must_change_password", user->must_change_password);
    json_key_bool(json, "second_factor", user->has_second_factor);
    json_key_i64(json, "password_characters_min", PASSWORD_CHARACTERS_MIN);
    json_object_end(json);
}

/* One sentence for all causes, so that nothing is learnt from being refused. */
static bool refuse(struct answer *answer, enum login_outcome outcome)
{
    if (outcome == LOGIN_CODE_WANTED) {
        answer_refuse(answer, 401, "second_factor", "the code of the second factor is wanted",
                      "请输入第二因素验证码");
    } else if (outcome == LOGIN_LOCKED) {
        answer_refuse(answer, 429, "locked",
                      "too many wrong passwords for this name, wait a quarter of an hour",
                      "此用户名输错密码次数过多，请十五分钟后再试");
    } else {
        answer_refuse(answer, 401, "login", "the name or the password (or code) is wrong",
                      "用户名或密码（验证码）不对");
    }
    return true;
}

static bool log_in(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    struct login login = {request_text(request, "user"), request_text(request, "password"),
                          request_text(request, "code")};
    struct login_check check;
    enum login_outcome outcome = LOGIN_WRONG;
    struct session session;
    char token[SESSION_TOKEN_SIZE];
    if (!session_tidy(workspace->store, &workspace->clock, err)
        || !login_check(workspace->store, &login, &check, err)
        || !login_finish(workspace->store, workspace->codec, &workspace->clock, &login, &check,
                         request->arena, &outcome, &session, token, err)) {
        return false;
    }
    if (outcome != LOGIN_DONE) return refuse(answer, outcome);
    answer_header(answer, "Set-Cookie",
                  head_cookie(request->arena, str_from(token), request->head.secure));
    write_session(answer, request, &session);
    return true;
}

static bool show(struct request *request, struct answer *answer, struct err *err)
{
    (void)err;
    write_session(answer, request, &request->session);
    return true;
}

/* {"done":true}: for what has nothing else to say. */
static void write_done(struct answer *answer)
{
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_bool(json, "done", true);
    json_object_end(json);
}

static bool log_out(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    if (!session_end(workspace->store, &workspace->clock, &request->session, err)) return false;
    answer_header(answer, "Set-Cookie",
                  head_cookie(request->arena, STR_EMPTY, request->head.secure));
    write_done(answer);
    return true;
}

static bool set_password(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    const struct session *session = &request->session;
    struct str keep = {(const char *)session->hash, SESSION_HASH_BYTES};
    if (!user_set_password(workspace->store, &workspace->clock, session->user.name,
                           request_text(request, "old"), request_text(request, "new"), keep, err)) {
        return false;
    }
    write_done(answer);
    return true;
}

/* What an authenticator program reads from a picture: the "otpauth" address. */
static struct str factor_uri(struct request *request, const char *secret)
{
    struct text text;
    text_init(&text, request->arena, 1024);
    text_add_c(&text, "otpauth://totp/baoxue:");
    struct str name = request->session.user.name;
    for (size_t i = 0; i < name.len; i++) text_add_f(&text, "%%%02X", (unsigned char)name.ptr[i]);
    text_add_f(&text, "?secret=%s&issuer=baoxue", secret);
    return text_str(&text);
}

static bool begin_factor(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    char secret[SECOND_FACTOR_SECRET_SIZE];
    if (!user_second_factor_begin(workspace->store, workspace->codec, &workspace->clock,
                                  request->session.user.name, secret, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    answer->secret = true;
    json_object(json);
    json_key_str(json, "secret", str_from(secret));
    json_key_str(json, "uri", factor_uri(request, secret));
    json_object_end(json);
    return true;
}

static bool confirm_factor(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    if (!user_second_factor_confirm(workspace->store, workspace->codec, &workspace->clock,
                                    request->session.user.name, request_text(request, "code"),
                                    err)) {
        return false;
    }
    write_done(answer);
    return true;
}

static bool remove_factor(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    if (!user_second_factor_remove(workspace->store, &workspace->clock, request->session.user.name,
                                   request_text(request, "password"), err)) {
        return false;
    }
    write_done(answer);
    return true;
}

#define SECRET(name, zh, en)                                                                       \
    {                                                                                              \
        name, IN_BODY, PARAMETER_SECRET, true, 0, PASSWORD_BYTES_MAX, NULL, zh, en                 \
    }
#define CODE(required)                                                                             \
    {                                                                                              \
        "code", IN_BODY, PARAMETER_TEXT, required, 0, 16, NULL, "验证码", "code of six digits"     \
    }

const struct route routes_session[] = {
    {.method = METHOD_POST,
     .pattern = "/api/session",
     .capability = CAPABILITY_PUBLIC,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = log_in,
     .zh = "登录",
     .en = "log in",
     .parameters = {{"user", IN_BODY, PARAMETER_TEXT, true, 0, USER_NAME_BYTES_MAX, NULL, "用户名",
                     "the user's name"},
                    SECRET("password", "密码", "password"),
                    CODE(false)}},
    {.method = METHOD_GET,
     .pattern = "/api/session",
     .capability = CAPABILITY_ANY,
     .handle = show,
     .zh = "当前登录",
     .en = "who is logged in"},
    {.method = METHOD_DELETE,
     .pattern = "/api/session",
     .capability = CAPABILITY_ANY,
     .store = ROUTE_WRITES,
     .handle = log_out,
     .zh = "退出",
     .en = "log out"},
    {.method = METHOD_PUT,
     .pattern = "/api/session/password",
     .capability = CAPABILITY_ANY,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = set_password,
     .zh = "修改自己的密码，其他登录随即失效",
     .en = "choose a new password; other sessions end",
     .parameters = {SECRET("old", "旧密码", "the old one"),
                    SECRET("new", "新密码", "the new one")}},
    {.method = METHOD_POST,
     .pattern = "/api/session/second-factor",
     .capability = CAPABILITY_ANY,
     .store = ROUTE_WRITES,
     .handle = begin_factor,
     .zh = "开始设置第二因素",
     .en = "begin with a second factor"},
    {.method = METHOD_PUT,
     .pattern = "/api/session/second-factor",
     .capability = CAPABILITY_ANY,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = confirm_factor,
     .zh = "用验证码确认第二因素",
     .en = "confirm it with a code",
     .parameters = {CODE(true)}},
    {.method = METHOD_DELETE,
     .pattern = "/api/session/second-factor",
     .capability = CAPABILITY_ANY,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = remove_factor,
     .zh = "去掉第二因素",
     .en = "take it away",
     .parameters = {SECRET("password", "密码", "password")}},
    {.pattern = NULL},
};
