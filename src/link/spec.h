#ifndef LINK_SPEC_H
#define LINK_SPEC_H

#include "link/engine.h"

/* A parsed spec, for the engine's own files. docs/linking.md is its manual. */

enum {
    SPEC_STEPS_MAX = 16,           /* functions behind one another in a column */
    SPEC_DERIVED_MAX = 256,        /* columns in all, those inside rules and comparisons too */
    SPEC_RULE_PARTS_MAX = 8,       /* columns that a rule joins by "&" */
    SPEC_FIELDS_MAX = 4,           /* columns of one comparison */
    SPEC_CLAUSES_MAX = 4,          /* tests that a level joins by "&" */
    SPEC_MEASURES_MAX = 8,         /* different measures of one comparison */
    SPEC_BLOCK_MAX_DEFAULT = 2000, /* records */
};

/* The functions of expressions, in the order of docs/linking.md. */
enum function {
    FUNCTION_CLEAN,
    FUNCTION_NFKC,
    FUNCTION_LOWER,
    FUNCTION_LETTERS,
    FUNCTION_SQUEEZE,
    FUNCTION_DIGITS,
    FUNCTION_FIRST,
    FUNCTION_LAST,
    FUNCTION_AT_LEAST,
    FUNCTION_BLANK,
    FUNCTION_WORD,
    FUNCTION_SORT_WORDS,
    FUNCTION_INITIALS,
    FUNCTION_SOUNDEX,
    FUNCTION_SKELETON,
    FUNCTION_NAME,
    FUNCTION_SURNAME,
    FUNCTION_GIVEN,
    FUNCTION_READING,
    FUNCTION_READING_CLASS,
    FUNCTION_DATE,
    FUNCTION_YEAR,
    FUNCTION_MONTH,
    FUNCTION_DAY,
    FUNCTION_YEAR_MONTH,
    FUNCTION_MONTH_DAY,
    FUNCTION_ID,
    FUNCTION_ID_VALID,
    FUNCTION_ID_BIRTH,
    FUNCTION_ID_AREA,
    FUNCTION_ID_SEX,
    FUNCTION_PHONE,
    FUNCTION_DIVISION,
    FUNCTION_OR,
    FUNCTION_JOIN,
    FUNCTION_TOKENS,
    FUNCTION_WILDCARDS,
    FUNCTION_DELETES,
    FUNCTION_GRAMS,
    FUNCTION_PAIRS,
    FUNCTION_COUNT,
};

struct spec_step {
    enum function function;
    int32_t number;    /* argument of first, last, word … */
    uint32_t column;   /* argument of or, join */
    struct str *words; /* argument of blank */
    size_t word_count;
};

#define SPEC_NONE UINT32_MAX

/* A column: an input column as it is, or another column sent through functions. */
struct spec_column {
    struct str text; /* as written */
    uint32_t input;  /* number of the input column, when `base` is SPEC_NONE */
    uint32_t base;   /* column it starts from */
    struct spec_step *steps;
    size_t step_count;
    bool many;        /* a value is a set of keys: for rules only */
    bool by_record;   /* joins columns, so it depends on more than one value */
    uint64_t touches; /* input columns that it depends on, a bit each */
};

/* What is computed about two values; several levels can look at the same measure. */
enum measure {
    MEASURE_EQUAL,       /* 1 when the values are equal */
    MEASURE_CROSS,       /* 1 when column 1 equals the other's column 2 and vice versa */
    MEASURE_CROSS_JARO,  /* the smaller of the two crosswise similarities, in millionths */
    MEASURE_JARO,        /* Jaro-Winkler, in millionths */
    MEASURE_LEVENSHTEIN, /* edits */
    MEASURE_DAMERAU,     /* edits, neighbours swapped count once */
    MEASURE_TOKENS,      /* common words over words of the shorter, in millionths */
    MEASURE_GRAMS,       /* Dice of pairs of characters, in millionths */
    MEASURE_PREFIX,      /* characters equal from the start */
    MEASURE_TEXT,        /* enum text_fact, bits */
    MEASURE_NAME,        /* enum name_fact, bits */
    MEASURE_ID,          /* enum id_fact, bits */
    MEASURE_DATE,        /* enum date_fact, bits */
    MEASURE_DAYS,        /* days between, INT32_MAX when unknown */
    MEASURE_YEARS,       /* difference of the years, INT32_MAX when unknown */
    MEASURE_PHONE,       /* enum phone_fact, bits */
    MEASURE_DIVISION,    /* digits equal from the start: 0, 2, 4, 6, 9 or 12 */
    MEASURE_NUMBER,      /* thousandths between, INT32_MAX when unknown */
    MEASURE_RATIO,       /* the smaller over the larger number, in millionths */
};

