#include "verifying/rotation_world.h"

/* Whom would who rather be: each teacher looks, in the own order, for a post that is better than
 * the one in hand and stands for somebody who is not set aside. Who finds none is set aside. */

/* What a post stands for: whom the result gives it to, who came with it, or, when empty posts are
 * looked for, itself as long as nobody holds it. */
enum stands { HOLDERS, OWNERS, EMPTY };

struct looking {
    struct swap_world *world;
    enum stands stands;
    struct arena scratch;
    bool *aside;       /* by teacher */
    uint32_t *at;      /* by teacher: wishes before it stand for nobody */
    uint32_t **cursor; /* by teacher, stage and subject: so do places before it, or they are of
                          the own school */
    uint32_t **next;   /* by group and place: the next place that stands for somebody, or itself */
    uint32_t *sees;    /* by teacher: whom it would rather be */
    uint32_t *post_seen;               /* and by which post */
    uint32_t *watcher, *watcher_after; /* by teacher: the first who sees it, and by that the next */
    uint32_t *idle;                    /* set aside, but those who see them do not know yet */
    size_t idle_count;
};

static uint32_t stands_for(const struct looking *looking, uint32_t post)
{
    const struct swap_post *at = &looking->world->posts[post];
    return looking->stands == OWNERS ? at->owner : at->holder;
}

static bool is_open(const struct looking *looking, uint32_t post)
{
    uint32_t who = stands_for(looking, post);
    if (looking->stands == EMPTY) return who == VERIFY_NONE;
    return who != VERIFY_NONE && !looking->aside[who];
}

static uint32_t open_place(uint32_t *next, uint32_t place)
{
    uint32_t end = place;
    while (next[end] != end) end = next[end];
    while (next[place] != end) {
        uint32_t after = next[place];
        next[place] = end;
        place = after;
    }
    return end;
}

/* The first open post of a group for one who must move, and which is better than `limit`. */
static uint32_t first_open(struct looking *looking, uint32_t teacher, uint32_t group,
                           uint32_t *cursor, uint32_t limit)
{
    const struct swap_world *world = looking->world;
    const struct swap_post *own = &world->posts[world->teachers[teacher].own];
    for (;; ++*cursor) {
        *cursor = open_place(looking->next[group], *cursor);
        if (*cursor == world->groups[group].count) return VERIFY_NONE;
        uint32_t post = world->groups[group].posts[*cursor];
        if (post >= limit) return VERIFY_NONE;
        if (!swap_same_school(&world->posts[post], own)) return post;
    }
}

static uint32_t duty_post(struct looking *looking, uint32_t teacher, uint64_t rank)
{
    const struct swap_world *world = looking->world;
    const struct swap_teacher *who = &world->teachers[teacher];
    uint32_t limit = rank >= RANK_OWN ? VERIFY_NONE : (uint32_t)(rank - RANK_DUTY);
    uint32_t county = world->posts[who->own].county, best = VERIFY_NONE;
    for (uint32_t s = 0; s < who->stage_count; s++) {
        for (uint32_t j = 0; j < who->subject_count; j++) {
            uint32_t group = swap_group_of(world, county, who->stages[s], who->subjects[j]);
            if (group == DICT_NONE) continue;
            uint32_t *cursor = &looking->cursor[teacher][s * who->subject_count + j];
            uint32_t post = first_open(looking, teacher, group, cursor, limit);
            if (post < best) best = post;
        }
    }
    return best;
}

/* The best open post that is better than the one in hand; VERIFY_NONE. */
static uint32_t better_post(struct looking *looking, uint32_t teacher)
{
    const struct swap_world *world = looking->world;
    const struct swap_teacher *who = &world->teachers[teacher];
    uint64_t rank = swap_rank(world, teacher, who->got);
    uint32_t *at = &looking->at[teacher];
    for (; *at < who->wish_count && *at < rank; ++*at) {
        const struct swap_wish *wish = &who->wishes[*at];
        if (wish->usable && is_open(looking, wish->post)) return wish->post;
    }
    if (who->must_move && rank >= RANK_DUTY) {
        uint32_t post = duty_post(looking, teacher, rank);
        if (post != VERIFY_NONE) return post;
    }
    return rank > RANK_OWN && is_open(looking, who->own) ? who->own : VERIFY_NONE;
}

static void set_aside(struct looking *looking, uint32_t teacher)
{
    const struct swap_world *world = looking->world;
    const struct swap_teacher *who = &world->teachers[teacher];
    uint32_t post = looking->stands == OWNERS ? who->own : who->got;
    looking->aside[teacher] = true;
    looking->idle[looking->idle_count++] = teacher;
    if (post == VERIFY_NONE) return;
    uint32_t *next = looking->next[world->posts[post].group];
    next[world->posts[post].place] = world->posts[post].place + 1;
}

static void look(struct looking *looking, uint32_t teacher)
{
    uint32_t post = better_post(looking, teacher);
    if (post == VERIFY_NONE) {
        set_aside(looking, teacher);
        return;
    }
    uint32_t seen = stands_for(looking, post);
    looking->sees[teacher] = seen;
    looking->post_seen[teacher] = post;
    looking->watcher_after[teacher] = looking->watcher[seen];
    looking->watcher[seen] = teacher;
}

