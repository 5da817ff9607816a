#include "policy/reader.h"

#include <string.h>

/* One grammar for conditions and values, loosest first: or, and, not, comparison, + and -, * and /.
 * Types are told apart when the parts are there. */

enum { FACTORS_MAX = 8 }; /* of one chain of * and /, which nests */

static bool read_or(struct reader *reader, struct policy_expr **out);

static struct policy_expr *new_expr(struct reader *reader, enum policy_expr_kind kind,
                                    enum policy_type type, struct policy_place place)
{
    struct policy_expr *expr = arena_new(reader->arena, struct policy_expr);
    reader->expr_count++;
    reader->written_out++;
    expr->kind = kind;
    expr->type = type;
    expr->scale = 1;
    expr->numerator = expr->denominator = 1;
    expr->target = POLICY_NONE;
    expr->place = place;
    return expr;
}

/* The room for parts doubles: it is full when their number is a power of two. */
static void add_part(struct reader *reader, struct policy_expr *expr, struct policy_expr *part)
{
    size_t count = expr->part_count;
    if ((count & (count - 1)) == 0) {
        struct policy_expr **parts =
            arena_array(reader->arena, struct policy_expr *, count == 0 ? 1 : 2 * count);
        if (count > 0) memcpy(parts, expr->parts, count * sizeof *parts);
        expr->parts = parts;
    }
    expr->parts[expr->part_count++] = part;
}

static bool is_condition(const struct policy_expr *expr)
{
    return expr->kind <= POLICY_LISTED;
}

static bool is_value(const struct policy_expr *expr)
{
    return !is_condition(expr)
           && (expr->type == POLICY_MONEY || expr->type == POLICY_NUMBER
               || expr->type == POLICY_DAY);
}

/* What an expression is, for sentences. */
static const char *what_zh(const struct policy_expr *expr)
{
    static const char *const words[] = {"条件", "选项", "多项", "数", "金额", "日期", "区划代码"};
    return words[expr->type];
}

static const char *what_en(const struct policy_expr *expr)
{
    static const char *const words[] = {"a condition", "a choice", "a set",          "a number",
                                        "an amount",   "a day",    "a division code"};
    return words[expr->type];
}

static bool wrong_kind(struct reader *reader, const struct policy_expr *expr, const char *zh,
                       const char *en)
{
    return fault_said(reader, expr->place, say(reader, "这里应是%s，而写的是%s", zh, what_zh(expr)),
                      say(reader, "expected %s, found %s", en, what_en(expr)));
}

static bool want_condition(struct reader *reader, const struct policy_expr *expr)
{
    return is_condition(expr) || wrong_kind(reader, expr, "条件", "a condition");
}

static bool want_value(struct reader *reader, const struct policy_expr *expr)
{
    return is_value(expr) || wrong_kind(reader, expr, "数或金额", "a number or an amount");
}

/* A choice's word; fails with the nearest. */
static bool find_choice(struct reader *reader, const struct policy_input *input, int64_t *out)
{
    const struct token *token = peek(reader);
    if (token->kind != TOKEN_NAME && token->kind != TOKEN_WORD && token->kind != TOKEN_TEXT) {
        return expected(reader, "选项", "one of the choices");
    }
    int found = policy_find_choice(input, token->text);
    if (found < 0) return unknown_choice(reader, input, token->text);
    take(reader);
    *out = found;
    return true;
}

bool unknown_choice(struct reader *reader, const struct policy_input *input, struct str name)
{
    struct str *known = arena_array(reader->arena, struct str, 3 * input->choice_count);
    for (size_t i = 0; i < input->choice_count; i++) {
        const struct policy_name *choice = &input->choices[i].name;
        known[3 * i] = choice->key;
        known[3 * i + 1] = choice->zh;
        known[3 * i + 2] = choice->en;
    }
    struct str zh = say(reader, "“%.*s”选项", STR_ARG(input->name.zh));
    struct str en = say(reader, "choice of \"%.*s\"", STR_ARG(input->name.key));
    return unknown_name(reader, str_cstr(reader->arena, zh), str_cstr(reader->arena, en), name,
                        known, 3 * input->choice_count);
}

