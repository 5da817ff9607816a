#ifndef LINK_LIBRARY_H
#define LINK_LIBRARY_H

#include "base/dict.h"
#include "base/list.h"
#include "link/match_tables.h"
#include "link/sweep.h"

#include <baoxue/link.h>

/* The inside of libbaoxue (include/baoxue/link.h is its manual): library.c takes spec and records,
 * library_result.c links and gives results. */

struct library_list {
    struct arena arena; /* rows and their texts, until prepare */
    struct match_table table;
    size_t capacity;
};

struct baoxue_link {
    struct arena arena; /* the handle, the spec, the engine and its results */
    struct arena given; /* texts given out, until the next call that gives some */
    struct link_spec *spec;
    struct match_wanted wanted;
    const char **names; /* of wanted, zero-terminated */
    struct library_list lists[2];
    bool prepared, ran;
    struct match match;
    LIST(struct link_decision) decisions; /* each pair once */
    struct u64_map decided;               /* number of the decision by its two records */
    const struct link_model *model;       /* NULL: none yet */
    const char *model_text;
    bool keyed;                        /* runs leave a state */
    const struct link_state *previous; /* to rest on; NULL: none */
    struct str state;                  /* of the last run; empty until asked for */
    uint32_t *members, *member_starts; /* records by cluster; NULL until asked for */
    uint32_t threads;
    struct progress progress;
    baoxue_link_progress callback;
    void *callback_context;
};

/* Fills *error, unless NULL, and gives its status. */
enum baoxue_link_status library_fail(const struct err *err, struct baoxue_link_error *error);
enum baoxue_link_status library_misuse(struct baoxue_link_error *error, const char *en,
                                       const char *zh);

#endif
