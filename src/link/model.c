#include "link/engine_internal.h"

#include "base/json.h"
#include "base/yaml.h"

#include <stdio.h>

/* A model as JSON. It is read back by the YAML reader: JSON is a part of YAML. */

enum { MODEL_VERSION = 1, BITS_MAX = 100000 };

enum { SHOWN_BYTES = 120 }; /* of a text, so that the rest of the sentence has room */

static void write_numbers(struct json *json, const char *key, const int32_t *numbers, size_t count)
{
    json_key(json, key);
    json_list(json);
    for (size_t i = 0; i < count; i++) json_i64(json, numbers[i]);
    json_list_end(json);
}

static size_t frequency_count(const struct spec_level *level)
{
    return (size_t)(level->frequency[0] != SPEC_NONE) + (level->frequency[1] != SPEC_NONE);
}

/* Which values weigh by how rare they are, where the spec does not leave that out. */
static void write_frequency(struct json *json, const struct spec_comparison *asked)
{
    size_t count = 0;
    for (size_t k = 0; k < asked->level_count; k++) count += frequency_count(&asked->levels[k]);
    if (count == 0) return;
    json_key(json, "frequency");
    json_list(json);
    for (size_t k = 0; k < asked->level_count; k++) {
        const struct spec_level *level = &asked->levels[k];
        json_list(json);
        for (size_t i = 0; i < frequency_count(level); i++) json_str(json, level->frequency_on[i]);
        json_list_end(json);
    }
    json_list_end(json);
}

/* What the comparison is on and its levels ask, in the spec's words; what it leaves out, neither
 * says. */
static void write_asked(struct json *json, const struct spec_comparison *asked)
{
    json_key(json, "on");
    json_list(json);
    for (size_t f = 0; f < asked->field_count; f++) json_str(json, asked->on[f]);
    json_list_end(json);
    json_key(json, "levels");
    json_list(json);
    for (size_t k = 0; k < asked->level_count; k++) json_str(json, asked->levels[k].text);
    json_list_end(json);
    write_frequency(json, asked);
    if (asked->missing_all) json_key_str(json, "missing", STR("all"));
}

static size_t levels_of(const struct link_model *model, struct str name)
{
    for (size_t c = 0; c < model->comparison_count; c++) {
        if (str_equal(model->comparisons[c].name, name)) return model->comparisons[c].level_count;
    }
    CHECK(false);
    return 0;
}

static void write_interactions(struct json *json, const struct link_model *model)
{
    if (model->interaction_count == 0) return;
    json_key(json, "interactions");
    json_list(json);
    for (size_t i = 0; i < model->interaction_count; i++) {
        const struct link_model_interaction *pair = &model->interactions[i];
        json_object(json);
        json_key_str(json, "first", pair->first);
        json_key_str(json, "second", pair->second);
        json_key(json, "bits");
        json_list(json);
        for (size_t k = 0; k < levels_of(model, pair->first); k++) {
            json_list(json);
            for (size_t l = 0; l < levels_of(model, pair->second); l++) {
                json_i64(json, pair->bits[k][l]);
            }
            json_list_end(json);
        }
        json_list_end(json);
        json_object_end(json);
    }
    json_list_end(json);
}

struct str link_model_write(struct arena *arena, const struct link_model *model)
{
    struct text text;
    struct json json;
    text_init(&text, arena, LINK_MODEL_BYTES_MAX);
    json_init(&json, &text);
    json_object(&json);
    json_key_i64(&json, "version", MODEL_VERSION);
    json_key_i64(&json, "prior", model->prior);
    json_key(&json, "comparisons");
    json_list(&json);
    for (size_t c = 0; c < model->comparison_count; c++) {
        const struct link_model_comparison *comparison = &model->comparisons[c];
        json_object(&json);
        json_key_str(&json, "name", comparison->name);
        if (comparison->asked != NULL) write_asked(&json, comparison->asked);
        write_numbers(&json, "m", comparison->m, comparison->level_count);
        write_numbers(&json, "u", comparison->u, comparison->level_count);
        write_numbers(&json, "frequency_base", comparison->frequency_base, comparison->level_count);
        json_object_end(&json);
    }
    json_list_end(&json);
    write_interactions(&json, model);
    json_object_end(&json);
    return text_str(&text);
}

