#include "link/people_feature.h"

#include "identity/name.h"

void features_init(struct features *features, struct arena *arena, const struct people *people)
{
    *features = (struct features){.arena = arena, .people = people};
    features->names_by_text =
        arena_array(arena, struct feature_name, people->texts[PERSON_NAME].count);
    features->by_record = arena_array(arena, struct feature *, people->record_count);
    dict_init(&features->names, arena);
    dict_init(&features->kin_numbers, arena);
    uint32_t zero = dict_put(&features->names, STR_EMPTY);
    CHECK(zero == 0);
    zero = dict_put(&features->kin_numbers, STR_EMPTY);
    CHECK(zero == 0);
}

const struct feature_name *feature_name_of(struct features *features, uint32_t text)
{
    CHECK(text < features->people->texts[PERSON_NAME].count);
    struct feature_name *out = &features->names_by_text[text];
    if (out->ready) return out;
    out->ready = true;
    struct name name;
    name_read(features->arena, dict_text(&features->people->texts[PERSON_NAME], text), &name);
    out->clean = dict_put(&features->names, name.clean);
    out->chinese = name.chinese;
    size_t at = 0;
    uint32_t code;
    while (out->count < FEATURE_NAME_CODES_MAX && utf8_next(name.clean, &at, &code)) {
        out->codes[out->count++] = code;
    }
    out->surname = (uint8_t)utf8_count(name.surname);
    if (out->surname > out->count) out->surname = out->count;
    return out;
}

static void add_number(uint32_t list[FEATURE_KIN_MAX], uint32_t number)
{
    for (int i = 0; i < FEATURE_KIN_MAX - 1; i++) {
        if (list[i] == number) return;
        if (list[i] != 0) continue;
        list[i] = number;
        return;
    }
}

static void add_kin_name(struct features *features, struct feature *out, struct str written)
{
    struct name name;
    if (written.len == 0 || name_is_blank(written)) return;
    name_read(features->arena, written, &name);
    if (name.clean.len > 0) add_number(out->kin_names, dict_put(&features->names, name.clean));
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

const struct feature *feature_of(struct features *features, uint32_t record)
{
    const struct people *people = features->people;
    CHECK(record < people->record_count);
    if (features->by_record[record] != NULL) return features->by_record[record];
    const struct person_record *row = &people->records[record];
    struct feature *out = arena_new(features->arena, struct feature);
    static const enum person_field names[] = {PERSON_GUARDIAN_NAME, PERSON_GUARDIAN2_NAME,
                                              PERSON_HEAD_NAME};
    static const enum person_field numbers[] = {PERSON_GUARDIAN_ID, PERSON_GUARDIAN2_ID,
                                                PERSON_HEAD_ID};
    features->by_record[record] = out;
    out->name = feature_name_of(features, row->values[PERSON_NAME]);
    out->id = people_text(people, record, PERSON_ID_NUMBER);
    for (int i = 0; i < 3; i++) {
        struct str number = people_text(people, record, numbers[i]);
        add_kin_name(features, out, people_text(people, record, names[i]));
        if (number.len >= 15)
            add_number(out->kin_numbers, dict_put(&features->kin_numbers, number));
    }
    /* Somebody else's number in the child's row is most often a parent's. */
    if (row->id_kind == PERSON_ID_DOUBTFUL) {
        add_number(out->kin_numbers, dict_put(&features->kin_numbers, out->id));
    }
    out->area = people_text(people, record, PERSON_AREA);
    out->school_year = people_school_year(people_text(people, record, PERSON_GRADE));
    return out;
}
