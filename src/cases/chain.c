#include "cases/chain.h"

#include "base/list.h"
#include "base/yaml.h"
#include "cases/pack_text.h"

static const char *const level_keys[] = {"family",   "school", "village",
                                         "township", "county", "city"};
static const size_t level_digits[] = {0, 0, 12, 9, 6, 4};

enum { LEVELS = sizeof level_keys / sizeof *level_keys };

const char *position_level_key(enum position_level level)
{
    CHECK((int)level < (int)LEVELS);
    return level_keys[level];
}

const char *position_level_text(enum position_level level, enum lang lang)
{
    static const char *const zh[] = {"家庭", "学校", "村", "乡镇", "县区", "市"};
    CHECK((int)level < (int)LEVELS);
    return lang == LANG_EN ? level_keys[level] : zh[level];
}

int position_find(const struct chains *chains, struct str key)
{
    for (size_t i = 0; i < chains->position_count; i++) {
        if (str_equal(chains->positions[i].key, key)) return (int)i;
    }
    return -1;
}

int chain_above(const struct chains *chains, size_t position)
{
    CHECK(position < chains->position_count);
    const struct chain *chain = chains->used;
    int next = -1;
    for (size_t i = 0; i < chain->count; i++) {
        size_t other = chain->positions[i];
        if (other <= position
            || !str_equal(chains->positions[other].line, chains->positions[position].line)) {
            continue;
        }
        if (next < 0 || other < (size_t)next) next = (int)other;
    }
    if (next >= 0 || chain->count == 0) return next;
    /* The line has ended: the last of the chain is above all but itself. */
    size_t last = chain->positions[chain->count - 1];
    return last != position && chains->positions[last].level >= chains->positions[position].level
               ? (int)last
               : -1;
}

static bool read_position(struct position *out, struct yaml_node *node, const char *name,
                          struct err *err)
{
    struct str level, role;
    if (!yaml_text(node, "zh", name, &out->zh, err) || !yaml_text(node, "en", name, &out->en, err)
        || !yaml_text(node, "line", name, &out->line, err)
        || !yaml_text(node, "level", name, &level, err)
        || !yaml_text_or(node, "role", name, STR_EMPTY, &role, err)) {
        return false;
    }
    size_t found = LEVELS;
    for (size_t i = 0; i < LEVELS; i++) {
        if (str_is(level, level_keys[i])) found = i;
    }
    if (found == LEVELS) {
        return yaml_fail(node, name, err,
                         "level is family, school, village, township, county or city",
                         "level 应为 family、school、village、township、county 或 city");
    }
    out->level = (enum position_level)found;
    out->role = role.len == 0 ? -1 : role_of(role);
    if (role.len == 0 || out->role >= 0) return true;
    return yaml_fail(node, name, err, "there is no such role", "没有这一角色");
}

static bool read_positions(struct chains *out, struct arena *arena, struct yaml_node *root,
                           const char *name, struct err *err)
{
    struct yaml_node *map = yaml_get(root, "positions");
    if (map == NULL || map->kind != YAML_MAP || map->count > POSITIONS_MAX) {
        return yaml_fail(map == NULL ? root : map, name, err,
                         "\"positions\" is missing, or has more than 32",
                         "缺少 positions，或其超过 32 个");
    }
    out->positions = arena_array(arena, struct position, map->count);
    for (size_t i = 0; i < map->count; i++) {
        struct position *position = &out->positions[out->position_count++];
        position->key = map->keys[i]->text;
        if (!read_position(position, map->items[i], name, err)) return false;
    }
    return true;
}

static bool read_chain(struct chains *out, struct chain *chain, struct arena *arena,
                       struct yaml_node *node, const char *name, struct err *err)
{
    struct str *keys, confidence;
    size_t count;
    if (!yaml_text(node, "zh", name, &chain->zh, err)
        || !yaml_text(node, "en", name, &chain->en, err)
        || !yaml_text_or(node, "confidence", name, STR_EMPTY, &confidence, err)
        || !yaml_texts(arena, node, "positions", name, &keys, &count, err)) {
        return false;
    }
    chain->positions = arena_array(arena, size_t, count);
    for (size_t i = 0; i < count; i++) {
        int position = position_find(out, keys[i]);
        if (position < 0) {
            return yaml_fail(yaml_get(node, "positions"), name, err, "there is no such position",
                             "没有这一职务");
        }
        chain->positions[chain->count++] = (size_t)position;
    }
    return true;
}

static bool read_chains(struct chains *out, struct arena *arena, struct yaml_node *root,
                        const char *name, struct err *err)
{
    struct yaml_node *map = yaml_get(root, "chains");
    if (map == NULL || map->kind != YAML_MAP) {
        return yaml_fail(root, name, err, "\"chains\" is missing", "缺少 chains");
    }
    out->items = arena_array(arena, struct chain, map->count);
    for (size_t i = 0; i < map->count; i++) {
        struct chain *chain = &out->items[out->count++];
        chain->key = map->keys[i]->text;
        if (!read_chain(out, chain, arena, map->items[i], name, err)) return false;
    }
    return true;
}

/* Whoever owes a step must be a position that there is. */
static bool check_owed(const struct chains *chains, const struct procedures *procedures,
                       struct err *err)
{
    for (size_t p = 0; p < procedures->count; p++) {
        const struct procedure *procedure = &procedures->items[p];
        for (size_t s = 0; s < procedure->step_count; s++) {
            const struct procedure_step *step = &procedure->steps[s];
            for (size_t i = 0; i < step->owes_count; i++) {
                if (position_find(chains, step->owes[i]) >= 0) continue;
                return err_set(err, ERR_INPUT,
                               "%.*s: step \"%.*s\" is owed by \"%.*s\", which is no position",
                               "%.*s：步骤“%.*s”所写的“%.*s”不是职务", STR_ARG(procedure->file),
                               STR_ARG(step->key), STR_ARG(step->owes[i]));
            }
        }
    }
    return true;
}

bool chains_load(struct chains *out, struct arena *arena, const char *folder,
                 const struct procedures *procedures, struct err *err)
{
    struct pack_text *texts;
    size_t count;
    struct chains chains = {0};
    if (!pack_texts(arena, folder, "procedures", &texts, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        struct yaml_node *root;
        if (!str_is(texts[i].name, "chains") || chains.position_count > 0) continue;
        if (!yaml_parse(arena, texts[i].text, texts[i].path, &root, err)
            || !read_positions(&chains, arena, root, texts[i].path, err)
            || !read_chains(&chains, arena, root, texts[i].path, err)) {
            return false;
        }
        (void)yaml_get(root, "use"); /* read by procedures_load */
        if (!yaml_check_used(root, texts[i].path, err)) return false;
    }
    for (size_t i = 0; i < chains.count; i++) {
        if (str_equal(chains.items[i].key, procedures->chain)) chains.used = &chains.items[i];
    }
    if (chains.used == NULL) {
        return err_set(err, ERR_INPUT, "the chain of responsibility \"%.*s\" is not there",
                       "没有责任链“%.*s”", STR_ARG(procedures->chain));
    }
    if (!check_owed(&chains, procedures, err)) return false;
    *out = chains;
    return true;
}

struct str position_unit(const struct position *position, struct str area, struct str school_code,
                         struct str school)
{
    if (position->level == LEVEL_FAMILY) return STR_EMPTY;
    if (position->level == LEVEL_SCHOOL) return school_code.len > 0 ? school_code : school;
    size_t digits = level_digits[position->level];
    return area.len >= digits ? str_slice(area, 0, digits) : STR_EMPTY;
}
