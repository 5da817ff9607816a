#include "placing/allotted.h"

#include <string.h>

bool place_allotment_before(const struct place_allotment *allotment, uint32_t batch, uint32_t group,
                            uint32_t source)
{
    if (allotment->batch != batch) return allotment->batch < batch;
    if (allotment->group != group) return allotment->group < group;
    return allotment->source < source;
}

uint32_t place_allotment_of(const struct place_input *input, const struct place_batch *batch,
                            const struct place_applicant *applicant,
                            const struct place_group *group)
{
    if (input->allotment_count == 0) return PLACE_NONE;
    const struct place_allotment *allotments = input->allotments;
    uint32_t own = (uint32_t)(group - input->groups);
    uint32_t source = applicant->source;
    size_t low = 0, high = input->allotment_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        bool before = place_allotment_before(&allotments[middle], batch->allot.batch, own, source);
        *(before ? &low : &high) = before ? middle + 1 : middle;
    }
    if (low == input->allotment_count) return PLACE_NONE;
    const struct place_allotment *at = &allotments[low];
    bool same = at->batch == batch->allot.batch && at->group == own && at->source == source;
    return same && at->seats > 0 ? (uint32_t)low : PLACE_NONE;
}

void place_hold(const struct place_input *input, const int64_t *left, uint32_t number,
                int64_t *held)
{
    memset(held, 0, input->group_count * sizeof *held);
    for (size_t i = 0; i < input->allotment_count; i++) {
        const struct place_allotment *allotment = &input->allotments[i];
        uint32_t rest = input->rules.batches[allotment->batch].allot.rest;
        if (rest != PLACE_NONE && number >= rest) continue;
        held[allotment->group] += left[i];
    }
}

int64_t *place_left_of(struct arena *arena, const struct place_input *input,
                       const struct place_result *result, uint32_t number)
{
    int64_t *left = arena_array(arena, int64_t, input->allotment_count);
    for (size_t i = 0; i < input->allotment_count; i++) left[i] = input->allotments[i].seats;
    for (size_t a = 0; a < input->applicant_count; a++) {
        if (result->placed[a] == PLACE_NONE) continue;
        const struct place_choice *choice = &input->choices[result->placed[a]];
        const struct place_batch *batch = &input->rules.batches[choice->batch];
        if (choice->batch >= number || batch->allot.batch == PLACE_NONE) continue;
        uint32_t allotment =
            place_allotment_of(input, batch, &input->applicants[a], &input->groups[choice->group]);
        CHECK(allotment != PLACE_NONE);
        left[allotment]--;
    }
    return left;
}

int64_t place_floor_of(const struct place_batch *batch, int64_t general)
{
    if (!batch->allot.has_below || general == INT64_MIN) return INT64_MIN;
    return general - batch->allot.below - batch->lowered;
}