/* How a test asks of a measure. */
enum relation { RELATION_AT_LEAST, RELATION_AT_MOST, RELATION_BITS };

struct spec_clause {
    uint8_t measure; /* number in the comparison's list */
    enum relation relation;
    int32_t limit;
};

struct spec_measure {
    enum measure measure;
    uint8_t field;       /* number of the comparison's column */
    int32_t least, most; /* least and largest limit that tests ask of it */
};

struct spec_level {
    struct str text; /* the test in its one spelling: "exact & 2 jaro_winkler 0.9"; "otherwise" */
    struct str label_en, label_zh;
    struct spec_clause clauses[SPEC_CLAUSES_MAX];
    size_t clause_count;
    uint32_t frequency[2];      /* columns whose common values weigh less, or SPEC_NONE */
    struct str frequency_on[2]; /* of those that there are: spec_column_spelling */
    bool frequency_stated;
};

struct spec_comparison {
    struct str key, label_en, label_zh;
    uint32_t fields[SPEC_FIELDS_MAX]; /* columns */
    struct str on[SPEC_FIELDS_MAX];   /* by field: spec_column_spelling */
    size_t field_count;
    struct spec_level *levels; /* the last is "otherwise", without clauses */
    size_t level_count;
    struct spec_measure measures[SPEC_MEASURES_MAX];
    size_t measure_count;
    bool anchor;            /* its first level nearly always means the same entity */
    bool shared;            /* several entities can have it in common: a household */
    bool missing_all;       /* of several fields all must be missing, else any */
    uint64_t touches;       /* input columns */
    int frequency_permille; /* how much of the value's rarity counts */
};

struct spec_rule {
    struct str text;
    uint32_t parts[SPEC_RULE_PARTS_MAX]; /* columns */
    size_t part_count;
    bool many; /* some part gives several keys */
    size_t block_max;
    uint64_t touches;
};

/* Two comparisons that depend on one another, so that their bits do not simply add up. */
struct spec_interaction {
    uint8_t first, second;
};

struct link_spec {
    const char *name;   /* of the file, for errors */
    uint64_t text_hash; /* of the text it was read from */
    struct str id_column, source_column;
    struct str *inputs; /* names of input columns */
    size_t input_count;
    struct spec_column *columns;
    size_t column_count;
    struct spec_comparison *comparisons;
    size_t comparison_count;
    struct spec_rule *rules;
    size_t rule_count;
    struct spec_interaction interactions[LINK_INTERACTIONS_MAX];
    size_t interaction_count;
    int32_t review, match, once_penalty; /* millibits */
    bool between;                        /* only records of different sources are compared */
    bool between_stated;                 /* the spec says so itself */
    bool one_to_one;                     /* a cluster holds at most one record of a source */
    bool once;                           /* every source lists an entity once */
};

/* True for a function that gives several keys. */
bool function_is_many(enum function function);

/* In spec_columns.c: the number of the column that an expression ("name | surname") stands for;
 * equal expressions share a number. False with line and column of `node`. */
struct yaml_node;
struct spec_reader {
    struct arena *arena;
    struct link_spec *spec;
    const char *name;
    struct err *err;
    struct str *derived_names; /* by derived column, parallel to derived_columns */
    uint32_t *derived_columns;
    size_t derived_count;
    struct str defining; /* being defined: inside it the input of that name is meant */
    uint32_t frequencies[LINK_FREQUENCIES_MAX]; /* columns that have one, each once */
    size_t frequency_count;
};
MUST_USE bool spec_column_read(struct spec_reader *reader, const struct yaml_node *node,
                               struct str text, uint32_t *out);

/* In spec_columns.c: what a column holds, in one spelling whatever derived columns are called:
 * "name | lower | or (other | clean)"; its first 1,000 bytes at most. In the arena. */
struct str spec_column_spelling(struct arena *arena, const struct link_spec *spec, uint32_t column);

/* In spec_levels.c: reads `levels` of a comparison, a preset's name or a list. */
MUST_USE bool spec_levels_read(struct spec_reader *reader, struct yaml_node *map,
                               struct spec_comparison *comparison);

/* The label under `key`: "{en: …, zh: …}" or one text for both; as it was when absent. */
MUST_USE bool spec_label_read(struct spec_reader *reader, struct yaml_node *map, const char *key,
                              struct str *en, struct str *zh);

/* Reads "frequency: COLUMN", "yes", "no" or a list of at most two columns. */
MUST_USE bool spec_frequency_read(struct spec_reader *reader, struct yaml_node *node,
                                  const struct spec_comparison *comparison, uint32_t out[2]);

#endif
