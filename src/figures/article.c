#include "figures/article.h"

#include "base/list.h"
#include "figures/article_line.h"
#include "figures/repair_internal.h"

#include <string.h>

enum {
    TRADITIONAL_MIN = 4, /* so many traditional characters make a page one that is written so */
    REPEATED_CODES_MIN = 20,
    PARAGRAPH_BYTES_MAX = 8192, /* longer ones are not joined from lines */
    TAIL_TEXT_CODES_MIN = 40,   /* a sentence of so many ends a list of other articles */
};

struct line {
    struct str text;
    size_t number;
    size_t length; /* characters as they came, blanks too */
    bool indented;
    enum line_kind kind;
};

struct lines {
    struct line *items;
    size_t count;
    size_t capacity;
};

static bool split_lines(struct arena *arena, struct str text, const size_t *origins, size_t count,
                        struct lines *out, struct err *err)
{
    struct str rest = text, line;
    size_t number = 0;
    while (str_split(&rest, '\n', &line)) {
        if (out->count == ARTICLE_LINES_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d lines", "超过 %d 行", ARTICLE_LINES_MAX);
        }
        size_t at = origins != NULL && number < count ? origins[number] : number + 1;
        *list_push(arena, out) = (struct line){.text = line, .number = at};
        number++;
    }
    return true;
}

static void mend_lines(struct arena *arena, struct lines *lines, struct repairs *repairs)
{
    size_t traditional = 0;
    for (size_t i = 0; i < lines->count; i++)
        lines->items[i].length = utf8_count(lines->items[i].text);
    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        line->indented = str_starts(line->text, STR("  ")) || str_starts(line->text, STR("　"));
        if (i + 1 < lines->count)
            repair_reading_break(arena, &line->text, &lines->items[i + 1].text);
        line->text = repair_line(arena, line->text, line->number, repairs);
        traditional += repair_count_traditional(line->text);
    }
    for (size_t i = 0; traditional >= TRADITIONAL_MIN && i < lines->count; i++) {
        struct line *line = &lines->items[i];
        line->text = repair_simplify(arena, line->text, line->number, repairs);
    }
}

/* Blanks of any width at both ends, as paragraphs begin with. */
static struct str trim_wide(struct str s)
{
    for (;;) {
        struct str t = str_trim(s);
        if (str_starts(t, STR("　"))) t = str_slice(t, 3, t.len);
        if (str_ends(t, STR("　"))) t = str_slice(t, 0, t.len - 3);
        if (str_starts(t, STR("\xC2\xA0"))) t = str_slice(t, 2, t.len);
        if (str_ends(t, STR("\xC2\xA0"))) t = str_slice(t, 0, t.len - 2);
        if (t.len == s.len) return t;
        s = t;
    }
}

static bool is_long_text(const struct line *line)
{
    return line->kind == LINE_TEXT && utf8_count(line->text) >= TAIL_TEXT_CODES_MIN
           && str_find(line->text, STR("。")) != SIZE_MAX;
}

static void drop(struct arena *arena, struct line *line, enum line_kind kind,
                 struct repairs *repairs)
{
    enum repair_kind repair = kind == LINE_SPAM      ? REPAIR_SPAM
                              : kind == LINE_IMPRINT ? REPAIR_IMPRINT
                                                     : REPAIR_NAVIGATION;
    line->kind = kind;
    repair_note(repairs, arena, repair, line->number, line->text, STR_EMPTY);
}

/* The text without blanks inside numbers, for days that were spread. */
static struct str dense(struct arena *arena, struct str text)
{
    struct repairs aside = {0};
    return repair_blanks(arena, text, 0, &aside);
}

/* A line that says when the page was published. */
static bool says_when(struct arena *arena, struct str text)
{
    enum { CODES_MAX = 60 };
    day when;
    return utf8_count(text) <= CODES_MAX && !line_is_ended(text) && !line_says_count(text)
           && line_published(dense(arena, text), &when);
}

/* Says of every line what it is. Behind the text a list of other articles lasts until there is text
 * again; above it such lists are told by the title. */
