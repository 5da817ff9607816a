#include "targets.h"

#include "base/json_read.h"
#include "web/limits.h"
#include "web/request.h"

/* What the web server reads itself of a request: header lines, address, query and body. The input
 * is a request as text: "PATH?QUERY", header lines, an empty line, the body. */

enum { LINES_MAX = WEB_HEADERS_MAX + 8 };

static bool handle(struct request *request, struct answer *answer, struct err *err)
{
    (void)request;
    (void)answer;
    (void)err;
    return true;
}

/* A row with a parameter of every kind in every place. */
static const struct route all_kinds = {
    .method = METHOD_POST,
    .pattern = "/api/{number}/{word}",
    .capability = CAPABILITY_PUBLIC,
    .area = ROUTE_AREA_NONE,
    .body = ROUTE_BODY_JSON,
    .handle = handle,
    .zh = "",
    .en = "",
    .parameters = {
        {"number", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "", ""},
        {"word", IN_PATH, PARAMETER_TEXT, true, 0, 20, NULL, "", ""},
        {"page", IN_QUERY, PARAMETER_INTEGER, false, 1, WEB_PAGE_MAX, NULL, "", ""},
        {"page_size", IN_QUERY, PARAMETER_INTEGER, false, 1, WEB_PAGE_SIZE_MAX, NULL, "", ""},
        {"at", IN_QUERY, PARAMETER_DAY, false, 0, 0, NULL, "", ""},
        {"area", IN_QUERY, PARAMETER_AREA, false, 0, 0, NULL, "", ""},
        {"kind", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "one|two", "", ""},
        {"least", IN_QUERY, PARAMETER_PPM, false, 0, 0, NULL, "", ""},
        {"q", IN_BODY, PARAMETER_TEXT, false, 0, 100, NULL, "", ""},
        {"password", IN_BODY, PARAMETER_SECRET, false, 0, 100, NULL, "", ""},
        {"count", IN_BODY, PARAMETER_INTEGER, false, -5, 5, NULL, "", ""},
        {"yes", IN_BODY, PARAMETER_YES_NO, false, 0, 0, NULL, "", ""},
        {"list", IN_BODY, PARAMETER_LIST, false, 0, 10, NULL, "", ""},
    }};

static void check_plain(struct str text)
{
    CHECK(utf8_valid(text));
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        CHECK(c >= 0x20 || c == '\t' || c == '\n');
    }
}

/* What request.h promises of the values. */
static void check_values(const struct request *request)
{
    struct request_page page = request_page(request);
    int64_t least = request_i64(request, "least", 0);
    CHECK(page.page >= 1 && page.size >= 1 && page.size <= WEB_PAGE_SIZE_MAX);
    CHECK(page.first == (size_t)((page.page - 1) * page.size));
    CHECK(least >= 0 && least <= 1000000);
    CHECK(request_i64(request, "number", 1) >= 1);
    CHECK(request_i64(request, "count", 0) >= -5 && request_i64(request, "count", 0) <= 5);
    check_plain(request_text(request, "word"));
    check_plain(request_text(request, "q"));
    check_plain(request_text(request, "password"));
    CHECK(request_text(request, "q").len <= 100);
    (void)request_day(request, "at");
    const struct json_value *list = request_list(request, "list");
    CHECK(list == NULL || (list->kind == JSON_IS_LIST && list->count <= 10));
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        struct str text = STR_EMPTY;
        int64_t number = 3;
        struct err err = ERR_INIT;
        if (object_text(&list->items[i], "field", 20, false, &text, &err)) check_plain(text);
        if (object_i64(&list->items[i], "place", 0, 7, false, &number, &err))
            CHECK(number >= 0 && number <= 7);
    }
}

static void read_request(struct arena *arena, const struct head *head, struct str uri,
                         struct str body)
{
    struct request request = {.arena = arena, .route = &all_kinds, .head = *head, .body = body};
    struct route_match match = {.route = &all_kinds};
    struct err err = ERR_INIT;
    if (!head_path(arena, uri, &request.path, &request.query)) return;
    CHECK(request.path.len > 0 && request.path.ptr[0] == '/');
    CHECK(str_find(request.path, STR("/../")) == SIZE_MAX);
    check_plain(request.path);
    struct str rest = request.path, part;
    for (int i = 0; i < 4 && str_split(&rest, '/', &part); i++) {
        if (i >= 2) match.values[match.value_count++] = part;
    }
    if (match.value_count != 2) match.value_count = 0;
    if (request_read(&request, &match, &err))
        check_values(&request);
    else
        CHECK(err.kind != ERR_NONE && utf8_valid(str_from(err.zh)));
}

static void run_http(struct str input)
{
    struct arena arena = {0};
    struct header headers[LINES_MAX];
    struct head head;
    struct err err = ERR_INIT;
    struct head_rules rules = {.loopback = true};
    struct str rest = input, line, uri = STR_EMPTY;
    size_t count = 0;
    unsigned status = 0;
    for (bool first = true; str_split(&rest, '\n', &line); first = false) {
        size_t colon = str_find(line, STR(": "));
        if (first) uri = line;
        if (line.len == 0) break;
        if (first || count == LINES_MAX) continue;
        headers[count++] =
            (struct header){str_slice(line, 0, colon),
                            colon == SIZE_MAX ? STR_EMPTY : str_slice(line, colon + 2, line.len)};
    }
    if (head_read(headers, count, &rules, &head, &status, &err)) {
        CHECK(count <= WEB_HEADERS_MAX);
        CHECK(head.host.len > 0);
        CHECK(!(head.chunked && head.length > 0));
        (void)head_same_origin(&head);
        (void)head_etag_matches(head.if_none_match, STR("\"a\""));
        read_request(&arena, &head, uri, rest);
    } else {
        CHECK(status == HEAD_BAD || status == HEAD_TOO_MANY || status == HEAD_WRONG_HOST);
        CHECK(err.kind == ERR_INPUT || err.kind == ERR_LIMIT);
    }
    arena_free(&arena);
}

struct fuzz_target fuzz_http_target(void)
{
    return (struct fuzz_target){
        "http",
        run_http,
        {STR("/api/7/x?page=2&page_size=9&at=2020-11-25&area=620422&kind=one&least=0.5\n"
             "Host: localhost\nContent-Length: 70\nContent-Type: application/json\n"
             "Cookie: baoxue_session=00; a=b\nOrigin: http://localhost\n\n"
             "{\"q\":\"\\u738b\",\"password\":\" x\",\"count\":-3,\"yes\":true,"
             "\"list\":[{\"place\":1,\"field\":\"a\"}]}"),
         STR("/api/1/%e7%8e%8b?kind=two+\nHost: [::1]:80\nTransfer-Encoding: chunked\n"
             "Accept-Encoding: gzip;q=0\nIf-None-Match: W/\"a\", \"b\"\n\n[1.5e3,null,{}]"),
         STR("/%2e%2e/x\nHost: 127.0.0.1\nSec-Fetch-Site: none\nX-Forwarded-For: a, b\n\n")},
        "%00 %2F %2e .. \\ & = + ? ; , : \" \\u0000 \\ud83d\\ude00 [ ] { } 1e9 -0 true null "
        "Host:\tx Content-Length:\t1 0.999999 2020-02-30"};
}
