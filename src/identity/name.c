#include "identity/name.h"

#include "identity/hanzi.h"

#include <string.h>

enum {
    NAME_CODES_MAX = 128, /* characters; the longest names in use have some thirty */
    WORD_BYTES_MAX = 64,
    DOT = 0xB7,
    BLANK = ' ',
};

/* A name as characters while it is cleaned. */
struct codes {
    uint32_t items[NAME_CODES_MAX];
    size_t count;
    bool odd;       /* holds characters that have a compatibility form */
    bool bracketed; /* something in brackets was left out */
};

static bool is_blank(uint32_t code)
{
    return code == ' ' || code == '\t' || code == '\n' || code == '\r' || code == 0xA0
           || code == 0x3000 || code == 0x3164 || (code >= 0x2000 && code <= 0x200A)
           || code == 0x202F || code == 0x205F || code == ',' || code == 0x3001;
}

/* Marks of direction and width and controls: nothing that anyone wrote. */
static bool is_invisible(uint32_t code)
{
    return code < ' ' || (code >= 0x7F && code < 0xA0) || code == 0xAD
           || (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E)
           || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF
           || (code >= 0xFE00 && code <= 0xFE0F) || (code >= 0xE0100 && code <= 0xE01EF);
}

static bool is_dot(uint32_t code)
{
    static const uint32_t dots[] = {0xB7,   0x2022, 0x2027, 0x2024, 0x2219, 0x22C5, 0x25CF,
                                    0x26AB, 0x2E31, 0x30FB, 0xFF65, 0x3002, 0xFF61, 0x387};
    for (size_t i = 0; i < sizeof dots / sizeof *dots; i++) {
        if (dots[i] == code) return true;
    }
    return false;
}

/* +1 for an opening bracket, -1 for a closing one. */
static int bracket(uint32_t code)
{
    static const uint32_t opening[] = {'(',    '[',    '{',    '<',    0x3008, 0x300A,
                                       0x300C, 0x300E, 0x3010, 0x3014, 0x3016, 0xFE59};
    static const uint32_t closing[] = {')',    ']',    '}',    '>',    0x3009, 0x300B,
                                       0x300D, 0x300F, 0x3011, 0x3015, 0x3017, 0xFE5A};
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++) {
        if (opening[i] == code) return 1;
        if (closing[i] == code) return -1;
    }
    return 0;
}

static bool has_compatibility_form(uint32_t code)
{
    return (code >= 0xF900 && code <= 0xFAFF) || (code >= 0x2F800 && code <= 0x2FA1F)
           || (code >= 0x2E80 && code <= 0x2FDF) || (code >= 0x300 && code <= 0x36F)
           || (code >= 0xFF61 && code <= 0xFFDC);
}

/* One character in its comparing form: half width, lower case, simplified, one kind of dot. */
static uint32_t fold(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E) code -= 0xFEE0;
    if (code >= 'A' && code <= 'Z') return code - 'A' + 'a';
    if (code < 0x80) return code;
    if (code >= HANZI_FIRST) return hanzi_simple(code);
    return is_dot(code) ? DOT : code;
}

static void read_codes(struct str written, bool keep_brackets, struct codes *out)
{
    size_t at = 0, depth = 0;
    uint32_t code;
    out->count = 0;
    out->odd = out->bracketed = false;
    while (utf8_next(written, &at, &code) && out->count < NAME_CODES_MAX) {
        if (code >= 0x4E00 && code <= HANZI_LAST) {
            if (depth == 0) out->items[out->count++] = hanzi_simple(code);
            continue;
        }
        if (has_compatibility_form(code)) out->odd = true;
        if (is_invisible(code) && !is_blank(code)) continue;
        code = fold(code);
        int step = bracket(code);
        if (step != 0) {
            if (keep_brackets) continue;
            out->bracketed = true;
            if (step > 0) depth++;
            if (step < 0 && depth > 0) depth--;
        } else if (depth == 0) {
            out->items[out->count++] = is_blank(code) ? BLANK : code;
        }
    }
}

static bool is_digit(uint32_t code)
{
    return code >= '0' && code <= '9';
}

static bool is_letter(uint32_t code)
{
    return code >= 'a' && code <= 'z';
}

/* Strokes and marks at the ends of a cell: "*张三", "张三、", "1.张三". */
static bool is_edge(uint32_t code)
{
    static const uint32_t marks[] = {'*',    '#',    '.',    ';',    ':',    '-',    '_',    '/',
                                     '\\',   '"',    '\'',   '`',    '|',    '!',    '~',    '+',
                                     '=',    0x2018, 0x2019, 0x201C, 0x201D, 0x2605, 0x25B2, 0x203B,
                                     0x2014, 0x2013, 0x25A0, 0x25B3, 0x2606, DOT,    BLANK};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (marks[i] == code) return true;
    }
    return false;
}

