#include "link/engine_internal.h"

/* Why a pair weighs what it weighs: the same sums as score.c, field by field. */

static struct str joined_values(struct arena *arena, const struct link_engine *engine, size_t c,
                                uint32_t record)
{
    const struct spec_comparison *comparison = &engine->spec->comparisons[c];
    uint32_t first = engine->comparisons[c].first_field;
    const uint32_t *row = &engine->rows[(size_t)record * engine->field_count + first];
    struct text text;
    text_init(&text, arena, 1 << 16);
    for (size_t f = 0; f < comparison->field_count; f++) {
        const struct coded_column *column = &engine->columns[comparison->fields[f]];
        if (f > 0) text_add_c(&text, " | ");
        text_add(&text, column->texts[row[f]]);
    }
    return text_str(&text);
}

static void explain_field(struct arena *arena, const struct link_engine *engine,
                          const struct weights *weights, size_t c, uint32_t a, uint32_t b,
                          struct link_field *out)
{
    const struct spec_comparison *comparison = &engine->spec->comparisons[c];
    unsigned part = pair_level(engine, NULL, c, a, b);
    *out = (struct link_field){.comparison = comparison->key,
                               .label_en = comparison->label_en,
                               .label_zh = comparison->label_zh,
                               .level_en = STR("missing"),
                               .level_zh = STR("缺"),
                               .left = joined_values(arena, engine, c, a),
                               .right = joined_values(arena, engine, c, b),
                               .level = (int)part - 1};
    if (part == 0) return;
    out->level_en = comparison->levels[part - 1].label_en;
    out->level_zh = comparison->levels[part - 1].label_zh;
    out->weight_millibits = weights->levels[c][part];
    out->frequency_millibits = frequency_bits(engine, weights, c, part, a, b);
}

static struct str joined(struct arena *arena, struct str first, struct str second)
{
    struct text text;
    text_init(&text, arena, 1 << 16);
    text_add(&text, first);
    text_add_c(&text, " + ");
    text_add(&text, second);
    return text_str(&text);
}

static void explain_interaction(struct arena *arena, const struct link_engine *engine,
                                const struct weights *weights, size_t i,
                                const struct link_field *fields, struct link_field *out)
{
    const struct spec_interaction *pair = &engine->spec->interactions[i];
    const struct link_field *one = &fields[pair->first], *two = &fields[pair->second];
    bool missing = one->level < 0 || two->level < 0;
    *out = (struct link_field){.comparison = joined(arena, one->comparison, two->comparison),
                               .label_en = joined(arena, one->label_en, two->label_en),
                               .label_zh = joined(arena, one->label_zh, two->label_zh),
                               .level_en = joined(arena, one->level_en, two->level_en),
                               .level_zh = joined(arena, one->level_zh, two->level_zh),
                               .level = missing ? -1 : 0};
    if (!missing) out->weight_millibits = weights->interactions[i][one->level + 1][two->level + 1];
}

void link_explain(struct arena *arena, struct link_engine *engine, const struct link_model *model,
                  uint32_t a, uint32_t b, struct link_explanation *out)
{
    CHECK(a < engine->record_count);
    CHECK(b < engine->record_count);
    struct weights weights;
    weights_open(engine, model, &weights);
    blocks_open(engine, 0);
    size_t count = engine->spec->comparison_count, together = engine->spec->interaction_count;
    *out =
        (struct link_explanation){.prior_millibits = model->prior, .field_count = count + together};
    out->fields = arena_array(arena, struct link_field, count + together);
    for (size_t c = 0; c < count; c++) {
        explain_field(arena, engine, &weights, c, a, b, &out->fields[c]);
    }
    for (size_t i = 0; i < together; i++) {
        explain_interaction(arena, engine, &weights, i, out->fields, &out->fields[count + i]);
    }
    out->weight_millibits = model->prior;
    for (size_t c = 0; c < out->field_count; c++) {
        out->weight_millibits += out->fields[c].weight_millibits;
        out->weight_millibits += out->fields[c].frequency_millibits;
    }
    out->probability_ppm = link_probability_ppm(out->weight_millibits);
    out->rule = -1;
    if (a == b || !pair_allowed(engine, a, b)) return;
    for (size_t q = engine->spec->rule_count; q-- > 0;) {
        if (rule_covers(engine, q, equal_fields(engine, a, b), a, b)) out->rule = (int)q;
    }
}

int32_t link_weigh_pair(struct link_engine *engine, const struct link_model *model, uint32_t a,
                        uint32_t b)
{
    CHECK(a < engine->record_count);
    CHECK(b < engine->record_count);
    struct weights weights;
    weights_open(engine, model, &weights);
    return pattern_weight(engine, &weights, pair_pattern(engine, NULL, a, b), a, b);
}
