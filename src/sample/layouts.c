#include "sample/settings.h"

#include "base/list.h"
#include "base/yaml.h"

/* How offices lay out their files: the part of the settings that stands in layouts.yaml. */

static const char *const column_keys[COLUMN_COUNT] = {
    "seq",
    "name",
    "id_kind",
    "id_number",
    "sex",
    "nation",
    "birth_date",
    "age",
    "household_number",
    "person_number",
    "relation",
    "head_name",
    "head_id",
    "address",
    "origin_address",
    "area_code",
    "county",
    "township",
    "village",
    "guardian_name",
    "guardian_id",
    "guardian_relation",
    "guardian2_name",
    "guardian2_id",
    "phone",
    "status",
    "from",
    "to",
    "term",
    "day",
    "student_number",
    "school_code",
    "school_name",
    "school_short",
    "stage",
    "grade",
    "class",
    "boarding",
    "reason",
    "remark",
    "kind",
    "level",
    "companions",
    "permit",
    "registered",
    "visitor",
    "province",
    "proof",
    "teacher",
    "times",
    "approved_by",
    "approval_number",
    "certificate",
    "members",
    "year",
    "urban",
    "sponsor",
    "students",
    "teachers",
    "poor_village",
    "exit_year",
    "population",
    "preschoolers",
    "kindergarten",
    "station",
    "empty",
    "major",
    "fee",
    "scheme",
    "period",
    "period_long",
    "period_code",
    "school_year",
    "term_name",
    "paid_year",
    "paid_month",
    "paid_on",
    "amount",
    "bank",
    "account",
    "payee_name",
    "bank_serial",
    "exited_on",
    "assured",
    "assured_on",
    "needs",
    "has",
    "shared_with",
    "distance",
    "central",
    "payee_id",
    "payee_relation",
    "account_state",
    "opened_on",
};

static const char *const format_keys[FORMAT_COUNT] = {"csv",        "csv_bom", "csv_gb18030",
                                                      "text_utf16", "html",    "xlsx"};
static const char *const date_keys[DATE_COUNT] = {"iso",     "slash",   "dot",
                                                  "compact", "chinese", "cell"};
static const char *const grade_keys[GRADE_COUNT] = {"words", "stage_words", "number",
                                                    "junior_words"};
static const char *const split_keys[SPLIT_COUNT] = {"city", "county", "district"};

/* The number of the word under `key`, which must be one of `keys`; absent: the first. */
static bool read_word(struct yaml_node *map, const char *key, const char *name,
                      const char *const *keys, size_t count, size_t *out, struct err *err)
{
    struct str word;
    if (!yaml_text_or(map, key, name, str_from(keys[0]), &word, err)) return false;
    for (size_t i = 0; i < count; i++) {
        if (!str_is(word, keys[i])) continue;
        *out = i;
        return true;
    }
    return yaml_fail(yaml_get(map, key), name, err, "the word is not understood",
                     "无法识别此处的词");
}

/* "姓名=name": the heading and what the column holds. The columns of records are known by their
 * register. */
static bool read_column(struct yaml_node *list, size_t at, const char *name, bool of_records,
                        struct layout *out, struct err *err)
{
    struct str text = list->items[at]->text;
    size_t equals = str_find(text, STR("="));
    if (equals == SIZE_MAX)
        return yaml_fail(list->items[at], name, err, "HEADING=COLUMN is expected",
                         "应为“表头=列”的形式");
    struct str key = str_slice(text, equals + 1, text.len);
    out->headings[at] = str_slice(text, 0, equals);
    if (str_find(out->headings[at], STR("/")) != SIZE_MAX) out->two_rows = true;
    if (of_records) {
        out->keys[at] = key;
        return true;
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        if (!str_is(key, column_keys[i])) continue;
        out->columns[at] = (enum column)i;
        return true;
    }
    return yaml_fail(list->items[at], name, err, "there is no such column", "没有这样的列");
}

bool sample_layout_read(struct arena *arena, struct yaml_node *node, const char *name,
                        bool of_records, struct layout *out, struct err *err)
{
    size_t format = 0, dates = 0, grades = 0;
    struct yaml_node *columns = yaml_get(node, "columns");
    if (!yaml_text(node, "key", name, &out->key, err)) return false;
    if (!read_word(node, "format", name, format_keys, FORMAT_COUNT, &format, err)) return false;
    if (!read_word(node, "dates", name, date_keys, DATE_COUNT, &dates, err)) return false;
    if (!read_word(node, "grades", name, grade_keys, GRADE_COUNT, &grades, err)) return false;
    if (!yaml_text_or(node, "title", name, STR_EMPTY, &out->title, err)) return false;
    if (!yaml_text_or(node, "subtitle", name, STR_EMPTY, &out->subtitle, err)) return false;
    if (!yaml_text_or(node, "foot", name, STR_EMPTY, &out->foot, err)) return false;
    if (!yaml_bool_or(node, "total", name, false, &out->total, err)) return false;
    if (!yaml_bool_or(node, "sheets", name, false, &out->sheets, err)) return false;
    if (!yaml_bool_or(node, "id_as_number", name, false, &out->id_as_number, err)) return false;
    if (!yaml_bool_or(node, "sex_code", name, false, &out->sex_code, err)) return false;
    if (columns == NULL || columns->kind != YAML_LIST || columns->count == 0
        || columns->count > LAYOUT_COLUMNS_MAX)
        return yaml_fail(node, name, err, "a layout has 1 to 40 columns", "版式应有 1 至 40 列");
    out->format = (enum file_format)format;
    out->dates = (enum date_form)dates;
    out->grades = (enum grade_form)grades;
    out->headings = arena_array(arena, struct str, columns->count);
    out->columns = arena_array(arena, enum column, columns->count);
    out->keys = arena_array(arena, struct str, columns->count);
    out->column_count = columns->count;
    for (size_t i = 0; i < columns->count; i++)
        if (!read_column(columns, i, name, of_records, out, err)) return false;
    if (out->sheets && out->format != FORMAT_XLSX)
        return yaml_fail(node, name, err, "only a workbook has sheets",
                         "只有 xlsx 才能分多个工作表");
    return true;
}

