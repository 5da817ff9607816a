#ifndef AWARDS_STATED_H
#define AWARDS_STATED_H

#include "awards/facts.h"

/* Which row of which file states what is known of a person, and which lists say nothing: for the
 * explanation of a decision. */

struct award_stated {
    struct fact_source source;
    struct str file;     /* empty where no row states it, or the asker may not see the row */
    uint64_t sheet, row; /* from 1; 0 as above */
};

/* By input of the policy. */
struct award_sources {
    const struct facts *facts;
    struct award_stated **items;
    size_t *counts;
};

/* Finds them for a row of the facts. In the arena. Errors as registry_statement and
 * registry_batches. */
MUST_USE bool award_sources_find(struct registry *registry, struct arena *arena,
                                 const struct asker *asker, const struct facts *facts, size_t row,
                                 struct award_sources *out, struct err *err);

/* The same where the batches that the asker may see are read already, for who asks about many rows.
 * Errors as registry_statement. */
MUST_USE bool award_sources_among(struct registry *registry, struct arena *arena,
                                  const struct asker *asker, const struct batch *batches,
                                  size_t batch_count, const struct facts *facts, size_t row,
                                  struct award_sources *out, struct err *err);

/* The day since which a row of a register says so; DAY_NONE where none says it. */
day award_source_day(const struct award_sources *sources, const struct award_stated *stated);

/* "stated", "stale", "silent", "not_sent". */
const char *award_source_key(enum fact_source_kind kind);

/* "低保：农村低保（低保.csv，第 2 行）", "孤儿：未报送". In the arena. */
struct str award_source_text(struct arena *arena, const struct award_sources *sources,
                             uint16_t input, const struct award_stated *stated, enum lang lang);

/* The register that speaks, by its word. */
struct str award_source_register(const struct award_sources *sources,
                                 const struct award_stated *stated, enum lang lang);

#endif
