#ifndef LINK_COMPARE_H
#define LINK_COMPARE_H

#include "base/dict.h"
#include "base/list.h"
#include "link/spec.h"

/* Measures of two values. A value is prepared once (struct value_…), a pair is compared many
 * times, so everything that depends on one value alone is done in the preparing. Results are whole
 * numbers: the same on every machine. */

/* Bits of MEASURE_TEXT. */
enum text_fact { TEXT_CONTAINS = 1, TEXT_INITIAL = 2 };

/* Bits of MEASURE_NAME. Each is true on its own: NAME_HOMOPHONE is set for equal names too. */
enum name_fact {
    NAME_SAME = 1,
    NAME_ORDER = 2,           /* the same characters in another order */
    NAME_HOMOPHONE = 4,       /* as many characters, each with a common reading */
    NAME_NEAR_HOMOPHONE = 8,  /* … with a common class of readings */
    NAME_SHAPE = 16,          /* … each equal, of a common reading, or alike in shape */
    NAME_MISSING = 32,        /* one is the other with characters left out, at least two remain */
    NAME_ONE_CHARACTER = 64,  /* as many characters, all but one equal, of three or more */
    NAME_GIVEN = 128,         /* given name equal, surname not */
    NAME_SURNAME = 256,       /* surname equal */
};

/* Bits of MEASURE_ID. */
enum id_fact {
    ID_SAME_VALID = 1,
    ID_SAME = 2,
    ID_SUBSTITUTION = 4,      /* 18 characters each, one differs */
    ID_TRANSPOSITION = 8,     /* two neighbouring characters swapped */
    ID_TWO_SUBSTITUTIONS = 16,
    ID_TRUNCATED = 32,        /* a damaged one equals the other as far as its kept digits go */
    ID_LOST_DIGIT = 64,       /* one character missing or added */
    ID_DOUBTFUL = 128,        /* at least one is not valid */
};

/* Bits of MEASURE_DATE. */
enum date_fact {
    DATE_SAME = 1,
    DATE_SWAPPED = 2,         /* day and month exchanged */
    DATE_ONE_DIGIT = 4,       /* of yyyymmdd one digit differs */
    DATE_DIGITS_SWAPPED = 8,  /* of yyyymmdd two neighbouring digits are exchanged */
    DATE_DEFAULT = 16,        /* same year, and one is 1 January */
    DATE_PARTIAL = 32,        /* one lacks day or month, the rest is equal */
    DATE_LUNAR = 64,          /* 18 to 51 days apart */
    DATE_YEAR_MONTH = 128,
    DATE_MONTH_DAY = 256,     /* same month and day, years differ */
    DATE_YEAR = 512,
};

/* Bits of MEASURE_PHONE. */
enum phone_fact { PHONE_SAME = 1, PHONE_ONE_DIGIT = 2, PHONE_TAIL = 4 };

enum { VALUE_CODES_MAX = 255, VALUE_TOKENS_MAX = 32, NAME_CODES_MAX = 16 };

/* Code points of a text, at most VALUE_CODES_MAX. */
struct value_text {
    const uint32_t *codes;
    uint16_t count;
    bool latin;         /* all below 256 */
    uint64_t signature; /* a bit for each code's last six bits */
};

/* Words of a text as sorted hashes. */
struct value_tokens {
    const uint64_t *hashes;
    uint16_t count;
};

/* A character with its readings; each is made once for all names of a column. */
struct value_character {
    uint64_t readings; /* up to four, 16 bits each, 0 none */
    uint64_t classes;  /* their classes */
    uint32_t code;
};

/* A name taken apart: its characters, those of the surname first, at most NAME_CODES_MAX. */
struct value_name {
    const struct value_character *const *characters;
    uint8_t count, surname_count;
};

struct value_id {
    char text[24]; /* padded with zeros */
    uint8_t length, kept; /* kept: digits that can be relied upon */
    bool valid, damaged;
};

struct value_date {
    int32_t days; /* INT32_MIN unless year, month and day are known */
    int16_t year;
    int8_t month, day; /* 0 unknown */
    char digits[8];    /* yyyymmdd */
};

/* A number as whole thousandths. */
struct value_number {
    int64_t thousandths;
    bool known;
};

/* Prepares one value. Results borrow from the arena. */
void value_text_read(struct arena *arena, struct str text, struct value_text *out);

/* The same with the codes written to the caller's room, of which out->count are used. */
void value_text_fill(uint32_t codes[VALUE_CODES_MAX], struct str text, struct value_text *out);
void value_tokens_read(struct arena *arena, struct str text, struct value_tokens *out);
void value_grams_read(struct arena *arena, struct str text, struct value_tokens *out);

/* The characters met so far; all of it lives in `arena`. */
struct value_characters {
    struct arena *arena;
    struct u64_map numbers; /* by code point, and whether it stands in a surname */
    LIST(const struct value_character *) list;
};
void value_characters_init(struct value_characters *characters, struct arena *arena);

/* `work` is scratch: nothing in it is kept. */
void value_name_read(struct value_characters *characters, struct arena *work, struct str text,
                     struct value_name *out);
void value_id_read(struct str text, struct value_id *out);
void value_date_read(struct str text, struct value_date *out);
void value_number_read(struct str text, struct value_number *out);

/* Similarities in millionths and distances in edits; distances are exact up to VALUE_CODES_MAX. */
int32_t text_jaro_winkler(const struct value_text *a, const struct value_text *b);

/* True when the similarity is surely below `least` (millionths): told from which characters the
 * texts share, without looking where they stand. */
bool text_jaro_winkler_below(const struct value_text *a, const struct value_text *b,
                             int32_t least);
int32_t text_levenshtein(const struct value_text *a, const struct value_text *b);
int32_t text_damerau(const struct value_text *a, const struct value_text *b);
int32_t text_prefix(const struct value_text *a, const struct value_text *b);
int32_t text_facts(const struct value_text *a, const struct value_text *b);
int32_t tokens_overlap(const struct value_tokens *a, const struct value_tokens *b);
int32_t tokens_dice(const struct value_tokens *a, const struct value_tokens *b);

/* What is true of two values: bits of the enums above, and for divisions the digits that are equal
 * from the start (0, 2, 4, 6, 9 or 12). A value of which nothing could be read gives 0. */
int32_t name_facts(const struct value_name *a, const struct value_name *b);
int32_t id_facts(const struct value_id *a, const struct value_id *b);
int32_t date_facts(const struct value_date *a, const struct value_date *b);
int32_t phone_facts(struct str a, struct str b);
int32_t division_digits(struct str a, struct str b);

/* Any way people and programs write a date, down to a year alone; false when it is none. Writes
 * 0 for a month or day that is not stated. */
bool compare_date_read(struct str text, int *year, int *month, int *day_of_month);

#endif
