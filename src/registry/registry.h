#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include "access/asker.h"
#include "access/reseal.h"
#include "base/clock.h"
#include "intake/intake.h"
#include "store/store.h"

/* What each source states, kept as stated, with history on two time axes; nothing merged.
 *
 * A *statement* is one row of one register: it holds from `valid_from` (the day its file speaks of)
 * until an *ending* says otherwise. Statements and endings are never changed. Each belongs to a
 * *batch* (one file's import), and a batch is known from the moment it was imported until it was
 * undone. So what held on day `at`, as known at moment `known`, can be asked for ever with the same
 * answer: a statement of a batch live at `known` is held by its own batch, and by each that repeats
 * it, from that batch's day on; endings stop it; of what batches live at `known` say of it on or
 * before `at`, the last word counts, by day and then by batch number. Files may come in any order.
 * docs/registry.md tells it with examples.
 *
 * Identifying fields, values as written and unmapped columns stand in one sealed blob per row;
 * `registry_read` opens it. The module's tables: registry_state, batch, batch_scope, batch_sheet,
 * batch_column, note, reject, ending, repeat, and register_KEY for each profile. */

struct registry {
    struct store *store;
    struct codec *codec;
    const struct profiles *profiles;
    const struct divisions *divisions;
    struct clock clock;
    const char *policies; /* a packs folder in place of the embedded packs, or NULL */
};

/* Makes or grows the tables, those of access too. The codec's fingerprint is kept; another key file
 * is ERR_STORE. Writes nothing when all is as it should be. A field of a profile may be added or
 * taken out, but not turn from plain to sealed. */
MUST_USE bool registry_migrate(struct registry *registry, struct err *err);

struct load_options {
    struct intake_options intake;
    struct str name; /* how the file is called in results and lists; empty: its path's last part */
    bool complete;   /* the file is a complete export of its scope: rows gone have ended */
    bool yes;        /* also when more than 5 % would end */
    bool dry_run;    /* say what would happen, change nothing */
    bool one_is_enough; /* of several files no more are read than until one is taken */
};

enum load_status {
    LOAD_LOADED,
    LOAD_UNCHANGED,   /* the same bytes as a live batch */
    LOAD_REFUSED,     /* not taken, for the reason in `error` */
    LOAD_FAILED,      /* store, codec or system failed, as `error` says; nothing of it is kept */
    LOAD_NOT_REACHED, /* stands behind one that failed */
    LOAD_STATUS_COUNT,
};

struct load_sheet {
    size_t number; /* in the file, from 0 */
    struct str name;
    struct str register_key; /* empty: passed over */
    bool elsewhere;          /* read as another register of the file: see that one's result */
    uint64_t rows, accepted, warned, rejected;
};

struct load_result {
    struct str file;         /* its name, see load_options */
    struct str register_key; /* empty when not recognised */
    enum load_status status;
    int64_t batch; /* 0 when none */
    uint64_t rows, accepted, warned, rejected, passed_over;
    uint64_t fresh, repeated, replaced, ended; /* against the last export of its scope */
    struct str scope;                          /* "620422" or "school 2162000123" …, for print */
    struct load_sheet *sheets;
    size_t sheet_count;
    struct err error; /* when refused or failed */
};

/* Imports one file in one transaction of its own: whole or not at all. A workbook may hold several
 * registers: each becomes a batch, all known from one moment, and `results` (in the arena) has one
 * entry for each; schools and places come first. A sheet that a live batch of the same bytes holds
 * is not loaded again: LOAD_UNCHANGED with the counts of then, unless `intake.at` is a later day
 * and another file spoke of one of its units in between: that it says the same again is news then.
 *
 * The day it speaks of is `intake.at`, else what title, sheet or file name state, else what most of
 * its first rows state (field day_stated), else today. Its scope are the units (schools or areas,
 * as the profile says) of its rows. A row is of the same record as an earlier statement of its
 * scope when the best field of the profile's record_key that both fill is equal; then it *repeats*
 * it (every field as understood is equal: no new statement), or *replaces* it. All others are
 * *fresh*, also second rows of one record inside the file. With `complete`, statements of its units
 * that it does not have are *ended*; more than 5 % of them is refused with ERR_CONFLICT unless
 * `yes`.
 * An asker who does not see all areas speaks only for units of their own: a file with others is
 * refused (ERR_DENIED).
 * A row's area is its own, else that of its school in the schools register, else `intake.area`;
 * where the row names a village that the villages register has once in that area (once at all where
 * none is known; of the township and county named), it is the village's. Both registers are
 * therefore loaded first.
 * A file that is refused is reported in `results` (status
 * and error; in each register that was to be loaded) and the call returns true; false is for
 * failures of store, codec or system (whoever loads several files makes LOAD_FAILED of it). */
