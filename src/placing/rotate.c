#include "placing/rotate.h"

#include <stdlib.h>

/* The posts of a kind from `place` on that nobody has: a path that is halved as it is walked. */
static uint32_t next_free(uint32_t *next, uint32_t place)
{
    while (next[place] != place) {
        next[place] = next[next[place]];
        place = next[place];
    }
    return place;
}

struct trading {
    struct rotate *rotate;
    uint32_t *wish;     /* by teacher: those before it are gone or not usable */
    uint32_t **next;    /* by kind: see next_free; one more than it has posts */
    uint32_t **cursor;  /* by teacher, by own kind: posts before it are gone or of the own school */
    uint32_t *waiting;  /* teachers, each of whom wants the own post of the next */
    uint32_t *depth_of; /* by teacher: its place in `waiting` and one; 0: not there */
    uint32_t depth;
    size_t steps;
};

static bool gone(const struct rotate *rotate, uint32_t post)
{
    return rotate->posts[post].cycle != 0;
}

/* The first post of a kind that is left and not of the teacher's own school. */
static uint32_t first_of_kind(struct trading *trading, uint32_t teacher, uint32_t number)
{
    const struct rotate *rotate = trading->rotate;
    const struct rotate_teacher *who = &rotate->teachers[teacher];
    const struct rotate_kind *kind = &rotate->kinds[who->kinds[number]];
    uint32_t *cursor = &trading->cursor[teacher][number];
    for (;;) {
        *cursor = next_free(trading->next[who->kinds[number]], *cursor);
        if (*cursor == kind->count) return ROTATE_NONE;
        uint32_t post = kind->posts[*cursor];
        if (rotate->posts[post].site != rotate->posts[who->post].site) return post;
        ++*cursor;
    }
}

/* What the teacher likes best of what is left; the own post is always left to who is not placed. */
static uint32_t best_left(struct trading *trading, uint32_t teacher)
{
    const struct rotate *rotate = trading->rotate;
    const struct rotate_teacher *who = &rotate->teachers[teacher];
    uint32_t *wish = &trading->wish[teacher], best = ROTATE_NONE;
    for (; *wish < who->wish_count; ++*wish) {
        const struct rotate_wish *own = &who->wishes[*wish];
        if (own->bar == ROTATE_USABLE && !gone(rotate, own->post)) return own->post;
    }
    if (!who->must_move) return who->post;
    for (uint32_t k = 0; k < who->kind_count; k++) {
        uint32_t post = first_of_kind(trading, teacher, k);
        if (post < best) best = post;
    }
    return best == ROTATE_NONE ? who->post : best;
}

static void give(struct trading *trading, uint32_t teacher, uint32_t number, bool chain)
{
    struct rotate *rotate = trading->rotate;
    struct rotate_teacher *who = &rotate->teachers[teacher];
    struct rotate_post *post = &rotate->posts[number];
    CHECK(post->cycle == 0);
    bool by_wish = trading->wish[teacher] < who->wish_count;
    who->placed = number;
    who->choice = by_wish ? trading->wish[teacher] + 1 : 0;
    who->cycle = post->cycle = rotate->cycle_count;
    trading->next[post->kind][post->place] = post->place + 1;
    trading->depth_of[teacher] = 0;
    rotate->steps[trading->steps++] = (struct rotate_step){rotate->cycle_count, teacher, chain};
}

/* Those waiting from `from` on trade: each gets the own post of the next, the last gets `post`. */
static void settle(struct trading *trading, uint32_t from, uint32_t post, bool chain)
{
    struct rotate *rotate = trading->rotate;
    rotate->cycle_count++;
    for (uint32_t d = from; d < trading->depth; d++) {
        bool last = d + 1 == trading->depth;
        give(trading, trading->waiting[d],
             last ? post : rotate->teachers[trading->waiting[d + 1]].post, chain);
    }
    trading->depth = from;
}

/* Lets a teacher ask, then whoever holds what was asked for, until this one has a post. */
static void take_turn(struct trading *trading, uint32_t teacher)
{
    const struct rotate *rotate = trading->rotate;
    uint32_t asks = teacher;
    for (;;) {
        if (trading->depth_of[asks] == 0) {
            trading->waiting[trading->depth++] = asks;
            trading->depth_of[asks] = trading->depth;
        }
        uint32_t post = best_left(trading, asks), owner = rotate->posts[post].owner;
        if (owner == ROTATE_NONE || rotate->teachers[owner].cycle != 0) {
            settle(trading, 0, post, true);
        } else if (trading->depth_of[owner] != 0) {
            settle(trading, trading->depth_of[owner] - 1, post, false);
        } else {
            asks = owner;
            continue;
        }
        if (trading->depth == 0) return;
        asks = trading->waiting[trading->depth - 1];
    }
}

struct turn {
    bool must_move;
    int64_t points;
    uint32_t teacher; /* numbers of teachers are in the order of their texts */
};

static int compare_turns(const void *a, const void *b)
{
    const struct turn *x = a, *y = b;
    if (x->must_move != y->must_move) return x->must_move ? -1 : 1;
    if (x->points != y->points) return x->points > y->points ? -1 : 1;
    return (x->teacher > y->teacher) - (x->teacher < y->teacher);
}

