#include "cases/case.h"
#include "cases/procedure_read.h"

enum { ESCALATE_DAYS_DEFAULT = 3 };

struct reading_at {
    struct arena *arena;
    const char *name;
    struct procedure *out;
};

/* Bits of the words of a list; *bits is 0 for an absent one. `of` gives a word's number or -1. */
static bool read_bits(const struct reading_at *at, struct yaml_node *node, const char *key,
                      int (*of)(struct str), const char *zh, const char *en, uint32_t *bits,
                      struct err *err)
{
    struct str *words;
    size_t count;
    *bits = 0;
    if (!yaml_texts(at->arena, node, key, at->name, &words, &count, err)) return false;
    for (size_t i = 0; i < count; i++) {
        int number = of(words[i]);
        if (number < 0) return yaml_fail(yaml_get(node, key), at->name, err, en, zh);
        *bits |= 1u << number;
    }
    return true;
}

static bool read_during(const struct reading_at *at, struct yaml_node *node, uint32_t *bits,
                        struct err *err)
{
    if (!read_bits(at, node, "during", case_status_of,
                   "during 为 suspected、confirmed、returned 中的若干",
                   "during is some of suspected, confirmed, returned", bits, err)) {
        return false;
    }
    if (*bits != 0 && (*bits >> CASE_CLOSED & 1) == 0) return true;
    return yaml_fail(node, at->name, err, "during names at least one status, and not closed",
                     "during 至少写一种状态，且不含 closed");
}

static bool read_queues(const struct reading_at *at, struct yaml_node *node, uint32_t *bits,
                        struct err *err)
{
    return read_bits(at, node, "queues", queue_of, "没有这一分工", "there is no such queue", bits,
                     err);
}

static bool list_of(const struct reading_at *at, struct yaml_node *root, const char *key,
                    size_t most, struct yaml_node **out, struct err *err)
{
    *out = yaml_get(root, key);
    if (*out == NULL || (*out)->kind != YAML_LIST || (*out)->count > most) {
        return yaml_fail(*out == NULL ? root : *out, at->name, err,
                         "a list of openings, states, steps or settles is missing or too long",
                         "缺少 opens、states、steps 或 settles 列表，或其过长");
    }
    return true;
}

static bool read_openings(const struct reading_at *at, struct yaml_node *root, struct err *err)
{
    struct procedure *out = at->out;
    struct yaml_node *list = yaml_get(root, "opens");
    size_t count = list == NULL ? 0 : list->count;
    out->openings = arena_array(at->arena, struct procedure_opening, count);
    for (size_t i = 0; i < count; i++) {
        struct procedure_opening *opening = &out->openings[out->opening_count++];
        struct str kind;
        if (!yaml_text(list->items[i], "kind", at->name, &kind, err)) return false;
        if (finding_kind_of(kind) < 0) {
            return yaml_fail(list->items[i], at->name, err, "there is no such kind of finding",
                             "没有这一类线索");
        }
        opening->kind = (enum finding_kind)finding_kind_of(kind);
        if (!read_queues(at, list->items[i], &opening->queues, err)) return false;
    }
    if (!yaml_texts(at->arena, root, "lawful", at->name, &out->lawful, &out->lawful_count, err)) {
        return false;
    }
    if (out->opening_count + out->lawful_count > 0) return true;
    return yaml_fail(root, at->name, err, "nothing opens a case: opens or lawful is missing",
                     "没有写何时立案：缺 opens 或 lawful");
}

