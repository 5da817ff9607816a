#include "intake/period_cell.h"

#include "intake/date.h"
#include "intake/fold.h"

#include <string.h>

enum { YEAR_FIRST = 1990, YEAR_LAST = 2100, PERIOD_BYTES_MAX = 200 };

enum term {
    TERM_NONE,
    TERM_FIRST,
    TERM_SECOND,
    TERM_AUTUMN,
    TERM_SPRING,
    TERM_HALF_FIRST, /* of a calendar year */
    TERM_HALF_SECOND,
};

/* Longer words before those that begin them. What is `short_form` stands only behind a year, in a
 * cell that says nothing else. */
static const struct {
    const char *word;
    enum term term;
    bool short_form;
} term_words[] = {
    {"第一学期", TERM_FIRST, false},    {"第1学期", TERM_FIRST, false},
    {"第二学期", TERM_SECOND, false},   {"第2学期", TERM_SECOND, false},
    {"一学期", TERM_FIRST, false},      {"1学期", TERM_FIRST, false},
    {"二学期", TERM_SECOND, false},     {"2学期", TERM_SECOND, false},
    {"上学期", TERM_FIRST, false},      {"下学期", TERM_SECOND, false},
    {"学期一", TERM_FIRST, false},      {"学期1", TERM_FIRST, false},
    {"学期二", TERM_SECOND, false},     {"学期2", TERM_SECOND, false},
    {"上期", TERM_FIRST, true},         {"下期", TERM_SECOND, true},
    {"上半年", TERM_HALF_FIRST, false}, {"下半年", TERM_HALF_SECOND, false},
    {"秋季", TERM_AUTUMN, false},       {"春季", TERM_SPRING, false},
    {"秋学期", TERM_AUTUMN, false},     {"春学期", TERM_SPRING, false},
    {"autumn", TERM_AUTUMN, false},     {"spring", TERM_SPRING, false},
    {"fall", TERM_AUTUMN, false},       {"semester1", TERM_FIRST, false},
    {"semester2", TERM_SECOND, false},  {"term1", TERM_FIRST, false},
    {"term2", TERM_SECOND, false},      {"firstterm", TERM_FIRST, false},
    {"secondterm", TERM_SECOND, false}, {"秋", TERM_AUTUMN, true},
    {"春", TERM_SPRING, true},          {"上", TERM_FIRST, true},
    {"下", TERM_SECOND, true},          {"一", TERM_FIRST, true},
    {"二", TERM_SECOND, true},          {"01", TERM_FIRST, true},
    {"02", TERM_SECOND, true},          {"1", TERM_FIRST, true},
    {"2", TERM_SECOND, true},
};

static const char *const marks[] = {"-", "—", "–",  "_", "~",  "/",  ".",  "(",  ")",  "[",
                                    "]", ",", "、", ":", "《", "》", "【", "】", "\"", NULL};

/* What is read of a text from one place on. */
struct reading {
    struct str text;
    size_t at;
    bool inside; /* a longer text: no short forms */
    int year;
    bool two_years;     /* 2020-2021 */
    bool several_years; /* 2020-2023 */
    bool school_year;   /* 学年 stands behind one year */
    enum term term;     /* as first written */
    enum term again;    /* a second word for it: 第一学期（秋季） */
};

static struct str rest_of(const struct reading *reading)
{
    return str_slice(reading->text, reading->at, reading->text.len);
}

static bool take(struct reading *reading, const char *const *words)
{
    size_t which;
    if (!fold_starts_one_of(rest_of(reading), words, &which)) return false;
    reading->at += strlen(words[which]);
    return true;
}

static void skip_marks(struct reading *reading)
{
    while (take(reading, marks)) {
    }
}

