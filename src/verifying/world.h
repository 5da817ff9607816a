#ifndef VERIFYING_WORLD_H
#define VERIFYING_WORLD_H

#include "base/dict.h"
#include "base/list.h"
#include "intake/table.h"
#include "verifying/verifying.h"

/* Inside the verifier: what its readers found, and what its checks share. */

enum {
    VERIFY_BATCHES_MAX = 200,  /* rounds included */
    VERIFY_PLANS_MAX = 64,     /* one bit each */
    VERIFY_SUBJECTS_MAX = 64,  /* that programmes ask for: one bit each */
    VERIFY_CHOICES_MAX = 1000, /* ranks */
    VERIFY_MAJORS_MAX = 120,   /* of one choice */
    VERIFY_SEATS_MAX = 1000000000,
    VERIFY_GENERAL = 0, /* the number of the plan that everybody may go to */
    VERIFY_ANY = 0,     /* the number of the empty word: any track, any county */
};

struct verify_line {
    uint32_t track; /* in world.words; VERIFY_ANY */
    uint32_t plan;  /* in world.plans; VERIFY_NONE: any */
    int64_t total;
};

/* How a batch gives seats to junior schools. */
struct verify_allotting {
    bool gives;
    uint32_t rest; /* from this batch on what is unused is open to all; VERIFY_NONE: never */
    bool has_below;
    int64_t below;
    int64_t least, least_of; /* 5 of 10 seats of a group */
    struct str *named;       /* groups that have to be allotted */
    size_t named_count;
};

/* A batch, or a supplementary round of one. */
struct verify_batch {
    struct str key;
    bool sequential;
    int64_t choices_max, majors_max;
    int64_t ratio, ratio_of; /* 105 of 100 */
    struct verify_line *lines;
    size_t line_count;
    int64_t lowered;
    uint32_t own;  /* itself, or the batch of which it is a round */
    uint32_t home; /* the batch whose groups it fills */
    struct verify_allotting allotting;
};

/* Seats of a group of one programme that are given to a junior school. */
struct verify_allotment {
    uint32_t batch, group, source;
    int64_t seats;
    int64_t general; /* the lowest total by which its batch's home has placed somebody in the group,
                        by the result; INT64_MIN: nobody, or not asked for */
    uint64_t line;   /* of its file */
};

struct verify_programme {
    struct str code;
    uint32_t group;
    int64_t quota;
    uint64_t *wanted; /* subjects: one of each set of bits is asked for */
    size_t wanted_count;
    uint64_t line; /* of its file */
};

struct verify_group {
    uint32_t batch, plan, track, county;
    uint32_t first, count;                /* programmes */
    uint32_t first_allotment, allotments; /* by batch */
};

struct verify_applicant {
    uint32_t track, county;
    uint32_t source; /* the junior school, in world.sources; VERIFY_NONE */
    int64_t total;
    uint64_t plans, subjects; /* bits */
    uint32_t order;           /* among all, by total, ties and number */
    uint32_t equals;          /* number of the run of those equal in total and ties, best is 0 */
    uint32_t row;             /* in world.rows: where it is placed; VERIFY_NONE */
    uint64_t first;           /* choice */
    uint32_t count;
};

struct verify_choice {
    uint32_t applicant, group;
    uint32_t majors; /* the first of them, in world.majors */
    uint32_t line;   /* of its file */
    uint16_t rank;
    uint8_t batch, major_count;
    bool adjust;
};

/* A row of the result that names an applicant, a batch, a group and a programme that exist. */
struct verify_row {
    uint32_t applicant, group, programme;
    uint64_t choice; /* of this group in this batch; SIZE_MAX: none */
    uint32_t wish;   /* by which it holds the programme, from 1; 0: adjusted */
    uint32_t line;
    uint8_t batch;
    bool counts; /* it is the applicant's first */
};

struct verify_world {
    struct arena *arena;
    const struct verify_paths *paths;
    struct dict words, plans, subjects;
    struct dict groups_by_code, applicants_by_number;
    struct dict sources;
    struct verify_allotment *allotments; /* by group, batch, source */
    size_t allotment_count;
    struct str *ties;
    size_t tie_count;
    struct verify_batch batches[VERIFY_BATCHES_MAX];
    uint32_t batch_count;
    struct verify_programme *programmes; /* by group, then code */
    size_t programme_count;
    struct verify_group *groups; /* as in groups_by_code */
    size_t group_count;
    struct verify_applicant *applicants; /* as in applicants_by_number */
    size_t applicant_count;
    int64_t *scores;               /* ties by applicant */
    struct verify_choice *choices; /* by applicant, batch, rank */
    size_t choice_count;
    LIST(uint16_t) majors; /* programmes of the group, counted from its first */
    LIST(struct verify_row) rows;
    LIST(struct verify_violation) violations;
    uint64_t result_rows;
};