static void find_kinds(struct arena *arena, struct lines *lines, struct repairs *repairs)
{
    bool tail = false, text = false;
    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        line->text = trim_wide(line->text);
        line->kind = line_kind_of(line->text);
        bool plain =
            line->kind == LINE_SHORT || line->kind == LINE_TEXT || line->kind == LINE_NAVIGATION;
        if (plain && says_when(arena, line->text)) line->kind = LINE_IMPRINT;
        if (is_long_text(line)) {
            tail = false;
            text = true;
        }
        if (line->kind == LINE_TAIL) tail = text;
        bool own = line->kind == LINE_SHORT || line->kind == LINE_TEXT;
        if (line->kind == LINE_BLANK || (own && !tail)) continue;
        drop(arena, line, own ? LINE_NAVIGATION : line->kind, repairs);
    }
}

static bool is_own(const struct line *line)
{
    return line->kind == LINE_TEXT || line->kind == LINE_SHORT;
}

/* The length to which a page breaks its lines: that of many of them. 0: it breaks none. */
static size_t wrap_length(struct arena *arena, const struct lines *lines)
{
    enum { LENGTH_MIN = 14, LENGTH_MAX = 200, LINES_MIN = 3 };
    size_t *counts = arena_array(arena, size_t, LENGTH_MAX + 1), lines_own = 0, best = 0;
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        if (line->kind == LINE_BLANK) continue;
        lines_own++;
        if (line->length >= LENGTH_MIN && line->length <= LENGTH_MAX) counts[line->length]++;
    }
    for (size_t i = LENGTH_MIN; i <= LENGTH_MAX; i++) {
        if (counts[i] > counts[best]) best = i;
    }
    return counts[best] >= LINES_MIN && counts[best] * 4 >= lines_own ? best : 0;
}

static bool ends_with_digit(struct str text)
{
    return text.len > 0 && text.ptr[text.len - 1] >= '0' && text.ptr[text.len - 1] <= '9';
}

static bool ends_sentence(struct str text)
{
    return str_ends(text, STR("。")) || str_ends(text, STR("！")) || str_ends(text, STR("？"));
}

/* Whether the sentence of a line goes on in the next. A line that was joined to the one before goes
 * on until it ends; others must look like the middle of a sentence, or be as long as lines are. */
static bool goes_on(const struct line *line, const struct line *next, bool joined, size_t wrap)
{
    bool whole = wrap > 0 && line->length + 1 >= wrap && line->length <= wrap + 1;
    bool ended =
        line_is_ended(line->text) && !(whole && !next->indented && !ends_sentence(line->text));
    if (!is_own(line) || ended || line_is_heading(line->text)) return false;
    if (next->kind == LINE_BLANK || line_is_heading(next->text)) return false;
    bool number = ends_with_digit(line->text) && utf8_count(line->text) > 8;
    bool broken = joined || line->kind == LINE_TEXT || whole || number;
    if (next->kind == LINE_NAVIGATION) return broken && utf8_count(next->text) <= 12;
    return broken && is_own(next);
}

/* A line that ends with a whole count ("新建小学3所"), of a page whose lines are statements. */
static bool ends_with_count(struct str text)
{
    static const char *const measures[] = {"所", "元", "%", "名", "人", "人次", "个", "平方米"};
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
        if (!str_ends(text, str_from(measures[i]))) continue;
        struct str before = str_slice(text, 0, text.len - strlen(measures[i]));
        if (ends_with_digit(before) || str_ends(before, STR("万")) || str_ends(before, STR("亿")))
            return true;
    }
    return false;
}

/* Joins lines that were broken inside a sentence. */
static void join_lines(struct arena *arena, struct lines *lines, struct repairs *repairs)
{
    size_t kept = 0, wrap = wrap_length(arena, lines);
    bool joined = false;
    size_t own = SIZE_MAX; /* the last line of the article's own, with no blank one behind it */
    for (size_t i = 0; i < lines->count; i++) {
        struct line line = lines->items[i];
        struct line *last = own != SIZE_MAX ? &lines->items[own] : NULL;
        bool room = last != NULL && last->text.len + line.text.len < PARAGRAPH_BYTES_MAX;
        if (room && goes_on(last, &line, joined, wrap)) {
            struct text both;
            text_init(&both, arena, last->text.len + line.text.len + 3);
            text_add(&both, last->text);
            if (wrap == 0 && ends_with_count(last->text)) text_add_c(&both, "  ");
            text_add(&both, line.text);
            repair_note(repairs, arena, REPAIR_LINE_BREAK, line.number, line.text, STR_EMPTY);
            last->text = text_str(&both);
            last->kind = LINE_TEXT;
            joined = true;
        } else {
            if (is_own(&line)) own = kept;
            if (line.kind == LINE_BLANK) own = SIZE_MAX;
            if (is_own(&line) || line.kind == LINE_BLANK) joined = false;
            lines->items[kept++] = line;
        }
    }
    lines->count = kept;
}