MUST_USE bool registry_load(struct registry *registry, struct arena *arena,
                            const struct asker *asker, const char *path,
                            const struct load_options *options, const struct progress *progress,
                            struct load_result **results, size_t *count, struct err *err);

struct batch {
    int64_t number;
    struct str file, register_key, scope;
    day at;
    int64_t imported_ms, undone_ms; /* 0: live */
    uint64_t rows, accepted, warned, rejected;
    uint64_t ended;       /* records that it ended; 0 for an asker who sees only some areas */
    struct str user_name; /* who imported it */
};

/* All batches by number. An asker who sees only some areas gets those whose scope touches one of
 * them (or holds rows there), with the part of the scope and the counts of the rows that are
 * theirs. */
MUST_USE bool registry_batches(struct registry *registry, struct arena *arena,
                               const struct asker *asker, struct batch **out, size_t *count,
                               struct err *err);

/* One page of the same list, the newest first: `most` of them after `skip`, in *out, and how many
 * there are in all. Only those of the page are read, and of all others nothing but whether they are
 * on the list: the time hardly grows with the files that were ever taken in. */
struct batch_page {
    size_t skip, most;
};
MUST_USE bool registry_batches_page(struct registry *registry, struct arena *arena,
                                    const struct asker *asker, struct batch_page page,
                                    struct batch **out, size_t *count, size_t *total,
                                    struct err *err);

/* The key of the register that a batch was read as, in the arena; empty when there is no such
 * batch.
 */
MUST_USE bool registry_batch_register(struct registry *registry, struct arena *arena, int64_t batch,
                                      struct str *key, struct err *err);

/* A unit that a live batch covers: "school 2162000123", "area 620422101", "all". */
struct batch_unit {
    int64_t batch;
    struct str unit;
};

/* The units of all live batches, by batch and unit. */
MUST_USE bool registry_units(struct registry *registry, struct arena *arena,
                             struct batch_unit **out, size_t *count, struct err *err);

/* Takes a batch back (as known from now on). ERR_CONFLICT, naming it, when a later live batch rests
 * on it: repeats, replaces or ends what it states, or, where it ended something, is complete or has
 * new records of the same scope. ERR_DENIED when it covers units that are not the asker's.
 * ERR_NOT_FOUND. */
MUST_USE bool registry_undo(struct registry *registry, const struct asker *asker, int64_t batch,
                            struct err *err);

/* The same, for a reason that is audited. */
MUST_USE bool registry_undo_because(struct registry *registry, const struct asker *asker,
                                    int64_t batch, struct str reason, struct err *err);

/* Whether the asker may speak for all that a batch covers: its units are theirs, and where it is
 * not known where one is, they imported it. ERR_NOT_FOUND. */
MUST_USE bool registry_batch_is_own(struct registry *registry, const struct asker *asker,
                                    int64_t batch, bool *own, struct err *err);

/* Cells of a batch that somebody corrected before the import, in the order of the file; numbers and
 * identifying values are masked. Who and when are the batch's. ERR_NOT_FOUND also for a batch that
 * is not the asker's own. */
struct correction_row {
    struct str sheet;
    uint64_t row;
    size_t place; /* of the column, from 0 */
    struct str heading, was, value;
};
MUST_USE bool registry_corrections(struct registry *registry, struct arena *arena,
                                   const struct asker *asker, int64_t batch,
                                   struct correction_row **out, size_t *count, struct err *err);

/* Rejected and warned rows of a batch, in file order: sheet, row, column heading, reason, and the
 * row as written (sealed on disk). Only rows of areas that the asker sees. ERR_NOT_FOUND. */