/* Lets those look again who saw one that was set aside, until nobody has to. */
static void tell_watchers(struct looking *looking)
{
    for (size_t i = 0; i < looking->idle_count; i++) {
        uint32_t watcher = looking->watcher[looking->idle[i]];
        while (watcher != VERIFY_NONE) {
            uint32_t after = looking->watcher_after[watcher];
            if (!looking->aside[watcher]) look(looking, watcher);
            watcher = after;
        }
    }
    looking->idle_count = 0;
}

static void begin(struct looking *looking)
{
    const struct swap_world *world = looking->world;
    struct arena *scratch = &looking->scratch;
    size_t count = world->teacher_count;
    looking->aside = arena_array(scratch, bool, count);
    looking->at = arena_array(scratch, uint32_t, count);
    looking->sees = arena_array(scratch, uint32_t, count);
    looking->post_seen = arena_array(scratch, uint32_t, count);
    looking->watcher = arena_array(scratch, uint32_t, count);
    looking->watcher_after = arena_array(scratch, uint32_t, count);
    looking->idle = arena_array(scratch, uint32_t, count);
    looking->next = arena_array(scratch, uint32_t *, world->group_count);
    looking->cursor = arena_array(scratch, uint32_t *, count);
    for (size_t t = 0; t < count; t++) {
        const struct swap_teacher *who = &world->teachers[t];
        size_t kinds = who->must_move ? (size_t)who->stage_count * who->subject_count : 0;
        looking->cursor[t] = arena_array(scratch, uint32_t, kinds);
        looking->watcher[t] = VERIFY_NONE;
    }
    for (size_t g = 0; g < world->group_count; g++) {
        const struct swap_group *group = &world->groups[g];
        looking->next[g] = arena_array(scratch, uint32_t, (size_t)group->count + 1);
        for (uint32_t p = 0; p < group->count; p++) {
            looking->next[g][p] = is_open(looking, group->posts[p]) ? p : p + 1;
        }
        looking->next[g][group->count] = group->count;
    }
}

/* One who sees the next, who sees the next …: who comes twice is on a cycle. It is set aside. */
static void note_cycle(struct looking *looking, uint32_t start)
{
    enum { SHOWN_MAX = 12 };
    struct swap_world *world = looking->world;
    struct text zh, en;
    uint32_t slow = start, fast = start, length = 0;
    do {
        slow = looking->sees[slow];
        fast = looking->sees[looking->sees[fast]];
    } while (slow != fast);
    uint32_t first = slow;
    for (uint32_t t = looking->sees[slow]; t != slow; t = looking->sees[t]) {
        if (t < first) first = t;
    }
    text_init(&zh, world->arena, 1 << 20);
    text_init(&en, world->arena, 1 << 20);
    uint32_t teacher = first;
    do {
        struct str number = world->teachers[teacher].number;
        struct str code = world->posts[looking->post_seen[teacher]].code;
        if (length++ < SHOWN_MAX) {
            if (length > 1) text_add_c(&zh, "、");
            if (length > 1) text_add_c(&en, ", ");
            text_add_f(&zh, "%.*s 改到 %.*s", STR_ARG(number), STR_ARG(code));
            text_add_f(&en, "%.*s to %.*s", STR_ARG(number), STR_ARG(code));
        }
        set_aside(looking, teacher);
        teacher = looking->sees[teacher];
    } while (teacher != first);
    if (length > SHOWN_MAX) {
        text_add_f(&zh, "等共 %u 人", length);
        text_add_f(&en, " and others, %u in all", length);
    }
    const struct swap_teacher *who = &world->teachers[first];
    swap_note(world, looking->stands == OWNERS ? ROTATION_BLOCKING_GROUP : ROTATION_IMPROVING_CYCLE,
              who->number, world->posts[who->got].code, 0,
              (struct verify_words){str_cstr(world->arena, text_str(&zh)),
                                    str_cstr(world->arena, text_str(&en))});
}

void swap_find_cycles(struct swap_world *world, bool came_with)
{
    struct looking looking = {.world = world, .stands = came_with ? OWNERS : HOLDERS};
    begin(&looking);
    for (size_t t = 0; t < world->teacher_count; t++) {
        if (world->teachers[t].got == VERIFY_NONE) set_aside(&looking, (uint32_t)t);
    }
    for (size_t t = 0; t < world->teacher_count; t++) {
        if (!looking.aside[t]) look(&looking, (uint32_t)t);
    }
    tell_watchers(&looking);
    for (size_t t = 0; t < world->teacher_count; t++) {
        while (!looking.aside[t]) {
            note_cycle(&looking, (uint32_t)t);
            tell_watchers(&looking);
        }
    }
    arena_free(&looking.scratch);
}

void swap_find_empty(struct swap_world *world)
{
    struct looking looking = {.world = world, .stands = EMPTY};
    begin(&looking);
    for (size_t t = 0; t < world->teacher_count; t++) {
        const struct swap_teacher *who = &world->teachers[t];
        uint32_t better =
            who->got == VERIFY_NONE ? VERIFY_NONE : better_post(&looking, (uint32_t)t);
        if (better == VERIFY_NONE) continue;
        swap_note(world, ROTATION_EMPTY_PASSED_OVER, who->number, world->posts[who->got].code, 0,
                  verify_say(world->arena, "岗位 %.*s 空着", "post %.*s stays empty",
                             STR_ARG(world->posts[better].code)));
    }
    arena_free(&looking.scratch);
}
