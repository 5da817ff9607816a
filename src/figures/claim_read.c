#include "figures/claim_internal.h"

#include "base/list.h"

#include <string.h>

enum {
    CLAUSE_CODES_MAX = 300,    /* on either side of a number */
    SENTENCE_CODES_MAX = 2000, /* longer ones are read in pieces */
};

bool claim_add(struct claim_reader *reader, const struct claim *claim,
               const struct claim_span *span, struct err *err)
{
    struct claims *out = reader->out;
    if (out->count == CLAIMS_MAX) {
        return err_set(err, ERR_LIMIT, "more than %d numbers are stated", "文中数字超过 %d 个",
                       CLAIMS_MAX);
    }
    /* Universal claims are found after the others: keep the order of the text. */
    size_t at = out->count;
    while (at > reader->first && reader->spans[at - 1].from > span->from) {
        out->items[at] = out->items[at - 1];
        reader->spans[at] = reader->spans[at - 1];
        at--;
    }
    out->items[at] = *claim;
    reader->spans[at] = *span;
    out->count++;
    return true;
}

/* A clause about all of those that it counts. */
static bool is_about_all(const struct passage *passage, const struct claim *claim,
                         const struct claim_span *span)
{
    static const char *const all[] = {"全部", "均已", "均达", "均实",     "均通",
                                      "全员", "所有", "100%", "百分之百", NULL};
    static const char *const dropout[] = {"辍学", "失学", "流失", NULL};
    bool counted = claim->unit == CLAIM_PERCENT || claim->unit == CLAIM_PERSONS;
    if (counted && claim->value_e4 == 0 && claim->exactness == CLAIM_EXACT)
        return passage_has_one(passage, span->clause, span->clause_end, dropout);
    if (claim->unit == CLAIM_PERCENT)
        return claim->value_e4 == 100 * CLAIM_E4 && claim->exactness == CLAIM_EXACT;
    if (claim->unit != CLAIM_PERSONS && claim->unit != CLAIM_VILLAGES
        && claim->unit != CLAIM_SCHOOLS && claim->unit != CLAIM_KINDERGARTENS) {
        return false;
    }
    size_t end = span->clause_end;
    return passage_has_one(passage, span->end, end, all)
           || passage_has_one(passage, span->end, end, (const char *const[]){"全覆盖", NULL});
}

static void fill(struct claim_reader *reader, const struct found *found, struct claim_span *span,
                 struct claim *claim)
{
    const struct passage *passage = &reader->passage;
    const struct numeral *last = found->range ? &found->high : &found->low;
    int64_t low = found->low.value_e4, scale = last->scale_e4;
    bool shared = found->range && found->low.scale_e4 == CLAIM_E4 && scale > CLAIM_E4;
    if (shared) low *= scale / CLAIM_E4;
    *claim = (struct claim){
        .unit = found->measure.unit,
        .value_e4 = low * found->measure.times / found->measure.per + found->measure.plus_e4,
        .high_e4 =
            (found->range ? found->high.value_e4 : low) * found->measure.times / found->measure.per
            + found->measure.plus_e4,
        .place_e4 = last->place_e4 * found->measure.times / found->measure.per,
        .zeros_e4 = last->zeros_e4 * found->measure.times / found->measure.per,
        .scale_e4 = scale,
        .decimals = last->decimals,
        .hanzi = last->hanzi,
        .paragraph = reader->paragraph,
        .number = passage_slice(passage, found->from, found->to),
    };
    if (claim->place_e4 == 0) claim->place_e4 = claim->zeros_e4 = 1;
    if (found->measure.plus_e4 > 0) claim->place_e4 = claim->zeros_e4 = CLAIM_E4;
    span->from = found->from;
    span->to = found->to;
    span->general = found->measure.general;
    span->inherited = found->measure.inherited;
    size_t behind = found->to + found->measure.length;
    span->measure = passage_slice(passage, found->to, behind);
    if (found->measure.named) span->noun = passage_slice(passage, behind, behind + 2);
}

