#include "jobs/payments.h"
#include "web/books.h"
#include "web/routes.h"

/* A batch is proposed from what was decided. People have to be read and linked for that, so it is a
 * task; a trial is the same and keeps nothing. */

enum { SCHOOLS_SHOWN_MAX = 3000 };

static bool is_paid_here(const struct policy_scheme *scheme)
{
    return scheme->form == POLICY_CASH && !scheme->confirmed_only;
}

/* The periods of a scheme that were decided, the newest decision first, each with its day. */
static void write_periods(struct json *json, const struct policy_scheme *scheme, const day *days,
                          size_t count)
{
    json_key(json, "periods");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        struct period period = period_of(scheme->period, days[i]);
        char name[PERIOD_TEXT_SIZE];
        size_t before = 0;
        while (before < i && !period_equal(period_of(scheme->period, days[before]), period)) {
            before++;
        }
        if (before < i) continue;
        json_object(json);
        json_key_str(json, "period", str_from(period_format(period, name)));
        answer_day(json, "at", days[i]);
        json_object_end(json);
    }
    json_list_end(json);
}

static void write_funds(struct json *json, struct str scheme, const struct fund *funds,
                        size_t count)
{
    json_key(json, "funds");
    json_list(json);
    for (size_t i = 0; i < count; i++) {
        if (!fund_pays(&funds[i], scheme)) continue;
        json_object(json);
        json_key_str(json, "fund", funds[i].key);
        json_key_str(json, "name", funds[i].name.len == 0 ? funds[i].key : funds[i].name);
        json_object_end(json);
    }
    json_list_end(json);
}

static bool choices_in(struct request *request, struct answer *answer, struct ledger *ledger,
                       struct err *err)
{
    struct aid_rules rules;
    struct fund *funds = NULL;
    day *days = NULL;
    size_t fund_count = 0, day_count = 0, shown = 0;
    if (!job_rules(request->workspace, request->arena, &rules, err)
        || !fund_list(ledger, &request->asker, &funds, &fund_count, err)
        || !award_days(ledger->store, request->arena, &days, &day_count, err)) {
        return false;
    }
    struct json *json = answer_rows(answer);
    for (size_t i = 0; i < rules.policy->scheme_count; i++) {
        const struct policy_scheme *scheme = &rules.policy->schemes[i];
        if (!is_paid_here(scheme)) continue;
        json_object(json);
        books_words(json, "scheme", str_cstr(request->arena, scheme->name.key),
                    str_cstr(request->arena, scheme->name.zh),
                    str_cstr(request->arena, scheme->name.en));
        write_periods(json, scheme, days, day_count);
        write_funds(json, scheme->name.key, funds, fund_count);
        json_object_end(json);
        shown++;
    }
    answer_rows_all(answer, shown);
    return true;
}

static bool choices(struct request *request, struct answer *answer, struct err *err)
{
    return with_books(request, answer, choices_in, err);
}

/* What a task works on, in the arena of its order. */
struct proposal {
    struct workspace_options workspace;
    struct asker asker;
    struct pay_request request;
};

static void write_outcomes(struct json *json, const struct pay_summary *summary)
{
    json_key(json, "outcomes");
    json_list(json);
    for (int i = 0; i < PAY_OUTCOMES; i++) {
        enum pay_outcome outcome = (enum pay_outcome)i;
        if (summary->lines[i] == 0) continue;
        json_object(json);
        books_words(json, "outcome", pay_outcome_key(outcome), pay_outcome_text(outcome, LANG_ZH),
                    pay_outcome_text(outcome, LANG_EN));
        json_key_i64(json, "lines", summary->lines[i]);
        json_key_i64(json, "fen", summary->fen[i]);
        json_object_end(json);
    }
    json_list_end(json);
}

static void write_places(struct json *json, const struct workspace *workspace,
                         const struct pay_summary *summary)
{
    size_t schools = 0;
    json_key(json, "places");
    json_list(json);
    for (size_t i = 0; i < summary->place_count; i++) {
        const struct pay_place *place = &summary->places[i];
        bool county = place->school.len == 0 && place->name.len == 0;
        schools += !county;
        if (!county && schools > SCHOOLS_SHOWN_MAX) continue;
        json_object(json);
        json_key_str(json, "area", place->area);
        json_key_str(json, "area_name", division_name_of(workspace->divisions, place->area));
        json_key_str(json, "school", place->name);
        json_key_i64(json, "lines", place->lines);
        json_key_i64(json, "fen", place->fen);
        json_key_i64(json, "held", place->held);
        json_object_end(json);
    }
    json_list_end(json);
}

static void write_levels(struct json *json, const struct fund *fund,
                         const struct pay_summary *summary)
{
    json_key(json, "levels");
    json_list(json);
    for (int i = 0; i < FUND_LEVELS; i++) {
        enum fund_level level = (enum fund_level)i;
        if (fund->shares[i] == 0) continue;
        json_object(json);
        books_words(json, "level", fund_level_key(level), fund_level_text(level, LANG_ZH),
                    fund_level_text(level, LANG_EN));
        json_key_i64(json, "takes_fen", summary->takes_fen[i]);
        json_key_i64(json, "left_fen", summary->left_fen[i]);
        json_object_end(json);
    }
    json_list_end(json);
}

