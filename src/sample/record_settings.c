#include "base/yaml.h"
#include "sample/record.h"

#include <string.h>

/* Five years of work: what PLACE/sample_records.yaml says, and how offices lay the files out. */

static const char *const number_keys[NUMBER_COUNT] = {
    [NUMBER_FROM_YEAR] = "from_year",
    [NUMBER_TO_YEAR] = "to_year",
    [NUMBER_BALANCE_YEAR] = "balance_year",
    [NUMBER_POOR_VILLAGES] = "poor_villages",
    [NUMBER_PROJECT_YUAN] = "project_yuan",
    [NUMBER_PROJECTS_KINDERGARTEN] = "projects_kindergarten",
    [NUMBER_PROJECTS_WEAK] = "projects_weak",
    [NUMBER_PROJECTS_TWO] = "projects_two",
    [NUMBER_PROJECTS_LIVELIHOOD] = "projects_livelihood",
    [NUMBER_SPECIAL_POSTS] = "special_posts",
    [NUMBER_SPECIAL_POSTS_OPEN] = "special_posts_open",
    [NUMBER_TRAININGS] = "trainings",
    [NUMBER_TRAININGS_COUNTY] = "trainings_county",
    [NUMBER_ROTATIONS] = "rotations",
    [NUMBER_ROTATIONS_BEYOND] = "rotations_beyond",
    [NUMBER_RURAL_YUAN] = "rural_yuan",
    [NUMBER_AID_YUAN] = "aid_yuan",
    [NUMBER_AID_PERSONS] = "aid_persons",
    [NUMBER_PLAN_UNIVERSITY] = "plan_university",
    [NUMBER_PLAN_NATION] = "plan_nation",
    [NUMBER_PLAN_LOCAL] = "plan_local",
    [NUMBER_PLAN_POVERTY] = "plan_poverty",
    [NUMBER_PLAN_OLD_AREA] = "plan_old_area",
    [NUMBER_PLAN_GENERAL] = "plan_general",
    [NUMBER_NOT_ADMITTED] = "not_admitted",
    [NUMBER_SENT] = "sent",
    [NUMBER_RECEIVED] = "received",
    [NUMBER_AGREEMENTS] = "agreements",
    [NUMBER_COVERED] = "covered",
};

static const char *const words_keys[WORDS_COUNT] = {
    [WORDS_EXITS] = "exits",
    [WORDS_TRAININGS_NATION] = "trainings_nation",
    [WORDS_TRAININGS_PROVINCE] = "trainings_province",
    [WORDS_TRAININGS_CITY] = "trainings_city",
    [WORDS_TRAININGS_COUNTY] = "trainings_county",
    [WORDS_PARTNER_AREAS] = "partner_areas",
    [WORDS_PARTNER_SCHOOLS] = "partner_schools",
    [WORDS_PARTNER_CODES] = "partner_codes",
    [WORDS_EXCHANGE_TOPICS] = "exchange_topics",
    [WORDS_OLD_AREAS] = "old_areas",
    [WORDS_INSTITUTIONS] = "institutions",
    [WORDS_INSTITUTIONS_SOUGHT] = "institutions_sought",
    [WORDS_MAJORS] = "majors",
    [WORDS_BUILDERS] = "built",
};

static bool read_number(struct yaml_node *map, const char *key, const char *name, int64_t *out,
                        struct err *err)
{
    const int64_t most = 1000000000000;
    struct yaml_node *node = yaml_get(map, key);
    if (!yaml_integer_or(map, key, name, 0, out, err)) return false;
    if (node == NULL)
        return err_set(err, ERR_INPUT, "%s: \"%s\" is missing", "%s：缺少“%s”", name, key);
    if (*out >= 0 && *out <= most) return true;
    return yaml_fail(node, name, err, "the number is too small or too large", "数字超出范围");
}

/* "天津市河西区=30": a word and its weight, 1 where none is given. */
static bool read_word(struct yaml_node *node, const char *name, struct weighted_list *list,
                      struct err *err)
{
    struct str text = node->text;
    size_t equals = str_find(text, STR("="));
    int64_t weight = 1;
    struct str number = equals == SIZE_MAX ? STR("1") : str_slice(text, equals + 1, text.len);
    if (!str_to_i64(number, &weight) || weight < 1 || weight > PPM)
        return yaml_fail(node, name, err, "WORD=WEIGHT with a weight of at least 1 is expected",
                         "应为“词=权重”，权重至少为 1");
    list->items[list->count++] = (struct weighted){
        str_slice(text, 0, equals == SIZE_MAX ? text.len : equals), (uint32_t)weight, list->sum};
    list->sum += (uint32_t)weight;
    return true;
}

static bool read_words(struct arena *arena, struct yaml_node *map, const char *key,
                       const char *name, struct weighted_list *out, struct err *err)
{
    struct yaml_node *list = yaml_get(map, key);
    struct str *texts;
    size_t count;
    if (!yaml_texts(arena, map, key, name, &texts, &count, err)) return false;
    if (count == 0)
        return err_set(err, ERR_INPUT, "%s: \"%s\" has no words", "%s：“%s”没有内容", name, key);
    out->items = arena_array(arena, struct weighted, count);
    if (list->kind != YAML_LIST) return read_word(list, name, out, err);
    for (size_t i = 0; i < count; i++)
        if (!read_word(list->items[i], name, out, err)) return false;
    return true;
}