static const char *const model_name = "model";

static bool read_list(struct yaml_node *place, struct yaml_node *list, size_t count, int32_t least,
                      int32_t most, int32_t *out, struct err *err)
{
    if (list == NULL || list->kind != YAML_LIST || list->count != count) {
        return yaml_fail(list == NULL ? place : list, model_name, err,
                         "the model does not have as many levels as the spec",
                         "模型的级别数与规格不符");
    }
    for (size_t i = 0; i < count; i++) {
        int64_t number;
        struct yaml_node *item = list->items[i];
        bool good = item->kind == YAML_SCALAR && str_to_i64(item->text, &number);
        if (!good || number < least || number > most) {
            return yaml_fail(item, model_name, err, "expected whole millibits",
                             "此处应为整数毫比特");
        }
        out[i] = (int32_t)number;
    }
    return true;
}

static bool read_numbers(struct yaml_node *map, const char *key, size_t count, int32_t least,
                         int32_t most, int32_t *out, struct err *err)
{
    return read_list(map, yaml_get(map, key), count, least, most, out, err);
}

static bool read_interaction(struct yaml_node *map, const struct link_spec *spec, size_t number,
                             struct link_model_interaction *out, struct err *err)
{
    const struct spec_comparison *first = &spec->comparisons[spec->interactions[number].first];
    const struct spec_comparison *second = &spec->comparisons[spec->interactions[number].second];
    if (!yaml_text(map, "first", model_name, &out->first, err)) return false;
    if (!yaml_text(map, "second", model_name, &out->second, err)) return false;
    if (!str_equal(out->first, first->key) || !str_equal(out->second, second->key)) {
        return yaml_fail(map, model_name, err, "the spec has another interaction here",
                         "规格中此处是另一对比较");
    }
    struct yaml_node *rows = yaml_get(map, "bits");
    if (rows == NULL || rows->kind != YAML_LIST || rows->count != first->level_count) {
        return yaml_fail(rows == NULL ? map : rows, model_name, err,
                         "the model does not have as many levels as the spec",
                         "模型的级别数与规格不符");
    }
    for (size_t k = 0; k < rows->count; k++) {
        if (!read_list(rows, rows->items[k], second->level_count, -BITS_MAX, BITS_MAX, out->bits[k],
                       err)) {
            return false;
        }
    }
    return true;
}

static bool read_interactions(struct yaml_node *root, const struct link_spec *spec,
                              struct link_model *model, struct err *err)
{
    struct yaml_node *list = yaml_get(root, "interactions");
    size_t count = list == NULL || list->kind != YAML_LIST ? 0 : list->count;
    if (count != spec->interaction_count) {
        return yaml_fail(list == NULL ? root : list, model_name, err,
                         "the model does not have as many interactions as the spec",
                         "模型的关联项数与规格不符");
    }
    for (size_t i = 0; i < count; i++) {
        if (!read_interaction(list->items[i], spec, i, &model->interactions[i], err)) return false;
    }
    model->interaction_count = count;
    return true;
}

/* What the model has and the spec has not. A number, where it is not 0, says which column or level
 * is meant. */
static bool refuse(const struct spec_comparison *spec, const char *en, const char *zh,
                   size_t number, struct str in_model, struct str in_spec, struct err *err)
{
    struct str key = utf8_cut(spec->key, SHOWN_BYTES);
    struct str one = utf8_cut(in_model, SHOWN_BYTES), two = utf8_cut(in_spec, SHOWN_BYTES);
    char which_en[48] = "", which_zh[48] = "";
    if (number > 0) {
        snprintf(which_en, sizeof which_en, " %zu", number);
        snprintf(which_zh, sizeof which_zh, "第 %zu ", number);
    }
    err_set(err, ERR_INPUT,
            "%s%s%.0s%.0s is \"%.*s\" in the model and \"%.*s\" in the spec; use the spec that the "
            "model was learnt with, or learn a model anew",
            "%.0s%.0s%s%s在模型中为“%.*s”，在规格中为“%.*s”；请用学习该模型时的规格，"
            "或重新学习模型",
            en, which_en, which_zh, zh, STR_ARG(one), STR_ARG(two));
    return err_at(err, "comparison \"%.*s\"", "比较项“%.*s”", STR_ARG(key));
}

