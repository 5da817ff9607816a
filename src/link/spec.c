#include "link/spec_keys.h"

#include "base/list.h"
#include "base/yaml.h"

#include <math.h>

static bool fail(const struct spec_reader *reader, const struct yaml_node *node, const char *en,
                 const char *zh)
{
    return yaml_fail(node, reader->name, reader->err, en, zh);
}

bool spec_label_read(struct spec_reader *reader, struct yaml_node *map, const char *key,
                     struct str *en, struct str *zh)
{
    struct yaml_node *label = yaml_get(map, key);
    if (label == NULL) return true;
    if (label->kind == YAML_SCALAR) {
        *en = *zh = label->text;
        return true;
    }
    if (label->kind != YAML_MAP) return fail(reader, label, "expected a label", "此处应为名称");
    return yaml_text_or(label, "en", reader->name, *en, en, reader->err)
           && yaml_text_or(label, "zh", reader->name, *zh, zh, reader->err);
}

bool spec_frequency_read(struct spec_reader *reader, struct yaml_node *node,
                         const struct spec_comparison *comparison, uint32_t out[2])
{
    out[0] = out[1] = SPEC_NONE;
    if (node->kind == YAML_MAP) return fail(reader, node, "expected a column", "此处应为列名");
    bool scalar = node->kind == YAML_SCALAR;
    if (scalar && (str_is(node->text, "no") || str_is(node->text, "false"))) return true;
    if (scalar && (str_is(node->text, "yes") || str_is(node->text, "true"))) {
        for (size_t i = 0; i < comparison->field_count && i < 2; i++)
            out[i] = comparison->fields[i];
        return true;
    }
    size_t count = node->kind == YAML_SCALAR ? 1 : node->count;
    if (count > 2) return fail(reader, node, "at most two columns", "最多两列");
    for (size_t i = 0; i < count; i++) {
        struct yaml_node *item = node->kind == YAML_SCALAR ? node : node->items[i];
        item->used = true;
        if (item->kind != YAML_SCALAR)
            return fail(reader, item, "expected a column", "此处应为列名");
        if (!spec_column_read(reader, item, item->text, &out[i])) return false;
        if (reader->spec->columns[out[i]].many) {
            return fail(reader, item, "a column of several keys has no frequency",
                        "多值的列没有频率");
        }
    }
    return true;
}

static bool read_derived(struct spec_reader *reader, struct yaml_node *root)
{
    struct yaml_node *map = yaml_get(root, "derive");
    if (map == NULL) return true;
    if (map->kind != YAML_MAP)
        return fail(reader, map, "expected columns by name", "此处应为列名与算式");
    reader->derived_names = arena_array(reader->arena, struct str, map->count);
    reader->derived_columns = arena_array(reader->arena, uint32_t, map->count);
    for (size_t i = 0; i < map->count; i++) {
        struct yaml_node *node = map->items[i];
        node->used = true;
        if (node->kind != YAML_SCALAR) {
            return fail(reader, node, "expected an expression", "此处应为算式");
        }
        reader->defining = map->keys[i]->text;
        if (!spec_column_read(reader, node, node->text, &reader->derived_columns[i])) return false;
        reader->derived_names[i] = map->keys[i]->text;
        reader->derived_count = i + 1;
    }
    reader->defining = STR_EMPTY;
    map->used = true;
    return true;
}

static bool read_fields(struct spec_reader *reader, struct yaml_node *map,
                        struct spec_comparison *comparison)
{
    struct yaml_node *node = yaml_get(map, "on");
    size_t count = node == NULL ? 0 : node->kind == YAML_SCALAR ? 1 : node->count;
    if (node != NULL && node->kind == YAML_MAP) count = 0;
    if (count == 0)
        return fail(reader, node == NULL ? map : node, "expected `on`: the columns compared",
                    "此处应有 on：所比较的列");
    if (count > SPEC_FIELDS_MAX) return fail(reader, node, "more than 4 columns", "列超过 4 个");
    for (size_t i = 0; i < count; i++) {
        struct yaml_node *item = node->kind == YAML_SCALAR ? node : node->items[i];
        item->used = true;
        if (item->kind != YAML_SCALAR)
            return fail(reader, item, "expected a column", "此处应为列名");
        if (!spec_column_read(reader, item, item->text, &comparison->fields[i])) return false;
        comparison->on[i] =
            spec_column_spelling(reader->arena, reader->spec, comparison->fields[i]);
        const struct spec_column *column = &reader->spec->columns[comparison->fields[i]];
        if (column->many) {
            return fail(reader, item, "a column of several keys is for blocking rules only",
                        "多值的列只能用于分块规则");
        }
        comparison->touches |= column->touches;
    }
    comparison->field_count = count;
    return true;
}

