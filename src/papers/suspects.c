#include "papers/suspects.h"

#include "base/list.h"
#include "identity/division.h"

#include <math.h>
#include <stdlib.h>

enum { RECORDS_A_PERSON_MAX = 64, SAYS_BYTES_MAX = 1024 };

struct clearing {
    const struct suspects_input *in;
    struct batch *batches;
    size_t batch_count;
    int list_register; /* number of the list in people.registers */
    int presence;      /* number of the register of those present, or -1 */
    bool *listing;     /* by text number of PERSON_SCHOOL_NAME: the school has sent its list */
    struct str at;
    char at_text[DAY_TEXT_SIZE];
};

static const char *const state_keys[SUSPECT_STATE_COUNT] = {"closes", "needs_proof", "needs_act",
                                                            "unsure", "stays_open",  "unknown"};
static const char *const state_zh[SUSPECT_STATE_COUNT] = {"可销号", "待佐证", "待办理",
                                                          "待核实", "待劝返", "待入户"};
static const char *const state_en[SUSPECT_STATE_COUNT] = {
    "may be closed",   "proof to be fetched", "to be put right first",
    "to be confirmed", "to be brought back",  "to be visited"};

const char *suspect_state_key(enum suspect_state state)
{
    CHECK(state < SUSPECT_STATE_COUNT);
    return state_keys[state];
}

const char *suspect_state_text(enum suspect_state state, enum lang lang)
{
    CHECK(state < SUSPECT_STATE_COUNT);
    return lang == LANG_EN ? state_en[state] : state_zh[state];
}

static struct str file_of(const struct clearing *clearing, int64_t batch)
{
    for (size_t i = 0; i < clearing->batch_count; i++) {
        if (clearing->batches[i].number == batch) return clearing->batches[i].file;
    }
    return STR_EMPTY;
}

static uint32_t ppm_of_bits(double bits)
{
    return (uint32_t)(1000000.0 / (1.0 + exp2(-bits)));
}

