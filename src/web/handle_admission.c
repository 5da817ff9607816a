#include "jobs/view.h"
#include "placing/admissions.h"
#include "web/routes.h"
#include "web/show.h"

/* How many were admitted by which plan, as the register of admissions has it: counts only. */

static void write_counts(struct json *json, const struct admissions *found,
                         const struct admission_count *count)
{
    json_object(json);
    json_key_str(json, "code", count->code);
    json_key_str(json, "name", count->name);
    json_key(json, "plans");
    json_list(json);
    for (size_t i = 0; i < found->plan_count; i++) json_i64(json, count->by_plan[i]);
    json_list_end(json);
    json_key_i64(json, "none", count->none);
    json_key_i64(json, "total", count->total);
    json_object_end(json);
}

struct question {
    struct workspace *workspace;
    const struct request *request;
    day at;
    enum admission_by by;
    int from, to;
};

static const void *reckon(struct arena *arena, const void *context, struct err *err)
{
    const struct question *question = context;
    struct registry *registry = &question->workspace->registry;
    struct admissions *out = arena_new(arena, struct admissions);
    struct read_at when = {.at = question->at};
    bool good = registry_now(registry, &when.known_ms, err)
                && admissions_find(out, arena, registry, &question->request->asker, when,
                                   question->by, question->from, question->to, err);
    return good ? out : NULL;
}

/* Does the work of a handler on what was counted, taken for as long; it is kept as long as no file
 * comes or is taken back. */
static bool on_admissions(struct request *request, struct answer *answer, enum admission_by by,
                          void (*work)(struct request *request, struct answer *answer,
                                       const struct admissions *found),
                          struct err *err)
{
    struct view view;
    struct text how;
    struct reckoned_taken taken;
    struct workspace *workspace = request->workspace;
    struct reckoned *reckoned = request->parts->reckoned;
    if (!show_open(request, answer, &view, err)) return false;
    day at = view.snapshot->at;
    if (day_is_none(at)) at = clock_today(&workspace->clock);
    const struct question question = {.workspace = workspace,
                                      .request = request,
                                      .at = at,
                                      .by = by,
                                      .from = (int)request_i64(request, "from_year", 0),
                                      .to = (int)request_i64(request, "to_year", 0)};
    struct reckoning reckoning = {
        .what = "admissions", .asker = &request->asker, .reckon = reckon, .context = &question};
    text_init(&how, request->arena, 128);
    text_add_f(&how, "%d %d %d %d", at.days, (int)by, question.from, question.to);
    reckoning.how = text_str(&how);
    if (!registry_revision(&workspace->registry, &reckoning.rests_on, err)
        || !reckoned_take(reckoned, &reckoning, &taken, err)) {
        return false;
    }
    work(request, answer, taken.found);
    reckoned_give(reckoned, &taken);
    return true;
}

static void write_page(struct request *request, struct answer *answer,
                       const struct admissions *found)
{
    const struct view_page page = show_page(request);
    size_t total = 0;
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < found->count; i++)
        if (view_on_page(&page, total++)) write_counts(json, found, &found->rows[i]);
    answer_rows_end(answer, request, total);
}

static bool admissions(struct request *request, struct answer *answer, struct err *err)
{
    int by = admission_by_of(request_text(request, "by"));
    return on_admissions(request, answer, by < 0 ? ADMISSION_BY_YEAR : (enum admission_by)by,
                         write_page, err);
}

static void write_totals(struct request *request, struct answer *answer,
                         const struct admissions *found)
{
    (void)request;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key(json, "plans");
    json_list(json);
    for (size_t i = 0; i < found->plan_count; i++)
        answer_words(json, found->plans[i].key, found->plans[i].zh, found->plans[i].en);
    json_list_end(json);
    json_key(json, "years");
    json_list(json);
    for (size_t i = 0; i < found->year_count; i++) json_i64(json, found->years[i]);
    json_list_end(json);
    json_key(json, "total");
    write_counts(json, found, &found->total);
    json_object_end(json);
}

static bool totals(struct request *request, struct answer *answer, struct err *err)
{
    return on_admissions(request, answer, ADMISSION_BY_YEAR, write_totals, err);
}

#define YEARS                                                                                      \
    {"from_year",                                                                                  \
     IN_QUERY,                                                                                     \
     PARAMETER_INTEGER,                                                                            \
     false,                                                                                        \
     1900,                                                                                         \
     2199,                                                                                         \
     NULL,                                                                                         \
     "自哪一年（默认最早）",                                                                       \
     "from which year (default: the first)"},                                                      \
    {                                                                                              \
        "to_year", IN_QUERY, PARAMETER_INTEGER, false, 1900, 2199, NULL, "到哪一年（默认最近）",   \
            "to which year (default: the newest)"                                                  \
    }

const struct route routes_admission[] = {
    {.method = METHOD_GET,
     .pattern = "/api/placing/admissions",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = admissions,
     .zh = "录取名册中各计划的录取人数，按年、县区、毕业学校、院校或专业，只有人数",
     .en = "how many were admitted by each plan, by year, county, school, institution or major; "
           "counts only",
     .parameters = {ROUTE_AREA,
                    YEARS,
                    {"by", IN_QUERY, PARAMETER_CHOICE, false, 0, 0,
                     "year|county|school|institution|major", "按什么列（默认年）",
                     "by what (default: year)"},
                    ROUTE_PAGE}},
    {.method = METHOD_GET,
     .pattern = "/api/placing/admissions/total",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = totals,
     .zh = "计划类别、有录取的年份和合计",
     .en = "the plans, the years that have admissions, and the totals",
     .parameters = {ROUTE_AREA, YEARS}},
    {.pattern = NULL},
};
