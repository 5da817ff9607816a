#include "access/approval.h"
#include "ledger/reinstate.h"
#include "web/books.h"
#include "web/limits.h"
#include "web/routes.h"

/* Returns that never were: taken back as one proposes and another decides. */

static bool may_decide(struct request *request, const struct pay_reinstatement *reinstatement)
{
    const struct workspace *workspace = request->workspace;
    struct approval approval;
    struct err unknown = ERR_INIT;
    return reinstatement->state == PAY_RECOVERY_WAITS
           && approval_find(workspace->store, &workspace->clock, request->arena,
                            reinstatement->approval, &approval, &unknown)
           && approval_may_decide(&approval, &request->asker);
}

static void write_reinstatement(struct request *request, struct json *json,
                                const struct pay_reinstatement *one)
{
    json_object(json);
    json_key_i64(json, "reinstatement", one->number);
    json_key_i64(json, "payment", one->payment);
    json_key_i64(json, "batch", one->batch);
    json_key_i64(json, "person", one->person);
    json_key_str(json, "scheme", one->scheme);
    json_key_str(json, "period", one->period);
    books_area(request, json, one->area);
    json_key_i64(json, "fen", one->fen);
    json_key_str(json, "why", one->why);
    books_words(json, "state", pay_recovery_state_key(one->state),
                pay_recovery_state_text(one->state, LANG_ZH),
                pay_recovery_state_text(one->state, LANG_EN));
    json_key_i64(json, "made_ms", one->made_ms);
    json_key_str(json, "proposed_by", one->made_by);
    json_key_str(json, "decided_by", one->decided_by);
    json_key_str(json, "decided_why", one->decided_why);
    json_key_i64(json, "again", one->again);
    json_key_i64(json, "suspense", one->suspense);
    json_key_bool(json, "may_decide", may_decide(request, one));
    json_object_end(json);
}

static bool answer_one(struct request *request, struct answer *answer, struct ledger *ledger,
                       int64_t number, struct err *err)
{
    struct pay_reinstatement one;
    if (!pay_reinstate_find(ledger, &request->asker, number, &one, err)) return false;
    write_reinstatement(request, answer_json(answer), &one);
    return true;
}

static bool propose_in(struct request *request, struct answer *answer, struct ledger *ledger,
                       struct err *err)
{
    int64_t number;
    return pay_reinstate_propose(ledger, &request->asker, request_i64(request, "payment", 0),
                                 request_text(request, "why"), &number, err)
           && answer_one(request, answer, ledger, number, err);
}

static bool propose(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, propose_in, err);
}

static bool decide_in(struct request *request, struct answer *answer, struct ledger *ledger,
                      struct err *err)
{
    int64_t number = request_i64(request, "reinstatement", 0);
    return pay_reinstate_decide(ledger, &request->asker, number, request_yes(request, "grant"),
                                request_text(request, "why"), err)
           && answer_one(request, answer, ledger, number, err);
}

static bool decide(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, decide_in, err);
}

static bool list_in(struct request *request, struct answer *answer, struct ledger *ledger,
                    struct err *err)
{
    struct pay_reinstatement *all = NULL;
    size_t count = 0;
    struct request_page page = request_page(request);
    if (!pay_reinstate_list(ledger, &request->asker, request_yes(request, "waiting"), &all, &count,
                            err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = page.first; i < count && i < page.first + (size_t)page.size; i++) {
        write_reinstatement(request, json, &all[count - 1 - i]);
    }
    answer_rows_end(answer, request, count);
    return true;
}

static bool list(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, list_in, err);
}

const struct route routes_pay_reinstate[] = {
    {.method = METHOD_POST,
     .pattern = "/api/pay/payments/{payment}/reinstatement",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = propose,
     .zh =
         "提出撤销一笔对账单上没有的退回；另一人审批后记为新的一次发放，已另行重发的转为挂账；记入"
         "审计",
     .en = "proposes to take back a return that the statement does not have; when another user "
           "approves, a further payment, or suspense where it was paid again; audited",
     .parameters = {{"payment", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "发放号",
                     "number of the payment"},
                    {"why", IN_BODY, PARAMETER_TEXT, true, 0, 200, NULL, "理由", "why"}}},
    {.method = METHOD_GET,
     .pattern = "/api/pay/reinstatements",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .handle = list,
     .zh = "撤销退回：待审批的、已入账的、驳回的，新的在前",
     .en = "returns to be taken back: waiting, booked, refused, newest first",
     .parameters = {{"waiting", IN_QUERY, PARAMETER_YES_NO, false, 0, 0, NULL, "只列待审批的",
                     "those alone that wait"},
                    ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/pay/reinstatements/{reinstatement}/decision",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = decide,
     .zh = "审批（或驳回）别人提出的撤销退回；审批即入账；记入审计",
     .en =
         "approves (or refuses) what another proposed to take back; approved it is booked; audited",
     .parameters = {{"reinstatement", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "撤销号",
                     "number of the reinstatement"},
                    {"grant", IN_BODY, PARAMETER_YES_NO, true, 0, 0, NULL, "是否同意",
                     "approved or refused"},
                    {"why", IN_BODY, PARAMETER_TEXT, false, 0, 200, NULL, "说明", "why"}}},
    {.pattern = NULL},
};
