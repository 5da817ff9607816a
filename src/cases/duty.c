#include "cases/duty.h"

#include "base/list.h"

struct duty_list {
    struct arena *arena;
    const struct procedures *procedures;
    const struct chains *chains;
    const struct holders *holders;
    const struct case_state *state;
    LIST(struct duty) duties;
    size_t first; /* of the step at hand */
};

const struct holder *duty_holder(const struct chains *chains, const struct holders *holders,
                                 const struct case_state *state, size_t position)
{
    return holder_of(holders, chains, position, state->area, state->school_code, state->school);
}

static bool is_named(const struct duty_list *list, size_t position)
{
    /* The registers name the family. */
    if (list->chains->positions[position].level == LEVEL_FAMILY) return true;
    return duty_holder(list->chains, list->holders, list->state, position) != NULL;
}

static void add(struct duty_list *list, struct duty duty)
{
    for (size_t i = list->first; i < list->duties.count; i++) {
        struct duty *other = &list->duties.items[i];
        if (other->position != duty.position) continue;
        if (duty.since.days < other->since.days
            || (duty.since.days == other->since.days && duty.level < other->level)) {
            *other = duty;
        }
        return;
    }
    *list_push(list->arena, &list->duties) = duty;
}

/* From one who owes the step up to the end of the chain. */
static void climb(struct duty_list *list, struct duty duty)
{
    const struct procedure *procedure = list->state->procedure;
    add(list, duty);
    for (size_t steps = 0; steps < POSITIONS_MAX; steps++) {
        int above = chain_above(list->chains, duty.position);
        if (above < 0) return;
        duty.covers = !is_named(list, duty.position);
        duty.position = (size_t)above;
        if (!duty.covers) {
            duty.level++;
            duty.since = procedure_day_after(list->procedures, duty.due,
                                             procedure->escalate_days * duty.level,
                                             procedure->escalate_working);
        }
        add(list, duty);
    }
}

static void sort_step(struct duty_list *list)
{
    for (size_t i = list->first + 1; i < list->duties.count; i++) {
        struct duty moved = list->duties.items[i];
        size_t at = i;
        while (at > list->first && list->duties.items[at - 1].position > moved.position) {
            list->duties.items[at] = list->duties.items[at - 1];
            at--;
        }
        list->duties.items[at] = moved;
    }
}

void duties_of(struct arena *arena, const struct procedures *procedures,
               const struct chains *chains, const struct holders *holders,
               const struct case_state *state, struct duty **out, size_t *count)
{
    struct duty_list list = {arena, procedures, chains, holders, state, {0}, 0};
    const struct procedure *procedure = state->procedure;
    for (size_t s = 0; s < procedure->step_count && state->status != CASE_CLOSED; s++) {
        const struct case_step *step = &state->steps[s];
        if (step->standing != STEP_OWED) continue;
        list.first = list.duties.count;
        for (size_t i = 0; i < procedure->steps[s].owes_count; i++) {
            int position = position_find(chains, procedure->steps[s].owes[i]);
            CHECK(position >= 0); /* chains_load has seen to it */
            climb(&list, (struct duty){.step = s,
                                       .position = (size_t)position,
                                       .since = step->since,
                                       .due = step->due});
        }
        sort_step(&list);
    }
    *out = list.duties.items;
    *count = list.duties.count;
}

day duty_next(const struct case_state *state, int *step)
{
    day due = DAY_NONE;
    *step = -1;
    if (state->status == CASE_CLOSED) return due;
    for (size_t s = 0; s < state->procedure->step_count; s++) {
        if (state->steps[s].standing != STEP_OWED) continue;
        if (*step >= 0 && state->steps[s].due.days >= due.days) continue;
        due = state->steps[s].due;
        *step = (int)s;
    }
    return due;
}