/* Other columns that say the same, so that a rule on them is no independent view of this one. */
static bool read_depends(struct spec_reader *reader, struct yaml_node *map,
                         struct spec_comparison *comparison)
{
    struct str *texts;
    size_t count;
    if (!yaml_texts(reader->arena, map, "depends", reader->name, &texts, &count, reader->err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t column;
        if (!spec_column_read(reader, yaml_get(map, "depends"), texts[i], &column)) return false;
        comparison->touches |= reader->spec->columns[column].touches;
    }
    return true;
}

static bool note_frequency(struct spec_reader *reader, const struct yaml_node *map, uint32_t column)
{
    for (size_t i = 0; i < reader->frequency_count; i++) {
        if (reader->frequencies[i] == column) return true;
    }
    if (reader->frequency_count == LINK_FREQUENCIES_MAX) {
        return fail(reader, map, "more than 32 columns have a frequency",
                    "有 frequency 的列超过 32 个");
    }
    reader->frequencies[reader->frequency_count++] = column;
    return true;
}

static bool read_frequency(struct spec_reader *reader, struct yaml_node *map,
                           struct spec_comparison *comparison)
{
    double share;
    if (!yaml_decimal_or(map, "frequency_weight", reader->name, 1.0, &share, reader->err)) {
        return false;
    }
    comparison->frequency_permille = (int)lround(share * 1000);
    struct yaml_node *node = yaml_get(map, "frequency");
    uint32_t columns[2] = {SPEC_NONE, SPEC_NONE};
    if (node != NULL && !spec_frequency_read(reader, node, comparison, columns)) return false;
    for (size_t k = 0; k + 1 < comparison->level_count; k++) {
        struct spec_level *level = &comparison->levels[k];
        for (size_t i = 0; i < 2; i++) {
            if (!level->frequency_stated) level->frequency[i] = columns[i];
            if (level->frequency[i] == SPEC_NONE) continue;
            if (!note_frequency(reader, map, level->frequency[i])) return false;
            level->frequency_on[i] =
                spec_column_spelling(reader->arena, reader->spec, level->frequency[i]);
        }
    }
    return true;
}

static bool read_comparison(struct spec_reader *reader, struct str key, struct yaml_node *map,
                            struct spec_comparison *comparison)
{
    if (map->kind != YAML_MAP)
        return fail(reader, map, "expected `on` and `levels`", "此处应有 on 与 levels");
    *comparison = (struct spec_comparison){.key = key, .label_en = key, .label_zh = key};
    struct str missing;
    if (!read_fields(reader, map, comparison)) return false;
    if (!spec_label_read(reader, map, "label", &comparison->label_en, &comparison->label_zh))
        return false;
    if (!spec_levels_read(reader, map, comparison)) return false;
    if (!read_frequency(reader, map, comparison)) return false;
    if (!read_depends(reader, map, comparison)) return false;
    if (!yaml_bool_or(map, "anchor", reader->name, false, &comparison->anchor, reader->err)) {
        return false;
    }
    if (!yaml_bool_or(map, "shared", reader->name, false, &comparison->shared, reader->err)) {
        return false;
    }
    if (!yaml_text_or(map, "missing", reader->name, STR("any"), &missing, reader->err)) {
        return false;
    }
    comparison->missing_all = str_is(missing, "all") && comparison->field_count > 1;
    if (!str_is(missing, "all") && !str_is(missing, "any")) {
        return fail(reader, yaml_get(map, "missing"), "expected any or all", "此处应为 any 或 all");
    }
    return true;
}

static bool read_comparisons(struct spec_reader *reader, struct yaml_node *root)
{
    struct link_spec *spec = reader->spec;
    struct yaml_node *map = yaml_get(root, "compare");
    if (map == NULL || map->kind != YAML_MAP || map->count == 0) {
        return fail(reader, map == NULL ? root : map, "expected `compare`: comparisons by key",
                    "此处应有 compare：各项比较");
    }
    if (map->count > LINK_COMPARISONS_MAX) {
        return fail(reader, map, "more than 16 comparisons", "比较超过 16 项");
    }
    map->used = true;
    spec->comparisons = arena_array(reader->arena, struct spec_comparison, map->count);
    for (size_t i = 0; i < map->count; i++) {
        map->items[i]->used = true;
        if (!read_comparison(reader, map->keys[i]->text, map->items[i], &spec->comparisons[i])) {
            return false;
        }
    }
    spec->comparison_count = map->count;
    return true;
}

static bool read_rule(struct spec_reader *reader, struct yaml_node *node, size_t block_max,
                      struct spec_rule *rule)
{
    struct str text = node->text, part;
    int64_t most = (int64_t)block_max;
    if (node->kind != YAML_SCALAR) {
        if (!yaml_text(node, "on", reader->name, &text, reader->err)) return false;
        if (!yaml_integer_or(node, "max", reader->name, most, &most, reader->err)) return false;
    }
    *rule = (struct spec_rule){.text = str_trim(text), .block_max = (size_t)most};
    struct str rest = text;
    while (str_split(&rest, '&', &part)) {
        if (rule->part_count == SPEC_RULE_PARTS_MAX) {
            return fail(reader, node, "more than 8 columns in a rule", "一条规则超过 8 列");
        }
        uint32_t *column = &rule->parts[rule->part_count++];
        if (!spec_column_read(reader, node, part, column)) return false;
        rule->many = rule->many || reader->spec->columns[*column].many;
        rule->touches |= reader->spec->columns[*column].touches;
    }
    return true;
}

static bool read_rules(struct spec_reader *reader, struct yaml_node *root)
{
    struct link_spec *spec = reader->spec;
    int64_t block_max;
    if (!yaml_integer_or(root, "block_max", reader->name, SPEC_BLOCK_MAX_DEFAULT, &block_max,
                         reader->err)) {
        return false;
    }
    struct yaml_node *list = yaml_get(root, "block");
    if (list == NULL || list->kind != YAML_LIST || list->count == 0) {
        return fail(reader, list == NULL ? root : list, "expected `block`: a list of rules",
                    "此处应有 block：分块规则的列表");
    }
    if (list->count > LINK_RULES_MAX) {
        return fail(reader, list, "more than 32 blocking rules", "分块规则超过 32 条");
    }
    spec->rules = arena_array(reader->arena, struct spec_rule, list->count);
    for (size_t i = 0; i < list->count; i++) {
        list->items[i]->used = true;
        if (!read_rule(reader, list->items[i], (size_t)block_max, &spec->rules[i])) return false;
    }
    spec->rule_count = list->count;
    return true;
}

static bool find_comparison(const struct spec_reader *reader, const struct yaml_node *node,
                            uint8_t *out)
{
    for (size_t i = 0; i < reader->spec->comparison_count; i++) {
        if (node->kind != YAML_SCALAR) break;
        if (!str_equal(node->text, reader->spec->comparisons[i].key)) continue;
        *out = (uint8_t)i;
        return true;
    }
    return fail(reader, node, "no comparison has this key", "没有这个键的比较");
}

/* In a household all goes together, what is shared and, of twins or by the surname, some of the
 * rest: where the spec states no interactions, the first shared comparison gets one with each
 * other. */
static void add_interactions(struct link_spec *spec)
{
    size_t first = 0, count = spec->comparison_count;
    while (first < count && !spec->comparisons[first].shared) first++;
    for (size_t c = 0; c < count && first < count; c++) {
        if (c == first || spec->interaction_count == LINK_INTERACTIONS_MAX) continue;
        bool before = c < first;
        spec->interactions[spec->interaction_count++] =
            (struct spec_interaction){(uint8_t)(before ? c : first), (uint8_t)(before ? first : c)};
    }
}

static bool read_interactions(struct spec_reader *reader, struct yaml_node *root)
{
    struct link_spec *spec = reader->spec;
    struct yaml_node *list = yaml_get(root, "interactions");
    if (list == NULL) {
        add_interactions(spec);
        return true;
    }
    if (list->kind != YAML_LIST || list->count > LINK_INTERACTIONS_MAX) {
        return fail(reader, list, "expected a list of at most 16 pairs of comparisons",
                    "此处应为最多 16 对比较");
    }
    for (size_t i = 0; i < list->count; i++) {
        struct yaml_node *pair = list->items[i];
        if (pair->kind != YAML_LIST || pair->count != 2) {
            return fail(reader, pair, "expected two comparisons", "此处应为两项比较");
        }
        struct spec_interaction *interaction = &spec->interactions[i];
        if (!find_comparison(reader, pair->items[0], &interaction->first)) return false;
        if (!find_comparison(reader, pair->items[1], &interaction->second)) return false;
        if (interaction->first == interaction->second) {
            return fail(reader, pair, "the two must differ", "两项应不同");
        }
        if (interaction->first > interaction->second) {
            uint8_t first = interaction->second;
            interaction->second = interaction->first;
            interaction->first = first;
        }
    }
    spec->interaction_count = list->count;
    return true;
}

static bool read_bits(struct spec_reader *reader, struct yaml_node *root, const char *key,
                      double otherwise, int32_t *millibits)
{
    double bits;
    if (!yaml_decimal_or(root, key, reader->name, otherwise, &bits, reader->err)) return false;
    *millibits = (int32_t)lround(bits * 1000);
    return true;
}

static bool read_thresholds(struct spec_reader *reader, struct yaml_node *root)
{
    struct link_spec *spec = reader->spec;
    if (!read_bits(reader, root, "review", -5, &spec->review)) return false;
    if (!read_bits(reader, root, "match", 5, &spec->match)) return false;
    if (!read_bits(reader, root, "once_penalty", 10, &spec->once_penalty)) return false;
    if (spec->match < spec->review) {
        return fail(reader, yaml_get(root, "match"), "`match` must not be below `review`",
                    "match 不应低于 review");
    }
    if (!yaml_bool_or(root, "one_to_one", reader->name, false, &spec->one_to_one, reader->err)) {
        return false;
    }
    if (!yaml_bool_or(root, "once_per_entity", reader->name, false, &spec->once, reader->err)) {
        return false;
    }
    struct str pairs;
    if (!yaml_text_or(root, "pairs", reader->name, STR("all"), &pairs, reader->err)) return false;
    spec->between_stated = yaml_get(root, "pairs") != NULL;
    spec->between = str_is(pairs, "between");
    return spec->between || str_is(pairs, "all")
           || fail(reader, yaml_get(root, "pairs"), "expected all or between",
                   "此处应为 all 或 between");
}

bool link_spec_parse(struct arena *arena, struct str text, const char *name, struct link_spec **out,
                     struct err *err)
{
    CHECK(arena != NULL);
    CHECK(name != NULL);
    struct yaml_node *root;
    if (!yaml_parse(arena, text, name, &root, err)) return false;
    struct link_spec *spec = arena_new(arena, struct link_spec);
    struct spec_reader reader = {.arena = arena, .spec = spec, .name = name, .err = err};
    if (root->kind != YAML_MAP)
        return fail(&reader, root, "expected settings by key", "此处应为各项设置");
    if (!spec_keys_check(arena, root, name, err)) return false;
    spec->name = str_cstr(arena, str_from(name));
    spec->text_hash = str_hash(text);
    spec->inputs = arena_array(arena, struct str, LINK_COLUMNS_MAX);
    spec->columns = arena_array(arena, struct spec_column, SPEC_DERIVED_MAX);
    if (!yaml_text_or(root, "id", name, STR_EMPTY, &spec->id_column, err)) return false;
    if (!yaml_text_or(root, "source", name, STR_EMPTY, &spec->source_column, err)) return false;
    if (!read_derived(&reader, root)) return false;
    if (!read_comparisons(&reader, root)) return false;
    if (!read_rules(&reader, root)) return false;
    if (!read_interactions(&reader, root)) return false;
    if (!read_thresholds(&reader, root)) return false;
    if (!yaml_check_used(root, name, err)) return false;
    *out = spec;
    return true;
}

struct str link_spec_id_column(const struct link_spec *spec)
{
    CHECK(spec != NULL);
    return spec->id_column;
}

struct str link_spec_source_column(const struct link_spec *spec)
{
    CHECK(spec != NULL);
    return spec->source_column;
}

size_t link_spec_columns(const struct link_spec *spec, const struct str **names)
{
    CHECK(spec != NULL);
    *names = spec->inputs;
    return spec->input_count;
}

int32_t link_spec_review(const struct link_spec *spec)
{
    CHECK(spec != NULL);
    return spec->review;
}

int32_t link_spec_match(const struct link_spec *spec)
{
    CHECK(spec != NULL);
    return spec->match;
}

bool link_spec_one_to_one(const struct link_spec *spec)
{
    CHECK(spec != NULL);
    return spec->one_to_one;
}
