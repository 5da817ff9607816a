#include "awards/facts_internal.h"

/* Whether a register was sent for a person: "on no list of 低保" means something only where the
 * list came. Lists come by county, at times by township or school, and small ones (orphans) for the
 * whole city at once; most villages rightly have nobody on them. So what is missing is told by
 * numbers: an area or school has not sent a list when it has no row of it while so many would be
 * expected there, by what the others sent, that none at all is no chance. */

enum { COUNTY_DIGITS = 6, TOWNSHIP_DIGITS = 9 };

struct unit_count {
    uint64_t people, listed; /* students of it, and those of them with a row */
    bool has_row;
};

struct units {
    struct arena *arena;
    struct dict names;
    LIST(struct unit_count) counts;
};

static void units_init(struct units *units, struct arena *arena)
{
    *units = (struct units){.arena = arena};
    dict_init(&units->names, arena);
}

static struct unit_count *unit_at(struct units *units, struct str name)
{
    uint32_t number = dict_put(&units->names, name);
    if (number == units->counts.count) (void)list_push(units->arena, &units->counts);
    return &units->counts.items[number];
}

/* What one keeper's list looks like. */
struct sending {
    const struct fact_maker *maker;
    const struct keeper *keeper;
    struct units counties, townships, schools, stages;
    uint64_t people, listed; /* in counties that sent it */
    bool wide;               /* one file spans several counties */
};

static struct str part(struct str area, size_t digits)
{
    return str_slice(area, 0, digits);
}

static bool is_listed(const struct fact_maker *maker, const struct keeper *keeper, size_t row)
{
    const struct people *people = maker->people;
    const struct person *person = &people->persons[maker->facts->persons[row]];
    uint32_t heads[HOUSEHOLD_ROWS_MAX];
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t kept = maker->row_of_record[people->order[person->first + i]];
        if (kept == UINT32_MAX) continue;
        if (maker->kept->rows[kept].register_number != keeper->register_number) continue;
        if (fact_row_is_current(maker, kept)) return true;
    }
    size_t count = facts_household_rows(maker, maker->facts->persons[row], heads);
    for (size_t i = 0; i < count; i++) {
        if (maker->kept->rows[heads[i]].register_number == keeper->register_number) return true;
    }
    return false;
}

static struct str stage_of(const struct fact_maker *maker, size_t row)
{
    uint32_t record = maker->facts->records[row];
    struct str grade = people_text(maker->people, record, PERSON_GRADE), stage;
    if (grade.len > 0 && str_split(&grade, ':', &stage)) return stage;
    return people_text(maker->people, record, PERSON_STAGE);
}

static struct str school_of(const struct fact_maker *maker, size_t row)
{
    return dict_text(&maker->facts->school_texts, maker->facts->schools[row]);
}

/* The rows of the list themselves, whoever they are of. */
static void count_rows(struct sending *sending)
{
    const struct fact_rows *kept = sending->maker->kept;
    size_t number = sending->keeper->register_number;
    const struct fact_register *reg = &sending->maker->text->registers[number];
    struct str county = STR_EMPTY;
    int64_t batch = 0;
    for (size_t i = kept->firsts[number]; i < kept->firsts[number + 1]; i++) {
        uint32_t row = (uint32_t)i;
        if (!fact_row_is_current(sending->maker, row)) continue;
        if (sending->keeper->by_school) {
            unit_at(&sending->schools, fact_school_text(sending->maker, row))->has_row = true;
            continue;
        }
        struct str area = fact_text_at(kept, row, reg->area);
        unit_at(&sending->counties, part(area, COUNTY_DIGITS))->has_row = true;
        unit_at(&sending->townships, part(area, TOWNSHIP_DIGITS))->has_row = true;
        bool same = batch == kept->rows[i].batch;
        if (same && !str_equal(county, part(area, COUNTY_DIGITS))) sending->wide = true;
        batch = kept->rows[i].batch;
        county = part(area, COUNTY_DIGITS);
    }
}

static void count_student(struct sending *sending, size_t row, bool listed)
{
    const struct fact_maker *maker = sending->maker;
    struct unit_count *units[2];
    if (sending->keeper->by_school) {
        units[0] = unit_at(&sending->schools, school_of(maker, row));
        units[1] = NULL;
    } else {
        struct str area = maker->facts->areas[row];
        units[0] = unit_at(&sending->counties, part(area, COUNTY_DIGITS));
        units[1] = unit_at(&sending->townships, part(area, TOWNSHIP_DIGITS));
    }
    for (size_t i = 0; i < 2 && units[i] != NULL; i++) {
        units[i]->people++;
        units[i]->listed += listed;
        units[i]->has_row |= listed;
    }
}

