#include "policy/format_internal.h"

/* Amounts, spans, grounds in law, conditions and values. */

/* What an amount goes by: 年 here is 学年 elsewhere, and a day is 天. */
static void put_per(struct formatting *f)
{
    static const struct {
        enum word word;
        const char *zh, *en;
    } units[] = {{WORD_YEAR, "年", "year"},
                 {WORD_TERM, "学期", "term"},
                 {WORD_MONTH, "月", "month"},
                 {WORD_DAY, "天", "day"},
                 {WORD_DAYS, "天", "day"}};
    f->tight = true;
    format_put(f);
    f->tight = true;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (!format_is_word(f, units[i].word)) continue;
        format_put_as(f, str_from(f->lang == LANG_ZH ? units[i].zh : units[i].en));
        return;
    }
    f->tight = false;
}

void format_unit(struct formatting *f)
{
    const struct token *token = format_peek(f, 0), *per = format_peek(f, 2);
    if (token->kind != TOKEN_WORD || token->word < WORD_YUAN) return;
    bool money = token->word <= WORD_TEN_THOUSAND;
    format_put(f);
    bool is_per = per->kind == TOKEN_WORD
                  && (per->word == WORD_YEAR || per->word == WORD_TERM || per->word == WORD_MONTH
                      || per->word == WORD_DAY || per->word == WORD_DAYS);
    if (money && is_per && format_is_sign(f, SIGN_SLASH)) put_per(f);
}

void format_quantity(struct formatting *f)
{
    format_put(f);
    format_unit(f);
}

void format_span(struct formatting *f)
{
    if (format_put_word(f, WORD_FROM)) format_put(f);
    if (format_put_word(f, WORD_UNTIL)) format_put(f);
}

void format_words(struct formatting *f)
{
    format_put(f);
    if (!format_is_sign(f, SIGN_SLASH)) return;
    format_break(f, LAYOUT_FILL, f->indent + 2);
    format_put(f);
    format_put(f);
}

/* The first on a line of its own when the clause does not fit in one, further ones behind it. */
void format_cites(struct formatting *f)
{
    bool first = true;
    while (format_is_word(f, WORD_CITE) || format_is_word(f, WORD_UNCONFIRMED)) {
        bool cite = format_is_word(f, WORD_CITE);
        format_break(f, first ? LAYOUT_GROUP : LAYOUT_FILL, f->indent);
        format_put(f);
        if (cite) format_put(f);
        while (cite && format_peek(f, 0)->kind == TOKEN_TEXT) {
            format_break(f, LAYOUT_FILL, f->indent + 2);
            format_put(f);
        }
        first = false;
    }
}

/* Whether a word stands at this level, before what ends the condition. */
static bool stands_here(const struct formatting *f, enum word word)
{
    int depth = 0;
    for (size_t at = f->at; at < f->end; at++) {
        const struct token *token = &f->tokens[at];
        if (token->kind == TOKEN_SIGN && token->sign == SIGN_OPEN) depth++;
        if (token->kind == TOKEN_SIGN && token->sign == SIGN_CLOSE && depth-- == 0) return false;
        if (depth > 0) continue;
        bool sign =
            token->kind == TOKEN_SIGN && (token->sign == SIGN_COMMA || token->sign == SIGN_COLON);
        bool next = token->kind == TOKEN_WORD
                    && (token->word == WORD_CITE
                        || (token->word >= WORD_APPLIES && token->word <= WORD_EXCEPT));
        if (sign || next) return false;
        if (token->kind != TOKEN_WORD) continue;
        if (token->word == word) return true;
        if (word == WORD_AND && token->word == WORD_OR) return false;
    }
    return false;
}

/* A word of a choice or set, a number, or a code. */
static void put_item(struct formatting *f, uint16_t input)
{
    bool words = input != POLICY_NONE
                 && (f->policy->inputs[input].type == POLICY_CHOICE
                     || f->policy->inputs[input].type == POLICY_SET);
    if (words) {
        format_put_choice(f, input);
    } else {
        format_quantity(f);
    }
    format_span(f);
    format_put_word(f, WORD_UNCONFIRMED);
}

void format_list(struct formatting *f, uint16_t input)
{
    if (!format_put_sign(f, SIGN_OPEN)) return;
    if (!format_put_word(f, WORD_NONE)) {
        put_item(f, input);
        while (format_put_sign(f, SIGN_COMMA)) {
            format_break(f, LAYOUT_FILL, f->indent + 2);
            put_item(f, input);
        }
    }
    format_put_sign(f, SIGN_CLOSE);
}

