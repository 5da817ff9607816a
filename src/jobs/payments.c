#include "jobs/payments.h"

#include "base/list.h"

#include <stdlib.h>

struct proposing {
    struct workspace *workspace;
    struct ledger *ledger;
    const struct asker *asker;
    const struct pay_request *request;
    struct arena *arena;
    struct aid_rules rules;
    const struct policy_scheme *scheme;
    uint16_t scheme_number;
    struct period period;
    struct str period_name;
    struct aid_run run; /* of people who are read here */
    struct pay_ground ground;
};

static bool check_scheme(const struct proposing *proposing, struct err *err)
{
    const struct policy_scheme *scheme = proposing->scheme;
    struct arena *arena = proposing->arena;
    if (scheme->form == POLICY_CASH && !scheme->confirmed_only) return true;
    return err_set(err, ERR_CONFLICT,
                   "%s is not paid here but confirmed from lists: %s, %s%.0s%.0s%.0s",
                   "%.0s%.0s%.0s%s 不由本处发放，只据名单确认：%s，%s",
                   str_cstr(arena, scheme->name.en), policy_form_text(scheme->form, LANG_EN),
                   str_cstr(arena, scheme->payer_en), str_cstr(arena, scheme->name.zh),
                   policy_form_text(scheme->form, LANG_ZH), str_cstr(arena, scheme->payer_zh));
}

/* The number under which somebody is known now. */
static bool follow(void *context, int64_t person, int64_t *now, struct err *err)
{
    struct proposing *proposing = context;
    *now = person;
    return people_find(proposing->ground.people, person) != SIZE_MAX
           || person_now(proposing->arena, &proposing->workspace->registry, person, now, err);
}

/* What the register of payments says a person got of the scheme in the period. */
static int64_t paid_elsewhere(const struct proposing *proposing, size_t person)
{
    const struct payments *payments = &proposing->ground.payments;
    int64_t sum = 0;
    for (size_t i = payments->firsts[person]; i < payments->firsts[person + 1]; i++) {
        const struct payment *payment = &payments->items[i];
        bool of_scheme = false;
        int64_t fen;
        for (uint16_t s = 0; s < payment->scheme_count; s++) {
            of_scheme |= payment->schemes[s] == proposing->scheme_number;
        }
        if (!of_scheme || !payment_falls_to(payment, proposing->period, &fen)) continue;
        if (fen < 0) return -1;
        sum += fen;
    }
    return sum;
}

static struct pay_candidate candidate_of(const struct proposing *proposing, size_t person,
                                         int64_t due_fen)
{
    const struct facts *facts = proposing->ground.facts;
    const struct people *people = proposing->ground.people;
    const struct payee_found *payee = &proposing->ground.payees[person];
    uint32_t row = facts->row_of[person];
    uint32_t record =
        row == UINT32_MAX ? people->order[people->persons[person].first] : facts->records[row];
    struct pay_candidate candidate = {.person = people->persons[person].number,
                                      .name = people_text(people, record, PERSON_NAME),
                                      .area = people_text(people, record, PERSON_AREA),
                                      .due_fen = due_fen,
                                      .elsewhere_fen = paid_elsewhere(proposing, person),
                                      .payee = payee->payee,
                                      .holder = payee->holder};
    if (row == UINT32_MAX) return candidate;
    candidate.school = dict_text(&facts->school_texts, facts->schools[row]);
    candidate.school_name = people_text(people, record, PERSON_SCHOOL_NAME);
    if (facts->school_areas[row].len > 0) candidate.area = facts->school_areas[row];
    return candidate;
}

static int by_person(const void *a, const void *b)
{
    const struct pay_candidate *x = a, *y = b;
    if (x->person != y->person) return x->person < y->person ? -1 : 1;
    return x->due_fen == y->due_fen ? 0 : x->due_fen > y->due_fen ? -1 : 1;
}