/* That two linked records are one person: the odds before looking are one among all. */
static uint32_t pair_ppm(const struct suspects_input *in, uint32_t a, uint32_t b)
{
    if (a == b) return 1000000;
    double bits = weigher_pair(in->weigher, a, b) / 1000.0;
    return ppm_of_bits(bits - log2((double)in->people->person_count + 1.0));
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* That a record of the person is the listed child's, straight or by way of one other record. */
static uint32_t record_ppm(const struct suspects_input *in, uint32_t listed, uint32_t record)
{
    const struct people *people = in->people;
    const struct person *person = &people->persons[people->records[listed].person];
    uint32_t best = pair_ppm(in, listed, record);
    for (uint32_t i = 0; i < person->count && i < RECORDS_A_PERSON_MAX; i++) {
        uint32_t between = people->order[person->first + i];
        if (between == listed || between == record) continue;
        uint32_t way = smaller(pair_ppm(in, listed, between), pair_ppm(in, between, record));
        if (way > best) best = way;
    }
    return best;
}

/* A choice by its name, all else as the clerk wrote it. */
static struct str shown_value(const struct profile_field *field, struct str value,
                              struct str written)
{
    for (size_t i = 0; i < field->choice_count; i++) {
        if (str_equal(field->choices[i].key, value)) return field->choices[i].zh;
    }
    return written.ptr != NULL && written.len > 0 ? written : value;
}

static struct str says_of(const struct clearing *clearing, const struct outcome_source *source,
                          const struct statement *statement)
{
    struct text text;
    text_init(&text, clearing->in->arena, SAYS_BYTES_MAX);
    for (size_t i = 0; i < source->show_count; i++) {
        int field = source->shows[i];
        struct str value = statement->values[field];
        if (value.len == 0) continue;
        if (text.len > 0) text_add_c(&text, "，");
        text_add(&text,
                 shown_value(&source->profile->fields[field], value, statement->written[field]));
    }
    return text_str(&text);
}

struct gathering {
    struct suspect *suspect;
    LIST(struct suspect_evidence) evidence;
    struct str province;
    bool is_listed;    /* a record is of the register of those present */
    bool school_lists; /* a record of the roll is of a school that lists who is present */
    bool numbers_asked, numbers_equal; /* of records whose number is compared */
};

static void add_evidence(const struct clearing *clearing, struct gathering *gathering,
                         const struct outcome_source *source, const struct statement *statement,
                         const struct suspect_evidence *like)
{
    struct suspect_evidence *item = list_push(clearing->in->arena, &gathering->evidence);
    *item = *like;
    item->source = source;
    item->file = file_of(clearing, statement->batch);
    item->sheet = statement->sheet + 1;
    item->row = statement->row;
    item->says = says_of(clearing, source, statement);
    gathering->suspect->facts |= 1ull << source->fact;
}

/* The number of a record as it stands in its own column, else as its student number has it: what
 * the platform compared. */
static void compare_number(const struct clearing *clearing, struct gathering *gathering,
                           const struct statement *statement, const struct profile *profile,
                           uint32_t record)
{
    int field = profile_field_number(profile, "id_number");
    struct str listed =
        people_text(clearing->in->people, gathering->suspect->record, PERSON_ID_NUMBER);
    struct str number = field < 0 ? STR_EMPTY : statement->values[field];
    if (number.len == 0) number = people_text(clearing->in->people, record, PERSON_ID_NUMBER);
    gathering->numbers_asked = true;
    if (listed.len > 0 && str_equal(listed, number)) gathering->numbers_equal = true;
}

/* What one record of the person says. */
static bool read_record(const struct clearing *clearing, struct gathering *gathering,
                        struct suspect_evidence like, struct err *err)
{
    const struct suspects_input *in = clearing->in;
    const struct person_record *record = &in->people->records[like.record];
    const struct profile *profile = in->people->registers[record->register_number];
    struct statement statement;
    bool opened = false;
    if ((int)record->register_number == clearing->presence) gathering->is_listed = true;
    for (size_t i = 0; i < in->outcomes->source_count; i++) {
        const struct outcome_source *source = &in->outcomes->sources[i];
        if (source->profile != profile) continue;
        if (!opened
            && !registry_statement(in->registry, in->arena, in->asker, profile, record->statement,
                                   &statement, err)) {
            return false;
        }
        opened = true;
        if (!outcome_source_holds(source, statement.values, clearing->at, gathering->province)) {
            continue;
        }
        add_evidence(clearing, gathering, source, &statement, &like);
        bool numbered = (in->outcomes->number_facts >> source->fact & 1) != 0;
        if (!numbered) continue;
        compare_number(clearing, gathering, &statement, profile, like.record);
        uint32_t school = record->values[PERSON_SCHOOL_NAME];
        gathering->school_lists = gathering->school_lists || clearing->listing[school];
    }
    return true;
}

/* The province of the row's place, as it is called for short. */
static struct str province_of(const struct clearing *clearing, struct str area)
{
    if (area.len < 6) return STR_EMPTY;
    struct text code;
    text_init(&code, clearing->in->arena, 8);
    text_add(&code, str_slice(area, 0, 2));
    text_add_c(&code, "0000");
    const struct division *province =
        division_find(clearing->in->registry->divisions, text_str(&code));
    return province == NULL ? STR_EMPTY : province->short_name;
}

/* The day of birth of the listed row, else of a record of the person that has one. */
static day birth_of(const struct suspects_input *in, uint32_t listed)
{
    const struct people *people = in->people;
    const struct person *person = &people->persons[people->records[listed].person];
    day birth = people->records[listed].birth;
    for (uint32_t i = 0; i < person->count && day_is_none(birth); i++) {
        birth = people->records[people->order[person->first + i]].birth;
    }
    return birth;
}

static void find_by_itself(const struct clearing *clearing, struct gathering *gathering,
                           bool any_record)
{
    const struct suspects_input *in = clearing->in;
    struct suspect *suspect = gathering->suspect;
    day birth = birth_of(in, suspect->record);
    if (gathering->numbers_asked && !gathering->numbers_equal) {
        suspect->facts |= 1ull << OUTCOME_NUMBER_DIFFERS;
    }
    if (!day_is_none(birth)) {
        int age = day_age(birth, day_school_cutoff(in->people->when.at));
        if (age > in->age_to) suspect->facts |= 1ull << OUTCOME_OVER_AGE;
        if (age < in->age_from) suspect->facts |= 1ull << OUTCOME_UNDER_AGE;
    }
    if (gathering->school_lists && !gathering->is_listed) {
        suspect->facts |= 1ull << OUTCOME_NOT_LISTED;
    }
    if (!any_record) suspect->facts |= 1ull << OUTCOME_ALONE;
}

static int compare_evidence(const void *a, const void *b)
{
    const struct suspect_evidence *x = a, *y = b;
    if (x->source->fact != y->source->fact) return x->source->fact < y->source->fact ? -1 : 1;
    if (x->probability_ppm != y->probability_ppm) {
        return x->probability_ppm > y->probability_ppm ? -1 : 1;
    }
    return x->record < y->record ? -1 : x->record > y->record;
}

/* The evidence on which the code rests comes first. */
static void order_evidence(const struct clearing *clearing, struct gathering *gathering)
{
    struct suspect *suspect = gathering->suspect;
    size_t count = gathering->evidence.count;
    suspect->evidence = arena_array(clearing->in->arena, struct suspect_evidence, count);
    suspect->evidence_count = count;
    if (count > 0) {
        qsort(gathering->evidence.items, count, sizeof *gathering->evidence.items,
              compare_evidence);
    }
    uint64_t rests = suspect->clause == NULL ? 0 : suspect->clause->all;
    size_t at = 0;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < count; i++) {
            const struct suspect_evidence *item = &gathering->evidence.items[i];
            bool resting = (rests >> item->source->fact & 1) != 0;
            if (resting == (round == 0)) suspect->evidence[at++] = *item;
        }
        if (round == 0) suspect->resting = at;
    }
}

