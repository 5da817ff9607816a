#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "access/asker.h"
#include "access/codec.h"
#include "base/clock.h"
#include "intake/intake.h"
#include "store/store.h"

/* What each source states, kept as stated, with history on two time axes; nothing merged.
 *
 * A *statement* is one row of one register: it holds from `valid_from` (the day its file speaks of)
 * until an *ending* says otherwise. Statements and endings are never changed. Each belongs to a
 * *batch* (one file's import), and a batch is known from the moment it was imported until it was
 * undone. So what held on day `at`, as known at moment `known`, can be asked for ever with the same
 * answer: statements of batches live at `known`, valid_from <= at, no ending of a batch live at
 * `known` with ended_on <= at.
 *
 * Identifying fields, values as written and unmapped columns stand in one sealed blob per row;
 * `registry_read` opens it. The module's tables: batch, batch_scope, note, reject, ending,
 * register_KEY for each profile. */

struct registry {
    struct store *store;
    struct codec *codec;
    const struct profiles *profiles;
    const struct divisions *divisions;
    struct clock clock;
};

/* Makes or grows the tables. */
MUST_USE bool registry_migrate(struct registry *registry, struct err *err);

struct load_options {
    struct intake_options intake;
    bool complete;        /* the file is a complete export of its scope: rows gone have ended */
    bool yes;             /* also when more than 5 % would end */
    bool dry_run;         /* say what would happen, change nothing */
};

/* Loaded; the same bytes as a live batch; not taken, for the reason in `error`. */
enum load_status { LOAD_LOADED, LOAD_UNCHANGED, LOAD_REFUSED };

struct load_sheet {
    struct str name;
    struct str register_key; /* empty: passed over */
    uint64_t rows, accepted, warned, rejected;
};

struct load_result {
    struct str file;         /* name without folders */
    struct str register_key; /* empty when not recognised */
    enum load_status status;
    int64_t batch;           /* 0 when none */
    uint64_t rows, accepted, warned, rejected, passed_over;
    uint64_t fresh, repeated, replaced, ended; /* against the last export of its scope */
    struct str scope;        /* "620422" or "school 2162000123" …, for print */
    struct load_sheet *sheets;
    size_t sheet_count;
    struct err error;        /* when refused */
};

/* Imports one file in one transaction of its own: whole or not at all. Same bytes as a live batch:
 * LOAD_UNCHANGED with the counts of then. A file that is refused is reported in `result` (status
 * and error) and the call returns true; false is for failures of store, codec or system. */
MUST_USE bool registry_load(struct registry *registry, struct arena *arena,
                            const struct asker *asker, const char *path,
                            const struct load_options *options, const struct progress *progress,
                            struct load_result *result, struct err *err);

struct batch {
    int64_t number;
    struct str file, register_key, scope;
    day at;
    int64_t imported_ms, undone_ms; /* 0: live */
    uint64_t rows, accepted, warned, rejected;
};

MUST_USE bool registry_batches(struct registry *registry, struct arena *arena,
                               const struct asker *asker, struct batch **out, size_t *count,
                               struct err *err);

/* Takes a batch back (as known from now on). ERR_CONFLICT, naming it, when a later live batch rests
 * on it; ERR_NOT_FOUND. */
MUST_USE bool registry_undo(struct registry *registry, const struct asker *asker, int64_t batch,
                            struct err *err);

/* Rejected and warned rows of a batch, in file order: sheet, row, column heading, reason, and the
 * row as written (sealed on disk). Only rows of areas that the asker sees. Audited as an export, so
 * the workspace must be open for writing. */
struct reject_row {
    struct str sheet;
    uint64_t row;
    bool rejected;           /* else taken, with a warning */
    struct str column, code; /* heading, empty for the row as a whole; see intake_note_text */
    struct str written; /* the row's cells joined with tabs */
};
MUST_USE bool registry_rejects(struct registry *registry, struct arena *arena,
                               const struct asker *asker, int64_t batch,
                               struct reject_row **out, size_t *count, struct err *err);

/* One statement as read back. */
struct statement {
    int64_t number;       /* unique inside its register */
    int64_t batch;
    uint64_t sheet, row;
    day valid_from;
    struct str area;
    const struct str *values;  /* per field of the profile; sealed ones opened */
    const struct str *written; /* per field, as written where that differs; ptr NULL otherwise */
};

struct read_at {
    day at;           /* the day asked about */
    int64_t known_ms; /* the moment of knowledge */
};

/* Calls `each` for every live statement of a register that the asker may see, in number order,
 * until it returns false. Values are borrowed for the call. */
MUST_USE bool registry_read(struct registry *registry, const struct asker *asker,
                            const struct profile *profile, struct read_at when,
                            bool (*each)(void *context, const struct statement *), void *context,
                            struct err *err);

/* One statement by number, whatever its time. ERR_NOT_FOUND also when the asker may not see it. */
MUST_USE bool registry_statement(struct registry *registry, struct arena *arena,
                                 const struct asker *asker, const struct profile *profile,
                                 int64_t number, struct statement *out, struct err *err);

/* The newest day that a live batch speaks of; DAY_NONE in an empty workspace. */
MUST_USE bool registry_newest_day(struct registry *registry, day *out, struct err *err);

/* Changes whenever live statements may have changed (import, undo): what links rest on. */
MUST_USE bool registry_revision(struct registry *registry, int64_t *out, struct err *err);

/* How many live statements a register has now, and from how many batches. */
MUST_USE bool registry_count(struct registry *registry, const struct profile *profile,
                             uint64_t *statements, uint64_t *batches, struct err *err);

#endif
