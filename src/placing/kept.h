#ifndef PLACING_KEPT_H
#define PLACING_KEPT_H

#include "access/asker.h"
#include "access/reseal.h"
#include "base/clock.h"
#include "placing/placing.h"
#include "store/store.h"

/* Runs of placing kept in the workspace: rules, programmes, applicants, choices, result and, where
 * there are any, allotments as they came, each sealed whole, so that a family can be answered later
 * from just what was decided by. A run belongs to an area. Who sees all of it sees the run; who
 * sees a part of it sees that there is one, and of it only applicants of the own area. The module's
 * tables: placing_run, placing_file. */

enum kept_part {
    KEPT_RULES,
    KEPT_PROGRAMMES,
    KEPT_APPLICANTS,
    KEPT_CHOICES,
    KEPT_RESULT,
    KEPT_ALLOTMENTS, /* not of every run */
    KEPT_PARTS,
};

enum { KEPT_FILE_BYTES_MAX = 64 << 20, KEPT_PATH_BYTES = 32, KEPT_RUNS_MAX = 10000 };

struct kept_run {
    int64_t number;
    struct str name, area, user_name;
    int64_t made_ms;
    int64_t applicants, choices, groups, seats, placed;
    bool given;         /* the result came from elsewhere; else place_run made it */
    int64_t violations; /* that the independent verifier found in the result */
};

/* Makes the module's tables. */
MUST_USE bool kept_migrate(struct store *store, struct err *err);

/* Keeps the files at `paths` (that of the allotments may be NULL) as a run with what `run` says of
 * it (name, area, counts); its number and moment are set. One transaction, audited. ERR_DENIED
 * where the asker does not see all of the area; ERR_INPUT without a name; ERR_LIMIT for a file
 * beyond KEPT_FILE_BYTES_MAX; ERR_IO. */
MUST_USE bool kept_add(struct store *store, struct codec *codec, const struct clock *clock,
                       const struct asker *asker, const char *const paths[KEPT_PARTS],
                       struct kept_run *run, struct err *err);

/* Runs of which the asker sees something, newest first; in the arena. */
MUST_USE bool kept_list(struct store *store, struct arena *arena, const struct asker *asker,
                        struct kept_run **out, size_t *count, struct err *err);

/* Takes a run away with its files; audited. ERR_DENIED for who does not see all of its area. */
MUST_USE bool kept_remove(struct store *store, const struct clock *clock, const struct asker *asker,
                          int64_t number, struct err *err);

/* A run with its files readable: they lie in memory alone, under paths that hold until it is
 * closed. */
struct kept_files {
    struct kept_run run;
    bool whole; /* the asker sees all of its area */
    int handles[KEPT_PARTS];
    char paths[KEPT_PARTS][KEPT_PATH_BYTES];
};

/* ERR_NOT_FOUND also when the asker sees nothing of it. Close it also after a failure. */
MUST_USE bool kept_open(struct kept_files *out, struct store *store, struct codec *codec,
                        struct arena *arena, const struct asker *asker, int64_t number,
                        struct err *err);
void kept_close(struct kept_files *files);

/* Those of an open run as placing wants them. */
struct place_paths kept_paths(const struct kept_files *files);

const char *kept_part_key(enum kept_part part); /* "rules" … "allotments" */

/* Files of kept runs, to be sealed anew. */
extern const struct reseal_part placing_file_reseal;

#endif
