#include "jobs/view_place.h"

#include "base/list.h"

#include <stdlib.h>

static const size_t level_digits[] = {4, 6, 9, 12};

enum { LEVELS = sizeof level_digits / sizeof *level_digits, PREFECTURE_DIGITS = 4 };

struct counting {
    const struct view *view;
    struct dict codes;
    LIST(struct view_area) areas;
};

/* The prefecture of a code is written with its zeros: "620400". */
static struct str code_at(struct arena *arena, struct str code, int level)
{
    if (level > 0) return str_slice(code, 0, level_digits[level]);
    struct text text;
    text_init(&text, arena, 16);
    text_add(&text, str_slice(code, 0, PREFECTURE_DIGITS));
    text_add_c(&text, "00");
    return text_str(&text);
}

static struct view_area *area_at(struct counting *counting, struct str code, int level)
{
    static const char *const levels[LEVELS] = {"prefecture", "county", "township", "village"};
    const struct division *division =
        division_find(counting->view->snapshot->workspace->divisions, code);
    if (division == NULL) return NULL;
    uint32_t number = dict_put(&counting->codes, code);
    if (number == counting->areas.count) {
        *list_push(counting->view->arena, &counting->areas) =
            (struct view_area){.code = dict_text(&counting->codes, number),
                               .name = division->name,
                               .level = levels[level]};
    }
    return &counting->areas.items[number];
}

/* Calls `add` for each division of the code that the asker sees, from the largest to the smallest.
 */
static void each_level(struct counting *counting, struct str code,
                       void (*add)(struct view_area *area, const void *what), const void *what)
{
    for (int level = 0; level < LEVELS; level++) {
        if (code.len < level_digits[level]) return;
        struct str at = code_at(counting->view->arena, code, level);
        if (!asker_sees(counting->view->asker, at)) continue;
        struct view_area *area = area_at(counting, at, level);
        if (area != NULL) add(area, what);
        /* A prefecture's own code, or a county's with zeros behind, has nothing below it. */
        if (str_equal(at, code)) return;
    }
}

static void add_persons(struct view_area *area, const void *what)
{
    const struct snapshot_area *persons = what;
    area->persons += persons->persons;
    for (int s = 0; s < STANDING_COUNT; s++) area->standings[s] += persons->standings[s];
    area->expected += persons->persons - persons->standings[STANDING_NOT_ASKED];
}

static void add_finding(struct view_area *area, const void *what)
{
    const struct finding *finding = what;
    area->findings[finding->kind]++;
}

static int compare_areas(const void *a, const void *b)
{
    const struct view_area *x = a, *y = b;
    return str_compare(x->code, y->code);
}

static struct str parent_of(const struct counting *counting, struct str code)
{
    for (int level = LEVELS - 1; level >= 0; level--) {
        if (level_digits[level] >= code.len) continue;
        struct str above = code_at(counting->view->arena, code, level);
        if (!str_equal(above, code) && dict_find(&counting->codes, above) != DICT_NONE) {
            return above;
        }
    }
    return STR_EMPTY;
}

void view_areas(const struct view *view, struct view_area **out, size_t *count)
{
    const struct snapshot *snapshot = view->snapshot;
    const struct dict *texts = &snapshot->run.people.texts[PERSON_AREA];
    struct counting counting = {.view = view};
    dict_init(&counting.codes, view->arena);
    for (uint32_t a = 0; a < texts->count; a++) {
        if (snapshot->areas[a].persons == 0) continue;
        each_level(&counting, dict_text(texts, a), add_persons, &snapshot->areas[a]);
    }
    for (size_t i = 0; i < snapshot->run.count; i++) {
        const struct finding *finding = &snapshot->run.findings[i];
        each_level(&counting, finding->area, add_finding, finding);
    }
    for (size_t i = 0; i < counting.areas.count; i++) {
        counting.areas.items[i].parent = parent_of(&counting, counting.areas.items[i].code);
    }
    if (counting.areas.count > 0) {
        qsort(counting.areas.items, counting.areas.count, sizeof *counting.areas.items,
              compare_areas);
    }
    *out = counting.areas.items;
    *count = counting.areas.count;
}

