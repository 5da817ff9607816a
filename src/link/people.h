#ifndef LINK_PEOPLE_H
#define LINK_PEOPLE_H

#include "base/dict.h"
#include "base/progress.h"
#include "link/engine.h"
#include "registry/registry.h"

/* The people of a workspace: all live statements of the people registers, and who is the same
 * person. `people_read` brings them into memory, dictionary-coded; `people_link` links them with
 * the engine and writes link and person tables; the checks read the same structure.
 *
 * Records are ordered by register key, then statement number; persons by number. Person numbers
 * are stable: a person keeps the number under which most of its statements were known, and numbers
 * are never used again. */

/* Fields that linking and checks read, by the key of profile.h. */
enum person_field {
    PERSON_NAME,
    PERSON_ID_NUMBER,
    PERSON_BIRTH_DATE,
    PERSON_SEX,
    PERSON_NATION,
    PERSON_STUDENT_NUMBER,
    PERSON_SCHOOL_NAME,
    PERSON_SCHOOL_CODE,
    PERSON_STAGE,
    PERSON_GRADE,
    PERSON_CLASS,
    PERSON_STATUS,
    PERSON_HOUSEHOLD_NUMBER,
    PERSON_HEAD_NAME,
    PERSON_HEAD_ID,
    PERSON_RELATION,
    PERSON_GUARDIAN_NAME,
    PERSON_GUARDIAN_ID,
    PERSON_GUARDIAN2_NAME,
    PERSON_GUARDIAN2_ID,
    PERSON_PHONE,
    PERSON_AREA,
    PERSON_VILLAGE,
    PERSON_FROM,
    PERSON_TO,
    PERSON_REASON,
    PERSON_FIELD_COUNT,
};

/* What the ID number written in a row is worth as this person's number. */
enum person_id_kind {
    PERSON_ID_NONE,        /* nothing written, damaged, or a document of another kind */
    PERSON_ID_OWN,         /* valid, and nothing in the row speaks against it */
    PERSON_ID_WRONG,       /* 18 characters, check character or day wrong: mistyped */
    PERSON_ID_DOUBTFUL,    /* valid, but somebody else's by what the row says: born on quite another
                              day than stated, an adult's in a list of children, the guardian's */
    PERSON_ID_SCHOOL_MADE, /* of a J student number: valid check character, belongs to nobody */
};

/* Where a record's day of birth comes from, the surest last. */
enum person_birth_source {
    PERSON_BIRTH_NONE,
    PERSON_BIRTH_DAMAGED, /* the digits of a number that is mistyped or damaged */
    PERSON_BIRTH_ID,      /* the own ID number */
    PERSON_BIRTH_STATED,
};

struct person_record {
    int64_t statement;
    uint32_t register_number;            /* in people.registers */
    uint32_t person;                     /* number in people.persons, once linked */
    uint32_t values[PERSON_FIELD_COUNT]; /* number in people.texts[field]; 0 is empty */
    uint32_t part; /* 0: the row's own person; 1 …: the nth child named in a FIELD_PEOPLE cell */
    day birth;     /* the day stated, else that of the number; DAY_NONE when neither is a
                      whole day */
    uint16_t birth_year;  /* also where only the year is known; 0: unknown */
    uint8_t id_kind;      /* enum person_id_kind */
    uint8_t birth_source; /* enum person_birth_source */
    bool kin_derived;     /* the guardians are not of this row: they were found among those whom
                             the register lists in the same household */
    bool head_derived;    /* the same of the head of household */
};

struct person {
    int64_t number;        /* stable */
    uint32_t first, count; /* in people.order */
};

struct people {
    struct arena *arena;
    const struct profile **registers;
    size_t register_count;
    struct dict texts[PERSON_FIELD_COUNT]; /* number 0 is always the empty text */
    struct person_record *records;
    size_t record_count;
    struct person *persons;
    size_t person_count;
    uint32_t *order;       /* records by person */
    uint64_t adults_aside; /* rows of adults that were read and not kept */
    bool all_areas;        /* nothing was kept from the asker */
    struct read_at when;
};

