#include "access/approval.h"
#include "base/file.h"
#include "jobs/looks.h"
#include "jobs/pay_files.h"
#include "jobs/upload.h"
#include "ledger/prove.h"
#include "ledger/reconcile.h"
#include "web/books.h"
#include "web/routes.h"
#include "web/show.h"

/* Paying aid: funds and their proof, batches with four eyes, the bank's files, reconciliation. Each
 * handler opens the books of its own handle of the workspace and closes them before it returns. */

enum { PATH_BYTES_MAX = 1 << 15 };

static void hash_key(struct request *request, struct json *json, const char *key,
                     const unsigned char *hash, size_t size)
{
    char *hex = arena_array(request->arena, char, 2 * size + 1);
    hex_of(hash, size, hex);
    json_key_str(json, key, str_from(hex));
}

static bool may_decide(struct request *request, const struct pay_batch *batch)
{
    const struct workspace *workspace = request->workspace;
    struct approval approval;
    struct err unknown = ERR_INIT;
    return batch->step == PAY_STEP_PROPOSED
           && approval_find(workspace->store, &workspace->clock, request->arena, batch->approval,
                            &approval, &unknown)
           && approval_may_decide(&approval, &request->asker);
}

static void write_batch(struct request *request, struct json *json, const struct pay_batch *batch)
{
    json_object(json);
    json_key_i64(json, "batch", batch->number);
    json_key_str(json, "scheme", batch->scheme);
    json_key_str(json, "period", batch->period);
    answer_day(json, "at", batch->at);
    json_key_str(json, "fund", batch->fund_key);
    books_area(request, json, batch->area);
    books_words(json, "step", pay_step_key(batch->step), pay_step_text(batch->step, LANG_ZH),
                pay_step_text(batch->step, LANG_EN));
    json_key_i64(json, "lines", batch->lines);
    json_key_i64(json, "fen", batch->fen);
    json_key_i64(json, "paid_lines", batch->paid_lines);
    json_key_i64(json, "paid_fen", batch->paid_fen);
    json_key_i64(json, "refused_lines", batch->refused_lines);
    json_key_i64(json, "open_lines", batch->open_lines);
    json_key_i64(json, "back_fen", batch->back_fen);
    json_key_i64(json, "made_ms", batch->made_ms);
    json_key_str(json, "proposed_by", batch->made_by);
    json_key_str(json, "approved_by", batch->approved_by);
    json_key_bool(json, "may_decide", may_decide(request, batch));
    json_object_end(json);
}

static bool list_in(struct request *request, struct answer *answer, struct ledger *ledger,
                    struct err *err)
{
    struct pay_batch *batches = NULL;
    size_t count = 0;
    struct request_page page = request_page(request);
    if (!pay_batch_list(ledger, &request->asker, &batches, &count, err)) return false;
    struct json *json = answer_rows(answer);
    for (size_t i = page.first; i < count && i < page.first + (size_t)page.size; i++) {
        write_batch(request, json, &batches[count - 1 - i]);
    }
    answer_rows_end(answer, request, count);
    return true;
}

static bool list(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, list_in, err);
}

static bool decide_in(struct request *request, struct answer *answer, struct ledger *ledger,
                      struct err *err)
{
    struct pay_batch batch;
    int64_t number = request_i64(request, "batch", 0);
    if (!pay_decide(ledger, &request->asker, number, request_yes(request, "grant"),
                    request_text(request, "why"), err)
        || !pay_batch_find(ledger, &request->asker, number, &batch, err)) {
        return false;
    }
    write_batch(request, answer_json(answer), &batch);
    return true;
}

static bool decide(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, decide_in, err);
}

/* Recorded before it is given: the books know of each file that may be with the bank. */
static bool order_in(struct request *request, struct answer *answer, struct ledger *ledger,
                     struct err *err)
{
    struct order_sent sent;
    struct text path, name;
    const char *folder;
    int64_t number = request_i64(request, "batch", 0);
    if (!job_pay_order(request->workspace, ledger, &request->asker, number, &sent, err)
        || !upload_begin(request->parts->uploads, request->arena, &request->upload, &folder, err)) {
        return false;
    }
    text_init(&path, request->arena, PATH_BYTES_MAX);
    text_add_f(&path, "%s/order.csv", folder);
    if (!file_write(path.ptr, sent.content, 0600, err)) return false;
    text_init(&name, request->arena, 64);
    text_add_f(&name, "代发%lld.csv", (long long)number);
    answer_file(answer, path.ptr, true, text_str(&name), "text/csv");
    return true;
}

static bool order(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, order_in, err);
}

static struct str account_of(const struct request *request)
{
    struct str account = request_text(request, "account");
    return account.len == 0 ? STR("main") : account;
}

