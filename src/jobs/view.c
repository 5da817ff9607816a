#include "jobs/view.h"

#include "base/word.h"
#include "identity/id_number.h"
#include "identity/mask.h"

enum { AREA_NAME_BYTES_MAX = 1024 };

void view_prepare(struct view *view)
{
    const struct dict *texts = &view->snapshot->run.people.texts[PERSON_AREA];
    if (view->asker->all_areas || view->areas != NULL) return;
    bool *areas = arena_array(view->arena, bool, texts->count);
    for (uint32_t a = 0; a < texts->count; a++) {
        areas[a] = asker_sees(view->asker, dict_text(texts, a));
    }
    view->areas = areas;
}

static size_t words_of(const struct people *people)
{
    return people->person_count / WORD_BITS + 1;
}

/* One way through all records, which lie behind each other. */
static const void *find_persons(struct arena *arena, const void *context, struct err *err)
{
    const struct view *view = context;
    const struct people *people = &view->snapshot->run.people;
    uint64_t *persons = arena_array(arena, uint64_t, words_of(people));
    (void)err;
    for (uint32_t i = 0; i < people->record_count; i++) {
        if (view_sees_record(view, i)) word_mark(persons, people->records[i].person);
    }
    return persons;
}

void view_prepare_persons(struct view *view)
{
    struct reckoned_taken taken;
    struct err ignored = ERR_INIT;
    view_prepare(view);
    if (view->asker->all_areas || view->persons != NULL || view->reckoned == NULL) return;
    const struct reckoning reckoning = {.what = "persons",
                                        .rests_on = view->snapshot->number,
                                        .asker = view->asker,
                                        .reckon = find_persons,
                                        .context = view};
    CHECK(reckoned_take(view->reckoned, &reckoning, &taken, &ignored));
    view->persons = arena_copy(view->arena, taken.found,
                               words_of(&view->snapshot->run.people) * sizeof *view->persons);
    reckoned_give(view->reckoned, &taken);
}

bool view_misses_area(const struct view *view, uint32_t area)
{
    return view->areas != NULL && !view->areas[area] && view->asker->school.len == 0;
}

static bool sees_area(const struct view *view, uint32_t record)
{
    const struct people *people = &view->snapshot->run.people;
    if (view->areas != NULL) return view->areas[people->records[record].values[PERSON_AREA]];
    return asker_sees(view->asker, people_text(people, record, PERSON_AREA));
}

bool view_sees_record(const struct view *view, uint32_t record)
{
    CHECK(record < view->snapshot->run.people.record_count);
    if (view->asker->all_areas || sees_area(view, record)) return true;
    if (view->asker->school.len == 0) return false;
    uint32_t school = view->snapshot->record_schools[record];
    return school != UINT32_MAX
           && str_equal(view->snapshot->schools[school].code, view->asker->school);
}

/* A list that a county has not reported concerns its townships too. */
static bool concerns_areas(const struct view *view, const struct finding *finding)
{
    if (view->asker->all_areas) return true;
    for (size_t i = 0; i < view->asker->area_count; i++) {
        if (finding_concerns(finding, view->asker->areas[i])) return true;
    }
    return false;
}

/* A finding about nobody is of a school or an office. */
static bool is_of_school(const struct view *view, const struct finding *finding)
{
    if (view->asker->school.len == 0) return false;
    if (finding->person == UINT32_MAX) return str_equal(finding->key, view->asker->school);
    return view_shown(view, finding->person) != UINT32_MAX;
}

bool view_sees_finding(const struct view *view, size_t finding)
{
    CHECK(finding < view->snapshot->run.count);
    const struct finding *found = &view->snapshot->run.findings[finding];
    return concerns_areas(view, found) || is_of_school(view, found);
}

bool view_sees_any_record(const struct view *view, uint32_t person)
{
    CHECK(person < view->snapshot->run.people.person_count);
    if (view->asker->all_areas) return true;
    if (view->persons != NULL) return word_is_marked(view->persons, person);
    return view_shown(view, person) != UINT32_MAX;
}

