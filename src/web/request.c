#include "web/request.h"

#include "web/limits.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_BYTES_USUAL = 200, NAME_SHOWN_MAX = 60 };

static int find_parameter(const struct route *route, enum parameter_place place, struct str name)
{
    for (int i = 0; i < ROUTE_PARAMETERS_MAX && route->parameters[i].name != NULL; i++) {
        const struct route_parameter *parameter = &route->parameters[i];
        if (parameter->place == place && str_is(name, parameter->name)) return i;
    }
    return -1;
}

/* Text that may stand in a database and on a page: no control characters but tab and line end. */
static bool is_plain_text(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F) return false;
    }
    return utf8_valid(text);
}

static bool is_one_of(const char *choices, struct str text)
{
    struct str rest = str_from(choices), part;
    while (str_split(&rest, '|', &part)) {
        if (str_equal(part, text)) return true;
    }
    return false;
}

static bool is_area(struct str text)
{
    if (text.len != 2 && text.len != 4 && text.len != 6 && text.len != 9 && text.len != 12) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9') return false;
    }
    return true;
}

/* "0.987654" to 987654. */
static bool read_ppm(struct str text, int64_t *out)
{
    int64_t value = 0;
    if (text.len == 0 || text.len > 8 || (text.ptr[0] != '0' && text.ptr[0] != '1')) return false;
    value = text.ptr[0] - '0';
    if (text.len == 2 || (text.len > 1 && text.ptr[1] != '.')) return false;
    for (size_t i = 2; i < 8; i++) {
        char c = i < text.len ? text.ptr[i] : '0';
        if (c < '0' || c > '9') return false;
        value = value * 10 + (c - '0');
    }
    if (text.len == 1) value = (text.ptr[0] - '0') * 1000000;
    *out = value;
    return value <= 1000000;
}

/* What should have stood there. */
static bool wants(const struct route_parameter *parameter, struct err *err)
{
    const char *name = parameter->name;
    long long min = (long long)parameter->min, max = (long long)parameter->max;
    switch (parameter->type) {
    case PARAMETER_TEXT:
    case PARAMETER_SECRET:
        return err_set(err, ERR_INPUT, "\"%s\" must be a text", "“%s”应为文字", name);
    case PARAMETER_INTEGER:
        if (max > 0) {
            return err_set(err, ERR_INPUT, "\"%s\" must be a whole number from %lld to %lld",
                           "“%s”应为 %lld 到 %lld 的整数", name, min, max);
        }
        return err_set(err, ERR_INPUT, "\"%s\" must be a whole number from %lld",
                       "“%s”应为不小于 %lld 的整数", name, min);
    case PARAMETER_DAY:
        return err_set(err, ERR_INPUT, "\"%s\" must be a day such as 2020-11-25",
                       "“%s”应为日期，如 2020-11-25", name);
    case PARAMETER_AREA:
        return err_set(err, ERR_INPUT, "\"%s\" must be a division code", "“%s”应为区划代码", name);
    case PARAMETER_CHOICE:
        return err_set(err, ERR_INPUT, "\"%s\" must be one of %s", "“%s”应为下列之一：%s", name,
                       parameter->choices);
    case PARAMETER_YES_NO:
        return err_set(err, ERR_INPUT, "\"%s\" must be true or false", "“%s”应为 true 或 false",
                       name);
    case PARAMETER_PPM:
        return err_set(err, ERR_INPUT, "\"%s\" must be a decimal from 0 to 1, in quotes",
                       "“%s”应为 0 到 1 之间的小数（带引号）", name);
    case PARAMETER_LIST: break;
    }
    return err_set(err, ERR_INPUT, "\"%s\" must be a list", "“%s”应为列表", name);
}

static size_t bytes_max(const struct route_parameter *parameter)
{
    return parameter->max == 0 ? TEXT_BYTES_USUAL : (size_t)parameter->max;
}

static bool take_text(const struct route_parameter *parameter, struct str text,
                      struct request_value *value, struct err *err)
{
    if (text.len > bytes_max(parameter)) {
        return err_set(err, ERR_INPUT, "\"%s\" is longer than %zu bytes", "“%s”超过 %zu 字节",
                       parameter->name, bytes_max(parameter));
    }
    if (!is_plain_text(text)) return wants(parameter, err);
    value->text = parameter->type == PARAMETER_TEXT ? str_trim(text) : text;
    return true;
}

