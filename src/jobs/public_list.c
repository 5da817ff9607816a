#include "jobs/public_list.h"

#include "base/list.h"
#include "link/people_build.h"
#include "papers/grade.h"

#include <stdlib.h>

enum { ISSUER_BYTES_MAX = 1024 };

/* A pupil on the list. */
struct listed {
    struct str school, grade, class, name;
    int32_t year; /* of school: 0 where the grade is none */
    int64_t person;
};

struct listing {
    struct workspace *workspace;
    struct arena *arena;
    const struct asker *asker;
    const struct public_list_wish *wish;
    const struct policy_scheme *scheme;
    struct period period;
    struct aid_run run;
    LIST(struct listed) list;
    struct public_list *out;
};

static bool check_wish(const struct asker *asker, const struct public_list_wish *wish,
                       struct err *err)
{
    if (wish->area.len == 0 && wish->school.len == 0) {
        err_set(err, ERR_USAGE, "say of which school or area the list is",
                "请指明哪所学校或哪个区划");
        return err_hint(err, "--school NAME or --area CODE", "--school 名称 或 --area 区划");
    }
    if (wish->area.len > 0 && !asker_sees(asker, wish->area)) {
        return err_set(err, ERR_DENIED, "%.*s is not within your areas", "%.*s 不在您的区划内",
                       STR_ARG(wish->area));
    }
    if (wish->to.days >= wish->from.days) return true;
    return err_set(err, ERR_USAGE, "the list cannot be taken down before it is put up",
                   "公示截止不能早于公示开始");
}

static bool check_hidden(const struct listing *listing, const struct notices *notices,
                         struct err *err)
{
    for (size_t i = 0; i < notices->hidden_scheme_count; i++) {
        if (!str_equal(notices->hidden_schemes[i], listing->wish->scheme)) continue;
        return err_set(err, ERR_DENIED,
                       "there is no public list of the %s: to be on it would tell why somebody is "
                       "in need%.0s",
                       "%.0s%s不公示：名单会让人看出困难原因",
                       str_cstr(listing->arena, listing->scheme->name.en),
                       str_cstr(listing->arena, listing->scheme->name.zh));
    }
    return true;
}

static bool check_school(const struct listing *listing, struct err *err)
{
    const struct people *people = &listing->run.people;
    struct str school = listing->wish->school;
    if (school.len == 0 || dict_find(&people->texts[PERSON_SCHOOL_NAME], school) != DICT_NONE) {
        return true;
    }
    return err_set(err, ERR_NOT_FOUND,
                   "no register speaks of a school \"%.*s\"; write the name as the roll does",
                   "没有哪本名册写到学校“%.*s”，名称请按学籍所写", STR_ARG(school));
}

/* The number under which somebody is known now, in people.persons; SIZE_MAX: nobody states them. */
static bool find_person(const struct listing *listing, int64_t number, size_t *out, struct err *err)
{
    int64_t now = number;
    *out = people_find(&listing->run.people, number);
    if (*out != SIZE_MAX) return true;
    if (!person_now(listing->arena, &listing->workspace->registry, number, &now, err)) return false;
    *out = people_find(&listing->run.people, now);
    return true;
}

static void take(struct listing *listing, size_t person)
{
    const struct people *people = &listing->run.people;
    const struct facts *facts = &listing->run.facts;
    const struct public_list_wish *wish = listing->wish;
    uint32_t row = facts->row_of[person];
    if (row == UINT32_MAX) {
        listing->out->off_roll++;
        return;
    }
    uint32_t record = facts->records[row];
    struct str area = facts->school_areas[row], grade = people_text(people, record, PERSON_GRADE);
    struct str school = people_text(people, record, PERSON_SCHOOL_NAME);
    if (area.len == 0) area = people_text(people, record, PERSON_AREA);
    if (!asker_sees(listing->asker, area)) return;
    if (wish->area.len > 0 && !area_covers(wish->area, area)) return;
    if (wish->school.len > 0 && !str_equal(school, wish->school)) return;
    *list_push(listing->arena, &listing->list) =
        (struct listed){.school = school,
                        .grade = grade_text(listing->arena, grade),
                        .class = people_text(people, record, PERSON_CLASS),
                        .name = people_text(people, record, PERSON_NAME),
                        .year = people_school_year(grade),
                        .person = people->persons[person].number};
}

static int by_place(const void *a, const void *b)
{
    const struct listed *x = a, *y = b;
    int order = str_compare(x->school, y->school);
    if (order == 0) order = x->year == y->year ? 0 : x->year < y->year ? -1 : 1;
    if (order == 0) order = str_compare(x->grade, y->grade);
    if (order == 0) order = str_compare(x->class, y->class);
    if (order == 0) order = str_compare(x->name, y->name);
    return order != 0 ? order : x->person == y->person ? 0 : x->person < y->person ? -1 : 1;
}

