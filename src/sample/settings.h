#ifndef SAMPLE_SETTINGS_H
#define SAMPLE_SETTINGS_H

#include "base/day.h"
#include "base/rng.h"
#include "policy/period.h"

/* What a sample city draws, read from text: policies/PLACE/sample.yaml (place, shares, stories,
 * rates of errors), policies/PLACE/divisions.tsv (its villages),
 * policies/national/sample/layouts.yaml (how offices lay their files out) and sample/tables (names,
 * characters that are confused). */

enum { AGES = 23, FAMILY_CHILDREN_MAX = 4, PPM = 1000000 };

/* Stages of schooling. */
enum stage {
    STAGE_NONE,
    STAGE_PRESCHOOL,
    STAGE_PRIMARY,
    STAGE_JUNIOR,
    STAGE_SENIOR,
    STAGE_VOCATIONAL,
    STAGE_SPECIAL,
    STAGE_COUNT,
};

/* Whom the list of suspects names, in a million of each group. */
enum suspect_share {
    SUSPECT_MISSING,
    SUSPECT_NOT_ATTENDING,
    SUSPECT_WRONG_NUMBER,
    SUSPECT_LATE,
    SUSPECT_UNREGISTERED,
    SUSPECT_ELSEWHERE,
    SUSPECT_EMPTY_HOUSEHOLD,
    SUSPECT_ILL,
    SUSPECT_DEAD,
    SUSPECT_MOVED_OUT,
    SUSPECT_FINISHED,
    SUSPECT_SHARE_COUNT,
};

/* Shares in parts per million; sample.yaml says of what. */
enum share {
    SHARE_VILLAGE_SURNAME,
    SHARE_MOVED_TO_TOWN,
    SHARE_AWAY,
    SHARE_EMPTY_HOUSEHOLD,
    SHARE_INCOMER,
    SHARE_INCOMER_LISTED,
    SHARE_TOWN_LISTED,
    SHARE_LEFT_BEHIND,
    SHARE_SINGLE_PARENT,
    SHARE_ELDER,
    SHARE_POVERTY,
    SHARE_DIBAO,
    SHARE_DESTITUTE,
    SHARE_ORPHAN,
    SHARE_TWINS,
    SHARE_NAMESAKE,
    SHARE_MOTHER_SURNAME,
    SHARE_SIBLING_CHARACTER,
    SHARE_ONE_CHARACTER,
    SHARE_MINORITY,
    SHARE_DOTTED_NAME,
    SHARE_DISABLED,
    SHARE_DEAD,
    SHARE_MOVED_OUT,
    SHARE_BORN_ELSEWHERE,
    SHARE_PRESCHOOL_AT_3,
    SHARE_PRESCHOOL_AT_4,
    SHARE_PRESCHOOL_AT_5,
    SHARE_LATE_ENTRY,
    SHARE_EARLY_ENTRY,
    SHARE_REPEATS,
    SHARE_SENIOR,
    SHARE_VOCATIONAL,
    SHARE_SEAT_PRIMARY,
    SHARE_SEAT_JUNIOR,
    SHARE_BOARDING_PRIMARY,
    SHARE_BOARDING_JUNIOR,
    SHARE_ROLL_LEFT_OPEN,
    SHARE_ELSEWHERE_LISTED,
    SHARE_RECOGNISED,
    SHARE_SICK_LEAVE,
    SHARE_HOMEBOUND,
    SHARE_DEFERRED,
    SHARE_ROLL_TWICE,
    SHARE_NOT_ATTENDING,
    SHARE_UNREGISTERED,
    SHARE_COUNT,
};

/* Why a child is truly in no school. */
enum story {
    STORY_NONE,
    STORY_WORK,
    STORY_WEARY,
    STORY_MARRIAGE,
    STORY_POOR,
    STORY_NEVER_ENROLLED,
    STORY_DISABLED,
    STORY_UNREACHABLE,
    STORY_NO_HOUSEHOLD,
    STORY_COUNT,
};