static bool read_item(struct reader *reader, const struct policy_input *input,
                      struct policy_item *out)
{
    bool given;
    *out = (struct policy_item){0};
    if (input->type == POLICY_CHOICE || input->type == POLICY_SET) {
        if (!find_choice(reader, input, &out->value)) return false;
    } else {
        enum policy_type type;
        enum policy_unit unit;
        struct policy_place place = place_here(reader);
        if (!read_quantity(reader, &out->value, &type, &unit)) return false;
        if (type != POLICY_NUMBER || (unit != input->unit && unit != POLICY_PLAIN)) {
            return fault_at(reader, place, "单位与输入不符", "the unit is not that of the input");
        }
        bool code = out->value >= 100000 && out->value <= 999999;
        if (input->type == POLICY_CODE && !code) {
            return fault_at(reader, place, "区划代码应为六位数字",
                            "a division code has six digits");
        }
    }
    if (!read_span(reader, &out->span, &given)) return false;
    out->unconfirmed = take_word(reader, WORD_UNCONFIRMED);
    return true;
}

bool read_list(struct reader *reader, const struct policy_input *input, struct policy_item **out,
               size_t *count)
{
    LIST(struct policy_item) items = {0};
    if (!expect_sign(reader, SIGN_OPEN)) return false;
    do {
        struct policy_item item;
        if (!read_item(reader, input, &item)) return false;
        if (items.count == POLICY_LIST_MAX) {
            return fault(reader, "名单超过 %d 项", "more than %d items", POLICY_LIST_MAX);
        }
        *list_push(reader->arena, &items) = item;
    } while (take_sign(reader, SIGN_COMMA));
    *out = items.items;
    *count = items.count;
    return expect_sign(reader, SIGN_CLOSE);
}

/* Whether one more piece may be made. */
static bool has_room(struct reader *reader)
{
    if (reader->expr_count > POLICY_EXPRESSIONS_MAX) {
        reader->limit = true;
        return fault(reader, "全部条件和算式超过 %d 项",
                     "more than %d pieces of conditions and sums", POLICY_EXPRESSIONS_MAX);
    }
    if (reader->written_out <= POLICY_WRITTEN_OUT_MAX) return true;
    return fault(reader, "一个条件或算式超过 %d 项", "a condition or sum of more than %d pieces",
                 POLICY_WRITTEN_OUT_MAX);
}

static bool go_deeper(struct reader *reader)
{
    if (++reader->depth <= POLICY_DEPTH_MAX) return true;
    return fault(reader, "嵌套超过 %d 层", "nested more than %d deep", POLICY_DEPTH_MAX);
}

/* What uses a definition is as large as if it were written out, and one level above it. */
static bool write_out(struct reader *reader, uint16_t number, struct policy_place place)
{
    const struct definition_size *size = &reader->definition_sizes.items[number];
    reader->written_out += size->written_out;
    if (size->level > reader->level) reader->level = size->level;
    if (reader->written_out <= POLICY_WRITTEN_OUT_MAX) return true;
    return fault_at(reader, place, "连同所用的定义一起展开，超过 %d 项",
                    "with the definitions that it uses written out, this has more than %d pieces",
                    POLICY_WRITTEN_OUT_MAX);
}

static bool read_definition_name(struct reader *reader, uint32_t declaration, struct str name,
                                 struct policy_place place, struct policy_expr **out)
{
    if (!read_definition(reader, declaration)) {
        return fault_at(reader, place, "“%.*s”的定义有误或绕回自身",
                        "the definition of \"%.*s\" is at fault, or leads back to itself",
                        STR_ARG(name));
    }
    uint16_t number = reader->declarations.items[declaration].number;
    const struct policy_definition *definition = &reader->definitions.items[number];
    bool yes_no = definition->type == POLICY_YES_NO;
    *out = new_expr(reader, yes_no ? POLICY_HOLDS : POLICY_VALUE, definition->type, place);
    (*out)->target = number;
    (*out)->unit = definition->unit;
    (*out)->scale = definition->versions[0].expr->scale;
    return write_out(reader, number, place);
}

