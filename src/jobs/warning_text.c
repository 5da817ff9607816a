#include "jobs/warning_text.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/yaml.h"

enum { FILE_BYTES_MAX = 1 << 20, PATH_BYTES_MAX = 1 << 15 };

struct reader {
    struct arena *arena;
    const struct profiles *profiles;
    const struct rules *rules;
    const char *name; /* of the file */
};

static bool read_of(const struct reader *reader, struct yaml_node *node, struct warning_watch *out,
                    struct err *err)
{
    static const char *const words[] = {"student", "school", "village"};
    struct str of;
    if (!yaml_text(node, "of", reader->name, &of, err)) return false;
    for (int i = 0; i < 3; i++) {
        if (!str_is(of, words[i])) continue;
        out->of = (enum warning_of)i;
        return true;
    }
    return yaml_fail(yaml_get(node, "of"), reader->name, err, "expected student, school or village",
                     "此处应为 student、school 或 village");
}

static bool read_kind(const struct reader *reader, struct yaml_node *node,
                      struct warning_watch *out, struct err *err)
{
    struct str kind;
    if (!yaml_text(node, "kind", reader->name, &kind, err)
        || !yaml_text(node, "reason", reader->name, &out->reason, err)) {
        return false;
    }
    int number = finding_kind_of(kind);
    if (number < 0) {
        return yaml_fail(yaml_get(node, "kind"), reader->name, err, "this is no kind of finding",
                         "没有这类线索");
    }
    out->kind = (enum finding_kind)number;
    if (rules_has_reason(reader->rules, out->reason)) return true;
    return yaml_fail(yaml_get(node, "reason"), reader->name, err,
                     "this reason has no words under \"reasons\" of the rules",
                     "规则的 reasons 中没有这一原因的说法");
}

static bool read_village(const struct reader *reader, struct yaml_node *node,
                         struct warning_watch *out, struct err *err)
{
    struct str profile, field;
    if (!yaml_text(node, "register", reader->name, &profile, err)
        || !yaml_text(node, "field", reader->name, &field, err)
        || !yaml_texts(reader->arena, node, "met", reader->name, &out->met, &out->met_count, err)) {
        return false;
    }
    out->profile = profile_find(reader->profiles, profile);
    if (out->profile == NULL) {
        return yaml_fail(yaml_get(node, "register"), reader->name, err, "no register has this name",
                         "没有这个名册");
    }
    out->field = profile_field_number(out->profile, str_cstr(reader->arena, field));
    if (out->field >= 0) return true;
    return yaml_fail(yaml_get(node, "field"), reader->name, err,
                     "the register has no field of this name", "该名册没有这个字段");
}

static bool read_watch(const struct reader *reader, struct yaml_node *node,
                       struct warning_watch *out, struct err *err)
{
    if (!yaml_text(node, "watch", reader->name, &out->watch, err)
        || !read_of(reader, node, out, err) || !read_kind(reader, node, out, err)) {
        return false;
    }
    switch (out->of) {
    case WARNING_OF_STUDENT:
        return yaml_text(node, "input", reader->name, &out->input, err)
               && yaml_text(node, "word", reader->name, &out->word, err);
    case WARNING_OF_SCHOOL: return yaml_text(node, "standard", reader->name, &out->standard, err);
    case WARNING_OF_VILLAGE: return read_village(reader, node, out, err);
    }
    return false;
}

static bool read_file(struct reader *reader, const char *folder, struct str *out, struct err *err)
{
    struct text path;
    text_init(&path, reader->arena, PATH_BYTES_MAX);
    text_add_f(&path, "%s/national/rules/warnings.yaml", folder == NULL ? "policies" : folder);
    reader->name = path.ptr;
    if (folder != NULL) return file_read(reader->arena, path.ptr, FILE_BYTES_MAX, out, err);
    CHECK(asset_find(path.ptr, out));
    return true;
}

bool warning_text_load(struct warning_text *out, struct arena *arena, const char *folder,
                       const struct profiles *profiles, const struct rules *rules, struct err *err)
{
    struct reader reader = {.arena = arena, .profiles = profiles, .rules = rules};
    struct str text;
    struct yaml_node *root;
    if (!read_file(&reader, folder, &text, err)
        || !yaml_parse(arena, text, reader.name, &root, err)) {
        return false;
    }
    struct yaml_node *list = yaml_get(root, "watches");
    if (list == NULL || list->kind != YAML_LIST) {
        return yaml_fail(root, reader.name, err, "\"watches\" is missing", "缺少 watches");
    }
    out->watches = arena_array(arena, struct warning_watch, list->count);
    out->count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (!read_watch(&reader, list->items[i], &out->watches[i], err)) return false;
    }
    return yaml_check_used(root, reader.name, err);
}
