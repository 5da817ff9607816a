#include "policy/mutate.h"

#include "policy/explain.h"

#include <string.h>

/* What can be changed in a condition or a value, piece by piece. Recursion goes as deep as
 * expressions do, which reading has bounded. */

static struct str text_of(struct mutate_listing *listing, const struct policy_expr *expr,
                          enum lang lang)
{
    return policy_expr_text(listing->arena, listing->copy, expr, lang);
}

/* A mutant that says something of a piece: `format` has one %.*s in each language. */
static struct mutant *add_of(struct mutate_listing *listing, const struct policy_expr *expr,
                             const char *zh, const char *en)
{
    struct str of_zh = text_of(listing, expr, LANG_ZH), of_en = text_of(listing, expr, LANG_EN);
    struct str said_zh = mutate_say(listing, "“%.*s”%s", STR_ARG(of_zh), zh);
    struct str said_en = mutate_say(listing, "\"%.*s\" %s", STR_ARG(of_en), en);
    return mutate_add(listing, said_zh, said_en);
}

static void set_kind(struct mutant *mutant, struct policy_expr *expr, enum policy_expr_kind kind)
{
    mutate_edit(mutant, &expr->kind, &kind, sizeof kind);
}

static void list_joined(struct mutate_listing *listing, struct policy_expr *expr)
{
    bool all = expr->kind == POLICY_ALL;
    set_kind(add_of(listing, expr, all ? "的“且”改为“或”" : "的“或”改为“且”",
                    all ? "with \"or\" for \"and\"" : "with \"and\" for \"or\""),
             expr, all ? POLICY_ANY : POLICY_ALL);
    size_t fewer = expr->part_count - 1;
    for (size_t i = 0; expr->part_count > 1 && i < expr->part_count; i++) {
        struct mutant *mutant = add_of(listing, expr->parts[i], "去掉", "left out");
        if (i < fewer) {
            mutate_edit(mutant, &expr->parts[i], &expr->parts[fewer], sizeof expr->parts[i]);
        }
        mutate_edit(mutant, &expr->part_count, &fewer, sizeof fewer);
    }
}

/* The slot gets a "not" of what stood there. */
static void list_turned(struct mutate_listing *listing, struct policy_expr **slot)
{
    struct policy_expr *expr = *slot, *turned = arena_new(listing->arena, struct policy_expr);
    turned->kind = POLICY_NOT;
    turned->type = POLICY_YES_NO;
    turned->target = POLICY_NONE;
    turned->scale = turned->numerator = turned->denominator = 1;
    turned->place = expr->place;
    turned->parts = arena_new(listing->arena, struct policy_expr *);
    turned->parts[0] = expr;
    turned->part_count = 1;
    mutate_edit(add_of(listing, expr, "改为“非”", "turned into \"not\""), slot, &turned,
                sizeof turned);
}

/* A limit: by one fen, one day, one. */
static void list_limit(struct mutate_listing *listing, const struct policy_expr *compare,
                       struct policy_expr *limit)
{
    if (limit->kind != POLICY_LITERAL) return;
    for (int by = -1; by <= 1; by += 2) {
        int64_t moved = limit->value + by;
        mutate_edit(add_of(listing, compare, by < 0 ? "的界线减一" : "的界线加一",
                           by < 0 ? "with the limit lower by one" : "with the limit higher by one"),
                    &limit->value, &moved, sizeof moved);
    }
}

static void list_compare(struct mutate_listing *listing, struct policy_expr *expr)
{
    static const enum policy_order turned[] = {POLICY_NOT_EQUAL,  POLICY_EQUAL,
                                               POLICY_LESS_EQUAL, POLICY_LESS,
                                               POLICY_MORE_EQUAL, POLICY_MORE};
    enum policy_order order = turned[expr->order];
    mutate_edit(add_of(listing, expr, "的比较改变", "compared the other way"), &expr->order, &order,
                sizeof order);
    list_limit(listing, expr, expr->parts[0]);
    list_limit(listing, expr, expr->parts[1]);
}

/* "孤儿" of 困难类别, as a sentence says it. */
static struct str item_text(struct mutate_listing *listing, const struct policy_input *input,
                            int64_t value, enum lang lang)
{
    if (input->type == POLICY_SET) value = (int64_t)((uint64_t)1 << value);
    struct str word = policy_value_text(listing->arena, input, value, lang);
    return lang == LANG_ZH
               ? mutate_say(listing, "“%.*s”里的“%.*s”", STR_ARG(input->name.zh), STR_ARG(word))
               : mutate_say(listing, "\"%.*s\" of \"%.*s\"", STR_ARG(word),
                            STR_ARG(input->name.en));
}

static void list_item(struct mutate_listing *listing, const struct policy_input *input,
                      struct policy_item *item, bool alone)
{
    struct str zh = item_text(listing, input, item->value, LANG_ZH);
    struct str en = item_text(listing, input, item->value, LANG_EN);
    mutate_end(mutate_add(listing, mutate_say(listing, "%.*s去掉", STR_ARG(zh)),
                          mutate_say(listing, "%.*s left out", STR_ARG(en))),
               &item->span);
    mutate_span(listing, &item->span, zh, en);
    for (int by = -1; alone && input->type == POLICY_NUMBER && by <= 1; by += 2) {
        int64_t moved = item->value + by;
        const char *how_zh = by < 0 ? "减一" : "加一", *how_en = by < 0 ? "lower" : "higher";
        mutate_edit(mutate_add(listing, mutate_say(listing, "%.*s%s", STR_ARG(zh), how_zh),
                               mutate_say(listing, "%.*s %s by one", STR_ARG(en), how_en)),
                    &item->value, &moved, sizeof moved);
    }
}