/* Each fact is as sure as its surest record, the whole as its least sure fact. */
static uint32_t clause_ppm(const struct suspect *suspect)
{
    uint32_t all = 1000000;
    for (uint32_t fact = OUTCOME_FOUND_COUNT; fact < OUTCOME_FACTS_MAX; fact++) {
        if ((suspect->clause->all >> fact & 1) == 0) continue;
        uint32_t best = 0;
        for (size_t i = 0; i < suspect->resting; i++) {
            const struct suspect_evidence *item = &suspect->evidence[i];
            if (item->source->fact == fact && item->probability_ppm > best) {
                best = item->probability_ppm;
            }
        }
        all = smaller(all, best);
    }
    return all;
}

/* That no register knows a child is as sure as that none of theirs is the child's. */
static uint32_t alone_ppm(const struct suspect *suspect)
{
    return 1000000 - suspect->nearest_probability_ppm;
}

enum suspect_state suspect_state_with(const struct suspect *suspect,
                                      const struct outcomes *outcomes, const bool *filed)
{
    if (suspect->clause == NULL) return SUSPECT_UNKNOWN;
    if (!suspect->code->closes) return SUSPECT_STAYS_OPEN;
    bool against = (suspect->facts & outcomes->against & ~suspect->clause->all) != 0;
    bool sure = suspect->probability_ppm >= outcomes->sure_permille * 1000;
    if (against || !sure) return SUSPECT_UNSURE;
    if (suspect->clause->act_zh.len > 0) return SUSPECT_NEEDS_ACT;
    for (size_t i = 0; i < suspect->proof_count; i++) {
        bool there = suspect->proofs[i].held || (filed != NULL && filed[i]);
        if (!there) return SUSPECT_NEEDS_PROOF;
    }
    return SUSPECT_CLOSES;
}

static void conclude(const struct clearing *clearing, struct gathering *gathering)
{
    const struct outcomes *outcomes = clearing->in->outcomes;
    struct suspect *suspect = gathering->suspect;
    suspect->clause = outcome_decide(outcomes, suspect->facts);
    order_evidence(clearing, gathering);
    if (suspect->clause != NULL) {
        const struct outcome_clause *clause = suspect->clause;
        suspect->code = &outcomes->codes[clause->code];
        suspect->probability_ppm = clause_ppm(suspect);
        if ((clause->all >> OUTCOME_ALONE & 1) != 0) {
            suspect->probability_ppm = smaller(suspect->probability_ppm, alone_ppm(suspect));
        }
        suspect->proofs =
            arena_array(clearing->in->arena, struct suspect_proof, clause->proof_count);
        suspect->proof_count = clause->proof_count;
        for (size_t i = 0; i < clause->proof_count; i++) {
            uint32_t proof = clause->proofs[i];
            bool held = (outcomes->proofs[proof].held_by & suspect->facts) != 0;
            suspect->proofs[i] = (struct suspect_proof){proof, held};
        }
    }
    suspect->state = suspect_state_with(suspect, outcomes, NULL);
}

