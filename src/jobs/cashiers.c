#include "jobs/cashiers.h"

#include "base/csv.h"
#include "base/file.h"
#include "base/list.h"
#include "jobs/pay_files.h"
#include "jobs/sample_bank.h"
#include "sample/settings.h"

enum { PATH_BYTES_MAX = 4096, PROOF_BYTES_MAX = 1 << 20, ORDER_MODE = 0600, PROOF_MODE = 0644 };

struct cashiers {
    struct workspace *workspace;
    struct ledger *ledger;
    struct arena *arena;
    const struct check_run *run;
    const struct progress *progress;
    const char *folder; /* FOLDER/pay */
    struct cashier_text text;
    struct asker proposes, approves;
    struct pay_ground ground;
    struct sample_bank bank;
    struct cashiers_result *result;
    size_t answered[3]; /* refusals by reason */
};

/* Somebody of the bureau, by the name in the trail. */
static struct asker person_of(struct str name, enum role role, struct str area)
{
    return (struct asker){
        .name = name, .areas = {area}, .area_count = 1, .capabilities = role_capabilities(role)};
}

static const char *path_of(const struct cashiers *cashiers, const char *name, int64_t number)
{
    struct text text;
    text_init(&text, cashiers->arena, PATH_BYTES_MAX);
    text_add_f(&text, "%s/%s", cashiers->folder, name);
    if (number > 0) text_add_f(&text, "%lld", (long long)number);
    text_add_c(&text, ".csv");
    return text.ptr;
}

/* What is decided of everybody, by all rules in force, is kept: payments rest on it. */
static bool decide(struct cashiers *cashiers, const struct asker *asker, struct err *err)
{
    struct aid_check *aid = cashiers->run->aid;
    struct award_saved saved;
    int64_t known_ms = cashiers->run->people.when.known_ms;
    if (!job_award_save(cashiers->workspace, asker, &aid->rules, &aid->run, &aid->kinds, known_ms,
                        &saved, err)) {
        return false;
    }
    cashiers->result->award_run = saved.run;
    return true;
}

/* What is due by a wish and was not paid by the register of payments. */
static int64_t needed(const struct pay_wish *wish)
{
    int64_t fen = 0;
    for (size_t i = 0; i < wish->count; i++) {
        const struct pay_candidate *candidate = &wish->candidates[i];
        int64_t left = candidate->due_fen - candidate->elsewhere_fen;
        if (candidate->elsewhere_fen >= 0 && left > 0) fen += left;
    }
    return fen;
}

/* Each level's part of what was asked for, in whole steps, by one voucher. */
static bool receive(struct cashiers *cashiers, const struct cashier_fund *text,
                    struct cashiers_fund *fund, int64_t fen, struct err *err)
{
    const struct cashier_text *settings = &cashiers->text;
    bool made;
    fen += fen / PPM * settings->reserve_ppm + fen % PPM * settings->reserve_ppm / PPM;
    for (int i = 0; fen > 0 && i < FUND_LEVELS; i++) {
        if (fund->fund.shares[i] == 0) continue;
        int64_t part = fen / FUND_SHARES_SUM * fund->fund.shares[i]
                       + fen % FUND_SHARES_SUM * fund->fund.shares[i] / FUND_SHARES_SUM;
        int64_t steps = part / settings->step_fen + 1;
        struct text voucher;
        text_init(&voucher, cashiers->arena, LEDGER_TEXT_BYTES_MAX);
        text_add_f(&voucher, "%.*s-%s", STR_ARG(text->voucher),
                   fund_level_text((enum fund_level)i, LANG_ZH));
        struct fund_move move = {.level = (enum fund_level)i,
                                 .fen = steps * settings->step_fen,
                                 .voucher = text_str(&voucher),
                                 .on = text->received};
        if (!fund_move(cashiers->ledger, &cashiers->proposes, &fund->fund, &move, &made, err)) {
            return false;
        }
        sample_bank_receive(&cashiers->bank, move.on, move.voucher, move.fen);
        fund->received_fen += move.fen;
    }
    return true;
}