/* Two numbers of the decision may be one person now: what is due to them is due once. */
static size_t once_each(struct pay_candidate *candidates, size_t count)
{
    size_t kept = 0;
    if (count > 0) qsort(candidates, count, sizeof *candidates, by_person);
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && candidates[kept - 1].person == candidates[i].person) continue;
        candidates[kept++] = candidates[i];
    }
    return kept;
}

/* The smallest division that holds both; empty: none does. */
static struct str common_area(struct arena *arena, struct str a, struct str b)
{
    static const size_t lengths[] = {12, 9, 6};
    if (area_covers(a, b)) return a;
    if (area_covers(b, a)) return b;
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct str outer = str_slice(a, 0, lengths[i]);
        if (a.len >= lengths[i] && area_covers(outer, b)) return outer;
    }
    for (size_t digits = 4; digits >= 2; digits -= 2) {
        char code[] = "000000";
        if (a.len < 6 || b.len < 6 || memcmp(a.ptr, b.ptr, digits) != 0) continue;
        memcpy(code, a.ptr, digits);
        return str_copy(arena, str_from(code));
    }
    return STR_EMPTY;
}

/* A batch belongs to the area of those whom it pays, so that whoever sees them may approve it. */
static struct str area_of_all(struct arena *arena, const struct pay_wish *wish)
{
    struct str area = wish->count == 0 ? STR_EMPTY : wish->candidates[0].area;
    for (size_t i = 1; area.len > 0 && i < wish->count; i++) {
        area = common_area(arena, area, wish->candidates[i].area);
    }
    return area;
}

static bool make_candidates(struct proposing *proposing, const struct award_due *due, size_t count,
                            struct pay_wish *wish, struct err *err)
{
    const struct asker within =
        wish->area.len == 0 ? *proposing->asker : asker_within(proposing->asker, wish->area);
    LIST(struct pay_candidate) list = {0};
    int64_t only = 0;
    if (proposing->request->person != 0
        && !follow(proposing, proposing->request->person, &only, err)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        int64_t now;
        if (!follow(proposing, due[i].person, &now, err)) return false;
        if (only != 0 && now != only) continue;
        size_t person = people_find(proposing->ground.people, now);
        if (person == SIZE_MAX) continue; /* nobody states this person any more */
        struct pay_candidate candidate = candidate_of(proposing, person, due[i].fen);
        if (!asker_sees(&within, candidate.area)) continue;
        *list_push(proposing->arena, &list) = candidate;
    }
    wish->candidates = list.items;
    wish->count = once_each(list.items, list.count);
    if (wish->area.len == 0) wish->area = area_of_all(proposing->arena, wish);
    return true;
}

bool job_pay_ground(struct workspace *workspace, struct arena *arena, const struct aid_rules *rules,
                    const struct people *people, const struct facts *facts,
                    struct payee_collector *collector, struct pay_ground *out, struct err *err)
{
    struct payee_rules payee_rules;
    struct pay_ground made = {.rules = rules, .people = people, .facts = facts};
    if (!payee_rules_load(&payee_rules, arena, workspace->policies, err)) return false;
    payments_read(arena, facts, &made.payments);
    made.payees = payees_find(collector, arena, people, &payee_rules);
    *out = made;
    return true;
}

static bool read_people(struct proposing *proposing, const struct progress *progress,
                        struct err *err)
{
    struct workspace *workspace = proposing->workspace;
    struct read_at when = {.at = proposing->request->at};
    struct aid_run *run = &proposing->run;
    struct payee_collector *collector =
        payee_collector_open(proposing->arena, &workspace->profiles);
    return registry_now(&workspace->registry, &when.known_ms, err)
           && job_facts_heard(workspace, proposing->arena, proposing->asker, when,
                              &proposing->rules, payee_collector_listener(collector), progress, run,
                              err)
           && job_pay_ground(workspace, proposing->arena, &proposing->rules, &run->people,
                             &run->facts, collector, &proposing->ground, err);
}

