#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "jobs/workspace.h"

/* The console and its API over HTTP. One thread talks to the clients and parses what they send; a
 * fixed pool of workers answers (pool.h); background tasks run on a thread of their own
 * (jobs/task.h). limits.h says what a client may ask for. */

struct server;

/* How a proxy in front of the server reaches it, if there is one. */
enum web_proxy {
    WEB_PROXY_NONE,
    WEB_PROXY_HTTP,  /* and the browser reached the proxy without TLS */
    WEB_PROXY_HTTPS, /* with TLS */
};

struct web_options {
    struct workspace_options workspace; /* must exist */
    const char *listen;                 /* "127.0.0.1:8620", "[::1]:0"; port 0: any that is free */
    const char *name;                   /* host name of the server, or NULL */
    const char *tls_cert, *tls_key;     /* PEM files, both or neither */
    enum web_proxy proxy;
    size_t readers; /* workers that read; 0: as the machine has cores, and two more */
    /* Told what the one who runs the server should know: one sentence in each language. Called by
     * any thread. */
    void (*tell)(void *context, const char *zh, const char *en);
    void *tell_context;
};

/* Opens the workspace and starts to answer. ERR_USAGE when `listen` is no address, when it can be
 * reached from other machines and there is neither TLS nor a proxy, and when the workspace has no
 * user yet; ERR_IO when the address is taken. The server lives in the arena. */
MUST_USE bool server_open(struct server **out, struct arena *arena,
                          const struct web_options *options, struct err *err);

/* "http://127.0.0.1:8620/". Borrowed. */
const char *server_address(const struct server *server);

/* Answers what came in already (at most WEB_STOP_MS_MAX), lets the running task come to its end,
 * and closes everything. NULL accepted. */
void server_close(struct server *server);

#endif