/* A name: an input, a definition or a standard. */
static bool read_thing(struct reader *reader, struct policy_expr **out)
{
    const struct token *token = peek(reader);
    struct policy_place place = place_here(reader);
    struct thing *thing = find_thing(reader, token->text);
    if (thing == NULL) {
        return unknown_name(reader, "输入、定义或标准", "input, definition or standard",
                            token->text, reader->words.items, reader->words.count);
    }
    take(reader);
    if (thing->kind == THING_INPUT) {
        const struct policy_input *input = &reader->inputs.items[thing->number];
        bool yes_no = input->type == POLICY_YES_NO;
        *out = new_expr(reader, yes_no ? POLICY_IS : POLICY_INPUT, input->type, place);
        (*out)->target = thing->number;
        (*out)->unit = input->unit;
        return true;
    }
    if (thing->kind == THING_STANDARD) {
        const struct policy_standard *standard = &reader->standards.items[thing->number].standard;
        *out = new_expr(reader, POLICY_STANDARD, standard->type, place);
        (*out)->target = thing->number;
        (*out)->unit = standard->unit;
        return true;
    }
    return read_definition_name(reader, thing->declaration, token->text, place, out);
}

static bool read_literal(struct reader *reader, struct policy_expr **out)
{
    struct policy_place place = place_here(reader);
    if (peek(reader)->kind == TOKEN_DAY) {
        *out = new_expr(reader, POLICY_LITERAL, POLICY_DAY, place);
        (*out)->value = take(reader)->day.days;
        return true;
    }
    *out = new_expr(reader, POLICY_LITERAL, POLICY_NUMBER, place);
    return read_quantity(reader, &(*out)->value, &(*out)->type, &(*out)->unit);
}

