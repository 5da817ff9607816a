#include "base/asset.h"
#include "base/file.h"
#include "base/yaml.h"
#include "figures/standards.h"

#include <stdlib.h>

enum { TEXT_BYTES_MAX = 1 << 20, KEYS_BYTES_MAX = 2048, HUNDREDTHS = 2, MILLIONTHS = 6 };

static const char *const stage_keys[STANDARD_STAGES] = {"primary", "junior"};

/* {primary: "4.2", junior: "5.3"}: by stage, with so many places. */
static bool read_stages(struct yaml_node *map, const char *key, const char *name, int places,
                        int64_t out[STANDARD_STAGES], struct err *err)
{
    struct yaml_node *stages = yaml_get(map, key);
    if (stages == NULL) return true;
    for (int i = 0; i < STANDARD_STAGES; i++) {
        struct str text;
        if (!yaml_text(stages, stage_keys[i], name, &text, err)) return false;
        if (!balance_decimal(text, places, &out[i]))
            return yaml_fail(yaml_get(stages, stage_keys[i]), name, err, "expected a decimal",
                             "此处应为小数");
    }
    return true;
}

/* yuan: "600": what one of the unit costs. */
static bool read_price(struct yaml_node *node, const char *name, struct standard_indicator *out,
                       struct err *err)
{
    struct str yuan;
    out->price_fen = -1;
    if (!yaml_text_or(node, "yuan", name, STR_EMPTY, &yuan, err)
        || !yaml_text_or(node, "price_note", name, STR_EMPTY, &out->price_note, err)) {
        return false;
    }
    if (yuan.len == 0 || balance_decimal(yuan, HUNDREDTHS, &out->price_fen)) return true;
    return yaml_fail(yaml_get(node, "yuan"), name, err, "a price is yuan: \"600.50\"",
                     "单价应为元：\"600.50\"");
}

static bool read_indicator(struct yaml_node *node, const char *name, const struct profile *profile,
                           struct standard_indicator *out, struct err *err)
{
    if (!yaml_text(node, "key", name, &out->key, err) || !yaml_text(node, "zh", name, &out->zh, err)
        || !yaml_text(node, "en", name, &out->en, err)
        || !yaml_text(node, "field", name, &out->field, err)
        || !yaml_text(node, "unit_zh", name, &out->unit_zh, err)
        || !yaml_text(node, "unit_en", name, &out->unit_en, err)
        || !yaml_integer_or(node, "per", name, 1, &out->per, err)
        || !yaml_bool_or(node, "whole", name, false, &out->whole, err)
        || !read_stages(node, "least", name, HUNDREDTHS, out->least, err)
        || !read_price(node, name, out, err))
        return false;
    if (out->per != 1 && out->per != 100)
        return yaml_fail(yaml_get(node, "per"), name, err, "per is 1 or 100", "per 应为 1 或 100");
    out->number = -1;
    for (size_t i = 0; i < profile->field_count; i++)
        if (str_equal(profile->fields[i].key, out->field)) out->number = (int)i;
    if (out->number < 0)
        return yaml_fail(yaml_get(node, "field"), name, err,
                         "the register conditions has no such field", "办学条件名册没有这个字段");
    out->money = profile->fields[out->number].type == FIELD_MONEY;
    return true;
}

static bool read_set(struct yaml_node *node, const char *name, const struct profile *profile,
                     struct standard_set *out, struct err *err)
{
    struct str of;
    struct yaml_node *list = yaml_get(node, "indicators");
    if (!yaml_text(node, "key", name, &out->key, err) || !yaml_text(node, "zh", name, &out->zh, err)
        || !yaml_text(node, "en", name, &out->en, err)
        || !yaml_text(node, "cites", name, &out->cites, err)
        || !yaml_text(node, "of", name, &of, err)
        || !yaml_integer_or(node, "pupils_least", name, 1, &out->pupils_least, err)
        || !yaml_integer_or(node, "met_least", name, 0, &out->met_least, err)
        || !yaml_integer_or(node, "rest_percent", name, 0, &out->rest_percent, err)
        || !read_stages(node, "limit", name, MILLIONTHS, out->limit, err))
        return false;
    if (!str_is(of, "mean") && !str_is(of, "each"))
        return yaml_fail(yaml_get(node, "of"), name, err, "expected mean or each",
                         "此处应为 mean 或 each");
    out->mean = str_is(of, "mean");
    if (list == NULL || list->kind != YAML_LIST || list->count == 0
        || list->count > STANDARD_INDICATORS_MAX)
        return yaml_fail(node, name, err, "1 to 16 indicators are expected", "应有 1 至 16 项指标");
    out->indicator_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        struct standard_indicator *one = &out->indicators[i];
        if (!read_indicator(list->items[i], name, profile, one, err)) return false;
        for (int stage = 0; stage < STANDARD_STAGES; stage++)
            out->asks_schools = out->asks_schools || one->least[stage] > 0;
    }
    return true;
}

bool standards_load(struct standards *out, struct arena *arena, const char *folder,
                    const struct profiles *profiles, struct err *err)
{
    struct text path;
    struct str text;
    struct yaml_node *root;
    const struct profile *profile = profile_find(profiles, STR("conditions"));
    text_init(&path, arena, 4096);
    text_add_f(&path, "%s/national/standards/balance.yaml", folder == NULL ? "policies" : folder);
    if (folder != NULL) {
        if (!file_read(arena, path.ptr, TEXT_BYTES_MAX, &text, err)) return false;
    } else {
        CHECK(asset_find(path.ptr, &text));
    }
    if (!yaml_parse(arena, text, path.ptr, &root, err)) return false;
    struct yaml_node *sets = yaml_get(root, "sets");
    if (profile == NULL)
        return err_set(err, ERR_INPUT, "%s: there is no register \"conditions\"",
                       "%s：没有 conditions 名册", path.ptr);
    if (sets == NULL || sets->kind != YAML_LIST || sets->count > STANDARD_SETS_MAX)
        return yaml_fail(root, path.ptr, err, "a list \"sets\" is expected", "应有 sets 列表");
    *out = (struct standards){.set_count = sets->count};
    for (size_t i = 0; i < sets->count; i++)
        if (!read_set(sets->items[i], path.ptr, profile, &out->sets[i], err)) return false;
    const struct standard_set *usual;
    return yaml_text(root, "default", path.ptr, &out->usual, err)
           && standard_set_find(out, out->usual, &usual, err)
           && yaml_check_used(root, path.ptr, err);
}

bool standard_set_find(const struct standards *standards, struct str key,
                       const struct standard_set **out, struct err *err)
{
    struct arena scratch = {0};
    struct text keys;
    if (key.len == 0) key = standards->usual;
    text_init(&keys, &scratch, KEYS_BYTES_MAX);
    for (size_t i = 0; i < standards->set_count; i++) {
        if (str_equal(standards->sets[i].key, key)) {
            *out = &standards->sets[i];
            arena_free(&scratch);
            return true;
        }
        text_add_f(&keys, "%s%.*s", i == 0 ? "" : ", ", STR_ARG(standards->sets[i].key));
    }
    err_set(err, ERR_USAGE, "there is no standard \"%.*s\"; there are: %.*s",
            "没有标准“%.*s”；有：%.*s", STR_ARG(key), STR_ARG(text_str(&keys)));
    arena_free(&scratch);
    return false;
}
