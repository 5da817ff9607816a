#include "cases/risk_text.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/yaml.h"

enum { FILE_BYTES_MAX = 1 << 20, PATH_BYTES_MAX = 1 << 15, POINTS_MAX = 100, YES = 1 };

static const char *const found_words[RISK_SOURCE_COUNT] = {
    [RISK_OVER_GRADE] = "over_grade",
    [RISK_OTHER_TOWNSHIP] = "other_township",
    [RISK_SIBLING_OUT] = "sibling_out",
    [RISK_LEFT_BEFORE] = "left_before",
};

struct reader {
    struct arena *arena;
    const struct facts *facts;
    const char *name; /* of the file */
};

static bool fail(const struct reader *reader, const struct yaml_node *node, struct err *err,
                 const char *en, const char *zh)
{
    return yaml_fail(node, reader->name, err, en, zh);
}

static bool read_input(const struct reader *reader, struct yaml_node *node, struct str key,
                       uint16_t *out, struct err *err)
{
    *out = policy_find_input(reader->facts->policy, reader->facts->subject, key);
    if (*out != POLICY_NONE) return true;
    return fail(reader, node, err, "the policy has no input of this name", "政策文本没有这个输入");
}

/* The bits of words of a choice or set; of yes and no, 1 for no and 2 for yes. */
static bool read_words(const struct reader *reader, struct yaml_node *node, const char *key,
                       const struct policy_input *input, int64_t *out, struct err *err)
{
    struct str *words;
    size_t count;
    if (!yaml_texts(reader->arena, node, key, reader->name, &words, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        int place = input->type == POLICY_YES_NO ? (str_is(words[i], "yes")  ? YES
                                                    : str_is(words[i], "no") ? 0
                                                                             : -1)
                                                 : policy_find_choice(input, words[i]);
        if (place < 0) {
            return fail(reader, yaml_get(node, key), err, "the input has no such word",
                        "该输入没有这个词");
        }
        *out |= INT64_C(1) << place;
    }
    return true;
}

static bool read_bounds(const struct reader *reader, struct yaml_node *node, struct risk_point *out,
                        struct err *err)
{
    return yaml_integer_or(node, "at_least", reader->name, INT64_MIN, &out->least, err)
           && yaml_integer_or(node, "below", reader->name, INT64_MAX, &out->below, err);
}

static bool read_of_input(const struct reader *reader, struct yaml_node *node,
                          struct risk_point *out, struct err *err)
{
    struct str key;
    if (!yaml_text(node, "input", reader->name, &key, err)
        || !read_input(reader, yaml_get(node, "input"), key, &out->input, err)) {
        return false;
    }
    const struct policy_input *input = &reader->facts->policy->inputs[out->input];
    bool number = input->type == POLICY_NUMBER;
    const char *word = input->type == POLICY_SET ? "has" : "is";
    if (number ? !read_bounds(reader, node, out, err)
               : !read_words(reader, node, word, input, &out->words, err)) {
        return false;
    }
    bool says = number ? out->least > INT64_MIN || out->below < INT64_MAX : out->words != 0;
    if (says) return true;
    return fail(
        reader, node, err,
        "a point says when it holds: \"is\" a word, \"has\" words of a set, \"at_least\" or "
        "\"below\" a number",
        "应写明何时记分：is 一个词，has 若干词，at_least 或 below 一个数");
}

static bool read_found(const struct reader *reader, struct yaml_node *node, struct str word,
                       struct risk_point *out, struct err *err)
{
    for (int i = 0; i < RISK_SOURCE_COUNT; i++) {
        if (found_words[i] == NULL || !str_is(word, found_words[i])) continue;
        out->source = (enum risk_source)i;
        if (!read_bounds(reader, node, out, err)) return false;
        if (out->source != RISK_OVER_GRADE) out->least = YES;
        return true;
    }
    return fail(reader, yaml_get(node, "found"), err, "the program finds nothing of this name",
                "程序不查找这一项");
}

static bool read_point(const struct reader *reader, struct yaml_node *node, struct risk_text *text,
                       struct err *err)
{
    struct risk_point *out = &text->points[text->point_count];
    struct str found;
    if (!yaml_text(node, "key", reader->name, &out->key, err)
        || !yaml_text(node, "zh", reader->name, &out->zh, err)
        || !yaml_text(node, "en", reader->name, &out->en, err)
        || !yaml_text_or(node, "confidence", reader->name, STR_EMPTY, &out->confidence, err)
        || !yaml_integer_or(node, "points", reader->name, 0, &out->points, err)
        || !yaml_text_or(node, "found", reader->name, STR_EMPTY, &found, err)) {
        return false;
    }
    if (out->points < 1 || out->points > POINTS_MAX) {
        return fail(reader, node, err, "points are 1 to 100", "分值应为 1 至 100");
    }
    for (size_t i = 0; i < text->point_count; i++) {
        if (!str_equal(text->points[i].key, out->key)) continue;
        return fail(reader, node, err, "this key stands twice", "键重复");
    }
    text->point_count++;
    return found.len > 0 ? read_found(reader, node, found, out, err)
                         : read_of_input(reader, node, out, err);
}

static bool read_points(const struct reader *reader, struct yaml_node *root, struct risk_text *out,
                        struct err *err)
{
    struct yaml_node *list = yaml_get(root, "points");
    if (list == NULL || list->kind != YAML_LIST || list->count == 0
        || list->count > RISK_POINTS_MAX) {
        return fail(reader, list == NULL ? root : list, err, "\"points\" has 1 to 32 points",
                    "points 应有 1 至 32 项");
    }
    for (size_t i = 0; i < list->count; i++) {
        if (!read_point(reader, list->items[i], out, err)) return false;
    }
    return true;
}

static bool read_stages(const struct reader *reader, struct yaml_node *root, struct risk_text *out,
                        struct err *err)
{
    struct str *keys;
    size_t count;
    if (!read_input(reader, root, STR("stage"), &out->stage_input, err)
        || !read_input(reader, root, STR("grade"), &out->grade_input, err)
        || !yaml_texts(reader->arena, root, "stages", reader->name, &keys, &count, err)) {
        return false;
    }
    const struct policy_input *input = &reader->facts->policy->inputs[out->stage_input];
    struct yaml_node *ages = yaml_get(root, "first_age");
    for (size_t i = 0; i < count && i < RISK_STAGES_MAX; i++) {
        struct risk_stage *stage = &out->stages[out->stage_count++];
        stage->word = policy_find_choice(input, keys[i]);
        if (stage->word < 0) {
            return fail(reader, yaml_get(root, "stages"), err, "there is no such stage",
                        "没有这个学段");
        }
        if (!yaml_integer_or(ages, str_cstr(reader->arena, keys[i]), reader->name, -1,
                             &stage->first_age, err)) {
            return false;
        }
        if (stage->first_age < 0) {
            return fail(reader, root, err, "\"first_age\" lacks a stage", "first_age 缺少某个学段");
        }
    }
    return true;
}

static bool read_file(struct reader *reader, const char *folder, struct str *out, struct err *err)
{
    struct text path;
    text_init(&path, reader->arena, PATH_BYTES_MAX);
    text_add_f(&path, "%s/national/rules/risk.yaml", folder == NULL ? "policies" : folder);
    reader->name = path.ptr;
    if (folder != NULL) return file_read(reader->arena, path.ptr, FILE_BYTES_MAX, out, err);
    CHECK(asset_find(path.ptr, out));
    return true;
}

bool risk_text_load(struct risk_text *out, struct arena *arena, const char *folder,
                    const struct facts *facts, struct err *err)
{
    struct reader reader = {.arena = arena, .facts = facts};
    struct str text, key;
    struct yaml_node *root;
    *out = (struct risk_text){0};
    return read_file(&reader, folder, &text, err)
           && yaml_parse(arena, text, reader.name, &root, err)
           && yaml_text(root, "key", reader.name, &key, err)
           && yaml_text(root, "zh", reader.name, &out->zh, err)
           && yaml_text(root, "en", reader.name, &out->en, err)
           && yaml_text(root, "cases", reader.name, &out->procedure, err)
           && read_stages(&reader, root, out, err) && read_points(&reader, root, out, err)
           && yaml_check_used(root, reader.name, err);
}
