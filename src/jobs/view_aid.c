#include "jobs/view_aid.h"

#include "base/list.h"
#include "jobs/view_finding.h"

enum { SCHEMES_BYTES_MAX = 4096 };

static const struct aid_check *aid_of(const struct view *view)
{
    const struct aid_check *aid = view->snapshot->run.aid;
    return aid == NULL || aid->check.facts == NULL ? NULL : aid;
}

static struct str keys_of(const struct view *view, const struct policy *policy,
                          const struct payment *payment)
{
    struct text text;
    text_init(&text, view->arena, SCHEMES_BYTES_MAX);
    for (uint16_t i = 0; i < payment->scheme_count; i++) {
        if (i > 0) text_add_byte(&text, ';');
        text_add(&text, policy->schemes[payment->schemes[i]].name.key);
    }
    return text_str(&text);
}

static void read_payments(const struct view *view, const struct aid_check *aid, uint32_t person,
                          struct view_aid_person *out)
{
    const struct payments *payments = &aid->payments;
    if (payments->count == 0) return;
    size_t first = payments->firsts[person], end = payments->firsts[person + 1];
    out->payments = arena_array(view->arena, struct view_payment, end - first);
    for (size_t i = first; i < end; i++) {
        const struct payment *payment = &payments->items[i];
        struct view_payment *shown = &out->payments[out->payment_count++];
        *shown = (struct view_payment){.schemes = keys_of(view, aid->rules.policy, payment),
                                       .fen = payment->fen,
                                       .paid_on = payment->paid_on};
        period_format(payment->period, shown->period);
    }
}

/* The person's number in the snapshot, when the asker sees it. */
static bool find_person(const struct view *view, int64_t number, uint32_t *out, struct err *err)
{
    *out = snapshot_person(view->snapshot, number);
    if (*out != UINT32_MAX && view_sees_person(view, *out)) return true;
    return err_set(err, ERR_NOT_FOUND, "there is no person %lld in your areas",
                   "本人范围内没有编号为 %lld 的人员", (long long)number);
}

static bool explain(const struct view *view, const struct aid_check *aid, uint32_t row,
                    uint16_t scheme, struct award_explained *out)
{
    bool concerned = false;
    award_explain(view->arena, aid->rules.policy, &aid->run.rows, row, scheme, aid->run.facts.at,
                  &concerned, out);
    return concerned;
}

bool view_aid_person(const struct view *view, int64_t number, struct view_aid_person *out,
                     struct err *err)
{
    const struct aid_check *aid = aid_of(view);
    LIST(struct award_explained) items = {0};
    uint32_t person;
    if (!find_person(view, number, &person, err)) return false;
    *out = (struct view_aid_person){0};
    if (aid == NULL) return true;
    read_payments(view, aid, person, out);
    uint32_t row = aid->run.facts.row_of[person];
    if (row == UINT32_MAX) return true;
    out->student = true;
    size_t kind = aid->kinds.kind_of[row];
    for (size_t i = aid->kinds.firsts[kind]; i < aid->kinds.firsts[kind + 1]; i++) {
        struct award_explained explained;
        if (!explain(view, aid, row, aid->kinds.decisions[i].scheme, &explained)) continue;
        *list_push(view->arena, &items) = explained;
    }
    out->explained = items.items;
    out->explained_count = items.count;
    return true;
}

bool view_aid_explain(const struct view *view, int64_t number, struct str scheme,
                      struct award_explained *out, struct err *err)
{
    const struct aid_check *aid = aid_of(view);
    uint32_t person;
    if (!find_person(view, number, &person, err)) return false;
    uint32_t row = aid == NULL ? UINT32_MAX : aid->run.facts.row_of[person];
    uint16_t found = aid == NULL ? POLICY_NONE : policy_find_scheme(aid->rules.policy, scheme);
    if (row != UINT32_MAX && found != POLICY_NONE && award_of(&aid->kinds, row, found) != NULL
        && explain(view, aid, row, found, out)) {
        return true;
    }
    return err_set(err, ERR_NOT_FOUND, "the scheme \"%.*s\" does not concern this person",
                   "项目“%.*s”与此人无关", STR_ARG(scheme));
}

/* What was paid to a person of a scheme for a period. -1: an amount is not stated; 0: nothing. */
static int64_t paid_of(const struct aid_check *aid, uint32_t person, uint16_t scheme,
                       struct period period)
{
    const struct payments *payments = &aid->payments;
    int64_t sum = 0;
    if (payments->count == 0) return 0;
    for (size_t i = payments->firsts[person]; i < payments->firsts[person + 1]; i++) {
        const struct payment *payment = &payments->items[i];
        bool meant = false;
        int64_t fen;
        for (uint16_t k = 0; k < payment->scheme_count; k++) {
            meant = meant || payment->schemes[k] == scheme;
        }
        if (!meant || !payment_falls_to(payment, period, &fen)) continue;
        if (fen < 0) return -1;
        sum += fen;
    }
    return sum;
}

