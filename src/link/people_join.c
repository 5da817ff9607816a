#include "link/people.h"

#include "base/asset.h"
#include "base/list.h"
#include "base/thread.h"

#include <stdlib.h>

/* Columns of the spec policies/national/link/people.yaml: what the engine is told of each record.
 */
enum column {
    COLUMN_NAME,
    COLUMN_ID,
    COLUMN_STUDENT,
    COLUMN_BIRTH,
    COLUMN_SEX,
    COLUMN_KIN_NUMBERS,
    COLUMN_KIN_NAMES,
    COLUMN_HOUSE,
    COLUMN_PHONE,
    COLUMN_AREA,
    COLUMN_VILLAGE,
    COLUMN_SCHOOL,
    COLUMN_GRADE,
    COLUMN_CLASS,
    COLUMN_COUNT,
};

static const char *const column_names[COLUMN_COUNT] = {
    "name",      "id",    "student_number", "birth",   "sex",    "kin_numbers", "kin_names",
    "household", "phone", "area",           "village", "school", "grade",       "class",
};

static const enum person_field plain[COLUMN_COUNT] = {
    [COLUMN_NAME] = PERSON_NAME,
    [COLUMN_ID] = PERSON_ID_NUMBER,
    [COLUMN_STUDENT] = PERSON_STUDENT_NUMBER,
    [COLUMN_BIRTH] = PERSON_BIRTH_DATE,
    [COLUMN_SEX] = PERSON_SEX,
    [COLUMN_HOUSE] = PERSON_HOUSEHOLD_NUMBER,
    [COLUMN_PHONE] = PERSON_PHONE,
    [COLUMN_AREA] = PERSON_AREA,
    [COLUMN_VILLAGE] = PERSON_VILLAGE,
    [COLUMN_SCHOOL] = PERSON_SCHOOL_NAME,
    [COLUMN_GRADE] = PERSON_GRADE,
    [COLUMN_CLASS] = PERSON_CLASS,
};

/* Below so many records a model learnt from them would say more about chance than about clerks. */
enum { RECORDS_TO_LEARN_MIN = 4000 };

static const char spec_name[] = "policies/national/link/people.yaml";
static const char model_name[] = "policies/national/link/people_model.yaml";

/* What a spreadsheet left of a number ("6.2E+17") is shared by a whole county. */
static bool is_number(const struct people *people, const struct person_record *record)
{
    struct str id = dict_text(&people->texts[PERSON_ID_NUMBER], record->values[PERSON_ID_NUMBER]);
    return record->id_kind != PERSON_ID_NONE || (id.len >= 15 && !str_ends(id, STR("000")));
}

/* G and the ID number: said already. */
static bool repeats_number(const struct people *people, const struct person_record *record)
{
    struct str id = dict_text(&people->texts[PERSON_ID_NUMBER], record->values[PERSON_ID_NUMBER]);
    struct str student =
        dict_text(&people->texts[PERSON_STUDENT_NUMBER], record->values[PERSON_STUDENT_NUMBER]);
    return student.len == 19 && student.ptr[0] == 'G' && str_equal(str_slice(student, 1, 19), id);
}

/* A column whose numbers are those of a field. The engine takes an empty text for a missing value.
 */
static struct link_column field_column(struct arena *arena, const struct people *people,
                                       enum column column)
{
    enum person_field field = plain[column];
    const struct dict *dict = &people->texts[field];
    uint32_t *values = arena_array(arena, uint32_t, people->record_count);
    for (size_t i = 0; i < people->record_count; i++) {
        const struct person_record *record = &people->records[i];
        uint32_t value = record->values[field];
        /* A number that is somebody else's says who the family is, not who the child is. */
        bool foreign =
            record->id_kind == PERSON_ID_DOUBTFUL || record->id_kind == PERSON_ID_SCHOOL_MADE;
        if (column == COLUMN_ID && (foreign || !is_number(people, record))) value = 0;
        if (column == COLUMN_STUDENT && repeats_number(people, record)) value = 0;
        values[i] = value;
    }
    return (struct link_column){str_from(column_names[column]), dict->texts, dict->count, values};
}

/* A text as eight letters and digits of its hash, without the blanks that clerks put into names:
 * the engine needs to know only which are equal, and short ones take little room. */
static void add_token(struct text *text, struct str value)
{
    static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
    uint64_t hash = 0;
    size_t at = 0;
    uint32_t code;
    while (utf8_next(value, &at, &code)) {
        if (code != ' ' && code != 0x3000 && code != '\t') hash = u64_mix(hash ^ code);
    }
    if (hash == 0) return;
    if (text->len > 0) text_add_byte(text, ' ');
    for (int i = 0; i < 8; i++) text_add_byte(text, digits[hash >> (5 * i) & 31]);
}

