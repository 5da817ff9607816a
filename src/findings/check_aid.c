#include "findings/check_aid.h"

#include "findings/check_aid_internal.h"
#include "link/engine.h"

const struct policy_decision *aid_decision(const struct aid *aid, uint32_t person, uint16_t scheme)
{
    uint32_t row = aid->facts->row_of[person];
    return row == UINT32_MAX ? NULL : award_of(aid->in->kinds, row, scheme);
}

struct aid_paid aid_paid_of(const struct aid *aid, uint32_t person, uint16_t scheme)
{
    const struct payments *payments = &aid->payments;
    struct aid_paid paid = {.record = UINT32_MAX};
    for (size_t i = payments->firsts[person]; i < payments->firsts[person + 1]; i++) {
        int64_t fen;
        if (aid->scheme_of[i] != scheme) continue;
        if (!payment_falls_to(&payments->items[i], aid->periods[scheme], &fen)) continue;
        if (paid.count++ == 0) paid.record = payments->items[i].record;
        paid.fen = fen < 0 || paid.fen < 0 ? -1 : paid.fen + fen;
    }
    return paid;
}

/* The amount in force on the day of the scheme's period; averages and ceilings are marked. */
static bool amounts_say(const struct aid *aid, uint16_t scheme, bool ceiling)
{
    const struct policy_scheme *at = &aid->policy->schemes[scheme];
    for (size_t i = 0; i < at->clause_count; i++) {
        const struct policy_clause *clause = &at->clauses[i];
        if (clause->kind != POLICY_AMOUNT) continue;
        if (!policy_in_force(clause->span, aid->facts->at)) continue;
        if (ceiling ? clause->ceiling : clause->average) return true;
    }
    return false;
}

bool aid_is_ceiling(const struct aid *aid, uint16_t scheme)
{
    return amounts_say(aid, scheme, true);
}

bool aid_is_exact(const struct aid *aid, uint16_t scheme)
{
    return !amounts_say(aid, scheme, true) && !amounts_say(aid, scheme, false);
}

double aid_share(const struct aid *aid, const char *reason)
{
    return (double)rules_reason_permille(aid->check->rules, str_from(reason)) / 1000.0;
}

double aid_belongs(const struct aid *aid, uint32_t record)
{
    enum { ODDS_BEFORE_MILLIBITS = 12000 };
    const struct people *people = aid->check->people;
    if (aid->adopted_ppm[record] != 0) return aid->adopted_ppm[record] / 1000000.0;
    const struct person *person = &people->persons[people->records[record].person];
    int32_t best = INT32_MIN;
    bool alone = true;
    for (uint32_t i = 0; i < person->count; i++) {
        uint32_t other = people->order[person->first + i];
        if (people->records[other].register_number == people->records[record].register_number) {
            continue;
        }
        int32_t weight = weigher_pair(aid->check->weigher, record, other);
        if (weight > best) best = weight;
        alone = false;
    }
    if (alone) return 1;
    return (double)link_probability_ppm(best - ODDS_BEFORE_MILLIBITS) / 1000000.0;
}

double aid_found(const struct aid *aid, uint32_t person, const struct second_answer *answer)
{
    const struct check *check = aid->check;
    if (answer->nearest == UINT32_MAX) return answer->found;
    uint32_t own = check_own_number(check, person);
    uint32_t other = check_own_number(check, check->people->records[answer->nearest].person);
    bool apart = own != 0 && other != 0 && own != other;
    if (apart) {
        struct weigh_levels levels =
            weigher_levels(check->weigher, answer->record, answer->nearest);
        apart = levels.name > WEIGH_NAME_ALIKE;
    }
    return apart ? answer->found - answer->nearest_found : answer->found;
}

void aid_mark(struct aid *aid, uint32_t record, uint16_t bit, bool on)
{
    uint16_t *says = &aid->check->says[record];
    struct child *child = &aid->check->children[aid->check->people->records[record].person];
    *says = (uint16_t)(on ? *says | bit : *says & ~bit);
    child->says = on ? child->says | bit : child->says & ~(uint32_t)bit;
}

void aid_note(struct aid *aid, struct finding *finding, const char *key, struct str value)
{
    struct text text;
    text_init(&text, aid->check->arena, 1024);
    text_add(&text, finding->reason);
    text_add_f(&text, ";%s=%.*s", key, STR_ARG(value));
    finding->reason = text_str(&text);
}

void aid_note_number(struct aid *aid, struct finding *finding, const char *key, int64_t number)
{
    aid_note(aid, finding, key, str_i64(aid->check->arena, number));
}

static void note_fen(struct aid *aid, struct finding *finding, const char *key, int64_t fen)
{
    if (fen >= 0) aid_note_number(aid, finding, key, fen);
}

