#include "link/assign.h"

#include "base/rng.h"
#include "base/testing.h"

#include <stdlib.h>

/* Assignments against all that there are, one by one, on small graphs. */

enum { ENDS_MAX = 5, EDGES_MAX = ENDS_MAX * ENDS_MAX };

/* All assignments: the largest sum, and of those that reach it how many, and how many have each
 * edge. */
struct naive {
    int64_t best;
    uint64_t bests, with[EDGES_MAX];
};

static void try_all(const struct assign_edge *edges, size_t count, size_t at, int64_t sum,
                    bool *taken, struct naive *naive)
{
    if (at == count) {
        if (sum < naive->best) return;
        if (sum > naive->best) *naive = (struct naive){.best = sum};
        naive->bests++;
        for (size_t e = 0; e < count; e++) naive->with[e] += taken[e];
        return;
    }
    try_all(edges, count, at + 1, sum, taken, naive);
    for (size_t e = 0; e < at; e++) {
        bool meets = edges[e].left == edges[at].left || edges[e].right == edges[at].right;
        if (taken[e] && meets) return;
    }
    taken[at] = true;
    try_all(edges, count, at + 1, sum + edges[at].gain, taken, naive);
    taken[at] = false;
}

/* A graph of few ends and few different gains, so that equal sums are common. */
static size_t draw(struct rng *rng, struct assign_edge *edges, uint32_t lefts, uint32_t rights)
{
    size_t count = 0;
    uint32_t gains = 1 + rng_below(rng, 9), chance = 200000 + rng_below(rng, 800001);
    for (uint32_t i = 0; i < lefts; i++) {
        for (uint32_t j = 0; j < rights; j++) {
            if (count == 14 || !rng_chance_ppm(rng, chance)) continue;
            edges[count++] = (struct assign_edge){
                .left = i, .right = j, .gain = 1 + (int32_t)rng_below(rng, gains)};
        }
    }
    return count;
}

static void test_against_all(void **state)
{
    (void)state;
    struct rng rng = rng_seed(1);
    size_t tied = 0, chosen = 0;
    for (int round = 0; round < 4000; round++) {
        struct assign_edge edges[EDGES_MAX];
        uint32_t lefts = 1 + rng_below(&rng, ENDS_MAX), rights = 1 + rng_below(&rng, ENDS_MAX);
        size_t count = draw(&rng, edges, lefts, rights);
        struct naive naive = {.best = -1};
        bool taken[EDGES_MAX] = {false};
        struct arena arena = {0};
        try_all(edges, count, 0, 0, taken, &naive);
        assign_solve(&arena, edges, count, lefts, rights, ASSIGN_WORK_MAX);
        for (size_t e = 0; e < count; e++) {
            bool always = naive.with[e] == naive.bests, sometimes = naive.with[e] > 0;
            assert_int_equal(edges[e].chosen, always);
            assert_int_equal(edges[e].tied, sometimes && !always);
            chosen += edges[e].chosen;
            tied += edges[e].tied;
        }
        arena_free(&arena);
    }
    assert_true(chosen > 4000);
    assert_true(tied > 4000);
}

/* The best first is not the best: 9 + 1 against 8 + 8. */
static void test_greedy_is_worse(void **state)
{
    (void)state;
    struct assign_edge edges[] = {{.gain = 9},
                                  {.right = 1, .gain = 8},
                                  {.left = 1, .gain = 8},
                                  {.left = 1, .right = 1, .gain = 1}};
    struct arena arena = {0};
    assign_solve(&arena, edges, 4, 2, 2, ASSIGN_WORK_MAX);
    assert_false(edges[0].chosen);
    assert_true(edges[1].chosen);
    assert_true(edges[2].chosen);
    assert_false(edges[3].chosen);
    assert_false(edges[0].tied);
    /* Too much work: taken in turn. */
    assign_solve(&arena, edges, 4, 2, 2, 7);
    assert_true(edges[0].chosen && edges[0].greedy);
    assert_false(edges[1].chosen || edges[2].chosen);
    assert_true(edges[3].chosen && edges[3].greedy);
    arena_free(&arena);
}

/* What is chosen in a large graph, with ends renamed and edges in another order: the same. */
static void test_renamed(void **state)
{
    (void)state;
    enum { ENDS = 400, EDGES = 3000 };
    struct rng rng = rng_seed(7);
    struct arena arena = {0};
    struct assign_edge *one = arena_array(&arena, struct assign_edge, EDGES);
    struct assign_edge *two = arena_array(&arena, struct assign_edge, EDGES);
    uint32_t names[ENDS];
    for (uint32_t i = 0; i < ENDS; i++) {
        uint32_t j = rng_below(&rng, i + 1);
        names[i] = names[j];
        names[j] = i;
    }
    for (uint32_t e = 0; e < EDGES; e++) {
        /* Steps of two coprime lengths: no pair of ends comes twice. */
        uint32_t left = e % ENDS, right = (e * 7 + e / ENDS) % ENDS;
        one[e] = (struct assign_edge){
            .left = left, .right = right, .gain = 1 + (int32_t)rng_below(&rng, 12)};
        two[EDGES - 1 - e] = (struct assign_edge){
            .left = names[left], .right = names[ENDS - 1 - right], .gain = one[e].gain};
    }
    assign_solve(&arena, one, EDGES, ENDS, ENDS, ASSIGN_WORK_MAX);
    assign_solve(&arena, two, EDGES, ENDS, ENDS, ASSIGN_WORK_MAX);
    size_t chosen = 0;
    for (uint32_t e = 0; e < EDGES; e++) {
        assert_int_equal(one[e].chosen, two[EDGES - 1 - e].chosen);
        assert_int_equal(one[e].tied, two[EDGES - 1 - e].tied);
        chosen += one[e].chosen;
    }
    assert_true(chosen > 50);
    arena_free(&arena);
}

static void test_nothing(void **state)
{
    (void)state;
    struct arena arena = {0};
    assign_solve(&arena, NULL, 0, 0, 0, 0);
    assign_solve(&arena, NULL, 0, 3, 2, 0);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_all),
        cmocka_unit_test(test_greedy_is_worse),
        cmocka_unit_test(test_renamed),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
