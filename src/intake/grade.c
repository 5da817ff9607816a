#include "intake/grade.h"

#include "intake/fold.h"

#include <stdio.h>
#include <string.h>

enum { GRADE_BYTES_MAX = 200 };

static const char *const stage_keys[STAGE_COUNT] = {
    [STAGE_NONE] = "",
    [STAGE_PRESCHOOL] = "preschool",
    [STAGE_PRIMARY] = "primary",
    [STAGE_JUNIOR] = "junior",
    [STAGE_SENIOR] = "senior",
    [STAGE_VOCATIONAL] = "vocational",
    [STAGE_SPECIAL] = "special",
    [STAGE_COLLEGE] = "college",
    [STAGE_UNDERGRADUATE] = "undergraduate",
    [STAGE_POSTGRADUATE] = "postgraduate",
};

/* Years that a stage has at most; junior schools of four years exist. */
static const int stage_years[STAGE_COUNT] = {
    [STAGE_PRESCHOOL] = 4, [STAGE_PRIMARY] = 6,       [STAGE_JUNIOR] = 4,
    [STAGE_SENIOR] = 3,    [STAGE_VOCATIONAL] = 5,    [STAGE_SPECIAL] = 12,
    [STAGE_COLLEGE] = 5,   [STAGE_UNDERGRADUATE] = 6, [STAGE_POSTGRADUATE] = 8,
};

const char *stage_key(enum stage stage)
{
    CHECK(stage < STAGE_COUNT);
    return stage_keys[stage];
}

enum stage stage_from_key(struct str key)
{
    for (int i = 1; i < STAGE_COUNT; i++) {
        if (str_is(key, stage_keys[i])) return (enum stage)i;
    }
    return STAGE_NONE;
}

struct stage_word {
    const char *word;
    enum stage stage;
};

/* Longer words before those that they begin with. */
static const struct stage_word stage_words[] = {
    {"普通高中", STAGE_SENIOR},     {"高级中学", STAGE_SENIOR},     {"职业高中", STAGE_VOCATIONAL},
    {"中等职业", STAGE_VOCATIONAL}, {"职业中专", STAGE_VOCATIONAL}, {"高职高专", STAGE_COLLEGE},
    {"高等职业", STAGE_COLLEGE},    {"高职", STAGE_COLLEGE},        {"高专", STAGE_COLLEGE},
    {"大专", STAGE_COLLEGE},        {"专科", STAGE_COLLEGE},        {"中职", STAGE_VOCATIONAL},
    {"中专", STAGE_VOCATIONAL},     {"职高", STAGE_VOCATIONAL},     {"职中", STAGE_VOCATIONAL},
    {"技校", STAGE_VOCATIONAL},     {"职业", STAGE_VOCATIONAL},     {"初级中学", STAGE_JUNIOR},
    {"初中", STAGE_JUNIOR},         {"高中", STAGE_SENIOR},         {"普高", STAGE_SENIOR},
    {"小学", STAGE_PRIMARY},        {"学前教育", STAGE_PRESCHOOL},  {"学前", STAGE_PRESCHOOL},
    {"幼儿园", STAGE_PRESCHOOL},    {"特教", STAGE_SPECIAL},        {"特殊教育", STAGE_SPECIAL},
    {"本科", STAGE_UNDERGRADUATE},  {"大学", STAGE_UNDERGRADUATE},  {"硕士", STAGE_POSTGRADUATE},
    {"博士", STAGE_POSTGRADUATE},   {"研究生", STAGE_POSTGRADUATE},
};

static enum stage take_stage(struct str *s)
{
    for (size_t i = 0; i < sizeof stage_words / sizeof *stage_words; i++) {
        struct str word = str_from(stage_words[i].word);
        if (!str_starts(*s, word)) continue;
        *s = str_slice(*s, word.len, s->len);
        if (str_starts(*s, STR("阶段"))) *s = str_slice(*s, STR("阶段").len, s->len);
        if (str_starts(*s, STR("部"))) *s = str_slice(*s, STR("部").len, s->len);
        return stage_words[i].stage;
    }
    return STAGE_NONE;
}

static bool take(struct str *s, const char *word)
{
    if (!str_starts(*s, str_from(word))) return false;
    *s = str_slice(*s, strlen(word), s->len);
    return true;
}

static void take_signs(struct str *s)
{
    static const char *const signs[] = {"(",  ")", "[",  "]",  "-", "_",  ".",  "·", "/",
                                        "第", ",", "、", "、", "—", "【", "】", NULL};
    size_t which;
    while (fold_starts_one_of(*s, signs, &which)) *s = str_slice(*s, strlen(signs[which]), s->len);
}

