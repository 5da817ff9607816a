#include "verifying/world.h"

#include "base/file.h"
#include "base/yaml.h"

/* The rules as docs/placing.md describes them, read here a second time. */

enum {
    RULES_BYTES_MAX = 1 << 20,
    LINES_MAX = 1024,
    ROUNDS_MAX = 20,
    RATIO_DECIMALS_MAX = 6,
    BELOW_MAX = 1000000
};

struct reader {
    struct verify_world *world;
    const char *name;
};

static bool refuse(const struct reader *reader, const struct yaml_node *node, struct err *err,
                   const char *en, const char *zh)
{
    return yaml_fail(node, reader->name, err, en, zh);
}

static bool whole_number(const struct reader *reader, struct yaml_node *map, const char *key,
                         int64_t least, int64_t most, int64_t *out, struct err *err)
{
    struct yaml_node *node = yaml_get(map, key);
    if (node == NULL) {
        refuse(reader, map, err, "a number is missing here", "这里缺少一个数");
        return err_at(err, "%s", "%s", key);
    }
    if (node->kind == YAML_SCALAR && str_to_i64(node->text, out) && *out >= least && *out <= most) {
        return true;
    }
    return refuse(reader, node, err, "this is no whole number in its range",
                  "这里要写范围内的整数");
}

/* Digits, and if wanted a point and digits: the number without its point, over a power of ten. */
static bool read_ratio(const struct reader *reader, struct yaml_node *map, const char *key,
                       int64_t *number, int64_t *of, struct err *err)
{
    struct str text;
    size_t decimals = 0, digits = 0;
    bool point = false, good = true;
    if (!yaml_text(map, key, reader->name, &text, err)) return false;
    *number = 0;
    *of = 1;
    for (size_t i = 0; good && i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '.' && !point && digits > 0) {
            point = true;
        } else if (c >= '0' && c <= '9' && digits < 2 + RATIO_DECIMALS_MAX) {
            *number = *number * 10 + (c - '0');
            digits++;
            if (point) {
                decimals++;
                *of *= 10;
            }
        } else {
            good = false;
        }
    }
    good = good && *number > 0 && decimals <= RATIO_DECIMALS_MAX && point == (decimals > 0)
           && digits - decimals <= 2;
    return good
           || refuse(reader, yaml_get(map, key), err,
                     "a ratio is a positive decimal in quotes, such as \"1.05\"",
                     "比例是引号里的正小数，如 \"1.05\"");
}

static bool add_line(const struct reader *reader, struct verify_batch *batch,
                     const struct yaml_node *node, struct str track, struct str plan,
                     struct err *err)
{
    struct verify_line line = {.track = dict_put(&reader->world->words, track)};
    line.plan = plan.len == 0 ? VERIFY_NONE : dict_find(&reader->world->plans, plan);
    if (plan.len > 0 && line.plan == VERIFY_NONE) {
        return refuse(reader, node, err, "this plan is not among the plans", "没有这个计划类别");
    }
    if (node->kind != YAML_SCALAR || !str_to_i64(node->text, &line.total)) {
        return refuse(reader, node, err, "a lowest total is a whole number", "最低分要写整数");
    }
    if (batch->line_count == LINES_MAX) {
        return refuse(reader, node, err, "too many lowest totals", "最低分太多");
    }
    batch->lines[batch->line_count++] = line;
    return true;
}

/* A key of a map of lines: "*" stands for any. */
static struct str any(struct str key)
{
    return str_is(key, "*") ? STR_EMPTY : key;
}

static bool read_lines_of_track(const struct reader *reader, struct verify_batch *batch,
                                const struct yaml_node *value, struct str track, struct err *err)
{
    if (value->kind != YAML_MAP) return add_line(reader, batch, value, track, STR_EMPTY, err);
    for (size_t i = 0; i < value->count; i++) {
        value->keys[i]->used = value->items[i]->used = true;
        if (!add_line(reader, batch, value->items[i], track, any(value->keys[i]->text), err)) {
            return false;
        }
    }
    return true;
}

/* By track, then plan; or a list of {track, plan, total}. */
static bool read_lines(const struct reader *reader, struct yaml_node *map,
                       struct verify_batch *batch, struct err *err)
{
    struct yaml_node *lines = yaml_get(map, "lines");
    if (lines == NULL) return true;
    batch->lines = arena_array(reader->world->arena, struct verify_line, LINES_MAX);
    for (size_t i = 0; i < lines->count; i++) {
        struct yaml_node *item = lines->items[i];
        item->used = true;
        if (lines->kind == YAML_MAP) {
            lines->keys[i]->used = true;
            if (!read_lines_of_track(reader, batch, item, any(lines->keys[i]->text), err)) {
                return false;
            }
            continue;
        }
        struct str track, plan;
        struct yaml_node *total = yaml_get(item, "total");
        if (total == NULL) {
            return refuse(reader, item, err, "a lowest total is missing", "这里缺少最低分");
        }
        if (!yaml_text_or(item, "track", reader->name, STR_EMPTY, &track, err)
            || !yaml_text_or(item, "plan", reader->name, STR_EMPTY, &plan, err)
            || !add_line(reader, batch, total, track, plan, err)) {
            return false;
        }
    }
    return lines->kind != YAML_SCALAR
           || refuse(reader, lines, err, "lines give lowest totals by track and plan",
                     "lines 按科类、计划类别写最低分");
}

