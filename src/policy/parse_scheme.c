#include "policy/reader.h"

#include <string.h>

/* Schemes with their clauses, and what is said of several schemes. */

static bool read_period(struct reader *reader, struct scheme_read *read)
{
    read->has_period = true;
    if (take_word(reader, WORD_TERM))
        read->scheme.period = PERIOD_TERM;
    else if (take_word(reader, WORD_YEAR))
        read->scheme.period = PERIOD_YEAR;
    else if (take_word(reader, WORD_ONCE))
        read->scheme.period = PERIOD_ONCE;
    else
        return expected(reader, "学期、学年或一次", "term, year or once");
    return true;
}

static bool read_form(struct reader *reader, struct scheme_read *read)
{
    static const enum word words[] = {WORD_CASH, WORD_WAIVER,   WORD_IN_KIND,
                                      WORD_LOAN, WORD_DECLARED, WORD_PLACE};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (!take_word(reader, words[i])) continue;
        read->scheme.form = (enum policy_form)i;
        read->has_form = true;
        return true;
    }
    return expected(reader, "现金、减免、实物、贷款、宣示或名额",
                    "cash, waiver, in_kind, loan, declared or place");
}

static bool read_label(struct reader *reader, struct str *out)
{
    *out = STR_EMPTY;
    if (peek(reader)->kind == TOKEN_NAME) *out = take(reader)->text;
    return true;
}

static bool read_marks(struct reader *reader, struct policy_clause *clause)
{
    for (;;) {
        if (take_word(reader, WORD_AVERAGE))
            clause->average = true;
        else if (take_word(reader, WORD_CEILING))
            clause->ceiling = true;
        else
            return true;
    }
}

/* Behind the colon: a condition of a right, the value of an amount. */
static bool read_clause_body(struct reader *reader, struct policy_clause *clause)
{
    if (!expect_sign(reader, SIGN_COLON)) return false;
    if (clause->kind == POLICY_RIGHT) {
        return read_condition(reader, &clause->condition) && read_cites(reader, &clause->cites);
    }
    struct policy_place place = place_here(reader);
    if (!read_expr(reader, &clause->amount)) return false;
    if (clause->amount->type != POLICY_MONEY) {
        return fault_at(reader, place, "这里应是金额", "expected an amount");
    }
    return read_cites(reader, &clause->cites);
}

static uint16_t find_label(const struct policy_clause *clauses, size_t count, struct str label)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal(clauses[i].label, label)) return (uint16_t)i;
    }
    return POLICY_NONE;
}

/* Takes a clause in; one of the same label and first day is replaced only where the text says so.
 */
static bool keep_clause(struct reader *reader, struct scheme_read *read,
                        struct policy_clause *clause, bool instead)
{
    bool right = clause->kind == POLICY_RIGHT;
    struct policy_clause *items = right ? read->rights.items : read->amounts.items;
    size_t count = right ? read->rights.count : read->amounts.count;
    for (size_t i = 0; i < count; i++) {
        bool same = str_equal(items[i].label, clause->label)
                    && items[i].span.first.days == clause->span.first.days
                    && items[i].exception_to == clause->exception_to;
        if (!same) continue;
        if (instead) {
            items[i] = *clause;
            return true;
        }
        return fault_at(reader, clause->place, "已有同名、同一起始日的条款；要代替它请写“取代”",
                        "a clause of this label begins on the same day; write \"instead\" to "
                        "replace it");
    }
    if (instead) {
        return fault_at(reader, clause->place, "没有可取代的条款",
                        "there is no clause to stand instead of");
    }
    if (count == POLICY_CLAUSES_MAX) {
        return fault_at(reader, clause->place, "一个项目的同类条款超过 %d 条",
                        "more than %d clauses of one kind in a scheme", POLICY_CLAUSES_MAX);
    }
    int level = 0;
    for (uint16_t c = clause->exception_to; c != POLICY_NONE; c = items[c].exception_to) level++;
    if (level > POLICY_DEPTH_MAX) {
        return fault_at(reader, clause->place, "除外套除外超过 %d 层",
                        "exceptions to exceptions, more than %d", POLICY_DEPTH_MAX);
    }
    if (right) {
        *list_push(reader->arena, &read->rights) = *clause;
    } else {
        *list_push(reader->arena, &read->amounts) = *clause;
    }
    return true;
}

static bool read_clause(struct reader *reader, struct scheme_read *read)
{
    struct policy_clause clause = {.place = place_here(reader),
                                   .exception_to = POLICY_NONE,
                                   .pack = declaration_here(reader)->pack};
    bool given;
    clause.kind = take(reader)->word == WORD_RIGHT ? POLICY_RIGHT : POLICY_AMOUNT;
    if (!read_label(reader, &clause.label) || !read_marks(reader, &clause)) return false;
    if (!read_span(reader, &clause.span, &given)) return false;
    bool instead = take_word(reader, WORD_INSTEAD);
    return read_clause_body(reader, &clause) && keep_clause(reader, read, &clause, instead);
}

/* except right LABEL to LABEL …: CONDITION; except amount LABEL to LABEL … when CONDITION: VALUE.
 */
