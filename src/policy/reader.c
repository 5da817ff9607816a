#include "policy/reader.h"

#include "policy/nearest.h"

#include <stdarg.h>
#include <stdio.h>

enum { FAULT_TEXT_MAX = 700 };

struct declaration *declaration_here(struct reader *reader)
{
    return &reader->declarations.items[reader->at_declaration];
}

const struct token *peek_next(const struct reader *reader, size_t ahead)
{
    const struct declaration *here = &reader->declarations.items[reader->at_declaration];
    const struct source_tokens *tokens = &reader->tokens[here->source];
    size_t at = reader->at + ahead;
    return &tokens->items[at < here->end ? at : tokens->count - 1];
}

const struct token *peek(const struct reader *reader)
{
    return peek_next(reader, 0);
}

const struct token *take(struct reader *reader)
{
    const struct token *token = peek(reader);
    if (reader->at < declaration_here(reader)->end) reader->at++;
    return token;
}

bool is_word(const struct reader *reader, enum word word)
{
    const struct token *token = peek(reader);
    return token->kind == TOKEN_WORD && token->word == word;
}

bool is_sign(const struct reader *reader, int sign)
{
    const struct token *token = peek(reader);
    return token->kind == TOKEN_SIGN && token->sign == sign;
}

bool take_word(struct reader *reader, enum word word)
{
    if (!is_word(reader, word)) return false;
    take(reader);
    return true;
}

bool take_sign(struct reader *reader, int sign)
{
    if (!is_sign(reader, sign)) return false;
    take(reader);
    return true;
}

/* Behind a declaration the place is that of its last token. */
struct policy_place place_here(const struct reader *reader)
{
    const struct declaration *here = &reader->declarations.items[reader->at_declaration];
    const struct source_tokens *tokens = &reader->tokens[here->source];
    size_t at = reader->at < here->end ? reader->at : here->end - 1;
    return (struct policy_place){here->source, tokens->items[at].line, tokens->items[at].column};
}

static struct str format(struct reader *reader, const char *pattern, va_list arguments)
{
    char buffer[FAULT_TEXT_MAX];
    int length = vsnprintf(buffer, sizeof buffer, pattern, arguments);
    size_t kept = length < 0 ? 0 : (size_t)length;
    if (kept >= sizeof buffer) kept = sizeof buffer - 1;
    while (kept > 0 && ((unsigned char)buffer[kept] & 0xC0) == 0x80) kept--;
    return str_copy(reader->arena, (struct str){buffer, kept});
}

struct str say(struct reader *reader, const char *pattern, ...)
{
    va_list arguments;
    va_start(arguments, pattern);
    struct str text = format(reader, pattern, arguments);
    va_end(arguments);
    return text;
}

/* Whether one more fault can be kept; those beyond the last are only known to be. */
static bool keeps_faults(struct reader *reader)
{
    if (reader->faults.count == POLICY_FAULTS_MAX) reader->more_faults = true;
    return !reader->more_faults;
}

bool fault_said(struct reader *reader, struct policy_place place, struct str zh, struct str en)
{
    for (size_t i = 0; i < reader->faults.count; i++) {
        struct policy_place other = reader->faults.items[i].place;
        if (other.source == place.source && other.line == place.line
            && other.column == place.column) {
            return false;
        }
    }
    if (!keeps_faults(reader)) return false;
    *list_push(reader->arena, &reader->faults) = (struct policy_fault){place, zh, en};
    return false;
}

bool fault_at(struct reader *reader, struct policy_place place, const char *zh, const char *en, ...)
{
    va_list arguments;
    va_start(arguments, en);
    struct str said_zh = format(reader, zh, arguments);
    va_end(arguments);
    va_start(arguments, en);
    struct str said_en = format(reader, en, arguments);
    va_end(arguments);
    return fault_said(reader, place, said_zh, said_en);
}

bool fault(struct reader *reader, const char *zh, const char *en, ...)
{
    va_list arguments;
    va_start(arguments, en);
    struct str said_zh = format(reader, zh, arguments);
    va_end(arguments);
    va_start(arguments, en);
    struct str said_en = format(reader, en, arguments);
    va_end(arguments);
    return fault_said(reader, place_here(reader), said_zh, said_en);
}

/* What stands there, short enough for a sentence. */
static struct str shown(const struct token *token)
{
    enum { SHOWN_BYTES_MAX = 60 };
    return utf8_cut(token->text, SHOWN_BYTES_MAX);
}

bool expected(struct reader *reader, const char *zh, const char *en)
{
    const struct token *token = peek(reader);
    struct str found = shown(token);
    if (token->kind == TOKEN_END) {
        return fault_said(reader, place_here(reader), say(reader, "这一段到此为止，还缺%s", zh),
                          say(reader, "this ends here, and %s is missing", en));
    }
    return fault_said(reader, place_here(reader),
                      say(reader, "这里应是%s，而写着“%.*s”", zh, STR_ARG(found)),
                      say(reader, "expected %s, found \"%.*s\"", en, STR_ARG(found)));
}

