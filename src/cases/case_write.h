#ifndef CASES_CASE_WRITE_H
#define CASES_CASE_WRITE_H

#include "cases/case_attachment.h"
#include "cases/case_event.h"
#include "cases/case_store.h"

/* What people write into a case. Contacts, steps and papers only add, so they never conflict; what
 * changes the case itself, or a field that people keep, is refused when somebody changed the same
 * since, and says what. Nothing is overwritten silently. */

enum { CASE_SEEN_ANY = -1, CASE_WRITES_MAX = 8 };

struct case_write {
    int64_t number;
    int64_t seen; /* the version that the writer has seen; CASE_SEEN_ANY: whatever it is */
    struct case_event *events; /* kind, on and fields; the rest is filled in */
    size_t count;
    /* Files that come with them. The first belongs to the first event that can have one (contact,
     * step, paper, outcome, attached); each other becomes an event of its own, EVENT_ATTACHED. */
    const struct case_attachment *attachments;
    size_t attachment_count; /* CASE_ATTACHMENTS_MAX at most */
};

/* A field in which what is written and what was written since differ. */
struct case_conflict {
    struct str field; /* key of a field, or "state" */
    struct str yours, theirs;
    struct str user; /* who wrote theirs */
    int64_t version; /* of their event */
};

/* Writes all events, or none, in one transaction; audited. Says how it must be: a contact names
 * way, who and result; a verdict has an outcome that does not close; a closing one that does, with
 * evidence or a file; opening again and moving have a reason; days lie between the opening and
 * today. ERR_INPUT, ERR_DENIED (who may record may not all confirm, close, reopen or move),
 * ERR_NOT_FOUND, ERR_CONFLICT. With a conflict of fields *conflicts (in the arena, may be NULL)
 * lists them. *version gets the version of the last event. */
MUST_USE bool case_write(const struct casework *work, struct arena *arena,
                         const struct asker *asker, const struct case_write *write,
                         struct case_conflict **conflicts, size_t *conflict_count, int64_t *version,
                         struct err *err);

/* The same inside the caller's transaction; on failure the caller takes back what happened since.
 */
MUST_USE bool case_write_within(const struct casework *work, struct arena *arena,
                                const struct asker *asker, const struct case_write *write,
                                struct case_conflict **conflicts, size_t *conflict_count,
                                int64_t *version, struct err *err);

#endif
