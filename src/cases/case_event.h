#ifndef CASES_CASE_EVENT_H
#define CASES_CASE_EVENT_H

#include "access/reseal.h"
#include "base/list.h"
#include "cases/case.h"
#include "store/store.h"

/* Events to and from the disk: fields as JSON, sealed to the case and version that they stand in.
 */

/* Fields under construction; texts are borrowed. */
struct case_fields {
    struct arena *arena;
    LIST(struct case_field) items;
};

/* Adds a field unless its value is empty. */
void case_fields_add(struct case_fields *fields, const char *key, struct str value);

/* Adds a field also when its value is empty. */
void case_fields_put(struct case_fields *fields, struct str key, struct str value);
void case_fields_add_number(struct case_fields *fields, const char *key, int64_t value);
void case_fields_add_day(struct case_fields *fields, const char *key, day value);

/* Writes one, with the version it has. ERR_LIMIT for a field or an event that is too long. */
MUST_USE bool case_event_write(struct store *store, struct codec *codec, int64_t case_number,
                               const struct case_event *event, struct err *err);

/* All events of a case by version, in the arena. */
MUST_USE bool case_events_read(struct store *store, struct codec *codec, struct arena *arena,
                               int64_t case_number, struct case_event **out, size_t *count,
                               struct err *err);

/* The number of the newest event of all cases (0: none); and whether a case of the person has one
 * behind that number. ERR_STORE. */
MUST_USE bool case_events_newest(struct store *store, int64_t *number, struct err *err);
MUST_USE bool case_events_since(struct store *store, int64_t person, int64_t number, bool *some,
                                struct err *err);

/* Events and what was attached to them, to be sealed anew. */
extern const struct reseal_part case_event_reseal, case_attachment_reseal;

#endif
