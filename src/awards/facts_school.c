#include "awards/facts_internal.h"

static const struct fact_register *register_of(const struct fact_maker *maker, uint32_t row)
{
    return &maker->text->registers[maker->kept->rows[row].register_number];
}

static struct str code_of(const struct fact_maker *maker, uint32_t row)
{
    return fact_text_at(maker->kept, row, register_of(maker, row)->school_code);
}

static struct str name_of(const struct fact_maker *maker, uint32_t row)
{
    return fact_text_at(maker->kept, row, register_of(maker, row)->school_name);
}

static void add_school(struct fact_maker *maker, uint32_t row)
{
    struct str code = code_of(maker, row), name = name_of(maker, row);
    if (code.len > 0) {
        uint32_t number = dict_put(&maker->school_codes, code);
        if (number == maker->code_rows.count) (void)list_push(maker->arena, &maker->code_rows);
        maker->code_rows.items[number] = row;
    }
    if (name.len == 0) return;
    uint32_t number = dict_put(&maker->school_names, name);
    bool fresh = number == maker->name_rows.count;
    if (fresh) (void)list_push(maker->arena, &maker->name_rows);
    struct household_head *at = &maker->name_rows.items[number];
    at->shared = !fresh && !str_equal(code_of(maker, at->row), code);
    at->row = row;
}

/* A register of people who are not linked (teachers) names schools and is none of them. */
static bool is_of_members(const struct facts_text *text, size_t register_number)
{
    for (size_t i = 0; i < text->member_count; i++) {
        if (text->members[i].register_number == register_number) return true;
    }
    return false;
}

void facts_read_schools(struct fact_maker *maker)
{
    dict_init(&maker->school_codes, maker->arena);
    dict_init(&maker->school_names, maker->arena);
    for (size_t r = 0; r < maker->text->register_count; r++) {
        if (maker->text->registers[r].profile->people || is_of_members(maker->text, r)) continue;
        for (size_t i = maker->kept->firsts[r]; i < maker->kept->firsts[r + 1]; i++) {
            add_school(maker, (uint32_t)i);
        }
    }
}

uint32_t fact_school_row(const struct fact_maker *maker, uint32_t row)
{
    uint32_t number = dict_find(&maker->school_codes, code_of(maker, row));
    if (number != DICT_NONE) return maker->code_rows.items[number];
    number = dict_find(&maker->school_names, name_of(maker, row));
    if (number == DICT_NONE || maker->name_rows.items[number].shared) return UINT32_MAX;
    return maker->name_rows.items[number].row;
}

struct str fact_school_text(const struct fact_maker *maker, uint32_t row)
{
    struct str code = code_of(maker, row);
    if (code.len > 0) return code;
    uint32_t school = fact_school_row(maker, row);
    if (school != UINT32_MAX && code_of(maker, school).len > 0) return code_of(maker, school);
    return name_of(maker, row);
}

bool fact_same_school(const struct fact_maker *maker, uint32_t a, uint32_t b)
{
    struct str x = fact_school_text(maker, a);
    return x.len > 0 && str_equal(x, fact_school_text(maker, b));
}
