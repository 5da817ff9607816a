#include "jobs/eligible.h"

#include "awards/explained.h"
#include "awards/roster.h"
#include "base/list.h"
#include "jobs/eligible_internal.h"

#include <stdlib.h>

enum { CELL_BYTES_MAX = 1 << 16, INPUTS_SEEN = 64 };

const char *eligible_verdict_key(uint8_t verdict)
{
    static const char *const keys[] = {
        [POLICY_NO] = "refused", [POLICY_ENTITLED] = "eligible", [POLICY_UNKNOWN] = "unknown"};
    return keys[verdict];
}

const char *eligible_verdict_text(uint8_t verdict, enum lang lang)
{
    static const char *const zh[] = {
        [POLICY_NO] = "不符合", [POLICY_ENTITLED] = "符合", [POLICY_UNKNOWN] = "待补证"};
    return lang == LANG_ZH ? zh[verdict] : eligible_verdict_key(verdict);
}

/* One candidate and plan while its cells are written. */
struct writing {
    struct arena *arena;
    const struct eligible *eligible;
    const struct facts *facts;
    const struct award_explained *explained;
    enum lang lang;
    struct text reason, evidence;
    bool told[INPUTS_SEEN]; /* by input: its facts stand in `evidence` */
};

static struct str sentence(const struct writing *writing, const struct policy_node *node)
{
    return writing->lang == LANG_ZH ? node->zh : node->en;
}

static const char *between(const struct writing *writing)
{
    return writing->lang == LANG_ZH ? "；" : "; ";
}

/* The day since which a row of a register says so. */
static void add_day(struct writing *writing, const struct award_stated *stated)
{
    char since[DAY_TEXT_SIZE];
    if (stated->source.row == UINT32_MAX) return;
    const struct fact_row *row = &writing->facts->kept->rows[stated->source.row];
    text_add_byte(&writing->evidence, ' ');
    text_add_c(&writing->evidence, day_format(row->valid_from, since));
}

static void add_sources(struct writing *writing, uint16_t input)
{
    const struct award_sources *sources = writing->explained->sources;
    const struct policy_input *about = &writing->eligible->policy->inputs[input];
    struct text *out = &writing->evidence;
    if (sources == NULL || writing->told[input]) return;
    writing->told[input] = true;
    for (size_t i = 0; i < sources->counts[input]; i++) {
        const struct award_stated *stated = &sources->items[input][i];
        if (out->len > 0) text_add_c(out, between(writing));
        text_add(out, policy_word(&about->name, writing->lang));
        text_add_c(out, writing->lang == LANG_ZH ? "←" : " <- ");
        text_add(out, award_source_text(writing->arena, sources, input, stated, writing->lang));
        add_day(writing, stated);
    }
}

/* The facts below a condition: into the evidence, and where `facts` is given into it, each once. */
static void walk_facts(struct writing *writing, const struct policy_node *node, struct text *facts,
                       uint64_t *seen)
{
    if (node->kind == POLICY_NODE_FACT) {
        add_sources(writing, node->input);
        uint64_t bit = (uint64_t)1 << node->input;
        if (facts != NULL && (*seen & bit) == 0) {
            if (facts->len > 0) text_add_c(facts, between(writing));
            text_add(facts, sentence(writing, node));
        }
        *seen |= bit;
    }
    for (size_t p = 0; p < node->part_count; p++) walk_facts(writing, node->parts[p], facts, seen);
}

/* The conditions of a right that the answer rests on: those that are as it is. */
static void add_conditions(struct writing *writing, const struct policy_node *right,
                           uint8_t verdict)
{
    for (size_t p = 0; p < right->part_count; p++) {
        const struct policy_node *node = right->parts[p];
        bool speaks = verdict != POLICY_ENTITLED && node->truth == verdict;
        struct text facts;
        uint64_t seen = 0;
        text_init(&facts, writing->arena, CELL_BYTES_MAX);
        walk_facts(writing, node, speaks ? &facts : NULL, &seen);
        if (!speaks) continue;
        if (writing->reason.len > 0) text_add_c(&writing->reason, between(writing));
        text_add(&writing->reason, sentence(writing, node));
        text_add_c(&writing->reason, writing->lang == LANG_ZH ? "（" : " (");
        text_add(&writing->reason, text_str(&facts));
        text_add_c(&writing->reason, writing->lang == LANG_ZH ? "）" : ")");
    }
}

