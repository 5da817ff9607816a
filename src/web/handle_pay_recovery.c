#include "access/approval.h"
#include "jobs/looks.h"
#include "ledger/recovery.h"
#include "web/books.h"
#include "web/limits.h"
#include "web/routes.h"

/* What came back of payments: proposed by one, decided by another. */

static bool may_decide(struct request *request, const struct pay_recovery *recovery)
{
    const struct workspace *workspace = request->workspace;
    struct approval approval;
    struct err unknown = ERR_INIT;
    return recovery->state == PAY_RECOVERY_WAITS
           && approval_find(workspace->store, &workspace->clock, request->arena, recovery->approval,
                            &approval, &unknown)
           && approval_may_decide(&approval, &request->asker);
}

static void write_recovery(struct request *request, struct json *json,
                           const struct pay_recovery *recovery)
{
    json_object(json);
    json_key_i64(json, "recovery", recovery->number);
    json_key_i64(json, "payment", recovery->line);
    json_key_i64(json, "batch", recovery->batch);
    json_key_i64(json, "person", recovery->person);
    json_key_str(json, "scheme", recovery->scheme);
    json_key_str(json, "period", recovery->period);
    books_area(request, json, recovery->area);
    json_key_i64(json, "fen", recovery->fen);
    json_key_str(json, "voucher", recovery->voucher);
    answer_day(json, "day", recovery->on);
    json_key_str(json, "why", recovery->why);
    books_words(json, "state", pay_recovery_state_key(recovery->state),
                pay_recovery_state_text(recovery->state, LANG_ZH),
                pay_recovery_state_text(recovery->state, LANG_EN));
    json_key_i64(json, "made_ms", recovery->made_ms);
    json_key_str(json, "proposed_by", recovery->made_by);
    json_key_str(json, "decided_by", recovery->decided_by);
    json_key_str(json, "decided_why", recovery->decided_why);
    json_key_bool(json, "may_decide", may_decide(request, recovery));
    json_object_end(json);
}

static bool answer_one(struct request *request, struct answer *answer, struct ledger *ledger,
                       int64_t number, struct err *err)
{
    struct pay_recovery recovery;
    if (!pay_recovery_find(ledger, &request->asker, number, &recovery, err)) return false;
    write_recovery(request, answer_json(answer), &recovery);
    return true;
}

/* People type yuan; the books know fen. */
static bool read_yuan(const struct request *request, int64_t *fen, struct err *err)
{
    struct str yuan = request_text(request, "yuan");
    if (money_read(yuan, fen) && *fen > 0) return true;
    return err_set(err, ERR_INPUT, "\"%.*s\" is no amount: yuan above 0, with at most two decimals",
                   "“%.*s”不是金额：应为大于 0 的元，小数最多两位", STR_ARG(yuan));
}

static bool propose_in(struct request *request, struct answer *answer, struct ledger *ledger,
                       struct err *err)
{
    int64_t fen, number;
    bool again;
    return read_yuan(request, &fen, err)
           && pay_recovery_propose(ledger, &request->asker, request_i64(request, "payment", 0), fen,
                                   request_text(request, "voucher"), request_day(request, "day"),
                                   request_text(request, "why"), &number, &again, err)
           && answer_one(request, answer, ledger, number, err);
}

static bool propose(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, propose_in, err);
}

static bool decide_in(struct request *request, struct answer *answer, struct ledger *ledger,
                      struct err *err)
{
    int64_t number = request_i64(request, "recovery", 0), task;
    struct err busy = ERR_INIT;
    if (!pay_recovery_decide(ledger, &request->asker, number, request_yes(request, "grant"),
                             request_text(request, "why"), err)) {
        return false;
    }
    /* What came back is looked at by the next check; where none can start, the next one does. */
    (void)!snapshot_wish(request->parts->hub, request->parts->tasks, &task, &busy);
    return answer_one(request, answer, ledger, number, err);
}

static bool decide(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, decide_in, err);
}

static bool list_in(struct request *request, struct answer *answer, struct ledger *ledger,
                    struct err *err)
{
    struct pay_recovery *recoveries = NULL;
    size_t count = 0, kept = 0;
    struct request_page page = request_page(request);
    int64_t payment = request_i64(request, "payment", 0);
    if (!pay_recovery_list(ledger, &request->asker, request_yes(request, "waiting"), &recoveries,
                           &count, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (payment == 0 || recoveries[i].line == payment) recoveries[kept++] = recoveries[i];
    }
    struct json *json = answer_rows(answer);
    for (size_t i = page.first; i < kept && i < page.first + (size_t)page.size; i++) {
        write_recovery(request, json, &recoveries[kept - 1 - i]);
    }
    answer_rows_end(answer, request, kept);
    return true;
}

static bool list(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, list_in, err);
}

const struct route routes_pay_recovery[] = {
    {.method = METHOD_POST,
     .pattern = "/api/pay/payments/{payment}/recovery",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = propose,
     .zh = "提出把收回的钱记到一笔发放，不超过已发而未收回的；另一人审批后入账；记入审计",
     .en =
         "proposes to book what came back of a payment, never more than is still out; booked when "
         "another user approves; audited",
     .parameters = {{"payment", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "发放号",
                     "number of the payment"},
                    {"yuan", IN_BODY, PARAMETER_TEXT, true, 0, 30, NULL, "金额（元）", "yuan"},
                    {"voucher", IN_BODY, PARAMETER_TEXT, true, 0, 200, NULL, "凭证号",
                     "number of the voucher"},
                    {"day", IN_BODY, PARAMETER_DAY, true, 0, 0, NULL, "到账日", "when it came"},
                    {"why", IN_BODY, PARAMETER_TEXT, true, 0, 200, NULL, "理由", "why"}}},
    {.method = METHOD_GET,
     .pattern = "/api/pay/recoveries",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .handle = list,
     .zh = "收回：待审批的、已入账的、驳回的，新的在前",
     .en = "what came back of payments: waiting, booked, refused, newest first",
     .parameters = {{"payment", IN_QUERY, PARAMETER_INTEGER, false, 1, 0, NULL, "只列这笔发放的",
                     "of this payment alone"},
                    {"waiting", IN_QUERY, PARAMETER_YES_NO, false, 0, 0, NULL, "只列待审批的",
                     "those alone that wait"},
                    ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/pay/recoveries/{recovery}/decision",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = decide,
     .zh = "审批（或驳回）别人提出的收回；审批即入账；记入审计",
     .en = "approves (or refuses) a recovery that another proposed; approved it is booked; audited",
     .parameters = {{"recovery", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "收回号",
                     "number of the recovery"},
                    {"grant", IN_BODY, PARAMETER_YES_NO, true, 0, 0, NULL, "是否同意",
                     "approved or refused"},
                    {"why", IN_BODY, PARAMETER_TEXT, false, 0, 200, NULL, "说明", "why"}}},
    {.pattern = NULL},
};