/* The rows of a summary are what lies right below the area asked about: without one, or where all
 * is in one division, the first level at which there is a choice. */
static void pick_areas(const struct view *view, struct str area, struct view_summary *out)
{
    struct view_area *areas;
    size_t count;
    view_areas(view, &areas, &count);
    struct str above = area;
    for (;;) {
        LIST(struct view_area) picked = {0};
        for (size_t i = 0; i < count; i++) {
            bool below =
                above.len == 0 ? areas[i].parent.len == 0 : str_equal(areas[i].parent, above);
            if (below) *list_push(view->arena, &picked) = areas[i];
        }
        out->areas = picked.items;
        out->area_count = picked.count;
        if (area.len > 0 || picked.count != 1) return;
        above = picked.items[0].code;
        bool has_below = false;
        for (size_t i = 0; i < count; i++) {
            has_below = has_below || str_equal(areas[i].parent, above);
        }
        if (!has_below) return;
    }
}

static bool is_inside(const struct view *view, struct str area, struct str inner)
{
    return (area.len == 0 || area_covers(area, inner)) && asker_sees(view->asker, inner);
}

static void count_person(const struct view *view, uint32_t person, struct view_summary *out)
{
    uint8_t standing = view->snapshot->run.kept.standings[person];
    out->standings[standing]++;
    out->expected += standing != STANDING_NOT_ASKED;
}

static void count_persons(const struct view *view, struct str area, struct view_summary *out)
{
    const struct snapshot *snapshot = view->snapshot;
    const struct people *people = &snapshot->run.people;
    if (view->asker->school.len > 0) {
        for (uint32_t p = 0; p < people->person_count; p++) {
            if (view_sees_any_record(view, p)) count_person(view, p, out);
        }
        return;
    }
    for (uint32_t a = 0; a < people->texts[PERSON_AREA].count; a++) {
        if (!is_inside(view, area, dict_text(&people->texts[PERSON_AREA], a))) continue;
        const struct snapshot_area *in = &snapshot->areas[a];
        for (int s = 0; s < STANDING_COUNT; s++) out->standings[s] += in->standings[s];
        out->expected += in->persons - in->standings[STANDING_NOT_ASKED];
    }
}

static void count_findings(const struct view *view, struct str area, struct view_summary *out)
{
    enum { STATUSES = FINDING_CLOSED + 1, SLOTS = FINDING_KIND_COUNT * QUEUE_COUNT * STATUSES };
    const struct check_run *run = &view->snapshot->run;
    struct view_finding_count slots[SLOTS] = {{0}};
    for (size_t i = 0; i < run->count; i++) {
        const struct finding *finding = &run->findings[i];
        if (!finding_concerns(finding, area) || !view_sees_finding(view, i)) continue;
        enum finding_status status = run->entries[i].status;
        size_t slot = ((size_t)finding->kind * QUEUE_COUNT + (size_t)finding->queue) * STATUSES
                      + (size_t)status;
        slots[slot].kind = finding->kind;
        slots[slot].queue = finding->queue;
        slots[slot].status = status;
        slots[slot].count++;
        slots[slot].expected_true_ppm += finding->probability_ppm;
    }
    out->findings = arena_array(view->arena, struct view_finding_count, SLOTS);
    for (size_t s = 0; s < SLOTS; s++) {
        if (slots[s].count > 0) out->findings[out->finding_count++] = slots[s];
    }
}

void view_summary(const struct view *view, struct str area, struct view_summary *out)
{
    const struct snapshot *snapshot = view->snapshot;
    struct view quick = *view;
    struct view_summary fresh = {0};
    quick.asker->school.len > 0 ? view_prepare_persons(&quick) : view_prepare(&quick);
    count_persons(&quick, area, &fresh);
    count_findings(&quick, area, &fresh);
    pick_areas(&quick, area, &fresh);
    for (size_t i = 0; i < snapshot->review_count; i++) {
        fresh.reviews += view_sees_record(&quick, snapshot->reviews[i].record)
                         && view_sees_record(&quick, snapshot->reviews[i].other);
    }
    for (size_t i = 0; i < snapshot->batch_count; i++) {
        if (snapshot->batches[i].undone_ms != 0) continue;
        fresh.last_import_ms = snapshot->batches[i].imported_ms;
        fresh.rejected += snapshot->batches[i].rejected;
    }
    *out = fresh;
}

