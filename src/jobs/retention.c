#include "jobs/retention.h"

#include "access/old.h"
#include "base/asset.h"
#include "base/file.h"
#include "base/yaml.h"
#include "registry/registry.h"

#include <string.h>

enum { RULES_BYTES_MAX = 1 << 20, OBJECT_BYTES_MAX = 4096 };
static const int64_t day_ms = 24 * 60 * 60 * 1000;

static const struct {
    const char *key, *zh, *en;
} thens[] = {
    [RETENTION_ERASE] = {"erase", "到期清除", "erased when due"},
    [RETENTION_KEEP] = {"keep", "保留", "kept"},
    [RETENTION_BY_ITSELF] = {"by_itself", "自行更替", "goes by itself"},
};

/* What can be erased, and nothing else can. */
static const struct erasable {
    const char *key;
    bool (*count)(struct store *store, int64_t before_ms, int64_t *all, int64_t *old,
                  struct err *err);
    bool (*erase)(struct store *store, int64_t before_ms, struct err *err);
} erasables[] = {
    {"sessions", sessions_old, sessions_erase},
    {"login_failures", login_failures_old, login_failures_erase},
    {"approvals", approvals_old, approvals_erase},
    {"rejected_rows", registry_rejects_old, registry_rejects_erase},
};

static const struct erasable *erasable_of(const struct retention_kind *kind)
{
    if (kind->then != RETENTION_ERASE) return NULL;
    for (size_t i = 0; i < sizeof erasables / sizeof *erasables; i++) {
        if (str_is(kind->key, erasables[i].key)) return &erasables[i];
    }
    return NULL;
}

static bool read_text(struct arena *arena, const char *folder, struct str *text, const char **name,
                      struct err *err)
{
    struct text full;
    text_init(&full, arena, 4096);
    text_add_f(&full, "%s/national/rules/retention.yaml", folder == NULL ? "policies" : folder);
    *name = full.ptr;
    if (folder != NULL) return file_read(arena, full.ptr, RULES_BYTES_MAX, text, err);
    CHECK(asset_find(full.ptr, text));
    return true;
}

static bool read_then(struct yaml_node *node, const char *name, enum retention_then *out,
                      struct err *err)
{
    struct str word;
    if (!yaml_text(node, "then", name, &word, err)) return false;
    for (size_t i = 0; i < sizeof thens / sizeof *thens; i++) {
        if (!str_is(word, thens[i].key)) continue;
        *out = (enum retention_then)i;
        return true;
    }
    return yaml_fail(node, name, err, "then is erase, keep or by_itself",
                     "then 应为 erase、keep 或 by_itself");
}

static bool read_kind(struct retention_kind *kind, struct arena *arena, struct yaml_node *node,
                      const char *name, struct err *err)
{
    if (!yaml_text(node, "zh", name, &kind->zh, err) || !yaml_text(node, "en", name, &kind->en, err)
        || !yaml_texts(arena, node, "tables", name, &kind->tables, &kind->table_count, err)
        || !yaml_texts(arena, node, "law", name, &kind->laws, &kind->law_count, err)
        || !yaml_integer_or(node, "days", name, -1, &kind->days, err)
        || !read_then(node, name, &kind->then, err)
        || !yaml_text(node, "why_zh", name, &kind->why_zh, err)
        || !yaml_text(node, "why_en", name, &kind->why_en, err)) {
        return false;
    }
    if (kind->law_count == 0) {
        return yaml_fail(node, name, err, "each kind names the law that it rests on",
                         "每类须写明依据的法律");
    }
    if (kind->days < (kind->then == RETENTION_ERASE)) {
        return yaml_fail(node, name, err, "days is a number of days, at least 1 where it is erased",
                         "days 为天数，到期清除的至少 1 天");
    }
    if (kind->then == RETENTION_ERASE && erasable_of(kind) == NULL) {
        return yaml_fail(node, name, err, "the program erases nothing of this kind",
                         "程序不清除这一类数据");
    }
    return true;
}