struct finding aid_of_school(struct aid *aid, enum finding_kind kind, enum queue queue,
                             uint32_t row, const char *reason, uint32_t probability_ppm)
{
    struct check *check = aid->check;
    uint32_t record = aid->facts->records[row];
    struct finding finding = {.kind = kind,
                              .queue = queue,
                              .person = UINT32_MAX,
                              .record = UINT32_MAX,
                              .birth = DAY_NONE,
                              .area = aid->facts->school_areas[row],
                              .school = people_text(check->people, record, PERSON_SCHOOL_NAME),
                              .probability_ppm = probability_ppm,
                              .nearest = UINT32_MAX,
                              .due_fen = -1,
                              .paid_fen = -1};
    check_add_reason(check, &finding, reason);
    return finding;
}

void aid_add_school(struct aid *aid, const struct finding *finding)
{
    struct check *check = aid->check;
    if (!finding_concerns(finding, check->area)) return;
    *list_push(check->arena, &check->findings) = *finding;
}

struct finding *aid_add(struct aid *aid, const struct aid_line *line)
{
    struct check *check = aid->check;
    const struct facts *facts = aid->facts;
    char period[PERIOD_TEXT_SIZE];
    struct unit unit = check_whole(check, line->person);
    struct finding *finding = check_add(check, line->kind, &unit, line->chance);
    if (finding == NULL) return NULL;
    uint32_t row = facts->row_of[line->person];
    finding->queue = QUEUE_PAY;
    finding->nearest = line->nearest;
    finding->nearest_probability_ppm = (uint32_t)(line->nearest_chance * 1000000);
    finding->scheme = line->schemes;
    finding->period = str_copy(check->arena, str_from(period_format(line->period, period)));
    finding->due_fen = line->due_fen;
    finding->paid_fen = line->paid_fen;
    uint32_t named = row != UINT32_MAX ? facts->records[row] : line->nearest;
    if (named != UINT32_MAX) {
        finding->school = people_text(check->people, named, PERSON_SCHOOL_NAME);
    }
    check_add_reason(check, finding, line->reason);
    aid_note(aid, finding, "scheme", finding->scheme);
    aid_note(aid, finding, "period", finding->period);
    note_fen(aid, finding, "due", line->due_fen);
    note_fen(aid, finding, "paid", line->paid_fen);
    struct text key;
    text_init(&key, check->arena, 512);
    text_add_f(&key, "%.*s/%.*s", STR_ARG(finding->scheme), STR_ARG(finding->period));
    finding->key = text_str(&key);
    return finding;
}

bool aid_pays_so_much(const struct aid *aid, uint32_t row, uint16_t scheme, int64_t fen)
{
    struct arena work = {0};
    const struct policy *policy = aid->policy;
    struct policy_rows rows = {.subject = aid->facts->subject};
    struct policy_decisions decisions;
    bool found = false;
    for (uint16_t i = 0; i < policy->input_count; i++) {
        rows.count +=
            aid->full_rows.columns[i].states != NULL && policy->inputs[i].type == POLICY_YES_NO;
    }
    rows.count = rows.count * 2 + 1;
    size_t turned = 1;
    for (uint16_t i = 0; i < policy->input_count; i++) {
        const struct policy_column *column = &aid->full_rows.columns[i];
        if (column->states == NULL) continue;
        uint8_t *states = arena_array(&work, uint8_t, rows.count);
        int64_t *values = arena_array(&work, int64_t, rows.count);
        for (size_t r = 0; r < rows.count; r++) {
            states[r] = column->states[row];
            values[r] = column->values[row];
        }
        for (int64_t v = 0; policy->inputs[i].type == POLICY_YES_NO && v < 2; v++, turned++) {
            states[turned] = POLICY_KNOWN;
            values[turned] = v;
        }
        rows.columns[i] = (struct policy_column){states, values};
    }
    policy_decide(&work, aid->in->program, &rows, 1, &decisions);
    for (size_t i = 0; i < decisions.count; i++) {
        const struct policy_decision *decision = &decisions.items[i];
        found |= decision->scheme == scheme && decision->verdict == POLICY_ENTITLED
                 && decision->fen == fen;
    }
    arena_free(&work);
    return found;
}

/* How likely it is that a name means a scheme: it is due; nobody knows yet; it pays so much; it
 * would be due in hardship; it concerns the person. */