/* Everything that is known of one name; `near` is of the second look, record UINT32_MAX: none. */
static bool clear_one(const struct clearing *clearing, struct suspect *suspect,
                      struct suspect_near near, struct err *err)
{
    const struct suspects_input *in = clearing->in;
    const struct people *people = in->people;
    uint32_t number = people->records[suspect->record].person;
    const struct person *person = &people->persons[number];
    struct gathering gathering = {.suspect = suspect,
                                  .province = province_of(clearing, suspect->area)};
    bool any = false, taken = near.record != UINT32_MAX
                              && near.probability_ppm >= in->outcomes->likely_permille * 1000;
    suspect->facts = 0;
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t record = people->order[person->first + i];
        if ((int)people->records[record].register_number == clearing->list_register) continue;
        any = true;
        struct suspect_evidence like = {.record = record,
                                        .probability_ppm = record_ppm(in, suspect->record, record)};
        if (!read_record(clearing, &gathering, like, err)) return false;
    }
    if (taken) {
        const struct person *other = &people->persons[people->records[near.record].person];
        for (uint32_t i = 0; i < other->count; i++) {
            struct suspect_evidence like = {.record = people->order[other->first + i],
                                            .probability_ppm = near.probability_ppm,
                                            .apart = true};
            if (!read_record(clearing, &gathering, like, err)) return false;
        }
    } else {
        suspect->nearest = near.record;
        suspect->nearest_probability_ppm = near.probability_ppm;
    }
    find_by_itself(clearing, &gathering, any || taken);
    conclude(clearing, &gathering);
    return true;
}

