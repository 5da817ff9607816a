#include "figures/article_json.h"
#include "figures/figure_known.h"
#include "figures/figure_rows.h"
#include "figures/withhold.h"
#include "jobs/view_place.h"
#include "web/figure_layout.h"
#include "web/routes.h"

enum { ARTICLE_TEXT_BYTES_MAX = 800000 };

/* Those of a group, or all. */
static void want(struct request *request, struct figure_layout *out, struct str group)
{
    const struct figures *figures = out->taken.figures;
    out->wanted = arena_array(request->arena, const struct figure *, figures->count);
    out->count = 0;
    for (size_t i = 0; i < figures->count; i++) {
        const struct figure *figure = &figures->items[i];
        if (group.len > 0 && !str_equal(group, figure->group)) continue;
        out->wanted[out->count++] = figure;
    }
}

static bool want_one(struct request *request, struct figure_layout *out, struct err *err)
{
    struct str key = request_text(request, "figure");
    const struct figure *figure = figure_find(out->taken.figures, key);
    if (figure == NULL) {
        return err_set(err, ERR_NOT_FOUND, "there is no figure \"%.*s\"", "没有指标“%.*s”",
                       STR_ARG(key));
    }
    out->wanted = arena_array(request->arena, const struct figure *, 1);
    out->wanted[0] = figure;
    out->count = 1;
    return true;
}

static void write_everyone(struct json *json, const struct figure_everyone *everyone)
{
    json_key(json, "everyone");
    json_object(json);
    json_key_i64(json, "expected", everyone->expected);
    json_key_i64(json, "verified", everyone->verified);
    json_key_i64(json, "open", everyone->open);
    json_key_i64(json, "unreported", everyone->unreported);
    json_object_end(json);
}

/* The keys of one figure, without braces. */
static bool write_figure(struct json *json, struct request *request, struct figure_layout *layout,
                         const struct figure *figure, struct err *err)
{
    struct figure_value value;
    struct figure_everyone everyone;
    struct arena *arena = request->arena;
    day at = layout->desk->when.at;
    bool is_public = request_yes(request, "public");
    if (!figure_count(layout->desk, figure, &value, err)
        || (figure->everyone && !figure_count_everyone(layout->desk, figure, &everyone, err))) {
        return false;
    }
    bool withheld = is_public && figure_is_small(layout->taken.figures, figure, &value);
    json_key_str(json, "figure", figure->key);
    json_key_str(json, "zh", figure->zh);
    json_key_str(json, "en", figure->en);
    json_key_str(json, "group", figure->group);
    json_key_bool(json, "withheld", withheld);
    show_text_or_null(json, "value",
                      withheld ? STR_EMPTY : figure_value_text(arena, figure, &value));
    figure_words(json, "unit", str_from(figure_unit_text(figure->unit, LANG_ZH)),
                 str_from(figure_unit_text(figure->unit, LANG_EN)));
    json_key(json, "rows");
    withheld ? json_null(json) : json_i64(json, value.rows);
    figure_words(json, "period", figure_period_text(arena, figure->period, at, LANG_ZH),
                 figure_period_text(arena, figure->period, at, LANG_EN));
    if (figure->everyone && value.known && !is_public) {
        write_everyone(json, &everyone);
    } else {
        json_key(json, "everyone");
        json_null(json);
    }
    return true;
}

static bool write_figures(struct request *request, struct answer *answer,
                          struct figure_layout *layout, struct err *err)
{
    want(request, layout, request_text(request, "group"));
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < layout->count; i++) {
        json_object(json);
        if (!write_figure(json, request, layout, layout->wanted[i], err)) return false;
        json_object_end(json);
    }
    answer_rows_all(answer, layout->count);
    return true;
}

static bool figures(struct request *request, struct answer *answer, struct err *err)
{
    return figure_on_desk(request, answer, DAY_NONE, write_figures, err);
}

/* What there is, without a number: at once, for the page to ask group by group. */
static bool names(struct request *request, struct answer *answer, struct err *err)
{
    struct figures figures;
    if (!figures_load(&figures, request->arena, request->workspace->policies, err)) return false;
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < figures.count; i++) {
        const struct figure *figure = &figures.items[i];
        json_object(json);
        json_key_str(json, "figure", figure->key);
        json_key_str(json, "zh", figure->zh);
        json_key_str(json, "en", figure->en);
        json_key_str(json, "group", figure->group);
        json_object_end(json);
    }
    answer_rows_all(answer, figures.count);
    return true;
}

