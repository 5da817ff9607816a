#include "intake/intake.h"

#include "base/file.h"
#include "base/yaml.h"
#include "intake/correct.h"
#include "intake/fold.h"
#include "intake/plan.h"

enum { MAP_FILE_BYTES_MAX = 1 << 20, OTHER_REGISTER_POINTS = 40, SHEET_POINTS_LEAST = 20 };

/* The user's own names for columns: "heading: field" a line, "-" for a column to leave aside. */
static bool read_map(struct heading_map *out, struct arena *arena, const char *path,
                     struct err *err)
{
    struct str text;
    struct yaml_node *root;
    struct heading_map map = {0};
    if (!file_read(arena, path, MAP_FILE_BYTES_MAX, &text, err)) return false;
    if (!yaml_parse(arena, text, path, &root, err)) return false;
    if (root->kind != YAML_MAP) {
        return yaml_fail(root, path, err, "expected lines of heading: field",
                         "每行应为“表头: 字段”");
    }
    map.headings = arena_array(arena, struct str, root->count);
    map.keys = arena_array(arena, struct str, root->count);
    for (size_t i = 0; i < root->count; i++) {
        if (root->items[i]->kind != YAML_SCALAR) {
            return yaml_fail(root->items[i], path, err, "expected the key of a field",
                             "此处应为字段的键");
        }
        map.headings[i] = heading_clean(arena, root->keys[i]->text);
        map.keys[i] = root->items[i]->text;
    }
    map.count = root->count;
    *out = map;
    return true;
}

/* A key in the map that no register has is a mistake of the user's. */
static bool check_map(const struct heading_map *map, const struct profiles *profiles,
                      const struct profile *forced, struct err *err)
{
    for (size_t i = 0; i < map->count; i++) {
        bool known = str_is(map->keys[i], "-");
        for (size_t p = 0; p < profiles->count && !known; p++) {
            if (forced != NULL && &profiles->items[p] != forced) continue;
            struct arena scratch = {0};
            const char *key = str_cstr(&scratch, map->keys[i]);
            known = profile_field_number(&profiles->items[p], key) >= 0;
            arena_free(&scratch);
        }
        if (known) continue;
        return err_set(err, ERR_INPUT,
                       "the map of headings names the field \"%.*s\", which is not there",
                       "表头对照中的字段“%.*s”不存在", STR_ARG(map->keys[i]));
    }
    return true;
}

/* The register that most rows are of; a register of people before one of schools or places, as a
 * summary sheet often stands in front. NULL when no sheet is recognised. */
static const struct profile *vote(struct arena *arena, const struct profiles *profiles,
                                  const struct sheet_look *looks, size_t count)
{
    int64_t *votes = arena_array(arena, int64_t, profiles->count);
    const struct profile *best = NULL;
    for (size_t i = 0; i < count; i++) {
        if (looks[i].best == NULL || looks[i].hidden) continue;
        size_t p = (size_t)(looks[i].best->profile - profiles->items);
        votes[p] += (int64_t)looks[i].best->score * (int64_t)(looks[i].rows + 1);
    }
    for (size_t p = 0; p < profiles->count; p++) {
        const struct profile *profile = &profiles->items[p];
        if (votes[p] <= 0) continue;
        bool better =
            best == NULL || (profile->people && !best->people)
            || (profile->people == best->people && votes[p] > votes[best - profiles->items]);
        if (better) best = profile;
    }
    return best;
}

/* Whether a sheet is read as the file's register although it alone would not have been recognised,
 * or looks a little more like another. */
static const struct candidate *choose(const struct sheet_look *look,
                                      const struct profiles *profiles,
                                      const struct profile *profile, bool forced)
{
    const struct candidate *own = look->best;
    if (profile == NULL) return own;
    const struct candidate *candidate = &look->candidates[profile - profiles->items];
    if (!candidate->names) return forced ? NULL : own;
    if (forced) return candidate;
    if (own != NULL && own->score - candidate->score >= OTHER_REGISTER_POINTS) return own;
    return candidate->score >= SHEET_POINTS_LEAST ? candidate : own;
}

static bool has_field(const struct sheet_look *look, const struct candidate *candidate,
                      struct str key)
{
    for (size_t i = 0; i < look->head.column_count; i++) {
        int field = candidate->fields[i];
        if (field >= 0 && str_equal(candidate->profile->fields[field].key, key)) return true;
    }
    return false;
}

/* Whether a sheet that is not of the file's main register is read as another one. */
static bool stands_alone(const struct sheet_look *look, const struct candidate *candidate,
                         const struct profile *main_profile)
{
    static const char *const none[] = {"汇总", "统计", "透视", "合计", "模板", "样表",
                                       "示例", "说明", "字典", "代码", NULL};
    const struct profile *profile = candidate->profile;
    if (candidate != look->best || look->rows == 0) return false;
    if (fold_has_one_of(look->name, none) || fold_has_one_of(look->head.title, none)) return false;
    return profile->people || !main_profile->people || profile->record_key_count == 0
           || has_field(look, candidate, profile->record_key[0]);
}

