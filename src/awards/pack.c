#include "awards/pack.h"

#include "base/asset.h"
#include "base/file.h"
#include "base/list.h"

#include <string.h>

/* A pack as it was found. */
struct found {
    const char *folder; /* of a pack on disk: the folder named; else NULL */
    struct policy_source *sources;
    const char **paths;
    size_t count;
    struct str key;
    struct str *uses;
    size_t use_count;
    bool asked;
    enum { PLACE_OPEN, PLACE_ENTERED, PLACE_DONE } place; /* in the order being made */
};

struct finding {
    struct arena *arena;
    const struct pack_wish *wish;
    struct pack_faults *faults;
    LIST(struct found) packs;
    LIST(struct policy_source) sources; /* in order */
    LIST(const char *) paths;
    LIST(bool) asked;
};

static const char *join(struct arena *arena, const char *folder, struct str name)
{
    struct text path;
    text_init(&path, arena, strlen(folder) + name.len + 2);
    text_add_f(&path, "%s/%.*s", folder, STR_ARG(name));
    return path.ptr;
}

/* The *.policy files of a folder, or of its rules/. */
static bool find_files(struct finding *finding, const char *folder, struct found *out,
                       struct err *err)
{
    struct arena *arena = finding->arena;
    const char *rules = join(arena, folder, STR("rules"));
    const char *place = file_is_folder(rules) ? rules : folder;
    struct str *names;
    size_t count;
    if (!file_list(arena, place, &names, &count, err)) return false;
    *out = (struct found){.folder = folder};
    out->sources = arena_array(arena, struct policy_source, count);
    out->paths = arena_array(arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        if (!str_ends(names[i], STR(".policy"))) continue;
        const char *path = join(arena, place, names[i]);
        struct policy_source *source = &out->sources[out->count];
        source->name = str_from(path);
        if (!file_read(arena, path, POLICY_SOURCE_BYTES_MAX, &source->text, err)) return false;
        out->paths[out->count++] = path;
    }
    return true;
}

/* "national" of "policies/national/rules/student.policy"; empty for other files. */
static struct str pack_of_asset(const char *name)
{
    struct str rest = str_from(name), folder, pack, rules;
    bool parts = str_split(&rest, '/', &folder) && str_split(&rest, '/', &pack)
                 && str_split(&rest, '/', &rules);
    return parts && str_is(rules, "rules") && str_ends(rest, STR(".policy")) ? pack : STR_EMPTY;
}

static bool find_built_in(struct finding *finding, struct str name, struct found *out)
{
    const struct asset *assets;
    size_t count;
    asset_range("policies/", &assets, &count);
    *out = (struct found){0};
    out->sources = arena_array(finding->arena, struct policy_source, count);
    out->paths = arena_array(finding->arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        if (!str_equal(pack_of_asset(assets[i].name), name)) continue;
        out->sources[out->count++] = (struct policy_source){
            str_from(assets[i].name), {(const char *)assets[i].bytes, assets[i].size}};
    }
    return out->count > 0;
}

/* Looks in the policies folder; *there tells whether it has this pack. */
static bool find_by_name(struct finding *finding, struct str name, struct found *out, bool *there,
                         struct err *err)
{
    const char *policies = finding->wish->policies;
    *there = false;
    if (name.len == 0 || memchr(name.ptr, '/', name.len) != NULL) return true;
    if (policies == NULL) {
        *there = find_built_in(finding, name, out);
        return true;
    }
    const char *folder = join(finding->arena, policies, name);
    if (!file_is_folder(join(finding->arena, folder, STR("rules")))) return true;
    if (!find_files(finding, folder, out, err)) return false;
    *there = out->count > 0;
    return true;
}

static size_t by_key(const struct finding *finding, struct str key)
{
    for (size_t i = 0; i < finding->packs.count; i++) {
        if (str_equal(finding->packs.items[i].key, key)) return i;
    }
    return SIZE_MAX;
}

