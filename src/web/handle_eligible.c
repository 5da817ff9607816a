#include "access/audit.h"
#include "jobs/looks.h"
#include "jobs/upload.h"
#include "jobs/view_eligible.h"
#include "web/routes.h"
#include "web/show.h"

/* Who may ask for which special plan, on what evidence, and what contradicts itself. */

enum { PATH_BYTES_MAX = 1 << 15, NAME_BYTES_MAX = 512, FOUND_MAX = 50 };

static void write_plan(struct json *json, const struct eligible_known *known, size_t plan)
{
    answer_words(json, known->plans.plans[plan].scheme_key,
                 eligible_plan_word(known, plan, LANG_ZH),
                 eligible_plan_word(known, plan, LANG_EN));
}

static void write_verdict(struct json *json, uint8_t verdict)
{
    answer_words(json, str_from(eligible_verdict_key(verdict)),
                 str_from(eligible_verdict_text(verdict, LANG_ZH)),
                 str_from(eligible_verdict_text(verdict, LANG_EN)));
}

/* The number of a plan by its key; -1: any. ERR_INPUT. */
static bool read_plan(const struct request *request, const struct view_eligible *of, int *out,
                      struct err *err)
{
    struct str key = request_text(request, "plan");
    *out = -1;
    if (key.len == 0) return true;
    for (size_t p = 0; of->eligible != NULL && p < of->eligible->known->plans.count; p++) {
        if (str_equal(of->eligible->known->plans.plans[p].scheme_key, key)) *out = (int)p;
    }
    return *out >= 0
           || err_set(err, ERR_INPUT, "there is no special plan \"%.*s\"", "没有专项“%.*s”",
                      STR_ARG(key));
}

static bool open_year(struct request *request, struct answer *answer, struct view *view,
                      struct view_eligible *out, struct err *err)
{
    if (!show_open(request, answer, view, err)) return false;
    view_eligible(view, (int)request_i64(request, "year", 0), out);
    return true;
}

static bool read_query(const struct request *request, const struct view_eligible *of,
                       struct view_eligible_query *out, struct err *err)
{
    *out = (struct view_eligible_query){.verdict =
                                            eligible_verdict_of(request_text(request, "verdict")),
                                        .asked = request_yes(request, "asked"),
                                        .school = request_text(request, "school")};
    return read_plan(request, of, &out->plan, err);
}

static void write_count(struct json *json, const struct eligible_known *known,
                        const struct view_eligible_count *count)
{
    json_key_str(json, "unit", count->unit);
    json_key_str(json, "name", count->name);
    json_key(json, "plan");
    write_plan(json, known, count->plan);
    json_key_bool(json, "hidden", known->plans.plans[count->plan].hidden);
    json_key_i64(json, "applicants", count->applicants);
    json_key_i64(json, "asked", count->asked);
    json_key_i64(json, "eligible", count->verdicts[POLICY_ENTITLED]);
    json_key_i64(json, "refused", count->verdicts[POLICY_NO]);
    json_key_i64(json, "unknown", count->verdicts[POLICY_UNKNOWN]);
    json_key_i64(json, "asked_eligible", count->asked_verdicts[POLICY_ENTITLED]);
    json_key_i64(json, "asked_refused", count->asked_verdicts[POLICY_NO]);
    json_key_i64(json, "asked_unknown", count->asked_verdicts[POLICY_UNKNOWN]);
}

static void write_conflict_counts(struct json *json, const struct view *view,
                                  const struct view_eligible *of)
{
    json_key(json, "conflicts");
    json_list(json);
    for (int i = 0; i < CONFLICT_COUNT; i++) {
        const struct eligible_finding **rows;
        enum eligible_conflict kind = (enum eligible_conflict)i;
        size_t count;
        view_eligible_conflicts(view, of, i, &rows, &count);
        json_object(json);
        json_key(json, "kind");
        answer_words(json, str_from(eligible_conflict_key(kind)),
                     str_from(eligible_conflict_text(kind, LANG_ZH)),
                     str_from(eligible_conflict_text(kind, LANG_EN)));
        json_key_i64(json, "count", (int64_t)count);
        json_object_end(json);
    }
    json_list_end(json);
}

