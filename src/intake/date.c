#include "intake/date.h"

#include "intake/fold.h"

#include <stdio.h>
#include <string.h>

enum {
    TOKENS_MAX = 12,
    YEAR_FIRST = 1900,
    YEAR_LAST = 2100,
    SERIAL_FIRST = 18264, /* 1950-01-01 */
    SERIAL_LAST = 73415,  /* 2100-12-31 */
    SERIAL_OF_1970 = 25569,
    DATE_BYTES_MAX = 128,
};

/* A number with what stands behind it. */
struct token {
    int value;
    int digits;
    bool month_name;
    char after; /* 'y' 年, 'm' 月, 'd' 日, '-', '/', '.', ' ', 't' 至, 0 end */
};

struct reading {
    struct token tokens[TOKENS_MAX];
    size_t count;
    size_t split;  /* tokens before an explicit 至, or SIZE_MAX */
    bool open;     /* 至今, 长期 */
    bool season;   /* a token came from 春 or 秋 */
    bool academic; /* 学年 was written */
    bool bad;
};

struct part {
    int year, month, day; /* 0: not stated */
    bool short_year, ambiguous;
    enum date_order order;
};

static void add_token(struct reading *reading, int value, int digits)
{
    if (reading->count == TOKENS_MAX) {
        reading->bad = true;
        return;
    }
    reading->tokens[reading->count++] = (struct token){.value = value, .digits = digits};
}

static void mark_after(struct reading *reading, char after)
{
    if (reading->count == 0) return;
    struct token *last = &reading->tokens[reading->count - 1];
    if (last->after == 0 || last->after == ' ') last->after = after;
    if (after == 't' && reading->split == SIZE_MAX) reading->split = reading->count;
}

/* A time of day: its hour was taken for a number of the date. Everything up to the next span sign
 * belongs to it. */
static size_t skip_time(struct reading *reading, struct str s, size_t at)
{
    if (reading->count > 0) reading->count--;
    static const char *const ends[] = {"至", "到", "~", NULL};
    while (at < s.len && !fold_starts_one_of(str_slice(s, at, s.len), ends, NULL)) at++;
    return at;
}

