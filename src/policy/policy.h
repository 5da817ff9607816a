#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "base/day.h"
#include "policy/period.h"

#include <stdint.h>

/* A policy, read and checked: who is entitled to what, from when, by which document. The text that
 * people write is described in docs/policy.md; read.h makes this form of it, and everything else
 * (deciding, explaining, formatting, testing, coverage) works on this one form, so that no two of
 * them can disagree.
 *
 * The language is closed and total: no loops, no recursion, no input but the declared ones, whole
 * numbers only; every policy that was read decides every row in bounded time. Truth has three
 * values (Kleene): yes, no, unknown. Money is whole fen; a factor is an exact fraction, and where a
 * result may not be whole the text names the rounding, or reading refuses it. All magnitudes are
 * bounded when the text is read, so that no sum overflows afterwards.
 *
 * What is dated is in force from its first day to its last, both included; the day is that of the
 * right (`at`). Nothing overrides silently: two clauses that could both set one amount, neither an
 * exception to the other, are refused when the text is read, with an example.
 *
 * Numbers of inputs, definitions, standards and schemes are their places in the arrays below.
 * Everything lives in the arena of policy_read and is never changed afterwards; many threads may
 * read it. */

enum {
    POLICY_SOURCE_BYTES_MAX = 4 << 20, /* one file */
    POLICY_SOURCES_MAX = 256,
    POLICY_DEPTH_MAX = 64,       /* of brackets, `not` and exceptions */
    POLICY_INPUTS_MAX = 64,      /* one bit each in a mask of needs */
    POLICY_CHOICES_MAX = 64,     /* words of one choice or set: one bit each */
    POLICY_KEYS_MAX = 3,         /* inputs that a standard goes by */
    POLICY_DECLARATIONS_MAX = 20000, /* of all kinds together */
    POLICY_ROWS_MAX = 200000,    /* rows of all standards together */
    POLICY_LIST_MAX = 4096,      /* words or codes of one list */
    POLICY_CLAUSES_MAX = 1000,   /* of one kind in one scheme */
    POLICY_EXPRESSIONS_MAX = 400000, /* pieces of all conditions and values together */
    POLICY_WRITTEN_OUT_MAX = 20000,  /* pieces of one, with the definitions it uses written out */
    POLICY_SCALE_MAX = 1000000,      /* of either number of a fraction */
    POLICY_NONE = 0xffff,        /* no input, no clause … */
    POLICY_NOT_CONCERNED = 3,    /* of an expectation: the scheme does not apply */
};

/* The largest number, and the largest amount in fen, that a text, an input or a step may reach:
 * ten thousand million yuan. */
#define POLICY_VALUE_MAX INT64_C(1000000000000)

/* Where something stands. */
struct policy_place {
    uint16_t source; /* in policy.sources */
    int line, column; /* from 1; columns count characters */
};

/* The names of a thing: its key (ASCII: letters, digits, _), its words in both languages, and other
 * words by which it is known in files ("also"). A text may use the key or either word. */
struct policy_name {
    struct str key, zh, en;
    struct str *also;
    size_t also_count;
};

/* First and last day in force, both included; DAY_NONE is an open end. */
struct policy_span {
    day first, last;
};
bool policy_in_force(struct policy_span span, day at);

/* How sure it is that a text says so: seen in a published copy, believed, to be confirmed by the
 * bureau (待核实). */
enum policy_confidence { POLICY_SEEN, POLICY_BELIEVED, POLICY_UNCONFIRMED };

/* A sentence of a document that the pack keeps. */
struct policy_sentence {
    struct str article; /* "第二条", may be empty */
    struct str text;
    struct policy_place place;
};

struct policy_document {
    struct str key;
    struct str number; /* "财教〔2019〕121号": what decisions cite */
    struct str title_zh, title_en; /* may be empty */
    day issued;                    /* DAY_NONE: not stated */
    enum policy_confidence confidence;
    struct policy_sentence *sentences;
    size_t sentence_count;
    uint16_t pack;
    struct policy_place place;
};

