#include "jobs/stages.h"

#include "access/audit.h"
#include "base/dict.h"
#include "base/file.h"
#include "base/list.h"
#include "findings/child_store.h"
#include "jobs/eligible_findings.h"
#include "jobs/person_told.h"
#include "jobs/warnings.h"

#include <stdlib.h>
#include <string.h>

enum { FILES_MAX = 100000, FOLDER_DEPTH_MAX = 16, PATH_BYTES_MAX = 1 << 16 };

/* A file to load, and what it is called. */
struct found_file {
    struct str path, name;
};

struct file_list {
    struct arena *arena;
    size_t root; /* bytes before the name in the paths of the folder walked now */
    LIST(struct found_file) files;
};

static bool add_path(struct file_list *list, const char *path, int depth, struct err *err)
{
    if (!file_is_folder(path)) {
        if (list->files.count == FILES_MAX) {
            return err_set(err, ERR_LIMIT, "more than %d files at once, import them in parts",
                           "一次导入的文件超过 %d 个，请分批导入", (int)FILES_MAX);
        }
        struct str whole = str_from(path);
        *list_push(list->arena, &list->files) = (struct found_file){
            whole, depth == 0 ? file_name(path) : str_slice(whole, list->root, whole.len)};
        return true;
    }
    if (depth == FOLDER_DEPTH_MAX) {
        return err_set(err, ERR_LIMIT, "folders lie more than %d deep", "文件夹嵌套超过 %d 层",
                       (int)FOLDER_DEPTH_MAX);
    }
    struct str *names;
    size_t count;
    if (!file_list(list->arena, path, &names, &count, err)) return false;
    size_t length = strlen(path);
    const char *slash = length > 0 && path[length - 1] == '/' ? "" : "/";
    if (depth == 0) list->root = length + strlen(slash);
    for (size_t i = 0; i < count; i++) {
        /* The mark of a workbook that somebody has open. */
        if (str_starts(names[i], STR("~$"))) continue;
        struct text full;
        text_init(&full, list->arena, PATH_BYTES_MAX);
        text_add_f(&full, "%s%s%.*s", path, slash, STR_ARG(names[i]));
        if (!add_path(list, full.ptr, depth + 1, err)) return false;
    }
    return true;
}

/* Schools and villages tell where a record belongs, so they come first, then by name. Which
 * register a file holds is known by its content; its name is only a hint, and a wrong guess costs
 * nothing but order. */
static int rank(struct str path)
{
    static const char *const first[] = {"学校", "school", "行政村", "village"};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        struct str name = file_name(path.ptr);
        bool roll =
            str_find(name, STR("学生")) != SIZE_MAX || str_find(name, STR("学籍")) != SIZE_MAX;
        if (!roll && str_find(name, str_from(first[i])) != SIZE_MAX) return 0;
    }
    return 1;
}

static int compare_files(const void *a, const void *b)
{
    const struct found_file *x = a, *y = b;
    int rank_x = rank(x->path), rank_y = rank(y->path);
    return rank_x != rank_y ? rank_x - rank_y : str_compare(x->path, y->path);
}

/* Two of one name, from different folders that were named, would look alike in every list. */
static void name_apart(struct file_list *list)
{
    struct dict names;
    dict_init(&names, list->arena);
    bool *twice = arena_array(list->arena, bool, list->files.count);
    for (size_t i = 0; i < list->files.count; i++) {
        uint32_t before = names.count;
        uint32_t number = dict_put(&names, list->files.items[i].name);
        if (names.count == before) twice[number] = true;
    }
    for (size_t i = 0; i < list->files.count; i++) {
        struct found_file *file = &list->files.items[i];
        if (twice[dict_find(&names, file->name)]) file->name = file->path;
    }
}

struct result_list {
    LIST(struct load_result) results;
};

