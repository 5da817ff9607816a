#include "web/server.h"

#include "access/user.h"
#include "base/clock.h"
#include "base/file.h"
#include "jobs/ahead.h"
#include "jobs/dossiers.h"
#include "jobs/looks.h"
#include "jobs/upload.h"
#include "web/exchange.h"
#include "web/limits.h"
#include "web/listen.h"
#include "web/openapi.h"

#include <time.h>
#include <unistd.h>

enum { PEM_BYTES_MAX = 1 << 20, STOP_LOOK_EVERY_MS = 20 };

struct server {
    struct arena *arena;
    const struct web_options *options;
    struct workspace workspace; /* what the workers' are shared from */
    struct web_parts parts;
    struct failures failures;
    struct ahead ahead;
    struct exchange_server exchanges;
    struct listen_place place;
    struct MHD_Daemon *daemon;
    struct str tls_cert, tls_key;
    const char *address;
    bool listening;
};

static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *uri,
                                  const char *method, const char *version, const char *data,
                                  size_t *size, void **slot)
{
    (void)context;
    (void)uri;
    (void)version;
    CHECK(*slot != NULL);
    return exchange_step(*slot, connection, method, data, size);
}

static void *on_first_line(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct server *server = context;
    return exchange_begin(&server->exchanges, connection, uri);
}

static void on_end(void *context, struct MHD_Connection *connection, void **slot,
                   enum MHD_RequestTerminationCode code)
{
    (void)context;
    (void)connection;
    (void)code;
    exchange_end(*slot);
    *slot = NULL;
}

static void on_connection(void *context, struct MHD_Connection *connection, void **slot,
                          enum MHD_ConnectionNotificationCode code)
{
    struct server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        *slot = info == NULL ? NULL : watch_add(server->exchanges.watch, info->connect_fd);
    } else {
        watch_remove(server->exchanges.watch, *slot);
        *slot = NULL;
    }
}

/* Escapes are undone by head.h, which refuses more. */
static size_t keep_escapes(void *context, struct MHD_Connection *connection, char *text)
{
    (void)context;
    (void)connection;
    return str_from(text).len;
}

static bool check_options(const struct web_options *options, bool loopback, struct err *err)
{
    if ((options->tls_cert == NULL) != (options->tls_key == NULL)) {
        return err_set(err, ERR_USAGE, "--tls-cert and --tls-key are given together",
                       "--tls-cert 与 --tls-key 须同时给出");
    }
    if (loopback || options->tls_cert != NULL || options->proxy != WEB_PROXY_NONE) return true;
    return err_set(
        err, ERR_USAGE,
        "%s can be reached from other machines: give --tls-cert and --tls-key, or "
        "--behind-proxy when a proxy in front does TLS",
        "%s 可从其他机器访问：请给出 --tls-cert 和 --tls-key；由前置代理做 TLS 的，请给出 "
        "--behind-proxy",
        options->listen);
}

static bool check_users(struct server *server, struct err *err)
{
    int64_t count = 0;
    if (!user_count(server->workspace.store, &count, err)) return false;
    if (count > 0) return true;
    return err_set(
        err, ERR_USAGE,
        "nobody can log in yet: first make users, baoxue user add NAME --role county "
        "--area CODE",
        "还没有可以登录的用户：请先运行 baoxue user add 用户名 --role county --area 区划代码");
}

static bool read_pem(struct server *server, struct err *err)
{
    const struct web_options *options = server->options;
    if (options->tls_cert == NULL) return true;
    if (!file_read(server->arena, options->tls_cert, PEM_BYTES_MAX, &server->tls_cert, err)
        || !file_read(server->arena, options->tls_key, PEM_BYTES_MAX, &server->tls_key, err)) {
        return false;
    }
    server->tls_cert = str_copy(server->arena, server->tls_cert);
    server->tls_key = str_copy(server->arena, server->tls_key);
    return true;
}

/* Who looks at figures does not wait for the first of them. */
static void prepare_figures(void *context, struct tasks *tasks, day at)
{
    struct server *server = context;
    if (!day_is_none(at)) ahead_wish(&server->ahead, tasks, at);
}

/* What only comes together once its parts are there; cannot fail. */
static void join_parts(struct server *server)
{
    struct web_parts *parts = &server->parts;
    const struct dossiers_parts of_dossiers = {.workspace = &server->workspace,
                                               .desks = parts->desks,
                                               .tasks = parts->tasks,
                                               .hub = parts->hub,
                                               .uploads = parts->uploads};
    dossiers_open(&parts->dossiers, server->arena, &of_dossiers);
    reckoned_open(&parts->reckoned, server->arena);
    server->ahead = (struct ahead){&server->workspace, parts->hub, parts->desks, parts->reckoned};
}

