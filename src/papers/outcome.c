#include "papers/outcome.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/list.h"
#include "base/yaml.h"

enum { OUTCOMES_FILE_BYTES_MAX = 1 << 20 };

static const char *const found_keys[OUTCOME_FOUND_COUNT] = {"number_differs", "over_age",
                                                            "under_age", "alone", "not_listed"};

struct reader {
    struct outcomes *out;
    const struct procedure *procedure; /* whose outcomes the codes are */
    struct arena *arena;
    const struct profiles *profiles;
    const char *name; /* of the file */
};

static bool fail(const struct reader *reader, const struct yaml_node *node, struct err *err,
                 const char *en, const char *zh)
{
    return yaml_fail(node, reader->name, err, en, zh);
}

/* The list under `key`; an error when it is not there. */
static bool read_list(const struct reader *reader, struct yaml_node *root, const char *key,
                      enum yaml_kind kind, struct yaml_node **out, struct err *err)
{
    *out = yaml_get(root, key);
    if (*out != NULL && (*out)->kind == kind) return true;
    return fail(reader, *out == NULL ? root : *out, err,
                "a list of codes, proofs, facts or clauses is "
                "missing here",
                "此处缺少代码、佐证、事实或条款的列表")
           || err_at(err, "\"%s\"", "“%s”", key);
}

static int fact_number(const struct outcomes *out, struct str key)
{
    for (size_t i = 0; i < out->fact_count; i++) {
        if (str_equal(out->facts[i], key)) return (int)i;
    }
    return -1;
}

