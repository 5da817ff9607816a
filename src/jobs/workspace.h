#ifndef JOBS_WORKSPACE_H
#define JOBS_WORKSPACE_H

#include "awards/award_store.h"
#include "cases/case_run.h"
#include "findings/finding_store.h"
#include "jobs/retention.h"

/* A workspace, opened whole: store, codec, profiles, divisions, rules, and the modules' tables at
 * their newest version. The one way in for the command line and the web. */

struct workspace {
    struct arena arena; /* lives as long as the workspace */
    const char *path;
    struct store *store;
    struct codec *codec;
    struct profiles profiles;
    struct divisions *divisions;
    struct rules rules;
    struct facts_text facts;
    struct procedures procedures;
    struct chains chains;
    const char *policies; /* as in the options */
    struct retention_rules retention;
    struct registry registry;
    struct clock clock;
    int64_t opened_ms; /* registry_now when it was opened: since then its texts are what they
                          are; 0: not known */
};

struct workspace_options {
    const char *path;     /* "./baoxue.db" */
    const char *policies; /* a packs folder in place of the embedded packs, or NULL */
    bool create;          /* make it (and its key file) when it is not there */
    bool trial;  /* nothing will be kept: where it is not there, an empty one in memory stands
                    in; not together with `create` */
    bool reseal; /* alone, and also while sealing anew is under way (reseal.h) */
    struct clock clock;
};

/* Opens, makes where asked, and migrates. ERR_STORE when it is not there and `create` is not
 * set (the sentence says how to make one); ERR_CONFLICT while sealing anew is not done, unless it
 * is opened for that. Close with workspace_close also after a failure. */
MUST_USE bool workspace_open(struct workspace *workspace, const struct workspace_options *options,
                             struct err *err);
void workspace_close(struct workspace *workspace);

/* A second way in, for another thread: a store handle of its own, STORE_READ or STORE_WRITE, and a
 * codec of its own; profiles, divisions and rules are those of `from`, which stays open longer.
 * Close with workspace_close also after a failure. ERR_STORE, ERR_NOT_FOUND. */
MUST_USE bool workspace_share(struct workspace *out, const struct workspace *from,
                              enum store_mode mode, struct err *err);

#endif
