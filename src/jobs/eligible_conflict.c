#include "awards/roster.h"
#include "jobs/eligible_internal.h"

#include <stdlib.h>

enum { DETAIL_BYTES_MAX = 4096 };

const char *eligible_conflict_key(enum eligible_conflict kind)
{
    static const char *const keys[] = {[CONFLICT_REGISTERED_TWICE] = "registered_twice",
                                       [CONFLICT_ADMITTED_TWICE] = "admitted_twice",
                                       [CONFLICT_EXCLUSIVE] = "exclusive_plans",
                                       [CONFLICT_MOVED_LATE] = "moved_late"};
    return keys[kind];
}

const char *eligible_conflict_text(enum eligible_conflict kind, enum lang lang)
{
    static const char *const zh[] = {[CONFLICT_REGISTERED_TWICE] = "重复报名",
                                     [CONFLICT_ADMITTED_TWICE] = "同年按两项专项录取",
                                     [CONFLICT_EXCLUSIVE] = "申报互斥的专项",
                                     [CONFLICT_MOVED_LATE] = "迁入或入学过晚"};
    static const char *const en[] = {
        [CONFLICT_REGISTERED_TWICE] = "registered twice",
        [CONFLICT_ADMITTED_TWICE] = "admitted under two plans in a year",
        [CONFLICT_EXCLUSIVE] = "asks for plans that exclude one another",
        [CONFLICT_MOVED_LATE] = "moved in, or came to the school, too late"};
    return lang == LANG_ZH ? zh[kind] : en[kind];
}

int eligible_conflict_of(struct str key)
{
    for (int i = 0; i < CONFLICT_COUNT; i++) {
        if (str_is(key, eligible_conflict_key((enum eligible_conflict)i))) return i;
    }
    return -1;
}

struct finding_list {
    struct arena *arena;
    struct eligible *eligible;
    LIST(struct eligible_finding) findings;
};

static struct eligible_finding *add(struct finding_list *list, enum eligible_conflict kind,
                                    size_t applicant)
{
    struct eligible_finding *finding = list_push(list->arena, &list->findings);
    *finding = (struct eligible_finding){
        .kind = kind, .applicant = applicant, .other_applicant = SIZE_MAX};
    if (applicant == SIZE_MAX) return finding;
    const struct eligible_candidate *who = list->eligible->applicants[applicant].who;
    finding->number = who->number;
    finding->area = who->area;
    finding->school = who->school;
    return finding;
}

/* One of the things that may belong to one person. */
struct entry {
    struct str id;
    size_t at;
    int64_t record;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int by_id = str_compare(x->id, y->id);
    if (by_id != 0) return by_id;
    return x->record < y->record ? -1 : x->record > y->record;
}

static void find_registered_twice(struct finding_list *list)
{
    const struct eligible *eligible = list->eligible;
    struct entry *entries = arena_array(list->arena, struct entry, eligible->applicant_count);
    size_t count = 0;
    for (size_t i = 0; i < eligible->applicant_count; i++) {
        const struct eligible_candidate *who = eligible->applicants[i].who;
        if (who->id.len > 0) entries[count++] = (struct entry){who->id, i, who->record};
    }
    if (count > 1) qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 1; i < count; i++) {
        const struct eligible_candidate *a = eligible->applicants[entries[i - 1].at].who;
        const struct eligible_candidate *b = eligible->applicants[entries[i].at].who;
        if (!str_equal(a->id, b->id) || str_equal(a->number, b->number)) continue;
        struct text detail;
        text_init(&detail, list->arena, DETAIL_BYTES_MAX);
        text_add_f(&detail, "%.*s %.*s / %.*s %.*s", STR_ARG(a->area), STR_ARG(a->school),
                   STR_ARG(b->area), STR_ARG(b->school));
        struct eligible_finding *finding = add(list, CONFLICT_REGISTERED_TWICE, entries[i - 1].at);
        finding->other_applicant = entries[i].at;
        finding->other = b->number;
        finding->detail_zh = finding->detail_en = text_str(&detail);
    }
}

/* The applicant with a number of the examination; SIZE_MAX: none is. */
static size_t applicant_of(const struct eligible *eligible, struct str number)
{
    size_t low = 0, high = eligible->applicant_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_compare(eligible->applicants[middle].who->number, number) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found =
        low < eligible->applicant_count && str_equal(eligible->applicants[low].who->number, number);
    return found ? low : SIZE_MAX;
}