static bool open_fund(struct cashiers *cashiers, const struct cashier_fund *text, struct str area,
                      struct fund *out, struct err *err)
{
    struct text schemes;
    bool made;
    text_init(&schemes, cashiers->arena, LEDGER_TEXT_BYTES_MAX);
    for (size_t i = 0; i < text->scheme_count; i++) {
        if (i > 0) text_add_byte(&schemes, ',');
        text_add(&schemes, text->schemes[i]);
    }
    *out = (struct fund){.key = text->key,
                         .name = text->name,
                         .document = text->document,
                         .account = cashiers->text.account,
                         .area = area,
                         .schemes = text_str(&schemes)};
    memcpy(out->shares, text->shares, sizeof out->shares);
    return fund_open(cashiers->ledger, &cashiers->proposes, out, &made, err);
}

/* The file for the bank, and its answer. */
static bool settle(struct cashiers *cashiers, struct cashiers_batch *batch, struct err *err)
{
    struct ledger *ledger = cashiers->ledger;
    const char *order = path_of(cashiers, "代发", batch->batch);
    const char *answer = path_of(cashiers, "回执", batch->batch);
    struct sample_bank_answered answered;
    struct pay_file_taken taken;
    struct order_sent sent;
    day on = {cashiers->run->at.days + cashiers->text.bank_days};
    if (!pay_decide(ledger, &cashiers->approves, batch->batch, true, STR("与核定结果一致"), err)
        || !job_pay_order(cashiers->workspace, ledger, &cashiers->proposes, batch->batch, &sent,
                          err)
        || !file_write(order, sent.content, ORDER_MODE, err)
        || !sample_bank_answer(&cashiers->bank, order, answer, on, &answered, err)
        || !job_pay_answer(cashiers->workspace, ledger, &cashiers->proposes, answer,
                           file_name(answer), cashiers->text.account, &taken, err)) {
        return false;
    }
    cashiers->answered[0] += answered.unknown;
    cashiers->answered[1] += answered.holder;
    cashiers->answered[2] += answered.stopped;
    for (size_t i = 0; i < taken.count; i++) {
        const struct pay_file_outcome *outcome = &taken.outcomes[i];
        if (str_is(outcome->key, "paid")) {
            batch->paid = (size_t)outcome->count;
            batch->paid_fen = outcome->fen;
        } else if (str_is(outcome->key, "refused")) {
            batch->refused = (size_t)outcome->count;
        }
    }
    return true;
}

static bool propose(struct cashiers *cashiers, struct pay_wish *wish, struct cashiers_batch *batch,
                    struct err *err)
{
    struct pay_proposed made;
    for (size_t i = 0; i < wish->count; i++) batch->due_fen += wish->candidates[i].due_fen;
    batch->due_lines = (int64_t)wish->count;
    if (!pay_propose(cashiers->ledger, &cashiers->proposes, wish, &made, err)) return false;
    memcpy(batch->counts, made.counts, sizeof batch->counts);
    batch->batch = made.batch;
    batch->fen = made.fen;
    return made.batch == 0 || settle(cashiers, batch, err);
}

/* Asks for each scheme first, so that the money is there before anything is promised. */
static bool pay_fund(struct cashiers *cashiers, const struct cashier_fund *text, struct str area,
                     struct cashiers_fund *fund, struct err *err)
{
    const struct policy *policy = cashiers->ground.rules->policy;
    struct pay_wish *wishes = arena_array(cashiers->arena, struct pay_wish, text->scheme_count + 1);
    int64_t fen = 0;
    if (!open_fund(cashiers, text, area, &fund->fund, err)) return false;
    for (size_t i = 0; i < text->scheme_count; i++) {
        struct pay_request request = {
            .at = cashiers->run->at, .scheme = text->schemes[i], .fund = text->key};
        if (policy_find_scheme(policy, request.scheme) == POLICY_NONE) {
            return err_set(err, ERR_INPUT, "the policy has no scheme \"%.*s\"",
                           "政策中没有“%.*s”项目", STR_ARG(request.scheme));
        }
        if (!job_pay_wish(cashiers->workspace, cashiers->ledger, &cashiers->proposes, &request,
                          &cashiers->ground, cashiers->progress, &wishes[i], err)) {
            return false;
        }
        fen += needed(&wishes[i]);
    }
    if (!receive(cashiers, text, fund, fen, err)) return false;
    for (size_t i = 0; i < text->scheme_count; i++) {
        struct cashiers_batch *batch = &cashiers->result->batches[cashiers->result->batch_count++];
        const struct policy_name *name =
            &policy->schemes[policy_find_scheme(policy, text->schemes[i])].name;
        *batch =
            (struct cashiers_batch){.scheme = text->schemes[i], .zh = name->zh, .en = name->en};
        if (!propose(cashiers, &wishes[i], batch, err)) return false;
    }
    return true;
}

