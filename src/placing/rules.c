#include "placing/placing.h"

#include "base/file.h"
#include "base/list.h"
#include "base/yaml.h"

#include <string.h>

enum {
    RULES_BYTES_MAX = 1 << 20,
    RATIO_WHOLE_MAX = 2,
    RATIO_DECIMALS_MAX = 6,
    LINES_MAX = 1024,
    BELOW_MAX = 1000000
};

static const char *const plans_promised[] = {"general", "national", "university",
                                             "local",   "poverty",  "old_area"};

/* A batch that fills the groups of another, before that one is known. */
struct pending {
    uint32_t batch;
    struct yaml_node *node;
};

struct reading {
    struct arena *arena;
    const char *name;
    struct place_rules *rules;
    LIST(struct place_batch) batches;
    LIST(struct pending) pending;
};

static bool fail(const struct reading *reading, const struct yaml_node *node, struct err *err,
                 const char *en, const char *zh)
{
    return yaml_fail(node, reading->name, err, en, zh);
}

/* "1.05" as 105/100: exact, so that one file more or less is never a matter of rounding. */
static bool read_ratio(const struct reading *reading, struct yaml_node *map, const char *key,
                       int64_t *numerator, int64_t *denominator, struct err *err)
{
    struct str text, whole, part;
    if (!yaml_text(map, key, reading->name, &text, err)) return false;
    struct str rest = text;
    int64_t number = 0, decimals = 0, scale = 1;
    bool good = str_split(&rest, '.', &whole) && whole.len > 0 && whole.len <= RATIO_WHOLE_MAX
                && whole.ptr[0] != '+' && str_to_i64(whole, &number);
    part = rest.ptr == NULL ? STR_EMPTY : rest;
    if (good && part.ptr != NULL) {
        good = part.len > 0 && part.len <= RATIO_DECIMALS_MAX && part.ptr[0] != '+'
               && part.ptr[0] != '-' && str_to_i64(part, &decimals);
    }
    for (size_t i = 0; good && i < part.len; i++) scale *= 10;
    if (!good || number < 0 || number * scale + decimals == 0) {
        return fail(reading, yaml_get(map, key), err,
                    "a ratio is a decimal in quotes above 0, like \"1.05\"",
                    "比例是引号里的正小数，例如 \"1.05\"");
    }
    *numerator = number * scale + decimals;
    *denominator = scale;
    return true;
}

static bool read_count(const struct reading *reading, struct yaml_node *map, const char *key,
                       int64_t least, int64_t most, int64_t *out, struct err *err)
{
    struct yaml_node *node = yaml_get(map, key);
    if (node == NULL) {
        yaml_fail(map, reading->name, err, "a key is missing here", "这里缺少一个键");
        return err_at(err, "\"%s\"", "“%s”", key);
    }
    if (!yaml_integer_or(map, key, reading->name, 0, out, err)) return false;
    return (*out >= least && *out <= most)
           || fail(reading, node, err, "this number is out of range", "这个数超出范围");
}

static bool is_plan(const struct place_rules *rules, struct str plan)
{
    for (size_t i = 0; i < rules->plan_count; i++) {
        if (str_equal(rules->plans[i], plan)) return true;
    }
    return false;
}

static bool add_line(const struct reading *reading, struct place_batch *batch,
                     struct yaml_node *node, struct str track, struct str plan, struct err *err)
{
    struct place_line line = {.track = track, .plan = plan};
    if (node->kind != YAML_SCALAR || !str_to_i64(node->text, &line.total)) {
        return fail(reading, node, err, "the lowest total is a whole number", "最低分是一个整数");
    }
    if (plan.len > 0 && !is_plan(reading->rules, plan)) {
        return fail(reading, node, err, "there is no such plan: list it under \"plans\"",
                    "没有这个计划类别：请列在 plans 下");
    }
    if (batch->line_count == LINES_MAX) {
        return fail(reading, node, err, "too many lines", "最低分太多");
    }
    batch->lines[batch->line_count++] = line;
    return true;
}