static bool read_month_name(struct reading *reading, struct str s, size_t *at)
{
    static const char *const names[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
    size_t end = *at;
    while (end < s.len && s.ptr[end] >= 'a' && s.ptr[end] <= 'z') end++;
    if (end - *at < 3) return false;
    for (int i = 0; i < 12; i++) {
        if (memcmp(s.ptr + *at, names[i], 3) != 0) continue;
        add_token(reading, i + 1, 2);
        reading->tokens[reading->count - 1].month_name = true;
        *at = end;
        return true;
    }
    return false;
}

/* Words that may stand in a date; 0 says that there is none at the start of `s`. */
static size_t read_word(struct reading *reading, struct str s)
{
    static const struct {
        const char *word;
        char after; /* as in struct token, 'o' open end, 'n' nothing, 's' spring, 'a' autumn */
    } words[] = {
        {"年度", 'y'},     {"年", 'y'},     {"月份", 'm'},       {"月", 'm'},
        {"日", 'd'},       {"号", 'd'},     {"至今", 'o'},       {"到今", 'o'},
        {"到现在", 'o'},   {"至现在", 'o'}, {"长期", 'o'},       {"永久", 'o'},
        {"今", 'o'},       {"现在", 'o'},   {"无固定期限", 'o'}, {"至", 't'},
        {"到", 't'},       {"~", 't'},      {"∼", 't'},          {"〜", 't'},
        {"起", 'n'},       {"止", 'n'},     {"自", 'n'},         {"从", 'n'},
        {"出生", 'n'},     {"生", 'n'},     {"星期一", 'n'},     {"星期二", 'n'},
        {"星期三", 'n'},   {"星期四", 'n'}, {"星期五", 'n'},     {"星期六", 'n'},
        {"星期日", 'n'},   {"期间", 'n'},   {"届毕业生", 'n'},   {"届毕业", 'n'},
        {"届", 'n'},       {"初", 'n'},     {"底", 'n'},         {"末", 'n'},
        {"上旬", 'n'},     {"中旬", 'n'},   {"下旬", 'n'},       {"上午", 'n'},
        {"下午", 'n'},     {"学年度", 'n'}, {"学年", 'n'},       {"第一学期", 'a'},
        {"第二学期", 's'}, {"上学期", 'a'}, {"下学期", 's'},     {"秋季学期", 'a'},
        {"春季学期", 's'}, {"秋季", 'a'},   {"春季", 's'},       {"秋", 'a'},
        {"春", 's'},       {"学期", 'n'},   {"毕业", 'n'},       {"入学", 'n'},
        {"前", 'n'},       {"级", 'n'},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct str word = str_from(words[i].word);
        if (!str_starts(s, word)) continue;
        char after = words[i].after;
        if (after == 'o') {
            reading->open = true;
            if (reading->split == SIZE_MAX && reading->count > 0) reading->split = reading->count;
        } else if (after == 's' || after == 'a') {
            add_token(reading, after == 's' ? 3 : 9, 1);
            reading->season = true;
        } else if (after != 'n') {
            mark_after(reading, after);
        }
        if (str_starts(word, STR("学年"))) reading->academic = true;
        return word.len;
    }
    return 0;
}

static size_t read_sign(struct reading *reading, struct str s)
{
    size_t at = 0;
    uint32_t code;
    utf8_next(s, &at, &code);
    switch (code) {
    case '-':
    case 0x2013:
    case 0x2014:
    case 0x2015:
    case 0x2212:
    case 0x2500:
    case '_': mark_after(reading, '-'); return at;
    case '/':
    case '\\': mark_after(reading, '/'); return at;
    case '.':
    case 0x3001:
    case 0x3002:
    case 0xB7:
    case 0x2024: mark_after(reading, '.'); return at;
    case '(':
    case ')':
    case ',':
    case ';':
    case '\'':
    case '"': return at;
    default: return 0;
    }
}

static bool is_time_sign(struct str s)
{
    static const char *const signs[] = {":", "时", "点", "∶", NULL};
    return fold_starts_one_of(s, signs, NULL);
}

/* Text of which blanks are kept (one each): "2012-03-05 00:00:00" must not read as 0500. */
static struct str keep_blanks(struct arena *arena, struct str written)
{
    struct str wide = utf8_nfkc(arena, written);
    struct text out;
    text_init(&out, arena, (size_t)DATE_BYTES_MAX * 4);
    size_t at = 0;
    uint32_t code;
    while (utf8_next(wide, &at, &code)) {
        if (code == 0xFEFF || code == 0x200B || (code == '\'' && out.len == 0)) continue;
        if (code <= ' ' || code == 0x7F) code = ' ';
        text_add_code(&out, code >= 'A' && code <= 'Z' ? code + 32 : code);
    }
    return str_trim(text_str(&out));
}

static void tokenise(struct str s, struct reading *reading)
{
    size_t at = 0;
    while (at < s.len && !reading->bad) {
        int value, digits;
        size_t before = at;
        struct str rest = str_slice(s, at, s.len);
        if (s.ptr[at] == ' ') {
            mark_after(reading, ' ');
            at++;
        } else if (s.ptr[at] == 't' && reading->count > 0) {
            mark_after(reading, ' ');
            at++;
        } else if (is_time_sign(rest)) {
            at = skip_time(reading, s, at);
        } else if (fold_number(s, &at, 8, &value, &digits)) {
            add_token(reading, value, digits);
            if (digits == 8) { /* a time may follow without a sign: 20120305000000 */
                while (at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9') at++;
                if (at - before != 8 && at - before != 14) reading->bad = true;
            }
        } else if (!read_month_name(reading, s, &at)) {
            size_t used = read_word(reading, rest);
            if (used == 0) used = read_sign(reading, rest);
            if (used == 0) reading->bad = true;
            at += used;
        }
    }
}

static bool is_year(struct token token)
{
    return token.digits == 4 && token.value >= YEAR_FIRST && token.value <= YEAR_LAST;
}

static int full_year(int two_digits)
{
    return two_digits < 50 ? 2000 + two_digits : 1900 + two_digits;
}

static bool real(int year, int month, int day_of_month)
{
    day d;
    return day_from_ymd(year, month, day_of_month, &d);
}

static enum date_state part_single(struct token token, bool number, struct part *out)
{
    int v = token.value;
    if (token.digits == 8) {
        *out = (struct part){v / 10000, v / 100 % 100, v % 100, false, false, 0};
        return DATE_READ;
    }
    if (token.digits == 6) {
        if (v / 100 >= YEAR_FIRST && v / 100 <= YEAR_LAST && v % 100 <= 12) {
            *out = (struct part){.year = v / 100, .month = v % 100};
            return DATE_READ;
        }
        if (!real(full_year(v / 10000), v / 100 % 100, v % 100)) return DATE_UNREADABLE;
        *out = (struct part){full_year(v / 10000), v / 100 % 100, v % 100, true, false, 0};
        return DATE_READ;
    }
    if (token.digits == 5 && v >= SERIAL_FIRST && v <= SERIAL_LAST) {
        day_to_ymd((day){v - SERIAL_OF_1970}, &out->year, &out->month, &out->day);
        return DATE_READ;
    }
    if (is_year(token) && !number) {
        out->year = v;
        return DATE_READ;
    }
    if (is_year(token)) {
        out->year = v;
        return DATE_READ;
    }
    return DATE_UNREADABLE;
}

static enum date_state part_pair(const struct token *t, struct part *out)
{
    if (t[0].digits == 6 && t[1].digits <= 2) { /* 201203 05 */
        *out = (struct part){t[0].value / 100, t[0].value % 100, t[1].value, false, false, 0};
        return DATE_READ;
    }
    if (t[0].digits == 4 && !is_year(t[0])) return DATE_UNREADABLE;
    if (is_year(t[0]) && t[1].digits == 4) { /* 2012.0305 */
        *out = (struct part){t[0].value, t[1].value / 100, t[1].value % 100, false, false, 0};
        return DATE_READ;
    }
    if (is_year(t[0]) && t[1].digits <= 2) {
        *out = (struct part){.year = t[0].value, .month = t[1].value};
        return DATE_READ;
    }
    if (is_year(t[1]) && t[0].digits <= 2) {
        *out = (struct part){.year = t[1].value, .month = t[0].value};
        return DATE_READ;
    }
    if (t[0].after == 'y' && t[0].digits == 2 && t[1].digits <= 2) {
        *out = (struct part){.year = full_year(t[0].value), .month = t[1].value};
        out->short_year = true;
        return DATE_READ;
    }
    if (t[0].digits == 5) return part_single(t[0], true, out); /* a serial with a time */
    return DATE_UNREADABLE;
}

/* Day and month before a year of four digits. */
static enum date_state year_last(const struct token *t, enum date_order order, struct part *out)
{
    int a = t[0].value, b = t[1].value, year = t[2].value;
    if (t[0].month_name || t[1].month_name) {
        int month = t[0].month_name ? a : b;
        *out = (struct part){year, month, t[0].month_name ? b : a, false, false, 0};
        return DATE_READ;
    }
    bool month_first = real(year, a, b), day_first = real(year, b, a);
    if (!month_first && !day_first) return DATE_UNREAL;
    if (month_first && day_first && a != b) {
        out->ambiguous = order != DATE_MONTH_FIRST && order != DATE_DAY_FIRST;
        day_first = order == DATE_DAY_FIRST;
    } else if (a != b) {
        out->order = day_first ? DATE_DAY_FIRST : DATE_MONTH_FIRST;
    } else {
        day_first = false;
    }
    out->year = year;
    out->month = day_first ? b : a;
    out->day = day_first ? a : b;
    return DATE_READ;
}

/* Three numbers of at most two digits. In China a year stands first; a stroke is also how
 * spreadsheets of other countries write month, day and year. */
static enum date_state all_short(const struct token *t, enum date_order order, struct part *out)
{
    int a = t[0].value, b = t[1].value, c = t[2].value;
    bool year_first = t[0].digits == 2 && real(full_year(a), b, c);
    bool month_first = t[2].digits == 2 && t[0].after == '/' && real(full_year(c), a, b);
    if (t[0].after == 'y') month_first = false;
    if (t[1].month_name) {
        *out = (struct part){full_year(c), b, a, true, false, 0};
        return DATE_READ;
    }
    if (!year_first && !month_first) return DATE_UNREADABLE;
    if (year_first && month_first) {
        out->ambiguous = order != DATE_YEAR_FIRST && order != DATE_MONTH_FIRST;
        year_first = order != DATE_MONTH_FIRST;
    } else {
        out->order = year_first ? DATE_YEAR_FIRST : DATE_MONTH_FIRST;
    }
    out->short_year = true;
    out->year = full_year(year_first ? a : c);
    out->month = year_first ? b : a;
    out->day = year_first ? c : b;
    return DATE_READ;
}

static enum date_state part_read(const struct token *t, size_t count, bool number,
                                 enum date_order order, struct part *out)
{
    *out = (struct part){0};
    if (count == 0) return DATE_UNREADABLE;
    if (count == 1) return part_single(t[0], number, out);
    if (count == 2) return part_pair(t, out);
    if (count != 3) return DATE_UNREADABLE;
    if (is_year(t[0]) && t[1].digits <= 2 && t[2].digits <= 2) {
        *out = (struct part){t[0].value, t[1].value, t[2].value, false, false, 0};
        return DATE_READ;
    }
    if (is_year(t[2]) && t[0].digits <= 2 && t[1].digits <= 2) return year_last(t, order, out);
    if (t[0].digits > 2 || t[1].digits > 2 || t[2].digits > 2) return DATE_UNREADABLE;
    return all_short(t, order, out);
}

/* A day of 0 (2012-03-00) leaves the month; a month of 0 the year. */
static enum date_state part_format(const struct part *part, char out[DAY_TEXT_SIZE])
{
    day d;
    if (part->year < YEAR_FIRST || part->year > YEAR_LAST) return DATE_UNREAL;
    unsigned year = (unsigned)part->year % 10000, month = (unsigned)part->month % 100;
    if (part->month == 0) {
        if (part->day != 0) return DATE_UNREAL;
        snprintf(out, DAY_TEXT_SIZE, "%04u", year);
        return DATE_READ;
    }
    if (part->day == 0) {
        if (part->month > 12) return DATE_UNREAL;
        snprintf(out, DAY_TEXT_SIZE, "%04u-%02u", year, month);
        return DATE_READ;
    }
    if (!day_from_ymd(part->year, part->month, part->day, &d)) return DATE_UNREAL;
    day_format(d, out);
    return DATE_READ;
}

/* Where the second date of a span begins: an explicit 至, or a second year ("2020.9-2021.7",
 * "2020-2021"). */
static size_t find_split(const struct reading *reading)
{
    if (reading->split != SIZE_MAX) return reading->split;
    const struct token *t = reading->tokens;
    if (reading->count < 2 || (!is_year(t[0]) && t[0].digits < 6)) return SIZE_MAX;
    for (size_t i = 1; i < reading->count; i++) {
        bool whole = is_year(t[i]) || t[i].digits == 8
                     || (t[i].digits == 6 && t[i].value / 100 >= YEAR_FIRST
                         && t[i].value / 100 <= YEAR_LAST);
        if (whole && (t[i - 1].after == '-' || t[i - 1].after == ' ' || i > 1)) return i;
    }
    if (reading->count == 5) return 3; /* 2020.9.1-9.30 */
    if (reading->count == 3 && t[1].after == 'm' && t[2].after == 'm') return 2;
    return SIZE_MAX;
}

/* The end of a span may leave out its year ("2020年9月1日至12月31日"). */
static enum date_state read_end(const struct reading *reading, size_t split, bool number,
                                enum date_order order, int year, struct part *out)
{
    const struct token *t = reading->tokens + split;
    size_t count = reading->count - split;
    if (count <= 2 && !is_year(t[0]) && t[0].digits <= 2) {
        *out = (struct part){.year = year, .month = t[0].value};
        if (count == 2) out->day = t[1].value;
        return DATE_READ;
    }
    return part_read(t, count, number, order, out);
}

/* Schools count from autumn: the academic year 2020-2021 runs from September to August. */
static void academic_year(const struct reading *reading, struct part *from, struct part *to)
{
    bool years = from->month == 0 && to->month == 0 && to->year == from->year + 1;
    if (reading->academic && !reading->season && years) {
        from->month = 9;
        to->month = 8;
    }
    if (!reading->season || from->year == 0) return;
    int season = reading->tokens[reading->count - 1].value;
    *from = (struct part){.year = season == 3 ? to->year : from->year, .month = season};
    *to = (struct part){.year = to->year, .month = season == 3 ? 8 : 2};
}

static enum date_state read_span(struct reading *reading, bool number, enum date_order order,
                                 size_t split, struct date *out)
{
    struct part from, to = {0};
    size_t count = reading->count;
    enum date_state state = part_read(reading->tokens, split, number, order, &from);
    if (state != DATE_READ) return state;
    bool ends = split < count;
    if (ends && reading->season) reading->count--;
    if (ends) state = read_end(reading, split, number, order, from.year, &to);
    reading->count = count;
    if (state != DATE_READ) return state;
    academic_year(reading, &from, &to);
    if (from.ambiguous || to.ambiguous) return DATE_AMBIGUOUS;
    struct date span = {.span = true, .short_year = from.short_year};
    state = part_format(&from, span.from);
    if (state == DATE_READ && ends) state = part_format(&to, span.to);
    if (state == DATE_READ) *out = span;
    return state;
}

static enum date_state read_tokens(struct reading *reading, bool number, enum date_order order,
                                   struct date *out)
{
    if (reading->bad) return DATE_UNREADABLE;
    if (reading->count == 0) {
        if (!reading->open) return DATE_UNREADABLE;
        out->span = true; /* 长期: no beginning, no end */
        return DATE_READ;
    }
    size_t split = find_split(reading);
    if (split != SIZE_MAX && split > 0) return read_span(reading, number, order, split, out);
    struct part part;
    enum date_state state = part_read(reading->tokens, reading->count, number, order, &part);
    if (state != DATE_READ) return state;
    out->order = part.order;
    if (part.ambiguous) return DATE_AMBIGUOUS;
    bool lost_zero = number && reading->count == 2 && part.day == 0 && part.month == 1
                     && reading->tokens[1].digits == 1;
    if (lost_zero) return DATE_AMBIGUOUS; /* the number 2012.1 may have been 2012.10 */
    out->short_year = part.short_year;
    return part_format(&part, out->from);
}

/* "2012-03-05", "2012/03/05" and "20120305" need no tokens. */
static bool read_fast(struct str s, struct date *out)
{
    static const unsigned char at10[8] = {0, 1, 2, 3, 5, 6, 8, 9};
    char digits[8];
    if (s.len == 10 && (s.ptr[4] == '-' || s.ptr[4] == '/') && s.ptr[7] == s.ptr[4]) {
        for (size_t i = 0; i < 8; i++) digits[i] = s.ptr[at10[i]];
    } else if (s.len == 8) {
        memcpy(digits, s.ptr, 8);
    } else {
        return false;
    }
    int value = 0;
    for (size_t i = 0; i < 8; i++) {
        if (digits[i] < '0' || digits[i] > '9') return false;
        value = value * 10 + (digits[i] - '0');
    }
    day d;
    int year = value / 10000;
    if (year < YEAR_FIRST || year > YEAR_LAST) return false;
    if (!day_from_ymd(year, value / 100 % 100, value % 100, &d)) return false;
    day_format(d, out->from);
    return true;
}

void date_read(struct str written, bool number, enum date_order order, struct date *out)
{
    *out = (struct date){.state = DATE_READ};
    if (read_fast(written, out)) return;
    static const char *const lunar[] = {"农历", "阴历", "旧历", "约", "左右", "大概", NULL};
    if (written.len > DATE_BYTES_MAX || fold_has_one_of(written, lunar)) {
        out->state = DATE_UNREADABLE;
        return;
    }
    struct arena arena = {0};
    struct reading reading = {.split = SIZE_MAX};
    tokenise(keep_blanks(&arena, written), &reading);
    struct date found = {0};
    enum date_state state = read_tokens(&reading, number, order, &found);
    if (state == DATE_READ)
        *out = found;
    else
        *out = (struct date){.state = state, .order = found.order};
    arena_free(&arena);
}

/* The first run of digits, separators and date words that names at least a month. */
static bool title_run(struct str title, size_t from, size_t *to)
{
    static const char *const words[] = {
        "年",     "月",   "日",       "-",        ".",      "/",      "春季", "秋季", "春", "秋",
        "学年度", "学年", "第一学期", "第二学期", "上学期", "下学期", "—",    "~",    "至", NULL};
    size_t at = from, which;
    while (at < title.len) {
        int number, digits;
        if (fold_number(title, &at, 8, &number, &digits)) continue;
        if (!fold_starts_one_of(str_slice(title, at, title.len), words, &which)) break;
        at += strlen(words[which]);
    }
    *to = at;
    return at > from;
}

static bool day_of_run(struct str run, day *out)
{
    while (run.len > 0 && strchr("-./", run.ptr[run.len - 1]) != NULL) run.len--;
    struct date date;
    date_read(run, false, DATE_YEAR_FIRST, &date);
    if (date.state != DATE_READ || date.short_year) return false;
    struct str from = str_from(date.from);
    int64_t year, month = 0, dom = 1;
    if (from.len < 4 || !str_to_i64(str_slice(from, 0, 4), &year)) return false;
    if (from.len == 4 && date.span && date.to[0] != '\0') month = 9; /* an academic year */
    if (from.len >= 7 && !str_to_i64(str_slice(from, 5, 7), &month)) return false;
    if (from.len == 10 && !str_to_i64(str_slice(from, 8, 10), &dom)) return false;
    return day_from_ymd((int)year, (int)month, (int)dom, out);
}

day date_in_title(struct str title)
{
    size_t at = 0, end;
    day found = DAY_NONE;
    uint32_t code;
    while (at < title.len) {
        size_t start = at;
        int number, digits;
        if (!fold_number(title, &at, 8, &number, &digits)) {
            utf8_next(title, &at, &code);
            continue;
        }
        at = start;
        if (!title_run(title, at, &end)) break;
        struct str run = str_slice(title, at, end);
        at = end;
        bool serial = digits == 5;
        if (!serial && day_of_run(run, &found)) return found;
    }
    return DAY_NONE;
}
