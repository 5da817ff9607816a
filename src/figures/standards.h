#ifndef FIGURES_STANDARDS_H
#define FIGURES_STANDARDS_H

#include "figures/balance.h"
#include "registry/registry.h"

/* What schools ought to have and lack, and how even the schools of each county are: the sets of
 * indicators of policies/national/standards/balance.yaml over the register `conditions`
 * (docs/standards.md). */

enum { STANDARD_SETS_MAX = 8, STANDARD_INDICATORS_MAX = 16, STANDARD_STAGES = 2 };

struct standard_indicator {
    struct str key, zh, en;
    struct str field;               /* of the register conditions */
    struct str unit_zh, unit_en;    /* of the resource */
    int64_t per;                    /* pupils: 1 or 100 */
    int64_t least[STANDARD_STAGES]; /* hundredths of the unit for `per` pupils; 0: none */
    int number;                     /* of the field in the profile, or -1 */
    bool money;                     /* the field is fen */
    bool whole;                     /* posts, rooms: what is lacking is rounded up to whole ones */
    int64_t price_fen;              /* of one of the unit; -1: none is given */
    struct str price_note;
};

struct standard_set {
    struct str key; /* "basic", "quality" */
    struct str zh, en, cites;
    bool mean;                      /* limits the mean of all coefficients, not each */
    int64_t limit[STANDARD_STAGES]; /* millionths */
    int64_t pupils_least;           /* smaller schools are left out */
    int64_t met_least, rest_percent;
    struct standard_indicator indicators[STANDARD_INDICATORS_MAX];
    size_t indicator_count;
    bool asks_schools; /* some indicator has a minimum for a school */
};

struct standards {
    struct standard_set sets[STANDARD_SETS_MAX];
    size_t set_count;
    struct str usual; /* key of the set meant where none is named (`default`) */
};

/* Reads the text (the packs built in, or those under `folder`). ERR_INPUT with file and line. */
MUST_USE bool standards_load(struct standards *out, struct arena *arena, const char *folder,
                             const struct profiles *profiles, struct err *err);

/* By key; an empty one means the default. ERR_USAGE, naming those there are. */
MUST_USE bool standard_set_find(const struct standards *standards, struct str key,
                                const struct standard_set **out, struct err *err);

/* One stage of one school in the year. A school that states its pupils by stage (primary_students,
 * junior_students, senior_students) has a part for each; what it has is split (balance.h). */
struct standard_school {
    struct str code, name, county;
    struct str area; /* of its row; 6 digits of it tell the county */
    enum balance_stage stage;
    int64_t pupils;
    int64_t has[STANDARD_INDICATORS_MAX]; /* hundredths */
    bool stated[STANDARD_INDICATORS_MAX];
    size_t met, asked; /* indicators with a standard: met, and all that are stated */
    bool meets;        /* met_least of them, and rest_percent of each other one */
};

/* What one stage of a school lacks of one indicator. */
struct standard_gap {
    uint32_t school, indicator;
    int64_t value, least; /* hundredths for `per` pupils */
    int64_t lacking;      /* hundredths of the unit: what would close it */
};

/* What is lacking as a number of the unit: "99.50"; "1" of what is counted whole. In the arena. */
struct str standard_lacking_text(struct arena *arena, const struct standard_indicator *indicator,
                                 const struct standard_gap *gap);

/* One indicator (or the mean of all: indicator SIZE_MAX) of one stage in one county. */
struct standard_county {
    struct str code, name; /* of the county */
    enum balance_stage stage;
    size_t indicator, schools;
    int64_t coefficient; /* millionths */
    int64_t limit;       /* millionths; 0: not limited by itself */
    bool judged, met;    /* a mean is judged where all its indicators are stated */
};

/* One indicator in one county, both stages together: how uneven its schools are, how far they are
 * from the minimum, and what would close the one and the other. */
struct standard_line {
    struct str code, name; /* of the county */
    size_t indicator;
    struct standard_line_stage {
        size_t schools;             /* that state it; 0: nothing is known */
        int64_t coefficient, limit; /* millionths; limit 0: none */
        bool uneven;   /* above the limit; where the mean is limited, of a mean above it */
        int64_t level; /* to which schools that have less are raised, hundredths for `per` pupils */
    } stages[STANDARD_STAGES];
    size_t below, raised;           /* schools (by stage) below the minimum; raised to the level */
    int64_t lacking, added;         /* hundredths of the unit: to the minimum; to the level */
    int64_t lacking_fen, added_fen; /* what that costs; -1: no price is given */
};

/* A set as the registers of a day have it. Schools by county, code and stage; gaps by pupils
 * concerned (most first), school, indicator; counties by code, stage, indicator, the mean last. */
struct standards_found {
    int year; /* of the conditions read: the newest stated, unless one is asked for; 0: none */
    struct standard_school *schools;
    size_t school_count;
    struct standard_gap *gaps;
    size_t gap_count;
    struct standard_county *counties;
    size_t county_count;
};

/* Reads the conditions that hold at `when` of `year` (0: the newest) and compares. Rows of the same
 * school and year: the last counts. All in the arena. ERR_STORE. */
MUST_USE bool standards_find(struct standards_found *out, struct arena *arena,
                             const struct standard_set *set, struct registry *registry,
                             const struct asker *asker, struct read_at when, int year,
                             struct err *err);

/* The gaps of a set in one line for each county and indicator that has any: by county, then as the
 * indicators stand in the set. In the arena. */
void standards_lines(const struct standards_found *found, struct arena *arena,
                     const struct standard_set *set, struct standard_line **out, size_t *count);

#endif
