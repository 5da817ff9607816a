#ifndef LINK_MATCH_TABLES_H
#define LINK_MATCH_TABLES_H

#include "link/match.h"
#include "link/match_read.h"

/* From tables of texts to a match whose engine is open. */

enum { MATCH_COLUMNS_MAX = LINK_COLUMNS_MAX + 2 };

/* What is asked of each table: the spec's columns, then the id and the source where they are named.
 * Names are borrowed from the spec. */
struct match_wanted {
    struct str names[MATCH_COLUMNS_MAX];
    size_t count, spec_count; /* of all, of the spec's */
    size_t id, source;        /* SIZE_MAX when not named */
};
void match_wanted_find(const struct link_spec *spec, struct match_wanted *wanted);

/* Fills a match, of which arena and spec are set, from one or two tables of the wanted columns.
 * Copies what it keeps. `places` name the tables in errors. ERR_INPUT: an id is empty or stands
 * twice in one table, with its line; ERR_LIMIT. */
MUST_USE bool match_use_tables(struct match *match, const struct match_wanted *wanted,
                               const struct match_table *tables, const struct str *places,
                               size_t count, struct err *err);

/* The same from one or two files. Errors also those of reading. */
MUST_USE bool match_use_files(struct match *match, const char *const *paths, size_t count,
                              const struct match_how *how, struct err *err);

#endif