/* A clause's ground in law. */
struct policy_cite {
    uint16_t document;
    struct str article; /* may be empty */
    struct str quote;   /* stands in a sentence of the document; may be empty */
    struct policy_place place;
};
struct policy_cites {
    struct policy_cite *items;
    size_t count;
    bool unconfirmed; /* the clause is marked 待核实 */
};

/* What a value is. Values of every type but sets are kept in an int64_t. */
enum policy_type {
    POLICY_YES_NO, /* 1 yes, 0 no */
    POLICY_CHOICE, /* place of the word in the input's list */
    POLICY_SET,    /* a bit for each word */
    POLICY_NUMBER,
    POLICY_MONEY, /* fen */
    POLICY_DAY,   /* days since 1970-01-01 */
    POLICY_CODE,  /* a division code as a number: 620421 */
};

/* What an amount is counted by, and a number of: 元, 元/年, 元/学期, 元/月, 元/天; 天, 月. */
enum policy_unit { POLICY_PLAIN, POLICY_PER_YEAR, POLICY_PER_TERM, POLICY_PER_MONTH, POLICY_PER_DAY,
                   POLICY_DAYS, POLICY_MONTHS };

/* One of the words that a choice or set knows. */
struct policy_choice {
    struct policy_name name;
};

/* Something that a person's registers state. */
struct policy_input {
    struct policy_name name;
    uint16_t subject;
    enum policy_type type;
    enum policy_unit unit;
    struct policy_choice *choices; /* POLICY_CHOICE and POLICY_SET */
    size_t choice_count;
    int64_t least, most;           /* POLICY_NUMBER, POLICY_MONEY: what a file may state */
    struct str holder_zh, holder_en; /* who can say it: "学校"; may be empty */
    struct policy_place place;
};

enum policy_expr_kind {
    /* Conditions. */
    POLICY_ALL,      /* of `parts`: and */
    POLICY_ANY,      /* of `parts`: or */
    POLICY_NOT,      /* of parts[0] */
    POLICY_IS,       /* a yes/no input is yes */
    POLICY_COMPARE,  /* parts[0] `order` parts[1], both of one type */
    POLICY_IN,       /* a choice, number or code input is one of `list` */
    POLICY_HAS_ANY,  /* a set input holds one of `list` */
    POLICY_HAS_ALL,  /* a set input holds all of `list` */
    POLICY_HOLDS,    /* a definition that is a condition */
    POLICY_LISTED,   /* the standard has a value for the keys in parts */
    /* Values. */
    POLICY_LITERAL,  /* `value` */
    POLICY_INPUT,    /* of a number, money, day or code input */
    POLICY_AGE,      /* of a day input, on the day of the right: completed years, or with the unit
                        POLICY_MONTHS full months, that day counted in */
    POLICY_VALUE,    /* of a definition that is a value */
    POLICY_STANDARD, /* standard `target` for the inputs it goes by; parts[0], if any: otherwise */
    POLICY_SUM,      /* parts[0] + parts[1] … */
    POLICY_DIFFERENCE, /* parts[0] - parts[1] */
    POLICY_SCALE,    /* parts[0] × numerator / denominator, exact */
    POLICY_PRODUCT,  /* parts[0] × parts[1]: an amount a day × days, a number × an amount */
    POLICY_LEAST,    /* the smallest of parts */
    POLICY_MOST,     /* the largest */
    POLICY_ROUND,    /* parts[0] to a multiple of `value`, by `rounding` */
};

/* How a comparison compares, and how a result is rounded. */
enum policy_order { POLICY_EQUAL, POLICY_NOT_EQUAL, POLICY_LESS, POLICY_LESS_EQUAL, POLICY_MORE,
                    POLICY_MORE_EQUAL };
/* To a multiple of a unit: the one below, the one above, the nearer (a half goes up). */
enum policy_rounding { POLICY_DOWN, POLICY_UP, POLICY_HALF_UP };