/* What clerks spoil; docs/sample.md says what each does. */
enum spoil {
    SPOIL_HOMOPHONE,
    SPOIL_LOOK_ALIKE,
    SPOIL_TRADITIONAL,
    SPOIL_NAME_CUT,
    SPOIL_NAME_BLANK,
    SPOIL_NAME_OLD,
    SPOIL_RARE_LOST,
    SPOIL_ID_DIGIT,
    SPOIL_ID_SWAP,
    SPOIL_ID_MISSING,
    SPOIL_ID_SHORT,
    SPOIL_ID_PARENT,
    SPOIL_ID_SIBLING,
    SPOIL_ID_15,
    SPOIL_ID_FLOAT,
    SPOIL_ID_CERTIFICATE,
    SPOIL_ID_STUDENT_NUMBER,
    SPOIL_LOWER_X,
    SPOIL_FULL_WIDTH,
    SPOIL_TRAILING_BLANK,
    SPOIL_BIRTH_DAY,
    SPOIL_BIRTH_SWAP,
    SPOIL_BIRTH_LUNAR,
    SPOIL_BIRTH_DEFAULT,
    SPOIL_BIRTH_MISSING,
    SPOIL_BIRTH_FORM,
    SPOIL_GUARDIAN_OTHER,
    SPOIL_GUARDIAN_NAME,
    SPOIL_GUARDIAN_ID_MISSING,
    SPOIL_GUARDIAN_ID_DIGIT,
    SPOIL_GUARDIAN_ID_15,
    SPOIL_VILLAGE_MOVED,
    SPOIL_DUPLICATE,
    SPOIL_SECOND_HOUSEHOLD,
    SPOIL_CERTIFICATE_REISSUED,
    SPOIL_COUNT,
};

/* The registers that the sample writes. */
enum source {
    SOURCE_POPULATION,
    SOURCE_RESIDENTS,
    SOURCE_DOOR_SURVEY,
    SOURCE_ROLL,
    SOURCE_ATTENDING,
    SOURCE_GRADUATES,
    SOURCE_ELSEWHERE,
    SOURCE_HOMEBOUND,
    SOURCE_DEFERRED,
    SOURCE_DEATHS,
    SOURCE_POVERTY,
    SOURCE_DIBAO,
    SOURCE_DESTITUTE,
    SOURCE_ORPHANS,
    SOURCE_DISABLED,
    SOURCE_RECOGNITIONS,
    SOURCE_SCHOOLS,
    SOURCE_VILLAGES,
    SOURCE_AWARDS_PAID,
    SOURCE_SUSPECTS,
    SOURCE_ACCOUNTS,
    SOURCE_COUNT,
};

/* A word that is drawn by weight. `from` is the sum of the weights before it. */
struct weighted {
    struct str text;
    uint32_t weight;
    uint32_t from;
};

/* Words in order, with the sum of their weights. */
struct weighted_list {
    struct weighted *items;
    size_t count;
    uint32_t sum;
};

enum { GENERATION_OLD, GENERATION_MIDDLE, GENERATION_YOUNG, GENERATION_DOTTED, GENERATION_COUNT };
enum { CONFUSION_HOMOPHONE, CONFUSION_LOOK_ALIKE, CONFUSION_TRADITIONAL, CONFUSION_COUNT };

struct confusion_list {
    struct str *groups; /* characters taken for one another; traditional: simplified, traditional */
    size_t count;
};

struct village {
    struct str code;       /* 12 digits */
    struct str name;       /* "红堡子村民委员会" */
    struct str short_name; /* "红堡子" */
    bool urban;            /* a neighbourhood (社区) */
    uint32_t township;
    uint32_t weight;
};

struct township {
    struct str code, name;
    uint32_t county;
    uint32_t village_from, village_count;
    uint32_t weight;
    bool street; /* 街道 */
};

struct county {
    struct str code, name;
    uint32_t weight;
    uint32_t township_from, township_count;
};

struct outside {
    struct str code, name;
};