/* "(2)班", "二班", "2", "第2班" give "2班"; words are kept (火箭班, 甲班). */
static void read_class(struct str rest, struct grade *out)
{
    take_signs(&rest);
    size_t at = 0;
    int number, digits;
    out->class_name[0] = '\0';
    if (rest.len == 0 || rest.len >= GRADE_CLASS_SIZE - 8) return;
    if (fold_number(rest, &at, 4, &number, &digits)) {
        struct str tail = str_slice(rest, at, rest.len);
        take_signs(&tail);
        if (tail.len == 0 || str_is(tail, "班") || str_is(tail, "班级")) {
            snprintf(out->class_name, sizeof out->class_name, "%d班", number);
            return;
        }
    }
    struct str kept = rest;
    while (kept.len > 0 && strchr(")]", kept.ptr[kept.len - 1]) != NULL) kept.len--;
    if (str_is(kept, "班") || str_is(kept, "班级")) return;
    memcpy(out->class_name, kept.ptr, kept.len);
    out->class_name[kept.len] = '\0';
}

/* 大班, 大一班, 大(2)班, 中3班, 小班, 托班, 学前班. 大一 alone is a university's first year. */
static bool read_preschool(struct str s, bool certain, struct grade *out)
{
    static const char *const names[] = {"托", "小", "中", "大", NULL};
    size_t which;
    if (take(&s, "学前") || take(&s, "幼儿大") || take(&s, "幼大")) {
        take(&s, "一年级");
        *out = (struct grade){GRADE_NUMBERED, STAGE_PRESCHOOL, 3, ""};
        read_class(s, out);
        return true;
    }
    if (!fold_starts_one_of(s, names, &which)) return false;
    struct str rest = str_slice(s, strlen(names[which]), s.len);
    bool names_class = str_ends(rest, STR("班"));
    if (!names_class && !(certain && rest.len > 0)) return false;
    *out = (struct grade){GRADE_NUMBERED, STAGE_PRESCHOOL, (int)which, ""};
    if (str_is(rest, "班")) return true;
    size_t at = 0;
    int number, digits;
    take_signs(&rest);
    if (!fold_number(rest, &at, 2, &number, &digits) && !take(&rest, "班")) return false;
    read_class(rest, out);
    return true;
}

/* 初一, 初2, 高三, 职一, 大二, 研一. */
static bool read_short(struct str s, struct grade *out)
{
    static const struct stage_word heads[] = {
        {"初", STAGE_JUNIOR},        {"高", STAGE_SENIOR},       {"职", STAGE_VOCATIONAL},
        {"大", STAGE_UNDERGRADUATE}, {"研", STAGE_POSTGRADUATE}, {"小", STAGE_PRIMARY},
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct str rest = s;
        if (!take(&rest, heads[i].word)) continue;
        take_signs(&rest);
        size_t at = 0;
        int number, digits;
        if (!fold_number(rest, &at, 1, &number, &digits) || number < 1 || number > 6) return false;
        bool digit = rest.ptr[at - 1] <= '9' && rest.ptr[at - 1] >= '0';
        if (digit && at < rest.len && rest.ptr[at] >= '0' && rest.ptr[at] <= '9') return false;
        *out = (struct grade){GRADE_NUMBERED, heads[i].stage, number, ""};
        rest = str_slice(rest, at, rest.len);
        if (!take(&rest, "年级")) take(&rest, "年");
        read_class(rest, out);
        return true;
    }
    return false;
}

/* 2018级, 18级, 2018级3班, 2018年入学. */
static bool read_cohort(struct str s, enum stage stage, struct grade *out)
{
    size_t at = 0;
    int number, digits;
    if (!fold_number(s, &at, 4, &number, &digits)) return false;
    struct str rest = str_slice(s, at, s.len);
    if (digits == 4 && take(&rest, "年")) {
        if (!take(&rest, "级") && !take(&rest, "入学")) return false;
    } else if (!take(&rest, "级")) {
        return false;
    }
    if (digits == 2) number += 2000;
    if ((digits != 2 && digits != 4) || number < 1980 || number > 2100) return false;
    *out = (struct grade){GRADE_COHORT, stage, number, ""};
    read_class(rest, out);
    return true;
}