/* A person of this age or older on the day asked about is an adult to linking and checks; in a list
 * of children nobody is older than a pupil. */
enum { PERSON_ADULT_YEARS = 25, PERSON_PUPIL_YEARS = 22 };

/* Reads all live statements of the people registers that the asker may see. Where a row states no
 * birth date or sex, those of its own ID number stand in (`birth` also of a damaged one); a G
 * student number stands in for a missing ID number. Adults are counted and set aside
 * (`adults_aside`) except in registers whose rows are all children, where an adult's number is a
 * parent's; so are heads of household and spouses whose birth is not known. Before that, children
 * whose rows name no guardian get the parents whom the register lists in their household. Children
 * named in a FIELD_PEOPLE cell become records of their own, with the row's person as guardian.
 * Persons are not known yet (person_count 0). The structure lives in `arena`. */
MUST_USE bool people_read(struct people *people, struct arena *arena, struct registry *registry,
                          const struct asker *asker, struct read_at when,
                          const struct progress *progress, struct err *err);

/* Who wants to see each row while it is read anyway, for fields that linking does not keep. Called
 * by register number, then statement, as records are ordered; `set_aside`: no record was made of
 * the row itself, for it is an adult's. The statement is borrowed for the call. */
struct people_listener {
    void (*row)(void *context, uint32_t register_number, const struct statement *statement,
                bool set_aside);
    void *context;
};

/* people_read with a listener, who may be NULL. */
MUST_USE bool people_read_heard(struct people *people, struct arena *arena,
                                struct registry *registry, const struct asker *asker,
                                struct read_at when, const struct people_listener *listener,
                                const struct progress *progress, struct err *err);

/* The text of a field of a record; empty when the row does not state it. */
struct str people_text(const struct people *people, uint32_t record, enum person_field field);

/* The place of a person's number in people.persons, once linked; SIZE_MAX when it is not there. */
size_t people_find(const struct people *people, int64_t number);

/* The record by which a linked person is known where nothing else tells: the population's, else the
 * first. */
uint32_t people_shown(const struct people *people, uint32_t person);

/* "birth_date" for PERSON_BIRTH_DATE; and back, -1 for a key that is no field of this list. */
const char *person_field_key(enum person_field field);
int person_field_of(struct str key);

/* The number of a register in `people`, or -1. */
int people_register(const struct people *people, const char *key);

/* The module's tables: person, person_record, link_run, link_model, decision, and those of
 * people_near.h. Makes or grows them. */
MUST_USE bool people_migrate(struct store *store, struct err *err);

struct people_link_options {
    size_t threads;                  /* 0: as many as the machine offers */
    const struct people_listener *listener; /* for who reads the people first; may be NULL */
    const struct progress *progress; /* may be NULL */
    bool train; /* learn a new model and put it in force; else the model in force
                   is used, and the first run learns one */
    bool full;  /* compare everything, also where the run could rest on the one before */
};

/* What a run of people_link changed against the run before. */
struct people_link_result {
    uint64_t records, persons;
    uint64_t persons_new, persons_gone;    /* numbers that began, numbers that ended in a merge */
    uint64_t records_moved;                /* records that changed their person */
    uint64_t pairs_compared, pairs_review; /* doubtful: see people_join */
    struct str model;                      /* name of the model in force: "2020-11-25 #1" */
    bool trained;
    bool resumed; /* rests on the run before: only pairs with a fresh record were compared */
    uint64_t records_fresh; /* new or changed since the run before; all when not resumed */
};

/* What holds a record to its person: the heaviest pair with another record of it. */
struct person_tie {
    uint32_t other; /* record; UINT32_MAX: none */
    int32_t weight_millibits;
};

