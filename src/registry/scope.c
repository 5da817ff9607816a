#include "registry/scope.h"

#include "base/list.h"

#include <stdlib.h>

enum { PRINT_UNITS_MAX = 4, SCOPE_BYTES_MAX = 512 };

struct school_reading {
    struct schools *schools;
    struct arena *arena;
    int code, name;
};

static void add_code(struct school_reading *reading, struct str code, struct str area)
{
    struct schools *schools = reading->schools;
    uint32_t number = dict_put(&schools->codes, code);
    list_grow(reading->arena, (void **)&schools->code_areas, &schools->code_capacity, number,
              sizeof *schools->code_areas);
    schools->code_areas[number] = area;
}

static void add_name(struct school_reading *reading, struct str name, struct str code,
                     struct str area)
{
    struct schools *schools = reading->schools;
    uint32_t before = schools->names.count;
    uint32_t number = dict_put(&schools->names, name);
    list_grow(reading->arena, (void **)&schools->by_name, &schools->name_capacity, number,
              sizeof *schools->by_name);
    struct school_name *entry = &schools->by_name[number];
    if (number == before) {
        *entry = (struct school_name){.code = code, .area = area};
    } else if (!str_equal(entry->code, code) || !str_equal(entry->area, area)) {
        entry->shared = true;
    }
}

static bool add_school(void *context, const struct statement *statement)
{
    struct school_reading *reading = context;
    struct str area = str_copy(reading->arena, statement->area), code = STR_EMPTY;
    if (reading->code >= 0) code = str_copy(reading->arena, statement->values[reading->code]);
    if (code.len > 0) add_code(reading, code, area);
    if (reading->name >= 0 && statement->values[reading->name].len > 0) {
        add_name(reading, statement->values[reading->name], code, area);
    }
    return true;
}

bool schools_read(struct schools *schools, struct arena *arena, struct registry *registry,
                  struct err *err)
{
    *schools = (struct schools){0};
    dict_init(&schools->codes, arena);
    dict_init(&schools->names, arena);
    const struct profile *profile = profile_find(registry->profiles, STR("schools"));
    if (profile == NULL) return true;
    struct school_reading reading = {.schools = schools,
                                     .arena = arena,
                                     .code = profile_field_number(profile, "school_code"),
                                     .name = profile_field_number(profile, "school_name")};
    const struct asker all = {.name = STR("registry"), .all_areas = true};
    const struct read_at now = {.at = {INT32_MAX}, .known_ms = INT64_MAX};
    return registry_read(registry, &all, profile, now, add_school, &reading, err);
}

struct scope_fields scope_fields_of(const struct profile *profile)
{
    return (struct scope_fields){
        .profile = profile,
        .school_code = profile_field_number(profile, "school_code"),
        .school_name = profile_field_number(profile, "school_name"),
        .by_school = str_is(profile->scope, "school"),
        .all = str_is(profile->scope, "all"),
    };
}

static struct str value_of(const struct str *values, int field)
{
    return field < 0 ? STR_EMPTY : values[field];
}

static const struct school_name *school_named(const struct schools *schools, struct str name)
{
    if (name.len == 0) return NULL;
    uint32_t number = dict_find(&schools->names, name);
    if (number == DICT_NONE || schools->by_name[number].shared) return NULL;
    return &schools->by_name[number];
}

struct str scope_school_area(const struct scope_fields *fields, const struct schools *schools,
                             const struct str *values)
{
    struct str code = value_of(values, fields->school_code);
    uint32_t number = code.len == 0 ? DICT_NONE : dict_find(&schools->codes, code);
    if (number != DICT_NONE) return schools->code_areas[number];
    const struct school_name *named = school_named(schools, value_of(values, fields->school_name));
    return named == NULL ? STR_EMPTY : named->area;
}

static struct str school_key(const struct scope_fields *fields, const struct schools *schools,
                             const struct str *values)
{
    struct str code = value_of(values, fields->school_code);
    if (code.len > 0) return code;
    struct str name = value_of(values, fields->school_name);
    const struct school_name *named = school_named(schools, name);
    return named != NULL && named->code.len > 0 ? named->code : name;
}

struct str scope_unit(const struct scope_fields *fields, const struct schools *schools,
                      const struct str *values, struct str area, struct text *text)
{
    if (fields->all) return STR("all");
    text_clear(text);
    struct str school = fields->by_school ? school_key(fields, schools, values) : STR_EMPTY;
    if (school.len > 0) {
        text_add(text, STR("school "));
        text_add(text, school);
    } else {
        text_add(text, area.len > 0 ? STR("area ") : STR("area"));
        text_add(text, area);
    }
    return text_str(text);
}

/* The division code of a unit that is a known area, else empty. */
static struct str unit_area(struct str unit)
{
    return str_starts(unit, STR("area ")) ? str_slice(unit, 5, unit.len) : STR_EMPTY;
}

bool scope_overlaps(const struct dict *units, struct str old)
{
    if (str_is(old, "area") || dict_find(units, old) != DICT_NONE) return true;
    struct str area = unit_area(old);
    for (uint32_t i = 0; area.len > 0 && i < units->count; i++) {
        struct str unit = unit_area(dict_text(units, i));
        if (unit.len > 0 && (area_covers(unit, area) || area_covers(area, unit))) return true;
    }
    return false;
}

static int compare_units(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static size_t unite(struct str *list, size_t count)
{
    if (count > 1) qsort(list, count, sizeof *list, compare_units);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || !str_equal(list[kept - 1], list[i])) list[kept++] = list[i];
    }
    return kept;
}

struct str scope_print(struct arena *arena, const struct dict *units)
{
    size_t count = units->count;
    struct str *list = arena_array(arena, struct str, count);
    for (size_t i = 0; i < count; i++) {
        struct str unit = dict_text(units, (uint32_t)i);
        struct str area = unit_area(unit);
        list[i] = area.len > 0 ? area : unit;
    }
    count = unite(list, count);
    static const size_t levels[] = {9, 6, 4};
    for (size_t level = 0; level < 3 && count > PRINT_UNITS_MAX; level++) {
        for (size_t i = 0; i < count; i++) {
            bool code = list[i].len > 0 && list[i].ptr[0] >= '0' && list[i].ptr[0] <= '9';
            if (code) list[i] = str_slice(list[i], 0, levels[level]);
        }
        count = unite(list, count);
    }
    struct text text;
    text_init(&text, arena, SCOPE_BYTES_MAX);
    for (size_t i = 0; i < count && i < PRINT_UNITS_MAX; i++) {
        if (i > 0) text_add(&text, STR(", "));
        text_add(&text, list[i]);
    }
    if (count > PRINT_UNITS_MAX) text_add_f(&text, " … (%zu)", count);
    return text_str(&text);
}