static void find_admitted_twice(struct finding_list *list)
{
    size_t count = 0;
    const struct eligible_known *known = list->eligible->known;
    const struct eligible_admission *items = known->admissions;
    struct entry *entries = arena_array(list->arena, struct entry, known->admission_count);
    for (size_t i = 0; i < known->admission_count; i++) {
        struct str who = items[i].id.len > 0 ? items[i].id : items[i].number;
        bool wanted = items[i].year == 0 || items[i].year == list->eligible->year;
        if (wanted && items[i].plans != 0)
            entries[count++] = (struct entry){who, i, items[i].record};
    }
    if (count > 1) qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t i = 1; i < count; i++) {
        const struct eligible_admission *a = &items[entries[i - 1].at], *b = &items[entries[i].at];
        if (!str_equal(entries[i - 1].id, entries[i].id) || a->plans == b->plans) continue;
        struct text detail;
        text_init(&detail, list->arena, DETAIL_BYTES_MAX);
        text_add_f(&detail, "%.*s / %.*s", STR_ARG(a->institution), STR_ARG(b->institution));
        struct eligible_finding *finding =
            add(list, CONFLICT_ADMITTED_TWICE, applicant_of(list->eligible, a->number));
        finding->number = a->number;
        finding->other = b->number;
        finding->area = a->area;
        finding->plans = a->plans | b->plans;
        finding->detail_zh = finding->detail_en = text_str(&detail);
    }
}

static void find_exclusive(struct finding_list *list)
{
    const struct eligible *eligible = list->eligible;
    const struct plans_text *plans = &eligible->known->plans;
    for (size_t i = 0; i < eligible->applicant_count; i++) {
        const struct eligible_candidate *who = eligible->applicants[i].who;
        for (size_t e = 0; e < plans->exclusive_count; e++) {
            uint64_t both = who->asked_plans & plans->exclusive[e];
            if ((both & (both - 1)) == 0) continue;
            struct eligible_finding *finding = add(list, CONFLICT_EXCLUSIVE, i);
            finding->plans = both;
            finding->detail_zh = finding->detail_en = who->asked;
        }
    }
}

/* Moved here, or on the roll, too late for a plan that was asked for. */
struct lateness {
    uint64_t late, seen; /* inputs */
    struct text zh, en;
};

static void add_late(struct lateness *lateness, const struct policy_node *node)
{
    uint64_t bit = node->kind == POLICY_NODE_FACT ? (uint64_t)1 << node->input : 0;
    if (node->truth != POLICY_NO) return;
    if ((bit & lateness->late & ~lateness->seen) != 0) {
        if (lateness->seen != 0) {
            text_add_c(&lateness->zh, "；");
            text_add_c(&lateness->en, "; ");
        }
        lateness->seen |= bit;
        text_add(&lateness->zh, node->zh);
        text_add(&lateness->en, node->en);
    }
    for (size_t p = 0; p < node->part_count; p++) add_late(lateness, node->parts[p]);
}

static void look_at_line(struct finding_list *list, const struct policy_program *program,
                         size_t applicant, size_t plan_number)
{
    const struct eligible_known *known = list->eligible->known;
    const struct plan_text *plan = &known->plans.plans[plan_number];
    struct lateness lateness = {.late = plan->late};
    struct policy_explanation explanation;
    bool concerned;
    text_init(&lateness.zh, list->arena, DETAIL_BYTES_MAX);
    text_init(&lateness.en, list->arena, DETAIL_BYTES_MAX);
    policy_explain_reasons(list->arena, program, &known->people.rows,
                           list->eligible->applicants[applicant].who->row, plan->scheme, &concerned,
                           &explanation);
    if (concerned) add_late(&lateness, explanation.root);
    if (lateness.seen == 0) return;
    struct eligible_finding *finding = add(list, CONFLICT_MOVED_LATE, applicant);
    finding->plans = (uint64_t)1 << plan_number;
    finding->detail_zh = text_str(&lateness.zh);
    finding->detail_en = text_str(&lateness.en);
}

static void find_late(struct finding_list *list)
{
    const struct eligible *eligible = list->eligible;
    const struct eligible_known *known = eligible->known;
    if (known->people.facts == NULL) return;
    const struct policy_decide_options options = {.subject = known->people.rows.subject,
                                                  .at = eligible->counted};
    const struct policy_program *program = policy_compile(list->arena, known->policy, &options);
    for (size_t i = 0; i < eligible->applicant_count; i++) {
        for (size_t p = 0; p < known->plans.count; p++) {
            const struct eligible_line *line = &eligible->applicants[i].lines[p];
            bool refused = line->concerned && line->asked && line->verdict == POLICY_NO;
            if (refused && known->plans.plans[p].late != 0) look_at_line(list, program, i, p);
        }
    }
}

static int compare_findings(const void *a, const void *b)
{
    const struct eligible_finding *x = a, *y = b;
    if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
    int order = str_compare(x->number, y->number);
    if (order == 0) order = str_compare(x->other, y->other);
    if (order != 0) return order;
    return x->plans < y->plans ? -1 : x->plans > y->plans;
}

void eligible_find_conflicts(struct eligible *eligible, struct arena *arena)
{
    struct finding_list list = {.arena = arena, .eligible = eligible};
    find_registered_twice(&list);
    find_admitted_twice(&list);
    find_exclusive(&list);
    find_late(&list);
    eligible->findings = list.findings.items;
    eligible->finding_count = list.findings.count;
    if (list.findings.count > 1) {
        qsort(list.findings.items, list.findings.count, sizeof(struct eligible_finding),
              compare_findings);
    }
}
