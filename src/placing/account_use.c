#include "placing/account.h"
#include "placing/allotted.h"

#include <string.h>

struct using
{
    const struct place_input *input;
    struct place_use *uses;    /* by allotment */
    struct place_use *schools; /* by source; behind them those without one */
};

/* One more who is placed by such a seat. */
static void add(struct place_use *use, int64_t total)
{
    if (use->used == 0 || total < use->lowest) use->lowest = total;
    if (use->used == 0 || total > use->highest) use->highest = total;
    use->used++;
}

static bool use_row(void *context, const struct place_row *row, struct err *err)
{
    struct using *using = context;
    const struct place_input *input = using->input;
    const struct place_applicant *who = &input->applicants[row->applicant];
    const struct place_batch *batch = &input->rules.batches[row->batch];
    (void)err;
    if (!input->has_sources) return true;
    uint32_t source = who->source;
    struct place_use *school = &using->schools[source == PLACE_NONE ? input->source_count : source];
    school->placed++;
    if (batch->allot.batch == PLACE_NONE) return true;
    uint32_t allotment = place_allotment_of(input, batch, who, &input->groups[row->group]);
    if (allotment == PLACE_NONE) return true;
    add(&using->uses[allotment], who->total);
    add(school, who->total);
    return true;
}

/* What was not used; a result may use more than there are. */
static void settle(struct using *using)
{
    const struct place_input *input = using->input;
    for (size_t i = 0; i < input->allotment_count; i++) {
        const struct place_allotment *allotment = &input->allotments[i];
        struct place_use *use = &using->uses[i], *school = &using->schools[allotment->source];
        int64_t unused = use->given > use->used ? use->given - use->used : 0;
        bool open = input->rules.batches[allotment->batch].allot.rest != PLACE_NONE;
        *(open ? &use->flowed_back : &use->left_empty) = unused;
        school->given += use->given;
        school->flowed_back += use->flowed_back;
        school->left_empty += use->left_empty;
    }
}

bool place_account_use(struct arena *arena, const struct place_input *input, const char *path,
                       bool by_source, struct place_use **out, size_t *count, struct err *err)
{
    struct using using = {.input = input};
    using.uses = arena_array(arena, struct place_use, input->allotment_count);
    using.schools = arena_array(arena, struct place_use, input->source_count + 1);
    for (size_t i = 0; i < input->allotment_count; i++) {
        const struct place_allotment *allotment = &input->allotments[i];
        using.uses[i] = (struct place_use){
            .source = input->sources[allotment->source],
            .batch = input->rules.batches[allotment->batch].key,
            .group = input->groups[allotment->group].code,
            .given = allotment->seats,
        };
    }
    for (size_t s = 0; s < input->source_count; s++) using.schools[s].source = input->sources[s];
    for (size_t a = 0; input->has_sources && a < input->applicant_count; a++) {
        uint32_t source = input->applicants[a].source;
        using.schools[source == PLACE_NONE ? input->source_count : source].applicants++;
    }
    if (!place_read_result(arena, input, path, true, use_row, &using, err)) return false;
    settle(&using);
    bool without = using.schools[input->source_count].applicants > 0;
    *out = by_source ? using.schools : using.uses;
    *count = by_source ? input->source_count + without : input->allotment_count;
    return true;
}