/* A value that came as text: in the path, the query or a JSON string. */
static bool take(const struct route_parameter *parameter, struct str text,
                 struct request_value *value, struct err *err)
{
    day d;
    bool good = false;
    switch (parameter->type) {
    case PARAMETER_TEXT:
    case PARAMETER_SECRET: return take_text(parameter, text, value, err);
    case PARAMETER_INTEGER:
        good = text.len < 20 && str_to_i64(text, &value->number) && text.ptr[0] != '+'
               && value->number >= parameter->min
               && (parameter->max == 0 || value->number <= parameter->max);
        break;
    case PARAMETER_DAY: good = day_parse(text, &d); break;
    case PARAMETER_AREA: good = is_area(text); break;
    case PARAMETER_CHOICE: good = is_one_of(parameter->choices, text); break;
    case PARAMETER_YES_NO:
        value->number = str_is(text, "true");
        good = value->number == 1 || str_is(text, "false");
        break;
    case PARAMETER_PPM: good = read_ppm(text, &value->number); break;
    case PARAMETER_LIST: break;
    }
    value->text = text;
    return good || wants(parameter, err);
}

static bool take_json(const struct route_parameter *parameter, const struct json_value *json,
                      struct request_value *value, struct err *err)
{
    enum parameter_type type = parameter->type;
    bool whole = type == PARAMETER_INTEGER, yes_no = type == PARAMETER_YES_NO;
    bool list = type == PARAMETER_LIST;
    if (json->kind == JSON_IS_TEXT && !whole && !yes_no && !list) {
        return take(parameter, json->text, value, err);
    }
    if (json->kind == JSON_IS_INTEGER && whole) return take(parameter, json->text, value, err);
    if (json->kind == JSON_IS_BOOL && yes_no) {
        value->number = json->number;
        return true;
    }
    if (json->kind != JSON_IS_LIST || !list) return wants(parameter, err);
    if (json->count > (size_t)parameter->max) {
        return err_set(err, ERR_INPUT, "\"%s\" has more than %lld entries", "“%s”超过 %lld 项",
                       parameter->name, (long long)parameter->max);
    }
    value->json = json;
    return true;
}

static bool read_path(struct request *request, const struct route_match *match, struct err *err)
{
    for (size_t i = 0; i < match->value_count; i++) {
        struct request_value *value = &request->values[i];
        struct err ignored = ERR_INIT;
        if (!take(&request->route->parameters[i], match->values[i], value, &ignored)) {
            return err_set(err, ERR_NOT_FOUND, "there is nothing at this address",
                           "此地址没有内容");
        }
        value->given = true;
    }
    return true;
}

static bool unknown_name(struct str name, struct err *err)
{
    if (!is_plain_text(name)) name = STR_EMPTY;
    return err_set(err, ERR_INPUT, "there is no parameter \"%.*s\" here", "这里没有参数“%.*s”",
                   STR_ARG(str_slice(name, 0, NAME_SHOWN_MAX)));
}

static bool read_query(struct request *request, struct err *err)
{
    struct str rest = request->query, part;
    if (rest.len == 0) return true;
    while (str_split(&rest, '&', &part)) {
        struct str name, text;
        size_t equals = str_find(part, STR("="));
        struct str written = equals == SIZE_MAX ? STR_EMPTY : str_slice(part, equals + 1, part.len);
        if (part.len == 0) continue;
        if (!head_decode(request->arena, str_slice(part, 0, equals), true, &name)
            || !head_decode(request->arena, written, true, &text)) {
            return err_set(err, ERR_INPUT, "the query is not well formed", "查询参数格式不正确");
        }
        int at = find_parameter(request->route, IN_QUERY, name);
        if (at < 0) return unknown_name(name, err);
        struct request_value *value = &request->values[at];
        const struct route_parameter *parameter = &request->route->parameters[at];
        if (value->given) {
            return err_set(err, ERR_INPUT, "\"%s\" is given twice", "“%s”给了两次",
                           parameter->name);
        }
        /* "?area=" is how a form says that nothing was chosen. */
        if (text.len == 0 && parameter->type != PARAMETER_TEXT) continue;
        if (!take(parameter, text, value, err)) return false;
        value->given = true;
    }
    return true;
}

static bool read_body(struct request *request, struct err *err)
{
    struct json_value *body = arena_new(request->arena, struct json_value);
    if (request->body.len == 0) return true;
    if (!json_read(request->arena, request->body, body, err)) return false;
    if (body->kind != JSON_IS_OBJECT) {
        return err_set(err, ERR_INPUT, "the body must be a JSON object", "请求体应为 JSON 对象");
    }
    for (size_t i = 0; i < body->count; i++) {
        int at = find_parameter(request->route, IN_BODY, body->keys[i]);
        if (at < 0) return unknown_name(body->keys[i], err);
        if (body->items[i].kind == JSON_IS_NULL) continue;
        if (!take_json(&request->route->parameters[at], &body->items[i], &request->values[at],
                       err)) {
            return false;
        }
        request->values[at].given = true;
    }
    return true;
}

