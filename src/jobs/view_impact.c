#include "jobs/view_aid.h"

#include <string.h>

/* The texts of the policy in force with one of them replaced. */
static bool replace_source(const struct view *view, const struct aid_rules *rules,
                           const struct view_impact_query *query, struct policy_source **out,
                           size_t *count, struct err *err)
{
    bool found = false;
    *count = rules->source_count - 1; /* the last is the text of the facts */
    *out = arena_array(view->arena, struct policy_source, *count);
    for (size_t i = 0; i < *count; i++) {
        (*out)[i] = rules->sources[i];
        if (!str_equal(rules->sources[i].name, query->source)) continue;
        (*out)[i].text = query->text;
        found = true;
    }
    if (found) return true;
    return err_set(err, ERR_NOT_FOUND, "there is no text of rules \"%.*s\"",
                   "没有名为“%.*s”的规则文件", STR_ARG(query->source));
}

/* The rows of those whom the asker sees. */
static void choose_rows(const struct view *view, const struct facts *facts,
                        struct policy_rows *rows, uint32_t *chosen)
{
    struct view quick = *view;
    view_prepare(&quick);
    *rows = (struct policy_rows){.subject = facts->rows.subject};
    for (uint32_t row = 0; row < facts->rows.count; row++) {
        if (view_shown(&quick, facts->persons[row]) != UINT32_MAX) chosen[rows->count++] = row;
    }
    for (size_t i = 0; i < POLICY_INPUTS_MAX; i++) {
        const struct policy_column *column = &facts->rows.columns[i];
        if (column->states == NULL) continue;
        uint8_t *states = arena_array(view->arena, uint8_t, rows->count);
        int64_t *values = arena_array(view->arena, int64_t, rows->count);
        for (size_t k = 0; k < rows->count; k++) {
            states[k] = column->states[chosen[k]];
            values[k] = column->values[chosen[k]];
        }
        rows->columns[i] = (struct policy_column){states, values};
    }
}

static struct award_open *choose_open(const struct view *view, const struct facts *facts,
                                      const uint32_t *chosen, size_t count)
{
    struct award_open *open = arena_new(view->arena, struct award_open);
    *open = facts->open;
    if (open->masks == NULL) return open;
    uint64_t *masks = arena_array(view->arena, uint64_t, count);
    for (size_t k = 0; k < count; k++) masks[k] = facts->open.masks[chosen[k]];
    open->masks = masks;
    return open;
}

static void people_of(const struct view *view, const struct facts *facts, struct award_people *out)
{
    struct arena *arena = view->arena;
    uint32_t *chosen = arena_array(arena, uint32_t, facts->rows.count);
    *out = (struct award_people){0};
    choose_rows(view, facts, &out->rows, chosen);
    size_t count = out->rows.count;
    struct str *ids = arena_array(arena, struct str, count);
    uint32_t *order = arena_array(arena, uint32_t, count);
    for (size_t k = 0; k < count; k++) {
        const struct person *person = &facts->people->persons[facts->persons[chosen[k]]];
        char digits[20];
        ids[k] =
            str_copy(arena, (struct str){digits, u64_digits((uint64_t)person->number, digits)});
        order[k] = (uint32_t)k;
    }
    out->ids = ids;
    out->order = order;
    out->open = choose_open(view, facts, chosen, count);
}

static void decide(const struct view *view, const struct aid_check *aid,
                   const struct policy *policy, struct award_people *people,
                   struct award_decided *out)
{
    struct facts *facts = arena_new(view->arena, struct facts);
    facts_make(view->arena, aid->rules.text, policy, &view->snapshot->run.people, &aid->run.kept,
               facts);
    const struct policy_decide_options options = {.subject = facts->subject,
                                                  .at = aid->run.facts.at};
    people_of(view, facts, people);
    award_decide_people(view->arena, policy, people, &options, 0, out);
}

bool view_impact(const struct view *view, const struct view_impact_query *query,
                 struct view_impact *out, struct err *err)
{
    const struct aid_check *aid = view->snapshot->run.aid;
    struct policy_source *sources;
    struct award_decided before, after;
    struct award_people people;
    size_t count;
    struct err fault = ERR_INIT;
    *out = (struct view_impact){0};
    if (aid == NULL || aid->check.facts == NULL) {
        return err_set(err, ERR_CONFLICT, "the registers name no student: import a roll first",
                       "名册里还没有学生：请先导入学籍");
    }
    if (!replace_source(view, &aid->rules, query, &sources, &count, err)) return false;
    out->before = aid->rules.policy;
    if (!policy_read(view->arena, sources, count, &out->faults, &out->after, &fault)) {
        if (out->faults.count > 0) return true;
        *err = fault;
        return false;
    }
    decide(view, aid, out->before, &people, &before);
    decide(view, aid, out->after, &out->people, &after);
    if (before.people->rows.count != after.people->rows.count) {
        return err_set(err, ERR_INPUT, "the text changes whom the registers count as students",
                       "该文本改变了名册中谁算学生，不能逐人比较");
    }
    award_impact(view->arena, &before, &after, &out->impact);
    return true;
}