/* lines: [{track: physics, plan: general, total: 430}, …], without track or plan for any. */
static bool read_line_list(const struct reading *reading, struct yaml_node *lines,
                           struct place_batch *batch, struct err *err)
{
    for (size_t i = 0; i < lines->count; i++) {
        struct yaml_node *item = lines->items[i], *total = yaml_get(item, "total");
        struct str track, plan;
        if (total == NULL) {
            return fail(reading, item, err, "a line has track, plan and total",
                        "最低分要写 track、plan、total");
        }
        if (!yaml_text_or(item, "track", reading->name, STR_EMPTY, &track, err)
            || !yaml_text_or(item, "plan", reading->name, STR_EMPTY, &plan, err)
            || !add_line(reading, batch, total, track, plan, err)) {
            return false;
        }
    }
    return true;
}

/* lines: {physics: {general: 430, national: 400}, history: 420}: by track, then plan; a number in
 * place of plans holds for all of them; "*" is any track. */
static bool read_lines(const struct reading *reading, struct yaml_node *map,
                       struct place_batch *batch, struct err *err)
{
    struct yaml_node *lines = yaml_get(map, "lines");
    if (lines == NULL) return true;
    batch->lines = arena_array(reading->arena, struct place_line, LINES_MAX);
    if (lines->kind == YAML_LIST) return read_line_list(reading, lines, batch, err);
    if (lines->kind != YAML_MAP) {
        return fail(reading, lines, err, "lines are totals by track and plan",
                    "lines 按科类和计划类别写最低分");
    }
    for (size_t i = 0; i < lines->count; i++) {
        struct str track = lines->keys[i]->text;
        struct yaml_node *value = lines->items[i];
        value->used = lines->keys[i]->used = true;
        if (str_is(track, "*")) track = STR_EMPTY;
        if (value->kind != YAML_MAP) {
            if (!add_line(reading, batch, value, track, STR_EMPTY, err)) return false;
            continue;
        }
        for (size_t p = 0; p < value->count; p++) {
            struct str plan = value->keys[p]->text;
            value->items[p]->used = value->keys[p]->used = true;
            if (str_is(plan, "*")) plan = STR_EMPTY;
            if (!add_line(reading, batch, value->items[p], track, plan, err)) {
                return false;
            }
        }
    }
    return true;
}

static bool add_batch(struct reading *reading, const struct yaml_node *node,
                      struct place_batch batch, struct err *err)
{
    if (reading->batches.count == PLACE_BATCHES_MAX) {
        return fail(reading, node, err, "too many batches and rounds", "批次和征集轮次太多");
    }
    for (size_t i = 0; i < reading->batches.count; i++) {
        if (!str_equal(reading->batches.items[i].key, batch.key)) continue;
        return fail(reading, node, err, "two batches or rounds have this key",
                    "两个批次（或征集轮次）的 key 相同");
    }
    *list_push(reading->arena, &reading->batches) = batch;
    return true;
}

static bool read_rounds(struct reading *reading, struct yaml_node *node,
                        const struct place_batch *batch, struct err *err)
{
    struct yaml_node *supplement = yaml_get(node, "supplement");
    int64_t rounds, lower;
    if (supplement == NULL) return true;
    if (!read_count(reading, supplement, "rounds", 0, 20, &rounds, err)) return false;
    if (!yaml_integer_or(supplement, "lower", reading->name, 0, &lower, err)) return false;
    if (lower < 0) {
        return fail(reading, supplement, err, "lower is a number of points from 0",
                    "lower 是不小于 0 的分数");
    }
    uint32_t number = (uint32_t)(reading->batches.count - 1);
    for (int64_t r = 1; r <= rounds; r++) {
        struct place_batch round = *batch;
        struct text key;
        text_init(&key, reading->arena, 256);
        text_add_f(&key, "%.*s+%d", STR_ARG(batch->key), (int)r);
        round.key = text_str(&key);
        round.lowered = lower;
        round.round_of = number;
        if (!add_batch(reading, node, round, err)) return false;
    }
    return true;
}

