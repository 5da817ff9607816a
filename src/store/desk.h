#ifndef STORE_DESK_H
#define STORE_DESK_H

#include "store/store.h"

/* A desk: tables in memory beside the workspace, of this handle alone, on which queries work that
 * come as text and not from the program (figures of a policy pack). Whoever lays the tables out
 * decides what is on them; a query then reads these and nothing else:
 *
 *   - it is one SELECT; nothing is written, no pragma, no other file, no recursion;
 *   - it reads tables of the desk only, however it names or renames things;
 *   - its functions know neither the time nor chance, and none of them computes with floats
 *     (tables of a desk hold whole numbers and text);
 *   - it ends after a number of steps that the caller sets.
 *
 * Laying out works on a handle that only reads, too: nothing but the desk is written. One desk a
 * handle; it is gone when the handle is closed. */

/* A column of a desk's table, and what fills it. */
struct store_desk_column {
    const char *name;
    enum store_type type; /* STORE_INTEGER or STORE_TEXT; a text that fills an integer is cast */
    const char *from;     /* column of the source, or NULL */
    const char
        *expression; /* instead of `from`: SQL from STORE_EXPRESSION; both NULL: stays null */
};

/* SQL from a literal. */
#define STORE_EXPRESSION(literal) ("" literal "")

/* Between these two the handle writes to its desk alone, and reads the workspace as it is at one
 * moment. After a failure in between, or with `done` false, the desk is as it was before, and
 * store_desk_end returns false. */
MUST_USE bool store_desk_begin(struct store *store, struct err *err);
MUST_USE bool store_desk_end(struct store *store, bool done, struct err *err);

/* Makes an empty table on the desk in the place of one of that name. Without keys and STRICT, for
 * what fills it has its type already: rows are put behind each other, which is twice as fast.
 * ERR_INPUT for a name that store does not take. */
MUST_USE bool store_desk_table(struct store *store, const char *table,
                               const struct store_desk_column *columns, size_t count,
                               struct err *err);

/* What desk_number(i) is in conditions and expressions of the fills that follow, until
 * store_desk_end: numbers[i - first], null where that is 0 or i is none of them. They must live as
 * long. */
void store_desk_numbers(struct store *store, int64_t first, const int64_t *numbers, size_t count);

/* desk_within(text) in the same places is whether the text begins with one of `prefixes`; with none
 * set (count 0) no text does. They must live as long. */
void store_desk_prefixes(struct store *store, const struct str *prefixes, size_t count);

/* Takes rows off a table again: those whose first column is among `count` numbers. */
MUST_USE bool store_desk_take_off(struct store *store, const char *table, const char *column,
                                  const int64_t *numbers, size_t count, struct err *err);

/* Prepares the copying of rows of `source`, a table of the workspace, that meet a condition (from a
 * literal, "s" is the source): to be bound, run and finished by the caller. */
#define store_desk_fill(store, out, table, source, columns, count, literal, err)                   \
    store_desk_fill_literal((store), (out), (table), (source), (columns), (count), "" literal "",  \
                            (err))
MUST_USE bool store_desk_fill_literal(struct store *store, struct store_statement **out,
                                      const char *table, const char *source,
                                      const struct store_desk_column *columns, size_t count,
                                      const char *condition, struct err *err);

/* Prepares the putting of one row: "$NAME" of each column is bound, and the statement run, by the
 * caller, row by row. Columns that are not among these stay null. */
MUST_USE bool store_desk_insert(struct store *store, struct store_statement **out,
                                const char *table, const struct store_desk_column *columns,
                                size_t count, struct err *err);

/* The same from another table of the desk, whose columns have the same names. */
#define store_desk_copy(store, out, table, source, columns, count, literal, err)                   \
    store_desk_copy_literal((store), (out), (table), (source), (columns), (count), "" literal "",  \
                            (err))
MUST_USE bool store_desk_copy_literal(struct store *store, struct store_statement **out,
                                      const char *table, const char *source,
                                      const struct store_desk_column *columns, size_t count,
                                      const char *condition, struct err *err);

/* Told of each column of the desk that a query reads; `column` is empty where it only counts
 * rows. */
struct store_desk_reader {
    void (*reads)(void *context, const char *table, const char *column);
    void *context;
};

/* Prepares a query that came as text. Parameters are bound as usual; store_has tells which there
 * are. `steps_max` is how many steps of SQLite's machine a run may take (a row costs ten to fifty);
 * the step that passes it fails with ERR_LIMIT. `reader` may be NULL. ERR_INPUT when it cannot be
 * read, wants what is not on the desk, or does what it may not. */
MUST_USE bool store_desk_prepare(struct store *store, struct store_statement **out, struct str sql,
                                 int64_t steps_max, const struct store_desk_reader *reader,
                                 struct err *err);

/* Prepares the keeping of what such a query lists: makes `table` on the desk, its columns named and
 * placed as those of the query, and fills it, in the order of `order` ("record"), when the
 * statement is run. Between store_desk_begin and store_desk_end. *kept is false, and nothing is
 * prepared, when the columns have no names that could name columns, or one twice. */
MUST_USE bool store_desk_keep(struct store *store, struct store_statement **out, const char *table,
                              struct str sql, const char *order, int64_t steps_max, bool *kept,
                              struct err *err);

/* How many bytes the handle holds: its desk and what it read of the workspace. */
size_t store_desk_bytes(const struct store *store);

/* Whether the statement has a parameter of this name. */
bool store_has(const struct store_statement *statement, const char *name);

/* The columns of its rows: how many, and their names. */
size_t store_column_count(const struct store_statement *statement);
const char *store_column_name(const struct store_statement *statement, size_t column);

#endif
