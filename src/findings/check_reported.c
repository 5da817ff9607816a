#include "findings/check_internal.h"

/* A school, by its code where it has one, else by its name. */
static struct str school_of(const struct check *check, uint32_t person, uint32_t mine)
{
    const struct people *people = check->people;
    const struct person *p = &people->persons[person];
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t record = people->order[p->first + i];
        if ((check->says[record] & mine) == 0) continue;
        struct str code = people_text(people, record, PERSON_SCHOOL_CODE);
        return code.len > 0 ? code : people_text(people, record, PERSON_SCHOOL_NAME);
    }
    return STR_EMPTY;
}

static struct str school_name(const struct check *check, uint32_t person, uint32_t mine)
{
    const struct people *people = check->people;
    const struct person *p = &people->persons[person];
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t record = people->order[p->first + i];
        struct str name = people_text(people, record, PERSON_SCHOOL_NAME);
        if ((check->says[record] & mine) != 0 && name.len > 0) return name;
    }
    return STR_EMPTY;
}

struct school_count {
    uint32_t all, lacking;
    uint32_t person; /* one of those lacking */
};

static bool too_many(const struct check *check, uint64_t lacking, uint64_t all)
{
    return (int64_t)lacking >= check->rules->unreported_children_min
           && (int64_t)(lacking * 1000) >= check->rules->unreported_share_permille * (int64_t)all;
}

static void report(struct check *check, struct str area, struct str school, struct str key,
                   const char *reason)
{
    struct finding finding = {.kind = FINDING_NOT_REPORTED,
                              .queue = QUEUE_REPORT_MISSING,
                              .person = UINT32_MAX,
                              .record = UINT32_MAX,
                              .birth = DAY_NONE,
                              .area = area,
                              .school = school,
                              .probability_ppm = 950000,
                              .nearest = UINT32_MAX,
                              .key = str_copy(check->arena, key)};
    check_add_reason(check, &finding, "not_reported");
    check_add_reason(check, &finding, reason);
    if (!finding_concerns(&finding, check->area)) return;
    *list_push(check->arena, &check->findings) = finding;
}

void check_unreported_schools(struct check *check, uint32_t mine, uint32_t wanted,
                              const uint32_t *persons, size_t count, const char *reason,
                              struct unreported *out)
{
    struct arena *arena = check->arena;
    struct dict schools;
    LIST(struct school_count) counts = {0};
    uint32_t *school = arena_array(arena, uint32_t, count);
    out->persons = arena_array(arena, bool, check->people->person_count);
    out->empty_school = arena_array(arena, bool, check->people->person_count);
    dict_init(&schools, arena);
    for (size_t i = 0; i < count; i++) {
        school[i] = dict_put(&schools, school_of(check, persons[i], mine));
        if (school[i] == counts.count) (void)list_push(arena, &counts);
        struct school_count *at = &counts.items[school[i]];
        at->all++;
        if ((check->children[persons[i]].says & wanted) != 0) continue;
        at->lacking++;
        at->person = persons[i];
    }
    for (size_t i = 0; i < count; i++) {
        const struct school_count *at = &counts.items[school[i]];
        out->persons[persons[i]] = too_many(check, at->lacking, at->all);
        out->empty_school[persons[i]] = at->lacking == at->all && at->all > 1;
    }
    for (uint32_t s = 0; s < schools.count; s++) {
        const struct school_count *at = &counts.items[s];
        if (!too_many(check, at->lacking, at->all)) continue;
        struct unit unit = check_whole(check, at->person);
        struct text key;
        text_init(&key, arena, 512);
        text_add_f(&key, "%s/%.*s", reason, STR_ARG(dict_text(&schools, s)));
        report(check, check_area_of(check, &unit), school_name(check, at->person, mine),
               text_str(&key), reason);
    }
}

static const size_t area_digits[] = {0, 6, 9, 12};
enum { AREA_LEVELS = 4, AGE_BANDS = 2, JUNIOR_AGE_FROM = 12 };

struct area_count {
    uint32_t all, missing;
    bool reported; /* a line of a wider area speaks for it */
};

static struct str band_key(struct arena *arena, struct str area, size_t level, int band)
{
    struct text text;
    text_init(&text, arena, 64);
    if (area.len < area_digits[level]) return STR_EMPTY;
    text_add_f(&text, "%s/%.*s", band == 0 ? "primary" : "junior", (int)area_digits[level],
               area.ptr == NULL ? "" : area.ptr);
    return text_str(&text);
}

static int band_of(const struct child *child)
{
    return child->age >= JUNIOR_AGE_FROM;
}

struct area_counts {
    struct dict keys;
    LIST(struct area_count) counts;
};

static struct area_count *area_at(struct arena *arena, struct area_counts *areas, struct str key)
{
    uint32_t number = dict_put(&areas->keys, key);
    if (number == areas->counts.count) (void)list_push(arena, &areas->counts);
    return &areas->counts.items[number];
}

static void count_areas(struct check *check, struct area_counts *areas, const bool *is_missing)
{
    struct arena scratch = {0};
    for (uint32_t p = 0; p < check->people->person_count; p++) {
        const struct child *child = &check->children[p];
        if ((child->says & SAYS(SAYS_EXPECTED)) == 0 || !child->of_age) continue;
        struct unit unit = check_whole(check, p);
        struct str area = check_area_of(check, &unit);
        for (size_t level = 0; level < AREA_LEVELS; level++) {
            struct str key = band_key(&scratch, area, level, band_of(child));
            if (key.len == 0) continue;
            struct area_count *at = area_at(check->arena, areas, key);
            at->all++;
            at->missing += is_missing[p];
        }
        arena_reset(&scratch);
    }
    arena_free(&scratch);
}

void check_unreported_areas(struct check *check, const struct unit *units, const bool *missing,
                            size_t count, struct unreported *out)
{
    struct area_counts areas = {0};
    dict_init(&areas.keys, check->arena);
    bool *is_missing = arena_array(check->arena, bool, check->people->person_count);
    out->persons = arena_array(check->arena, bool, check->people->person_count);
    out->empty_school = NULL;
    for (size_t i = 0; i < count; i++) is_missing[units[i].person] |= missing[i];
    count_areas(check, &areas, is_missing);
    for (size_t i = 0; i < count; i++) {
        uint32_t person = units[i].person;
        struct str area = check_area_of(check, &units[i]);
        bool wider = false;
        for (size_t level = 0; level < AREA_LEVELS; level++) {
            struct str key = band_key(check->arena, area, level, band_of(&check->children[person]));
            if (key.len == 0) continue;
            struct area_count *at = area_at(check->arena, &areas, key);
            if (!too_many(check, at->missing, at->all)) continue;
            if (!wider && !at->reported) {
                report(check, str_slice(area, 0, area_digits[level]), STR_EMPTY, key, "no_roll");
            }
            at->reported = true;
            wider = true;
            out->persons[person] = true;
        }
    }
}