static bool read_facts_of(const struct reader *reader, struct yaml_node *map, const char *key,
                          uint64_t *out, struct err *err)
{
    struct str *words;
    size_t count;
    *out = 0;
    if (!yaml_texts(reader->arena, map, key, reader->name, &words, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        int number = fact_number(reader->out, words[i]);
        if (number < 0) {
            return fail(reader, yaml_get(map, key), err, "there is no fact of this name",
                        "没有这个事实");
        }
        *out |= 1ull << number;
    }
    return true;
}

static bool read_proofs_of(const struct reader *reader, struct yaml_node *map, const uint32_t **out,
                           size_t *count, struct err *err)
{
    struct str *words;
    if (!yaml_texts(reader->arena, map, "proofs", reader->name, &words, count, err)) return false;
    uint32_t *numbers = arena_array(reader->arena, uint32_t, *count);
    for (size_t i = 0; i < *count; i++) {
        size_t p = 0;
        while (p < reader->out->proof_count && !str_equal(reader->out->proofs[p].key, words[i]))
            p++;
        if (p == reader->out->proof_count) {
            return fail(reader, yaml_get(map, "proofs"), err, "there is no proof of this name",
                        "没有这种佐证");
        }
        numbers[i] = (uint32_t)p;
    }
    *out = numbers;
    return true;
}

/* First the keys, so that proofs, sources and clauses can name them. */
static bool read_fact_keys(const struct reader *reader, struct yaml_node *list, struct err *err)
{
    struct outcomes *out = reader->out;
    out->facts = arena_array(reader->arena, struct str, OUTCOME_FACTS_MAX);
    for (int i = 0; i < OUTCOME_FOUND_COUNT; i++) {
        out->facts[out->fact_count++] = str_from(found_keys[i]);
    }
    for (size_t i = 0; i < list->count; i++) {
        struct str key;
        if (!yaml_text(list->items[i], "key", reader->name, &key, err)) return false;
        int number = fact_number(out, key);
        if (number >= OUTCOME_FOUND_COUNT) continue;
        if (number >= 0 || out->fact_count == OUTCOME_FACTS_MAX) {
            return fail(reader, list->items[i], err,
                        "the program finds this fact itself, or there are more than 64",
                        "此事实由程序自行判断，或事实多于 64 种");
        }
        out->facts[out->fact_count++] = key;
    }
    return true;
}

static bool read_field(const struct reader *reader, const struct yaml_node *node,
                       const struct profile *profile, struct str key, int *out, struct err *err)
{
    *out = profile_field_number(profile, str_cstr(reader->arena, key));
    if (*out >= 0) return true;
    return fail(reader, node, err, "the register has no field of this name", "该名册没有这个字段");
}

static bool read_side(const struct reader *reader, struct yaml_node *node, const char *side,
                      struct outcome_source *out, struct err *err)
{
    struct yaml_node *map = yaml_get(node, side);
    if (map == NULL) return true;
    if (map->kind != YAML_MAP) {
        return fail(reader, map, err, "expected a map of fields and words",
                    "此处应为字段与词的对照");
    }
    for (size_t i = 0; i < map->count; i++) {
        struct outcome_condition *condition = &out->conditions[out->condition_count++];
        condition->unless = str_is(str_from(side), "unless");
        if (!read_field(reader, map->keys[i], out->profile, map->keys[i]->text, &condition->field,
                        err)
            || !yaml_texts(reader->arena, map, str_cstr(reader->arena, map->keys[i]->text),
                           reader->name, &condition->words, &condition->word_count, err)) {
            return false;
        }
    }
    return true;
}

static bool read_shows(const struct reader *reader, struct yaml_node *node,
                       struct outcome_source *out, struct err *err)
{
    struct str *words;
    if (!yaml_texts(reader->arena, node, "shows", reader->name, &words, &out->show_count, err)) {
        return false;
    }
    int *fields = arena_array(reader->arena, int, out->show_count);
    for (size_t i = 0; i < out->show_count; i++) {
        if (!read_field(reader, yaml_get(node, "shows"), out->profile, words[i], &fields[i], err)) {
            return false;
        }
    }
    out->shows = fields;
    return true;
}

static bool read_source(const struct reader *reader, struct yaml_node *node,
                        struct outcome_source *out, struct err *err)
{
    struct str key, profile;
    if (!yaml_text(node, "key", reader->name, &key, err)) return false;
    if (!yaml_text(node, "register", reader->name, &profile, err)) return false;
    out->fact = (uint32_t)fact_number(reader->out, key);
    out->profile = profile_find(reader->profiles, profile);
    if (out->profile == NULL) {
        return fail(reader, yaml_get(node, "register"), err, "no register has this name",
                    "没有这个名册");
    }
    struct yaml_node *when = yaml_get(node, "when"), *unless = yaml_get(node, "unless");
    size_t conditions = (when ? when->count : 0) + (unless ? unless->count : 0);
    out->conditions = arena_array(reader->arena, struct outcome_condition, conditions);
    out->from = profile_field_number(out->profile, "from");
    out->to = profile_field_number(out->profile, "to");
    return read_side(reader, node, "when", out, err) && read_side(reader, node, "unless", out, err)
           && yaml_bool_or(node, "term", reader->name, false, &out->term, err)
           && read_shows(reader, node, out, err);
}

static bool read_facts(const struct reader *reader, struct yaml_node *list, struct err *err)
{
    struct outcomes *out = reader->out;
    out->sources = arena_array(reader->arena, struct outcome_source, list->count);
    out->source_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (!read_source(reader, list->items[i], &out->sources[i], err)) return false;
    }
    return true;
}

static bool read_proofs(const struct reader *reader, struct yaml_node *map, struct err *err)
{
    struct outcomes *out = reader->out;
    out->proofs = arena_array(reader->arena, struct outcome_proof, map->count);
    out->proof_count = map->count;
    for (size_t i = 0; i < map->count; i++) {
        struct outcome_proof *proof = &out->proofs[i];
        struct yaml_node *node = map->items[i];
        proof->key = map->keys[i]->text;
        (void)yaml_get(map, str_cstr(reader->arena, proof->key));
        if (!yaml_text(node, "zh", reader->name, &proof->zh, err)
            || !yaml_text(node, "en", reader->name, &proof->en, err)
            || !yaml_text(node, "of_zh", reader->name, &proof->of_zh, err)
            || !yaml_text(node, "of_en", reader->name, &proof->of_en, err)
            || !read_facts_of(reader, node, "held_by", &proof->held_by, err)) {
            return false;
        }
    }
    return true;
}