static void put_row(struct text *out, const struct str *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) csv_put(out, cells[i], i == 0);
    text_add_c(out, "\r\n");
}

static void put_sums(struct cashiers *cashiers, struct text *out, const struct cashiers_fund *fund,
                     const char *level, const struct fund_sums *sums)
{
    struct arena *arena = cashiers->arena;
    const struct str cells[] = {fund->fund.key,
                                fund->fund.document,
                                str_from(level),
                                money_yuan(arena, sums->received),
                                money_yuan(arena, sums->paid),
                                money_yuan(arena, sums->returned),
                                money_yuan(arena, sums->pending),
                                money_yuan(arena, sums->allotted),
                                money_yuan(arena, sums->unspent),
                                money_yuan(arena, sums->back),
                                fund->proof.finding_count == 0 ? STR("是") : STR("否")};
    put_row(out, cells, sizeof cells / sizeof *cells);
}

/* The proof of each fund, level by level, for whoever wants it on paper. */
static bool write_proofs(struct cashiers *cashiers, struct err *err)
{
    const struct str headings[] = {STR("资金"), STR("文号"),     STR("层级"), STR("收入"),
                                   STR("已发"), STR("上缴"),     STR("在途"), STR("拨给项目"),
                                   STR("结余"), STR("其中收回"), STR("平")};
    struct text out;
    text_init(&out, cashiers->arena, PROOF_BYTES_MAX);
    text_add_c(&out, "\xef\xbb\xbf");
    put_row(&out, headings, sizeof headings / sizeof *headings);
    for (size_t i = 0; i < cashiers->result->fund_count; i++) {
        const struct cashiers_fund *fund = &cashiers->result->funds[i];
        for (int level = 0; level < FUND_LEVELS; level++) {
            if (fund->fund.shares[level] == 0) continue;
            put_sums(cashiers, &out, fund, fund_level_text((enum fund_level)level, LANG_ZH),
                     &fund->proof.levels[level]);
        }
        put_sums(cashiers, &out, fund, "合计", &fund->proof.sum);
    }
    return file_write(path_of(cashiers, "证明", 0), text_str(&out), PROOF_MODE, err);
}

/* The statement, the comparison of the three, and the proof. */
static bool prove(struct cashiers *cashiers, struct err *err)
{
    struct ledger *ledger = cashiers->ledger;
    struct cashiers_result *result = cashiers->result;
    const char *statement = path_of(cashiers, "对账单", 0);
    uint64_t lines, fresh;
    progress_report(cashiers->progress, "proving", "核平", 0, 1);
    if (cashiers->bank.moves.count > 0
        && (!sample_bank_statement(&cashiers->bank, statement, err)
            || !job_pay_statement(cashiers->workspace, ledger, &cashiers->proposes, statement,
                                  file_name(statement), cashiers->text.account, &lines, &fresh,
                                  err))) {
        return false;
    }
    if (!reconcile(ledger, cashiers->text.account, &result->reconciled, err)) return false;
    for (size_t i = 0; i < result->fund_count; i++) {
        if (!prove_fund(ledger, &result->funds[i].fund, &result->funds[i].proof, err)) return false;
    }
    return write_proofs(cashiers, err);
}

