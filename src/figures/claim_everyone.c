#include "figures/claim_internal.h"

#include <string.h>

enum { SENTENCE_CODES_MAX = 2000, BEFORE_CODES_MAX = 200 };

/* What is said of everyone without a number: that there is none, or that all are reached. */

struct pattern {
    const char *word;
    enum claim_unit unit;
    bool all; /* everything is reached (100 %), else there is none (0) */
    /* where it means this only beside one of these words, before or behind in the clause */
    const char *const *beside;
    const char *const *not_behind; /* with one of these right behind it is something else */
};

static const char *const dropout[] = {"辍学", "失学", "流失", "未入学", NULL};
static const char *const talk[] = {"辍学", "失学", "控辍", "劝返", "未入学", NULL};
static const char *const things[] = {"学校",   "村",     "学生", "教师", "县",     "乡镇", "儿童",
                                     "教学点", "幼儿园", "少年", "家庭", "中小学", "校",   NULL};
static const char *const not_covering[] = {"的目标", "目标", NULL};

static const struct pattern patterns[] = {
    {"无一名", CLAIM_PERSONS, false, NULL, NULL},
    {"没有一名", CLAIM_PERSONS, false, NULL, NULL},
    {"未有一名", CLAIM_PERSONS, false, NULL, NULL},
    {"无1名", CLAIM_PERSONS, false, NULL, NULL},
    {"没有1名", CLAIM_PERSONS, false, NULL, NULL},
    {"无一人", CLAIM_PERSONS, false, NULL, NULL},
    {"没有一人", CLAIM_PERSONS, false, NULL, NULL},
    {"没有一个", CLAIM_PERSONS, false, dropout, NULL},
    {"无一例", CLAIM_PERSONS, false, dropout, NULL},
    {"无一个", CLAIM_PERSONS, false, dropout, NULL},
    {"零辍学", CLAIM_PERSONS, false, NULL, NULL},
    {"零失学", CLAIM_PERSONS, false, NULL, NULL},
    {"零流失", CLAIM_PERSONS, false, NULL, NULL},
    {"动态清零", CLAIM_PERSONS, false, dropout, NULL},
    {"全部清零", CLAIM_PERSONS, false, dropout, NULL},
    {"清零", CLAIM_PERSONS, false, dropout, NULL},
    {"归零", CLAIM_PERSONS, false, dropout, NULL},
    {"为零", CLAIM_PERSONS, false, dropout, NULL},
    {"为0", CLAIM_PERSONS, false, dropout, (const char *const[]){".", "%", NULL}},
    {"无失学辍学", CLAIM_PERSONS, false, NULL, NULL},
    {"无辍学", CLAIM_PERSONS, false, NULL, NULL},
    {"无失学", CLAIM_PERSONS, false, NULL, NULL},
    {"没有失学", CLAIM_PERSONS, false, NULL, NULL},
    {"没有辍学", CLAIM_PERSONS, false, NULL, NULL},
    {"无一学生", CLAIM_PERSONS, false, dropout, NULL},
    {"无一生", CLAIM_PERSONS, false, dropout, NULL},
    {"无一孩子", CLAIM_PERSONS, false, dropout, NULL},
    {"无一儿童", CLAIM_PERSONS, false, dropout, NULL},
    {"没有一位", CLAIM_PERSONS, false, dropout, NULL},
    {"无因贫", CLAIM_PERSONS, false, dropout, NULL},
    {"无因家庭", CLAIM_PERSONS, false, dropout, NULL},
    {"无因经济", CLAIM_PERSONS, false, dropout, NULL},
    {"无新增", CLAIM_PERSONS, false, dropout, NULL},
    {"没有因贫", CLAIM_PERSONS, false, dropout, NULL},
    {"没有因家庭", CLAIM_PERSONS, false, dropout, NULL},
    {"没有因经济", CLAIM_PERSONS, false, dropout, NULL},
    {"没有学生", CLAIM_PERSONS, false, dropout, NULL},
    {"没有适龄", CLAIM_PERSONS, false, dropout, NULL},
    {"无学生", CLAIM_PERSONS, false, dropout, NULL},
    {"零新增", CLAIM_PERSONS, false, dropout, NULL},
    {"零”新增", CLAIM_PERSONS, false, dropout, NULL},
    {"零”辍学", CLAIM_PERSONS, false, dropout, NULL},
    {"零”失学", CLAIM_PERSONS, false, dropout, NULL},
    {"零”流失", CLAIM_PERSONS, false, dropout, NULL},
    {"没有发现", CLAIM_PERSONS, false, dropout, NULL},
    {"无一失学", CLAIM_PERSONS, false, NULL, NULL},
    {"无一辍学", CLAIM_PERSONS, false, NULL, NULL},
    {"无一流失", CLAIM_PERSONS, false, NULL, NULL},
    {"无适龄", CLAIM_PERSONS, false, dropout, NULL},
    {"全覆盖", CLAIM_PERCENT, true, NULL, not_covering},
    {"全部达标", CLAIM_PERCENT, true, things, NULL},
    {"全部达到", CLAIM_PERCENT, true, things, NULL},
    {"全部通过", CLAIM_PERCENT, true, things, NULL},
    {"全部入学", CLAIM_PERCENT, true, things, NULL},
    {"全部返校", CLAIM_PERCENT, true, things, NULL},
    {"全部复学", CLAIM_PERCENT, true, things, NULL},
    {"全部享受", CLAIM_PERCENT, true, things, NULL},
    {"全部纳入", CLAIM_PERCENT, true, things, NULL},
    {"全部得到", CLAIM_PERCENT, true, things, NULL},
    {"全部落实", CLAIM_PERCENT, true, things, NULL},
    {"全部退出", CLAIM_PERCENT, true, things, NULL},
    {"全部脱贫", CLAIM_PERCENT, true, things, NULL},
    {"全部接通", CLAIM_PERCENT, true, things, NULL},
    {"全部接入", CLAIM_PERCENT, true, things, NULL},
    {"全部建成", CLAIM_PERCENT, true, things, NULL},
    {"全部配备", CLAIM_PERCENT, true, things, NULL},
    {"全部实现", CLAIM_PERCENT, true, things, NULL},
};