static bool read_exception(struct reader *reader, struct scheme_read *read)
{
    struct policy_clause clause = {.place = place_here(reader),
                                   .pack = declaration_here(reader)->pack};
    struct str target;
    bool given;
    take(reader);
    if (!is_word(reader, WORD_RIGHT) && !is_word(reader, WORD_AMOUNT)) {
        return expected(reader, "“资格”或“金额”", "\"right\" or \"amount\"");
    }
    bool right = take(reader)->word == WORD_RIGHT;
    clause.kind = right ? POLICY_RIGHT : POLICY_AMOUNT;
    if (!read_label(reader, &clause.label) || !read_marks(reader, &clause)) return false;
    if (!expect_word(reader, WORD_TO)) return false;
    struct policy_place place = place_here(reader);
    read_label(reader, &target);
    clause.exception_to = right ? find_label(read->rights.items, read->rights.count, target)
                                : find_label(read->amounts.items, read->amounts.count, target);
    if (clause.exception_to == POLICY_NONE) {
        return fault_at(reader, place, "此前没有名为“%.*s”的条款",
                        "no clause \"%.*s\" stands before", STR_ARG(target));
    }
    if (!read_span(reader, &clause.span, &given)) return false;
    bool instead = take_word(reader, WORD_INSTEAD);
    if (!right) {
        if (!expect_word(reader, WORD_WHEN) || !read_condition(reader, &clause.condition)) {
            return false;
        }
    }
    return read_clause_body(reader, &clause) && keep_clause(reader, read, &clause, instead);
}

static bool read_payer(struct reader *reader, struct policy_scheme *scheme)
{
    if (!read_words(reader, &scheme->payer_zh, &scheme->payer_en)) return false;
    scheme->confirmed_only = take_word(reader, WORD_CONFIRMED);
    return true;
}

static bool read_part(struct reader *reader, struct scheme_read *read)
{
    struct policy_scheme *scheme = &read->scheme;
    bool given;
    if (take_word(reader, WORD_APPLIES)) {
        read->has_applies = true;
        return read_condition(reader, &scheme->applies);
    }
    if (take_word(reader, WORD_PERIOD)) return read_period(reader, read);
    if (take_word(reader, WORD_FORM)) return read_form(reader, read);
    if (take_word(reader, WORD_PAYER)) return read_payer(reader, scheme);
    if (is_word(reader, WORD_FROM) || is_word(reader, WORD_UNTIL)) {
        return read_span(reader, &scheme->span, &given) && read_cites(reader, &scheme->cites);
    }
    if (is_word(reader, WORD_RIGHT) || is_word(reader, WORD_AMOUNT)) {
        return read_clause(reader, read);
    }
    if (is_word(reader, WORD_EXCEPT)) return read_exception(reader, read);
    return expected(reader, "对象、周期、形式、发放、自、资格、金额或除外",
                    "applies, period, form, payer, from, right, amount or except");
}

static bool is_complete(struct reader *reader, const struct scheme_read *read)
{
    struct policy_place place = read->scheme.place;
    bool bare = read->scheme.form == POLICY_DECLARED || read->scheme.form == POLICY_PLACE;
    if (!read->has_applies)
        return fault_at(reader, place, "项目缺少“对象”", "the scheme has no \"applies\"");
    if (!read->has_period)
        return fault_at(reader, place, "项目缺少“周期”", "the scheme has no \"period\"");
    if (!read->has_form)
        return fault_at(reader, place, "项目缺少“形式”", "the scheme has no \"form\"");
    if (read->rights.count == 0) {
        return fault_at(reader, place, "项目缺少“资格”", "the scheme has no \"right\"");
    }
    if (bare != (read->amounts.count == 0)) {
        return bare ? fault_at(reader, place, "宣示的权利和名额没有金额",
                               "a declared right and a place have no amount")
                    : fault_at(reader, place, "项目缺少“金额”", "the scheme has no \"amount\"");
    }
    return true;
}

static bool find_scheme(struct reader *reader, uint16_t *out)
{
    const struct token *token = peek(reader);
    const struct dict *names = &reader->scheme_names.names;
    uint32_t number = dict_find(names, token->text);
    if (number == DICT_NONE) {
        return unknown_name(reader, "项目", "scheme", token->text, names->texts, names->count);
    }
    take(reader);
    *out = reader->scheme_names.numbers.items[number];
    return true;
}

bool read_scheme(struct reader *reader)
{
    struct declaration *here = declaration_here(reader);
    uint16_t number = here->number;
    bool extends = here->extends;
    if (extends && !find_scheme(reader, &number)) return false;
    struct scheme_read *read = &reader->schemes.items[number];
    if (!extends) {
        read->scheme.subject = here->subject;
        read->scheme.pack = here->pack;
        read->scheme.span = (struct policy_span){DAY_NONE, DAY_NONE};
    }
    while (peek(reader)->kind != TOKEN_END) {
        if (!read_part(reader, read)) return false;
    }
    return extends || is_complete(reader, read);
}

static bool read_schemes(struct reader *reader, enum word between, uint16_t **out, size_t *count)
{
    LIST(uint16_t) schemes = {0};
    do {
        uint16_t number = 0;
        if (!find_scheme(reader, &number)) return false;
        *list_push(reader->arena, &schemes) = number;
    } while (take_word(reader, between));
    if (schemes.count < 2) return expect_word(reader, between);
    *out = schemes.items;
    *count = schemes.count;
    return true;
}

bool read_exclusion(struct reader *reader)
{
    struct policy_exclusion exclusion = {.place = place_here(reader),
                                         .pack = declaration_here(reader)->pack};
    bool given;
    if (!read_schemes(reader, WORD_BEFORE, &exclusion.schemes, &exclusion.count)
        || !read_span(reader, &exclusion.span, &given) || !read_cites(reader, &exclusion.cites)) {
        return false;
    }
    *list_push(reader->arena, &reader->exclusions) = exclusion;
    return true;
}

bool read_stack(struct reader *reader)
{
    struct policy_stack stack = {.place = place_here(reader)};
    if (!read_schemes(reader, WORD_WITH, &stack.schemes, &stack.count)
        || !read_cites(reader, &stack.cites)) {
        return false;
    }
    *list_push(reader->arena, &reader->stacks) = stack;
    return true;
}
