#include "figures/figure.h"

#include "base/yaml.h"
#include "figures/figure_text.h"
#include "policy/period.h"

#include <stdlib.h>
#include <string.h>

static const char *const unit_keys[FIGURE_UNIT_COUNT] = {
    "yuan",       "persons", "person_times", "schools", "villages", "kindergartens",
    "agreements", "percent", "items",        "years",   "days"};
static const char *const unit_zh[FIGURE_UNIT_COUNT] = {"元", "人", "人次", "所", "个村", "所（园）",
                                                       "份", "%",  "项",   "年", "天"};
static const char *const unit_en[FIGURE_UNIT_COUNT] = {
    "yuan",       "persons", "person-times", "schools", "villages", "kindergartens",
    "agreements", "%",       "items",        "years",   "days"};
static const char *const measure_keys[] = {"count", "sum", "share"};
static const char *const period_keys[FIGURE_PERIOD_COUNT] = {
    "at", "term", "school_year", "last_school_year", "year", "five_years", "ever"};
static const char *const part_keys[FIGURE_QUERIES] = {"rows", "over", "expected", "verified",
                                                      "open"};

const char *figure_unit_key(enum figure_unit unit)
{
    CHECK(unit < FIGURE_UNIT_COUNT);
    return unit_keys[unit];
}

const char *figure_unit_text(enum figure_unit unit, enum lang lang)
{
    CHECK(unit < FIGURE_UNIT_COUNT);
    return lang == LANG_EN ? unit_en[unit] : unit_zh[unit];
}

const char *figure_measure_key(enum figure_measure measure)
{
    CHECK(measure <= FIGURE_SHARE);
    return measure_keys[measure];
}

const char *figure_period_key(enum figure_period period)
{
    CHECK(period < FIGURE_PERIOD_COUNT);
    return period_keys[period];
}

const char *figure_part_key(enum figure_part part)
{
    CHECK(part < FIGURE_QUERIES);
    return part_keys[part];
}

static int word_of(struct str word, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_is(word, words[i])) return (int)i;
    }
    return -1;
}

int figure_part_of(struct str key)
{
    return word_of(key, part_keys, FIGURE_QUERIES);
}

/* One file as it is read. */
struct reading_file {
    struct arena *arena;
    struct yaml_node *root;
    const char *name;
    struct figure *figure;
};

static bool read_word(struct reading_file *file, const char *key, const char *otherwise,
                      const char *const *words, size_t count, int *out, struct err *err)
{
    struct str word;
    if (!yaml_text_or(file->root, key, file->name, str_from(otherwise), &word, err)) return false;
    *out = word_of(word, words, count);
    if (*out >= 0) return true;
    return yaml_fail(yaml_get(file->root, key), file->name, err, "there is no such word here",
                     "此处没有这个词");
}

static bool read_pair(struct reading_file *file, const char *key, struct str *zh, struct str *en,
                      struct err *err)
{
    struct yaml_node *node = yaml_get(file->root, key);
    if (node == NULL || node->kind != YAML_MAP) {
        return yaml_fail(node == NULL ? file->root : node, file->name, err,
                         "the definition stands in \"definition\", as zh and en",
                         "定义写在 definition 下的 zh 和 en 中");
    }
    return yaml_text(node, "zh", file->name, zh, err) && yaml_text(node, "en", file->name, en, err);
}

/* Its key is a name of a table, too, so it is written like one. */
static bool key_is_name(struct str key)
{
    if (key.len == 0 || key.len > 60 || key.ptr[0] < 'a' || key.ptr[0] > 'z') return false;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')) return false;
    }
    return true;
}