static bool totals(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_eligible of;
    struct view_eligible_count *counts;
    size_t count;
    if (!open_year(request, answer, &view, &of, err)) return false;
    if (show_unchanged(answer, request)) return true;
    const struct eligible_years *years = view.snapshot->run.eligible;
    view_eligible_counts(&view, &of, ELIGIBLE_BY_ALL, -1, &counts, &count);
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "year", of.eligible == NULL ? 0 : of.eligible->year);
    answer_day(json, "counted", of.eligible == NULL ? DAY_NONE : of.eligible->counted);
    json_key_i64(json, "applicants", (int64_t)of.seen_count);
    json_key(json, "years");
    json_list(json);
    for (size_t i = 0; years != NULL && i < years->count; i++) json_i64(json, years->items[i].year);
    json_list_end(json);
    json_key(json, "plans");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        write_count(json, of.eligible->known, &counts[i]);
        json_object_end(json);
    }
    json_list_end(json);
    write_conflict_counts(json, &view, &of);
    json_object_end(json);
    return true;
}

static bool units(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_eligible of;
    struct view_eligible_count *counts;
    size_t count;
    int plan;
    const struct view_page page = show_page(request);
    bool school = str_is(request_text(request, "by"), "school");
    if (!open_year(request, answer, &view, &of, err) || !read_plan(request, &of, &plan, err))
        return false;
    if (show_unchanged(answer, request)) return true;
    view_eligible_counts(&view, &of, school ? ELIGIBLE_BY_SCHOOL : ELIGIBLE_BY_COUNTY, plan,
                         &counts, &count);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        if (!view_on_page(&page, i)) continue;
        json_object(json);
        write_count(json, of.eligible->known, &counts[i]);
        json_object_end(json);
    }
    answer_rows_end(answer, request, count);
    return true;
}

static void write_head(struct json *json, const struct view_line *line,
                       const struct eligible_candidate *who)
{
    json_key_i64(json, "record", who->record);
    json_key_str(json, "number", who->number);
    json_key_str(json, "name", line->name);
    json_key_str(json, "id_number", line->id_number);
    json_key_str(json, "area", line->area);
    json_key_str(json, "area_name", line->area_name);
    json_key_str(json, "school", line->school);
    json_key_str(json, "asked", who->asked);
    json_key(json, "person");
    line->person == 0 ? json_null(json) : json_i64(json, line->person);
}

static void write_line(struct json *json, const struct view *view,
                       const struct eligible_known *known, size_t plan,
                       const struct eligible_line *line)
{
    json_key(json, "plan");
    write_plan(json, known, plan);
    json_key_bool(json, "asked", line->asked);
    json_key(json, "verdict");
    write_verdict(json, line->verdict);
    json_key(json, "missing");
    answer_words(json, eligible_needs(known, view->arena, line->needs),
                 eligible_asks(known, view->arena, line->needs, LANG_ZH),
                 eligible_asks(known, view->arena, line->needs, LANG_EN));
}

static void write_row(struct json *json, const struct view *view, const struct view_eligible *of,
                      const struct view_eligible_query *query, size_t number)
{
    const struct eligible_applicant *applicant = &of->eligible->applicants[number];
    const struct eligible_known *known = of->eligible->known;
    struct view_line line;
    view_eligible_line(view, applicant, &line);
    json_object(json);
    write_head(json, &line, applicant->who);
    json_key(json, "lines");
    json_list(json);
    for (size_t p = 0; p < known->plans.count; p++) {
        if (!view_eligible_wants(query, p, &applicant->lines[p])) continue;
        json_object(json);
        write_line(json, view, known, p, &applicant->lines[p]);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
}

/* Gives how many there are in all. */
static size_t write_rows(struct answer *answer, const struct view *view,
                         const struct view_eligible *of, const struct view_eligible_query *query)
{
    size_t *rows, count, total;
    view_eligible_rows(view, of, query, &rows, &count, &total);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) write_row(json, view, of, query, rows[i]);
    return total;
}

static bool applicants(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_eligible of;
    struct view_eligible_query query;
    if (!open_year(request, answer, &view, &of, err) || !read_query(request, &of, &query, err))
        return false;
    if (show_unchanged(answer, request)) return true;
    query.page = show_page(request);
    answer_rows_end(answer, request, write_rows(answer, &view, &of, &query));
    return true;
}

static bool find(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_eligible of;
    const struct view_eligible_query query = {.plan = -1,
                                              .verdict = -1,
                                              .text = request_text(request, "q"),
                                              .page = {.page = 1, .size = FOUND_MAX}};
    if (!open_year(request, answer, &view, &of, err)) return false;
    answer_rows_all(answer, write_rows(answer, &view, &of, &query));
    return true;
}

