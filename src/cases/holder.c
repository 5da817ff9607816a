#include "base/list.h"
#include "cases/chain.h"

#include <stdlib.h>

struct holder_list {
    struct arena *arena;
    const struct chains *chains;
    int area, school_code, school, position, name, phone, class;
    LIST(struct holder) items;
};

static struct str value_of(const struct statement *statement, int field)
{
    return field < 0 ? STR_EMPTY : statement->values[field];
}

/* "班主任（师长）" is meant by 班主任 and by 师长 too. */
static bool is_named(const struct position *position, struct str written)
{
    if (written.len == 0) return false;
    if (str_equal(position->key, written) || str_equal(position->zh, written)
        || str_equal(position->en, written)) {
        return true;
    }
    size_t open = str_find(position->zh, STR("（"));
    if (open == SIZE_MAX) return false;
    size_t bracket = STR("（").len;
    struct str before = str_slice(position->zh, 0, open);
    struct str inside = str_slice(position->zh, open + bracket, position->zh.len - STR("）").len);
    return str_equal(before, written) || str_equal(inside, written);
}

/* The unit that a row of the register speaks of, as position_unit cuts it. */
static struct str unit_of(const struct holder_list *list, const struct position *position,
                          const struct statement *statement)
{
    if (position->level == LEVEL_SCHOOL) {
        struct str code = value_of(statement, list->school_code);
        return code.len > 0 ? code : value_of(statement, list->school);
    }
    struct str area = value_of(statement, list->area);
    if (area.len == 0) area = statement->area;
    return position_unit(position, area, STR_EMPTY, STR_EMPTY);
}

static bool take_row(void *context, const struct statement *statement)
{
    struct holder_list *list = context;
    struct str written = str_trim(value_of(statement, list->position));
    struct str name = str_trim(value_of(statement, list->name));
    if (name.len == 0) return true;
    for (size_t i = 0; i < list->chains->position_count; i++) {
        const struct position *position = &list->chains->positions[i];
        if (!is_named(position, written)) continue;
        struct str unit = unit_of(list, position, statement);
        if (unit.len == 0) continue;
        *list_push(list->arena, &list->items) =
            (struct holder){.unit = str_copy(list->arena, unit),
                            .position = i,
                            .name = str_copy(list->arena, name),
                            .phone = str_copy(list->arena, value_of(statement, list->phone)),
                            .class = str_copy(list->arena, value_of(statement, list->class)),
                            .statement = statement->number};
    }
    return true;
}

static int compare_holders(const void *a, const void *b)
{
    const struct holder *x = a, *y = b;
    if (x->position != y->position) return x->position < y->position ? -1 : 1;
    int order = str_compare(x->unit, y->unit);
    if (order != 0) return order;
    return (x->statement > y->statement) - (x->statement < y->statement);
}

bool holders_read(struct holders *out, struct arena *arena, struct registry *registry,
                  const struct asker *asker, const struct chains *chains, struct read_at when,
                  struct err *err)
{
    const struct profile *profile = profile_find(registry->profiles, STR("duties"));
    struct holder_list list = {.arena = arena, .chains = chains};
    *out = (struct holders){0};
    if (profile == NULL) return true;
    list.area = profile_field_number(profile, "area_code");
    list.school_code = profile_field_number(profile, "school_code");
    list.school = profile_field_number(profile, "school_name");
    list.position = profile_field_number(profile, "position");
    list.name = profile_field_number(profile, "holder");
    list.phone = profile_field_number(profile, "phone");
    list.class = profile_field_number(profile, "class");
    if (!registry_read(registry, asker, profile, when, take_row, &list, err)) return false;
    if (list.items.count > 1) {
        qsort(list.items.items, list.items.count, sizeof *list.items.items, compare_holders);
    }
    *out = (struct holders){list.items.items, list.items.count};
    return true;
}

const struct holder *holder_of(const struct holders *holders, const struct chains *chains,
                               size_t position, struct str area, struct str school_code,
                               struct str school)
{
    struct holder key = {.position = position, .statement = INT64_MIN};
    const struct position *text = &chains->positions[position];
    key.unit = position_unit(text, area, school_code, school);
    if (key.unit.len == 0) return NULL;
    for (int round = 0; round < 2; round++) {
        size_t low = 0, high = holders->count;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (compare_holders(&holders->items[middle], &key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if (low < holders->count && holders->items[low].position == position
            && str_equal(holders->items[low].unit, key.unit)) {
            return &holders->items[low];
        }
        /* A school that the list of duties knows by its name only. */
        if (text->level != LEVEL_SCHOOL || school.len == 0) return NULL;
        key.unit = school;
    }
    return NULL;
}