/* Students of a stage, in the schools that have a row for one of the stage: some lists are never
 * made for some stages. */
static void count_stages(struct sending *sending, const bool *listed)
{
    struct arena work = {0};
    struct units both;
    const struct fact_maker *maker = sending->maker;
    units_init(&both, &work);
    for (int round = 0; round < 2; round++) {
        for (size_t row = 0; row < maker->facts->rows.count; row++) {
            struct text name;
            text_init(&name, &work, 512);
            text_add_f(&name, "%.*s/%.*s", STR_ARG(stage_of(maker, row)),
                       STR_ARG(school_of(maker, row)));
            struct unit_count *pair = unit_at(&both, text_str(&name));
            if (round == 0) pair->has_row |= listed[row];
            if (round == 0 || !pair->has_row) continue;
            struct unit_count *stage = unit_at(&sending->stages, stage_of(maker, row));
            stage->people++;
            stage->listed += listed[row];
        }
    }
    arena_free(&work);
}

static bool too_few(const struct fact_maker *maker, uint64_t people, uint64_t listed,
                    uint64_t of_people)
{
    CHECK(of_people > 0);
    /* people × listed / of_people ≥ the minimum */
    return people * listed >= (uint64_t)maker->text->expected_rows_min * of_people;
}

static bool county_sent(const struct sending *sending, const struct unit_count *county)
{
    if (county->has_row) return true;
    if (!sending->wide || sending->people == 0) return false;
    return !too_few(sending->maker, county->people, sending->listed, sending->people);
}

static bool area_sent(const struct sending *sending, struct str area)
{
    uint32_t number = dict_find(&sending->counties.names, part(area, COUNTY_DIGITS));
    CHECK(number != DICT_NONE);
    const struct unit_count *county = &sending->counties.counts.items[number];
    if (!county_sent(sending, county)) return false;
    if (area.len < TOWNSHIP_DIGITS || county->people == 0) return true;
    number = dict_find(&sending->townships.names, part(area, TOWNSHIP_DIGITS));
    CHECK(number != DICT_NONE);
    const struct unit_count *township = &sending->townships.counts.items[number];
    return township->has_row
           || !too_few(sending->maker, township->people, county->listed, county->people);
}

static bool school_sent(const struct sending *sending, size_t row)
{
    const struct fact_maker *maker = sending->maker;
    uint32_t number = dict_find(&sending->schools.names, school_of(maker, row));
    CHECK(number != DICT_NONE);
    const struct unit_count *school = &sending->schools.counts.items[number];
    if (school->has_row) return true;
    number = dict_find(&sending->stages.names, stage_of(maker, row));
    if (number == DICT_NONE) return false;
    const struct unit_count *stage = &sending->stages.counts.items[number];
    return !too_few(maker, school->people, stage->listed, stage->people);
}

static void read_keeper(struct fact_maker *maker, size_t number, struct arena *work)
{
    size_t rows = maker->facts->rows.count;
    struct sending sending = {.maker = maker, .keeper = &maker->keepers.items[number]};
    bool *listed = arena_array(work, bool, rows);
    struct units *all[] = {&sending.counties, &sending.townships, &sending.schools,
                           &sending.stages};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) units_init(all[i], work);
    count_rows(&sending);
    for (size_t row = 0; row < rows; row++) {
        listed[row] = is_listed(maker, sending.keeper, row);
        count_student(&sending, row, listed[row]);
    }
    if (sending.keeper->by_school) count_stages(&sending, listed);
    for (size_t i = 0; i < sending.counties.counts.count; i++) {
        const struct unit_count *county = &sending.counties.counts.items[i];
        if (!county->has_row) continue;
        sending.people += county->people;
        sending.listed += county->listed;
    }
    for (size_t row = 0; row < rows; row++) {
        maker->sent[number][row] = sending.keeper->by_school
                                       ? school_sent(&sending, row)
                                       : area_sent(&sending, maker->facts->areas[row]);
    }
}

void facts_read_sent(struct fact_maker *maker)
{
    maker->sent = arena_array(maker->arena, bool *, maker->keepers.count);
    for (size_t k = 0; k < maker->keepers.count; k++) {
        struct arena work = {0};
        maker->sent[k] = arena_array(maker->arena, bool, maker->facts->rows.count);
        read_keeper(maker, k, &work);
        arena_free(&work);
    }
}
