#include "ledger/project.h"

#include "access/audit.h"
#include "base/list.h"
#include "ledger/post.h"
#include "ledger/statement.h"
#include "ledger/voucher.h"

#define PROJECT_COLUMNS                                                                            \
    "SELECT p.number, p.key, p.name, p.school, (SELECT fen FROM fund_plan AS n WHERE n.project = " \
    "p.number ORDER BY n.number DESC LIMIT 1), (SELECT document FROM fund_plan AS n WHERE "        \
    "n.project = p.number ORDER BY n.number DESC LIMIT 1) FROM fund_project AS p "

static struct project read_row(struct store_statement *row, struct arena *arena)
{
    return (struct project){.number = store_i64(row, 0),
                            .key = str_copy(arena, store_str(row, 1)),
                            .name = str_copy(arena, store_str(row, 2)),
                            .school = str_copy(arena, store_str(row, 3)),
                            .planned_fen = store_i64(row, 4),
                            .document = str_copy(arena, store_str(row, 5))};
}

/* What the books hold of it: nothing before the first allotment. */
static bool read_balance(struct ledger *ledger, const struct fund *fund, struct project *project,
                         struct err *err)
{
    struct text code;
    struct book_account account;
    bool found = false;
    text_init(&code, ledger->arena, 512);
    text_add_f(&code, "project/%.*s/%.*s", STR_ARG(fund->key), STR_ARG(project->key));
    if (!book_account_find(ledger->book, text_str(&code), &account, &found, err)) return false;
    project->allotted_fen = found ? account.credits_posted : 0;
    project->paid_fen = found ? account.debits_posted : 0;
    return true;
}

static bool find(struct ledger *ledger, const struct fund *fund, struct str key,
                 struct project *out, bool *found, struct err *err)
{
    struct store_statement *rows = NULL;
    if (!store_prepare(ledger->store, &rows,
                       PROJECT_COLUMNS "WHERE p.fund = $fund AND p.key = $key", err)) {
        return false;
    }
    store_bind_i64(rows, "$fund", fund->number);
    store_bind_text(rows, "$key", key);
    bool good = store_step(rows, found, err);
    if (good && *found) *out = read_row(rows, ledger->arena);
    store_finish(rows);
    return good && (!*found || read_balance(ledger, fund, out, err));
}

bool project_list(struct ledger *ledger, const struct fund *fund, struct project **out,
                  size_t *count, struct err *err)
{
    struct store_statement *rows = NULL;
    LIST(struct project) list = {0};
    bool row = false, good = false;
    if (!store_prepare(ledger->store, &rows, PROJECT_COLUMNS "WHERE p.fund = $fund ORDER BY p.key",
                       err)) {
        return false;
    }
    store_bind_i64(rows, "$fund", fund->number);
    while ((good = store_step(rows, &row, err)) && row) {
        *list_push(ledger->arena, &list) = read_row(rows, ledger->arena);
    }
    store_finish(rows);
    for (size_t i = 0; good && i < list.count; i++) {
        good = read_balance(ledger, fund, &list.items[i], err);
    }
    if (!good) return false;
    *out = list.items;
    *count = list.count;
    return true;
}

static bool put_project(struct ledger *ledger, const struct fund *fund, const struct project *plan,
                        int64_t *number, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO fund_project (fund, key, name, school) VALUES ($fund, $key, "
                       "$name, $school)",
                       err)) {
        return false;
    }
    store_bind_i64(put, "$fund", fund->number);
    store_bind_text(put, "$key", plan->key);
    store_bind_text(put, "$name", plan->name);
    store_bind_text(put, "$school", plan->school);
    if (!store_run_once(put, err)) return false;
    *number = store_last_id(ledger->store);
    return true;
}

static bool put_plan(struct ledger *ledger, const struct asker *asker, int64_t project,
                     const struct project *plan, struct err *err)
{
    struct store_statement *put = NULL;
    if (!store_prepare(ledger->store, &put,
                       "INSERT INTO fund_plan (project, fen, document, user, at_ms) VALUES "
                       "($project, $fen, $document, $user, $now)",
                       err)) {
        return false;
    }
    store_bind_i64(put, "$project", project);
    store_bind_i64(put, "$fen", plan->planned_fen);
    store_bind_text(put, "$document", plan->document);
    store_bind_text(put, "$user", asker->name);
    store_bind_i64(put, "$now", clock_now_ms(ledger->clock));
    return store_run_once(put, err);
}

