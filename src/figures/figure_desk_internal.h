#ifndef FIGURES_FIGURE_DESK_INTERNAL_H
#define FIGURES_FIGURE_DESK_INTERNAL_H

#include "figures/figure_desk.h"

/* What the files about the desk share; nobody else includes it. */

/* A figure that has not ended after this many steps never will. */
#define FIGURE_STEPS_MAX INT64_C(20000000000)

enum { FIGURE_KEPT_SIZE = 24, FIGURE_COUNTIES_MAX = 32, FIGURE_COUNTY_SIZE = 8 };

/* The tables of the duty to exchange posts. */
enum figure_duty_table { FIGURE_DUTY_TEACHERS, FIGURE_DUTY_PLACES };

/* What an engine keeps in a table of the workspace. */
struct desk_engine {
    const char *name, *source; /* on the desk; in the workspace */
    const struct store_desk_column *columns;
    size_t count;
    bool work; /* people's: of which kind */
    enum figure_work kind;
    bool opened; /* only what was opened by the day asked about */
    bool books;  /* it is stated once money was paid; else once a check has run */
};

struct desk_table {
    struct str name;
    const struct profile *profile;    /* NULL: of an engine, or reckoned */
    const struct desk_engine *engine; /* NULL: of a register, or reckoned */
    const char *source;               /* a table of the workspace; NULL: reckoned */
    enum figure_duty_table duty;      /* then: which */
    day at;
    struct store_desk_column *columns;
    size_t count;
    bool *used;  /* by column */
    bool read;   /* some figure reads it */
    bool stated; /* some file, or a check, says something */
};

/* Rows of a query that lie in one county; the code is empty where none is known. */
struct desk_county {
    char code[FIGURE_COUNTY_SIZE];
    struct figure_tally tally;
};

/* A query of a figure, which tables it reads, and what is known of it already. */
struct desk_query {
    const struct figure *figure;
    enum figure_part part;
    bool *reads;
    char kept[FIGURE_KEPT_SIZE]; /* the table that its rows are kept on; empty: none */
    bool counted;
    struct figure_tally tally; /* once it is counted */
    bool split;
    struct desk_county counties[FIGURE_COUNTIES_MAX]; /* once it is split */
    size_t county_count;
};

/* Those tables: their columns, and the filling of both, as far as they are read, between
 * store_desk_begin and store_desk_end: the duty is reckoned once. Errors as duty_rules_load and
 * duty_find. */
const struct store_desk_column *figure_duty_columns(enum figure_duty_table table, size_t *count);
MUST_USE bool figure_duty_fill(struct figure_desk *desk, struct desk_table *teachers,
                               struct desk_table *places, struct err *err);

/* The table of this name, or NULL. */
struct desk_table *figure_desk_table(const struct figure_desk *desk, const char *name);

/* Fills all tables that are read. On failure the desk is of no use. ERR_STORE. */
MUST_USE bool figure_fill(struct figure_desk *desk, struct err *err);

/* The query as the desk was laid out for it. */
struct desk_query *figure_desk_query(const struct figure_desk *desk, const struct figure *figure,
                                     enum figure_part part);

/* The text of a query without what ends a statement. */
struct str figure_query_text(const struct figure *figure, enum figure_part part);

/* Binds the parameters that the statement has. */
void figure_desk_bind(struct figure_desk *desk, struct store_statement *statement,
                      const struct figure *figure);

#endif