/* A sheet without headings goes on where the one before it ended (an export cut at 65,536 rows). */
static bool goes_on(const struct sheet_look *look, const struct sheet_look *before)
{
    return before != NULL && !look->head.found && look->rows > 0
           && look->head.column_count == before->head.column_count && before->best != NULL;
}

static void make_plans(struct intake_file *file, struct arena *arena,
                       const struct profiles *profiles, struct sheet_look *looks, size_t count,
                       bool forced)
{
    const struct sheet_look *before = NULL;
    const struct profile *before_profile = NULL;
    bool all_hidden = true;
    for (size_t i = 0; i < count; i++) all_hidden = all_hidden && looks[i].hidden;
    file->plans = arena_array(arena, struct sheet_plan, count);
    file->plan_count = count;
    for (size_t i = 0; i < count; i++) {
        struct sheet_look *look = &looks[i];
        const struct candidate *candidate = choose(look, profiles, file->profile, forced);
        if (look->hidden && !all_hidden) candidate = NULL;
        if (candidate != NULL && candidate->profile != file->profile
            && !stands_alone(look, candidate, file->profile)) {
            candidate = NULL;
        }
        if (goes_on(look, before)) {
            candidate = &before->candidates[before_profile - profiles->items];
            for (size_t c = 0; c < look->head.column_count; c++) {
                look->head.headings[c].written = before->head.headings[c].written;
            }
        }
        if (candidate != NULL) {
            before = look;
            before_profile = candidate->profile;
        }
        sheet_plan_make(&file->plans[i], arena, look, candidate, file);
    }
}

/* Schools and places in the first round, people in the second. */
static void list_registers(struct intake_file *file, struct arena *arena)
{
    file->registers = arena_array(arena, const struct profile *, file->plan_count);
    for (int people = 0; people < 2; people++) {
        for (size_t i = 0; i < file->plan_count; i++) {
            const struct profile *profile = file->plans[i].profile;
            if (profile == NULL || profile->people != (people == 1)) continue;
            bool listed = false;
            for (size_t k = 0; k < file->register_count; k++) {
                listed = listed || file->registers[k] == profile;
            }
            if (!listed) file->registers[file->register_count++] = profile;
        }
    }
}

static bool any_plan(const struct intake_file *file)
{
    for (size_t i = 0; i < file->plan_count; i++) {
        if (file->plans[i].profile == file->profile && file->profile != NULL) return true;
    }
    return false;
}

static bool plan_all(struct intake_file *file, struct arena *arena, const struct profiles *profiles,
                     const struct profile *forced, struct err *err)
{
    struct heading_map map = {0};
    const char *map_file = file->options.map_file;
    if (map_file != NULL && !read_map(&map, arena, map_file, err)) return false;
    correct_map(&map, arena, &file->options);
    if (!check_map(&map, profiles, forced, err)) return false;
    size_t count = workbook_sheet_count(file->workbook);
    struct sheet_look *looks = arena_array(arena, struct sheet_look, count);
    for (size_t i = 0; i < count; i++) {
        if (!sheet_look_at(&looks[i], arena, file->workbook, i, file->name, profiles, &map, err)) {
            return false;
        }
        correct_columns(&looks[i], profiles, &file->options);
    }
    file->profile = forced != NULL ? forced : vote(arena, profiles, looks, count);
    if (file->profile != NULL) {
        make_plans(file, arena, profiles, looks, count, forced != NULL);
        list_registers(file, arena);
        if (any_plan(file)) return true;
    }
    return plan_refuse(looks, count, profiles, forced, err);
}

bool intake_open(struct intake_file *out, struct arena *arena, const char *path,
                 const struct profiles *profiles, const struct intake_options *options,
                 struct err *err)
{
    CHECK(profiles->count > 0);
    struct intake_file file = {.arena = arena, .options = *options};
    const struct profile *forced = NULL;
    if (options->as.len > 0) {
        forced = profile_find(profiles, options->as);
        if (forced == NULL) {
            err_set(err, ERR_USAGE, "there is no register \"%.*s\"", "没有名册“%.*s”",
                    STR_ARG(options->as));
            return err_hint(err, "\"baoxue registers\" lists them", "可用 baoxue registers 查看");
        }
    }
    file.name = str_copy(arena, file_name(path));
    if (!workbook_open(&file.workbook, path, err)) return false;
    if (!plan_all(&file, arena, profiles, forced, err)) {
        workbook_release(file.workbook);
        return false;
    }
    *out = file;
    return true;
}

void intake_close(struct intake_file *file)
{
    workbook_release(file->workbook);
    file->workbook = NULL;
}
