#ifndef JOBS_SNAPSHOT_H
#define JOBS_SNAPSHOT_H

#include "jobs/risk.h"
#include "jobs/stages.h"
#include "jobs/task.h"

/* What the console shows, made ready: the linked people, the findings with their entries, batches,
 * schools and a search index, for the newest day of the workspace and as known when it was made. A
 * snapshot never changes; whatever changes statements or decisions wishes for a new one, which
 * takes the place of the old when it is done. Who has taken an old one keeps it until they release
 * it.
 *
 * A hub makes snapshots, one at a time, through a workspace handle of its own, and hands them out.
 * All functions of the hub may be called by any thread, those that open and close it excepted. */

/* A school of the schools register, or one that only records name. */
struct snapshot_school {
    struct str code; /* 10 digits; empty when it is only named */
    struct str name;
    struct str area;      /* division code, may be empty */
    struct str kind;      /* as the schools register writes it; may be empty */
    struct str stages;    /* keys of stages on its rolls, ";" between, in the order of first
                             appearance */
    uint64_t on_roll;     /* persons with an enrolled record */
    uint64_t attending;   /* persons whom the school counts among those present */
    uint64_t findings;    /* about persons who have a record at the school */
    bool listed;          /* in the schools register */
    bool unreported;      /* a finding says that its list is missing */
    int64_t last_file_ms; /* when the newest live file of its own came in; 0: none */
};

/* Name and number of the record that a finding shows, as its register writes the name; the number
 * as understood. */
struct snapshot_who {
    struct str name, id_number;
};

/* The persons of one area, each in the area that stands for it. */
struct snapshot_area {
    uint64_t persons;
    uint64_t standings[STANDING_COUNT]; /* of them */
};

struct search;

struct snapshot {
    struct arena arena;
    int64_t number;   /* 1, 2, 3 … since the hub was opened */
    int64_t made_ms;  /* moment of knowledge */
    int64_t revision; /* registry_revision when it was made */
    int64_t took_ms;  /* how long the making took */
    day at;           /* DAY_NONE: the workspace holds nothing yet, and all lists are empty */
    const struct workspace *workspace; /* profiles, divisions and rules; its store is the hub's */
    struct check_run run;
    struct risk_list risk;
    struct batch *batches; /* by number; all of them, taken back ones too */
    size_t batch_count;
    struct review_item *reviews; /* in the order of review_list, whoever asks */
    size_t review_count;
    struct snapshot_who *whos;    /* by finding */
    uint32_t *findings_by_number; /* findings in the order of their entries' numbers */
    uint32_t *finding_first;      /* by person, and one more: where its findings begin in … */
    uint32_t *finding_of;         /* … here */
    uint32_t *register_ranks;     /* by register: the lower, the sooner it speaks for a person */
    uint32_t *shown;              /* by person: the record that speaks for it */
    uint32_t *person_areas; /* by person: number in people.texts[PERSON_AREA] of its area: where
                               the check counts it, else of the record shown, else of the
                               first that has one */
    struct snapshot_area *areas;     /* by number in people.texts[PERSON_AREA] */
    uint32_t *person_ranks;          /* by person: its place when all stand by area, then number */
    uint32_t *record_schools;        /* by record: in schools, or UINT32_MAX */
    struct snapshot_school *schools; /* by area, code and name */
    size_t school_count;
    struct search *search;
};

/* Makes a snapshot of the workspace, linking and checking where that is not current. *out owns its
 * memory; snapshot_free gives it back. Errors as job_check; an empty workspace is no error. */
MUST_USE bool snapshot_make(struct workspace *workspace, const struct progress *progress,
                            struct snapshot **out, struct err *err);
void snapshot_free(struct snapshot *snapshot); /* NULL accepted */

/* Who a record is: as understood, and as its register writes name and number. Texts are borrowed
 * from `people` or live in the arena. ERR_STORE. */
MUST_USE bool snapshot_who_read(struct registry *registry, struct arena *arena,
                                const struct people *people, uint32_t record,
                                struct snapshot_who *understood, struct snapshot_who *written,
                                struct err *err);

/* The number in persons of the person with this stable number, or UINT32_MAX. */
uint32_t snapshot_person(const struct snapshot *snapshot, int64_t number);

/* The place in run.findings of the finding with this number, or SIZE_MAX. */
size_t snapshot_finding(const struct snapshot *snapshot, int64_t number);

/* The batch with this number, or NULL. */
const struct batch *snapshot_batch(const struct snapshot *snapshot, int64_t number);

/* The school with this code, or NULL. */
const struct snapshot_school *snapshot_school(const struct snapshot *snapshot, struct str code);

struct snapshot_hub;

/* Opens the workspace for the hub (as workspace_open, which gives the errors). No snapshot is made
 * yet. */
MUST_USE bool snapshot_hub_open(struct snapshot_hub **out, const struct workspace_options *options,
                                struct err *err);

/* Lets go of the newest snapshot. No refresh may be running (close the tasks first), and all
 * snapshots that were taken must have been released (CHECKed). NULL accepted. */
void snapshot_hub_close(struct snapshot_hub *hub);

/* Makes a snapshot now, on this thread, and puts it in the place of the one before. One at a time:
 * waits for another that is running. On failure the old one stays. */
MUST_USE bool snapshot_hub_refresh(struct snapshot_hub *hub, const struct progress *progress,
                                   struct err *err);

/* Has one made in the background, as a task of kind "refresh" that everybody may ask about, behind
 * what is in the queue already. Wishes that come before it begins are one task; one that comes
 * while it runs is another. *number is the task's. Errors as task_start. */
MUST_USE bool snapshot_wish(struct snapshot_hub *hub, struct tasks *tasks, int64_t *number,
                            struct err *err);

/* What is done each time a snapshot was made in the background, on the thread of the tasks: to be
 * set before the first is wished for. */
struct snapshot_then {
    void (*made)(void *context, struct tasks *tasks, day at);
    void *context;
};
void snapshot_hub_then(struct snapshot_hub *hub, const struct snapshot_then *then);

/* The newest snapshot, or NULL when none was made yet; to be released soon. */
const struct snapshot *snapshot_take(struct snapshot_hub *hub);
void snapshot_release(struct snapshot_hub *hub, const struct snapshot *snapshot); /* or NULL */

/* How the hub stands. */
struct snapshot_state {
    int64_t number, made_ms; /* of the newest snapshot; 0: none yet */
    day at;
    bool refreshing;                 /* one is being made or wished for */
    const char *stage_en, *stage_zh; /* of the making; "" when none */
    uint64_t done, total;
    struct err error; /* of the last refresh; kind ERR_NONE when it succeeded */
};
void snapshot_hub_state(struct snapshot_hub *hub, struct snapshot_state *out);

#endif
