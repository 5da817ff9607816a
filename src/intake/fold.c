#include "intake/fold.h"

#include "identity/name.h"

#include <string.h>

enum { FOLD_BYTES_MAX = 4 * 65536 };

static bool is_invisible(uint32_t code)
{
    return code <= ' ' || code == 0x7F || code == 0xA0 || code == 0xAD || code == 0xFEFF
           || code == 0x3000 || code == 0x2060 || (code >= 0x2000 && code <= 0x200F)
           || (code >= 0x2028 && code <= 0x202F) || (code >= 0xE000 && code <= 0xE0FF);
}

struct str fold_text(struct arena *arena, struct str s)
{
    bool plain = true;
    for (size_t i = 0; i < s.len && plain; i++) {
        char c = s.ptr[i];
        plain = c > ' ' && c < 0x7F && c != '\'' && (c < 'A' || c > 'Z');
    }
    if (plain) return s;
    s = hanzi_simplify(arena, utf8_nfkc(arena, s));
    struct text out;
    text_init(&out, arena, FOLD_BYTES_MAX);
    size_t at = 0;
    uint32_t code;
    while (utf8_next(s, &at, &code)) {
        if (is_invisible(code) || (code == '\'' && out.len == 0)) continue;
        text_add_code(&out, code >= 'A' && code <= 'Z' ? code + 32 : code);
    }
    return text_str(&out);
}

/* The bytes of a blank at the start, or 0. */
static size_t blank_at(struct str s)
{
    if (s.len == 0) return 0;
    unsigned char c = (unsigned char)s.ptr[0];
    if (c <= ' ' || c == 0x7F) return 1;
    if (c < 0xC2) return 0;
    size_t at = 0;
    uint32_t code;
    utf8_next(s, &at, &code);
    return is_invisible(code) && code < 0xE000 ? at : 0;
}

struct str fold_trim(struct str s)
{
    for (size_t n; (n = blank_at(s)) > 0;) s = str_slice(s, n, s.len);
    while (s.len > 0) {
        size_t start = s.len - 1;
        while (start > 0 && ((unsigned char)s.ptr[start] & 0xC0) == 0x80) start--;
        size_t n = blank_at(str_slice(s, start, s.len));
        if (n == 0 || start + n != s.len) break;
        s.len = start;
    }
    if (s.len > 1 && s.ptr[0] == '\'') s = str_slice(s, 1, s.len);
    return s;
}

/* Most cells are ruled out by their first character. */
static bool may_be_blank_word(struct str s)
{
    static const char leads[] = "无不未暂空没缺待—－／＼（、。";
    unsigned char c = (unsigned char)s.ptr[0];
    if (c < 0x80) return strchr("nN#-(/\\.*_|", c) != NULL;
    if (s.len < 3) return false;
    for (size_t i = 0; i + 3 < sizeof leads; i += 3) {
        if (memcmp(s.ptr, leads + i, 3) == 0) return true;
    }
    return false;
}

bool fold_is_blank(struct str trimmed)
{
    static const char *const words[] = {
        "无",     "不详",   "未知", "暂无",   "空",     "没有",   "无。", "—",      "——",
        "－",     "——",     "／",   "＼",     "null",   "NULL",   "Null", "None",   "none",
        "NaN",    "nan",    "N/A",  "n/a",    "#N/A",   "NA",     "缺",   "不明",   "未填",
        "未填写", "无信息", "／／", "无此项", "、",     "。",     "待查", "不清楚", "未登记",
        "无记录", "--",     "---",  "(空)",   "（空）", "(null)", "空白", NULL,
    };
    if (trimmed.len == 0) return true;
    if (trimmed.len > 16 || !may_be_blank_word(trimmed)) return false;
    if (trimmed.len <= 4) {
        size_t strokes = 0;
        while (strokes < trimmed.len && strchr("-/\\.*_|", trimmed.ptr[strokes]) != NULL) strokes++;
        if (strokes == trimmed.len) return true;
    }
    return fold_is_one_of(trimmed, words);
}

static int hanzi_digit(uint32_t code)
{
    switch (code) {
    case 0x3007: /* 〇 */
    case 0x96F6: /* 零 */
    case 0x25CB: /* ○ */
    case 0x25EF: return 0;
    case 0x4E00:
    case 0x58F9: return 1;
    case 0x4E8C:
    case 0x8D30:
    case 0x4E24: return 2;
    case 0x4E09:
    case 0x53C1: return 3;
    case 0x56DB:
    case 0x8086: return 4;
    case 0x4E94:
    case 0x4F0D: return 5;
    case 0x516D:
    case 0x9646: return 6;
    case 0x4E03:
    case 0x67D2: return 7;
    case 0x516B:
    case 0x634C: return 8;
    case 0x4E5D:
    case 0x7396: return 9;
    case 0x5341:
    case 0x62FE: return 10;
    case 0x5EFF: return 20; /* 廿 */
    case 0x5345: return 30; /* 卅 */
    default: return -1;
    }
}

int fold_hanzi_number(struct str s, size_t *used, int *digits)
{
    int value = 0, ones = 0;
    bool tens = false;
    *used = 0;
    *digits = 0;
    size_t at = 0;
    uint32_t code;
    while (utf8_next(s, &at, &code)) {
        int digit = hanzi_digit(code);
        if (digit < 0 || *digits == 8) break;
        if (digit >= 10) {
            if (tens) break;
            value = digit > 10 ? digit : (*digits == 0 ? 10 : ones * 10);
            ones = 0;
            tens = true;
        } else if (tens) {
            ones = digit;
        } else {
            ones = ones * 10 + digit;
        }
        (*digits)++;
        *used = at;
    }
    if (tens) *digits = 2;
    return value + ones;
}

bool fold_number(struct str s, size_t *at, int digits_max, int *number, int *digits)
{
    struct str rest = str_slice(s, *at, s.len);
    size_t used = 0;
    int value = 0;
    while (used < rest.len && rest.ptr[used] >= '0' && rest.ptr[used] <= '9'
           && (int)used < digits_max) {
        value = value * 10 + (rest.ptr[used++] - '0');
    }
    *digits = (int)used;
    if (used == 0) value = fold_hanzi_number(rest, &used, digits);
    if (used == 0 || *digits > digits_max) return false;
    *number = value;
    *at += used;
    return true;
}

bool fold_is_hanzi(uint32_t code)
{
    return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF)
           || code == 0x3007 || (code >= 0xF900 && code <= 0xFAFF)
           || (code >= 0x20000 && code <= 0x3FFFF) || (code >= 0xE100 && code <= 0xF8FF);
}

size_t fold_count_hanzi(struct str s, bool *all)
{
    size_t count = 0, at = 0;
    uint32_t code;
    *all = s.len > 0;
    while (utf8_next(s, &at, &code)) {
        bool dot = code == 0xB7 || code == 0x2022 || code == 0x30FB || code == 0x2027;
        if (!fold_is_hanzi(code) && !dot) *all = false;
        count++;
    }
    return count;
}

bool fold_is_one_of(struct str s, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (str_is(s, *words)) return true;
    }
    return false;
}

bool fold_starts_one_of(struct str s, const char *const *words, size_t *which)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (!str_starts(s, str_from(words[i]))) continue;
        if (which != NULL) *which = i;
        return true;
    }
    return false;
}

bool fold_has_one_of(struct str s, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (str_find(s, str_from(*words)) != SIZE_MAX) return true;
    }
    return false;
}
