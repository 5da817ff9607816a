#include "link/people_levels.h"

#include "identity/id_number.h"
#include "identity/reading.h"
#include "identity/shape.h"

static bool sounds_or_looks_alike(uint32_t a, uint32_t b)
{
    return a == b || reading_same(a, b) || reading_near(a, b) || shape_near(a, b);
}

/* Both of equal length. */
static enum weigh_name names_of_one_length(const struct feature_name *a,
                                           const struct feature_name *b)
{
    int differ = 0, at = 0, unlike = 0, surname_differs = 0;
    for (int i = 0; i < a->count; i++) {
        if (a->codes[i] == b->codes[i]) continue;
        differ++;
        at = i;
        surname_differs += i < a->surname;
        unlike += !sounds_or_looks_alike(a->codes[i], b->codes[i]);
    }
    if (differ == 0) return WEIGH_NAME_EQUAL;
    if (unlike == 0 && (differ == 1 || a->chinese)) return WEIGH_NAME_ALIKE;
    if (differ == 1) {
        if (at < a->surname) return WEIGH_NAME_GIVEN;
        return a->count - a->surname > 1 ? WEIGH_NAME_ONE : WEIGH_NAME_SURNAME;
    }
    if (surname_differs > 0) {
        return surname_differs == differ && a->surname == b->surname ? WEIGH_NAME_GIVEN
                                                                     : WEIGH_NAME_OTHER;
    }
    if (differ == 2) {
        int other = at - 1;
        while (other > 0 && a->codes[other] == b->codes[other]) other--;
        if (a->codes[other] == b->codes[at] && a->codes[at] == b->codes[other]) {
            return WEIGH_NAME_PART;
        }
    }
    if (differ - unlike >= 1 && unlike == 1) return WEIGH_NAME_PART;
    return WEIGH_NAME_SURNAME;
}

static bool same_surname(const struct feature_name *a, const struct feature_name *b)
{
    if (a->surname != b->surname || a->surname == 0) return false;
    return memcmp(a->codes, b->codes, a->surname * sizeof *a->codes) == 0;
}

/* The shorter name is the longer one without some characters ("张小明" "张明"). */
static bool is_within(const struct feature_name *shorter, const struct feature_name *longer)
{
    int found = 0;
    for (int i = 0; i < longer->count && found < shorter->count; i++) {
        found += longer->codes[i] == shorter->codes[found];
    }
    return found == shorter->count;
}

static bool share_given_character(const struct feature_name *a, const struct feature_name *b)
{
    for (int i = a->surname; i < a->count; i++) {
        for (int j = b->surname; j < b->count; j++) {
            if (a->codes[i] == b->codes[j]) return true;
        }
    }
    return false;
}

static enum weigh_name compare_names(const struct feature_name *a, const struct feature_name *b)
{
    if (a->clean == 0 || b->clean == 0) return WEIGH_NAME_MISSING;
    if (a->clean == b->clean) return WEIGH_NAME_EQUAL;
    if (a->count == b->count) {
        enum weigh_name level = names_of_one_length(a, b);
        if (level == WEIGH_NAME_SURNAME && same_surname(a, b) && a->count > 2
            && share_given_character(a, b)) {
            return WEIGH_NAME_PART;
        }
        return level;
    }
    const struct feature_name *shorter = a->count < b->count ? a : b;
    const struct feature_name *longer = shorter == a ? b : a;
    if (shorter->count >= 2 && is_within(shorter, longer)) return WEIGH_NAME_PART;
    if (!same_surname(a, b)) return WEIGH_NAME_OTHER;
    return share_given_character(a, b) ? WEIGH_NAME_PART : WEIGH_NAME_SURNAME;
}

static enum weigh_birth compare_years(int a, int b)
{
    if (a == 0 || b == 0) return WEIGH_BIRTH_MISSING;
    int years = a > b ? a - b : b - a;
    return years == 0 ? WEIGH_BIRTH_YEAR : years == 1 ? WEIGH_BIRTH_NEXT : WEIGH_BIRTH_FAR;
}

/* The slips that two strangers seldom show: day and month exchanged, the first of January for an
 * unknown day, the same day of another year, one digit of day or month. */
static bool written_two_ways(day a, day b)
{
    int year[2], month[2], dom[2];
    day_to_ymd(a, &year[0], &month[0], &dom[0]);
    day_to_ymd(b, &year[1], &month[1], &dom[1]);
    bool same_day = month[0] == month[1] && dom[0] == dom[1];
    if (year[0] != year[1]) return same_day;
    if ((month[0] == 1 && dom[0] == 1) || (month[1] == 1 && dom[1] == 1)) return true;
    return month[0] == dom[1] && dom[0] == month[1];
}

