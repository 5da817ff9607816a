#include "findings/check_internal.h"

const char *standing_key(enum standing standing)
{
    static const char *const keys[STANDING_COUNT] = {
        "not_asked", "on_roll", "finished", "lawful", "reported_schooled", "not_enrolled"};
    CHECK(standing < STANDING_COUNT);
    return keys[standing];
}

static enum standing standing_of(const struct child *child)
{
    uint32_t says = child->says | child->found;
    if ((child->says & SAYS(SAYS_EXPECTED)) == 0 || !child->of_age) return STANDING_NOT_ASKED;
    if ((says & (SAYS(SAYS_ENROLLED) | SAYS(SAYS_ATTENDING) | SAYS(SAYS_ABSENT))) != 0) {
        return STANDING_ON_ROLL;
    }
    if ((says & SAYS(SAYS_FINISHED)) != 0) return STANDING_FINISHED;
    if ((says & SAYS(SAYS_LAWFUL)) != 0) return STANDING_LAWFUL;
    if ((says & SAYS(SAYS_SCHOOLED)) != 0) return STANDING_REPORTED_SCHOOLED;
    return STANDING_NOT_ENROLLED;
}

/* What a look-up by ID number would list, as clerks do it today: by text, whether some school has a
 * row of it. */
static bool *ids_at_school(const struct check *check, struct arena *arena)
{
    const struct people *people = check->people;
    bool *listed = arena_array(arena, bool, people->texts[PERSON_ID_NUMBER].count);
    const uint32_t rolls = SAYS(SAYS_ENROLLED) | SAYS(SAYS_ATTENDING);
    for (uint32_t i = 0; i < people->record_count; i++) {
        if ((check->says[i] & rolls) != 0) {
            listed[people->records[i].values[PERSON_ID_NUMBER]] = true;
        }
    }
    return listed;
}

void check_read_standings(const struct check *check, struct check_kept *out)
{
    const struct people *people = check->people;
    struct arena work = {0};
    uint8_t *standings = arena_array(check->arena, uint8_t, people->person_count);
    uint32_t *areas = arena_array(check->arena, uint32_t, people->person_count);
    bool *missing = arena_array(check->arena, bool, people->person_count);
    const bool *listed = ids_at_school(check, &work);
    for (uint32_t p = 0; p < people->person_count; p++) {
        enum standing standing = standing_of(&check->children[p]);
        standings[p] = (uint8_t)standing;
        if (standing == STANDING_NOT_ASKED) continue;
        struct unit unit = check_whole(check, p);
        uint32_t id = people->records[check_shown(check, &unit)].values[PERSON_ID_NUMBER];
        areas[p] = check_area_number(check, &unit);
        missing[p] = id == 0 || !listed[id];
    }
    arena_free(&work);
    out->standings = standings;
    out->areas = areas;
    out->says = check->says;
    out->id_lookup_missing = missing;
}

bool finding_concerns(const struct finding *finding, struct str area)
{
    if (area.len == 0 || area_covers(area, finding->area)) return true;
    if (finding->kind != FINDING_NOT_REPORTED || finding->school.len > 0) return false;
    return finding->area.len == 0 || area_covers(finding->area, area);
}

void check_summarise(const struct people *people, const struct check_kept *kept,
                     const struct finding *findings, size_t count, struct str area,
                     struct check_summary *out)
{
    struct arena work = {0};
    struct check_summary summary = {0};
    uint64_t counts[STANDING_COUNT] = {0};
    const struct dict *areas = &people->texts[PERSON_AREA];
    bool *inside = arena_array(&work, bool, areas->count);
    for (uint32_t t = 0; t < areas->count; t++) {
        inside[t] = area.len == 0 || area_covers(area, dict_text(areas, t));
    }
    for (uint32_t p = 0; p < people->person_count; p++) {
        if (kept->standings[p] == STANDING_NOT_ASKED || !inside[kept->areas[p]]) continue;
        counts[kept->standings[p]]++;
        summary.expected++;
        summary.id_lookup_missing += kept->id_lookup_missing[p];
    }
    summary.on_roll = counts[STANDING_ON_ROLL];
    summary.finished = counts[STANDING_FINISHED];
    summary.lawful = counts[STANDING_LAWFUL];
    summary.reported_schooled = counts[STANDING_REPORTED_SCHOOLED];
    summary.not_enrolled = counts[STANDING_NOT_ENROLLED];
    for (size_t i = 0; i < count; i++) {
        if (!finding_concerns(&findings[i], area)) continue;
        summary.findings[findings[i].kind]++;
        summary.queues[findings[i].queue]++;
    }
    arena_free(&work);
    *out = summary;
}
