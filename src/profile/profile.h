#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

#include "base/err.h"
#include "base/str.h"

/* What a register looks like: its fields, their types and checks, and the headings that clerks
 * write, read from text (policies/PACK/registers/KEY.yaml, with the fields that many share in
 * policies/PACK/fields.yaml; docs/registers.md describes the format).
 * The profile makes the table: a plain column for each field that does not identify, one sealed
 * column for all that do. The engines know fields by their keys; these keys mean the same in every
 * register and are the ones that linking and checks read:
 *
 *   name id_number birth_date sex nation student_number school_name school_code stage grade class
 *   status boarding household_number head_name head_id relation guardian_name guardian_id
 *   guardian2_name guardian2_id phone address area_code county township village origin_address
 *   from to day_stated reason
 *
 * A register may have others of its own. */

enum field_type {
    FIELD_TEXT,           /* kept as written, blanks trimmed */
    FIELD_NAME,           /* a person's name */
    FIELD_ID_NUMBER,      /* identity/id_number.h; always identifying */
    FIELD_STUDENT_NUMBER, /* G/J/L + 18; always identifying */
    FIELD_DATE, /* canonical "2012-03-05"; a year and month alone stays "2012-03", a year "2012" */
    FIELD_SEX,  /* M, F */
    FIELD_YES_NO, /* yes, no */
    FIELD_INTEGER,
    FIELD_DECIMAL,     /* kept as decimal text */
    FIELD_MONEY,       /* yuan as written; canonical integer fen */
    FIELD_CHOICE,      /* one of `choices`, canonical is its key */
    FIELD_DIVISION,    /* a division code */
    FIELD_PLACE,       /* a name of a county, township or village */
    FIELD_ADDRESS,     /* identifying */
    FIELD_PHONE,       /* identifying */
    FIELD_SCHOOL_CODE, /* 10 digits */
    FIELD_GRADE,       /* canonical stage:year, "primary:3"; see intake/value.h */
    FIELD_PERIOD,      /* a term or school year: canonical "2020-autumn", "2020-2021" */
    FIELD_PEOPLE,      /* several people in one cell: names with or without numbers; identifying */
};

struct profile_choice {
    struct str key; /* canonical value */
    struct str zh, en;
    struct str *words; /* how it is written; compared after cleaning */
    size_t word_count;
    struct str *flags; /* headings of columns that say yes or no, or a day, to this choice alone
                          (是否辍学, 迁出日期); cleaned */
    size_t flag_count;
};

/* Whose attribute a field is: the person of the row, or another who is named beside. */
enum profile_person {
    PROFILE_SELF,
    PROFILE_HEAD, /* the head of the household */
    PROFILE_GUARDIAN,
    PROFILE_GUARDIAN2,
    PROFILE_OTHER, /* teachers, visitors, those who fill in the form: columns kept aside */
    PROFILE_PERSON_COUNT,
};

struct profile_words {
    struct str *words; /* cleaned, longest first */
    size_t count;
};

struct profile_field {
    struct str key;    /* [a-z][a-z0-9_]* */
    struct str zh, en; /* for screens */
    enum field_type type;
    enum profile_person person; /* PROFILE_SELF unless the file says `of` */
    struct str like; /* key of the shared field whose headings name this one behind a word for the
                        person ("id_number" for guardian_id); empty when there is none */
    int weight;      /* how much a column of it speaks for the register, 0 … 10; 1 is usual */
    bool required;   /* the row is rejected when neither this nor another required field says who */
    bool identifying;     /* sealed on disk, masked on screen */
    struct str *headings; /* cleaned forms that name this field */
    size_t heading_count;
    struct profile_choice *choices;
    size_t choice_count;
    struct profile_words blank; /* cells that state nothing for this field, cleaned */
};

/* A heading that names a field exactly. */
struct profile_heading {
    struct str text; /* cleaned */
    int field;
    bool own; /* from the register's own text, not from the shared fields */
};

struct profile {
    struct str key; /* "roll" */
    struct str zh, en;
    bool people; /* rows are children, youths and their households: linked. Staff are not */
    bool once_per_person; /* a second record of one person in one export is unusual: linking weighs
                             it */
    bool children_only;   /* every row is a child or youth (no adults to be set aside) */
    struct str scope;     /* what one file covers: "school", "area" or "all" */
    struct profile_field *fields;
    size_t field_count;
    struct str *record_key; /* fields that tell the same record in the next export, best first:
                               the first that both rows fill decides; name and birth_date last */
    size_t record_key_count;
    struct str *titles; /* words in a file, sheet or title that speak for this register */
    size_t title_count;
    struct str *against; /* headings that speak against it */
    size_t against_count;
    struct profile_heading *lookup; /* sorted by text, own before shared, then by field */
    size_t lookup_count;
};

struct profiles {
    struct profile *items; /* sorted by key */
    size_t count;
    struct profile_field *common; /* the shared fields of fields.yaml */
    size_t common_count;
    struct profile_heading *common_lookup; /* as in struct profile; `field` counts in `common` */
    size_t common_lookup_count;
    struct profile_words persons[PROFILE_PERSON_COUNT]; /* words for people */
    struct profile_words general; /* words around headings that name no field */
    struct profile_words serial;  /* headings of columns that only count */
};

/* Loads all register profiles: the embedded packs, or those under `folder` when not NULL (a packs
 * folder like policies/). Errors: ERR_INPUT with file, line and column. */
MUST_USE bool profiles_load(struct profiles *out, struct arena *arena, const char *folder,
                            struct err *err);

/* "id_number" for FIELD_ID_NUMBER: the word that profiles write. */
const char *field_type_key(enum field_type type);

/* By key; NULL when there is none. */
const struct profile *profile_find(const struct profiles *profiles, struct str key);

/* The number of the field with this key, or -1. */
int profile_field_number(const struct profile *profile, const char *key);

/* The headings of a register that read exactly `cleaned`: the first of *count, NULL for none. */
const struct profile_heading *profile_headings(const struct profile *profile, struct str cleaned,
                                               size_t *count);

/* The number of the shared field that `cleaned` names exactly, or -1. */
int profile_common_field(const struct profiles *profiles, struct str cleaned);

/* The number of the choice that a cleaned word means, or -1. */
int profile_choice_number(const struct profile_field *field, struct str cleaned);

/* The number of the choice that a column with this cleaned heading says yes or no to, or -1. */
int profile_flag_choice(const struct profile_field *field, struct str cleaned);

/* True when one of the words is `text`. */
bool profile_has_word(const struct profile_words *words, struct str text);

/* A heading as it is compared: compatibility form, lower case, without blanks, punctuation,
 * leading numbering ("1.", "一、", "(3)") and what stands in brackets ("身份证号(18位)" gives
 * "身份证号"); a heading that is all in brackets keeps its words. Into the arena. */
struct str heading_clean(struct arena *arena, struct str written);

/* The same, with what stood in brackets, cleaned, in *inside (empty when there was nothing). */
struct str heading_split(struct arena *arena, struct str written, struct str *inside);

#endif
