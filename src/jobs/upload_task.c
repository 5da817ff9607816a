#include "access/audit.h"
#include "base/json.h"
#include "base/thread.h"
#include "jobs/upload_internal.h"
#include "jobs/upload_look.h"

/* What a task works on. */
struct upload_work {
    struct uploads *uploads;
    int64_t number;
    size_t file; /* SIZE_MAX: all */
    bool complete, yes;
};

void upload_options(struct intake_options *out, struct arena *arena,
                    const struct stored_upload *stored, size_t file)
{
    const struct upload_corrections *corrections = &stored->corrections[file];
    struct intake_column *columns =
        arena_array(arena, struct intake_column, corrections->columns.count);
    struct intake_fix *fixes = arena_array(arena, struct intake_fix, corrections->fixes.count);
    for (size_t i = 0; i < corrections->columns.count; i++) {
        const struct intake_column *column = &corrections->columns.items[i];
        columns[i] = (struct intake_column){.sheet = str_copy(arena, column->sheet),
                                            .place = column->place,
                                            .heading = str_copy(arena, column->heading),
                                            .field = str_copy(arena, column->field)};
    }
    for (size_t i = 0; i < corrections->fixes.count; i++) {
        const struct intake_fix *fix = &corrections->fixes.items[i];
        fixes[i] = *fix;
        fixes[i].sheet = str_copy(arena, fix->sheet);
        fixes[i].value = str_copy(arena, fix->value);
    }
    /* Rows that name no area are of the sender's own, where that is one. */
    struct str area = stored->wish.area;
    if (area.len == 0 && !stored->asker.all_areas && stored->asker.area_count == 1)
        area = stored->asker.areas[0];
    *out = (struct intake_options){.as = str_copy(arena, corrections->as),
                                   .area = str_copy(arena, area),
                                   .at = stored->wish.at,
                                   .columns = columns,
                                   .column_count = corrections->columns.count,
                                   .fixes = fixes,
                                   .fix_count = corrections->fixes.count};
}

/* A file that a task is about to read. */
struct upload_job {
    size_t file;
    const char *path;
    struct intake_options options;
    struct asker asker;
    bool schools; /* others lean on it */
};

/* What there is to do, copied, so that nothing is locked meanwhile; *count 0 when the upload is
 * gone. Schools and villages first. */
static struct upload_job *list_jobs(const struct upload_work *work, struct arena *arena,
                                    bool importing, size_t *count)
{
    struct uploads *uploads = work->uploads;
    struct upload_job *jobs = NULL;
    *count = 0;
    thread_lock(&uploads->mutex);
    struct stored_upload *stored = uploads_find(uploads, work->number);
    size_t files = stored == NULL ? 0 : stored->view.file_count;
    if (files > 0) jobs = arena_array(arena, struct upload_job, files);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < files; i++) {
            const struct upload_file *file = &stored->view.files[i];
            bool schools = str_is(file->look.register_key, "schools")
                           || str_is(file->look.register_key, "villages");
            if (schools != (round == 0) || file->imported) continue;
            if (work->file != SIZE_MAX && work->file != i) continue;
            if (importing && (!file->looked || !file->look.taken)) continue;
            struct upload_job *job = &jobs[(*count)++];
            job->file = i;
            job->path = str_cstr(arena, str_from(file->path));
            job->asker = asker_copy(arena, &stored->asker);
            upload_options(&job->options, arena, stored, i);
        }
    }
    thread_unlock(&uploads->mutex);
    return jobs;
}

/* Puts a look in the place of the one before, if the upload is still there. */
static void keep_look(const struct upload_work *work, size_t file, const struct upload_look *look,
                      struct arena *arena)
{
    struct uploads *uploads = work->uploads;
    thread_lock(&uploads->mutex);
    struct stored_upload *stored = uploads_find(uploads, work->number);
    if (stored != NULL) {
        struct arena old = stored->looks[file];
        stored->looks[file] = *arena;
        *arena = old;
        stored->view.files[file].look = *look;
        stored->view.files[file].looked = true;
    }
    thread_unlock(&uploads->mutex);
    arena_free(arena);
}

