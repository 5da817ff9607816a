#include "findings/check_aid_internal.h"

/* Who got what is not due: the decision is no, more was paid than is due, or the payee is on no
 * roll. That a child is on no list of those in hardship is a claim about rows that were not found,
 * and so is that a payee is on no roll: each is looked for once more. */

struct undue {
    uint32_t person;
    uint16_t scheme;
    struct str name; /* as the payment's may be meant */
    const char *reason;
    int64_t due, paid;
    uint32_t record; /* of the payment */
    double chance;
};

struct undue_list {
    LIST(struct undue) items;
};

/* An unknown stage leaves open whom a scheme concerns. */
static bool concern_is_known(const struct aid *aid, uint32_t row)
{
    uint32_t kind = aid->in->kinds->kind_of[row];
    return aid->in->kinds->firsts[kind + 1] > aid->in->kinds->firsts[kind];
}

static const char *why_undue(const struct aid *aid, uint32_t person, uint16_t scheme,
                             const struct aid_paid *paid, int64_t *due)
{
    uint32_t row = aid->facts->row_of[person];
    const struct policy_decision *decision = award_of(aid->in->kinds, row, scheme);
    *due = 0;
    if (decision == NULL) return concern_is_known(aid, row) ? "not_concerned" : NULL;
    if (decision->verdict == POLICY_NO) return "not_due";
    if (decision->verdict != POLICY_ENTITLED || !aid_is_exact(aid, scheme)) return NULL;
    *due = decision->fen;
    return paid->fen > decision->fen ? "paid_more" : NULL;
}

static bool was_twice(const struct aid *aid, uint32_t person, uint16_t scheme)
{
    const struct payments *payments = &aid->payments;
    for (size_t i = payments->firsts[person]; i < payments->firsts[person + 1]; i++) {
        if (aid->scheme_of[i] == scheme && aid->twice[i]) return true;
    }
    return false;
}

/* The lists of the register of students have to speak of the school that a payee is said to be at.
 */
static bool school_has_students(const struct aid *aid, uint32_t record, const uint32_t *students)
{
    enum { STUDENTS_MIN = 5 };
    uint32_t row = facts_kept_row(aid->facts, record);
    struct str school = row == UINT32_MAX ? STR_EMPTY : facts_school_of(aid->facts, row);
    if (school.len == 0) return false;
    uint32_t number = dict_find(&aid->facts->school_texts, school);
    return number != DICT_NONE && students[number] >= STUDENTS_MIN;
}

static void add_undue(struct aid *aid, struct undue_list *list, size_t payment,
                      const uint32_t *students)
{
    uint32_t person = aid->payments.items[payment].person;
    uint16_t scheme = aid->scheme_of[payment];
    struct aid_paid paid = aid_paid_of(aid, person, scheme);
    uint32_t row = aid->facts->row_of[person];
    int64_t due = 0;
    const char *why;
    if (paid.count == 0) return;
    if (row != UINT32_MAX) {
        why = why_undue(aid, person, scheme, &paid, &due);
        /* Two payments where one was due, or two that exclude one another, are another finding. */
        if (why != NULL && was_twice(aid, person, scheme)) return;
    } else {
        bool enrolled = (aid->check->children[person].says & SAYS(SAYS_ENROLLED)) != 0;
        why = !enrolled && school_has_students(aid, paid.record, students) ? "not_on_roll" : NULL;
    }
    if (why == NULL) return;
    *list_push(aid->check->arena, &list->items) =
        (struct undue){person, scheme,   aid->names[payment], why,
                       due,    paid.fen, paid.record,         aid_belongs(aid, paid.record)};
}

/* Each scheme once that a person was paid. */
static bool is_first(const struct aid *aid, uint32_t person, size_t payment)
{
    for (size_t i = aid->payments.firsts[person]; i < payment; i++) {
        if (aid->scheme_of[i] == aid->scheme_of[payment]) return false;
    }
    return true;
}

static void find_undue(struct aid *aid, struct arena *work, struct undue_list *list)
{
    const struct facts *facts = aid->facts;
    const struct payments *payments = &aid->payments;
    uint32_t *students = arena_array(work, uint32_t, facts->school_texts.count);
    for (size_t row = 0; row < facts->rows.count; row++) students[facts->schools[row]]++;
    for (size_t i = 0; i < payments->count; i++) {
        uint32_t person = payments->items[i].person;
        uint16_t scheme = aid->scheme_of[i];
        if (scheme == POLICY_NONE || aid->listed[scheme] == NULL) continue;
        if (is_first(aid, person, i)) add_undue(aid, list, i, students);
    }
}

/* Records that state words of sets, and those of payments of people on no roll. */
static void mark(struct aid *aid, const struct undue_list *list, bool on)
{
    const struct facts *facts = aid->facts;
    for (uint32_t i = 0; i < aid->check->people->record_count; i++) {
        uint32_t row = facts_kept_row(facts, i);
        if (row == UINT32_MAX || !facts_row_states_word(facts, row)) continue;
        aid_mark(aid, i, AID_WANTED, on);
    }
    for (size_t i = 0; i < list->items.count; i++) {
        aid_mark(aid, list->items.items[i].record, AID_MINE, on);
    }
}

/* The chance that what was not found is there after all. */
static void look_again(struct aid *aid, struct arena *work, struct undue_list *list,
                       const char *reason, uint32_t mine, uint32_t wanted)
{
    size_t asked = 0, count = list->items.count;
    struct unit *units = arena_array(work, struct unit, count);
    struct second_answer *answers = arena_array(work, struct second_answer, count);
    struct undue *items = list->items.items;
    for (size_t i = 0; i < count; i++) {
        if (!str_is(str_from(reason), items[i].reason)) continue;
        units[asked++] = check_whole(aid->check, items[i].person);
    }
    struct second_look look = {.mine = mine, .wanted = wanted, .units = units, .count = asked};
    check_second_look(aid->check, &look, answers);
    for (size_t i = 0, at = 0; i < count; i++) {
        if (!str_is(str_from(reason), items[i].reason)) continue;
        items[i].chance *= 1 - aid_found(aid, items[i].person, &answers[at++]);
    }
}

void aid_check_undue(struct aid *aid)
{
    struct arena work = {0};
    struct undue_list list = {0};
    find_undue(aid, &work, &list);
    mark(aid, &list, true);
    look_again(aid, &work, &list, "not_due", SAYS(SAYS_ENROLLED), AID_WANTED);
    look_again(aid, &work, &list, "not_on_roll", AID_MINE, SAYS(SAYS_ENROLLED));
    mark(aid, &list, false);
    for (size_t i = 0; i < list.items.count; i++) {
        const struct undue *undue = &list.items.items[i];
        struct aid_line line = {.kind = FINDING_AID_UNDUE,
                                .person = undue->person,
                                .chance = undue->chance * aid_share(aid, undue->reason),
                                .reason = undue->reason,
                                .schemes = undue->name,
                                .period = aid->periods[undue->scheme],
                                .due_fen = undue->due,
                                .paid_fen = undue->paid,
                                .nearest = undue->record,
                                .nearest_chance = 1};
        (void)aid_add(aid, &line);
    }
    arena_free(&work);
}
