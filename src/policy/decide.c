#include "policy/decide_internal.h"

#include "base/list.h"
#include "base/thread.h"

#include <string.h>

/* Blocks are decided side by side, each into memory of its thread, and put together in the order of
 * the rows: the outcome does not depend on the number of threads. */

struct chunk {
    struct policy_decision *items;
    size_t count;
    size_t at; /* of its first decision among all */
};

struct deciding {
    const struct policy_program *program;
    const struct policy_rows *rows;
    const uint32_t *index;
    size_t count;
    size_t *firsts;       /* by row, inside of its block so far */
    struct arena *arenas; /* by thread */
    struct block *blocks; /* by thread */
    bool *ready;          /* by thread: its block has memory */
    struct chunk *chunks; /* by block of rows */
    struct policy_decision *items;
};

const char *policy_verdict_key(enum policy_verdict verdict)
{
    static const char *const keys[] = {"no", "yes", "unknown"};
    CHECK(verdict <= POLICY_UNKNOWN);
    return keys[verdict];
}

const char *policy_verdict_text(enum policy_verdict verdict, enum lang lang)
{
    static const char *const zh[] = {"不符合", "符合", "未知"};
    static const char *const en[] = {"not entitled", "entitled", "unknown"};
    CHECK(verdict <= POLICY_UNKNOWN);
    return lang == LANG_ZH ? zh[verdict] : en[verdict];
}

int policy_verdict_of(struct str key)
{
    for (int v = 0; v <= POLICY_UNKNOWN; v++) {
        if (str_is(key, policy_verdict_key((enum policy_verdict)v))) return v;
    }
    return -1;
}

struct policy_decision policy_decision_of(const struct policy_program *program,
                                          const struct block *block,
                                          const struct program_scheme *scheme, size_t row)
{
    size_t at = block->index == NULL ? block->first + row : block->index[row];
    struct policy_decision decision = {.row = (uint32_t)at, .scheme = scheme->scheme};
    uint8_t right = block_truth(program, block, scheme->right, row);
    if (right == POLICY_NO) return decision;
    int64_t value = 0;
    bool known =
        scheme->amount != UINT32_MAX && block_value(program, block, scheme->amount, row, &value);
    if (right == POLICY_ENTITLED && known) {
        int64_t scale = program->nodes[scheme->amount].scale;
        CHECK(value % scale == 0);
        decision.verdict = POLICY_ENTITLED;
        decision.fen = value / scale;
        return decision;
    }
    decision.verdict = POLICY_UNKNOWN;
    decision.needs = block_needs(program, block, scheme->right, row);
    if (scheme->amount != UINT32_MAX) {
        decision.needs |= block_needs(program, block, scheme->amount, row);
    }
    return decision;
}

static void decide_block(void *context, size_t number, size_t thread)
{
    struct deciding *deciding = context;
    const struct policy_program *program = deciding->program;
    struct block *block = &deciding->blocks[thread];
    size_t first = number * BLOCK_ROWS, count = deciding->count - first;
    size_t applying[BLOCK_ROWS] = {0}, total = 0;
    if (count > BLOCK_ROWS) count = BLOCK_ROWS;
    if (!deciding->ready[thread]) {
        block_init(&deciding->arenas[thread], program, block);
        deciding->ready[thread] = true;
    }
    if (deciding->index == NULL) {
        block_run(program, block, deciding->rows, first, count);
    } else {
        block_run_some(program, block, deciding->rows, deciding->index + first, count, NULL);
    }
    for (size_t s = 0; s < program->scheme_count; s++) {
        const struct node *applies = &program->nodes[program->schemes[s].applies];
        const uint64_t *yes = block->yes + (size_t)applies->plane * BLOCK_WORDS;
        for (size_t r = 0; r < count; r++) applying[r] += yes[r / 64] >> r % 64 & 1;
    }
    for (size_t r = 0; r < count; r++) total += applying[r];
    struct chunk *chunk = &deciding->chunks[number];
    chunk->items = arena_array(&deciding->arenas[thread], struct policy_decision, total);
    for (size_t r = 0; r < count; r++) {
        deciding->firsts[first + r] = chunk->count;
        for (size_t s = 0; applying[r] > 0 && s < program->scheme_count; s++) {
            const struct program_scheme *scheme = &program->schemes[s];
            if (block_truth(program, block, scheme->applies, r) != POLICY_ENTITLED) continue;
            chunk->items[chunk->count++] = policy_decision_of(program, block, scheme, r);
            applying[r]--;
        }
    }
}

