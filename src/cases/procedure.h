#ifndef CASES_PROCEDURE_H
#define CASES_PROCEDURE_H

#include "base/day.h"
#include "findings/check.h"
#include "findings/reason.h"

/* A procedure as text: policies/PACK/procedures/KEY.yaml says which findings open a case, which
 * states it goes through, who owes which step by when, what a verification may come to, and what
 * evidence ends it (docs/cases.md describes the format). The engine knows no procedure by name.
 * Days are parameters; a later pack changes them in local.yaml without copying the procedure. */

enum {
    PROCEDURES_MAX = 32,
    PROCEDURE_STEPS_MAX = 32,
    PROCEDURE_OUTCOMES_MAX = 64,
    PROCEDURE_DAYS_MAX = 3660,
};

/* What a state means to the engine: suspected by the program, confirmed by a named person, back
 * and being watched, closed with its outcome. */
enum case_status { CASE_SUSPECTED, CASE_CONFIRMED, CASE_RETURNED, CASE_CLOSED, CASE_STATUS_COUNT };

/* A state as people call it, and what it means. */
struct procedure_state {
    struct str key, zh, en;
    enum case_status is;
};

/* What a step's days are counted from: the day of the last (re)opening, of confirmation, of the
 * return, or the day on which another step was done. */
enum step_from { STEP_FROM_OPENED, STEP_FROM_CONFIRMED, STEP_FROM_RETURNED, STEP_FROM_STEP };

/* What does a step: any real contact with the family; a contact at the home; a verdict (confirmed,
 * or an outcome); only what is recorded under the step's key (a paper of that step is, too). A
 * record under its key does any step. */
enum step_done_by { STEP_BY_CONTACT, STEP_BY_VISIT, STEP_BY_VERDICT, STEP_BY_RECORD };

struct procedure_step {
    struct str key, zh, en;
    struct str *owes; /* keys of positions (chain.h), the first answers for it; at least one */
    size_t owes_count;
    enum step_from from;
    size_t from_step;   /* of STEP_FROM_STEP: an earlier step */
    int64_t days;       /* from that day on, 0 … PROCEDURE_DAYS_MAX */
    bool working;       /* counted in working days */
    int64_t again_days; /* owed again so many days after it was done; 0: once */
    uint32_t during;    /* bits (1 << enum case_status) in which it is owed */
    uint32_t queues;    /* bits (1 << enum queue) of findings that ask for it; 0: all */
    enum step_done_by done_by;
    struct str
        state; /* key of the state in which the case is once the step is done; may be empty */
    struct str paper;                    /* key of the paper that goes with it; may be empty */
    struct str evidence_zh, evidence_en; /* what is asked as proof; may be empty */
    struct str *laws;
    size_t law_count;
    struct str confidence; /* "建议值" and the like, where the days rest on no text of law */
};

/* What a verification came to (核查结果). */
struct procedure_outcome {
    struct str code, zh, en;
    bool closes; /* else it confirms: the child is truly missing, or keeps being looked for */
    bool needs_evidence;                 /* a text or a file must come with it */
    struct str evidence_zh, evidence_en; /* which */
    int64_t holds_days; /* findings that still stand do not reopen the case for so long; -1: ever */
    struct str next;    /* key of the procedure that follows for the child; may be empty */
    struct str next_queue; /* whose work that is; empty: no finding's */
};

/* What a run sees of a subject whose findings are gone. */
enum settle_by {
    SETTLE_BY_PRESENT,  /* a school counts the child among those present */
    SETTLE_BY_ON_ROLL,  /* on a roll */
    SETTLE_BY_FINISHED, /* compulsory schooling finished */
    SETTLE_BY_LAWFUL,   /* a lawful reason, one of `reasons` (all when none is named) */
    SETTLE_BY_GONE,     /* no longer expected here by a record, one of `reasons` */
    SETTLE_BY_OVER_AGE, /* older than compulsory-school age */
    SETTLE_BY_ABSENCE,  /* the finding alone: of data, what is no longer found is repaired */
    SETTLE_BY_COUNT,
};