static bool read_states(const struct reading_at *at, struct yaml_node *root, struct err *err)
{
    struct procedure *out = at->out;
    struct yaml_node *list;
    uint32_t seen = 0;
    if (!list_of(at, root, "states", PROCEDURE_STEPS_MAX, &list, err)) return false;
    out->states = arena_array(at->arena, struct procedure_state, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct procedure_state *state = &out->states[out->state_count++];
        struct yaml_node *node = list->items[i];
        struct str is;
        if (!yaml_text(node, "key", at->name, &state->key, err)
            || !yaml_text(node, "zh", at->name, &state->zh, err)
            || !yaml_text(node, "en", at->name, &state->en, err)
            || !yaml_text(node, "is", at->name, &is, err)) {
            return false;
        }
        if (case_status_of(is) < 0) {
            return yaml_fail(node, at->name, err, "is: suspected, confirmed, returned or closed",
                             "is 应为 suspected、confirmed、returned 或 closed");
        }
        state->is = (enum case_status)case_status_of(is);
        seen |= 1u << state->is;
    }
    if (seen == (1u << CASE_STATUS_COUNT) - 1) return true;
    return yaml_fail(list, at->name, err, "a state is needed for each status",
                     "suspected、confirmed、returned、closed 各须有一个状态");
}

static bool read_from(const struct reading_at *at, struct yaml_node *node,
                      struct procedure_step *step, struct err *err)
{
    static const char *const words[] = {"opened", "confirmed", "returned"};
    struct str from;
    if (!yaml_text(node, "from", at->name, &from, err)) return false;
    for (int i = 0; i < STEP_FROM_STEP; i++) {
        if (!str_is(from, words[i])) continue;
        step->from = (enum step_from)i;
        return true;
    }
    /* The step itself is the last of the list so far, and not yet named. */
    int other = procedure_step_find(at->out, from);
    if (other < 0) {
        return yaml_fail(node, at->name, err,
                         "from is opened, confirmed, returned or a step that stands before",
                         "from 应为 opened、confirmed、returned 或前面的某一步骤");
    }
    step->from = STEP_FROM_STEP;
    step->from_step = (size_t)other;
    return true;
}

static bool read_done_by(const struct reading_at *at, struct yaml_node *node,
                         struct procedure_step *step, struct err *err)
{
    static const char *const words[] = {"contact", "visit", "verdict", "record"};
    struct str word;
    if (!yaml_text(node, "done_by", at->name, &word, err)) return false;
    for (int i = 0; i <= STEP_BY_RECORD; i++) {
        if (!str_is(word, words[i])) continue;
        step->done_by = (enum step_done_by)i;
        return true;
    }
    return yaml_fail(node, at->name, err, "done_by is contact, visit, verdict or record",
                     "done_by 应为 contact、visit、verdict 或 record");
}

/* `evidence: {zh, en}`, which may be absent. */
static bool read_evidence(const struct reading_at *at, struct yaml_node *node, struct str *zh,
                          struct str *en, bool *there, struct err *err)
{
    struct yaml_node *words = yaml_get(node, "evidence");
    *there = words != NULL;
    return words == NULL
           || (yaml_text(words, "zh", at->name, zh, err)
               && yaml_text(words, "en", at->name, en, err));
}

static bool read_days(const struct reading_at *at, struct yaml_node *node, const char *key,
                      int64_t least, int64_t otherwise, int64_t *out, struct err *err)
{
    if (!yaml_integer_or(node, key, at->name, otherwise, out, err)) return false;
    if (*out >= least && *out <= PROCEDURE_DAYS_MAX) return true;
    return yaml_fail(node, at->name, err, "days are whole numbers up to 3660",
                     "天数应为不超过 3660 的整数");
}

