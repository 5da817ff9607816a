#include "base/testing.h"

#include "web/head.h"
#include "web/limits.h"

#define HOST                                                                                       \
    {                                                                                              \
        STR("Host"), STR("localhost:8620")                                                         \
    }

struct head_case {
    const char *what;
    struct header headers[4];
    size_t count;
    unsigned status; /* 0: good */
};

static const struct head_rules loopback = {.loopback = true};

static void test_refused(void **state)
{
    (void)state;
    const struct head_case cases[] = {
        {"plain", {HOST}, 1, 0},
        {"no host", {{STR("Accept"), STR("*/*")}}, 1, 400},
        {"two hosts", {HOST, HOST}, 2, 400},
        {"foreign host", {{STR("Host"), STR("evil.example")}}, 1, 421},
        {"address of this machine", {{STR("host"), STR("127.0.0.1")}}, 1, 0},
        {"address 6 of this machine", {{STR("Host"), STR("[::1]:1")}}, 1, 0},
        {"host that only begins like it", {{STR("Host"), STR("127.0.0.1.evil.example")}}, 1, 421},
        {"host with a path", {{STR("Host"), STR("localhost/x")}}, 1, 400},
        {"host with a user", {{STR("Host"), STR("a@localhost")}}, 1, 400},
        {"port that is none", {{STR("Host"), STR("localhost:99999")}}, 1, 400},
        {"port that is missing", {{STR("Host"), STR("localhost:")}}, 1, 400},
        {"length", {HOST, {STR("Content-Length"), STR("5")}}, 2, 0},
        {"two lengths",
         {HOST, {STR("Content-Length"), STR("5")}, {STR("content-length"), STR("5")}},
         3,
         400},
        {"list of lengths", {HOST, {STR("Content-Length"), STR("5, 5")}}, 2, 400},
        {"length with a sign", {HOST, {STR("Content-Length"), STR("+5")}}, 2, 400},
        {"length in another base", {HOST, {STR("Content-Length"), STR("0x5")}}, 2, 400},
        {"length too long", {HOST, {STR("Content-Length"), STR("99999999999999999999")}}, 2, 400},
        {"length empty", {HOST, {STR("Content-Length"), STR("")}}, 2, 400},
        {"chunked", {HOST, {STR("Transfer-Encoding"), STR("Chunked")}}, 2, 0},
        {"length and coding",
         {HOST, {STR("Content-Length"), STR("5")}, {STR("Transfer-Encoding"), STR("chunked")}},
         3,
         400},
        {"coding twice",
         {HOST, {STR("Transfer-Encoding"), STR("chunked")}, {STR("Transfer-Encoding"), STR("x")}},
         3,
         400},
        {"coding in layers", {HOST, {STR("Transfer-Encoding"), STR("gzip, chunked")}}, 2, 400},
        {"coding that looks like chunked",
         {HOST, {STR("Transfer-Encoding"), STR("xchunked")}},
         2,
         400},
        {"name with a blank", {HOST, {STR("Content-Length "), STR("5")}}, 2, 400},
        {"name that is empty", {HOST, {STR(""), STR("5")}}, 2, 400},
        {"value with a line end", {HOST, {STR("X"), STR("a\rb")}}, 2, 400},
        {"two tokens",
         {HOST, {STR("X-Baoxue-Token"), STR("a")}, {STR("X-Baoxue-Token"), STR("b")}},
         3,
         400},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct head head;
        struct err err = ERR_INIT;
        unsigned status = 0;
        bool good = head_read(cases[i].headers, cases[i].count, &loopback, &head, &status, &err);
        if (good != (cases[i].status == 0)) fail_msg("%s", cases[i].what);
        if (!good && status != cases[i].status) fail_msg("%s: %u", cases[i].what, status);
    }
}

static void test_too_many(void **state)
{
    (void)state;
    struct header headers[WEB_HEADERS_MAX + 1];
    struct head head;
    struct err err = ERR_INIT;
    unsigned status;
    for (size_t i = 0; i <= WEB_HEADERS_MAX; i++) headers[i] = (struct header){STR("X"), STR("y")};
    assert_false(head_read(headers, WEB_HEADERS_MAX + 1, &loopback, &head, &status, &err));
    assert_int_equal(status, 431);
}

