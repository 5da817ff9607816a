#ifndef AWARDS_PACK_H
#define AWARDS_PACK_H

#include "policy/read.h"

/* Finding packs of policy text and reading them. A pack is the *.policy files of one folder
 * (policies/PACK/rules, sorted by name); it is built into the program, or lies on disk. All packs
 * of the policies folder together are the policy in force. A pack is read together with those that
 * it uses, each before those that use it. */

struct pack_wish {
    const char *policies; /* a packs folder in place of the packs built in, or NULL */
    /* Names of packs, or paths of folders (with rules/….policy, or ….policy in them); none: all.
     * What a pack on disk uses is looked for among the others named, then beside it, then in
     * the policies folder. */
    const char *const *packs;
    size_t pack_count;
};

struct pack_set {
    const struct policy *policy;
    const struct policy_source *sources; /* as policy.sources */
    const char **paths;                  /* by source: the file on disk, NULL: built in */
    size_t source_count;
    bool *asked_sources; /* by source: of a pack that was named, not only used */
    bool *asked;         /* by pack of the policy: the same (none named: all are) */
};

/* What is wrong with a text, and of which texts. */
struct pack_faults {
    struct policy_faults list;
    const struct policy_source *sources; /* that the places of the faults count in */
};

/* Reads; all lives in the arena. `faults` gets what is wrong with the text, also on failure.
 * Errors: ERR_INPUT "FILE:LINE:COLUMN: …" for text, a pack that is used and not there, and packs
 * that use one another in a circle; ERR_NOT_FOUND for a name that is no pack; ERR_IO, ERR_LIMIT. */
MUST_USE bool packs_load(struct arena *arena, const struct pack_wish *wish,
                         struct pack_faults *faults, struct pack_set *out, struct err *err);

/* The number in policy.packs of the only pack that was asked for; POLICY_NONE when there are
 * several. */
uint16_t packs_only(const struct pack_set *set);

#endif
