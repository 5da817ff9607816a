#include "findings/rules.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/yaml.h"

#include <stdio.h>

enum { RULES_FILE_BYTES_MAX = 1 << 20, TRUE_PERMILLE_DEFAULT = 900 };

static const char *const says_words[SAYS_COUNT] = {
    "expected", "gone",     "enrolled", "attending", "absent",
    "left",     "finished", "lawful",   "schooled",  "unschooled",
};

static const char *const queue_keys[QUEUE_COUNT] = {
    "visit", "ask_elsewhere", "fix_data", "report_missing", "pay", "collect", "watch", "urge",
};
static const char *const queue_zh[QUEUE_COUNT] = {
    "去入户", "查外地学籍", "改数据", "缺报表", "核资助", "补信息", "关注", "督办",
};
static const char *const queue_en[QUEUE_COUNT] = {
    "visit the home",     "ask elsewhere",           "repair data", "list not reported",
    "see to the payment", "ask for what is missing", "keep watch",  "urge",
};

const char *queue_key(enum queue queue)
{
    CHECK(queue < QUEUE_COUNT);
    return queue_keys[queue];
}

int queue_of(struct str key)
{
    for (int i = 0; i < QUEUE_COUNT; i++) {
        if (str_is(key, queue_keys[i])) return i;
    }
    return -1;
}

const char *queue_text(enum queue queue, enum lang lang)
{
    CHECK(queue < QUEUE_COUNT);
    return lang == LANG_EN ? queue_en[queue] : queue_zh[queue];
}

/* One side (`when` or `unless`) of a clause; conditions are appended to the clause. */
static bool read_conditions(struct arena *arena, struct yaml_node *clause, const char *side,
                            const char *name, struct rule_clause *out, struct err *err)
{
    struct yaml_node *map = yaml_get(clause, side);
    if (map == NULL) return true;
    if (map->kind != YAML_MAP) {
        return yaml_fail(map, name, err, "expected a map of fields and words",
                         "此处应为字段与词的对照");
    }
    for (size_t i = 0; i < map->count; i++) {
        struct str key = map->keys[i]->text;
        int field = person_field_of(key);
        if (field < 0) {
            return yaml_fail(map->keys[i], name, err, "this is not a field that checks read",
                             "这不是比对所用的字段");
        }
        struct rule_condition *condition = &out->conditions[out->condition_count++];
        condition->field = (enum person_field)field;
        condition->unless = str_is(str_from(side), "unless");
        if (!yaml_texts(arena, map, str_cstr(arena, key), name, &condition->words,
                        &condition->word_count, err)) {
            return false;
        }
    }
    return true;
}

static bool read_clause(struct arena *arena, const struct profiles *profiles,
                        struct yaml_node *node, const char *name, struct rule_clause *out,
                        struct err *err)
{
    struct str says;
    if (!yaml_text(node, "says", name, &says, err)) return false;
    out->says = SAYS_COUNT;
    for (int i = 0; i < SAYS_COUNT; i++) {
        if (str_is(says, says_words[i])) out->says = (enum rule_says)i;
    }
    if (out->says == SAYS_COUNT) {
        return yaml_fail(yaml_get(node, "says"), name, err,
                         "expected one of: expected, gone, enrolled, attending, absent, left, "
                         "finished, lawful, schooled, unschooled",
                         "此处应为 expected、gone、enrolled、attending、absent、left、finished、"
                         "lawful、schooled、unschooled 之一");
    }
    if (!yaml_text(node, "register", name, &out->register_key, err)) return false;
    if (profile_find(profiles, out->register_key) == NULL) {
        return yaml_fail(yaml_get(node, "register"), name, err, "no register has this name",
                         "没有这个名册");
    }
    struct yaml_node *when = yaml_get(node, "when"), *unless = yaml_get(node, "unless");
    size_t conditions = (when ? when->count : 0) + (unless ? unless->count : 0);
    out->conditions = arena_array(arena, struct rule_condition, conditions);
    return read_conditions(arena, node, "when", name, out, err)
           && read_conditions(arena, node, "unless", name, out, err)
           && yaml_bool_or(node, "term", name, false, &out->term, err)
           && yaml_text_or(node, "reason", name, STR_EMPTY, &out->reason, err);
}