static size_t count_hanzi(const struct codes *codes)
{
    size_t count = 0;
    for (size_t i = 0; i < codes->count; i++) count += hanzi_is(codes->items[i]) ? 1 : 0;
    return count;
}

/* Takes marks off both ends; from names with hanzi also the numbers and letters by which clerks
 * tell people of one name apart: "张伟1", "2、李娜", "王芳B". */
static void strip_edges(struct codes *codes)
{
    uint32_t *items = codes->items;
    size_t from = 0, to = codes->count, hanzi = count_hanzi(codes);
    while (to > 0 && (is_edge(items[to - 1]) || (hanzi > 0 && is_digit(items[to - 1])))) to--;
    if (hanzi >= 2 && to >= 2 && is_letter(items[to - 1]) && hanzi_is(items[to - 2])) to--;
    while (from < to && (is_edge(items[from]) || (hanzi > 0 && is_digit(items[from])))) from++;
    codes->count = to - from;
    memmove(items, items + from, codes->count * sizeof *items);
}

static bool is_separator(uint32_t code)
{
    return code == '.' || code == '-' || code == BLANK || code == DOT;
}

/* What stands for a run of separators; 0 for nothing. Between hanzi a full stop or a hyphen is a
 * dot and a blank is nothing; between letters blanks are one and a full stop is nothing. */
static uint32_t separator_for(const struct codes *codes, size_t from, size_t to)
{
    bool dot = false, mark = false, blank = false;
    for (size_t i = from; i < to; i++) {
        if (codes->items[i] == DOT) dot = true;
        if (codes->items[i] == '-' || codes->items[i] == '.') mark = true;
        if (codes->items[i] == BLANK) blank = true;
    }
    bool after_hanzi = from > 0 && hanzi_is(codes->items[from - 1]);
    bool before_hanzi = to < codes->count && hanzi_is(codes->items[to]);
    if (dot || (mark && after_hanzi && before_hanzi)) return DOT;
    if (after_hanzi || before_hanzi) return 0;
    if (blank) return BLANK;
    return codes->items[from] == '-' ? '-' : 0;
}

static void settle_separators(struct codes *codes)
{
    uint32_t *items = codes->items;
    size_t kept = 0, at = 0;
    while (at < codes->count) {
        size_t end = at;
        while (end < codes->count && is_separator(items[end])) end++;
        if (end > at) {
            uint32_t separator = separator_for(codes, at, end);
            if (separator != 0) items[kept++] = separator;
            at = end;
        } else {
            items[kept++] = items[at++];
        }
    }
    codes->count = kept;
}