static bool read_step(const struct reading_at *at, struct yaml_node *node,
                      struct procedure_step *step, struct err *err)
{
    bool evidence;
    if (!yaml_text(node, "zh", at->name, &step->zh, err)
        || !yaml_text(node, "en", at->name, &step->en, err)
        || !yaml_texts(at->arena, node, "owes", at->name, &step->owes, &step->owes_count, err)
        || !read_from(at, node, step, err) || !read_days(at, node, "days", 0, -1, &step->days, err)
        || !read_days(at, node, "again", 0, 0, &step->again_days, err)
        || !yaml_bool_or(node, "working", at->name, false, &step->working, err)
        || !read_during(at, node, &step->during, err) || !read_queues(at, node, &step->queues, err)
        || !read_done_by(at, node, step, err)
        || !yaml_text_or(node, "state", at->name, STR_EMPTY, &step->state, err)
        || !yaml_text_or(node, "paper", at->name, STR_EMPTY, &step->paper, err)
        || !yaml_text_or(node, "confidence", at->name, STR_EMPTY, &step->confidence, err)
        || !yaml_texts(at->arena, node, "law", at->name, &step->laws, &step->law_count, err)
        || !read_evidence(at, node, &step->evidence_zh, &step->evidence_en, &evidence, err)) {
        return false;
    }
    if (step->owes_count == 0) {
        return yaml_fail(node, at->name, err, "nobody owes this step", "没有写谁办这一步");
    }
    if (step->law_count == 0 && step->confidence.len == 0) {
        return yaml_fail(node, at->name, err, "a step names its law, or how sure its days are",
                         "步骤须写依据，或注明天数的可靠程度");
    }
    if (step->state.len > 0 && procedure_state_find(at->out, step->state) == NULL) {
        return yaml_fail(node, at->name, err, "there is no such state", "没有这一状态");
    }
    return true;
}

static bool read_steps(const struct reading_at *at, struct yaml_node *root, struct err *err)
{
    struct procedure *out = at->out;
    struct yaml_node *list;
    if (!list_of(at, root, "steps", PROCEDURE_STEPS_MAX, &list, err)) return false;
    out->steps = arena_array(at->arena, struct procedure_step, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct procedure_step step = {0};
        if (!yaml_text(list->items[i], "key", at->name, &step.key, err)
            || !read_step(at, list->items[i], &step, err)) {
            return false;
        }
        if (procedure_step_find(out, step.key) >= 0) {
            return yaml_fail(list->items[i], at->name, err, "this step stands already",
                             "这一步骤已有");
        }
        out->steps[out->step_count++] = step;
    }
    return true;
}

static bool read_holds(const struct reading_at *at, struct yaml_node *node, int64_t *out,
                       struct err *err)
{
    struct str word;
    if (!yaml_text_or(node, "holds", at->name, STR_EMPTY, &word, err)) return false;
    if (str_is(word, "ever")) {
        *out = -1;
        return true;
    }
    return read_days(at, node, "holds", 0, 0, out, err);
}

static bool read_outcome(const struct reading_at *at, struct yaml_node *node,
                         struct procedure_outcome *outcome, struct err *err)
{
    struct str confidence;
    if (!yaml_text(node, "zh", at->name, &outcome->zh, err)
        || !yaml_text(node, "en", at->name, &outcome->en, err)
        || !yaml_bool_or(node, "closes", at->name, false, &outcome->closes, err)
        || !yaml_text_or(node, "next", at->name, STR_EMPTY, &outcome->next, err)
        || !yaml_text_or(node, "next_queue", at->name, STR_EMPTY, &outcome->next_queue, err)
        || !yaml_text_or(node, "confidence", at->name, STR_EMPTY, &confidence, err)
        || !read_holds(at, node, &outcome->holds_days, err)
        || !read_evidence(at, node, &outcome->evidence_zh, &outcome->evidence_en,
                          &outcome->needs_evidence, err)) {
        return false;
    }
    if (outcome->next_queue.len > 0 && queue_of(outcome->next_queue) < 0) {
        return yaml_fail(yaml_get(node, "next_queue"), at->name, err, "there is no such queue",
                         "没有这一分工");
    }
    if (outcome->closes == outcome->needs_evidence) return true;
    return yaml_fail(node, at->name, err, "what closes asks for evidence, what does not asks none",
                     "销号的结果须写佐证，不销号的不写");
}

