#include "jobs/task.h"

#include "base/clock.h"
#include "base/thread.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { PACE_MS_MIN = 500 };

struct task {
    struct arena arena; /* of this record, which lies in it */
    struct task *next;  /* newer */
    struct task_view view;
    struct arena own; /* the order's */
    void *context;
    bool (*run)(void *context, struct task_run *run, struct err *err);
    int64_t stage_began_ms;
    bool stops, cancelled;
};

struct tasks {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed; /* for everybody: work came, a task changed, it closes */
    struct task *oldest, *newest;
    size_t waiting, ended;
    int64_t last_number;
    struct failures *failures;
    uint64_t change;
    bool stopping;
};

/* Under the lock. */
static void note_change(struct tasks *tasks, struct task *task)
{
    task->view.change = ++tasks->change;
    CHECK(pthread_cond_broadcast(&tasks->changed) == 0);
}

static void task_free(struct task *task)
{
    struct arena arena = task->arena;
    arena_free(&task->own);
    arena_free(&arena);
}

/* The oldest of those that have ended goes when there are too many. */
static void forget_oldest(struct tasks *tasks)
{
    struct task **at = &tasks->oldest;
    while (tasks->ended > TASKS_KEPT_MAX && *at != NULL) {
        struct task *task = *at;
        if (!task_is_over(task->view.state)) {
            at = &task->next;
            continue;
        }
        CHECK(task != tasks->newest);
        *at = task->next;
        tasks->ended--;
        task_free(task);
    }
}

static void report(void *context, const char *stage_en, const char *stage_zh, uint64_t done,
                   uint64_t total)
{
    struct tasks *tasks = ((void **)context)[0];
    struct task *task = ((void **)context)[1];
    int64_t now_ms = clock_elapsed_ms();
    thread_lock(&tasks->mutex);
    struct task_view *view = &task->view;
    if (strncmp(view->stage_en, stage_en, sizeof view->stage_en - 1) != 0 || done < view->done) {
        snprintf(view->stage_en, sizeof view->stage_en, "%s", stage_en);
        snprintf(view->stage_zh, sizeof view->stage_zh, "%s", stage_zh);
        task->stage_began_ms = now_ms;
    }
    view->done = done;
    view->total = total;
    int64_t took_ms = now_ms - task->stage_began_ms;
    view->left_ms = -1;
    if (total > 0 && done > 0 && done <= total && took_ms >= PACE_MS_MIN) {
        view->left_ms = (int64_t)((double)took_ms * (double)(total - done) / (double)done);
    }
    note_change(tasks, task);
    thread_unlock(&tasks->mutex);
}

static bool is_wanted(void *context)
{
    struct tasks *tasks = ((void **)context)[0];
    const struct task *task = ((void **)context)[1];
    thread_lock(&tasks->mutex);
    bool wanted = !task->cancelled && !(task->stops && tasks->stopping);
    thread_unlock(&tasks->mutex);
    return wanted;
}

/* Under the lock; the record may be gone afterwards. */
static void end_task(struct tasks *tasks, struct task *task, enum task_state state)
{
    task->view.state = state;
    task->view.left_ms = 0;
    tasks->ended++;
    note_change(tasks, task);
    forget_oldest(tasks);
}

static int64_t note_failure(struct tasks *tasks, const struct task *task, struct err *err)
{
    char where[64];
    snprintf(where, sizeof where, "task %lld %s", (long long)task->view.number, task->view.kind);
    return failure_note(tasks->failures, where, err);
}

static void run_task(struct tasks *tasks, struct task *task)
{
    void *context[2] = {tasks, task};
    struct arena arena = {0};
    struct progress progress = {.report = report, .wanted = is_wanted, .context = context};
    struct text result;
    struct err err = ERR_INIT;
    struct arena own = task->own;
    task->own = (struct arena){0};
    text_init(&result, &arena, TASK_RESULT_BYTES_MAX);
    struct task_run run = {.arena = &arena,
                           .progress = &progress,
                           .result = &result,
                           .tasks = tasks,
                           .failures = tasks->failures};
    bool done = task->run(task->context, &run, &err);
    if (done && result.cut) {
        done = err_set(&err, ERR_LIMIT, "the task's result is too long to be kept",
                       "任务结果过长，无法保留");
    }
    int64_t failure = done ? 0 : note_failure(tasks, task, &err);
    thread_lock(&tasks->mutex);
    if (task->cancelled) {
        end_task(tasks, task, TASK_CANCELLED);
    } else {
        if (done && result.len > 0) task->view.result = str_copy(&task->arena, text_str(&result));
        if (!done) task->view.error = err;
        task->view.failure = failure;
        end_task(tasks, task, done ? TASK_DONE : TASK_FAILED);
    }
    thread_unlock(&tasks->mutex);
    arena_free(&arena);
    arena_free(&own);
}

