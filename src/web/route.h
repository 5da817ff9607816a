#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "access/role.h"

#include <stdint.h>

/* The table of routes: one row says all that is known about a way into the API. The dispatcher
 * checks capability, area and parameters by it before the handler runs, the API's description
 * (openapi.h) is made from it, and a test walks it with every role. A row that forgets its
 * capability does not start (routes_check).
 *
 * Rows live beside their handlers, `const struct route routes_person[]` in handle_person.c, end
 * with a row without pattern, and are joined in routes.c. */

struct request;
struct answer;

enum method { METHOD_GET, METHOD_POST, METHOD_PUT, METHOD_DELETE, METHOD_COUNT };

enum {
    ROUTE_PARAMETERS_MAX = 16,
    ROUTE_SEGMENTS_MAX = 8,
};

/* Beside the capabilities of roles: who is logged in, whatever the role; anybody at all. */
enum {
    CAPABILITY_ANY = 1 << 29,
    CAPABILITY_PUBLIC = 1 << 30,
};

/* How a request says which area it is about. */
enum route_area {
    ROUTE_AREA_NONE,  /* nothing in it belongs to an area, or to the asker alone */
    ROUTE_AREA_ROWS,  /* what it touches is a row: the module that reads it asks view or asker */
    ROUTE_AREA_GIVEN, /* as above, and the parameter `area`, if given, must be the asker's: the
                         request's asker is narrowed to it */
};

/* Which handle of the store a handler gets. A changing method may well only read (a search). */
enum route_store { ROUTE_READS, ROUTE_WRITES };

/* What body a request has; ROUTE_BODY_FILES is multipart/form-data with files and fields. */
enum route_body { ROUTE_BODY_NONE, ROUTE_BODY_JSON, ROUTE_BODY_FILES };

/* What an answer is, when all is well. */
enum route_gives { ROUTE_GIVES_JSON, ROUTE_GIVES_FILE, ROUTE_GIVES_EVENTS, ROUTE_GIVES_NOTHING };

/* Where a parameter stands. IN_PATH ones are the {names} of the pattern, in its order. */
enum parameter_place { IN_PATH = 1, IN_QUERY, IN_BODY };

enum parameter_type {
    PARAMETER_TEXT,    /* UTF-8 without control characters but tab and line end, `max` bytes (0:
                          200), blanks around it go */
    PARAMETER_SECRET,  /* the same, taken as it is: a password, lines of a text */
    PARAMETER_INTEGER, /* `min` … `max`; max 0: any that is not smaller than min */
    PARAMETER_DAY,     /* "2020-11-25" */
    PARAMETER_AREA,    /* a division code of 2, 4, 6, 9 or 12 digits */
    PARAMETER_CHOICE,  /* one of `choices` */
    PARAMETER_YES_NO,  /* true or false */
    PARAMETER_PPM,     /* a decimal from 0 to 1 with at most six digits behind the point, as text */
    PARAMETER_LIST,    /* a JSON list of at most `max` entries, which the handler reads */
};

struct route_parameter {
    const char *name; /* NULL behind the last */
    enum parameter_place place;
    enum parameter_type type;
    bool required;
    int64_t min, max;
    const char *choices; /* with "|" between */
    const char *zh, *en;
};

/* Which page of a list, and how many rows on one. */
#define ROUTE_PAGE                                                                                 \
    {"page", IN_QUERY, PARAMETER_INTEGER, false, 1, WEB_PAGE_MAX, NULL, "第几页", "which page"},   \
    {                                                                                              \
        "page_size", IN_QUERY, PARAMETER_INTEGER, false, 1, WEB_PAGE_SIZE_MAX, NULL, "每页行数",   \
            "rows on a page"                                                                       \
    }
#define ROUTE_AREA                                                                                 \
    {                                                                                              \
        "area", IN_QUERY, PARAMETER_AREA, false, 0, 0, NULL, "区划代码，须在本人范围内",           \
            "a division code among the asker's"                                                    \
    }
#define ROUTE_REASON                                                                               \
    {                                                                                              \
        "reason", IN_BODY, PARAMETER_TEXT, true, 0, 500, NULL, "理由，记入审计", "why; audited"    \
    }

struct route {
    enum method method;
    const char *pattern; /* "/api/persons/{person}" */
    uint32_t capability; /* one of enum capability, CAPABILITY_ANY or CAPABILITY_PUBLIC */
    enum route_area area;
    enum route_store store;
    enum route_body body;
    enum route_gives gives;
    /* Reads the request, calls a module, fills the answer; or fails. Runs on a worker, with nothing
     * locked. An answer whose status is set before failing keeps it. */
    bool (*handle)(struct request *request, struct answer *answer, struct err *err);
    const char *zh, *en; /* one line */
    struct route_parameter parameters[ROUTE_PARAMETERS_MAX];
};

/* What a path and a method lead to. */
struct route_match {
    const struct route *route;             /* NULL: none */
    struct str values[ROUTE_SEGMENTS_MAX]; /* of the pattern's names, in order; views of the path */
    size_t value_count;
    uint32_t methods; /* 1 << method of all rows of this path */
};

/* All rows, group by group: calls `each` until it returns false. */
void routes_each(bool (*each)(void *context, const struct route *route), void *context);

/* CHECKs that each row says who may use it and which area it is about, that the names in its
 * pattern are its parameters in the path, and that no two rows answer the same. */
void routes_check(void);

/* Finds the row for a path as decoded. Texts before names: "/api/imports/latest" would come before
 * "/api/imports/{batch}". */
void route_find(enum method method, struct str path, struct route_match *out);

/* Whether a pattern matches a path; values of its names in order, at most ROUTE_SEGMENTS_MAX. */
bool route_matches(const char *pattern, struct str path, struct str *values, size_t *count);

const char *method_name(enum method method);          /* "GET" */
bool method_of(struct str name, enum method *method); /* HEAD counts as GET */

#endif
