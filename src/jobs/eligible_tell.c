#include "jobs/eligible.h"

enum { CELL_BYTES_MAX = 1 << 16, INPUTS_SEEN = 64 };

/* One candidate and plan while its cells are written. */
struct writing {
    struct arena *arena;
    const struct eligible_known *known;
    const struct award_explained *explained;
    enum lang lang;
    struct text reason, evidence;
    bool told[INPUTS_SEEN]; /* by input: its facts stand in `evidence` */
};

static struct str sentence(const struct writing *writing, const struct policy_node *node)
{
    return writing->lang == LANG_ZH ? node->zh : node->en;
}

static const char *between(enum lang lang)
{
    return lang == LANG_ZH ? "；" : "; ";
}

static void add_sources(struct writing *writing, uint16_t input)
{
    const struct award_sources *sources = writing->explained->sources;
    const struct policy_input *about = &writing->known->policy->inputs[input];
    struct text *out = &writing->evidence;
    char since[DAY_TEXT_SIZE];
    if (sources == NULL || writing->told[input]) return;
    writing->told[input] = true;
    for (size_t i = 0; i < sources->counts[input]; i++) {
        const struct award_stated *stated = &sources->items[input][i];
        day from = award_source_day(sources, stated);
        if (out->len > 0) text_add_c(out, between(writing->lang));
        text_add(out, policy_word(&about->name, writing->lang));
        text_add_c(out, writing->lang == LANG_ZH ? "←" : " <- ");
        text_add(out, award_source_text(writing->arena, sources, input, stated, writing->lang));
        if (!day_is_none(from)) text_add_f(out, " %s", day_format(from, since));
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
            if (facts->len > 0) text_add_c(facts, between(writing->lang));
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
        if (writing->reason.len > 0) text_add_c(&writing->reason, between(writing->lang));
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

struct str eligible_needs(const struct eligible_known *known, struct arena *arena, uint64_t needs)
{
    struct text keys;
    text_init(&keys, arena, CELL_BYTES_MAX);
    for (uint16_t i = 0; i < known->policy->input_count; i++) {
        if ((needs >> i & 1) == 0) continue;
        if (keys.len > 0) text_add_byte(&keys, ';');
        text_add(&keys, known->policy->inputs[i].name.key);
    }
    return text_str(&keys);
}

struct str eligible_asks(const struct eligible_known *known, struct arena *arena, uint64_t needs,
                         enum lang lang)
{
    struct text asks;
    text_init(&asks, arena, CELL_BYTES_MAX);
    for (uint16_t i = 0; i < known->policy->input_count; i++) {
        const struct policy_input *input = &known->policy->inputs[i];
        struct str holder = lang == LANG_ZH ? input->holder_zh : input->holder_en;
        if ((needs >> i & 1) == 0) continue;
        if (asks.len > 0) text_add_c(&asks, between(lang));
        text_add(&asks, policy_word(&input->name, lang));
        text_add_f(&asks, lang == LANG_ZH ? "（%.*s）" : " (%.*s)", STR_ARG(holder));
    }
    return text_str(&asks);
}

struct str eligible_plan_word(const struct eligible_known *known, size_t plan, enum lang lang)
{
    const struct plan_text *text = &known->plans.plans[plan];
    if (text->scheme == POLICY_NONE) return text->scheme_key;
    return policy_word(&known->policy->schemes[text->scheme].name, lang);
}

struct str eligible_plan_keys(const struct eligible_known *known, struct arena *arena,
                              uint64_t plans)
{
    struct text keys;
    text_init(&keys, arena, CELL_BYTES_MAX);
    for (size_t p = 0; p < known->plans.count; p++) {
        if ((plans >> p & 1) == 0) continue;
        if (keys.len > 0) text_add_byte(&keys, ';');
        text_add(&keys, known->plans.plans[p].scheme_key);
    }
    return text_str(&keys);
}

static struct str cited(const struct writing *writing)
{
    const struct policy_explanation *explanation = &writing->explained->explanation;
    struct text text;
    text_init(&text, writing->arena, CELL_BYTES_MAX);
    for (size_t i = 0; i < explanation->document_count; i++) {
        if (i > 0) text_add_byte(&text, ';');
        text_add(&text, writing->known->policy->documents[explanation->documents[i]].number);
    }
    return text_str(&text);
}

void eligible_teller_make(struct eligible_teller *out, struct arena *arena,
                          const struct eligible *eligible, struct registry *registry,
                          const struct asker *asker, const struct batch *batches,
                          size_t batch_count)
{
    const struct eligible_known *known = eligible->known;
    const struct policy_decide_options options = {.subject = known->people.rows.subject,
                                                  .at = eligible->counted};
    *out = (struct eligible_teller){.eligible = eligible,
                                    .registry = registry,
                                    .asker = asker,
                                    .batches = batches,
                                    .batch_count = batch_count};
    if (known->people.facts != NULL) {
        out->program = policy_compile(arena, known->policy, &options);
    }
}

bool eligible_teller_open(struct eligible_teller *out, struct arena *arena,
                          const struct eligible *eligible, struct registry *registry,
                          const struct asker *asker, struct err *err)
{
    struct batch *batches;
    size_t count;
    if (!registry_batches(registry, arena, asker, &batches, &count, err)) return false;
    eligible_teller_make(out, arena, eligible, registry, asker, batches, count);
    return true;
}

/* What would change the answer costs more than all reasons, and only a page shows it. */
static void explain_plan(const struct eligible_teller *teller, struct arena *arena, size_t row,
                         uint16_t scheme, bool ways, struct award_explained *out)
{
    const struct eligible_known *known = teller->eligible->known;
    day at = teller->eligible->counted;
    bool concerned = false;
    if (ways) {
        award_explain_by(arena, known->policy, teller->program, &known->people, row, scheme, at,
                         &concerned, out);
    } else {
        *out = (struct award_explained){
            .policy = known->policy, .people = &known->people, .row = row, .at = at};
        policy_explain_reasons(arena, teller->program, &known->people.rows, row, scheme, &concerned,
                               &out->explanation);
    }
    CHECK(concerned);
}

static bool explain(const struct eligible_teller *teller, struct arena *arena, size_t applicant,
                    uint64_t mask, bool ways, struct award_explained **out, size_t **plans,
                    size_t *count, struct err *err)
{
    const struct eligible *eligible = teller->eligible;
    const struct eligible_known *known = eligible->known;
    const struct eligible_applicant *of = &eligible->applicants[applicant];
    CHECK(applicant < eligible->applicant_count);
    struct award_sources *sources = arena_new(arena, struct award_sources);
    struct award_explained *explained =
        arena_array(arena, struct award_explained, known->plans.count);
    size_t *which = arena_array(arena, size_t, known->plans.count), found = 0;
    if (of->who->row != SIZE_MAX
        && !award_sources_among(teller->registry, arena, teller->asker, teller->batches,
                                teller->batch_count, known->people.facts, of->who->row, sources,
                                err)) {
        return false;
    }
    for (size_t p = 0; p < known->plans.count; p++) {
        if (!of->lines[p].concerned || (mask >> p & 1) == 0) continue;
        explain_plan(teller, arena, of->who->row, known->plans.plans[p].scheme, ways,
                     &explained[found]);
        explained[found].sources = sources;
        which[found++] = p;
    }
    *out = explained;
    *plans = which;
    *count = found;
    return true;
}

bool eligible_explain(const struct eligible_teller *teller, struct arena *arena, size_t applicant,
                      uint64_t mask, struct award_explained **out, size_t **plans, size_t *count,
                      struct err *err)
{
    return explain(teller, arena, applicant, mask, true, out, plans, count, err);
}

static void tell_plan(struct arena *arena, const struct eligible_known *known,
                      const struct award_explained *explained, const struct eligible_line *line,
                      enum lang lang, struct eligible_told *out)
{
    struct writing writing = {.arena = arena, .known = known, .explained = explained, .lang = lang};
    text_init(&writing.reason, arena, CELL_BYTES_MAX);
    text_init(&writing.evidence, arena, CELL_BYTES_MAX);
    add_reasons(&writing, line->verdict);
    *out = (struct eligible_told){.reason = text_str(&writing.reason),
                                  .needs = eligible_needs(known, arena, line->needs),
                                  .asks = eligible_asks(known, arena, line->needs, lang),
                                  .evidence = text_str(&writing.evidence),
                                  .cites = cited(&writing)};
}

bool eligible_tell(const struct eligible_teller *teller, struct arena *arena, size_t applicant,
                   uint64_t mask, enum lang lang, struct eligible_told **out, struct err *err)
{
    const struct eligible *eligible = teller->eligible;
    const struct eligible_known *known = eligible->known;
    struct award_explained *explained;
    size_t *plans, count;
    if (!explain(teller, arena, applicant, mask, false, &explained, &plans, &count, err))
        return false;
    struct eligible_told *told = arena_array(arena, struct eligible_told, known->plans.count);
    for (size_t i = 0; i < count; i++) {
        tell_plan(arena, known, &explained[i], &eligible->applicants[applicant].lines[plans[i]],
                  lang, &told[plans[i]]);
    }
    *out = told;
    return true;
}
