#include "base/testing.h"

#include "jobs/failure.h"

#include <stdio.h>
#include <string.h>

struct log_lines {
    int count;
    char zh[2048], en[2048]; /* the last one */
};

static void tell(void *context, const char *zh, const char *en)
{
    struct log_lines *log = context;
    log->count++;
    snprintf(log->zh, sizeof log->zh, "%s", zh);
    snprintf(log->en, sizeof log->en, "%s", en);
}

static void test_two_places(void **state)
{
    (void)state;
    struct log_lines log = {0};
    struct failures failures;
    struct clock clock = clock_fixed(1606291200000);
    struct err err = ERR_INIT;
    failures_open(&failures, &clock, tell, &log);
    err_set(&err, ERR_STORE, "the workspace \"%s\" is damaged", "工作区“%s”已损坏", "/srv/a.db");
    assert_int_equal(failure_note(&failures, "GET /api/figures", &err), 1606291201);
    assert_int_equal(err.kind, ERR_STORE);
    assert_null(strstr(err.en, "/srv"));
    assert_null(strstr(err.zh, "/srv"));
    assert_non_null(strstr(err.en, "1606291201"));
    assert_non_null(strstr(err.zh, "1606291201"));
    assert_int_equal(log.count, 1);
    assert_string_equal(
        log.en,
        "failure 1606291201: GET /api/figures failed: the workspace \"/srv/a.db\" is damaged");
    assert_string_equal(log.zh, "故障 1606291201：GET /api/figures 失败：工作区“/srv/a.db”已损坏");
    err_set(&err, ERR_IO, "b", "b");
    assert_int_equal(failure_note(&failures, "import", &err), 1606291202);
}

/* What a user can mend is theirs to read. */
static void test_not_the_systems(void **state)
{
    (void)state;
    struct log_lines log = {0};
    struct failures failures;
    struct clock clock = clock_system();
    struct err err = ERR_INIT;
    failures_open(&failures, &clock, tell, &log);
    err_set(&err, ERR_INPUT, "row 7: no name", "第 7 行：没有姓名");
    assert_int_equal(failure_note(&failures, "import", &err), 0);
    assert_string_equal(err.en, "row 7: no name");
    err_set(&err, ERR_STORE, "a", "a");
    assert_int_equal(failure_note(NULL, "import", &err), 0);
    assert_string_equal(err.en, "a");
    assert_int_equal(log.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_two_places),
                                       cmocka_unit_test(test_not_the_systems)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
