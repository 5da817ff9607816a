#include "awards/award_decide.h"

#include "base/dict.h"
#include "policy/kinds.h"

/* Rows that state the same are decided once: a city of 280,000 has a few thousand kinds of student.
 * Kinds of which something is open are decided once more for each way in which it may be filled. */

struct finding {
    struct arena *arena;
    const struct policy_rows *rows;
    const struct award_open *open;
    uint16_t inputs[POLICY_INPUTS_MAX]; /* that count, and that any row states */
    size_t input_count;
    struct kinds kinds;
};

static uint64_t open_at(const struct award_open *open, size_t row)
{
    return open == NULL || open->masks == NULL ? 0 : open->masks[row];
}

/* What is open, as a column. */
static void code_open(struct arena *arena, const uint64_t *masks, size_t count,
                      struct kind_column *out)
{
    struct u64_map map;
    uint32_t *codes = arena_array(arena, uint32_t, count);
    u64_map_init(&map, arena);
    for (size_t r = 0; r < count; r++) {
        codes[r] = u64_map_find(&map, masks[r]);
        if (codes[r] != DICT_NONE) continue;
        codes[r] = map.count;
        u64_map_put(&map, masks[r], codes[r]);
    }
    *out = (struct kind_column){codes, sizeof *codes, NULL, map.count};
}

/* The value counts where it is known, and where words of a set are. */
static void find_kinds(struct finding *finding, size_t threads)
{
    struct arena scratch = {0};
    struct kind_column columns[POLICY_INPUTS_MAX + 1];
    const uint64_t *masks = finding->open == NULL ? NULL : finding->open->masks;
    size_t count = 0;
    for (size_t i = 0; i < finding->input_count; i++) {
        struct policy_column column;
        struct policy_codes codes;
        kinds_code(&scratch, finding->rows, finding->inputs[i], masks, &column, &codes);
        columns[count++] = (struct kind_column){codes.by_row, codes.width, NULL, codes.count};
    }
    if (masks != NULL) code_open(&scratch, masks, finding->rows->count, &columns[count++]);
    CHECK(kinds_find(finding->arena, columns, count, finding->rows->count, threads, SIZE_MAX,
                     &finding->kinds));
    arena_free(&scratch);
}

/* Rows that can be written to. */
struct table {
    struct policy_rows rows;
    uint8_t *states[POLICY_INPUTS_MAX];
    int64_t *values[POLICY_INPUTS_MAX];
};

static void table_make(struct arena *arena, const struct finding *finding, size_t count,
                       struct table *out)
{
    *out = (struct table){.rows = {.subject = finding->rows->subject, .count = count}};
    for (size_t i = 0; i < finding->input_count; i++) {
        uint16_t input = finding->inputs[i];
        out->states[input] = arena_array(arena, uint8_t, count);
        out->values[input] = arena_array(arena, int64_t, count);
        out->rows.columns[input] = (struct policy_column){out->states[input], out->values[input]};
    }
}

static void table_copy(const struct finding *finding, size_t from, struct table *table, size_t to)
{
    for (size_t i = 0; i < finding->input_count; i++) {
        uint16_t input = finding->inputs[i];
        size_t place = policy_place_in(finding->rows, input, from);
        table->states[input][to] = policy_state_of(finding->rows, input, from);
        table->values[input][to] = finding->rows->columns[input].values[place];
    }
}

/* In how many ways what is open of a kind may be filled; 0 when there are too many, or nothing is
 * open. */
static size_t completions_of(const struct award_open *open, uint64_t mask)
{
    size_t ways = 1;
    if (mask == 0) return 0;
    for (uint64_t rest = mask; rest != 0; rest &= rest - 1) {
        ways *= open->groups[__builtin_ctzll(rest)].option_count;
        if (ways > AWARD_COMPLETIONS_MAX) return 0;
    }
    return ways;
}

/* The nth way. */
static void complete(const struct award_open *open, uint64_t mask, size_t way, struct table *table,
                     size_t row)
{
    for (uint64_t rest = mask; rest != 0; rest &= rest - 1) {
        const struct award_group *group = &open->groups[__builtin_ctzll(rest)];
        table->values[group->input][row] |= group->options[way % group->option_count];
        table->states[group->input][row] = POLICY_KNOWN;
        way /= group->option_count;
    }
}

/* Where the decisions of each row begin. */
static size_t *firsts_of(struct arena *arena, const struct policy_decisions *decisions, size_t rows)
{
    size_t *firsts = arena_array(arena, size_t, rows + 1), at = 0;
    for (size_t row = 0; row < rows; row++) {
        firsts[row] = at;
        while (at < decisions->count && decisions->items[at].row == row) at++;
    }
    CHECK(at == decisions->count);
    firsts[rows] = at;
    return firsts;
}

static const struct policy_decision *find(const struct policy_decision *decisions,
                                          const size_t *firsts, size_t row, uint16_t scheme)
{
    for (size_t i = firsts[row]; i < firsts[row + 1]; i++) {
        if (decisions[i].scheme == scheme) return &decisions[i];
    }
    return NULL;
}

