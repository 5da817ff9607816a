#include "web/route.h"

#include <string.h>

static const char *const method_names[METHOD_COUNT] = {"GET", "POST", "PUT", "DELETE"};

const char *method_name(enum method method)
{
    CHECK(method < METHOD_COUNT);
    return method_names[method];
}

bool method_of(struct str name, enum method *method)
{
    for (int i = 0; i < METHOD_COUNT; i++) {
        if (!str_is(name, method_names[i])) continue;
        *method = (enum method)i;
        return true;
    }
    if (!str_is(name, "HEAD")) return false;
    *method = METHOD_GET;
    return true;
}

bool route_matches(const char *pattern, struct str path, struct str *values, size_t *count)
{
    struct str rest = str_from(pattern), part, rest_path = path, part_path;
    size_t found = 0;
    while (str_split(&rest, '/', &part)) {
        if (!str_split(&rest_path, '/', &part_path)) return false;
        bool name = part.len > 2 && part.ptr[0] == '{';
        if (!name && !str_equal(part, part_path)) return false;
        if (!name) continue;
        if (part_path.len == 0) return false;
        CHECK(found < ROUTE_SEGMENTS_MAX);
        values[found++] = part_path;
    }
    if (rest_path.ptr != NULL) return false;
    *count = found;
    return true;
}

struct finding_route {
    enum method method;
    struct str path;
    struct route_match *out;
};

static bool try_route(void *context, const struct route *route)
{
    struct finding_route *finding = context;
    struct str values[ROUTE_SEGMENTS_MAX];
    size_t count = 0;
    if (!route_matches(route->pattern, finding->path, values, &count)) return true;
    struct route_match *out = finding->out;
    out->methods |= 1u << route->method;
    if (route->method != finding->method) return true;
    /* Fewer names are more exact. */
    if (out->route != NULL && out->value_count <= count) return true;
    out->route = route;
    memcpy(out->values, values, sizeof values);
    out->value_count = count;
    return true;
}

void route_find(enum method method, struct str path, struct route_match *out)
{
    *out = (struct route_match){0};
    struct finding_route finding = {.method = method, .path = path, .out = out};
    routes_each(try_route, &finding);
}

static bool is_one_of_the_rights(uint32_t capability)
{
    if (capability == CAPABILITY_ANY || capability == CAPABILITY_PUBLIC) return true;
    return (capability & CAPABILITY_ALL) == capability && capability != 0;
}

/* The names of the pattern and the parameters in the path are the same, in the same order. */
static void check_names(const struct route *route)
{
    struct str rest = str_from(route->pattern), part;
    size_t at = 0;
    while (str_split(&rest, '/', &part)) {
        if (part.len < 3 || part.ptr[0] != '{') continue;
        const struct route_parameter *parameter = &route->parameters[at++];
        CHECK(parameter->name != NULL);
        CHECK(parameter->place == IN_PATH);
        CHECK(str_is(str_slice(part, 1, part.len - 1), parameter->name));
    }
    for (; at < ROUTE_PARAMETERS_MAX && route->parameters[at].name != NULL; at++) {
        CHECK(route->parameters[at].place != IN_PATH);
        CHECK(route->parameters[at].place != 0);
    }
    CHECK(at < ROUTE_PARAMETERS_MAX);
}

static void check_area(const struct route *route)
{
    bool has_area = false;
    for (size_t i = 0; route->parameters[i].name != NULL; i++) {
        const struct route_parameter *parameter = &route->parameters[i];
        has_area = has_area || strcmp(parameter->name, "area") == 0;
        CHECK(parameter->zh != NULL);
        CHECK(parameter->en != NULL);
        CHECK(parameter->place != IN_BODY || route->body != ROUTE_BODY_NONE);
    }
    CHECK(has_area == (route->area == ROUTE_AREA_GIVEN));
}

static bool check_row(void *context, const struct route *route)
{
    (void)context;
    struct route_match match;
    CHECK(is_one_of_the_rights(route->capability));
    CHECK(route->handle != NULL);
    CHECK(route->zh != NULL);
    CHECK(route->en != NULL);
    CHECK(route->method != METHOD_GET || route->store == ROUTE_READS);
    CHECK(route->method != METHOD_GET || route->body == ROUTE_BODY_NONE);
    check_names(route);
    check_area(route);
    /* The pattern itself is a path of the row, and leads back to it and to no row before. */
    route_find(route->method, str_from(route->pattern), &match);
    CHECK(match.route == route);
    return true;
}

void routes_check(void)
{
    routes_each(check_row, NULL);
}