static void load_all(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                     const struct file_list *list, const struct load_options *options,
                     const struct progress *progress, struct result_list *out)
{
    size_t count = list->files.count;
    bool failed = false, enough = false;
    for (size_t i = 0; i < count && !enough; i++) {
        const struct found_file *file = &list->files.items[i];
        struct load_options own = *options;
        struct load_result *results = NULL;
        size_t registers = 0;
        struct err err = ERR_INIT;
        own.name = file->name;
        if (failed) {
            *list_push(arena, &out->results) =
                (struct load_result){.file = file->name, .status = LOAD_NOT_REACHED};
            continue;
        }
        progress_report(progress, "importing files", "导入文件", i, count);
        failed = !registry_load(&workspace->registry, arena, asker, file->path.ptr, &own, progress,
                                &results, &registers, &err);
        for (size_t k = 0; k < registers; k++) {
            enough = enough || (options->one_is_enough && results[k].status == LOAD_LOADED);
            *list_push(arena, &out->results) = results[k];
        }
        if (!failed) continue;
        err_at(&err, "\"%s\"", "“%s”", file->path.ptr);
        *list_push(arena, &out->results) =
            (struct load_result){.file = file->name, .status = LOAD_FAILED, .error = err};
    }
    progress_report(progress, "importing files", "导入文件", count, count);
}

bool job_import(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                const char *const *paths, size_t path_count, const struct load_options *options,
                const struct progress *progress, struct load_result **results, size_t *count,
                struct err *err)
{
    struct file_list list = {.arena = arena};
    struct result_list out = {0};
    for (size_t i = 0; i < path_count; i++) {
        if (!add_path(&list, paths[i], 0, err)) return false;
    }
    size_t files = list.files.count;
    if (files > 0) qsort(list.files.items, files, sizeof *list.files.items, compare_files);
    name_apart(&list);
    load_all(workspace, arena, asker, &list, options, progress, &out);
    *results = out.results.items;
    *count = out.results.count;
    return true;
}

const struct load_result *job_import_failure(const struct load_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (results[i].status == LOAD_FAILED) return &results[i];
    }
    return NULL;
}

bool job_day(struct workspace *workspace, day given, day *out, struct err *err)
{
    day newest;
    if (!day_is_none(given)) {
        *out = given;
        return true;
    }
    if (!registry_newest_day(&workspace->registry, &newest, err)) return false;
    if (day_is_none(newest)) {
        return err_set(err, ERR_CONFLICT, "the workspace holds no register yet, import files first",
                       "工作区中尚无任何名册，请先用 import 导入文件");
    }
    *out = newest;
    return true;
}

bool job_link(struct workspace *workspace, struct arena *arena, const struct asker *asker,
              struct read_at when, const struct people_link_options *options, bool force,
              struct people *people, struct people_link_result *result, struct err *err)
{
    struct people fresh;
    bool current = false;
    struct people_link_result changes = {0};
    if (!people_read_heard(&fresh, arena, &workspace->registry, asker, when, options->listener,
                           options->progress, err)) {
        return false;
    }
    if (!force && !options->train
        && !people_load_links(&fresh, &workspace->registry, &current, err)) {
        return false;
    }
    if (!current && !people_link(&fresh, &workspace->registry, options, &changes, err)) {
        return false;
    }
    *people = fresh;
    *result = changes;
    return true;
}

/* Whether no file came or went since the moment of knowledge. */
static bool knows_all(struct workspace *workspace, struct arena *arena, struct read_at when,
                      bool *all, struct err *err)
{
    const struct asker asker = asker_local();
    struct batch *batches;
    size_t count;
    if (!registry_batches(&workspace->registry, arena, &asker, &batches, &count, err)) return false;
    *all = true;
    for (size_t i = 0; i < count; i++) {
        if (batches[i].imported_ms > when.known_ms || batches[i].undone_ms > when.known_ms) {
            *all = false;
        }
    }
    return true;
}

/* Puts findings behind those of the run. */
static void append(struct arena *arena, struct check_run *run, const struct finding *more,
                   size_t count)
{
    struct finding *all = arena_array(arena, struct finding, run->count + count);
    struct finding_entry *entries = arena_array(arena, struct finding_entry, run->count + count);
    for (size_t i = 0; i < run->count; i++) {
        all[i] = run->findings[i];
        entries[i] = run->entries[i];
    }
    for (size_t i = 0; i < count; i++) {
        all[run->count + i] = more[i];
        entries[run->count + i] = (struct finding_entry){.opened = run->at};
        run->summary.findings[more[i].kind]++;
        run->summary.queues[more[i].queue]++;
    }
    run->findings = all;
    run->entries = entries;
    run->count += count;
}