static int64_t gcd(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static bool too_fine(struct reader *reader, struct policy_place place)
{
    return fault_at(reader, place, "分数太细（分母超过 %d）：请先取整",
                    "this divides too finely (above %d): round it first", POLICY_SCALE_MAX);
}

/* Brings an expression to a scale that holds another as well. */
static bool share_scale(struct reader *reader, struct policy_expr *expr, int64_t other)
{
    expr->scale = expr->scale / gcd(expr->scale, other) * other;
    return expr->scale <= POLICY_SCALE_MAX || too_fine(reader, expr->place);
}

static bool same_kind(struct reader *reader, const struct policy_expr *a,
                      const struct policy_expr *b)
{
    if (!want_value(reader, a) || !want_value(reader, b)) return false;
    if (a->type == b->type && a->unit == b->unit) return true;
    const char *zh = unit_text(a->type, a->unit, LANG_ZH),
               *en = unit_text(a->type, a->unit, LANG_EN);
    return fault_said(reader, b->place,
                      say(reader, "单位不合：前面是%s（%s），这里是%s（%s）", what_zh(a), zh,
                          what_zh(b), unit_text(b->type, b->unit, LANG_ZH)),
                      say(reader, "units do not fit: %s (%s) before, %s (%s) here", what_en(a), en,
                          what_en(b), unit_text(b->type, b->unit, LANG_EN)));
}

static bool scale_by(struct reader *reader, struct policy_expr **out, int64_t numerator,
                     int64_t denominator, struct policy_place place)
{
    struct policy_expr *part = *out;
    if (numerator <= 0 || denominator <= 0) {
        return fault_at(reader, place, "乘除的数须大于零", "a factor is above zero");
    }
    int64_t shared = gcd(numerator, denominator);
    numerator /= shared;
    denominator /= shared;
    struct policy_expr *expr = new_expr(reader, POLICY_SCALE, part->type, place);
    expr->unit = part->unit;
    expr->numerator = numerator;
    expr->denominator = denominator;
    if (numerator > POLICY_SCALE_MAX) {
        return fault_at(reader, place, "乘数超过 %d", "a factor above %d", POLICY_SCALE_MAX);
    }
    if (__builtin_mul_overflow(part->scale, denominator, &expr->scale)
        || expr->scale > POLICY_SCALE_MAX) {
        return too_fine(reader, place);
    }
    add_part(reader, expr, part);
    *out = expr;
    return true;
}

static bool read_rounding(struct reader *reader, enum policy_rounding rounding,
                          struct policy_expr **out)
{
    struct policy_expr *part;
    enum policy_type type;
    enum policy_unit unit;
    *out = new_expr(reader, POLICY_ROUND, POLICY_MONEY, place_here(reader));
    (*out)->rounding = rounding;
    if (!expect_sign(reader, SIGN_OPEN) || !read_or(reader, &part) || !want_value(reader, part)) {
        return false;
    }
    if (!expect_sign(reader, SIGN_COMMA) || !read_quantity(reader, &(*out)->value, &type, &unit)) {
        return false;
    }
    if (type != part->type || (*out)->value <= 0) {
        return fault(reader, "取整的单位与金额不符", "the unit to round to does not fit");
    }
    (*out)->type = part->type;
    (*out)->unit = part->unit;
    add_part(reader, *out, part);
    return expect_sign(reader, SIGN_CLOSE);
}

static bool read_extreme(struct reader *reader, enum policy_expr_kind kind,
                         struct policy_expr **out)
{
    *out = new_expr(reader, kind, POLICY_MONEY, place_here(reader));
    if (!expect_sign(reader, SIGN_OPEN)) return false;
    do {
        struct policy_expr *part;
        if (!read_or(reader, &part) || !want_value(reader, part)) return false;
        if ((*out)->part_count == 0) {
            (*out)->type = part->type;
            (*out)->unit = part->unit;
        } else if (!same_kind(reader, (*out)->parts[0], part)) {
            return false;
        }
        if (!share_scale(reader, *out, part->scale)) return false;
        add_part(reader, *out, part);
    } while (take_sign(reader, SIGN_COMMA));
    return expect_sign(reader, SIGN_CLOSE);
}

static bool read_per_term(struct reader *reader, struct policy_expr **out)
{
    struct policy_place place = place_here(reader);
    if (!expect_sign(reader, SIGN_OPEN) || !read_or(reader, out) || !want_value(reader, *out)) {
        return false;
    }
    if ((*out)->type != POLICY_MONEY || (*out)->unit != POLICY_PER_YEAR) {
        return fault_at(reader, place, "只有按年的金额才能折成学期",
                        "only a yearly amount has a half for the term");
    }
    if (!scale_by(reader, out, 1, 2, place)) return false;
    (*out)->unit = POLICY_PER_TERM;
    return expect_sign(reader, SIGN_CLOSE);
}

static bool read_listed(struct reader *reader, struct policy_expr **out)
{
    struct policy_expr *part;
    struct policy_place place = place_here(reader);
    if (!expect_sign(reader, SIGN_OPEN) || !read_thing(reader, &part)) return false;
    if (part->kind != POLICY_STANDARD) {
        return fault_at(reader, part->place, "这里应是一项标准", "expected a standard");
    }
    *out = new_expr(reader, POLICY_LISTED, POLICY_YES_NO, place);
    (*out)->target = part->target;
    return expect_sign(reader, SIGN_CLOSE);
}

/* How long something has been so: completed years, or full months. */
static bool read_age(struct reader *reader, bool months, struct policy_expr **out)
{
    struct policy_place place = place_here(reader);
    if (!expect_sign(reader, SIGN_OPEN) || !read_thing(reader, out)) return false;
    if ((*out)->kind != POLICY_INPUT || (*out)->type != POLICY_DAY) {
        return fault_at(reader, place, "周岁、满月数要写日期型的输入",
                        "age and full_months are of an input that is a day");
    }
    (*out)->kind = POLICY_AGE;
    (*out)->type = POLICY_NUMBER;
    (*out)->unit = months ? POLICY_MONTHS : POLICY_PLAIN;
    return expect_sign(reader, SIGN_CLOSE);
}

static bool read_function(struct reader *reader, struct policy_expr **out)
{
    enum word word = take(reader)->word;
    switch (word) {
    case WORD_PER_TERM: return read_per_term(reader, out);
    case WORD_LEAST: return read_extreme(reader, POLICY_LEAST, out);
    case WORD_MOST: return read_extreme(reader, POLICY_MOST, out);
    case WORD_ROUND_DOWN: return read_rounding(reader, POLICY_DOWN, out);
    case WORD_ROUND_UP: return read_rounding(reader, POLICY_UP, out);
    case WORD_ROUND_HALF_UP: return read_rounding(reader, POLICY_HALF_UP, out);
    case WORD_LISTED: return read_listed(reader, out);
    default: return read_age(reader, word == WORD_FULL_MONTHS, out);
    }
}

static bool is_function(const struct token *token)
{
    return token->kind == TOKEN_WORD
           && (token->word == WORD_LISTED
               || (token->word >= WORD_PER_TERM && token->word <= WORD_FULL_MONTHS));
}

static bool read_primary(struct reader *reader, struct policy_expr **out)
{
    if (!has_room(reader)) return false;
    const struct token *token = peek(reader);
    if (token->kind == TOKEN_NUMBER || token->kind == TOKEN_DAY) return read_literal(reader, out);
    if (token->kind == TOKEN_NAME) return read_thing(reader, out);
    bool bracket = is_sign(reader, SIGN_OPEN);
    if (bracket || is_function(token)) {
        if (!go_deeper(reader)) return false;
        if (bracket) take(reader);
        bool good = bracket ? read_or(reader, out) && expect_sign(reader, SIGN_CLOSE)
                            : read_function(reader, out);
        reader->depth--;
        return good;
    }
    return expected(reader, "条件、金额或名称", "a condition, an amount or a name");
}

static bool read_otherwise(struct reader *reader, struct policy_expr **out)
{
    struct policy_expr *other;
    if (!read_primary(reader, out)) return false;
    if (!is_word(reader, WORD_OTHERWISE)) return true;
    if ((*out)->kind != POLICY_STANDARD) {
        return fault(reader, "“否则”只跟在标准后面", "\"otherwise\" stands behind a standard only");
    }
    take(reader);
    if (!go_deeper(reader) || !read_otherwise(reader, &other)) return false;
    reader->depth--;
    if (!same_kind(reader, *out, other)) return false;
    (*out)->scale = other->scale;
    add_part(reader, *out, other);
    return true;
}

/* A factor without a unit: 1/2, 50%, 3. */
static bool read_factor(struct reader *reader, int64_t *numerator, int64_t *denominator)
{
    const struct token *token = peek(reader);
    bool unit = peek_next(reader, 1)->kind == TOKEN_WORD && peek_next(reader, 1)->word >= WORD_YUAN;
    if (token->kind != TOKEN_NUMBER || unit) return false;
    take(reader);
    *numerator = token->hundredths;
    *denominator = take_sign(reader, SIGN_PERCENT) ? 10000 : 100;
    return true;
}

static bool multiply(struct reader *reader, struct policy_expr **out, struct policy_expr *by)
{
    struct policy_expr *left = *out;
    bool days = left->unit == POLICY_PER_DAY && by->unit == POLICY_DAYS;
    bool months = left->unit == POLICY_PER_MONTH && by->unit == POLICY_MONTHS;
    bool plain = by->unit == POLICY_PLAIN && left->unit == POLICY_PLAIN;
    if (left->type != POLICY_MONEY || by->type != POLICY_NUMBER || !(days || months || plain)) {
        return fault_at(reader, by->place, "只能是 元/天 × 天、元/月 × 个月 或 元 × 数",
                        "only yuan/day * days, yuan/month * months or yuan * a number");
    }
    struct policy_expr *expr = new_expr(reader, POLICY_PRODUCT, POLICY_MONEY, left->place);
    expr->scale = left->scale * by->scale;
    if (expr->scale > POLICY_SCALE_MAX) {
        return too_fine(reader, by->place);
    }
    add_part(reader, expr, left);
    add_part(reader, expr, by);
    *out = expr;
    return true;
}

static bool read_product(struct reader *reader, struct policy_expr **out)
{
    if (!read_otherwise(reader, out)) return false;
    for (int factors = 0; is_sign(reader, SIGN_TIMES) || is_sign(reader, SIGN_SLASH); factors++) {
        bool times = is_sign(reader, SIGN_TIMES);
        int64_t numerator, denominator;
        struct policy_place place = place_here(reader);
        struct policy_expr *by;
        if (factors == FACTORS_MAX) {
            return fault(reader, "连乘连除超过 %d 次", "more than %d factors", FACTORS_MAX);
        }
        if (!want_value(reader, *out)) return false;
        take(reader);
        if (read_factor(reader, &numerator, &denominator)) {
            bool good = times ? scale_by(reader, out, numerator, denominator, place)
                              : scale_by(reader, out, denominator, numerator, place);
            if (!good) return false;
            continue;
        }
        if (!times) return expected(reader, "除数", "a number to divide by");
        if (!read_otherwise(reader, &by) || !want_value(reader, by)) return false;
        if (!multiply(reader, out, by)) return false;
    }
    return true;
}

static bool make_sum(struct reader *reader, struct policy_expr *const *terms, size_t count,
                     struct policy_expr **out)
{
    *out = terms[0];
    if (count == 1) return true;
    struct policy_expr *sum = new_expr(reader, POLICY_SUM, terms[0]->type, terms[0]->place);
    sum->unit = terms[0]->unit;
    for (size_t i = 0; i < count; i++) {
        if (!share_scale(reader, sum, terms[i]->scale)) return false;
        add_part(reader, sum, terms[i]);
    }
    *out = sum;
    return true;
}

/* What is added and what is taken away are summed apart, so that a long chain does not nest. */
static bool read_sum(struct reader *reader, struct policy_expr **out)
{
    LIST(struct policy_expr *) added = {0};
    LIST(struct policy_expr *) taken = {0};
    struct policy_expr *term, *less;
    if (!read_product(reader, &term)) return false;
    *list_push(reader->arena, &added) = term;
    while (is_sign(reader, SIGN_PLUS) || is_sign(reader, SIGN_MINUS)) {
        bool plus = take(reader)->sign == SIGN_PLUS;
        if (!read_product(reader, &term) || !same_kind(reader, added.items[0], term)) return false;
        if (plus)
            *list_push(reader->arena, &added) = term;
        else
            *list_push(reader->arena, &taken) = term;
    }
    if (!make_sum(reader, added.items, added.count, out)) return false;
    if (taken.count == 0) return true;
    if (!make_sum(reader, taken.items, taken.count, &less)) return false;
    struct policy_expr *both[] = {*out, less};
    *out = new_expr(reader, POLICY_DIFFERENCE, both[0]->type, both[0]->place);
    (*out)->unit = both[0]->unit;
    for (size_t i = 0; i < 2; i++) {
        if (!share_scale(reader, *out, both[i]->scale)) return false;
        add_part(reader, *out, both[i]);
    }
    return true;
}

static void negate(struct reader *reader, struct policy_expr **out)
{
    struct policy_expr *expr = new_expr(reader, POLICY_NOT, POLICY_YES_NO, (*out)->place);
    add_part(reader, expr, *out);
    *out = expr;
}

/* X in (…), and X is WORD as a list of one. */
static bool read_in(struct reader *reader, struct policy_expr **out, bool one)
{
    struct policy_expr *left = *out;
    const struct policy_input *input = left->target == POLICY_NONE || left->kind != POLICY_INPUT
                                           ? NULL
                                           : &reader->inputs.items[left->target];
    bool fits = input != NULL
                && (input->type == POLICY_CHOICE || input->type == POLICY_NUMBER
                    || input->type == POLICY_CODE);
    if (!fits) {
        return wrong_kind(reader, left, "选项、整数或代码型的输入",
                          "a choice, number or code input");
    }
    *out = new_expr(reader, POLICY_IN, POLICY_YES_NO, left->place);
    (*out)->target = left->target;
    if (!one) return read_list(reader, input, &(*out)->list, &(*out)->list_count);
    (*out)->list = arena_new(reader->arena, struct policy_item);
    (*out)->list_count = 1;
    return read_item(reader, input, (*out)->list);
}

static bool read_has(struct reader *reader, struct policy_expr **out)
{
    struct policy_expr *left = *out;
    if (left->kind != POLICY_INPUT || left->type != POLICY_SET) {
        return wrong_kind(reader, left, "多项型的输入", "an input that is a set");
    }
    const struct policy_input *input = &reader->inputs.items[left->target];
    bool all = take_word(reader, WORD_ALL), any = !all && take_word(reader, WORD_ANY);
    *out = new_expr(reader, all ? POLICY_HAS_ALL : POLICY_HAS_ANY, POLICY_YES_NO, left->place);
    (*out)->target = left->target;
    if (all || any) return read_list(reader, input, &(*out)->list, &(*out)->list_count);
    (*out)->list = arena_new(reader->arena, struct policy_item);
    (*out)->list_count = 1;
    return read_item(reader, input, (*out)->list);
}

static bool read_order(struct reader *reader, enum policy_order *out)
{
    static const struct {
        int sign;
        enum policy_order order;
    } orders[] = {{SIGN_EQUAL, POLICY_EQUAL}, {SIGN_NOT_EQUAL, POLICY_NOT_EQUAL},
                  {SIGN_LESS, POLICY_LESS},   {SIGN_LESS_EQUAL, POLICY_LESS_EQUAL},
                  {SIGN_MORE, POLICY_MORE},   {SIGN_MORE_EQUAL, POLICY_MORE_EQUAL}};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        if (!take_sign(reader, orders[i].sign)) continue;
        *out = orders[i].order;
        return true;
    }
    if (!take_word(reader, WORD_IS)) return false;
    *out = POLICY_EQUAL;
    return true;
}

