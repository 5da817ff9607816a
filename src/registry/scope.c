#include "registry/scope.h"

#include "base/list.h"
#include "registry/timeline.h"

#include <stdlib.h>

enum { PRINT_UNITS_MAX = 4, SCOPE_BYTES_MAX = 512 };

static void add_code(struct schools *schools, struct arena *arena, struct str code, struct str area)
{
    uint32_t number = dict_put(&schools->codes, code);
    list_grow(arena, (void **)&schools->code_areas, &schools->code_capacity, number,
              sizeof *schools->code_areas);
    schools->code_areas[number] = area;
}

static void add_name(struct schools *schools, struct arena *arena, struct str name, struct str code,
                     struct str area)
{
    uint32_t before = schools->names.count;
    uint32_t number = dict_put(&schools->names, name);
    list_grow(arena, (void **)&schools->by_name, &schools->name_capacity, number,
              sizeof *schools->by_name);
    struct school_name *entry = &schools->by_name[number];
    if (number == before) {
        *entry = (struct school_name){.code = code, .area = area};
    } else if (!str_equal(entry->code, code) || !str_equal(entry->area, area)) {
        entry->shared = true;
    }
}

static bool read_school_rows(struct schools *schools, struct arena *arena,
                             struct registry *registry, const struct timeline *timeline,
                             struct err *err)
{
    static const char *const columns[] = {"statement", "batch", "area", "school_code",
                                          "school_name"};
    struct store_statement *select = NULL;
    if (!store_prepare_table(registry->store, &select,
                             "SELECT @columns FROM @table ORDER BY statement", "register_schools",
                             columns, 5, err)) {
        return false;
    }
    bool row = false, done = false;
    while ((done = store_step(select, &row, err)) && row) {
        const struct timeline_batch *batch = timeline_batch_find(timeline, store_i64(select, 1));
        if (batch == NULL) continue;
        if (!timeline_holds(timeline, batch, store_i64(select, 0), TIMELINE_END)) continue;
        struct str area = str_copy(arena, store_str(select, 2));
        struct str code = str_copy(arena, store_str(select, 3)), name = store_str(select, 4);
        if (code.len > 0) add_code(schools, arena, code, area);
        if (name.len > 0) add_name(schools, arena, name, code, area);
    }
    store_finish(select);
    return done;
}

static bool plain_field(const struct profile *profile, const char *key)
{
    int field = profile_field_number(profile, key);
    return field >= 0 && !profile->fields[field].identifying;
}

bool schools_read(struct schools *schools, struct arena *arena, struct registry *registry,
                  struct err *err)
{
    *schools = (struct schools){0};
    dict_init(&schools->codes, arena);
    dict_init(&schools->names, arena);
    const struct profile *profile = profile_find(registry->profiles, STR("schools"));
    if (profile == NULL || !plain_field(profile, "school_code")
        || !plain_field(profile, "school_name")) {
        return true;
    }
    /* Plain columns only: a school's file is loaded often, and nothing here needs opening. */
    struct timeline timeline;
    if (!timeline_read(&timeline, arena, registry, profile, INT64_MAX, err)) return false;
    return timeline.batch_count == 0 || read_school_rows(schools, arena, registry, &timeline, err);
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

struct str scope_unit_today(const struct schools *schools, struct str unit, struct text *text)
{
    if (!str_starts(unit, STR("school "))) return unit;
    const struct school_name *named = school_named(schools, str_slice(unit, 7, unit.len));
    if (named == NULL || named->code.len == 0) return unit;
    text_clear(text);
    text_add(text, STR("school "));
    text_add(text, named->code);
    return text_str(text);
}

bool scope_touches(struct str a, struct str b)
{
    if (str_equal(a, b)) return true;
    struct str area = unit_area(a), other = unit_area(b);
    return area.len > 0 && other.len > 0 && (area_covers(area, other) || area_covers(other, area));
}

bool scope_overlaps(const struct dict *units, struct str unit)
{
    if (dict_find(units, unit) != DICT_NONE) return true;
    bool area = unit_area(unit).len > 0;
    for (uint32_t i = 0; area && i < units->count; i++) {
        if (scope_touches(dict_text(units, i), unit)) return true;
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

/* Codes are cut to the divisions above until there are few. */
static size_t gather_areas(struct arena *arena, const struct dict *units, struct str **out)
{
    static const size_t levels[] = {9, 6, 4};
    struct str *list = arena_array(arena, struct str, units->count);
    size_t count = 0;
    for (uint32_t i = 0; i < units->count; i++) {
        struct str area = unit_area(dict_text(units, i));
        if (area.len > 0) list[count++] = area;
    }
    count = unite(list, count);
    for (size_t level = 0; level < 3 && count > PRINT_UNITS_MAX; level++) {
        for (size_t i = 0; i < count; i++) list[i] = str_slice(list[i], 0, levels[level]);
        count = unite(list, count);
    }
    *out = list;
    return count;
}

static size_t gather_schools(struct arena *arena, const struct dict *units, struct str **out)
{
    struct str *list = arena_array(arena, struct str, units->count);
    size_t count = 0;
    for (uint32_t i = 0; i < units->count; i++) {
        struct str unit = dict_text(units, i);
        if (str_starts(unit, STR("school "))) list[count++] = str_slice(unit, 7, unit.len);
    }
    *out = list;
    return unite(list, count);
}

static void print_list(struct text *text, const struct str *list, size_t count)
{
    for (size_t i = 0; i < count && i < PRINT_UNITS_MAX; i++) {
        if (i > 0) text_add(text, STR(", "));
        text_add(text, list[i]);
    }
    if (count > PRINT_UNITS_MAX) text_add_f(text, " … (%zu)", count);
}

struct str scope_print(struct arena *arena, const struct dict *units)
{
    struct text text;
    struct str *list = NULL;
    text_init(&text, arena, SCOPE_BYTES_MAX);
    if (dict_find(units, STR("all")) != DICT_NONE) return STR("all");
    size_t count = gather_schools(arena, units, &list);
    if (count > 0) text_add(&text, STR("school "));
    print_list(&text, list, count);
    count = gather_areas(arena, units, &list);
    if (count > 0 && text.len > 0) text_add(&text, STR("; "));
    print_list(&text, list, count);
    return text_str(&text);
}

bool scope_belongs(const struct schools *schools, const struct asker *asker, struct str unit)
{
    CHECK(asker != NULL);
    if (asker->all_areas) return true;
    if (str_starts(unit, STR("school "))) {
        struct str code = str_slice(unit, 7, unit.len);
        uint32_t number = dict_find(&schools->codes, code);
        if (asker->school.len > 0 && str_equal(code, asker->school)) return true;
        if (asker->area_count == 0) return false;
        return number == DICT_NONE || asker_sees(asker, schools->code_areas[number]);
    }
    if (str_starts(unit, STR("area "))) return asker_sees(asker, str_slice(unit, 5, unit.len));
    return str_is(unit, "area") && asker->area_count > 0;
}

bool scope_is_known(const struct schools *schools, struct str unit)
{
    if (!str_starts(unit, STR("school "))) return str_starts(unit, STR("area "));
    uint32_t number = dict_find(&schools->codes, str_slice(unit, 7, unit.len));
    return number != DICT_NONE && schools->code_areas[number].len > 0;
}
