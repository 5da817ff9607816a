#include "jobs/duties.h"
#include "jobs/view.h"
#include "web/routes.h"
#include "web/show.h"

/* The duty to exchange teachers (docs/placing.md), on the day of the snapshot, of what the asker
 * sees. */
struct duty_desk {
    struct view view;
    const struct duties *duties;
};

/* Does the work of a handler on the duty that was reckoned, taken for as long. */
static bool on_duty(struct request *request, struct answer *answer,
                    void (*work)(struct request *request, struct answer *answer,
                                 const struct duty_desk *desk),
                    struct err *err)
{
    struct duty_desk desk;
    struct workspace *workspace = request->workspace;
    struct reckoned *reckoned = request->parts->reckoned;
    struct reckoned_taken taken;
    if (!show_open(request, answer, &desk.view, err)) return false;
    day at = desk.view.snapshot->at;
    if (day_is_none(at)) at = clock_today(&workspace->clock);
    if (!duties_take(reckoned, workspace, &request->asker, at, (int)request_i64(request, "year", 0),
                     &taken, err)) {
        return false;
    }
    desk.duties = taken.found;
    work(request, answer, &desk);
    reckoned_give(reckoned, &taken);
    return true;
}

static void write_count(struct json *json, const struct duty_desk *desk,
                        const struct duty_count *count)
{
    struct arena *arena = desk->view.arena;
    json_object(json);
    json_key_str(json, "code", count->code);
    json_key_str(json, "name", count->name);
    json_key_str(json, "county", count->county);
    json_key_i64(json, "teachers", count->teachers);
    json_key_i64(json, "eligible", count->eligible);
    json_key_i64(json, "not_yet", count->not_yet);
    json_key_i64(json, "unknown", count->unknown);
    json_key_i64(json, "required", count->required);
    json_key_i64(json, "required_most", count->required_most);
    json_key_i64(json, "exchanged", count->exchanged);
    show_text_or_null(json, "share", duty_percent(arena, count->exchanged, count->eligible));
    json_key_i64(json, "lacking", count->lacking);
    json_key_i64(json, "key_exchanged", count->key_exchanged);
    show_text_or_null(json, "key_share",
                      duty_percent(arena, count->key_exchanged, count->exchanged));
    json_key_i64(json, "key_lacking", count->key_lacking);
    json_key_bool(json, "met", count->met && count->key_met);
    json_object_end(json);
}

/* A county's duty can be told only from all of its schools: those who see part of it are not told.
 */
static void write_counties(struct json *json, const struct request *request,
                           const struct duty_desk *desk)
{
    json_key(json, "counties");
    json_list(json);
    for (size_t i = 0; i < desk->duties->found.county_count; i++) {
        const struct duty_count *county = &desk->duties->found.counties[i];
        if (asker_sees(&request->asker, county->area)) write_count(json, desk, county);
    }
    json_list_end(json);
}

static void write_duty(struct request *request, struct answer *answer, const struct duty_desk *desk)
{
    const struct duty_rules *rules = &desk->duties->rules;
    const struct duty_found *found = &desk->duties->found;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "year", found->year);
    answer_day(json, "on", found->on);
    json_key_i64(json, "years", rules->years);
    json_key_i64(json, "share_percent", rules->share_percent);
    json_key_i64(json, "key_percent", rules->key_percent);
    json_key_str(json, "cites", rules->share_cites);
    json_key_i64(json, "outside", found->outside);
    json_key_i64(json, "stageless", found->stageless);
    json_key_i64(json, "unmatched", found->unmatched);
    json_key_i64(json, "heads", found->heads);
    json_key_i64(json, "beyond", found->beyond);
    json_key_i64(json, "undated", found->undated);
    write_counties(json, request, desk);
    json_object_end(json);
}

static bool duty(struct request *request, struct answer *answer, struct err *err)
{
    return on_duty(request, answer, write_duty, err);
}

static void write_schools(struct request *request, struct answer *answer,
                          const struct duty_desk *desk)
{
    const struct view_page page = show_page(request);
    size_t total = 0;
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < desk->duties->found.school_count; i++)
        if (view_on_page(&page, total++)) write_count(json, desk, &desk->duties->found.schools[i]);
    answer_rows_end(answer, request, total);
}

static bool schools(struct request *request, struct answer *answer, struct err *err)
{
    return on_duty(request, answer, write_schools, err);
}

