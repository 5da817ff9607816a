#ifndef POLICY_FORMAT_INTERNAL_H
#define POLICY_FORMAT_INTERNAL_H

#include "policy/format.h"
#include "policy/layout.h"
#include "policy/token.h"

/* Inside of policy_format: a walk over the tokens of a text that was read, which knows what each of
 * them names. Each part of the walk takes the tokens at hand and adds their pieces. */

struct formatting {
    struct arena *arena;
    const struct policy *policy;
    struct str source;
    enum lang lang;
    const struct token *tokens;
    size_t at, end; /* of the declaration at hand */
    uint16_t subject;
    struct layout layout;
    /* How the next piece begins; taken by it. */
    enum layout_break before;
    uint32_t before_group;
    int before_indent;
    int indent;   /* of lines inside of the clause at hand */
    bool tight;   /* no blank before the next piece */
    bool started; /* a piece was added */
};

/* The token so many behind the one at hand; one of kind TOKEN_END behind the declaration. */
const struct token *format_peek(const struct formatting *f, size_t ahead);
/* Whether the token at hand is this keyword. */
bool format_is_word(const struct formatting *f, enum word word);
/* The same of a sign. */
bool format_is_sign(const struct formatting *f, int sign);
/* Whether the declaration has no more tokens. */
bool format_at_end(const struct formatting *f);

/* The next piece may begin a line, in the group at hand. */
void format_break(struct formatting *f, enum layout_break before, int indent);

/* Adds the token at hand: a keyword in the language asked for, all else as written; or `text` in
 * its place. */
void format_put(struct formatting *f);
void format_put_as(struct formatting *f, struct str text);
/* The same where it is there. */
bool format_put_word(struct formatting *f, enum word word);
bool format_put_sign(struct formatting *f, int sign);

/* What a name at hand stands for, written in the language asked for; *input is POLICY_NONE for a
 * definition or a standard. */
void format_put_thing(struct formatting *f, uint16_t *input);
/* The input that a name stands for, or POLICY_NONE. */
uint16_t format_input(const struct formatting *f, struct str word);
void format_put_scheme(struct formatting *f);
void format_put_choice(struct formatting *f, uint16_t input);
const struct policy_standard *format_standard(const struct formatting *f);

/* "500 元/年", "100 天", "3"; the unit alone; 自 … 至 …; grounds in law; "zh" / "en". */
void format_quantity(struct formatting *f);
void format_unit(struct formatting *f);
void format_span(struct formatting *f);
void format_cites(struct formatting *f);
void format_words(struct formatting *f);

/* A condition or a value; a list in brackets of an input's words, numbers or codes. */
void format_expr(struct formatting *f);
void format_list(struct formatting *f, uint16_t input);

/* Whole declarations, behind their first word. */
void format_declaration(struct formatting *f, enum word word);

#endif
