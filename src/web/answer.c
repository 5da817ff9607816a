#include "web/answer.h"

#include "access/codec.h"
#include "jobs/failure.h"
#include "web/limits.h"
#include "web/request.h"

#include <stdio.h>

void answer_init(struct answer *answer, struct arena *arena, const struct request *request)
{
    *answer = (struct answer){.arena = arena, .request = request};
    text_init(&answer->text, arena, WEB_ANSWER_BYTES_MAX);
}

struct json *answer_json(struct answer *answer)
{
    CHECK(!answer->begun);
    answer->begun = true;
    answer->type = "application/json; charset=utf-8";
    json_init(&answer->json, &answer->text);
    return &answer->json;
}

struct json *answer_rows(struct answer *answer)
{
    struct json *json = answer_json(answer);
    json_object(json);
    json_key(json, "rows");
    json_list(json);
    return json;
}

void answer_rows_end(struct answer *answer, const struct request *request, uint64_t total)
{
    struct json *json = &answer->json;
    struct request_page page = request_page(request);
    json_list_end(json);
    json_key_i64(json, "total", (int64_t)total);
    json_key_i64(json, "page", page.page);
    json_key_i64(json, "page_size", page.size);
    json_object_end(json);
}

void answer_rows_all(struct answer *answer, uint64_t total)
{
    struct json *json = &answer->json;
    json_list_end(json);
    json_key_i64(json, "total", (int64_t)total);
    json_object_end(json);
}

void answer_header(struct answer *answer, const char *name, struct str value)
{
    CHECK(answer->header_count < ANSWER_HEADERS_MAX);
    answer->headers[answer->header_count++] =
        (struct answer_header){name, str_copy(answer->arena, value)};
}

/* RFC 5987: all but letters, digits and a few marks as %XX. */
static void add_escaped(struct text *text, struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.ptr[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || c == '-' || c == '.' || c == '_';
        if (plain)
            text_add_byte(text, (char)c);
        else
            text_add_f(text, "%%%02X", c);
    }
}

void answer_file(struct answer *answer, const char *path, bool is_ours, struct str name,
                 const char *type)
{
    struct text text;
    text_init(&text, answer->arena, 4096);
    text_add_c(&text, "attachment; filename*=UTF-8''");
    add_escaped(&text, name);
    answer->file = str_cstr(answer->arena, str_from(path));
    answer->file_is_ours = is_ours;
    answer->type = type;
    answer_header(answer, "Content-Disposition", text_str(&text));
}

bool answer_unchanged(struct answer *answer, const struct request *request, struct str version)
{
    unsigned char hash[32];
    char hex[65];
    struct text text;
    sm3_hash(version, hash);
    hex_of(hash, 16, hex);
    text_init(&text, answer->arena, 64);
    text_add_f(&text, "\"%s\"", hex);
    answer_header(answer, "ETag", text_str(&text));
    if (!head_etag_matches(request->head.if_none_match, text_str(&text))) return false;
    answer->status = 304;
    return true;
}

static unsigned status_of(enum err_kind kind)
{
    switch (kind) {
    case ERR_USAGE:
    case ERR_INPUT: return 400;
    case ERR_DENIED: return 403;
    case ERR_NOT_FOUND: return 404;
    case ERR_CONFLICT: return 409;
    case ERR_LIMIT: return 413;
    case ERR_NONE:
    case ERR_STORE:
    case ERR_IO: break;
    }
    return 500;
}

static const char *kind_key(enum err_kind kind)
{
    static const char *const keys[] = {
        [ERR_NONE] = "none",           [ERR_USAGE] = "usage",       [ERR_INPUT] = "input",
        [ERR_NOT_FOUND] = "not_found", [ERR_CONFLICT] = "conflict", [ERR_DENIED] = "denied",
        [ERR_LIMIT] = "limit",         [ERR_STORE] = "store",       [ERR_IO] = "io"};
    return keys[kind];
}

/* The error is left open, for one more key. */
static struct json *begin_error(struct answer *answer, unsigned status, const char *kind,
                                const char *en, const char *zh)
{
    answer->status = status;
    answer->begun = false;
    answer->file = NULL;
    answer->task = 0;
    text_clear(&answer->text);
    answer->text.cut = false;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key(json, "error");
    json_object(json);
    json_key_str(json, "kind", str_from(kind));
    json_key_str(json, "zh", str_from(zh));
    json_key_str(json, "en", str_from(en));
    return json;
}

struct json *answer_refuse_with(struct answer *answer, unsigned status, const char *kind,
                                const char *en, const char *zh)
{
    struct json *json = begin_error(answer, status, kind, en, zh);
    json_object_end(json);
    return json;
}

void answer_refuse(struct answer *answer, unsigned status, const char *kind, const char *en,
                   const char *zh)
{
    json_object_end(answer_refuse_with(answer, status, kind, en, zh));
}

static int64_t note_failure(const struct answer *answer, struct err *err)
{
    const struct request *request = answer->request;
    const struct route *route = request->route;
    struct text where;
    text_init(&where, answer->arena, 256);
    if (route == NULL)
        text_add_c(&where, "a request");
    else
        text_add_f(&where, "%s %s", method_name(route->method), route->pattern);
    return failure_note(request->parts->failures, where.ptr, err);
}

void answer_error(struct answer *answer, const struct err *err)
{
    unsigned status = answer->status >= 400 ? answer->status : status_of(err->kind);
    struct err told = *err;
    int64_t number = note_failure(answer, &told);
    struct json *json = begin_error(answer, status, kind_key(told.kind), told.en, told.zh);
    if (number != 0) json_key_i64(json, "number", number);
    json_object_end(json);
    json_object_end(json);
}

struct json *answer_conflict(struct answer *answer, const struct err *err)
{
    CHECK(err->kind == ERR_CONFLICT);
    return answer_refuse_with(answer, status_of(err->kind), kind_key(err->kind), err->en, err->zh);
}

void answer_day(struct json *json, const char *key, day value)
{
    char text[DAY_TEXT_SIZE];
    json_key(json, key);
    if (day_is_none(value))
        json_null(json);
    else
        json_str(json, str_from(day_format(value, text)));
}

void answer_ppm(struct json *json, const char *key, uint32_t ppm)
{
    char text[32];
    snprintf(text, sizeof text, "%u.%06u", ppm / 1000000, ppm % 1000000);
    json_key_str(json, key, str_from(text));
}

void answer_words(struct json *json, struct str key, struct str zh, struct str en)
{
    json_object(json);
    json_key_str(json, "key", key);
    json_key_str(json, "zh", zh);
    json_key_str(json, "en", en);
    json_object_end(json);
}