static bool read_act(const struct reader *reader, struct yaml_node *node, struct str *zh,
                     struct str *en, struct err *err)
{
    if (!yaml_text_or(node, "act_zh", reader->name, STR_EMPTY, zh, err)
        || !yaml_text_or(node, "act_en", reader->name, STR_EMPTY, en, err)) {
        return false;
    }
    if ((zh->len == 0) == (en->len == 0)) return true;
    return fail(reader, node, err, "act_zh and act_en go together", "act_zh 与 act_en 应同时写明");
}

/* What a code is called, and whether it ends a case. */
static bool read_outcome(const struct reader *reader, struct yaml_node *node,
                         struct outcome_code *code, struct err *err)
{
    const struct procedure_outcome *outcome = procedure_outcome_find(reader->procedure, code->code);
    if (outcome == NULL) {
        return fail(reader, node, err, "the procedure has no outcome of this code",
                    "该程序没有这个核查结果代码");
    }
    code->zh = outcome->zh;
    code->en = outcome->en;
    code->closes = outcome->closes;
    return true;
}

static bool read_procedure(struct reader *reader, struct yaml_node *root,
                           const struct procedures *procedures, struct err *err)
{
    struct str key;
    if (!yaml_text(root, "procedure", reader->name, &key, err)) return false;
    reader->procedure = procedure_find(procedures, key);
    if (reader->procedure != NULL) return true;
    return fail(reader, yaml_get(root, "procedure"), err, "there is no procedure of this name",
                "没有这个程序");
}

static bool read_codes(const struct reader *reader, struct yaml_node *list, struct err *err)
{
    struct outcomes *out = reader->out;
    out->codes = arena_array(reader->arena, struct outcome_code, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct outcome_code *code = &out->codes[i];
        struct yaml_node *node = list->items[i];
        if (!yaml_text(node, "code", reader->name, &code->code, err)
            || !read_outcome(reader, node, code, err)
            || !read_proofs_of(reader, node, &code->proofs, &code->proof_count, err)
            || !read_act(reader, node, &code->act_zh, &code->act_en, err)) {
            return false;
        }
        if (outcome_find(out, code->code) != NULL) {
            return fail(reader, node, err, "this code stands twice", "代码重复");
        }
        out->code_count++;
    }
    return true;
}

static bool read_clause(const struct reader *reader, struct yaml_node *node,
                        struct outcome_clause *out, struct err *err)
{
    struct str text;
    if (!yaml_text(node, "code", reader->name, &text, err)) return false;
    const struct outcome_code *code = outcome_find(reader->out, text);
    if (code == NULL) {
        return fail(reader, yaml_get(node, "code"), err, "there is no such code", "没有这个代码");
    }
    out->code = (uint32_t)(code - reader->out->codes);
    if (!read_facts_of(reader, node, "all", &out->all, err)
        || !read_facts_of(reader, node, "none", &out->none, err)
        || !read_proofs_of(reader, node, &out->proofs, &out->proof_count, err)
        || !read_act(reader, node, &out->act_zh, &out->act_en, err)) {
        return false;
    }
    if (out->all == 0) {
        return fail(reader, node, err, "a clause needs at least one fact under \"all\"",
                    "条款的 all 至少应有一个事实");
    }
    if (out->proof_count == 0) {
        out->proofs = code->proofs;
        out->proof_count = code->proof_count;
    }
    if (out->act_zh.len == 0) {
        out->act_zh = code->act_zh;
        out->act_en = code->act_en;
    }
    return true;
}

static bool read_clauses(const struct reader *reader, struct yaml_node *list, struct err *err)
{
    struct outcomes *out = reader->out;
    out->clauses = arena_array(reader->arena, struct outcome_clause, list->count);
    out->clause_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (!read_clause(reader, list->items[i], &out->clauses[i], err)) return false;
    }
    return true;
}

static bool read_shares(const struct reader *reader, struct yaml_node *root, struct err *err)
{
    struct outcomes *out = reader->out;
    if (!yaml_integer_or(root, "sure_permille", reader->name, 950, &out->sure_permille, err)
        || !yaml_integer_or(root, "likely_permille", reader->name, 500, &out->likely_permille,
                            err)) {
        return false;
    }
    if (out->likely_permille > 0 && out->likely_permille <= out->sure_permille
        && out->sure_permille <= 1000) {
        return true;
    }
    return fail(reader, root, err,
                "sure_permille and likely_permille are shares in a thousand, the second not larger",
                "sure_permille 与 likely_permille 为千分比，且后者不大于前者");
}

