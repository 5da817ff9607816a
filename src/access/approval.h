#ifndef ACCESS_APPROVAL_H
#define ACCESS_APPROVAL_H

#include "access/asker.h"
#include "base/clock.h"
#include "store/store.h"

/* Four eyes: what leaves the system with full ID numbers, and money, is asked for by one user
 * and approved by another, who sees all the areas that it is about. An approval is for one asker,
 * one action and one object, once, within a day. All steps are audited. The module's table:
 * approval. */

enum { APPROVAL_LIFE_MS = 24 * 60 * 60 * 1000, APPROVALS_SHOWN_MAX = 500 };

enum approval_state {
    APPROVAL_WAITING,
    APPROVAL_GRANTED,
    APPROVAL_REFUSED,
    APPROVAL_USED,
    APPROVAL_OVER, /* nobody decided, or nobody used it, in time */
};

struct approval {
    int64_t number;
    struct str action, object; /* "export", "kind=not_enrolled area=620422": no personal data */
    struct str reason;
    struct str areas; /* division codes with commas; "*": all */
    struct str asked_by, decided_by, why;
    int64_t asked_ms, decided_ms;
    enum approval_state state;
};

/* Asks, inside the caller's transaction if there is one. ERR_INPUT without a reason; ERR_LIMIT when
 * a text is longer than 4000 bytes. */
MUST_USE bool approval_ask(struct store *store, const struct clock *clock,
                           const struct asker *asker, struct str action, struct str object,
                           struct str reason, int64_t *number, struct err *err);

/* Grants or refuses, inside the caller's transaction if there is one. ERR_DENIED for the one who
 * asked and for one who does not see all the areas; ERR_CONFLICT when it no longer waits;
 * ERR_NOT_FOUND. */
MUST_USE bool approval_decide(struct store *store, const struct clock *clock,
                              const struct asker *asker, int64_t number, bool grant, struct str why,
                              struct err *err);

/* Uses it up, inside the caller's transaction if there is one: ERR_DENIED unless it was granted to
 * this asker for this action and object and is neither used nor over. */
MUST_USE bool approval_use(struct store *store, const struct clock *clock,
                           const struct asker *asker, int64_t number, struct str action,
                           struct str object, struct err *err);

/* One by its number; in the arena. ERR_NOT_FOUND. */
MUST_USE bool approval_find(struct store *store, const struct clock *clock, struct arena *arena,
                            int64_t number, struct approval *out, struct err *err);

/* Those that the asker asked for or may decide, newest first, at most APPROVALS_SHOWN_MAX; in the
 * arena. */
MUST_USE bool approval_list(struct store *store, const struct clock *clock, struct arena *arena,
                            const struct asker *asker, struct approval **out, size_t *count,
                            struct err *err);

/* Whether this asker may decide it. */
bool approval_may_decide(const struct approval *approval, const struct asker *asker);

const char *approval_state_key(enum approval_state state); /* "waiting" … */

#endif