/* What a number on a line of its own may be of: "新增学位". */
static bool is_label(const struct line *line)
{
    enum { CODES_MIN = 2, CODES_MAX = 20 };
    if (line->kind != LINE_SHORT || line_is_ended(line->text)) return false;
    for (size_t i = 0; i < line->text.len; i++) {
        if (line->text.ptr[i] >= '0' && line->text.ptr[i] <= '9') return false;
    }
    size_t codes = utf8_count(line->text);
    return codes >= CODES_MIN && codes <= CODES_MAX;
}

/* Where the lines from `from` on stop to be a label and a count by turns; the last of them through
 * *last, and how many counts. */
static size_t turns_end(const struct lines *lines, size_t from, size_t *last, size_t *counts)
{
    bool count = line_is_count(lines->items[from].text);
    size_t i = from;
    *counts = 0;
    for (; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        if (line->kind == LINE_BLANK) continue;
        if (!is_own(line) || !(count ? line_is_count(line->text) : is_label(line))) break;
        *counts += count;
        *last = i;
        count = !count;
    }
    return i;
}

/* Big numbers on lines of their own, each above or below what it is of, become "新增学位1.5万个":
 * which of the two is told by the last. */
static void pair_counts(struct arena *arena, struct lines *lines, struct repairs *repairs)
{
    enum { COUNTS_MIN = 2 };
    for (size_t i = 0; i < lines->count; i++) {
        size_t last = i, counts;
        if (!is_own(&lines->items[i])) continue;
        if (!line_is_count(lines->items[i].text) && !is_label(&lines->items[i])) continue;
        size_t end = turns_end(lines, i, &last, &counts);
        if (counts < COUNTS_MIN) continue;
        bool below = line_is_count(lines->items[last].text); /* the number is below its label */
        struct line *first = NULL;
        for (size_t k = i; k < end; k++) {
            struct line *line = &lines->items[k];
            if (!is_own(line)) continue;
            if (line_is_count(line->text) != below) {
                first = line;
            } else if (first != NULL) {
                struct text both;
                text_init(&both, arena, first->text.len + line->text.len + 1);
                text_add(&both, below ? first->text : line->text);
                text_add(&both, below ? line->text : first->text);
                repair_note(repairs, arena, REPAIR_LINE_BREAK, line->number, line->text, STR_EMPTY);
                first->text = text_str(&both);
                line->kind = LINE_BLANK;
                first = NULL;
            }
        }
        i = end - 1;
    }
}

/* The first line of the article's own text that is a whole sentence. */
static size_t first_text(const struct lines *lines)
{
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        if (line->kind == LINE_TEXT && str_find(line->text, STR("。")) != SIZE_MAX) return i;
    }
    return lines->count;
}

/* Of an article without a whole sentence, a message of short lines, the first that can be one. */
static bool find_message_title(const struct lines *lines, struct article *out)
{
    for (size_t i = 0; i < lines->count; i++) {
        struct line *line = &lines->items[i];
        if (!is_own(line)) continue;
        if (!line_can_be_title(line->text) && !line_is_marked(line->text)) return false;
        out->title = line->text;
        line->kind = LINE_BLANK;
        return true;
    }
    return false;
}

/* The title: of the lines above the text that can be one, that which a page's own title begins
 * with, else the last before the imprint, else the last; else what <title> says. */
