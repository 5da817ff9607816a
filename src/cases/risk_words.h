#ifndef CASES_RISK_WORDS_H
#define CASES_RISK_WORDS_H

#include "cases/risk.h"

/* Points of the risk list in words. All texts live in the arena. */

/* "缺勤 10 天以上（12；在校（到校）学生 2020-11-10）": what holds, what is stated, by which list of
 * which day. */
struct str risk_reason_words(struct arena *arena, const struct facts *facts,
                             const struct risk_reason *reason, enum lang lang);

/* The same as keys: "absent_long=12@attending/2020-11-10",
 * "monitored=monitored@poverty/2020-09-15", "sibling_out=345" (a person's number). */
struct str risk_reason_key(struct arena *arena, const struct facts *facts,
                           const struct risk_reason *reason);

/* What is not known: the words, or keys with ";" between, of points whose bits are set; each input
 * or finding once, by its first point. */
struct str risk_unknown_words(struct arena *arena, const struct risk_text *text,
                              const struct facts *facts, uint32_t unknown, enum lang lang);
struct str risk_unknown_keys(struct arena *arena, const struct risk_text *text, uint32_t unknown);

#endif
