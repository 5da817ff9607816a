#include "jobs/eligible_findings.h"

#include "base/list.h"

enum { REASON_BYTES_MAX = 1024, KEY_BYTES_MAX = 256 };

static enum finding_kind kind_of(enum eligible_conflict conflict)
{
    static const enum finding_kind kinds[] = {[CONFLICT_REGISTERED_TWICE] = FINDING_EXAM_TWICE,
                                              [CONFLICT_ADMITTED_TWICE] = FINDING_PLANS_EXCLUSIVE,
                                              [CONFLICT_EXCLUSIVE] = FINDING_PLANS_EXCLUSIVE,
                                              [CONFLICT_MOVED_LATE] = FINDING_MOVED_LATE};
    return kinds[conflict];
}

static bool has_other(const struct eligible_finding *conflict)
{
    return conflict->other.len > 0 && !str_equal(conflict->other, conflict->number);
}

/* "moved_late;candidate=20620422100073;scheme=national_plan" */
static struct str reason_of(const struct eligible *eligible, struct arena *arena,
                            const struct eligible_finding *conflict)
{
    const struct plans_text *plans = &eligible->known->plans;
    struct text text;
    bool first = true;
    text_init(&text, arena, REASON_BYTES_MAX);
    text_add_f(&text, "%s;candidate=%.*s", eligible_conflict_key(conflict->kind),
               STR_ARG(conflict->number));
    if (has_other(conflict)) text_add_f(&text, ",%.*s", STR_ARG(conflict->other));
    for (size_t p = 0; p < plans->count; p++) {
        if ((conflict->plans >> p & 1) == 0) continue;
        text_add_c(&text, first ? ";scheme=" : "|");
        text_add(&text, plans->plans[p].scheme_key);
        first = false;
    }
    return text_str(&text);
}

static struct str key_of(const struct eligible *eligible, struct arena *arena,
                         const struct eligible_finding *conflict)
{
    struct text text;
    text_init(&text, arena, KEY_BYTES_MAX);
    text_add_f(&text, "%d/%.*s/%s", eligible->year, STR_ARG(conflict->number),
               eligible_conflict_key(conflict->kind));
    if (has_other(conflict)) text_add_f(&text, "/%.*s", STR_ARG(conflict->other));
    if (conflict->plans != 0) {
        text_add_byte(&text, '/');
        text_add(&text, eligible_plan_keys(eligible->known, arena, conflict->plans));
    }
    return text_str(&text);
}

static struct finding finding_of(const struct eligible *eligible, struct arena *arena,
                                 const struct eligible_finding *conflict)
{
    const struct facts *facts = eligible->known->people.facts;
    struct finding finding = {.kind = kind_of(conflict->kind),
                              .queue = QUEUE_FIX_DATA,
                              .person = UINT32_MAX,
                              .record = UINT32_MAX,
                              .birth = DAY_NONE,
                              .area = conflict->area,
                              .school = conflict->school,
                              .probability_ppm = 1000000,
                              .nearest = UINT32_MAX,
                              .reason = reason_of(eligible, arena, conflict),
                              .due_fen = -1,
                              .paid_fen = -1,
                              .key = key_of(eligible, arena, conflict)};
    if (conflict->applicant == SIZE_MAX) return finding;
    finding.person = eligible->applicants[conflict->applicant].who->person;
    if (finding.person == UINT32_MAX) return finding;
    finding.record = people_shown(facts->people, finding.person);
    finding.birth = facts->people->records[finding.record].birth;
    return finding;
}

void eligible_findings(const struct eligible_years *years, struct arena *arena,
                       const struct asker *asker, day at, struct finding **out, size_t *count)
{
    LIST(struct finding) list = {0};
    int year, month, date;
    day_to_ymd(at, &year, &month, &date);
    for (size_t y = 0; years != NULL && y < years->count; y++) {
        const struct eligible *eligible = &years->items[y];
        for (size_t i = 0; eligible->year >= year && i < eligible->finding_count; i++) {
            if (!asker_sees(asker, eligible->findings[i].area)) continue;
            *list_push(arena, &list) = finding_of(eligible, arena, &eligible->findings[i]);
        }
    }
    *out = list.items;
    *count = list.count;
}