static size_t put_code(char *bytes, uint32_t code)
{
    if (code < 0x80) {
        bytes[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        bytes[0] = (char)(0xC0 | (code >> 6));
        bytes[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        bytes[0] = (char)(0xE0 | (code >> 12));
        bytes[1] = (char)(0x80 | ((code >> 6) & 0x3F));
        bytes[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    bytes[0] = (char)(0xF0 | (code >> 18));
    bytes[1] = (char)(0x80 | ((code >> 12) & 0x3F));
    bytes[2] = (char)(0x80 | ((code >> 6) & 0x3F));
    bytes[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

static struct str encode(struct arena *arena, const uint32_t *items, size_t count)
{
    char *bytes = arena_alloc(arena, count * 4 + 1);
    size_t length = 0;
    for (size_t i = 0; i < count; i++) length += put_code(bytes + length, items[i]);
    return (struct str){bytes, length};
}

/* How many characters the surname takes, and how many separators follow it. */
static size_t surname_length(const struct codes *codes, size_t *separators)
{
    const uint32_t *items = codes->items;
    *separators = 0;
    for (size_t i = 0; i < codes->count; i++) {
        if (items[i] != DOT && items[i] != BLANK) continue;
        *separators = 1;
        return i;
    }
    if (codes->count == 0) return 0;
    if (!hanzi_is(items[0])) return codes->count;
    if (codes->count >= 3 && hanzi_compound(items[0], items[1]) != NULL) return 2;
    return 1;
}

static size_t bytes_of(struct str text, size_t characters)
{
    size_t at = 0;
    uint32_t code;
    for (size_t i = 0; i < characters; i++) (void)utf8_next(text, &at, &code);
    return at;
}

void name_read(struct arena *arena, struct str written, struct name *out)
{
    CHECK(arena != NULL);
    struct codes codes;
    read_codes(written, false, &codes);
    if (codes.odd) {
        written = utf8_nfkc(arena, written);
        read_codes(written, false, &codes);
    }
    if (codes.count == 0 && codes.bracketed) read_codes(written, true, &codes);
    settle_separators(&codes);
    strip_edges(&codes);
    *out = (struct name){.clean = encode(arena, codes.items, codes.count)};
    size_t separators;
    size_t length = surname_length(&codes, &separators);
    size_t end = bytes_of(out->clean, length);
    size_t start = end + bytes_of(str_slice(out->clean, end, out->clean.len), separators);
    out->surname = str_slice(out->clean, 0, end);
    out->given = str_slice(out->clean, start, out->clean.len);
    out->chinese = codes.count > 0;
    for (size_t i = 0; i < codes.count; i++) {
        if (!hanzi_is(codes.items[i]) && codes.items[i] != DOT) out->chinese = false;
    }
}

/* The text without blanks, digits and marks, ASCII in lower case, cut at WORD_BYTES_MAX. */
static struct str bare_word(struct str written, char bytes[WORD_BYTES_MAX + 4], bool *more)
{
    size_t at = 0, length = 0;
    uint32_t code;
    *more = false;
    while (utf8_next(written, &at, &code)) {
        code = fold(code);
        bool word = hanzi_is(code) || is_letter(code) || code == '?'
                    || (code >= 0xC0 && code < 0x2000 && code != 0xD7);
        if (!word) continue;
        if (length >= WORD_BYTES_MAX) {
            *more = true;
            break;
        }
        length += put_code(bytes + length, code);
    }
    return (struct str){bytes, length};
}

static bool is_one_of(struct str word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(word, words[i])) return true;
    }
    return false;
}

/* The characters with which the words of name_is_blank start, so that nearly every name is told
 * from them at its first. */
static bool starts_a_word(uint32_t code)
{
    static const char firsts[] =
        "无空不未暂没待同缺合小总共累本姓学幼备说签盖公日年男女以此填制审负"
        "经联单校班统复分主注村支";
    size_t at = 0;
    uint32_t first;
    while (utf8_next((struct str){firsts, sizeof firsts - 1}, &at, &first)) {
        if (first == code) return true;
    }
    return false;
}

static bool is_plainly_named(struct str written)
{
    size_t at = 0;
    uint32_t code;
    return utf8_next(written, &at, &code) && code >= 0x4E00 && code <= HANZI_LAST
           && !starts_a_word(hanzi_simple(code));
}

bool name_is_blank(struct str written)
{
    if (is_plainly_named(written)) return false;
    static const char *const whole[] = {
        "无",       "空",       "无名",   "不详",     "未知",     "未填",   "暂无",   "没有",
        "待定",     "待补",     "待填",   "待查",     "同上",     "未起名", "未取名", "未命名",
        "无姓名",   "缺",       "合计",   "小计",     "总计",     "共计",   "累计",   "总人数",
        "本页合计", "本页小计", "合计人", "共计人",   "总计人",   "小计人", "共人",   "姓名",
        "学生姓名", "幼儿姓名", "备注",   "说明",     "签字",     "签名",   "盖章",   "公章",
        "日期",     "年月日",   "男",     "女",       "null",     "none",   "nan",    "na",
        "nil",      "unknown",  "name",   "x",        "xx",       "xxx",    "xxxx",   "total",
        "?",        "??",       "???",    "以下空白", "此行空白", "空白"};
    static const char *const starts[] = {
        "填表人",   "制表人",   "审核人",   "负责人",   "经办人",   "填报人",   "联系人",
        "联系电话", "填报单位", "填表单位", "填表日期", "填报日期", "填表时间", "填报时间",
        "制表单位", "制表日期", "制表时间", "单位盖章", "单位公章", "单位负责", "学校盖章",
        "学校公章", "校长签",   "班主任签", "填表说明", "本表一式", "合计人数", "总计人数",
        "统计人",   "复核人",   "分管领导", "主要领导", "单位签"};
    static const char *const labels[] = {"注",     "备注",   "说明", "合计", "总计", "小计", "共计",
                                         "校长",   "单位",   "学校", "日期", "审核", "制表", "填表",
                                         "班主任", "村主任", "支书", "盖章", "签字"};
    char bytes[WORD_BYTES_MAX + 4];
    bool more;
    struct str word = bare_word(written, bytes, &more);
    if (word.len == 0) return true;
    if (!more && is_one_of(word, whole, sizeof whole / sizeof *whole)) return true;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        if (str_starts(word, str_from(starts[i]))) return true;
    }
    size_t colon = str_find(written, STR("："));
    if (colon == SIZE_MAX) colon = str_find(written, STR(":"));
    if (colon == SIZE_MAX) return false;
    word = bare_word(str_slice(written, 0, colon), bytes, &more);
    return !more && is_one_of(word, labels, sizeof labels / sizeof *labels);
}

struct str hanzi_simplify(struct arena *arena, struct str text)
{
    size_t at = 0, from = 0;
    uint32_t code;
    while (utf8_next(text, &at, &code) && hanzi_simple(code) == code) from = at;
    if (from == text.len) return text;
    struct text out;
    text_init(&out, arena, text.len * 4);
    text_add(&out, str_slice(text, 0, from));
    at = from;
    while (utf8_next(text, &at, &code)) text_add_code(&out, hanzi_simple(code));
    CHECK(!out.cut);
    return text_str(&out);
}
