#ifndef WEB_EVENTS_H
#define WEB_EVENTS_H

#include "base/json.h"
#include "jobs/task.h"

#include <microhttpd.h>

/* How a task is doing, told to a page as it happens (server-sent events): each change as one
 * "data:" line of JSON, a comment now and then as a sign of life, and the end of the stream when
 * the task has ended. A stream sleeps while there is nothing to say. */

struct events;

struct event_stream {
    struct events *events;
    struct MHD_Connection *connection;
    int64_t task;
    uint64_t told;      /* change of the task that was told last; 0: none */
    int64_t told_ms;    /* when something was sent last */
    struct arena arena; /* of what is being sent */
    struct str pending; /* that is not sent yet */
    bool over;          /* nothing comes behind `pending` */
    bool asleep;        /* in the list of those to wake */
    struct event_stream *next;
};

/* Starts the thread that wakes streams. ERR_LIMIT. */
MUST_USE bool events_open(struct events **out, struct arena *arena, struct tasks *tasks,
                          struct err *err);

/* Ends all streams as soon as they are written to; new ones end at once. */
void events_stop(struct events *events);
void events_close(struct events *events); /* NULL accepted */

/* The response of a stream that tells of a task. NULL when there are WEB_EVENTS_MAX already. The
 * stream lies in the exchange; event_stream_end is called when that ends. */
struct MHD_Response *events_response(struct events *events, struct event_stream *stream,
                                     struct MHD_Connection *connection, int64_t task);
void event_stream_end(struct event_stream *stream); /* one that never began is accepted */

/* A task as JSON: an object. */
void events_task(struct json *json, const struct task_view *view);

#endif
