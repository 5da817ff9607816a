#ifndef WEB_EXCHANGE_H
#define WEB_EXCHANGE_H

#include "web/answer.h"
#include "web/events.h"
#include "web/pool.h"
#include "web/receive.h"
#include "web/request.h"
#include "web/watch.h"

#include <microhttpd.h>

/* One request and its answer, between the HTTP library's thread and a worker. The library calls in
 * (exchange_begin, exchange_step, exchange_end); whenever a worker is needed the connection sleeps
 * until the worker has made the answer. All that belongs to it lies in an arena of its own, which
 * goes when the answer has been sent. */

struct exchange_server {
    const struct web_parts *parts;
    struct head_rules rules;
    struct pool *pool;
    struct events *events;
    struct watch *watch;
    atomic_bool stopping;      /* answers end their connections */
    _Atomic int64_t in_flight; /* requests whose head was read and whose answer is not yet sent */
};

enum exchange_step {
    EXCHANGE_HEAD,      /* nothing read but the first line */
    EXCHANGE_BODY,      /* the body comes in */
    EXCHANGE_ADMITTING, /* asleep: a worker looks who it is, before files are taken */
    EXCHANGE_WORKING,   /* asleep: a worker makes the answer */
    EXCHANGE_READY,     /* the answer is made; what comes of the body is thrown away */
};

struct exchange {
    struct arena arena; /* this lies in it */
    struct exchange_server *server;
    struct MHD_Connection *connection;
    struct watch_guest *guest;
    struct pool_work work;
    enum exchange_step step;
    enum method method;
    struct str uri;
    bool uri_too_long, counted, admitted, answer_made;
    int64_t posted_ms;
    uint64_t body_bytes; /* that came so far */
    struct text body;
    struct receive *receive; /* files of the body */
    struct request request;
    struct route_match match;
    struct answer answer;
    struct event_stream stream;
};

/* The first line of a request was read. */
struct exchange *exchange_begin(struct exchange_server *server, struct MHD_Connection *connection,
                                const char *uri);

/* The head, a piece of the body, or the end of it. */
enum MHD_Result exchange_step(struct exchange *exchange, struct MHD_Connection *connection,
                              const char *method, const char *data, size_t *size);

/* The answer was sent, or the connection broke. */
void exchange_end(struct exchange *exchange);

#endif
