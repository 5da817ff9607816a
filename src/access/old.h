#ifndef ACCESS_OLD_H
#define ACCESS_OLD_H

#include "store/store.h"

/* What access stores and need not keep for ever. */

/* Sessions by when they were last seen, counts of failed log-ins by the last one, approvals by when
 * they were asked for: how many there are and how many of them are from before a moment; and these
 * erased, inside the caller's transaction if there is one. Nothing is audited here. ERR_STORE. */
MUST_USE bool sessions_old(struct store *store, int64_t before_ms, int64_t *all, int64_t *old,
                           struct err *err);
MUST_USE bool sessions_erase(struct store *store, int64_t before_ms, struct err *err);
MUST_USE bool login_failures_old(struct store *store, int64_t before_ms, int64_t *all, int64_t *old,
                                 struct err *err);
MUST_USE bool login_failures_erase(struct store *store, int64_t before_ms, struct err *err);
MUST_USE bool approvals_old(struct store *store, int64_t before_ms, int64_t *all, int64_t *old,
                            struct err *err);
MUST_USE bool approvals_erase(struct store *store, int64_t before_ms, struct err *err);

#endif