static bool add_batch(const struct reader *reader, const struct yaml_node *node,
                      const struct verify_batch *batch, struct err *err)
{
    struct verify_world *world = reader->world;
    if (verify_batch_of(world, batch->key) != VERIFY_NONE) {
        return refuse(reader, node, err, "this key stands twice", "这个 key 出现两次");
    }
    if (world->batch_count == VERIFY_BATCHES_MAX) {
        return refuse(reader, node, err, "there are too many batches", "批次太多");
    }
    world->batches[world->batch_count++] = *batch;
    return true;
}

static bool read_rounds(const struct reader *reader, struct yaml_node *map,
                        struct verify_batch batch, struct err *err)
{
    struct yaml_node *supplement = yaml_get(map, "supplement");
    struct str key = batch.key;
    int64_t rounds;
    if (supplement == NULL) return true;
    if (!whole_number(reader, supplement, "rounds", 0, ROUNDS_MAX, &rounds, err)) return false;
    if (yaml_get(supplement, "lower") != NULL
        && !whole_number(reader, supplement, "lower", 0, INT32_MAX, &batch.lowered, err)) {
        return false;
    }
    for (int64_t round = 1; round <= rounds; round++) {
        struct text text;
        text_init(&text, reader->world->arena, key.len + 8);
        text_add(&text, key);
        text_add_f(&text, "+%d", (int)round);
        batch.key = text_str(&text);
        if (!add_batch(reader, map, &batch, err)) return false;
    }
    return true;
}

/* "of" and "allot": what they name is looked up when all batches are read. */
static bool read_allotting(const struct reader *reader, struct yaml_node *map,
                           struct verify_allotting *out, struct err *err)
{
    struct yaml_node *allot = yaml_get(map, "allot");
    if (allot == NULL) return true;
    if (allot->kind != YAML_MAP || yaml_get(map, "of") == NULL) {
        return refuse(reader, allot, err, "allot is a map, in a batch with \"of\"",
                      "allot 是一组键，写在有 of 的批次里");
    }
    out->gives = true;
    out->has_below = yaml_get(allot, "below") != NULL;
    if (out->has_below && !whole_number(reader, allot, "below", 0, BELOW_MAX, &out->below, err)) {
        return false;
    }
    if (yaml_get(allot, "least") != NULL) {
        if (!read_ratio(reader, allot, "least", &out->least, &out->least_of, err)) return false;
        if (out->least > out->least_of) {
            return refuse(reader, yaml_get(allot, "least"), err, "a share is at most \"1\"",
                          "比例至多 \"1\"");
        }
    }
    return yaml_texts(reader->world->arena, allot, "groups", reader->name, &out->named,
                      &out->named_count, err);
}

static bool read_batch(const struct reader *reader, struct yaml_node *map, struct err *err)
{
    struct verify_batch batch = {.own = reader->world->batch_count,
                                 .home = reader->world->batch_count,
                                 .allotting = {.rest = VERIFY_NONE, .least_of = 1}};
    struct str mode;
    if (map->kind != YAML_MAP) return refuse(reader, map, err, "this is no batch", "这里不是批次");
    if (!yaml_text(map, "key", reader->name, &batch.key, err)
        || !yaml_text(map, "mode", reader->name, &mode, err)) {
        return false;
    }
    batch.sequential = str_is(mode, "sequential");
    if (!batch.sequential && !str_is(mode, "parallel")) {
        return refuse(reader, yaml_get(map, "mode"), err, "the mode is parallel or sequential",
                      "mode 是 parallel 或 sequential");
    }
    if (batch.key.len == 0) return refuse(reader, map, err, "the key is empty", "key 是空的");
    return whole_number(reader, map, "choices_max", 1, VERIFY_CHOICES_MAX, &batch.choices_max, err)
           && whole_number(reader, map, "majors_max", 0, VERIFY_MAJORS_MAX, &batch.majors_max, err)
           && read_ratio(reader, map, "ratio", &batch.ratio, &batch.ratio_of, err)
           && read_lines(reader, map, &batch, err)
           && read_allotting(reader, map, &batch.allotting, err)
           && add_batch(reader, map, &batch, err) && read_rounds(reader, map, batch, err);
}

/* The batch that a key of `map` names, or the one behind all. */
static bool look_up(const struct reader *reader, struct yaml_node *map, const char *key,
                    uint32_t *out, struct err *err)
{
    const struct verify_world *world = reader->world;
    struct str text;
    if (!yaml_text(map, key, reader->name, &text, err)) return false;
    for (*out = 0; *out < world->batch_count; ++*out) {
        if (str_equal(world->batches[*out].key, text)) return true;
    }
    return true;
}

