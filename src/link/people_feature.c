#include "link/people_feature.h"

#include "base/thread.h"
#include "identity/name.h"
#include "identity/reading.h"

enum { TEXTS_A_TASK = 1024 };

static const enum person_field kin_names[FEATURE_KIN_FIELDS] = {
    PERSON_GUARDIAN_NAME, PERSON_GUARDIAN2_NAME, PERSON_HEAD_NAME};
static const enum person_field kin_numbers[FEATURE_KIN_FIELDS] = {
    PERSON_GUARDIAN_ID, PERSON_GUARDIAN2_ID, PERSON_HEAD_ID};

uint64_t feature_hash(struct str text)
{
    uint64_t hash = str_hash(text);
    if (text.len == 0) return 0;
    return hash == 0 ? 1 : hash;
}

static uint64_t sound_of(const struct feature_name *name)
{
    uint64_t sound = 0;
    for (int i = 0; i < name->count; i++) {
        uint16_t readings[READINGS_PER_CHARACTER_MAX];
        uint16_t syllable = i < name->surname ? reading_of_surname(name->codes[i]) : 0;
        if (syllable == 0 && reading_of(name->codes[i], readings) > 0) syllable = readings[0];
        sound = u64_mix(sound ^ (syllable != 0 ? reading_class(syllable) : name->codes[i]));
    }
    return sound;
}

static void read_name(struct arena *work, struct str written, struct feature_name *out)
{
    struct name name;
    name_read(work, written, &name);
    out->clean = feature_hash(name.clean);
    out->chinese = name.chinese;
    size_t at = 0;
    uint32_t code;
    while (out->count < FEATURE_NAME_CODES_MAX && utf8_next(name.clean, &at, &code)) {
        out->codes[out->count++] = code;
    }
    out->surname = (uint8_t)utf8_count(name.surname);
    if (out->surname > out->count) out->surname = out->count;
    out->sound = sound_of(out);
}

static uint64_t read_kin_name(struct arena *work, struct str written)
{
    struct name name;
    if (written.len == 0 || name_is_blank(written)) return 0;
    name_read(work, written, &name);
    return feature_hash(name.clean);
}

/* The texts of the fields one after the other, cut into tasks. */
struct opening {
    const struct features *features;
    uint32_t first[FEATURE_KIN_FIELDS + 2]; /* task numbers: names, then names of kin */
};

static void read_texts(void *context, size_t number, size_t thread)
{
    (void)thread;
    const struct opening *opening = context;
    const struct features *features = opening->features;
    struct arena work = {0};
    int list = 0;
    while (number >= opening->first[list + 1]) list++;
    enum person_field field = list == 0 ? PERSON_NAME : kin_names[list - 1];
    const struct dict *texts = &features->people->texts[field];
    uint32_t from = ((uint32_t)number - opening->first[list]) * TEXTS_A_TASK;
    for (uint32_t t = from; t < texts->count && t < from + TEXTS_A_TASK; t++) {
        struct str text = dict_text(texts, t);
        if (list == 0)
            read_name(&work, text, &features->names[t]);
        else
            features->kin_names[list - 1][t] = read_kin_name(&work, text);
    }
    arena_free(&work);
}

void features_open(struct features *features, struct arena *arena, const struct people *people,
                   size_t threads)
{
    const struct dict *grades = &people->texts[PERSON_GRADE];
    struct opening opening = {.features = features};
    *features = (struct features){.people = people};
    features->names = arena_array(arena, struct feature_name, people->texts[PERSON_NAME].count);
    features->school_years = arena_array(arena, int32_t, grades->count);
    for (uint32_t t = 0; t < grades->count; t++) {
        features->school_years[t] = people_school_year(dict_text(grades, t));
    }
    for (int list = 0; list <= FEATURE_KIN_FIELDS; list++) {
        enum person_field field = list == 0 ? PERSON_NAME : kin_names[list - 1];
        uint32_t count = people->texts[field].count;
        if (list > 0) features->kin_names[list - 1] = arena_array(arena, uint64_t, count);
        opening.first[list + 1] = opening.first[list] + (count + TEXTS_A_TASK - 1) / TEXTS_A_TASK;
    }
    thread_run(threads, opening.first[FEATURE_KIN_FIELDS + 1], read_texts, &opening);
}

static void add_hash(uint64_t list[FEATURE_KIN_MAX], uint64_t hash)
{
    for (int i = 0; i < FEATURE_KIN_MAX - 1; i++) {
        if (list[i] == hash || hash == 0) return;
        if (list[i] != 0) continue;
        list[i] = hash;
        return;
    }
}

int32_t people_school_year(struct str grade)
{
    static const struct {
        const char *stage;
        int32_t before;
    } stages[] = {{"preschool:", -3}, {"primary:", 0},    {"junior:", 6},
                  {"senior:", 9},     {"vocational:", 9}, {"special:", 0}};
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        struct str stage = str_from(stages[i].stage);
        int64_t year;
        if (str_starts(grade, stage) && str_to_i64(str_slice(grade, stage.len, grade.len), &year)
            && year >= 1 && year <= 12) {
            return stages[i].before + (int32_t)year;
        }
    }
    return INT32_MIN;
}

struct feature feature_of(const struct features *features, uint32_t record)
{
    const struct people *people = features->people;
    CHECK(record < people->record_count);
    const struct person_record *row = &people->records[record];
    struct feature out = {.name = &features->names[row->values[PERSON_NAME]]};
    out.id = people_text(people, record, PERSON_ID_NUMBER);
    for (int i = 0; i < FEATURE_KIN_FIELDS; i++) {
        const struct dict *numbers = &people->texts[kin_numbers[i]];
        uint32_t number = row->values[kin_numbers[i]];
        add_hash(out.kin_names, features->kin_names[i][row->values[kin_names[i]]]);
        if (numbers->texts[number].len >= 15) add_hash(out.kin_numbers, numbers->hashes[number]);
    }
    /* Somebody else's number in the child's row is most often a parent's. */
    if (row->id_kind == PERSON_ID_DOUBTFUL) {
        uint32_t number = row->values[PERSON_ID_NUMBER];
        add_hash(out.kin_numbers, people->texts[PERSON_ID_NUMBER].hashes[number]);
    }
    out.area = people_text(people, record, PERSON_AREA);
    out.school_year = features->school_years[row->values[PERSON_GRADE]];
    return out;
}
