#include "policy/telling.h"

#include "base/thread.h"

#include <string.h>

/* Kinds are decided as rows are. Where an input was set aside (telling.h), the amounts that it goes
 * into are then worked out for each row that is entitled: only the nodes that lead to them run. */

enum { ROWS_A_TASK = 1 << 13 };

struct paying {
    const struct policy_program *program;
    const struct policy_rows *rows;
    const struct policy_kinds *kinds;
    const struct telling *telling;
    bool *wanted;         /* by node */
    bool *by_row;         /* by kind: an amount of its differs from row to row */
    struct arena *arenas; /* by thread */
    struct block *blocks;
    bool *ready;
};

static bool differs(const struct paying *paying, const struct program_scheme *scheme)
{
    return scheme->amount != UINT32_MAX
           && (paying->telling->flows[scheme->amount] & paying->telling->aside) != 0;
}

static void want(struct paying *paying, uint32_t number)
{
    const struct node *node = &paying->program->nodes[number];
    if (paying->wanted[number]) return;
    paying->wanted[number] = true;
    for (size_t p = 0; p < node->part_count; p++) want(paying, node->parts[p]);
}

/* Puts in the amounts of some rows. */
static void pay(const struct paying *paying, struct block *block, const uint32_t *index,
                size_t count)
{
    const struct policy_program *program = paying->program;
    if (count == 0) return;
    block_run_some(program, block, paying->rows, index, count, paying->wanted);
    for (size_t s = 0; s < program->scheme_count; s++) {
        const struct program_scheme *scheme = &program->schemes[s];
        int64_t *amounts = paying->kinds->amounts[scheme->scheme];
        if (amounts == NULL) continue;
        int64_t scale = program->nodes[scheme->amount].scale, value;
        for (size_t r = 0; r < count; r++) {
            if (!block_value(program, block, scheme->amount, r, &value)) continue;
            amounts[index[r]] = value / scale;
        }
    }
}

static void pay_rows(void *context, size_t number, size_t thread)
{
    struct paying *paying = context;
    struct block *block = &paying->blocks[thread];
    uint32_t index[BLOCK_ROWS];
    size_t first = number * ROWS_A_TASK, end = first + ROWS_A_TASK, count = 0;
    if (end > paying->rows->count) end = paying->rows->count;
    if (!paying->ready[thread]) block_init(&paying->arenas[thread], paying->program, block);
    paying->ready[thread] = true;
    for (size_t r = first; r < end; r++) {
        if (!paying->by_row[paying->kinds->kind_of[r]]) continue;
        index[count++] = (uint32_t)r;
        if (count < BLOCK_ROWS) continue;
        pay(paying, block, index, count);
        count = 0;
    }
    pay(paying, block, index, count);
}

/* Which schemes' amounts differ inside kinds, and which kinds they concern. */
static bool find_differing(struct arena *arena, struct paying *paying, struct policy_kinds *kinds)
{
    const struct policy_program *program = paying->program;
    bool any = false;
    for (size_t s = 0; s < program->scheme_count; s++) {
        const struct program_scheme *scheme = &program->schemes[s];
        if (!differs(paying, scheme)) continue;
        kinds->amounts[scheme->scheme] = arena_array(arena, int64_t, paying->rows->count);
        want(paying, scheme->amount);
        any = true;
    }
    for (size_t k = 0; any && k < kinds->count; k++) {
        for (size_t d = kinds->firsts[k]; d < kinds->firsts[k + 1]; d++) {
            const struct policy_decision *decision = &kinds->decisions[d];
            bool here = kinds->amounts[decision->scheme] != NULL;
            if (here && decision->verdict == POLICY_ENTITLED) paying->by_row[k] = true;
        }
    }
    return any;
}

static void pay_all(struct arena *arena, const struct policy_program *program,
                    const struct policy_rows *rows, const struct telling *telling, size_t threads,
                    struct policy_kinds *kinds)
{
    struct arena scratch = {0};
    struct paying paying = {.program = program, .rows = rows, .kinds = kinds, .telling = telling};
    paying.wanted = arena_array(&scratch, bool, program->node_count);
    paying.by_row = arena_array(&scratch, bool, kinds->count);
    paying.arenas = arena_array(&scratch, struct arena, threads);
    paying.blocks = arena_array(&scratch, struct block, threads);
    paying.ready = arena_array(&scratch, bool, threads);
    if (find_differing(arena, &paying, kinds)) {
        thread_run(threads, (rows->count + ROWS_A_TASK - 1) / ROWS_A_TASK, pay_rows, &paying);
    }
    for (size_t t = 0; t < threads; t++) arena_free(&paying.arenas[t]);
    arena_free(&scratch);
}

void policy_decide_kinds(struct arena *arena, const struct policy_program *program,
                         const struct policy_rows *rows, size_t threads, struct policy_kinds *out)
{
    struct telling telling;
    struct kinds kinds;
    struct policy_decisions decisions;
    if (threads == 0) threads = thread_count_default();
    policy_tell(arena, program, rows, threads, &telling);
    bool pays = kinds_find(arena, telling.columns, telling.column_count, rows->count, threads,
                           rows->count / 2, &kinds);
    if (!pays) {
        kinds = (struct kinds){.count = rows->count};
        telling.aside = 0;
    }
    *out =
        (struct policy_kinds){.kind_of = kinds.kind_of, .rows = kinds.rows, .count = kinds.count};
    policy_decide_listed(arena, program, rows, kinds.rows, kinds.count, threads, &decisions,
                         &out->firsts);
    out->decisions = decisions.items;
    out->amounts = arena_array(arena, int64_t *, program->policy->scheme_count);
    if (telling.aside != 0) pay_all(arena, program, rows, &telling, threads, out);
}
