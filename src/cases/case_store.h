#ifndef CASES_CASE_STORE_H
#define CASES_CASE_STORE_H

#include "cases/duty.h"

/* Cases on disk. The module's tables: case_event (only grows; the fields of an event are sealed),
 * and what is worked out from it: case_file and case_step; case_run. Whoever reads cases gives who
 * asks: they see those of their areas (where the case is now, or where the registers place the
 * child), and of their school. */

/* What reading and writing cases needs; borrowed, lives in the caller's arena. */
struct casework {
    struct registry *registry;
    const struct procedures *procedures;
    const struct chains *chains;
    struct holders holders;
};

/* Reads who answers as of `when`; what is given stays the caller's. */
MUST_USE bool casework_open(struct casework *out, struct arena *arena, struct registry *registry,
                            const struct procedures *procedures, const struct chains *chains,
                            struct read_at when, struct err *err);

/* The module's tables at their newest version. ERR_STORE. */
MUST_USE bool case_migrate(struct store *store, struct err *err);

/* A case with all its events. */
struct case_file {
    int64_t number;
    const struct procedure *procedure;
    struct case_event *events; /* by version */
    size_t event_count;
    struct case_state state; /* on the day asked about */
};

/* Reads one. ERR_NOT_FOUND also when the asker may not see it, or it was not open yet. */
MUST_USE bool case_read(const struct casework *work, struct arena *arena, const struct asker *asker,
                        int64_t number, day at, struct case_file *out, struct err *err);

/* Adds events to a case, or opens one with them (*number 0, the first is EVENT_OPENED; *number is
 * set). Their versions are set here. Works out what follows from them. Inside the caller's
 * transaction. ERR_LIMIT, ERR_STORE, ERR_CONFLICT when the child has a case under this procedure
 * already. */
MUST_USE bool case_append(const struct casework *work, struct arena *arena,
                          const struct procedure *procedure, int64_t *number,
                          struct case_event *events, size_t count, struct err *err);

/* One line of a list of cases, from case_file. */
struct case_row {
    int64_t number, person, version;
    const struct procedure *procedure; /* NULL when its text is not there any more */
    struct str procedure_key, unit;
    enum case_status status;
    struct str state; /* key */
    struct str name, id_masked, birth, area, stated_area, school, school_code;
    struct str kinds, queue, reason, findings, outcome, settle;
    day opened, reopened, confirmed, returned, closed, last_contact;
    day due;             /* earliest day of a step owed (of the role, where one is asked for) */
    struct str step;     /* key of that step */
    struct str position; /* with whom it lies (the first, or the role's); empty when nothing is */
    int level;           /* how often that came up the chain */
    bool found, unfound;
    int64_t relapses, contacts;
};

struct case_filter {
    struct str area;      /* empty: all that the asker sees */
    struct str procedure; /* key; empty: all */
    int role;             /* enum role with whom a step lies on day `at`; -1: any */
    int status;           /* enum case_status; -1: all that are not closed; -2: all */
    day due;              /* only what is due on or before it; DAY_NONE: all */
    day at;               /* the day asked about */
    int64_t person;       /* 0: all */
    size_t skip, most;    /* of the lines that fit; most 0: all */
    bool bare;            /* with whom a step lies is not asked */
};

/* Lines sorted by due day (nothing owed last), then number; texts in the arena. */
MUST_USE bool case_list(const struct casework *work, struct arena *arena, const struct asker *asker,
                        const struct case_filter *filter, struct case_row **out, size_t *count,
                        struct err *err);

/* Works out anew what follows from the events and the texts, for all cases: in the caller's
 * transaction. *changed counts those whose line was other. */
MUST_USE bool case_rebuild(const struct casework *work, struct arena *arena, uint64_t *changed,
                           struct err *err);

/* Whether the asker sees a case of this area, stated area and school. */
bool case_is_seen(const struct asker *asker, struct str area, struct str stated_area,
                  struct str school_code);

#endif
