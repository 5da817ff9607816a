#include "verifying/rotation_world.h"

#include <stdlib.h>

bool swap_qualified(const struct swap_teacher *teacher, const struct swap_post *post)
{
    bool stage = false, subject = false;
    for (uint32_t s = 0; s < teacher->stage_count; s++) {
        stage = stage || teacher->stages[s] == post->stage;
    }
    for (uint32_t s = 0; s < teacher->subject_count; s++) {
        subject = subject || teacher->subjects[s] == post->subject;
    }
    return stage && subject;
}

bool swap_same_school(const struct swap_post *a, const struct swap_post *b)
{
    return a->county == b->county && a->school == b->school;
}

uint64_t swap_rank(const struct swap_world *world, uint32_t teacher, uint32_t post)
{
    const struct swap_teacher *who = &world->teachers[teacher];
    const struct swap_post *at = &world->posts[post], *own = &world->posts[who->own];
    if (post == who->own) return RANK_OWN;
    for (uint32_t w = 0; w < who->wish_count; w++) {
        if (who->wishes[w].post == post && who->wishes[w].usable) return w;
    }
    bool duty = who->must_move && at->county == own->county && !swap_same_school(at, own)
                && swap_qualified(who, at);
    return duty ? (uint64_t)RANK_DUTY + post : RANK_NEVER;
}

void swap_note(struct swap_world *world, enum rotation_code code, struct str teacher,
               struct str post, uint64_t line, struct verify_words words)
{
    *list_push(world->arena, &world->violations) =
        (struct rotation_violation){code, teacher, post, words.zh, words.en, line};
}

/* Whether each has a post, and one that may be. */
static void look_at_each(struct swap_world *world)
{
    struct verify_words none = {"", ""};
    for (size_t t = 0; t < world->teacher_count; t++) {
        const struct swap_teacher *who = &world->teachers[t];
        if (!who->placed) {
            swap_note(world, ROTATION_MISSING, who->number, STR_EMPTY, 0, none);
        }
        if (who->got == VERIFY_NONE) continue;
        if (swap_rank(world, (uint32_t)t, who->got) != RANK_NEVER) continue;
        const struct swap_post *got = &world->posts[who->got], *own = &world->posts[who->own];
        enum rotation_code code = ROTATION_NOT_WISHED;
        for (uint32_t w = 0; w < who->wish_count; w++) {
            if (who->wishes[w].post == who->got) code = ROTATION_WORSE_THAN_OWN;
        }
        if (who->must_move && swap_same_school(got, own)) code = ROTATION_OWN_SCHOOL;
        if (!swap_qualified(who, got)) code = ROTATION_UNQUALIFIED;
        swap_note(world, code, who->number, got->code, 0, none);
    }
}

static int compare_violations(const void *a, const void *b)
{
    const struct rotation_violation *x = a, *y = b;
    int order = str_compare(x->teacher, y->teacher);
    if (order == 0) order = (x->code > y->code) - (x->code < y->code);
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static int compare_texts(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

static void count_all(struct swap_world *world, struct rotation_report *out)
{
    LIST(struct str) unmet = {0};
    *out = (struct rotation_report){.violations = world->violations.items,
                                    .violation_count = world->violations.count,
                                    .teachers = world->teacher_count,
                                    .posts = world->post_count};
    for (size_t t = 0; t < world->teacher_count; t++) {
        const struct swap_teacher *who = &world->teachers[t];
        out->moved += who->got != VERIFY_NONE && who->got != who->own;
        if (!who->must_move || who->got != who->own) continue;
        *list_push(world->arena, &unmet) = who->number;
    }
    out->unmet = unmet.items;
    out->unmet_count = unmet.count;
    if (unmet.count > 0) qsort(unmet.items, unmet.count, sizeof *unmet.items, compare_texts);
    if (out->violation_count == 0) return;
    qsort(out->violations, out->violation_count, sizeof *out->violations, compare_violations);
}

bool rotation_verify(struct arena *arena, const struct rotation_paths *paths,
                     struct rotation_report *out, struct err *err)
{
    struct swap_world world = {.arena = arena, .paths = paths};
    if (!swap_read(&world, err)) return false;
    look_at_each(&world);
    swap_find_empty(&world);
    swap_find_cycles(&world, false);
    swap_find_cycles(&world, true);
    count_all(&world, out);
    return true;
}

static const struct {
    const char *key, *zh, *en;
} codes[] = {
    [ROTATION_UNKNOWN_TEACHER] = {"unknown_teacher", "没有这名教师", "nobody has this number"},
    [ROTATION_UNKNOWN_POST] = {"unknown_post", "没有这个岗位", "there is no such post"},
    [ROTATION_PLACED_TWICE] = {"placed_twice", "重复安排", "placed in an earlier row too"},
    [ROTATION_FILLED_TWICE] = {"filled_twice", "岗位重复安排", "the post is given away twice"},
    [ROTATION_MISSING] = {"missing", "没有岗位", "the teacher has no post"},
    [ROTATION_UNQUALIFIED] = {"unqualified", "学段或学科不符",
                              "not qualified for its stage or subject"},
    [ROTATION_OWN_SCHOOL] = {"own_school", "应交流却留在本校",
                             "must move, and stays in the school"},
    [ROTATION_NOT_WISHED] = {"not_wished", "没有填报，也不能指派",
                             "neither wished nor what the duty may give"},
    [ROTATION_WORSE_THAN_OWN] = {"worse_than_own", "不如原岗",
                                 "stands behind the own post, or may not be wished"},
    [ROTATION_EMPTY_PASSED_OVER] = {"empty_passed_over", "更想要的岗位空着",
                                    "a post stays empty that the teacher would rather have"},
    [ROTATION_IMPROVING_CYCLE] = {"improving_cycle", "互换后人人更好",
                                  "a swap of what they got makes each better off"},
    [ROTATION_BLOCKING_GROUP] = {"blocking_group", "用原岗自行交换人人更好",
                                 "a trade of what they came with makes each better off"},
};

const char *rotation_code_key(enum rotation_code code)
{
    CHECK(code < ROTATION_CODES);
    return codes[code].key;
}

const char *rotation_code_text(enum rotation_code code, enum lang lang)
{
    CHECK(code < ROTATION_CODES);
    return lang == LANG_ZH ? codes[code].zh : codes[code].en;
}
