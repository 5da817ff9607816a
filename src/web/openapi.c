#include "web/openapi.h"

#include "base/json.h"
#include "web/limits.h"
#include "web/route.h"

#include <stdio.h>
#include <string.h>

enum { OPENAPI_BYTES_MAX = 4 << 20, OPENAPI_PATHS_MAX = 512 };

struct describing {
    struct json json;
    const char *paths[OPENAPI_PATHS_MAX]; /* in the order of the table */
    size_t path_count;
    const char *path; /* whose methods are being written */
};

static void words(struct json *json, const char *key, const char *zh, const char *en)
{
    char text[512];
    snprintf(text, sizeof text, "%s / %s", zh, en);
    json_key_str(json, key, str_from(text));
}

static void text_pattern(struct json *json, const char *pattern)
{
    json_key_str(json, "type", STR("string"));
    json_key_str(json, "pattern", str_from(pattern));
}

static void choices(struct json *json, const char *list)
{
    struct str rest = str_from(list), part;
    json_key_str(json, "type", STR("string"));
    json_key(json, "enum");
    json_list(json);
    while (str_split(&rest, '|', &part)) json_str(json, part);
    json_list_end(json);
}

/* The keys of a schema object that is open. */
static void schema(struct json *json, const struct route_parameter *parameter)
{
    switch (parameter->type) {
    case PARAMETER_TEXT:
    case PARAMETER_SECRET:
        json_key_str(json, "type", STR("string"));
        json_key_i64(json, "minLength", parameter->required ? 1 : 0);
        json_key_i64(json, "maxLength", parameter->max == 0 ? 200 : parameter->max);
        break;
    case PARAMETER_INTEGER:
        json_key_str(json, "type", STR("integer"));
        json_key_i64(json, "minimum", parameter->min);
        if (parameter->max > 0) json_key_i64(json, "maximum", parameter->max);
        break;
    case PARAMETER_DAY:
        json_key_str(json, "type", STR("string"));
        json_key_str(json, "format", STR("date"));
        break;
    case PARAMETER_AREA:
        text_pattern(json, "^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$");
        break;
    case PARAMETER_CHOICE: choices(json, parameter->choices); break;
    case PARAMETER_YES_NO: json_key_str(json, "type", STR("boolean")); break;
    case PARAMETER_PPM: text_pattern(json, "^(0([.][0-9]{1,6})?|1([.]0{1,6})?)$"); break;
    case PARAMETER_LIST:
        json_key_str(json, "type", STR("array"));
        json_key_i64(json, "maxItems", parameter->max);
        json_key(json, "items");
        json_object(json);
        json_object_end(json);
        break;
    }
}

static void parameters(struct json *json, const struct route *route)
{
    json_key(json, "parameters");
    json_list(json);
    for (size_t i = 0; route->parameters[i].name != NULL; i++) {
        const struct route_parameter *parameter = &route->parameters[i];
        if (parameter->place == IN_BODY) continue;
        json_object(json);
        json_key_str(json, "name", str_from(parameter->name));
        json_key_str(json, "in", parameter->place == IN_PATH ? STR("path") : STR("query"));
        json_key_bool(json, "required", parameter->place == IN_PATH || parameter->required);
        words(json, "description", parameter->zh, parameter->en);
        json_key(json, "schema");
        json_object(json);
        schema(json, parameter);
        json_object_end(json);
        json_object_end(json);
    }
    json_list_end(json);
}

static void property(struct json *json, const struct route_parameter *parameter)
{
    json_key(json, parameter->name);
    json_object(json);
    words(json, "description", parameter->zh, parameter->en);
    schema(json, parameter);
    json_object_end(json);
}

static void file_property(struct json *json)
{
    json_key(json, "file");
    json_object(json);
    json_key_str(json, "type", STR("array"));
    json_key(json, "items");
    json_object(json);
    json_key_str(json, "type", STR("string"));
    json_key_str(json, "format", STR("binary"));
    json_object_end(json);
    json_object_end(json);
}

static void required_names(struct json *json, const struct route *route)
{
    bool any = false;
    for (size_t i = 0; route->parameters[i].name != NULL; i++) {
        const struct route_parameter *parameter = &route->parameters[i];
        if (parameter->place != IN_BODY || !parameter->required) continue;
        if (!any) {
            json_key(json, "required");
            json_list(json);
        }
        any = true;
        json_str(json, str_from(parameter->name));
    }
    if (any) json_list_end(json);
}

static void body(struct json *json, const struct route *route)
{
    if (route->body == ROUTE_BODY_NONE) return;
    json_key(json, "requestBody");
    json_object(json);
    json_key_bool(json, "required", route->body == ROUTE_BODY_FILES);
    json_key(json, "content");
    json_object(json);
    json_key(json, route->body == ROUTE_BODY_FILES ? "multipart/form-data" : "application/json");
    json_object(json);
    json_key(json, "schema");
    json_object(json);
    json_key_str(json, "type", STR("object"));
    json_key_bool(json, "additionalProperties", false);
    required_names(json, route);
    json_key(json, "properties");
    json_object(json);
    if (route->body == ROUTE_BODY_FILES) file_property(json);
    for (size_t i = 0; route->parameters[i].name != NULL; i++) {
        if (route->parameters[i].place == IN_BODY) property(json, &route->parameters[i]);
    }
    for (int i = 0; i < 4; i++) json_object_end(json);
    json_object_end(json);
}

