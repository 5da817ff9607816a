#include "figures/requirement.h"

#include "base/list.h"

#include <stdlib.h>

enum { CLOSE_BYTES_MAX = 1000 };

/* Columns with a meaning, and where they stand among the others of a row; -1: not there. */
enum column {
    COLUMN_CHILDREN,
    COLUMN_LACKING,
    COLUMN_HAS,
    COLUMN_BOUND,
    COLUMN_STAGE,
    COLUMN_ITEM,
    COLUMNS
};
static const char *const column_names[COLUMNS] = {"children", "lacking", "has",
                                                  "bound",    "stage",   "item"};

struct collecting {
    struct arena *arena;
    const struct figure *rule;
    int places[COLUMNS];
    LIST(struct requirement_gap) gaps;
    struct requirement_gaps *out;
};

bool requirement_is(const struct figure *figure)
{
    return figure->close_zh.len > 0;
}

bool requirement_is_known(const struct figure_desk *desk, const struct figure *rule)
{
    return figure_desk_lists_stated(desk, rule, FIGURE_ROWS);
}

static struct str text_at(const struct collecting *collecting, const struct figure_row *row,
                          enum column column)
{
    int place = collecting->places[column];
    return place < 0 ? STR_EMPTY : str_copy(collecting->arena, row->more[place]);
}

static int64_t number_at(const struct collecting *collecting, const struct figure_row *row,
                         enum column column)
{
    int place = collecting->places[column];
    int64_t number = 0;
    return place >= 0 && str_to_i64(row->more[place], &number) && number > 0 ? number : 0;
}

static bool price(struct collecting *collecting, struct requirement_gap *gap, struct err *err)
{
    int64_t *sum = &collecting->out->cost_fen;
    if (gap->rule->price_fen < 0) {
        gap->cost_fen = -1;
        collecting->out->unpriced++;
        return true;
    }
    if (!__builtin_mul_overflow(gap->lacking, gap->rule->price_fen, &gap->cost_fen)
        && !__builtin_add_overflow(*sum, gap->cost_fen, sum)) {
        return true;
    }
    return err_set(err, ERR_LIMIT, "what \"%.*s\" lacks costs more than can be counted",
                   "“%.*s”所缺的费用过大", STR_ARG(gap->rule->key));
}

static bool take(void *context, const struct figure_row *row, struct err *err)
{
    struct collecting *collecting = context;
    struct arena *arena = collecting->arena;
    struct requirement_gap *gap = list_push(arena, &collecting->gaps);
    *gap = (struct requirement_gap){.rule = collecting->rule,
                                    .of = str_copy(arena, row->of),
                                    .record = row->record,
                                    .school = str_copy(arena, row->school),
                                    .name = str_copy(arena, row->name),
                                    .area = str_copy(arena, row->area),
                                    .stage = text_at(collecting, row, COLUMN_STAGE),
                                    .item = text_at(collecting, row, COLUMN_ITEM),
                                    .has = text_at(collecting, row, COLUMN_HAS),
                                    .bound = text_at(collecting, row, COLUMN_BOUND),
                                    .children = number_at(collecting, row, COLUMN_CHILDREN),
                                    .lacking = number_at(collecting, row, COLUMN_LACKING)};
    return price(collecting, gap, err);
}

static bool collect(struct figure_desk *desk, struct collecting *collecting, struct err *err)
{
    struct figure_columns columns;
    const struct figure_listener listener = {take, collecting};
    if (!figure_columns_read(desk, collecting->rule, FIGURE_ROWS, &columns, err)) return false;
    for (int i = 0; i < COLUMNS; i++) {
        collecting->places[i] = -1;
        for (size_t k = 0; k < columns.count; k++) {
            if (str_is(columns.names[k], column_names[i])) collecting->places[i] = (int)k;
        }
    }
    return figure_rows_all(desk, collecting->rule, FIGURE_ROWS, &listener, err);
}

static int by_children(const void *a, const void *b)
{
    const struct requirement_gap *x = a, *y = b;
    if (x->children != y->children) return x->children > y->children ? -1 : 1;
    if (x->rule->place != y->rule->place) return x->rule->place < y->rule->place ? -1 : 1;
    int order = str_compare(x->rule->key, y->rule->key);
    if (order == 0) order = str_compare(x->area, y->area);
    if (order == 0) order = str_compare(x->name, y->name);
    if (order != 0) return order;
    return x->record < y->record ? -1 : x->record > y->record;
}

bool requirement_find(struct figure_desk *desk, struct arena *arena, const struct figures *figures,
                      const struct figure *rule, struct requirement_gaps *out, struct err *err)
{
    struct requirement_gaps found = {0};
    struct collecting collecting = {.arena = arena, .out = &found};
    for (size_t i = 0; i < figures->count + figures->list_count; i++) {
        collecting.rule = &figures->items[i];
        if (rule == NULL ? !requirement_is(collecting.rule) : collecting.rule != rule) continue;
        found.unknown += !requirement_is_known(desk, collecting.rule);
        if (!collect(desk, &collecting, err)) return false;
    }
    found.items = collecting.gaps.items;
    found.count = collecting.gaps.count;
    if (found.count > 1) qsort(found.items, found.count, sizeof *found.items, by_children);
    *out = found;
    return true;
}

struct str requirement_close(struct arena *arena, const struct requirement_gap *gap, enum lang lang)
{
    struct text text;
    struct str close = lang == LANG_EN ? gap->rule->close_en : gap->rule->close_zh;
    size_t at = str_find(close, STR("{n}"));
    if (at == SIZE_MAX) return close;
    text_init(&text, arena, CLOSE_BYTES_MAX);
    text_add(&text, str_slice(close, 0, at));
    text_add_f(&text, "%lld", (long long)gap->lacking);
    text_add(&text, str_slice(close, at + 3, close.len));
    return text_str(&text);
}

struct str requirement_cost(struct arena *arena, int64_t cost_fen)
{
    struct text text;
    if (cost_fen < 0) return STR_EMPTY;
    text_init(&text, arena, 40);
    text_add_f(&text, "%lld", (long long)(cost_fen / 100));
    if (cost_fen % 100 != 0) text_add_f(&text, ".%02lld", (long long)(cost_fen % 100));
    return text_str(&text);
}
