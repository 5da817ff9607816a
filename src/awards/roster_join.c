#include "awards/roster.h"
#include "awards/roster_internal.h"

enum { COUNTY_DIGITS = 6 };

static struct str id_of(const struct fact_maker *maker, uint32_t row)
{
    uint32_t number = maker->kept->rows[row].register_number;
    return fact_text_at(maker->kept, row, maker->text->registers[number].id_number);
}

static struct str county_key(struct text *key, size_t register_number, struct str county)
{
    text_clear(key);
    text_add_f(key, "%zu/%.*s", register_number, STR_ARG(county));
    return text_str(key);
}

static void note_row(struct fact_maker *maker, struct text *key, uint32_t row)
{
    struct roster *roster = maker->roster;
    size_t number = maker->kept->rows[row].register_number;
    const struct fact_register *reg = &maker->text->registers[number];
    struct str area = fact_text_at(maker->kept, row, reg->area), id = id_of(maker, row);
    roster->same_id[row] = roster->record_of[row] = UINT32_MAX;
    if (!reg->profile->people) return;
    if (area.len >= COUNTY_DIGITS) {
        dict_put(&roster->counties, county_key(key, number, str_slice(area, 0, COUNTY_DIGITS)));
    }
    if (id.len == 0) return;
    uint32_t at = dict_put(&roster->ids, id);
    if (at == roster->id_rows.count) *list_push(maker->arena, &roster->id_rows) = UINT32_MAX;
    roster->same_id[row] = roster->id_rows.items[at];
    roster->id_rows.items[at] = row;
}

void roster_read_numbers(struct fact_maker *maker)
{
    struct roster *roster = maker->roster;
    struct text key;
    text_init(&key, maker->arena, 128);
    dict_init(&roster->ids, maker->arena);
    dict_init(&roster->counties, maker->arena);
    roster->same_id = arena_array(maker->arena, uint32_t, maker->kept->row_count);
    roster->record_of = arena_array(maker->arena, uint32_t, maker->kept->row_count);
    for (uint32_t row = 0; row < maker->kept->row_count; row++) note_row(maker, &key, row);
    for (uint32_t i = 0; i < maker->people->record_count; i++) {
        if (maker->row_of_record[i] == UINT32_MAX || maker->people->records[i].part != 0) continue;
        roster->record_of[maker->row_of_record[i]] = i;
    }
}

uint32_t roster_row_of_id(const struct roster *roster, struct str id)
{
    uint32_t number = id.len == 0 ? DICT_NONE : dict_find(&roster->ids, id);
    return number == DICT_NONE ? UINT32_MAX : roster->id_rows.items[number];
}

bool roster_was_sent(const struct fact_maker *maker, size_t register_number, int64_t county)
{
    struct arena work = {0};
    struct text key;
    text_init(&key, &work, 128);
    struct str name = county_key(&key, register_number, str_i64(&work, county));
    bool sent = dict_find(&maker->roster->counties, name) != DICT_NONE
                || dict_find(&maker->kept->counties, name) != DICT_NONE;
    arena_free(&work);
    return sent;
}

uint32_t roster_person(const struct facts *facts, size_t row)
{
    const struct fact_maker *maker = facts->maker;
    const struct roster *roster = maker->roster;
    uint32_t at = roster_row_of_id(roster, id_of(maker, roster_member(facts, row)));
    while (at != UINT32_MAX && roster->record_of[at] == UINT32_MAX) at = roster->same_id[at];
    return at == UINT32_MAX ? UINT32_MAX : maker->people->records[roster->record_of[at]].person;
}

static void add_row(struct roster_rows *rows, uint32_t row)
{
    if (row == UINT32_MAX) return;
    for (size_t i = 0; i < rows->own_count; i++) {
        if (rows->own[i] == row) return;
    }
    if (rows->own_count < ROSTER_ROWS_MAX) rows->own[rows->own_count++] = row;
}

static void add_guardian(struct roster_rows *rows, struct str id, struct str own)
{
    if (id.len == 0 || str_equal(id, own)) return;
    for (size_t i = 0; i < rows->guardian_count; i++) {
        if (str_equal(rows->guardians[i], id)) return;
    }
    if (rows->guardian_count < ROSTER_GUARDIANS_MAX) rows->guardians[rows->guardian_count++] = id;
}

/* All that is linked with a record: the person's rows, those of the household's head, and who
 * answers for the person. */
static void add_person(const struct fact_maker *maker, uint32_t record, struct str own,
                       struct roster_rows *rows)
{
    const struct people *people = maker->people;
    uint32_t number = people->records[record].person;
    const struct person *person = &people->persons[number];
    uint32_t heads[HOUSEHOLD_ROWS_MAX];
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t other = people->order[person->first + i];
        add_row(rows, maker->row_of_record[other]);
        add_guardian(rows, people_text(people, other, PERSON_GUARDIAN_ID), own);
        add_guardian(rows, people_text(people, other, PERSON_GUARDIAN2_ID), own);
    }
    size_t count = facts_household_rows(maker, number, heads);
    for (size_t i = 0; i < count && rows->household_count < HOUSEHOLD_ROWS_MAX; i++) {
        rows->household[rows->household_count++] = heads[i];
    }
}

void roster_gather(const struct fact_maker *maker, uint32_t member, struct roster_rows *out)
{
    const struct roster *roster = maker->roster;
    struct str id = id_of(maker, member);
    uint32_t seen = UINT32_MAX; /* one number may stand in rows of two persons */
    *out = (struct roster_rows){.own_count = 0};
    add_row(out, member);
    for (uint32_t row = roster_row_of_id(roster, id); row != UINT32_MAX;
         row = roster->same_id[row]) {
        uint32_t record = roster->record_of[row];
        add_row(out, row);
        if (record == UINT32_MAX) continue;
        uint32_t person = maker->people->records[record].person;
        if (person == seen) continue;
        seen = person;
        add_person(maker, record, id, out);
    }
}
