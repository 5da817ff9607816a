#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/day.h"
#include "base/err.h"
#include "base/str.h"

/* One small interface over the database. Today SQLite 3.40 (WAL, STRICT tables, foreign keys on,
 * double-quoted strings off); PostgreSQL will be the second back end, so no SQLite call and no
 * SQLite-only SQL stands outside this folder.
 *
 * SQL is literals only: the macros below do not compile for a variable. Values are bound by name
 * ("$name"). Where a table comes from a register profile, "@table" and "@columns" in the literal
 * are replaced by names that store has checked ([a-z][a-z0-9_]*, at most 63 bytes).
 *
 * Every call that can fail passes a fault point: after store_fault_set(store, n) the nth such call
 * fails with ERR_STORE, so that tests can walk n = 1, 2, 3 … until a run passes.
 *
 * A handle is used by one thread at a time. */

struct store;
struct store_statement;

enum store_mode {
    STORE_CREATE, /* read and write; made when it is not there */
    STORE_WRITE,  /* read and write; ERR_STORE when it is not there */
    STORE_READ,   /* read only; ERR_STORE when it is not there */
    STORE_ALONE,  /* as STORE_WRITE; nobody else has it open meanwhile: ERR_STORE when somebody has
                   */
};

/* Opens the workspace. ERR_STORE (not there, not a workspace, locked by another program, a newer
 * version of it). "postgresql://…" is refused in one sentence with ERR_USAGE. Another writer
 * is waited for up to 5 s. */
MUST_USE bool store_open(struct store **out, const char *path, enum store_mode mode,
                         struct err *err);

/* An empty workspace in memory, gone when it is closed: for trials. */
MUST_USE bool store_open_memory(struct store **out, struct err *err);

/* Whether something is at `path` that store_open would look at: not when the making of a file was
 * cut off at once and left it empty. */
bool store_is_there(const char *path);

/* Whether no table is in it: it is new, or its making was cut off. */
MUST_USE bool store_is_empty(struct store *store, bool *empty, struct err *err);

/* How long another writer is waited for instead, 0 … 60000 ms. */
void store_wait_set(struct store *store, int wait_ms);
void store_close(struct store *store); /* NULL accepted; an open transaction rolls back */

/* Keeps little of the workspace in memory from now on: for a handle that reads it once. ERR_STORE.
 */
MUST_USE bool store_cache_little(struct store *store, struct err *err);

/* Brings a module's tables to the newest version: runs, in order and in one transaction, those of
 * its `count` scripts that the workspace has not seen. Scripts are constants of the program
 * (embedded schema.sql files). A workspace of a newer program is refused with ERR_STORE. */
MUST_USE bool store_migrate(struct store *store, const char *module, const struct str *scripts,
                            size_t count, struct err *err);

/* Transactions do not nest (CHECKed). A writable handle takes the right to write at once. commit is
 * durable when it returns (synchronous=FULL); one that fails has rolled back. */
MUST_USE bool store_begin(struct store *store, struct err *err);
/* Only to read several things of one state: takes no right to write, and what others commit
 * meanwhile is not seen. End it with store_rollback. */
MUST_USE bool store_begin_read(struct store *store, struct err *err);
MUST_USE bool store_commit(struct store *store, struct err *err);
void store_rollback(struct store *store); /* nothing happens outside a transaction */
/* Ends a transaction with what was done in it: commits when `done`, else rolls back and returns
 * false, leaving `err` as it is. */
MUST_USE bool store_end(struct store *store, bool done, struct err *err);
bool store_in_transaction(const struct store *store);

/* A savepoint inside a transaction: what happened since it can be taken back alone. */
MUST_USE bool store_savepoint(struct store *store, struct err *err);
MUST_USE bool store_savepoint_keep(struct store *store, struct err *err);
void store_savepoint_undo(struct store *store);

/* Statements. Finish each in the function that prepared it; NULL is accepted by finish. */
#define store_exec(store, literal, err) store_exec_literal((store), "" literal "", (err))
#define store_prepare(store, out, literal, err)                                                    \
    store_prepare_literal((store), (out), "" literal "", NULL, NULL, 0, (err))
/* "@table" becomes `table`; "@columns" the column names with commas; "@values" "$column" for each.
 */
#define store_prepare_table(store, out, literal, table, columns, count, err)                       \
    store_prepare_literal((store), (out), "" literal "", (table), (columns), (count), (err))