bool view_sees_person(const struct view *view, uint32_t person)
{
    const struct snapshot *snapshot = view->snapshot;
    if (view_sees_any_record(view, person)) return true;
    for (uint32_t i = snapshot->finding_first[person]; i < snapshot->finding_first[person + 1];
         i++) {
        if (asker_sees(view->asker, snapshot->run.findings[snapshot->finding_of[i]].area)) {
            return true;
        }
    }
    return false;
}

bool view_sees_school(const struct view *view, const struct snapshot_school *school)
{
    if (asker_sees(view->asker, school->area)) return true;
    return view->asker->school.len > 0 && str_equal(view->asker->school, school->code);
}

uint32_t view_shown(const struct view *view, uint32_t person)
{
    const struct snapshot *snapshot = view->snapshot;
    const struct people *people = &snapshot->run.people;
    CHECK(person < people->person_count);
    if (view->persons != NULL && !word_is_marked(view->persons, person)) return UINT32_MAX;
    if (view_sees_record(view, snapshot->shown[person])) return snapshot->shown[person];
    uint32_t best = UINT32_MAX, best_rank = UINT32_MAX;
    for (uint32_t i = 0; i < people->persons[person].count; i++) {
        uint32_t record = people->order[people->persons[person].first + i];
        uint32_t rank = snapshot->register_ranks[people->records[record].register_number];
        if (rank >= best_rank || !view_sees_record(view, record)) continue;
        best = record;
        best_rank = rank;
    }
    return best;
}

bool view_on_page(const struct view_page *page, size_t number)
{
    if (page->size == SIZE_MAX) return true;
    CHECK(page->page > 0);
    CHECK(page->size > 0);
    return number / page->size == page->page - 1;
}

struct str view_area_name(const struct view *view, struct str code)
{
    static const size_t levels[] = {6, 9, 12};
    const struct divisions *divisions = view->snapshot->workspace->divisions;
    struct text text;
    text_init(&text, view->arena, AREA_NAME_BYTES_MAX);
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (code.len < levels[i]) break;
        const struct division *division = division_find(divisions, str_slice(code, 0, levels[i]));
        if (division != NULL) text_add(&text, division->name);
    }
    return text.len == 0 ? code : text_str(&text);
}

struct str view_mask(struct arena *arena, enum field_type type, struct str value)
{
    if (value.len == 0) return STR_EMPTY;
    if (type == FIELD_ID_NUMBER || type == FIELD_STUDENT_NUMBER) {
        return id_number_mask(arena, value);
    }
    return mask_value(arena, value);
}

int view_age(const struct view *view, day birth)
{
    if (day_is_none(birth) || day_is_none(view->snapshot->at)) return -1;
    return day_age(birth, view->snapshot->at);
}

void view_line(const struct view *view, uint32_t record, struct view_line *out)
{
    const struct people *people = &view->snapshot->run.people;
    CHECK(record < people->record_count);
    const struct person_record *row = &people->records[record];
    struct str area = people_text(people, record, PERSON_AREA);
    *out = (struct view_line){.visible = view_sees_record(view, record),
                              .profile = people->registers[row->register_number],
                              .area = area,
                              .area_name = view_area_name(view, area)};
    if (!out->visible) return;
    out->statement = row->statement;
    out->part = row->part;
    out->person = people->persons[row->person].number;
    out->name = people_text(people, record, PERSON_NAME);
    out->sex = people_text(people, record, PERSON_SEX);
    out->birth_date = people_text(people, record, PERSON_BIRTH_DATE);
    out->id_number = id_number_mask(view->arena, people_text(people, record, PERSON_ID_NUMBER));
    out->school = people_text(people, record, PERSON_SCHOOL_NAME);
    out->grade = people_text(people, record, PERSON_GRADE);
}