static bool read_head(struct reading_file *file, struct err *err)
{
    struct figure *figure = file->figure;
    int unit, measure, period;
    const char *name = file->name;
    if (!yaml_text(file->root, "key", name, &figure->key, err)
        || !yaml_text(file->root, "zh", name, &figure->zh, err)
        || !yaml_text(file->root, "en", name, &figure->en, err)
        || !yaml_text(file->root, "group", name, &figure->group, err)
        || !read_word(file, "unit", "", unit_keys, FIGURE_UNIT_COUNT, &unit, err)
        || !read_word(file, "measure", "count", measure_keys, 3, &measure, err)
        || !read_word(file, "period", "at", period_keys, FIGURE_PERIOD_COUNT, &period, err)
        || !yaml_texts(file->arena, file->root, "sources", name, &figure->sources,
                       &figure->source_count, err)
        || !read_pair(file, "definition", &figure->definition_zh, &figure->definition_en, err)
        || !yaml_text_or(file->root, "cites", name, STR_EMPTY, &figure->cites, err)
        || !yaml_text_or(file->root, "words", name, STR_EMPTY, &figure->words, err)
        || !yaml_text_or(file->root, "board", name, STR_EMPTY, &figure->board, err)
        || !yaml_integer_or(file->root, "place", name, 0, &figure->place, err)
        || !yaml_bool_or(file->root, "persons", name,
                         unit == FIGURE_PERSONS || unit == FIGURE_PERSON_TIMES, &figure->persons,
                         err)) {
        return false;
    }
    figure->unit = (enum figure_unit)unit;
    figure->measure = (enum figure_measure)measure;
    figure->period = (enum figure_period)period;
    if (!key_is_name(figure->key)) {
        return yaml_fail(yaml_get(file->root, "key"), name, err,
                         "a key is of small letters, digits and _",
                         "key 只含小写字母、数字和下划线");
    }
    if ((figure->unit == FIGURE_PERCENT) != (figure->measure == FIGURE_SHARE)) {
        return yaml_fail(yaml_get(file->root, "unit"), name, err,
                         "a share is in percent, and nothing else is",
                         "比率（share）的单位须是 percent，其他指标不能是");
    }
    if (figure->source_count > 0) return true;
    return yaml_fail(file->root, name, err, "\"sources\" names what the figure rests on",
                     "sources 须写明指标的来源名册");
}

/* A query is the SQL itself, or a map of `sql` and `of` where it lists records of another table. */
static bool read_query(struct reading_file *file, enum figure_part part, struct str of, bool wanted,
                       struct err *err)
{
    const char *key = part_keys[part];
    struct yaml_node *node = yaml_get(file->root, key);
    struct figure_query *query = &file->figure->queries[part];
    query->of = of;
    if (node == NULL ? wanted : !wanted) {
        return yaml_fail(node == NULL ? file->root : node, file->name, err,
                         node == NULL ? "a query is missing"
                                      : "a figure of this kind has no such "
                                        "query",
                         node == NULL ? "缺少查询语句" : "这类指标没有这条查询语句");
    }
    if (node == NULL) return true;
    query->line = node->line;
    if (node->kind == YAML_SCALAR) return yaml_text(file->root, key, file->name, &query->sql, err);
    return yaml_text(node, "sql", file->name, &query->sql, err)
           && yaml_text(node, "of", file->name, &query->of, err);
}

static bool read_queries(struct reading_file *file, struct err *err)
{
    struct figure *figure = file->figure;
    struct str of;
    figure->everyone = yaml_get(file->root, "expected") != NULL;
    if (!yaml_text(file->root, "of", file->name, &of, err)) return false;
    for (int i = 0; i < FIGURE_QUERIES; i++) {
        bool wanted = i == FIGURE_ROWS   ? true
                      : i == FIGURE_OVER ? figure->measure == FIGURE_SHARE
                                         : figure->everyone;
        if (!read_query(file, (enum figure_part)i, of, wanted, err)) return false;
    }
    return true;
}

