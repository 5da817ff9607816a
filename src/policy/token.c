#include "policy/token.h"

#include "base/list.h"

#include <string.h>

struct cutting {
    struct str text;
    size_t at;
    int line, column;
    struct token_fault *fault;
};

/* Half-width letters and signs for the full-width ones that a Chinese keyboard writes. */
static uint32_t half_width(uint32_t code)
{
    switch (code) {
    case 0xFF0C: /* ， */
    case 0x3001: /* 、 */ return ',';
    case 0xFF1A: return ':';
    case 0xFF08: return '(';
    case 0xFF09: return ')';
    case 0xFF1D: return '=';
    case 0xFF0B: return '+';
    case 0x00D7: /* × */ return '*';
    case 0x00F7: /* ÷ */ return '/';
    case 0x3000: return ' ';
    case 0x2260: return SIGN_NOT_EQUAL;
    case 0x2264: return SIGN_LESS_EQUAL;
    case 0x2265: return SIGN_MORE_EQUAL;
    default: return code;
    }
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

static bool is_name_start(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code == '_'
           || (code >= 0x3400 && code <= 0x9FFF) || code == 0x3007
           || (code >= 0x20000 && code <= 0x3FFFF)
           || (code >= 0xC0 && code < 0x250 && code != 0xD7 && code != 0xF7);
}

static bool is_name(uint32_t code)
{
    return is_name_start(code) || is_digit(code) || code == 0xB7;
}

/* The code point at hand, and how many bytes it has; 0 bytes at the end. */
static uint32_t peek(const struct cutting *cutting, size_t *bytes)
{
    size_t at = cutting->at;
    uint32_t code = 0;
    *bytes = 0;
    if (!utf8_next(cutting->text, &at, &code)) return 0;
    *bytes = at - cutting->at;
    return code;
}

static void pass(struct cutting *cutting, size_t bytes)
{
    cutting->at += bytes;
    cutting->column++;
}

static bool fail(struct cutting *cutting, const char *zh, const char *en)
{
    *cutting->fault = (struct token_fault){cutting->line, cutting->column, zh, en};
    return false;
}

/* Blanks, line ends and comments. */
static void skip(struct cutting *cutting)
{
    for (;;) {
        size_t bytes;
        uint32_t code = half_width(peek(cutting, &bytes));
        if (bytes == 0) return;
        if (code == '#') {
            while (bytes > 0 && code != '\n') {
                pass(cutting, bytes);
                code = peek(cutting, &bytes);
            }
            continue;
        }
        if (code == '\n') {
            cutting->at += bytes;
            cutting->line++;
            cutting->column = 1;
            continue;
        }
        if (code != ' ' && code != '\t' && code != '\r') return;
        pass(cutting, bytes);
    }
}

static bool cut_text(struct cutting *cutting, struct token *token)
{
    size_t bytes;
    uint32_t open = peek(cutting, &bytes);
    uint32_t close = open == '"' ? '"' : 0x201D;
    struct cutting start = *cutting;
    pass(cutting, bytes);
    size_t from = cutting->at;
    for (;;) {
        uint32_t code = peek(cutting, &bytes);
        if (bytes == 0 || code == '\n') {
            *cutting = start;
            return fail(cutting, "引号没有在同一行闭合", "a quote that is not closed in its line");
        }
        if (code == close) break;
        pass(cutting, bytes);
    }
    token->kind = TOKEN_TEXT;
    token->text = str_slice(cutting->text, from, cutting->at);
    pass(cutting, bytes);
    return true;
}

static size_t digits_at(struct str text, size_t at)
{
    size_t count = 0;
    while (at + count < text.len && is_digit((unsigned char)text.ptr[at + count])) count++;
    return count;
}

/* 2020-11-25, 2024-autumn, 2024-2025: what begins with four digits and a hyphen. */
static bool cut_date(struct cutting *cutting, struct token *token)
{
    static const size_t lengths[] = {11, 10, 9}; /* 2024-autumn, a day, 2024-2025 */
    if (digits_at(cutting->text, cutting->at) != 4) return false;
    for (size_t i = 0; i < 3; i++) {
        struct str text = str_slice(cutting->text, cutting->at, cutting->at + lengths[i]);
        if (text.len != lengths[i]) continue;
        bool is_day = lengths[i] == 10 && day_parse(text, &token->day);
        bool is_period = lengths[i] != 10 && period_parse(text, &token->period);
        if (!is_day && !is_period) continue;
        token->kind = is_day ? TOKEN_DAY : TOKEN_PERIOD;
        token->text = text;
        for (size_t b = 0; b < text.len; b++) pass(cutting, 1);
        return true;
    }
    return false;
}

static bool cut_number(struct cutting *cutting, struct token *token)
{
    enum { DIGITS_MAX = 15 };
    if (cut_date(cutting, token)) return true;
    struct str text = cutting->text;
    size_t whole = digits_at(text, cutting->at), decimals = 0, from = cutting->at;
    if (from + whole < text.len && text.ptr[from + whole] == '.') {
        decimals = digits_at(text, from + whole + 1);
        if (decimals == 0 || decimals > 2) {
            return fail(cutting, "小数点后是一位或两位", "a number has one or two decimals");
        }
    }
    if (whole > DIGITS_MAX) return fail(cutting, "数字太长", "a number that is too long");
    int64_t value = 0;
    for (size_t i = 0; i < whole; i++) value = value * 10 + (text.ptr[from + i] - '0');
    value *= 100;
    if (decimals > 0) value += (text.ptr[from + whole + 1] - '0') * 10;
    if (decimals > 1) value += text.ptr[from + whole + 2] - '0';
    token->kind = TOKEN_NUMBER;
    token->hundredths = value;
    token->decimals = decimals > 0;
    size_t bytes = whole + (decimals > 0 ? decimals + 1 : 0);
    token->text = str_slice(text, from, from + bytes);
    for (size_t b = 0; b < bytes; b++) pass(cutting, 1);
    return true;
}

static void cut_name(struct cutting *cutting, struct token *token)
{
    size_t from = cutting->at, bytes;
    while (is_name(peek(cutting, &bytes)) && bytes > 0) pass(cutting, bytes);
    token->text = str_slice(cutting->text, from, cutting->at);
    token->word = word_of(token->text);
    token->kind = token->word == WORD_COUNT ? TOKEN_NAME : TOKEN_WORD;
}

static bool cut_sign(struct cutting *cutting, struct token *token)
{
    size_t bytes, more, from = cutting->at;
    uint32_t code = half_width(peek(cutting, &bytes));
    static const char known[] = "(),:/*+-%=<>!";
    bool one = code < 128 && code != 0 && strchr(known, (int)code) != NULL;
    if (!one && code < SIGN_NOT_EQUAL) {
        return fail(cutting, "这里有一个不认识的符号", "a sign that has no meaning here");
    }
    if (!one && code > SIGN_MORE_EQUAL) {
        return fail(cutting, "这里有一个不认识的符号", "a sign that has no meaning here");
    }
    pass(cutting, bytes);
    token->kind = TOKEN_SIGN;
    token->sign = (int)code;
    bool equal = half_width(peek(cutting, &more)) == '=' && more > 0;
    if (equal && (code == '<' || code == '>' || code == '!')) {
        token->sign = code == '<'   ? SIGN_LESS_EQUAL
                      : code == '>' ? SIGN_MORE_EQUAL
                                    : SIGN_NOT_EQUAL;
        pass(cutting, more);
    } else if (code == '!') {
        return fail(cutting, "“!”后面应是“=”", "\"!\" is followed by \"=\"");
    }
    token->text = str_slice(cutting->text, from, cutting->at);
    return true;
}

static bool cut(struct cutting *cutting, struct token *token)
{
    size_t bytes;
    uint32_t code = peek(cutting, &bytes);
    *token = (struct token){.line = cutting->line,
                            .column = cutting->column,
                            .at = cutting->at,
                            .word = WORD_COUNT,
                            .day = DAY_NONE};
    bool good = true;
    if (code == '"' || code == 0x201C) {
        good = cut_text(cutting, token);
    } else if (is_digit(code)) {
        good = cut_number(cutting, token);
    } else if (is_name_start(code)) {
        cut_name(cutting, token);
    } else {
        good = cut_sign(cutting, token);
    }
    token->end = cutting->at;
    return good;
}

bool tokens_of(struct arena *arena, struct str text, struct token **out, size_t *count,
               struct token_fault *fault)
{
    struct cutting cutting = {.text = text, .line = 1, .column = 1, .fault = fault};
    LIST(struct token) tokens = {0};
    if (str_starts(text, STR("\xEF\xBB\xBF"))) cutting.at = 3;
    for (;;) {
        skip(&cutting);
        if (cutting.at == text.len) break;
        if (tokens.count == TOKENS_MAX) {
            return fail(&cutting, "文件太长", "the text is too long");
        }
        struct token token;
        if (!cut(&cutting, &token)) return false;
        *list_push(arena, &tokens) = token;
    }
    *list_push(arena, &tokens) = (struct token){.kind = TOKEN_END,
                                                .word = WORD_COUNT,
                                                .line = cutting.line,
                                                .column = cutting.column,
                                                .at = text.len,
                                                .end = text.len};
    *out = tokens.items;
    *count = tokens.count;
    return true;
}