static void write_conflict(struct json *json, const struct view_eligible *of,
                           const struct eligible_finding *finding, struct str area_name)
{
    const struct eligible_known *known = of->eligible->known;
    size_t applicant = finding->applicant;
    if (applicant == SIZE_MAX || !of->seen[applicant]) applicant = finding->other_applicant;
    bool opens = applicant != SIZE_MAX && of->seen[applicant];
    json_object(json);
    json_key(json, "kind");
    answer_words(json, str_from(eligible_conflict_key(finding->kind)),
                 str_from(eligible_conflict_text(finding->kind, LANG_ZH)),
                 str_from(eligible_conflict_text(finding->kind, LANG_EN)));
    /* Whom the asker sees of those concerned; of others the number alone is told. */
    json_key(json, "record");
    opens ? json_i64(json, of->eligible->applicants[applicant].who->record) : json_null(json);
    json_key_str(json, "name", opens ? of->eligible->applicants[applicant].who->name : STR_EMPTY);
    json_key_str(json, "number", finding->number);
    json_key_str(json, "other", finding->other);
    json_key_str(json, "area_name", area_name);
    json_key_str(json, "school", finding->school);
    json_key(json, "plans");
    json_list(json);
    for (size_t p = 0; p < known->plans.count; p++) {
        if ((finding->plans >> p & 1) != 0) write_plan(json, known, p);
    }
    json_list_end(json);
    json_key(json, "detail");
    answer_words(json, STR_EMPTY, finding->detail_zh, finding->detail_en);
    json_object_end(json);
}

static bool conflicts(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_eligible of;
    const struct eligible_finding **rows;
    size_t count;
    const struct view_page page = show_page(request);
    if (!open_year(request, answer, &view, &of, err)) return false;
    if (show_unchanged(answer, request)) return true;
    view_eligible_conflicts(&view, &of, eligible_conflict_of(request_text(request, "kind")), &rows,
                            &count);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        if (!view_on_page(&page, i)) continue;
        write_conflict(json, &of, rows[i], view_eligible_county(&view, rows[i]->area));
    }
    answer_rows_end(answer, request, count);
    return true;
}

static void write_own_conflicts(struct json *json, const struct view *view,
                                const struct view_eligible *of, size_t applicant)
{
    const struct eligible_finding **rows;
    size_t count;
    view_eligible_conflicts(view, of, -1, &rows, &count);
    json_key(json, "conflicts");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        if (rows[i]->applicant != applicant && rows[i]->other_applicant != applicant) continue;
        write_conflict(json, of, rows[i], view_eligible_county(view, rows[i]->area));
    }
    json_list_end(json);
}

static void write_applicant(struct json *json, const struct view *view,
                            const struct view_eligible *of, size_t number,
                            const struct award_explained *explained, const size_t *plans,
                            size_t count)
{
    const struct eligible_applicant *applicant = &of->eligible->applicants[number];
    struct view_line line;
    view_eligible_line(view, applicant, &line);
    json_object(json);
    json_key_i64(json, "year", of->eligible->year);
    answer_day(json, "counted", of->eligible->counted);
    write_head(json, &line, applicant->who);
    json_key(json, "lines");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        write_line(json, view, of->eligible->known, plans[i], &applicant->lines[plans[i]]);
        json_key(json, "why");
        award_explained_json(json, &explained[i]);
        json_object_end(json);
    }
    json_list_end(json);
    write_own_conflicts(json, view, of, number);
    json_object_end(json);
}

static bool applicant(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_eligible of;
    struct eligible_teller teller;
    struct award_explained *explained;
    size_t number, *plans, count;
    int64_t record = request_i64(request, "record", 0);
    if (!show_open(request, answer, &view, err)
        || !view_eligible_find(&view, record, &of, &number, err)) {
        return false;
    }
    view_eligible_teller(&view, &of, &teller);
    if (!eligible_explain(&teller, view.arena, number, UINT64_MAX, &explained, &plans, &count, err)
        || !looks_note_record(request->parts->looks, &request->asker, "candidate", record, err)) {
        return false;
    }
    write_applicant(answer_json(answer), &view, &of, number, explained, plans, count);
    return true;
}

