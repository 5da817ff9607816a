#include "papers/inspection.h"

#include "access/asker.h"
#include "identity/id_number.h"
#include "papers/grade.h"
#include "policy/period.h"

#include <stdlib.h>

enum { INSPECTION_TEXT_BYTES_MAX = 4096 };

static const char *const standing_words[STANDING_COUNT] = {
    [STANDING_NOT_ASKED] = "",
    [STANDING_ON_ROLL] = "有学籍",
    [STANDING_FINISHED] = "初中已毕业",
    [STANDING_LAWFUL] = "市外就读、送教、缓学等",
    [STANDING_REPORTED_SCHOOLED] = "称在读，未见学籍",
    [STANDING_NOT_ENROLLED] = "未见就学",
};

bool inspection_ledger_of(struct str key, enum inspection_ledger *out)
{
    static const char *const keys[] = {"ledger_children", "ledger_suspected", "ledger_dropped"};
    for (int i = 0; i < 3; i++) {
        if (!str_is(key, keys[i])) continue;
        *out = (enum inspection_ledger)i;
        return true;
    }
    return false;
}

bool inspection_span_of(struct str key, enum inspection_span *out)
{
    static const char *const keys[] = {"report_month", "report_quarter", "report_term",
                                       "report_year"};
    for (int i = 0; i < 4; i++) {
        if (!str_is(key, keys[i])) continue;
        *out = (enum inspection_span)i;
        return true;
    }
    return false;
}

day inspection_first(enum inspection_span span, day at)
{
    int year, month, day_of_month;
    day first;
    day_to_ymd(at, &year, &month, &day_of_month);
    switch (span) {
    case INSPECTION_MONTH: break;
    case INSPECTION_QUARTER: month = (month - 1) / 3 * 3 + 1; break;
    case INSPECTION_TERM: return period_first(period_of(PERIOD_TERM, at));
    case INSPECTION_YEAR: return period_first(period_of(PERIOD_YEAR, at));
    }
    CHECK(day_from_ymd(year, month, 1, &first));
    return first;
}

static struct str span_text(struct arena *arena, enum inspection_span span, day at)
{
    static const char *const quarters[] = {"一", "二", "三", "四"};
    int year, month, day_of_month;
    struct text text;
    if (span == INSPECTION_TERM) return period_text(arena, period_of(PERIOD_TERM, at), LANG_ZH);
    if (span == INSPECTION_YEAR) return period_text(arena, period_of(PERIOD_YEAR, at), LANG_ZH);
    day_to_ymd(at, &year, &month, &day_of_month);
    text_init(&text, arena, 64);
    if (span == INSPECTION_MONTH)
        text_add_f(&text, "%d年%d月", year, month);
    else
        text_add_f(&text, "%d年第%s季度", year, quarters[(month - 1) / 3]);
    return text_str(&text);
}

/* The record of a person that states a field: one that says `says` first, else the first. */
static uint32_t record_stating(const struct inspection *inspection, uint32_t person, uint32_t says,
                               enum person_field field)
{
    const struct people *people = inspection->people;
    const struct person *p = &people->persons[person];
    uint32_t found = UINT32_MAX;
    for (uint32_t i = 0; i < p->count; i++) {
        uint32_t record = people->order[p->first + i];
        if (people->records[record].values[field] == 0) continue;
        if ((inspection->kept->says[record] & says) != 0) return record;
        if (found == UINT32_MAX) found = record;
    }
    return found;
}

static struct str stated(const struct inspection *inspection, uint32_t person, uint32_t says,
                         enum person_field field)
{
    uint32_t record = record_stating(inspection, person, says, field);
    return record == UINT32_MAX ? STR_EMPTY : people_text(inspection->people, record, field);
}

static struct str area_of(const struct inspection *inspection, uint32_t person)
{
    return dict_text(&inspection->people->texts[PERSON_AREA], inspection->kept->areas[person]);
}

