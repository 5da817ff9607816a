#include "figures/withhold.h"

static bool is_small(int64_t small_below, int64_t people)
{
    return people > 0 && people < small_below;
}

/* How many people a number speaks of. */
static int64_t people_of(const struct figure *figure, const struct figure_value *value)
{
    bool counts = figure->unit == FIGURE_PERSONS || figure->unit == FIGURE_PERSON_TIMES;
    return counts ? value->amount : value->rows;
}

bool figure_is_small(const struct figures *figures, const struct figure *figure,
                     const struct figure_value *value)
{
    if (!figure->persons) return false;
    if (is_small(figures->small_below, people_of(figure, value))) return true;
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
        sum += people_of(figure, &parts[i].value);
        hidden++;
    }
    while (hidden > 0 && hidden < count && (hidden == 1 || sum < figures->small_below)) {
        size_t least = count;
        for (size_t i = 0; i < count; i++) {
            int64_t people = people_of(figure, &parts[i].value);
            if (withheld[i] || people == 0) continue;
            if (least == count || people < people_of(figure, &parts[least].value)) least = i;
        }
        if (least == count) break;
        withheld[least] = true;
        sum += people_of(figure, &parts[least].value);
        hidden++;
    }
}
