#ifndef FINDINGS_TOLD_STORE_H
#define FINDINGS_TOLD_STORE_H

#include "findings/finding_store.h"

/* What the newest check over all areas told of each person: kept so that a question about one needs
 * no check. It is true of one state of the workspace, which the caller puts into words (`rests`)
 * and asks for again; whose case went on since is told apart person by person. The module's tables:
 * told_run, told_finding. */

struct told_run {
    struct str rests;
    int64_t case_event; /* number of the last event of a case that the check knew */
    bool aid;           /* aid was decided: its reasons are put into words by a policy */
};

/* Puts the findings of a check in the place of those of the one before; inside the caller's
 * transaction. ERR_STORE. */
MUST_USE bool told_save(struct store *store, const struct told_run *run,
                        const struct people *people, const struct finding *findings,
                        const struct finding_entry *entries, size_t count, struct err *err);

/* The check that was kept, with texts in the arena; *there is false when none was. ERR_STORE. */
MUST_USE bool told_read(struct store *store, struct arena *arena, struct told_run *out, bool *there,
                        struct err *err);

/* A finding about a person as it was told. */
struct told_finding {
    int64_t number; /* 0: it has none */
    enum finding_kind kind;
    enum queue queue;
    uint32_t probability_ppm;
    struct str reason;
    int64_t nearest_person; /* 0: no record came near, and the rest is empty */
    struct str nearest_register;
    int64_t nearest_statement;
    uint32_t nearest_part;
};

/* Those of one person, in the order of the check. In the arena. ERR_STORE. */
MUST_USE bool told_findings(struct store *store, struct arena *arena, int64_t person,
                            struct told_finding **out, size_t *count, struct err *err);

#endif
