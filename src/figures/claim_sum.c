#include "figures/claim_internal.h"

#include <string.h>

/* A sum is read where the article says that numbers are the parts of another: 其中, 分别, a colon
 * or a bracket right behind the total, or 共计 behind the parts. Parts that are only some of what
 * the total counts make no sum: where they fall short by more than a slip could, or 等 follows. */

/* So far, in percent of the total, parts may miss it and still be told as a sum that does not hold;
 * less where one of the numbers is hedged (近, 余), for then much was perhaps left out. */
enum { SHORT_PERCENT_OF_TWO = 35, SHORT_PERCENT_OF_MANY = 60, SHORT_PERCENT_OF_HEDGED = 15 };

struct parts {
    size_t items[CLAIM_PARTS_MAX];
    size_t count;
};

/* Clause ends between two places. */
static size_t gaps(const struct passage *passage, size_t from, size_t to)
{
    size_t count = 0;
    for (size_t i = from; i < to; i++) {
        uint32_t code = passage_code(passage, i);
        count += code_ends_clause(code) && code != ' ';
    }
    return count;
}

static bool is_rate(const struct claim *claim, enum claim_unit unit)
{
    return claim->unit == CLAIM_PERCENT && unit != CLAIM_PERCENT;
}

/* Whether a part of one unit may be part of a total of another: kindergartens among schools. */
static bool may_add(enum claim_unit total, enum claim_unit part)
{
    return total == part || (total == CLAIM_SCHOOLS && part == CLAIM_KINDERGARTENS);
}

/* An average by head, which no total has as a part. */
static bool is_by_head(const struct claim *claim)
{
    static const char *const words[] = {"生均", "人均", "平均", "每"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_find(claim->near, str_from(words[i])) != SIZE_MAX) return true;
    }
    return false;
}

/* Items add up when they are counted by the same word. */
static bool alike(const struct claim_reader *reader, size_t a, size_t b)
{
    const struct claim_span *one = &reader->spans[a], *other = &reader->spans[b];
    if (reader->out->items[a].unit != CLAIM_ITEMS) return true;
    bool same = one->noun.len == 0 || other->noun.len == 0 || str_equal(one->noun, other->noun);
    return same && str_equal(one->measure, other->measure);
}

/* The claims from `first` on that stand in one row, behind place `from`: same unit, a clause each,
 * up to the end of the sentence. Percentages beside them are passed over. */
static void collect(const struct claim_reader *reader, size_t first, size_t from, size_t end,
                    struct parts *out)
{
    const struct claims *claims = reader->out;
    static const char *const halves[] = {"；", ";", "。", NULL};
    size_t last = from;
    bool apart = false;
    out->count = 0;
    for (size_t i = first; i < claims->count && out->count < CLAIM_PARTS_MAX; i++) {
        const struct claim *claim = &claims->items[i];
        const struct claim_span *span = &reader->spans[i];
        if (span->from >= end) return;
        enum claim_unit unit = out->count > 0 ? claims->items[out->items[0]].unit : claim->unit;
        if (is_rate(claim, unit) || is_by_head(claim)) {
            last = span->end;
            continue;
        }
        size_t most = out->count == 0 ? 2 : 1;
        bool bracket = out->count > 0 && passage_code(&reader->passage, last) == 0xFF09;
        if (!may_add(unit, claim->unit) || (claim->everyone && claim->value_e4 == 0)) return;
        if (out->count > 0 && !alike(reader, out->items[0], i)) return;
        if (gaps(&reader->passage, last, span->from) > most + bracket) return;
        /* "其中文科1203人、理科1923人；600分以上42人": the third is no part of the row. */
        bool half = passage_has_one(&reader->passage, last, span->from, halves);
        if (out->count >= 2 && half && !apart) return;
        apart = apart || (out->count > 0 && half);
        out->items[out->count++] = i;
        last = span->end;
    }
}

static bool is_open_ended(const struct claim_reader *reader, const struct parts *parts)
{
    const struct claim_span *last = &reader->spans[parts->items[parts->count - 1]];
    const struct passage *passage = &reader->passage;
    for (size_t i = last->end; i < last->end + 12 && i < passage->codes.count; i++) {
        if (passage_code(passage, i) == 0x7B49) { /* 等: and others; not 等级, 高等 */
            return i == last->end || passage_code(passage, i - 1) != 0x9AD8;
        }
        if (code_ends_clause(passage_code(passage, i))) return false;
    }
    return false;
}

static bool is_hedged(const struct claim_reader *reader, size_t total, const struct parts *parts)
{
    bool hedged = reader->out->items[total].exactness != CLAIM_EXACT;
    for (size_t i = 0; i < parts->count; i++)
        hedged = hedged || reader->out->items[parts->items[i]].exactness != CLAIM_EXACT;
    return hedged;
}