/* Two numbers of the decision may be one person now, who stands on the list once. */
static bool take_all(struct listing *listing, const struct award_due *due, size_t count,
                     struct err *err)
{
    const struct people *people = &listing->run.people;
    bool *taken = arena_array(listing->arena, bool, people->person_count);
    for (size_t i = 0; i < count; i++) {
        size_t person;
        if (!find_person(listing, due[i].person, &person, err)) return false;
        if (person == SIZE_MAX) {
            listing->out->off_roll++;
            continue;
        }
        if (!taken[person]) take(listing, person);
        taken[person] = true;
    }
    listing->out->count = listing->list.count;
    if (listing->list.count > 0) {
        qsort(listing->list.items, listing->list.count, sizeof *listing->list.items, by_place);
        return true;
    }
    const char *en = str_cstr(listing->arena, listing->scheme->name.en);
    return err_set(err, ERR_NOT_FOUND, "nobody there is to be given the %s%.0s",
                   "该范围内没有拟给予%.0s%s的学生", en,
                   str_cstr(listing->arena, listing->scheme->name.zh));
}

/* A school speaks for itself; a bureau is called by its place. */
static bool set_issuer(struct listing *listing, const struct notices *notices, struct err *err)
{
    const struct public_list_wish *wish = listing->wish;
    struct str place = str_slice(wish->area, 0, 6);
    bool city = str_ends(place, STR("00"));
    struct str key = wish->issuer.len > 0   ? wish->issuer
                     : wish->school.len > 0 ? STR("school")
                     : city                 ? STR("city_education")
                                            : STR("county_education");
    const struct notice_issuer *issuer = notice_issuer_find(notices, key);
    struct text name;
    if (issuer == NULL) {
        return err_set(err, ERR_NOT_FOUND, "there is no issuer \"%.*s\"", "没有发文机关“%.*s”",
                       STR_ARG(key));
    }
    if (str_is(key, "city_education")) place = str_slice(place, 0, 4);
    text_init(&name, listing->arena, ISSUER_BYTES_MAX);
    text_add(&name, str_is(key, "school") ? wish->school
                                          : division_name_of(listing->workspace->divisions, place));
    text_add(&name, issuer->suffix);
    listing->out->issuer = key;
    notice_set(&listing->out->values, "issuer.name", text_str(&name));
    return true;
}

static void fill(struct listing *listing)
{
    const struct public_list_wish *wish = listing->wish;
    struct arena *arena = listing->arena;
    struct notice_values *values = &listing->out->values;
    notice_set(values, "period", period_text(arena, listing->period, LANG_ZH));
    notice_set(values, "scheme", listing->scheme->name.zh);
    notice_set(values, "area.name", division_name_of(listing->workspace->divisions, wish->area));
    notice_set(values, "day", notice_day(arena, wish->from));
    notice_set(values, "public.from", notice_day(arena, wish->from));
    notice_set(values, "public.to", notice_day(arena, wish->to));
    notice_set(values, "public.days", str_i64(arena, wish->to.days - wish->from.days + 1));
    notice_set(values, "public.count", str_u64(arena, listing->list.count));
    notice_set(values, "public.contact", wish->contact);
    for (size_t i = 0; i < listing->list.count; i++) {
        const struct listed *listed = &listing->list.items[i];
        notice_row(values, "students");
        notice_row_set(values, "students", "name", listed->name);
        notice_row_set(values, "students", "school", listed->school);
        notice_row_set(values, "students", "grade", listed->grade);
        notice_row_set(values, "students", "class", listed->class);
    }
}

static bool not_decided(const struct listing *listing, struct err *err)
{
    struct arena *arena = listing->arena;
    const char *en = str_cstr(arena, period_text(arena, listing->period, LANG_EN));
    err_set(err, ERR_CONFLICT, "nobody has decided aid of the %s yet: decide first%.0s",
            "%.0s%s尚未核定，请先核定", en,
            str_cstr(arena, period_text(arena, listing->period, LANG_ZH)));
    return err_hint(err, "baoxue aid decide --at DATE", "baoxue aid decide --at 日期");
}

bool job_public_list(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                     const struct aid_rules *rules, const struct notices *notices,
                     const struct public_list_wish *wish, const struct progress *progress,
                     struct public_list *out, struct err *err)
{
    struct listing *listing = arena_new(arena, struct listing);
    struct read_at when = {.at = wish->at};
    struct award_due *due;
    size_t count;
    int64_t run;
    uint16_t scheme = policy_find_scheme(rules->policy, wish->scheme);
    CHECK(scheme != POLICY_NONE);
    *out = (struct public_list){0};
    notice_values_init(&out->values, arena);
    *listing = (struct listing){.workspace = workspace,
                                .arena = arena,
                                .asker = asker,
                                .wish = wish,
                                .scheme = &rules->policy->schemes[scheme],
                                .out = out};
    listing->period = period_of(listing->scheme->period, wish->at);
    if (!check_hidden(listing, notices, err) || !check_wish(asker, wish, err)
        || !set_issuer(listing, notices, err)
        || !award_due(workspace->store, arena, wish->scheme, listing->period, &due, &count, &run,
                      err)) {
        return false;
    }
    if (run == 0) return not_decided(listing, err);
    if (!registry_now(&workspace->registry, &when.known_ms, err)
        || !job_facts(workspace, arena, asker, when, rules, progress, &listing->run, err)
        || !check_school(listing, err) || !take_all(listing, due, count, err)) {
        return false;
    }
    fill(listing);
    return true;
}