static void begin(struct trading *trading, struct arena *scratch, struct rotate *rotate)
{
    size_t count = rotate->teacher_count;
    *trading = (struct trading){
        .rotate = rotate,
        .wish = arena_array(scratch, uint32_t, count),
        .next = arena_array(scratch, uint32_t *, rotate->kind_count),
        .cursor = arena_array(scratch, uint32_t *, count),
        .waiting = arena_array(scratch, uint32_t, count),
        .depth_of = arena_array(scratch, uint32_t, count),
    };
    for (size_t k = 0; k < rotate->kind_count; k++) {
        trading->next[k] = arena_array(scratch, uint32_t, (size_t)rotate->kinds[k].count + 1);
        for (uint32_t p = 0; p <= rotate->kinds[k].count; p++) trading->next[k][p] = p;
    }
    for (size_t t = 0; t < count; t++) {
        trading->cursor[t] = arena_array(scratch, uint32_t, rotate->teachers[t].kind_count);
        rotate->teachers[t].cycle = 0;
    }
    for (size_t p = 0; p < rotate->post_count; p++) rotate->posts[p].cycle = 0;
    rotate->cycle_count = 0;
}

void rotate_trade(struct arena *arena, struct rotate *rotate)
{
    struct arena scratch = {0};
    struct trading trading;
    size_t count = rotate->teacher_count;
    struct turn *turns = arena_array(&scratch, struct turn, count);
    rotate->steps = arena_array(arena, struct rotate_step, count);
    begin(&trading, &scratch, rotate);
    for (size_t t = 0; t < count; t++) {
        const struct rotate_teacher *who = &rotate->teachers[t];
        turns[t] = (struct turn){who->must_move, who->points, (uint32_t)t};
    }
    if (count > 0) qsort(turns, count, sizeof *turns, compare_turns);
    for (size_t i = 0; i < count; i++) {
        if (rotate->teachers[turns[i].teacher].cycle == 0) take_turn(&trading, turns[i].teacher);
    }
    CHECK(trading.steps == count);
    arena_free(&scratch);
}

enum rotate_reason rotate_reason_of(const struct rotate *rotate, uint32_t teacher)
{
    const struct rotate_teacher *who = &rotate->teachers[teacher];
    if (who->choice > 0) return ROTATE_BY_WISH;
    if (who->must_move) {
        return who->placed == who->post ? ROTATE_DUTY_UNMET : ROTATE_BY_DUTY;
    }
    for (uint32_t w = 0; w < who->wish_count; w++) {
        if (who->wishes[w].bar == ROTATE_USABLE) return ROTATE_KEPT;
    }
    return ROTATE_NO_WISH;
}

enum rotate_outcome rotate_outcome_of(const struct rotate *rotate, uint32_t teacher, uint32_t wish)
{
    const struct rotate_teacher *who = &rotate->teachers[teacher];
    CHECK(wish < who->wish_count);
    switch (who->wishes[wish].bar) {
    case ROTATE_UNQUALIFIED: return ROTATE_OUT_UNQUALIFIED;
    case ROTATE_OWN_SCHOOL: return ROTATE_OUT_OWN_SCHOOL;
    case ROTATE_BEHIND_OWN: return ROTATE_OUT_BEHIND_OWN;
    case ROTATE_USABLE: break;
    }
    if (who->choice == wish + 1) return ROTATE_GOT;
    return who->choice != 0 && who->choice < wish + 1 ? ROTATE_NOT_REACHED : ROTATE_GONE;
}

struct words {
    const char *key, *zh, *en;
};

static const struct words reasons[] = {
    [ROTATE_BY_WISH] = {"wish", "按志愿交流", "moved by wish"},
    [ROTATE_BY_DUTY] = {"duty", "应交流，志愿均未满足，按岗位代码安排",
                        "must move; no wish could be had: the first post by code"},
    [ROTATE_KEPT] = {"kept", "志愿岗位都已由他人取得，保留原岗",
                     "what was wished went to others: keeps the own post"},
    [ROTATE_NO_WISH] = {"no_wish", "没有可用的志愿，保留原岗",
                        "no usable wish: keeps the own post"},
    [ROTATE_DUTY_UNMET] = {"duty_unmet", "应交流，但没有外校岗位可以安排",
                           "must move, and no post of another school could be had"},
};

static const struct words outcomes[] = {
    [ROTATE_GOT] = {"got", "取得", "got"},
    [ROTATE_GONE] = {"gone", "在更早的一轮已由他人取得或保留",
                     "taken or kept by another in an earlier cycle"},
    [ROTATE_OUT_UNQUALIFIED] = {"unqualified", "学段或学科不符",
                                "not qualified for its stage or subject"},
    [ROTATE_OUT_OWN_SCHOOL] = {"own_school", "应交流，不能留在本校",
                               "must move: not in the own school"},
    [ROTATE_OUT_BEHIND_OWN] = {"behind_own", "排在原岗之后", "it stands behind the own post"},
    [ROTATE_NOT_REACHED] = {"not_reached", "靠前的志愿已满足", "an earlier wish was fulfilled"},
};

const char *rotate_reason_key(enum rotate_reason reason)
{
    CHECK(reason <= ROTATE_DUTY_UNMET);
    return reasons[reason].key;
}

const char *rotate_reason_text(enum rotate_reason reason, enum lang lang)
{
    CHECK(reason <= ROTATE_DUTY_UNMET);
    return lang == LANG_ZH ? reasons[reason].zh : reasons[reason].en;
}

const char *rotate_outcome_key(enum rotate_outcome outcome)
{
    CHECK(outcome <= ROTATE_NOT_REACHED);
    return outcomes[outcome].key;
}

const char *rotate_outcome_text(enum rotate_outcome outcome, enum lang lang)
{
    CHECK(outcome <= ROTATE_NOT_REACHED);
    return lang == LANG_ZH ? outcomes[outcome].zh : outcomes[outcome].en;
}
