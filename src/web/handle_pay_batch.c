#include "identity/mask.h"
#include "ledger/line.h"
#include "ledger/project.h"
#include "web/books.h"
#include "web/limits.h"
#include "web/routes.h"

/* The payments of a batch, one by one; what is open of them; and the school projects of a fund.
 * Names and accounts are masked unless a reason was given. */

static void write_line(struct request *request, struct json *json, const struct line_view *line,
                       bool whole)
{
    struct arena *arena = request->arena;
    json_object(json);
    json_key_i64(json, "payment", line->number);
    json_key_i64(json, "batch", line->batch);
    json_key_i64(json, "ordinal", line->ordinal);
    json_key_i64(json, "person", line->person);
    json_key_str(json, "name", whole ? line->name : mask_name(arena, line->name));
    books_area(request, json, line->area);
    json_key_str(json, "holder", line->holder);
    json_key_str(json, "holder_name",
                 whole ? line->payee.name : mask_name(arena, line->payee.name));
    json_key_str(json, "bank", line->payee.bank);
    json_key_str(json, "account",
                 whole ? line->payee.account : mask_value(arena, line->payee.account));
    json_key_i64(json, "instalment", line->instalment);
    json_key_i64(json, "attempt", line->attempt);
    json_key_i64(json, "fen", line->fen);
    json_key_i64(json, "paid_fen", line->paid_fen);
    json_key_i64(json, "back_fen", line->back_fen);
    json_key_str(json, "status", line->status);
    json_key_str(json, "reason", line->reason);
    json_key_str(json, "serial", line->serial);
    answer_day(json, "on", line->on);
    json_object_end(json);
}

static bool list_in(struct request *request, struct answer *answer, struct ledger *ledger,
                    struct err *err)
{
    struct line_view *lines = NULL;
    size_t count = 0, total = 0;
    struct request_page page = request_page(request);
    if (!line_list(ledger, &request->asker, request_i64(request, "batch", 0),
                   request_text(request, "status"), page.first, (size_t)page.size, &lines, &count,
                   &total, err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) write_line(request, json, &lines[i], false);
    answer_rows_end(answer, request, total);
    return true;
}

static bool list(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, list_in, err);
}

static bool reveal_in(struct request *request, struct answer *answer, struct ledger *ledger,
                      struct err *err)
{
    struct line_view line;
    if (!line_reveal(ledger, &request->asker, request_i64(request, "payment", 0),
                     request_text(request, "reason"), &line, err)) {
        return false;
    }
    write_line(request, answer_json(answer), &line, true);
    return true;
}

static bool reveal(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, reveal_in, err);
}

static bool void_in(struct request *request, struct answer *answer, struct ledger *ledger,
                    struct err *err)
{
    int64_t batch = request_i64(request, "batch", 0);
    uint64_t lines;
    if (!pay_void(ledger, &request->asker, batch, request_yes(request, "lost"),
                  request_text(request, "why"), &lines, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "batch", batch);
    json_key_i64(json, "lines", (int64_t)lines);
    json_object_end(json);
    return true;
}

static bool take_back(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, void_in, err);
}

static void write_project(struct json *json, const struct project *project)
{
    json_object(json);
    json_key_str(json, "project", project->key);
    json_key_str(json, "name", project->name.len > 0 ? project->name : project->key);
    json_key_str(json, "school", project->school);
    json_key_str(json, "document", project->document);
    json_key_i64(json, "planned_fen", project->planned_fen);
    json_key_i64(json, "allotted_fen", project->allotted_fen);
    json_key_i64(json, "paid_fen", project->paid_fen);
    json_key_i64(json, "left_fen", project->allotted_fen - project->paid_fen);
    json_object_end(json);
}

static bool projects_in(struct request *request, struct answer *answer, struct ledger *ledger,
                        struct err *err)
{
    struct fund fund;
    struct project *projects = NULL;
    size_t count = 0;
    if (!fund_find(ledger, &request->asker, request_text(request, "fund"), &fund, err)
        || !project_list(ledger, &fund, &projects, &count, err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) write_project(json, &projects[i]);
    answer_rows_all(answer, count);
    return true;
}

static bool projects(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, projects_in, err);
}

#define BATCH_NUMBER                                                                               \
    {                                                                                              \
        "batch", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "批次号", "number of the batch"     \
    }
#define PAYMENT_NUMBER                                                                             \
    {                                                                                              \
        "payment", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "发放号", "number of the payment" \
    }
#define WHY                                                                                        \
    {                                                                                              \
        "why", IN_BODY, PARAMETER_TEXT, true, 0, 200, NULL, "理由", "why"                          \
    }

const struct route routes_pay_batch[] = {
    {.method = METHOD_GET,
     .pattern = "/api/pay/batches/{batch}/lines",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .handle = list,
     .zh = "一批中的每一笔，按送银行的次序；姓名和账号有遮盖",
     .en = "the payments of a batch in the order of the bank's file; names and accounts masked",
     .parameters = {BATCH_NUMBER,
                    {"status", IN_QUERY, PARAMETER_CHOICE, false, 0, 0, "open|paid|refused|void",
                     "只列此种", "of this state alone"},
                    ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/pay/payments/{payment}/reveal",
     .capability = CAPABILITY_REVEAL,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = reveal,
     .zh = "显示一笔发放的收款人姓名和账号；理由记入审计",
     .en = "name and account of a payee in full; the reason is audited",
     .parameters = {PAYMENT_NUMBER, ROUTE_REASON}},
    {.method = METHOD_POST,
     .pattern = "/api/pay/batches/{batch}/void",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = take_back,
     .zh = "作废一批中未结的发放，之后可重新提出；记入审计",
     .en = "voids what is open of a batch, so that it can be proposed again; audited",
     .parameters = {BATCH_NUMBER,
                    {"lost", IN_BODY, PARAMETER_YES_NO, false, 0, 0, NULL,
                     "已送银行而银行确认未办理",
                     "it went to the bank, which says that it has not carried it out"},
                    WHY}},
    {.method = METHOD_GET,
     .pattern = "/api/funds/{fund}/projects",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .handle = projects,
     .zh = "一笔资金的学校项目：文号、计划、拨付、支出、结存",
     .en = "the school projects of a fund: document, planned, allotted, paid, left",
     .parameters = {{"fund", IN_PATH, PARAMETER_TEXT, true, 0, 200, NULL, "资金代号",
                     "key of the fund"}}},
    {.pattern = NULL},
};
