#ifndef PLACING_PLACING_H
#define PLACING_PLACING_H

#include "base/dict.h"
#include "base/str.h"

/* Who gets which place: files are sent to groups of programmes batch by batch, by total and ties
 * and by each one's wishes, and the groups go through the files they got. The mechanism is that of
 * Chinese admission (平行志愿, 顺序志愿): docs/placing.md and `baoxue place --help` say it in
 * words. Rules are text, input is four files; nothing here knows a province.
 *
 * Whole numbers only; a ratio is an exact fraction. The same input in any order of rows gives the
 * same result. Numbers of groups, programmes and applicants are places in the arrays below, sorted
 * by their text. */

enum {
    PLACE_TIES_MAX = 16,
    PLACE_PLANS_MAX = 64,    /* one bit each */
    PLACE_BATCHES_MAX = 200, /* supplementary rounds included */
    PLACE_CHOICES_MAX = 1000,
    PLACE_MAJORS_MAX = 120,
};
#define PLACE_NONE UINT32_MAX

/* How files are sent: see docs/placing.md. */
enum place_mode { PLACE_PARALLEL, PLACE_SEQUENTIAL };

/* The lowest total with which a file is sent at all. */
struct place_line {
    struct str track, plan; /* empty: any */
    int64_t total;
};

/* How a batch gives seats that are allotted to junior schools (指标到校): docs/placing.md. */
struct place_allot {
    uint32_t batch; /* whose allotments: itself or that of which it is a round; PLACE_NONE: it
                       gives none */
    uint32_t rest;  /* the batch from which on the unused ones are open to all; PLACE_NONE: they
                       stay empty */
    bool has_below; /* nobody is taken with more than `below` points less than the general line */
    int64_t below;
    int64_t least_numerator,
        least_denominator; /* of a group's seats: 5/10; 0/1: as few as wanted */
    struct str *groups;    /* that have to be allotted, as written */
    size_t group_count;
};

/* One batch, or one supplementary round of one. */
struct place_batch {
    struct str key;
    enum place_mode mode;
    uint32_t choices_max, majors_max;
    int64_t ratio_numerator, ratio_denominator; /* files sent for each seat: 21/20 */
    struct place_line *lines;                   /* as written; the most exact one counts */
    size_t line_count;
    int64_t lowered;   /* points taken off each line: of a supplementary round */
    uint32_t round_of; /* the batch whose groups it fills, as a round or by `of`; else itself */
    struct place_allot allot;
};

struct place_rules {
    struct str *ties; /* columns of applicants, in order */
    size_t tie_count;
    struct str *plans; /* that a group may have: the six of the promise, then those of `plans:` */
    size_t plan_count;
    struct place_batch *batches; /* in order, each followed by its rounds */
    size_t batch_count;
};

struct place_programme {
    struct str code;
    struct str subjects; /* "physics;chemistry": all are asked; empty: none */
    int64_t quota;
};

struct place_group {
    struct str code;
    uint32_t batch;           /* in rules.batches, never a round */
    uint32_t plan;            /* in rules.plans */
    struct str track, county; /* empty: any */
    uint32_t first, count;    /* programmes, sorted by code */
    int64_t quota;            /* of all its programmes */
};

/* Seats of a group that are given to a junior school; the group has one programme. */
struct place_allotment {
    uint32_t batch;  /* in rules.batches, never a round */
    uint32_t group;  /* in groups */
    uint32_t source; /* in sources */
    int64_t seats;
};

struct place_applicant {
    struct str number;
    struct str track, county, subjects;
    int64_t total;
    uint64_t plans;        /* a bit for each of rules.plans */
    uint32_t first, count; /* choices */
    uint32_t source;       /* junior school, in sources; PLACE_NONE: none, or not asked for */
};

/* Small, since there may be hundreds of millions. */
struct place_choice {
    uint32_t group;
    uint32_t first; /* in place_input.majors */
    uint16_t rank;  /* from 1 */
    uint8_t batch;  /* in rules.batches */
    uint8_t major_count;
    bool adjust;
};

struct place_input {
    struct place_rules rules;
    struct place_programme *programmes; /* by group, then code */
    size_t programme_count;
    struct place_group *groups; /* by code */
    size_t group_count;
    struct place_applicant *applicants; /* by number */
    size_t applicant_count;
    int64_t *ties;                /* by applicant, rules.tie_count each */
    struct place_choice *choices; /* by applicant, batch, rank */
    size_t choice_count;          /* below 2^32, as are the majors */
    uint16_t *majors;             /* places of programmes in their group, in order of wish */
    size_t major_count;
    bool has_subjects;
    struct place_allotment *allotments; /* by batch, group, source; none without their file */
    size_t allotment_count;
    struct str *sources; /* junior schools of allotments and applicants, by text */
    size_t source_count;
    bool has_sources; /* junior schools were asked for */
};

