#ifndef POLICY_FORMAT_H
#define POLICY_FORMAT_H

#include "policy/read.h"

/* One way to lay a policy text out, and the same text in the other language: keywords, units and
 * names are written in the language asked for, comments and the order of declarations stay.
 * Formatting what was formatted changes nothing, and what is formatted reads to the same policy
 * (but for places). */

/* The text of source `number` of a policy laid out anew; `source` is what it was read from. In the
 * arena. */
void policy_format(struct arena *arena, const struct policy *policy, uint16_t number,
                   struct str source, enum lang lang, struct str *out);

/* How a text names something: by its word in Chinese, where that can stand as a name, else by its
 * key. In the arena. */
struct str policy_written_name(struct arena *arena, const struct policy_name *name, enum lang lang);
/* The same of a choice; empty when another choice has the same word, so that it would be read. */
struct str policy_written_choice(struct arena *arena, const struct policy_input *input,
                                 size_t choice, enum lang lang);

/* The language that most keywords of a text are in; Chinese for a text without any. */
enum lang policy_text_lang(struct arena *arena, struct str source);

#endif
