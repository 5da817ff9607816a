#include "figures/standards.h"

#include "base/list.h"

/* The gaps of a set, merged by county and indicator. */

enum { HUNDREDTHS = 100 };

/* The coefficient of one stage, indicator and county; NULL where there is none. */
static const struct standard_county *row_of(const struct standards_found *found, struct str code,
                                            int stage, size_t indicator)
{
    for (size_t i = 0; i < found->county_count; i++) {
        const struct standard_county *row = &found->counties[i];
        if ((int)row->stage == stage && row->indicator == indicator && str_equal(row->code, code)) {
            return row;
        }
    }
    return NULL;
}

static bool is_in(const struct standard_school *school, struct str code)
{
    return str_starts(school->area, code)
           || (school->area.len == 0 && str_equal(school->county, code));
}

/* Whether the county has to be made more even in this, and to which limit: its own, or that of the
 * mean, which holds where every coefficient does. */
static bool is_uneven(const struct standards_found *found, const struct standard_set *set,
                      const struct standard_county *row, int stage)
{
    if (!set->mean) return row->judged && !row->met;
    const struct standard_county *mean = row_of(found, row->code, stage, SIZE_MAX);
    return mean != NULL && mean->judged && !mean->met && row->coefficient > set->limit[stage];
}

static void even_out(const struct standards_found *found, const struct standard_set *set, int stage,
                     struct standard_line *line, struct balance_part *parts,
                     struct balance_part *room)
{
    const struct standard_indicator *indicator = &set->indicators[line->indicator];
    struct standard_line_stage *out = &line->stages[stage];
    struct balance_even even;
    size_t count = 0;
    for (size_t i = 0; i < found->school_count; i++) {
        const struct standard_school *school = &found->schools[i];
        if ((int)school->stage != stage || !school->stated[line->indicator]
            || !is_in(school, line->code)) {
            continue;
        }
        parts[count++] = (struct balance_part){school->pupils, school->has[line->indicator]};
    }
    if (!balance_even(parts, count, indicator->per, indicator->whole, set->limit[stage], room,
                      &even)) {
        return;
    }
    out->level = even.level;
    line->raised += even.raised;
    line->added += even.added;
}

/* What `hundredths` of the unit cost, rounded up to a fen; -1 without a price, or beyond 64 bits.
 */
static int64_t cost_of(const struct standard_indicator *indicator, int64_t hundredths)
{
    int64_t cost = 0;
    if (indicator->price_fen < 0
        || __builtin_mul_overflow(hundredths, indicator->price_fen, &cost)) {
        return -1;
    }
    return cost / HUNDREDTHS + (cost % HUNDREDTHS > 0);
}

static void add_gaps(const struct standards_found *found, struct standard_line *line)
{
    for (size_t i = 0; i < found->gap_count; i++) {
        const struct standard_gap *gap = &found->gaps[i];
        if (gap->indicator != line->indicator || !is_in(&found->schools[gap->school], line->code)) {
            continue;
        }
        line->below++;
        line->lacking += gap->lacking;
    }
}

void standards_lines(const struct standards_found *found, struct arena *arena,
                     const struct standard_set *set, struct standard_line **out, size_t *count)
{
    LIST(struct standard_line) lines = {0};
    struct balance_part *parts = arena_array(arena, struct balance_part, found->school_count + 1);
    struct balance_part *room = arena_array(arena, struct balance_part, found->school_count + 1);
    struct str done = STR_EMPTY;
    for (size_t i = 0; i < found->county_count; i++) {
        struct str code = found->counties[i].code;
        if (i > 0 && str_equal(code, done)) continue;
        done = code;
        for (size_t k = 0; k < set->indicator_count; k++) {
            struct standard_line line = {
                .code = code, .name = found->counties[i].name, .indicator = k};
            for (int stage = 0; stage < STANDARD_STAGES; stage++) {
                const struct standard_county *row = row_of(found, code, stage, k);
                if (row == NULL) continue;
                line.stages[stage] =
                    (struct standard_line_stage){.schools = row->schools,
                                                 .coefficient = row->coefficient,
                                                 .limit = row->limit,
                                                 .uneven = is_uneven(found, set, row, stage)};
                if (line.stages[stage].uneven) even_out(found, set, stage, &line, parts, room);
            }
            add_gaps(found, &line);
            if (line.lacking == 0 && !line.stages[0].uneven && !line.stages[1].uneven) continue;
            line.lacking_fen = cost_of(&set->indicators[k], line.lacking);
            line.added_fen = cost_of(&set->indicators[k], line.added);
            *list_push(arena, &lines) = line;
        }
    }
    *out = lines.items;
    *count = lines.count;
}
