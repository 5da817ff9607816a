#include "web/answer.h"
#include "web/limits.h"
#include "web/request.h"
#include "web/routes.h"

#include "access/approval.h"

/* What others ask to take out of the system, for a second pair of eyes. The request itself is made
 * by the route that it is about. */

/* Money is approved with its batch, its recovery or the return that is taken back, which goes on
 * with it (handle_pay.c, handle_pay_recovery.c, handle_pay_reinstate.c). */
static bool is_money(const struct approval *approval)
{
    return str_equal(approval->action, STR("pay"));
}

static void write_approval(struct json *json, const struct approval *approval,
                           const struct asker *asker)
{
    json_object(json);
    json_key_i64(json, "approval", approval->number);
    json_key_str(json, "action", approval->action);
    json_key_str(json, "object", approval->object);
    json_key_str(json, "reason", approval->reason);
    json_key_str(json, "areas", approval->areas);
    json_key_str(json, "asked_by", approval->asked_by);
    json_key_i64(json, "asked_ms", approval->asked_ms);
    json_key_str(json, "decided_by", approval->decided_by);
    json_key_i64(json, "decided_ms", approval->decided_ms);
    json_key_str(json, "why", approval->why);
    json_key_str(json, "state", str_from(approval_state_key(approval->state)));
    json_key_bool(json, "may_decide", !is_money(approval) && approval_may_decide(approval, asker));
    json_object_end(json);
}

static bool list(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    struct approval *approvals = NULL;
    size_t count = 0;
    struct request_page page = request_page(request);
    if (!approval_list(workspace->store, &workspace->clock, request->arena, &request->asker,
                       &approvals, &count, err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = page.first; i < count && i < page.first + (size_t)page.size; i++) {
        write_approval(json, &approvals[i], &request->asker);
    }
    answer_rows_end(answer, request, count);
    return true;
}

static bool decide(struct request *request, struct answer *answer, struct err *err)
{
    struct workspace *workspace = request->workspace;
    int64_t number = request_i64(request, "approval", 0);
    struct approval approval;
    if (!approval_find(workspace->store, &workspace->clock, request->arena, number, &approval,
                       err)) {
        return false;
    }
    if (is_money(&approval)) {
        return err_set(err, ERR_CONFLICT, "what is about money is approved on the page of payments",
                       "发放批次、收回和撤销退回请在“资金发放”页审批");
    }
    if (!approval_decide(workspace->store, &workspace->clock, &request->asker, number,
                         request_yes(request, "grant"), request_text(request, "why"), err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "approval", number);
    json_object_end(json);
    return true;
}

const struct route routes_approval[] = {
    {.method = METHOD_GET,
     .pattern = "/api/approvals",
     .capability = CAPABILITY_EXPORT,
     .area = ROUTE_AREA_ROWS,
     .handle = list,
     .zh = "本人申请的和可由本人审批的，新的在前",
     .en = "what the asker asked for or may decide, newest first",
     .parameters = {ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/approvals/{approval}/decision",
     .capability = CAPABILITY_EXPORT,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = decide,
     .zh = "审批他人的申请",
     .en = "grant or refuse what another asked for",
     .parameters = {{"approval", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "审批号",
                     "number of the approval"},
                    {"grant", IN_BODY, PARAMETER_YES_NO, true, 0, 0, NULL, "是否同意",
                     "granted or refused"},
                    {"why", IN_BODY, PARAMETER_TEXT, false, 0, 500, NULL, "说明", "why"}}},
    {.pattern = NULL},
};