static bool look_run(void *context, struct task_run *run, struct err *err)
{
    const struct upload_work *work = context;
    struct workspace workspace;
    size_t count;
    struct upload_job *jobs = list_jobs(work, run->arena, false, &count);
    bool good = workspace_share(&workspace, work->uploads->base, STORE_WRITE, err);
    for (size_t i = 0; good && i < count; i++) {
        struct arena arena = {0};
        struct upload_look look;
        progress_report(run->progress, "reading files", "读取文件", i, count);
        good = upload_look_at(&look, &arena, &workspace, &jobs[i].asker, jobs[i].path,
                              &jobs[i].options, NULL, err);
        if (good && !look.taken) failure_note(run->failures, "upload", &look.error);
        if (good)
            keep_look(work, jobs[i].file, &look, &arena);
        else
            arena_free(&arena);
    }
    if (good) progress_report(run->progress, "reading files", "读取文件", count, count);
    workspace_close(&workspace);
    text_add_f(run->result, "{\"upload\":%lld}", (long long)work->number);
    return good;
}

struct upload_sums {
    uint64_t rows, accepted, warned, rejected, ended, refused;
    LIST(int64_t) batches;
};

/* One line of the trail for each corrected cell: who, when and where; what stood there and what
 * was put there is personal data. */
static bool audit_corrections(struct workspace *workspace, struct arena *arena,
                              const struct upload_job *job, int64_t batch, struct err *err)
{
    for (size_t i = 0; i < job->options.fix_count; i++) {
        const struct intake_fix *fix = &job->options.fixes[i];
        struct text object;
        text_init(&object, arena, 1024);
        text_add_f(&object, "batch %lld, sheet %.*s, row %llu, column %zu", (long long)batch,
                   STR_ARG(fix->sheet), (unsigned long long)fix->row, fix->place + 1);
        if (!audit_append(workspace->store, &workspace->clock, &job->asker, AUDIT_CORRECT,
                          text_str(&object), STR_EMPTY, err)) {
            return false;
        }
    }
    return true;
}

static void mark_imported(const struct upload_work *work, size_t file,
                          const struct load_result *result)
{
    struct uploads *uploads = work->uploads;
    thread_lock(&uploads->mutex);
    struct stored_upload *stored = uploads_find(uploads, work->number);
    if (stored != NULL) {
        struct upload_file *view = &stored->view.files[file];
        view->imported = result->status == LOAD_LOADED || result->status == LOAD_UNCHANGED;
        if (!view->imported) {
            view->look.taken = false;
            view->look.error = result->error;
        }
    }
    thread_unlock(&uploads->mutex);
}