/* What is overdue stands behind the findings of the check. */
static bool add_late(const struct casework *work, struct arena *arena, const struct asker *asker,
                     struct check_run *run, struct err *err)
{
    struct finding *late;
    size_t count;
    if (!case_late(work, arena, asker, &run->people, run->at, &late, &count, err)) return false;
    append(arena, run, late, count);
    return true;
}

static void add_conflicts(struct arena *arena, const struct asker *asker, struct check_run *run)
{
    struct finding *conflicts;
    size_t count;
    eligible_findings(run->eligible, arena, asker, run->at, &conflicts, &count);
    append(arena, run, conflicts, count);
}

static bool add_warnings(struct workspace *workspace, struct arena *arena,
                         const struct asker *asker, struct read_at when, bool keep,
                         struct check_run *run, struct err *err)
{
    struct finding *warnings;
    size_t count;
    if (!job_warnings(workspace, arena, asker, when, run, keep, &warnings, &count, err)) {
        return false;
    }
    append(arena, run, warnings, count);
    return true;
}

/* A look at a day before the newest check, or at what was known then, is answered and changes
 * nothing: figures rest on how things stand now. The newest day of the registers is never such a
 * look, so that a check of a day to come does not stop all that follow. */
static bool looks_back(struct workspace *workspace, struct read_at when, bool knows_all, bool *out,
                       struct err *err)
{
    day checked, newest;
    if (!check_children_day(workspace->store, &checked, err)
        || !registry_newest_day(&workspace->registry, &newest, err)) {
        return false;
    }
    bool earlier = !day_is_none(checked) && when.at.days < checked.days && !day_is_none(newest)
                   && when.at.days < newest.days;
    *out = !knows_all || earlier;
    return true;
}

/* The findings with their numbers, the cases that they mean, and how the children stand. */
static bool enter_all(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                      const struct casework *work, bool past, struct check_run *run,
                      struct err *err)
{
    struct store *store = workspace->store;
    size_t found = run->count;
    if (!finding_save_begin(store, err)
        || !finding_save_part(store, &run->people, run->findings, found, run->at, run->entries,
                              err)) {
        return false;
    }
    struct case_check check = {.people = &run->people,
                               .rules = &workspace->rules,
                               .kept = &run->kept,
                               .findings = run->findings,
                               .entries = run->entries,
                               .count = found,
                               .at = run->at,
                               .past = past};
    return case_run(work, arena, &check, &run->cases, err) && add_late(work, arena, asker, run, err)
           && finding_save_part(store, &run->people, run->findings + found, run->count - found,
                                run->at, run->entries + found, err)
           && finding_save_end(store, run->at, err)
           && check_children_save(&workspace->registry, &run->people, &run->kept, run->at, err);
}

/* A run over part of the areas keeps nothing: entries then tell only that the finding is new today.
 * *all: it was over all, and as known now. */
static bool enter(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                  struct read_at when, struct check_run *run, bool *all, struct err *err)
{
    struct casework work;
    struct store *store = workspace->store;
    *all = false;
    if (!casework_open(&work, arena, &workspace->registry, &workspace->procedures,
                       &workspace->chains, when, err)) {
        return false;
    }
    if (!asker->all_areas) {
        if (!add_warnings(workspace, arena, asker, when, false, run, err)) return false;
        add_conflicts(arena, asker, run);
        for (size_t i = 0; i < run->count; i++) run->entries[i].opened = run->at;
        return add_late(&work, arena, asker, run, err);
    }
    if (!knows_all(workspace, arena, when, all, err)
        || !add_warnings(workspace, arena, asker, when, *all, run, err)) {
        return false;
    }
    add_conflicts(arena, asker, run);
    bool back;
    int64_t newest;
    if (!looks_back(workspace, when, *all, &back, err) || !finding_newest(store, &newest, err)
        || !store_savepoint(store, err)
        || !enter_all(workspace, arena, asker, &work, back, run, err)) {
        return false;
    }
    if (!back) return store_savepoint_keep(store, err);
    store_savepoint_undo(store);
    /* What was never found before has no number: nothing of it is kept. */
    for (size_t i = 0; i < run->count; i++) {
        if (run->entries[i].number > newest) run->entries[i].number = 0;
    }
    return true;
}