/* Kinds of files, forms of dates and grades, and what one file of a register covers. */
enum file_format {
    FORMAT_CSV,
    FORMAT_CSV_BOM,
    FORMAT_CSV_GB18030,
    FORMAT_TEXT_UTF16,
    FORMAT_HTML,
    FORMAT_XLSX,
    FORMAT_COUNT
};
enum date_form {
    DATE_ISO,
    DATE_SLASH,
    DATE_DOT,
    DATE_COMPACT,
    DATE_CHINESE,
    DATE_CELL,
    DATE_COUNT
};
enum grade_form { GRADE_WORDS, GRADE_STAGE_WORDS, GRADE_NUMBER, GRADE_JUNIOR_WORDS, GRADE_COUNT };
enum split { SPLIT_CITY, SPLIT_COUNTY, SPLIT_DISTRICT, SPLIT_COUNT };

/* What a column holds; the keys of layouts.yaml. */
enum column {
    COLUMN_SEQ,
    COLUMN_NAME,
    COLUMN_ID_KIND,
    COLUMN_ID_NUMBER,
    COLUMN_SEX,
    COLUMN_NATION,
    COLUMN_BIRTH_DATE,
    COLUMN_AGE,
    COLUMN_HOUSEHOLD_NUMBER,
    COLUMN_PERSON_NUMBER,
    COLUMN_RELATION,
    COLUMN_HEAD_NAME,
    COLUMN_HEAD_ID,
    COLUMN_ADDRESS,
    COLUMN_ORIGIN_ADDRESS,
    COLUMN_AREA_CODE,
    COLUMN_COUNTY,
    COLUMN_TOWNSHIP,
    COLUMN_VILLAGE,
    COLUMN_GUARDIAN_NAME,
    COLUMN_GUARDIAN_ID,
    COLUMN_GUARDIAN_RELATION,
    COLUMN_GUARDIAN2_NAME,
    COLUMN_GUARDIAN2_ID,
    COLUMN_PHONE,
    COLUMN_STATUS,
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_TERM,
    COLUMN_DAY,
    COLUMN_STUDENT_NUMBER,
    COLUMN_SCHOOL_CODE,
    COLUMN_SCHOOL_NAME,
    COLUMN_SCHOOL_SHORT,
    COLUMN_STAGE,
    COLUMN_GRADE,
    COLUMN_CLASS,
    COLUMN_BOARDING,
    COLUMN_REASON,
    COLUMN_REMARK,
    COLUMN_KIND,
    COLUMN_LEVEL,
    COLUMN_COMPANIONS,
    COLUMN_PERMIT,
    COLUMN_REGISTERED,
    COLUMN_VISITOR,
    COLUMN_PROVINCE,
    COLUMN_PROOF,
    COLUMN_TEACHER,
    COLUMN_TIMES,
    COLUMN_APPROVED_BY,
    COLUMN_APPROVAL_NUMBER,
    COLUMN_CERTIFICATE,
    COLUMN_MEMBERS,
    COLUMN_YEAR,
    COLUMN_URBAN,
    COLUMN_SPONSOR,
    COLUMN_STUDENTS,
    COLUMN_TEACHERS,
    COLUMN_POOR_VILLAGE,
    COLUMN_EXIT_YEAR,
    COLUMN_POPULATION,
    COLUMN_PRESCHOOLERS,
    COLUMN_KINDERGARTEN,
    COLUMN_STATION,
    COLUMN_EMPTY,
    COLUMN_MAJOR,
    COLUMN_FEE,
    COLUMN_SCHEME,
    COLUMN_PERIOD,      /* 2020年秋季学期 */
    COLUMN_PERIOD_LONG, /* 2020-2021学年第一学期 */
    COLUMN_PERIOD_CODE, /* 2020-2021-1 */
    COLUMN_SCHOOL_YEAR, /* 2020-2021 */
    COLUMN_TERM_NAME,   /* 第一学期 */
    COLUMN_PAID_YEAR,
    COLUMN_PAID_MONTH,
    COLUMN_PAID_ON,
    COLUMN_AMOUNT,
    COLUMN_BANK,
    COLUMN_ACCOUNT,
    COLUMN_PAYEE_NAME,
    COLUMN_BANK_SERIAL,
    COLUMN_EXITED_ON,
    COLUMN_ASSURED,
    COLUMN_ASSURED_ON,
    COLUMN_NEEDS,
    COLUMN_HAS,
    COLUMN_SHARED_WITH,
    COLUMN_DISTANCE,
    COLUMN_CENTRAL,
    COLUMN_PAYEE_ID,
    COLUMN_PAYEE_RELATION,
    COLUMN_ACCOUNT_STATE,
    COLUMN_OPENED_ON,
    COLUMN_COUNT,
};