static void put_bracket(struct formatting *f)
{
    int indent = f->indent;
    format_put(f);
    f->indent += 2;
    format_expr(f);
    while (format_put_sign(f, SIGN_COMMA)) {
        format_break(f, LAYOUT_FILL, f->indent);
        format_expr(f);
    }
    format_put_sign(f, SIGN_CLOSE);
    f->indent = indent;
}

/* *input: the input that stands there alone, which says what words may follow. */
static void put_primary(struct formatting *f, uint16_t *input)
{
    const struct token *token = format_peek(f, 0);
    *input = POLICY_NONE;
    if (token->kind == TOKEN_NAME) {
        format_put_thing(f, input);
    } else if (token->kind == TOKEN_NUMBER) {
        format_quantity(f);
    } else if (format_is_sign(f, SIGN_OPEN)) {
        uint16_t inside = format_input(f, format_peek(f, 1)->text);
        bool alone = format_peek(f, 2)->kind == TOKEN_SIGN && format_peek(f, 2)->sign == SIGN_CLOSE;
        put_bracket(f);
        if (alone) *input = inside; /* (学段) 为 小学 */
    } else if (token->kind == TOKEN_WORD && format_peek(f, 1)->kind == TOKEN_SIGN
               && format_peek(f, 1)->sign == SIGN_OPEN) {
        format_put(f);
        put_bracket(f);
    } else {
        format_put(f);
    }
}

static bool is_between_values(const struct formatting *f)
{
    return format_is_sign(f, SIGN_PLUS) || format_is_sign(f, SIGN_MINUS)
           || format_is_sign(f, SIGN_TIMES) || format_is_sign(f, SIGN_SLASH)
           || format_is_word(f, WORD_OTHERWISE);
}

static void put_sum(struct formatting *f, uint16_t *input)
{
    put_primary(f, input);
    while (is_between_values(f)) {
        uint16_t other;
        format_break(f, LAYOUT_FILL, f->indent + 2);
        format_put(f);
        put_primary(f, &other);
        format_put_sign(f, SIGN_PERCENT);
        *input = POLICY_NONE;
    }
}

static bool is_order(const struct formatting *f)
{
    return format_is_word(f, WORD_IS) || format_is_sign(f, SIGN_EQUAL)
           || format_is_sign(f, SIGN_LESS) || format_is_sign(f, SIGN_MORE)
           || format_is_sign(f, SIGN_NOT_EQUAL) || format_is_sign(f, SIGN_LESS_EQUAL)
           || format_is_sign(f, SIGN_MORE_EQUAL);
}

static void put_right_side(struct formatting *f, uint16_t input)
{
    uint16_t other;
    enum policy_type type = input == POLICY_NONE ? POLICY_NUMBER : f->policy->inputs[input].type;
    format_put(f);
    if (type == POLICY_CHOICE || type == POLICY_CODE) {
        put_item(f, input);
    } else if (type == POLICY_YES_NO) {
        format_put(f);
    } else {
        put_sum(f, &other);
    }
}

static void put_comparison(struct formatting *f)
{
    uint16_t input;
    put_sum(f, &input);
    if (is_order(f)) {
        put_right_side(f, input);
    } else if (format_put_word(f, WORD_IN)) {
        format_list(f, input);
    } else if (format_put_word(f, WORD_HAS)) {
        if (format_put_word(f, WORD_ANY) || format_put_word(f, WORD_ALL)) {
            format_list(f, input);
        } else {
            put_item(f, input);
        }
    }
}

static void put_not(struct formatting *f)
{
    while (format_put_word(f, WORD_NOT)) continue;
    put_comparison(f);
}

static void put_joined(struct formatting *f, enum word word, void (*put_part)(struct formatting *))
{
    if (!stands_here(f, word)) {
        put_part(f);
        return;
    }
    uint32_t group = layout_open(&f->layout);
    int indent = f->indent;
    if (word == WORD_OR) f->indent += 2; /* of the `and` chains between */
    put_part(f);
    f->indent = indent;
    while (format_is_word(f, word)) {
        format_break(f, LAYOUT_GROUP, indent);
        format_put(f);
        if (word == WORD_OR) f->indent += 2;
        put_part(f);
        f->indent = indent;
    }
    layout_close(&f->layout, group);
}

static void put_and(struct formatting *f)
{
    put_joined(f, WORD_AND, put_not);
}

void format_expr(struct formatting *f)
{
    put_joined(f, WORD_OR, put_and);
}
