#ifndef JOBS_PERSON_TOLD_H
#define JOBS_PERSON_TOLD_H

#include "findings/told_store.h"
#include "jobs/stages.h"
#include "link/people_near.h"

/* What is known of one person, for whoever asks about one at a time. Each check over all areas
 * leaves behind what it told of everybody (findings/told_store.h) and what a look at one person
 * needs to know of all (link/people_near.h). As long as nothing has changed on which that rests
 * (the day, the files, the links, decisions about them, by which rules aid is decided, what was
 * paid; of this person's own cases: what happened in them), a question
 * is answered from it: the rows of the person and of whoever comes near are read by their numbers,
 * some hundred, and nothing else. Else a check of everybody is made, as job_check, which leaves it
 * behind anew. Both give the same answer. */

/* The state of the workspace, as check_run keeps it. ERR_STORE. */
MUST_USE bool job_check_state(struct workspace *workspace, struct check_state *out,
                              struct err *err);

/* What is to be kept of a check over all areas, made before the transaction in which it is kept:
 * people_near_pack, facts_pack. In the arena. ERR_STORE. */
struct told_packed {
    struct near_packed *near;
    struct facts_packed *facts; /* NULL: aid is decided of nobody */
};
MUST_USE bool job_told_pack(struct workspace *workspace, struct arena *arena,
                            const struct check_run *run, struct told_packed **out, struct err *err);

/* Keeps it of a check over all areas whose findings have their entries, as known now; inside the
 * caller's transaction. Nothing is kept when somebody wrote what the check rests on since it began
 * to read. ERR_STORE. */
MUST_USE bool job_told_save(struct workspace *workspace, const struct check_run *run,
                            const struct told_packed *packed, struct err *err);

/* Forgets all of it that is sealed, inside the caller's transaction: the next check keeps it anew.
 * ERR_STORE. */
MUST_USE bool job_told_forget(struct store *store, struct err *err);

/* The links that a check of everybody left, when a question of how things are known now may be
 * answered from it: the asker sees every row. The one place where this is decided; inside the
 * transaction in which what is kept is read. *near is NULL when it may not, and where
 * people_near_open says so. Errors as people_near_open. */
MUST_USE bool job_open_kept(struct workspace *workspace, struct arena *arena,
                            const struct asker *asker, struct read_at when,
                            struct people_near **near, struct err *err);

/* After a look at what is kept failed: what cannot be opened is thrown away, for all it says is
 * told by a check. Any other failure is one: false with *err. */
MUST_USE bool job_forget_damaged(struct store *store, const struct people_near *near,
                                 const struct err *why, struct err *err);

/* Whom a question means: exactly one of the three is set. */
struct person_wanted {
    int64_t number;       /* 0: not a person's number */
    struct str id_number; /* canonical */
    struct str name;      /* clean */
};

struct person_question {
    struct read_at when;
    bool now; /* `when` is as known now: no moment was asked for */
    struct person_wanted wanted;
    /* Finds the person among people who hold, at least, whoever may be meant; for a number that
     * ended also those to whom it leads. */
    bool (*find)(void *context, const struct people *people, uint32_t *person, struct err *err);
    void *context;
};

struct person_told {
    const struct people *people; /* the person and whoever comes near, or everybody */
    uint32_t person;             /* in people->persons */
    struct told_finding *findings;
    size_t finding_count;
    const struct weigher *weigher;
    uint32_t nearest; /* the record that a finding names as nearest, else the nearest of all; in
                         people->records, UINT32_MAX: none */
    const struct policy *policy; /* that words reasons of aid; NULL: none does */
    bool by_index;               /* not everybody was read */
};

/* What a check of everybody tells of one of its people. In the arena; borrows the run. */
void job_person_of_check(struct arena *arena, const struct check_run *run, uint32_t person,
                         struct person_told *out);

/* Who sees only some areas is answered by a check of these, unless all that there is lies in them
 * (job_open_kept): then what is kept says the same, but for the numbers of findings, which such
 * a check does not give (0). Errors as `find`, job_check. */
MUST_USE bool job_person_told(struct workspace *workspace, struct arena *arena,
                              const struct asker *asker, const struct person_question *question,
                              const struct progress *progress, struct person_told *out,
                              struct err *err);

/* The people that a question about a few needs, linked, in the order in which the whole has them:
 * by index where links are kept that are true of `when` and `now`, else everybody, as job_link.
 *
 *   job_people_around      a person and whoever shares a key with them, the household among them
 *   job_people_doubtful    whoever has a record in a doubtful or decided pair: for review_list
 *
 * Errors as job_link. */
struct people_question {
    struct read_at when;
    bool now;       /* as in person_question */
    int64_t person; /* of job_people_around; may be in force no more */
};
MUST_USE bool job_people_around(struct workspace *workspace, struct arena *arena,
                                const struct asker *asker, const struct people_question *question,
                                const struct progress *progress, struct people *out,
                                struct err *err);
MUST_USE bool job_people_doubtful(struct workspace *workspace, struct arena *arena,
                                  const struct asker *asker, const struct people_question *question,
                                  const struct progress *progress, struct people *out,
                                  struct err *err);

#endif