static bool read_term(struct yaml_node *map, const char *key, const char *name, struct period *out,
                      struct err *err)
{
    struct str text;
    if (!yaml_text(map, key, name, &text, err)) return false;
    if (period_parse(text, out) && out->kind == PERIOD_TERM) return true;
    return yaml_fail(yaml_get(map, key), name, err, "a term like 2020-autumn is expected",
                     "应为 2020-autumn 形式的学期");
}

static bool read_aid(struct yaml_node *node, const char *name, struct record_aid *out,
                     struct err *err)
{
    struct str stage;
    int64_t share;
    if (!yaml_text(node, "scheme", name, &out->key, err)
        || !yaml_text(node, "zh", name, &out->name, err)
        || !yaml_text(node, "stage", name, &stage, err)
        || !read_number(node, "share", name, &share, err)
        || !read_number(node, "fen", name, &out->fen, err)
        || !yaml_bool_or(node, "flexible", name, false, &out->flexible, err)
        || !read_term(node, "from", name, &out->from, err)
        || !read_term(node, "to", name, &out->to, err))
        return false;
    for (size_t i = 1; i < STAGE_COUNT; i++)
        if (str_is(stage, sample_stage_key((enum stage)i))) out->stage = (enum stage)i;
    if (out->stage == STAGE_NONE)
        return yaml_fail(yaml_get(node, "stage"), name, err, "there is no such stage",
                         "没有这个学段");
    if (share > 2 * (int64_t)PPM || out->fen < 100)
        return yaml_fail(node, name, err, "the share or the amount is out of range",
                         "比例或金额超出范围");
    out->share = (uint32_t)share;
    return true;
}

static bool read_rates(struct record_settings *out, struct yaml_node *map, const char *name,
                       struct err *err)
{
    static const struct {
        const char *key;
        enum spoil what;
    } rates[] = {{"homophone", SPOIL_HOMOPHONE},   {"name_blank", SPOIL_NAME_BLANK},
                 {"id_missing", SPOIL_ID_MISSING}, {"id_digit", SPOIL_ID_DIGIT},
                 {"lower_x", SPOIL_LOWER_X},       {"trailing_blank", SPOIL_TRAILING_BLANK}};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        int64_t rate;
        if (!read_number(map, rates[i].key, name, &rate, err)) return false;
        out->rates[rates[i].what] = (uint32_t)(rate > PPM ? PPM : rate);
    }
    return true;
}

bool sample_records_load(struct record_settings *out, struct arena *arena, struct str text,
                         const char *name, struct err *err)
{
    struct yaml_node *map;
    if (!yaml_parse(arena, text, name, &map, err)) return false;
    struct yaml_node *numbers = yaml_get(map, "numbers"), *words = yaml_get(map, "words");
    struct yaml_node *aid = yaml_get(map, "aid_by_school");
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        if (!read_number(numbers, number_keys[i], name, &out->numbers[i], err)) return false;
    if (out->numbers[NUMBER_FROM_YEAR] > out->numbers[NUMBER_TO_YEAR])
        return yaml_fail(numbers, name, err, "from_year is behind to_year",
                         "from_year 晚于 to_year");
    for (size_t i = 0; i < WORDS_COUNT; i++)
        if (!read_words(arena, words, words_keys[i], name, &out->words[i], err)) return false;
    if (aid == NULL || aid->kind != YAML_LIST || aid->count > RECORD_AIDS_MAX)
        return yaml_fail(map, name, err, "a list \"aid_by_school\" is expected",
                         "应有 aid_by_school 列表");
    out->aid_count = aid->count;
    for (size_t i = 0; i < aid->count; i++)
        if (!read_aid(aid->items[i], name, &out->aids[i], err)) return false;
    return read_rates(out, yaml_get(map, "errors"), name, err) && yaml_check_used(map, name, err);
}

static bool read_plan_layouts(struct record_settings *settings, struct arena *arena,
                              struct yaml_node *node, const char *name, struct record_plan *out,
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

bool sample_record_layouts_load(struct record_settings *out, struct arena *arena, struct str text,
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
        if (!sample_layout_read(arena, layouts->items[i], name, true, &out->layouts[i], err))
            return false;
    out->plans = arena_array(arena, struct record_plan, files->count);
    out->plan_count = files->count;
    for (size_t i = 0; i < files->count; i++) {
        struct record_plan *plan = &out->plans[i];
        if (!yaml_text(files->items[i], "register", name, &plan->key, err)
            || !yaml_text(files->items[i], "name", name, &plan->name, err)
            || !yaml_bool_or(files->items[i], "by_county", name, false, &plan->by_county, err)
            || !yaml_bool_or(files->items[i], "by_year", name, false, &plan->by_year, err)
            || !yaml_bool_or(files->items[i], "last", name, false, &plan->last, err)
            || !read_plan_layouts(out, arena, files->items[i], name, plan, err))
            return false;
    }
    return yaml_check_used(map, name, err);
}
