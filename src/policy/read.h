#ifndef POLICY_READ_H
#define POLICY_READ_H

#include "policy/policy.h"

/* From text to a checked policy. Reading goes on after a fault at the next declaration, so that a
 * writer sees several at once; a policy with a fault is not given out.
 *
 * Bounded for any input: at most POLICY_SOURCE_BYTES_MAX a file, POLICY_DEPTH_MAX deep, and so on
 * (policy.h); time and memory grow with the text, and checks that enumerate stop at a stated
 * number of cases with a fault that says how to write it simpler. */

struct policy_source {
    struct str name; /* shown in faults */
    struct str text; /* UTF-8; anything else is a fault with its place */
};

/* Something wrong in a text. `zh` and `en` are one sentence each, without the place: what was
 * found, what was expected, the nearest name where one is near. */
struct policy_fault {
    struct policy_place place;
    struct str zh, en;
};

enum { POLICY_FAULTS_MAX = 50 };

struct policy_faults {
    struct policy_fault *items; /* by source, line, column */
    size_t count;
    bool more; /* POLICY_FAULTS_MAX were kept, there were more */
};

/* Reads and checks sources that make one policy (all packs, a pack that is used before those that
 * use it; within a pack in any order). Output in the arena. Errors: ERR_INPUT with
 * "FILE:LINE:COLUMN: sentence" of the first fault; all stand in `faults` (may be NULL), which is
 * filled in either case. ERR_LIMIT for a text beyond the limits of policy.h, with its place. */
MUST_USE bool policy_read(struct arena *arena, const struct policy_source *sources, size_t count,
                          struct policy_faults *faults, const struct policy **out, struct err *err);

/* Reads the first declaration of a file only, `pack KEY "zh" / "en" [uses KEY, …]`: what packs are
 * put in order by. Errors as policy_read. */
MUST_USE bool policy_pack_head(struct arena *arena, const struct policy_source *source,
                               struct policy_name *pack, struct str **uses, size_t *use_count,
                               struct policy_faults *faults, struct err *err);

#endif