bool unknown_name(struct reader *reader, const char *zh, const char *en, struct str name,
                  const struct str *known, size_t known_count)
{
    if (!keeps_faults(reader)) return false;
    struct str near = nearest_of(name, known, known_count);
    struct str said_zh = say(reader, "没有名为“%.*s”的%s", STR_ARG(name), zh);
    struct str said_en = say(reader, "there is no %s called \"%.*s\"", en, STR_ARG(name));
    if (near.len > 0) {
        said_zh = say(reader, "%.*s；是不是“%.*s”？", STR_ARG(said_zh), STR_ARG(near));
        said_en = say(reader, "%.*s; did you mean \"%.*s\"?", STR_ARG(said_en), STR_ARG(near));
    }
    return fault_said(reader, place_here(reader), said_zh, said_en);
}

bool expect_word(struct reader *reader, enum word word)
{
    if (take_word(reader, word)) return true;
    struct str zh = say(reader, "“%s”", word_text(word, LANG_ZH));
    struct str en = say(reader, "\"%s\"", word_text(word, LANG_EN));
    return expected(reader, str_cstr(reader->arena, zh), str_cstr(reader->arena, en));
}

bool expect_sign(struct reader *reader, int sign)
{
    if (take_sign(reader, sign)) return true;
    struct str zh = say(reader, "“%c”", sign), en = say(reader, "\"%c\"", sign);
    return expected(reader, str_cstr(reader->arena, zh), str_cstr(reader->arena, en));
}

bool read_text(struct reader *reader, struct str *out)
{
    if (peek(reader)->kind != TOKEN_TEXT) {
        return expected(reader, "引号里的文字", "a text in quotes");
    }
    *out = take(reader)->text;
    return true;
}

bool read_day(struct reader *reader, day *out)
{
    if (peek(reader)->kind != TOKEN_DAY) {
        return expected(reader, "日期（如 2020-11-25）", "a day (like 2020-11-25)");
    }
    *out = take(reader)->day;
    return true;
}

bool read_span(struct reader *reader, struct policy_span *out, bool *given)
{
    *out = (struct policy_span){DAY_NONE, DAY_NONE};
    *given = is_word(reader, WORD_FROM) || is_word(reader, WORD_UNTIL);
    if (take_word(reader, WORD_FROM) && !read_day(reader, &out->first)) return false;
    struct policy_place place = place_here(reader);
    if (take_word(reader, WORD_UNTIL) && !read_day(reader, &out->last)) return false;
    if (!day_is_none(out->first) && !day_is_none(out->last) && out->last.days < out->first.days) {
        return fault_at(reader, place, "截止日早于起始日", "this ends before it begins");
    }
    return true;
}

bool read_words(struct reader *reader, struct str *zh, struct str *en)
{
    if (!read_text(reader, zh)) return false;
    *en = *zh;
    return !take_sign(reader, SIGN_SLASH) || read_text(reader, en);
}

static bool is_key(struct str text)
{
    if (text.len == 0 || text.len > 63) return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9')) return false;
    }
    return true;
}

static bool read_also(struct reader *reader, struct policy_name *name)
{
    enum { ALSO_MAX = 200 };
    LIST(struct str) also = {0};
    while (take_word(reader, WORD_ALSO)) {
        do {
            struct str text;
            if (!read_text(reader, &text)) return false;
            if (also.count == ALSO_MAX) return fault(reader, "又称太多", "too many other names");
            *list_push(reader->arena, &also) = text;
        } while (peek(reader)->kind == TOKEN_SIGN && is_sign(reader, SIGN_COMMA)
                 && peek_next(reader, 1)->kind == TOKEN_TEXT && take_sign(reader, SIGN_COMMA));
    }
    name->also = also.items;
    name->also_count = also.count;
    return true;
}

bool read_name(struct reader *reader, struct policy_name *out)
{
    struct policy_name name = {0};
    const struct token *token = peek(reader);
    if (token->kind == TOKEN_WORD) {
        return fault(reader, "“%.*s”是本语言的词，不能作名称", "\"%.*s\" is a word of the language",
                     STR_ARG(token->text));
    }
    if (token->kind != TOKEN_NAME || !is_key(token->text)) {
        return expected(reader, "英文名称（字母、数字、_）", "a key of letters, digits and _");
    }
    name.key = take(reader)->text;
    if (!read_text(reader, &name.zh)) return false;
    name.en = name.key;
    if (take_sign(reader, SIGN_SLASH) && !read_text(reader, &name.en)) return false;
    if (!read_also(reader, &name)) return false;
    *out = name;
    return true;
}

static bool find_document(struct reader *reader, uint16_t *out)
{
    const struct token *token = peek(reader);
    if (token->kind != TOKEN_NAME) return expected(reader, "文件名称", "the name of a document");
    const struct dict *names = &reader->document_names.names;
    uint32_t number = dict_find(names, token->text);
    if (number == DICT_NONE) {
        return unknown_name(reader, "文件", "document", token->text, names->texts, names->count);
    }
    *out = reader->document_names.numbers.items[number];
    take(reader);
    return true;
}

