#include "findings/check_aid_internal.h"
#include "policy/cells.h"

/* What cannot be decided is work, not suspicion: a list, or something of a child, is to be asked
 * for. What many children of a school lack alike is asked for once; what registers state
 * differently of a child, for each. */

/* The conditions and amounts of a group's schemes: what they can tell apart. */
static void read_cells(const struct aid *aid, struct arena *work,
                       const struct policy_exclusion *exclusion, struct policy_cells *out)
{
    LIST(const struct policy_expr *) exprs = {0};
    for (size_t s = 0; s < exclusion->count; s++) {
        const struct policy_scheme *scheme = &aid->policy->schemes[exclusion->schemes[s]];
        if (scheme->applies != NULL) *list_push(work, &exprs) = scheme->applies;
        for (size_t c = 0; c < scheme->clause_count; c++) {
            const struct policy_clause *clause = &scheme->clauses[c];
            if (clause->condition != NULL) *list_push(work, &exprs) = clause->condition;
            if (clause->amount != NULL) *list_push(work, &exprs) = clause->amount;
        }
    }
    policy_cells_of(work, aid->policy, exprs.items, exprs.count, aid->facts->at, out);
}

static uint64_t needs_of(const struct aid *aid, size_t row,
                         const struct policy_exclusion *exclusion)
{
    uint64_t needs = 0;
    for (size_t s = 0; s < exclusion->count; s++) {
        const struct policy_decision *decision =
            award_of(aid->in->kinds, row, exclusion->schemes[s]);
        if (decision != NULL && decision->verdict == POLICY_UNKNOWN) needs |= decision->needs;
    }
    return needs;
}

/* One open group for each unknown input: its options are the values that can be told apart. */
static bool open_inputs(const struct aid *aid, uint64_t needs, const struct policy_cells *cells,
                        const struct policy_cell_values **out, size_t *count)
{
    *count = 0;
    for (size_t i = 0; i < cells->count; i++) {
        const struct policy_cell_values *values = &cells->inputs[i];
        if ((needs & (UINT64_C(1) << values->input)) == 0) continue;
        /* What a set holds is settled by what is open of it. */
        if (aid->policy->inputs[values->input].type == POLICY_SET) return false;
        out[(*count)++] = values;
        needs &= ~(UINT64_C(1) << values->input);
    }
    return needs == 0 && *count > 0;
}

struct aid_group_due aid_due_of_group(const struct aid *aid, size_t row,
                                      const struct policy_exclusion *exclusion)
{
    enum { WAYS_MAX = 64 };
    struct aid_group_due due = {.due = true, .least = INT64_MAX};
    struct arena work = {0};
    struct policy_cells cells;
    const struct policy_cell_values *open[POLICY_INPUTS_MAX];
    size_t count, ways = 1;
    read_cells(aid, &work, exclusion, &cells);
    bool opened = open_inputs(aid, needs_of(aid, row, exclusion), &cells, open, &count);
    for (size_t i = 0; opened && i < count && ways <= WAYS_MAX; i++) ways *= open[i]->count;
    if (!opened || ways > WAYS_MAX) {
        arena_free(&work);
        return (struct aid_group_due){0};
    }
    for (size_t way = 0; way < ways && due.due; way++) {
        struct policy_rows rows = {.subject = aid->facts->subject, .count = 1};
        struct policy_decisions decisions;
        size_t rest = way;
        for (uint16_t i = 0; i < aid->policy->input_count; i++) {
            const struct policy_column *column = &aid->facts->rows.columns[i];
            if (column->states == NULL) continue;
            rows.columns[i] = (struct policy_column){column->states + row, column->values + row};
        }
        for (size_t i = 0; i < count; i++) {
            uint8_t *state = arena_new(&work, uint8_t);
            int64_t *value = arena_new(&work, int64_t);
            *state = POLICY_KNOWN;
            *value = open[i]->values[rest % open[i]->count];
            rest /= open[i]->count;
            rows.columns[open[i]->input] = (struct policy_column){state, value};
        }
        struct award_open sets = aid->facts->open;
        const uint64_t mask = sets.masks == NULL ? 0 : sets.masks[row];
        sets.masks = &mask;
        award_decide(&work, aid->in->program, &rows, &sets, 1, &decisions);
        bool entitled = false;
        for (size_t i = 0; i < decisions.count; i++) {
            const struct policy_decision *decision = &decisions.items[i];
            bool of_group = false;
            for (size_t s = 0; s < exclusion->count; s++) {
                of_group |= exclusion->schemes[s] == decision->scheme;
            }
            if (!of_group || decision->verdict != POLICY_ENTITLED) continue;
            entitled = true;
            if (decision->fen < due.least) due.least = decision->fen;
        }
        due.due = entitled;
    }
    arena_free(&work);
    return due.due ? due : (struct aid_group_due){0};
}

/* What is lacking alike at a school. */
struct lack {
    uint32_t school;
    uint64_t needs;
    uint16_t scheme; /* the first that needs it */
    uint64_t students;
    uint32_t row; /* one of them */
};

struct lacks {
    struct u64_map numbers;
    LIST(struct lack) items;
};