/* yes_no = yes, choice = WORD, code = 620421, or two values of one kind. */
static bool read_equal(struct reader *reader, struct policy_expr **out, enum policy_order order)
{
    struct policy_expr *left = *out, *right;
    bool equals = order == POLICY_EQUAL || order == POLICY_NOT_EQUAL;
    if (left->kind == POLICY_IS && equals) {
        bool no = is_word(reader, WORD_NO);
        if (!take_word(reader, WORD_YES) && !take_word(reader, WORD_NO)) {
            return expected(reader, "是或否", "yes or no");
        }
        if (no != (order == POLICY_NOT_EQUAL)) negate(reader, out);
        return true;
    }
    bool listed =
        left->kind == POLICY_INPUT && (left->type == POLICY_CHOICE || left->type == POLICY_CODE);
    if (listed && equals) {
        if (!read_in(reader, out, true)) return false;
        if (order == POLICY_NOT_EQUAL) negate(reader, out);
        return true;
    }
    if (!read_sum(reader, &right) || !same_kind(reader, left, right)) return false;
    *out = new_expr(reader, POLICY_COMPARE, POLICY_YES_NO, left->place);
    (*out)->order = order;
    add_part(reader, *out, left);
    add_part(reader, *out, right);
    return true;
}

static bool read_comparison(struct reader *reader, struct policy_expr **out)
{
    enum policy_order order;
    if (!read_sum(reader, out)) return false;
    if (take_word(reader, WORD_IN)) return read_in(reader, out, false);
    if (take_word(reader, WORD_HAS)) return read_has(reader, out);
    return !read_order(reader, &order) || read_equal(reader, out, order);
}