/* allot: {least: "0.5", below: 50, rest: KEY, groups: [CODE, …]}; `rest` is looked up later. */
static bool read_allot(struct reading *reading, struct yaml_node *node, struct place_batch *batch,
                       struct err *err)
{
    struct yaml_node *allot = yaml_get(node, "allot");
    struct place_allot *out = &batch->allot;
    *out = (struct place_allot){.batch = PLACE_NONE, .rest = PLACE_NONE, .least_denominator = 1};
    if (allot == NULL) return true;
    if (yaml_get(node, "of") == NULL || allot->kind != YAML_MAP) {
        return fail(reading, allot, err,
                    "\"allot\" has least, below, rest and groups, and stands beside \"of\"",
                    "allot 写 least、below、rest、groups，并与 of 写在一起");
    }
    out->batch = batch->round_of;
    out->has_below = yaml_get(allot, "below") != NULL;
    if (out->has_below && !read_count(reading, allot, "below", 0, BELOW_MAX, &out->below, err)) {
        return false;
    }
    if (!yaml_texts(reading->arena, allot, "groups", reading->name, &out->groups, &out->group_count,
                    err)) {
        return false;
    }
    struct yaml_node *least = yaml_get(allot, "least");
    if (least == NULL) return true;
    return read_ratio(reading, allot, "least", &out->least_numerator, &out->least_denominator, err)
           && (out->least_numerator <= out->least_denominator
               || fail(reading, least, err, "the least share is no more than \"1\"",
                       "最低比例不超过 \"1\""));
}

static bool read_batch(struct reading *reading, struct yaml_node *node, struct err *err)
{
    struct place_batch batch = {.round_of = (uint32_t)reading->batches.count};
    struct str mode;
    int64_t choices, majors;
    if (node->kind != YAML_MAP) {
        return fail(reading, node, err, "a batch has key, mode, choices_max, majors_max and ratio",
                    "批次要写 key、mode、choices_max、majors_max、ratio");
    }
    if (!yaml_text(node, "key", reading->name, &batch.key, err)) return false;
    if (!yaml_text(node, "mode", reading->name, &mode, err)) return false;
    if (str_is(mode, "sequential")) {
        batch.mode = PLACE_SEQUENTIAL;
    } else if (!str_is(mode, "parallel")) {
        return fail(reading, yaml_get(node, "mode"), err,
                    "a mode is \"parallel\" or \"sequential\"",
                    "mode 是 parallel（平行）或 sequential（顺序）");
    }
    if (batch.key.len == 0 || batch.key.len > 100) {
        return fail(reading, node, err, "the key of a batch has 1 to 100 bytes",
                    "批次的 key 为 1 至 100 字节");
    }
    if (!read_count(reading, node, "choices_max", 1, PLACE_CHOICES_MAX, &choices, err))
        return false;
    if (!read_count(reading, node, "majors_max", 0, PLACE_MAJORS_MAX, &majors, err)) return false;
    batch.choices_max = (uint32_t)choices;
    batch.majors_max = (uint32_t)majors;
    if (yaml_get(node, "of") != NULL) {
        *list_push(reading->arena, &reading->pending) = (struct pending){batch.round_of, node};
    }
    return read_ratio(reading, node, "ratio", &batch.ratio_numerator, &batch.ratio_denominator, err)
           && read_lines(reading, node, &batch, err) && read_allot(reading, node, &batch, err)
           && add_batch(reading, node, batch, err) && read_rounds(reading, node, &batch, err);
}

/* The batch or round that `key` of a map names; PLACE_NONE. */
static bool find_batch(const struct reading *reading, struct yaml_node *map, const char *key,
                       uint32_t *out, struct err *err)
{
    struct str text;
    *out = PLACE_NONE;
    if (!yaml_text(map, key, reading->name, &text, err)) return false;
    for (size_t i = 0; i < reading->batches.count; i++) {
        if (str_equal(reading->batches.items[i].key, text)) *out = (uint32_t)i;
    }
    return true;
}

/* of: KEY, the batch whose groups are filled: one that has groups of its own. */
static bool settle_of(struct reading *reading, const struct pending *pending, struct err *err)
{
    struct yaml_node *of = yaml_get(pending->node, "of");
    struct place_batch *batches = reading->batches.items;
    uint32_t home;
    if (!find_batch(reading, pending->node, "of", &home, err)) return false;
    bool good = home != PLACE_NONE;
    for (size_t i = 0; i < reading->pending.count; i++) {
        if (reading->pending.items[i].batch == home) good = false;
    }
    if (!good || batches[home].round_of != home) {
        return fail(reading, of, err, "\"of\" names a batch that has groups of its own",
                    "of 要写一个有自己专业组（学校）的批次");
    }
    if (batches[pending->batch].allot.has_below && home > pending->batch) {
        return fail(reading, yaml_get(yaml_get(pending->node, "allot"), "below"), err,
                    "the general line is known only behind the batch that \"of\" names: put that "
                    "one first, or state the lowest total under \"lines\"",
                    "统招线要等 of 所指的批次录取以后才有：请把那个批次排在前面，或者在 lines 里"
                    "写明最低分");
    }
    for (size_t i = pending->batch; i < reading->batches.count; i++) {
        if (batches[i].round_of == pending->batch) batches[i].round_of = home;
    }
    return true;
}

