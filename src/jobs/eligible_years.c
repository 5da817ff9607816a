#include "jobs/eligible_years.h"

bool eligible_years_make(struct eligible_hearing *hearing, struct workspace *workspace,
                         struct arena *arena, const struct asker *asker,
                         const struct policy *policy, const struct people *people,
                         struct eligible_years **out, struct err *err)
{
    *out = NULL;
    if (hearing == NULL) return true;
    struct eligible_years *years = arena_new(arena, struct eligible_years);
    if (!eligible_known_of(hearing, workspace, arena, asker, policy, people, &years->known, err)) {
        return false;
    }
    years->count = years->known.year_count > 0 ? years->known.year_count : 1;
    years->items = arena_array(arena, struct eligible, years->count);
    for (size_t i = 0; i < years->count; i++) {
        int year = years->known.year_count > 0 ? years->known.years[i] : 0;
        if (!eligible_decide(&years->known, arena, year, people->when.at, &years->items[i], err)) {
            return false;
        }
    }
    *out = years;
    return true;
}

const struct eligible *eligible_years_find(const struct eligible_years *years, int year, day at)
{
    int wanted = year, month, date;
    if (years == NULL) return NULL;
    if (year == 0) day_to_ymd(at, &wanted, &month, &date);
    for (size_t i = 0; i < years->count; i++) {
        if (years->items[i].year == wanted) return &years->items[i];
    }
    return year == 0 && years->count > 0 ? &years->items[0] : NULL;
}