static void add_sum(struct claim_reader *reader, size_t total, const struct parts *parts)
{
    struct claims *claims = reader->out;
    const struct claim *whole = &claims->items[total];
    struct claim_sum sum = {
        .total = total, .part_count = parts->count, .stated_e4 = whole->value_e4};
    int64_t low = 0, high = 0, whole_low, whole_high;
    for (size_t i = 0; i < parts->count; i++) {
        const struct claim *part = &claims->items[parts->items[i]];
        int64_t part_low, part_high;
        claim_bounds(part, &part_low, &part_high);
        sum.parts[i] = parts->items[i];
        if (__builtin_add_overflow(sum.added_e4, part->value_e4, &sum.added_e4)
            || __builtin_add_overflow(low, part_low, &low)) {
            return;
        }
        if (__builtin_add_overflow(high, part_high, &high)) high = INT64_MAX;
    }
    claim_bounds(whole, &whole_low, &whole_high);
    sum.holds = low <= whole_high && high >= whole_low;
    if (high < INT64_MAX && whole_high < INT64_MAX)
        sum.slack_e4 = (high - low + 1) / 2 + (whole_high - whole_low + 1) / 2;
    int64_t gap =
        sum.added_e4 > sum.stated_e4 ? sum.added_e4 - sum.stated_e4 : sum.stated_e4 - sum.added_e4;
    int limit = parts->count == 2 ? SHORT_PERCENT_OF_TWO : SHORT_PERCENT_OF_MANY;
    if (is_hedged(reader, total, parts)) limit = SHORT_PERCENT_OF_HEDGED;
    if (!sum.holds && (is_open_ended(reader, parts) || gap / limit > sum.stated_e4 / 100)) return;
    for (size_t i = 0; i < claims->sum_count; i++) {
        if (claims->sums[i].total == total) return;
    }
    if (claims->sum_count == CLAIMS_MAX) return;
    claims->sums[claims->sum_count++] = sum;
}

/* Shares add up, rates do not: "入园率96%，其中市区98%". */
static bool are_rates(const struct claim_reader *reader, size_t total, const struct parts *parts)
{
    const struct claim *whole = &reader->out->items[total];
    if (whole->unit != CLAIM_PERCENT) return false;
    for (size_t i = 0; i < parts->count; i++) {
        if (reader->out->items[parts->items[i]].value_e4 > whole->value_e4) return true;
    }
    return str_find(whole->near, STR("率")) != SIZE_MAX;
}

static bool fits(const struct claim_reader *reader, size_t total, const struct parts *parts)
{
    const struct claim *whole = &reader->out->items[total];
    if (parts->count >= 2 && are_rates(reader, total, parts)) return false;
    return parts->count >= 2 && may_add(whole->unit, reader->out->items[parts->items[0]].unit)
           && alike(reader, total, parts->items[0]);
}

static size_t sentence_end(const struct passage *passage, size_t at)
{
    while (at < passage->codes.count && !code_ends_sentence(passage_code(passage, at))) at++;
    return at;
}

/* Where the parts announced at `at` end at the latest: with the sentence, or where a semicolon
 * leads on to a total that has parts of its own. */
static size_t parts_end(const struct passage *passage, size_t at)
{
    size_t end = sentence_end(passage, at), semicolon = SIZE_MAX;
    for (size_t i = at + 1; i < end; i++) {
        if (passage_code(passage, i) == 0xFF1B || passage_code(passage, i) == ';') semicolon = i;
        if (semicolon != SIZE_MAX && passage_starts(passage, i, "其中")) return semicolon;
    }
    return end;
}

/* Whether the parts and nothing else make up the total. */
static bool makes_up(const struct claim_reader *reader, size_t total, const struct parts *parts)
{
    int64_t left = reader->out->items[total].value_e4;
    for (size_t i = 0; i < parts->count && left >= 0; i++)
        left -= reader->out->items[parts->items[i]].value_e4;
    return left == 0;
}

/* The claim that "其中" at `at` takes apart: the last one before that counts the same, or one
 * before it that the parts make up ("招聘教师170名，比去年增加42名。其中……"). */
static bool total_before(const struct claim_reader *reader, size_t at, const struct parts *parts,
                         size_t *out)
{
    enum { BACK_CODES_MAX = 60 };
    bool found = false;
    for (size_t i = parts->items[0]; i-- > reader->first;) {
        if (reader->spans[i].end > at) continue;
        if (at - reader->spans[i].end > BACK_CODES_MAX) return found;
        if (!fits(reader, i, parts)) continue;
        if (makes_up(reader, i, parts)) {
            *out = i;
            return true;
        }
        if (!found) *out = i;
        found = true;
    }
    return found;
}

