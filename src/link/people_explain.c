#include "link/people_explain.h"

#include "identity/id_number.h"

enum { LEVELS_MAX = 9 };

struct field_words {
    const char *key, *zh, *en;
    enum person_field shown;
    uint8_t missing; /* the level that says nothing */
    const char *levels[LEVELS_MAX][2];
};

static const struct field_words words[EXPLAIN_FIELDS] = {
    {"name",
     "姓名",
     "name",
     PERSON_NAME,
     WEIGH_NAME_MISSING,
     {{"相同", "equal"},
      {"音同或形近", "alike in sound or shape"},
      {"一字不同", "one character differs"},
      {"缺字或换序", "a character missing or in another order"},
      {"名同姓异", "given name equal, surname another"},
      {"只同姓", "only the surname is equal"},
      {"不同", "different"},
      {"缺", "missing"}}},
    {"birth_date",
     "出生日期",
     "birth date",
     PERSON_BIRTH_DATE,
     WEIGH_BIRTH_MISSING,
     {{"相同", "equal"},
      {"同一天的两种写法", "one day written in two ways"},
      {"一处笔误", "one slip"},
      {"同年", "same year"},
      {"相邻年份", "a year apart"},
      {"相差远", "far apart"},
      {"缺", "missing"}}},
    {"id_number",
     "证件号码",
     "ID number",
     PERSON_ID_NUMBER,
     WEIGH_ID_MISSING,
     {{"相同且出生日期相符", "equal, and the birth date agrees"},
      {"相同", "equal"},
      {"一处笔误", "one slip"},
      {"相同，但可能是他人号码", "equal, but perhaps somebody else's"},
      {"一方残缺", "one is damaged"},
      {"一方可能是他人号码", "one is perhaps somebody else's"},
      {"都有效而不同", "both valid, different"},
      {"缺", "missing"}}},
    {"kin",
     "监护人",
     "guardian",
     PERSON_GUARDIAN_NAME,
     WEIGH_KIN_MISSING,
     {{"号码相同", "a number in common"},
      {"同户，或电话与姓名相同", "same household, or phone and name"},
      {"姓名或电话相同", "a name or the phone in common"},
      {"不同", "different"},
      {"缺", "missing"}}},
    {"home",
     "住址",
     "home",
     PERSON_VILLAGE,
     WEIGH_HOME_MISSING,
     {{"同村", "same village"},
      {"同乡镇", "same township"},
      {"同县区", "same county"},
      {"不同", "elsewhere"},
      {"缺", "missing"}}},
    {"sex",
     "性别",
     "sex",
     PERSON_SEX,
     WEIGH_SEX_MISSING,
     {{"相同", "equal"}, {"不同", "different"}, {"缺", "missing"}}},
    {"grade",
     "年级与年龄",
     "grade for the age",
     PERSON_GRADE,
     WEIGH_GRADE_MISSING,
     {{"相符", "fits"}, {"不符", "does not fit"}, {"缺", "missing"}}},
    {"school",
     "学校",
     "school",
     PERSON_SCHOOL_NAME,
     WEIGH_SCHOOL_MISSING,
     {{"同班", "same class"},
      {"同年级", "same grade"},
      {"同校", "same school"},
      {"不同校", "another school"},
      {"缺", "missing"}}},
};

/* The level of a field, to read or to blank. */
static uint8_t *level_of(struct weigh_levels *levels, int field)
{
    switch (field) {
    case 0: return &levels->name;
    case 1: return &levels->birth;
    case 2: return &levels->id;
    case 3: return &levels->kin;
    case 4: return &levels->home;
    case 5: return &levels->sex;
    case 6: return &levels->grade;
    default: return &levels->school;
    }
}

static struct str shown_text(struct arena *arena, const struct people *people, uint32_t record,
                             enum person_field field, enum explain_ids ids)
{
    struct str text = people_text(people, record, field);
    return field == PERSON_ID_NUMBER && ids == EXPLAIN_MASKED ? id_number_mask(arena, text) : text;
}

void explain_pair(struct arena *arena, const struct people *people, const struct weigher *weigher,
                  uint32_t record, uint32_t other, enum explain_ids ids, struct explanation *out)
{
    CHECK(record < people->record_count);
    CHECK(other < people->record_count);
    struct weigh_levels levels = weigher_levels(weigher, record, other);
    *out = (struct explanation){
        .record = record, .other = other, .weight_millibits = weigher_pair(weigher, record, other)};
    for (int f = 0; f < EXPLAIN_FIELDS; f++) {
        struct weigh_levels without = levels;
        uint8_t level = *level_of(&levels, f);
        *level_of(&without, f) = words[f].missing;
        out->fields[f] = (struct explain_field){
            .key = words[f].key,
            .zh = words[f].zh,
            .en = words[f].en,
            .level_zh = words[f].levels[level][0],
            .level_en = words[f].levels[level][1],
            .left = shown_text(arena, people, record, words[f].shown, ids),
            .right = shown_text(arena, people, other, words[f].shown, ids),
            .left_derived =
                words[f].shown == PERSON_GUARDIAN_NAME && people->records[record].kin_derived,
            .right_derived =
                words[f].shown == PERSON_GUARDIAN_NAME && people->records[other].kin_derived,
            .millibits = out->weight_millibits - weigher_of_levels(weigher, without, record, other),
        };
    }
}

void explain_person(struct arena *arena, const struct people *people, const struct weigher *weigher,
                    uint32_t person, uint32_t other, enum explain_ids ids, struct explanation *out)
{
    const struct person *of = &people->persons[person];
    CHECK(of->count > 0);
    uint32_t nearest = people->order[of->first];
    int32_t heaviest = weigher_pair(weigher, nearest, other);
    for (uint32_t i = 1; i < of->count; i++) {
        uint32_t record = people->order[of->first + i];
        int32_t weight = weigher_pair(weigher, record, other);
        if (weight <= heaviest) continue;
        nearest = record;
        heaviest = weight;
    }
    explain_pair(arena, people, weigher, nearest, other, ids, out);
}