static bool import_file(const struct upload_work *work, struct task_run *run,
                        struct workspace *workspace, const struct upload_job *job,
                        struct upload_sums *sums, struct err *err)
{
    struct load_options options = {
        .intake = job->options, .complete = work->complete, .yes = work->yes};
    struct load_result *results;
    size_t count = 0;
    if (!registry_load(&workspace->registry, run->arena, &job->asker, job->path, &options,
                       run->progress, &results, &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct load_result *result = &results[i];
        bool loaded = result->status == LOAD_LOADED || result->status == LOAD_UNCHANGED;
        sums->refused += !loaded;
        if (!loaded) failure_note(run->failures, "import", &result->error);
        if (result->status == LOAD_LOADED) {
            *list_push(run->arena, &sums->batches) = result->batch;
            sums->rows += result->rows;
            sums->accepted += result->accepted;
            sums->warned += result->warned;
            sums->rejected += result->rejected;
            sums->ended += result->ended;
            if (!audit_corrections(workspace, run->arena, job, result->batch, err)) return false;
        }
        if (i == 0 || !loaded) mark_imported(work, job->file, result);
    }
    return true;
}

static void write_sums(struct text *text, const struct upload_sums *sums)
{
    struct json json;
    json_init(&json, text);
    json_object(&json);
    json_key(&json, "batches");
    json_list(&json);
    for (size_t i = 0; i < sums->batches.count; i++) json_i64(&json, sums->batches.items[i]);
    json_list_end(&json);
    json_key_i64(&json, "rows", (int64_t)sums->rows);
    json_key_i64(&json, "accepted", (int64_t)sums->accepted);
    json_key_i64(&json, "warned", (int64_t)sums->warned);
    json_key_i64(&json, "rejected", (int64_t)sums->rejected);
    json_key_i64(&json, "ended", (int64_t)sums->ended);
    json_key_i64(&json, "refused", (int64_t)sums->refused);
    json_object_end(&json);
}

/* Whether nothing of the upload is left to be imported or corrected. */
static bool is_done(const struct upload_work *work)
{
    struct uploads *uploads = work->uploads;
    bool done = true;
    thread_lock(&uploads->mutex);
    const struct stored_upload *stored = uploads_find(uploads, work->number);
    for (size_t i = 0; stored != NULL && i < stored->view.file_count; i++) {
        done = done && stored->view.files[i].imported;
    }
    thread_unlock(&uploads->mutex);
    return done;
}

static bool import_run(void *context, struct task_run *run, struct err *err)
{
    const struct upload_work *work = context;
    struct workspace workspace;
    struct upload_sums sums = {0};
    size_t count;
    struct upload_job *jobs = list_jobs(work, run->arena, true, &count);
    bool good = workspace_share(&workspace, work->uploads->base, STORE_WRITE, err);
    for (size_t i = 0; good && i < count; i++) {
        /* What is imported stays; the rest waits in its upload. */
        if (tasks_stopping(run->tasks)) break;
        good = import_file(work, run, &workspace, &jobs[i], &sums, err);
    }
    workspace_close(&workspace);
    int64_t refresh;
    struct err ignored = ERR_INIT;
    /* When the program is about to stop, the next one begins with a fresh snapshot anyway. */
    if (sums.batches.count > 0)
        (void)!snapshot_wish(work->uploads->hub, run->tasks, &refresh, &ignored);
    if (!good) return false;
    write_sums(run->result, &sums);
    if (is_done(work)) upload_discard(work->uploads, work->number);
    return true;
}

static bool start(struct uploads *uploads, const struct upload_work *work, const char *kind,
                  bool (*run)(void *context, struct task_run *run, struct err *err), int64_t *task,
                  struct err *err)
{
    struct task_order order = {.kind = kind, .run = run};
    thread_lock(&uploads->mutex);
    struct stored_upload *stored = uploads_find(uploads, work->number);
    if (stored != NULL) order.owner = str_copy(&order.arena, stored->view.owner);
    thread_unlock(&uploads->mutex);
    order.context = arena_copy(&order.arena, work, sizeof *work);
    int64_t number;
    if (!task_start(uploads->tasks, &order, &number, err)) return false;
    thread_lock(&uploads->mutex);
    stored = uploads_find(uploads, work->number);
    if (stored != NULL) stored->view.task = number;
    thread_unlock(&uploads->mutex);
    *task = number;
    return true;
}

bool upload_look_start(struct uploads *uploads, int64_t number, size_t file, int64_t *task,
                       struct err *err)
{
    struct upload_work work = {.uploads = uploads, .number = number, .file = file};
    return start(uploads, &work, "upload", look_run, task, err);
}

static void ignore_view(void *context, const struct upload *upload)
{
    (void)context;
    (void)upload;
}

bool upload_import(struct uploads *uploads, const struct asker *asker, int64_t number,
                   bool complete, bool yes, int64_t *task, struct err *err)
{
    struct upload_work work = {
        .uploads = uploads, .number = number, .file = SIZE_MAX, .complete = complete, .yes = yes};
    return upload_visit(uploads, asker, number, ignore_view, NULL, err)
           && start(uploads, &work, "import", import_run, task, err);
}
