#include "base/testing.h"
#include "base/thread.h"

#include "jobs/task.h"

#include <pthread.h>

/* What a task of these tests does. */
struct play {
    struct tasks *tasks;
    pthread_mutex_t *gate; /* held by the test while the task shall not end; may be NULL */
    bool fail;
    bool stops; /* waits until nobody wants it any more */
};

static bool play_run(void *context, struct task_run *run, struct err *err)
{
    const struct play *play = context;
    progress_report(run->progress, "playing", "演练", 1, 4);
    if (play->gate != NULL) {
        thread_lock(play->gate);
        thread_unlock(play->gate);
    }
    while (play->stops) {
        if (!progress_wanted(run->progress, err)) return false;
    }
    if (play->fail) return err_set(err, ERR_INPUT, "it went wrong", "出错了");
    text_add_c(run->result, "{\"rows\":3}");
    return true;
}

static int64_t start(struct tasks *tasks, struct play play, const char *owner, bool once)
{
    struct task_order order = {.kind = "play",
                               .owner = str_from(owner),
                               .stops = play.stops,
                               .once = once,
                               .run = play_run};
    struct err err = ERR_INIT;
    int64_t number = 0;
    order.context = arena_copy(&order.arena, &play, sizeof play);
    assert_true(task_start(tasks, &order, &number, &err));
    return number;
}

static struct task_view await(struct tasks *tasks, struct arena *arena, int64_t number,
                              enum task_state state)
{
    struct task_view view;
    struct err err = ERR_INIT;
    for (int tries = 0; tries < 1000; tries++) {
        uint64_t seen = tasks_change(tasks);
        assert_true(task_find(tasks, arena, number, &view, &err));
        if (view.state == state) break;
        tasks_await(tasks, seen, 20);
    }
    assert_int_equal(view.state, state);
    return view;
}

static void test_done_and_failed(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct tasks *tasks;
    struct err err = ERR_INIT;
    assert_true(tasks_open(&tasks, &arena, NULL, &err));
    int64_t good = start(tasks, (struct play){0}, "wang", false);
    int64_t bad = start(tasks, (struct play){.fail = true}, "", false);
    assert_int_equal(good, 1);
    assert_int_equal(bad, 2);
    struct task_view view = await(tasks, &arena, good, TASK_DONE);
    assert_str_is(view.owner, "wang");
    assert_str_is(view.result, "{\"rows\":3}");
    assert_string_equal(view.stage_zh, "演练");
    assert_int_equal(view.total, 4);
    view = await(tasks, &arena, bad, TASK_FAILED);
    assert_string_equal(view.error.en, "it went wrong");
    assert_null(view.result.ptr);
    assert_false(task_find(tasks, &arena, 3, &view, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    assert_false(task_is_under_way(tasks, "play"));
    tasks_close(tasks);
    arena_free(&arena);
}

/* A waiting task stands for later ones of its kind and owner; a running one does not, since what it
 * reads may be older than the change. */
static void test_once(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct tasks *tasks;
    struct err err = ERR_INIT;
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    assert_true(tasks_open(&tasks, &arena, NULL, &err));
    thread_lock(&gate);
    int64_t running = start(tasks, (struct play){.gate = &gate}, "", true);
    await(tasks, &arena, running, TASK_RUNNING);
    int64_t second = start(tasks, (struct play){0}, "", true);
    assert_true(second != running);
    assert_int_equal(start(tasks, (struct play){0}, "", true), second);
    assert_true(start(tasks, (struct play){0}, "wang", true) != second);
    assert_true(task_is_under_way(tasks, "play"));
    thread_unlock(&gate);
    await(tasks, &arena, second, TASK_DONE);
    tasks_close(tasks);
    arena_free(&arena);
}

static void test_limits(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct tasks *tasks;
    struct err err = ERR_INIT;
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    assert_true(tasks_open(&tasks, &arena, NULL, &err));
    thread_lock(&gate);
    int64_t first = start(tasks, (struct play){.gate = &gate}, "", false);
    await(tasks, &arena, first, TASK_RUNNING);
    for (int i = 0; i < TASKS_WAITING_MAX; i++) start(tasks, (struct play){0}, "", false);
    struct task_order order = {.kind = "play", .run = play_run};
    int64_t number = -1;
    assert_false(task_start(tasks, &order, &number, &err));
    assert_int_equal(err.kind, ERR_LIMIT);
    assert_int_equal(number, -1);
    thread_unlock(&gate);
    int64_t last = first + TASKS_WAITING_MAX;
    await(tasks, &arena, last, TASK_DONE);
    /* The oldest are forgotten, the newest are kept. */
    for (int i = 0; i < TASKS_KEPT_MAX; i++) {
        last = start(tasks, (struct play){0}, "", false);
        await(tasks, &arena, last, TASK_DONE);
    }
    struct task_view view;
    assert_false(task_find(tasks, &arena, first, &view, &err));
    assert_true(task_find(tasks, &arena, last, &view, &err));
    tasks_close(tasks);
    arena_free(&arena);
}

/* What waits ends at once; what runs ends where it can stop, and not at all where it cannot. */
static void test_cancel(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct tasks *tasks;
    struct task_view view;
    struct err err = ERR_INIT;
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    assert_true(tasks_open(&tasks, &arena, NULL, &err));
    thread_lock(&gate);
    int64_t firm = start(tasks, (struct play){.gate = &gate}, "", false);
    int64_t waiting = start(tasks, (struct play){.fail = true}, "", false);
    await(tasks, &arena, firm, TASK_RUNNING);
    assert_false(task_cancel(tasks, firm, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_true(task_cancel(tasks, waiting, &err));
    assert_true(task_find(tasks, &arena, waiting, &view, &err));
    assert_int_equal(view.state, TASK_CANCELLED);
    /* As many newer ones end before the first as are kept. */
    for (int i = 0; i < TASKS_KEPT_MAX; i++) {
        assert_true(task_cancel(tasks, start(tasks, (struct play){0}, "", false), &err));
    }
    thread_unlock(&gate);
    int64_t endless = start(tasks, (struct play){.stops = true}, "", false);
    await(tasks, &arena, endless, TASK_RUNNING);
    assert_true(task_cancel(tasks, endless, &err));
    view = await(tasks, &arena, endless, TASK_CANCELLED);
    assert_null(view.result.ptr);
    assert_false(task_cancel(tasks, endless, &err));
    assert_int_equal(err.kind, ERR_CONFLICT);
    assert_false(task_cancel(tasks, 100000, &err));
    assert_int_equal(err.kind, ERR_NOT_FOUND);
    /* One that can stop does not hold up the end of the program. */
    endless = start(tasks, (struct play){.stops = true}, "", false);
    await(tasks, &arena, endless, TASK_RUNNING);
    tasks_close(tasks);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_done_and_failed),
        cmocka_unit_test(test_once),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
