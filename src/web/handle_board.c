#include "figures/requirement.h"
#include "figures/withhold.h"
#include "web/figure_layout.h"
#include "web/routes.h"

#include <stdlib.h>

/* Boards: figures and lists that stand together on a page, county by county; and what schools and
 * villages lack to what is asked of them one by one. */

static int by_place(const void *a, const void *b)
{
    const struct figure *x = *(const struct figure *const *)a;
    const struct figure *y = *(const struct figure *const *)b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return str_compare(x->key, y->key);
}

static void want_board(struct request *request, struct figure_layout *layout, struct str board)
{
    const struct figures *figures = layout->taken.figures;
    size_t all = figures->count + figures->list_count;
    layout->wanted = arena_array(request->arena, const struct figure *, all);
    for (size_t i = 0; i < all; i++) {
        if (str_equal(figures->items[i].board, board)) {
            layout->wanted[layout->count++] = &figures->items[i];
        }
    }
    if (layout->count > 1) qsort(layout->wanted, layout->count, sizeof(struct figure *), by_place);
}

/* What is counted, split and listed is worked out once: from then on it is read. */
static bool keep(struct figure_desk *desk, const struct figure *figure, struct err *err)
{
    return figure_desk_keep(desk, figure, FIGURE_ROWS, err)
           && (figure->measure != FIGURE_SHARE || figure_desk_keep(desk, figure, FIGURE_OVER, err));
}

/* The parts of each figure, and in `places` every place that some figure has, by code. */
struct parts {
    struct figure_part_value *items;
    size_t count;
};

static void add_places(struct request *request, struct str *places, size_t *count,
                       const struct parts *parts)
{
    for (size_t i = 0; i < parts->count; i++) {
        struct str place = parts->items[i].place;
        size_t at = 0;
        while (at < *count && str_compare(places[at], place) < 0) at++;
        if (at < *count && str_equal(places[at], place)) continue;
        for (size_t k = *count; k > at; k--) places[k] = places[k - 1];
        places[at] = str_copy(request->arena, place);
        (*count)++;
    }
}

static void write_head(struct json *json, struct arena *arena, const struct figure *figure,
                       const struct figure_value *value)
{
    json_object(json);
    json_key_str(json, "figure", figure->key);
    json_key_str(json, "zh", figure->zh);
    json_key_str(json, "en", figure->en);
    show_text_or_null(json, "value", figure_value_text(arena, figure, value));
    json_key_i64(json, "rows", value->rows);
    figure_words(json, "unit", str_from(figure_unit_text(figure->unit, LANG_ZH)),
                 str_from(figure_unit_text(figure->unit, LANG_EN)));
    figure_words(json, "definition", figure->definition_zh, figure->definition_en);
    json_object_end(json);
}

static void write_place(struct json *json, struct request *request,
                        const struct figure_layout *layout, const struct parts *parts,
                        struct str place)
{
    json_object(json);
    json_key_str(json, "code", place);
    json_key_str(json, "name", view_area_name(&layout->view, place));
    json_key(json, "values");
    json_list(json);
    for (size_t i = 0; i < layout->count; i++) {
        struct str value = STR_EMPTY;
        for (size_t k = 0; k < parts[i].count; k++) {
            const struct figure_part_value *part = &parts[i].items[k];
            if (!str_equal(part->place, place)) continue;
            value = figure_value_text(request->arena, layout->wanted[i], &part->value);
        }
        value.len > 0 ? json_str(json, value) : json_null(json);
    }
    json_list_end(json);
    json_object_end(json);
}

static bool count_parts(struct request *request, const struct figure_layout *layout,
                        struct parts *parts, struct str **places, size_t *count, struct err *err)
{
    size_t most = 0;
    enum figure_by by = FIGURE_BY_COUNTY;
    if (request_given(request, "by")) {
        by = (enum figure_by)figure_by_of(request_text(request, "by"));
    }
    for (size_t i = 0; i < layout->count; i++) {
        struct err split = ERR_INIT;
        if (!figure_count_by(layout->desk, request->arena, layout->wanted[i], by, &parts[i].items,
                             &parts[i].count, &split)
            && split.kind != ERR_USAGE) {
            *err = split;
            return false;
        }
        most += parts[i].count;
    }
    *places = arena_array(request->arena, struct str, most + 1);
    *count = 0;
    for (size_t i = 0; i < layout->count; i++) add_places(request, *places, count, &parts[i]);
    return true;
}