static bool read_clauses(struct rules *out, struct arena *arena, const struct profiles *profiles,
                         struct yaml_node *root, const char *name, struct err *err)
{
    struct yaml_node *list = yaml_get(root, "clauses");
    if (list == NULL || list->kind != YAML_LIST) {
        return yaml_fail(root, name, err, "\"clauses\" with a list is missing",
                         "缺少 clauses 列表");
    }
    out->clauses = arena_array(arena, struct rule_clause, list->count);
    out->clause_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (!read_clause(arena, profiles, list->items[i], name, &out->clauses[i], err)) {
            return false;
        }
    }
    return true;
}

static bool read_reasons(struct rules *out, struct arena *arena, struct yaml_node *root,
                         const char *name, struct err *err)
{
    struct yaml_node *map = yaml_get(root, "reasons");
    if (map == NULL || map->kind != YAML_MAP) {
        return yaml_fail(root, name, err, "\"reasons\" is missing", "缺少 reasons");
    }
    out->reasons = arena_array(arena, struct rule_reason, map->count);
    out->reason_count = map->count;
    for (size_t i = 0; i < map->count; i++) {
        struct rule_reason *reason = &out->reasons[i];
        struct yaml_node *words = yaml_get(map, str_cstr(arena, map->keys[i]->text));
        reason->key = map->keys[i]->text;
        if (!yaml_text(words, "zh", name, &reason->zh, err)) return false;
        if (!yaml_text(words, "en", name, &reason->en, err)) return false;
        if (!yaml_integer_or(words, "true", name, TRUE_PERMILLE_DEFAULT, &reason->true_permille,
                             err)) {
            return false;
        }
        if (reason->true_permille < 0 || reason->true_permille > 1000) {
            return yaml_fail(words, name, err, "\"true\" is a share in a thousand, 0 to 1000",
                             "true 为千分比，应在 0 至 1000 之间");
        }
    }
    return true;
}

/* What the checks give by themselves. */
static const char *const reasons_given[] = {
    "no_record",     "seen_unschooled", "stated_school", "sibling_elsewhere",   "still_preschool",
    "same_as",       "age_unknown",     "no_roll",       "not_listed",          "absent",
    "two_rolls",     "two_records",     "no_household",  "household_elsewhere", "dropped_out",
    "not_reported",  "two_numbers",     "not_paid",      "paid_less",           "not_due",
    "not_concerned", "paid_more",       "not_on_roll",   "paid_twice",          "paid_both",
    "facts_missing", "facts_conflict",  "step_late",     "paid_late",           "newly_monitored",
    "school_below",  "village_below",   "registered_twice", "admitted_twice",   "exclusive_plans",
    "moved_late",
};

/* Nobody is shown a bare key: every reason that can be given has words. */
static bool check_reasons(const struct rules *rules, struct yaml_node *root, const char *name,
                          struct err *err)
{
    struct yaml_node *clauses = yaml_get(root, "clauses");
    for (size_t i = 0; i < rules->clause_count; i++) {
        struct str reason = rules->clauses[i].reason;
        if (reason.len == 0 || rules_has_reason(rules, reason)) continue;
        return yaml_fail(yaml_get(clauses->items[i], "reason"), name, err,
                         "this reason has no words under \"reasons\"",
                         "reasons 中没有这一原因的说法");
    }
    for (size_t i = 0; i < sizeof reasons_given / sizeof *reasons_given; i++) {
        if (rules_has_reason(rules, str_from(reasons_given[i]))) continue;
        struct yaml_node *reasons = yaml_get(root, "reasons");
        return yaml_fail(reasons, name, err, "\"reasons\" has no words for one that checks give",
                         "reasons 缺少比对所用的某一原因")
               || err_at(err, "\"%s\"", "“%s”", reasons_given[i]);
    }
    return true;
}

static bool read_numbers(struct rules *out, struct yaml_node *root, const char *name,
                         struct err *err)
{
    int64_t from, to;
    if (!yaml_integer_or(root, "age_from", name, 6, &from, err)) return false;
    if (!yaml_integer_or(root, "age_to", name, 14, &to, err)) return false;
    if (from < 0 || to < from || to > 120) {
        return yaml_fail(root, name, err, "age_from and age_to must be ages, the first not larger",
                         "age_from 与 age_to 应为年龄，且前者不大于后者");
    }
    int64_t preschool;
    if (!yaml_integer_or(root, "preschool_age_to", name, from, &preschool, err)) return false;
    if (preschool < 0 || preschool > 120) {
        return yaml_fail(root, name, err, "preschool_age_to must be an age",
                         "preschool_age_to 应为年龄");
    }
    out->age_from = (int)from;
    out->age_to = (int)to;
    out->preschool_age_to = (int)preschool;
    struct yaml_node *minutes = yaml_get(root, "work_minutes");
    for (int i = 0; i < QUEUE_COUNT; i++) {
        if (!yaml_integer_or(minutes, queue_keys[i], name, 60, &out->work_minutes[i], err)) {
            return false;
        }
        if (out->work_minutes[i] < 1) {
            return yaml_fail(minutes, name, err, "work_minutes must be above 0",
                             "work_minutes 应大于 0");
        }
    }
    return yaml_integer_or(root, "list_from_permille", name, 500, &out->list_from_permille, err)
           && yaml_integer_or(root, "unreported_share_permille", name, 600,
                              &out->unreported_share_permille, err)
           && yaml_integer_or(root, "unreported_children_min", name, 5,
                              &out->unreported_children_min, err);
}

