#ifndef FIGURES_FIGURE_H
#define FIGURES_FIGURE_H

#include "base/day.h"
#include "base/err.h"
#include "base/str.h"

/* A figure as text: policies/PACK/figures/KEY.yaml (docs/figures.md describes the format). What is
 * counted is a query that lists rows, one for each thing counted; the engine derives the number
 * from that same query, so that the number and its list cannot differ. A share has two such
 * queries.
 *
 * A query reads tables of the desk (figure_desk.h): registers by their keys, and those of the
 * engines. Its columns have names: `record` (needed: the number of the row counted, once each),
 * `value` (a sum adds it up: whole fen where the unit is yuan), `register` (the table that the
 * record is of, where rows come from several), `area` (division code), `school` (code), `person`
 * (number), `name`; all others are shown as they are. Parameters: $at, $from, $to
 * (days), $from_year, $to_year ("2016"), $school_year ("2020-2021"), $term ("2020-autumn"),
 * $cutoff (the last 31 August, on which ages for school are counted), and what the figure takes
 * from the text of rules (`rules`). A column `rank` is not shown: rows are listed by it, small ones
 * first, then by record.
 *
 * A list (policies/PACK/lists/KEY.yaml) has the same form. It stands on pages of the console and in
 * what schools lack, not among the published figures, and articles are not held against it. */

enum figure_unit {
    FIGURE_YUAN,
    FIGURE_PERSONS,
    FIGURE_PERSON_TIMES,
    FIGURE_SCHOOLS,
    FIGURE_VILLAGES,
    FIGURE_KINDERGARTENS,
    FIGURE_AGREEMENTS,
    FIGURE_PERCENT,
    FIGURE_ITEMS,
    FIGURE_YEARS,
    FIGURE_DAYS,
    FIGURE_UNIT_COUNT,
};

enum figure_measure {
    FIGURE_COUNT, /* how many rows */
    FIGURE_SUM,   /* `value` of all rows */
    FIGURE_SHARE, /* rows, or their values where the query has them, for a hundred of `over` */
};

/* What time a figure speaks of. */
enum figure_period {
    FIGURE_AT,               /* the day asked about */
    FIGURE_TERM,             /* the term in which it lies, up to it */
    FIGURE_SCHOOL_YEAR,      /* the school year in which it lies, up to it */
    FIGURE_LAST_SCHOOL_YEAR, /* the whole one before */
    FIGURE_YEAR,             /* the calendar year, up to it */
    FIGURE_FIVE_YEARS,       /* that one and the four before */
    FIGURE_EVER,             /* all that is known, up to it */
    FIGURE_PERIOD_COUNT,
};

enum {
    FIGURE_TABLES_MAX = 8,
    FIGURE_RULES_MAX = 8,
    FIGURE_SOURCES_MAX = 16,
    FIGURE_COLUMNS_MAX = 20,
    FIGURES_MAX = 500,
};

/* The queries of a figure. */
enum figure_part {
    FIGURE_ROWS,     /* what is counted; of a share what is above the line */
    FIGURE_OVER,     /* of a share what is below it */
    FIGURE_EXPECTED, /* of a figure about everyone: all whom it is about */
    FIGURE_VERIFIED, /* of these, with a proof */
    FIGURE_OPEN,     /* of these, being looked into */
    FIGURE_QUERIES,
};

struct figure_query {
    struct str sql; /* empty: the figure has none */
    struct str of;  /* the table whose records `record` counts: a register's key, "findings", … */
    int line;       /* of the file */
};

/* A register as of another day: the last `month`-`day` on or before the day asked about,
 * `years_back` years earlier. */
struct figure_table {
    struct str name; /* on the desk */
    struct str register_key;
    int month, day, years_back;
};

/* A value that stands in the text of rules, policies/national/rules/FILE, and nowhere else: by the
 * keys that lead to it ("paid.by.autumn"). A parameter of the queries. */
struct figure_rule {
    const char *parameter; /* "$paid_by_autumn" */
    struct str file, keys;
    struct str value;
};

/* What a column of the rows is called on pages, where the register has no field of that name. */
struct figure_column {
    struct str key, zh, en;
    struct str of; /* "teachers.subject": its values are words of that field, with commas between */
};

struct figure {
    struct str key; /* [a-z][a-z0-9_]* */
    struct str zh, en;
    struct str group; /* "aid", "roll" …: what stands together in lists */
    enum figure_unit unit;
    enum figure_measure measure;
    enum figure_period period;
    struct str *sources; /* keys of the tables that it rests on, as stated for readers */
    size_t source_count;
    struct str definition_zh, definition_en;
    struct str cites; /* the law or document that defines it; may be empty */
    struct str words; /* by which articles speak of it; see match.h; may be empty */
    struct figure_query queries[FIGURE_QUERIES];
    struct figure_table tables[FIGURE_TABLES_MAX];
    size_t table_count;
    struct figure_rule rules[FIGURE_RULES_MAX];
    size_t rule_count;
    struct str board; /* the page on which it stands beside others; may be empty */
    int64_t place;    /* there, small ones first */
    struct str close_zh, close_en; /* what would close a gap, "{n}" where the number goes */
    int64_t price_fen; /* of one of what is lacking; -1: none is given (prices.yaml) */
    struct str price_note;
    struct figure_column *columns;
    size_t column_count;
    bool persons;    /* counts people: small numbers are withheld in public */
    bool everyone;   /* about everyone: has the last three queries */
    struct str file; /* "policies/national/figures/aid_paid.yaml" */
};

struct figures {
    struct figure *items; /* by group as the packs order them (order.yaml), then key */
    size_t count;
    size_t list_count; /* behind them: the lists (policies/PACK/lists/), by key */
    int64_t small_below; /* in public, numbers of people from 1 to below this are withheld */
    struct str small_cites;
};

/* Reads all figures: the packs built in, or those under `folder` when not NULL (a packs folder like
 * policies/). ERR_INPUT with file and line: a key that does not belong, a figure twice, a query
 * missing. The queries themselves are read when they are run. All in the arena. */
MUST_USE bool figures_load(struct figures *out, struct arena *arena, const char *folder,
                           struct err *err);

/* By key, lists as well; NULL when there is none. */
const struct figure *figure_find(const struct figures *figures, struct str key);

/* The days that a period means: from DAY_NONE is open. */
struct figure_days {
    day at, from, to;
};
struct figure_days figure_days_of(enum figure_period period, day at);

/* The day that a table of a figure speaks of. */
day figure_table_day(const struct figure_table *table, day at);

/* "person_times"; "人次" and "person-times". */
const char *figure_unit_key(enum figure_unit unit);
const char *figure_unit_text(enum figure_unit unit, enum lang lang);
const char *figure_measure_key(enum figure_measure measure); /* "count" "sum" "share" */
const char *figure_period_key(enum figure_period period);    /* "five_years" */
const char *figure_part_key(enum figure_part part); /* "rows" "over" "expected" "verified" "open" */
int figure_part_of(struct str key);                 /* or -1 */

/* "2016-01-01 至 2020-11-25", "截至 2020-11-25"; into the arena. */
struct str figure_period_text(struct arena *arena, enum figure_period period, day at,
                              enum lang lang);

#endif
