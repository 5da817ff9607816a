#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include "access/session.h"
#include "base/json_read.h"
#include "jobs/snapshot.h"
#include "jobs/task.h"
#include "jobs/workspace.h"
#include "web/head.h"
#include "web/receive.h"
#include "web/route.h"

/* What a handler is given: who asks, what for, and by which handle of the store. Everything in it
 * was checked by the row of the table: the capability, the area, that each value is there and of
 * its type and size. A handler reads its values by the names of its row; a name that is not in the
 * row is a mistake (CHECKed). It lives as long as the answer is being sent. */

struct desks;
struct dossiers;
struct looks;
struct reckoned;
struct uploads;

/* What all requests share. */
struct web_parts {
    struct tasks *tasks;
    struct snapshot_hub *hub;
    struct uploads *uploads;
    struct looks *looks;
    struct desks *desks; /* of figures */
    struct dossiers *dossiers;
    struct reckoned *reckoned;
    struct failures *failures;
    struct workspace_options workspace; /* for tasks, which open it for themselves */
    struct str openapi;                 /* the description of the API */
};

struct request_value {
    bool given;
    struct str text;               /* of a text, day, area, choice or probability */
    int64_t number;                /* of a whole number; 0 or 1 of yes or no; parts per million */
    const struct json_value *json; /* of a list */
};

struct request {
    struct arena *arena;
    const struct web_parts *parts;
    const struct route *route;
    struct head head;
    struct str path, query, body;
    struct str client; /* address that it came from */
    struct request_value values[ROUTE_PARAMETERS_MAX];
    bool logged_in;
    struct session session;      /* when logged in */
    struct asker asker;          /* whom modules are asked for; narrowed to the area asked about */
    struct workspace *workspace; /* read-only unless the row says ROUTE_WRITES */
    const struct snapshot *snapshot; /* NULL while none is made yet */
    /* Files of the body, on disk in the folder of an upload. When the request is over the upload is
     * discarded, unless the handler keeps it by setting the number to 0. */
    struct receive_file *files;
    size_t file_count;
    struct receive_field *fields; /* of the form; read into values */
    size_t field_count;
    int64_t upload;
};

/* Fills request->values by the row from the names of its pattern, the query and the body, in this
 * order. ERR_INPUT with the name and what is wanted; ERR_NOT_FOUND when a name of the pattern holds
 * what cannot be (a number that is none). */
MUST_USE bool request_read(struct request *request, const struct route_match *match,
                           struct err *err);

/* A name of the row: whether it came, and its value. Without one: empty, `otherwise`, DAY_NONE,
 * NULL. */
bool request_given(const struct request *request, const char *name);
struct str request_text(const struct request *request, const char *name);
int64_t request_i64(const struct request *request, const char *name, int64_t otherwise);
bool request_yes(const struct request *request, const char *name);
day request_day(const struct request *request, const char *name);
const struct json_value *request_list(const struct request *request, const char *name);

/* Which rows of a list the parameters page and page_size ask for. */
struct request_page {
    int64_t page, size;
    size_t first; /* number of its first row, from 0 */
};
struct request_page request_page(const struct request *request);

/* A text, a whole number or yes and no of an object inside a list of the body: *out is left alone
 * when the key is not there and not required. ERR_INPUT. */
MUST_USE bool object_text(const struct json_value *object, const char *key, size_t bytes_max,
                          bool required, struct str *out, struct err *err);
MUST_USE bool object_i64(const struct json_value *object, const char *key, int64_t min, int64_t max,
                         bool required, int64_t *out, struct err *err);

#endif