/* Refuses the first text that is another one, or that only one of both has. */
static bool read_same(const struct yaml_node *list, const struct str *wanted, size_t count,
                      const char *en, const char *zh, const struct spec_comparison *spec,
                      struct err *err)
{
    for (size_t i = 0; i < list->count || i < count; i++) {
        struct str in_model = i < list->count ? list->items[i]->text : STR_EMPTY;
        struct str in_spec = i < count ? wanted[i] : STR_EMPTY;
        bool both = i < list->count && i < count;
        if (both && str_equal(in_model, in_spec)) continue;
        return refuse(spec, en, zh, i + 1, in_model, in_spec, err);
    }
    return true;
}

static bool is_texts(const struct yaml_node *node)
{
    bool good = node->kind == YAML_LIST;
    for (size_t i = 0; good && i < node->count; i++) good = node->items[i]->kind == YAML_SCALAR;
    return good;
}

static bool check_texts(struct yaml_node *map, const char *key, struct yaml_node **out,
                        struct err *err)
{
    struct yaml_node *list = yaml_get(map, key);
    *out = list;
    return (list != NULL && is_texts(list))
           || yaml_fail(list == NULL ? map : list, model_name, err,
                        "expected `on` and `levels`, lists of texts",
                        "此处应有 on 与 levels，各为文字列表");
}

/* As a spec says it: "[name, born | year]", or "no"; no more of each column than is shown. */
static struct str spell_frequency(struct arena *arena, const struct str *columns, size_t count)
{
    struct text out;
    if (count == 0) return STR("no");
    text_init(&out, arena, SHOWN_BYTES);
    for (size_t i = 0; i < count; i++) {
        struct str column = utf8_cut(columns[i], SHOWN_BYTES / count - 2);
        text_add_f(&out, "%s%.*s", i == 0 ? "[" : ", ", STR_ARG(column));
    }
    text_add_byte(&out, ']');
    return text_str(&out);
}

static bool check_frequency(struct yaml_node *list, const struct spec_comparison *spec,
                            struct err *err)
{
    bool good = list->kind == YAML_LIST && list->count == spec->level_count;
    for (size_t k = 0; good && k < list->count; k++) {
        good = is_texts(list->items[k]) && list->items[k]->count <= 2;
    }
    return good
           || yaml_fail(list, model_name, err,
                        "expected `frequency`, a list of at most two columns for each level",
                        "此处应有 frequency，每级一个列表，最多两列");
}

/* A model leaves it out where no level has any. */
static bool read_frequency(struct yaml_node *map, const struct spec_comparison *spec,
                           struct err *err)
{
    struct yaml_node *list = yaml_get(map, "frequency");
    if (list != NULL && !check_frequency(list, spec, err)) return false;
    for (size_t k = 0; k < spec->level_count; k++) {
        const struct spec_level *level = &spec->levels[k];
        struct str has[2];
        size_t count = list == NULL ? 0 : list->items[k]->count, wanted = frequency_count(level);
        bool same = count == wanted;
        for (size_t i = 0; i < count; i++) {
            has[i] = list->items[k]->items[i]->text;
            same = same && str_equal(has[i], level->frequency_on[i]);
        }
        if (same) continue;
        struct arena scratch = {0};
        refuse(spec, "frequency of level", "级的 frequency ", k + 1,
               spell_frequency(&scratch, has, count),
               spell_frequency(&scratch, level->frequency_on, wanted), err);
        arena_free(&scratch);
        return false;
    }
    return true;
}

