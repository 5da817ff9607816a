#ifndef SAMPLE_RECORD_H
#define SAMPLE_RECORD_H

#include "base/dict.h"
#include "sample/city.h"

/* Registers of schools, projects, staff, partners and admissions: each is made whole in memory, its
 * records adjusted until they sum to what the settings say (docs/sample.md, "Five years of work"),
 * and then written by its layouts. What is counted of them is therefore true of the files. */

/* Numbers of sample_records.yaml: targets of the whole city (a smaller one has its share) and a few
 * settings. */
enum record_number {
    NUMBER_FROM_YEAR,
    NUMBER_TO_YEAR,
    NUMBER_BALANCE_YEAR, /* in which all counties passed */
    NUMBER_POOR_VILLAGES,
    NUMBER_PROJECT_YUAN, /* paid */
    NUMBER_PROJECTS_KINDERGARTEN,
    NUMBER_PROJECTS_WEAK,
    NUMBER_PROJECTS_TWO,
    NUMBER_PROJECTS_LIVELIHOOD,
    NUMBER_SPECIAL_POSTS,
    NUMBER_SPECIAL_POSTS_OPEN, /* posts that nobody took */
    NUMBER_TRAININGS,          /* person-times at city level and above */
    NUMBER_TRAININGS_COUNTY,
    NUMBER_ROTATIONS, /* within a county */
    NUMBER_ROTATIONS_BEYOND,
    NUMBER_RURAL_YUAN,
    NUMBER_AID_YUAN,
    NUMBER_AID_PERSONS, /* person × scheme × term */
    NUMBER_PLAN_UNIVERSITY,
    NUMBER_PLAN_NATION,
    NUMBER_PLAN_LOCAL,
    NUMBER_PLAN_POVERTY,
    NUMBER_PLAN_OLD_AREA,
    NUMBER_PLAN_GENERAL,
    NUMBER_NOT_ADMITTED, /* candidates of special plans without a place */
    NUMBER_SENT,
    NUMBER_RECEIVED,
    NUMBER_AGREEMENTS,
    NUMBER_COVERED, /* schools, each once */
    NUMBER_COUNT,
};

/* Words that are drawn, by weight. */
enum record_words {
    WORDS_EXITS, /* years in which poor villages left poverty */
    WORDS_TRAININGS_NATION,
    WORDS_TRAININGS_PROVINCE,
    WORDS_TRAININGS_CITY,
    WORDS_TRAININGS_COUNTY,
    WORDS_PARTNER_AREAS,
    WORDS_PARTNER_SCHOOLS,
    WORDS_PARTNER_CODES, /* divisions that partners' ID numbers begin with */
    WORDS_EXCHANGE_TOPICS,
    WORDS_OLD_AREAS, /* county codes */
    WORDS_INSTITUTIONS,
    WORDS_INSTITUTIONS_SOUGHT, /* of the university plan */
    WORDS_MAJORS,
    WORDS_BUILDERS, /* what was built */
    WORDS_COUNT,
};

/* Aid that schools count and nobody lists by name. */
struct record_aid {
    struct str name; /* as clerks write it */
    struct str key;
    enum stage stage;
    uint32_t share; /* of the school's pupils, ppm */
    int64_t fen;    /* a term */
    bool flexible;  /* grades and local fees differ: the sum is met here */
    struct period from, to;
};

struct record_plan {
    struct str key;  /* of the register */
    struct str name; /* "{county}教师花名册": {county}, {zh} and {year} are filled in */
    bool by_county, by_year, last;
    const struct layout **layouts; /* taken in turn */
    size_t layout_count;
};

enum { RECORD_AIDS_MAX = 24 };

struct record_settings {
    int64_t numbers[NUMBER_COUNT];
    struct weighted_list words[WORDS_COUNT];
    struct record_aid aids[RECORD_AIDS_MAX];
    size_t aid_count;
    uint32_t rates[SPOIL_COUNT]; /* of rows that name an adult, ppm */
    struct layout *layouts;
    size_t layout_count;
    struct record_plan *plans;
    size_t plan_count;
};

/* Reads PLACE/sample_records.yaml and national/sample/records.yaml, given as texts. ERR_INPUT. */
MUST_USE bool sample_records_load(struct record_settings *out, struct arena *arena, struct str text,
                                  const char *name, struct err *err);
MUST_USE bool sample_record_layouts_load(struct record_settings *out, struct arena *arena,
                                         struct str text, const char *name, struct err *err);

/* How a column's cells are written. */
enum record_form {
    RECORD_TEXT,
    RECORD_NUMBER,
    RECORD_DAY,   /* canonical 2018-05-11; in the layout's form */
    RECORD_MONEY, /* fen; yuan, or 万元 where the layout says so */
};

/* A column of a register of records. */
struct record_column {
    const char *key;
    enum record_form form;
};

enum { RECORD_COLUMNS_MAX = 32 };

struct record_kind {
    const char *key;
    struct record_column columns[RECORD_COLUMNS_MAX]; /* up to the first without a key */
};

