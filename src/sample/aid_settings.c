#include "sample/settings.h"

#include "base/list.h"
#include "base/yaml.h"

/* Student aid in the sample: the part `aid` of sample.yaml. */

enum { GROUPS_MAX = 8, FEN_MAX = 100000000 };

static const char *const fact_keys[AID_FACT_COUNT] = {
    "poverty_lifted", "dibao_rural", "dibao_urban", "destitute_rural",      "destitute_urban",
    "orphan",         "disabled",    "recognised",  "agriculture_medicine", "poor_county",
};

static const char *const class_keys[MAJOR_COUNT] = {"general", "agriculture_medicine", "arts",
                                                    "opera"};

/* Names for several facts. */
struct groups {
    struct yaml_node *map;
    struct arena *arena;
};

static const char *const account_keys[ACCOUNT_KINDS] = {"",          "lacking", "other",
                                                        "malformed", "closed",  "stopped"};

const char *sample_account_key(enum account_kind kind)
{
    CHECK((int)kind >= 0 && kind < ACCOUNT_KINDS);
    return account_keys[kind];
}

int sample_aid_scheme(const struct aid_settings *aid, struct str key)
{
    for (size_t i = 0; i < aid->scheme_count; i++)
        if (str_equal(aid->schemes[i].key, key)) return (int)i;
    return -1;
}

/* The facts that a list of them, or of groups, names. */
static bool read_facts(const struct groups *groups, struct yaml_node *map, const char *key,
                       const char *name, bool grouped, uint32_t *out, struct err *err)
{
    struct str *words;
    size_t count;
    if (!yaml_texts(groups->arena, map, key, name, &words, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        size_t fact = 0;
        const char *word = str_cstr(groups->arena, words[i]);
        while (fact < AID_FACT_COUNT && !str_is(words[i], fact_keys[fact])) fact++;
        if (fact < AID_FACT_COUNT)
            *out |= 1u << fact;
        else if (!grouped || groups->map == NULL || yaml_get(groups->map, word) == NULL)
            return yaml_fail(yaml_get(map, key), name, err, "there is no such fact or group",
                             "没有这样的条件或条件组");
        else if (!read_facts(groups, groups->map, word, name, false, out, err))
            return false;
    }
    return true;
}

static bool read_fen(struct yaml_node *map, const char *key, const char *name, int64_t *out,
                     struct err *err)
{
    if (!yaml_integer_or(map, key, name, 0, out, err)) return false;
    if (*out >= 0 && *out <= FEN_MAX) return true;
    return yaml_fail(yaml_get(map, key), name, err, "the amount is too small or too large",
                     "金额超出范围");
}

static bool read_amounts(struct yaml_node *node, const char *name, struct aid_scheme *out,
                         struct err *err)
{
    struct yaml_node *fen = yaml_get(node, "fen"), *by_class = yaml_get(node, "fen_by_class");
    if (fen == NULL || fen->kind != YAML_MAP)
        return yaml_fail(node, name, err, "the amounts by stage are missing", "缺少各学段的金额");
    for (size_t stage = 1; stage < STAGE_COUNT; stage++) {
        const char *key = sample_stage_key((enum stage)stage);
        out->stages[stage] = yaml_get(fen, key) != NULL;
        if (!read_fen(fen, key, name, &out->fen[stage], err)) return false;
    }
    for (size_t i = 0; by_class != NULL && i < MAJOR_COUNT; i++)
        if (!read_fen(by_class, class_keys[i], name, &out->fen_by_class[i], err)) return false;
    return yaml_bool_or(node, "fee", name, false, &out->fee, err);
}

static bool read_scheme(const struct groups *groups, struct yaml_node *node, const char *name,
                        struct aid_scheme *out, struct err *err)
{
    struct str boarding;
    if (!yaml_text(node, "key", name, &out->key, err)
        || !yaml_texts(groups->arena, node, "names", name, &out->names, &out->name_count, err)
        || !yaml_text_or(node, "boarding", name, STR_EMPTY, &boarding, err)
        || !yaml_integer_or(node, "grade_most", name, 9, &out->grade_most, err)
        || !read_facts(groups, node, "who", name, true, &out->who, err))
        return false;
    if (out->name_count == 0)
        return yaml_fail(node, name, err, "the scheme has no name", "资助项目没有名称");
    out->boarders = !str_is(boarding, "no");
    out->day_pupils = !str_is(boarding, "yes");
    return read_amounts(node, name, out, err);
}

static bool read_schemes(struct aid_settings *out, const struct groups *groups,
                         struct yaml_node *map, const char *name, struct err *err)
{
    struct yaml_node *list = yaml_get(map, "schemes");
    if (list == NULL || list->kind != YAML_LIST || list->count > AID_SCHEMES_MAX)
        return yaml_fail(map, name, err, "a list of schemes is expected", "应有 schemes 列表");
    out->scheme_count = list->count;
    for (size_t i = 0; i < list->count; i++)
        if (!read_scheme(groups, list->items[i], name, &out->schemes[i], err)) return false;
    for (size_t i = 0; i < list->count; i++) {
        struct str excludes;
        if (!yaml_text_or(list->items[i], "excludes", name, STR_EMPTY, &excludes, err))
            return false;
        out->schemes[i].excludes = sample_aid_scheme(out, excludes);
        if (excludes.len > 0 && out->schemes[i].excludes < 0)
            return yaml_fail(list->items[i], name, err, "it excludes a scheme that is not there",
                             "所排斥的项目不存在");
    }
    return true;
}

static bool read_majors(struct aid_settings *out, struct arena *arena, struct yaml_node *map,
                        const char *name, struct err *err)
{
    struct yaml_node *list = yaml_get(map, "majors");
    if (list == NULL || list->kind != YAML_LIST || list->count == 0 || list->count > UINT8_MAX)
        return yaml_fail(map, name, err, "a list of majors is expected", "应有 majors 列表");
    out->majors.items = arena_array(arena, struct weighted, list->count);
    out->major_classes = arena_array(arena, enum major_class, list->count);
    out->majors.count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        struct weighted *item = &out->majors.items[i];
        struct str key;
        int64_t weight;
        size_t number = 0;
        if (!yaml_text(list->items[i], "zh", name, &item->text, err)
            || !yaml_text(list->items[i], "class", name, &key, err)
            || !yaml_integer_or(list->items[i], "weight", name, 1, &weight, err))
            return false;
        while (number < MAJOR_COUNT && !str_is(key, class_keys[number])) number++;
        if (number == MAJOR_COUNT || weight < 1 || weight > PPM)
            return yaml_fail(list->items[i], name, err, "the class or the weight is not understood",
                             "专业类别或权重无法识别");
        out->major_classes[i] = (enum major_class)number;
        item->weight = (uint32_t)weight;
        item->from = out->majors.sum;
        out->majors.sum += item->weight;
    }
    return true;
}

