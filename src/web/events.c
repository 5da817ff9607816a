#include "web/events.h"

#include "base/clock.h"
#include "base/thread.h"
#include "web/limits.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { EVENT_BLOCK_BYTES = 16 * 1024 };

struct events {
    struct tasks *tasks;
    pthread_t thread;
    pthread_mutex_t mutex;
    struct event_stream *asleep;
    size_t count; /* of streams */
    atomic_bool stopping;
    bool closing;
};

/* Wakes those that have something to say; under the lock. */
static void wake(struct events *events, bool changed)
{
    int64_t now_ms = clock_elapsed_ms();
    struct event_stream **at = &events->asleep;
    while (*at != NULL) {
        struct event_stream *stream = *at;
        if (!changed && now_ms - stream->told_ms < WEB_HEARTBEAT_MS) {
            at = &stream->next;
            continue;
        }
        *at = stream->next;
        stream->asleep = false;
        MHD_resume_connection(stream->connection);
    }
}

static void *events_main(void *argument)
{
    struct events *events = argument;
    uint64_t seen = 0;
    for (;;) {
        uint64_t change = tasks_await(events->tasks, seen, 1000);
        thread_lock(&events->mutex);
        wake(events, change != seen || atomic_load(&events->stopping));
        bool closing = events->closing;
        thread_unlock(&events->mutex);
        if (closing) return NULL;
        seen = change;
        struct timespec pause = {.tv_nsec = WEB_EVENT_EVERY_MS * 1000000L};
        nanosleep(&pause, NULL);
    }
}

bool events_open(struct events **out, struct arena *arena, struct tasks *tasks, struct err *err)
{
    struct events *events = arena_new(arena, struct events);
    events->tasks = tasks;
    CHECK(pthread_mutex_init(&events->mutex, NULL) == 0);
    if (pthread_create(&events->thread, NULL, events_main, events) != 0) {
        return err_set(err, ERR_LIMIT, "the system gives no more threads", "系统无法再建立线程");
    }
    *out = events;
    return true;
}

void events_stop(struct events *events)
{
    if (events == NULL) return;
    atomic_store(&events->stopping, true);
    thread_lock(&events->mutex);
    wake(events, true);
    thread_unlock(&events->mutex);
}

void events_close(struct events *events)
{
    if (events == NULL) return;
    thread_lock(&events->mutex);
    events->closing = true;
    CHECK(events->asleep == NULL);
    thread_unlock(&events->mutex);
    CHECK(pthread_join(events->thread, NULL) == 0);
    CHECK(pthread_mutex_destroy(&events->mutex) == 0);
}

void events_task(struct json *json, const struct task_view *view)
{
    json_object(json);
    json_key_i64(json, "task", view->number);
    json_key_str(json, "kind", str_from(view->kind));
    json_key_str(json, "state", str_from(task_state_key(view->state)));
    json_key_str(json, "stage_zh", str_from(view->stage_zh));
    json_key_str(json, "stage_en", str_from(view->stage_en));
    json_key_i64(json, "done", (int64_t)view->done);
    json_key_i64(json, "total", (int64_t)view->total);
    json_key(json, "left_ms");
    if (view->left_ms < 0)
        json_null(json);
    else
        json_i64(json, view->left_ms);
    json_key(json, "error");
    if (view->state == TASK_FAILED) {
        json_object(json);
        json_key_str(json, "zh", str_from(view->error.zh));
        json_key_str(json, "en", str_from(view->error.en));
        if (view->failure != 0) json_key_i64(json, "number", view->failure);
        json_object_end(json);
    } else {
        json_null(json);
    }
    json_key(json, "result");
    if (view->result.ptr == NULL)
        json_null(json);
    else
        json_ready(json, view->result);
    json_object_end(json);
}

/* Puts into `pending` what there is to say, if anything. */
static void find_news(struct event_stream *stream)
{
    struct task_view view;
    struct text text;
    struct json json;
    struct err err = ERR_INIT;
    int64_t now_ms = clock_elapsed_ms();
    arena_reset(&stream->arena);
    text_init(&text, &stream->arena, 2 * TASK_RESULT_BYTES_MAX);
    if (atomic_load(&stream->events->stopping)
        || !task_find(stream->events->tasks, &stream->arena, stream->task, &view, &err)) {
        stream->over = true;
        return;
    }
    if (view.change != stream->told) {
        stream->told = view.change;
        stream->over = task_is_over(view.state);
        text_add_c(&text, "data: ");
        json_init(&json, &text);
        events_task(&json, &view);
        text_add_c(&text, "\n\n");
    } else if (now_ms - stream->told_ms >= WEB_HEARTBEAT_MS) {
        text_add_c(&text, ":\n\n");
    }
    if (text.len > 0) stream->told_ms = now_ms;
    stream->pending = text_str(&text);
}

/* Called by the library when the client can take more. The lock is held from the look at the task
 * until the stream is in the list, or a change in between would wake nobody. */
static ssize_t read_stream(void *context, uint64_t position, char *buffer, size_t room)
{
    struct event_stream *stream = context;
    (void)position;
    if (stream->pending.len == 0 && !stream->over) {
        thread_lock(&stream->events->mutex);
        find_news(stream);
        if (stream->pending.len == 0 && !stream->over) {
            MHD_suspend_connection(stream->connection);
            stream->asleep = true;
            stream->next = stream->events->asleep;
            stream->events->asleep = stream;
        }
        thread_unlock(&stream->events->mutex);
    }
    size_t size = stream->pending.len < room ? stream->pending.len : room;
    if (size == 0) return stream->over ? MHD_CONTENT_READER_END_OF_STREAM : 0;
    memcpy(buffer, stream->pending.ptr, size);
    stream->pending = str_slice(stream->pending, size, stream->pending.len);
    return (ssize_t)size;
}

struct MHD_Response *events_response(struct events *events, struct event_stream *stream,
                                     struct MHD_Connection *connection, int64_t task)
{
    thread_lock(&events->mutex);
    bool room = events->count < WEB_EVENTS_MAX;
    if (room) events->count++;
    thread_unlock(&events->mutex);
    if (!room) return NULL;
    *stream = (struct event_stream){
        .events = events, .connection = connection, .task = task, .told_ms = clock_elapsed_ms()};
    return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, EVENT_BLOCK_BYTES, read_stream,
                                             stream, NULL);
}

void event_stream_end(struct event_stream *stream)
{
    if (stream->events == NULL) return;
    thread_lock(&stream->events->mutex);
    CHECK(!stream->asleep);
    stream->events->count--;
    thread_unlock(&stream->events->mutex);
    arena_free(&stream->arena);
}
