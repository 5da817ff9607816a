#include "papers/suspects.h"

#include "base/list.h"

#include <math.h>
#include <stdlib.h>

/* A second look for listed children of whom linking found no school. Who stands in a register of
 * residence is met only by a child who stands in none: two who both do are two children. */

enum { MEETINGS_A_KEY_MAX = 400, NEAR_MIN_PPM = 10000 };

struct near_key {
    uint64_t key;
    uint32_t asked;
};

struct near_meeting {
    uint32_t asked, other; /* number of who is asked about; person met */
    uint32_t record;       /* of the person met */
    int32_t weight;
};

struct near_look {
    const struct suspects_input *in;
    const uint32_t *asked;
    size_t asked_count;
    bool *is_asked; /* by person */
    bool *resident; /* by person: stands in a register of residence */
    LIST(struct near_key) keys;
    LIST(struct near_meeting) meetings;
    uint32_t *last_seen; /* by number of who is asked about: the record met last, plus 1 */
    size_t open_count;   /* persons who stand in no register of residence and are not asked about */
    bool any_homeless;   /* somebody asked about stands in no register of residence */
};

static int compare_keys(const void *a, const void *b)
{
    const struct near_key *x = a, *y = b;
    if (x->key != y->key) return x->key < y->key ? -1 : 1;
    return x->asked < y->asked ? -1 : x->asked > y->asked;
}

static int compare_meetings(const void *a, const void *b)
{
    const struct near_meeting *x = a, *y = b;
    if (x->asked != y->asked) return x->asked < y->asked ? -1 : 1;
    if (x->other != y->other) return x->other < y->other ? -1 : 1;
    if (x->weight != y->weight) return x->weight > y->weight ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

static void read_residents(struct near_look *look)
{
    const struct people *people = look->in->people;
    const struct outcomes *outcomes = look->in->outcomes;
    look->is_asked = arena_array(look->in->arena, bool, people->person_count);
    look->resident = arena_array(look->in->arena, bool, people->person_count);
    for (size_t i = 0; i < look->asked_count; i++) look->is_asked[look->asked[i]] = true;
    for (size_t i = 0; i < people->record_count; i++) {
        const struct person_record *record = &people->records[i];
        for (size_t r = 0; r < outcomes->residence_count; r++) {
            if (people->registers[record->register_number] == outcomes->residence[r]) {
                look->resident[record->person] = true;
            }
        }
    }
    for (size_t i = 0; i < look->asked_count; i++) {
        if (!look->resident[look->asked[i]]) look->any_homeless = true;
    }
    for (size_t p = 0; p < people->person_count; p++) {
        if (!look->resident[p] && !look->is_asked[p]) look->open_count++;
    }
}

static void collect_keys(struct near_look *look)
{
    const struct people *people = look->in->people;
    for (size_t u = 0; u < look->asked_count; u++) {
        const struct person *person = &people->persons[look->asked[u]];
        for (uint32_t i = 0; i < person->count; i++) {
            uint64_t keys[WEIGHER_KEYS_MAX];
            size_t count =
                weigher_keys(look->in->weigher, people->order[person->first + i], false, keys);
            for (size_t k = 0; k < count; k++) {
                *list_push(look->in->arena, &look->keys) = (struct near_key){keys[k], (uint32_t)u};
            }
        }
    }
    if (look->keys.count > 1) {
        qsort(look->keys.items, look->keys.count, sizeof *look->keys.items, compare_keys);
    }
}

/* Weighs a record against all records of who is asked about; the best is kept. */
static void meet(struct near_look *look, uint32_t asked, uint32_t record)
{
    const struct people *people = look->in->people;
    const struct person *person = &people->persons[look->asked[asked]];
    if (look->last_seen[asked] == record + 1) return;
    bool both =
        look->resident[look->asked[asked]] && look->resident[people->records[record].person];
    if (both) return;
    look->last_seen[asked] = record + 1;
    struct near_meeting meeting = {.asked = asked,
                                   .other = people->records[record].person,
                                   .record = record,
                                   .weight = INT32_MIN};
    for (uint32_t i = 0; i < person->count; i++) {
        int32_t weight = weigher_pair(look->in->weigher, people->order[person->first + i], record);
        if (weight > meeting.weight) meeting.weight = weight;
    }
    if (meeting.weight > 0) *list_push(look->in->arena, &look->meetings) = meeting;
}

static void look_up(struct near_look *look, uint32_t record, uint64_t key)
{
    size_t from = 0, to = look->keys.count;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (look->keys.items[middle].key < key)
            from = middle + 1;
        else
            to = middle;
    }
    size_t end = from;
    while (end < look->keys.count && look->keys.items[end].key == key) end++;
    if (end - from > MEETINGS_A_KEY_MAX) return;
    for (size_t i = from; i < end; i++) meet(look, look->keys.items[i].asked, record);
}

static void find_meetings(struct near_look *look)
{
    const struct people *people = look->in->people;
    look->last_seen = arena_array(look->in->arena, uint32_t, look->asked_count);
    for (uint32_t i = 0; i < people->record_count; i++) {
        uint32_t person = people->records[i].person;
        if (look->is_asked[person] || (look->resident[person] && !look->any_homeless)) continue;
        uint64_t keys[WEIGHER_KEYS_MAX];
        size_t count = weigher_keys(look->in->weigher, i, false, keys);
        for (size_t k = 0; k < count; k++) look_up(look, i, keys[k]);
    }
    if (look->meetings.count > 1) {
        qsort(look->meetings.items, look->meetings.count, sizeof *look->meetings.items,
              compare_meetings);
    }
}

/* Candidates compete with one another and with none of them. */
static void settle(const struct near_look *look, size_t first, size_t end, struct suspect_near *out)
{
    uint32_t who = look->asked[look->meetings.items[first].asked];
    size_t others = look->resident[who] ? look->open_count : look->in->people->person_count;
    double sum = 1.0, best = 0.0, prior = log2((double)others + 1.0);
    for (size_t i = first; i < end; i++) {
        const struct near_meeting *meeting = &look->meetings.items[i];
        if (i > first && look->meetings.items[i - 1].other == meeting->other) continue;
        double odds = exp2(meeting->weight / 1000.0 - prior);
        sum += odds;
        if (odds <= best) continue;
        best = odds;
        out->record = meeting->record;
    }
    out->probability_ppm = (uint32_t)(1000000.0 * best / sum);
    if (out->probability_ppm < NEAR_MIN_PPM) *out = (struct suspect_near){UINT32_MAX, 0};
}

void suspects_look_near(const struct suspects_input *input, const uint32_t *asked, size_t count,
                        struct suspect_near *out)
{
    struct near_look look = {.in = input, .asked = asked, .asked_count = count};
    for (size_t i = 0; i < count; i++) out[i] = (struct suspect_near){UINT32_MAX, 0};
    if (count == 0) return;
    read_residents(&look);
    collect_keys(&look);
    find_meetings(&look);
    for (size_t first = 0, end; first < look.meetings.count; first = end) {
        uint32_t number = look.meetings.items[first].asked;
        for (end = first; end < look.meetings.count && look.meetings.items[end].asked == number;)
            end++;
        settle(&look, first, end, &out[number]);
    }
}