static void set_person(const struct inspection *inspection, struct notice_values *values,
                       uint32_t person)
{
    static const uint32_t expected = 1u << SAYS_EXPECTED,
                          school = 1u << SAYS_ENROLLED | 1u << SAYS_ATTENDING;
    struct arena *arena = values->arena;
    struct str id = stated(inspection, person, expected, PERSON_ID_NUMBER);
    struct str sex = stated(inspection, person, expected, PERSON_SEX);
    uint32_t born = record_stating(inspection, person, expected, PERSON_BIRTH_DATE);
    notice_row(values, "children");
    notice_row_set(values, "children", "name", stated(inspection, person, expected, PERSON_NAME));
    notice_row_set(values, "children", "id", inspection->reveal ? id : id_number_mask(arena, id));
    notice_row_set(values, "children", "sex",
                   str_is(sex, "M")   ? STR("男")
                   : str_is(sex, "F") ? STR("女")
                                      : sex);
    if (born != UINT32_MAX) {
        notice_row_set(values, "children", "birth",
                       people_text(inspection->people, born, PERSON_BIRTH_DATE));
    }
    notice_row_set(values, "children", "village",
                   division_name_of(inspection->divisions, area_of(inspection, person)));
    notice_row_set(values, "children", "guardian",
                   stated(inspection, person, expected, PERSON_GUARDIAN_NAME));
    notice_row_set(values, "children", "school",
                   stated(inspection, person, school, PERSON_SCHOOL_NAME));
    notice_row_set(values, "children", "grade",
                   grade_text(arena, stated(inspection, person, school, PERSON_GRADE)));
}

static bool is_of_school(const struct inspection *inspection, uint32_t person)
{
    if (inspection->school.len == 0) return true;
    const struct people *people = inspection->people;
    const struct person *p = &people->persons[person];
    for (uint32_t i = 0; i < p->count; i++) {
        struct str name = people_text(people, people->order[p->first + i], PERSON_SCHOOL_NAME);
        if (str_equal(name, inspection->school)) return true;
    }
    return false;
}

static bool is_of_area(const struct inspection *inspection, struct str area)
{
    return inspection->area.len == 0 || area_covers(inspection->area, area);
}

struct line {
    const struct inspection *inspection;
    uint32_t person, finding; /* finding: UINT32_MAX of a child as such */
};

static int compare_lines(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    int area = str_compare(area_of(x->inspection, x->person), area_of(y->inspection, y->person));
    if (area != 0) return area;
    int name = str_compare(stated(x->inspection, x->person, 1u << SAYS_EXPECTED, PERSON_NAME),
                           stated(y->inspection, y->person, 1u << SAYS_EXPECTED, PERSON_NAME));
    if (name != 0) return name;
    if (x->person != y->person) return x->person < y->person ? -1 : 1;
    return x->finding < y->finding ? -1 : x->finding > y->finding;
}

static bool belongs(const struct inspection *inspection, size_t number,
                    enum inspection_ledger which)
{
    const struct finding *finding = &inspection->findings[number];
    bool kind = finding->kind == FINDING_NOT_ENROLLED || finding->kind == FINDING_NOT_ATTENDING;
    bool confirmed = inspection->entries[number].status == FINDING_CONFIRMED;
    if (!kind || finding->person == UINT32_MAX) return false;
    if (inspection->entries[number].status == FINDING_CLOSED) return false;
    if (confirmed != (which == INSPECTION_DROPPED)) return false;
    return is_of_area(inspection, finding->area) && is_of_school(inspection, finding->person);
}

static size_t collect(const struct inspection *inspection, enum inspection_ledger which,
                      struct line *lines)
{
    size_t count = 0;
    if (which == INSPECTION_CHILDREN) {
        for (uint32_t p = 0; p < inspection->people->person_count; p++) {
            if (inspection->kept->standings[p] == STANDING_NOT_ASKED) continue;
            if (!is_of_area(inspection, area_of(inspection, p))) continue;
            if (!is_of_school(inspection, p)) continue;
            lines[count++] = (struct line){inspection, p, UINT32_MAX};
        }
        return count;
    }
    for (size_t i = 0; i < inspection->count; i++) {
        if (!belongs(inspection, i, which)) continue;
        lines[count++] = (struct line){inspection, inspection->findings[i].person, (uint32_t)i};
    }
    return count;
}