/* "三年级", "3年级2班", "三(2)班", "3", "3.2班", "301班". */
static bool read_number(struct str s, enum stage stage, bool class_column, struct grade *out)
{
    size_t at = 0;
    int number, digits;
    if (!fold_number(s, &at, 3, &number, &digits)) return false;
    struct str rest = str_slice(s, at, s.len);
    *out = (struct grade){GRADE_NUMBERED, stage, number, ""};
    if (digits == 3) {
        if (number < 100 || !str_is(rest, "班")) return false;
        out->number = number / 100;
        snprintf(out->class_name, sizeof out->class_name, "%d班", number % 100);
        return true;
    }
    if (number < 1 || number > 12) return false;
    if (take(&rest, "年级") || take(&rest, "年") || take(&rest, "级")) {
        read_class(rest, out);
        return true;
    }
    if (str_is(rest, ".0") || rest.len == 0) return !class_column;
    if (str_is(rest, "班")) return false; /* a class alone */
    bool sign = strchr("(.-[", rest.ptr[0]) != NULL || str_starts(rest, STR("·"));
    read_class(rest, out);
    size_t class_at = 0;
    struct str tail = rest;
    take_signs(&tail);
    bool class_number = fold_number(tail, &class_at, 2, &number, &digits);
    bool good = class_number && (sign || str_ends(rest, STR("班")));
    if (class_column && sign && !str_ends(rest, STR("班"))) return false;
    return good;
}

/* The place where "N年级" begins, for cells that put a school or a year before it. */
static size_t find_grade(struct str s)
{
    size_t word = str_find(s, STR("年级"));
    if (word == SIZE_MAX || word == 0) return SIZE_MAX;
    size_t start = word;
    for (size_t from = 0; from < word; from++) {
        if (((unsigned char)s.ptr[from] & 0xC0) == 0x80) continue;
        size_t at = from;
        int number, digits;
        if (fold_number(s, &at, 2, &number, &digits) && at == word) {
            start = from;
            break;
        }
    }
    return start == word ? SIZE_MAX : start;
}

/* The stage that words before the number name: the last one counts (XX学校初中部七年级). */
static enum stage stage_before(struct str before)
{
    enum stage found = STAGE_NONE;
    size_t last = 0;
    for (size_t i = 0; i < sizeof stage_words / sizeof *stage_words; i++) {
        size_t at = str_find(before, str_from(stage_words[i].word));
        if (at == SIZE_MAX || (found != STAGE_NONE && at <= last)) continue;
        found = stage_words[i].stage;
        last = at;
    }
    return found;
}

static bool read_any(struct str s, bool class_column, struct grade *out)
{
    struct str rest = s;
    take_signs(&rest);
    enum stage stage = take_stage(&rest);
    if (stage == STAGE_NONE && (take(&rest, "grade") || take(&rest, "g"))) take_signs(&rest);
    take_signs(&rest);
    if (stage != STAGE_NONE && rest.len == 0) {
        *out = (struct grade){GRADE_STAGE, stage, 0, ""};
        return true;
    }
    if (stage == STAGE_PRESCHOOL || stage == STAGE_NONE) {
        if (stage == STAGE_PRESCHOOL && str_starts(rest, STR("班"))) rest = s;
        if (read_preschool(rest, stage == STAGE_PRESCHOOL, out)) return true;
        if (read_preschool(s, false, out)) return true;
    }
    if (read_cohort(rest, stage, out) || read_number(rest, stage, class_column, out)) return true;
    if (stage == STAGE_NONE && read_short(rest, out)) return true;
    if (stage == STAGE_NONE && (take(&rest, "初") || take(&rest, "高"))) {
        bool junior = str_starts(s, STR("初"));
        if (read_cohort(rest, junior ? STAGE_JUNIOR : STAGE_SENIOR, out)) return true;
    }
    size_t at = find_grade(s);
    if (at == SIZE_MAX) return false;
    stage = stage_before(str_slice(s, 0, at));
    return read_number(str_slice(s, at, s.len), stage, class_column, out);
}

void grade_read(struct str written, bool class_column, struct grade *out)
{
    *out = (struct grade){0};
    if (written.len == 0 || written.len > GRADE_BYTES_MAX) return;
    struct arena arena = {0};
    struct grade found = {0};
    struct str folded = fold_text(&arena, written);
    if (read_any(folded, class_column, &found)) {
        *out = found;
    } else if (class_column) {
        read_class(folded, &found);
        memcpy(out->class_name, found.class_name, sizeof out->class_name);
    }
    arena_free(&arena);
}

/* A bare number counts through all of schooling (八年级, 11年级), but in a school of one later
 * stage a small one counts inside it. */
static bool resolve_bare(int number, enum stage school, enum stage *stage, int *year)
{
    bool later = school == STAGE_JUNIOR || school == STAGE_SENIOR || school == STAGE_VOCATIONAL
                 || school == STAGE_COLLEGE || school == STAGE_UNDERGRADUATE
                 || school == STAGE_POSTGRADUATE || school == STAGE_PRESCHOOL;
    if (later && number <= 3) {
        *stage = school;
        *year = number;
    } else if (number <= 6) {
        *stage = STAGE_PRIMARY;
        *year = number;
    } else if (number <= 9) {
        *stage = STAGE_JUNIOR;
        *year = number - 6;
    } else {
        *stage = STAGE_SENIOR;
        *year = number - 9;
    }
    return number >= 1 && number <= 12;
}