static bool choose_fund(struct proposing *proposing, struct fund *out, struct err *err)
{
    struct fund *funds;
    size_t count, fitting = 0;
    struct str scheme = proposing->scheme->name.key, key = proposing->request->fund;
    if (key.len > 0) return fund_find(proposing->ledger, proposing->asker, key, out, err);
    if (!fund_list(proposing->ledger, proposing->asker, &funds, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        if (!fund_pays(&funds[i], scheme)) continue;
        *out = funds[i];
        fitting++;
    }
    if (fitting == 1) return true;
    if (fitting == 0) {
        err_set(err, ERR_CONFLICT, "no fund pays %.*s: open one first",
                "没有用于 %.*s 的资金，请先建立", STR_ARG(scheme));
        return err_hint(err, "baoxue fund open", "baoxue fund open");
    }
    err_set(err, ERR_USAGE, "%zu funds pay %.*s: say which", "有 %zu 笔资金可用于 %.*s，请指明",
            fitting, STR_ARG(scheme));
    return err_hint(err, "--fund KEY", "--fund 代号");
}

static bool not_decided(const struct proposing *proposing, struct err *err)
{
    char at[DAY_TEXT_SIZE];
    err_set(err, ERR_CONFLICT, "nobody has decided aid of %.*s yet: decide first (as of %s)",
            "%.*s 尚未核定，请先核定（%s）", STR_ARG(proposing->period_name),
            day_format(proposing->request->at, at));
    return err_hint(err, "baoxue aid decide --at DATE", "baoxue aid decide --at 日期");
}

/* The scheme and period of the request, by the rules. */
static bool begin(struct proposing *proposing, const struct pay_ground *ground, struct err *err)
{
    const struct pay_request *request = proposing->request;
    char period[PERIOD_TEXT_SIZE];
    if (ground != NULL) {
        CHECK(ground->people->when.at.days == request->at.days);
        proposing->ground = *ground;
        proposing->rules = *ground->rules;
    } else if (!job_rules(proposing->workspace, proposing->arena, &proposing->rules, err)) {
        return false;
    }
    proposing->scheme_number = policy_find_scheme(proposing->rules.policy, request->scheme);
    CHECK(proposing->scheme_number != POLICY_NONE);
    proposing->scheme = &proposing->rules.policy->schemes[proposing->scheme_number];
    proposing->period = period_of(proposing->scheme->period, request->at);
    proposing->period_name =
        str_copy(proposing->arena, str_from(period_format(proposing->period, period)));
    return check_scheme(proposing, err);
}

bool job_pay_wish(struct workspace *workspace, struct ledger *ledger, const struct asker *asker,
                  const struct pay_request *request, const struct pay_ground *ground,
                  const struct progress *progress, struct pay_wish *wish, struct err *err)
{
    struct proposing *proposing = arena_new(ledger->arena, struct proposing);
    struct fund *fund = arena_new(ledger->arena, struct fund);
    struct award_due *due;
    size_t count;
    *proposing = (struct proposing){.workspace = workspace,
                                    .ledger = ledger,
                                    .asker = asker,
                                    .request = request,
                                    .arena = ledger->arena};
    if (!begin(proposing, ground, err)) return false;
    *wish = (struct pay_wish){.scheme = proposing->scheme->name.key,
                              .period = proposing->period_name,
                              .at = request->at,
                              .fund = fund,
                              .retry = request->retry,
                              .dry = request->dry,
                              .follow = follow,
                              .context = proposing};
    if (!choose_fund(proposing, fund, err)
        || !award_due(ledger->store, ledger->arena, wish->scheme, proposing->period, &due, &count,
                      &wish->award_run, err)) {
        return false;
    }
    if (wish->award_run == 0) return not_decided(proposing, err);
    wish->area = request->area.len > 0 ? request->area : fund->area;
    return (ground != NULL || read_people(proposing, progress, err))
           && make_candidates(proposing, due, count, wish, err);
}

bool job_pay_propose(struct workspace *workspace, struct ledger *ledger, const struct asker *asker,
                     const struct pay_request *request, const struct progress *progress,
                     struct pay_wish *wish, struct pay_proposed *out, struct err *err)
{
    return job_pay_wish(workspace, ledger, asker, request, NULL, progress, wish, err)
           && pay_propose(ledger, asker, wish, out, err);
}