/* What a row says of the family, as one text: the same guardians give the same number. */
static struct link_column kin_column(struct arena *arena, const struct people *people,
                                     enum column column)
{
    static const enum person_field fields[2][3] = {
        {PERSON_GUARDIAN_ID, PERSON_GUARDIAN2_ID, PERSON_HEAD_ID},
        {PERSON_GUARDIAN_NAME, PERSON_GUARDIAN2_NAME, PERSON_HEAD_NAME}};
    const enum person_field *of = fields[column == COLUMN_KIN_NAMES];
    struct arena work = {0};
    struct dict dict;
    struct u64_map known;
    struct text text;
    uint32_t *values = arena_array(arena, uint32_t, people->record_count);
    dict_init(&dict, arena);
    u64_map_init(&known, &work);
    text_init(&text, &work, 4096);
    (void)dict_put(&dict, STR_EMPTY);
    for (uint32_t i = 0; i < people->record_count; i++) {
        const struct person_record *record = &people->records[i];
        uint32_t own = column == COLUMN_KIN_NUMBERS && record->id_kind == PERSON_ID_DOUBTFUL
                           ? record->values[PERSON_ID_NUMBER]
                           : 0;
        uint64_t key = u64_mix(own);
        for (int f = 0; f < 3; f++) key = u64_mix(key + record->values[of[f]] * 4u + (unsigned)f);
        uint32_t number = u64_map_find(&known, key);
        if (number == DICT_NONE) {
            text_clear(&text);
            for (int f = 0; f < 3; f++) {
                struct str part = people_text(people, i, of[f]);
                if (column == COLUMN_KIN_NAMES || part.len >= 15) add_token(&text, part);
            }
            if (own != 0) add_token(&text, people_text(people, i, PERSON_ID_NUMBER));
            number = dict_put(&dict, text_str(&text));
            u64_map_put(&known, key, number);
        }
        values[i] = number;
    }
    arena_free(&work);
    return (struct link_column){str_from(column_names[column]), dict.texts, dict.count, values};
}

struct column_task {
    const struct people *people;
    struct link_column *columns;
    struct arena *keep; /* by column */
};

static void make_column(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct column_task *task = context;
    bool kin = number == COLUMN_KIN_NUMBERS || number == COLUMN_KIN_NAMES;
    enum column column = (enum column)number;
    task->columns[number] = kin ? kin_column(&task->keep[number], task->people, column)
                                : field_column(&task->keep[number], task->people, column);
}

static void make_columns(struct arena *arena, const struct people *people, size_t threads,
                         struct link_column columns[COLUMN_COUNT])
{
    struct arena keep[COLUMN_COUNT] = {0};
    struct column_task task = {people, columns, keep};
    thread_run(threads, COLUMN_COUNT, make_column, &task);
    for (int c = 0; c < COLUMN_COUNT; c++) arena_join(arena, &keep[c]);
}

static void make_sources(struct arena *arena, const struct people *people, struct link_input *input)
{
    struct link_source *list = arena_array(arena, struct link_source, people->register_count + 1);
    uint32_t *sources = arena_array(arena, uint32_t, people->record_count);
    for (size_t r = 0; r < people->register_count; r++) {
        list[r].name = people->registers[r]->key;
        list[r].once_per_entity = people->registers[r]->once_per_person;
    }
    for (size_t i = 0; i < people->record_count; i++) {
        sources[i] = people->records[i].register_number;
    }
    input->source_list = list;
    input->source_count = people->register_count > 0 ? people->register_count : 1;
    input->sources = sources;
}

static bool built_in_model(struct arena *arena, const struct link_spec *spec,
                           const struct link_model **out, struct err *err)
{
    struct str text;
    struct link_model *model;
    CHECK(asset_find(model_name, &text));
    if (!link_model_read(arena, text, spec, &model, err)) return false;
    *out = model;
    return true;
}

static void take_persons(struct people *people, const struct link_result *result)
{
    people->person_count = result->cluster_count;
    people->persons = arena_array(people->arena, struct person, result->cluster_count);
    people->order = arena_array(people->arena, uint32_t, people->record_count);
    for (uint32_t i = 0; i < people->record_count; i++) {
        people->records[i].person = result->clusters[i];
        people->persons[result->clusters[i]].count++;
    }
    uint32_t first = 0;
    for (size_t p = 0; p < people->person_count; p++) {
        people->persons[p].number = (int64_t)p + 1;
        people->persons[p].first = first;
        first += people->persons[p].count;
        people->persons[p].count = 0;
    }
    for (uint32_t i = 0; i < people->record_count; i++) {
        struct person *person = &people->persons[people->records[i].person];
        people->order[person->first + person->count++] = i;
    }
}

static bool is_apart(const struct people *people, const struct link_pair *pair)
{
    return people->records[pair->a].person != people->records[pair->b].person;
}

/* What is worth a clerk's time: odds no worse than one to nine, and no more pairs than an office
 * could ever look at. */
enum { DOUBT_PPM = 100000, DOUBTS_MAX = 2000 };

static int64_t from_even(const struct link_pair *pair)
{
    int64_t off = (int64_t)pair->probability_ppm - 500000;
    return off < 0 ? -off : off;
}

static int compare_doubts(const void *a, const void *b)
{
    const struct link_pair *x = a, *y = b;
    if (from_even(x) != from_even(y)) return from_even(x) < from_even(y) ? -1 : 1;
    if (x->a != y->a) return x->a < y->a ? -1 : 1;
    return x->b < y->b ? -1 : x->b > y->b;
}

