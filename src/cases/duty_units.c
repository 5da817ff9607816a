#include "cases/duty_units.h"

#include "base/dict.h"
#include "base/list.h"

#include <stdlib.h>

struct unit_list {
    struct arena *arena;
    const struct casework *work;
    struct dict keys;
    LIST(struct duty_unit) units;
};

static struct duty_unit *unit_at(struct unit_list *list, size_t position, struct str unit)
{
    struct text key;
    text_init(&key, list->arena, unit.len + 32);
    text_add_f(&key, "%zu/%.*s", position, STR_ARG(unit));
    uint32_t before = list->keys.count, number = dict_put(&list->keys, text_str(&key));
    if (number == before) {
        *list_push(list->arena, &list->units) =
            (struct duty_unit){.position = position, .unit = unit};
    }
    return &list->units.items[number];
}

static void add_case(struct unit_list *list, const struct case_row *row, size_t position, day at)
{
    const struct chains *chains = list->work->chains;
    const struct position *text = &chains->positions[position];
    struct str unit = position_unit(text, row->area, row->school_code, row->school);
    if (text->level == LEVEL_FAMILY || unit.len == 0) return;
    struct duty_unit *at_unit = unit_at(list, position, unit);
    at_unit->holder =
        holder_of(&list->work->holders, chains, position, row->area, row->school_code, row->school);
    at_unit->cases++;
    at_unit->overdue += !day_is_none(row->due) && row->due.days < at.days;
}

/* The chain in use, and whoever owes a step of the case's procedure; each position once. */
static void add_positions(struct unit_list *list, const struct case_row *row, day at)
{
    const struct chains *chains = list->work->chains;
    bool wanted[POSITIONS_MAX] = {0};
    for (size_t i = 0; i < chains->used->count; i++) wanted[chains->used->positions[i]] = true;
    for (size_t s = 0; row->procedure != NULL && s < row->procedure->step_count; s++) {
        for (size_t i = 0; i < row->procedure->steps[s].owes_count; i++) {
            int position = position_find(chains, row->procedure->steps[s].owes[i]);
            CHECK(position >= 0); /* chains_load has seen to it */
            wanted[position] = true;
        }
    }
    for (size_t p = 0; p < chains->position_count; p++) {
        if (wanted[p]) add_case(list, row, p, at);
    }
}

/* Who is named is listed also where nothing is owed. A school's is seen by who sees all areas. */
static void add_holders(struct unit_list *list, const struct asker *asker, struct str area)
{
    for (size_t i = 0; i < list->work->holders.count; i++) {
        const struct holder *holder = &list->work->holders.items[i];
        bool school = list->work->chains->positions[holder->position].level == LEVEL_SCHOOL;
        if (school ? !asker->all_areas || area.len > 0
                   : !asker_sees(asker, holder->unit)
                         || (area.len > 0 && !area_covers(area, holder->unit))) {
            continue;
        }
        unit_at(list, holder->position, holder->unit)->holder = holder;
    }
}

static int compare_units(const void *a, const void *b)
{
    const struct duty_unit *x = a, *y = b;
    if (x->position != y->position) return x->position < y->position ? -1 : 1;
    return str_compare(x->unit, y->unit);
}

bool duty_units(const struct casework *work, struct arena *arena, const struct asker *asker,
                struct str area, day at, struct duty_unit **out, size_t *count, struct err *err)
{
    struct unit_list list = {.arena = arena, .work = work};
    struct case_filter filter = {
        .area = area, .role = -1, .status = -1, .due = DAY_NONE, .at = at, .bare = true};
    struct case_row *rows;
    size_t row_count;
    if (!case_list(work, arena, asker, &filter, &rows, &row_count, err)) return false;
    dict_init(&list.keys, arena);
    for (size_t i = 0; i < row_count; i++) add_positions(&list, &rows[i], at);
    add_holders(&list, asker, area);
    if (list.units.count > 1) {
        qsort(list.units.items, list.units.count, sizeof *list.units.items, compare_units);
    }
    *out = list.units.items;
    *count = list.units.count;
    return true;
}