/* rest: KEY, a later batch that fills the same groups and is open to all. */
static bool settle_rest(struct reading *reading, const struct pending *pending, struct err *err)
{
    struct yaml_node *allot = yaml_get(pending->node, "allot");
    struct place_batch *batches = reading->batches.items;
    uint32_t rest, home = batches[pending->batch].round_of;
    if (allot == NULL || yaml_get(allot, "rest") == NULL) return true;
    if (!find_batch(reading, allot, "rest", &rest, err)) return false;
    if (rest == PLACE_NONE || rest < pending->batch || batches[rest].round_of != home
        || batches[rest].allot.batch != PLACE_NONE) {
        return fail(reading, yaml_get(allot, "rest"), err,
                    "\"rest\" names a later batch that fills the same groups and allots nothing",
                    "rest 要写后面一个填同样专业组（学校）、不按初中分配的批次");
    }
    for (size_t i = pending->batch; i < reading->batches.count; i++) {
        if (batches[i].allot.batch == pending->batch) batches[i].allot.rest = rest;
    }
    return true;
}

static bool settle_pending(struct reading *reading, struct err *err)
{
    for (size_t i = 0; i < reading->pending.count; i++) {
        if (!settle_of(reading, &reading->pending.items[i], err)) return false;
    }
    for (size_t i = 0; i < reading->pending.count; i++) {
        if (!settle_rest(reading, &reading->pending.items[i], err)) return false;
    }
    return true;
}

/* The six plans of the promise, and those that a text adds. */
static bool read_plans(struct reading *reading, struct yaml_node *root, struct err *err)
{
    struct str *more;
    size_t count, promised = sizeof plans_promised / sizeof *plans_promised;
    if (!yaml_texts(reading->arena, root, "plans", reading->name, &more, &count, err)) return false;
    if (count + promised > PLACE_PLANS_MAX) {
        return fail(reading, yaml_get(root, "plans"), err, "too many plans", "计划类别太多");
    }
    struct place_rules *rules = reading->rules;
    rules->plans = arena_array(reading->arena, struct str, count + promised);
    for (size_t i = 0; i < promised; i++) {
        rules->plans[rules->plan_count++] = str_from(plans_promised[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (!is_plan(rules, more[i])) rules->plans[rules->plan_count++] = more[i];
    }
    return true;
}

static bool read_root(struct reading *reading, struct yaml_node *root, struct err *err)
{
    struct place_rules *rules = reading->rules;
    if (!yaml_texts(reading->arena, root, "ties", reading->name, &rules->ties, &rules->tie_count,
                    err)) {
        return false;
    }
    if (rules->tie_count > PLACE_TIES_MAX) {
        return fail(reading, yaml_get(root, "ties"), err, "too many ties", "同分比较项太多");
    }
    if (!read_plans(reading, root, err)) return false;
    struct yaml_node *batches = yaml_get(root, "batches");
    if (batches == NULL || batches->kind != YAML_LIST || batches->count == 0) {
        return fail(reading, root, err, "\"batches\" lists the batches in order",
                    "batches 按顺序列出各批次");
    }
    for (size_t i = 0; i < batches->count; i++) {
        if (!read_batch(reading, batches->items[i], err)) return false;
    }
    if (!settle_pending(reading, err)) return false;
    rules->batches = reading->batches.items;
    rules->batch_count = reading->batches.count;
    return yaml_check_used(root, reading->name, err);
}

bool place_rules_read(struct arena *arena, const char *path, struct place_rules *out,
                      struct err *err)
{
    struct str text;
    struct yaml_node *root;
    struct place_rules rules = {0};
    if (!file_read(arena, path, RULES_BYTES_MAX, &text, err)) return false;
    struct reading reading = {.arena = arena, .rules = &rules};
    reading.name = str_cstr(arena, file_name(path));
    if (!yaml_parse(arena, text, reading.name, &root, err)) return false;
    if (!read_root(&reading, root, err)) return false;
    *out = rules;
    return true;
}