/* One of the values of a list, and when it counts. */
struct policy_item {
    int64_t value; /* place of a word, number or code */
    struct policy_span span;
    bool unconfirmed; /* its date is marked 待核实 */
};

struct policy_expr {
    enum policy_expr_kind kind;
    enum policy_type type; /* of what it gives; conditions are POLICY_YES_NO */
    enum policy_unit unit;
    uint16_t target; /* input, definition or standard */
    enum policy_order order;
    enum policy_rounding rounding;
    int64_t value;                  /* POLICY_LITERAL, POLICY_ROUND */
    int64_t numerator, denominator; /* POLICY_SCALE: positive */
    /* Values are kept as whole numbers of 1/scale (fen or one): a half of 62,505 fen is 62,505 at
     * scale 2. Reading proves that what leaves a scheme is whole. 1 for most. */
    int64_t scale;
    struct policy_expr **parts;
    size_t part_count;
    struct policy_item *list;
    size_t list_count;
    struct policy_place place;
};

/* A definition: a named condition or value, dated; of its versions at most one is in force on a
 * day. With none in force a condition is no; a value is then not allowed to be used (reading checks
 * it against the spans of those who use it). */
struct policy_version {
    struct policy_span span;
    struct policy_expr *expr;
    struct policy_cites cites;
    struct policy_place place;
};
struct policy_definition {
    struct policy_name name;
    uint16_t subject, pack;
    enum policy_type type; /* POLICY_YES_NO, POLICY_NUMBER or POLICY_MONEY */
    enum policy_unit unit;
    struct policy_version *versions; /* by first day */
    size_t version_count;
    struct policy_place place;
};

/* A standard: dated amounts or numbers, by up to three inputs. */
struct policy_row {
    int64_t keys[POLICY_KEYS_MAX];
    struct policy_span span; /* ends the day before the next row of its keys begins */
    bool none;               /* from here on there is no value */
    int64_t value;           /* fen or number */
    struct policy_cites cites;
    uint16_t pack;
    struct policy_place place;
};
struct policy_standard {
    struct policy_name name;
    uint16_t subject, pack;
    enum policy_type type; /* POLICY_MONEY or POLICY_NUMBER */
    enum policy_unit unit;
    uint16_t by[POLICY_KEYS_MAX]; /* inputs: choice, number, code or yes/no */
    size_t by_count;
    struct policy_row *rows; /* by keys, then first day */
    size_t row_count;
    struct policy_place place;
};

/* A clause of a scheme. A ground (`right`) entitles where its condition holds; grounds add up. An
 * amount says how much; of the amounts that are no exceptions at most one is in force on a day. An
 * exception to a ground takes it away where its condition holds; an exception to an amount sets
 * another where its condition holds; an exception to an exception does so to that. */
enum policy_clause_kind { POLICY_RIGHT, POLICY_AMOUNT };
struct policy_clause {
    enum policy_clause_kind kind;
    struct str label;   /* unique in its scheme and kind; may be empty for the only one */
    uint16_t exception_to; /* clause of this scheme and kind, before this one; POLICY_NONE */
    struct policy_span span;
    struct policy_expr *condition; /* rights and exceptions; NULL for an amount that always holds */
    struct policy_expr *amount;    /* POLICY_AMOUNT */
    bool average;                  /* an average over tiers; what a school pays may differ */
    bool ceiling;                  /* at most so much: days served or sums lent are counted */
    struct policy_cites cites;
    uint16_t pack;
    struct policy_place place;
};

enum policy_form { POLICY_CASH, POLICY_WAIVER, POLICY_IN_KIND, POLICY_LOAN,
                   POLICY_DECLARED, /* a right of all, without an amount: never decided */
                   POLICY_PLACE /* to ask for a place; without an amount, decided as any other */ };

