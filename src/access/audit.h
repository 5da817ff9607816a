#ifndef ACCESS_AUDIT_H
#define ACCESS_AUDIT_H

#include "access/asker.h"
#include "access/audit_action.h"
#include "base/clock.h"
#include "store/store.h"

/* The append-only trail of who saw and did what. Rows are chained: each holds
 * SM3(hash of the row before || its own fields), and triggers refuse UPDATE and DELETE, so a row
 * that is changed, taken out or put in between is found by audit_verify. A second table keeps the
 * number of rows and the last hash, so that rows missing at the end, or a trail that is gone
 * altogether, are found too. Not found: someone who has the file, a program of their own and the
 * patience to cut off the end, or to compute the whole chain and its head anew; for that, note the
 * root elsewhere, and hold the trail against it later (audit_holds).
 * The module's tables: `audit`, `audit_head` (and later user and session). */

/* Makes the tables. */
MUST_USE bool access_migrate(struct store *store, struct err *err);

struct audit_entry {
    int64_t number;    /* from 1 */
    int64_t at_ms;     /* milliseconds since 1970-01-01 UTC */
    struct str user;   /* who */
    struct str action; /* key of an audit_action */
    struct str object; /* what: "batch 12", "person 345", a file name; no personal data */
    struct str reason; /* why, when one was asked for; else empty */
};

/* Appends one row, inside the caller's transaction if there is one. ERR_LIMIT when the texts are
 * longer than half a megabyte together. */
MUST_USE bool audit_append(struct store *store, const struct clock *clock,
                           const struct asker *asker, enum audit_action action, struct str object,
                           struct str reason, struct err *err);

/* Calls `each` for every row, oldest first, until it returns false. The entry's texts are borrowed
 * for the call. */
MUST_USE bool audit_list(struct store *store,
                         bool (*each)(void *context, const struct audit_entry *), void *context,
                         struct err *err);

/* Part of the trail, newest first: empty texts and 0 leave a filter open. */
struct audit_filter {
    struct str user, action, object;
    int64_t from_ms, to_ms; /* from ≤ at < to */
    uint64_t skip, most;    /* of the entries that fit; most 0 counts only */
};

/* The entries that fit (texts in the arena) and how many there are altogether, unless `total` is
 * NULL. With an object the work is that of its own entries; else that of the whole trail, but for
 * the newest entries of all when the total is not asked for. */
MUST_USE bool audit_select(struct store *store, struct arena *arena,
                           const struct audit_filter *filter, struct audit_entry **out,
                           size_t *count, uint64_t *total, struct err *err);

/* Walks the chain. *broken_at is 0 when it is whole, else the number of the first row that does
 * not fit: behind the last row that is there when rows are missing at the end. */
MUST_USE bool audit_verify(struct store *store, int64_t *broken_at, struct err *err);

/* Where the trail ends: what somebody notes outside the workspace. "12:5ab0…" as text. */
enum { AUDIT_HASH_BYTES = 32, AUDIT_ROOT_SIZE = 20 + 1 + 2 * AUDIT_HASH_BYTES + 1 };
struct audit_root {
    int64_t entries;
    unsigned char hash[AUDIT_HASH_BYTES]; /* of the last entry; all 0 when there is none */
};
MUST_USE bool audit_root(struct store *store, struct audit_root *out, struct err *err);
const char *audit_root_text(const struct audit_root *root, char out[AUDIT_ROOT_SIZE]);
bool audit_root_read(struct str text, struct audit_root *out); /* false where it is none */

/* Whether the trail that had this root once goes on from there: an end cut off, or a chain written
 * anew, has not. Says nothing of a chain that is not whole (audit_verify). */
MUST_USE bool audit_holds(struct store *store, const struct audit_root *noted, bool *holds,
                          struct err *err);

#endif