static bool digit_at(struct str text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

/* Four digits, or two before a word that only follows a year (20年秋季, 20秋, 20-21学年). */
static bool read_year(struct reading *reading)
{
    static const char *const behind[] = {"年", "秋", "春", NULL};
    size_t at = reading->at;
    int year, digits;
    if (!fold_number(reading->text, &at, 4, &year, &digits)) return false;
    struct str rest = str_slice(reading->text, at, reading->text.len);
    bool two = fold_starts_one_of(rest, behind, NULL) || str_find(rest, STR("学年")) != SIZE_MAX;
    bool is_short = digits == 2 && !reading->inside && two;
    if (is_short) year += 2000;
    if ((digits != 4 && !is_short) || year < YEAR_FIRST || year > YEAR_LAST) return false;
    reading->at = at;
    reading->year = year;
    return true;
}

/* The year after, with four digits or two. */
static void read_next_year(struct reading *reading)
{
    static const char *const joints[] = {"至", "到", NULL};
    static const char *const years[] = {"学年", "年", NULL};
    size_t start = reading->at;
    skip_marks(reading);
    if (take(reading, joints)) skip_marks(reading);
    bool apart = reading->at > start;
    int next, digits;
    size_t at = reading->at;
    if (fold_number(reading->text, &at, 4, &next, &digits)) {
        struct str rest = str_slice(reading->text, at, reading->text.len);
        bool whole = digits == 4 && next == reading->year + 1;
        /* 2010-11 may be a month. */
        bool sure = next > 12 || fold_starts_one_of(rest, years, NULL);
        bool half =
            digits == 2 && apart && next == (reading->year + 1) % 100 && sure && !digit_at(rest, 0);
        if (whole || half) {
            reading->two_years = true;
            reading->at = at;
            return;
        }
        if (digits == 4 && apart && next >= YEAR_FIRST && next <= YEAR_LAST) {
            reading->several_years = true;
            reading->at = at;
            return;
        }
    }
    reading->at = start;
}

static enum term read_term(struct reading *reading)
{
    struct str rest = rest_of(reading);
    for (size_t i = 0; i < sizeof term_words / sizeof *term_words; i++) {
        if (term_words[i].short_form && reading->inside) continue;
        if (!str_starts(rest, str_from(term_words[i].word))) continue;
        reading->at += strlen(term_words[i].word);
        return term_words[i].term;
    }
    return TERM_NONE;
}

static void skip_closing(struct reading *reading)
{
    static const char *const words[] = {"学期", "季", "term", "semester", "of", NULL};
    do {
        skip_marks(reading);
    } while (take(reading, words));
}

static void read_years(struct reading *reading)
{
    static const char *const year_words[] = {"年", NULL};
    static const char *const school_words[] = {"学年度", "学年", NULL};
    static const char *const plain_words[] = {"年度", NULL};
    bool school = take(reading, school_words);
    if (!school && !take(reading, plain_words)) (void)take(reading, year_words);
    if (!school) read_next_year(reading);
    if (!reading->two_years) {
        reading->school_year = school || take(reading, school_words);
        return;
    }
    if (!take(reading, school_words) && !take(reading, plain_words))
        (void)take(reading, year_words);
    (void)take(reading, school_words);
}

/* 秋季（2020年）, autumn 2020. */
static bool read_season_first(struct reading *reading)
{
    enum term term = read_term(reading);
    if (term != TERM_AUTUMN && term != TERM_SPRING) return false;
    skip_closing(reading);
    if (!read_year(reading)) return false;
    read_years(reading);
    reading->term = term;
    return true;
}

static bool read_years_first(struct reading *reading)
{
    if (!read_year(reading)) return false;
    read_years(reading);
    size_t years_end = reading->at;
    skip_marks(reading);
    reading->term = read_term(reading);
    if (reading->term == TERM_NONE) {
        reading->at = years_end;
        return true;
    }
    skip_closing(reading);
    reading->again = read_term(reading);
    if (reading->again != TERM_NONE) skip_closing(reading);
    return true;
}

static const enum term seasons[] = {
    [TERM_FIRST] = TERM_AUTUMN,  [TERM_SECOND] = TERM_SPRING,   [TERM_AUTUMN] = TERM_AUTUMN,
    [TERM_SPRING] = TERM_SPRING, [TERM_HALF_FIRST] = TERM_NONE, [TERM_HALF_SECOND] = TERM_NONE,
};

/* The term of a school year that begins in `year`, or, not counted from its beginning, of the
 * calendar year. */
static bool settle(const struct reading *reading, struct period *out)
{
    enum term a = reading->term, b = reading->again;
    bool school = reading->two_years || reading->school_year;
    if (reading->several_years) return false;
    if (a == TERM_NONE) {
        *out = (struct period){.kind = PERIOD_YEAR, .year = reading->year};
        return school;
    }
    bool half = a >= TERM_HALF_FIRST;
    if (half && (school || b != TERM_NONE)) return false;
    if (b != TERM_NONE && (b >= TERM_HALF_FIRST || seasons[a] != seasons[b])) return false;
    bool counted = a <= TERM_SECOND || b == TERM_FIRST || b == TERM_SECOND;
    bool seasonal = a >= TERM_AUTUMN || b >= TERM_AUTUMN;
    bool spring = half ? a == TERM_HALF_FIRST : seasons[a] == TERM_SPRING;
    if (!school && !seasonal) return false;
    if (spring && reading->school_year && !counted) return false;
    *out = (struct period){
        .kind = PERIOD_TERM, .year = reading->year + (spring && school ? 1 : 0), .spring = spring};
    return true;
}

/* 2020-1 and 2020.1 may be a term or a month. */
static bool term_or_month(struct str folded)
{
    if (folded.len != 6 || !digit_at(folded, 5) || digit_at(folded, 4)) return false;
    return digit_at(folded, 3) && (folded.ptr[5] == '1' || folded.ptr[5] == '2');
}

/* 2010-11 may be a school year or a month. */
static bool years_or_month(struct str folded)
{
    int64_t year, next;
    if (folded.len != 7 || digit_at(folded, 4)) return false;
    if (!str_to_i64(str_slice(folded, 0, 4), &year) || !str_to_i64(str_slice(folded, 5, 7), &next))
        return false;
    return next == (year + 1) % 100 && next <= 12;
}

static bool month_of(const char *text, day *out)
{
    int64_t year, month;
    struct str date = str_from(text);
    if (date.len < 7 || !str_to_i64(str_slice(date, 0, 4), &year)
        || !str_to_i64(str_slice(date, 5, 7), &month))
        return false;
    return day_from_ymd((int)year, (int)month, 1, out);
}

static bool read_months(struct str written, bool number, struct period *out)
{
    struct date date;
    day from, to;
    date_read(written, number, DATE_YEAR_FIRST, &date);
    if (date.state != DATE_READ || date.short_year || !month_of(date.from, &from)) return false;
    struct period first = period_of(PERIOD_TERM, from);
    if (date.span) {
        if (!month_of(date.to, &to) || to.days < from.days) return false;
        struct period last = period_of(PERIOD_TERM, to), year = period_of(PERIOD_YEAR, from);
        if (!period_equal(first, last)) {
            bool whole = from.days == period_first(year).days
                         && period_equal(year, period_of(PERIOD_YEAR, to)) && last.spring;
            if (!whole) return false;
            first = year;
        }
    }
    *out = first;
    return true;
}

/* Of a school year and one of its terms the term. */
static bool merge(struct period *kept, struct period found)
{
    if (period_equal(*kept, found)) return true;
    if (kept->kind == PERIOD_TERM && found.kind == PERIOD_TERM) return false;
    if (kept->kind != PERIOD_TERM && found.kind != PERIOD_TERM) return false;
    struct period term = kept->kind == PERIOD_TERM ? *kept : found;
    struct period year = kept->kind == PERIOD_TERM ? found : *kept;
    if (!period_equal(period_of(PERIOD_YEAR, period_first(term)), year)) return false;
    *kept = term;
    return true;
}

/* 2020-2021学年资助名单（第一学期）: the term stands apart from its year. False when a term is
 * named that it is not. */
static bool settle_far_term(struct str folded, struct period *period)
{
    bool terms[2] = {false, false};
    for (size_t i = 0; i < sizeof term_words / sizeof *term_words; i++) {
        if (term_words[i].short_form || seasons[term_words[i].term] == TERM_NONE) continue;
        if (str_find(folded, str_from(term_words[i].word)) == SIZE_MAX) continue;
        terms[seasons[term_words[i].term] == TERM_SPRING] = true;
    }
    if (terms[0] && terms[1]) return false;
    if (!terms[0] && !terms[1]) return true;
    if (period->kind == PERIOD_TERM) return period->spring == terms[1];
    *period = (struct period){
        .kind = PERIOD_TERM, .year = period->year + (terms[1] ? 1 : 0), .spring = terms[1]};
    return true;
}

bool period_in_text(struct arena *arena, struct str text, struct period *out)
{
    if (text.len > 4 * PERIOD_BYTES_MAX) return false;
    struct str folded = fold_text(arena, text);
    struct period kept = {0};
    bool any = false;
    for (size_t at = 0; at < folded.len;) {
        int number, digits;
        size_t end = at;
        if (!fold_number(folded, &end, 8, &number, &digits)) {
            uint32_t code;
            utf8_next(folded, &at, &code);
            continue;
        }
        struct reading reading = {.text = str_slice(folded, at, folded.len), .inside = true};
        struct period found;
        if (digits == 4 && read_years_first(&reading)) {
            end = at + reading.at;
            bool settled = settle(&reading, &found);
            if (settled && any && !merge(&kept, found)) return false;
            if (settled && !any) kept = found;
            any = any || settled;
        }
        at = end;
    }
    if (!any || !settle_far_term(folded, &kept)) return false;
    *out = kept;
    return true;
}

bool period_cell_read(struct arena *arena, struct str written, bool number, struct period *out)
{
    static const char *const words[] = {"学", "期", "春", "秋", "季", "半年", NULL};
    if (written.len == 0 || written.len > PERIOD_BYTES_MAX) return false;
    struct str folded = fold_text(arena, written);
    bool worded = fold_has_one_of(folded, words);
    if (term_or_month(folded) || years_or_month(folded)) return false;
    for (int way = 0; way < 2; way++) {
        struct reading reading = {.text = folded};
        skip_marks(&reading);
        if (!(way == 0 ? read_years_first(&reading) : read_season_first(&reading))) continue;
        skip_marks(&reading);
        if (reading.at < folded.len) continue;
        if (settle(&reading, out)) return true;
        if (worded) return false;
    }
    if (worded) return period_in_text(arena, written, out);
    return read_months(written, number, out);
}
