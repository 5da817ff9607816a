#include "jobs/view_near.h"

#include "base/list.h"
#include "identity/name.h"
#include "identity/reading.h"
#include "jobs/search_index.h"

#include <math.h>
#include <stdlib.h>

/* Below one in a thousand a record of the same name is somebody else's, and says nothing. */
enum { WEIGHED_MAX = 400, PROBABILITY_MIN_PPM = 1000, BIRTH_YEARS_APART = 1 };

struct gathering {
    const struct view *view;
    const struct people *people;
    uint32_t person;
    uint32_t record; /* of the person: the one whose name or number is looked for */
    size_t weighed;
    LIST(struct view_near) items;
};

static void add(struct gathering *gathering, const struct view_near *near)
{
    uint32_t other = gathering->people->records[near->other].person;
    if (other == gathering->person) return;
    for (size_t i = 0; i < gathering->items.count; i++) {
        struct view_near *before = &gathering->items.items[i];
        if (gathering->people->records[before->other].person != other) continue;
        if (near->probability_ppm > before->probability_ppm) *before = *near;
        return;
    }
    *list_push(gathering->view->arena, &gathering->items) = *near;
}

static int32_t weigh(const struct gathering *gathering, uint32_t record, uint32_t other)
{
    return weigher_pair(gathering->view->snapshot->run.kept.weigher, record, other);
}

/* The odds before looking are one among all persons. */
static uint32_t probability_of(const struct gathering *gathering, int32_t weight_millibits)
{
    double bits = weight_millibits / 1000.0 - log2((double)gathering->people->person_count);
    return (uint32_t)(1000000.0 / (1.0 + exp2(-bits)));
}

static void look_at(struct gathering *gathering, uint32_t other)
{
    const struct person_record *left = &gathering->people->records[gathering->record];
    const struct person_record *right = &gathering->people->records[other];
    if (right->person == gathering->person || gathering->weighed == WEIGHED_MAX) return;
    int apart = abs((int)left->birth_year - (int)right->birth_year);
    bool born_apart = left->birth_year != 0 && right->birth_year != 0 && apart > BIRTH_YEARS_APART;
    bool same_number = left->values[PERSON_ID_NUMBER] != 0
                       && left->values[PERSON_ID_NUMBER] == right->values[PERSON_ID_NUMBER];
    if (born_apart && !same_number) return;
    gathering->weighed++;
    struct view_near near = {.record = gathering->record,
                             .other = other,
                             .weight_millibits = weigh(gathering, gathering->record, other)};
    near.probability_ppm = probability_of(gathering, near.weight_millibits);
    if (near.probability_ppm >= PROBABILITY_MIN_PPM) add(gathering, &near);
}

static void look_at_all(struct gathering *gathering, const struct search_postings *postings,
                        uint32_t text)
{
    for (uint32_t i = postings->first[text]; i < postings->first[text + 1]; i++) {
        look_at(gathering, postings->items[i].record);
    }
}

static void look_at_name(void *context, uint32_t name)
{
    struct gathering *gathering = context;
    look_at_all(gathering, &gathering->view->snapshot->search->names, name);
}

/* Whether an earlier record of the person has the same text of a field. */
static bool is_repeated(const struct gathering *gathering, uint32_t place, enum person_field field)
{
    const struct person *person = &gathering->people->persons[gathering->person];
    const uint32_t *records = &gathering->people->order[person->first];
    for (uint32_t i = 0; i < place; i++) {
        if (gathering->people->records[records[i]].values[field]
            == gathering->people->records[records[place]].values[field]) {
            return true;
        }
    }
    return false;
}

static void gather_alike(struct gathering *gathering)
{
    const struct search *search = gathering->view->snapshot->search;
    const struct person *person = &gathering->people->persons[gathering->person];
    for (uint32_t i = 0; i < person->count; i++) {
        gathering->record = gathering->people->order[person->first + i];
        const uint32_t *values = gathering->people->records[gathering->record].values;
        if (values[PERSON_ID_NUMBER] != 0 && !is_repeated(gathering, i, PERSON_ID_NUMBER)) {
            look_at_all(gathering, &search->ids, values[PERSON_ID_NUMBER]);
        }
        if (values[PERSON_NAME] == 0 || is_repeated(gathering, i, PERSON_NAME)) continue;
        struct name name;
        name_read(gathering->view->arena,
                  people_text(gathering->people, gathering->record, PERSON_NAME), &name);
        search_sounding(search, reading_name(gathering->view->arena, name.surname, name.given),
                        look_at_name, gathering);
    }
}

static void gather_findings(struct gathering *gathering)
{
    const struct snapshot *snapshot = gathering->view->snapshot;
    for (uint32_t i = snapshot->finding_first[gathering->person];
         i < snapshot->finding_first[gathering->person + 1]; i++) {
        const struct finding *finding = &snapshot->run.findings[snapshot->finding_of[i]];
        if (finding->nearest == UINT32_MAX || finding->record == UINT32_MAX) continue;
        add(gathering, &(struct view_near){finding->record, finding->nearest,
                                           weigh(gathering, finding->record, finding->nearest),
                                           finding->nearest_probability_ppm});
    }
}

static void gather_reviews(struct gathering *gathering)
{
    const struct snapshot *snapshot = gathering->view->snapshot;
    for (size_t i = 0; i < snapshot->review_count; i++) {
        const struct review_item *item = &snapshot->reviews[i];
        bool left = gathering->people->records[item->record].person == gathering->person;
        bool right = gathering->people->records[item->other].person == gathering->person;
        if (left == right) continue;
        uint32_t record = left ? item->record : item->other;
        uint32_t other = left ? item->other : item->record;
        add(gathering, &(struct view_near){record, other, weigh(gathering, record, other),
                                           item->probability_ppm});
    }
}

static int compare_near(const void *a, const void *b)
{
    const struct view_near *x = a, *y = b;
    if (x->weight_millibits != y->weight_millibits) {
        return x->weight_millibits > y->weight_millibits ? -1 : 1;
    }
    return x->other < y->other ? -1 : x->other > y->other;
}

size_t view_near(const struct view *view, uint32_t person,
                 struct view_near out[VIEW_CANDIDATES_MAX])
{
    struct gathering gathering = {
        .view = view, .people = &view->snapshot->run.people, .person = person};
    CHECK(person < gathering.people->person_count);
    gather_findings(&gathering);
    gather_reviews(&gathering);
    gather_alike(&gathering);
    size_t count = gathering.items.count;
    if (count == 0) return 0;
    qsort(gathering.items.items, count, sizeof *gathering.items.items, compare_near);
    if (count > VIEW_CANDIDATES_MAX) count = VIEW_CANDIDATES_MAX;
    memcpy(out, gathering.items.items, count * sizeof *out);
    return count;
}
