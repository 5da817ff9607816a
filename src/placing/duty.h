#ifndef PLACING_DUTY_H
#define PLACING_DUTY_H

#include "registry/registry.h"

/* Who is due to exchange posts (交流轮岗), how many have to each school year and how many did, from
 * the registers teachers, rotations, postings and schools. Years, shares and who counts are policy
 * text: policies/national/standards/rotation.yaml (docs/placing.md). Shares are whole per cent and
 * numbers of persons; what has to be is rounded up.
 *
 * All is reckoned for one school year. A teacher who exchanged in it counts at the
 * school that was left. Years at a school begin with the latest of what speaks of them; nothing is
 * guessed: who was hired long ago and of whom nothing says since when is `DUTY_UNKNOWN`. */

enum { DUTY_STAGES_MAX = 8, DUTY_LEVELS_MAX = 8, DUTY_OUTSIDE_MAX = 16, DUTY_WORDS_MAX = 16 };

/* A field of the register teachers, and the values with which a teacher is not on the list. */
struct duty_outside {
    int field;
    struct str *values;
    size_t count;
};

struct duty_rules {
    struct str zh, en, cites, share_cites;
    int64_t years;
    int64_t share_percent, key_percent; /* 0 to 100, key below 100 */
    int from_month, from_day;           /* the school year's first day */
    int on_month, on_day;               /* years are counted up to this day of it */
    struct str *stages, *levels;
    size_t stage_count, level_count;
    struct duty_outside outside[DUTY_OUTSIDE_MAX];
    size_t outside_count;
};

/* Reads the text (the pack built in, or that under `folder`). ERR_INPUT with file and line. */
MUST_USE bool duty_rules_load(struct duty_rules *out, struct arena *arena, const char *folder,
                              const struct profiles *profiles, struct err *err);

enum duty_state {
    DUTY_ELIGIBLE,
    DUTY_NOT_YET, /* fewer years, or away on an exchange */
    DUTY_UNKNOWN, /* nothing says since when, or only the year of the border */
};
const char *duty_state_key(enum duty_state state); /* "eligible" "not_yet" "unknown" */
const char *duty_state_text(enum duty_state state, enum lang lang);

/* What says since when a teacher is at the school. */
enum duty_evidence {
    DUTY_STATED,   /* teachers, at_school_since */
    DUTY_CAME,     /* rotations: came by an exchange */
    DUTY_RETURNED, /* rotations: came back from one */
    DUTY_AWAY,     /* rotations: on one that has not ended */
    DUTY_POSTED,   /* postings: hired for a special post of this school */
    DUTY_HIRED,    /* teachers, hired_on: so at no school for longer */
    DUTY_NOTHING,
};
const char *duty_evidence_key(enum duty_evidence evidence); /* "stated" "came" … */
const char *duty_evidence_text(enum duty_evidence evidence, enum lang lang);

struct duty_teacher {
    int64_t record; /* statement of the register teachers */
    struct str name;
    struct str area;   /* of the school, as far as it is known */
    struct str county; /* its name, or its code */
    struct str school_code, school, stage, subject;
    bool key;
    enum duty_state state;
    enum duty_evidence evidence;
    struct str since; /* as stated: a day, a month or a year; empty: unknown */
    int64_t source;   /* statement that says so, of the register of `evidence`; 0: none */
    int years;        /* completed at the school; -1: unknown. Of DUTY_HIRED: at most */
    bool exchanged;   /* in this school year, within the county */
    bool due;         /* picked to fill what is lacking */
};

/* Numbers of one county or one school. */
struct duty_count {
    struct str code, name; /* of the county (6 digits, or its name), or of the school */
    struct str county;     /* of a school: the county's name */
    struct str area;       /* for rights */
    int64_t teachers;      /* on the list */
    int64_t eligible, not_yet, unknown;
    int64_t required;      /* share of those eligible, rounded up */
    int64_t required_most; /* if all the unknown were eligible */
    int64_t exchanged, key_exchanged;
    int64_t lacking, key_lacking; /* who still has to exchange, and of them key teachers */
    bool met, key_met;            /* as the document says; key_met: true where nobody exchanged */
};

/* Who exchanged in the school year and is not on the list of teachers. */
struct duty_other {
    int64_t record; /* statement of the register rotations */
    struct str area, school_code, school;
    bool key;
};

struct duty_found {
    int year;                      /* the school year begins in it */
    day first, next;               /* its first day, and that of the next */
    day on;                        /* years are counted up to this day */
    struct duty_teacher *teachers; /* by county, school code, school, record */
    size_t teacher_count;
    struct duty_other *others; /* in the order of their records */
    size_t other_count;
    struct duty_count *counties, *schools; /* by county; by county and school */
    size_t county_count, school_count;
    int64_t outside;   /* teachers of these stages who are not on the list */
    int64_t heads;     /* heads who exchanged */
    int64_t beyond;    /* teachers who went beyond their county */
    int64_t unmatched; /* who exchanged and are not on the list of teachers; counted all the same */
    int64_t undated;   /* rotations that say neither day nor school year: left out */
    int64_t stageless; /* teachers of whom no stage is known: left out */
};

/* Reads the registers at `when` and reckons for the school year that `year` begins (0: the one that
 * `when.at` falls in). Only what the asker may see; all in the arena. ERR_STORE;
 * ERR_USAGE for a year that is none. */
MUST_USE bool duty_find(struct duty_found *out, struct arena *arena, const struct duty_rules *rules,
                        struct registry *registry, const struct asker *asker, struct read_at when,
                        int year, struct err *err);

/* "8.33" for 1 of 12: hundredths of a per cent, rounded half up; empty for none of 0. */
struct str duty_percent(struct arena *arena, int64_t part, int64_t whole);

/* Parts of duty_find that need no registers.
 * Required, met and lacking, from the counts before them. The least number of key teachers more
 * with which their share is kept, be it of those who exchanged and they, or of the number required.
 */
void duty_reckon(const struct duty_rules *rules, struct duty_count *count);

/* Picks in each county who fills what is lacking: those longest at their school first, key teachers
 * before others for as many as are lacking of them; then by school and record. */
void duty_pick(struct duty_found *found, struct arena *arena);

/* The files for `place rotate`: everybody on the list with stage and subject and a post of their
 * own, must_move where `due` (`all`: where eligible), points the completed years. `left_out`: how
 * many had none. ERR_IO. */
MUST_USE bool duty_write_teachers(const char *path, const struct duty_found *found, bool all,
                                  struct arena *arena, size_t *left_out, struct err *err);
MUST_USE bool duty_write_posts(const char *path, const struct duty_found *found,
                               struct arena *arena, struct err *err);

#endif