static struct str inputs_text(const struct aid *aid, uint64_t needs)
{
    struct text text;
    text_init(&text, aid->check->arena, 1024);
    for (uint16_t i = 0; i < aid->policy->input_count; i++) {
        if ((needs & (UINT64_C(1) << i)) == 0) continue;
        if (text.len > 0) text_add_byte(&text, ',');
        text_add(&text, aid->policy->inputs[i].name.key);
    }
    return text_str(&text);
}

/* Lists that would tell and were not sent. */
static struct str lists_text(const struct aid *aid, uint32_t row, uint64_t needs)
{
    struct text text;
    struct arena work = {0};
    text_init(&text, aid->check->arena, 1024);
    for (uint16_t i = 0; i < aid->policy->input_count; i++) {
        struct fact_source *sources;
        size_t count;
        if ((needs & (UINT64_C(1) << i)) == 0) continue;
        if (aid->policy->inputs[i].type != POLICY_SET) continue;
        facts_sources(aid->facts, &work, row, i, &sources, &count);
        for (size_t s = 0; s < count; s++) {
            if (sources[s].kind != FACT_NOT_SENT) continue;
            if (text.len > 0) text_add_byte(&text, ',');
            text_add(&text, aid->facts->text->registers[sources[s].register_number].key);
        }
    }
    arena_free(&work);
    return text_str(&text);
}

static bool conflicts(const struct aid *aid, size_t row, uint64_t needs)
{
    for (uint16_t i = 0; i < aid->policy->input_count; i++) {
        const uint8_t *states = aid->facts->rows.columns[i].states;
        if ((needs & (UINT64_C(1) << i)) == 0 || states == NULL) continue;
        if (states[row] == POLICY_CONFLICTING) return true;
    }
    return false;
}

static void add_lack(struct aid *aid, const struct lack *lack)
{
    enum { PROBABILITY_PPM = 950000 };
    struct str lists = lists_text(aid, lack->row, lack->needs);
    struct str inputs = inputs_text(aid, lack->needs);
    struct finding finding = aid_of_school(aid, FINDING_AID_UNKNOWN, QUEUE_COLLECT, lack->row,
                                           "facts_missing", PROBABILITY_PPM);
    finding.scheme = aid->policy->schemes[lack->scheme].name.key;
    aid_note(aid, &finding, "scheme", finding.scheme);
    aid_note(aid, &finding, "needs", inputs);
    if (lists.len > 0) aid_note(aid, &finding, "not_sent", lists);
    aid_note_number(aid, &finding, "students", (int64_t)lack->students);
    struct text key;
    text_init(&key, aid->check->arena, 1024);
    text_add_f(&key, "%.*s/%.*s", STR_ARG(dict_text(&aid->facts->school_texts, lack->school)),
               STR_ARG(inputs));
    finding.key = text_str(&key);
    aid_add_school(aid, &finding);
}

static void add_conflict(struct aid *aid, size_t row, uint16_t scheme, uint64_t needs)
{
    struct aid_line line = {.kind = FINDING_AID_UNKNOWN,
                            .person = aid->facts->persons[row],
                            .chance = aid_share(aid, "facts_conflict"),
                            .reason = "facts_conflict",
                            .schemes = aid->policy->schemes[scheme].name.key,
                            .period = aid->periods[scheme],
                            .due_fen = -1,
                            .paid_fen = -1,
                            .nearest = UINT32_MAX};
    struct finding *finding = aid_add(aid, &line);
    if (finding == NULL) return;
    finding->queue = QUEUE_COLLECT;
    aid_note(aid, finding, "needs", inputs_text(aid, needs));
}

static void note_unknown(struct aid *aid, struct lacks *lacks, size_t row, uint16_t scheme,
                         uint64_t needs)
{
    uint32_t school = aid->facts->schools[row];
    uint64_t key = u64_mix(u64_mix(needs) ^ school);
    uint32_t number = u64_map_find(&lacks->numbers, key);
    if (number == DICT_NONE) {
        number = (uint32_t)lacks->items.count;
        u64_map_put(&lacks->numbers, key, number);
        *list_push(aid->check->arena, &lacks->items) =
            (struct lack){school, needs, scheme, 0, (uint32_t)row};
    }
    lacks->items.items[number].students++;
}

void aid_check_unknown(struct aid *aid)
{
    struct arena work = {0};
    struct lacks lacks = {0};
    const struct facts *facts = aid->facts;
    u64_map_init(&lacks.numbers, &work);
    for (size_t row = 0; row < facts->rows.count; row++) {
        uint64_t asked = 0, disputed = 0;
        for (uint16_t scheme = 0; scheme < aid->policy->scheme_count; scheme++) {
            const uint8_t *listed = aid->listed[scheme];
            if (listed == NULL || listed[facts->schools[row]] != AID_LISTED) continue;
            const struct policy_decision *decision = award_of(aid->in->kinds, row, scheme);
            if (decision == NULL || decision->verdict != POLICY_UNKNOWN) continue;
            bool dispute = conflicts(aid, row, decision->needs);
            uint64_t *known = dispute ? &disputed : &asked;
            if ((decision->needs & ~*known) == 0) continue;
            *known |= decision->needs;
            if (dispute) {
                add_conflict(aid, row, scheme, decision->needs);
            } else {
                note_unknown(aid, &lacks, row, scheme, decision->needs);
            }
        }
    }
    for (size_t i = 0; i < lacks.items.count; i++) add_lack(aid, &lacks.items.items[i]);
    arena_free(&work);
}