/* Nobody sees a full number before the reason is on record. */
static bool reveal(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_eligible of;
    struct view_revealed *values;
    struct text object;
    size_t number, count;
    int64_t record = request_i64(request, "record", 0);
    text_init(&object, request->arena, NAME_BYTES_MAX);
    text_add_f(&object, "candidate %lld", (long long)record);
    if (!show_open(request, answer, &view, err)
        || !view_eligible_find(&view, record, &of, &number, err)
        || !view_eligible_reveal(&view, &of.eligible->applicants[number], &values, &count, err)
        || !audit_append(request->workspace->store, &request->workspace->clock, &request->asker,
                         AUDIT_REVEAL, text_str(&object), request_text(request, "reason"), err)) {
        return false;
    }
    show_revealed(answer_json(answer), values, count);
    return true;
}

/* On record before it is made; gives a path in a folder of its own. */
static bool begin_file(struct request *request, const struct view_eligible *of, const char *what,
                       const char *name, struct text *path, struct err *err)
{
    struct workspace *workspace = request->workspace;
    struct text object;
    const char *folder;
    struct str area = request_text(request, "area");
    if (of->eligible == NULL) {
        return err_set(err, ERR_NOT_FOUND, "no register names candidates of this year",
                       "没有当年的考生名册");
    }
    text_init(&object, request->arena, NAME_BYTES_MAX);
    text_add_f(&object, "%s %d area %.*s", what, of->eligible->year,
               STR_ARG(area.len > 0 ? area : STR("all")));
    if (!audit_append(workspace->store, &workspace->clock, &request->asker, AUDIT_EXPORT,
                      text_str(&object), request_text(request, "reason"), err)
        || !upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err)) {
        return false;
    }
    text_init(path, request->arena, PATH_BYTES_MAX);
    text_add_f(path, "%s/%s", folder, name);
    return true;
}

