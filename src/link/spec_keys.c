#include "link/spec_keys.h"

#include "link/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BITS_MOST = 1000, NEAR_EDITS = 2 };

static const struct spec_key keys[] = {
    {SPEC_TOP, "id", SPEC_TEXT, 0, 0, NULL, NULL, false,
     "column of record ids, unique inside a file; without it rows are numbered from 1",
     "编号列，一份文件内不重复；没有则按行从 1 编号"},
    {SPEC_TOP, "source", SPEC_TEXT, 0, 0, NULL, NULL, false,
     "column that says where a record comes from; without it each file is one source",
     "来源列；没有则每份文件是一个来源"},
    {SPEC_TOP, "pairs", SPEC_CHOICE, 0, 0, NULL, "all|between", false,
     "between: only records of different sources are compared; for two files the default",
     "between：只比较不同来源的记录；两份文件时默认如此"},
    {SPEC_TOP, "once_per_entity", SPEC_BOOL, 0, 0, "false", NULL, false,
     "a source lists an entity at most once; joining two of its records costs once_penalty",
     "一个来源中同一对象至多一条；归并其中两条要扣 once_penalty"},
    {SPEC_TOP, "one_to_one", SPEC_BOOL, 0, 0, "false", NULL, false,
     "never two records of a source in one cluster", "一组内同一来源至多一条记录"},
    {SPEC_TOP, "derive", SPEC_DERIVE, 0, 0, NULL, NULL, false,
     "derived columns by name, in order; later ones may use earlier ones",
     "派生列，按顺序；后面的可用前面的"},
    {SPEC_TOP, "compare", SPEC_COMPARE, 1, LINK_COMPARISONS_MAX, NULL, NULL, true,
     "comparisons by key", "各项比较"},
    {SPEC_TOP, "block", SPEC_RULES, 1, LINK_RULES_MAX, NULL, NULL, true,
     "blocking rules: which pairs are looked at", "分块规则：比较哪些对"},
    {SPEC_TOP, "block_max", SPEC_INTEGER, 2, INT32_MAX, "2000", NULL, false,
     "most records in a block; larger blocks are passed over and counted",
     "一块最多的记录数；更大的块略过并计数"},
    {SPEC_TOP, "interactions", SPEC_INTERACTIONS, 0, LINK_INTERACTIONS_MAX, NULL, NULL, false,
     "pairs of comparisons whose bits do not simply add up", "比特不能简单相加的两项比较"},
    {SPEC_TOP, "review", SPEC_NUMBER, -BITS_MOST, BITS_MOST, "-5", NULL, false,
     "bits: pairs from here on are kept and written", "比特：从此起的对保留并写出"},
    {SPEC_TOP, "match", SPEC_NUMBER, -BITS_MOST, BITS_MOST, "5", NULL, false,
     "bits: records are joined from here on; not below review", "比特：从此起归并；不低于 review"},
    {SPEC_TOP, "once_penalty", SPEC_NUMBER, -BITS_MOST, BITS_MOST, "10", NULL, false,
     "bits that joining two records of a source that lists once costs",
     "归并同一来源中两条记录所扣的比特"},
    {SPEC_COMPARISON, "on", SPEC_COLUMNS, 1, SPEC_FIELDS_MAX, NULL, NULL, true,
     "the column compared, or several", "所比较的列，可有几列"},
    {SPEC_COMPARISON, "levels", SPEC_LEVELS, 1, LINK_LEVELS_MAX, NULL, NULL, true,
     "tests, closest first; or the name of a set", "各级条件，最接近的在前；或一组级别的名称"},
    {SPEC_COMPARISON, "label", SPEC_LABEL, 0, 0, NULL, NULL, false,
     "its name for people; without it the key", "给人看的名称；没有则用键"},
    {SPEC_COMPARISON, "otherwise", SPEC_LABEL, 0, 0, NULL, NULL, false,
     "the name of the last level, where no test holds", "最后一级（各条件都不成立）的名称"},
    {SPEC_COMPARISON, "frequency", SPEC_FREQUENCY, 0, 2, "false", NULL, false,
     "agreeing on a rare value weighs more, on a common one less; of which columns",
     "少见的值相同更有分量，常见的较轻；按哪些列"},
    {SPEC_COMPARISON, "frequency_weight", SPEC_NUMBER, 0, 1, "1", NULL, false,
     "how much of the value's rarity counts", "值的稀有程度计入几成"},
    {SPEC_COMPARISON, "missing", SPEC_CHOICE, 0, 0, "\"any\"", "any|all", false,
     "with several columns: any or all must be missing for the comparison to say nothing",
     "几列时：任一列缺失，或全部缺失，此项才不计"},
    {SPEC_COMPARISON, "anchor", SPEC_BOOL, 0, 0, "false", NULL, false,
     "the first level nearly always means one entity; training starts from it",
     "第一级几乎总是同一个；学习由此开始"},
    {SPEC_COMPARISON, "shared", SPEC_BOOL, 0, 0, "false", NULL, false,
     "several entities can have it in common: a household's telephone, address, guardian",
     "几个对象可以共有：一家人的电话、地址、监护人"},
    {SPEC_COMPARISON, "depends", SPEC_COLUMNS, 0, LINK_COLUMNS_MAX, NULL, NULL, false,
     "other columns that say the same: rules on them teach nothing about this comparison",
     "内容相同的其他列：建在其上的规则教不了这一项"},
    {SPEC_LEVEL, "test", SPEC_TEST, 0, 0, NULL, NULL, true, "what must hold", "条件"},
    {SPEC_LEVEL, "label", SPEC_LABEL, 0, 0, NULL, NULL, false, "its name for people",
     "给人看的名称"},
    {SPEC_LEVEL, "frequency", SPEC_FREQUENCY, 0, 2, NULL, NULL, false,
     "as of the comparison, for this level", "同比较项的 frequency，只就这一级"},
    {SPEC_RULE, "on", SPEC_RULE_TEXT, 0, 0, NULL, NULL, true, "the rule", "规则"},
    {SPEC_RULE, "max", SPEC_INTEGER, 2, INT32_MAX, NULL, NULL, false,
     "most records in a block of this rule", "这条规则一块最多的记录数"},
    {SPEC_WORDS, "en", SPEC_TEXT, 0, 0, NULL, NULL, false, "in English", "英文"},
    {SPEC_WORDS, "zh", SPEC_TEXT, 0, 0, NULL, NULL, false, "in Chinese", "中文"},
};