static enum weigh_birth compare_births(const struct person_record *a, const struct person_record *b)
{
    if (day_is_none(a->birth) || day_is_none(b->birth)) {
        return compare_years(a->birth_year, b->birth_year);
    }
    bool damaged =
        a->birth_source == PERSON_BIRTH_DAMAGED || b->birth_source == PERSON_BIRTH_DAMAGED;
    if (a->birth.days == b->birth.days) return WEIGH_BIRTH_EQUAL;
    /* A damaged number speaks only where it agrees. */
    if (damaged) return WEIGH_BIRTH_MISSING;
    int days = a->birth.days - b->birth.days;
    if (days < 0) days = -days;
    if (written_two_ways(a->birth, b->birth)) return WEIGH_BIRTH_SLIP;
    if (people_birth_slip(a->birth, b->birth)) return WEIGH_BIRTH_NEAR;
    if (a->birth_year == b->birth_year || days < 120) return WEIGH_BIRTH_YEAR;
    return compare_years(a->birth_year, b->birth_year);
}

/* One number of 18 is the other with one character left out or too many. */
static bool one_left_out(struct str a, struct str b)
{
    struct str shorter = a.len < b.len ? a : b, longer = a.len < b.len ? b : a;
    if (longer.len != shorter.len + 1 || shorter.len < 17) return false;
    size_t at = 0;
    while (at < shorter.len && shorter.ptr[at] == longer.ptr[at]) at++;
    return memcmp(shorter.ptr + at, longer.ptr + at + 1, shorter.len - at) == 0;
}

/* One of them leaves out the century and the check character of the other: the old form of a number
 * that was never given out in it. */
static bool in_old_form(struct str a, struct str b)
{
    struct str shorter = a.len < b.len ? a : b, longer = a.len < b.len ? b : a;
    return shorter.len == 15 && longer.len == 18 && memcmp(shorter.ptr, longer.ptr, 6) == 0
           && memcmp(shorter.ptr + 6, longer.ptr + 8, 9) == 0;
}

static bool id_slip(struct str a, struct str b)
{
    bool swapped = false;
    if (in_old_form(a, b)) return true;
    if (a.len == 18 && b.len == 18) {
        int distance = id_number_distance(a, b, &swapped);
        return distance <= 1 || swapped;
    }
    return one_left_out(a, b);
}

/* One of them is what a spreadsheet left of the other, or may be: fifteen digits and zeros, which
 * one time in eleven have a right check character. Such a number says birth and place, no more. */
static bool is_cut(struct str a, struct str b)
{
    if (a.len != 18 || b.len != 18 || memcmp(a.ptr, b.ptr, 15) != 0) return false;
    return str_ends(a, STR("000")) != str_ends(b, STR("000"));
}

static enum weigh_id compare_ids(const struct person_record *a, const struct person_record *b,
                                 struct str a_id, struct str b_id)
{
    bool a_own = a->id_kind == PERSON_ID_OWN, b_own = b->id_kind == PERSON_ID_OWN;
    bool equal = str_equal(a_id, b_id);
    if (a_id.len < 15 || b_id.len < 15) return WEIGH_ID_MISSING;
    if (is_cut(a_id, b_id)) return WEIGH_ID_MISSING;
    if (a_own && b_own) return equal ? WEIGH_ID_EQUAL : WEIGH_ID_OTHER;
    bool a_foreign = a->id_kind == PERSON_ID_DOUBTFUL || a->id_kind == PERSON_ID_SCHOOL_MADE;
    bool b_foreign = b->id_kind == PERSON_ID_DOUBTFUL || b->id_kind == PERSON_ID_SCHOOL_MADE;
    if (a_foreign || b_foreign) return equal ? WEIGH_ID_EQUAL_DOUBTFUL : WEIGH_ID_DOUBTFUL;
    if (equal) return WEIGH_ID_EQUAL;
    if (id_slip(a_id, b_id)) return WEIGH_ID_SLIP;
    bool a_wrong = a->id_kind == PERSON_ID_WRONG, b_wrong = b->id_kind == PERSON_ID_WRONG;
    return (a_wrong || a_own) && (b_wrong || b_own) ? WEIGH_ID_DAMAGED : WEIGH_ID_MISSING;
}