static void count_student(const struct aid_check *aid, uint32_t row, struct view_scheme *schemes,
                          const uint32_t *places)
{
    const struct award_kinds *kinds = &aid->kinds;
    const struct facts *facts = &aid->run.facts;
    size_t kind = kinds->kind_of[row];
    for (size_t i = kinds->firsts[kind]; i < kinds->firsts[kind + 1]; i++) {
        const struct policy_decision *decision = &kinds->decisions[i];
        struct view_scheme *counted = &schemes[places[decision->scheme]];
        struct period period = period_of(counted->scheme->period, facts->at);
        int64_t paid = paid_of(aid, facts->persons[row], decision->scheme, period);
        counted->verdicts[decision->verdict]++;
        if (decision->verdict == POLICY_ENTITLED) counted->due_fen += decision->fen;
        counted->paid += paid != 0;
        if (paid > 0) counted->paid_fen += paid;
    }
}

static void count_findings(const struct view *view, struct view_scheme *schemes, size_t count)
{
    const struct check_run *run = &view->snapshot->run;
    for (size_t i = 0; i < run->count; i++) {
        const struct finding *finding = &run->findings[i];
        if (finding->scheme.len == 0 || !view_sees_finding(view, i)) continue;
        for (size_t s = 0; s < count; s++) {
            if (!view_names_scheme(finding, schemes[s].scheme->name.key)) continue;
            schemes[s].findings[finding->kind]++;
        }
    }
}

void view_schemes(const struct view *view, const struct policy **policy, struct view_scheme **out,
                  size_t *count)
{
    const struct aid_check *aid = aid_of(view);
    struct view quick = *view;
    *policy = aid == NULL ? NULL : aid->rules.policy;
    *out = NULL;
    *count = 0;
    if (aid == NULL) return;
    const struct facts *facts = &aid->run.facts;
    struct view_scheme *schemes =
        arena_array(view->arena, struct view_scheme, (*policy)->scheme_count);
    uint32_t *places = arena_array(view->arena, uint32_t, (*policy)->scheme_count);
    for (size_t i = 0; i < (*policy)->scheme_count; i++) {
        const struct policy_scheme *scheme = &(*policy)->schemes[i];
        if (scheme->subject != facts->subject || scheme->form == POLICY_DECLARED) continue;
        places[i] = (uint32_t)*count;
        schemes[*count] = (struct view_scheme){.scheme = scheme};
        period_format(period_of(scheme->period, facts->at), schemes[(*count)++].period);
    }
    view_prepare_persons(&quick);
    for (uint32_t row = 0; row < facts->rows.count; row++) {
        if (!view_sees_any_record(&quick, facts->persons[row])) continue;
        count_student(aid, row, schemes, places);
    }
    count_findings(&quick, schemes, *count);
    *out = schemes;
}

static bool is_wanted(const struct view_student_query *query, uint8_t verdict, int64_t paid)
{
    return (query->verdict < 0 || verdict == query->verdict)
           && (query->paid < 0 || (paid != 0) == query->paid);
}

void view_students(const struct view *view, const struct view_student_query *query,
                   struct view_student **out, size_t *count, size_t *total)
{
    const struct aid_check *aid = aid_of(view);
    struct view quick = *view;
    LIST(struct view_student) rows = {0};
    size_t seen = 0;
    view_prepare_persons(&quick);
    for (uint32_t row = 0; aid != NULL && row < aid->run.facts.rows.count; row++) {
        const struct facts *facts = &aid->run.facts;
        uint32_t person = facts->persons[row];
        const struct policy_decision *decision = award_of(&aid->kinds, row, query->scheme);
        if (decision == NULL) continue;
        const struct policy_scheme *scheme = &aid->rules.policy->schemes[query->scheme];
        int64_t paid = paid_of(aid, person, query->scheme, period_of(scheme->period, facts->at));
        if (!is_wanted(query, decision->verdict, paid)) continue;
        uint32_t record = view_shown(&quick, person);
        if (record == UINT32_MAX || !view_on_page(&query->page, seen++)) continue;
        struct view_student *student = list_push(view->arena, &rows);
        *student = (struct view_student){.verdict = decision->verdict,
                                         .due_fen = decision->fen,
                                         .paid_fen = paid,
                                         .needs = decision->needs};
        view_line(&quick, record, &student->line);
        if (view_sees_record(&quick, facts->records[row])) {
            struct view_line school;
            view_line(&quick, facts->records[row], &school);
            student->school = school.school;
        }
    }
    *out = rows.items;
    *count = rows.count;
    *total = seen;
}