void view_villages(const struct view *view, struct str area, const struct view_page *page,
                   struct view_village **out, size_t *count, size_t *total)
{
    const struct divisions *divisions = view->snapshot->workspace->divisions;
    struct view_area *areas;
    size_t area_count, seen = 0;
    LIST(struct view_village) rows = {0};
    view_areas(view, &areas, &area_count);
    for (size_t i = 0; i < area_count; i++) {
        const struct view_area *at = &areas[i];
        if (at->code.len != level_digits[LEVELS - 1] || !is_inside(view, area, at->code)) continue;
        if (!view_on_page(page, seen++)) continue;
        const struct division *township = division_find(divisions, str_slice(at->code, 0, 9));
        struct view_village *row = list_push(view->arena, &rows);
        *row = (struct view_village){.code = at->code,
                                     .name = at->name,
                                     .township = township == NULL ? STR_EMPTY : township->name,
                                     .expected = at->expected};
        for (int k = 0; k < FINDING_KIND_COUNT; k++) row->findings += at->findings[k];
    }
    *out = rows.items;
    *count = rows.count;
    *total = seen;
}

static bool school_has_text(const struct snapshot_school *school, struct str text)
{
    return text.len == 0 || str_find(school->name, text) != SIZE_MAX
           || str_find(school->code, text) != SIZE_MAX;
}

void view_schools(const struct view *view, struct str area, struct str text,
                  const struct view_page *page, const struct snapshot_school ***out, size_t *count,
                  size_t *total)
{
    const struct snapshot *snapshot = view->snapshot;
    LIST(const struct snapshot_school *) rows = {0};
    size_t seen = 0;
    for (size_t s = 0; s < snapshot->school_count; s++) {
        const struct snapshot_school *school = &snapshot->schools[s];
        if (!school->listed && school->on_roll + school->attending == 0) continue;
        if (area.len > 0 && !area_covers(area, school->area)) continue;
        if (!school_has_text(school, text)) continue;
        if (!view_sees_school(view, school)) continue;
        if (view_on_page(page, seen++)) *list_push(view->arena, &rows) = school;
    }
    *out = rows.items;
    *count = rows.count;
    *total = seen;
}

void view_school_names(const struct view *view, struct str text, size_t most,
                       const struct snapshot_school ***out, size_t *count)
{
    const struct snapshot *snapshot = view->snapshot;
    LIST(const struct snapshot_school *) rows = {0};
    for (size_t s = 0; rows.count < most && s < snapshot->school_count; s++) {
        const struct snapshot_school *school = &snapshot->schools[s];
        if (school->code.len > 0 && school_has_text(school, text)) {
            *list_push(view->arena, &rows) = school;
        }
    }
    *out = rows.items;
    *count = rows.count;
}

bool view_registers(const struct view *view, struct view_register **out, size_t *count,
                    struct err *err)
{
    const struct profiles *profiles = &view->snapshot->workspace->profiles;
    struct view_register *rows = arena_array(view->arena, struct view_register, profiles->count);
    for (size_t r = 0; r < profiles->count; r++) {
        rows[r].profile = &profiles->items[r];
        rows[r].newest_day = DAY_NONE;
        if (!registry_count(view->registry, rows[r].profile, &rows[r].statements, &rows[r].batches,
                            err)) {
            return false;
        }
        for (size_t b = 0; b < view->snapshot->batch_count; b++) {
            const struct batch *batch = &view->snapshot->batches[b];
            if (batch->undone_ms != 0 || !str_equal(batch->register_key, rows[r].profile->key)) {
                continue;
            }
            rows[r].last_import_ms = batch->imported_ms;
            if (batch->at.days > rows[r].newest_day.days) rows[r].newest_day = batch->at;
        }
    }
    *out = rows;
    *count = profiles->count;
    return true;
}