/* A model leaves it out where it is `any`. */
static bool read_missing(struct yaml_node *map, const struct spec_comparison *spec, struct err *err)
{
    struct str has, wanted = spec->missing_all ? STR("all") : STR("any");
    if (!yaml_text_or(map, "missing", model_name, STR("any"), &has, err)) return false;
    return str_equal(has, wanted) || refuse(spec, "missing", "missing ", 0, has, wanted, err);
}

/* Says in `asked` that what the comparison was learnt for is what the spec asks; a model of an
 * older program does not tell. */
static bool read_asked(struct yaml_node *map, const struct spec_comparison *spec,
                       const struct spec_comparison **asked, struct err *err)
{
    struct yaml_node *on, *levels;
    static const char *const keys[] = {"on", "levels", "frequency", "missing"};
    bool says = false;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        says = says || yaml_get(map, keys[i]) != NULL;
    }
    if (!says) return true;
    if (!check_texts(map, "on", &on, err) || !check_texts(map, "levels", &levels, err)) {
        return false;
    }
    struct str wanted[LINK_LEVELS_MAX + 1];
    for (size_t k = 0; k < spec->level_count; k++) wanted[k] = spec->levels[k].text;
    if (!read_same(on, spec->on, spec->field_count, "column", "列", spec, err)
        || !read_same(levels, wanted, spec->level_count, "level", "级", spec, err)) {
        return false;
    }
    if (!read_frequency(map, spec, err) || !read_missing(map, spec, err)) return false;
    *asked = spec;
    return true;
}

static bool read_comparison(struct yaml_node *map, const struct spec_comparison *spec,
                            struct link_model_comparison *out, struct err *err)
{
    struct str name;
    if (!yaml_text(map, "name", model_name, &name, err)) return false;
    if (!str_equal(name, spec->key)) {
        return yaml_fail(map, model_name, err, "the spec has another comparison here",
                         "规格中此处是另一项比较");
    }
    if (!read_asked(map, spec, &out->asked, err)) return false;
    out->name = spec->key;
    out->level_count = spec->level_count;
    return read_numbers(map, "m", spec->level_count, -BITS_MAX, 0, out->m, err)
           && read_numbers(map, "u", spec->level_count, -BITS_MAX, 0, out->u, err)
           && read_numbers(map, "frequency_base", spec->level_count, -BITS_MAX, 0,
                           out->frequency_base, err);
}

bool link_model_read(struct arena *arena, struct str json, const struct link_spec *spec,
                     struct link_model **out, struct err *err)
{
    struct yaml_node *root;
    if (!yaml_parse(arena, json, model_name, &root, err)) return false;
    struct link_model *model = arena_new(arena, struct link_model);
    int64_t version, prior;
    if (!yaml_integer_or(root, "version", model_name, 0, &version, err)) return false;
    if (version != MODEL_VERSION) {
        return yaml_fail(root, model_name, err, "this is not a model of this version",
                         "不是本版本的模型");
    }
    if (!yaml_integer_or(root, "prior", model_name, INT64_MAX, &prior, err)) return false;
    if (prior < -100000 || prior > 100000) {
        return yaml_fail(root, model_name, err, "expected `prior` in millibits",
                         "此处应有 prior（毫比特）");
    }
    struct yaml_node *list = yaml_get(root, "comparisons");
    if (list == NULL || list->kind != YAML_LIST || list->count != spec->comparison_count) {
        return yaml_fail(list == NULL ? root : list, model_name, err,
                         "the model does not have as many comparisons as the spec",
                         "模型的比较项数与规格不符");
    }
    for (size_t c = 0; c < list->count; c++) {
        if (!read_comparison(list->items[c], &spec->comparisons[c], &model->comparisons[c], err)) {
            return false;
        }
    }
    if (!read_interactions(root, spec, model, err)) return false;
    model->comparison_count = list->count;
    model->prior = (int32_t)prior;
    *out = model;
    return true;
}
