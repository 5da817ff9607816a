#ifndef JOBS_CASE_PAPER_H
#define JOBS_CASE_PAPER_H

#include "cases/case_store.h"
#include "jobs/workspace.h"
#include "papers/notice.h"

/* The papers of one case: the case and the registers fill them in, below what the office says. What
 * the law asks of who issues them and of what came before is checked where papers are
 * (papers/notice.h). Papers are in Chinese whatever the user reads. */

struct case_paper_order {
    struct workspace *workspace;
    const struct casework *work;
    const struct case_file *file; /* whoever asks may see it: case_read has checked that */
    const struct asker *asker;
    day at;
    struct str paper;               /* its key */
    struct str issuer;              /* key of who issues it; empty: the only one that may */
    const struct case_field *given; /* what only the office knows, by the names of the text; a day
                                       as 2020-10-10 is written out */
    size_t given_count;
    struct str reveal; /* why ID numbers are to stand there in full; empty: they are masked */
};

/* A paper filled in, for notice_write. */
struct case_paper {
    const struct notice *notice;
    struct notice_values values;
};

/* Whether the case has come so far that the paper may be made by one who may issue it; its needs
 * are not asked. Errors as notice_check. */
MUST_USE bool case_paper_may(const struct notices *notices, const struct notice *notice,
                             const struct case_file *file, struct err *err);

/* Fills in a paper and checks that it may be made now; audited, as a reveal where numbers are in
 * full. ERR_NOT_FOUND for an unknown paper or issuer; else as notice_check. In the arena. */
MUST_USE bool case_paper_make(struct arena *arena, const struct notices *notices,
                              const struct case_paper_order *order, struct case_paper *out,
                              struct err *err);

#endif
