#include "jobs/snapshot_make.h"

#include <stdlib.h>

struct numbered {
    int64_t number;
    uint32_t place;
};

static int compare_numbered(const void *a, const void *b)
{
    const struct numbered *x = a, *y = b;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

static void order_findings(struct snapshot *snapshot, struct arena *work)
{
    const struct check_run *run = &snapshot->run;
    struct numbered *numbered = arena_array(work, struct numbered, run->count);
    for (size_t i = 0; i < run->count; i++) {
        numbered[i] = (struct numbered){run->entries[i].number, (uint32_t)i};
    }
    if (run->count > 0) qsort(numbered, run->count, sizeof *numbered, compare_numbered);
    snapshot->findings_by_number = arena_array(&snapshot->arena, uint32_t, run->count);
    for (size_t i = 0; i < run->count; i++) snapshot->findings_by_number[i] = numbered[i].place;
}

static void findings_of_persons(struct snapshot *snapshot)
{
    const struct check_run *run = &snapshot->run;
    size_t persons = run->people.person_count;
    uint32_t *first = arena_array(&snapshot->arena, uint32_t, persons + 2);
    uint32_t *of = arena_array(&snapshot->arena, uint32_t, run->count);
    for (size_t i = 0; i < run->count; i++) {
        if (run->findings[i].person != UINT32_MAX) first[run->findings[i].person + 2]++;
    }
    for (size_t p = 2; p < persons + 2; p++) first[p] += first[p - 1];
    for (size_t i = 0; i < run->count; i++) {
        if (run->findings[i].person == UINT32_MAX) continue;
        of[first[run->findings[i].person + 1]++] = (uint32_t)i;
    }
    snapshot->finding_first = first;
    snapshot->finding_of = of;
}

/* Registers speak for a person in the order in which the rules name them: population first, as a
 * check shows its findings; those that no rule names come last, by key. */
static void rank_registers(struct snapshot *snapshot)
{
    const struct people *people = &snapshot->run.people;
    const struct rules *rules = &snapshot->workspace->rules;
    snapshot->register_ranks = arena_array(&snapshot->arena, uint32_t, people->register_count);
    for (size_t r = 0; r < people->register_count; r++) {
        size_t clause = 0;
        while (clause < rules->clause_count
               && !str_equal(rules->clauses[clause].register_key, people->registers[r]->key)) {
            clause++;
        }
        snapshot->register_ranks[r] = (uint32_t)(clause * people->register_count + r);
    }
}

static void show_persons(struct snapshot *snapshot)
{
    const struct people *people = &snapshot->run.people;
    snapshot->shown = arena_array(&snapshot->arena, uint32_t, people->person_count);
    snapshot->person_areas = arena_array(&snapshot->arena, uint32_t, people->person_count);
    for (size_t p = 0; p < people->person_count; p++) {
        const struct person *person = &people->persons[p];
        uint32_t best = people->order[person->first], area = 0;
        for (uint32_t i = 0; i < person->count; i++) {
            uint32_t record = people->order[person->first + i];
            const struct person_record *row = &people->records[record];
            if (snapshot->register_ranks[row->register_number]
                < snapshot->register_ranks[people->records[best].register_number]) {
                best = record;
            }
            if (area == 0) area = row->values[PERSON_AREA];
        }
        uint32_t own = people->records[best].values[PERSON_AREA];
        uint32_t checked = snapshot->run.kept.areas[p];
        snapshot->shown[p] = best;
        snapshot->person_areas[p] = checked != 0 ? checked : own != 0 ? own : area;
    }
}

static void count_areas(struct snapshot *snapshot)
{
    const struct check_run *run = &snapshot->run;
    size_t areas = run->people.texts[PERSON_AREA].count;
    snapshot->areas = arena_array(&snapshot->arena, struct snapshot_area, areas);
    for (size_t p = 0; p < run->people.person_count; p++) {
        struct snapshot_area *area = &snapshot->areas[snapshot->person_areas[p]];
        area->persons++;
        area->standings[run->kept.standings[p]]++;
    }
}

struct area_place {
    struct str text;
    uint32_t number;
};

static int compare_areas(const void *a, const void *b)
{
    const struct area_place *x = a, *y = b;
    return str_compare(x->text, y->text);
}

/* Persons already stand by number, so that counting those of each area keeps that order inside. */
static void rank_persons(struct snapshot *snapshot, struct arena *work)
{
    const struct people *people = &snapshot->run.people;
    const struct dict *texts = &people->texts[PERSON_AREA];
    struct area_place *areas = arena_array(work, struct area_place, texts->count);
    uint32_t *rank = arena_array(work, uint32_t, texts->count);
    uint32_t *next = arena_array(work, uint32_t, (size_t)texts->count + 1);
    for (uint32_t a = 0; a < texts->count; a++) {
        areas[a] = (struct area_place){dict_text(texts, a), a};
    }
    if (texts->count > 0) qsort(areas, texts->count, sizeof *areas, compare_areas);
    for (uint32_t a = 0; a < texts->count; a++) rank[areas[a].number] = a;
    for (size_t p = 0; p < people->person_count; p++) next[rank[snapshot->person_areas[p]] + 1]++;
    for (uint32_t a = 0; a < texts->count; a++) next[a + 1] += next[a];
    snapshot->person_ranks = arena_array(&snapshot->arena, uint32_t, people->person_count);
    for (size_t p = 0; p < people->person_count; p++) {
        snapshot->person_ranks[p] = next[rank[snapshot->person_areas[p]]]++;
    }
}

void snapshot_orders_fill(struct snapshot *snapshot)
{
    struct arena work = {0};
    order_findings(snapshot, &work);
    findings_of_persons(snapshot);
    rank_registers(snapshot);
    show_persons(snapshot);
    count_areas(snapshot);
    rank_persons(snapshot, &work);
    arena_free(&work);
}

uint32_t snapshot_person(const struct snapshot *snapshot, int64_t number)
{
    const struct people *people = &snapshot->run.people;
    size_t low = 0, high = people->person_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (people->persons[middle].number == number) return (uint32_t)middle;
        if (people->persons[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return UINT32_MAX;
}

size_t snapshot_finding(const struct snapshot *snapshot, int64_t number)
{
    size_t low = 0, high = snapshot->run.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t place = snapshot->findings_by_number[middle];
        if (snapshot->run.entries[place].number == number) return place;
        if (snapshot->run.entries[place].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return SIZE_MAX;
}

const struct batch *snapshot_batch(const struct snapshot *snapshot, int64_t number)
{
    size_t low = 0, high = snapshot->batch_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (snapshot->batches[middle].number == number) return &snapshot->batches[middle];
        if (snapshot->batches[middle].number < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}
