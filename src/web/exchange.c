#include "web/exchange.h"

#include "base/clock.h"
#include "base/list.h"
#include "jobs/upload.h"
#include "web/console.h"
#include "web/dispatch.h"
#include "web/limits.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct watch_guest *guest_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info == NULL ? NULL : info->socket_context;
}

struct exchange *exchange_begin(struct exchange_server *server, struct MHD_Connection *connection,
                                const char *uri)
{
    struct arena arena = {0};
    struct exchange *exchange = arena_new(&arena, struct exchange);
    struct str whole = str_from(uri);
    exchange->server = server;
    exchange->connection = connection;
    exchange->uri_too_long = whole.len > WEB_URI_BYTES_MAX;
    exchange->uri = str_copy(&arena, str_slice(whole, 0, WEB_URI_BYTES_MAX));
    exchange->arena = arena;
    exchange->guest = guest_of(connection);
    watch_allow(exchange->guest, WEB_HEAD_MS_MAX);
    exchange->request.arena = &exchange->arena;
    exchange->request.parts = server->parts;
    answer_init(&exchange->answer, &exchange->arena, &exchange->request);
    return exchange;
}

struct gathering {
    struct arena *arena;
    LIST(struct header) headers;
};

/* The library keeps the texts for the time of the request. */
static enum MHD_Result gather(void *context, enum MHD_ValueKind kind, const char *key,
                              size_t key_size, const char *value, size_t value_size)
{
    struct gathering *gathering = context;
    (void)kind;
    *list_push(gathering->arena, &gathering->headers) =
        (struct header){{key, key_size}, {value == NULL ? "" : value, value_size}};
    return gathering->headers.count <= WEB_HEADERS_MAX ? MHD_YES : MHD_NO;
}

/* False when the answer is made. */
static bool read_head(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    struct gathering gathering = {.arena = &exchange->arena};
    struct err err = ERR_INIT;
    unsigned status = 0;
    MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, gather, &gathering);
    if (!head_read(gathering.headers.items, gathering.headers.count, &exchange->server->rules,
                   &request->head, &status, &err)) {
        exchange->answer.status = status;
        exchange->answer.close = true;
        /* Whatever follows is not to be taken for a request. */
        request->head.has_body = true;
        answer_error(&exchange->answer, &err);
        return false;
    }
    if (exchange->uri_too_long) {
        answer_refuse(&exchange->answer, 414, "limit", "the address is too long", "地址过长");
        return false;
    }
    if (!head_path(&exchange->arena, exchange->uri, &request->path, &request->query)) {
        answer_refuse(&exchange->answer, 400, "input", "the address is not well formed",
                      "地址格式不正确");
        return false;
    }
    return true;
}

