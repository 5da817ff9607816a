#include "awards/facts_internal.h"

/* Whether a register was sent for a person: "on no list of 低保" means something only where the
 * list came. Lists come by county, at times by township or school, and small ones (orphans) for the
 * whole city at once; most villages rightly have nobody on them. So what is missing is told by
 * numbers: an area or school has not sent a list when it has no row of it while so many would be
 * expected there, by what the others sent, that none at all is no chance. The country is held
 * against the country and the town against the town, for 脱贫户 live in villages; a stage of school
 * against the same stage. Where each file holds one township (or school) alone, one without a file
 * is missing sooner. */

enum { COUNTY_DIGITS = 6, TOWNSHIP_DIGITS = 9, PPM = 1000000 };

/* A county, or a township or school. */
struct unit_count {
    uint64_t expected_ppm; /* rows, in parts of a million */
    bool has_row;
};

/* Those who are likely to be listed alike. */
struct stratum_count {
    uint64_t people, listed; /* where the list was sent */
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

static uint32_t unit_number(struct units *units, struct str name)
{
    uint32_t number = dict_put(&units->names, name);
    if (number == units->counts.count) (void)list_push(units->arena, &units->counts);
    return number;
}

/* What a file looks like: the units that it has rows of. */
struct file_shape {
    uint32_t county, unit;
    bool several;
};

/* What one keeper's list looks like. */
struct sending {
    const struct fact_maker *maker;
    const struct keeper *keeper;
    struct arena *work;
    struct units counties, units; /* townships or schools */
    struct dict strata;
    LIST(struct stratum_count) counts;
    uint32_t *county_of, *unit_of, *stratum_of; /* by row of facts */
    bool *listed;                               /* by row of facts */
    struct u64_map files;                       /* by batch: number in shapes */
    LIST(struct file_shape) shapes;
    bool wide; /* one file spans several counties */
};

/* The row by which a student is listed, or UINT32_MAX. */
static uint32_t listed_by(const struct fact_maker *maker, const struct keeper *keeper, size_t row)
{
    const struct people *people = maker->people;
    const struct person *person = &people->persons[maker->facts->persons[row]];
    uint32_t heads[HOUSEHOLD_ROWS_MAX];
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t kept = maker->row_of_record[people->order[person->first + i]];
        if (kept == UINT32_MAX) continue;
        if (maker->kept->rows[kept].register_number != keeper->register_number) continue;
        if (fact_row_is_current(maker, kept)) return kept;
    }
    size_t count = facts_household_rows(maker, maker->facts->persons[row], heads);
    for (size_t i = 0; i < count; i++) {
        if (maker->kept->rows[heads[i]].register_number == keeper->register_number) {
            return heads[i];
        }
    }
    return UINT32_MAX;
}

static struct str stage_of(const struct fact_maker *maker, size_t row)
{
    uint32_t record = maker->facts->records[row];
    struct str grade = people_text(maker->people, record, PERSON_GRADE), stage;
    if (grade.len > 0 && str_split(&grade, ':', &stage)) return stage;
    return people_text(maker->people, record, PERSON_STAGE);
}

/* The tenth digit of a village's code: 0, 1, 4 and 5 are residents' committees of towns, 2, 3, 6
 * and 7 villagers' committees (统计用区划代码编制规则). */
static struct str kind_of_place(struct str area)
{
    static const char towns[] = "0145", villages[] = "2367";
    if (area.len <= TOWNSHIP_DIGITS) return STR_EMPTY;
    if (strchr(towns, area.ptr[TOWNSHIP_DIGITS]) != NULL) return STR("town");
    return strchr(villages, area.ptr[TOWNSHIP_DIGITS]) != NULL ? STR("village") : STR_EMPTY;
}

static void read_shape(struct sending *sending, uint32_t row, uint32_t county, uint32_t unit)
{
    uint64_t batch = (uint64_t)sending->maker->kept->rows[row].batch;
    uint32_t number = u64_map_find(&sending->files, batch);
    if (number == DICT_NONE) {
        u64_map_put(&sending->files, batch, (uint32_t)sending->shapes.count);
        *list_push(sending->work, &sending->shapes) = (struct file_shape){county, unit, false};
        return;
    }
    struct file_shape *shape = &sending->shapes.items[number];
    sending->wide |= shape->county != county;
    shape->several |= shape->unit != unit;
}

/* Several files, each of one unit alone. */
static bool is_split(const struct sending *sending)
{
    for (size_t i = 0; i < sending->shapes.count; i++) {
        if (sending->shapes.items[i].several) return false;
    }
    return sending->shapes.count > 1;
}

/* The rows of the list themselves, whoever they are of. */
static void count_rows(struct sending *sending)
{
    const struct fact_rows *kept = sending->maker->kept;
    size_t number = sending->keeper->register_number;
    const struct fact_register *reg = &sending->maker->text->registers[number];
    for (size_t i = kept->firsts[number]; i < kept->firsts[number + 1]; i++) {
        uint32_t row = (uint32_t)i;
        if (!fact_row_is_current(sending->maker, row)) continue;
        struct str area = fact_text_at(kept, row, reg->area);
        struct str unit = sending->keeper->by_school ? fact_school_text(sending->maker, row)
                                                     : str_slice(area, 0, TOWNSHIP_DIGITS);
        /* Where a row does not say where it is from, whose it is may tell (place_student). */
        if (unit.len == 0) continue;
        uint32_t county = unit_number(&sending->counties, str_slice(area, 0, COUNTY_DIGITS));
        uint32_t at = unit_number(&sending->units, unit);
        sending->counties.counts.items[county].has_row = true;
        sending->units.counts.items[at].has_row = true;
        read_shape(sending, row, county, at);
    }
}