/* What a part is called: a school's name, or a division's. */
static struct str part_name(const struct figure_layout *layout, enum figure_by by, struct str place)
{
    if (by != FIGURE_BY_SCHOOL) return view_area_name(&layout->view, place);
    const struct snapshot_school *school = snapshot_school(layout->view.snapshot, place);
    return school == NULL ? place : school->name;
}

static void write_part(struct json *json, struct request *request,
                       const struct figure_layout *layout, enum figure_by by,
                       const struct figure_part_value *part, bool withheld)
{
    struct str value = figure_value_text(request->arena, layout->wanted[0], &part->value);
    json_object(json);
    json_key_str(json, "code", part->place);
    json_key_str(json, "name", part_name(layout, by, part->place));
    show_text_or_null(json, "value", withheld ? STR_EMPTY : value);
    json_key(json, "rows");
    withheld ? json_null(json) : json_i64(json, part->value.rows);
    json_key_bool(json, "withheld", withheld);
    json_object_end(json);
}

/* By county, township or school, where the figure's rows say where they are. In public small
 * numbers of people are withheld, and what they could be computed from. */
static bool write_parts(struct json *json, struct request *request, struct figure_layout *layout,
                        struct err *err)
{
    struct figure_part_value *parts;
    size_t count = 0;
    struct err split = ERR_INIT;
    enum figure_by by = FIGURE_BY_COUNTY;
    const struct figure *one = layout->wanted[0];
    if (request_given(request, "by")) {
        by = (enum figure_by)figure_by_of(request_text(request, "by"));
    }
    if (!figure_count_by(layout->desk, request->arena, one, by, &parts, &count, &split)
        && split.kind != ERR_USAGE) {
        *err = split;
        return false;
    }
    bool *withheld = arena_array(request->arena, bool, count);
    if (request_yes(request, "public") && count > 0) {
        figure_withhold(layout->taken.figures, one, parts, count, withheld);
    }
    json_key_str(json, "by", str_from(figure_by_key(by)));
    json_key(json, "parts");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        write_part(json, request, layout, by, &parts[i], withheld[i]);
    }
    json_list_end(json);
    return true;
}

/* The columns of the rows that have no place of their own, and words for those that the register
 * has no field for. */
static bool write_columns(struct json *json, struct figure_layout *layout,
                          const struct figure *figure, struct err *err)
{
    struct figure_columns fields;
    if (!figure_columns_read(layout->desk, figure, FIGURE_ROWS, &fields, err)) return false;
    json_key(json, "fields");
    json_list(json);
    for (size_t i = 0; i < fields.count; i++) json_str(json, fields.names[i]);
    json_list_end(json);
    json_key(json, "columns");
    json_list(json);
    for (size_t i = 0; i < figure->column_count; i++) {
        json_object(json);
        json_key_str(json, "key", figure->columns[i].key);
        json_key_str(json, "zh", figure->columns[i].zh);
        json_key_str(json, "en", figure->columns[i].en);
        json_key_str(json, "of", figure->columns[i].of);
        json_object_end(json);
    }
    json_list_end(json);
    return true;
}

static bool write_whole(struct request *request, struct answer *answer,
                        struct figure_layout *layout, struct err *err)
{
    if (!want_one(request, layout, err)) return false;
    const struct figure *one = layout->wanted[0];
    struct json *json = answer_json(answer);
    json_object(json);
    if (!write_figure(json, request, layout, one, err)) return false;
    answer_day(json, "at", layout->desk->when.at);
    figure_words(json, "definition", one->definition_zh, one->definition_en);
    json_key_str(json, "cites", one->cites);
    json_key(json, "sources");
    json_list(json);
    for (size_t i = 0; i < one->source_count; i++) json_str(json, one->sources[i]);
    json_list_end(json);
    if (!write_columns(json, layout, one, err)) return false;
    json_key_str(json, "of", one->queries[FIGURE_ROWS].of);
    json_key_str(json, "sql", one->queries[FIGURE_ROWS].sql);
    if (!write_parts(json, request, layout, err)) return false;
    json_object_end(json);
    return true;
}

