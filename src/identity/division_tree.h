#ifndef IDENTITY_DIVISION_TREE_H
#define IDENTITY_DIVISION_TREE_H

#include "identity/division.h"

/* The divisions as a tree that one goes down or searches: province, prefecture, county, township,
 * village. A level that a place does not have (counties right below a province) is left out. */

struct division_node {
    const struct division *division;
    const struct division *parent; /* NULL: a province, or one whose upper units are not known */
    const char *level;             /* "province", "prefecture", "county", "township", "village" */
    bool more;                     /* there are divisions below it */
};

/* What one sees first: all townships that are known, and what they lie in; where none are, all
 * provinces. In code order, so parents come before what is below them. */
void division_tree_top(const struct divisions *divisions, struct arena *arena,
                       struct division_node **out, size_t *count);

/* The divisions right below `code`, in code order; none for a code that is not known. */
void division_tree_below(const struct divisions *divisions, struct arena *arena, struct str code,
                         struct division_node **out, size_t *count);

/* The first `most` divisions whose name contains `text` or whose code begins with it, the larger
 * ones first, and all that they lie in; each once, in code order. */
void division_tree_find(const struct divisions *divisions, struct arena *arena, struct str text,
                        size_t most, struct division_node **out, size_t *count);

#endif