/* "09-30". */
static bool read_month_day(struct yaml_node *node, const char *name, struct figure_table *table,
                           struct err *err)
{
    struct str text;
    int64_t month = 0, day_of_month = 0;
    day ignored;
    if (!yaml_text(node, "on", name, &text, err)) return false;
    if (text.len != 5 || text.ptr[2] != '-' || !str_to_i64(str_slice(text, 0, 2), &month)
        || !str_to_i64(str_slice(text, 3, 5), &day_of_month)
        || !day_from_ymd(2001, (int)month, (int)day_of_month, &ignored)) {
        return yaml_fail(yaml_get(node, "on"), name, err, "a day of the year is written 09-30",
                         "日期写成 09-30 的形式");
    }
    table->month = (int)month;
    table->day = (int)day_of_month;
    return true;
}

static bool read_tables(struct reading_file *file, struct err *err)
{
    struct figure *figure = file->figure;
    struct yaml_node *list = yaml_get(file->root, "tables");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        struct yaml_node *node = list->items[i];
        struct figure_table *table = &figure->tables[i];
        int64_t years_back = 0;
        if (list->kind != YAML_LIST || node->kind != YAML_MAP || i == FIGURE_TABLES_MAX) {
            return yaml_fail(node, file->name, err,
                             "tables are a list of at most 8, each with name, register, on and "
                             "years_back",
                             "tables 是列表，最多 8 项，每项有 name、register、on 和 years_back");
        }
        if (!yaml_text(node, "name", file->name, &table->name, err)
            || !yaml_text(node, "register", file->name, &table->register_key, err)
            || !read_month_day(node, file->name, table, err)
            || !yaml_integer_or(node, "years_back", file->name, 0, &years_back, err)) {
            return false;
        }
        if (years_back < 0 || years_back > 30 || !key_is_name(table->name)) {
            return yaml_fail(node, file->name, err, "a table's name or its years do not do",
                             "表名或年数不合规定");
        }
        table->years_back = (int)years_back;
        figure->table_count = i + 1;
    }
    return true;
}

static bool read_rule(struct reading_file *file, struct yaml_node *node, struct err *err)
{
    struct figure_rule *rule = &file->figure->rules[file->figure->rule_count++];
    struct str name;
    struct text parameter;
    if (!yaml_text(node, "name", file->name, &name, err)
        || !yaml_text(node, "file", file->name, &rule->file, err)
        || !yaml_text(node, "keys", file->name, &rule->keys, err)) {
        return false;
    }
    if (!key_is_name(name)) {
        return yaml_fail(node, file->name, err, "this cannot be the name of a parameter",
                         "这不能作参数名");
    }
    text_init(&parameter, file->arena, 64);
    text_add_f(&parameter, "$%.*s", STR_ARG(name));
    rule->parameter = str_cstr(file->arena, text_str(&parameter));
    return true;
}

static bool read_rules(struct reading_file *file, struct err *err)
{
    struct yaml_node *list = yaml_get(file->root, "rules");
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        struct yaml_node *node = list->items[i];
        if (list->kind != YAML_LIST || node->kind != YAML_MAP || i == FIGURE_RULES_MAX) {
            return yaml_fail(node, file->name, err,
                             "rules are a list of at most 8, each with name, file and keys",
                             "rules 是列表，最多 8 项，每项有 name、file 和 keys");
        }
        if (!read_rule(file, node, err)) return false;
    }
    return true;
}

static bool read_columns(struct reading_file *file, struct err *err)
{
    struct figure *figure = file->figure;
    struct yaml_node *list = yaml_get(file->root, "columns");
    if (list == NULL) return true;
    if (list->kind != YAML_LIST || list->count > FIGURE_COLUMNS_MAX) {
        return yaml_fail(list, file->name, err, "columns are a list of at most 20 of key, zh, en",
                         "columns 是列表，最多 20 项，每项有 key、zh、en");
    }
    figure->columns = arena_array(file->arena, struct figure_column, list->count);
    figure->column_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        struct figure_column *column = &figure->columns[i];
        if (!yaml_text(list->items[i], "key", file->name, &column->key, err)
            || !yaml_text(list->items[i], "zh", file->name, &column->zh, err)
            || !yaml_text(list->items[i], "en", file->name, &column->en, err)
            || !yaml_text_or(list->items[i], "of", file->name, STR_EMPTY, &column->of, err)) {
            return false;
        }
    }
    return true;
}