static void write_proposed(struct text *text, const struct workspace *workspace,
                           const struct pay_wish *wish, const struct pay_proposed *made,
                           const struct pay_summary *summary)
{
    struct json json;
    json_init(&json, text);
    json_object(&json);
    json_key_bool(&json, "dry", wish->dry);
    json_key_i64(&json, "batch", made->batch);
    json_key_str(&json, "scheme", wish->scheme);
    json_key_str(&json, "period", wish->period);
    json_key_str(&json, "fund", wish->fund->key);
    json_key_str(&json, "area", wish->area);
    json_key_str(&json, "area_name", division_name_of(workspace->divisions, wish->area));
    json_key_i64(&json, "award_run", wish->award_run);
    json_key_i64(&json, "due_lines", summary->due_lines);
    json_key_i64(&json, "due_fen", summary->due_fen);
    json_key_i64(&json, "lines", summary->lines[PAY_PROPOSED]);
    json_key_i64(&json, "fen", made->fen);
    json_key_i64(&json, "asked_again", (int64_t)made->asked_again);
    write_outcomes(&json, summary);
    write_places(&json, workspace, summary);
    write_levels(&json, wish->fund, summary);
    json_object_end(&json);
}

static bool propose_in(const struct proposal *proposal, struct task_run *run,
                       struct workspace *workspace, struct err *err)
{
    struct ledger ledger;
    struct pay_wish wish;
    struct pay_proposed made;
    struct pay_summary summary;
    if (!ledger_open(&ledger, run->arena, workspace->store, workspace->codec, &workspace->clock,
                     err)) {
        return false;
    }
    bool good = job_pay_propose(workspace, &ledger, &proposal->asker, &proposal->request,
                                run->progress, &wish, &made, err)
                && job_pay_summary(&ledger, &wish, &made, &summary, err);
    if (good) write_proposed(run->result, workspace, &wish, &made, &summary);
    ledger_close(&ledger);
    return good;
}

static bool run_proposal(void *context, struct task_run *run, struct err *err)
{
    const struct proposal *proposal = context;
    struct workspace workspace;
    bool good = workspace_open(&workspace, &proposal->workspace, err)
                && propose_in(proposal, run, &workspace, err);
    workspace_close(&workspace);
    return good;
}

static bool check_scheme(struct request *request, struct err *err)
{
    struct aid_rules rules;
    struct str key = request_text(request, "scheme");
    if (!job_rules(request->workspace, request->arena, &rules, err)) return false;
    if (policy_find_scheme(rules.policy, key) != POLICY_NONE) return true;
    return err_set(err, ERR_NOT_FOUND, "there is no scheme \"%.*s\"", "没有项目“%.*s”",
                   STR_ARG(key));
}

static bool propose(struct request *request, struct answer *answer, struct err *err)
{
    struct task_order order = {.kind = "pay", .owner = request->asker.name, .run = run_proposal};
    int64_t number = 0;
    if (!check_scheme(request, err)) return false;
    /* The area is the asker's; they are not narrowed to it, for the fund may be a larger one's. */
    const struct asker whole = user_asker(&request->session.user);
    struct proposal *proposal = arena_new(&order.arena, struct proposal);
    *proposal = (struct proposal){
        .workspace = request->parts->workspace,
        .asker = asker_copy(&order.arena, &whole),
        .request = {.at = request_day(request, "at"),
                    .scheme = str_copy(&order.arena, request_text(request, "scheme")),
                    .fund = str_copy(&order.arena, request_text(request, "fund")),
                    .area = str_copy(&order.arena, request_text(request, "area")),
                    .retry = request_yes(request, "retry"),
                    .dry = request_yes(request, "dry"),
                    .person = request_i64(request, "person", 0)}};
    order.context = proposal;
    if (!task_start(request->parts->tasks, &order, &number, err)) return false;
    struct json *json = answer_json(answer);
    json_object(json);
    json_key_i64(json, "task", number);
    json_object_end(json);
    return true;
}

const struct route routes_pay_propose[] = {
    {.method = METHOD_GET,
     .pattern = "/api/pay/choices",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_ROWS,
     .handle = choices,
     .zh = "可由本处发放的项目，各自已核定的学期和可用的资金",
     .en = "the schemes that are paid here, with the periods decided and the funds that pay them"},
    {.method = METHOD_POST,
     .pattern = "/api/pay/proposals",
     .capability = CAPABILITY_PAY,
     .area = ROUTE_AREA_GIVEN,
     .body = ROUTE_BODY_JSON,
     .handle = propose,
     .zh = "按核定结果提出一批发放，待另一人审批；试算则什么也不保存（后台任务）",
     .en = "proposes a batch by what was decided, for a second person's approval; a trial keeps "
           "nothing; a task",
     .parameters =
         {{"scheme", IN_BODY, PARAMETER_TEXT, true, 0, 100, NULL, "项目的键", "key of the scheme"},
          {"at", IN_BODY, PARAMETER_DAY, true, 0, 0, NULL, "发哪一学期：此日所在的",
           "the day in whose period"},
          {"fund", IN_BODY, PARAMETER_TEXT, false, 0, 200, NULL, "用哪笔资金（只有一笔可用时可省）",
           "out of which fund; may be left out where only one pays the scheme"},
          {"area", IN_BODY, PARAMETER_AREA, false, 0, 0, NULL, "只发此区划的学校",
           "schools of this area only"},
          {"person", IN_BODY, PARAMETER_INTEGER, false, 1, 0, NULL, "只发此人", "this person only"},
          {"retry", IN_BODY, PARAMETER_YES_NO, false, 0, 0, NULL, "银行退过的账户也再试",
           "also to accounts that the bank refused"},
          {"dry", IN_BODY, PARAMETER_YES_NO, true, 0, 0, NULL, "只试算", "a trial only"}}},
    {.pattern = NULL},
};
