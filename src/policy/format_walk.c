#include "policy/format_internal.h"

/* Whole declarations. What belongs to one is set in by two columns, lines that go on by four. */

/* KEY "zh" / "en" 又称 "…", "…" */
static void put_name(struct formatting *f)
{
    format_put(f);
    format_words(f);
    while (format_is_word(f, WORD_ALSO)) {
        format_break(f, LAYOUT_FILL, f->indent + 2);
        format_put(f);
        format_put(f);
        while (format_is_sign(f, SIGN_COMMA) && format_peek(f, 1)->kind == TOKEN_TEXT) {
            format_put(f);
            format_break(f, LAYOUT_FILL, f->indent + 2);
            format_put(f);
        }
    }
}

static void put_document(struct formatting *f)
{
    format_put(f);
    format_put(f);
    if (format_peek(f, 0)->kind == TOKEN_TEXT) {
        format_break(f, LAYOUT_FILL, f->indent);
        format_words(f);
    }
    while (!format_at_end(f)) {
        bool sentence = format_is_word(f, WORD_TEXT);
        format_break(f, sentence ? LAYOUT_LINE : LAYOUT_FILL, f->indent);
        bool dated = format_is_word(f, WORD_ON);
        format_put(f);
        if (dated) format_put(f);
        while (sentence && format_peek(f, 0)->kind == TOKEN_TEXT) {
            format_break(f, LAYOUT_FILL, f->indent + 2);
            format_put(f);
        }
    }
}

/* 选项 (…): each on a line of its own where they do not fit in one. */
static void put_choices(struct formatting *f)
{
    uint32_t group = layout_open(&f->layout);
    format_put(f);
    format_put_sign(f, SIGN_OPEN);
    f->indent += 2;
    do {
        format_break(f, LAYOUT_GROUP, f->indent);
        put_name(f);
    } while (format_put_sign(f, SIGN_COMMA));
    f->indent -= 2;
    format_put_sign(f, SIGN_CLOSE);
    layout_close(&f->layout, group);
}

static void put_type(struct formatting *f)
{
    if (format_is_word(f, WORD_CHOICE) || format_is_word(f, WORD_SET)) {
        put_choices(f);
        return;
    }
    if (format_is_word(f, WORD_AMOUNT)) {
        format_put_as(f, str_from(word_text(WORD_MONEY, f->lang)));
    } else {
        format_put(f);
    }
    format_unit(f);
    if (format_put_word(f, WORD_FROM)) format_quantity(f);
    if (format_put_word(f, WORD_UNTIL)) format_quantity(f);
}

static void put_input(struct formatting *f)
{
    uint32_t group = layout_open(&f->layout);
    put_name(f);
    format_put_sign(f, SIGN_COLON);
    format_break(f, LAYOUT_GROUP, f->indent);
    put_type(f);
    if (format_is_word(f, WORD_HOLDER)) {
        format_break(f, LAYOUT_GROUP, f->indent);
        format_put(f);
        format_words(f);
    }
    layout_close(&f->layout, group);
}

/* The first version follows its name when it has no dates of its own. */
static void put_define(struct formatting *f)
{
    uint32_t group = layout_open(&f->layout);
    put_name(f);
    if (format_put_sign(f, SIGN_COLON)) {
        format_break(f, LAYOUT_GROUP, f->indent);
        format_expr(f);
        format_cites(f);
    }
    layout_close(&f->layout, group);
    f->indent = 4;
    while (format_is_word(f, WORD_FROM) || format_is_word(f, WORD_UNTIL)) {
        format_break(f, LAYOUT_LINE, 2);
        group = layout_open(&f->layout);
        format_span(f);
        format_put_sign(f, SIGN_COLON);
        format_expr(f);
        format_cites(f);
        layout_close(&f->layout, group);
    }
}