/* Whose groups a batch and its rounds fill. `nodes` are those of the batches that are no rounds, in
 * order. */
static bool look_up_homes(const struct reader *reader, struct yaml_node *nodes, struct err *err)
{
    struct verify_world *world = reader->world;
    struct yaml_node *of = NULL;
    for (uint32_t b = 0, n = 0; b < world->batch_count; b++) {
        struct verify_batch *batch = &world->batches[b];
        if (batch->own != b) {
            batch->home = world->batches[batch->own].home;
            continue;
        }
        struct yaml_node *node = nodes->items[n++];
        if ((of = yaml_get(node, "of")) == NULL) continue;
        if (!look_up(reader, node, "of", &batch->home, err)) return false;
        bool good =
            batch->home < world->batch_count && world->batches[batch->home].own == batch->home;
        for (uint32_t c = 0, k = 0; good && c <= batch->home; c++) {
            if (world->batches[c].own != c) continue;
            good = c < batch->home || yaml_get(nodes->items[k], "of") == NULL;
            k++;
        }
        if (!good) {
            return refuse(reader, of, err, "this names no batch that has groups of its own",
                          "这里要写一个有自己专业组（学校）的批次");
        }
        if (batch->allotting.has_below && batch->home > b) {
            return refuse(reader, yaml_get(node, "allot"), err,
                          "\"below\" needs the batch that \"of\" names to come first",
                          "写了 below，of 所指的批次就要排在前面");
        }
    }
    return true;
}

static bool look_up_rests(const struct reader *reader, struct yaml_node *nodes, struct err *err)
{
    struct verify_world *world = reader->world;
    for (uint32_t b = 0, n = 0; b < world->batch_count; b++) {
        struct verify_batch *batch = &world->batches[b];
        if (batch->own != b) {
            batch->allotting.rest = world->batches[batch->own].allotting.rest;
            continue;
        }
        struct yaml_node *allot = yaml_get(nodes->items[n++], "allot");
        if (yaml_get(allot, "rest") == NULL) continue;
        uint32_t rest;
        if (!look_up(reader, allot, "rest", &rest, err)) return false;
        if (rest <= b || rest >= world->batch_count || world->batches[rest].home != batch->home
            || world->batches[rest].allotting.gives) {
            return refuse(reader, yaml_get(allot, "rest"), err,
                          "this names no later batch that is open to all and fills the same groups",
                          "这里要写后面一个面向所有人、招同样专业组（学校）的批次");
        }
        batch->allotting.rest = rest;
    }
    return true;
}

static bool read_plans(const struct reader *reader, struct yaml_node *root, struct err *err)
{
    static const char *const promised[] = {"general", "national", "university",
                                           "local",   "poverty",  "old_area"};
    struct dict *plans = &reader->world->plans;
    struct str *more;
    size_t count;
    if (!yaml_texts(reader->world->arena, root, "plans", reader->name, &more, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < sizeof promised / sizeof *promised; i++) {
        dict_put(plans, str_from(promised[i]));
    }
    CHECK(str_is(dict_text(plans, VERIFY_GENERAL), "general"));
    for (size_t i = 0; i < count; i++) dict_put(plans, more[i]);
    return plans->count <= VERIFY_PLANS_MAX
           || refuse(reader, yaml_get(root, "plans"), err, "there are too many plans",
                     "计划类别太多");
}

bool verify_read_rules(struct verify_world *world, struct err *err)
{
    struct str text;
    struct yaml_node *root, *batches;
    struct reader reader = {.world = world};
    reader.name = str_cstr(world->arena, file_name(world->paths->rules));
    if (!file_read(world->arena, world->paths->rules, RULES_BYTES_MAX, &text, err)) return false;
    if (!yaml_parse(world->arena, text, reader.name, &root, err)) return false;
    if (!yaml_texts(world->arena, root, "ties", reader.name, &world->ties, &world->tie_count, err)
        || !read_plans(&reader, root, err)) {
        return false;
    }
    batches = yaml_get(root, "batches");
    if (batches == NULL || batches->kind != YAML_LIST || batches->count == 0) {
        return refuse(&reader, root, err, "there is no list of batches", "没有批次列表 batches");
    }
    for (size_t i = 0; i < batches->count; i++) {
        if (!read_batch(&reader, batches->items[i], err)) return false;
    }
    return look_up_homes(&reader, batches, err) && look_up_rests(&reader, batches, err)
           && yaml_check_used(root, reader.name, err);
}

uint32_t verify_batch_of(const struct verify_world *world, struct str key)
{
    uint32_t batch = 0;
    while (batch < world->batch_count && !str_equal(world->batches[batch].key, key)) batch++;
    return batch < world->batch_count ? batch : VERIFY_NONE;
}