static struct task *next_waiting(struct tasks *tasks)
{
    struct task *task = tasks->oldest;
    while (task != NULL && task->view.state != TASK_WAITING) task = task->next;
    return task;
}

static void *tasks_main(void *argument)
{
    struct tasks *tasks = argument;
    /* Requests are answered first. */
    thread_give_way();
    thread_lock(&tasks->mutex);
    while (!tasks->stopping) {
        struct task *task = next_waiting(tasks);
        if (task == NULL) {
            CHECK(pthread_cond_wait(&tasks->changed, &tasks->mutex) == 0);
            continue;
        }
        task->view.state = TASK_RUNNING;
        tasks->waiting--;
        note_change(tasks, task);
        thread_unlock(&tasks->mutex);
        run_task(tasks, task);
        thread_lock(&tasks->mutex);
    }
    thread_unlock(&tasks->mutex);
    return NULL;
}

bool tasks_open(struct tasks **out, struct arena *arena, struct failures *failures, struct err *err)
{
    struct tasks *tasks = arena_new(arena, struct tasks);
    tasks->failures = failures;
    CHECK(pthread_mutex_init(&tasks->mutex, NULL) == 0);
    CHECK(pthread_cond_init(&tasks->changed, NULL) == 0);
    if (pthread_create(&tasks->thread, NULL, tasks_main, tasks) != 0) {
        return err_set(err, ERR_LIMIT, "the system gives no thread for background tasks",
                       "系统无法为后台任务建立线程");
    }
    *out = tasks;
    return true;
}

/* Under the lock. */
static void end_waiting(struct tasks *tasks)
{
    struct task *task;
    while ((task = next_waiting(tasks)) != NULL) {
        err_set(&task->view.error, ERR_CONFLICT, "the server stopped before this began",
                "服务停止，任务未开始");
        tasks->waiting--;
        end_task(tasks, task, TASK_FAILED);
    }
}

void tasks_close(struct tasks *tasks)
{
    if (tasks == NULL) return;
    thread_lock(&tasks->mutex);
    tasks->stopping = true;
    end_waiting(tasks);
    CHECK(pthread_cond_broadcast(&tasks->changed) == 0);
    thread_unlock(&tasks->mutex);
    CHECK(pthread_join(tasks->thread, NULL) == 0);
    struct task *task = tasks->oldest;
    while (task != NULL) {
        struct task *next = task->next;
        task_free(task);
        task = next;
    }
    CHECK(pthread_cond_destroy(&tasks->changed) == 0);
    CHECK(pthread_mutex_destroy(&tasks->mutex) == 0);
}

/* Under the lock: the waiting task that stands for this order, or NULL. */
static struct task *find_same(struct tasks *tasks, const struct task_order *order)
{
    for (struct task *task = tasks->oldest; order->once && task != NULL; task = task->next) {
        if (task->view.state == TASK_WAITING && strcmp(task->view.kind, order->kind) == 0
            && str_equal(task->view.owner, order->owner)) {
            return task;
        }
    }
    return NULL;
}

/* Under the lock; the order's arena is taken over. */
static struct task *append(struct tasks *tasks, struct task_order *order)
{
    struct arena arena = {0};
    struct task *task = arena_new(&arena, struct task);
    struct str owner = str_copy(&arena, order->owner);
    task->arena = arena;
    task->own = order->arena;
    order->arena = (struct arena){0};
    task->context = order->context;
    task->run = order->run;
    task->stops = order->stops;
    task->view = (struct task_view){.number = ++tasks->last_number,
                                    .kind = order->kind,
                                    .owner = owner,
                                    .state = TASK_WAITING,
                                    .left_ms = -1};
    if (tasks->newest == NULL)
        tasks->oldest = task;
    else
        tasks->newest->next = task;
    tasks->newest = task;
    tasks->waiting++;
    return task;
}

