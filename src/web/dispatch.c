#include "web/dispatch.h"

#include "web/limits.h"

#include <string.h>
#include <zlib.h>

enum { PACK_LEVEL = 4, GZIP_WINDOW_BITS = 15 + 16 };

static void add_allow(struct answer *answer, uint32_t methods)
{
    struct text text;
    text_init(&text, answer->arena, 64);
    for (int i = 0; i < METHOD_COUNT; i++) {
        if ((methods & 1u << i) == 0) continue;
        text_add_f(&text, "%s%s", text.len > 0 ? ", " : "", method_name((enum method)i));
    }
    answer_header(answer, "Allow", text_str(&text));
}

static uint64_t body_bytes_max(const struct route *route)
{
    return route->body == ROUTE_BODY_FILES ? WEB_UPLOAD_BYTES_MAX : WEB_BODY_BYTES_MAX;
}

/* The wrong type would let a plain form of a foreign page send a body without the browser asking
 * us first. */
static bool check_body(const struct request *request, struct answer *answer)
{
    const struct head *head = &request->head;
    const struct route *route = request->route;
    static const char *const types[] = {
        [ROUTE_BODY_JSON] = "application/json", [ROUTE_BODY_FILES] = "multipart/form-data"};
    if (head->length > body_bytes_max(route)) {
        answer_refuse(answer, 413, "limit", "the body is too large", "请求体过大");
        return false;
    }
    if (!head->has_body && route->body != ROUTE_BODY_FILES) return true;
    if (route->body == ROUTE_BODY_NONE) {
        answer_refuse(answer, 400, "input", "no body is taken at this address",
                      "此地址不接受请求体");
        return false;
    }
    const char *type = types[route->body];
    if (head->media_type.len == strlen(type)
        && strncasecmp(head->media_type.ptr, type, head->media_type.len) == 0) {
        return true;
    }
    if (route->body == ROUTE_BODY_FILES)
        answer_refuse(answer, 415, "input", "the body must be multipart/form-data",
                      "请求体应为 multipart/form-data");
    else
        answer_refuse(answer, 415, "input", "the body must be application/json",
                      "请求体应为 application/json");
    return false;
}

bool dispatch_find(struct request *request, enum method method, struct route_match *match,
                   struct answer *answer)
{
    route_find(method, request->path, match);
    request->route = match->route;
    if (match->route == NULL && match->methods == 0) {
        answer_refuse(answer, 404, "not_found", "there is nothing at this address",
                      "此地址没有内容");
        return false;
    }
    if (match->route == NULL) {
        answer_refuse(answer, 405, "input", "this address does not take this method",
                      "此地址不支持这种请求方法");
        add_allow(answer, match->methods);
        return false;
    }
    if (method != METHOD_GET && !head_same_origin(&request->head)) {
        answer_refuse(answer, 403, "denied", "the request comes from a page of another origin",
                      "请求来自其他来源的网页");
        return false;
    }
    return check_body(request, answer);
}

static bool no_session(struct answer *answer)
{
    answer_refuse(answer, 401, "session", "please log in", "请先登录");
    return false;
}

/* Whoever came with a one-time password first chooses one of their own. */
static bool check_capability(const struct request *request, struct answer *answer)
{
    uint32_t capability = request->route->capability;
    if (capability == CAPABILITY_ANY) return true;
    if (request->session.user.must_change_password) {
        answer_refuse(answer, 403, "password", "choose a password of your own first",
                      "请先设置自己的密码");
        return false;
    }
    if ((request->asker.capabilities & capability) == capability) return true;
    answer_refuse(answer, 403, "denied", "your role may not do this", "您的角色无权进行此操作");
    return false;
}

bool dispatch_admit(struct request *request, struct workspace *workspace, struct answer *answer)
{
    struct err err = ERR_INIT;
    bool found = false;
    request->workspace = workspace;
    if (request->route->capability == CAPABILITY_PUBLIC) return true;
    if (request->head.session.len == 0) return no_session(answer);
    if (!session_find(workspace->store, &workspace->clock, request->arena, request->head.session,
                      &found, &request->session, &err)) {
        answer_error(answer, &err);
        return false;
    }
    if (!found) return no_session(answer);
    request->logged_in = true;
    request->asker = user_asker(&request->session.user);
    if (request->route->method != METHOD_GET
        && !session_request_token_matches(&request->session, request->head.request_token)) {
        answer_refuse(answer, 403, "token",
                      "the request token is missing or wrong, load the page again",
                      "请求令牌缺失或不符，请刷新页面");
        return false;
    }
    return check_capability(request, answer);
}

static bool check_area(struct request *request, struct err *err)
{
    if (request->route->area != ROUTE_AREA_GIVEN || !request_given(request, "area")) return true;
    struct str area = request_text(request, "area");
    if (!asker_sees(&request->asker, area)) {
        return err_set(err, ERR_DENIED, "the area %.*s is not yours", "区划 %.*s 不在您的范围内",
                       STR_ARG(area));
    }
    request->asker = asker_within(&request->asker, area);
    return true;
}

/* A body that is not there at all is an empty one: the parameters that it must hold are missing. */
static bool run_handler(struct request *request, const struct route_match *match,
                        struct answer *answer, struct err *err)
{
    return request_read(request, match, err) && check_area(request, err)
           && request->route->handle(request, answer, err);
}

void dispatch_answer(struct request *request, const struct route_match *match,
                     struct workspace *workspace, struct answer *answer)
{
    struct err err = ERR_INIT;
    CHECK(request->route != NULL);
    CHECK(request->logged_in || request->route->capability == CAPABILITY_PUBLIC);
    request->workspace = workspace;
    if (!run_handler(request, match, answer, &err)) {
        CHECK(err.kind != ERR_NONE);
        answer_error(answer, &err);
    } else if (answer->text.cut) {
        err_set(&err, ERR_LIMIT, "the answer is too large, ask for less", "结果过大，请缩小范围");
        answer_error(answer, &err);
    }
}

void dispatch_pack(const struct request *request, struct answer *answer)
{
    if (!request->head.takes_gzip || answer->secret || answer->file != NULL || answer->task != 0
        || answer->text.len < WEB_PACK_BYTES_MIN) {
        return;
    }
    z_stream stream = {.next_in = (Bytef *)answer->text.ptr, .avail_in = (uInt)answer->text.len};
    if (deflateInit2(&stream, PACK_LEVEL, Z_DEFLATED, GZIP_WINDOW_BITS, 8, Z_DEFAULT_STRATEGY)
        != Z_OK) {
        return;
    }
    uLong bound = deflateBound(&stream, (uLong)answer->text.len);
    stream.next_out = arena_alloc(answer->arena, bound);
    stream.avail_out = (uInt)bound;
    Bytef *packed = stream.next_out;
    if (deflate(&stream, Z_FINISH) == Z_STREAM_END) {
        answer->text.ptr = (char *)packed;
        answer->text.len = stream.total_out;
        answer_header(answer, "Content-Encoding", STR("gzip"));
    }
    deflateEnd(&stream);
}