static bool audit_project(struct ledger *ledger, const struct asker *asker, const struct fund *fund,
                          struct str key, struct str reason, struct err *err)
{
    struct arena scratch = {0};
    struct text object;
    text_init(&object, &scratch, 512);
    text_add_f(&object, "fund %.*s project %.*s", STR_ARG(fund->key), STR_ARG(key));
    bool good = audit_append(ledger->store, ledger->clock, asker, AUDIT_FUND, text_str(&object),
                             reason, err);
    arena_free(&scratch);
    return good;
}

static bool plan_in(struct ledger *ledger, const struct asker *asker, const struct fund *fund,
                    const struct project *plan, bool *made, struct err *err)
{
    struct project there = {0};
    bool found = false;
    int64_t number;
    if (!find(ledger, fund, plan->key, &there, &found, err)) return false;
    if (found && plan->planned_fen < there.allotted_fen) {
        return err_set(err, ERR_CONFLICT, "%lld.%02lld yuan are allotted to it already",
                       "已拨付 %lld.%02lld 元，计划不能更少", (long long)(there.allotted_fen / 100),
                       (long long)(there.allotted_fen % 100));
    }
    *made = !found || there.planned_fen != plan->planned_fen
            || !str_equal(there.document, plan->document);
    if (!*made) return true;
    number = there.number;
    return (found || put_project(ledger, fund, plan, &number, err))
           && put_plan(ledger, asker, number, plan, err)
           && audit_project(ledger, asker, fund, plan->key, plan->document, err);
}

bool project_plan(struct ledger *ledger, const struct asker *asker, const struct fund *fund,
                  const struct project *plan, bool *made, struct err *err)
{
    if (!fund->project) {
        return err_set(err, ERR_CONFLICT, "fund \"%.*s\" pays aid, no projects",
                       "资金“%.*s”用于资助，不用于项目", STR_ARG(fund->key));
    }
    if (plan->planned_fen <= 0 || plan->planned_fen > BOOK_FEN_MAX) {
        return err_set(err, ERR_INPUT, "the amount has to be above 0", "金额须大于 0");
    }
    if (!ledger_text(plan->key, "the project's key", "项目的代号", err)
        || !fund_check_key(plan->key, err)
        || !ledger_text(plan->document, "the document", "文号", err)
        || (plan->name.len > 0 && !ledger_text(plan->name, "the name", "名称", err))
        || (plan->school.len > 0 && !ledger_text(plan->school, "the school", "学校", err))
        || !store_begin(ledger->store, err)) {
        return false;
    }
    return store_end(ledger->store, plan_in(ledger, asker, fund, plan, made, err), err);
}

static bool move_in(struct ledger *ledger, const struct asker *asker, const struct fund *fund,
                    struct str key, const struct project_move *move, bool *made, struct err *err)
{
    struct project project;
    struct voucher voucher = {.fund = fund->number,
                              .kind = move->pay ? "project_pay" : "allot",
                              .number = move->voucher,
                              .fen = move->fen,
                              .on = move->on};
    bool found = false;
    if (!find(ledger, fund, key, &project, &found, err)) return false;
    if (!found) {
        return err_set(err, ERR_NOT_FOUND, "fund \"%.*s\" has no project \"%.*s\"",
                       "资金“%.*s”没有项目“%.*s”", STR_ARG(fund->key), STR_ARG(key));
    }
    voucher.project = project.number;
    voucher.document = move->document.len > 0 ? move->document : project.document;
    if (!voucher_settle(ledger, ledger->arena, &voucher, err)
        || !(move->pay ? post_project : post_allot)(ledger, fund, key, move->fen, voucher.number,
                                                    made, err)) {
        return false;
    }
    if (!*made) return true;
    if (!move->pay && project.allotted_fen + move->fen > project.planned_fen) {
        return err_set(err, ERR_CONFLICT, "project \"%.*s\" is planned with less",
                       "超出项目“%.*s”的计划", STR_ARG(key));
    }
    return statement_check_open(ledger, fund->account, move->on, err)
           && voucher_put(ledger, asker, &voucher, err)
           && audit_project(ledger, asker, fund, key, voucher.number, err);
}

bool project_move(struct ledger *ledger, const struct asker *asker, const struct fund *fund,
                  struct str key, const struct project_move *move, bool *made, struct err *err)
{
    CHECK(!day_is_none(move->on));
    if (move->fen <= 0 || move->fen > BOOK_FEN_MAX) {
        return err_set(err, ERR_INPUT, "the amount has to be above 0", "金额须大于 0");
    }
    if (!ledger_text(move->voucher, "the voucher", "凭证号", err)
        || (move->document.len > 0 && !ledger_text(move->document, "the document", "文号", err))
        || !store_begin(ledger->store, err)) {
        return false;
    }
    return store_end(ledger->store, move_in(ledger, asker, fund, key, move, made, err), err);
}
