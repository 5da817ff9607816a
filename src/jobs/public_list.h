#ifndef JOBS_PUBLIC_LIST_H
#define JOBS_PUBLIC_LIST_H

#include "jobs/awards.h"
#include "papers/notice.h"

/* The list of pupils who are to be aided (学生资助名单公示), for a wall and no longer than the days
 * it names: whom the newest decision of the period says that something of a scheme is due to. It
 * holds serial number, name, school, grade and class, and nothing else: why somebody is in need is
 * no business of the public (papers/notice.h keeps that for every paper of the kind). */

struct public_list_wish {
    day at;            /* the period in which it lies */
    struct str scheme; /* key of the policy */
    struct str area;   /* empty: all that the asker sees */
    struct str school; /* name as the roll writes it; empty: all of the area */
    struct str issuer; /* key; empty: the school, else the bureau of the area */
    day from, to;      /* while it hangs */
    struct str contact;
};

struct public_list {
    struct str issuer; /* its key */
    struct notice_values values;
    size_t count;    /* on the list */
    size_t off_roll; /* something is due to them, and no roll of the day has them: left out */
};

/* Reads and links the people, and fills in the paper's values: by school, grade, class, name.
 * `rules` are those in force. In the arena, which has to live as long as `out` does.
 * ERR_CONFLICT where the period was not decided; ERR_NOT_FOUND where nobody is on the list, for a
 * school that no register speaks of and an issuer who is none; ERR_USAGE without area and school,
 * and for days in the wrong order; ERR_DENIED for a
 * scheme whose list would tell why somebody is in need (public.yaml) and for an area that is not
 * the asker's: a part of a list would look like the whole. */
MUST_USE bool job_public_list(struct workspace *workspace, struct arena *arena,
                              const struct asker *asker, const struct aid_rules *rules,
                              const struct notices *notices, const struct public_list_wish *wish,
                              const struct progress *progress, struct public_list *out,
                              struct err *err);

#endif
