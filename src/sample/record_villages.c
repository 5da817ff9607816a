#include "sample/record.h"

/* Poor villages and their exit, and which village needs, has or shares a kindergarten. */

enum { VILLAGES_LABEL = 700, NEED_PPM = 620000, NEED_POOR_PPM = 800000, POOR_COUNTY_PPM = 850000 };

static bool is_used(const struct city *city, uint32_t village)
{
    return city->township_used[city->settings->villages[village].township];
}

static bool in_poor_county(const struct settings *settings, uint32_t village)
{
    struct str code = settings->counties[village_county(settings, village)].code;
    for (size_t i = 0; i < settings->aid.poor_county_count; i++)
        if (str_equal(settings->aid.poor_counties[i], code)) return true;
    return false;
}

/* The day on which a village left poverty: in winter of the year, in the last one by summer. */
static void draw_exit(struct works *works, struct rng *rng, struct village_fact *fact)
{
    int64_t year = works->settings->numbers[NUMBER_TO_YEAR];
    struct str word = weighted_draw(&works->settings->words[WORDS_EXITS], rng)->text;
    bool last = !str_to_i64(word, &year) || year == works->settings->numbers[NUMBER_TO_YEAR];
    day first;
    CHECK(day_from_ymd((int)year, last ? 6 : 12, 1, &first));
    fact->poor = true;
    fact->exited = (day){first.days + (int32_t)rng_below(rng, last ? 80 : 28)};
    fact->assured = (day){fact->exited.days - 20 - (int32_t)rng_below(rng, 40)};
}

/* Most of them in the poor counties; as many as are wanted, or all that there are. */
static void draw_poor(struct works *works, struct rng *rng)
{
    const struct city *city = works->city;
    const struct settings *settings = city->settings;
    uint32_t count = (uint32_t)settings->village_count;
    uint32_t *order = record_shuffled(works->arena, rng, count);
    int64_t wanted = works_target(works, NUMBER_POOR_VILLAGES), found = 0;
    int64_t among_poor = wanted * POOR_COUNTY_PPM / PPM;
    for (int pass = 0; pass < 3; pass++) {
        int64_t most = pass == 0 ? among_poor : wanted;
        for (uint32_t i = 0; i < count && found < most; i++) {
            uint32_t village = order[i];
            struct village_fact *fact = &city->facts[village];
            bool fits = pass == 2 || in_poor_county(settings, village) == (pass == 0);
            if (fact->poor || !fits || settings->villages[village].urban) continue;
            if (!is_used(city, village)) continue;
            draw_exit(works, rng, fact);
            found++;
        }
    }
    works_figure(works, "poor_villages", "village", found);
    works_figure(works, "poor_villages_exited", "village", found);
    works_figure(works, "poor_villages_assured", "village", found);
}

/* The village of the township, else of the county, with a kindergarten that is fewest away in the
 * order of the divisions. */
static uint32_t nearest_with(const struct city *city, uint32_t village)
{
    const struct settings *settings = city->settings;
    uint32_t best = NOBODY, best_far = UINT32_MAX;
    for (uint32_t i = 0; i < settings->village_count; i++) {
        if (!city->facts[i].has) continue;
        if (village_county(settings, i) != village_county(settings, village)) continue;
        uint32_t far = i > village ? i - village : village - i;
        bool same = settings->villages[i].township == settings->villages[village].township;
        if (!same) far += (uint32_t)settings->village_count;
        if (far >= best_far) continue;
        best = i;
        best_far = far;
    }
    return best;
}

static void draw_kindergartens(struct works *works, struct rng *rng)
{
    struct city *city = works->city;
    const struct settings *settings = city->settings;
    int64_t needed = 0, covered = 0;
    for (uint32_t i = 0; i < city->schools.count; i++) {
        const struct school *school = &city->schools.items[i];
        if (school->stage != STAGE_PRESCHOOL || city->facts[school->village].has) continue;
        city->facts[school->village].has = true;
        city->facts[school->village].kindergarten = i;
    }
    for (uint32_t i = 0; i < settings->village_count; i++) {
        struct village_fact *fact = &city->facts[i];
        bool drawn = sample_chance(rng, fact->poor ? NEED_POOR_PPM : NEED_PPM);
        uint32_t metres = 600 + rng_below(rng, 900), other = NOBODY;
        if (settings->villages[i].urban || !is_used(city, i)) continue;
        fact->needs = fact->has || drawn;
        if (!fact->needs) continue;
        if (!fact->has) other = nearest_with(city, i);
        fact->shared_with = other;
        if (other != NOBODY) {
            fact->kindergarten = city->facts[other].kindergarten;
            uint32_t far = other > i ? other - i : i - other;
            fact->metres = metres + 500 * (far > 6 ? 6 : far);
        }
        fact->needs = fact->has || other != NOBODY;
        needed += fact->needs;
        covered += fact->needs;
    }
    works_figure(works, "villages_needing_kindergarten", "village", needed);
    works_figure(works, "villages_with_kindergarten", "village", covered);
}

void works_villages(struct works *works)
{
    struct city *city = works->city;
    const struct settings *settings = city->settings;
    struct rng rng = rng_branch(city->seed, VILLAGES_LABEL);
    int64_t townships = 0, central = 0;
    city->facts = arena_array(city->arena, struct village_fact, settings->village_count);
    for (size_t i = 0; i < settings->village_count; i++)
        city->facts[i].shared_with = city->facts[i].kindergarten = NOBODY;
    draw_poor(works, &rng);
    draw_kindergartens(works, &rng);
    for (size_t i = 0; i < settings->township_count; i++) townships += city->township_used[i];
    for (uint32_t i = 0; i < city->schools.count; i++) central += city_school_central(city, i);
    works_figure(works, "townships", "township", townships);
    works_figure(works, "townships_with_central_kindergarten", "township", central);
}
