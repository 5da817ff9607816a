#include "figures/standards.h"
#include "jobs/view.h"
#include "web/routes.h"
#include "web/show.h"

/* A set of standards as the registers that the asker sees have it, on the day of the snapshot. */
struct standards_kept {
    struct standards standards;
    const struct standard_set *set;
    struct standards_found found;
};

struct layout {
    struct view view;
    const struct standards *standards;
    const struct standard_set *set;
    const struct standards_found *found;
};

struct question {
    struct workspace *workspace;
    const struct asker *asker;
    day at;
    struct str set;
    int year;
};

static const void *reckon(struct arena *arena, const void *context, struct err *err)
{
    const struct question *question = context;
    struct workspace *workspace = question->workspace;
    struct standards_kept *out = arena_new(arena, struct standards_kept);
    struct read_at when = {.at = question->at};
    bool good =
        standards_load(&out->standards, arena, workspace->policies, &workspace->profiles, err)
        && standard_set_find(&out->standards, question->set, &out->set, err)
        && registry_now(&workspace->registry, &when.known_ms, err)
        && standards_find(&out->found, arena, out->set, &workspace->registry, question->asker, when,
                          question->year, err);
    return good ? out : NULL;
}

/* Does the work of a handler on what was found, taken for as long; it is kept as long as no file
 * comes or is taken back. */
static bool on_standards(struct request *request, struct answer *answer,
                         void (*work)(struct request *request, struct answer *answer,
                                      const struct layout *layout),
                         struct err *err)
{
    struct layout layout;
    struct text how;
    struct reckoned_taken taken;
    struct workspace *workspace = request->workspace;
    struct reckoned *reckoned = request->parts->reckoned;
    if (!show_open(request, answer, &layout.view, err)) return false;
    day at = layout.view.snapshot->at;
    if (day_is_none(at)) at = clock_today(&workspace->clock);
    const struct question question = {workspace, &request->asker, at, request_text(request, "set"),
                                      (int)request_i64(request, "year", 0)};
    struct reckoning reckoning = {
        .what = "standards", .asker = &request->asker, .reckon = reckon, .context = &question};
    text_init(&how, request->arena, 512);
    text_add_f(&how, "%d %d %.*s", at.days, question.year, STR_ARG(question.set));
    reckoning.how = text_str(&how);
    if (!registry_revision(&workspace->registry, &reckoning.rests_on, err)
        || !reckoned_take(reckoned, &reckoning, &taken, err)) {
        return false;
    }
    const struct standards_kept *kept = taken.found;
    layout.standards = &kept->standards;
    layout.set = kept->set;
    layout.found = &kept->found;
    work(request, answer, &layout);
    reckoned_give(reckoned, &taken);
    return true;
}

static struct str stage_key(enum balance_stage stage)
{
    return stage == BALANCE_PRIMARY ? STR("primary") : STR("junior");
}

/* `value` of `whole` parts to the unit, with so many places. */
static void write_decimal(struct json *json, struct arena *arena, const char *key, int64_t value,
                          int places)
{
    int64_t whole = places == 2 ? 100 : 10000;
    struct text text;
    text_init(&text, arena, 32);
    text_add_f(&text, "%lld.%0*lld", (long long)(value / whole), places,
               (long long)(value % whole));
    json_key_str(json, key, text_str(&text));
}

static void write_gap(struct json *json, const struct layout *layout,
                      const struct standard_gap *gap)
{
    const struct standard_school *school = &layout->found->schools[gap->school];
    const struct standard_indicator *indicator = &layout->set->indicators[gap->indicator];
    struct arena *arena = layout->view.arena;
    json_object(json);
    json_key_str(json, "code", school->code);
    json_key_str(json, "name", school->name);
    json_key_str(json, "area_name", view_area_name(&layout->view, school->area));
    json_key_str(json, "stage", stage_key(school->stage));
    json_key_i64(json, "pupils", school->pupils);
    json_key(json, "indicator");
    answer_words(json, indicator->key, indicator->zh, indicator->en);
    json_key(json, "unit");
    answer_words(json, indicator->key, indicator->unit_zh, indicator->unit_en);
    write_decimal(json, arena, "value", gap->value, 2);
    write_decimal(json, arena, "least", gap->least, 2);
    json_key_str(json, "lacking", standard_lacking_text(arena, indicator, gap));
    json_key_i64(json, "met", (int64_t)school->met);
    json_key_i64(json, "asked", (int64_t)school->asked);
    json_object_end(json);
}

