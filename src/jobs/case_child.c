#include "jobs/case_child.h"

#include "identity/id_number.h"
#include "identity/mask.h"
#include "link/people.h"

/* Where to look, the surest first. */
static const char *const registers[] = {"population", "roll",      "residents", "door_survey",
                                        "poverty",    "elsewhere", "graduates", "dibao"};

enum kind { PLAIN, NUMBER, DAY, HOME, GRADE };

static const struct {
    const char *field, *name;
    enum kind kind;
} facts[] = {
    {"name", "child.name", PLAIN},
    {"sex", "child.sex", PLAIN},
    {"nation", "child.nation", PLAIN},
    {"birth_date", "child.birth", DAY},
    {"id_kind", "child.id_kind", PLAIN},
    {"id_number", "child.id", NUMBER},
    {"address", "child.address", HOME},
    {"student_number", "child.student_number", NUMBER},
    {"grade", "child.grade", GRADE},
    {"guardian_name", "guardian.name", PLAIN},
    {"guardian_relation", "guardian.relation", PLAIN},
    {"guardian_id", "guardian.id", NUMBER},
    {"guardian2_name", "guardian2.name", PLAIN},
    {"phone", "guardian.phone", PLAIN},
    {"guardian_phone", "guardian.phone", PLAIN},
    {"school_name", "school.name", PLAIN},
    {"school_code", "school.code", PLAIN},
};

/* Already there: what was set first holds. */
static bool is_set(const struct notice_values *values, const char *name)
{
    for (size_t i = 0; i < values->texts.count; i++) {
        if (str_is(values->texts.items[i].name, name)) return values->texts.items[i].text.len > 0;
    }
    return false;
}

/* A choice by its Chinese word: papers are in Chinese. */
static struct str words_of(const struct profile_field *field, struct str value)
{
    for (size_t i = 0; i < field->choice_count; i++) {
        if (str_equal(field->choices[i].key, value)) return field->choices[i].zh;
    }
    if (str_is(field->key, "sex")) {
        return str_is(value, "M") ? STR("男") : str_is(value, "F") ? STR("女") : value;
    }
    return value;
}

/* "primary:3" as people write it: 小学三年级. */
static struct str grade_words(struct arena *arena, struct str grade)
{
    static const struct {
        const char *stage, *zh;
    } stages[] = {{"preschool", "学前"}, {"primary", "小学"},    {"junior", "初中"},
                  {"senior", "高中"},    {"vocational", "中职"}, {"special", "特教"}};
    static const char *const years[] = {"", "一", "二", "三", "四", "五", "六", "七", "八", "九"};
    struct str rest = grade, stage;
    int64_t year;
    struct text text;
    if (!str_split(&rest, ':', &stage) || !str_to_i64(rest, &year) || year < 1 || year > 9) {
        return str_copy(arena, grade);
    }
    text_init(&text, arena, 64);
    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        if (str_is(stage, stages[i].stage)) text_add_c(&text, stages[i].zh);
    }
    text_add_f(&text, "%s年级", years[year]);
    return text_str(&text);
}

static struct str value_of(struct arena *arena, const struct profile_field *field, enum kind kind,
                           struct str value, bool reveal)
{
    day d;
    if (value.len == 0) return value;
    if (kind == NUMBER) return reveal ? str_copy(arena, value) : mask_value(arena, value);
    if (kind == GRADE) return grade_words(arena, value);
    if (kind == DAY && day_parse(value, &d)) return notice_day(arena, d);
    return str_copy(arena, words_of(field, value));
}

static void take_statement(struct notice_values *values, const struct profile *profile,
                           const struct statement *statement, bool reveal)
{
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        int number = profile_field_number(profile, facts[i].field);
        if (number < 0) continue;
        const char *name = facts[i].name;
        /* Where the household stands in the book, and where the child lives now. */
        if (facts[i].kind == HOME && !str_is(profile->key, "population")) name = "child.lives";
        if (is_set(values, name)) continue;
        notice_set(values, name,
                   value_of(values->arena, &profile->fields[number], facts[i].kind,
                            statement->values[number], reveal));
    }
}

bool case_child_values(struct workspace *workspace, const struct case_file *file, bool reveal,
                       struct notice_values *values, struct err *err)
{
    /* Who may see the case may see what its papers need (case_read asked before). */
    const struct asker all = asker_local();
    for (size_t r = 0; r < sizeof registers / sizeof *registers; r++) {
        const struct profile *profile =
            profile_find(workspace->registry.profiles, str_from(registers[r]));
        int64_t *numbers;
        size_t count;
        if (profile == NULL) continue;
        if (!person_statements(workspace->store, values->arena, profile->key, file->state.person,
                               &numbers, &count, err)) {
            return false;
        }
        for (size_t i = count; i > 0; i--) {
            struct statement statement;
            if (!registry_statement(&workspace->registry, values->arena, &all, profile,
                                    numbers[i - 1], &statement, err)) {
                return false;
            }
            take_statement(values, profile, &statement, reveal);
        }
    }
    return true;
}