enum { KEYS = sizeof keys / sizeof *keys };

const struct spec_key *spec_keys(size_t *count)
{
    *count = KEYS;
    return keys;
}

const struct spec_key *spec_key_find(enum spec_place place, struct str name)
{
    for (size_t i = 0; i < KEYS; i++) {
        if (keys[i].place == place && str_is(name, keys[i].name)) return &keys[i];
    }
    return NULL;
}

static int32_t edits(struct arena *arena, struct str a, struct str b)
{
    struct value_text one, two;
    value_text_read(arena, a, &one);
    value_text_read(arena, b, &two);
    return text_damerau(&one, &two);
}

static bool fail_key(struct arena *arena, const struct yaml_node *key, enum spec_place place,
                     const char *name, struct err *err)
{
    const char *near = NULL;
    int32_t least = NEAR_EDITS + 1;
    for (size_t i = 0; i < KEYS && key->text.len < 40; i++) {
        if (keys[i].place != place) continue;
        int32_t far = edits(arena, key->text, str_from(keys[i].name));
        if (far < least && far < (int32_t)strlen(keys[i].name)) near = keys[i].name;
        if (far < least) least = far;
    }
    if (near == NULL) {
        return yaml_fail(key, name, err, "this key is not known here", "这里没有这个键");
    }
    struct text en, zh;
    text_init(&en, arena, ERR_TEXT_MAX / 2);
    text_init(&zh, arena, ERR_TEXT_MAX / 2);
    text_add_f(&en, "this key is not known here; did you mean `%s`?", near);
    text_add_f(&zh, "这里没有这个键；是不是 %s？", near);
    return yaml_fail(key, name, err, en.ptr, zh.ptr);
}

static bool check_number(struct arena *arena, const struct spec_key *key,
                         const struct yaml_node *node, const char *name, struct err *err)
{
    char *end;
    struct text en, zh;
    bool number = key->kind == SPEC_NUMBER || key->kind == SPEC_INTEGER;
    if (!number || node->kind != YAML_SCALAR || node->text.len == 0) return true;
    double value = strtod(str_cstr(arena, node->text), &end);
    /* What is no number at all is left to its reader. */
    if (*end != '\0' || (value >= key->least && value <= key->most)) return true;
    text_init(&en, arena, ERR_TEXT_MAX / 2);
    text_init(&zh, arena, ERR_TEXT_MAX / 2);
    text_add_f(&en, "expected a number from %d to %d", (int)key->least, (int)key->most);
    text_add_f(&zh, "此处应为 %d 到 %d 的数", (int)key->least, (int)key->most);
    return yaml_fail(node, name, err, en.ptr, zh.ptr);
}

/* The place of the maps that stand in a value of this kind; SPEC_PLACES: none do. */
static enum spec_place inside(enum spec_kind kind)
{
    return kind == SPEC_COMPARE  ? SPEC_COMPARISON
           : kind == SPEC_LEVELS ? SPEC_LEVEL
           : kind == SPEC_RULES  ? SPEC_RULE
           : kind == SPEC_LABEL  ? SPEC_WORDS
                                 : SPEC_PLACES;
}

struct check {
    struct arena *arena;
    const char *name;
    struct err *err;
};

static bool check_map(const struct check *check, const struct yaml_node *map,
                      enum spec_place place);

static bool check_value(const struct check *check, const struct spec_key *key,
                        const struct yaml_node *node)
{
    enum spec_place place = inside(key->kind);
    if (!check_number(check->arena, key, node, check->name, check->err)) return false;
    if (place == SPEC_PLACES || node->kind == YAML_SCALAR) return true;
    if (place == SPEC_WORDS) return check_map(check, node, place);
    for (size_t i = 0; i < node->count; i++) {
        if (!check_map(check, node->items[i], place)) return false;
    }
    return true;
}

/* Depth is that of the table: a map inside a level or a rule has no place of its own. */
static bool check_map(const struct check *check, const struct yaml_node *map, enum spec_place place)
{
    if (map->kind != YAML_MAP) return true;
    for (size_t i = 0; i < map->count; i++) {
        const struct spec_key *key = spec_key_find(place, map->keys[i]->text);
        if (key == NULL)
            return fail_key(check->arena, map->keys[i], place, check->name, check->err);
        if (!check_value(check, key, map->items[i])) return false;
    }
    return true;
}

bool spec_keys_check(struct arena *arena, const struct yaml_node *root, const char *name,
                     struct err *err)
{
    struct check check = {arena, name, err};
    return check_map(&check, root, SPEC_TOP);
}
