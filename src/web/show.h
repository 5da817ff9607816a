#ifndef WEB_SHOW_H
#define WEB_SHOW_H

#include "jobs/view_review.h"
#include "web/answer.h"
#include "web/limits.h"
#include "web/request.h"

/* What several handlers share: a view of the request's snapshot, and its structs as JSON. Each
 * function that writes an object writes it whole, braces and all, and each that takes a key writes
 * that too. */

/* The view of this request. Fails with status 503 while no snapshot is made yet. */
MUST_USE bool show_open(struct request *request, struct answer *answer, struct view *out,
                        struct err *err);

/* Whether the client has this answer already: it depends on the snapshot, who asks and what for.
 * Only for answers that rest on the snapshot alone. */
bool show_unchanged(struct answer *answer, const struct request *request);

/* The part of a list that the request asks for. */
struct view_page show_page(const struct request *request);

/* {"number","at","made_ms","refreshing"}; null before the first. */
void show_snapshot(struct json *json, const char *key, const struct request *request);

void show_text_or_null(struct json *json, const char *key, struct str text);
void show_ms_or_null(struct json *json, const char *key, int64_t ms); /* 0 is null */

/* "areas": those of a user, each {"code","name"}. */
void show_user_areas(struct json *json, const struct request *request, const struct user *user);

/* "a;b" as ["a","b"]. */
void show_keys(struct json *json, const char *key, struct str keys);

/* The keys of a line that is seen, without braces: register, statement, part, person, name, sex,
 * birth_date, id_number, school, area, area_name; of one that is not, register and area_name. Both
 * say "visible". */
void show_line(struct json *json, const struct view_line *line);

/* A finding, and a record with its values, as objects; how two records agree as a list of fields
 * (NULL: empty). */
void show_finding(struct json *json, const struct view_finding *finding);
void show_record(struct json *json, const struct view_record *record);
void show_fields(struct json *json, const char *key, const struct explanation *explanation);

/* Sealed values in full: id_number, phones, values; as an object. */
void show_revealed(struct json *json, const struct view_revealed *values, size_t count);

#endif