/* The words of a subject as the register has them. */
static void write_subject(struct json *json, const struct request *request, struct str key)
{
    const struct profile *profile = profile_find(&request->workspace->profiles, STR("teachers"));
    int number = profile == NULL ? -1 : profile_field_number(profile, "subject");
    struct str zh = key, en = key;
    for (size_t i = 0; number >= 0 && i < profile->fields[number].choice_count; i++) {
        const struct profile_choice *choice = &profile->fields[number].choices[i];
        if (!str_equal(choice->key, key)) continue;
        zh = choice->zh;
        en = choice->en;
    }
    json_key(json, "subject");
    answer_words(json, key, zh, en);
}

static void write_teacher(struct json *json, const struct request *request,
                          const struct duty_teacher *teacher)
{
    const char *state = duty_state_key(teacher->state);
    const char *evidence = duty_evidence_key(teacher->evidence);
    json_object(json);
    json_key_i64(json, "record", teacher->record);
    json_key_str(json, "name", teacher->name);
    json_key_str(json, "county", teacher->county);
    json_key_str(json, "school_code", teacher->school_code);
    json_key_str(json, "school", teacher->school);
    json_key_str(json, "stage", teacher->stage);
    write_subject(json, request, teacher->subject);
    json_key_bool(json, "key_teacher", teacher->key);
    json_key(json, "state");
    answer_words(json, str_from(state), str_from(duty_state_text(teacher->state, LANG_ZH)),
                 str_from(duty_state_text(teacher->state, LANG_EN)));
    json_key(json, "years");
    teacher->years < 0 ? json_null(json) : json_i64(json, teacher->years);
    show_text_or_null(json, "since", teacher->since);
    json_key(json, "evidence");
    answer_words(json, str_from(evidence), str_from(duty_evidence_text(teacher->evidence, LANG_ZH)),
                 str_from(duty_evidence_text(teacher->evidence, LANG_EN)));
    json_key_bool(json, "exchanged", teacher->exchanged);
    json_key_bool(json, "due", teacher->due);
    json_object_end(json);
}

/* Whether a teacher is among those asked for. */
static bool is_wanted(const struct request *request, const struct duty_teacher *teacher)
{
    struct str state = request_text(request, "state"), school = request_text(request, "school");
    if (school.len > 0 && !str_equal(school, teacher->school_code)) return false;
    if (state.len == 0) return true;
    if (str_is(state, "due")) return teacher->due;
    if (str_is(state, "exchanged")) return teacher->exchanged;
    return str_is(state, duty_state_key(teacher->state));
}

static void write_teachers(struct request *request, struct answer *answer,
                           const struct duty_desk *desk)
{
    const struct view_page page = show_page(request);
    const struct duty_found *found = &desk->duties->found;
    size_t total = 0;
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < found->teacher_count; i++) {
        if (!is_wanted(request, &found->teachers[i])) continue;
        if (view_on_page(&page, total++)) write_teacher(json, request, &found->teachers[i]);
    }
    answer_rows_end(answer, request, total);
}

static bool teachers(struct request *request, struct answer *answer, struct err *err)
{
    return on_duty(request, answer, write_teachers, err);
}

#define SCHOOL_YEAR                                                                                \
    {                                                                                              \
        "year", IN_QUERY, PARAMETER_INTEGER, false, 1900, 2199, NULL,                              \
            "哪一学年（起始年份，默认快照所在学年）",                                              \
            "of which school year, by the year it begins in (default: that of the snapshot)"       \
    }

const struct route routes_duty[] = {
    {.method = METHOD_GET,
     .pattern = "/api/placing/duty",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = duty,
     .zh = "教师交流轮岗义务：各县区符合条件、应交流、已交流、其中骨干、还差多少",
     .en = "the duty to exchange teachers: eligible, required, exchanged, key teachers and what "
           "is lacking, by county",
     .parameters = {ROUTE_AREA, SCHOOL_YEAR}},
    {.method = METHOD_GET,
     .pattern = "/api/placing/duty/schools",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = schools,
     .zh = "各校的交流轮岗情况，按县区、学校标识码",
     .en = "the same numbers by school, by county and code",
     .parameters = {ROUTE_AREA, SCHOOL_YEAR, ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/placing/duty/teachers",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = teachers,
     .zh = "教师逐人：在校自何时、依据、是否符合条件、是否已交流、是否应安排",
     .en = "teachers: since when at the school, what says so, eligible, exchanged, due",
     .parameters = {ROUTE_AREA,
                    SCHOOL_YEAR,
                    {"state", IN_QUERY, PARAMETER_CHOICE, false, 0, 0,
                     "eligible|not_yet|unknown|exchanged|due", "条件或状态", "which of them"},
                    {"school", IN_QUERY, PARAMETER_TEXT, false, 0, 60, NULL, "只要这所学校",
                     "only of this school, by code"},
                    ROUTE_PAGE}},
    {.pattern = NULL},
};
