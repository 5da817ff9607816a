#include "figures/figure_known.h"

static bool fill(struct figure_desk *desk, const struct figure *figure, struct figure_known *out,
                 struct err *err)
{
    struct figure_value value;
    struct figure_days days = figure_days_of(figure->period, desk->when.at);
    if (!figure_count(desk, figure, &value, err)) return false;
    *out = (struct figure_known){.key = figure->key,
                                 .zh = figure->zh,
                                 .en = figure->en,
                                 .words = figure->words,
                                 .from = days.from,
                                 .to = days.to};
    /* What stands on the day is not limited to it: an article of the day after says the same. */
    if (figure->period == FIGURE_AT || figure->period == FIGURE_EVER) {
        out->from = out->to = DAY_NONE;
    }
    CHECK(claim_unit_of(str_from(figure_unit_key(figure->unit)), &out->unit));
    out->has_value = figure_value_e4(figure, &value, &out->value_e4);
    if (!figure->everyone) return true;
    struct figure_everyone everyone;
    if (!figure_count_everyone(desk, figure, &everyone, err)) return false;
    out->has_counts = out->has_value;
    out->expected = everyone.expected;
    out->verified = everyone.verified;
    out->open = everyone.open;
    out->unreported = everyone.unreported;
    return true;
}

bool figures_known(struct figure_desk *desk, struct arena *arena,
                   const struct figure *const *figures, size_t count, struct figure_known **out,
                   size_t *known_count, struct err *err)
{
    CHECK(desk != NULL);
    struct figure_known *known = arena_array(arena, struct figure_known, count);
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (figures[i]->words.len == 0) continue;
        if (!fill(desk, figures[i], &known[used++], err)) return false;
    }
    *out = known;
    *known_count = used;
    return true;
}
