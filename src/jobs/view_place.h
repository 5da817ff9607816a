#ifndef JOBS_VIEW_PLACE_H
#define JOBS_VIEW_PLACE_H

#include "jobs/view.h"

/* Counts by place: the summary of an area, the tree of areas, villages, schools and registers. */

struct view_area {
    struct str code, name;
    const char *level; /* "prefecture", "county", "township" or "village" */
    struct str parent; /* empty at the top of what the asker sees */
    uint64_t persons;
    uint64_t expected;
    uint64_t standings[STANDING_COUNT];
    uint64_t findings[FINDING_KIND_COUNT];
};

/* The divisions in which persons of the snapshot live or findings lie, as far as the asker sees
 * them, each with what is counted inside it; by code, so that a parent stands before its children.
 * Codes that no table of divisions knows are counted in the known ones above them. */
void view_areas(const struct view *view, struct view_area **out, size_t *count);

/* Findings of one kind, queue and status: how many, and how many of them are expected to be true.
 */
struct view_finding_count {
    enum finding_kind kind;
    enum queue queue;
    enum finding_status status;
    uint64_t count;
    uint64_t expected_true_ppm; /* sum of their probabilities */
};

struct view_summary {
    uint64_t expected;
    uint64_t standings[STANDING_COUNT];
    struct view_finding_count *findings; /* by kind, queue, status; only what is there */
    size_t finding_count;
    struct view_area *areas; /* the divisions right below the area asked about */
    size_t area_count;
    uint64_t reviews;       /* doubtful pairs that wait, as of the snapshot */
    int64_t last_import_ms; /* 0: none */
    uint64_t rejected;      /* rows of live batches that were not taken */
};

/* Of what the asker sees inside `area` (empty: everything; a school's asker: its pupils). */
void view_summary(const struct view *view, struct str area, struct view_summary *out);

/* Villages with expected children or findings, inside `area` (empty: all the asker's), by code. */
struct view_village {
    struct str code, name, township;
    uint64_t expected, findings;
};
void view_villages(const struct view *view, struct str area, const struct view_page *page,
                   struct view_village **out, size_t *count, size_t *total);

/* Schools that are listed or have pupils, inside `area`, whose name or code contains `text`; by
 * area, code and name. */
void view_schools(const struct view *view, struct str area, struct str text,
                  const struct view_page *page, const struct snapshot_school ***out, size_t *count,
                  size_t *total);

/* The first `most` schools that have a code, with `text` in name or code, by area, code and name:
 * where a user's school is chosen. Names of schools are nobody's secret, so every asker gets all
 * of them; nothing is counted. */
void view_school_names(const struct view *view, struct str text, size_t most,
                       const struct snapshot_school ***out, size_t *count);

/* A register and what is loaded of it. */
struct view_register {
    const struct profile *profile;
    uint64_t statements, batches;
    int64_t last_import_ms; /* 0: none */
    day newest_day;         /* that a live batch speaks of */
};
MUST_USE bool view_registers(const struct view *view, struct view_register **out, size_t *count,
                             struct err *err);

#endif