/* Reads what a pack says of itself. */
static bool add_pack(struct finding *finding, struct found found, struct err *err)
{
    struct policy_name name;
    finding->faults->sources = found.sources;
    if (!policy_pack_head(finding->arena, &found.sources[0], &name, &found.uses, &found.use_count,
                          &finding->faults->list, err)) {
        return false;
    }
    found.key = name.key;
    size_t other = by_key(finding, found.key);
    if (other != SIZE_MAX) {
        return err_set(err, ERR_INPUT, "\"%.*s\" and \"%.*s\" are both pack \"%.*s\"",
                       "“%.*s”与“%.*s”都是包“%.*s”",
                       STR_ARG(finding->packs.items[other].sources[0].name),
                       STR_ARG(found.sources[0].name), STR_ARG(found.key));
    }
    *list_push(finding->arena, &finding->packs) = found;
    return true;
}

static bool add_asked(struct finding *finding, const char *name, struct err *err)
{
    struct found found;
    bool there;
    if (!find_by_name(finding, str_from(name), &found, &there, err)) return false;
    if (!there && file_is_folder(name)) {
        if (!find_files(finding, name, &found, err)) return false;
        if (found.count == 0) {
            return err_set(err, ERR_INPUT, "there is no *.policy in \"%s\"",
                           "“%s”里没有 *.policy 文件", name);
        }
        there = true;
    }
    if (!there) {
        return err_set(err, ERR_NOT_FOUND, "there is no pack \"%s\"; policy list names them",
                       "没有“%s”这个包，policy list 列出全部", name);
    }
    found.asked = true;
    return add_pack(finding, found, err);
}

/* Names of the packs in the policies folder that hold policy text, each once, sorted. */
static bool all_names(struct finding *finding, struct str **out, size_t *out_count, struct err *err)
{
    LIST(struct str) names = {0};
    if (finding->wish->policies != NULL) {
        struct str *folders;
        size_t count;
        if (!file_list(finding->arena, finding->wish->policies, &folders, &count, err)) {
            return false;
        }
        for (size_t i = 0; i < count; i++) {
            struct found ignored;
            bool there;
            if (!find_by_name(finding, folders[i], &ignored, &there, err)) return false;
            if (there) *list_push(finding->arena, &names) = folders[i];
        }
    } else {
        const struct asset *assets;
        size_t count;
        asset_range("policies/", &assets, &count);
        for (size_t i = 0; i < count; i++) {
            struct str name = pack_of_asset(assets[i].name);
            bool again = names.count > 0 && str_equal(names.items[names.count - 1], name);
            if (name.len > 0 && !again) *list_push(finding->arena, &names) = name;
        }
    }
    *out = names.items;
    *out_count = names.count;
    return true;
}

