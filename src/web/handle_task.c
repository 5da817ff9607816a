#include "web/answer.h"
#include "web/events.h"
#include "web/request.h"
#include "web/routes.h"

/* A task is told to whoever started it, and one that nobody started (a refresh) to everybody; of
 * another's it is not even said that it is there. */
static bool find(struct request *request, struct task_view *view, struct err *err)
{
    int64_t number = request_i64(request, "task", 0);
    if (!task_find(request->parts->tasks, request->arena, number, view, err)) return false;
    if (view->owner.len == 0 || str_equal(view->owner, request->asker.name)) return true;
    return err_set(err, ERR_NOT_FOUND, "there is no task %lld", "没有任务 %lld", (long long)number);
}

/* What nobody started is for everybody, and nobody's to cancel. */
static bool mine(const struct request *request, const struct task_view *view, struct err *err)
{
    if (str_equal(view->owner, request->asker.name)) return true;
    return err_set(err, ERR_DENIED, "task %lld was not started by you", "任务 %lld 不是您发起的",
                   (long long)view->number);
}

static bool task(struct request *request, struct answer *answer, struct err *err)
{
    struct task_view view;
    if (!find(request, &view, err)) return false;
    events_task(answer_json(answer), &view);
    return true;
}

static bool task_events(struct request *request, struct answer *answer, struct err *err)
{
    struct task_view view;
    if (!find(request, &view, err)) return false;
    answer->task = view.number;
    return true;
}

static bool cancel(struct request *request, struct answer *answer, struct err *err)
{
    struct task_view view;
    (void)answer;
    return find(request, &view, err) && mine(request, &view, err)
           && task_cancel(request->parts->tasks, view.number, err);
}

#define TASK_NUMBER                                                                                \
    {                                                                                              \
        "task", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "任务号", "number of the task"       \
    }

const struct route routes_task[] = {
    {.method = METHOD_GET,
     .pattern = "/api/tasks/{task}",
     .capability = CAPABILITY_ANY,
     .handle = task,
     .zh = "后台任务的进度",
     .en = "how far a background task is",
     .parameters = {TASK_NUMBER}},
    {.method = METHOD_GET,
     .pattern = "/api/tasks/{task}/events",
     .capability = CAPABILITY_ANY,
     .gives = ROUTE_GIVES_EVENTS,
     .handle = task_events,
     .zh = "后台任务的进度，随变化推送",
     .en = "the same, told as it happens",
     .parameters = {TASK_NUMBER}},
    {.method = METHOD_DELETE,
     .pattern = "/api/tasks/{task}",
     .capability = CAPABILITY_ANY,
     .gives = ROUTE_GIVES_NOTHING,
     .handle = cancel,
     .zh = "取消本人发起的后台任务：等待的立即取消，进行中的在能停处停下",
     .en = "cancels a background task of one's own: one that waits at once, one that runs where it "
           "can stop",
     .parameters = {TASK_NUMBER}},
    {.pattern = NULL},
};