static bool open_parts(struct server *server, struct err *err)
{
    struct exchange_server *exchanges = &server->exchanges;
    const struct web_options *options = server->options;
    struct arena *arena = server->arena;
    server->parts.workspace = options->workspace;
    server->parts.workspace.create = false;
    server->parts.openapi = openapi_make(arena);
    exchanges->parts = &server->parts;
    desks_open(&server->parts.desks, arena, &server->workspace);
    failures_open(&server->failures, &options->workspace.clock, options->tell,
                  options->tell_context);
    server->parts.failures = &server->failures;
    exchanges->rules = (struct head_rules){
        .behind_proxy = options->proxy != WEB_PROXY_NONE,
        .proxy_secure = options->proxy == WEB_PROXY_HTTPS,
        .tls = options->tls_cert != NULL,
        .name = options->name,
    };
    return snapshot_hub_open(&server->parts.hub, &server->parts.workspace, err)
           && tasks_open(&server->parts.tasks, arena, &server->failures, err)
           && uploads_open(&server->parts.uploads, arena, &server->workspace, server->parts.tasks,
                           server->parts.hub, err)
           && looks_open(&server->parts.looks, arena, &server->workspace, err)
           && events_open(&exchanges->events, arena, server->parts.tasks, err)
           && watch_open(&exchanges->watch, arena, err)
           && pool_open(&exchanges->pool, arena, &server->workspace, options->readers, err);
}

/* The library reads its options in order; the last ones are there only with TLS. */
static bool start_daemon(struct server *server, struct err *err)
{
    bool tls = server->tls_cert.len > 0;
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    if (tls) flags |= MHD_USE_TLS;
    if (server->place.v6) flags |= MHD_USE_IPv6;
    struct MHD_OptionItem tls_options[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)server->tls_cert.ptr},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)server->tls_key.ptr},
        {MHD_OPTION_HTTPS_PRIORITIES, 0,
         (void *)(uintptr_t) "NORMAL:-VERS-TLS1.0:-VERS-TLS1.1:-VERS-DTLS-ALL"},
        {MHD_OPTION_END, 0, NULL}};
    struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
    server->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, server, MHD_OPTION_LISTEN_SOCKET, server->place.socket,
        MHD_OPTION_URI_LOG_CALLBACK, on_first_line, server, MHD_OPTION_NOTIFY_COMPLETED, on_end,
        server, MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_UNESCAPE_CALLBACK,
        keep_escapes, server, MHD_OPTION_CONNECTION_LIMIT, (unsigned)WEB_CONNECTIONS_MAX,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)WEB_CONNECTION_BYTES,
        MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)WEB_SILENCE_S, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, MHD_OPTION_ARRAY, tls ? tls_options : none,
        MHD_OPTION_END);
    if (server->daemon != NULL) return true;
    if (tls) {
        return err_set(err, ERR_INPUT,
                       "could not start with this certificate and key: are they PEM files that "
                       "belong together?",
                       "无法用此证书和私钥启动：两者应为配套的 PEM 文件");
    }
    return err_set(err, ERR_IO, "could not start to listen on %s", "无法在 %s 上启动服务",
                   server->place.text);
}

static bool start(struct server *server, struct err *err)
{
    bool loopback = false;
    const struct web_options *options = server->options;
    if (!listen_is_loopback(options->listen, &loopback, err)
        || !check_options(options, loopback, err)) {
        return false;
    }
    if (!workspace_open(&server->workspace, &options->workspace, err) || !check_users(server, err)
        || !read_pem(server, err)) {
        return false;
    }
    if (!listen_open(options->listen, &server->place, err)) return false;
    server->listening = true;
    if (!open_parts(server, err)) return false;
    join_parts(server);
    server->exchanges.rules.loopback = server->place.loopback;
    if (!start_daemon(server, err)) return false;
    struct text address;
    text_init(&address, server->arena, 256);
    text_add_f(&address, "%s://%s/", options->tls_cert == NULL ? "http" : "https",
               server->place.text);
    server->address = address.ptr;
    int64_t refresh;
    const struct snapshot_then then = {prepare_figures, server};
    snapshot_hub_then(server->parts.hub, &then);
    return snapshot_wish(server->parts.hub, server->parts.tasks, &refresh, err);
}

bool server_open(struct server **out, struct arena *arena, const struct web_options *options,
                 struct err *err)
{
    CHECK(!options->workspace.create);
    routes_check();
    struct server *server = arena_new(arena, struct server);
    server->arena = arena;
    server->options = options;
    if (!start(server, err)) {
        server_close(server);
        return false;
    }
    *out = server;
    return true;
}

const char *server_address(const struct server *server)
{
    return server->address;
}

/* Nobody new is let in; those inside get their answers. */
static void stop_daemon(struct server *server)
{
    if (server->daemon == NULL) {
        if (server->listening) close(server->place.socket);
        return;
    }
    int socket = MHD_quiesce_daemon(server->daemon);
    if (socket >= 0) close(socket);
    atomic_store(&server->exchanges.stopping, true);
    events_stop(server->exchanges.events);
    int64_t end_ms = clock_elapsed_ms() + WEB_STOP_MS_MAX;
    while (atomic_load(&server->exchanges.in_flight) > 0 && clock_elapsed_ms() < end_ms) {
        struct timespec pause = {.tv_nsec = STOP_LOOK_EVERY_MS * 1000000L};
        nanosleep(&pause, NULL);
    }
}

void server_close(struct server *server)
{
    if (server == NULL) return;
    stop_daemon(server);
    /* The workers end before the connections whose answers they make are taken away. */
    pool_close(server->exchanges.pool);
    if (server->daemon != NULL) MHD_stop_daemon(server->daemon);
    events_close(server->exchanges.events);
    watch_close(server->exchanges.watch);
    tasks_close(server->parts.tasks);
    dossiers_close(server->parts.dossiers);
    reckoned_close(server->parts.reckoned);
    uploads_close(server->parts.uploads);
    desks_close(server->parts.desks);
    snapshot_hub_close(server->parts.hub);
    looks_close(server->parts.looks);
    workspace_close(&server->workspace);
}
