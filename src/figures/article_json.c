#include "figures/article_json.h"

static void value(struct json *json, struct arena *arena, const char *key, int64_t value_e4)
{
    if (value_e4 % CLAIM_E4 == 0) {
        json_key_i64(json, key, value_e4 / CLAIM_E4);
    } else {
        json_key_str(json, key, claim_decimal(arena, value_e4));
    }
}

static void counts(struct json *json, const struct figure_known *figure)
{
    json_key(json, "coverage");
    json_object(json);
    json_key_i64(json, "expected", figure->expected);
    json_key_i64(json, "verified", figure->verified);
    json_key_i64(json, "open", figure->open);
    json_key_i64(json, "unreported", figure->unreported);
    json_object_end(json);
}

static void one_claim(struct json *json, struct arena *arena, const struct claim *claim,
                      const struct match *match, const struct figure_known *figures)
{
    const struct figure_known *figure = match->figure >= 0 ? &figures[match->figure] : NULL;
    json_object(json);
    json_key_str(json, "text", claim->text);
    json_key_str(json, "subject", claim->subject);
    value(json, arena, "value", claim->value_e4);
    if (claim->exactness == CLAIM_RANGE) value(json, arena, "value_high", claim->high_e4);
    json_key_str(json, "unit", str_from(claim_unit_key(claim->unit)));
    json_key_bool(json, "approximate", claim->exactness != CLAIM_EXACT);
    json_key_str(json, "exactness", str_from(claim_exactness_key(claim->exactness)));
    json_key_bool(json, "everyone", claim->everyone);
    json_key_bool(json, "goal", claim->goal);
    json_key(json, "figure");
    figure != NULL ? json_str(json, figure->key) : json_null(json);
    if (figure != NULL && figure->has_value) {
        value(json, arena, "ours", figure->value_e4);
    } else {
        json_key(json, "ours");
        json_null(json);
    }
    json_key_str(json, "verdict", str_from(verdict_key(match->verdict)));
    if (match->verdict == VERDICT_DIFFERS) {
        value(json, arena, "off", match->off_e4);
        if (match->corrected.len > 0) json_key_str(json, "corrected", match->corrected);
    }
    if (figure != NULL && claim->everyone && figure->has_counts) counts(json, figure);
    json_key_str(json, "sentence", claim->sentence);
    json_object_end(json);
}

static void sums(struct json *json, struct arena *arena, const struct claims *claims)
{
    json_key(json, "sums");
    json_list(json);
    for (size_t i = 0; i < claims->sum_count; i++) {
        const struct claim_sum *sum = &claims->sums[i];
        json_object(json);
        value(json, arena, "total", sum->stated_e4);
        json_key(json, "parts");
        json_list(json);
        for (size_t k = 0; k < sum->part_count; k++) {
            int64_t part = claims->items[sum->parts[k]].value_e4;
            if (part % CLAIM_E4 == 0) {
                json_i64(json, part / CLAIM_E4);
            } else {
                json_str(json, claim_decimal(arena, part));
            }
        }
        json_list_end(json);
        value(json, arena, "added", sum->added_e4);
        json_key_bool(json, "holds", sum->holds);
        json_object_end(json);
    }
    json_list_end(json);
}

static void repairs(struct json *json, const struct repairs *found)
{
    json_key(json, "repairs");
    json_list(json);
    for (int kind = 0; kind < REPAIR_KIND_COUNT; kind++) {
        if (found->counts[kind] == 0) continue;
        json_object(json);
        json_key_str(json, "kind", str_from(repair_kind_key((enum repair_kind)kind)));
        json_key_i64(json, "count", (int64_t)found->counts[kind]);
        json_key(json, "places");
        json_list(json);
        for (size_t i = 0; i < found->shown_count; i++) {
            const struct repair *repair = &found->shown[i];
            if ((int)repair->kind != kind) continue;
            json_object(json);
            json_key_i64(json, "line", (int64_t)repair->line);
            json_key_str(json, "before", repair->before);
            json_key_str(json, "after", repair->after);
            json_object_end(json);
        }
        json_list_end(json);
        json_object_end(json);
    }
    json_list_end(json);
}

void article_json(struct json *json, struct arena *arena, const struct claims *claims,
                  const struct match *matches, const struct figure_known *figures)
{
    const struct article *article = claims->article;
    char text[DAY_TEXT_SIZE];
    json_key_str(json, "title", article->title);
    json_key(json, "published");
    day_is_none(article->published)
        ? json_null(json)
        : json_str(json, str_from(day_format(article->published, text)));
    json_key(json, "claims");
    json_list(json);
    for (size_t i = 0; i < claims->count; i++) {
        one_claim(json, arena, &claims->items[i], &matches[i], figures);
    }
    json_list_end(json);
    sums(json, arena, claims);
    repairs(json, &article->repairs);
}

bool article_is_wrong(const struct claims *claims, const struct match *matches)
{
    for (size_t i = 0; i < claims->count; i++) {
        if (matches[i].verdict == VERDICT_DIFFERS) return true;
    }
    for (size_t i = 0; i < claims->sum_count; i++) {
        if (!claims->sums[i].holds) return true;
    }
    return false;
}
