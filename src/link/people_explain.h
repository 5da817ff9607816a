#ifndef LINK_PEOPLE_EXPLAIN_H
#define LINK_PEOPLE_EXPLAIN_H

#include "link/people_weigh.h"

/* Why two records were taken for one person or not: how they agree, field by field, and how many
 * bits each field adds, given all the others. One piece for the command line and the console. */

enum { EXPLAIN_FIELDS = 8 };

struct explain_field {
    const char *key, *zh, *en;        /* of the field: "name" */
    const char *level_zh, *level_en;  /* how the two agree */
    struct str left, right;           /* what `record` and `other` say */
    bool left_derived, right_derived; /* not of the row: found among those of the household */
    int64_t millibits;                /* how much the weight would fall without this field */
};

struct explanation {
    uint32_t record;          /* in people.records */
    uint32_t other;           /* UINT32_MAX: none */
    int64_t weight_millibits; /* of the pair, without the odds before looking */
    struct explain_field fields[EXPLAIN_FIELDS];
};

/* How texts that identify are shown. */
enum explain_ids { EXPLAIN_MASKED, EXPLAIN_WHOLE };

/* Explains record `other` against `record`. Texts are borrowed from `people`, masked ones live in
 * the arena. */
void explain_pair(struct arena *arena, const struct people *people, const struct weigher *weigher,
                  uint32_t record, uint32_t other, enum explain_ids ids, struct explanation *out);

/* The same for the record of `person` (a number in people.persons) that is nearest to `other`. */
void explain_person(struct arena *arena, const struct people *people, const struct weigher *weigher,
                    uint32_t person, uint32_t other, enum explain_ids ids, struct explanation *out);

#endif