static void find_title(struct arena *arena, struct lines *lines, struct str page_title,
                       struct article *out)
{
    size_t first = first_text(lines), best = SIZE_MAX, imprint = SIZE_MAX;
    if (first == lines->count && page_title.len == 0 && find_message_title(lines, out)) return;
    for (size_t i = 0; i < first; i++) {
        if (lines->items[i].kind == LINE_IMPRINT && imprint == SIZE_MAX && best != SIZE_MAX)
            imprint = i;
        if (!is_own(&lines->items[i]) || !line_can_be_title(lines->items[i].text)) continue;
        day signature;
        if (line_day(lines->items[i].text, &signature) && utf8_count(lines->items[i].text) < 16)
            continue;
        bool same = page_title.len > 0 && str_starts(page_title, lines->items[i].text);
        if (imprint == SIZE_MAX || same) best = i;
        if (same) break;
    }
    if (best != SIZE_MAX) {
        out->title = lines->items[best].text;
        lines->items[best].kind = LINE_BLANK;
        for (size_t i = 0; i < best; i++) {
            struct line *line = &lines->items[i];
            bool menu = line->kind == LINE_SHORT && !line_says_count(line->text);
            if (menu) drop(arena, line, LINE_NAVIGATION, &out->repairs);
        }
        return;
    }
    static const char *const seams[] = {"_", "-", "|", "－", "—"};
    size_t end = page_title.len;
    for (size_t i = 0; i < sizeof seams / sizeof *seams; i++) {
        size_t at = str_find(page_title, str_from(seams[i]));
        if (at != SIZE_MAX && at > 12 && at < end) end = at;
    }
    out->title = str_trim(str_slice(page_title, 0, end));
}

/* When the page says it was published: by a label anywhere, else a day above the text, else the
 * signature below it. */
static day find_published(struct arena *arena, const struct lines *lines)
{
    day found = DAY_NONE;
    size_t first = first_text(lines);
    for (size_t i = 0; i < lines->count; i++) {
        if (lines->items[i].kind == LINE_TEXT) continue;
        if (line_published(dense(arena, lines->items[i].text), &found)) return found;
    }
    for (size_t i = 0; i < first; i++) {
        if (line_day(dense(arena, lines->items[i].text), &found)) return found;
    }
    for (size_t i = lines->count; i-- > first;) {
        if (lines->items[i].kind == LINE_SHORT && line_day(lines->items[i].text, &found))
            return found;
    }
    return DAY_NONE;
}

static bool is_repeated(const struct article *article, struct str text)
{
    if (utf8_count(text) < REPEATED_CODES_MIN) return false;
    for (size_t i = 0; i < article->count; i++) {
        if (str_equal(article->paragraphs[i].text, text)) return true;
    }
    return false;
}

static void keep_paragraphs(struct arena *arena, const struct lines *lines, struct article *out)
{
    out->paragraphs = arena_array(arena, struct paragraph, lines->count);
    for (size_t i = 0; i < lines->count; i++) {
        const struct line *line = &lines->items[i];
        if (!is_own(line)) continue;
        struct str text = repair_blanks(arena, line->text, line->number, &out->repairs);
        if (is_repeated(out, text)) {
            repair_note(&out->repairs, arena, REPAIR_REPEATED, line->number, text, STR_EMPTY);
            continue;
        }
        out->paragraphs[out->count++] = (struct paragraph){.text = text, .line = line->number};
    }
}

bool article_read(struct arena *arena, struct str bytes, struct article *out, struct err *err)
{
    struct article article = {.published = DAY_NONE};
    struct lines lines = {0};
    struct str text, page_title = STR_EMPTY;
    size_t *origins = NULL, count = 0;
    if (bytes.len > ARTICLE_BYTES_MAX) {
        return err_set(err, ERR_LIMIT, "larger than %d bytes: not an article",
                       "超过 %d 字节，不是一篇文章", ARTICLE_BYTES_MAX);
    }
    if (!repair_decode(arena, bytes, &article.repairs, &text, err)) return false;
    if (repair_is_html(text)) {
        page_title = repair_html_title(arena, text);
        if (!repair_html(arena, text, &article.repairs, &text, &origins, &count, err)) return false;
    }
    if (!split_lines(arena, text, origins, count, &lines, err)) return false;
    mend_lines(arena, &lines, &article.repairs);
    if (page_title.len > 0) {
        struct repairs aside = {0};
        page_title = repair_simplify(arena, repair_line(arena, page_title, 1, &aside), 1, &aside);
    }
    find_kinds(arena, &lines, &article.repairs);
    pair_counts(arena, &lines, &article.repairs);
    join_lines(arena, &lines, &article.repairs);
    article.published = find_published(arena, &lines);
    find_title(arena, &lines, page_title, &article);
    article.title = repair_blanks(arena, article.title, 0, &article.repairs);
    keep_paragraphs(arena, &lines, &article);
    if (article.count == 0 && article.title.len == 0) {
        return err_set(err, ERR_INPUT, "no text of an article in it", "其中没有文章正文");
    }
    *out = article;
    return true;
}