struct record {
    uint32_t county;
    int year;          /* of the file, where files are by year */
    struct str *cells; /* by column */
};

/* A teacher of the city. */
struct teacher {
    uint32_t school;
    struct str name;
    char id[19];
    day birth, hired;
    bool male, rural;
    uint8_t subject, education, title, level; /* numbers in the words of record_staff.c */
    uint16_t post_year;                       /* came by a special post in that year, or 0 */
};

/* A special post that somebody took. */
struct special_post {
    uint32_t school, teacher; /* teacher: who is still there, or NOBODY */
    int year;
};

/* Somebody who sat the entrance examination. */
struct examinee {
    uint32_t child; /* or NOBODY: nobody of the city's households */
    struct str name;
    char id[19];
    bool male, science;
    uint32_t county, school;
    int year;
    enum record_number plan; /* NUMBER_PLAN_*, or NUMBER_NOT_ADMITTED */
    uint32_t marks[4];
};

/* A number that can be counted in the files. */
struct record_figure {
    const char *key, *unit;
    int64_t value;
};

/* The records of one register being made. */
struct records {
    struct arena *arena;
    struct city *city;
    const struct record_settings *settings;
    const struct record_kind *kind;
    struct rng rng;
    LIST(struct record) rows;
};

/* All that is made once for several registers. */
struct works {
    struct arena *arena;
    struct city *city;
    const struct record_settings *settings;
    LIST(struct teacher) teachers; /* by school */
    uint32_t *teacher_from;        /* by school, and one more */
    bool few_rural;                /* see works_rural_schools */
    LIST(struct special_post) posts;
    LIST(struct examinee) examinees;
    uint32_t *covered; /* schools that agreements cover, in the order in which they share them */
    size_t covered_count;
    struct u64_map ids; /* numbers given to adults of these registers */
    LIST(struct record_figure) figures;
};

/* The target of this city: its share of the whole city's, at least 1. */
int64_t works_target(const struct works *works, enum record_number number);

/* Adds a figure to truth/figures.csv. */
void works_figure(struct works *works, const char *key, const char *unit, int64_t value);

struct record *record_add(struct records *records, uint32_t county, int year);
void record_put(struct records *records, struct record *record, const char *key, struct str text);
void record_put_c(struct records *records, struct record *record, const char *key,
                  const char *text);
void record_put_i(struct records *records, struct record *record, const char *key, int64_t number);
void record_put_day(struct records *records, struct record *record, const char *key, day d);
/* Name, code, county, township and stage of a school. */
void record_put_school(struct records *records, struct record *record, uint32_t school);
struct str record_text(struct records *records, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
struct str record_word(struct records *records, enum record_words words);
const char *stage_zh(enum stage stage);

/* Parts of `whole` in proportion to the weights: they sum to it. The weights sum to more than 0. */
void record_share(int64_t whole, const int64_t *weights, size_t count, int64_t *out);

/* Numbers 0 … count - 1 in an order drawn from `rng`. */
uint32_t *record_shuffled(struct arena *arena, struct rng *rng, uint32_t count);

/* A person's name by the settings' tables, and a number that nobody of the households has. */
struct str works_name(struct works *works, struct rng *rng, day birth, bool male);
void works_id(struct works *works, char out[19], uint32_t county, day birth, bool male);

/* Whether a school stands in a village. */
bool works_rural(const struct works *works, uint32_t school);

/* Makers. Each fills the records of its register and the figures that they sum to. */
void works_villages(struct works *works);
void works_staff(struct works *works);
void works_partners(struct works *works);
void works_exam(struct works *works);
/* Which schools are rural; behind works_staff. */
void works_rural_schools(struct works *works);

/* The tier of the rural subsidy at a school: 一类 (farthest), 二类, 三类, or empty. */
struct str teacher_tier(const struct works *works, uint32_t school);
void record_put_teacher(struct works *works, struct records *records, struct record *record,
                        const struct teacher *teacher);
const char *teacher_subject(const struct works *works, const struct teacher *teacher);
void record_teachers(struct works *works, struct records *records);
void record_postings(struct works *works, struct records *records);
void record_trainings(struct works *works, struct records *records);
void record_rotations(struct works *works, struct records *records);
void record_rural_allowances(struct works *works, struct records *records);
void record_exchanges(struct works *works, struct records *records);
void record_agreements(struct works *works, struct records *records);
void record_agreement_schools(struct works *works, struct records *records);
void record_conditions(struct works *works, struct records *records);
void record_baseline(struct works *works, struct records *records);
void record_projects(struct works *works, struct records *records);
void record_inspections(struct works *works, struct records *records);
void record_candidates(struct works *works, struct records *records);
void record_admissions(struct works *works, struct records *records);
void record_aid_totals(struct works *works, struct records *records);

struct record_files {
    struct arena *arena; /* of the names */
    const char *folder;
    int64_t error_permille;
    uint64_t rows;
    LIST(struct str) first, last;
};

/* Writes all registers under folder/files and folder/truth/figures.csv. ERR_IO, ERR_INPUT. */
MUST_USE bool records_write(struct works *works, struct record_files *files, struct err *err);

#endif
