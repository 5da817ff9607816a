#include "awards/facts.h"

#include "awards/facts_internal.h"

#include <stdlib.h>

/* Records stand by register and statement, and so do kept rows: one walk brings them together. */
void facts_meet_records(struct fact_maker *maker)
{
    const struct people *people = maker->people;
    const struct fact_rows *kept = maker->kept;
    int *registers = arena_array(maker->arena, int, people->register_count);
    size_t *next = arena_array(maker->arena, size_t, people->register_count);
    maker->row_of_record = arena_array(maker->arena, uint32_t, people->record_count);
    for (size_t r = 0; r < people->register_count; r++) {
        registers[r] = facts_text_register(maker->text, people->registers[r]->key);
        if (registers[r] >= 0) next[r] = kept->firsts[registers[r]];
    }
    for (size_t i = 0; i < people->record_count; i++) {
        const struct person_record *record = &people->records[i];
        uint32_t r = record->register_number;
        maker->row_of_record[i] = UINT32_MAX;
        if (registers[r] < 0) continue;
        size_t end = kept->firsts[registers[r] + 1];
        while (next[r] < end && kept->rows[next[r]].statement < record->statement) next[r]++;
        if (next[r] < end && kept->rows[next[r]].statement == record->statement) {
            maker->row_of_record[i] = (uint32_t)next[r];
        }
    }
}

static bool some_clause_holds(const struct fact_maker *maker, const struct fact_clause *clauses,
                              size_t count, uint32_t row)
{
    bool stale;
    for (size_t i = 0; i < count; i++) {
        if (clauses[i].register_number == maker->kept->rows[row].register_number
            && fact_clause_holds(maker, &clauses[i], row, &stale)) {
            return true;
        }
    }
    return false;
}

static bool is_confirmed(const struct fact_maker *maker, uint32_t person, uint32_t row)
{
    const struct people *people = maker->people;
    const struct person *p = &people->persons[person];
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t other = maker->row_of_record[people->order[p->first + i]];
        if (other == UINT32_MAX || other == row) continue;
        if (some_clause_holds(maker, maker->text->attends, maker->text->attend_count, other)
            && fact_same_school(maker, other, row)) {
            return true;
        }
    }
    return false;
}

/* The record that makes a person a student, or UINT32_MAX. */
static uint32_t student_record(const struct fact_maker *maker, uint32_t person)
{
    const struct people *people = maker->people;
    const struct person *p = &people->persons[person];
    uint32_t best = UINT32_MAX, best_row = 0;
    bool several = false, best_confirmed = false;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t record = people->order[p->first + i], row = maker->row_of_record[record];
        if (row == UINT32_MAX
            || !some_clause_holds(maker, maker->text->members, maker->text->member_count, row)) {
            continue;
        }
        if (best == UINT32_MAX) {
            best = record;
            best_row = row;
            continue;
        }
        if (!several) best_confirmed = is_confirmed(maker, person, best_row);
        several = true;
        bool confirmed = is_confirmed(maker, person, row);
        bool newer =
            maker->kept->rows[row].valid_from.days > maker->kept->rows[best_row].valid_from.days;
        if (confirmed == best_confirmed ? !newer : !confirmed) continue;
        best = record;
        best_row = row;
        best_confirmed = confirmed;
    }
    return best;
}

static uint32_t rank_of_home(const struct fact_maker *maker, uint32_t record)
{
    const struct people *people = maker->people;
    struct str key = people->registers[people->records[record].register_number]->key;
    for (uint32_t i = 0; i < maker->text->home_count; i++) {
        if (str_equal(maker->text->home[i], key)) return i;
    }
    return UINT32_MAX;
}

static struct str area_of_school(const struct fact_maker *maker, uint32_t student)
{
    uint32_t school = fact_school_row(maker, maker->row_of_record[student]);
    struct str own = people_text(maker->people, student, PERSON_AREA);
    if (school == UINT32_MAX) return own;
    uint32_t number = maker->kept->rows[school].register_number;
    struct str area = fact_text_at(maker->kept, school, maker->text->registers[number].area);
    return area.len > 0 ? area : own;
}

static struct str home_of(const struct fact_maker *maker, uint32_t person, uint32_t student)
{
    const struct people *people = maker->people;
    const struct person *p = &people->persons[person];
    struct str best = STR_EMPTY;
    uint32_t best_rank = UINT32_MAX;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t record = people->order[p->first + i], rank = rank_of_home(maker, record);
        struct str area = people_text(people, record, PERSON_AREA);
        if (area.len == 0 || rank >= best_rank) continue;
        best_rank = rank;
        best = area;
    }
    return best.len > 0 ? best : area_of_school(maker, student);
}

struct student {
    int64_t number;
    uint32_t person, record;
};

static int compare_students(const void *a, const void *b)
{
    const struct student *x = a, *y = b;
    return x->number < y->number ? -1 : x->number > y->number;
}

static bool is_asked(const struct fact_maker *maker, uint32_t person)
{
    return maker->known == NULL
           || (maker->known->student
               && maker->people->persons[person].number == maker->known->person);
}

