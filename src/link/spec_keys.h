#ifndef LINK_SPEC_KEYS_H
#define LINK_SPEC_KEYS_H

#include "base/yaml.h"
#include "link/spec.h"

/* The keys of a spec as one table: what stands where, of which kind, between which limits. The
 * parser refuses what is not in it and takes limits from it; the JSON Schema is written from it. */

/* Where a key stands. */
enum spec_place {
    SPEC_TOP,
    SPEC_COMPARISON, /* under compare, by key */
    SPEC_LEVEL,      /* a level that is a map */
    SPEC_RULE,       /* a blocking rule that is a map */
    SPEC_WORDS,      /* a label that is a map */
    SPEC_PLACES,
};

/* What a value is. */
enum spec_kind {
    SPEC_TEXT,
    SPEC_BOOL,
    SPEC_NUMBER,       /* from least to most */
    SPEC_INTEGER,      /* the same, whole */
    SPEC_CHOICE,       /* one of `choices` */
    SPEC_COLUMN,       /* an expression */
    SPEC_COLUMNS,      /* one, or a list of up to `most` */
    SPEC_RULE_TEXT,    /* columns joined by "&" */
    SPEC_TEST,         /* tests joined by "&" */
    SPEC_LEVELS,       /* the name of a set, or a list of up to `most` levels */
    SPEC_LABEL,        /* a text, or en and zh */
    SPEC_FREQUENCY,    /* yes, no, or up to `most` columns */
    SPEC_DERIVE,       /* expressions by name */
    SPEC_COMPARE,      /* up to `most` comparisons by key */
    SPEC_RULES,        /* a list of up to `most` rules */
    SPEC_INTERACTIONS, /* a list of up to `most` pairs of keys of comparisons */
};

struct spec_key {
    enum spec_place place;
    const char *name;
    enum spec_kind kind;
    int32_t least, most;
    const char *otherwise; /* what holds without the key, as JSON; NULL: nothing */
    const char *choices;   /* with "|" between */
    bool needed;
    const char *en, *zh; /* what it means */
};

/* All keys, those of one place side by side. */
const struct spec_key *spec_keys(size_t *count);

/* The key of this name at a place; NULL when there is none. */
const struct spec_key *spec_key_find(enum spec_place place, struct str name);

/* Refuses keys that do not stand in the table (and names the nearest that does) and numbers beyond
 * their limits, with line and column. Values of another kind are left to those who read them. */
MUST_USE bool spec_keys_check(struct arena *arena, const struct yaml_node *root, const char *name,
                              struct err *err);

/* The functions of expressions, in the order of the manual; false at the end. */
struct spec_function {
    const char *name, *argument; /* argument: "", "N", "COLUMN", "WORD …" */
    int32_t least, most;         /* of N, never 0 */
    bool many;                   /* gives several keys: for rules alone */
};
bool spec_function_at(size_t number, struct spec_function *out);

/* The methods of tests, and the sets of levels; false at the end. */
struct spec_method {
    const char *name;
    bool share, whole, amount; /* its number: above 0 to 1, whole, any; all false: it takes none */
    const char *en, *zh;
};
bool spec_method_at(size_t number, struct spec_method *out);
bool spec_set_at(size_t number, const char **name);

#endif