enum { LAYOUT_COLUMNS_MAX = 40 };

struct layout {
    struct str key;
    enum file_format format;
    struct str title;    /* above the header, may be empty */
    struct str subtitle; /* a second line above, may be empty */
    struct str foot;     /* below the rows, cells with "|" between; may be empty */
    bool total;          /* a row 合计 below the rows */
    bool sheets;         /* a sheet for each township */
    bool id_as_number;   /* the spreadsheet took ID numbers for numbers and lost their end */
    bool sex_code;       /* 1 and 2 in place of 男 and 女 */
    bool two_rows;       /* some headings stand in two rows, written GROUP/HEADING */
    enum date_form dates;
    enum grade_form grades;
    struct str *headings;
    enum column *columns;
    struct str *keys; /* of records: the column's key, and ":wan" or the like behind it */
    size_t column_count;
};

/* A set of files of one register. */
struct file_plan {
    enum source source;
    struct str name; /* "{county}户籍人口" */
    enum split split;
    bool stages[STAGE_COUNT];      /* roll: which */
    bool last;                     /* comes by the last day only */
    day at;                        /* the day it speaks of */
    const struct layout **layouts; /* taken in turn */
    size_t layout_count;
    uint32_t schemes;     /* payments, accounts: a bit for each scheme of those on it */
    struct period period; /* and of which period */
};

/* What of a child decides about aid; a bit each. */
enum aid_fact {
    AID_POVERTY_LIFTED,
    AID_DIBAO_RURAL,
    AID_DIBAO_URBAN,
    AID_DESTITUTE_RURAL,
    AID_DESTITUTE_URBAN,
    AID_ORPHAN,
    AID_DISABLED,
    AID_RECOGNISED,
    AID_AGRICULTURE_MEDICINE, /* the major */
    AID_POOR_COUNTY,          /* the household is rural and in one of the poor counties */
    AID_FACT_COUNT,
};

/* Classes of majors, by which a fee may differ. */
enum major_class {
    MAJOR_GENERAL,
    MAJOR_AGRICULTURE_MEDICINE,
    MAJOR_ARTS,
    MAJOR_OPERA,
    MAJOR_COUNT
};

enum { AID_SCHEMES_MAX = 16 };

/* What is true of an account against what the list says of it. */
enum account_kind {
    ACCOUNT_RIGHT,
    ACCOUNT_LACKING,   /* there is none yet: the list has the pupil and no number */
    ACCOUNT_OTHER,     /* the list has an account of somebody else, under that name */
    ACCOUNT_MALFORMED, /* the list has the number with a digit too few, or as 6.21785E+18 */
    ACCOUNT_CLOSED,    /* not in use, and the list says so */
    ACCOUNT_STOPPED,   /* not in use, and only the bank knows */
    ACCOUNT_KINDS
};

/* A scheme of aid: what is due to whom for a term. */
struct aid_scheme {
    struct str key;    /* as in the policy packs */
    struct str *names; /* as clerks write it, whole first */
    size_t name_count;
    bool stages[STAGE_COUNT];
    int64_t fen[STAGE_COUNT];
    int64_t fen_by_class[MAJOR_COUNT]; /* 0: that of the stage */
    bool fee;                          /* the school's own fee in place of it */
    bool boarders, day_pupils;         /* who may have it */
    uint32_t who;                      /* bits of facts, one of which is needed; 0: all */
    int64_t grade_most;
    int excludes; /* number of a scheme that goes not with it, or -1 */
};

