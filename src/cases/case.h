#ifndef CASES_CASE_H
#define CASES_CASE_H

#include "cases/procedure.h"

/* A case: one child (or one school or office) under one procedure. All that happened stands in its
 * events, which are only ever added; what the case *is* follows from them alone, by case_replay, a
 * pure function of the procedure's text and the events. Tables beside hold the outcome of that for
 * quick lists and can be thrown away and made again (case_store.h). */

enum {
    CASE_EVENTS_MAX = 10000,     /* of one case */
    CASE_FIELDS_MAX = 64,        /* of one event */
    CASE_VALUE_BYTES_MAX = 8192, /* of one field */
};

/* What happened. Fields are named by what stands behind; what came from a case sheet has `note` and
 * `evidence` besides, and `sheet` and `sheet_hash` (case_unpack.h). */
enum case_event_kind {
    EVENT_OPENED,      /* by a run: person or unit; facts: name id birth area school school_code
                         kinds queue reason findings */
    EVENT_FACTS,       /* by a run: what the registers now say differently of those fields */
    EVENT_FOUND,       /* by a run: the findings stand again (missing again while watched) */
    EVENT_UNFOUND,     /* by a run: the findings are gone, and no evidence says why */
    EVENT_CONTACT,     /* way who said result file file_hash step */
    EVENT_CONFIRMED,   /* by a person: outcome (one that does not close) why */
    EVENT_STEP,        /* a step was done: step note file file_hash */
    EVENT_RETURNED,    /* the child is back: by settle outcome evidence, or by a person: evidence */
    EVENT_CLOSED,      /* outcome evidence file file_hash settle */
    EVENT_REOPENED,    /* by a run: cause (relapse, not_shown); by a person: why */
    EVENT_TRANSFERRED, /* area why; school, where it is named */
    EVENT_SET,         /* fields that people keep of the case, keys of procedures.fields */
    EVENT_ATTACHED,    /* a paper or picture that belongs to the case: file file_hash note */
    EVENT_PAPER,       /* paper number file file_hash step served way */
    EVENT_MERGED,      /* into: this person is another's (the case of that one goes on) */
    EVENT_PERSON,      /* person: the number under which the person goes on */
    EVENT_KIND_COUNT,
};

/* One thing that an event says. */
struct case_field {
    struct str key, value;
};

struct case_event {
    int64_t version; /* 1, 2, 3 … in the case */
    enum case_event_kind kind;
    day on;              /* the day that it speaks of */
    int64_t recorded_ms; /* when it was written down */
    struct str user;     /* who; "check" for what a run saw */
    struct case_field *fields;
    size_t field_count;
};

/* How a step stands. */
enum step_standing {
    STEP_NOT_YET, /* nothing has set off its days */
    STEP_OWED,
    STEP_DONE,
    STEP_LAPSED, /* was owed, is not any more in this status; or the finding does not ask for it */
};

struct case_step {
    enum step_standing standing;
    day since;            /* first day on which it is owed; of a step done: of its last time */
    day due;              /* last day; DAY_NONE when not yet */
    day done;             /* last time it was done, or DAY_NONE */
    int64_t done_version; /* of the event that did it; 0 */
};

/* What the events come to. Texts are borrowed from the events. */
struct case_state {
    const struct procedure *procedure;
    enum case_status status;
    const struct procedure_state *state;
    int64_t version;                 /* of the last event; what a person has seen when they write */
    int64_t state_version;           /* of the last event that changed status, state or area */
    day opened;                      /* first */
    day reopened;                    /* last (re)opening: what steps count from */
    day confirmed, returned, closed; /* since the last (re)opening; DAY_NONE */
    bool found;        /* the findings stand, by the last run that said something of it */
    bool unfound;      /* gone without evidence since */
    uint32_t relapses; /* times missing again after a return or a closing by evidence */
    int64_t contacts;  /* of all time */
    day last_contact;
    struct str outcome; /* code of the last outcome given; empty */
    struct str settle;  /* of a closing or return by evidence: which (settle_by_key) */
    struct str name, id_masked, birth, school, school_code, kinds, queue, reason, findings;
    struct str stated_area; /* division code by the registers */
    struct str area;        /* whose work it is: where a person moved the case, else the stated */
    struct str unit;        /* key of the school or office where it is no child's; else empty */
    int64_t person;         /* number; 0: of a school or office */
    int64_t merged_into;    /* case that goes on for this one; 0 */
    struct case_step steps[PROCEDURE_STEPS_MAX]; /* as procedure->steps */
};

/* Works out the state on day `at` from the events on or before it, in order of version. Events
 * recorded later about earlier days count where they stand in order. ERR_CONFLICT when the events
 * do not begin with an opening. */
MUST_USE bool case_replay(const struct procedures *procedures, const struct procedure *procedure,
                          const struct case_event *events, size_t count, day at,
                          struct case_state *out, struct err *err);

/* The value of a field of an event; empty when it is not there. */
struct str case_event_get(const struct case_event *event, const char *key);

/* Whether the event is a real contact with the family: one that reached somebody, by whatever way,
 * or a paper served in person (field served: "yes"). An attempt that reached nobody is none. */
bool case_event_is_contact(const struct procedures *procedures, const struct case_event *event);

/* The last value that people gave a field of the case (EVENT_SET); empty when none. */
struct str case_field_value(const struct case_event *events, size_t count, const char *key);

/* "opened"; "立案" and "opened". Or -1. */
const char *case_event_key(enum case_event_kind kind);
const char *case_event_text(enum case_event_kind kind, enum lang lang);
int case_event_of(struct str key);

/* "present" "on_roll" …; and their words. */
const char *settle_by_key(enum settle_by by);
const char *settle_by_text(enum settle_by by, enum lang lang);
int settle_by_of(struct str key); /* or -1 */

#endif