/* What people_join needs and gives. */
struct people_join {
    size_t threads;
    const struct progress *progress; /* may be NULL */
    const struct link_model *model; /* NULL: learn one, or take the built-in one where there are too
                                       few records to learn from */
    const struct link_decision *decisions;
    size_t decision_count;
    const uint64_t *keys; /* by record: a number that is its own from run to run; NULL: nothing is
                             kept for a next run */
    const struct link_state *previous;   /* of the run before, may be NULL; see link_options */
    const struct link_model *model_used; /* out; with frequencies where keys are given */
    struct str frequencies;              /* out, with keys: those of model_used as bytes */
    struct str state;                    /* out, with keys: for the next run, as bytes */
    struct person_tie *ties;             /* out, with keys: by record */
    bool resumed;                        /* out: see people_link_result */
    uint64_t records_fresh;              /* out */
    bool learnt;                         /* out: model_used was learnt now */
    struct link_pair *doubts;            /* out: pairs left apart at odds no worse than one to nine,
                                            nearest to even first, at most 2000 */
    size_t doubt_count;
    uint64_t pairs_compared; /* out */
};

/* Joins the records of `people` to persons, in memory: fills persons (numbered from 1 in order of
 * their first records), order and each record's person. Same people, model and
 * decisions: same persons for any number of threads. Errors as link_run. */
MUST_USE bool people_join(struct people *people, struct people_join *join, struct err *err);

/* Links: fills persons, order and each record's person; writes link and person tables
 * in one transaction when `people` was read with all areas. Decisions of people_decide hold.
 * Persons are stable from run to run. With the model of the run before it rests on that run and
 * compares only what is new; the outcome is that of comparing everything. Errors as link_run, and
 * ERR_STORE. */
MUST_USE bool people_link(struct people *people, struct registry *registry,
                          const struct people_link_options *options,
                          struct people_link_result *result, struct err *err);

/* Brings back the persons of the last people_link when it was made from the
 * same statements, spec, decisions and day; *current is false, and nothing changes, when it was
 * not. */
MUST_USE bool people_load_links(struct people *people, struct registry *registry, bool *current,
                                struct err *err);

/* Under which numbers the table person_record has the records of a register (the rows' own
 * persons): that of statement n is *first + n * *step. Both are -1 and 0, which no record has, for
 * a register that was never linked. For who joins that table in SQL. */
MUST_USE bool people_record_numbers(struct store *store, struct str register_key, int64_t *first,
                                    int64_t *step, struct err *err);

/* The statements of a register that are a person's own rows by the newest link run, in their order;
 * none for a register that was never linked. In the arena. */
MUST_USE bool person_statements(struct store *store, struct arena *arena, struct str register_key,
                                int64_t person, int64_t **out, size_t *count, struct err *err);

/* Where the links stand that people_load_links brought back: records and persons of `people`, the
 * model in force (text in the arena of `people`) and the doubtful pairs of the last run; what a run
 * changes and compares is 0. */
MUST_USE bool people_link_state(const struct people *people, struct registry *registry,
                                struct people_link_result *out, struct err *err);

/* A record whose link the newest run over all areas changed. */
struct link_change {
    struct str register_key;
    int64_t statement;
    uint32_t part;
    uint32_t record;       /* in people.records; UINT32_MAX when it is not among them */
    int64_t before, after; /* persons' numbers; 0: none */
    /* "new" a record seen for the first time, "pair" a new or changed record somewhere in the two
     * persons, "decision" of somebody, "model" another model, "gone" a statement that is
     * not in force any more: this one (after 0) or another of the person before. */
    struct str why;
    uint32_t other; /* the record of the new person that weighs most with it, or UINT32_MAX */
    int32_t weight_millibits; /* of that pair */
};

/* The changes of the newest run that the asker may see, by register key, statement, part; none
 * after the very first run. Records that are gone are seen by who sees all areas. In people.arena.
 */
MUST_USE bool link_changes(struct people *people, struct registry *registry,
                           const struct asker *asker, struct link_change **out, size_t *count,
                           struct err *err);

/* What became of a person's number: to which numbers its records went. */
struct person_past {
    bool known, ended; /* was ever given; is not in use (any more) */
    int64_t ended_ms;  /* moment of the run that ended it */
    struct person_part {
        int64_t person;   /* the number that they went to */
        uint64_t records; /* how many */
        int64_t at_ms;    /* moment of the run */
        day at;           /* the day that it linked for */
    } * parts;            /* by run, then number */
    size_t part_count;
};
MUST_USE bool person_past(struct arena *arena, struct registry *registry, int64_t number,
                          struct person_past *out, struct err *err);