/* Whether keys stand here: as many as the standard goes by, then a colon (or the first day). */
static bool has_keys(const struct formatting *f, const struct policy_standard *standard)
{
    if (standard->by_count == 0) return false;
    const struct token *behind = format_peek(f, 2 * standard->by_count - 1);
    bool colon = behind->kind == TOKEN_SIGN && behind->sign == SIGN_COLON;
    bool dated = standard->by_count == 1 && behind->kind == TOKEN_WORD && behind->word == WORD_FROM
                 && format_peek(f, 0)->kind == TOKEN_NUMBER
                 && f->policy->inputs[standard->by[0]].type == POLICY_CODE;
    return colon || dated;
}

/* Rows of the same keys stand under one another; gives the column of what follows the keys. */
static int put_keys(struct formatting *f, const struct policy_standard *standard)
{
    int width = 2;
    for (size_t k = 0; k < standard->by_count; k++) {
        size_t piece = f->layout.pieces.count;
        if (k > 0) format_put_sign(f, SIGN_COMMA);
        if (f->policy->inputs[standard->by[k]].type == POLICY_CHOICE) {
            format_put_choice(f, standard->by[k]);
        } else {
            format_put(f);
        }
        for (; piece < f->layout.pieces.count; piece++) {
            const struct layout_piece *put = &f->layout.pieces.items[piece];
            width += utf8_width(put->text) + (k > 0 && put->space);
        }
    }
    format_put_sign(f, SIGN_COLON);
    return width + 2;
}

static void put_rows(struct formatting *f, const struct policy_standard *standard)
{
    int column = 2;
    while (!format_at_end(f) && standard != NULL) {
        bool keys = has_keys(f, standard);
        size_t at = f->at;
        format_break(f, LAYOUT_LINE, keys ? 2 : column);
        uint32_t group = layout_open(&f->layout);
        if (keys) column = put_keys(f, standard);
        f->indent = column + 2;
        if (!format_put_word(f, WORD_NONE) && format_peek(f, 0)->kind == TOKEN_NUMBER) {
            format_quantity(f);
        }
        format_span(f);
        format_put_word(f, WORD_INSTEAD);
        format_cites(f);
        layout_close(&f->layout, group);
        if (f->at == at) break;
    }
}

static void put_standard(struct formatting *f)
{
    const struct policy_standard *standard = format_standard(f);
    uint32_t group = layout_open(&f->layout);
    uint16_t input;
    put_name(f);
    format_put_sign(f, SIGN_COLON);
    format_break(f, LAYOUT_GROUP, 2);
    if (!format_put_word(f, WORD_NUMBER) && !format_put_word(f, WORD_LIST)) format_unit(f);
    if (format_put_word(f, WORD_BY)) {
        do format_put_thing(f, &input);
        while (format_put_sign(f, SIGN_COMMA));
    }
    layout_close(&f->layout, group);
    put_rows(f, standard);
}

/* [LABEL] [平均|上限] [于 LABEL] [自 …] [取代] [当 …]: … */
static void put_clause(struct formatting *f)
{
    format_put_word(f, WORD_EXCEPT);
    format_put(f);
    while (!format_at_end(f) && !format_is_sign(f, SIGN_COLON)) {
        if (format_is_word(f, WORD_FROM) || format_is_word(f, WORD_UNTIL)) {
            format_span(f);
        } else if (format_put_word(f, WORD_WHEN)) {
            format_expr(f);
        } else {
            format_put(f);
        }
    }
    format_put_sign(f, SIGN_COLON);
    format_expr(f);
    format_cites(f);
}

static void put_part(struct formatting *f)
{
    format_break(f, LAYOUT_LINE, 2);
    uint32_t group = layout_open(&f->layout);
    f->indent = 4;
    if (format_put_word(f, WORD_APPLIES)) {
        format_expr(f);
    } else if (format_put_word(f, WORD_PAYER)) {
        format_words(f);
        format_put_word(f, WORD_CONFIRMED);
    } else if (format_put_word(f, WORD_PERIOD) || format_put_word(f, WORD_FORM)) {
        format_put(f);
    } else if (format_is_word(f, WORD_FROM) || format_is_word(f, WORD_UNTIL)) {
        format_span(f);
        format_cites(f);
    } else {
        put_clause(f);
    }
    layout_close(&f->layout, group);
}