/* The files of one run; `allotments` is NULL where no seats are allotted. */
struct place_paths {
    const char *rules, *programmes, *applicants, *choices, *allotments;
};

/* Reads all files. ERR_INPUT with file, line and what is wrong: a rank that is beyond
 * choices_max or used twice, a group chosen twice in a batch, more than majors_max majors or one
 * outside the group, an unknown batch, group, plan or applicant, rows of a group that differ in
 * batch, plan, track or county, a programme or applicant twice, a number that is none; an
 * allotment of a batch that gives none, of a group that is not filled by it or has several
 * programmes, twice to one junior school, of more seats than the group has or in all of fewer than
 * the rules ask for. ERR_USAGE when the rules allot seats and there is no file of them. In the
 * arena. */
MUST_USE bool place_read(struct arena *arena, const struct place_paths *paths,
                         struct place_input *out, struct err *err);

/* The rules, programmes and applicants with their junior schools, where neither choices nor
 * allotments are there yet. In the arena. */
MUST_USE bool place_read_schools(struct arena *arena, const struct place_paths *paths,
                                 struct place_input *out, struct err *err);

/* The rules alone. */
MUST_USE bool place_rules_read(struct arena *arena, const char *path, struct place_rules *out,
                               struct err *err);

/* What became of a choice; those behind the one by which a file was sent are not reached. */
enum place_outcome {
    PLACE_NOT_REACHED,
    PLACE_BARRED, /* the applicant may not be sent there: see enum place_bar */
    PLACE_FULL,   /* the group had all the files it takes */
    PLACE_SENT,   /* the file was sent; what the group did with it comes after */
    PLACE_ADMITTED,
    PLACE_ADJUSTED,
    PLACE_RETURNED,
};
enum place_bar {
    PLACE_BAR_NONE,
    PLACE_BAR_TRACK,
    PLACE_BAR_COUNTY,
    PLACE_BAR_PLAN,
    PLACE_BAR_LINE, /* the total is below the lowest for track and plan */
    PLACE_BAR_SUBJECTS,
    PLACE_BAR_SOURCE, /* the group has no seats for the applicant's junior school */
    PLACE_BAR_FLOOR,  /* the total is too far below the general line of the group */
    PLACE_BARS,
};

struct place_fate {
    uint8_t outcome;     /* enum place_outcome */
    uint8_t bar;         /* enum place_bar */
    bool number_decided; /* equal on all else, the applicant's number made the difference */
    uint16_t wish;       /* of the majors, from 1; 0: adjusted */
    uint32_t programme;  /* in place_input.programmes, or PLACE_NONE */
};

struct place_result {
    struct place_fate *fates; /* by choice; NULL unless the trace was asked for */
    uint32_t *placed;         /* by applicant: the choice by which it is placed, or PLACE_NONE */
    uint32_t *programmes;     /* by applicant: its programme */
    uint16_t *wishes;         /* by applicant: as in place_fate */
    uint32_t *order;          /* applicants by total and ties, then number */
    uint64_t placed_count;
    int64_t *general; /* by allotment: the lowest total that the batch whose groups it fills placed
                         in the group before it; INT64_MIN: nobody, or not asked for */
};

/* Places everybody. `trace`: keep every choice's fate. In the arena. */
void place_run(struct arena *arena, const struct place_input *input, bool trace,
               struct place_result *out);

/* Sorts the applicants by total, first tie and number with the C library's qsort alone, and gives
 * nothing back: what the time of placing is measured against. */
void place_sort_bare(const struct place_input *input);

/* The files that a group takes in a batch when `seats` are free: the least whole number not below
 * seats × ratio. */
int64_t place_capacity(const struct place_batch *batch, int64_t seats);

/* Why a file of this applicant may not be sent to a group in a batch, but for PLACE_BAR_FLOOR: see
 * place_floor_of. */
enum place_bar place_barred(const struct place_input *input, const struct place_batch *batch,
                            const struct place_applicant *applicant,
                            const struct place_group *group);

/* Whether an applicant has the subjects that a programme asks for: all of "a;b", one of "a|b". */
bool place_has_subjects(const struct place_applicant *applicant,
                        const struct place_programme *programme);

/* "barred" …; "track" …; and their words. */
const char *place_outcome_key(enum place_outcome outcome);
const char *place_outcome_text(enum place_outcome outcome, enum lang lang);
const char *place_bar_key(enum place_bar bar);
const char *place_bar_text(enum place_bar bar, enum lang lang);

/* Writes the promised files: `applicant,batch,group,programme,choice_rank,via` by applicant, and
 * `applicant,batch,rank,group,outcome,detail` by applicant, batch, rank. ERR_IO. */
MUST_USE bool place_write(const char *path, const struct place_input *input,
                          const struct place_result *result, struct err *err);
MUST_USE bool place_write_trace(const char *path, const struct place_input *input,
                                const struct place_result *result, struct err *err);

#endif
