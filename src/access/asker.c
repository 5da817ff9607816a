#include "access/asker.h"

/* Level by level, so that a township that ends in zeros of its own ("620422100") keeps them. */
struct str area_prefix(struct str code)
{
    static const size_t levels[] = {12, 9, 6, 4, 2};
    for (size_t i = 0; i + 1 < sizeof levels / sizeof levels[0]; i++) {
        if (code.len != levels[i]) continue;
        for (size_t at = levels[i + 1]; at < levels[i]; at++) {
            if (code.ptr[at] != '0') return code;
        }
        code.len = levels[i + 1];
    }
    return code;
}

bool area_covers(struct str outer, struct str inner)
{
    outer = area_prefix(outer);
    inner = area_prefix(inner);
    if (outer.len == 0 || inner.len == 0) return false;
    return str_starts(inner, outer);
}

struct asker asker_local(void)
{
    return (struct asker){.name = STR("local"), .all_areas = true, .capabilities = CAPABILITY_ALL};
}

struct asker asker_within(const struct asker *asker, struct str area)
{
    CHECK(asker != NULL);
    struct asker narrow = {
        .name = asker->name, .school = asker->school, .capabilities = asker->capabilities};
    if (asker->all_areas || asker_sees(asker, area)) {
        narrow.areas[narrow.area_count++] = area;
        return narrow;
    }
    for (size_t i = 0; i < asker->area_count; i++) {
        if (area_covers(area, asker->areas[i])) narrow.areas[narrow.area_count++] = asker->areas[i];
    }
    return narrow;
}

bool asker_may(const struct asker *asker, enum capability capability)
{
    CHECK(asker != NULL);
    return (asker->capabilities & (uint32_t)capability) != 0;
}

bool asker_sees(const struct asker *asker, struct str area)
{
    CHECK(asker != NULL);
    CHECK(asker->area_count <= ASKER_AREAS_MAX);
    if (asker->all_areas) return true;
    for (size_t i = 0; i < asker->area_count; i++) {
        if (area_covers(asker->areas[i], area)) return true;
    }
    return false;
}

struct asker asker_copy(struct arena *arena, const struct asker *asker)
{
    struct asker copy = *asker;
    copy.name = str_copy(arena, asker->name);
    copy.school = str_copy(arena, asker->school);
    for (size_t i = 0; i < asker->area_count; i++) copy.areas[i] = str_copy(arena, asker->areas[i]);
    return copy;
}

void asker_add_areas(struct text *out, const struct asker *asker)
{
    if (asker->all_areas) text_add_c(out, " *");
    for (size_t i = 0; !asker->all_areas && i < asker->area_count; i++) {
        text_add_f(out, " %.*s", STR_ARG(area_prefix(asker->areas[i])));
    }
}