static bool work(struct cashiers *cashiers, const struct asker *asker, struct str area,
                 struct err *err)
{
    struct cashiers_result *result = cashiers->result;
    struct arena *keep = cashiers->ledger->arena;
    const struct cashier_text *text = &cashiers->text;
    size_t schemes = 0;
    for (size_t i = 0; i < text->fund_count; i++) schemes += text->funds[i].scheme_count;
    result->batches = arena_array(keep, struct cashiers_batch, schemes + 1);
    result->funds = arena_array(keep, struct cashiers_fund, text->fund_count + 1);
    if (!decide(cashiers, asker, err)) return false;
    for (; result->fund_count < text->fund_count; result->fund_count++) {
        progress_report(cashiers->progress, "paying", "发放", result->fund_count, text->fund_count);
        if (!pay_fund(cashiers, &text->funds[result->fund_count], area,
                      &result->funds[result->fund_count], err)) {
            return false;
        }
    }
    result->reasons[0] = (struct cashiers_reason){text->reason_unknown, cashiers->answered[0]};
    result->reasons[1] = (struct cashiers_reason){text->reason_holder, cashiers->answered[1]};
    result->reasons[2] = (struct cashiers_reason){text->reason_stopped, cashiers->answered[2]};
    return prove(cashiers, err);
}

/* The text of the sample, whose city it is, the bank, and the ground of what is proposed. */
static bool open(struct cashiers *cashiers, const char *folder, struct payee_collector *payees,
                 struct str *area, struct err *err)
{
    struct workspace *workspace = cashiers->workspace;
    struct aid_check *aid = cashiers->run->aid;
    struct arena *keep = cashiers->ledger->arena;
    struct settings settings;
    struct bank *banks;
    const struct bank *bank;
    struct text path;
    size_t count;
    text_init(&path, keep, PATH_BYTES_MAX);
    text_add_f(&path, "%s/pay", folder);
    cashiers->folder = path.ptr;
    if (!cashier_text_load(&cashiers->text, keep, workspace->policies, err)
        || !sample_settings_load(&settings, keep, workspace->policies, err)
        || !banks_load(keep, workspace->policies, &banks, &count, err)
        || !bank_choose(banks, count, STR_EMPTY, &bank, err)
        || !sample_bank_open(&cashiers->bank, cashiers->arena, folder, bank, &cashiers->text, err)
        || !job_pay_ground(workspace, cashiers->arena, &aid->rules, &cashiers->run->people,
                           &aid->run.facts, payees, &cashiers->ground, err)) {
        return false;
    }
    *area = settings.city;
    cashiers->proposes = person_of(cashiers->text.proposes, ROLE_FINANCE, *area);
    cashiers->approves = person_of(cashiers->text.approves, ROLE_CITY, *area);
    return file_make_folder(cashiers->folder, err);
}

bool cashiers_pay(struct workspace *workspace, struct arena *arena, struct arena *keep,
                  const struct asker *asker, const char *folder, const struct check_run *run,
                  struct payee_collector *payees, const struct progress *progress,
                  struct cashiers_result *out, struct err *err)
{
    struct ledger ledger;
    struct cashiers_result result = {0};
    struct str area;
    CHECK(asker->all_areas);
    if (run->aid == NULL) {
        return err_set(err, ERR_CONFLICT, "the registers name no student: nobody can be paid",
                       "名册中没有学生，无人可发放");
    }
    if (!ledger_open(&ledger, keep, workspace->store, workspace->codec, &workspace->clock, err)) {
        return false;
    }
    struct cashiers cashiers = {.workspace = workspace,
                                .ledger = &ledger,
                                .arena = arena,
                                .run = run,
                                .progress = progress,
                                .result = &result};
    bool good = open(&cashiers, folder, payees, &area, err) && work(&cashiers, asker, area, err);
    ledger_close(&ledger);
    if (!good) return false;
    result.folder = cashiers.folder;
    result.proposed_by = cashiers.text.proposes;
    result.approved_by = cashiers.text.approves;
    *out = result;
    return true;
}