static void add_reasons(struct writing *writing, uint8_t verdict)
{
    const struct policy_node *root = writing->explained->explanation.root;
    for (size_t p = 0; p < root->part_count; p++) {
        const struct policy_node *node = root->parts[p];
        if (node->kind == POLICY_NODE_RIGHT) add_conditions(writing, node, verdict);
        bool forced = node->kind == POLICY_NODE_FORCE && node->truth != POLICY_ENTITLED;
        if (forced) text_add(&writing->reason, sentence(writing, node));
    }
}

static void add_needs(const struct writing *writing, uint64_t needs, struct eligible_line *line)
{
    struct text keys, asks;
    text_init(&keys, writing->arena, CELL_BYTES_MAX);
    text_init(&asks, writing->arena, CELL_BYTES_MAX);
    for (uint16_t i = 0; i < writing->eligible->policy->input_count; i++) {
        const struct policy_input *input = &writing->eligible->policy->inputs[i];
        struct str holder = writing->lang == LANG_ZH ? input->holder_zh : input->holder_en;
        if ((needs & ((uint64_t)1 << i)) == 0) continue;
        if (keys.len > 0) text_add_byte(&keys, ';');
        if (asks.len > 0) text_add_c(&asks, between(writing));
        text_add(&keys, input->name.key);
        text_add(&asks, policy_word(&input->name, writing->lang));
        text_add_f(&asks, writing->lang == LANG_ZH ? "（%.*s）" : " (%.*s)", STR_ARG(holder));
    }
    line->needs = text_str(&keys);
    line->asks = text_str(&asks);
}

static struct str cited(const struct writing *writing)
{
    const struct policy_explanation *explanation = &writing->explained->explanation;
    struct text text;
    text_init(&text, writing->arena, CELL_BYTES_MAX);
    for (size_t i = 0; i < explanation->document_count; i++) {
        if (i > 0) text_add_byte(&text, ';');
        text_add(&text, writing->eligible->policy->documents[explanation->documents[i]].number);
    }
    return text_str(&text);
}

/* Moved here, or on the roll, too late for a plan that was asked for. */
static void add_late(const struct writing *writing, const struct plan_text *plan,
                     const struct policy_node *node, struct text *detail, uint64_t *seen)
{
    uint64_t bit = node->kind == POLICY_NODE_FACT ? (uint64_t)1 << node->input : 0;
    if (node->truth != POLICY_NO) return;
    if ((bit & plan->late & ~*seen) != 0) {
        *seen |= bit;
        if (detail->len > 0) text_add_c(detail, between(writing));
        text_add(detail, sentence(writing, node));
    }
    for (size_t p = 0; p < node->part_count; p++) {
        add_late(writing, plan, node->parts[p], detail, seen);
    }
}

static void find_late(struct eligible_reading *reading, const struct writing *writing,
                      const struct eligible_applicant *who, const struct plan_text *plan)
{
    struct text detail;
    uint64_t seen = 0;
    text_init(&detail, reading->arena, CELL_BYTES_MAX);
    add_late(writing, plan, writing->explained->explanation.root, &detail, &seen);
    if (detail.len == 0) return;
    *list_push(reading->arena, &reading->findings) =
        (struct eligible_finding){.kind = CONFLICT_MOVED_LATE,
                                  .number = who->number,
                                  .area = who->area,
                                  .school = who->school,
                                  .plans = plan->scheme_key,
                                  .detail = text_str(&detail)};
}