/* What all ways of filling what is open have in common. */
static void settle(struct policy_decision *decision, const struct policy_decision *ways,
                   const size_t *firsts, size_t first, size_t count)
{
    const struct policy_decision *one = find(ways, firsts, first, decision->scheme);
    uint64_t needs = 0;
    if (one == NULL) return;
    for (size_t way = first; way < first + count; way++) {
        const struct policy_decision *other = find(ways, firsts, way, decision->scheme);
        if (other == NULL || other->verdict != one->verdict) return;
        if (one->verdict == POLICY_ENTITLED && other->fen != one->fen) return;
        needs |= other->needs;
    }
    decision->verdict = one->verdict;
    decision->fen = one->fen;
    decision->needs = needs;
}

struct filling {
    const struct finding *found;
    const struct policy_program *program;
    struct policy_decision *decisions; /* by kind */
    const size_t *firsts;
    size_t threads;
};

/* Kinds from `first` on, as many as a table of bounded size takes; gives the next one. */
static size_t fill_some(const struct filling *filling, size_t first)
{
    enum { ROWS_AT_ONCE = 1 << 17 };
    const struct finding *found = filling->found;
    struct arena work = {0};
    struct policy_decisions ways;
    struct table table;
    size_t end = first, rows = 0, count = found->kinds.count;
    for (; end < count && rows < ROWS_AT_ONCE; end++) {
        rows += completions_of(found->open, open_at(found->open, found->kinds.rows[end]));
    }
    table_make(&work, found, rows, &table);
    size_t *starts = arena_array(&work, size_t, end - first + 1), at = 0;
    for (size_t kind = first; kind < end; kind++) {
        uint32_t row = found->kinds.rows[kind];
        uint64_t mask = open_at(found->open, row);
        starts[kind - first] = at;
        for (size_t way = completions_of(found->open, mask); way-- > 0; at++) {
            table_copy(found, row, &table, at);
            complete(found->open, mask, way, &table, at);
        }
    }
    starts[end - first] = at;
    policy_decide(&work, filling->program, &table.rows, filling->threads, &ways);
    const size_t *firsts = firsts_of(&work, &ways, rows);
    for (size_t kind = first; kind < end; kind++) {
        size_t from = starts[kind - first], ways_count = starts[kind - first + 1] - from;
        for (size_t i = filling->firsts[kind]; i < filling->firsts[kind + 1]; i++) {
            struct policy_decision *decision = &filling->decisions[i];
            if (decision->verdict != POLICY_UNKNOWN || ways_count == 0) continue;
            settle(decision, ways.items, firsts, from, ways_count);
        }
    }
    arena_free(&work);
    return end;
}

/* What no rule in force reads tells no kinds apart: each school has its code. */
static uint64_t inputs_that_count(const struct policy_program *program,
                                  const struct award_open *open)
{
    uint64_t counts = policy_reads(program);
    for (size_t g = 0; open != NULL && g < open->group_count; g++) {
        counts |= UINT64_C(1) << open->groups[g].input;
    }
    return counts;
}

void award_decide_kinds(struct arena *arena, const struct policy_program *program,
                        const struct policy_rows *rows, const struct award_open *open,
                        size_t threads, struct award_kinds *out)
{
    struct finding found = {.arena = arena, .rows = rows, .open = open};
    struct policy_decisions decisions;
    size_t *firsts;
    CHECK(open == NULL || open->group_count <= AWARD_GROUPS_MAX);
    uint64_t counts = inputs_that_count(program, open);
    for (uint16_t input = 0; input < POLICY_INPUTS_MAX; input++) {
        if (rows->columns[input].states == NULL || (counts >> input & 1) == 0) continue;
        found.inputs[found.input_count++] = input;
    }
    find_kinds(&found, threads);
    size_t count = found.kinds.count;
    policy_decide_listed(arena, program, rows, found.kinds.rows, count, threads, &decisions,
                         &firsts);
    *out = (struct award_kinds){.inputs = counts,
                                .kind_of = found.kinds.kind_of,
                                .rows = found.kinds.rows,
                                .count = count,
                                .firsts = firsts,
                                .decisions = decisions.items};
    struct filling filling = {&found, program, out->decisions, out->firsts, threads};
    for (size_t kind = 0; open != NULL && kind < count;) kind = fill_some(&filling, kind);
}

void award_decide(struct arena *arena, const struct policy_program *program,
                  const struct policy_rows *rows, const struct award_open *open, size_t threads,
                  struct policy_decisions *out)
{
    struct award_kinds kinds;
    size_t count = 0;
    award_decide_kinds(arena, program, rows, open, threads, &kinds);
    for (size_t row = 0; row < rows->count; row++) {
        uint32_t kind = kinds.kind_of[row];
        count += kinds.firsts[kind + 1] - kinds.firsts[kind];
    }
    *out = (struct policy_decisions){arena_array(arena, struct policy_decision, count), 0};
    for (size_t row = 0; row < rows->count; row++) {
        uint32_t kind = kinds.kind_of[row];
        for (size_t i = kinds.firsts[kind]; i < kinds.firsts[kind + 1]; i++) {
            out->items[out->count] = kinds.decisions[i];
            out->items[out->count++].row = (uint32_t)row;
        }
    }
}

const struct policy_decision *award_of(const struct award_kinds *kinds, size_t row, uint16_t scheme)
{
    return find(kinds->decisions, kinds->firsts, kinds->kind_of[row], scheme);
}
