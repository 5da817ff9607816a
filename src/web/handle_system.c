#include "web/answer.h"
#include "web/request.h"
#include "web/routes.h"

#include "access/audit.h"
#include "base/file.h"
#include "jobs/doctor.h"

/* The installation, as the system administrator sees it. */

static bool look(struct request *request, struct answer *answer, struct err *err)
{
    struct doctor_remark *remarks = NULL;
    size_t count = 0;
    if (!doctor_look(request->workspace, request->parts->workspace.path, request->arena, &remarks,
                     &count, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key(json, "remarks");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        json_object(json);
        json_key_str(json, "what", str_from(remarks[i].key));
        json_key_str(json, "weight", str_from(doctor_weight_key(remarks[i].weight)));
        json_key_str(json, "zh", remarks[i].zh);
        json_key_str(json, "en", remarks[i].en);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

struct backup {
    struct workspace_options workspace;
    struct asker asker;
};

/* "baoxue.db-2020-11-25-080000.backup" beside the workspace: a name that sorts by time. */
static const char *backup_path(struct arena *arena, const char *workspace, int64_t now_ms)
{
    char moment[CLOCK_TEXT_SIZE];
    struct text text;
    clock_format(now_ms, moment);
    text_init(&text, arena, 8192);
    text_add_f(&text, "%s-%.10s-%.2s%.2s%.2s.backup", workspace, moment, moment + 11, moment + 14,
               moment + 17);
    return str_cstr(arena, text_str(&text));
}

static bool copy(const struct backup *backup, struct task_run *run, struct workspace *workspace,
                 struct err *err)
{
    int64_t now_ms = clock_now_ms(&workspace->clock);
    const char *path = backup_path(run->arena, backup->workspace.path, now_ms);
    struct json json;
    progress_report(run->progress, "copying the workspace", "备份工作区", 0, 0);
    if (!store_backup(workspace->store, path, err)
        || !audit_append(workspace->store, &workspace->clock, &backup->asker, AUDIT_BACKUP,
                         file_name(path), STR_EMPTY, err)) {
        return false;
    }
    json_init(&json, run->result);
    json_object(&json);
    json_key_str(&json, "file", file_name(path));
    json_object_end(&json);
    return true;
}

static bool run_backup(void *context, struct task_run *run, struct err *err)
{
    const struct backup *backup = context;
    struct workspace workspace;
    bool done =
        workspace_open(&workspace, &backup->workspace, err) && copy(backup, run, &workspace, err);
    workspace_close(&workspace);
    return done;
}

static bool start_backup(struct request *request, struct answer *answer, struct err *err)
{
    struct task_order order = {
        .kind = "backup", .owner = request->asker.name, .once = true, .run = run_backup};
    int64_t number = 0;
    struct backup *backup = arena_new(&order.arena, struct backup);
    backup->workspace = request->parts->workspace;
    backup->asker = (struct asker){.name = str_copy(&order.arena, request->asker.name)};
    order.context = backup;
    if (!task_start(request->parts->tasks, &order, &number, err)) return false;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "task", number);
    json_object_end(json);
    return true;
}

const struct route routes_system[] = {
    {.method = METHOD_GET,
     .pattern = "/api/system",
     .capability = CAPABILITY_SYSTEM,
     .handle = look,
     .zh = "系统自检：什么不安全或过期",
     .en = "what is unsafe or stale in this installation"},
    {.method = METHOD_POST,
     .pattern = "/api/system/backup",
     .capability = CAPABILITY_SYSTEM,
     .handle = start_backup,
     .zh = "备份到工作区旁边（后台任务）",
     .en = "make a backup beside the workspace, as a task"},
    {.pattern = NULL},
};
