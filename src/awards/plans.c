#include "awards/plans.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/yaml.h"

#include <string.h>

enum { TEXT_BYTES_MAX = 1 << 18 };

/* What reading one file needs at hand. */
struct reading {
    struct arena *arena;
    const struct policy *policy;
    const char *name;
    uint16_t subject;
};

static bool read_late(const struct reading *reading, struct yaml_node *node, struct plan_text *out,
                      struct err *err)
{
    struct str *inputs;
    size_t count;
    if (!yaml_texts(reading->arena, node, "late", reading->name, &inputs, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        uint16_t input = policy_find_input(reading->policy, reading->subject, inputs[i]);
        if (input != POLICY_NONE) out->late |= (uint64_t)1 << input;
    }
    return true;
}

static bool read_plan(const struct reading *reading, struct yaml_node *node, struct plan_text *out,
                      struct err *err)
{
    *out = (struct plan_text){.scheme = POLICY_NONE};
    if (!yaml_text(node, "scheme", reading->name, &out->scheme_key, err)
        || !yaml_text(node, "place", reading->name, &out->place, err)
        || !yaml_text_or(node, "admitted", reading->name, STR_EMPTY, &out->admitted, err)
        || !yaml_texts(reading->arena, node, "words", reading->name, &out->words, &out->word_count,
                       err)
        || !yaml_bool_or(node, "hidden", reading->name, false, &out->hidden, err)
        || !read_late(reading, node, out, err)) {
        return false;
    }
    for (uint16_t s = 0; s < reading->policy->scheme_count; s++) {
        const struct policy_scheme *scheme = &reading->policy->schemes[s];
        if (scheme->subject == reading->subject && str_equal(scheme->name.key, out->scheme_key)) {
            out->scheme = s;
        }
    }
    return true;
}

static bool read_exclusive(const struct reading *reading, struct yaml_node *root,
                           struct plans_text *out, struct err *err)
{
    struct yaml_node *list = yaml_get(root, "exclusive");
    out->exclusive_count = list == NULL ? 0 : list->count;
    out->exclusive = arena_array(reading->arena, uint64_t, out->exclusive_count);
    for (size_t i = 0; i < out->exclusive_count; i++) {
        struct yaml_node *group = list->items[i];
        for (size_t k = 0; k < group->count; k++) {
            size_t p = 0;
            while (p < out->count && !str_equal(out->plans[p].scheme_key, group->items[k]->text)) {
                p++;
            }
            if (p == out->count) {
                return yaml_fail(group->items[k], reading->name, err, "no plan above has this key",
                                 "上面没有这个专项");
            }
            out->exclusive[i] |= (uint64_t)1 << p;
        }
    }
    return true;
}

static bool read_day(const struct reading *reading, struct yaml_node *root, struct month_day *out,
                     struct err *err)
{
    struct str written;
    char text[DAY_TEXT_SIZE + 1] = "2001-";
    day at;
    int year;
    if (!yaml_text(root, "counted_to", reading->name, &written, err)) return false;
    if (written.len == 5) memcpy(text + 5, written.ptr, 5);
    if (written.len != 5 || !day_parse(str_from(text), &at)) {
        return yaml_fail(yaml_get(root, "counted_to"), reading->name, err,
                         "expected a month and day such as 08-31", "此处应为月日，例如 08-31");
    }
    day_to_ymd(at, &year, &out->month, &out->day);
    return true;
}

static bool read_root(struct reading *reading, struct yaml_node *root, struct plans_text *out,
                      struct err *err)
{
    struct str key;
    struct yaml_node *list = yaml_get(root, "plans");
    if (!yaml_text(root, "key", reading->name, &key, err)
        || !yaml_text(root, "subject", reading->name, &out->subject, err)
        || !read_day(reading, root, &out->counted_to, err)) {
        return false;
    }
    if (list == NULL || list->kind != YAML_LIST || list->count > PLANS_MAX) {
        return yaml_fail(root, reading->name, err, "a list of plans is missing",
                         "缺少专项（plans）列表");
    }
    reading->subject = policy_find_subject(reading->policy, out->subject);
    out->count = list->count;
    out->plans = arena_array(reading->arena, struct plan_text, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (!read_plan(reading, list->items[i], &out->plans[i], err)) return false;
    }
    return read_exclusive(reading, root, out, err) && yaml_check_used(root, reading->name, err);
}

bool plans_text_load(struct plans_text *out, struct arena *arena, const struct policy *policy,
                     const char *folder, const char *subject, struct err *err)
{
    struct text path;
    struct str source;
    struct yaml_node *root;
    struct plans_text fresh = {.count = 0};
    text_init(&path, arena, 4096);
    text_add_f(&path, "%s/national/rules/%s_plans.yaml", folder == NULL ? "policies" : folder,
               subject);
    struct reading reading = {.arena = arena, .policy = policy, .name = path.ptr};
    if (folder == NULL && !asset_find(path.ptr, &source)) {
        return err_set(err, ERR_NOT_FOUND, "no text lists the special plans (%s)",
                       "没有文字列出专项计划（%s）", path.ptr);
    }
    if (folder != NULL && !file_read(arena, path.ptr, TEXT_BYTES_MAX, &source, err)) return false;
    if (!yaml_parse(arena, source, reading.name, &root, err)
        || !read_root(&reading, root, &fresh, err)) {
        return false;
    }
    *out = fresh;
    return true;
}

uint64_t plans_named(const struct plans_text *plans, struct str cell)
{
    uint64_t named = 0;
    for (size_t p = 0; p < plans->count; p++) {
        const struct plan_text *plan = &plans->plans[p];
        bool there = str_find(cell, plan->scheme_key) != SIZE_MAX;
        for (size_t w = 0; w < plan->word_count && !there; w++) {
            there = str_find(cell, plan->words[w]) != SIZE_MAX;
        }
        if (there) named |= (uint64_t)1 << p;
    }
    return named;
}