static bool figure(struct request *request, struct answer *answer, struct err *err)
{
    return figure_on_desk(request, answer, DAY_NONE, write_whole, err);
}

struct listing {
    struct json *json;
    const struct view *view;
    struct figure_columns more;
};

static bool write_row(void *context, const struct figure_row *row, struct err *err)
{
    struct listing *listing = context;
    struct json *json = listing->json;
    (void)err;
    json_object(json);
    json_key_str(json, "of", row->of);
    json_key_i64(json, "record", row->record);
    json_key_i64(json, "person", row->person);
    json_key_str(json, "name", row->name);
    json_key_str(json, "id_number", row->id_number);
    json_key_str(json, "area", row->area);
    json_key_str(json, "area_name", view_area_name(listing->view, row->area));
    json_key_str(json, "school", row->school);
    json_key(json, "value");
    row->has_value ? json_i64(json, row->value) : json_null(json);
    json_key(json, "more");
    json_list(json);
    for (size_t i = 0; i < listing->more.count; i++) {
        if (row->more[i].len == 0) continue;
        json_object(json);
        json_key_str(json, "key", listing->more.names[i]);
        json_key_str(json, "value", row->more[i]);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

/* Before anything is asked of the part: only a figure about everyone has more than one. */
static bool has_part(const struct figure_layout *layout, enum figure_part part, struct err *err)
{
    const struct figure *one = layout->wanted[0];
    if (part == FIGURE_ROWS || one->everyone) return true;
    return err_set(err, ERR_NOT_FOUND, "\"%.*s\" is no figure about everyone",
                   "“%.*s”不是关于所有人的指标", STR_ARG(one->key));
}

/* How many rows the part has. */
static bool total_of(struct figure_layout *layout, enum figure_part part, uint64_t *out,
                     struct err *err)
{
    const struct figure *one = layout->wanted[0];
    struct figure_value value;
    struct figure_everyone everyone;
    if (part == FIGURE_ROWS) {
        if (!figure_count(layout->desk, one, &value, err)) return false;
        *out = (uint64_t)value.rows;
        return true;
    }
    if (!figure_count_everyone(layout->desk, one, &everyone, err)) return false;
    *out = (uint64_t)(part == FIGURE_EXPECTED   ? everyone.expected
                      : part == FIGURE_VERIFIED ? everyone.verified
                                                : everyone.open);
    return true;
}

static bool write_rows(struct request *request, struct answer *answer, struct figure_layout *layout,
                       struct err *err)
{
    struct listing listing;
    uint64_t total = 0;
    enum figure_part part = FIGURE_ROWS;
    if (request_given(request, "part")) {
        part = (enum figure_part)figure_part_of(request_text(request, "part"));
    }
    if (!want_one(request, layout, err) || !has_part(layout, part, err)
        || !figure_desk_keep(layout->desk, layout->wanted[0], part, err)
        || !total_of(layout, part, &total, err)
        || !figure_columns_read(layout->desk, layout->wanted[0], part, &listing.more, err)) {
        return false;
    }
    const struct request_page page = request_page(request);
    const struct figure_listener listener = {write_row, &listing};
    listing.view = &layout->view;
    listing.json = answer_rows(answer);
    if (!figure_rows_page(layout->desk, layout->wanted[0], part, page.first, (uint64_t)page.size,
                          &listener, err)) {
        return false;
    }
    answer_rows_end(answer, request, total);
    return true;
}

static bool rows(struct request *request, struct answer *answer, struct err *err)
{
    return figure_on_desk(request, answer, DAY_NONE, write_rows, err);
}

/* An article is looked at for who asks, and kept nowhere. */
static bool check_article(struct request *request, struct answer *answer,
                          struct figure_layout *layout, struct err *err)
{
    struct article article;
    struct claims claims;
    struct match *matches;
    struct figure_known *known;
    size_t count;
    struct arena *arena = request->arena;
    want(request, layout, STR_EMPTY);
    if (!article_read(arena, request_text(request, "text"), &article, err)
        || !claims_read(arena, &article, &claims, err)
        || !figures_known(layout->desk, arena, layout->wanted, layout->count, &known, &count, err)
        || !match_claims(arena, &claims, known, count, &matches, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    answer_day(json, "at", layout->desk->when.at);
    article_json(json, arena, &claims, matches, known);
    json_object_end(json);
    return true;
}

/* Held against the day that it was published, unless another is asked for. */
static bool check(struct request *request, struct answer *answer, struct err *err)
{
    struct article article;
    day at = request_day(request, "at");
    if (day_is_none(at)) {
        if (!article_read(request->arena, request_text(request, "text"), &article, err)) {
            return false;
        }
        at = article.published;
    }
    return figure_on_desk(request, answer, at, check_article, err);
}

#define FIGURE_KEY                                                                                 \
    {                                                                                              \
        "figure", IN_PATH, PARAMETER_TEXT, true, 0, 0, NULL, "指标的键", "key of the figure"       \
    }
#define FIGURE_AT_DAY                                                                              \
    {                                                                                              \
        "at", IN_QUERY, PARAMETER_DAY, false, 0, 0, NULL, "哪一天（默认名册所述的最近一天）",      \
            "the day asked about (default: the newest that the registers speak of)"                \
    }

#define FIGURE_PUBLIC                                                                              \
    {                                                                                              \
        "public", IN_QUERY, PARAMETER_YES_NO, false, 0, 0, NULL, "隐去过小的人数，可对外公布",     \
            "small numbers of people withheld, to be given to the public"                          \
    }

const struct route routes_figure[] = {
    {.method = METHOD_GET,
     .pattern = "/api/figures/names",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_NONE,
     .handle = names,
     .zh = "有哪些指标",
     .en = "which figures there are"},
    {.method = METHOD_GET,
     .pattern = "/api/figures",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = figures,
     .zh = "各项指标的数值，按组别和键排序；关于所有人的另给应有、已核实、在办、未报",
     .en = "figures with their values, by group, then key; of those about everyone how many are "
           "expected, verified, open, not reported",
     .parameters = {ROUTE_AREA,
                    FIGURE_AT_DAY,
                    FIGURE_PUBLIC,
                    {"group", IN_QUERY, PARAMETER_TEXT, false, 0, 60, NULL, "只要这一组",
                     "only those of this group"}}},
    {.method = METHOD_POST,
     .pattern = "/api/figures/check",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_ROWS,
     .body = ROUTE_BODY_JSON,
     .handle = check,
     .zh = "核对一篇文章里的数字：还原了什么，逐条说法的结论，分项合计；什么也不保存",
     .en = "holds an article's numbers against the figures: what was repaired, the verdict of each "
           "claim, stated sums; keeps nothing",
     .parameters = {{"text", IN_BODY, PARAMETER_SECRET, true, 0, ARTICLE_TEXT_BYTES_MAX, NULL,
                     "文章（文本或网页）", "the article (text or a page)"},
                    {"at", IN_BODY, PARAMETER_DAY, false, 0, 0, NULL, "按哪一天核对",
                     "the day to hold it against"}}},
    {.method = METHOD_GET,
     .pattern = "/api/figures/{figure}",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = figure,
     .zh = "一项指标：数值、口径、来源、查询，按县区、乡镇或学校分列",
     .en = "one figure: value, definition, sources, query, and by county, township or school",
     .parameters = {FIGURE_KEY,
                    ROUTE_AREA,
                    FIGURE_AT_DAY,
                    {"by", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "county|township|school",
                     "怎样分列（默认按县区）", "how it is split (default: by county)"},
                    FIGURE_PUBLIC}},
    {.method = METHOD_GET,
     .pattern = "/api/figures/{figure}/rows",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = rows,
     .zh = "一项指标所计的每一条记录，按名册、记录号排序；证件号码脱敏",
     .en = "the rows that a figure counts, by register and record; ID numbers masked",
     .parameters = {FIGURE_KEY,
                    ROUTE_AREA,
                    FIGURE_AT_DAY,
                    {"part", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "rows|expected|verified|open",
                     "哪一部分", "which part"},
                    ROUTE_PAGE}},
    {.pattern = NULL},
};