static void client_text(const struct sockaddr *address, char *text, size_t size)
{
    const void *bytes = address->sa_family == AF_INET6
                            ? (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr
                            : (const void *)&((const struct sockaddr_in *)address)->sin_addr;
    if (inet_ntop(address->sa_family, bytes, text, (socklen_t)size) == NULL) text[0] = '\0';
}

static void find_client(struct exchange *exchange)
{
    char text[64] = "";
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (exchange->request.head.client.len > 0) {
        exchange->request.client = exchange->request.head.client;
        return;
    }
    if (info != NULL && info->client_addr != NULL)
        client_text(info->client_addr, text, sizeof text);
    exchange->request.client = str_copy(&exchange->arena, str_from(text));
}

/* Finds what the request is for. False when the answer is made. */
static bool find_target(struct exchange *exchange, const char *method)
{
    struct request *request = &exchange->request;
    if (!read_head(exchange)) return false;
    find_client(exchange);
    if (!method_of(str_from(method), &exchange->method)) {
        answer_refuse(&exchange->answer, 405, "input", "this method is not understood",
                      "不支持这种请求方法");
        return false;
    }
    if (!console_is_api(request->path)) {
        if (exchange->method == METHOD_GET && !request->head.has_body)
            console_answer(request, &exchange->answer);
        else
            answer_refuse(&exchange->answer, 405, "input", "pages are only read", "网页只能读取");
        return false;
    }
    return dispatch_find(request, exchange->method, &exchange->match, &exchange->answer);
}

static bool add_headers(struct exchange *exchange, struct MHD_Response *response)
{
    const struct answer *answer = &exchange->answer;
    struct text policy;
    text_init(&policy, &exchange->arena, 1024);
    text_add_c(&policy, "default-src 'none'; script-src 'self'; style-src 'self'");
    if (answer->nonce.len > 0) text_add_f(&policy, " 'nonce-%.*s'", STR_ARG(answer->nonce));
    text_add_c(&policy, "; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
                        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'");
    bool has_etag = false;
    bool good = true;
    for (size_t i = 0; i < answer->header_count; i++) {
        const struct answer_header *header = &answer->headers[i];
        has_etag = has_etag || strcmp(header->name, "ETag") == 0;
        good =
            good && MHD_add_response_header(response, header->name, header->value.ptr) == MHD_YES;
    }
    const char *keep = answer->cached ? "public, max-age=31536000, immutable"
                       : has_etag     ? "private, no-cache"
                                      : "no-store";
    const char *const fixed[][2] = {{"Content-Security-Policy", policy.ptr},
                                    {"X-Content-Type-Options", "nosniff"},
                                    {"X-Frame-Options", "DENY"},
                                    {"Referrer-Policy", "no-referrer"},
                                    {"Cross-Origin-Opener-Policy", "same-origin"},
                                    {"Cross-Origin-Resource-Policy", "same-origin"},
                                    {"Vary", "Accept-Encoding, Cookie"},
                                    {"Cache-Control", keep}};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        good = good && MHD_add_response_header(response, fixed[i][0], fixed[i][1]) == MHD_YES;
    }
    if (answer->type != NULL)
        good = good && MHD_add_response_header(response, "Content-Type", answer->type) == MHD_YES;
    if (answer->close)
        good = good && MHD_add_response_header(response, "Connection", "close") == MHD_YES;
    return good;
}

static struct MHD_Response *file_response(struct answer *answer)
{
    struct stat status;
    int file = open(answer->file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (answer->file_is_ours) unlink(answer->file);
    if (file < 0) return NULL;
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(file);
        return NULL;
    }
    return MHD_create_response_from_fd64((uint64_t)status.st_size, file);
}

static struct MHD_Response *make_response(struct exchange *exchange)
{
    struct answer *answer = &exchange->answer;
    if (answer->file != NULL) return file_response(answer);
    if (answer->task != 0) {
        answer->type = "text/event-stream";
        return events_response(exchange->server->events, &exchange->stream, exchange->connection,
                               answer->task);
    }
    struct str body = answer->bytes.ptr != NULL ? answer->bytes : text_str(&answer->text);
    return MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.ptr,
                                           MHD_RESPMEM_PERSISTENT);
}

static void answer_busy(struct exchange *exchange)
{
    answer_refuse(&exchange->answer, 503, "limit", "the server is busy, try again in a while",
                  "服务繁忙，请稍后再试");
}

static enum MHD_Result send_answer(struct exchange *exchange)
{
    struct answer *answer = &exchange->answer;
    if (atomic_load(&exchange->server->stopping)) answer->close = true;
    watch_allow(exchange->guest, answer->task != 0 ? 0 : WEB_SEND_MS_MAX);
    struct MHD_Response *response = make_response(exchange);
    if (response == NULL) {
        answer_busy(exchange);
        response = make_response(exchange);
    }
    if (response == NULL) return MHD_NO;
    unsigned status = answer->status == 0 ? 200 : answer->status;
    enum MHD_Result result = MHD_NO;
    if (add_headers(exchange, response))
        result = MHD_queue_response(exchange->connection, status, response);
    MHD_destroy_response(response);
    return result;
}

static void tell_busy(struct exchange *exchange)
{
    const struct failures *failures = exchange->server->parts->failures;
    const struct route *route = exchange->request.route;
    struct text en, zh;
    if (failures->tell == NULL) return;
    text_init(&en, &exchange->arena, 256);
    text_init(&zh, &exchange->arena, 256);
    text_add_f(&en, "%s %s failed: no worker was free for %d s", method_name(route->method),
               route->pattern, WEB_WAIT_MS_MAX / 1000);
    text_add_f(&zh, "%s %s 失败：%d 秒内没有空闲的工作线程", method_name(route->method),
               route->pattern, WEB_WAIT_MS_MAX / 1000);
    failures->tell(failures->context, zh.ptr, en.ptr);
}

/* The session was last seen a while ago: written down by a worker that writes, later. */
struct seen_work {
    struct pool_work work;
    struct arena arena; /* this lies in it */
    struct session session;
};