bool task_start(struct tasks *tasks, struct task_order *order, int64_t *number, struct err *err)
{
    CHECK(order->kind != NULL);
    CHECK(order->run != NULL);
    bool started = true;
    thread_lock(&tasks->mutex);
    struct task *task = find_same(tasks, order);
    if (task == NULL && (tasks->stopping || tasks->waiting == TASKS_WAITING_MAX)) {
        started = err_set(err, ERR_LIMIT, "too many tasks wait already, try again in a while",
                          "等待的任务过多，请稍后再试");
    } else {
        if (task == NULL) {
            task = append(tasks, order);
            note_change(tasks, task);
        }
        *number = task->view.number;
    }
    thread_unlock(&tasks->mutex);
    arena_free(&order->arena);
    return started;
}

/* Under the lock. */
static struct task *task_at(struct tasks *tasks, int64_t number)
{
    struct task *task = tasks->oldest;
    while (task != NULL && task->view.number != number) task = task->next;
    return task;
}

static bool not_found(struct err *err, int64_t number)
{
    return err_set(err, ERR_NOT_FOUND, "there is no task %lld", "没有任务 %lld", (long long)number);
}

bool task_find(struct tasks *tasks, struct arena *arena, int64_t number, struct task_view *out,
               struct err *err)
{
    thread_lock(&tasks->mutex);
    struct task *task = task_at(tasks, number);
    if (task != NULL) {
        *out = task->view;
        out->owner = str_copy(arena, task->view.owner);
        if (task->view.result.ptr != NULL) out->result = str_copy(arena, task->view.result);
    }
    thread_unlock(&tasks->mutex);
    return task != NULL || not_found(err, number);
}

bool task_is_over(enum task_state state)
{
    return state != TASK_WAITING && state != TASK_RUNNING;
}

/* Under the lock. */
static bool cancel(struct tasks *tasks, struct task *task, struct err *err)
{
    if (task->view.state == TASK_WAITING) {
        tasks->waiting--;
        end_task(tasks, task, TASK_CANCELLED);
        return true;
    }
    if (task->view.state == TASK_RUNNING && task->stops) {
        task->cancelled = true;
        return true;
    }
    if (task->view.state == TASK_RUNNING) {
        return err_set(err, ERR_CONFLICT, "task %lld is being done and cannot stop half-way",
                       "任务 %lld 正在进行，不能中途停止", (long long)task->view.number);
    }
    return err_set(err, ERR_CONFLICT, "task %lld has ended already", "任务 %lld 已结束",
                   (long long)task->view.number);
}

bool task_cancel(struct tasks *tasks, int64_t number, struct err *err)
{
    thread_lock(&tasks->mutex);
    struct task *task = task_at(tasks, number);
    bool good = task == NULL ? not_found(err, number) : cancel(tasks, task, err);
    thread_unlock(&tasks->mutex);
    return good;
}

bool task_is_under_way(struct tasks *tasks, const char *kind)
{
    bool under_way = false;
    thread_lock(&tasks->mutex);
    for (struct task *task = tasks->oldest; task != NULL; task = task->next) {
        bool open = task->view.state == TASK_WAITING || task->view.state == TASK_RUNNING;
        under_way = under_way || (open && strcmp(task->view.kind, kind) == 0);
    }
    thread_unlock(&tasks->mutex);
    return under_way;
}

bool tasks_stopping(struct tasks *tasks)
{
    thread_lock(&tasks->mutex);
    bool stopping = tasks->stopping;
    thread_unlock(&tasks->mutex);
    return stopping;
}

bool tasks_hurry(struct tasks *tasks)
{
    thread_lock(&tasks->mutex);
    bool hurry = tasks->stopping || tasks->waiting > 0;
    thread_unlock(&tasks->mutex);
    return hurry;
}

uint64_t tasks_change(struct tasks *tasks)
{
    thread_lock(&tasks->mutex);
    uint64_t change = tasks->change;
    thread_unlock(&tasks->mutex);
    return change;
}

uint64_t tasks_await(struct tasks *tasks, uint64_t seen, int wait_ms)
{
    CHECK(wait_ms >= 0);
    /* The steady clock of base counts from the same moment as CLOCK_MONOTONIC. */
    int64_t end_ms = clock_elapsed_ms() + wait_ms;
    struct timespec end = {.tv_sec = end_ms / 1000, .tv_nsec = end_ms % 1000 * 1000000};
    thread_lock(&tasks->mutex);
    int waited = 0;
    while (tasks->change == seen && waited == 0) {
        waited = pthread_cond_clockwait(&tasks->changed, &tasks->mutex, CLOCK_MONOTONIC, &end);
    }
    uint64_t change = tasks->change;
    thread_unlock(&tasks->mutex);
    return change;
}

const char *task_state_key(enum task_state state)
{
    static const char *const keys[] = {"waiting", "running", "done", "failed", "cancelled"};
    return keys[state];
}