static bool read_plan_source(struct yaml_node *node, const char *name, struct file_plan *out,
                             struct err *err)
{
    struct str key;
    if (!yaml_text(node, "register", name, &key, err)) return false;
    for (size_t i = 0; i < SOURCE_COUNT; i++) {
        if (!str_is(key, sample_source_key((enum source)i))) continue;
        out->source = (enum source)i;
        return true;
    }
    return yaml_fail(yaml_get(node, "register"), name, err, "the sample writes no such register",
                     "样例不生成这种名册");
}

static bool read_plan_layouts(struct settings *settings, struct arena *arena,
                              struct yaml_node *node, const char *name, struct file_plan *out,
                              struct err *err)
{
    struct str *keys;
    size_t count;
    if (!yaml_texts(arena, node, "layouts", name, &keys, &count, err)) return false;
    if (count == 0) return yaml_fail(node, name, err, "no layout is named", "未指定版式");
    out->layouts = arena_array(arena, const struct layout *, count);
    out->layout_count = count;
    for (size_t i = 0; i < count; i++) {
        for (size_t at = 0; at < settings->layout_count; at++)
            if (str_equal(settings->layouts[at].key, keys[i]))
                out->layouts[i] = &settings->layouts[at];
        if (out->layouts[i] == NULL)
            return yaml_fail(yaml_get(node, "layouts"), name, err, "no layout has this key",
                             "没有这个版式");
    }
    return true;
}

/* Which schemes' payments of which period a list of aid holds; or whose accounts. */
static bool read_plan_aid(const struct settings *settings, struct arena *arena,
                          struct yaml_node *node, const char *name, struct file_plan *out,
                          struct err *err)
{
    struct str *keys, period;
    size_t count;
    if (out->source != SOURCE_AWARDS_PAID && out->source != SOURCE_ACCOUNTS) return true;
    if (!yaml_texts(arena, node, "schemes", name, &keys, &count, err)) return false;
    if (!yaml_text(node, "period", name, &period, err)) return false;
    if (!period_parse(period, &out->period) || out->period.kind != PERIOD_TERM)
        return yaml_fail(yaml_get(node, "period"), name, err, "a term like 2020-autumn is expected",
                         "应为 2020-autumn 形式的学期");
    for (size_t i = 0; i < count; i++) {
        int scheme = sample_aid_scheme(&settings->aid, keys[i]);
        if (scheme < 0)
            return yaml_fail(yaml_get(node, "schemes"), name, err, "the sample pays no such scheme",
                             "样例没有这项资助");
        out->schemes |= 1u << scheme;
    }
    return true;
}

static bool read_plan(struct settings *settings, struct arena *arena, struct yaml_node *node,
                      const char *name, struct file_plan *out, struct err *err)
{
    size_t split = 0;
    struct str *stages, at;
    size_t stage_count;
    if (!read_plan_source(node, name, out, err)) return false;
    if (!yaml_text(node, "name", name, &out->name, err)) return false;
    if (!read_word(node, "split", name, split_keys, SPLIT_COUNT, &split, err)) return false;
    if (!yaml_bool_or(node, "last", name, false, &out->last, err)) return false;
    if (!yaml_text(node, "at", name, &at, err)) return false;
    if (!day_parse(at, &out->at))
        return yaml_fail(yaml_get(node, "at"), name, err, "a day like 2020-09-15 is expected",
                         "应为 2020-09-15 形式的日期");
    if (!yaml_texts(arena, node, "stages", name, &stages, &stage_count, err)) return false;
    for (size_t i = 0; i < stage_count; i++)
        for (size_t stage = 1; stage < STAGE_COUNT; stage++)
            if (str_is(stages[i], sample_stage_key((enum stage)stage))) out->stages[stage] = true;
    out->split = (enum split)split;
    if (!read_plan_aid(settings, arena, node, name, out, err)) return false;
    return read_plan_layouts(settings, arena, node, name, out, err);
}

bool sample_layouts_load(struct settings *out, struct arena *arena, struct str text,
                         const char *name, struct err *err)
{
    struct yaml_node *map;
    if (!yaml_parse(arena, text, name, &map, err)) return false;
    struct yaml_node *layouts = yaml_get(map, "layouts"), *files = yaml_get(map, "files");
    if (layouts == NULL || layouts->kind != YAML_LIST || files == NULL || files->kind != YAML_LIST)
        return yaml_fail(map, name, err, "lists of layouts and of files are expected",
                         "应有 layouts 与 files 两个列表");
    out->layouts = arena_array(arena, struct layout, layouts->count);
    out->layout_count = layouts->count;
    for (size_t i = 0; i < layouts->count; i++)
        if (!sample_layout_read(arena, layouts->items[i], name, false, &out->layouts[i], err))
            return false;
    out->plans = arena_array(arena, struct file_plan, files->count);
    out->plan_count = files->count;
    for (size_t i = 0; i < files->count; i++)
        if (!read_plan(out, arena, files->items[i], name, &out->plans[i], err)) return false;
    return yaml_check_used(map, name, err);
}