/* What was found and that it was looked for are on record together or not at all. */
static bool write_check(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                        struct read_at when, struct check_run *run,
                        const struct told_packed *packed, struct err *err)
{
    struct store *store = workspace->store;
    bool all;
    if (!store_begin(store, err)) return false;
    if (enter(workspace, arena, asker, when, run, &all, err)
        && (!all || packed == NULL || job_told_save(workspace, run, packed, err))
        && audit_append(store, &workspace->clock, asker, AUDIT_CHECK, STR("people"), STR_EMPTY,
                        err)) {
        return store_commit(store, err);
    }
    store_rollback(store);
    return false;
}

static bool save(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                 struct read_at when, struct check_run *run, struct err *err)
{
    struct arena own = {0};
    struct told_packed *packed = NULL;
    bool all = false;
    bool good = !asker->all_areas || knows_all(workspace, &own, when, &all, err);
    good = good && (!all || job_told_pack(workspace, &own, run, &packed, err))
           && write_check(workspace, arena, asker, when, run, packed, err);
    arena_free(&own);
    return good;
}

static bool decide_candidates(struct workspace *workspace, struct arena *arena,
                              const struct asker *asker, struct eligible_hearing *hearing,
                              struct check_run *run, struct err *err)
{
    struct aid_rules rules = {0};
    int64_t known_ms = run->people.when.known_ms;
    if (run->aid != NULL) {
        rules = run->aid->rules;
    } else if (hearing != NULL && !job_rules_known(workspace, arena, known_ms, &rules, err)) {
        return false;
    }
    return eligible_years_make(hearing, workspace, arena, asker, rules.policy, &run->people,
                               &run->eligible, err);
}

bool job_check_heard(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                     struct read_at when, const struct people_listener *also,
                     const struct progress *progress, struct check_run *out, struct err *err)
{
    /* In the arena, for what the check keeps borrows the people. */
    struct check_run *run = arena_new(arena, struct check_run);
    struct fact_collector *collector =
        fact_collector_open(arena, &workspace->facts, &workspace->profiles);
    struct listener_pair pair;
    struct eligible_hearing *hearing;
    struct people_link_options options = {.progress = progress};
    struct check_options check = {
        .rules = &workspace->rules, .progress = progress, .kept = &run->kept};
    struct check_state linked;
    run->at = when.at;
    if (!job_check_state(workspace, &run->state, err)
        || !eligible_hear(workspace, arena, asker, when, &hearing, err)) {
        return false;
    }
    options.listener =
        listener_both(&pair, eligible_listener(hearing, fact_collector_listener(collector)), also);
    if (!job_link(workspace, arena, asker, when, &options, false, &run->people, &run->link, err)
        || !job_check_state(workspace, &linked, err)) {
        return false;
    }
    run->state.link_run = linked.link_run;
    if (!job_aid_check(workspace, arena, asker, &run->people, collector, &run->aid, err)
        || !decide_candidates(workspace, arena, asker, hearing, run, err)) {
        return false;
    }
    if (run->aid != NULL && run->aid->paid) check.aid = &run->aid->check;
    if (!check_people(arena, &run->people, &check, &run->findings, &run->count, &run->summary,
                      err)) {
        return false;
    }
    run->entries = arena_array(arena, struct finding_entry, run->count);
    if (!save(workspace, arena, asker, when, run, err)) return false;
    *out = *run;
    return true;
}

bool job_check(struct workspace *workspace, struct arena *arena, const struct asker *asker,
               struct read_at when, const struct progress *progress, struct check_run *out,
               struct err *err)
{
    return job_check_heard(workspace, arena, asker, when, NULL, progress, out, err);
}