static void put_parts(struct formatting *f)
{
    while (!format_at_end(f)) put_part(f);
}

static void put_together(struct formatting *f, enum word between)
{
    uint32_t group = layout_open(&f->layout);
    format_put_scheme(f);
    while (format_is_word(f, between)) {
        format_break(f, LAYOUT_FILL, f->indent);
        format_put(f);
        format_put_scheme(f);
    }
    format_span(f);
    format_cites(f);
    layout_close(&f->layout, group);
}

static void put_given(struct formatting *f)
{
    uint16_t input;
    format_put_thing(f, &input);
    format_put_as(f, STR("="));
    enum policy_type type = input == POLICY_NONE ? POLICY_NUMBER : f->policy->inputs[input].type;
    if (type == POLICY_SET && format_is_sign(f, SIGN_OPEN)) {
        format_list(f, input);
    } else if (type == POLICY_CHOICE) {
        format_put_choice(f, input);
    } else {
        format_quantity(f);
    }
}

static void put_expectation(struct formatting *f)
{
    uint16_t input;
    format_break(f, LAYOUT_LINE, 2);
    format_put(f);
    format_put_scheme(f);
    format_put(f);
    if (format_peek(f, 0)->kind == TOKEN_NUMBER) format_quantity(f);
    if (format_put_word(f, WORD_NEEDS)) {
        format_put_thing(f, &input);
        while (format_is_sign(f, SIGN_COMMA) && format_peek(f, 1)->kind == TOKEN_NAME) {
            format_put(f);
            format_break(f, LAYOUT_FILL, 4);
            format_put_thing(f, &input);
        }
    }
    format_put_sign(f, SIGN_COMMA);
    if (format_peek(f, 0)->kind == TOKEN_PERIOD) format_put(f);
}

static void put_case(struct formatting *f)
{
    format_words(f);
    format_break(f, LAYOUT_FILL, 4);
    format_put(f);
    format_put(f);
    f->indent = 2;
    for (bool first = true; !format_at_end(f) && !format_is_word(f, WORD_EXPECT); first = false) {
        if (!first) format_put_sign(f, SIGN_COMMA);
        format_break(f, first ? LAYOUT_LINE : LAYOUT_FILL, first ? 2 : 4);
        put_given(f);
    }
    while (format_is_word(f, WORD_EXPECT)) put_expectation(f);
}

static void put_extension(struct formatting *f)
{
    const struct policy_standard *standard;
    uint16_t input;
    if (format_put_word(f, WORD_STANDARD)) {
        standard = format_standard(f);
        format_put_thing(f, &input);
        put_rows(f, standard);
    } else if (format_put_word(f, WORD_SCHEME)) {
        format_put_scheme(f);
        put_parts(f);
    }
}

/* A subject in short or whole: what follows is about it. */
static void put_subject(struct formatting *f)
{
    f->subject = policy_find_subject(f->policy, format_peek(f, 0)->text);
    put_name(f);
}

void format_declaration(struct formatting *f, enum word word)
{
    switch (word) {
    case WORD_SUBJECT: put_subject(f); break;
    case WORD_DOCUMENT: put_document(f); break;
    case WORD_INPUT: put_input(f); break;
    case WORD_DEFINE: put_define(f); break;
    case WORD_STANDARD: put_standard(f); break;
    case WORD_SCHEME:
        put_name(f);
        put_parts(f);
        break;
    case WORD_EXCLUSION: put_together(f, WORD_BEFORE); break;
    case WORD_STACK: put_together(f, WORD_WITH); break;
    case WORD_EXTEND: put_extension(f); break;
    case WORD_CASE: put_case(f); break;
    default: break; /* a pack stands in one line */
    }
}
