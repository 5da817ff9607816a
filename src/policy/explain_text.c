#include "policy/explain.h"

/* Values and expressions as people say them. */

enum { SENTENCE_BYTES_MAX = 1 << 16 };

struct str policy_money_text(struct arena *arena, int64_t fen, enum lang lang)
{
    struct text text;
    char digits[20];
    uint64_t whole = (uint64_t)(fen < 0 ? -fen : fen) / 100;
    int rest = (int)((uint64_t)(fen < 0 ? -fen : fen) % 100);
    size_t count = u64_digits(whole, digits);
    text_init(&text, arena, 64);
    if (lang == LANG_EN) text_add_c(&text, "CNY ");
    if (fen < 0) text_add_byte(&text, '-');
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && (count - i) % 3 == 0) text_add_byte(&text, ',');
        text_add_byte(&text, digits[i]);
    }
    if (rest > 0) text_add_f(&text, ".%02d", rest);
    if (lang == LANG_ZH) text_add_c(&text, " 元");
    return text_str(&text);
}

static void add_words(struct text *text, const struct policy_input *input, uint64_t words,
                      enum lang lang)
{
    bool first = true;
    for (size_t c = 0; c < input->choice_count; c++) {
        if ((words >> c & 1) == 0) continue;
        if (!first) text_add_c(text, lang == LANG_ZH ? "、" : ", ");
        text_add(text, policy_word(&input->choices[c].name, lang));
        first = false;
    }
    if (first) text_add_c(text, lang == LANG_ZH ? "无" : "none");
}

struct str policy_value_text(struct arena *arena, const struct policy_input *input, int64_t value,
                             enum lang lang)
{
    struct text text;
    char buffer[DAY_TEXT_SIZE];
    text_init(&text, arena, SENTENCE_BYTES_MAX);
    switch (input->type) {
    case POLICY_YES_NO:
        text_add_c(&text, lang == LANG_ZH ? (value ? "是" : "否") : value ? "yes" : "no");
        break;
    case POLICY_CHOICE: text_add(&text, policy_word(&input->choices[value].name, lang)); break;
    case POLICY_SET: add_words(&text, input, (uint64_t)value, lang); break;
    case POLICY_MONEY: return policy_money_text(arena, value, lang);
    case POLICY_DAY: text_add_c(&text, day_format((day){(int32_t)value}, buffer)); break;
    default: text_add_f(&text, "%lld", (long long)value); break;
    }
    return text_str(&text);
}

struct writing {
    struct arena *arena;
    struct text *text;
    const struct policy *policy;
    enum lang lang;
};

static void put(struct writing *writing, const char *zh, const char *en)
{
    text_add_c(writing->text, writing->lang == LANG_ZH ? zh : en);
}

static void write_expr(struct writing *writing, const struct policy_expr *expr, bool inside);

static void write_span(struct writing *writing, const struct policy_item *item)
{
    char first[DAY_TEXT_SIZE], last[DAY_TEXT_SIZE];
    if (!day_is_none(item->span.first)) {
        put(writing, "（自 ", " (from ");
        text_add_c(writing->text, day_format(item->span.first, first));
        if (!day_is_none(item->span.last)) {
            put(writing, " 至 ", " until ");
            text_add_c(writing->text, day_format(item->span.last, last));
        }
        put(writing, "）", ")");
    }
    if (item->unconfirmed) put(writing, "〔待核实〕", " [unconfirmed]");
}

static void write_items(struct writing *writing, const struct policy_expr *expr)
{
    const struct policy_input *input = &writing->policy->inputs[expr->target];
    for (size_t i = 0; i < expr->list_count; i++) {
        if (i > 0) put(writing, "、", ", ");
        int64_t value = expr->list[i].value;
        if (input->type == POLICY_SET) value = (int64_t)((uint64_t)1 << value);
        text_add(writing->text, policy_value_text(writing->arena, input, value, writing->lang));
        write_span(writing, &expr->list[i]);
    }
}

static void write_listing(struct writing *writing, const struct policy_expr *expr)
{
    const struct policy_input *input = &writing->policy->inputs[expr->target];
    text_add(writing->text, policy_word(&input->name, writing->lang));
    if (expr->kind == POLICY_IN)
        put(writing, "为", " is ");
    else
        put(writing, "含", " has ");
    write_items(writing, expr);
    if (expr->list_count < 2) return;
    if (expr->kind == POLICY_HAS_ALL)
        put(writing, "全部", " (all of them)");
    else
        put(writing, "之一", " (one of them)");
}

static void write_joined(struct writing *writing, const struct policy_expr *expr, const char *zh,
                         const char *en, bool inside)
{
    if (inside) put(writing, "（", "(");
    for (size_t i = 0; i < expr->part_count; i++) {
        if (i > 0) put(writing, zh, en);
        write_expr(writing, expr->parts[i], true);
    }
    if (inside) put(writing, "）", ")");
}

static void write_name(struct writing *writing, const struct policy_name *name)
{
    text_add(writing->text, policy_word(name, writing->lang));
}