/* The media types of an answer, each with the schema named (NULL: anything). */
static void contents(struct json *json, const char *types, const char *reference)
{
    struct str rest = str_from(types), type;
    struct arena scratch = {0};
    json_key(json, "content");
    json_object(json);
    while (str_split(&rest, '|', &type)) {
        json_key(json, str_cstr(&scratch, type));
        json_object(json);
        if (reference != NULL) {
            json_key(json, "schema");
            json_object(json);
            json_key_str(json, "$ref", str_from(reference));
            json_object_end(json);
        }
        json_object_end(json);
    }
    json_object_end(json);
    arena_free(&scratch);
}

static void responses(struct json *json, const struct route *route)
{
    static const char *const types[] = {
        [ROUTE_GIVES_JSON] = "application/json",
        [ROUTE_GIVES_FILE] =
            "text/csv|application/pdf|image/*|"
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet|"
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        [ROUTE_GIVES_EVENTS] = "text/event-stream",
        [ROUTE_GIVES_NOTHING] = NULL};
    json_key(json, "responses");
    json_object(json);
    json_key(json, route->gives == ROUTE_GIVES_NOTHING ? "204" : "200");
    json_object(json);
    words(json, "description", "成功", "done");
    if (types[route->gives] != NULL) contents(json, types[route->gives], NULL);
    json_object_end(json);
    json_key(json, "default");
    json_object(json);
    words(json, "description", "未成功", "not done");
    contents(json, "application/json", "#/components/schemas/error");
    json_object_end(json);
    json_object_end(json);
}

static const char *capability_of(const struct route *route)
{
    if (route->capability == CAPABILITY_PUBLIC) return "public";
    if (route->capability == CAPABILITY_ANY) return "any";
    int number = 0;
    while ((route->capability & 1u << number) == 0) number++;
    return capability_key(number);
}

static bool describe_method(void *context, const struct route *route)
{
    struct describing *describing = context;
    struct json *json = &describing->json;
    static const char *const areas[] = {"none", "rows", "given"};
    static const char *const keys[] = {"get", "post", "put", "delete"};
    if (strcmp(route->pattern, describing->path) != 0) return true;
    json_key(json, keys[route->method]);
    json_object(json);
    words(json, "summary", route->zh, route->en);
    json_key_str(json, "x-capability", str_from(capability_of(route)));
    json_key_str(json, "x-area", str_from(areas[route->area]));
    if (route->capability == CAPABILITY_PUBLIC) {
        json_key(json, "security");
        json_list(json);
        json_list_end(json);
    }
    parameters(json, route);
    body(json, route);
    responses(json, route);
    json_object_end(json);
    return true;
}

static bool note_path(void *context, const struct route *route)
{
    struct describing *describing = context;
    for (size_t i = 0; i < describing->path_count; i++) {
        if (strcmp(describing->paths[i], route->pattern) == 0) return true;
    }
    CHECK(describing->path_count < OPENAPI_PATHS_MAX);
    describing->paths[describing->path_count++] = route->pattern;
    return true;
}

static void text_property(struct json *json, const char *name)
{
    json_key(json, name);
    json_object(json);
    json_key_str(json, "type", STR("string"));
    json_object_end(json);
}

static void error_schema(struct json *json)
{
    json_key(json, "error");
    json_object(json);
    json_key_str(json, "type", STR("object"));
    json_key(json, "properties");
    json_object(json);
    json_key(json, "error");
    json_object(json);
    json_key_str(json, "type", STR("object"));
    json_key(json, "properties");
    json_object(json);
    text_property(json, "kind");
    text_property(json, "zh");
    text_property(json, "en");
    json_key(json, "number");
    json_object(json);
    json_key_str(json, "type", STR("integer"));
    json_object_end(json);
    for (int i = 0; i < 4; i++) json_object_end(json);
}

static void scheme(struct json *json, const char *name, const char *in, const char *key)
{
    json_key(json, name);
    json_object(json);
    json_key_str(json, "type", STR("apiKey"));
    json_key_str(json, "in", str_from(in));
    json_key_str(json, "name", str_from(key));
    json_object_end(json);
}

static void components(struct json *json)
{
    json_key(json, "components");
    json_object(json);
    json_key(json, "schemas");
    json_object(json);
    error_schema(json);
    json_object_end(json);
    json_key(json, "securitySchemes");
    json_object(json);
    scheme(json, "session", "cookie", "baoxue_session");
    scheme(json, "token", "header", "X-Baoxue-Token");
    json_object_end(json);
    json_object_end(json);
    json_key(json, "security");
    json_list(json);
    json_object(json);
    json_key(json, "session");
    json_list(json);
    json_list_end(json);
    json_key(json, "token");
    json_list(json);
    json_list_end(json);
    json_object_end(json);
    json_list_end(json);
}

struct str openapi_make(struct arena *arena)
{
    struct text text;
    struct describing *describing = arena_new(arena, struct describing);
    struct json *json = &describing->json;
    text_init(&text, arena, OPENAPI_BYTES_MAX);
    json_init(json, &text);
    json_object(json);
    json_key_str(json, "openapi", STR("3.0.3"));
    json_key(json, "info");
    json_object(json);
    json_key_str(json, "title", STR("保学 baoxue"));
    json_key_str(json, "version", STR("1"));
    json_object_end(json);
    json_key(json, "paths");
    json_object(json);
    routes_each(note_path, describing);
    for (size_t i = 0; i < describing->path_count; i++) {
        describing->path = describing->paths[i];
        json_key(json, describing->path);
        json_object(json);
        routes_each(describe_method, describing);
        json_object_end(json);
    }
    json_object_end(json);
    components(json);
    json_object_end(json);
    CHECK(!text.cut);
    return text_str(&text);
}
