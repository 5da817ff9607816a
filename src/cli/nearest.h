#ifndef CLI_NEAREST_H
#define CLI_NEAREST_H

#include "cli/cli.h"

/* Why the nearest record was not taken for the same person: how the two agree, field by field, and
 * how many bits each field adds, given all the others. */

enum { NEAREST_FIELDS = 8 };

struct nearest_field {
    const char *key, *zh, *en;       /* of the field: "name" */
    const char *level_zh, *level_en; /* how the two agree */
    struct str left, right;          /* what the person's record and the other say */
    int64_t millibits;               /* how much the weight would fall without this field */
};

struct nearest {
    uint32_t record;          /* of the person: the one that is nearest to `other` */
    uint32_t other;           /* the record that was compared and not joined; UINT32_MAX: none */
    int64_t weight_millibits; /* of the pair, without the odds before looking */
    struct nearest_field fields[NEAREST_FIELDS];
};

/* Explains record `other` against the records of person `person` (a number in people.persons). */
void nearest_explain(const struct cli *cli, const struct people *people, uint32_t person,
                     uint32_t other, struct nearest *out);

#endif