static bool read_residence(const struct reader *reader, struct yaml_node *root, struct err *err)
{
    struct outcomes *out = reader->out;
    struct str *keys;
    if (!yaml_texts(reader->arena, root, "residence", reader->name, &keys, &out->residence_count,
                    err)) {
        return false;
    }
    struct str presence;
    if (!yaml_text_or(root, "presence", reader->name, STR_EMPTY, &presence, err)) return false;
    if (presence.len > 0) out->presence = profile_find(reader->profiles, presence);
    if (presence.len > 0 && out->presence == NULL) {
        return fail(reader, yaml_get(root, "presence"), err, "no register has this name",
                    "没有这个名册");
    }
    out->residence = arena_array(reader->arena, const struct profile *, out->residence_count);
    for (size_t i = 0; i < out->residence_count; i++) {
        out->residence[i] = profile_find(reader->profiles, keys[i]);
        if (out->residence[i] == NULL) {
            return fail(reader, yaml_get(root, "residence"), err, "no register has this name",
                        "没有这个名册");
        }
    }
    return true;
}

static const char *const column_words[OUTCOME_COLUMN_IS_COUNT] = {
    "field",    "serial", "place",       "code",          "outcome", "state", "certainty",
    "evidence", "act",    "proofs_held", "proofs_wanted", "folder",  "source"};

static bool read_column(const struct reader *reader, struct yaml_node *node,
                        struct outcome_column *out, struct err *err)
{
    struct str field, is;
    int64_t width;
    if (!yaml_text(node, "heading", reader->name, &out->heading, err)
        || !yaml_text_or(node, "field", reader->name, STR_EMPTY, &field, err)
        || !yaml_text_or(node, "is", reader->name, STR("field"), &is, err)
        || !yaml_integer_or(node, "width", reader->name, 12, &width, err)) {
        return false;
    }
    out->is = OUTCOME_COLUMN_IS_COUNT;
    for (int i = 0; i < OUTCOME_COLUMN_IS_COUNT; i++) {
        if (str_is(is, column_words[i])) out->is = (enum outcome_column_is)i;
    }
    if (out->is == OUTCOME_COLUMN_IS_COUNT || width < 1 || width > 255) {
        return fail(reader, node, err,
                    "\"is\" is not a column that is known, or the width is not 1 to 255",
                    "is 不是已知的列，或 width 不在 1 至 255 之间");
    }
    out->width = (int)width;
    if (out->is != OUTCOME_COLUMN_FIELD) return true;
    return read_field(reader, node, reader->out->list, field, &out->field, err);
}

static bool read_columns(const struct reader *reader, struct yaml_node *root, struct err *err)
{
    struct outcomes *out = reader->out;
    struct yaml_node *list;
    out->list = profile_find(reader->profiles, out->key);
    if (out->list == NULL) {
        return fail(reader, yaml_get(root, "key"), err, "no register has this name",
                    "没有这个名册");
    }
    if (!read_list(reader, root, "return", YAML_LIST, &list, err)) return false;
    out->columns = arena_array(reader->arena, struct outcome_column, list->count);
    out->column_count = list->count;
    for (size_t i = 0; i < list->count; i++) {
        if (!read_column(reader, list->items[i], &out->columns[i], err)) return false;
    }
    return true;
}

static bool read_text(struct reader *reader, const char *folder, struct str *text, struct err *err)
{
    struct text full;
    text_init(&full, reader->arena, 4096);
    text_add_f(&full, "%s/national/rules/suspects.yaml", folder == NULL ? "policies" : folder);
    reader->name = full.ptr;
    if (folder != NULL) {
        return file_read(reader->arena, full.ptr, OUTCOMES_FILE_BYTES_MAX, text, err);
    }
    CHECK(asset_find(full.ptr, text));
    return true;
}