/* The bounds of the clause around `at`: "、" parts clauses too. A thousands separator does not. */
static void clause_of(const struct passage *passage, size_t at, struct claim_span *span)
{
    size_t i = at,
           last = at > span->sentence + CLAUSE_CODES_MAX ? at - CLAUSE_CODES_MAX : span->sentence;
    while (i > last && !code_ends_clause(passage_code(passage, i - 1))) i--;
    span->clause = i;
    while (i > last
           && (!code_ends_clause(passage_code(passage, i - 1))
               || passage_code(passage, i - 1) == 0x3001)) {
        i--;
    }
    span->wide = i;
    last = span->sentence_end > at + CLAUSE_CODES_MAX ? at + CLAUSE_CODES_MAX : span->sentence_end;
    for (i = at; i < last && !code_ends_clause(passage_code(passage, i)); i++) {
    }
    span->clause_end = i;
}

/* Characters with which a numeral may begin: a quick look before a slow one. */
static bool may_begin(uint32_t code)
{
    return code_is_digit(code) || (code >= 0x3007 && code <= 0x9FFF) || code == 0x25CB;
}

/* What stands beside a number ends where the next number begins. */
static void end_near(struct claim_reader *reader, size_t first)
{
    for (size_t i = first; i + 1 < reader->out->count; i++) {
        struct claim *claim = &reader->out->items[i];
        const char *next = reader->out->items[i + 1].number.ptr;
        if (next > claim->near.ptr && next < claim->near.ptr + claim->near.len)
            claim->near.len = (size_t)(next - claim->near.ptr);
    }
}

static bool read_sentence(struct claim_reader *reader, size_t from, size_t to, struct err *err)
{
    const struct passage *passage = &reader->passage;
    size_t first = reader->out->count;
    for (size_t i = from; i < to;) {
        struct found found;
        if (!may_begin(passage_code(passage, i))) {
            i++;
            continue;
        }
        struct claim_span span = {.sentence = from, .sentence_end = to};
        clause_of(passage, i, &span);
        if (reader->out->count > reader->first) {
            size_t before = reader->spans[reader->out->count - 1].end;
            if (before > span.wide) span.wide = before;
        }
        size_t clause_end = span.clause_end;
        bool good = found_read(passage, i, span.wide, clause_end, &found);
        if (found.end <= i) {
            i++;
            continue;
        }
        i = found.end;
        if (!good || found_is_refused(passage, &found)) continue;
        claim_inherit(reader, &span, &found, &found.measure);
        bool changed = claim_follow_change(reader, &span, &found);
        struct claim claim;
        size_t start = found.from;
        enum claim_exactness exactness = found_exactness(passage, &found, &start);
        fill(reader, &found, &span, &claim);
        if (found.end > i) i = found.end;
        span.end = found.end;
        for (clause_end = span.end; clause_end < to && clause_end < span.end + CLAUSE_CODES_MAX
                                    && !code_ends_clause(passage_code(passage, clause_end));
             clause_end++) {
        }
        span.clause_end = clause_end;
        claim.exactness = found.range && exactness == CLAIM_EXACT ? CLAIM_RANGE : exactness;
        claim.everyone = is_about_all(passage, &claim, &span);
        if (changed) reader->out->items[reader->out->count - 1].past = true;
        claim.goal = claim_is_goal(reader, &span);
        claim_words(reader, &claim, &span);
        claim_years(reader, &claim, &span);
        if (!claim_add(reader, &claim, &span, err)) return false;
    }
    end_near(reader, first);
    return true;
}

/* Behind the number of a heading: "一、", "（二）", "3.". */
static size_t heading_end(const struct passage *passage)
{
    size_t i = 0;
    bool bracket = passage_code(passage, 0) == 0xFF08 || passage_code(passage, 0) == '(';
    struct numeral number;
    if (bracket) i++;
    if (!numeral_read(passage, i, &number) || number.value_e4 > 50 * CLAIM_E4) return 0;
    if (number.decimals > 0 || number.to > i + 2) return 0;
    uint32_t mark = passage_code(passage, number.to);
    bool closed = mark == 0xFF09 || mark == ')';
    bool plain = mark == 0x3001 || mark == '.' || mark == 0xFF0E || closed;
    return (bracket ? closed : plain) ? number.to + 1 : 0;
}

