#include "policy/mutate.h"

#include <string.h>

static struct policy_expr *copy_expr(struct arena *arena, const struct policy_expr *expr)
{
    if (expr == NULL) return NULL;
    struct policy_expr *copy = arena_copy(arena, expr, sizeof *expr);
    copy->list = arena_copy(arena, expr->list, expr->list_count * sizeof *expr->list);
    copy->parts = arena_array(arena, struct policy_expr *, expr->part_count);
    for (size_t i = 0; i < expr->part_count; i++) {
        copy->parts[i] = copy_expr(arena, expr->parts[i]);
    }
    return copy;
}

static void copy_definitions(struct arena *arena, struct policy *copy)
{
    copy->definitions =
        arena_copy(arena, copy->definitions, copy->definition_count * sizeof *copy->definitions);
    for (size_t d = 0; d < copy->definition_count; d++) {
        struct policy_definition *definition = &copy->definitions[d];
        definition->versions = arena_copy(arena, definition->versions,
                                          definition->version_count * sizeof *definition->versions);
        for (size_t v = 0; v < definition->version_count; v++) {
            definition->versions[v].expr = copy_expr(arena, definition->versions[v].expr);
        }
    }
}

static void copy_schemes(struct arena *arena, struct policy *copy)
{
    copy->schemes = arena_copy(arena, copy->schemes, copy->scheme_count * sizeof *copy->schemes);
    for (size_t s = 0; s < copy->scheme_count; s++) {
        struct policy_scheme *scheme = &copy->schemes[s];
        scheme->applies = copy_expr(arena, scheme->applies);
        scheme->clauses =
            arena_copy(arena, scheme->clauses, scheme->clause_count * sizeof *scheme->clauses);
        for (size_t c = 0; c < scheme->clause_count; c++) {
            scheme->clauses[c].condition = copy_expr(arena, scheme->clauses[c].condition);
            scheme->clauses[c].amount = copy_expr(arena, scheme->clauses[c].amount);
        }
    }
}

struct policy *mutate_copy(struct arena *arena, const struct policy *policy)
{
    struct policy *copy = arena_copy(arena, policy, sizeof *policy);
    copy_definitions(arena, copy);
    copy_schemes(arena, copy);
    copy->standards =
        arena_copy(arena, copy->standards, copy->standard_count * sizeof *copy->standards);
    for (size_t s = 0; s < copy->standard_count; s++) {
        struct policy_standard *standard = &copy->standards[s];
        standard->rows =
            arena_copy(arena, standard->rows, standard->row_count * sizeof *standard->rows);
    }
    copy->exclusions =
        arena_copy(arena, copy->exclusions, copy->exclusion_count * sizeof *copy->exclusions);
    for (size_t e = 0; e < copy->exclusion_count; e++) {
        struct policy_exclusion *exclusion = &copy->exclusions[e];
        exclusion->schemes =
            arena_copy(arena, exclusion->schemes, exclusion->count * sizeof *exclusion->schemes);
    }
    return copy;
}

void mutate_apply(const struct mutant *mutant)
{
    for (size_t e = 0; e < mutant->edit_count; e++) {
        memcpy(mutant->edits[e].at, mutant->edits[e].after, mutant->edits[e].size);
    }
}

/* Backwards: two edits may be of one place. */
void mutate_undo(const struct mutant *mutant)
{
    for (size_t e = mutant->edit_count; e-- > 0;) {
        memcpy(mutant->edits[e].at, mutant->edits[e].before, mutant->edits[e].size);
    }
}
