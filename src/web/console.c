#include "web/console.h"

#include "access/codec.h"
#include "base/asset.h"
#include "base/page.h"

#include <sys/random.h>

enum { NONCE_BYTES = 16, PAGE_BYTES_MAX = 1 << 20 };

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".webp", "image/webp"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
};

bool console_is_api(struct str path)
{
    return str_starts(path, STR("/api/")) || str_is(path, "/api");
}

static const char *type_of(struct str path)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (str_ends(path, str_from(types[i].ending))) return types[i].type;
    }
    return "application/octet-stream";
}

static bool names_a_file(struct str path)
{
    struct str rest = path, part, last = STR_EMPTY;
    while (str_split(&rest, '/', &part)) last = part;
    return str_find(last, STR(".")) != SIZE_MAX || str_starts(path, STR("/assets/"));
}

/* The name in the program, plain or packed. */
static bool find(const struct request *request, struct str path, const char *ending,
                 struct str *content)
{
    struct text name;
    text_init(&name, request->arena, 8192);
    text_add_f(&name, "console/dist%.*s%s", STR_ARG(path), ending);
    return asset_find(name.ptr, content);
}

static void answer_asset(const struct request *request, struct answer *answer)
{
    struct str content;
    answer->type = type_of(request->path);
    if (request->head.takes_gzip && find(request, request->path, ".gz", &content)) {
        answer_header(answer, "Content-Encoding", STR("gzip"));
    } else if (!find(request, request->path, "", &content)) {
        answer_refuse(answer, 404, "not_found", "there is nothing at this address",
                      "此地址没有内容");
        return;
    }
    answer->bytes = content;
    answer->cached = str_starts(request->path, STR("/assets/"));
}

static void make_nonce(struct answer *answer)
{
    unsigned char bytes[NONCE_BYTES];
    char hex[2 * NONCE_BYTES + 1];
    CHECK(getrandom(bytes, sizeof bytes, 0) == sizeof bytes);
    hex_of(bytes, sizeof bytes, hex);
    answer->nonce = str_copy(answer->arena, str_from(hex));
}

static void answer_index(struct answer *answer, struct str index)
{
    struct str mark = STR("__NONCE__");
    size_t at;
    make_nonce(answer);
    answer->type = type_of(STR(".html"));
    while ((at = str_find(index, mark)) != SIZE_MAX) {
        text_add(&answer->text, str_slice(index, 0, at));
        text_add(&answer->text, answer->nonce);
        index = str_slice(index, at + mark.len, index.len);
    }
    text_add(&answer->text, index);
}

static void answer_unbuilt(struct answer *answer)
{
    struct page page;
    page_init(&page, answer->arena, PAGE_BYTES_MAX, PAGE_BOTH);
    html(&page, "<!doctype html>\n<html lang=\"zh\"><head><meta charset=\"utf-8\">"
                "<title>保学 baoxue</title></head><body><h1>保学 baoxue</h1>\n<p>");
    page_say(&page, "本程序编译时未包含网页界面；接口说明见 /api/openapi.json。",
             "This program was built without the console; /api/openapi.json describes the API.");
    html(&page, "</p>\n</body></html>\n");
    answer->type = type_of(STR(".html"));
    text_add(&answer->text, text_str(&page.text));
}

void console_answer(const struct request *request, struct answer *answer)
{
    struct str index;
    bool is_page = !names_a_file(request->path) || str_is(request->path, "/index.html");
    if (!is_page)
        answer_asset(request, answer);
    else if (asset_find("console/dist/index.html", &index))
        answer_index(answer, index);
    else
        answer_unbuilt(answer);
}