static bool read_fees(struct aid_settings *out, struct arena *arena, struct yaml_node *map,
                      const char *name, struct err *err)
{
    struct str *texts;
    if (!yaml_texts(arena, map, "school_fees", name, &texts, &out->school_fee_count, err))
        return false;
    out->school_fees = arena_array(arena, int64_t, out->school_fee_count + 1);
    for (size_t i = 0; i < out->school_fee_count; i++)
        if (!str_to_i64(texts[i], &out->school_fees[i]) || out->school_fees[i] < 0)
            return yaml_fail(yaml_get(map, "school_fees"), name, err, "an amount is expected",
                             "应为金额");
    return true;
}

bool sample_aid_load(struct aid_settings *out, struct arena *arena, struct yaml_node *map,
                     const char *name, struct err *err)
{
    const struct {
        const char *key;
        int64_t *share;
    } shares[] = {{"missed", &out->missed},
                  {"undue", &out->undue},
                  {"twice", &out->twice},
                  {"abbreviated", &out->abbreviated},
                  {"account_lacking", &out->accounts[ACCOUNT_LACKING]},
                  {"account_other", &out->accounts[ACCOUNT_OTHER]},
                  {"account_malformed", &out->accounts[ACCOUNT_MALFORMED]},
                  {"account_closed", &out->accounts[ACCOUNT_CLOSED]},
                  {"account_stopped", &out->accounts[ACCOUNT_STOPPED]}};
    if (map == NULL)
        return err_set(err, ERR_INPUT, "%s: \"aid\" is missing", "%s：缺少 aid 的设定", name);
    const struct groups groups = {yaml_get(map, "groups"), arena};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        if (!yaml_integer_or(map, shares[i].key, name, 0, shares[i].share, err)) return false;
        if (*shares[i].share < 0 || *shares[i].share > PPM)
            return yaml_fail(yaml_get(map, shares[i].key), name, err,
                             "a number of 0 to 1000000 is expected", "应为 0 至 1000000 的数字");
    }
    if (!yaml_texts(arena, map, "banks", name, &out->banks, &out->bank_count, err)) return false;
    if (out->bank_count == 0)
        return yaml_fail(map, name, err, "no bank is named", "未列出开户银行");
    return yaml_texts(arena, map, "poor_counties", name, &out->poor_counties,
                      &out->poor_county_count, err)
           && read_fees(out, arena, map, name, err) && read_majors(out, arena, map, name, err)
           && read_schemes(out, &groups, map, name, err);
}
