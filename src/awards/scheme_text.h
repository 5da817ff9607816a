#ifndef AWARDS_SCHEME_TEXT_H
#define AWARDS_SCHEME_TEXT_H

#include "base/json.h"
#include "policy/explain.h"

/* A scheme as its rule reads, without a person: whom it concerns, on which grounds, how much, since
 * when, by which document. */

/* Lines of text, each ended. `at`: only what is in force on that day; DAY_NONE: everything with its
 * dates. */
void scheme_lines(struct arena *arena, const struct policy *policy, uint16_t scheme, day at,
                  enum lang lang, struct text *out);

/* The same as one object. */
void scheme_json(struct json *json, const struct policy *policy, uint16_t scheme, day at);

/* "2007-09-01 起", "2007-09-01 至 2010-08-31", "" for always; "from …", "from … to …", "to …". In
 * the arena. */
struct str span_text(struct arena *arena, struct policy_span span, enum lang lang);

#endif
