#include "base/testing.h"

#include "base/rng.h"
#include "placing/rotate.h"

/* Small exchanges, held against every other way to place everybody. */

enum { TEACHERS_MAX = 5, POSTS_MAX = 6, INSTANCES = 3000, LIES = 8 };

struct world {
    struct arena arena;
    struct rotate rotate;
    struct rotate_wish wishes[TEACHERS_MAX][POSTS_MAX];
    struct str stages[TEACHERS_MAX], subjects[TEACHERS_MAX];
};

static void draw_wishes(struct world *world, struct rng *rng, uint32_t t)
{
    uint32_t posts = (uint32_t)world->rotate.post_count, order[POSTS_MAX], n = 0;
    for (uint32_t p = 0; p < posts; p++) {
        uint32_t at = rng_below(rng, p + 1);
        order[p] = order[at];
        order[at] = p;
    }
    uint32_t wanted = rng_below(rng, posts + 1);
    for (; n < wanted; n++) world->wishes[t][n] = (struct rotate_wish){.post = order[n]};
    world->rotate.teachers[t].wishes = world->wishes[t];
    world->rotate.teachers[t].wish_count = n;
}

static void draw(struct world *world, struct rng *rng)
{
    static const char *const codes[] = {"a", "b", "c", "d", "e", "f"};
    struct rotate *rotate = &world->rotate;
    uint32_t teachers = 1 + rng_below(rng, TEACHERS_MAX);
    uint32_t posts = teachers + rng_below(rng, (uint32_t)POSTS_MAX - teachers + 1);
    rotate->posts = arena_array(&world->arena, struct rotate_post, posts);
    rotate->teachers = arena_array(&world->arena, struct rotate_teacher, teachers);
    rotate->post_count = posts;
    rotate->teacher_count = teachers;
    for (uint32_t p = 0; p < posts; p++) {
        rotate->posts[p] =
            (struct rotate_post){.code = str_from(codes[p]),
                                 .school = str_from(codes[rng_below(rng, 3)]),
                                 .stage = STR("primary"),
                                 .subject = rng_below(rng, 4) == 0 ? STR("art") : STR("maths"),
                                 .owner = p < teachers ? p : ROTATE_NONE};
    }
    for (uint32_t t = 0; t < teachers; t++) {
        rotate->teachers[t] = (struct rotate_teacher){.number = str_from(codes[t]),
                                                      .post = t,
                                                      .must_move = rng_below(rng, 3) == 0,
                                                      .points = rng_below(rng, 3)};
        world->stages[t] = STR("primary");
        world->subjects[t] = rng_below(rng, 3) == 0 ? STR("maths;art") : STR("maths");
        draw_wishes(world, rng, t);
    }
}

static void trade(struct world *world)
{
    rotate_prepare(&world->arena, &world->rotate, world->stages, world->subjects);
    rotate_trade(&world->arena, &world->rotate);
}

/* Every teacher's order, written out: lower is better, above the own post is never. */
static void orders_of(const struct world *world, uint32_t ranks[TEACHERS_MAX][POSTS_MAX])
{
    const struct rotate *rotate = &world->rotate;
    for (uint32_t t = 0; t < rotate->teacher_count; t++) {
        const struct rotate_teacher *who = &rotate->teachers[t];
        struct str school = rotate->posts[who->post].school;
        for (uint32_t p = 0; p < rotate->post_count; p++) {
            const struct rotate_post *post = &rotate->posts[p];
            bool fits = str_is(post->subject, "maths") || str_is(world->subjects[t], "maths;art");
            bool away = !str_equal(post->school, school), behind = false;
            ranks[t][p] = fits && away && who->must_move ? 10 + p : 99;
            for (uint32_t w = 0; w < who->wish_count; w++) {
                behind = behind || who->wishes[w].post == who->post;
                if (who->wishes[w].post != p || !fits || (who->must_move && !away)) continue;
                if (who->must_move || !behind) ranks[t][p] = w;
            }
            if (p == who->post) ranks[t][p] = 50;
        }
    }
}

/* Whether any placing from `t` on is better for somebody and worse for nobody. */
static bool dominated(const struct rotate *rotate, uint32_t ranks[TEACHERS_MAX][POSTS_MAX],
                      uint32_t t, uint32_t taken, bool better)
{
    if (t == rotate->teacher_count) return better;
    uint32_t had = ranks[t][rotate->teachers[t].placed];
    for (uint32_t p = 0; p < rotate->post_count; p++) {
        if ((taken >> p & 1) != 0 || ranks[t][p] > had) continue;
        if (dominated(rotate, ranks, t + 1, taken | 1u << p, better || ranks[t][p] < had)) {
            return true;
        }
    }
    return false;
}

/* Whether some can trade the posts they came with and each be better off: `posts` of those who take
 * part, `taken` of those given out. */
static bool blocked(const struct rotate *rotate, uint32_t ranks[TEACHERS_MAX][POSTS_MAX],
                    uint32_t t, uint32_t posts, uint32_t taken)
{
    if (t == rotate->teacher_count) return posts != 0 && posts == taken;
    if (blocked(rotate, ranks, t + 1, posts, taken)) return true;
    uint32_t had = ranks[t][rotate->teachers[t].placed];
    for (uint32_t p = 0; p < rotate->teacher_count; p++) {
        if ((taken >> p & 1) != 0 || ranks[t][p] >= had) continue;
        if (blocked(rotate, ranks, t + 1, posts | 1u << t, taken | 1u << p)) return true;
    }
    return false;
}

static void no_other_placing_is_better(void **state)
{
    (void)state;
    struct rng rng = rng_seed(20201125);
    uint64_t moved = 0;
    for (int i = 0; i < INSTANCES; i++) {
        struct world world = {0};
        uint32_t ranks[TEACHERS_MAX][POSTS_MAX], taken = 0, had[TEACHERS_MAX];
        draw(&world, &rng);
        trade(&world);
        orders_of(&world, ranks);
        const struct rotate *rotate = &world.rotate;
        for (uint32_t t = 0; t < rotate->teacher_count; t++) {
            uint32_t placed = rotate->teachers[t].placed;
            assert_true((taken >> placed & 1) == 0);
            taken |= 1u << placed;
            had[t] = ranks[t][placed];
            assert_true(had[t] <= 50);
            moved += placed != t;
        }
        assert_false(dominated(rotate, ranks, 0, 0, false));
        assert_false(blocked(rotate, ranks, 0, 0, 0));
        uint32_t liar = rng_below(&rng, (uint32_t)rotate->teacher_count);
        for (int lie = 0; lie < LIES; lie++) {
            draw_wishes(&world, &rng, liar);
            trade(&world);
            assert_true(ranks[liar][rotate->teachers[liar].placed] >= had[liar]);
        }
        arena_free(&world.arena);
    }
    assert_true(moved > INSTANCES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(no_other_placing_is_better)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