/* Whether a gap is among those asked for. */
static bool is_wanted(const struct request *request, const struct layout *layout,
                      const struct standard_gap *gap)
{
    struct str stage = request_text(request, "stage");
    struct str indicator = request_text(request, "indicator");
    return (stage.len == 0
            || str_equal(stage, stage_key(layout->found->schools[gap->school].stage)))
           && (indicator.len == 0
               || str_equal(indicator, layout->set->indicators[gap->indicator].key));
}

static void write_gaps(struct request *request, struct answer *answer, const struct layout *layout)
{
    const struct view_page page = show_page(request);
    size_t total = 0;
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < layout->found->gap_count; i++) {
        if (!is_wanted(request, layout, &layout->found->gaps[i])) continue;
        if (view_on_page(&page, total++)) write_gap(json, layout, &layout->found->gaps[i]);
    }
    answer_rows_end(answer, request, total);
}

static bool gaps(struct request *request, struct answer *answer, struct err *err)
{
    return on_standards(request, answer, write_gaps, err);
}

static void write_county(struct json *json, const struct layout *layout,
                         const struct standard_county *county)
{
    json_object(json);
    json_key_str(json, "code", county->code);
    json_key_str(json, "name",
                 county->name.len > 0 ? county->name : view_area_name(&layout->view, county->code));
    json_key_str(json, "stage", stage_key(county->stage));
    json_key(json, "indicator");
    if (county->indicator == SIZE_MAX) {
        json_null(json);
    } else {
        const struct standard_indicator *one = &layout->set->indicators[county->indicator];
        answer_words(json, one->key, one->zh, one->en);
    }
    json_key_i64(json, "schools", (int64_t)county->schools);
    write_decimal(json, layout->view.arena, "coefficient", (county->coefficient + 50) / 100, 4);
    if (county->limit > 0) {
        write_decimal(json, layout->view.arena, "limit", (county->limit + 50) / 100, 4);
    } else {
        show_text_or_null(json, "limit", STR_EMPTY);
    }
    json_key(json, "met");
    county->judged ? json_bool(json, county->met) : json_null(json);
    json_object_end(json);
}

/* How even a county is can be told only from all of its schools: those who see part of it are not
 * told. */
static void write_counties(struct json *json, const struct request *request,
                           const struct layout *layout)
{
    json_key(json, "counties");
    json_list(json);
    for (size_t i = 0; i < layout->found->county_count; i++) {
        const struct standard_county *county = &layout->found->counties[i];
        if (asker_sees(&request->asker, county->code)) write_county(json, layout, county);
    }
    json_list_end(json);
}

static void write_line(struct json *json, const struct layout *layout,
                       const struct standard_line *line)
{
    const struct standard_indicator *one = &layout->set->indicators[line->indicator];
    struct arena *arena = layout->view.arena;
    json_object(json);
    json_key_str(json, "code", line->code);
    json_key_str(json, "name",
                 line->name.len > 0 ? line->name : view_area_name(&layout->view, line->code));
    json_key(json, "indicator");
    answer_words(json, one->key, one->zh, one->en);
    json_key(json, "unit");
    answer_words(json, one->key, one->unit_zh, one->unit_en);
    json_key(json, "stages");
    json_list(json);
    for (int i = 0; i < STANDARD_STAGES; i++) {
        const struct standard_line_stage *stage = &line->stages[i];
        if (stage->schools == 0) continue;
        json_object(json);
        json_key_str(json, "stage", stage_key((enum balance_stage)i));
        write_decimal(json, arena, "coefficient", (stage->coefficient + 50) / 100, 4);
        json_key_bool(json, "uneven", stage->uneven);
        write_decimal(json, arena, "level", stage->level, 2);
        json_object_end(json);
    }
    json_list_end(json);
    json_key_i64(json, "below", (int64_t)line->below);
    write_decimal(json, arena, "lacking", line->lacking, 2);
    json_key_i64(json, "raised", (int64_t)line->raised);
    write_decimal(json, arena, "added", line->added, 2);
    line->lacking_fen < 0 ? show_text_or_null(json, "lacking_cost", STR_EMPTY)
                          : write_decimal(json, arena, "lacking_cost", line->lacking_fen, 2);
    line->added_fen < 0 ? show_text_or_null(json, "added_cost", STR_EMPTY)
                        : write_decimal(json, arena, "added_cost", line->added_fen, 2);
    json_key_str(json, "price_note", one->price_note);
    json_object_end(json);
}