static bool find_all_asked(struct finding *finding, struct err *err)
{
    const struct pack_wish *wish = finding->wish;
    for (size_t i = 0; i < wish->pack_count; i++) {
        if (!add_asked(finding, wish->packs[i], err)) return false;
    }
    if (wish->pack_count > 0) return true;
    struct str *names;
    size_t count;
    if (!all_names(finding, &names, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        if (!add_asked(finding, str_cstr(finding->arena, names[i]), err)) return false;
    }
    if (count > 0) return true;
    return err_set(err, ERR_NOT_FOUND, "there is no pack of policy text", "没有任何政策文本包");
}

/* The folder beside that of a pack on disk. */
static const char *beside(struct arena *arena, const char *folder, struct str name)
{
    struct str path = str_from(folder);
    while (path.len > 1 && path.ptr[path.len - 1] == '/') path.len--;
    while (path.len > 0 && path.ptr[path.len - 1] != '/') path.len--;
    struct text text;
    text_init(&text, arena, path.len + name.len + 1);
    text_add(&text, path);
    text_add(&text, name);
    return text.ptr;
}

static bool find_used(struct finding *finding, size_t user, struct str key, struct err *err)
{
    struct found found = {0};
    const struct found *pack = &finding->packs.items[user];
    if (by_key(finding, key) != SIZE_MAX) return true;
    if (pack->folder != NULL) {
        const char *folder = beside(finding->arena, pack->folder, key);
        if (file_is_folder(folder) && !find_files(finding, folder, &found, err)) return false;
    }
    bool there = found.count > 0;
    if (!there && !find_by_name(finding, key, &found, &there, err)) return false;
    if (!there) {
        return err_set(err, ERR_INPUT, "%.*s: there is no pack \"%.*s\", which is used here",
                       "%.*s：这里用到的包“%.*s”不存在", STR_ARG(pack->sources[0].name),
                       STR_ARG(key));
    }
    return add_pack(finding, found, err);
}

/* Puts a pack's text behind that of the packs it uses. Depth: the packs are few. */
static bool put_in_order(struct finding *finding, size_t number, struct err *err)
{
    struct found *pack = &finding->packs.items[number];
    if (pack->place == PLACE_DONE) return true;
    if (pack->place == PLACE_ENTERED) {
        return err_set(err, ERR_INPUT, "%.*s: pack \"%.*s\" uses itself by way of others",
                       "%.*s：包“%.*s”经其他包用到了自己", STR_ARG(pack->sources[0].name),
                       STR_ARG(pack->key));
    }
    pack->place = PLACE_ENTERED;
    for (size_t i = 0; i < pack->use_count; i++) {
        if (!put_in_order(finding, by_key(finding, pack->uses[i]), err)) return false;
    }
    pack->place = PLACE_DONE;
    for (size_t i = 0; i < pack->count; i++) {
        *list_push(finding->arena, &finding->sources) = pack->sources[i];
        *list_push(finding->arena, &finding->paths) = pack->paths[i];
        *list_push(finding->arena, &finding->asked) = pack->asked;
    }
    return true;
}

static bool find_packs(struct finding *finding, struct err *err)
{
    if (!find_all_asked(finding, err)) return false;
    for (size_t i = 0; i < finding->packs.count; i++) {
        if (finding->packs.count > POLICY_SOURCES_MAX) break;
        for (size_t u = 0; u < finding->packs.items[i].use_count; u++) {
            if (!find_used(finding, i, finding->packs.items[i].uses[u], err)) return false;
        }
    }
    for (size_t i = 0; i < finding->packs.count; i++) {
        if (!put_in_order(finding, i, err)) return false;
    }
    if (finding->sources.count <= POLICY_SOURCES_MAX) return true;
    return err_set(err, ERR_LIMIT, "more than %d files of policy text", "政策文本超过 %d 个文件",
                   POLICY_SOURCES_MAX);
}

bool packs_load(struct arena *arena, const struct pack_wish *wish, struct pack_faults *faults,
                struct pack_set *out, struct err *err)
{
    struct finding finding = {.arena = arena, .wish = wish, .faults = faults};
    struct pack_set set = {0};
    *faults = (struct pack_faults){0};
    if (!find_packs(&finding, err)) return false;
    set.sources = finding.sources.items;
    set.paths = finding.paths.items;
    set.source_count = finding.sources.count;
    set.asked_sources = finding.asked.items;
    faults->sources = set.sources;
    if (!policy_read(arena, set.sources, set.source_count, &faults->list, &set.policy, err)) {
        return false;
    }
    set.asked = arena_array(arena, bool, set.policy->pack_count);
    for (size_t i = 0; i < set.policy->pack_count; i++) {
        size_t found = by_key(&finding, set.policy->packs[i].name.key);
        CHECK(found != SIZE_MAX);
        set.asked[i] = finding.packs.items[found].asked;
    }
    *out = set;
    return true;
}

uint16_t packs_only(const struct pack_set *set)
{
    uint16_t only = POLICY_NONE;
    for (size_t i = 0; i < set->policy->pack_count; i++) {
        if (!set->asked[i]) continue;
        if (only != POLICY_NONE) return POLICY_NONE;
        only = (uint16_t)i;
    }
    return only;
}