static void find_students(struct fact_maker *maker)
{
    const struct people *people = maker->people;
    struct facts *facts = maker->facts;
    struct student *students = arena_array(maker->arena, struct student, people->person_count);
    size_t count = 0;
    facts->row_of = arena_array(maker->arena, uint32_t, people->person_count);
    for (uint32_t p = 0; p < people->person_count; p++) {
        facts->row_of[p] = UINT32_MAX;
        if (!is_asked(maker, p)) continue;
        uint32_t record = student_record(maker, p);
        if (record == UINT32_MAX) continue;
        students[count++] = (struct student){people->persons[p].number, p, record};
    }
    if (count > 1) qsort(students, count, sizeof *students, compare_students);
    facts->rows.count = count;
    facts->persons = arena_array(maker->arena, uint32_t, count);
    facts->records = arena_array(maker->arena, uint32_t, count);
    facts->schools = arena_array(maker->arena, uint32_t, count);
    facts->school_areas = arena_array(maker->arena, struct str, count);
    facts->areas = arena_array(maker->arena, struct str, count);
    dict_init(&facts->school_texts, maker->arena);
    uint32_t none = dict_put(&facts->school_texts, STR_EMPTY);
    CHECK(none == 0);
    for (size_t i = 0; i < count; i++) {
        uint32_t row = maker->row_of_record[students[i].record];
        facts->persons[i] = students[i].person;
        facts->records[i] = students[i].record;
        facts->row_of[students[i].person] = (uint32_t)i;
        facts->schools[i] = dict_put(&facts->school_texts, fact_school_text(maker, row));
        facts->school_areas[i] = area_of_school(maker, students[i].record);
        facts->areas[i] = home_of(maker, students[i].person, students[i].record);
    }
    arena_give_back(maker->arena, students, people->person_count * sizeof *students);
}

void fact_maker_year(struct fact_maker *maker)
{
    maker->school_year = period_of(PERIOD_YEAR, maker->facts->at).year;
    CHECK(day_from_ymd(maker->school_year, maker->text->school_year_from.month,
                       maker->text->school_year_from.day, &maker->fresh_from));
}

/* Of all, or where `known` is not NULL of one. */
static void make(struct arena *arena, const struct facts_text *text, const struct policy *policy,
                 const struct people *people, const struct fact_rows *kept,
                 const struct facts_known *known, struct facts *out)
{
    CHECK(people->record_count == 0 || people->person_count > 0);
    struct fact_maker *maker = arena_new(arena, struct fact_maker);
    *out = (struct facts){.text = text,
                          .policy = policy,
                          .people = people,
                          .kept = kept,
                          .at = people->when.at,
                          .maker = maker,
                          .subject = policy_find_subject(policy, text->subject)};
    *maker = (struct fact_maker){.arena = arena,
                                 .text = text,
                                 .policy = policy,
                                 .people = people,
                                 .kept = kept,
                                 .facts = out,
                                 .known = known};
    fact_maker_year(maker);
    out->rows.subject = out->subject;
    if (out->subject == POLICY_NONE) return;
    facts_meet_records(maker);
    facts_bind(maker);
    facts_read_schools(maker);
    if (known == NULL) facts_read_households(maker);
    find_students(maker);
    facts_read_sent(maker);
    facts_fill(maker);
}

void facts_make(struct arena *arena, const struct facts_text *text, const struct policy *policy,
                const struct people *people, const struct fact_rows *kept, struct facts *out)
{
    make(arena, text, policy, people, kept, NULL, out);
}

void facts_make_known(struct arena *arena, const struct facts_text *text,
                      const struct policy *policy, const struct people *people,
                      const struct fact_rows *kept, const struct facts_known *known,
                      struct facts *out)
{
    CHECK(known != NULL);
    make(arena, text, policy, people, kept, arena_copy(arena, known, sizeof *known), out);
}

struct str facts_school_of(const struct facts *facts, uint32_t kept_row)
{
    return fact_school_text(facts->maker, kept_row);
}

bool facts_row_states_word(const struct facts *facts, uint32_t kept_row)
{
    const struct fact_maker *maker = facts->maker;
    const struct bound_list *list =
        &maker->by_register[facts->kept->rows[kept_row].register_number];
    bool stale;
    for (size_t i = 0; i < list->items.count; i++) {
        if (fact_clause_holds(maker, list->items.items[i]->clause, kept_row, &stale)) return true;
    }
    return false;
}

uint32_t facts_kept_row(const struct facts *facts, uint32_t record)
{
    CHECK(record < facts->people->record_count);
    return facts->maker->row_of_record == NULL ? UINT32_MAX : facts->maker->row_of_record[record];
}

size_t facts_row_of(const struct facts *facts, int64_t person)
{
    size_t low = 0, high = facts->rows.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t number = facts->people->persons[facts->persons[middle]].number;
        if (number == person) return middle;
        if (number < person) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return SIZE_MAX;
}
