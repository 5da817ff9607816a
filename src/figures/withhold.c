#include "figures/withhold.h"

static bool is_small(int64_t small_below, int64_t people)
{
    return people > 0 && people < small_below;
}

bool figure_is_small(const struct figures *figures, const struct figure *figure,
                     const struct figure_value *value)
{
    if (!figure->persons) return false;
    if (is_small(figures->small_below, value->rows)) return true;
    if (figure->measure != FIGURE_SHARE) return false;
    /* Of a share neither line may be small, nor what is between them. */
    return is_small(figures->small_below, value->over)
           || is_small(figures->small_below, value->over - value->amount);
}

void figure_withhold(const struct figures *figures, const struct figure *figure,
                     const struct figure_part_value *parts, size_t count, bool *withheld)
{
    int64_t sum = 0;
    size_t hidden = 0;
    for (size_t i = 0; i < count; i++) {
        withheld[i] = figure_is_small(figures, figure, &parts[i].value);
        if (!withheld[i]) continue;
        sum += parts[i].value.rows;
        hidden++;
    }
    while (hidden > 0 && hidden < count && (hidden == 1 || sum < figures->small_below)) {
        size_t least = count;
        for (size_t i = 0; i < count; i++) {
            if (withheld[i] || parts[i].value.rows == 0) continue;
            if (least == count || parts[i].value.rows < parts[least].value.rows) least = i;
        }
        if (least == count) break;
        withheld[least] = true;
        sum += parts[least].value.rows;
        hidden++;
    }
}