/* The plain fields of a form with files. */
static bool read_fields(struct request *request, struct err *err)
{
    for (size_t i = 0; i < request->field_count; i++) {
        const struct receive_field *field = &request->fields[i];
        int at = find_parameter(request->route, IN_BODY, field->name);
        if (at < 0) return unknown_name(field->name, err);
        struct request_value *value = &request->values[at];
        const struct route_parameter *parameter = &request->route->parameters[at];
        if (value->given) {
            return err_set(err, ERR_INPUT, "\"%s\" is given twice", "“%s”给了两次",
                           parameter->name);
        }
        if (field->value.len == 0) continue;
        if (!take(parameter, field->value, value, err)) return false;
        value->given = true;
    }
    return true;
}

bool request_read(struct request *request, const struct route_match *match, struct err *err)
{
    CHECK(request->route != NULL);
    if (!read_path(request, match, err) || !read_query(request, err)) return false;
    if (request->route->body == ROUTE_BODY_JSON && !read_body(request, err)) return false;
    if (!read_fields(request, err)) return false;
    for (int i = 0; request->route->parameters[i].name != NULL; i++) {
        const struct route_parameter *parameter = &request->route->parameters[i];
        const struct request_value *value = &request->values[i];
        bool empty = (parameter->type == PARAMETER_TEXT || parameter->type == PARAMETER_SECRET)
                     && value->text.len == 0;
        if (!parameter->required || (value->given && !empty)) continue;
        return err_set(err, ERR_INPUT, "\"%s\" is missing", "缺少“%s”", parameter->name);
    }
    return true;
}

static const struct request_value *find_value(const struct request *request, const char *name)
{
    int i = 0;
    while (request->route->parameters[i].name != NULL
           && strcmp(request->route->parameters[i].name, name) != 0) {
        i++;
    }
    CHECK(request->route->parameters[i].name != NULL);
    return &request->values[i];
}

bool request_given(const struct request *request, const char *name)
{
    return find_value(request, name)->given;
}

struct str request_text(const struct request *request, const char *name)
{
    const struct request_value *value = find_value(request, name);
    return value->given ? value->text : STR_EMPTY;
}

int64_t request_i64(const struct request *request, const char *name, int64_t otherwise)
{
    const struct request_value *value = find_value(request, name);
    return value->given ? value->number : otherwise;
}

bool request_yes(const struct request *request, const char *name)
{
    const struct request_value *value = find_value(request, name);
    return value->given && value->number == 1;
}

day request_day(const struct request *request, const char *name)
{
    day out = DAY_NONE;
    const struct request_value *value = find_value(request, name);
    if (value->given) CHECK(day_parse(value->text, &out));
    return out;
}

const struct json_value *request_list(const struct request *request, const char *name)
{
    return find_value(request, name)->json;
}

struct request_page request_page(const struct request *request)
{
    struct request_page page = {.page = request_i64(request, "page", 1),
                                .size = request_i64(request, "page_size", WEB_PAGE_SIZE)};
    page.first = (size_t)((page.page - 1) * page.size);
    return page;
}

bool object_text(const struct json_value *object, const char *key, size_t bytes_max, bool required,
                 struct str *out, struct err *err)
{
    const struct json_value *value = json_get(object, key);
    if (value == NULL) {
        return !required || err_set(err, ERR_INPUT, "\"%s\" is missing", "缺少“%s”", key);
    }
    if (value->kind != JSON_IS_TEXT || value->text.len > bytes_max || !is_plain_text(value->text)) {
        return err_set(err, ERR_INPUT, "\"%s\" must be a text of at most %zu bytes",
                       "“%s”应为不超过 %zu 字节的文字", key, bytes_max);
    }
    *out = value->text;
    return true;
}

bool object_i64(const struct json_value *object, const char *key, int64_t min, int64_t max,
                bool required, int64_t *out, struct err *err)
{
    const struct json_value *value = json_get(object, key);
    if (value == NULL) {
        return !required || err_set(err, ERR_INPUT, "\"%s\" is missing", "缺少“%s”", key);
    }
    if (value->kind != JSON_IS_INTEGER || value->number < min || value->number > max) {
        return err_set(err, ERR_INPUT, "\"%s\" must be a whole number from %lld to %lld",
                       "“%s”应为 %lld 到 %lld 的整数", key, (long long)min, (long long)max);
    }
    *out = value->number;
    return true;
}
