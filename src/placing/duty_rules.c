#include "base/asset.h"
#include "base/file.h"
#include "base/yaml.h"
#include "placing/duty.h"

enum { TEXT_BYTES_MAX = 1 << 20, DAY_OF_YEAR_BYTES = 5, PERCENT = 100, YEARS_MAX = 60 };

/* "09-01" */
static bool read_day(struct yaml_node *root, const char *key, const char *name, int *month,
                     int *day_of_month, struct err *err)
{
    struct str text;
    int64_t m = 0, d = 0;
    day some;
    if (!yaml_text(root, key, name, &text, err)) return false;
    if (text.len == DAY_OF_YEAR_BYTES && text.ptr[2] == '-' && str_to_i64(str_slice(text, 0, 2), &m)
        && str_to_i64(str_slice(text, 3, 5), &d) && day_from_ymd(2001, (int)m, (int)d, &some)) {
        *month = (int)m;
        *day_of_month = (int)d;
        return true;
    }
    return yaml_fail(yaml_get(root, key), name, err, "expected a day of the year, as 09-01",
                     "此处应为月日，如 09-01");
}

static bool read_number(struct yaml_node *root, const char *key, const char *name, int64_t most,
                        int64_t *out, struct err *err)
{
    if (!yaml_integer_or(root, key, name, -1, out, err)) return false;
    if (*out >= 0 && *out <= most) return true;
    return yaml_fail(yaml_get(root, key) != NULL ? yaml_get(root, key) : root, name, err,
                     "years, share_percent and key_percent are whole numbers in their range",
                     "years、share_percent、key_percent 应为范围内的整数");
}

static bool read_outside(struct arena *arena, struct yaml_node *node, const char *name,
                         const struct profile *teachers, struct duty_outside *out, struct err *err)
{
    struct str field;
    if (!yaml_text(node, "field", name, &field, err)
        || !yaml_texts(arena, node, "is", name, &out->values, &out->count, err))
        return false;
    out->field = profile_field_number(teachers, str_cstr(arena, field));
    if (out->field >= 0) return true;
    return yaml_fail(yaml_get(node, "field"), name, err, "the register teachers has no such field",
                     "教师名册没有这个字段");
}

static bool read_all(struct duty_rules *out, struct arena *arena, struct yaml_node *root,
                     const char *name, const struct profile *teachers, struct err *err)
{
    struct str key;
    struct yaml_node *outside = yaml_get(root, "outside");
    if (!yaml_text(root, "key", name, &key, err) || !yaml_text(root, "zh", name, &out->zh, err)
        || !yaml_text(root, "en", name, &out->en, err)
        || !yaml_text(root, "cites", name, &out->cites, err)
        || !yaml_text(root, "share_cites", name, &out->share_cites, err)
        || !read_number(root, "years", name, YEARS_MAX, &out->years, err)
        || !read_number(root, "share_percent", name, PERCENT, &out->share_percent, err)
        || !read_number(root, "key_percent", name, PERCENT - 1, &out->key_percent, err)
        || !read_day(root, "school_year_from", name, &out->from_month, &out->from_day, err)
        || !read_day(root, "years_on", name, &out->on_month, &out->on_day, err)
        || !yaml_texts(arena, root, "stages", name, &out->stages, &out->stage_count, err)
        || !yaml_texts(arena, root, "key_levels", name, &out->levels, &out->level_count, err))
        return false;
    if (outside == NULL) return true;
    if (outside->kind != YAML_LIST || outside->count > DUTY_OUTSIDE_MAX)
        return yaml_fail(outside, name, err, "a list of at most 16 is expected",
                         "此处应为不超过 16 项的列表");
    out->outside_count = outside->count;
    for (size_t i = 0; i < outside->count; i++)
        if (!read_outside(arena, outside->items[i], name, teachers, &out->outside[i], err))
            return false;
    return true;
}

bool duty_rules_load(struct duty_rules *out, struct arena *arena, const char *folder,
                     const struct profiles *profiles, struct err *err)
{
    struct text path;
    struct str text;
    struct yaml_node *root;
    struct duty_rules rules = {0};
    const struct profile *teachers = profile_find(profiles, STR("teachers"));
    text_init(&path, arena, 4096);
    text_add_f(&path, "%s/national/standards/rotation.yaml", folder == NULL ? "policies" : folder);
    if (folder != NULL) {
        if (!file_read(arena, path.ptr, TEXT_BYTES_MAX, &text, err)) return false;
    } else {
        CHECK(asset_find(path.ptr, &text));
    }
    if (teachers == NULL)
        return err_set(err, ERR_INPUT, "%s: there is no register \"teachers\"",
                       "%s：没有 teachers 名册", path.ptr);
    if (!yaml_parse(arena, text, path.ptr, &root, err)
        || !read_all(&rules, arena, root, path.ptr, teachers, err)
        || !yaml_check_used(root, path.ptr, err))
        return false;
    *out = rules;
    return true;
}