static int compare_suspects(const void *a, const void *b)
{
    const struct suspect *x = a, *y = b;
    int file = str_compare(x->file, y->file);
    if (file != 0) return file;
    if (x->sheet != y->sheet) return x->sheet < y->sheet ? -1 : 1;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

static bool read_rows(const struct clearing *clearing, struct suspect **out, size_t *count,
                      struct err *err)
{
    const struct suspects_input *in = clearing->in;
    const struct people *people = in->people;
    LIST(struct suspect) list = {0};
    for (uint32_t i = 0; i < people->record_count; i++) {
        const struct person_record *record = &people->records[i];
        if ((int)record->register_number != clearing->list_register || record->part != 0) continue;
        struct statement statement;
        const struct profile *profile = people->registers[record->register_number];
        struct str area = people_text(people, i, PERSON_AREA);
        if (in->area.len > 0 && !area_covers(in->area, area)) continue;
        if (!registry_statement(in->registry, in->arena, in->asker, profile, record->statement,
                                &statement, err)) {
            return false;
        }
        *list_push(in->arena, &list) = (struct suspect){.record = i,
                                                        .file = file_of(clearing, statement.batch),
                                                        .sheet = statement.sheet + 1,
                                                        .row = statement.row,
                                                        .area = statement.area,
                                                        .values = statement.values,
                                                        .written = statement.written,
                                                        .nearest = UINT32_MAX};
    }
    if (list.count > 1) qsort(list.items, list.count, sizeof *list.items, compare_suspects);
    *out = list.items;
    *count = list.count;
    return true;
}

/* A second look for those of whom the registers say nothing that closes the case, or whose outcome
 * rests on that there is no record of some kind. */
static bool look_again(const struct clearing *clearing, struct suspect *suspects, size_t count,
                       struct err *err)
{
    const struct suspects_input *in = clearing->in;
    uint32_t *asked = arena_array(in->arena, uint32_t, count);
    size_t *places = arena_array(in->arena, size_t, count), found = 0;
    struct suspect_near *near = arena_array(in->arena, struct suspect_near, count);
    for (size_t i = 0; i < count; i++) {
        const struct outcome_code *code = suspects[i].code;
        bool over = (suspects[i].facts >> OUTCOME_OVER_AGE & 1) != 0;
        bool alone = (suspects[i].facts >> OUTCOME_ALONE & 1) != 0;
        bool lacks = suspects[i].clause != NULL && suspects[i].clause->none != 0;
        if (code != NULL && code->closes && !over && !alone && !lacks) continue;
        places[found] = i;
        asked[found++] = in->people->records[suspects[i].record].person;
    }
    suspects_look_near(in, asked, found, near);
    for (size_t i = 0; i < found; i++) {
        if (near[i].record == UINT32_MAX) continue;
        if (!clear_one(clearing, &suspects[places[i]], near[i], err)) return false;
    }
    return true;
}

/* Whether a record is of a register whose number is compared: of the roll. */
static bool is_of_roll(const struct suspects_input *in, uint32_t record)
{
    const struct outcomes *outcomes = in->outcomes;
    const struct profile *profile =
        in->people->registers[in->people->records[record].register_number];
    for (size_t i = 0; i < outcomes->source_count; i++) {
        const struct outcome_source *source = &outcomes->sources[i];
        bool numbered = (outcomes->number_facts >> source->fact & 1) != 0;
        if (numbered && source->profile == profile) return true;
    }
    return false;
}

/* Which schools have sent their list of those present: half of those on its roll stand on one. The
 * two lists may call a school by different names, so pupils tell. */
static void read_listing(struct clearing *clearing)
{
    const struct people *people = clearing->in->people;
    struct arena *arena = clearing->in->arena;
    size_t schools = people->texts[PERSON_SCHOOL_NAME].count;
    uint32_t *pupils = arena_array(arena, uint32_t, schools);
    uint32_t *present = arena_array(arena, uint32_t, schools);
    bool *listed = arena_array(arena, bool, people->person_count);
    for (size_t i = 0; i < people->record_count; i++) {
        const struct person_record *record = &people->records[i];
        if ((int)record->register_number == clearing->presence) listed[record->person] = true;
    }
    for (uint32_t i = 0; i < people->record_count; i++) {
        if (!is_of_roll(clearing->in, i)) continue;
        uint32_t school = people->records[i].values[PERSON_SCHOOL_NAME];
        pupils[school]++;
        present[school] += listed[people->records[i].person];
    }
    clearing->listing = arena_array(arena, bool, schools);
    for (size_t i = 1; i < schools; i++) {
        clearing->listing[i] = present[i] > 0 && present[i] * 2 >= pupils[i];
    }
}

static int register_of(const struct people *people, const struct profile *profile)
{
    for (size_t i = 0; i < people->register_count; i++) {
        if (people->registers[i] == profile) return (int)i;
    }
    return -1;
}

bool suspects_clear(const struct suspects_input *input, struct suspect **out, size_t *count,
                    struct err *err)
{
    struct clearing clearing = {.in = input};
    struct suspect *suspects;
    size_t found;
    day_format(input->people->when.at, clearing.at_text);
    clearing.at = str_from(clearing.at_text);
    clearing.list_register = register_of(input->people, input->outcomes->list);
    clearing.presence = register_of(input->people, input->outcomes->presence);
    read_listing(&clearing);
    if (!registry_batches(input->registry, input->arena, input->asker, &clearing.batches,
                          &clearing.batch_count, err)
        || !read_rows(&clearing, &suspects, &found, err)) {
        return false;
    }
    if (found == 0) {
        return err_set(err, ERR_CONFLICT,
                       "no list of suspects holds on %s, import the list that was sent down first",
                       "%s 没有下发疑似名单，请先导入下发的名单", clearing.at_text);
    }
    struct suspect_near none = {UINT32_MAX, 0};
    for (size_t i = 0; i < found; i++) {
        if (!clear_one(&clearing, &suspects[i], none, err)) return false;
    }
    if (!look_again(&clearing, suspects, found, err)) return false;
    *out = suspects;
    *count = found;
    return true;
}