bool retention_load(struct retention_rules *out, struct arena *arena, const char *folder,
                    struct err *err)
{
    struct str text;
    const char *name;
    struct yaml_node *root;
    struct retention_rules rules = {0};
    if (!read_text(arena, folder, &text, &name, err)) return false;
    if (!yaml_parse(arena, text, name, &root, err)) return false;
    struct yaml_node *kinds = yaml_get(root, "kinds");
    if (kinds == NULL || kinds->kind != YAML_MAP) {
        return yaml_fail(root, name, err, "kinds is a map of kinds of data",
                         "kinds 应为各类数据的映射");
    }
    rules.kinds = arena_array(arena, struct retention_kind, kinds->count);
    for (size_t i = 0; i < kinds->count; i++) {
        struct retention_kind *kind = &rules.kinds[rules.count++];
        kind->key = kinds->keys[i]->text;
        if (!read_kind(kind, arena, kinds->items[i], name, err)) return false;
    }
    if (!yaml_check_used(root, name, err)) return false;
    *out = rules;
    return true;
}

const struct retention_kind *retention_kind_of(const struct retention_rules *rules,
                                               struct str table)
{
    for (size_t i = 0; i < rules->count; i++) {
        const struct retention_kind *kind = &rules->kinds[i];
        for (size_t t = 0; t < kind->table_count; t++) {
            struct str name = kind->tables[t];
            bool all = str_ends(name, STR("*"));
            if (all ? str_starts(table, str_slice(name, 0, name.len - 1))
                    : str_equal(table, name)) {
                return kind;
            }
        }
    }
    return NULL;
}

const char *retention_then_key(enum retention_then then)
{
    CHECK((size_t)then < sizeof thens / sizeof *thens);
    return thens[then].key;
}

const char *retention_then_text(enum retention_then then, enum lang lang)
{
    CHECK((size_t)then < sizeof thens / sizeof *thens);
    return lang == LANG_EN ? thens[then].en : thens[then].zh;
}

static int64_t limit_of(const struct retention_kind *kind, int64_t now_ms)
{
    return now_ms - kind->days * day_ms;
}

bool retention_look(struct store *store, const struct clock *clock,
                    const struct retention_rules *rules, struct arena *arena,
                    struct retention_due **out, struct err *err)
{
    int64_t now_ms = clock_now_ms(clock);
    struct retention_due *dues = arena_array(arena, struct retention_due, rules->count);
    for (size_t i = 0; i < rules->count; i++) {
        const struct retention_kind *kind = &rules->kinds[i];
        const struct erasable *erasable = erasable_of(kind);
        dues[i].kind = kind;
        if (erasable != NULL
            && !erasable->count(store, limit_of(kind, now_ms), &dues[i].rows, &dues[i].due, err)) {
            return false;
        }
    }
    *out = dues;
    return true;
}

/* "sessions 3, rejected_rows 12": what was erased, for the trail. */
static bool record(struct store *store, const struct clock *clock, const struct asker *asker,
                   const struct retention_due *dues, size_t count, struct arena *arena,
                   struct err *err)
{
    struct text object;
    text_init(&object, arena, OBJECT_BYTES_MAX);
    for (size_t i = 0; i < count; i++) {
        if (dues[i].due == 0) continue;
        text_add_f(&object, "%s%.*s %lld", object.len == 0 ? "" : ", ", STR_ARG(dues[i].kind->key),
                   (long long)dues[i].due);
    }
    if (object.len == 0) return true;
    return audit_append(store, clock, asker, AUDIT_RETENTION, text_str(&object), STR_EMPTY, err);
}

static bool erase_all(struct store *store, int64_t now_ms, struct retention_due *dues, size_t count,
                      struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        const struct retention_kind *kind = dues[i].kind;
        if (dues[i].due == 0) continue;
        if (!erasable_of(kind)->erase(store, limit_of(kind, now_ms), err)) return false;
        dues[i].rows -= dues[i].due;
    }
    return true;
}

bool retention_apply(struct store *store, const struct clock *clock, const struct asker *asker,
                     const struct retention_rules *rules, struct arena *arena,
                     struct retention_due **out, struct err *err)
{
    /* What is counted and what is erased are of one moment. */
    const struct clock now = clock_fixed(clock_now_ms(clock));
    struct retention_due *dues = NULL;
    if (!store_begin(store, err)) return false;
    bool done = retention_look(store, &now, rules, arena, &dues, err)
                && erase_all(store, clock_now_ms(&now), dues, rules->count, err)
                && record(store, clock, asker, dues, rules->count, arena, err);
    if (!store_end(store, done, err)) return false;
    *out = dues;
    return true;
}
