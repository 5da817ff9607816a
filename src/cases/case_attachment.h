#ifndef CASES_CASE_ATTACHMENT_H
#define CASES_CASE_ATTACHMENT_H

#include "cases/case_event.h"
#include "cases/case_store.h"

/* Files that prove what a case says: scanned papers, photographs, recordings. Each is kept whole in
 * the workspace, sealed to the case and event that it came with; the event says its name (`file`)
 * and the SM3 hash of its bytes (`file_hash`). An event has one at most. */

enum { CASE_ATTACHMENT_BYTES_MAX = 20 << 20, CASE_ATTACHMENTS_MAX = 8 };

struct case_attachment {
    struct str name; /* without a folder */
    struct str bytes;
};

/* Reads a file that is to be attached under this name. ERR_INPUT for an empty one, for a kind that
 * offices do not use as proof, and for one whose first bytes are not of the kind that its name
 * says; ERR_LIMIT for one larger than CASE_ATTACHMENT_BYTES_MAX; ERR_IO. */
MUST_USE bool case_attachment_read(struct arena *arena, const char *path, struct str name,
                                   struct case_attachment *out, struct err *err);

/* Adds what the event says of it. */
void case_attachment_tell(const struct case_attachment *attachment, struct case_fields *fields);

/* Keeps it with the event, inside the caller's transaction. ERR_STORE. */
MUST_USE bool case_attachment_keep(struct store *store, struct codec *codec, int64_t case_number,
                                   int64_t version, const struct case_attachment *attachment,
                                   struct err *err);

/* The size of what is kept with each of a case's events, 0 for those without, in the arena;
 * `file` as case_read gave it. An event of an older program has a name and a hash only. */
MUST_USE bool case_attachment_sizes(const struct casework *work, struct arena *arena,
                                    const struct case_file *file, int64_t **bytes, struct err *err);

/* What is kept with event `version` of a case that the asker may see (case_read's result), compared
 * with its hash. Written to the audit trail. ERR_NOT_FOUND; ERR_STORE when it was changed. */
MUST_USE bool case_attachment_open(const struct casework *work, struct arena *arena,
                                   const struct asker *asker, const struct case_file *file,
                                   int64_t version, struct case_attachment *out, struct err *err);

#endif
