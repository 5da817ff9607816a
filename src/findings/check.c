#include "findings/check.h"

#include "findings/check_aid_internal.h"

#include <stdlib.h>

static const char *const kind_keys[FINDING_KIND_COUNT] = {
    "not_enrolled",  "attending_unregistered",
    "not_attending", "enrolled_twice",
    "roll_unknown",  "not_reported",
    "aid_missed",    "aid_undue",
    "aid_twice",     "aid_unknown",
    "aid_late",      "household_watched",
    "standard_lost", "exam_twice",
    "plans_exclusive", "moved_late",
    "duty_late",
};
static const char *const kind_zh[FINDING_KIND_COUNT] = {
    "疑似失学", "有学上无学籍", "疑似辍学", "重复学籍", "有学籍无户籍", "缺报名册",
    "应助未助", "错助",         "重复享受", "资助待核", "迟发",         "新纳入监测",
    "达标后退步", "高考重复报名", "专项互斥", "迁入或入学过晚", "逾期未办",
};
static const char *const kind_en[FINDING_KIND_COUNT] = {
    "suspected of being in no school",
    "at school without a roll",
    "suspected of having dropped out",
    "on a roll twice",
    "on a roll, in no register of residents",
    "list not reported",
    "aid is due and was not paid",
    "aid was paid and is not due",
    "aid was paid twice",
    "aid cannot be decided yet",
    "aid was paid after its term",
    "a household newly monitored",
    "below the standard that was met",
    "registered twice for the examination",
    "special plans that exclude one another",
    "moved in, or came to the school, too late",
    "a duty is overdue",
};

const char *finding_kind_key(enum finding_kind kind)
{
    CHECK(kind < FINDING_KIND_COUNT);
    return kind_keys[kind];
}

const char *finding_kind_text(enum finding_kind kind, enum lang lang)
{
    CHECK(kind < FINDING_KIND_COUNT);
    return lang == LANG_EN ? kind_en[kind] : kind_zh[kind];
}

int finding_kind_of(struct str key)
{
    for (int i = 0; i < FINDING_KIND_COUNT; i++) {
        if (str_is(key, kind_keys[i])) return i;
    }
    return -1;
}

struct finding *check_add(struct check *check, enum finding_kind kind, const struct unit *unit,
                          double probability)
{
    if (probability * 1000 < (double)check->rules->list_from_permille) return NULL;
    struct str area = check_area_of(check, unit);
    if (check->area.len > 0 && !area_covers(check->area, area)) return NULL;
    struct finding *finding = list_push(check->arena, &check->findings);
    *finding = (struct finding){.kind = kind,
                                .queue = QUEUE_VISIT,
                                .person = unit->person,
                                .record = check_shown(check, unit),
                                .birth = check->children[unit->person].birth,
                                .area = area,
                                .probability_ppm = (uint32_t)(probability * 1000000),
                                .nearest = UINT32_MAX};
    /* A part of a person is told from the rest by the statement that is shown, whatever registers
     * there are beside it. */
    if (unit->part) {
        struct text key;
        text_init(&key, check->arena, 128);
        const struct person_record *record = &check->people->records[finding->record];
        text_add(&key, check->people->registers[record->register_number]->key);
        text_add_f(&key, "/%lld", (long long)record->statement);
        finding->key = text_str(&key);
    }
    return finding;
}

void check_add_reason(struct check *check, struct finding *finding, const char *key)
{
    struct text text;
    CHECK(rules_has_reason(check->rules, str_from(key)));
    text_init(&text, check->arena, 1024);
    text_add(&text, finding->reason);
    if (finding->reason.len > 0) text_add_byte(&text, ';');
    text_add_c(&text, key);
    finding->reason = text_str(&text);
}

/* What a line needs to be put in its place: qsort has no argument for it. */
struct place {
    struct finding finding;
    int64_t minutes;
    int64_t number; /* stable person number */
};

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    if (x->finding.kind != y->finding.kind) return x->finding.kind < y->finding.kind ? -1 : 1;
    int64_t left = (int64_t)x->finding.probability_ppm * y->minutes;
    int64_t right = (int64_t)y->finding.probability_ppm * x->minutes;
    if (left != right) return left > right ? -1 : 1;
    int area = str_compare(x->finding.area, y->finding.area);
    if (area != 0) return area;
    if (x->number != y->number) return x->number < y->number ? -1 : 1;
    return str_compare(x->finding.key, y->finding.key);
}

static void sort_findings(struct check *check)
{
    size_t count = check->findings.count;
    if (count == 0) return;
    struct place *places = arena_array(check->arena, struct place, count);
    for (size_t i = 0; i < count; i++) {
        const struct finding *finding = &check->findings.items[i];
        places[i].finding = *finding;
        places[i].minutes = check->rules->work_minutes[finding->queue];
        places[i].number =
            finding->person == UINT32_MAX ? 0 : check->people->persons[finding->person].number;
    }
    qsort(places, count, sizeof *places, compare_places);
    for (size_t i = 0; i < count; i++) check->findings.items[i] = places[i].finding;
}

static void step(const struct check *check, uint64_t done)
{
    enum { STEPS = 8 };
    progress_report(check->progress, "checking", "比对", done, STEPS);
}

bool check_people(struct arena *arena, const struct people *people,
                  const struct check_options *options, struct finding **out, size_t *count,
                  struct check_summary *summary, struct err *err)
{
    CHECK(options->rules != NULL);
    struct check_kept kept = {0};
    struct check check = {.arena = arena,
                          .people = people,
                          .rules = options->rules,
                          .threads = options->threads,
                          .progress = options->progress,
                          .area = options->area};
    if (people->record_count > 0 && people->person_count == 0) {
        return err_set(err, ERR_CONFLICT, "the people are not linked yet, run link first",
                       "人员尚未关联，请先运行 link");
    }
    check.unreported = arena_array(arena, bool, people->person_count);
    step(&check, 0);
    check_read_says(&check);
    check_read_holders(&check);
    check_read_children(&check);
    check_learn_ages(&check);
    step(&check, 1);
    check.weigher = weigher_open(arena, people, options->threads);
    step(&check, 2);
    check_not_enrolled(&check);
    step(&check, 3);
    check_attending_unregistered(&check);
    step(&check, 4);
    check_not_attending(&check);
    step(&check, 5);
    check_enrolled_twice(&check);
    check_roll_unknown(&check);
    step(&check, 6);
    check_aid(&check, options->aid);
    step(&check, 7);
    sort_findings(&check);
    check_read_standings(&check, &kept);
    kept.weigher = check.weigher;
    kept.unreported = check.unreported;
    check_summarise(people, &kept, check.findings.items, check.findings.count, options->area,
                    summary);
    step(&check, 8);
    *out = check.findings.items;
    *count = check.findings.count;
    if (options->kept != NULL) *options->kept = kept;
    return true;
}
