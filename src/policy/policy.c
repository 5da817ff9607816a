#include "policy/policy.h"

#include "base/list.h"

#include <stdlib.h>

bool policy_in_force(struct policy_span span, day at)
{
    return (day_is_none(span.first) || at.days >= span.first.days)
           && (day_is_none(span.last) || at.days <= span.last.days);
}

static bool is_called(const struct policy_name *name, struct str word)
{
    if (str_equal(name->key, word) || str_equal(name->zh, word) || str_equal(name->en, word)) {
        return true;
    }
    for (size_t i = 0; i < name->also_count; i++) {
        if (str_equal(name->also[i], word)) return true;
    }
    return false;
}

uint16_t policy_find_scheme(const struct policy *policy, struct str name)
{
    for (size_t i = 0; i < policy->scheme_count; i++) {
        if (is_called(&policy->schemes[i].name, name)) return (uint16_t)i;
    }
    return POLICY_NONE;
}

uint16_t policy_find_input(const struct policy *policy, uint16_t subject, struct str name)
{
    for (size_t i = 0; i < policy->input_count; i++) {
        const struct policy_input *input = &policy->inputs[i];
        if (input->subject == subject && is_called(&input->name, name)) return (uint16_t)i;
    }
    return POLICY_NONE;
}

uint16_t policy_find_subject(const struct policy *policy, struct str name)
{
    for (size_t i = 0; i < policy->subject_count; i++) {
        if (is_called(&policy->subjects[i].name, name)) return (uint16_t)i;
    }
    return POLICY_NONE;
}

int policy_find_choice(const struct policy_input *input, struct str name)
{
    for (size_t i = 0; i < input->choice_count; i++) {
        if (is_called(&input->choices[i].name, name)) return (int)i;
    }
    return -1;
}

struct str policy_word(const struct policy_name *name, enum lang lang)
{
    return lang == LANG_ZH ? name->zh : name->en;
}

static const struct {
    const char *key, *zh, *en;
} forms[] = {
    [POLICY_CASH] = {"cash", "现金发放", "paid in cash"},
    [POLICY_WAIVER] = {"waiver", "减免", "fee waived"},
    [POLICY_IN_KIND] = {"in_kind", "实物", "in kind"},
    [POLICY_LOAN] = {"loan", "贷款", "loan"},
    [POLICY_DECLARED] = {"declared", "普遍权利", "a right of all"},
    [POLICY_PLACE] = {"place", "报考名额", "to ask for a place"},
};

int64_t policy_since(enum policy_unit unit, int64_t from, day at)
{
    day first = {(int32_t)from};
    return unit == POLICY_MONTHS ? day_months(first, at) : day_age(first, at);
}

const char *policy_form_key(enum policy_form form)
{
    CHECK(form <= POLICY_PLACE);
    return forms[form].key;
}

const char *policy_form_text(enum policy_form form, enum lang lang)
{
    CHECK(form <= POLICY_PLACE);
    return lang == LANG_ZH ? forms[form].zh : forms[form].en;
}

struct edges {
    struct arena *arena;
    LIST(day) days;
};

static void edge_of(struct edges *edges, struct policy_span span)
{
    if (!day_is_none(span.first)) *list_push(edges->arena, &edges->days) = span.first;
    if (!day_is_none(span.last)) {
        *list_push(edges->arena, &edges->days) = (day){span.last.days + 1};
    }
}

/* Depth is bounded by POLICY_DEPTH_MAX, which reading has checked. */
static void edges_of_expr(struct edges *edges, const struct policy_expr *expr)
{
    if (expr == NULL) return;
    for (size_t i = 0; i < expr->list_count; i++) edge_of(edges, expr->list[i].span);
    for (size_t i = 0; i < expr->part_count; i++) edges_of_expr(edges, expr->parts[i]);
}

static void edges_of_scheme(struct edges *edges, const struct policy_scheme *scheme)
{
    edge_of(edges, scheme->span);
    edges_of_expr(edges, scheme->applies);
    for (size_t i = 0; i < scheme->clause_count; i++) {
        edge_of(edges, scheme->clauses[i].span);
        edges_of_expr(edges, scheme->clauses[i].condition);
        edges_of_expr(edges, scheme->clauses[i].amount);
    }
}

static int compare_days(const void *a, const void *b)
{
    const day *x = a, *y = b;
    return (x->days > y->days) - (x->days < y->days);
}

size_t policy_edges(struct arena *arena, const struct policy *policy, day **out)
{
    struct edges edges = {.arena = arena};
    for (size_t i = 0; i < policy->definition_count; i++) {
        const struct policy_definition *definition = &policy->definitions[i];
        for (size_t v = 0; v < definition->version_count; v++) {
            edge_of(&edges, definition->versions[v].span);
            edges_of_expr(&edges, definition->versions[v].expr);
        }
    }
    for (size_t i = 0; i < policy->standard_count; i++) {
        const struct policy_standard *standard = &policy->standards[i];
        for (size_t r = 0; r < standard->row_count; r++) edge_of(&edges, standard->rows[r].span);
    }
    for (size_t i = 0; i < policy->scheme_count; i++) edges_of_scheme(&edges, &policy->schemes[i]);
    for (size_t i = 0; i < policy->exclusion_count; i++) {
        edge_of(&edges, policy->exclusions[i].span);
    }
    if (edges.days.count > 0) {
        qsort(edges.days.items, edges.days.count, sizeof(day), compare_days);
    }
    size_t count = 0;
    for (size_t i = 0; i < edges.days.count; i++) {
        if (count > 0 && edges.days.items[count - 1].days == edges.days.items[i].days) continue;
        edges.days.items[count++] = edges.days.items[i];
    }
    *out = edges.days.items;
    return count;
}