/* Parts behind a word that announces them. */
static void sums_behind(struct claim_reader *reader, const char *word)
{
    const struct passage *passage = &reader->passage;
    size_t length = utf8_count(str_from(word));
    for (size_t at = 0; at + length <= passage->codes.count; at++) {
        if (!passage_starts(passage, at, word)) continue;
        struct parts parts;
        size_t first = reader->first, total;
        while (first < reader->out->count && reader->spans[first].from < at) first++;
        collect(reader, first, at + length, parts_end(passage, at), &parts);
        if (parts.count >= 2 && total_before(reader, at, &parts, &total))
            add_sum(reader, total, &parts);
    }
}

/* Parts in a bracket or behind a colon right after the total. */
static void sums_beside(struct claim_reader *reader)
{
    const struct passage *passage = &reader->passage;
    for (size_t i = reader->first; i + 2 < reader->out->count; i++) {
        size_t at = reader->spans[i].clause_end, end;
        uint32_t mark = passage_code(passage, reader->spans[i].end);
        bool bracket = mark == 0xFF08 || mark == '(';
        if (bracket)
            at = reader->spans[i].end;
        else if (passage_code(passage, at) != 0xFF1A && passage_code(passage, at) != ':')
            continue;
        struct parts parts;
        for (end = at; end < passage->codes.count; end++) {
            uint32_t code = passage_code(passage, end);
            if (bracket ? code == 0xFF09 || code == ')' : code_ends_sentence(code)) break;
        }
        collect(reader, i + 1, at + 1, end, &parts);
        if (fits(reader, i, &parts) && (bracket || parts.count >= 3)) add_sum(reader, i, &parts);
    }
}

/* A total behind its parts: 共计, 合计, 总计, 共. */
static void sums_before(struct claim_reader *reader)
{
    static const char *const words[] = {"共计", "合计", "总计", "总共", "共", NULL};
    const struct passage *passage = &reader->passage;
    for (size_t i = reader->first + 2; i < reader->out->count; i++) {
        const struct claim_span *span = &reader->spans[i];
        bool said = passage_has_one(passage, span->clause, span->from, words)
                    && span->from - span->clause <= 8;
        if (!said) continue;
        struct parts parts = {.count = 0};
        size_t first = i, last = span->clause;
        while (first > reader->first) {
            const struct claim_span *part = &reader->spans[first - 1];
            if (part->sentence != span->sentence) break;
            if (reader->out->items[first - 1].unit != reader->out->items[i].unit) break;
            if (part->end > last || gaps(passage, part->end, last) > 1) break;
            last = part->clause;
            first--;
        }
        if (i - first > CLAIM_PARTS_MAX) first = i - CLAIM_PARTS_MAX;
        for (size_t k = first; k < i; k++) parts.items[parts.count++] = k;
        if (parts.count >= 2) add_sum(reader, i, &parts);
    }
}

/* Whether what one total counts is all told by parts that stand in clauses and sentences of their
 * own, with other numbers between ("学校1186所。高等学校3所，招生5846人；中等职业学校11所…"):
 * nothing says that they are its parts but that they add up, so only what adds up exactly is told.
 */
static void sums_behind_sentence(struct claim_reader *reader)
{
    enum { PARTS_MIN = 3 };
    static const char *const totals[] = {"共", "总", "合计", NULL};
    static const char *const breaks[] = {"。", "；", "：", NULL};
    const struct passage *passage = &reader->passage;
    const struct claims *claims = reader->out;
    for (size_t i = reader->first; i + PARTS_MIN < claims->count; i++) {
        const struct claim *whole = &claims->items[i];
        const struct claim_span *span = &reader->spans[i];
        if (whole->exactness != CLAIM_EXACT || whole->unit == CLAIM_PERCENT) continue;
        if (!passage_has_one(passage, span->wide, span->from, totals)) continue;
        int64_t left = whole->value_e4;
        struct parts parts = {.count = 0};
        size_t last = span->end;
        for (size_t k = i + 1; k < claims->count && left > 0 && parts.count < CLAIM_PARTS_MAX;
             k++) {
            const struct claim *part = &claims->items[k];
            if (!may_add(whole->unit, part->unit) || part->exactness != CLAIM_EXACT) continue;
            /* The first number of its kind behind a mark that ends what was said before. */
            bool own = passage_has_one(passage, last, reader->spans[k].from, breaks);
            last = reader->spans[k].end;
            if (!own || !alike(reader, i, k)) continue;
            parts.items[parts.count++] = k;
            left -= part->value_e4;
        }
        if (left == 0 && parts.count >= PARTS_MIN) add_sum(reader, i, &parts);
    }
}

void claims_sums(struct claim_reader *reader)
{
    sums_behind(reader, "其中");
    sums_behind(reader, "分别");
    sums_beside(reader);
    sums_before(reader);
    sums_behind_sentence(reader);
}
