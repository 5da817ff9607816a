#include "base/check.h"
#include "base/testing.h"
#include "base/thread.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NUMBERS = 300, CALLERS = 6, CALLS = 200 };

/* Each number is done once, and no two tasks of a call use the same thread's memory at once. */
struct told {
    atomic_int done[NUMBERS];
    atomic_int busy[THREADS_MAX];
    size_t threads;
    int depth;
};

static void run_told(size_t threads, size_t count, int depth);

static void note(void *context, size_t number, size_t thread)
{
    struct told *told = context;
    CHECK(thread < told->threads);
    CHECK(atomic_fetch_add(&told->busy[thread], 1) == 0);
    atomic_fetch_add(&told->done[number], 1);
    if (told->depth > 0 && number % 50 == 0) run_told(3, 20, told->depth - 1);
    CHECK(atomic_fetch_sub(&told->busy[thread], 1) == 1);
}

static void run_told(size_t threads, size_t count, int depth)
{
    struct told told = {.threads = threads == 0 ? thread_count_default() : threads, .depth = depth};
    thread_run(threads, count, note, &told);
    for (size_t i = 0; i < NUMBERS; i++) CHECK(atomic_load(&told.done[i]) == (i < count));
}

static void test_counts(void **state)
{
    (void)state;
    static const size_t threads[] = {0, 1, 2, 3, 7, THREADS_MAX};
    static const size_t counts[] = {0, 1, 2, 3, 64, NUMBERS};
    for (size_t t = 0; t < sizeof threads / sizeof *threads; t++) {
        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            run_told(threads[t], counts[c], 0);
        }
    }
}

static void test_nested(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++) run_told(4, NUMBERS, 2);
}

static void *call(void *argument)
{
    if (argument != NULL) thread_give_way();
    for (size_t i = 0; i < CALLS; i++) run_told(2 + i % 3, i % 40, 0);
    return NULL;
}

static void test_callers(void **state)
{
    (void)state;
    pthread_t callers[CALLERS];
    for (size_t i = 0; i < CALLERS; i++) {
        void *way = i % 3 == 2 ? callers : NULL;
        assert_int_equal(pthread_create(&callers[i], NULL, call, way), 0);
    }
    for (size_t i = 0; i < CALLERS; i++) assert_int_equal(pthread_join(callers[i], NULL), 0);
}

/* A child has none of the threads of its process, and starts its own. The thread sanitizer allows
 * no child to start threads. */
static void test_child(void **state)
{
    (void)state;
#ifdef __SANITIZE_THREAD__
    skip();
#endif
    run_told(4, NUMBERS, 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(60);
        run_told(4, NUMBERS, 1);
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_nested),
        cmocka_unit_test(test_callers),
        cmocka_unit_test(test_child),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
