#include "verifying/world.h"

#include <stdlib.h>

/* Groups tied to each other: a forest in which each group points to one nearer its root. */

struct forest {
    uint32_t *up;    /* by group */
    uint32_t *tied;  /* by applicant: a group that it is tied to, or VERIFY_NONE */
    uint32_t *place; /* by root: in the components */
};

static uint32_t root_of(struct forest *forest, uint32_t group)
{
    while (forest->up[group] != group) {
        forest->up[group] = forest->up[forest->up[group]];
        group = forest->up[group];
    }
    return group;
}

static void tie(struct forest *forest, uint32_t applicant, uint32_t group)
{
    uint32_t *tied = &forest->tied[applicant];
    if (*tied == VERIFY_NONE) *tied = group;
    uint32_t x = root_of(forest, *tied), y = root_of(forest, group);
    if (x != y) forest->up[y] = x;
}

static void tie_all(const struct verify_world *world, struct forest *forest)
{
    for (uint32_t g = 0; g < world->group_count; g++) forest->up[g] = g;
    for (uint32_t a = 0; a < world->applicant_count; a++) {
        const struct verify_applicant *who = &world->applicants[a];
        forest->tied[a] = VERIFY_NONE;
        for (uint64_t c = who->first; c < who->first + who->count; c++) {
            const struct verify_choice *choice = &world->choices[c];
            const struct verify_group *group = &world->groups[choice->group];
            if (verify_bar(world, choice->batch, who, group) == NULL) tie(forest, a, choice->group);
        }
    }
    for (size_t r = 0; r < world->rows.count; r++) {
        tie(forest, world->rows.items[r].applicant, world->rows.items[r].group);
    }
}

static int by_name(const void *a, const void *b)
{
    const struct verify_component *x = a, *y = b;
    return str_compare(x->name, y->name);
}

static void name_all(const struct verify_world *world, struct forest *forest,
                     struct verify_report *report)
{
    size_t count = 0;
    struct verify_component *components =
        arena_array(world->arena, struct verify_component, world->group_count);
    for (uint32_t g = 0; g < world->group_count; g++) {
        if (root_of(forest, g) == g) forest->place[g] = (uint32_t)count++;
    }
    for (uint32_t g = 0; g < world->group_count; g++) {
        struct verify_component *component = &components[forest->place[root_of(forest, g)]];
        struct str code = dict_text(&world->groups_by_code, g);
        if (component->groups++ == 0 || str_compare(code, component->name) < 0) {
            component->name = code;
        }
    }
    for (uint32_t a = 0; a < world->applicant_count; a++) {
        if (forest->tied[a] == VERIFY_NONE) continue;
        components[forest->place[root_of(forest, forest->tied[a])]].applicants++;
    }
    if (count > 0) qsort(components, count, sizeof *components, by_name);
    for (uint32_t c = 0; c < count; c++) {
        uint32_t group = dict_find(&world->groups_by_code, components[c].name);
        forest->place[root_of(forest, group)] = c;
    }
    report->components = components;
    report->component_count = count;
}

/* That of its group, else that to which its applicant is tied. */
static uint32_t component_of(const struct verify_world *world, struct forest *forest,
                             const struct verify_violation *violation)
{
    uint32_t group = dict_find(&world->groups_by_code, violation->group);
    if (group == DICT_NONE) {
        uint32_t applicant = dict_find(&world->applicants_by_number, violation->applicant);
        if (applicant != DICT_NONE) group = forest->tied[applicant];
    }
    return group == VERIFY_NONE ? VERIFY_NONE : forest->place[root_of(forest, group)];
}

static int by_place(const void *a, const void *b)
{
    const struct verify_violation *x = a, *y = b;
    if (x->batch_place != y->batch_place) return x->batch_place < y->batch_place ? -1 : 1;
    int order = str_compare(x->group, y->group);
    if (order == 0) order = str_compare(x->applicant, y->applicant);
    if (order == 0) order = (x->code > y->code) - (x->code < y->code);
    if (order == 0) order = (x->line > y->line) - (x->line < y->line);
    return order;
}

void verify_components(struct verify_world *world, struct verify_report *report)
{
    struct arena scratch = {0};
    struct forest forest = {
        .up = arena_array(&scratch, uint32_t, world->group_count),
        .tied = arena_array(&scratch, uint32_t, world->applicant_count),
        .place = arena_array(&scratch, uint32_t, world->group_count),
    };
    tie_all(world, &forest);
    name_all(world, &forest, report);
    report->violations = world->violations.items;
    report->violation_count = world->violations.count;
    for (size_t i = 0; i < report->violation_count; i++) {
        struct verify_violation *violation = &report->violations[i];
        violation->component = component_of(world, &forest, violation);
        if (violation->component == VERIFY_NONE) continue;
        if (report->components[violation->component].violations++ == 0) report->touched_count++;
    }
    if (report->violation_count > 0) {
        qsort(report->violations, report->violation_count, sizeof *report->violations, by_place);
    }
    arena_free(&scratch);
}