static bool write_board(struct request *request, struct answer *answer,
                        struct figure_layout *layout, struct err *err)
{
    struct str board = request_text(request, "board"), *places;
    size_t count = 0;
    want_board(request, layout, board);
    if (layout->count == 0) {
        return err_set(err, ERR_NOT_FOUND, "there is no board \"%.*s\"", "没有版面“%.*s”",
                       STR_ARG(board));
    }
    struct parts *parts = arena_array(request->arena, struct parts, layout->count);
    for (size_t i = 0; i < layout->count; i++) {
        if (!keep(layout->desk, layout->wanted[i], err)) return false;
    }
    if (!count_parts(request, layout, parts, &places, &count, err)) return false;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_str(json, "board", board);
    answer_day(json, "at", layout->desk->when.at);
    json_key(json, "figures");
    json_list(json);
    for (size_t i = 0; i < layout->count; i++) {
        struct figure_value value;
        if (!figure_count(layout->desk, layout->wanted[i], &value, err)) return false;
        write_head(json, request->arena, layout->wanted[i], &value);
    }
    json_list_end(json);
    json_key(json, "places");
    json_list(json);
    for (size_t i = 0; i < count; i++) write_place(json, request, layout, parts, places[i]);
    json_list_end(json);
    json_object_end(json);
    return true;
}

static bool board(struct request *request, struct answer *answer, struct err *err)
{
    return figure_on_desk(request, answer, DAY_NONE, write_board, err);
}

static void write_gap(struct json *json, struct arena *arena, const struct figure_layout *layout,
                      const struct requirement_gap *gap)
{
    json_object(json);
    json_key_str(json, "rule", gap->rule->key);
    json_key_str(json, "zh", gap->rule->zh);
    json_key_str(json, "en", gap->rule->en);
    json_key_str(json, "cites", gap->rule->cites);
    json_key_str(json, "of", gap->of);
    json_key_i64(json, "record", gap->record);
    json_key_str(json, "school", gap->school);
    json_key_str(json, "name", gap->name);
    json_key_str(json, "area_name", view_area_name(&layout->view, gap->area));
    json_key_str(json, "stage", gap->stage);
    json_key_str(json, "item", gap->item);
    json_key_str(json, "has", gap->has);
    json_key_str(json, "bound", gap->bound);
    json_key_i64(json, "concerned", gap->children);
    json_key_i64(json, "lacking", gap->lacking);
    figure_words(json, "close", requirement_close(arena, gap, LANG_ZH),
                 requirement_close(arena, gap, LANG_EN));
    show_text_or_null(json, "cost", requirement_cost(arena, gap->cost_fen));
    json_key_str(json, "price_note", gap->rule->price_note);
    json_object_end(json);
}

static bool keep_rules(struct figure_layout *layout, struct err *err)
{
    const struct figures *figures = layout->taken.figures;
    for (size_t i = 0; i < figures->count + figures->list_count; i++) {
        const struct figure *rule = &figures->items[i];
        if (requirement_is(rule) && !keep(layout->desk, rule, err)) return false;
    }
    return true;
}

static bool write_gaps(struct request *request, struct answer *answer, struct figure_layout *layout,
                       struct err *err)
{
    struct requirement_gaps found;
    const struct figure *rule = NULL;
    const struct figures *figures = layout->taken.figures;
    struct str key = request_text(request, "rule");
    if (key.len > 0) rule = figure_find(figures, key);
    if (key.len > 0 && (rule == NULL || !requirement_is(rule))) {
        return err_set(err, ERR_NOT_FOUND, "there is no requirement \"%.*s\"", "没有要求“%.*s”",
                       STR_ARG(key));
    }
    if (!keep_rules(layout, err)
        || !requirement_find(layout->desk, request->arena, figures, rule, &found, err)) {
        return false;
    }
    const struct view_page page = show_page(request);
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < found.count; i++) {
        if (view_on_page(&page, i)) write_gap(json, request->arena, layout, &found.items[i]);
    }
    answer_rows_end(answer, request, found.count);
    return true;
}