/* Evidence in the registers that ends a case; the first that fits counts. */
struct procedure_settle {
    enum settle_by by;
    struct str *reasons; /* keys of compulsory.yaml's reasons */
    size_t reason_count;
    uint32_t kinds;     /* bits of enum finding_kind: only a case of these kinds alone; 0: any */
    uint32_t during;    /* bits of enum case_status */
    struct str outcome; /* code under which it closes */
    int64_t watch_days; /* first watched for so long (state `returned`); 0: closes at once */
};

/* A finding that opens a case: of this kind, in one of these queues (0: all). */
struct procedure_opening {
    enum finding_kind kind;
    uint32_t queues;
};

struct procedure {
    struct str key, zh, en;
    struct str file; /* for messages */
    struct procedure_opening *openings;
    size_t opening_count;
    struct str *lawful; /* reasons that open a case for who has them: taught at home */
    size_t lawful_count;
    struct procedure_state *states;
    size_t state_count;
    struct procedure_step *steps;
    size_t step_count;
    struct procedure_outcome *outcomes;
    size_t outcome_count;
    struct procedure_settle *settles;
    size_t settle_count;
    int64_t escalate_days; /* overdue for so long, a step lies with the next in the chain as well */
    bool escalate_working;
};

/* A word that people choose when they write down what they did (contacts.yaml). */
struct procedure_word {
    struct str key, zh, en;
    bool home;        /* of a way: at the child's home */
    bool not_reached; /* of a result: nobody was reached, so it is an attempt and no contact */
};

/* Such words, in the order of the text. */
struct procedure_words {
    struct procedure_word *items;
    size_t count;
};

/* A day that the government moved: a holiday on a weekday, or a working day on a weekend. */
struct workday_change {
    day from, to;
    bool works;
};

struct procedures {
    struct procedure *items; /* by key */
    size_t count;
    struct workday_change *workdays;
    size_t workday_count;
    struct procedure_words ways, results; /* of a contact */
    struct procedure_words fields;        /* of a case, kept by people */
    struct str chain;                     /* key of the chain in use (chain.h) */
    struct reason_step *steps;            /* of all procedures, for the words of findings */
    size_t step_count;
    struct str hash; /* of all texts, in hexadecimal: duties are worked out anew when it changes */
};

/* Loads all procedures, workdays.yaml and contacts.yaml of the embedded packs, or of `folder`, with
 * what later packs' local.yaml changes. ERR_INPUT with file, line and column: an unknown kind,
 * queue, state, position, step or key is an error, and so is a step that nobody owes, a status
 * without a state, or a settlement under an outcome that does not close. Positions are checked by
 * chains_load. */
MUST_USE bool procedures_load(struct procedures *out, struct arena *arena, const char *folder,
                              struct err *err);

/* NULL when there is none. */
const struct procedure *procedure_find(const struct procedures *procedures, struct str key);
const struct procedure_state *procedure_state_find(const struct procedure *procedure,
                                                   struct str key);
const struct procedure_outcome *procedure_outcome_find(const struct procedure *procedure,
                                                       struct str code);
int procedure_step_find(const struct procedure *procedure, struct str key); /* or -1 */

/* The first state that means this. */
const struct procedure_state *procedure_state_of(const struct procedure *procedure,
                                                 enum case_status status);

/* The procedure that a finding opens a case of, or NULL; findings of kinds that none names open
 * none. */
const struct procedure *procedure_of_finding(const struct procedures *procedures,
                                             enum finding_kind kind, enum queue queue);

/* NULL when there is none. */
const struct procedure_word *procedure_word_find(const struct procedure_words *words,
                                                 struct str key);

/* `count` days behind `from`, calendar or working days. A working day is Monday to Friday and no
 * holiday, or a weekend day that was made one. */
day procedure_day_after(const struct procedures *procedures, day from, int64_t count, bool working);

/* "suspected" "confirmed" "returned" "closed"; or -1. */
const char *case_status_key(enum case_status status);
const char *case_status_text(enum case_status status, enum lang lang);
int case_status_of(struct str key);

#endif
