#include "figures/claim_internal.h"

/* What a number counts by the numbers before it. */

/* Whether a number by which another is compared: "比上年增加36所", "从166所增加到350所". */
static bool is_compared(const struct passage *passage, size_t from, size_t to)
{
    static const char *const words[] = {"比",   "较",   "增加", "减少", "净增", "增长", "下降",
                                        "提高", "上升", "扩大", "增至", "减至", "降至", "升至",
                                        "达到", "→",    "➡",    "⇒",    "->",   "=>",   "变为",
                                        "到",   "至",   "下调", "减到", "缩减", "每年", NULL};
    return passage_has_one(passage, from, to, words);
}

/* "幼儿园、小学分别新建3所、2所": by its place behind 分别, what the list before names there. */
static bool follow_list(const struct claim_reader *reader, const struct claim_span *span,
                        const struct found *found, struct measure *measure)
{
    const struct passage *passage = &reader->passage;
    size_t at = SIZE_MAX, place = 0;
    for (size_t i = span->sentence; i < found->from; i++) {
        if (passage_starts(passage, i, "分别")) at = i;
    }
    if (at == SIZE_MAX) return false;
    for (size_t i = reader->first; i < reader->out->count; i++) place += reader->spans[i].from > at;
    struct noun noun;
    if (!noun_listed(passage, span->sentence, at, place, &noun)) return false;
    if (noun.unit != CLAIM_SCHOOLS && noun.unit != CLAIM_KINDERGARTENS) return false;
    measure->unit = noun.unit;
    return true;
}

/* "留守的就有29个": those of what was counted before that are described. */
static bool is_described(const struct passage *passage, size_t from, size_t to)
{
    for (size_t i = to; i-- > from;) {
        if (passage_starts(passage, i, "的")) return claim_only_leads(passage, i + 1, to);
    }
    return false;
}

/* "学位3.86万个（小学2.1万个、初中1.2万个）": what stands in a bracket right behind is of the same.
 */
static bool is_in_bracket(const struct passage *passage, size_t from, size_t to)
{
    enum { REACH = 2 };
    static const char *const open[] = {"（", "(", NULL}, *const close[] = {"）", ")", NULL};
    return passage_has_one(passage, from, from + REACH < to ? from + REACH : to, open)
           && !passage_has_one(passage, from, to, close);
}

/* What 所 or 个 counts where no noun says it is what it counted before: "共245个班，其中小学173个",
 * "幼儿园6973所，比上年增加36所". */
void claim_inherit(const struct claim_reader *reader, const struct claim_span *span,
                   const struct found *found, struct measure *measure)
{
    enum { GAP_CODES_MAX = 20 };
    const struct passage *passage = &reader->passage;
    struct noun noun;
    bool place = passage_ends(passage, found->end, "所");
    if (measure->named || (place && follow_list(reader, span, found, measure))) return;
    /* "公办园：完成32所": the noun of an earlier clause. */
    if (measure->plain && !measure->general
        && noun_before(passage, span->sentence, found->from, false, &noun)
        && noun.unit == CLAIM_KINDERGARTENS) {
        measure->unit = noun.unit;
    }
    if (reader->out->count == reader->first) return;
    const struct claim_span *last = &reader->spans[reader->out->count - 1];
    const struct claim *claim = &reader->out->items[reader->out->count - 1];
    if (last->sentence != span->sentence) return;
    struct str word = passage_slice(passage, found->end - measure->length, found->end);
    bool near = found->from <= last->end + GAP_CODES_MAX && str_equal(word, last->measure);
    if (measure->plain && near && is_compared(passage, last->end, found->from)) {
        measure->unit = claim->unit;
        return;
    }
    if (!measure->general || !last->general) return;
    bool parts = passage_has(passage, last->end, span->wide + 3, "其中", NULL)
                 || is_in_bracket(passage, last->end, found->from)
                 || (measure->plain && is_described(passage, span->clause, found->from));
    if (!parts && !last->inherited) return;
    measure->unit = claim->unit;
    measure->inherited = true;
}

/* "由88%提高到95%": the second number counts what the first did, and the first is past. */
bool claim_follow_change(const struct claim_reader *reader, struct claim_span *span,
                         const struct found *found)
{
    static const char *const changes[] = {
        "提高到", "提升到", "增加到", "上升到", "增长到", "扩大到", "下降到", "减少到",
        "降低到", "提高至", "提升至", "增加至", "上升至", "增长至", "减少至", "降低至",
        "下降至", "增至",   "降至",   "升至",   "减至",   "降到",   "升到",   "压减到",
        "压减至", "扩大至", "缩小到", "缩小至", "压缩到", "压缩至", "调整到", "调整为",
        "提高为", "下降为", "减少为", "变为",   "变成",   "增为",   "上调到", "上调至",
        "提标到", "提标至", "改为",   "翻到",   "到",     "→",      "➡",      "⇒",
        "->",     "=>",     "—>",     "➜",      "⟶",      "—→",     NULL};
    static const char *const froms[] = {"由", "从", NULL};
    if (reader->out->count == reader->first) return false;
    const struct passage *passage = &reader->passage;
    const struct claim_span *last = &reader->spans[reader->out->count - 1];
    const struct claim *claim = &reader->out->items[reader->out->count - 1];
    enum { GAP_CODES_MAX = 14 };
    if (last->sentence != span->sentence || claim->unit != found->measure.unit) return false;
    if (found->from > last->end + GAP_CODES_MAX) return false;
    if (!passage_has_one(passage, last->end, found->from, changes)) return false;
    static const char *const arrows[] = {"→", "➡", "⇒", ">", "➜", "⟶", NULL};
    if (!passage_has_one(passage, last->wide, last->from, froms)
        && !passage_has_one(passage, last->end, found->from, arrows)) {
        return false;
    }
    span->wide = last->wide;
    return true;
}