/* The number under which somebody is known now: the number itself while it is in use, or where its
 * records are gone; else the one that most of its records went to when it ended, and on from there,
 * for that may have ended since. What was decided of a number, or paid under it, is that one's. */
MUST_USE bool person_now(struct arena *arena, struct registry *registry, int64_t number,
                         int64_t *now, struct err *err);

/* All numbers under which whoever is known by `number` now is or was known: `number` among them,
 * ascending. In the arena. */
MUST_USE bool person_numbers(struct arena *arena, struct registry *registry, int64_t number,
                             int64_t **out, size_t *count, struct err *err);

/* A pair that is neither clearly one person nor clearly two, for a person to decide. */
struct review_item {
    int64_t number;         /* stable: of the pair of statements */
    uint32_t record, other; /* in people.records */
    int32_t weight_millibits;
    uint32_t probability_ppm;
    bool joined; /* what the program did meanwhile */
};

/* The doubtful pairs of the last link run that the asker may see and nobody has decided: those that
 * matter most first (nearest to even odds, then by number). Of the pairs between the same two
 * persons the first stands for all; none is there once one of them is decided. */
MUST_USE bool review_list(struct people *people, struct registry *registry,
                          const struct asker *asker, struct review_item **out, size_t *count,
                          struct err *err);

/* The pair of a number whose records are in `people`, whether it waits, was decided, or is in doubt
 * no more; whoever asks. ERR_NOT_FOUND when there is none. */
MUST_USE bool review_pair(const struct people *people, struct arena *arena,
                          struct registry *registry, int64_t number, struct review_item *out,
                          struct err *err);

/* The two records are one person, are two, or someone has to go and look; or a decision is taken
 * back, and the pair is undecided again. */
enum review_verdict { REVIEW_SAME, REVIEW_DIFFERENT, REVIEW_VISIT, REVIEW_OPEN };

/* "same", "different", "visit", "open"; and their words. */
const char *review_verdict_key(enum review_verdict verdict);
const char *review_verdict_text(enum review_verdict verdict, enum lang lang);
int review_verdict_of(struct str key); /* or -1 */

/* What was decided last of a pair, also when that was to take it back; version 0 when nothing ever
 * was. Every decision has a larger version than those before it. */
struct review_last {
    int64_t version;
    enum review_verdict verdict;
    struct str why, user; /* in the arena */
    int64_t at_ms;
};

/* ERR_NOT_FOUND for an unknown number. */
MUST_USE bool review_last(struct store *store, struct arena *arena, int64_t number,
                          struct review_last *out, struct err *err);

/* Records what a named person decided and why (`why` must not be empty); audited; stronger than any
 * weight in all later runs, until decided again or taken back (REVIEW_OPEN; ERR_CONFLICT when there
 * is nothing to take back). `seen` is the version that they knew of: ERR_CONFLICT, and nothing is
 * kept, when somebody decided since; REVIEW_SEEN_ANY does not ask. *version (may be NULL) gets that
 * of the new decision. ERR_NOT_FOUND for an unknown number. */
enum { REVIEW_SEEN_ANY = -1 };
MUST_USE bool review_decide(struct registry *registry, const struct asker *asker, int64_t number,
                            enum review_verdict verdict, struct str why, int64_t seen,
                            int64_t *version, struct err *err);

/* A pair and the decision that holds of it; `joined` as in `people`. */
struct review_decision {
    struct review_item pair;
    enum review_verdict verdict; /* not REVIEW_OPEN */
    struct str why, user;
    int64_t at_ms;
    int64_t version;
};

/* All decisions that hold of records of `people`, whoever asks, newest first. In the arena. */
MUST_USE bool review_decided(const struct people *people, struct arena *arena,
                             struct registry *registry, struct review_decision **out, size_t *count,
                             struct err *err);

#endif