struct aid_settings {
    struct aid_scheme schemes[AID_SCHEMES_MAX];
    size_t scheme_count;
    int64_t missed, undue, twice, abbreviated; /* ppm; sample.yaml says of what */
    int64_t accounts[ACCOUNT_KINDS];           /* ppm of those listed; ACCOUNT_RIGHT: unused */
    struct str *banks;                         /* where accounts are held, not empty */
    size_t bank_count;
    struct str *poor_counties;
    size_t poor_county_count;
    int64_t *school_fees; /* fen a term */
    size_t school_fee_count;
    struct weighted_list majors;
    enum major_class *major_classes; /* by number in majors */
};

struct settings {
    struct str city, zh, province; /* division code and names */
    uint32_t children;             /* the whole city */
    day first_day, last_day;
    struct county *counties;
    size_t county_count;
    struct township *townships;
    size_t township_count;
    struct village *villages;
    size_t village_count;
    struct outside *outside;
    struct weighted_list outside_weights; /* numbers into outside */
    uint32_t youngest_by_age[AGES];
    uint32_t children_in_family[FAMILY_CHILDREN_MAX];
    uint32_t schools[STAGE_COUNT];
    uint32_t shares[SHARE_COUNT];
    uint32_t missing[STORY_COUNT];
    uint32_t suspects[SUSPECT_SHARE_COUNT]; /* ppm of each group that is on the list */
    uint32_t schools_not_reported, townships_late;
    uint32_t errors[SOURCE_COUNT][SPOIL_COUNT]; /* ppm */
    struct aid_settings aid;
    struct weighted_list surnames;
    struct weighted_list given[GENERATION_COUNT][2]; /* by sex: 0 female, 1 male */
    struct confusion_list confusions[CONFUSION_COUNT];
    struct layout *layouts;
    size_t layout_count;
    struct file_plan *plans;
    size_t plan_count;
};

struct yaml_node;

/* Reads all of it; `folder` is a packs folder in place of the embedded packs, or NULL. The first
 * place (in name order) that has a sample.yaml is taken. ERR_INPUT with file and line. */
MUST_USE bool sample_settings_load(struct settings *out, struct arena *arena, const char *folder,
                                   struct err *err);

/* The part `aid` of sample.yaml. ERR_INPUT. */
MUST_USE bool sample_aid_load(struct aid_settings *out, struct arena *arena, struct yaml_node *map,
                              const char *name, struct err *err);

/* The number of the scheme with this key, or -1. */
int sample_aid_scheme(const struct aid_settings *aid, struct str key);

/* layouts.yaml: the layouts and the file plans, into `out`. Behind sample_settings_load. */
MUST_USE bool sample_layouts_load(struct settings *out, struct arena *arena, struct str text,
                                  const char *name, struct err *err);

/* One layout. `of_records`: its columns are those of a register of records (record.h), read when it
 * is written. ERR_INPUT. */
MUST_USE bool sample_layout_read(struct arena *arena, struct yaml_node *node, const char *name,
                                 bool of_records, struct layout *out, struct err *err);

/* The text of `file` of the place that is drawn (`of_place`) or of national/sample, and its name
 * below the packs folder. ERR_INPUT. */
MUST_USE bool sample_pack_read(struct arena *arena, const char *folder, const char *file,
                               bool of_place, struct str *out, struct str *name, struct err *err);

/* One drawn by weight. The list is not empty. */
const struct weighted *weighted_draw(const struct weighted_list *list, struct rng *rng);

/* "population" for SOURCE_POPULATION; "primary" for STAGE_PRIMARY; "work" for STORY_WORK. */
const char *sample_source_key(enum source source);
const char *sample_stage_key(enum stage stage);
const char *sample_story_key(enum story story);

/* "lacking" for ACCOUNT_LACKING; empty for one that is right. */
const char *sample_account_key(enum account_kind kind);

#endif