static bool only_file(const struct request *request, const struct receive_file **out,
                      struct err *err)
{
    *out = request->files;
    if (request->file_count == 1) return true;
    return err_set(err, ERR_INPUT, "one file is wanted, not %zu", "每次一个文件，收到 %zu 个",
                   request->file_count);
}

static bool bank_answer_in(struct request *request, struct answer *answer, struct ledger *ledger,
                           struct err *err)
{
    const struct receive_file *file;
    struct pay_file_taken taken;
    if (!only_file(request, &file, err)
        || !job_pay_answer(request->workspace, ledger, &request->asker, file->path, file->name,
                           account_of(request), &taken, err)) {
        return false;
    }
    /* What was paid is looked at by the next check; where none can start, the next one does. */
    int64_t task;
    struct err busy = ERR_INIT;
    if (!taken.unchanged) {
        (void)!snapshot_wish(request->parts->hub, request->parts->tasks, &task, &busy);
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_bool(json, "unchanged", taken.unchanged);
    json_key_i64(json, "late", taken.late);
    json_key(json, "outcomes");
    json_list(json);
    for (size_t i = 0; i < taken.count; i++) {
        const struct pay_file_outcome *outcome = &taken.outcomes[i];
        json_object(json);
        json_key(json, "outcome");
        answer_words(json, outcome->key, outcome->zh, outcome->en);
        json_key_i64(json, "count", outcome->count);
        json_key_i64(json, "fen", outcome->fen);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

static bool bank_answer(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, bank_answer_in, err);
}

static bool statement_in(struct request *request, struct answer *answer, struct ledger *ledger,
                         struct err *err)
{
    const struct receive_file *file;
    uint64_t lines, fresh;
    if (!only_file(request, &file, err)
        || !job_pay_statement(request->workspace, ledger, &request->asker, file->path, file->name,
                              account_of(request), &lines, &fresh, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "lines", (int64_t)lines);
    json_key_i64(json, "fresh", (int64_t)fresh);
    json_object_end(json);
    return true;
}

static bool statement(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, statement_in, err);
}

static void write_item(struct json *json, const struct reconcile_item *item)
{
    json_object(json);
    books_words(json, "state", reconcile_state_key(item->state),
                reconcile_state_text(item->state, LANG_ZH),
                reconcile_state_text(item->state, LANG_EN));
    json_key_str(json, "what", item->what);
    json_key_str(json, "name", item->name);
    answer_day(json, "on", item->on);
    json_key_i64(json, "ours_fen", item->ours_fen);
    json_key_i64(json, "bank_fen", item->bank_fen);
    json_key_i64(json, "payment", item->payment);
    json_object_end(json);
}

/* What is matched is counted, the rest is listed. */
static bool reconcile_in(struct request *request, struct answer *answer, struct ledger *ledger,
                         struct err *err)
{
    struct reconciled made;
    struct request_page page = request_page(request);
    size_t listed = 0;
    if (!fund_check_account(ledger, &request->asker, account_of(request), err)
        || !reconcile(ledger, account_of(request), &made, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_bool(json, "clean", reconcile_is_clean(&made));
    answer_day(json, "from", made.from);
    answer_day(json, "through", made.through);
    json_key_i64(json, "books_fen", made.books_fen);
    json_key_i64(json, "bank_fen", made.bank_fen);
    json_key_i64(json, "matched", (int64_t)made.counts[RECONCILE_MATCHED]);
    json_key_i64(json, "total", (int64_t)(made.count - made.counts[RECONCILE_MATCHED]));
    json_key(json, "rows");
    json_list(json);
    for (size_t i = 0; i < made.count; i++) {
        if (made.items[i].state == RECONCILE_MATCHED) continue;
        size_t place = listed++;
        if (place < page.first || place >= page.first + (size_t)page.size) continue;
        write_item(json, &made.items[i]);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

static bool compare(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, reconcile_in, err);
}

static bool explain_in(struct request *request, struct answer *answer, struct ledger *ledger,
                       struct err *err)
{
    int64_t number = request_i64(request, "suspense", 0);
    int how = suspense_how_of(request_text(request, "how"));
    CHECK(how >= 0);
    if (!suspense_explain(ledger, &request->asker, number, (enum suspense_how)how,
                          request_text(request, "why"), request_text(request, "serial"), err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "suspense", number);
    json_object_end(json);
    return true;
}

static bool explain(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, explain_in, err);
}

static void write_payment(struct json *json, const struct person_payment *payment)
{
    json_object(json);
    json_key_i64(json, "payment", payment->line);
    json_key_i64(json, "batch", payment->batch);
    json_key_str(json, "scheme", payment->scheme);
    json_key_str(json, "period", payment->period);
    json_key_i64(json, "instalment", payment->instalment);
    json_key_i64(json, "attempt", payment->attempt);
    json_key_str(json, "status", payment->status);
    json_key_str(json, "reason", payment->reason);
    json_key_i64(json, "fen", payment->fen);
    json_key_i64(json, "paid_fen", payment->paid_fen);
    json_key_i64(json, "back_fen", payment->back_fen);
    answer_day(json, "at", payment->at);
    json_key_str(json, "area", payment->batch_area);
    json_key_str(json, "fund", payment->fund);
    json_key_str(json, "document", payment->document);
    json_key_str(json, "serial", payment->serial);
    answer_day(json, "on", payment->on);
    answer_day(json, "booked", payment->booked);
    json_key_str(json, "file", payment->file);
    json_key_i64(json, "row", payment->row);
    json_key_i64(json, "transfer", payment->transfer);
    json_key_i64(json, "award_run", payment->award_run);
    json_object_end(json);
}

static bool person_in(struct request *request, struct answer *answer, struct ledger *ledger,
                      struct err *err)
{
    struct person_payment *payments = NULL;
    size_t count = 0;
    int64_t person = request_i64(request, "person", 0);
    if (!prove_person(ledger, &request->asker, person, &payments, &count, err)
        || !looks_note(request->parts->looks, &request->asker, person, err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) write_payment(json, &payments[i]);
    answer_rows_all(answer, count);
    return true;
}

static bool person(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, person_in, err);
}

static void write_level(struct json *json, const struct fund *fund, enum fund_level level,
                        const struct fund_balance *balance)
{
    json_object(json);
    books_words(json, "level", fund_level_key(level), fund_level_text(level, LANG_ZH),
                fund_level_text(level, LANG_EN));
    json_key_i64(json, "share", fund->shares[level]);
    json_key_i64(json, "in_fen", balance->in);
    json_key_i64(json, "out_fen", balance->out);
    json_key_i64(json, "pending_fen", balance->pending);
    json_key_i64(json, "left_fen", balance->left);
    json_object_end(json);
}

static bool write_fund(struct request *request, struct json *json, struct ledger *ledger,
                       const struct fund *fund, struct err *err)
{
    json_object(json);
    json_key_str(json, "fund", fund->key);
    json_key_str(json, "name", fund->name.len == 0 ? fund->key : fund->name);
    json_key_str(json, "document", fund->document);
    json_key_bool(json, "project", fund->project);
    json_key_str(json, "account", fund->account);
    books_area(request, json, fund->area);
    json_key_str(json, "schemes", fund->schemes);
    json_key(json, "levels");
    json_list(json);
    for (int i = 0; i < FUND_LEVELS; i++) {
        struct fund_balance balance;
        if (fund->shares[i] == 0) continue;
        if (!fund_balance(ledger, fund, (enum fund_level)i, &balance, err)) return false;
        write_level(json, fund, (enum fund_level)i, &balance);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

static bool funds_in(struct request *request, struct answer *answer, struct ledger *ledger,
                     struct err *err)
{
    struct fund *funds = NULL;
    size_t count = 0;
    if (!fund_list(ledger, &request->asker, &funds, &count, err)) return false;
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < count; i++) {
        if (!write_fund(request, json, ledger, &funds[i], err)) return false;
    }
    answer_rows_all(answer, count);
    return true;
}

static bool funds(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, funds_in, err);
}

static void write_sums(struct json *json, const struct fund_sums *sums)
{
    json_object(json);
    json_key_i64(json, "received_fen", sums->received);
    json_key_i64(json, "returned_fen", sums->returned);
    json_key_i64(json, "paid_fen", sums->paid);
    json_key_i64(json, "back_fen", sums->back);
    json_key_i64(json, "pending_fen", sums->pending);
    json_key_i64(json, "allotted_fen", sums->allotted);
    json_key_i64(json, "unspent_fen", sums->unspent);
    json_object_end(json);
}

static bool proof_in(struct request *request, struct answer *answer, struct ledger *ledger,
                     struct err *err)
{
    struct fund fund;
    struct fund_proof proof;
    if (!fund_find(ledger, &request->asker, request_text(request, "fund"), &fund, err)
        || !prove_fund(ledger, &fund, &proof, err)) {
        return false;
    }
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_str(json, "fund", fund.key);
    json_key_bool(json, "holds", proof.finding_count == 0);
    json_key(json, "sum");
    write_sums(json, &proof.sum);
    json_key_i64(json, "transfers", proof.transfers);
    json_key_i64(json, "payments", proof.lines);
    json_key_i64(json, "paid", proof.paid_lines);
    json_key_i64(json, "refused", proof.refused_lines);
    json_key_i64(json, "open", proof.open_lines);
    hash_key(request, json, "root", proof.root, sizeof proof.root);
    json_key(json, "faults");
    json_list(json);
    for (size_t i = 0; i < proof.finding_count; i++) {
        const struct proof_finding *finding = &proof.findings[i];
        json_object(json);
        books_words(json, "fault", proof_fault_key(finding->fault),
                    proof_fault_text(finding->fault, LANG_ZH),
                    proof_fault_text(finding->fault, LANG_EN));
        json_key_i64(json, "number", finding->number);
        json_object_end(json);
    }
    json_list_end(json);
    json_object_end(json);
    return true;
}

static bool proof(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, proof_in, err);
}

#define BATCH_NUMBER                                                                               \
    {                                                                                              \
        "batch", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "批次号", "number of the batch"     \
    }
#define ACCOUNT_IN(place)                                                                          \
    {                                                                                              \
        "account", place, PARAMETER_TEXT, false, 0, 64, NULL, "本单位的银行账户，默认 main",       \
            "the office's bank account, default main"                                              \
    }

const struct route routes_pay[] = {
    {.method = METHOD_GET,
     .pattern = "/api/pay/batches",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .handle = list,
     .zh = "发放批次和各自的进度，新的在前",
     .en = "batches of payments and how far they are, newest first",
     .parameters = {ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/pay/batches/{batch}/decision",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = decide,
     .zh = "审批（或驳回）别人提出的一批发放",
     .en = "approves or refuses a batch that somebody else proposed",
     .parameters = {BATCH_NUMBER,
                    {"grant", IN_BODY, PARAMETER_YES_NO, true, 0, 0, NULL, "是否同意",
                     "approved or refused"},
                    {"why", IN_BODY, PARAMETER_TEXT, false, 0, 200, NULL, "说明", "why"}}},
    {.method = METHOD_POST,
     .pattern = "/api/pay/batches/{batch}/order",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .gives = ROUTE_GIVES_FILE,
     .handle = order,
     .zh = "送银行的文件，连同散列冻结；记入审计",
     .en = "the file for the bank, frozen with its hash; audited",
     .parameters = {BATCH_NUMBER}},
    {.method = METHOD_POST,
     .pattern = "/api/pay/answers",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_FILES,
     .handle = bank_answer,
     .zh = "读入银行回执，逐笔入账；记入审计",
     .en = "takes the bank's answer into the books, line by line; audited",
     .parameters = {ACCOUNT_IN(IN_BODY)}},
    {.method = METHOD_POST,
     .pattern = "/api/pay/statements",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_FILES,
     .handle = statement,
     .zh = "读入本单位账户的对账单，余额须逐行衔接；记入审计",
     .en = "takes the account's statement, whose balances have to follow; audited",
     .parameters = {ACCOUNT_IN(IN_BODY)}},
    {.method = METHOD_GET,
     .pattern = "/api/pay/reconciliation",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .handle = compare,
     .zh = "三方核对：对上的计数，其余逐项列出",
     .en = "three ways compared: what is matched is counted, the rest listed",
     .parameters = {ACCOUNT_IN(IN_QUERY), ROUTE_PAGE}},
    {.method = METHOD_POST,
     .pattern = "/api/pay/suspense/{suspense}/explanation",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .store = ROUTE_WRITES,
     .body = ROUTE_BODY_JSON,
     .handle = explain,
     .zh = "说明一笔挂账；记入审计",
     .en = "explains what is in suspense; audited",
     .parameters = {{"suspense", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "挂账号",
                     "number in suspense"},
                    {"how", IN_BODY, PARAMETER_CHOICE, true, 0, 0, "returned|accepted|noted",
                     "如何说明", "how"},
                    {"why", IN_BODY, PARAMETER_TEXT, true, 0, 200, NULL, "理由", "why"},
                    {"serial", IN_BODY, PARAMETER_TEXT, false, 0, 200, NULL, "退回的银行流水",
                     "the bank's serial number of the money's way back"}}},
    {.method = METHOD_GET,
     .pattern = "/api/persons/{person}/payments",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .handle = person,
     .zh = "一个人的每一笔发放，直到银行流水；查看记入审计",
     .en = "all payments to a person, to the bank's line; audited",
     .parameters = {{"person", IN_PATH, PARAMETER_INTEGER, true, 1, 0, NULL, "人员编号",
                     "number of the person"}}},
    {.method = METHOD_GET,
     .pattern = "/api/funds",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .handle = funds,
     .zh = "各笔资金：文号、分担、收入、支出、在途、结余",
     .en = "funds: document, shares, received, spent, promised, left"},
    {.method = METHOD_GET,
     .pattern = "/api/funds/{fund}/proof",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .handle = proof,
     .zh = "证明一笔资金：从流水另行重算，与余额、发放和银行回执核对",
     .en = "proves a fund: summed up anew from the journal, held against balances and answers",
     .parameters = {{"fund", IN_PATH, PARAMETER_TEXT, true, 0, 200, NULL, "资金代号",
                     "key of the fund"}}},
    {.pattern = NULL},
};