/* A word that the list does not name is put behind the others. */
static void list_further(struct mutate_listing *listing, const struct policy_input *input,
                         struct policy_expr *expr)
{
    size_t more = expr->list_count + 1;
    for (size_t c = 0; c < input->choice_count; c++) {
        size_t i = 0;
        while (i < expr->list_count && expr->list[i].value != (int64_t)c) i++;
        if (i < expr->list_count) continue;
        struct policy_item *list = arena_array(listing->arena, struct policy_item, more);
        memcpy(list, expr->list, expr->list_count * sizeof *list);
        list[more - 1] = (struct policy_item){(int64_t)c, {DAY_NONE, DAY_NONE}, false};
        struct str zh = item_text(listing, input, (int64_t)c, LANG_ZH);
        struct str en = item_text(listing, input, (int64_t)c, LANG_EN);
        struct mutant *mutant =
            mutate_add(listing, mutate_say(listing, "%.*s加入名单", STR_ARG(zh)),
                       mutate_say(listing, "%.*s put into the list", STR_ARG(en)));
        mutate_edit(mutant, &expr->list, &list, sizeof list);
        mutate_edit(mutant, &expr->list_count, &more, sizeof more);
    }
}

static void list_items(struct mutate_listing *listing, struct policy_expr *expr)
{
    const struct policy_input *input = &listing->copy->inputs[expr->target];
    for (size_t i = 0; i < expr->list_count; i++) {
        list_item(listing, input, &expr->list[i], expr->list_count == 1);
    }
    list_further(listing, input, expr);
    if (expr->kind == POLICY_IN || expr->list_count < 2) return;
    bool any = expr->kind == POLICY_HAS_ANY;
    set_kind(add_of(listing, expr, any ? "改为“全部”" : "改为“任一”",
                    any ? "with \"all\" for \"any\"" : "with \"any\" for \"all\""),
             expr, any ? POLICY_HAS_ALL : POLICY_HAS_ANY);
}

static void list_sum(struct mutate_listing *listing, struct policy_expr *expr)
{
    bool sum = expr->kind == POLICY_SUM;
    set_kind(add_of(listing, expr, sum ? "的加改为减" : "的减改为加",
                    sum ? "with minus for plus" : "with plus for minus"),
             expr, sum ? POLICY_DIFFERENCE : POLICY_SUM);
}

static void list_extreme(struct mutate_listing *listing, struct policy_expr *expr)
{
    bool least = expr->kind == POLICY_LEAST;
    set_kind(add_of(listing, expr, least ? "改为较大者" : "改为较小者",
                    least ? "turned into the most" : "turned into the least"),
             expr, least ? POLICY_MOST : POLICY_LEAST);
}

static void list_rounding(struct mutate_listing *listing, struct policy_expr *expr)
{
    enum policy_rounding other = expr->rounding == POLICY_DOWN ? POLICY_UP : POLICY_DOWN;
    mutate_edit(add_of(listing, expr, "的取整方向改变", "rounded the other way"), &expr->rounding,
                &other, sizeof other);
}

static void list_scale(struct mutate_listing *listing, struct policy_expr *expr)
{
    int64_t twice = 2 * expr->numerator;
    if (expr->numerator == expr->denominator) return; /* only counted finer */
    mutate_edit(add_of(listing, expr, "加倍", "doubled"), &expr->numerator, &twice, sizeof twice);
}

static void list_value(struct mutate_listing *listing, struct policy_expr *expr)
{
    int64_t raised = expr->value + listing->step;
    size_t none = 0;
    switch (expr->kind) {
    case POLICY_LITERAL:
        if (expr->type == POLICY_DAY) break;
        mutate_edit(add_of(listing, expr, "多一点", "raised a little"), &expr->value, &raised,
                    sizeof raised);
        break;
    case POLICY_STANDARD:
        if (expr->part_count == 0) break;
        mutate_edit(add_of(listing, expr, "的“否则”去掉", "without its \"otherwise\""),
                    &expr->part_count, &none, sizeof none);
        break;
    case POLICY_SUM:
    case POLICY_DIFFERENCE: list_sum(listing, expr); break;
    case POLICY_SCALE: list_scale(listing, expr); break;
    case POLICY_LEAST:
    case POLICY_MOST: list_extreme(listing, expr); break;
    case POLICY_ROUND: list_rounding(listing, expr); break;
    default: break;
    }
}

void mutate_expr(struct mutate_listing *listing, struct policy_expr **slot)
{
    struct policy_expr *expr = *slot;
    listing->place = expr->place;
    switch (expr->kind) {
    case POLICY_ALL:
    case POLICY_ANY: list_joined(listing, expr); break;
    case POLICY_NOT:
        set_kind(add_of(listing, expr, "去掉“非”", "without its \"not\""), expr, POLICY_ALL);
        break;
    case POLICY_IS:
    case POLICY_HOLDS:
    case POLICY_LISTED: list_turned(listing, slot); break;
    case POLICY_COMPARE: list_compare(listing, expr); return;
    case POLICY_IN:
    case POLICY_HAS_ANY:
    case POLICY_HAS_ALL: list_items(listing, expr); break;
    default: list_value(listing, expr); break;
    }
    for (size_t i = 0; i < expr->part_count; i++) mutate_expr(listing, &expr->parts[i]);
}
