#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include "base/arena.h"
#include "store/store.h"

#include <sqlite3.h>

/* What the files of this folder share; nobody else includes it. */

enum {
    NAME_BYTES_MAX = 63,
    SQL_BYTES_MAX = 256 * 1024,
    KEPT_STATEMENTS = 128,
    FORMAT_VERSION = 1,          /* user_version of the file */
    APPLICATION_ID = 0x42414F58, /* "BAOX" */
};

/* What statements may do while they are prepared. */
enum store_gate {
    GATE_OWN,     /* of the program: all but other files, settings, extensions */
    GATE_LAYING,  /* the same, but only the desk is written */
    GATE_DESK,    /* of a text: reads the desk */
    GATE_KEEPING, /* the same, and fills the one table of the desk made last */
    GATE_SETTING, /* a setting of this folder's own */
};

struct store_desk_reader;

struct store_statement {
    struct store *store;
    sqlite3_stmt *handle;
    const char
        *sql;      /* the literal that it was made of, where it is kept when finished; else NULL */
    int bind_code; /* the first binding that failed, told by the next step */
    int64_t steps_left;           /* that it may still take; 0: as many as it likes */
    struct store_statement *next; /* in the list of free ones */
};

/* A statement that was finished and may be used again: making one takes longer than most take to
 * run. By the address of its literal, one for each place; they hold no lock. */
struct store_kept {
    const char *sql;
    sqlite3_stmt *handle;
};

struct store {
    struct arena arena; /* holds the store itself and its statements */
    sqlite3 *db;
    const char *path;
    bool read_only;
    uint64_t fault_left;
    bool fault_reached;
    struct store_statement *free_statements;
    size_t statements_open;
    struct store_kept kept[KEPT_STATEMENTS];
    enum store_gate gate;
    const struct store_desk_reader *desk_reader; /* while a query of a text is prepared */
    const char **desk_tables;
    size_t desk_table_count, desk_table_mark; /* now; and when store_desk_begin was called */
    const int64_t *desk_numbers;              /* of desk_number(), from desk_number_first on */
    int64_t desk_number_first;
    size_t desk_number_count;
    const struct str *desk_prefixes; /* of desk_within() */
    size_t desk_prefix_count;
    bool desk_own_transaction; /* store_desk_begin has opened it */
};

/* Passes a fault point: false, with the error set, when the fault that a test asked for is due. */
MUST_USE bool store_fault_pass(struct store *store, struct err *err);

/* Turns an SQLite code into a sentence; `doing` is what was tried. Always false. */
bool store_failed(const struct store *store, int code, struct err *err);

/* Runs text that this folder has built or that is a constant, without a fault point. */
MUST_USE bool store_run_text(struct store *store, const char *sql, struct err *err);

/* statement.c: a prepared statement as it is handed out. */
struct store_statement *store_statement_take(struct store *store, sqlite3_stmt *handle);

/* statement.c: gives back what is kept, before the store closes. */
void store_statements_forget(struct store *store);

/* desk.c: what a query of a text may do, as an SQLite authorizer. */
int store_desk_authorize(struct store *store, int action, const char *first, const char *second,
                         const char *database);

/* desk.c: runs the next step of a statement whose steps are counted. */
int store_desk_step(struct store_statement *statement);

/* True for a table or column name that may stand in SQL. */
bool store_name_valid(const char *name);

/* Sets the error for one that may not. Always false. */
bool store_name_refused(const char *name, struct err *err);

#endif