static bool read_outcomes(const struct reading_at *at, struct yaml_node *root, struct err *err)
{
    struct procedure *out = at->out;
    struct yaml_node *map = yaml_get(root, "outcomes");
    if (map == NULL || map->kind != YAML_MAP || map->count > PROCEDURE_OUTCOMES_MAX) {
        return yaml_fail(map == NULL ? root : map, at->name, err,
                         "\"outcomes\" is missing, or has more than 64",
                         "缺少 outcomes，或其超过 64 个");
    }
    out->outcomes = arena_array(at->arena, struct procedure_outcome, map->count);
    for (size_t i = 0; i < map->count; i++) {
        struct procedure_outcome *outcome = &out->outcomes[out->outcome_count++];
        outcome->code = map->keys[i]->text;
        if (!read_outcome(at, map->items[i], outcome, err)) return false;
    }
    return true;
}

static bool read_kinds(const struct reading_at *at, struct yaml_node *node, uint32_t *bits,
                       struct err *err)
{
    return read_bits(at, node, "kinds", finding_kind_of, "没有这一类线索",
                     "there is no such kind of finding", bits, err);
}

static bool read_settle(const struct reading_at *at, struct yaml_node *node,
                        struct procedure_settle *settle, struct err *err)
{
    struct str by;
    if (!yaml_text(node, "by", at->name, &by, err)
        || !yaml_text(node, "outcome", at->name, &settle->outcome, err)
        || !yaml_texts(at->arena, node, "reasons", at->name, &settle->reasons,
                       &settle->reason_count, err)
        || !read_kinds(at, node, &settle->kinds, err)
        || !read_during(at, node, &settle->during, err)
        || !read_days(at, node, "watch", 0, 0, &settle->watch_days, err)) {
        return false;
    }
    if (settle_by_of(by) < 0) {
        return yaml_fail(node, at->name, err,
                         "by is present, on_roll, finished, lawful, gone, over_age or absence",
                         "by 应为 present、on_roll、finished、lawful、gone、over_age 或 absence");
    }
    settle->by = (enum settle_by)settle_by_of(by);
    const struct procedure_outcome *outcome = procedure_outcome_find(at->out, settle->outcome);
    if (outcome != NULL && outcome->closes) return true;
    return yaml_fail(node, at->name, err, "the outcome is not there, or does not close",
                     "没有这一结果，或该结果不销号");
}

static bool read_settles(const struct reading_at *at, struct yaml_node *root, struct err *err)
{
    struct procedure *out = at->out;
    struct yaml_node *list;
    if (!list_of(at, root, "settles", PROCEDURE_OUTCOMES_MAX, &list, err)) return false;
    out->settles = arena_array(at->arena, struct procedure_settle, list->count);
    for (size_t i = 0; i < list->count; i++) {
        if (!read_settle(at, list->items[i], &out->settles[out->settle_count++], err)) {
            return false;
        }
    }
    return true;
}

bool procedure_read(struct procedure *out, struct arena *arena, struct yaml_node *root,
                    const char *name, struct err *err)
{
    struct procedure read = {.file = str_from(name)};
    struct reading_at at = {arena, name, &read};
    struct yaml_node *escalate = yaml_get(root, "escalate");
    struct str confidence;
    if (!yaml_text(root, "key", name, &read.key, err) || !yaml_text(root, "zh", name, &read.zh, err)
        || !yaml_text(root, "en", name, &read.en, err) || !read_openings(&at, root, err)
        || !read_states(&at, root, err) || !read_steps(&at, root, err)
        || !read_outcomes(&at, root, err) || !read_settles(&at, root, err)
        || !read_days(&at, escalate, "days", 1, ESCALATE_DAYS_DEFAULT, &read.escalate_days, err)
        || !yaml_bool_or(escalate, "working", name, false, &read.escalate_working, err)
        || !yaml_text_or(escalate, "confidence", name, STR_EMPTY, &confidence, err)) {
        return false;
    }
    *out = read;
    return true;
}