static bool resolve_cohort(const struct grade *grade, enum stage school, day on, enum stage *stage,
                           int *year)
{
    enum stage of = grade->stage != STAGE_NONE ? grade->stage : school;
    if (of == STAGE_NONE || of == STAGE_SPECIAL || day_is_none(on)) return false;
    int y, m, d;
    day_to_ymd(on, &y, &m, &d);
    int number = (m >= 8 ? y : y - 1) - grade->number + 1;
    if (number < 1 || number > stage_years[of]) return false;
    *stage = of;
    *year = number;
    return true;
}

bool grade_resolve(const struct grade *grade, enum stage school, day on, enum stage *stage,
                   int *year)
{
    if (grade->kind == GRADE_COHORT) return resolve_cohort(grade, school, on, stage, year);
    if (grade->kind != GRADE_NUMBERED) return false;
    int number = grade->number;
    if (grade->stage == STAGE_NONE) return resolve_bare(number, school, stage, year);
    if (grade->stage == STAGE_JUNIOR && number >= 7) number -= 6;
    if (grade->stage == STAGE_SENIOR && number >= 10) number -= 9;
    bool fits =
        number <= stage_years[grade->stage] && (number > 0 || grade->stage == STAGE_PRESCHOOL);
    if (!fits) return resolve_bare(grade->number, STAGE_NONE, stage, year);
    *stage = grade->stage;
    *year = number;
    return true;
}

static const char *const mixed_words[] = {"九年",     "一贯", "十二年", "十五年",
                                          "完全中学", "完中", NULL};

bool school_name_is_mixed(struct str name)
{
    if (fold_has_one_of(name, mixed_words)) return true;
    return stage_of_school_name(name) == STAGE_NONE
           && (str_find(name, STR("中学")) != SIZE_MAX || str_find(name, STR("学校")) != SIZE_MAX
               || str_find(name, STR("中")) != SIZE_MAX);
}

enum stage stage_of_school_name(struct str name)
{
    static const char *const preschool[] = {"幼儿园", "幼教", "托儿", "托育", "学前班", NULL};
    static const char *const special[] = {"特殊教育", "特教", "聋",   "盲人", "盲哑",
                                          "启智",     "培智", "启聪", NULL};
    static const char *const vocational[] = {
        "职业中等", "中等职业", "中等专业",     "职业中专", "职业高中", "职中",
        "职教",     "职专",     "中专",         "技工",     "技校",     "卫校",
        "卫生学校", "职业学校", "职业技术学校", "职业中学", NULL};
    static const char *const college[] = {"职业技术学院", "职业学院", "高等专科", "专科学校", NULL};
    static const char *const senior[] = {"高级中学", "高中", NULL};
    static const char *const junior[] = {"初级中学", "初中", NULL};
    static const char *const primary[] = {"小学", "完小", "教学点", "初小", NULL};
    if (fold_has_one_of(name, preschool)) return STAGE_PRESCHOOL;
    if (fold_has_one_of(name, special)) return STAGE_SPECIAL;
    if (fold_has_one_of(name, college)) return STAGE_COLLEGE;
    if (fold_has_one_of(name, vocational)) return STAGE_VOCATIONAL;
    if (fold_has_one_of(name, mixed_words)) return STAGE_NONE;
    bool small = fold_has_one_of(name, primary), middle = fold_has_one_of(name, junior);
    bool high = fold_has_one_of(name, senior);
    if (small + middle + high > 1) return STAGE_NONE;
    if (small && str_find(name, STR("中学")) == SIZE_MAX) return STAGE_PRIMARY;
    if (middle) return STAGE_JUNIOR;
    if (high) return STAGE_SENIOR;
    if (str_ends(name, STR("大学")) || str_ends(name, STR("学院"))) return STAGE_UNDERGRADUATE;
    return STAGE_NONE;
}

enum stage stage_of_school_code(struct str code)
{
    static const struct {
        const char *prefix;
        enum stage stage;
    } kinds[] = {
        {"11", STAGE_PRESCHOOL},  {"21", STAGE_PRIMARY},       {"32", STAGE_JUNIOR},
        {"36", STAGE_VOCATIONAL}, {"41", STAGE_UNDERGRADUATE}, {"51", STAGE_SPECIAL},
    };
    if (code.len != 10) return STAGE_NONE;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (str_starts(code, str_from(kinds[i].prefix))) return kinds[i].stage;
    }
    return STAGE_NONE;
}