/* The gaps by county and indicator, to who sees all of the county. */
static void write_lines(struct json *json, const struct request *request,
                        const struct layout *layout)
{
    struct standard_line *lines;
    size_t count;
    standards_lines(layout->found, request->arena, layout->set, &lines, &count);
    json_key(json, "lines");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        if (asker_sees(&request->asker, lines[i].code)) write_line(json, layout, &lines[i]);
    }
    json_list_end(json);
}

static void write_sets(struct json *json, const struct standards *standards)
{
    json_key(json, "sets");
    json_list(json);
    for (size_t i = 0; i < standards->set_count; i++)
        answer_words(json, standards->sets[i].key, standards->sets[i].zh, standards->sets[i].en);
    json_list_end(json);
}

static void write_indicators(struct json *json, const struct standard_set *set)
{
    json_key(json, "indicators");
    json_list(json);
    for (size_t i = 0; i < set->indicator_count; i++)
        answer_words(json, set->indicators[i].key, set->indicators[i].zh, set->indicators[i].en);
    json_list_end(json);
}

static void write_standard(struct request *request, struct answer *answer,
                           const struct layout *layout)
{
    size_t meeting = 0;
    for (size_t i = 0; i < layout->found->school_count; i++)
        meeting += layout->found->schools[i].meets;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key(json, "set");
    answer_words(json, layout->set->key, layout->set->zh, layout->set->en);
    write_sets(json, layout->standards);
    json_key_str(json, "cites", layout->set->cites);
    json_key_bool(json, "asks_schools", layout->set->asks_schools);
    json_key_i64(json, "year", layout->found->year);
    json_key_i64(json, "schools", (int64_t)layout->found->school_count);
    json_key_i64(json, "meeting", (int64_t)meeting);
    json_key_i64(json, "gaps", (int64_t)layout->found->gap_count);
    write_indicators(json, layout->set);
    write_counties(json, request, layout);
    write_lines(json, request, layout);
    json_object_end(json);
}

static bool standard(struct request *request, struct answer *answer, struct err *err)
{
    return on_standards(request, answer, write_standard, err);
}

#define SET_AND_YEAR                                                                               \
    {"set",                                                                                        \
     IN_QUERY,                                                                                     \
     PARAMETER_TEXT,                                                                               \
     false,                                                                                        \
     0,                                                                                            \
     60,                                                                                           \
     NULL,                                                                                         \
     "哪一套标准的键（默认按标准文本）",                                                           \
     "key of the standards (default: as their text says)"},                                        \
    {                                                                                              \
        "year", IN_QUERY, PARAMETER_INTEGER, false, 0, 9999, NULL, "哪一年（默认最近一年）",       \
            "of which year (default: the newest)"                                                  \
    }

const struct route routes_standard[] = {
    {.method = METHOD_GET,
     .pattern = "/api/standards",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = standard,
     .zh = "一套办学标准：达标学校数、差距数，各县区校际差异系数与上限",
     .en = "a set of standards: schools that meet it, gaps, and how even each county's schools are",
     .parameters = {ROUTE_AREA, SET_AND_YEAR}},
    {.method = METHOD_GET,
     .pattern = "/api/standards/gaps",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = gaps,
     .zh = "各校离标准的差距和补多少才达标，按涉及学生数从多到少",
     .en = "what schools lack to the standards, by pupils concerned, most first",
     .parameters = {ROUTE_AREA,
                    SET_AND_YEAR,
                    {"stage", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "primary|junior", "学段",
                     "stage"},
                    {"indicator", IN_QUERY, PARAMETER_TEXT, false, 0, 60, NULL, "只要这一项指标",
                     "only this indicator"},
                    ROUTE_PAGE}},
    {.pattern = NULL},
};