static bool read_text(struct arena *arena, const char *folder, struct str *text, const char **name,
                      struct err *err)
{
    static const char path[] = "national/rules/compulsory.yaml";
    struct text full;
    text_init(&full, arena, 4096);
    text_add_f(&full, "%s/%s", folder == NULL ? "policies" : folder, path);
    *name = full.ptr;
    if (folder != NULL) return file_read(arena, full.ptr, RULES_FILE_BYTES_MAX, text, err);
    CHECK(asset_find(full.ptr, text));
    return true;
}

bool rules_load(struct rules *out, struct arena *arena, const struct profiles *profiles,
                const char *folder, struct err *err)
{
    CHECK(profiles != NULL);
    struct str text;
    const char *name;
    struct yaml_node *root;
    struct rules rules = {0};
    if (!read_text(arena, folder, &text, &name, err)) return false;
    if (!yaml_parse(arena, text, name, &root, err)) return false;
    if (!yaml_text(root, "key", name, &rules.key, err)
        || !yaml_text(root, "zh", name, &rules.zh, err)
        || !yaml_text(root, "en", name, &rules.en, err)
        || !yaml_texts(arena, root, "stages", name, &rules.stages, &rules.stage_count, err)
        || !read_numbers(&rules, root, name, err)
        || !read_clauses(&rules, arena, profiles, root, name, err)
        || !read_reasons(&rules, arena, root, name, err) || !check_reasons(&rules, root, name, err)
        || !yaml_check_used(root, name, err)) {
        return false;
    }
    *out = rules;
    return true;
}

static bool condition_holds(const struct rule_condition *condition, struct str value)
{
    bool there = false;
    for (size_t i = 0; i < condition->word_count && !there; i++) {
        struct str word = condition->words[i];
        there = str_is(word, "*") ? value.len > 0 : str_equal(word, value);
    }
    return there != condition->unless;
}

/* A stated month or year stands for all of it; an unreadable end is taken as open. */
static bool in_term(const struct people *people, uint32_t record)
{
    char today[DAY_TEXT_SIZE];
    day_format(people->when.at, today);
    struct str at = str_from(today);
    struct str from = people_text(people, record, PERSON_FROM);
    struct str to = people_text(people, record, PERSON_TO);
    if (from.len >= 4 && from.len <= 10 && str_compare(str_slice(at, 0, from.len), from) < 0) {
        return false;
    }
    return !(to.len >= 4 && to.len <= 10 && str_compare(str_slice(at, 0, to.len), to) > 0);
}

bool rules_clause_holds(const struct rule_clause *clause, const struct people *people,
                        uint32_t record)
{
    for (size_t i = 0; i < clause->condition_count; i++) {
        const struct rule_condition *condition = &clause->conditions[i];
        if (!condition_holds(condition, people_text(people, record, condition->field))) {
            return false;
        }
    }
    return !clause->term || in_term(people, record);
}

static const struct rule_reason *find_reason(const struct rules *rules, struct str key)
{
    for (size_t i = 0; i < rules->reason_count; i++) {
        if (str_equal(rules->reasons[i].key, key)) return &rules->reasons[i];
    }
    return NULL;
}

int64_t rules_reason_permille(const struct rules *rules, struct str key)
{
    const struct rule_reason *reason = find_reason(rules, key);
    return reason == NULL ? TRUE_PERMILLE_DEFAULT : reason->true_permille;
}

bool rules_has_reason(const struct rules *rules, struct str key)
{
    return find_reason(rules, key) != NULL;
}

struct str rules_reason_text(const struct rules *rules, struct str key, enum lang lang)
{
    const struct rule_reason *reason = find_reason(rules, key);
    if (reason == NULL) return key;
    return lang == LANG_EN ? reason->en : reason->zh;
}