static void place_student(struct sending *sending, size_t row)
{
    const struct facts *facts = sending->maker->facts;
    bool by_school = sending->keeper->by_school;
    struct str area = by_school ? facts->school_areas[row] : facts->areas[row];
    struct str unit = by_school ? dict_text(&facts->school_texts, facts->schools[row])
                                : str_slice(area, 0, TOWNSHIP_DIGITS);
    struct str stratum = by_school ? stage_of(sending->maker, row) : kind_of_place(area);
    uint32_t county = unit_number(&sending->counties, str_slice(area, 0, COUNTY_DIGITS));
    uint32_t at = unit_number(&sending->units, unit);
    uint32_t number = dict_put(&sending->strata, stratum);
    if (number == sending->counts.count) (void)list_push(sending->work, &sending->counts);
    uint32_t by = listed_by(sending->maker, sending->keeper, row);
    bool listed = by != UINT32_MAX;
    if (listed) read_shape(sending, by, county, at);
    sending->counties.counts.items[county].has_row |= listed;
    sending->units.counts.items[at].has_row |= listed;
    sending->county_of[row] = county;
    sending->unit_of[row] = at;
    sending->stratum_of[row] = number;
    sending->listed[row] = listed;
}

/* Who counts for the rates: in an area's list all of the counties that sent it; in a school's those
 * at schools with a row for their stage, for some lists are never made for some stages. */
static void count_strata(struct sending *sending)
{
    size_t rows = sending->maker->facts->rows.count;
    struct u64_map pairs;
    u64_map_init(&pairs, sending->work);
    for (size_t row = 0; row < rows; row++) {
        uint64_t pair = (uint64_t)sending->unit_of[row] << 32 | sending->stratum_of[row];
        if (sending->listed[row]) u64_map_put(&pairs, pair, 1);
    }
    for (size_t row = 0; row < rows; row++) {
        uint64_t pair = (uint64_t)sending->unit_of[row] << 32 | sending->stratum_of[row];
        bool counts = sending->keeper->by_school
                          ? u64_map_find(&pairs, pair) != DICT_NONE
                          : sending->counties.counts.items[sending->county_of[row]].has_row;
        if (!counts) continue;
        struct stratum_count *stratum = &sending->counts.items[sending->stratum_of[row]];
        stratum->people++;
        stratum->listed += sending->listed[row];
    }
    for (size_t row = 0; row < rows; row++) {
        const struct stratum_count *stratum = &sending->counts.items[sending->stratum_of[row]];
        uint64_t rate = stratum->people == 0 ? 0 : stratum->listed * PPM / stratum->people;
        sending->units.counts.items[sending->unit_of[row]].expected_ppm += rate;
        sending->counties.counts.items[sending->county_of[row]].expected_ppm += rate;
    }
}

static bool was_sent(const struct sending *sending, size_t row)
{
    const struct unit_count *county = &sending->counties.counts.items[sending->county_of[row]];
    const struct unit_count *unit = &sending->units.counts.items[sending->unit_of[row]];
    uint64_t least = (uint64_t)sending->maker->text->expected_rows_min * PPM;
    uint64_t least_of_unit = is_split(sending) ? least / 2 : least;
    if (!sending->keeper->by_school && !county->has_row
        && (!sending->wide || county->expected_ppm >= least)) {
        return false;
    }
    if (unit->has_row) return true;
    if (sending->keeper->by_school && sending->counts.items[sending->stratum_of[row]].people == 0) {
        return false;
    }
    return unit->expected_ppm < least_of_unit;
}

static void read_keeper(struct fact_maker *maker, size_t number, struct arena *work)
{
    size_t rows = maker->facts->rows.count;
    struct sending sending = {
        .maker = maker, .keeper = &maker->keepers.items[number], .work = work};
    units_init(&sending.counties, work);
    units_init(&sending.units, work);
    dict_init(&sending.strata, work);
    u64_map_init(&sending.files, work);
    sending.county_of = arena_array(work, uint32_t, rows);
    sending.unit_of = arena_array(work, uint32_t, rows);
    sending.stratum_of = arena_array(work, uint32_t, rows);
    sending.listed = arena_array(work, bool, rows);
    count_rows(&sending);
    for (size_t row = 0; row < rows; row++) place_student(&sending, row);
    count_strata(&sending);
    for (size_t row = 0; row < rows; row++) {
        maker->sent[number][row] = was_sent(&sending, row);
    }
}

void facts_read_sent(struct fact_maker *maker)
{
    size_t rows = maker->facts->rows.count;
    maker->sent = arena_array(maker->arena, bool *, maker->keepers.count);
    for (size_t k = 0; k < maker->keepers.count; k++) {
        struct arena work = {0};
        maker->sent[k] = arena_array(maker->arena, bool, rows);
        if (maker->known == NULL) {
            read_keeper(maker, k, &work);
        } else if (rows > 0) {
            maker->sent[k][0] = (maker->known->sent >> k & 1) != 0;
        }
        arena_free(&work);
    }
}