struct policy_scheme {
    struct policy_name name;
    uint16_t subject;
    struct policy_expr *applies; /* whom it can concern; only known inputs count */
    enum period_kind period;
    enum policy_form form;
    struct str payer_zh, payer_en; /* may be empty */
    bool confirmed_only;           /* paid by others, and only confirmed from their lists */
    struct policy_span span;       /* outside it: verdict no */
    struct policy_cites cites;     /* of the scheme as a whole */
    struct policy_clause *clauses; /* rights, then amounts; an exception behind what it excepts */
    size_t clause_count;
    uint16_t pack;
    struct policy_place place;
};

/* Schemes of which a person gets at most one in a period: the first that concerns the person and
 * that the person is entitled to, in this order. What the first leaves unknown is unknown for those
 * behind it. */
struct policy_exclusion {
    uint16_t *schemes;
    size_t count;
    struct policy_span span;
    struct policy_cites cites;
    uint16_t pack;
    struct policy_place place;
};

/* Schemes that are meant to be had together: checked not to exclude one another, and shown. */
struct policy_stack {
    uint16_t *schemes;
    size_t count;
    struct policy_cites cites;
    struct policy_place place;
};

/* A value that a case gives to an input; inputs that it does not name are unknown. */
struct policy_given {
    uint16_t input;
    int64_t value; /* a set: its bits */
};
struct policy_expectation {
    uint16_t scheme;
    uint8_t verdict;  /* enum policy_verdict, or POLICY_NOT_CONCERNED: no row at all */
    bool has_amount;
    int64_t fen;
    bool has_period;
    struct period period;
    uint64_t needs;   /* for unknown: a bit for each input */
    struct policy_place place;
};
struct policy_case {
    struct str title_zh, title_en;
    day at;
    uint16_t subject;
    struct policy_given *given;
    size_t given_count;
    struct policy_expectation *expected;
    size_t expected_count;
    uint16_t pack;
    struct policy_place place;
};

struct policy_pack {
    struct policy_name name;
    uint16_t *uses; /* packs that it names, as written */
    size_t use_count;
    struct policy_place place;
};
struct policy_subject {
    struct policy_name name;
    struct policy_place place;
};

struct policy_source_name {
    struct str name; /* "policies/national/rules/student.policy" */
};

struct policy {
    struct policy_source_name *sources;
    size_t source_count;
    struct policy_pack *packs; /* one that is used stands before those that use it */
    size_t pack_count;
    struct policy_subject *subjects;
    size_t subject_count;
    struct policy_document *documents;
    size_t document_count;
    struct policy_input *inputs;
    size_t input_count;
    struct policy_definition *definitions; /* each uses only those before it */
    size_t definition_count;
    struct policy_standard *standards;
    size_t standard_count;
    struct policy_scheme *schemes; /* by key */
    size_t scheme_count;
    struct policy_exclusion *exclusions;
    size_t exclusion_count;
    struct policy_stack *stacks;
    size_t stack_count;
    struct policy_case *cases; /* as written */
    size_t case_count;
    unsigned char hash[32]; /* SM3 over the names and bytes of all sources, in order */
};

/* A thing by its key or one of its words (zh, en, also); POLICY_NONE when there is none. */
uint16_t policy_find_scheme(const struct policy *policy, struct str name);
uint16_t policy_find_input(const struct policy *policy, uint16_t subject, struct str name);
uint16_t policy_find_subject(const struct policy *policy, struct str name);
/* The place of a word in an input's choices, or -1. */
int policy_find_choice(const struct policy_input *input, struct str name);

/* The words of a name in a language. */
struct str policy_word(const struct policy_name *name, enum lang lang);

/* "cash", "waiver", "in_kind", "loan", "declared", and their words. */
/* What a POLICY_AGE of `unit` is on day `at` for an input that states `from`. */
int64_t policy_since(enum policy_unit unit, int64_t from, day at);

const char *policy_form_key(enum policy_form form);
const char *policy_form_text(enum policy_form form, enum lang lang);

/* All days on which something of the policy begins, and the days after its last days; ascending,
 * each once. Between two of them nothing changes. */
size_t policy_edges(struct arena *arena, const struct policy *policy, day **out);

#endif
