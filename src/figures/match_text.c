#include "figures/match_internal.h"

#include "base/list.h"

#include <string.h>

enum {
    WORDS_PER_FIGURE_MAX = 64,
    FULL = 1000,
    IN_SENTENCE = 550,
    IN_PARAGRAPH = 250,
    IN_TITLE = 150
};
enum { PERIOD_LOSS = 200, WEIGHT = 60, BY_HEAD_MAX = 100000 };

/* One thing said, by any of several words. */
struct saying {
    struct str *ways;
    size_t count;
    bool excludes; /* "!": with it beside the number another figure is meant */
    int weight;    /* what many figures say weighs little */
};

struct sayings {
    struct saying items[WORDS_PER_FIGURE_MAX];
    size_t count;
    int total; /* of the weights */
};

struct match_words {
    const struct figure_known *figures;
    struct sayings *of; /* by figure */
};

static void add_saying(struct arena *arena, struct sayings *out, struct str word)
{
    if (out->count == WORDS_PER_FIGURE_MAX) return;
    struct saying *saying = &out->items[out->count++];
    struct str rest, way;
    *saying = (struct saying){.excludes = str_starts(word, STR("!"))};
    rest = str_slice(word, saying->excludes ? 1 : 0, word.len);
    size_t most = 1;
    for (size_t i = 0; i < rest.len; i++) most += rest.ptr[i] == '|';
    saying->ways = arena_array(arena, struct str, most);
    while (str_split(&rest, '|', &way)) {
        if (way.len > 0) saying->ways[saying->count++] = way;
    }
    if (saying->count == 0) out->count--;
}

/* Pairs of characters of a name, for figures that give no words. */
static void add_pairs(struct arena *arena, struct sayings *out, struct str name)
{
    size_t at = 0, before = 0, start = 0;
    uint32_t code;
    while (utf8_next(name, &at, &code)) {
        if (start > 0) add_saying(arena, out, str_slice(name, before, at));
        before = start;
        start = at;
    }
}

static bool same_saying(const struct saying *a, const struct saying *b)
{
    return a->count > 0 && b->count > 0 && a->excludes == b->excludes
           && str_equal(a->ways[0], b->ways[0]);
}

static int figures_saying(const struct match_words *words, size_t count,
                          const struct saying *saying)
{
    int figures = 0;
    for (size_t f = 0; f < count; f++) {
        for (size_t i = 0; i < words->of[f].count; i++) {
            if (!same_saying(&words->of[f].items[i], saying)) continue;
            figures++;
            break;
        }
    }
    return figures;
}

struct match_words *match_words_of(struct arena *arena, const struct figure_known *figures,
                                   size_t count)
{
    struct match_words *words = arena_new(arena, struct match_words);
    words->figures = figures;
    words->of = arena_array(arena, struct sayings, count);
    for (size_t f = 0; f < count; f++) {
        struct str rest = figures[f].words, word;
        if (rest.len == 0) add_pairs(arena, &words->of[f], figures[f].zh);
        while (rest.len > 0 && str_split(&rest, ' ', &word)) {
            if (word.len > 0) add_saying(arena, &words->of[f], word);
        }
    }
    for (size_t f = 0; f < count; f++) {
        struct sayings *of = &words->of[f];
        for (size_t i = 0; i < of->count; i++) {
            int figures_count = figures_saying(words, count, &of->items[i]);
            of->items[i].weight = WEIGHT / (figures_count < 4 ? figures_count : 4);
            if (!of->items[i].excludes) of->total += of->items[i].weight;
        }
    }
    return words;
}

static bool says(struct str text, const struct saying *saying)
{
    for (size_t i = 0; i < saying->count; i++) {
        if (str_find(text, saying->ways[i]) != SIZE_MAX) return true;
    }
    return false;
}

static bool says_any(struct str text, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (str_find(text, str_from(*list)) != SIZE_MAX) return true;
    }
    return false;
}

/* Whether `before` and the unit behind it end like a name: not like one of these words. */
static bool is_place_name(struct str text, struct str behind)
{
    static const char *const others[] = {
        "全县",   "各县",   "我县",   "市县",   "贫困县", "每县",   "该县",   "本县",   "大县",
        "强县",   "跨县",   "示范县", "帮扶县", "项目县", "试点县", "样本县", "脱贫县", "民族县",
        "重点县", "边远县", "两县",   "三县",   "四县",   "五县",   "个县",   "省县",   "受援县",
        "结对县", "达标县", "创建县", "地区",   "片区",   "学区",   "园区",   "灾区",   "社区",
        "城区",   "牧区",   "山区",   "老区",   "郊区",   "新区",   "辖区",   "小区",   "库区",
        "景区",   "校区",   "特区",   "厂区",   "矿区",   "农区",   "赛区",   "考区",   "自治区",
        "开发区", "高新区", "县区",   "各区",   "全区",   "我区",   "个区",   "市区",   "本区",
        "该区",   "牧业区", "半农区", "大区",   "功能区", "示范区", "片 区",  "乡镇",   "城镇",
        "集镇",   "村镇",   "各镇",   "全镇",   "城乡",   "下乡",   "家乡",   "返乡",   "回乡",
        "山乡",   "水乡",   "故乡",   "各乡",   "全乡",   "个乡",   "个镇",   "该乡",   "该镇"};
    static const char *const not_behind[] = {"域", "级", "乡", "镇", "村", "内", "区",
                                             "直", "外", "以", "土", "亲", "别"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (str_ends(text, str_from(others[i]))) return false;
    }
    for (size_t i = 0; i < sizeof not_behind / sizeof *not_behind; i++) {
        if (str_starts(behind, str_from(not_behind[i]))) return false;
    }
    return str_find(str_slice(text, text.len - 9, text.len), STR("、")) == SIZE_MAX;
}