/* "外出打工、厌学": the words for reasons with ";" between, but for notes ("due=…"). */
static struct str reason_words(const struct inspection *inspection, struct arena *arena,
                               struct str keys)
{
    struct str rest = keys, key;
    struct text text;
    text_init(&text, arena, INSPECTION_TEXT_BYTES_MAX);
    while (str_split(&rest, ';', &key)) {
        if (key.len == 0 || str_find(key, STR("=")) != SIZE_MAX) continue;
        if (text.len > 0) text_add_c(&text, "；");
        text_add(&text, rules_reason_text(inspection->rules, key, LANG_ZH));
    }
    return text_str(&text);
}

static void set_finding(const struct inspection *inspection, struct notice_values *values,
                        uint32_t number)
{
    const struct finding *finding = &inspection->findings[number];
    char opened[DAY_TEXT_SIZE];
    notice_row_set(values, "children", "kind", str_from(finding_kind_text(finding->kind, LANG_ZH)));
    notice_row_set(values, "children", "reason",
                   reason_words(inspection, values->arena, finding->reason));
    notice_row_set(values, "children", "queue", str_from(queue_text(finding->queue, LANG_ZH)));
    day_format(inspection->entries[number].opened, opened);
    notice_row_set(values, "children", "opened", str_copy(values->arena, str_from(opened)));
    if (finding->school.len > 0) notice_row_set(values, "children", "school", finding->school);
}

static void set_head(const struct inspection *inspection, struct notice_values *values)
{
    struct str name = inspection->school;
    if (name.len == 0 && inspection->area.len > 0) {
        name = division_name_of(inspection->divisions, inspection->area);
    }
    notice_set(values, "area.name", name);
    notice_set(values, "unit.name", name);
    notice_set(values, "school.name", inspection->school);
    notice_set(values, "day", notice_day(values->arena, inspection->at));
}

void inspection_ledger(const struct inspection *inspection, enum inspection_ledger which,
                       struct notice_values *values)
{
    size_t most = inspection->people->person_count + inspection->count;
    struct line *lines = arena_array(values->arena, struct line, most);
    size_t count = collect(inspection, which, lines);
    if (count > 1) qsort(lines, count, sizeof *lines, compare_lines);
    set_head(inspection, values);
    notice_set(values, "count", str_u64(values->arena, count));
    for (size_t i = 0; i < count; i++) {
        set_person(inspection, values, lines[i].person);
        if (lines[i].finding != UINT32_MAX) {
            set_finding(inspection, values, lines[i].finding);
            continue;
        }
        uint8_t standing = inspection->kept->standings[lines[i].person];
        notice_row_set(values, "children", "standing", str_from(standing_words[standing]));
    }
}

/* Counts of those expected in the area; of a school, of those whose roll names it. */
static void set_counts(const struct inspection *inspection, struct notice_values *values)
{
    static const char *const names[STANDING_COUNT] = {
        [STANDING_ON_ROLL] = "on_roll",
        [STANDING_FINISHED] = "finished",
        [STANDING_LAWFUL] = "lawful",
        [STANDING_REPORTED_SCHOOLED] = "reported_schooled",
        [STANDING_NOT_ENROLLED] = "not_enrolled",
    };
    uint64_t counts[STANDING_COUNT] = {0}, expected = 0;
    for (uint32_t p = 0; p < inspection->people->person_count; p++) {
        uint8_t standing = inspection->kept->standings[p];
        if (standing == STANDING_NOT_ASKED) continue;
        if (!is_of_area(inspection, area_of(inspection, p))) continue;
        if (!is_of_school(inspection, p)) continue;
        counts[standing]++;
        expected++;
    }
    notice_set(values, "expected", str_u64(values->arena, expected));
    for (int s = STANDING_ON_ROLL; s < STANDING_COUNT; s++) {
        notice_set(values, names[s], str_u64(values->arena, counts[s]));
    }
}

