#ifndef BASE_YAML_H
#define BASE_YAML_H

#include "base/str.h"

/* A YAML text (one document) as a tree of nodes with their places, for settings that people write:
 * register profiles, match specs, sample cities. Anchors, aliases and tags are refused; at most
 * YAML_DEPTH_MAX levels and YAML_NODES_MAX nodes. Errors are ERR_INPUT with line and column. */

enum { YAML_DEPTH_MAX = 32, YAML_NODES_MAX = 1000000 };

/* What a node is. */
enum yaml_kind { YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml_node {
    enum yaml_kind kind;
    int line, column;             /* from 1, where the node begins */
    struct str text;              /* scalar: its value */
    struct yaml_node **items;     /* list: items; map: values in the order written */
    struct yaml_node **keys;      /* map: keys (scalars), as many as items */
    size_t count;
    bool used; /* set by yaml_get; yaml_check_used reports keys nobody asked for */
};

/* Parses `text`; `name` (a file's name) is put before errors. The tree lives in the arena. An
 * empty text gives an empty map. A key that stands twice in one map is an error. */
MUST_USE bool yaml_parse(struct arena *arena, struct str text, const char *name,
                         struct yaml_node **out, struct err *err);

/* The value of `key` in a map, or NULL when it is absent (or `map` is NULL or no map). */
struct yaml_node *yaml_get(struct yaml_node *map, const char *key);

/* Scalar readers; false with an error that names file, line and what was expected. `name` as in
 * yaml_parse. yaml_text_or gives `otherwise` when the key is absent. */
MUST_USE bool yaml_text(struct yaml_node *map, const char *key, const char *name, struct str *out,
                        struct err *err);
MUST_USE bool yaml_text_or(struct yaml_node *map, const char *key, const char *name,
                           struct str otherwise, struct str *out, struct err *err);
MUST_USE bool yaml_integer_or(struct yaml_node *map, const char *key, const char *name,
                              int64_t otherwise, int64_t *out, struct err *err);
MUST_USE bool yaml_decimal_or(struct yaml_node *map, const char *key, const char *name,
                              double otherwise, double *out, struct err *err);
MUST_USE bool yaml_bool_or(struct yaml_node *map, const char *key, const char *name,
                           bool otherwise, bool *out, struct err *err);

/* A list of scalars under `key` (a single scalar counts as a list of one, an absent key as none).
 */
MUST_USE bool yaml_texts(struct arena *arena, struct yaml_node *map, const char *key,
                         const char *name, struct str **out, size_t *count, struct err *err);

/* False, naming the first key in the tree that no yaml_get asked for: a misspelt setting is an
 * error, never silently ignored. */
MUST_USE bool yaml_check_used(const struct yaml_node *node, const char *name, struct err *err);

/* err_set with "NAME:LINE:COLUMN: " before the sentence. Always returns false. */
bool yaml_fail(const struct yaml_node *node, const char *name, struct err *err, const char *en,
               const char *zh);

#endif