/* "靖远县", and "某某镇" where the clause begins: a part of what the article speaks of, and so of
 * its figures, unless the title names it; not 全县, 各区. */
static bool names_a_part(struct str near, struct str title)
{
    static const char *const units[] = {"县", "区", "镇", "乡"};
    enum { NAME_BYTES = 6, TOWN_BYTES_MAX = 12 };
    for (size_t u = 0; u < 4; u++) {
        size_t from = 0, at;
        while ((at = str_find(str_slice(near, from, near.len), str_from(units[u]))) != SIZE_MAX) {
            size_t place = from + at;
            from = place + 3;
            if (place < NAME_BYTES || (u >= 2 && place > TOWN_BYTES_MAX)) continue;
            struct str behind = str_slice(near, place + 3, near.len);
            if (!is_place_name(str_slice(near, 0, place + 3), behind)) continue;
            if (str_find(title, str_slice(near, place - NAME_BYTES, place + 3)) == SIZE_MAX)
                return true;
        }
    }
    return false;
}

/* Words that make the number something else than the figure: of other people's area, or a change
 * rather than a state. */
static bool is_of_others(const struct claims *claims, const struct claim *claim,
                         const struct sayings *of)
{
    static const char *const others[] = {"全国", "全省", NULL};
    static const char *const heads[] = {"每生每", "每人每", "生均", "人均", NULL};
    static const char *const changes[] = {"同比", "比上年", "较上年", "较去年", "比去年", "增长",
                                          "下降", "提高了", "增加了", "减少了", "上升了", NULL};
    struct str near = claim->near;
    /* 生均公用经费 in millions is a fund, in hundreds a rate. */
    bool by_head = says_any(near, heads) && claim->value_e4 < BY_HEAD_MAX * (int64_t)CLAIM_E4;
    bool other = by_head || says_any(near, others) || says_any(near, changes)
                 || names_a_part(near, claims->article->title);
    for (size_t i = 0; other && i < of->count; i++) {
        const struct saying *saying = &of->items[i];
        for (size_t k = 0; k < saying->count && !saying->excludes; k++) {
            if (says_any(saying->ways[k], heads) || says_any(saying->ways[k], others)
                || says_any(saying->ways[k], changes))
                return false;
        }
    }
    return other;
}

/* What time does to the score. Where the sentence names years, a figure of just these years fits
 * best, one of other years not at all; where it names none, a figure of a single year is the less
 * likely one. */
static int period_change(const struct claim *claim, const struct figure_known *figure)
{
    int month, date, first, last;
    bool limited = !day_is_none(figure->from) && !day_is_none(figure->to);
    bool year = limited && figure->to.days - figure->from.days <= 366;
    if (claim->year_from == 0) return year ? -PERIOD_LOSS / 2 : 0;
    if (!limited) return -PERIOD_LOSS / 2;
    day_to_ymd(figure->from, &first, &month, &date);
    day_to_ymd(figure->to, &last, &month, &date);
    if (claim->year_to < first || claim->year_from > last) return -FULL;
    if (claim->year_from == first && claim->year_to == last) return 0;
    return claim->year_to - claim->year_from < last - first ? -PERIOD_LOSS : 0;
}

int match_score(const struct match_words *words, const struct claims *claims,
                const struct claim *claim, size_t number)
{
    const struct figure_known *figure = &words->figures[number];
    const struct sayings *of = &words->of[number];
    if (figure->unit != claim->unit || claim->goal || claim->past || of->total == 0) return 0;
    if (is_of_others(claims, claim, of)) return 0;
    struct str paragraph = claim->paragraph < claims->article->count
                               ? claims->article->paragraphs[claim->paragraph].text
                               : STR_EMPTY;
    int score = 0;
    bool near = false;
    for (size_t i = 0; i < of->count; i++) {
        const struct saying *saying = &of->items[i];
        bool beside = says(claim->near, saying) || says(claim->subject, saying);
        if (saying->excludes) {
            if (beside) return 0;
            continue;
        }
        near = near || beside;
        int level = beside                                 ? FULL
                    : says(claim->sentence, saying)        ? IN_SENTENCE
                    : says(paragraph, saying)              ? IN_PARAGRAPH
                    : says(claims->article->title, saying) ? IN_TITLE
                                                           : 0;
        score += saying->weight * level;
    }
    if (!near) return 0;
    score = score / of->total + period_change(claim, figure);
    return score < 0 ? 0 : score > FULL ? FULL : score;
}