/* Doubtful pairs that were left apart, nearest to even odds first. */
static void take_doubts(struct people *people, const struct link_result *result,
                        struct people_join *join)
{
    LIST(struct link_pair) doubts = {0};
    for (size_t i = 0; i < result->pair_count; i++) {
        const struct link_pair *pair = &result->pairs[i];
        bool apart = people->records[pair->a].person != people->records[pair->b].person;
        bool even =
            pair->probability_ppm >= DOUBT_PPM && pair->probability_ppm <= 1000000 - DOUBT_PPM;
        if (apart && even) *list_push(people->arena, &doubts) = *pair;
    }
    if (doubts.count > 0) qsort(doubts.items, doubts.count, sizeof *doubts.items, compare_doubts);
    join->doubts = doubts.items;
    join->doubt_count = doubts.count < DOUBTS_MAX ? doubts.count : DOUBTS_MAX;
}

static void tie(struct person_tie *ties, uint32_t record, uint32_t other, int32_t weight)
{
    struct person_tie *best = &ties[record];
    bool better = best->other == UINT32_MAX || weight > best->weight_millibits;
    if (better) *best = (struct person_tie){other, weight};
}

static struct person_tie *take_ties(const struct people *people, const struct link_result *result)
{
    struct person_tie *ties = arena_array(people->arena, struct person_tie, people->record_count);
    for (size_t i = 0; i < people->record_count; i++) ties[i].other = UINT32_MAX;
    for (size_t i = 0; i < result->pair_count; i++) {
        const struct link_pair *pair = &result->pairs[i];
        if (is_apart(people, pair)) continue;
        tie(ties, pair->a, pair->b, pair->weight_millibits);
        tie(ties, pair->b, pair->a, pair->weight_millibits);
    }
    return ties;
}

/* The model used, and what the next run needs, in memory that stays. */
static bool take_model(struct people *people, const struct link_spec *spec,
                       const struct link_result *result, struct people_join *join, struct err *err)
{
    struct link_model *model;
    struct str json = link_model_write(people->arena, result->model);
    if (!link_model_read(people->arena, json, spec, &model, err)) return false;
    join->model_used = model;
    if (join->keys == NULL) return true;
    join->frequencies = link_frequencies_write(people->arena, result->model->frequencies);
    join->state = link_state_write(people->arena, result->state);
    return link_frequencies_read(people->arena, join->frequencies, spec, &model->frequencies, err);
}

/* Records that hardly ever agree with one another teach nothing; what the built-in model knows of
 * other counties serves then. */
static bool run_or_fall_back(struct arena *work, const struct link_spec *spec,
                             struct link_engine *engine, struct link_options *options,
                             struct people_join *join, struct link_result *result, struct err *err)
{
    struct err why = ERR_INIT;
    if (link_run(engine, options, result, &why)) return true;
    if (!join->learnt || why.kind != ERR_NOT_FOUND) {
        *err = why;
        return false;
    }
    join->learnt = false;
    return built_in_model(work, spec, &options->model, err)
           && link_run(engine, options, result, err);
}

static bool run_engine(struct people *people, struct arena *work, struct people_join *join,
                       struct err *err)
{
    struct link_column columns[COLUMN_COUNT];
    struct link_input input = {.record_count = people->record_count,
                               .columns = columns,
                               .column_count = COLUMN_COUNT,
                               .decisions = join->decisions,
                               .decision_count = join->decision_count,
                               .keys = join->keys};
    struct link_options options = {.threads = join->threads,
                                   .progress = join->progress,
                                   .model = join->model,
                                   .previous = join->previous,
                                   .keep_state = join->keys != NULL};
    struct link_spec *spec;
    struct link_engine *engine;
    struct link_result result;
    struct str text;
    CHECK(asset_find(spec_name, &text));
    if (!link_spec_parse(people->arena, text, spec_name, &spec, err)) return false;
    make_columns(work, people, join->threads, columns);
    make_sources(work, people, &input);
    join->learnt = join->model == NULL && people->record_count >= RECORDS_TO_LEARN_MIN;
    if (options.model == NULL && !join->learnt
        && !built_in_model(work, spec, &options.model, err)) {
        return false;
    }
    if (!link_open(work, &input, spec, &engine, err)) return false;
    if (!run_or_fall_back(work, spec, engine, &options, join, &result, err)) return false;
    if (!take_model(people, spec, &result, join, err)) return false;
    join->pairs_compared = result.pairs_compared;
    join->resumed = result.resumed;
    join->records_fresh = result.records_fresh;
    take_persons(people, &result);
    if (join->keys != NULL) join->ties = take_ties(people, &result);
    take_doubts(people, &result, join);
    return true;
}

bool people_join(struct people *people, struct people_join *join, struct err *err)
{
    CHECK(people->arena != NULL);
    struct arena work = {0};
    bool good = true;
    if (people->record_count == 0) {
        people->person_count = 0;
        join->doubt_count = 0;
    } else {
        good = run_engine(people, &work, join, err);
    }
    arena_free(&work);
    return good;
}