/* The readers, each for one file, in this order. ERR_INPUT. */
MUST_USE bool verify_read_rules(struct verify_world *world, struct err *err);
MUST_USE bool verify_read_programmes(struct verify_world *world, struct err *err);
MUST_USE bool verify_read_allotments(struct verify_world *world, struct err *err);
MUST_USE bool verify_read_applicants(struct verify_world *world, struct err *err);
MUST_USE bool verify_read_choices(struct verify_world *world, struct err *err);

/* The result: rows that name what does not exist are violations, and are not kept. */
MUST_USE bool verify_read_result(struct verify_world *world, struct err *err);

/* The next row; one that is wider than the headings is refused. */
MUST_USE bool verify_next(struct table *table, struct table_row *row, bool *more, struct err *err);

/* Refuses the row last read: two formats with one "%.*s". False. */
bool verify_refuse(const struct table *table, struct err *err, const char *en, const char *zh,
                   struct str shown);

/* A cell of a result as it was: csv is written with an apostrophe before what a spreadsheet would
 * take for a formula. */
struct str verify_as_was(struct str cell);

/* The batch or round with this key; VERIFY_NONE. */
uint32_t verify_batch_of(const struct verify_world *world, struct str key);

/* The programme of a group, counted from its first; VERIFY_NONE. */
uint32_t verify_programme_of(const struct verify_world *world, uint32_t group, struct str code);

/* Why a file may not go to a group in a batch; NULL: it may. What `verify_bar` says rests on the
 * input alone; `verify_floor_bar` on what the result gave before. */
struct verify_words {
    const char *zh, *en;
};
struct verify_bars {
    enum verify_code code;
    struct verify_words words;
};
const struct verify_bars *verify_bar(const struct verify_world *world, uint32_t batch,
                                     const struct verify_applicant *applicant,
                                     const struct verify_group *group);
const struct verify_bars *verify_floor_bar(const struct verify_world *world, uint32_t batch,
                                           const struct verify_applicant *applicant,
                                           const struct verify_group *group);

/* The allotment of a group to a junior school in a batch, if it has a seat; SIZE_MAX. */
size_t verify_allotment_of(const struct verify_world *world, uint32_t batch, uint32_t group,
                           uint32_t source);

/* Where a seat of a programme is counted for an applicant: the programme, or in a batch that allots
 * seats the allotment, behind all programmes; SIZE_MAX: nothing is allotted. */
size_t verify_seat(const struct verify_world *world, uint32_t batch, uint32_t applicant,
                   uint32_t programme);

/* Groups that allot too few seats; the general lines that a batch needs, from the result. */
void verify_shares(struct verify_world *world);
void verify_floors(struct verify_world *world, uint32_t batch);

/* What of `free` (by programme and, behind them, allotment) is open in a batch; a violation where
 * the result gave more in it. */
void verify_open(struct verify_world *world, uint32_t batch, const int64_t *free, int64_t *open);

/* Whether the applicant has the subjects that a programme asks for. */
bool verify_fits(const struct verify_applicant *applicant,
                 const struct verify_programme *programme);

/* The files that a group takes when so many seats are free: the least whole number not below seats
 * times ratio. */
int64_t verify_takes(const struct verify_batch *batch, int64_t seats);

/* Which choice sent each applicant's file in a batch, when those whom the result places in an
 * earlier batch are gone and `free` seats are left by programme and allotment: `sent` by applicant,
 * SIZE_MAX for none. What comes back has been proved. */
void verify_send(const struct verify_world *world, uint32_t batch, const int64_t *free,
                 uint64_t *sent);

/* Compares what the result says of a batch with the files that its groups got. */
void verify_majors(struct verify_world *world, uint32_t batch, const int64_t *free,
                   const uint64_t *sent);

/* Notes a violation of a row (NULL: of none) or of an applicant (VERIFY_NONE: of none). The words
 * are literals or in the arena. */
struct verify_violation *verify_note(struct verify_world *world, enum verify_code code,
                                     const struct verify_row *row, uint32_t applicant,
                                     struct verify_words words);

/* Words of a violation from two formats. */
struct verify_words verify_say(struct arena *arena, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* Ties groups together, and sorts the violations under them. */
void verify_components(struct verify_world *world, struct verify_report *report);

#endif