/* Puts the decisions of a block where they belong. */
static void join_block(void *context, size_t number, size_t thread)
{
    (void)thread;
    struct deciding *deciding = context;
    const struct chunk *chunk = &deciding->chunks[number];
    size_t first = number * BLOCK_ROWS, end = first + BLOCK_ROWS;
    if (end > deciding->count) end = deciding->count;
    for (size_t r = first; r < end; r++) deciding->firsts[r] += chunk->at;
    if (chunk->count == 0) return;
    memcpy(deciding->items + chunk->at, chunk->items, chunk->count * sizeof *chunk->items);
}

void policy_decide_listed(struct arena *arena, const struct policy_program *program,
                          const struct policy_rows *rows, const uint32_t *index, size_t count,
                          size_t threads, struct policy_decisions *out, size_t **firsts)
{
    struct deciding deciding = {.program = program, .rows = rows, .index = index, .count = count};
    struct arena scratch = {0};
    size_t block_count = (count + BLOCK_ROWS - 1) / BLOCK_ROWS;
    if (threads == 0) threads = thread_count_default();
    deciding.firsts = arena_array(arena, size_t, count + 1);
    deciding.arenas = arena_array(&scratch, struct arena, threads);
    deciding.blocks = arena_array(&scratch, struct block, threads);
    deciding.ready = arena_array(&scratch, bool, threads);
    deciding.chunks = arena_array(&scratch, struct chunk, block_count);
    CHECK(rows->count < UINT32_MAX);
    thread_run(threads, block_count, decide_block, &deciding);
    struct policy_decisions decisions = {0};
    for (size_t b = 0; b < block_count; b++) {
        deciding.chunks[b].at = decisions.count;
        decisions.count += deciding.chunks[b].count;
    }
    decisions.items = deciding.items = arena_array(arena, struct policy_decision, decisions.count);
    thread_run(threads, block_count, join_block, &deciding);
    deciding.firsts[count] = decisions.count;
    for (size_t t = 0; t < threads; t++) arena_free(&deciding.arenas[t]);
    arena_free(&scratch);
    *out = decisions;
    *firsts = deciding.firsts;
}

void policy_decide(struct arena *arena, const struct policy_program *program,
                   const struct policy_rows *rows, size_t threads, struct policy_decisions *out)
{
    size_t *firsts;
    policy_decide_listed(arena, program, rows, NULL, rows->count, threads, out, &firsts);
}

void policy_truths(struct arena *arena, const struct policy *policy,
                   const struct policy_expr *condition, day at, const struct policy_rows *rows,
                   uint8_t *out)
{
    struct policy_program *program = program_start(arena, policy, rows->subject, at);
    struct block block;
    uint32_t node = program_add(program, condition);
    block_init(arena, program, &block);
    for (size_t first = 0; first < rows->count; first += BLOCK_ROWS) {
        size_t count = rows->count - first < BLOCK_ROWS ? rows->count - first : BLOCK_ROWS;
        block_run(program, &block, rows, first, count);
        for (size_t r = 0; r < count; r++) {
            out[first + r] = block_truth(program, &block, node, r);
        }
    }
}

void policy_truths_of_row(struct arena *arena, const struct policy *policy,
                          const struct policy_expr *condition, day at,
                          const struct policy_rows *rows, size_t row, uint8_t *out)
{
    struct policy_program *program = program_start(arena, policy, rows->subject, at);
    struct block block;
    uint32_t node = program_add(program, condition);
    block_init(arena, program, &block);
    block_run(program, &block, rows, row, 1);
    *out = block_truth(program, &block, node, 0);
}
