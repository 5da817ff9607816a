#include "link/people_build.h"

#include <uchar.h>

static bool is_separator(uint32_t code)
{
    static const char32_t separators[] = U"、，,;；/／|\n\r\t 　()（）[]【】:：。";
    for (size_t i = 0; separators[i] != 0; i++) {
        if (separators[i] == code) return true;
    }
    return false;
}

static bool is_kinship(struct str word)
{
    static const char *const words[] = {
        "子",   "女",     "儿子",   "女儿", "长子",   "次子", "三子", "长女",
        "次女", "三女",   "孙子",   "孙女", "无",     "没有", "男",   "女孩",
        "男孩", "之子",   "之女",   "外孙", "外孙女", "侄子", "侄女", "弟弟",
        "妹妹", "独生子", "独生女", "年生", "出生",   "等人", "月生"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_is(word, words[i])) return true;
    }
    return false;
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

/* X ends a number, but may begin a name. */
static bool goes_on(uint32_t code, bool digits)
{
    return is_digit(code) || (digits && (code == 'x' || code == 'X'));
}

/* A word is a number when it starts with a digit, a person when it starts with a letter of any
 * script and is no word of kinship. */
static size_t take_word(struct str word, struct person_mention *out, size_t count)
{
    if (word.len == 0) return count;
    if (is_digit((unsigned char)word.ptr[0])) {
        size_t digits = 0;
        while (digits < word.len && goes_on((unsigned char)word.ptr[digits], true)) digits++;
        if (count > 0 && out[count - 1].number.len == 0 && digits >= 15) {
            out[count - 1].number = str_slice(word, 0, digits);
        }
        return count;
    }
    if (is_kinship(word) || count == PERSON_MENTIONS_MAX) return count;
    if (utf8_count(word) < 2 || utf8_count(word) > 20) return count;
    out[count] = (struct person_mention){.name = word};
    return count + 1;
}

size_t person_mentions(struct str cell, struct person_mention out[PERSON_MENTIONS_MAX])
{
    size_t count = 0, start = 0, at = 0, before = 0;
    uint32_t code;
    bool digits = false;
    while (utf8_next(cell, &at, &code)) {
        bool separator = is_separator(code);
        /* A number may follow its name without anything between. */
        bool turn = before > start && !separator && goes_on(code, digits) != digits;
        if (separator || turn) {
            count = take_word(str_slice(cell, start, before), out, count);
            start = separator ? at : before;
        }
        digits = !separator && goes_on(code, digits && !turn);
        before = at;
    }
    return take_word(str_slice(cell, start, cell.len), out, count);
}
