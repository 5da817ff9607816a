#ifndef POLICY_READER_H
#define POLICY_READER_H

#include "base/dict.h"
#include "base/list.h"
#include "policy/read.h"
#include "policy/token.h"

/* Inside policy_read. Each source is cut into tokens, tokens into declarations (one begins in the
 * first column). First all names are learnt, then each declaration is read whole with all of them
 * known; a definition that is used before it was read is read then. A fault skips to the next
 * declaration. */

enum thing_kind { THING_INPUT, THING_DEFINITION, THING_STANDARD };

/* What a name in an expression stands for. */
struct thing {
    enum thing_kind kind;
    uint32_t declaration; /* of a definition or standard */
    uint16_t number;      /* in the policy; POLICY_NONE: a definition not read yet */
};

/* Tokens first … end - 1 of a source. */
struct declaration {
    enum word word;
    bool extends;
    uint16_t source, pack, subject;
    size_t first, end;
    size_t body;        /* behind its head */
    uint16_t number;    /* of what it declares, in its list; POLICY_NONE */
    bool reading, done; /* of a definition: cycles */
    bool faulty;
    struct policy_name name;
};

/* A source cut up. */
struct source_tokens {
    struct token *items;
    size_t count;
};

/* A scheme while its clauses come in; a further pack may add some. */
struct scheme_read {
    struct policy_scheme scheme;
    LIST(struct policy_clause) rights;
    LIST(struct policy_clause) amounts;
    bool has_applies, has_period, has_form;
    uint32_t declaration;
};

/* A standard while its rows come in. */
struct standard_read {
    struct policy_standard standard;
    LIST(struct policy_row) rows;
};

/* Names that stand for numbers. */
struct numbered {
    struct dict names;
    LIST(uint16_t) numbers; /* by number of the name */
};

/* How large a definition is with what it uses written out, and how many stand upon one another. */
struct definition_size {
    size_t written_out; /* pieces */
    int level;          /* from 1 */
};

struct reader {
    struct arena *arena;
    const struct policy_source *sources;
    size_t source_count;
    struct source_tokens *tokens;
    LIST(struct declaration) declarations;
    LIST(struct policy_fault) faults;
    bool more_faults;
    bool limit; /* a limit of policy.h was passed */

    LIST(struct policy_pack) packs;
    LIST(struct policy_subject) subjects;
    LIST(struct policy_document) documents;
    LIST(struct policy_input) inputs;
    LIST(struct policy_definition) definitions;
    LIST(struct definition_size) definition_sizes; /* by number */
    LIST(struct standard_read) standards;
    LIST(struct scheme_read) schemes;
    LIST(struct policy_exclusion) exclusions;
    LIST(struct policy_stack) stacks;
    LIST(struct policy_case) cases;
    struct dict names;      /* "SUBJECT name" → thing */
    LIST(struct str) words; /* all these names, for suggestions */
    LIST(struct thing) things;
    struct numbered scheme_names, document_names;
    size_t row_count, expr_count;
    struct u64_map rows_known; /* by hash of standard, keys and first day: number of the row */
    int defining;              /* definitions being read, one inside another */

    /* Where reading stands. */
    uint32_t at_declaration;
    size_t at; /* token */
    int depth;
    size_t written_out; /* pieces of the expression so far, with definitions */
    int level;          /* of the definitions that it uses */
};

/* The token at hand and those behind it; behind the declaration stands TOKEN_END. */
const struct token *peek(const struct reader *reader);
const struct token *peek_next(const struct reader *reader, size_t ahead);
const struct token *take(struct reader *reader);
bool is_word(const struct reader *reader, enum word word);
bool is_sign(const struct reader *reader, int sign);
bool take_word(struct reader *reader, enum word word); /* true when it stood there */
bool take_sign(struct reader *reader, int sign);
struct policy_place place_here(const struct reader *reader);
struct declaration *declaration_here(struct reader *reader);

/* Keeps a fault at the token at hand, or at a place. Formats take the same arguments. False. */
bool fault(struct reader *reader, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));
bool fault_at(struct reader *reader, struct policy_place place, const char *zh, const char *en, ...)
    __attribute__((format(printf, 3, 5), format(printf, 4, 5)));
struct str say(struct reader *reader, const char *pattern, ...)
    __attribute__((format(printf, 2, 3)));
bool fault_said(struct reader *reader, struct policy_place place, struct str zh, struct str en);
/* "expected X, found Y". False. */
bool expected(struct reader *reader, const char *zh, const char *en);
/* The same for a name that is not known: says the nearest of those that `each` gives. False. */
bool unknown_name(struct reader *reader, const char *zh, const char *en, struct str name,
                  const struct str *known, size_t known_count);

bool expect_word(struct reader *reader, enum word word);
bool expect_sign(struct reader *reader, int sign);
bool read_text(struct reader *reader, struct str *out);
bool read_day(struct reader *reader, day *out);
/* from DAY [until DAY]; nothing there: open on both ends, `given` false. */
bool read_span(struct reader *reader, struct policy_span *out, bool *given);
/* cite … and unconfirmed, as many as there are. */
bool read_cites(struct reader *reader, struct policy_cites *out);
/* KEY "zh" [/ "en"] [also "word", …]. Without an English word the key stands for it. */
bool read_name(struct reader *reader, struct policy_name *out);
/* "zh" [/ "en"]; without the second it is the first. */
bool read_words(struct reader *reader, struct str *zh, struct str *en);
/* An amount: 500 元, 0.5 万元, 12 分, with /年 … ; or a number with 天, 个月 or nothing. */
bool read_quantity(struct reader *reader, int64_t *value, enum policy_type *type,
                   enum policy_unit *unit);
/* 元[/年 …] or 天, 个月: the unit alone. */
bool read_unit(struct reader *reader, enum policy_type *type, enum policy_unit *unit);
const char *unit_text(enum policy_type type, enum policy_unit unit, enum lang lang);

/* Expressions (parse_expr.c). */
bool read_expr(struct reader *reader, struct policy_expr **out);
bool read_condition(struct reader *reader, struct policy_expr **out);
/* The same value, kept `factor` times as fine. */
struct policy_expr *scale_up(struct reader *reader, struct policy_expr *expr, int64_t factor);
/* A thing by its name in the subject at hand; NULL. */
struct thing *find_thing(struct reader *reader, struct str name);
/* The words of an input's choices, for messages. */
bool unknown_choice(struct reader *reader, const struct policy_input *input, struct str name);
bool read_list(struct reader *reader, const struct policy_input *input, struct policy_item **out,
               size_t *count);

/* Declarations. */
bool read_pack(struct reader *reader);
bool learn_names(struct reader *reader);                           /* parse_names.c */
bool read_definition(struct reader *reader, uint32_t declaration); /* parse_define.c */
bool read_standard_rows(struct reader *reader);
bool read_scheme(struct reader *reader); /* parse_scheme.c */
bool read_exclusion(struct reader *reader);
bool read_stack(struct reader *reader);
bool read_case(struct reader *reader); /* parse_case.c */

/* Checks of what was read (check*.c); each keeps its faults. */
void check_amounts(struct reader *reader);
void check_policy(struct reader *reader, const struct policy *policy); /* when it stands whole */

#endif