static void test_hosts(void **state)
{
    (void)state;
    static const struct {
        struct head_rules rules;
        const char *host;
        bool good;
    } cases[] = {
        {{.loopback = true}, "LOCALHOST", true},
        {{.loopback = true}, "192.168.1.9", false},
        {{.loopback = true, .name = "edu.example"}, "edu.example:8620", true},
        {{.loopback = true, .behind_proxy = true}, "edu.example", true},
        {{.loopback = true, .behind_proxy = true, .name = "edu.example"}, "evil.example", false},
        {{.tls = true}, "192.168.1.9:8620", true},
        {{.tls = true, .name = "edu.example"}, "Edu.Example", true},
        {{.tls = true, .name = "edu.example"}, "localhost", true},
        {{.tls = true, .name = "edu.example"}, "192.168.1.9", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct header header = {STR("Host"), str_from(cases[i].host)};
        struct head head;
        struct err err = ERR_INIT;
        unsigned status;
        bool good = head_read(&header, 1, &cases[i].rules, &head, &status, &err);
        if (good != cases[i].good) fail_msg("%zu %s", i, cases[i].host);
    }
}

static struct head read(const struct head_rules *rules, struct header a, struct header b)
{
    struct header headers[] = {HOST, a, b};
    struct head head;
    struct err err = ERR_INIT;
    unsigned status;
    assert_true(head_read(headers, 3, rules, &head, &status, &err));
    return head;
}

static void test_fields(void **state)
{
    (void)state;
    struct header none = {STR("X"), STR("")};
    struct head_rules proxy = {.loopback = true, .behind_proxy = true, .proxy_secure = true};
    struct head head =
        read(&loopback, (struct header){STR("Cookie"), STR("a=b; baoxue_session=77")},
             (struct header){STR("Accept-Encoding"), STR("br;q=1, GZIP;q=0.5")});
    assert_str_is(head.session, "77");
    assert_true(head.takes_gzip);
    assert_false(head.secure);
    head =
        read(&loopback, (struct header){STR("Cookie"), STR("baoxue_session=1; baoxue_session=2")},
             (struct header){STR("Accept-Encoding"), STR("gzip;q=0")});
    assert_int_equal(head.session.len, 0);
    assert_false(head.takes_gzip);
    head = read(&loopback, (struct header){STR("X-Forwarded-For"), STR("1.2.3.4")},
                (struct header){STR("Content-Type"), STR("application/json; charset=utf-8")});
    assert_int_equal(head.client.len, 0);
    assert_str_is(head.media_type, "application/json");
    head = read(&proxy, (struct header){STR("X-Forwarded-For"), STR("6.6.6.6, 1.2.3.4")}, none);
    assert_str_is(head.client, "1.2.3.4");
    assert_true(head.secure);
}

static void test_origin(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
        bool same;
    } cases[] = {
        {"X", "", true},
        {"Origin", "http://localhost:8620", true},
        {"Origin", "http://LOCALHOST:8620", true},
        {"Origin", "https://localhost:8620", false},
        {"Origin", "http://localhost", false},
        {"Origin", "http://evil.example", false},
        {"Origin", "null", false},
        {"Sec-Fetch-Site", "same-origin", true},
        {"Sec-Fetch-Site", "none", true},
        {"Sec-Fetch-Site", "same-site", false},
        {"Sec-Fetch-Site", "cross-site", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct header header = {str_from(cases[i].name), str_from(cases[i].value)};
        struct head head = read(&loopback, header, (struct header){STR("Y"), STR("")});
        if (head_same_origin(&head) != cases[i].same) fail_msg("%s", cases[i].value);
    }
}

static void test_paths(void **state)
{
    (void)state;
    static const struct {
        const char *uri, *path, *query; /* path NULL: refused */
    } cases[] = {
        {"/", "/", ""},
        {"/api/x?a=b%20c", "/api/x", "a=b%20c"},
        {"/a%E4%B8%AD", "/a中", ""},
        {"/a+b", "/a+b", ""},
        {"*", NULL, NULL},
        {"", NULL, NULL},
        {"http://localhost/x", NULL, NULL},
        {"/../etc/passwd", NULL, NULL},
        {"/a/%2e%2e/b", NULL, NULL},
        {"/a/%2E./b", NULL, NULL},
        {"/a/./b", NULL, NULL},
        {"/a\\..\\b", NULL, NULL},
        {"/a%5c..%5cb", NULL, NULL},
        {"/a%00", NULL, NULL},
        {"/a%0d%0aX:y", NULL, NULL},
        {"/a%", NULL, NULL},
        {"/a%4", NULL, NULL},
        {"/a%zz", NULL, NULL},
        {"/a%C0%AF", NULL, NULL},
        {"/%FF", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena = {0};
        struct str path, query;
        bool good = head_path(&arena, str_from(cases[i].uri), &path, &query);
        if (good != (cases[i].path != NULL)) fail_msg("%s", cases[i].uri);
        if (good) {
            assert_str_is(path, cases[i].path);
            assert_str_is(query, cases[i].query);
        }
        arena_free(&arena);
    }
}

static void test_etag(void **state)
{
    (void)state;
    assert_true(head_etag_matches(STR("\"a\", W/\"b\""), STR("\"b\"")));
    assert_true(head_etag_matches(STR("*"), STR("\"b\"")));
    assert_false(head_etag_matches(STR("\"bb\""), STR("\"b\"")));
    assert_false(head_etag_matches(STR_EMPTY, STR("\"b\"")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused), cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_hosts),   cmocka_unit_test(test_fields),
        cmocka_unit_test(test_origin),  cmocka_unit_test(test_paths),
        cmocka_unit_test(test_etag),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