bool outcomes_load(struct outcomes *out, struct arena *arena, const struct profiles *profiles,
                   const struct procedures *procedures, const char *folder, struct err *err)
{
    CHECK(profiles != NULL);
    struct outcomes outcomes = {0};
    struct reader reader = {.out = &outcomes, .arena = arena, .profiles = profiles};
    struct str text;
    struct yaml_node *root, *codes, *proofs, *facts, *clauses;
    if (!read_text(&reader, folder, &text, err) || !yaml_parse(arena, text, reader.name, &root, err)
        || !yaml_text(root, "key", reader.name, &outcomes.key, err)
        || !yaml_text(root, "zh", reader.name, &outcomes.zh, err)
        || !yaml_text(root, "en", reader.name, &outcomes.en, err)
        || !read_shares(&reader, root, err) || !read_procedure(&reader, root, procedures, err)
        || !read_list(&reader, root, "codes", YAML_LIST, &codes, err)
        || !read_list(&reader, root, "proofs", YAML_MAP, &proofs, err)
        || !read_list(&reader, root, "facts", YAML_LIST, &facts, err)
        || !read_list(&reader, root, "clauses", YAML_LIST, &clauses, err)
        || !read_residence(&reader, root, err) || !read_fact_keys(&reader, facts, err)
        || !read_facts_of(&reader, root, "number_facts", &outcomes.number_facts, err)
        || !read_facts_of(&reader, root, "against", &outcomes.against, err)
        || !read_columns(&reader, root, err) || !read_proofs(&reader, proofs, err)
        || !read_codes(&reader, codes, err) || !read_facts(&reader, facts, err)
        || !read_clauses(&reader, clauses, err) || !yaml_check_used(root, reader.name, err)) {
        return false;
    }
    *out = outcomes;
    return true;
}

const struct outcome_code *outcome_find(const struct outcomes *outcomes, struct str code)
{
    for (size_t i = 0; i < outcomes->code_count; i++) {
        if (str_equal(outcomes->codes[i].code, code)) return &outcomes->codes[i];
    }
    return NULL;
}

static bool word_fits(struct str word, struct str value, struct str province)
{
    if (str_is(word, "*")) return value.len > 0;
    if (str_is(word, "@province")) return province.len > 0 && str_starts(value, province);
    bool open_front = word.len > 1 && word.ptr[0] == '*';
    bool open_back = word.len > 1 && word.ptr[word.len - 1] == '*';
    struct str inner = str_slice(word, open_front ? 1 : 0, word.len - (open_back ? 1 : 0));
    if (open_front && open_back) return str_find(value, inner) != SIZE_MAX;
    if (open_back) return str_starts(value, inner);
    if (open_front) return str_ends(value, inner);
    return str_equal(word, value);
}

static bool condition_holds(const struct outcome_condition *condition, const struct str *values,
                            struct str province)
{
    bool there = false;
    for (size_t i = 0; i < condition->word_count && !there; i++) {
        there = word_fits(condition->words[i], values[condition->field], province);
    }
    return there != condition->unless;
}

/* A stated month or year stands for all of it; an unreadable end is taken as open. */
static bool in_term(const struct outcome_source *source, const struct str *values, struct str at)
{
    struct str from = source->from < 0 ? STR_EMPTY : values[source->from];
    struct str to = source->to < 0 ? STR_EMPTY : values[source->to];
    if (from.len >= 4 && from.len <= 10 && str_compare(str_slice(at, 0, from.len), from) < 0) {
        return false;
    }
    return !(to.len >= 4 && to.len <= 10 && str_compare(str_slice(at, 0, to.len), to) > 0);
}

bool outcome_source_holds(const struct outcome_source *source, const struct str *values,
                          struct str at, struct str province)
{
    for (size_t i = 0; i < source->condition_count; i++) {
        if (!condition_holds(&source->conditions[i], values, province)) return false;
    }
    return !source->term || in_term(source, values, at);
}

const struct outcome_clause *outcome_decide(const struct outcomes *outcomes, uint64_t facts)
{
    for (size_t i = 0; i < outcomes->clause_count; i++) {
        const struct outcome_clause *clause = &outcomes->clauses[i];
        if ((clause->all & ~facts) == 0 && (clause->none & facts) == 0) return clause;
    }
    return NULL;
}