static void give_file(struct request *request, struct answer *answer, const struct text *path,
                      const char *title, int year, bool csv)
{
    struct text name;
    text_init(&name, request->arena, NAME_BYTES_MAX);
    text_add_f(&name, "%s_%d.%s", title, year, csv ? "csv" : "xlsx");
    answer_file(answer, path->ptr, true, text_str(&name),
                csv ? "text/csv; charset=utf-8"
                    : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
}

static bool public_list(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_eligible of;
    struct text path;
    size_t count;
    bool csv = str_is(request_text(request, "format"), "csv");
    if (!open_year(request, answer, &view, &of, err)
        || !begin_file(request, &of, "public list of eligibility",
                       csv ? "public.csv" : "public.xlsx", &path, err)
        || !view_eligible_public(&view, &of, path.ptr, &count, err)) {
        return false;
    }
    give_file(request, answer, &path, "专项计划资格公示", of.eligible->year, csv);
    return true;
}

static bool export(struct request *request, struct answer *answer, struct err *err)
{
    struct view view;
    struct view_eligible of;
    struct view_eligible_query query;
    struct text path;
    size_t count;
    if (!open_year(request, answer, &view, &of, err) || !read_query(request, &of, &query, err)
        || !begin_file(request, &of, "eligibility", "eligible.xlsx", &path, err)
        || !view_eligible_export(&view, &of, &query, path.ptr, &count, err)) {
        return false;
    }
    give_file(request, answer, &path, "专项计划资格审查", of.eligible->year, false);
    return true;
}

#define YEAR(place)                                                                                \
    {                                                                                              \
        "year", place, PARAMETER_INTEGER, false, 1900, 2199, NULL,                                 \
            "高考年份（默认快照所在的年份，没有则最近的）",                                        \
            "year of the examination (default: that of the snapshot, else the newest)"             \
    }
#define PLAN(place)                                                                                \
    {                                                                                              \
        "plan", place, PARAMETER_TEXT, false, 0, 100, NULL, "专项的键", "key of a special plan"    \
    }
#define AREA_IN_BODY                                                                               \
    {                                                                                              \
        "area", IN_BODY, PARAMETER_AREA, false, 0, 0, NULL, "区划代码，须在本人范围内",            \
            "a division code among the asker's"                                                    \
    }
#define RECORD                                                                                     \
    {                                                                                              \
        "record", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "考生名册中的记录号",              \
            "number of the record in the candidates' register"                                     \
    }
#define LINES(place)                                                                               \
    PLAN(place), {"verdict",                                                                       \
                  place,                                                                           \
                  PARAMETER_CHOICE,                                                                \
                  false,                                                                           \
                  0,                                                                               \
                  0,                                                                               \
                  "eligible|refused|unknown",                                                      \
                  "只看一种结论",                                                                  \
                  "only one verdict"},                                                             \
        {"asked", place,          PARAMETER_YES_NO,         false, 0, 0,                           \
         NULL,    "只看申报了的", "only what was asked for"},                                      \
    {                                                                                              \
        "school", place, PARAMETER_TEXT, false, 0, 100, NULL, "毕业学校的名称或代码",              \
            "name or code of the school"                                                           \
    }

const struct route routes_eligible[] = {
    {.method = METHOD_GET,
     .pattern = "/api/placing/eligible",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = totals,
     .zh = "专项计划报考资格：各专项多少人符合、不符合、待补证，多少矛盾；有哪些年份",
     .en = "who may ask for which special plan: counts by plan, conflicts, and the years",
     .parameters = {ROUTE_AREA, YEAR(IN_QUERY)}},
    {.method = METHOD_GET,
     .pattern = "/api/placing/eligible/units",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = units,
     .zh = "同样的人数，按县区或毕业学校",
     .en = "the same counts by county or school",
     .parameters = {ROUTE_AREA,
                    YEAR(IN_QUERY),
                    PLAN(IN_QUERY),
                    {"by", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "county|school",
                     "按什么列（默认县区）", "by what (default: county)"},
                    ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/placing/eligible/applicants",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = applicants,
     .zh = "考生逐人，每项专项的结论和还缺什么，按考生号；学校只看本校的",
     .en = "applicants with the verdict of each plan and what is missing, by number; a school sees "
           "its own",
     .parameters = {ROUTE_AREA, YEAR(IN_QUERY), LINES(IN_QUERY), ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/placing/eligible/find",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .body = ROUTE_BODY_JSON,
     .handle = find,
     .zh = "按姓名、考生号或完整证件号找考生，至多 50 人",
     .en = "applicants by name, number of the examination or whole ID number, 50 at most",
     .parameters = {{"q", IN_BODY, PARAMETER_TEXT, true, 0, 100, NULL, "所查的词",
                     "what is looked for"},
                    AREA_IN_BODY,
                    YEAR(IN_BODY)}},
    {.method = METHOD_GET,
     .pattern = "/api/placing/eligible/conflicts",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = conflicts,
     .zh = "矛盾：重复报名、同年按两项专项录取、申报互斥的专项、迁入或入学过晚",
     .en = "conflicts: registered twice, admitted under two plans, plans that exclude one another, "
           "moved in too late",
     .parameters = {ROUTE_AREA,
                    YEAR(IN_QUERY),
                    {"kind", IN_QUERY, PARAMETER_CHOICE, false, 0, 0,
                     "registered_twice|admitted_twice|exclusive_plans|moved_late", "只看一类",
                     "only one kind"},
                    ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/placing/eligible/applicants/{record}",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .handle = applicant,
     .zh = "一名考生：每项专项、每个条件凭什么，出自哪个名册、文件、行和日期；查看记入审计",
     .en = "an applicant: each plan, each condition, and the register, file, row and day that it "
           "rests on; audited",
     .parameters = {RECORD}},
    {.method = METHOD_POST,
     .pattern = "/api/placing/eligible/applicants/{record}/reveal",
     .capability = CAPABILITY_REVEAL,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = reveal,
     .zh = "显示一名考生的全号、电话等加密字段；理由记入审计",
     .en = "an applicant's sealed values in full; the reason is audited",
     .parameters = {RECORD, ROUTE_REASON}},
    {.method = METHOD_POST,
     .pattern = "/api/placing/eligible/public",
     .capability = CAPABILITY_EXPORT,
     .area = ROUTE_AREA_GIVEN,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = public_list,
     .zh = "公示名单：申报且符合的，只有姓名、学校、县区、专项，看得出家庭贫困的专项不列；记入审计",
     .en =
         "the list for the public: name, school, county and plan only, without plans that tell of "
         "poverty; audited",
     .parameters = {AREA_IN_BODY,
                    YEAR(IN_BODY),
                    {"format", IN_BODY, PARAMETER_CHOICE, false, 0, 0, "xlsx|csv", "格式",
                     "format"},
                    ROUTE_REASON}},
    {.method = METHOD_POST,
     .pattern = "/api/placing/eligible/export",
     .capability = CAPABILITY_EXPORT,
     .area = ROUTE_AREA_GIVEN,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = export,
     .zh = "资格审查工作簿：逐人理由和依据、按县区和学校的人数、矛盾；证件号码遮盖；记入审计",
     .en = "a workbook: reasons and evidence, counts by county and school, conflicts; ID numbers "
           "masked; audited",
     .parameters = {AREA_IN_BODY, YEAR(IN_BODY), LINES(IN_BODY), ROUTE_REASON}},
    {.pattern = NULL},
};
