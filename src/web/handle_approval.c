#include "web/answer.h"
#include "web/books.h"
#include "web/limits.h"
#include "web/request.h"
#include "web/routes.h"

#include "access/approval.h"
#include "jobs/awards.h"
#include "ledger/ledger.h"

/* What others ask to take out of the system, for a second pair of eyes. The request itself is made
 * by the route that it is about. */

/* Money is approved with its batch, its recovery or the return that is taken back, which goes on
 * with it (handle_pay.c, handle_pay_recovery.c, handle_pay_reinstate.c). */
static bool is_money(const struct approval *approval)
{
    return str_equal(approval->action, STR("pay"));
}

/* What the books asked for, from the words that they ask with (ledger/propose.c, recovery.c and
 * reinstate.c): "boarding_subsidy 2020-autumn: 12 × 7500.00", without a count where it is about one
 * payment. */
struct money_asked {
    struct str of; /* "batch", "recovery" or "reinstatement" */
    int64_t number;
    struct str scheme, period;
    int64_t lines, fen; /* lines 0: one payment */
};

static bool read_money(const struct approval *approval, struct money_asked *out)
{
    struct str object = approval->object, rest = approval->reason, what, period, count, times, yuan;
    if (!str_split(&object, ' ', &what) || !str_starts(what, STR("pay_"))
        || !str_to_i64(object, &out->number) || !str_split(&rest, ' ', &out->scheme)
        || !str_split(&rest, ' ', &period) || period.len < 2) {
        return false;
    }
    out->of = str_slice(what, 4, what.len);
    out->period = str_slice(period, 0, period.len - 1);
    out->lines = 0;
    if (money_read(rest, &out->fen)) return true;
    return str_split(&rest, ' ', &count) && str_split(&rest, ' ', &times)
           && str_split(&rest, ' ', &yuan) && str_to_i64(count, &out->lines)
           && money_read(yuan, &out->fen);
}

/* The money of a request in parts, so that it is read in the reader's language. */
static void write_money(struct json *json, struct arena *arena, const struct policy *policy,
                        const struct approval *approval)
{
    struct money_asked asked;
    json_key(json, "money");
    if (policy == NULL || !is_money(approval) || !read_money(approval, &asked)) {
        json_null(json);
        return;
    }
    struct str zh = asked.scheme, en = asked.scheme;
    uint16_t scheme = policy_find_scheme(policy, asked.scheme);
    if (scheme != POLICY_NONE) zh = policy->schemes[scheme].name.zh;
    if (scheme != POLICY_NONE) en = policy->schemes[scheme].name.en;
    json_object(json);
    json_key_str(json, "of", asked.of);
    json_key_i64(json, "number", asked.number);
    books_words(json, "scheme", str_cstr(arena, asked.scheme), str_cstr(arena, zh),
                str_cstr(arena, en));
    json_key_str(json, "period", asked.period);
    json_key_i64(json, "lines", asked.lines);
    json_key_i64(json, "fen", asked.fen);
    json_object_end(json);
}

static void write_approval(struct json *json, struct arena *arena, const struct policy *policy,
                           const struct approval *approval, const struct asker *asker)
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
    write_money(json, arena, policy, approval);
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
    const size_t end = page.first + (size_t)page.size;
    struct aid_rules rules = {0};
    bool money = false;
    for (size_t i = page.first; i < count && i < end; i++) money = money || is_money(&approvals[i]);
    if (money && !job_rules(workspace, request->arena, &rules, err)) return false;
    struct json *json = answer_rows(answer);
    for (size_t i = page.first; i < count && i < end; i++) {
        write_approval(json, request->arena, rules.policy, &approvals[i], &request->asker);
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
