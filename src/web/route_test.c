#include "base/testing.h"

#include "web/route.h"

static void test_matching(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *path;
        bool matches;
        const char *first, *second;
    } cases[] = {
        {"/api/health", "/api/health", true, NULL, NULL},
        {"/api/health", "/api/health/", false, NULL, NULL},
        {"/api/health", "/api/healthy", false, NULL, NULL},
        {"/api/health", "/api", false, NULL, NULL},
        {"/api/health", "", false, NULL, NULL},
        {"/api/persons/{person}", "/api/persons/12", true, "12", NULL},
        {"/api/persons/{person}", "/api/persons/", false, NULL, NULL},
        {"/api/persons/{person}", "/api/persons/12/", false, NULL, NULL},
        {"/api/persons/{person}", "/api/persons/12/reveal", false, NULL, NULL},
        {"/api/persons/{person}", "/API/persons/12", false, NULL, NULL},
        {"/api/a/{b}/c/{d}", "/api/a/x y/c/{d}", true, "x y", "{d}"},
        {"/api/a/{b}/c/{d}", "/api/a//c/1", false, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct str values[ROUTE_SEGMENTS_MAX] = {0};
        size_t count = 0;
        assert_int_equal(route_matches(cases[i].pattern, str_from(cases[i].path), values, &count),
                         cases[i].matches);
        if (cases[i].first != NULL) assert_str_is(values[0], cases[i].first);
        if (cases[i].second != NULL) assert_str_is(values[1], cases[i].second);
        assert_int_equal(count, (cases[i].first != NULL) + (cases[i].second != NULL));
    }
}

static void test_finding(void **state)
{
    (void)state;
    struct route_match match;
    route_find(METHOD_GET, STR("/api/tasks/7/events"), &match);
    assert_non_null(match.route);
    assert_string_equal(match.route->pattern, "/api/tasks/{task}/events");
    assert_str_is(match.values[0], "7");
    route_find(METHOD_DELETE, STR("/api/health"), &match);
    assert_null(match.route);
    assert_int_equal(match.methods, 1u << METHOD_GET);
    route_find(METHOD_GET, STR("/api/nothing"), &match);
    assert_null(match.route);
    assert_int_equal(match.methods, 0);
}

static void test_table(void **state)
{
    (void)state;
    routes_check();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matching),
        cmocka_unit_test(test_finding),
        cmocka_unit_test(test_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