static void note_seen(struct pool_work *work, struct workspace *workspace)
{
    struct seen_work *seen = (struct seen_work *)work;
    struct err ignored = ERR_INIT;
    /* When it cannot be written the session ends a little sooner. */
    (void)!session_seen(workspace->store, &workspace->clock, &seen->session, &ignored);
    struct arena arena = seen->arena;
    arena_free(&arena);
}

static void post_seen(struct exchange *exchange, const struct workspace *workspace)
{
    const struct request *request = &exchange->request;
    if (!request->logged_in
        || clock_now_ms(&workspace->clock) - request->session.seen_ms < SESSION_SEEN_EVERY_MS) {
        return;
    }
    struct arena arena = {0};
    struct seen_work *seen = arena_new(&arena, struct seen_work);
    seen->session = request->session;
    seen->work.run = note_seen;
    seen->arena = arena;
    if (!pool_post(exchange->server->pool, &seen->work, true)) {
        arena = seen->arena;
        arena_free(&arena);
    }
}

/* On a worker. After the connection is woken the exchange is the other thread's. */
static void work(struct pool_work *pool_work, struct workspace *workspace)
{
    struct exchange *exchange =
        (struct exchange *)(void *)((char *)pool_work - offsetof(struct exchange, work));
    struct request *request = &exchange->request;
    if (clock_elapsed_ms() - exchange->posted_ms > WEB_WAIT_MS_MAX) {
        tell_busy(exchange);
        answer_busy(exchange);
    } else if (exchange->admitted || dispatch_admit(request, workspace, &exchange->answer)) {
        exchange->admitted = true;
        if (exchange->step == EXCHANGE_WORKING) {
            request->snapshot = snapshot_take(request->parts->hub);
            dispatch_answer(request, &exchange->match, workspace, &exchange->answer);
            snapshot_release(request->parts->hub, request->snapshot);
            post_seen(exchange, workspace);
        }
    }
    exchange->answer_made = exchange->step == EXCHANGE_WORKING || !exchange->admitted;
    if (exchange->answer_made) {
        dispatch_pack(request, &exchange->answer);
    }
    MHD_resume_connection(exchange->connection);
}

/* Sleeps until a worker is done. */
static enum MHD_Result let_work(struct exchange *exchange, enum exchange_step step)
{
    const struct route *route = exchange->request.route;
    exchange->step = step;
    exchange->posted_ms = clock_elapsed_ms();
    exchange->work.run = work;
    watch_allow(exchange->guest, 0);
    MHD_suspend_connection(exchange->connection);
    if (pool_post(exchange->server->pool, &exchange->work,
                  step == EXCHANGE_WORKING && route->store == ROUTE_WRITES)) {
        return MHD_YES;
    }
    answer_busy(exchange);
    exchange->answer_made = true;
    MHD_resume_connection(exchange->connection);
    return MHD_YES;
}

static enum MHD_Result take_head(struct exchange *exchange, const char *method)
{
    exchange->counted = true;
    atomic_fetch_add(&exchange->server->in_flight, 1);
    const struct head *head = &exchange->request.head;
    if (!find_target(exchange, method)) {
        exchange->step = EXCHANGE_READY;
        exchange->answer_made = true;
        dispatch_pack(&exchange->request, &exchange->answer);
        bool short_one = !head->chunked && head->length <= WEB_DRAIN_BYTES_MAX;
        if (!head->has_body || (short_one && !exchange->answer.close)) {
            watch_allow(exchange->guest, WEB_BODY_MS_MAX);
            return MHD_YES;
        }
        /* Sent at once, without reading the body; the library then ends the connection. */
        exchange->answer.close = true;
        return send_answer(exchange);
    }
    exchange->step = EXCHANGE_BODY;
    text_init(&exchange->body, &exchange->arena, WEB_BODY_BYTES_MAX);
    watch_allow(exchange->guest, exchange->request.route->body == ROUTE_BODY_FILES
                                     ? WEB_UPLOAD_MS_MAX
                                     : WEB_BODY_MS_MAX);
    return MHD_YES;
}