struct reject_row {
    struct str sheet;
    uint64_t row;
    bool rejected;              /* else taken, with a warning */
    bool again;                 /* another remark about the record of the remark before */
    struct str column, code;    /* heading, empty for the row as a whole; see intake_note_text */
    size_t place;               /* of the column, from 0; SIZE_MAX for the row as a whole */
    const struct str *headings; /* of the sheet, as many as the row has cells */
    size_t heading_count;
    struct str written; /* the row's cells joined with tabs */
};

/* What stands in columns of identifying fields, and whatever looks like a number of a person, is
 * masked (identity/mask.h). Audited as an export, so the workspace must be open for writing. */
MUST_USE bool registry_rejects(struct registry *registry, struct arena *arena,
                               const struct asker *asker, int64_t batch, struct reject_row **out,
                               size_t *count, struct err *err);

/* The same to be looked at on a page: masked, nothing is written. */
MUST_USE bool registry_rejects_look(struct registry *registry, struct arena *arena,
                                    const struct asker *asker, int64_t batch,
                                    struct reject_row **out, size_t *count, struct err *err);

/* The same as written, nothing masked; audited as `reveal` with the reason, which is not empty. */
MUST_USE bool registry_rejects_reveal(struct registry *registry, struct arena *arena,
                                      const struct asker *asker, int64_t batch, struct str reason,
                                      struct reject_row **out, size_t *count, struct err *err);

/* Rows that were rejected and are still there as written: how many, and how many of them of batches
 * imported before a moment. Erasing takes what was written from these; that there was such a row,
 * where and why it was rejected stays, so that no count changes. Inside the caller's transaction if
 * there is one; nothing is audited here. */
MUST_USE bool registry_rejects_old(struct store *store, int64_t before_ms, int64_t *all,
                                   int64_t *old, struct err *err);
MUST_USE bool registry_rejects_erase(struct store *store, int64_t before_ms, struct err *err);

/* One statement as read back. */
struct statement {
    int64_t number; /* unique inside its register */
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

/* Calls `each` for the statements of these numbers, in the order given, whatever their time and
 * whoever asks; those that are not there are passed over. Each costs one look-up by key. Values are
 * borrowed for the call. */
MUST_USE bool registry_pick(struct registry *registry, const struct profile *profile,
                            const int64_t *numbers, size_t count,
                            void (*each)(void *context, const struct statement *statement),
                            void *context, struct err *err);

/* The statements that hold at `when` and that the asker may see whose field id_number is exactly
 * `id_number` (canonical, see identity/id_number.h), by number; found by the blind index, so few
 * rows are opened. None for a register without that field. The array lives in the arena. */
MUST_USE bool registry_find(struct registry *registry, struct arena *arena,
                            const struct asker *asker, const struct profile *profile,
                            struct read_at when, struct str id_number, struct statement **out,
                            size_t *count, struct err *err);

/* Whether the asker sees every row that was ever taken in, by the areas that were counted while
 * files were loaded: false where one lies elsewhere or nobody knows where. ERR_STORE. */
MUST_USE bool registry_sees_all(struct registry *registry, const struct asker *asker, bool *all,
                                struct err *err);

/* The newest day that a live batch speaks of; DAY_NONE in an empty workspace. */
MUST_USE bool registry_newest_day(struct registry *registry, day *out, struct err *err);

/* The moment of knowledge when none is asked for: now by the clock, or the newest moment at which a
 * batch was imported or taken back where that is later, because the clock was set back since. So
 * what was just imported is always known. */
MUST_USE bool registry_now(struct registry *registry, int64_t *ms, struct err *err);

/* Changes whenever live statements may have changed (import, undo): what links rest on. */
MUST_USE bool registry_revision(struct registry *registry, int64_t *out, struct err *err);

/* How many live statements a register has now, and from how many batches. */
MUST_USE bool registry_count(struct registry *registry, const struct profile *profile,
                             uint64_t *statements, uint64_t *batches, struct err *err);

/* All that the registry keeps sealed, in the arena: registers, rejects, corrections. ERR_STORE. */
MUST_USE bool registry_reseal_parts(struct registry *registry, struct arena *arena,
                                    struct reseal_part **out, size_t *count, struct err *err);

/* From now on the workspace belongs to this data key. In the caller's transaction. ERR_STORE. */
MUST_USE bool registry_rekey(struct registry *registry, struct codec *fresh, struct err *err);

#endif