/* A number in the clause that says the same already, or counts what is spoken of. */
static bool is_said(struct claim_reader *reader, const struct claim_span *span, bool all)
{
    for (size_t i = reader->first; i < reader->out->count; i++) {
        const struct claim_span *other = &reader->spans[i];
        struct claim *claim = &reader->out->items[i];
        bool same = other->from >= span->clause && other->end <= span->clause_end;
        if (!same) continue;
        if (all ? claim->unit != CLAIM_YUAN : claim->value_e4 == 0) {
            if (all && claim->unit != CLAIM_PERCENT) claim->everyone = true;
            return true;
        }
    }
    return false;
}

/* What limits it: nearly, step by step, or only wished for. */
static bool is_limited(const struct passage *passage, const struct claim_span *span)
{
    static const char *const limits[] = {"基本", "逐步", "推动", "推进", "加快",   "确保",
                                         "努力", "防止", "要",   "坚持", "为目标", "促进",
                                         "着力", "目标", "不得", "严防", NULL};
    return passage_has_one(passage, span->clause, span->from, limits);
}

/* Whether it is about dropout: by a word in its clause, or, for a list that was cleared, in the
 * sentence before ("台账上还有1247人；去年台账清零"). */
static bool is_cleared_list(const struct passage *passage, const struct pattern *pattern,
                            const struct claim_span *span)
{
    static const char *const lists[] = {"台账", "名单", "名册", "底数", "底账", "花名册", NULL};
    static const char *const cleared[] = {"清零", "归零", NULL};
    if (pattern->beside != dropout
        || passage_ends_one(passage, span->from + utf8_count(str_from(pattern->word)), cleared)
               == NULL)
        return false;
    size_t reach = span->sentence > BEFORE_CODES_MAX ? span->sentence - BEFORE_CODES_MAX : 0;
    return passage_has_one(passage, span->clause, span->from, lists)
           && passage_has_one(passage, reach, span->clause, talk);
}

