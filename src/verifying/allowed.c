#include "verifying/world.h"

static const struct verify_bars bars[] = {
    {VERIFY_BARRED, {"科类不符", "the group is for another track"}},
    {VERIFY_BARRED, {"不是本县的计划", "the group is for another county"}},
    {VERIFY_BARRED,
     {"没有这个专项计划的资格", "the applicant is not proven eligible for the group's plan"}},
    {VERIFY_BARRED, {"低于最低控制分数线", "the total is below the lowest line"}},
    {VERIFY_BARRED,
     {"选考科目不符合组内任何专业的要求",
      "no programme of the group takes the applicant's subjects"}},
    {VERIFY_NOT_ALLOTTED,
     {"本组没有分给考生所在初中的名额",
      "the group has no seats for the applicant's junior school in this batch"}},
    {VERIFY_BELOW_FLOOR,
     {"比本组统招线低的分数超过规定",
      "the total is further below the general line of the group than the rules allow"}},
};

/* The lowest total: named track and plan before the track alone, that before the plan alone. Of
 * two that say the same of both the later counts. */
static bool below_line(const struct verify_batch *batch, const struct verify_applicant *applicant,
                       uint32_t plan)
{
    const struct verify_line *best[4] = {NULL};
    for (size_t i = 0; i < batch->line_count; i++) {
        const struct verify_line *line = &batch->lines[i];
        if (line->track != VERIFY_ANY && line->track != applicant->track) continue;
        if (line->plan != VERIFY_NONE && line->plan != plan) continue;
        best[(line->track == VERIFY_ANY) * 2 + (line->plan == VERIFY_NONE)] = line;
    }
    for (size_t i = 0; i < 4; i++) {
        if (best[i] != NULL) return applicant->total < best[i]->total - batch->lowered;
    }
    return false;
}

bool verify_fits(const struct verify_applicant *applicant, const struct verify_programme *programme)
{
    for (size_t i = 0; i < programme->wanted_count; i++) {
        if ((programme->wanted[i] & applicant->subjects) == 0) return false;
    }
    return true;
}

static bool any_fits(const struct verify_world *world, const struct verify_applicant *applicant,
                     const struct verify_group *group)
{
    for (uint32_t p = 0; p < group->count; p++) {
        if (verify_fits(applicant, &world->programmes[group->first + p])) return true;
    }
    return false;
}

const struct verify_bars *verify_bar(const struct verify_world *world, uint32_t batch,
                                     const struct verify_applicant *applicant,
                                     const struct verify_group *group)
{
    if (group->track != VERIFY_ANY && group->track != applicant->track) return &bars[0];
    if (group->county != VERIFY_ANY && group->county != applicant->county) return &bars[1];
    if (group->plan != VERIFY_GENERAL && (applicant->plans >> group->plan & 1) == 0)
        return &bars[2];
    if (below_line(&world->batches[batch], applicant, group->plan)) return &bars[3];
    if (world->subjects.count > 0 && !any_fits(world, applicant, group)) return &bars[4];
    if (!world->batches[batch].allotting.gives) return NULL;
    size_t given =
        verify_allotment_of(world, batch, (uint32_t)(group - world->groups), applicant->source);
    return given == SIZE_MAX ? &bars[5] : NULL;
}

const struct verify_bars *verify_floor_bar(const struct verify_world *world, uint32_t batch,
                                           const struct verify_applicant *applicant,
                                           const struct verify_group *group)
{
    const struct verify_batch *rules = &world->batches[batch];
    if (!rules->allotting.has_below) return NULL;
    size_t given =
        verify_allotment_of(world, batch, (uint32_t)(group - world->groups), applicant->source);
    if (given == SIZE_MAX || world->allotments[given].general == INT64_MIN) return NULL;
    int64_t floor = world->allotments[given].general - rules->allotting.below - rules->lowered;
    return applicant->total < floor ? &bars[6] : NULL;
}

/* In two pieces, so that no product grows too large. */
int64_t verify_takes(const struct verify_batch *batch, int64_t seats)
{
    int64_t whole = seats / batch->ratio_of, rest = seats % batch->ratio_of;
    return whole * batch->ratio + (rest * batch->ratio + batch->ratio_of - 1) / batch->ratio_of;
}