static bool lists_meet(const uint64_t a[FEATURE_KIN_MAX], const uint64_t b[FEATURE_KIN_MAX])
{
    for (int i = 0; a[i] != 0; i++) {
        for (int j = 0; b[j] != 0; j++) {
            if (a[i] == b[j]) return true;
        }
    }
    return false;
}

static bool values_meet(const struct person_record *a, const struct person_record *b,
                        enum person_field field)
{
    return a->values[field] != 0 && a->values[field] == b->values[field];
}

static enum weigh_kin compare_kin(const struct person_record *a, const struct person_record *b,
                                  const struct feature *fa, const struct feature *fb)
{
    if (lists_meet(fa->kin_numbers, fb->kin_numbers)) return WEIGH_KIN_NUMBER;
    bool names = lists_meet(fa->kin_names, fb->kin_names);
    bool phone = values_meet(a, b, PERSON_PHONE);
    if ((phone && names) || values_meet(a, b, PERSON_HOUSEHOLD_NUMBER)) return WEIGH_KIN_HOUSE;
    if (names || phone) return WEIGH_KIN_NAME;
    bool numbers_known = fa->kin_numbers[0] != 0 && fb->kin_numbers[0] != 0;
    bool names_known = fa->kin_names[0] != 0 && fb->kin_names[0] != 0;
    return numbers_known || names_known ? WEIGH_KIN_OTHER : WEIGH_KIN_MISSING;
}

static enum weigh_home compare_homes(const struct person_record *a, const struct person_record *b,
                                     const struct feature *fa, const struct feature *fb)
{
    size_t length = fa->area.len < fb->area.len ? fa->area.len : fb->area.len;
    size_t same = 0;
    if (values_meet(a, b, PERSON_VILLAGE) && length < 12) return WEIGH_HOME_VILLAGE;
    if (length < 6) return WEIGH_HOME_MISSING;
    while (same < length && fa->area.ptr[same] == fb->area.ptr[same]) same++;
    if (same >= 12) return WEIGH_HOME_VILLAGE;
    if (same >= 9) return WEIGH_HOME_TOWNSHIP;
    return same >= 6 ? WEIGH_HOME_COUNTY : WEIGH_HOME_OTHER;
}

/* Years of life, counted by years alone, in which a pupil is in a stage. */
static enum weigh_grade compare_stage(struct str stage, int age)
{
    static const struct {
        const char *stage;
        int from, to;
    } ages[] = {{"preschool", 2, 8},
                {"primary", 5, 15},
                {"junior", 11, 18},
                {"senior", 14, 21},
                {"vocational", 14, 23}};
    for (size_t i = 0; i < sizeof ages / sizeof *ages; i++) {
        if (!str_is(stage, ages[i].stage)) continue;
        return age >= ages[i].from && age <= ages[i].to ? WEIGH_GRADE_FITS : WEIGH_GRADE_ODD;
    }
    return WEIGH_GRADE_MISSING;
}

/* Only where a birth is not known on one side does the grade tell something that the days do not.
 */
static enum weigh_grade compare_grade(const struct people *people, const struct person_record *a,
                                      const struct person_record *b, const struct feature *fa,
                                      const struct feature *fb)
{
    if (a->birth_year != 0 && b->birth_year != 0) return WEIGH_GRADE_MISSING;
    const struct person_record *born = a->birth_year != 0 ? a : b;
    const struct person_record *pupil = born == a ? b : a;
    int32_t year = born == a ? fb->school_year : fa->school_year;
    if (born->birth_year == 0) return WEIGH_GRADE_MISSING;
    int cutoff, month, dom;
    day_to_ymd(day_school_cutoff(people->when.at), &cutoff, &month, &dom);
    int age = cutoff - born->birth_year;
    if (year != INT32_MIN) {
        int off = age - (int)year - 5;
        return off >= -1 && off <= 2 ? WEIGH_GRADE_FITS : WEIGH_GRADE_ODD;
    }
    return compare_stage(dict_text(&people->texts[PERSON_STAGE], pupil->values[PERSON_STAGE]), age);
}