static int rank_of(const struct aid *aid, const struct payment *payment, uint16_t scheme)
{
    enum { CONCERNS = 1, IN_HARDSHIP = 1, SO_MUCH = 2, UNKNOWN = 5, DUE = 10 };
    uint32_t row = aid->facts->row_of[payment->person];
    const struct policy_decision *decision = aid_decision(aid, payment->person, scheme);
    if (decision == NULL) return 0;
    if (decision->verdict == POLICY_ENTITLED) return DUE;
    int rank = decision->verdict == POLICY_UNKNOWN ? UNKNOWN : CONCERNS;
    if (aid_pays_so_much(aid, row, scheme, payment->fen)) rank += SO_MUCH;
    const struct policy_decision *full = award_of(&aid->full, row, scheme);
    return full != NULL && full->verdict == POLICY_ENTITLED ? rank + IN_HARDSHIP : rank;
}

/* Of several schemes that a name may mean, the likeliest, and all that are as likely. */
static void read_meaning(struct aid *aid, size_t number)
{
    const struct payment *payment = &aid->payments.items[number];
    int best = -1;
    struct text names;
    if (payment->scheme_count == 1) {
        aid->scheme_of[number] = payment->schemes[0];
        aid->names[number] = aid->policy->schemes[payment->schemes[0]].name.key;
        return;
    }
    text_init(&names, aid->check->arena, 512);
    for (uint16_t i = 0; i < payment->scheme_count; i++) {
        int rank = rank_of(aid, payment, payment->schemes[i]);
        if (rank < best) continue;
        if (rank > best) {
            aid->scheme_of[number] = payment->schemes[i];
            text_clear(&names);
        }
        best = rank;
        if (names.len > 0) text_add_byte(&names, '|');
        text_add(&names, aid->policy->schemes[payment->schemes[i]].name.key);
    }
    aid->names[number] = text_str(&names);
}

static void decide_full(struct aid *aid)
{
    const struct facts *facts = aid->facts;
    struct policy_rows rows = facts->rows;
    for (uint16_t i = 0; i < aid->policy->input_count; i++) {
        const struct policy_input *input = &aid->policy->inputs[i];
        if (rows.columns[i].states == NULL || input->type != POLICY_SET) continue;
        uint8_t *states = arena_array(aid->check->arena, uint8_t, rows.count);
        int64_t *values = arena_array(aid->check->arena, int64_t, rows.count);
        int64_t all = (int64_t)((UINT64_C(1) << (input->choice_count - 1) << 1) - 1);
        for (size_t row = 0; row < rows.count; row++) {
            states[row] = POLICY_KNOWN;
            values[row] = all;
        }
        rows.columns[i] = (struct policy_column){states, values};
    }
    aid->full_rows = rows;
    award_decide_kinds(aid->check->arena, aid->in->program, &rows, NULL, aid->check->threads,
                       &aid->full);
    aid->most = arena_array(aid->check->arena, int64_t, aid->policy->scheme_count);
    for (size_t i = 0; i < aid->full.firsts[aid->full.count]; i++) {
        const struct policy_decision *decision = &aid->full.decisions[i];
        if (decision->verdict != POLICY_ENTITLED) continue;
        int64_t *most = &aid->most[decision->scheme];
        if (decision->fen > *most) *most = decision->fen;
    }
}

int64_t aid_due_at_most(const struct aid *aid, uint32_t person, uint16_t scheme)
{
    uint32_t row = aid->facts->row_of[person];
    const struct policy_decision *decision = aid_decision(aid, person, scheme);
    if (decision != NULL && decision->verdict == POLICY_ENTITLED) return decision->fen;
    decision = row == UINT32_MAX ? NULL : award_of(&aid->full, row, scheme);
    if (decision != NULL && decision->verdict == POLICY_ENTITLED) return decision->fen;
    return aid->most[scheme] > 0 ? aid->most[scheme] : -1;
}

void check_aid(struct check *check, const struct check_aid *in)
{
    struct aid aid = {.check = check, .in = in};
    if (in == NULL || in->facts->subject == POLICY_NONE || in->payments->count == 0) return;
    aid.facts = in->facts;
    aid.policy = in->facts->policy;
    aid.periods = arena_array(check->arena, struct period, aid.policy->scheme_count);
    for (size_t s = 0; s < aid.policy->scheme_count; s++) {
        aid.periods[s] = period_of(aid.policy->schemes[s].period, aid.facts->at);
    }
    aid.scheme_of = arena_array(check->arena, uint16_t, in->payments->count);
    aid.twice = arena_array(check->arena, bool, in->payments->count);
    aid.names = arena_array(check->arena, struct str, in->payments->count);
    aid_adopt_payments(&aid);
    decide_full(&aid);
    for (size_t i = 0; i < in->payments->count; i++) read_meaning(&aid, i);
    aid_read_listed(&aid);
    aid_check_twice(&aid);
    aid_check_missed(&aid);
    aid_check_undue(&aid);
    aid_check_unknown(&aid);
    aid_check_late(&aid);
}