static bool concerns(const struct inspection *inspection, const struct finding *finding)
{
    if (!is_of_area(inspection, finding->area)) return false;
    if (inspection->school.len == 0) return true;
    if (finding->person != UINT32_MAX) return is_of_school(inspection, finding->person);
    return str_equal(finding->school, inspection->school);
}

static void set_kinds(const struct inspection *inspection, enum inspection_span span,
                      struct notice_values *values)
{
    uint64_t counts[FINDING_KIND_COUNT][3] = {0}, opened = 0, open = 0;
    day first = inspection_first(span, inspection->at);
    for (size_t i = 0; i < inspection->count; i++) {
        const struct finding *finding = &inspection->findings[i];
        const struct finding_entry *entry = &inspection->entries[i];
        if (!concerns(inspection, finding)) continue;
        counts[finding->kind][entry->status]++;
        bool child =
            finding->kind == FINDING_NOT_ENROLLED || finding->kind == FINDING_NOT_ATTENDING;
        if (!child) continue;
        opened += entry->opened.days >= first.days;
        open += entry->status != FINDING_CLOSED;
    }
    for (int k = 0; k < FINDING_KIND_COUNT; k++) {
        const uint64_t *of = counts[k];
        uint64_t found = of[FINDING_SUSPECTED] + of[FINDING_CONFIRMED] + of[FINDING_CLOSED];
        if (found == 0 && k > FINDING_NOT_ATTENDING) continue;
        notice_row(values, "kinds");
        notice_row_set(values, "kinds", "kind",
                       str_from(finding_kind_text((enum finding_kind)k, LANG_ZH)));
        notice_row_set(values, "kinds", "found", str_u64(values->arena, found));
        notice_row_set(values, "kinds", "suspected", str_u64(values->arena, of[FINDING_SUSPECTED]));
        notice_row_set(values, "kinds", "confirmed", str_u64(values->arena, of[FINDING_CONFIRMED]));
        notice_row_set(values, "kinds", "closed", str_u64(values->arena, of[FINDING_CLOSED]));
    }
    notice_set(values, "opened", str_u64(values->arena, opened));
    notice_set(values, "open", str_u64(values->arena, open));
}

static void set_unit(const struct inspection *inspection, struct notice_values *values,
                     const struct division *unit)
{
    uint64_t counts[3] = {0};
    for (size_t i = 0; i < inspection->count; i++) {
        const struct finding *finding = &inspection->findings[i];
        if (!area_covers(unit->code, finding->area) || !concerns(inspection, finding)) continue;
        int place = finding->kind == FINDING_NOT_ENROLLED    ? 0
                    : finding->kind == FINDING_NOT_ATTENDING ? 1
                                                             : 2;
        counts[place]++;
    }
    if (counts[0] + counts[1] + counts[2] == 0) return;
    notice_row(values, "units");
    notice_row_set(values, "units", "unit", unit->name);
    notice_row_set(values, "units", "unit.not_enrolled", str_u64(values->arena, counts[0]));
    notice_row_set(values, "units", "unit.not_attending", str_u64(values->arena, counts[1]));
    notice_row_set(values, "units", "unit.other", str_u64(values->arena, counts[2]));
}

/* The units below the area: counties of a city, townships of a county, villages of a township. */
static void set_units(const struct inspection *inspection, struct notice_values *values)
{
    const struct division *first;
    size_t count;
    struct str area = inspection->area;
    if (area.len == 0 || area.len >= 12) return;
    bool city = area.len == 6 && str_ends(area, STR("00"));
    division_below(inspection->divisions, area, city ? 6 : (int)area.len + 3, &first, &count);
    for (size_t i = 0; i < count; i++) set_unit(inspection, values, &first[i]);
}

void inspection_report(const struct inspection *inspection, enum inspection_span span,
                       struct notice_values *values)
{
    set_head(inspection, values);
    notice_set(values, "period", span_text(values->arena, span, inspection->at));
    set_counts(inspection, values);
    set_kinds(inspection, span, values);
    set_units(inspection, values);
}