MUST_USE bool store_exec_literal(struct store *store, const char *sql, struct err *err);
MUST_USE bool store_prepare_literal(struct store *store, struct store_statement **out,
                                    const char *sql, const char *table, const char *const *columns,
                                    size_t count, struct err *err);
void store_finish(struct store_statement *statement);
void store_reset(struct store_statement *statement); /* to run again; bindings are cleared */

/* Bindings by name ("$name"); a name that is not in the statement is a mistake of ours (CHECK).
 * Texts and blobs must live until the last step of the run. A value that is too large fails that
 * step with ERR_LIMIT. DAY_NONE and a text with ptr NULL bind as null. */
void store_bind_i64(struct store_statement *statement, const char *name, int64_t value);
void store_bind_str(struct store_statement *statement, const char *name, struct str value);
/* The same where the column takes no null: a text with ptr NULL binds as the empty one. */
void store_bind_text(struct store_statement *statement, const char *name, struct str value);
void store_bind_blob(struct store_statement *statement, const char *name, struct str value);
void store_bind_day(struct store_statement *statement, const char *name, day value);
void store_bind_null(struct store_statement *statement, const char *name);

/* The same by place, for bulk inserts; places count from 1 in the order of first appearance. */
int store_place(const struct store_statement *statement, const char *name);
void store_bind_i64_at(struct store_statement *statement, int place, int64_t value);
void store_bind_str_at(struct store_statement *statement, int place, struct str value);
void store_bind_blob_at(struct store_statement *statement, int place, struct str value);
void store_bind_null_at(struct store_statement *statement, int place);

/* Runs to the next row: *row is false at the end. store_run is for statements that give no rows.
 * At the end the statement can be bound and run again; bindings not renewed keep their value. */
MUST_USE bool store_step(struct store_statement *statement, bool *row, struct err *err);
MUST_USE bool store_run(struct store_statement *statement, struct err *err);

/* store_run and store_finish, for a statement that is run once. */
MUST_USE bool store_run_once(struct store_statement *statement, struct err *err);

/* store_step to a row that is always there, as of an aggregate or of a key just read (CHECKed). */
MUST_USE bool store_step_row(struct store_statement *statement, struct err *err);

/* Columns of the row at hand, from 0. Texts and blobs are borrowed until the next step; a null is
 * STR_EMPTY with ptr NULL, 0, or DAY_NONE. Days are stored as "2020-11-25". */
int64_t store_i64(struct store_statement *statement, int column);
struct str store_str(struct store_statement *statement, int column);
day store_day(struct store_statement *statement, int column);
bool store_is_null(struct store_statement *statement, int column);

/* Changes whenever another handle, of this program or of another, has committed something since;
 * numbers of one handle only can be compared. */
MUST_USE bool store_version(struct store *store, int64_t *out, struct err *err);

int64_t store_last_id(const struct store *store); /* key of the row inserted last */
int64_t store_changed(const struct store *store); /* rows that the last run changed */

/* Tables that a profile describes. */
enum store_type { STORE_INTEGER, STORE_TEXT, STORE_BLOB };
struct store_column {
    const char *name;
    enum store_type type;
    bool required; /* NOT NULL */
};

/* Makes the table if it is not there (first column: INTEGER PRIMARY KEY), or adds the columns that
 * it lacks (a profile grew; null in the rows that are there); a column whose type changed is
 * ERR_STORE, a name that store does not take or that comes twice ERR_INPUT. */
MUST_USE bool store_ensure_table(struct store *store, const char *table,
                                 const struct store_column *columns, size_t count, struct err *err);
MUST_USE bool store_ensure_index(struct store *store, const char *table, const char *column,
                                 struct err *err);

/* Reads the whole workspace and tells whether its pages and tables fit together (not the contents).
 * Takes about a second for each gigabyte. ERR_STORE when it cannot be read at all. */
MUST_USE bool store_is_whole(struct store *store, bool *whole, struct err *err);

/* A consistent copy into a new file, also while others read and write. ERR_CONFLICT when `path` is
 * there already, or the journal of a workspace of that name is; ERR_IO, ERR_STORE; on failure
 * nothing is left. */
MUST_USE bool store_backup(struct store *store, const char *path, struct err *err);

/* The nth fallible call from now fails; 0 turns faults off. store_fault_reached tells whether it
 * came to that. For tests. */
void store_fault_set(struct store *store, uint64_t nth);
bool store_fault_reached(const struct store *store);

#endif