static void decide_plan(struct eligible_reading *reading, const struct award_people *people,
                        const struct award_sources *sources, size_t row,
                        const struct eligible_applicant *who, size_t plan_number)
{
    const struct eligible *eligible = reading->eligible;
    const struct plan_text *plan = &eligible->plans.plans[plan_number];
    struct eligible_line *line = &who->lines[plan_number];
    struct award_explained explained;
    *line = (struct eligible_line){.asked = (who->asked_plans >> plan_number & 1) != 0};
    if (plan->scheme == POLICY_NONE) return;
    award_explain(reading->arena, eligible->policy, people, row, plan->scheme, eligible->counted,
                  &line->concerned, &explained);
    if (!line->concerned) return;
    explained.sources = sources;
    struct writing writing = {.arena = reading->arena,
                              .eligible = eligible,
                              .facts = people->facts,
                              .explained = &explained,
                              .lang = reading->lang};
    text_init(&writing.reason, reading->arena, CELL_BYTES_MAX);
    text_init(&writing.evidence, reading->arena, CELL_BYTES_MAX);
    line->verdict = explained.explanation.decision.verdict;
    add_reasons(&writing, line->verdict);
    line->reason = text_str(&writing.reason);
    line->evidence = text_str(&writing.evidence);
    line->cites = cited(&writing);
    if (line->verdict == POLICY_UNKNOWN) {
        add_needs(&writing, explained.explanation.decision.needs, line);
    }
    if (line->asked && line->verdict == POLICY_NO) find_late(reading, &writing, who, plan);
}

/* The candidate of a row of the roster, or NULL: of another year. */
static struct eligible_applicant *applicant_of(const struct eligible *eligible, int64_t record)
{
    size_t low = 0, high = eligible->applicant_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (eligible->applicants[middle].record == record) return &eligible->applicants[middle];
        if (eligible->applicants[middle].record < record) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NULL;
}

static bool decide_all(struct eligible_reading *reading, struct workspace *workspace,
                       const struct award_people *people, struct err *err)
{
    struct eligible *eligible = reading->eligible;
    for (size_t row = 0; row < people->rows.count; row++) {
        uint32_t member = roster_member(people->facts, row);
        int64_t record = people->facts->kept->rows[member].statement;
        struct eligible_applicant *who = applicant_of(eligible, record);
        struct award_sources sources;
        if (who == NULL) continue;
        if (!award_sources_find(&workspace->registry, reading->arena, reading->asker, people->facts,
                                row, &sources, err)) {
            return false;
        }
        for (size_t p = 0; p < eligible->plans.count; p++) {
            decide_plan(reading, people, &sources, row, who, p);
        }
    }
    return true;
}

static int compare_applicants(const void *a, const void *b)
{
    const struct eligible_applicant *x = a, *y = b;
    int by_number = str_compare(x->number, y->number);
    if (by_number != 0) return by_number;
    return x->record < y->record ? -1 : x->record > y->record;
}

bool job_eligible(struct workspace *workspace, struct arena *arena, const struct asker *asker,
                  struct read_at when, const struct policy *policy, int year, enum lang lang,
                  struct eligible *out, struct err *err)
{
    static const char subject[] = "applicant";
    struct award_people people;
    struct eligible eligible = {.policy = policy, .year = year};
    struct eligible_reading reading = {
        .arena = arena, .eligible = &eligible, .asker = asker, .lang = lang};
    int month, date;
    if (year == 0) day_to_ymd(when.at, &eligible.year, &month, &date);
    if (!plans_text_load(&eligible.plans, arena, policy, workspace->policies, subject, err)) {
        return false;
    }
    if (!day_from_ymd(eligible.year, eligible.plans.counted_to.month, eligible.plans.counted_to.day,
                      &eligible.counted)) {
        return err_set(err, ERR_USAGE, "%d is no year of an examination", "%d 不是考试年份",
                       eligible.year);
    }
    if (!job_roster(workspace, arena, asker, when, policy, subject, &people, err)
        || !eligible_read(&reading, workspace, when, err)) {
        return false;
    }
    if (people.facts != NULL && !decide_all(&reading, workspace, &people, err)) return false;
    eligible_find_conflicts(&reading);
    if (eligible.applicant_count > 1) {
        qsort(eligible.applicants, eligible.applicant_count, sizeof *eligible.applicants,
              compare_applicants);
    }
    *out = eligible;
    return true;
}