static bool read_close(struct reading_file *file, struct err *err)
{
    struct yaml_node *node = yaml_get(file->root, "close");
    struct figure *figure = file->figure;
    return node == NULL
           || (yaml_text(node, "zh", file->name, &figure->close_zh, err)
               && yaml_text(node, "en", file->name, &figure->close_en, err));
}

bool figure_read(struct figure *out, struct arena *arena, struct str text, const char *name,
                 struct err *err)
{
    struct figure figure = {.file = str_from(name), .price_fen = -1};
    struct reading_file file = {.arena = arena, .name = name, .figure = &figure};
    if (!yaml_parse(arena, text, name, &file.root, err) || !read_head(&file, err)
        || !read_queries(&file, err) || !read_tables(&file, err) || !read_rules(&file, err)
        || !read_columns(&file, err) || !read_close(&file, err)
        || !yaml_check_used(file.root, name, err)) {
        return false;
    }
    *out = figure;
    return true;
}

const struct figure *figure_find(const struct figures *figures, struct str key)
{
    for (size_t i = 0; i < figures->count + figures->list_count; i++) {
        if (str_equal(figures->items[i].key, key)) return &figures->items[i];
    }
    return NULL;
}

static day years_earlier(day at, int years)
{
    int year, month, day_of_month;
    day out = at;
    day_to_ymd(at, &year, &month, &day_of_month);
    if (!day_from_ymd(year - years, month, day_of_month, &out)) {
        CHECK(day_from_ymd(year - years, month, day_of_month - 1, &out)); /* 29 February */
    }
    return out;
}

static day first_of_year(day at, int years_back)
{
    int year, month, day_of_month;
    day out = at;
    day_to_ymd(at, &year, &month, &day_of_month);
    CHECK(day_from_ymd(year - years_back, 1, 1, &out));
    return out;
}

struct figure_days figure_days_of(enum figure_period period, day at)
{
    struct figure_days days = {.at = at, .from = at, .to = at};
    struct period year = period_of(PERIOD_YEAR, at);
    switch (period) {
    case FIGURE_TERM: days.from = period_first(period_of(PERIOD_TERM, at)); break;
    case FIGURE_SCHOOL_YEAR: days.from = period_first(year); break;
    case FIGURE_LAST_SCHOOL_YEAR:
        year.year--;
        days.from = period_first(year);
        days.to = period_last(year);
        break;
    case FIGURE_YEAR: days.from = first_of_year(at, 0); break;
    case FIGURE_FIVE_YEARS: days.from = first_of_year(at, 4); break;
    case FIGURE_EVER: days.from = DAY_NONE; break;
    case FIGURE_AT:
    case FIGURE_PERIOD_COUNT: break;
    }
    return days;
}

day figure_table_day(const struct figure_table *table, day at)
{
    int year, month, day_of_month;
    day out = at;
    day_to_ymd(at, &year, &month, &day_of_month);
    CHECK(day_from_ymd(year, table->month, table->day, &out));
    if (out.days > at.days) CHECK(day_from_ymd(year - 1, table->month, table->day, &out));
    return years_earlier(out, table->years_back);
}

struct str figure_period_text(struct arena *arena, enum figure_period period, day at,
                              enum lang lang)
{
    struct text text;
    char from[DAY_TEXT_SIZE], to[DAY_TEXT_SIZE];
    struct figure_days days = figure_days_of(period, at);
    text_init(&text, arena, 100);
    day_format(days.from, from);
    day_format(days.to, to);
    if (day_is_none(days.from)) {
        text_add_f(&text, lang == LANG_EN ? "up to %s" : "截至 %s", to);
    } else if (days.from.days == days.to.days) {
        text_add_c(&text, to);
    } else {
        text_add_f(&text, lang == LANG_EN ? "%s to %s" : "%s 至 %s", from, to);
    }
    return text_str(&text);
}
