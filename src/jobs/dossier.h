#ifndef JOBS_DOSSIER_H
#define JOBS_DOSSIER_H

#include "jobs/desks.h"
#include "jobs/view.h"

/* What an inspection asks for, of the area of who asks, as one workbook: what is in it and how it
 * came about; the figures with their definitions and codes, and by county; what schools and
 * villages lack one by one, and to balance; the ledger by area; open cases; who has what overdue;
 * what was published. Children are told by the number of their case alone. */

struct dossier {
    const struct workspace *workspace;
    const struct view *view;
    struct desks *desks;
    const struct asker *asker; /* narrowed to the area */
    day at;
    struct str place; /* what the area is called */
    struct str reason;
    enum lang lang;
    const struct progress *progress; /* told sheet by sheet; given up where it is not wanted */
};

/* Writes it to `path` (.xlsx), whole or not at all. The desk is taken figure by figure, for others
 * look at it too; where anything changes meanwhile it begins anew, a few times, then ERR_CONFLICT.
 * Errors as desks_take, report_collect, requirement_find,
 * standards_find, casework_open, publication_list, progress_wanted; ERR_IO. Uses the arena for
 * everything. */
MUST_USE bool dossier_write(struct arena *arena, const struct dossier *dossier, const char *path,
                            struct err *err);

#endif