static bool read_not(struct reader *reader, struct policy_expr **out)
{
    if (!take_word(reader, WORD_NOT)) return read_comparison(reader, out);
    if (!go_deeper(reader) || !read_not(reader, out) || !want_condition(reader, *out)) return false;
    reader->depth--;
    negate(reader, out);
    return true;
}

static bool read_joined(struct reader *reader, struct policy_expr **out, enum word word,
                        bool (*read_part)(struct reader *, struct policy_expr **))
{
    if (!read_part(reader, out)) return false;
    if (!is_word(reader, word)) return true;
    if (!want_condition(reader, *out)) return false;
    LIST(struct policy_expr *) parts = {0};
    *list_push(reader->arena, &parts) = *out;
    while (take_word(reader, word)) {
        struct policy_expr *part;
        if (!read_part(reader, &part) || !want_condition(reader, part)) return false;
        *list_push(reader->arena, &parts) = part;
    }
    struct policy_expr *expr =
        new_expr(reader, word == WORD_AND ? POLICY_ALL : POLICY_ANY, POLICY_YES_NO, (*out)->place);
    expr->parts = parts.items;
    expr->part_count = parts.count;
    *out = expr;
    return true;
}

static bool read_and(struct reader *reader, struct policy_expr **out)
{
    return read_joined(reader, out, WORD_AND, read_not);
}

static bool read_or(struct reader *reader, struct policy_expr **out)
{
    return read_joined(reader, out, WORD_OR, read_and);
}

bool read_expr(struct reader *reader, struct policy_expr **out)
{
    reader->depth = 0;
    reader->written_out = 0;
    reader->level = 0;
    if (!read_or(reader, out)) return false;
    return is_condition(*out) || want_value(reader, *out);
}

bool read_condition(struct reader *reader, struct policy_expr **out)
{
    reader->depth = 0;
    reader->written_out = 0;
    reader->level = 0;
    return read_or(reader, out) && want_condition(reader, *out);
}

struct policy_expr *scale_up(struct reader *reader, struct policy_expr *expr, int64_t factor)
{
    if (factor == 1) return expr;
    struct policy_expr *finer = new_expr(reader, POLICY_SCALE, expr->type, expr->place);
    finer->unit = expr->unit;
    finer->numerator = finer->denominator = factor;
    finer->scale = expr->scale * factor;
    add_part(reader, finer, expr);
    return finer;
}