static enum weigh_school compare_schools(const struct person_record *a,
                                         const struct person_record *b, const struct feature *fa,
                                         const struct feature *fb)
{
    static const enum person_field name = PERSON_SCHOOL_NAME, code = PERSON_SCHOOL_CODE;
    bool codes = a->values[code] != 0 && b->values[code] != 0;
    bool names = a->values[name] != 0 && b->values[name] != 0;
    if (!codes && !names) return WEIGH_SCHOOL_MISSING;
    if (!(codes && values_meet(a, b, code)) && !(names && values_meet(a, b, name))) {
        return WEIGH_SCHOOL_OTHER;
    }
    if (fa->school_year == INT32_MIN || fa->school_year != fb->school_year) {
        return WEIGH_SCHOOL_SAME;
    }
    return values_meet(a, b, PERSON_CLASS) ? WEIGH_SCHOOL_CLASS : WEIGH_SCHOOL_GRADE;
}

static bool has_sex_of_number(const struct people *people, const struct person_record *row,
                              const struct feature *f)
{
    struct str sex = dict_text(&people->texts[PERSON_SEX], row->values[PERSON_SEX]);
    if (f->id.len != 18 || sex.len != 1) return false;
    return sex.ptr[0] == ((f->id.ptr[16] - '0') % 2 == 1 ? 'M' : 'F');
}

static bool states_its_number(const struct person_record *row, const struct feature *f)
{
    char text[DAY_TEXT_SIZE];
    if (row->birth_source != PERSON_BIRTH_STATED || f->id.len != 18) return false;
    day_format(row->birth, text);
    return memcmp(f->id.ptr + 6, text, 4) == 0 && memcmp(f->id.ptr + 10, text + 5, 2) == 0
           && memcmp(f->id.ptr + 12, text + 8, 2) == 0;
}

struct weigh_levels people_levels(const struct features *features, uint32_t a, uint32_t b)
{
    const struct people *people = features->people;
    const struct feature of_a = feature_of(features, a), of_b = feature_of(features, b);
    const struct feature *fa = &of_a, *fb = &of_b;
    const struct person_record *ra = &people->records[a], *rb = &people->records[b];
    struct weigh_levels out = {0};
    out.name = (uint8_t)compare_names(fa->name, fb->name);
    out.birth = (uint8_t)compare_births(ra, rb);
    out.id = (uint8_t)compare_ids(ra, rb, fa->id, fb->id);
    out.kin = (uint8_t)compare_kin(ra, rb, fa, fb);
    out.home = (uint8_t)compare_homes(ra, rb, fa, fb);
    out.grade = (uint8_t)compare_grade(people, ra, rb, fa, fb);
    out.school = (uint8_t)compare_schools(ra, rb, fa, fb);
    out.sex = WEIGH_SEX_MISSING;
    if (ra->values[PERSON_SEX] != 0 && rb->values[PERSON_SEX] != 0) {
        out.sex =
            ra->values[PERSON_SEX] == rb->values[PERSON_SEX] ? WEIGH_SEX_EQUAL : WEIGH_SEX_OTHER;
    }
    /* What the number has said already, a day read off the same digits does not say again. */
    bool stated =
        ra->birth_source == PERSON_BIRTH_STATED && rb->birth_source == PERSON_BIRTH_STATED;
    if (!stated && (out.id == WEIGH_ID_EQUAL || out.id == WEIGH_ID_SLIP)) {
        out.birth = WEIGH_BIRTH_MISSING;
    }
    /* The same number in both rows is another's by what one of them states: the day that the other
     * reads off it is no more the child's. A brother, whose number it may be, has another name. */
    bool of_another = out.id == WEIGH_ID_EQUAL_DOUBTFUL && out.name == WEIGH_NAME_EQUAL;
    if (of_another && !stated) out.birth = WEIGH_BIRTH_MISSING;
    /* Two different numbers have different days as a rule: that is one fact, not two. */
    if (!stated && out.id == WEIGH_ID_OTHER && out.birth > WEIGH_BIRTH_NEAR) {
        out.birth = WEIGH_BIRTH_MISSING;
    }
    /* So have their digits for the sex. */
    bool cut = is_cut(fa->id, fb->id);
    if ((out.id == WEIGH_ID_OTHER || cut || of_another) && out.sex == WEIGH_SEX_OTHER
        && has_sex_of_number(people, ra, fa) && has_sex_of_number(people, rb, fb)) {
        out.sex = WEIGH_SEX_MISSING;
    }
    /* Rows that state the day of their number as well carry no sibling's number. */
    if (out.id == WEIGH_ID_EQUAL && states_its_number(ra, fa) && states_its_number(rb, fb)) {
        out.id = WEIGH_ID_CONFIRMED;
    }
    return out;
}
