#ifndef CLI_MATCH_STEPS_H
#define CLI_MATCH_STEPS_H

#include "base/json.h"
#include "cli/cli.h"
#include "link/sweep.h"

/* `match --clusters-at`: the clusters at many thresholds. */

struct steps {
    struct match_step list[MATCH_STEPS_MAX];
    size_t count;
    bool truth; /* measured against the truth */
};

/* Whether --clusters-at, if it is there, reads well: "1,2.5,10" bits or "all" (each whole bit).
 * ERR_USAGE. */
MUST_USE bool steps_check(const struct cli *cli, struct err *err);

/* Works out what --clusters-at names, rising, each threshold once; nothing without it. ERR_USAGE.
 */
MUST_USE bool steps_run(const struct cli *cli, const struct match *match, struct steps *out,
                        struct err *err);

/* As a table, or as the key "clusters_at" of a document. */
MUST_USE bool steps_write(struct cli *cli, const struct steps *steps, struct err *err);
void steps_json(struct cli *cli, struct json *json, const struct steps *steps);

#endif