bool read_cites(struct reader *reader, struct policy_cites *out)
{
    LIST(struct policy_cite) cites = {0};
    bool unconfirmed = false;
    for (;;) {
        if (take_word(reader, WORD_UNCONFIRMED)) {
            unconfirmed = true;
            continue;
        }
        struct policy_cite cite = {.place = place_here(reader)};
        if (!take_word(reader, WORD_CITE)) break;
        if (!find_document(reader, &cite.document)) return false;
        if (peek(reader)->kind == TOKEN_TEXT) cite.article = take(reader)->text;
        if (peek(reader)->kind == TOKEN_TEXT) cite.quote = take(reader)->text;
        *list_push(reader->arena, &cites) = cite;
    }
    *out = (struct policy_cites){cites.items, cites.count, unconfirmed};
    return true;
}

static const struct {
    const char *zh, *en;
    enum policy_type type;
    enum policy_unit unit;
} units[] = {
    {"元", "yuan", POLICY_MONEY, POLICY_PLAIN},
    {"元/年", "yuan/year", POLICY_MONEY, POLICY_PER_YEAR},
    {"元/学期", "yuan/term", POLICY_MONEY, POLICY_PER_TERM},
    {"元/月", "yuan/month", POLICY_MONEY, POLICY_PER_MONTH},
    {"元/天", "yuan/day", POLICY_MONEY, POLICY_PER_DAY},
    {"天", "days", POLICY_NUMBER, POLICY_DAYS},
    {"个月", "months", POLICY_NUMBER, POLICY_MONTHS},
    {"个", "a number", POLICY_NUMBER, POLICY_PLAIN},
};

const char *unit_text(enum policy_type type, enum policy_unit unit, enum lang lang)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (units[i].type == type && units[i].unit == unit) {
            return lang == LANG_ZH ? units[i].zh : units[i].en;
        }
    }
    return "";
}

static bool read_per(struct reader *reader, enum policy_unit *unit)
{
    *unit = POLICY_PLAIN;
    if (!is_sign(reader, SIGN_SLASH) || peek_next(reader, 1)->kind != TOKEN_WORD) return true;
    switch (peek_next(reader, 1)->word) {
    case WORD_YEAR: *unit = POLICY_PER_YEAR; break;
    case WORD_TERM: *unit = POLICY_PER_TERM; break;
    case WORD_MONTH: *unit = POLICY_PER_MONTH; break;
    case WORD_DAY:
    case WORD_DAYS: *unit = POLICY_PER_DAY; break;
    default: take(reader); return expected(reader, "年、学期、月或天", "year, term, month or day");
    }
    take(reader);
    take(reader);
    return true;
}

/* Hundredths of the unit in fen or in one; 0: there is no unit here. */
static int64_t read_factor(struct reader *reader, enum policy_type *type, enum policy_unit *unit)
{
    *type = POLICY_MONEY;
    *unit = POLICY_PLAIN;
    if (take_word(reader, WORD_YUAN)) return 100;
    if (take_word(reader, WORD_TEN_THOUSAND)) return 1000000;
    if (take_word(reader, WORD_FEN)) return 1;
    *type = POLICY_NUMBER;
    if (take_word(reader, WORD_DAYS))
        *unit = POLICY_DAYS;
    else if (take_word(reader, WORD_MONTHS))
        *unit = POLICY_MONTHS;
    return *unit == POLICY_PLAIN ? 0 : 1;
}

bool read_unit(struct reader *reader, enum policy_type *type, enum policy_unit *unit)
{
    if (read_factor(reader, type, unit) == 0) {
        return expected(reader, "单位（元、元/年、天……）", "a unit (yuan, yuan/year, days …)");
    }
    return *type != POLICY_MONEY || read_per(reader, unit);
}

bool read_quantity(struct reader *reader, int64_t *value, enum policy_type *type,
                   enum policy_unit *unit)
{
    const struct token *number = peek(reader);
    struct policy_place place = place_here(reader);
    if (number->kind != TOKEN_NUMBER) return expected(reader, "数或金额", "a number or an amount");
    take(reader);
    int64_t factor = read_factor(reader, type, unit), hundredths = number->hundredths;
    bool fits = !__builtin_mul_overflow(hundredths, factor == 0 ? 1 : factor, &hundredths);
    if (!fits || hundredths / 100 > POLICY_VALUE_MAX) {
        return fault_at(reader, place, "数值太大", "this is too large");
    }
    if (hundredths % 100 != 0) {
        return fault_at(reader, place, "不是整数（金额最小到分）",
                        "this is not whole (amounts: whole fen)");
    }
    *value = hundredths / 100;
    return *type != POLICY_MONEY || read_per(reader, unit);
}