static bool gaps(struct request *request, struct answer *answer, struct err *err)
{
    return figure_on_desk(request, answer, DAY_NONE, write_gaps, err);
}

/* What requirements there are, and how much they lack. */
static bool write_rules(struct request *request, struct answer *answer,
                        struct figure_layout *layout, struct err *err)
{
    const struct figures *figures = layout->taken.figures;
    size_t count = 0;
    if (!keep_rules(layout, err)) return false;
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < figures->count + figures->list_count; i++) {
        struct requirement_gaps found;
        const struct figure *rule = &figures->items[i];
        if (!requirement_is(rule)) continue;
        if (!requirement_find(layout->desk, request->arena, figures, rule, &found, err)) {
            return false;
        }
        json_object(json);
        json_key_str(json, "figure", rule->key);
        json_key_str(json, "zh", rule->zh);
        json_key_str(json, "en", rule->en);
        json_key_str(json, "cites", rule->cites);
        json_key(json, "gaps");
        found.unknown > 0 ? json_null(json) : json_i64(json, (int64_t)found.count);
        show_text_or_null(json, "cost",
                          rule->price_fen < 0 ? STR_EMPTY
                                              : requirement_cost(request->arena, found.cost_fen));
        json_key_str(json, "price_note", rule->price_note);
        json_object_end(json);
        count++;
    }
    answer_rows_all(answer, count);
    return true;
}

static bool rules(struct request *request, struct answer *answer, struct err *err)
{
    return figure_on_desk(request, answer, DAY_NONE, write_rules, err);
}

#define BOARD_AT                                                                                   \
    {                                                                                              \
        "at", IN_QUERY, PARAMETER_DAY, false, 0, 0, NULL, "哪一天（默认名册所述的最近一天）",      \
            "the day asked about (default: the newest that the registers speak of)"                \
    }

const struct route routes_board[] = {
    {.method = METHOD_GET,
     .pattern = "/api/boards/{board}",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = board,
     .zh = "一个版面（学前、教师、协作、标准）的指标和清单：合计，并按县区、乡镇分列",
     .en = "the figures and lists of a page (kindergartens, teachers, cooperation, standards): in "
           "all, and by county or township",
     .parameters = {{"board", IN_PATH, PARAMETER_TEXT, true, 0, 60, NULL, "版面", "the board"},
                    ROUTE_AREA,
                    BOARD_AT,
                    {"by", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "county|township",
                     "怎样分列（默认按县区）", "how it is split (default: by county)"}}},
    {.method = METHOD_GET,
     .pattern = "/api/requirements",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = rules,
     .zh = "逐项要求（班额、编制、培训、床位、底线、村级保障）：各缺多少处，补齐要多少钱",
     .en = "what is asked one by one (class sizes, staff, training, beds, baseline, villages): how "
           "many gaps, and what closing them costs",
     .parameters = {ROUTE_AREA, BOARD_AT}},
    {.method = METHOD_GET,
     .pattern = "/api/requirements/gaps",
     .capability = CAPABILITY_LOOK,
     .area = ROUTE_AREA_GIVEN,
     .handle = gaps,
     .zh = "差距清单：学校或村、差多少、补什么、多少钱；涉及孩子多的在前",
     .en = "the gaps: school or village, how much is lacking, what would close it and at what "
           "cost; by children concerned, most first",
     .parameters = {ROUTE_AREA,
                    BOARD_AT,
                    {"rule", IN_QUERY, PARAMETER_TEXT, false, 0, 60, NULL, "只要这一项要求",
                     "only this requirement"},
                    ROUTE_PAGE}},
    {.pattern = NULL},
};