/* How high a heading stands: "一、" above "（一）" above "1." above "(1)". 0: no heading. */
static int heading_level(const struct passage *passage)
{
    if (passage->start == 0) return 0;
    uint32_t first = passage_code(passage, 0);
    bool bracket = first == 0xFF08 || first == '(';
    bool arabic = code_is_digit(passage_code(passage, bracket));
    return 1 + 2 * arabic + bracket;
}

/* Under a heading like "三、下一步打算", up to the next one that stands as high, everything is yet
 * to be; in an article that is a plan by its title ("2024年工作要点") all is. */
static void note_heading(struct claim_reader *reader)
{
    enum { HEADING_CODES_MAX = 24 };
    static const char *const ahead[] = {
        "下一步",     "下步",       "下阶段",         "工作打算", "工作思路", "工作计划",
        "目标任务",   "主要目标",   "发展目标",       "工作目标", "总体目标", "今后",
        "年工作安排", "年工作重点", "年重点工作安排", "明年工作", NULL};
    const struct passage *passage = &reader->passage;
    int level = heading_level(passage);
    if (level == 0) return;
    if (reader->ahead_level > 0 && level <= reader->ahead_level) reader->ahead_level = 0;
    if (reader->ahead_level > 0) return;
    size_t end = passage->start;
    while (end < passage->codes.count && end < passage->start + HEADING_CODES_MAX
           && !code_ends_sentence(passage_code(passage, end))
           && passage_code(passage, end) != 0xFF0C) {
        end++;
    }
    static const char *const done[] = {"完成", "情况", "成效", "实现", "回顾", "总结", NULL};
    bool over = passage_has_one(passage, passage->start, end, done);
    if (!over && passage_has_one(passage, passage->start, end, ahead)) reader->ahead_level = level;
}

static bool is_plan(struct str title)
{
    static const char *const plans[] = {"工作要点", "工作计划", "工作安排", "工作打算", "目标任务"};
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
        if (str_ends(title, str_from(plans[i]))) return true;
    }
    return false;
}

static bool read_paragraph(struct claim_reader *reader, struct str text, struct err *err)
{
    reader->passage = (struct passage){.text = text, .codes = codes_of(reader->arena, text)};
    reader->first = reader->out->count;
    const struct passage *passage = &reader->passage;
    size_t from = reader->passage.start = heading_end(passage);
    note_heading(reader);
    for (size_t i = from; i <= passage->codes.count; i++) {
        bool end = i == passage->codes.count || code_ends_sentence(passage_code(passage, i))
                   || i - from >= SENTENCE_CODES_MAX;
        if (!end) continue;
        while (
            i + 1 < passage->codes.count
            && (passage_code(passage, i + 1) == 0x201D || passage_code(passage, i + 1) == 0x2019)) {
            i++;
        }
        size_t to = i < passage->codes.count ? i + 1 : i;
        if (to > from && !read_sentence(reader, from, to, err)) return false;
        from = to;
    }
    if (!claims_of_everyone(reader, err)) return false;
    claims_sums(reader);
    return true;
}

/* A page may say its first sentence again as its title: it is read once. */
static bool is_said_below(const struct article *article)
{
    for (size_t i = 0; i < article->count; i++) {
        if (str_equal(article->paragraphs[i].text, article->title)) return true;
    }
    return false;
}

bool claims_read(struct arena *arena, const struct article *article, struct claims *out,
                 struct err *err)
{
    struct claims claims = {.article = article};
    struct claim_reader reader = {.arena = arena, .out = &claims, .published = article->published};
    claims.items = arena_array(arena, struct claim, CLAIMS_MAX);
    claims.sums = arena_array(arena, struct claim_sum, CLAIMS_MAX);
    reader.spans = arena_array(arena, struct claim_span, CLAIMS_MAX);
    reader.paragraph = SIZE_MAX;
    reader.plan = is_plan(article->title);
    bool titled = article->title.len > 0 && !is_said_below(article);
    if (titled && !read_paragraph(&reader, article->title, err)) return false;
    for (size_t i = 0; i < article->count; i++) {
        reader.paragraph = i;
        if (!read_paragraph(&reader, article->paragraphs[i].text, err)) return false;
    }
    *out = claims;
    return true;
}
