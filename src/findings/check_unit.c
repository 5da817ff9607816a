#include "findings/check_internal.h"

enum { RECORDS_MAX = 24 }; /* of a person; more are never seen in earnest and count as one child */

/* Two records that no second child would share: number and name or day, or name, day and family. */
static bool surely_one(struct check *check, uint32_t a, uint32_t b)
{
    const struct people *people = check->people;
    const struct person_record *x = &people->records[a], *y = &people->records[b];
    bool name = x->values[PERSON_NAME] == y->values[PERSON_NAME] && x->values[PERSON_NAME] != 0;
    bool stated = x->birth_source == PERSON_BIRTH_STATED && y->birth_source == PERSON_BIRTH_STATED;
    bool birth = !day_is_none(x->birth) && x->birth.days == y->birth.days;
    bool number = x->id_kind == PERSON_ID_OWN && y->id_kind == PERSON_ID_OWN
                  && x->values[PERSON_ID_NUMBER] == y->values[PERSON_ID_NUMBER];
    if (number && (name || (birth && stated))) return true;
    if (!name || !birth) return false;
    return weigher_levels(check->weigher, a, b).kin <= WEIGH_KIN_NAME;
}

/* Groups of records tied by what is sure; group[i] is the number of i's group. */
static void tie_records(struct check *check, const struct person *person,
                        uint32_t group[RECORDS_MAX])
{
    const uint32_t *records = check->people->order + person->first;
    for (uint32_t i = 0; i < person->count; i++) group[i] = i;
    for (uint32_t i = 1; i < person->count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (group[i] == group[j] || !surely_one(check, records[i], records[j])) continue;
            uint32_t from = group[i], to = group[j];
            for (uint32_t k = 0; k < person->count; k++) {
                if (group[k] == from) group[k] = to;
            }
        }
    }
}

static void add_part(struct check *check, uint32_t person, const uint32_t group[RECORDS_MAX],
                     uint32_t number, struct unit_list *units)
{
    const struct person *p = &check->people->persons[person];
    uint32_t *records = arena_array(check->arena, uint32_t, p->count);
    struct unit unit = {.person = person, .records = records, .part = true};
    for (uint32_t i = 0; i < p->count; i++) {
        if (group[i] == number) records[unit.count++] = check->people->order[p->first + i];
    }
    *list_push(check->arena, &units->items) = unit;
}

void check_units_lacking(struct check *check, uint32_t person, uint32_t mine, uint32_t wanted,
                         struct unit_list *units)
{
    const struct person *p = &check->people->persons[person];
    uint32_t group[RECORDS_MAX], says[RECORDS_MAX] = {0};
    if ((check->children[person].says & wanted) == 0) {
        *list_push(check->arena, &units->items) = check_whole(check, person);
        return;
    }
    if (p->count > RECORDS_MAX) return;
    tie_records(check, p, group);
    for (uint32_t i = 0; i < p->count; i++) {
        says[group[i]] |= check->says[check->people->order[p->first + i]];
    }
    for (uint32_t g = 0; g < p->count; g++) {
        if ((says[g] & mine) != 0 && (says[g] & wanted) == 0) {
            add_part(check, person, group, g, units);
        }
    }
}