static void write_call(struct writing *writing, const struct policy_expr *expr, const char *zh,
                       const char *en)
{
    put(writing, zh, en);
    write_joined(writing, expr, "、", ", ", true);
}

static void write_standard(struct writing *writing, const struct policy_expr *expr)
{
    write_name(writing, &writing->policy->standards[expr->target].name);
    if (expr->part_count == 0) return;
    put(writing, "（没有的，按", " (where there is none, ");
    write_expr(writing, expr->parts[0], false);
    put(writing, "）", ")");
}

static void write_scaled(struct writing *writing, const struct policy_expr *expr)
{
    bool term = expr->unit == POLICY_PER_TERM && expr->parts[0]->unit == POLICY_PER_YEAR;
    if (term) {
        put(writing, "一学期的", "one term of ");
        write_expr(writing, expr->parts[0], true);
        return;
    }
    write_expr(writing, expr->parts[0], true);
    if (expr->numerator != 1 || expr->denominator == 1) {
        text_add_f(writing->text, " × %lld", (long long)expr->numerator);
    }
    if (expr->denominator != 1) {
        text_add_f(writing->text, " ÷ %lld", (long long)expr->denominator);
    }
}

static void write_literal(struct writing *writing, const struct policy_expr *expr)
{
    char buffer[DAY_TEXT_SIZE];
    if (expr->type == POLICY_MONEY) {
        text_add(writing->text, policy_money_text(writing->arena, expr->value, writing->lang));
    } else if (expr->type == POLICY_DAY) {
        text_add_c(writing->text, day_format((day){(int32_t)expr->value}, buffer));
    } else {
        text_add_f(writing->text, "%lld", (long long)expr->value);
        if (expr->unit == POLICY_DAYS) put(writing, "天", " days");
        if (expr->unit == POLICY_MONTHS) put(writing, "个月", " months");
    }
}

static void write_compared(struct writing *writing, const struct policy_expr *expr)
{
    static const char *const zh[] = {"等于", "不等于", "小于", "不超过", "大于", "不少于"};
    static const char *const en[] = {" is ",         " is not ",   " is below ",
                                     " is at most ", " is above ", " is at least "};
    write_expr(writing, expr->parts[0], true);
    put(writing, zh[expr->order], en[expr->order]);
    write_expr(writing, expr->parts[1], true);
}

static void write_condition(struct writing *writing, const struct policy_expr *expr, bool inside)
{
    switch (expr->kind) {
    case POLICY_ALL: write_joined(writing, expr, "，并且", " and ", inside); break;
    case POLICY_ANY: write_joined(writing, expr, "，或者", " or ", inside); break;
    case POLICY_NOT:
        put(writing, "不是“", "not \"");
        write_expr(writing, expr->parts[0], false);
        put(writing, "”", "\"");
        break;
    case POLICY_IS: write_name(writing, &writing->policy->inputs[expr->target].name); break;
    case POLICY_COMPARE: write_compared(writing, expr); break;
    case POLICY_HOLDS: write_name(writing, &writing->policy->definitions[expr->target].name); break;
    case POLICY_LISTED:
        put(writing, "列入“", "listed in \"");
        write_name(writing, &writing->policy->standards[expr->target].name);
        put(writing, "”", "\"");
        break;
    default: write_listing(writing, expr); break;
    }
}

static void write_expr(struct writing *writing, const struct policy_expr *expr, bool inside)
{
    if (expr->kind <= POLICY_LISTED) {
        write_condition(writing, expr, inside);
        return;
    }
    switch (expr->kind) {
    case POLICY_LITERAL: write_literal(writing, expr); break;
    case POLICY_AGE:
        write_name(writing, &writing->policy->inputs[expr->target].name);
        if (expr->unit == POLICY_MONTHS)
            put(writing, "起的满月数", " in full months");
        else
            put(writing, "起的周岁", " in completed years");
        break;
    case POLICY_VALUE: write_name(writing, &writing->policy->definitions[expr->target].name); break;
    case POLICY_STANDARD: write_standard(writing, expr); break;
    case POLICY_SCALE: write_scaled(writing, expr); break;
    case POLICY_SUM: write_joined(writing, expr, " + ", " + ", inside); break;
    case POLICY_DIFFERENCE: write_joined(writing, expr, " - ", " - ", inside); break;
    case POLICY_PRODUCT: write_joined(writing, expr, " × ", " × ", inside); break;
    case POLICY_LEAST: write_call(writing, expr, "取较小者", "the least of "); break;
    case POLICY_MOST: write_call(writing, expr, "取较大者", "the most of "); break;
    case POLICY_ROUND: write_call(writing, expr, "取整", "rounded "); break;
    default: write_name(writing, &writing->policy->inputs[expr->target].name); break;
    }
}

struct str policy_expr_text(struct arena *arena, const struct policy *policy,
                            const struct policy_expr *expr, enum lang lang)
{
    struct text text;
    struct writing writing = {arena, &text, policy, lang};
    text_init(&text, arena, SENTENCE_BYTES_MAX);
    write_expr(&writing, expr, false);
    return text_str(&text);
}