static bool is_beside(const struct passage *passage, const struct pattern *pattern,
                      const struct claim_span *span)
{
    if (pattern->beside == NULL) return true;
    return passage_has_one(passage, span->clause, span->clause_end, pattern->beside)
           || is_cleared_list(passage, pattern, span);
}

/* The clause around a universal word: the "、" that parts what is spoken of is no end. */
static void wide_clause(const struct passage *passage, struct claim_span *span)
{
    size_t i = span->from;
    while (i > span->sentence
           && (!code_ends_clause(passage_code(passage, i - 1))
               || passage_code(passage, i - 1) == 0x3001)) {
        i--;
    }
    span->clause = span->wide = i;
    for (i = span->end; i < span->sentence_end && !code_ends_clause(passage_code(passage, i));
         i++) {
    }
    span->clause_end = i;
}

static void sentence_of(const struct passage *passage, struct claim_span *span)
{
    size_t i = span->from;
    size_t first =
        i > passage->start + SENTENCE_CODES_MAX ? i - SENTENCE_CODES_MAX : passage->start;
    while (i > first && !code_ends_sentence(passage_code(passage, i - 1))) i--;
    if (i < span->from
        && (passage_code(passage, i) == 0x201D || passage_code(passage, i) == 0x2019))
        i++;
    span->sentence = i;
    size_t last = span->from + SENTENCE_CODES_MAX < passage->codes.count
                      ? span->from + SENTENCE_CODES_MAX
                      : passage->codes.count;
    for (i = span->from; i < last && !code_ends_sentence(passage_code(passage, i)); i++) {
    }
    span->sentence_end = i < passage->codes.count ? i + 1 : i;
    uint32_t quote = passage_code(passage, span->sentence_end);
    if (quote == 0x201D || quote == 0x2019) span->sentence_end++;
}

static bool add_pattern(struct claim_reader *reader, const struct pattern *pattern, size_t at,
                        size_t length, struct err *err)
{
    const struct passage *passage = &reader->passage;
    struct claim_span span = {.from = at, .to = at + length, .end = at + length};
    sentence_of(passage, &span);
    wide_clause(passage, &span);
    if (!is_beside(passage, pattern, &span) || is_limited(passage, &span)) return true;
    if (pattern->all && passage_ends(passage, at, "个")) return true; /* “三个全覆盖” */
    bool goal = claim_is_goal(reader, &span);
    if (goal && !pattern->all) return true;
    if (is_said(reader, &span, pattern->all)) return true;
    bool rate = !pattern->all && passage_has(passage, span.clause, span.from, "率", NULL);
    int64_t value = pattern->all ? 100 * CLAIM_E4 : 0;
    struct claim claim = {
        .unit = rate ? CLAIM_PERCENT : pattern->unit,
        .value_e4 = value,
        .high_e4 = value,
        .place_e4 = 1,
        .zeros_e4 = 1,
        .scale_e4 = CLAIM_E4,
        .everyone = true,
        .goal = goal,
        .paragraph = reader->paragraph,
        .number = passage_slice(passage, at, at + length),
    };
    claim_words(reader, &claim, &span);
    claim_years(reader, &claim, &span);
    return claim_add(reader, &claim, &span, err);
}

bool claims_of_everyone(struct claim_reader *reader, struct err *err)
{
    const struct passage *passage = &reader->passage;
    for (size_t i = passage->start; i < passage->codes.count; i++) {
        for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
            if (!passage_starts(passage, i, patterns[p].word)) continue;
            size_t length = utf8_count(str_from(patterns[p].word));
            bool other = patterns[p].not_behind != NULL
                         && passage_starts_one(passage, i + length, patterns[p].not_behind) != NULL;
            if (other) continue;
            if (!add_pattern(reader, &patterns[p], i, length, err)) return false;
            i += length - 1;
            break;
        }
    }
    return true;
}