/* Files are taken only from those who may send them: the first piece waits until that is known. */
static bool begin_files(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    struct err err = ERR_INIT;
    const char *folder;
    if (exchange->receive != NULL) return true;
    if (!upload_begin(request->parts->uploads, &exchange->arena, &request->upload, &folder, &err)) {
        answer_error(&exchange->answer, &err);
        return false;
    }
    exchange->receive = receive_begin(&exchange->arena, exchange->connection, folder);
    if (exchange->receive != NULL) return true;
    answer_refuse(&exchange->answer, 400, "input", "the form is not well formed", "表单格式不正确");
    return false;
}

static void refuse_body(struct exchange *exchange)
{
    answer_refuse(&exchange->answer, 413, "limit", "the body is too large", "请求体过大");
    exchange->answer_made = true;
    exchange->step = EXCHANGE_READY;
}

static enum MHD_Result take_body(struct exchange *exchange, const char *data, size_t *size)
{
    bool files = exchange->request.route->body == ROUTE_BODY_FILES;
    if (files && !exchange->admitted) return let_work(exchange, EXCHANGE_ADMITTING);
    exchange->body_bytes += *size;
    if (!files) {
        text_add(&exchange->body, (struct str){data, *size});
        if (exchange->body.cut) refuse_body(exchange);
    } else if (exchange->body_bytes > WEB_UPLOAD_BYTES_MAX) {
        refuse_body(exchange);
    } else if (begin_files(exchange)) {
        receive_take(exchange->receive, data, *size);
    } else {
        exchange->answer_made = true;
        exchange->step = EXCHANGE_READY;
    }
    *size = 0;
    return MHD_YES;
}

/* The body is there. False when the answer is made. */
static bool end_body(struct exchange *exchange)
{
    struct request *request = &exchange->request;
    struct err err = ERR_INIT;
    struct receive_file *files;
    if (request->route->body != ROUTE_BODY_FILES) {
        request->body = text_str(&exchange->body);
        return true;
    }
    if (exchange->receive == NULL) {
        answer_refuse(&exchange->answer, 400, "input", "no file came with the request",
                      "请求中没有文件");
        return false;
    }
    if (!receive_end(exchange->receive, &files, &request->file_count, &request->fields,
                     &request->field_count, &err)) {
        answer_error(&exchange->answer, &err);
        return false;
    }
    request->files = files;
    return true;
}

static enum MHD_Result end_request(struct exchange *exchange)
{
    if (exchange->answer_made) return send_answer(exchange);
    if (exchange->step != EXCHANGE_BODY) return MHD_NO;
    if (end_body(exchange)) return let_work(exchange, EXCHANGE_WORKING);
    exchange->answer_made = true;
    return send_answer(exchange);
}

/* What comes of a body whose answer is made already: a little is read, so that the client gets to
 * read the answer; more ends the connection. */
static enum MHD_Result throw_away(struct exchange *exchange, size_t *size)
{
    exchange->body_bytes += *size;
    *size = 0;
    return exchange->body_bytes > WEB_DRAIN_BYTES_MAX ? MHD_NO : MHD_YES;
}

enum MHD_Result exchange_step(struct exchange *exchange, struct MHD_Connection *connection,
                              const char *method, const char *data, size_t *size)
{
    CHECK(exchange->connection == connection);
    if (exchange->step == EXCHANGE_HEAD) return take_head(exchange, method);
    if (exchange->step == EXCHANGE_ADMITTING) {
        /* Woken: admitted or not. */
        exchange->step = exchange->answer_made ? EXCHANGE_READY : EXCHANGE_BODY;
        watch_allow(exchange->guest, exchange->answer_made ? WEB_BODY_MS_MAX : WEB_UPLOAD_MS_MAX);
    }
    if (*size == 0) return end_request(exchange);
    if (exchange->step == EXCHANGE_BODY) return take_body(exchange, data, size);
    return throw_away(exchange, size);
}

void exchange_end(struct exchange *exchange)
{
    if (exchange == NULL) return;
    struct exchange_server *server = exchange->server;
    event_stream_end(&exchange->stream);
    receive_abandon(exchange->receive);
    /* A handler that keeps the files takes the number away. */
    if (exchange->request.upload != 0)
        upload_discard(server->parts->uploads, exchange->request.upload);
    watch_allow(exchange->guest, WEB_IDLE_MS_MAX);
    bool counted = exchange->counted;
    struct arena arena = exchange->arena;
    arena_free(&arena);
    if (counted) atomic_fetch_sub(&server->in_flight, 1);
}
