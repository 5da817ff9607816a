#ifndef VERIFYING_ROTATION_WORLD_H
#define VERIFYING_ROTATION_WORLD_H

#include "verifying/rotation.h"
#include "verifying/world.h"

/* Inside the verifier of exchanges. */

/* Where a post stands in a teacher's order: wishes from 0, then posts of the duty by their number,
 * then the own one, then all that is not acceptable. */
enum { RANK_DUTY = 1 << 20 };
#define RANK_OWN (UINT64_MAX - 1)
#define RANK_NEVER UINT64_MAX

struct swap_post {
    struct str code;
    uint32_t county, school, stage, subject; /* in world.words */
    uint32_t owner;                          /* who comes with it; VERIFY_NONE */
    uint32_t holder;                         /* whom the result gives it to; VERIFY_NONE */
    uint32_t group;                          /* of posts of one county, stage and subject */
    uint32_t place;                          /* in its group */
};

/* A post that a teacher asks for, and whether it may be given. */
struct swap_wish {
    uint32_t post;
    bool usable;
};

struct swap_teacher {
    struct str number;
    uint32_t own;
    uint32_t got; /* VERIFY_NONE: nothing, or nothing that counts */
    bool placed;  /* has a row */
    bool must_move;
    struct swap_wish *wishes;
    uint32_t wish_count;
    uint32_t *stages, *subjects; /* words */
    uint32_t stage_count, subject_count;
};

struct swap_group {
    uint32_t *posts; /* by code */
    uint32_t count;
};

struct swap_world {
    struct arena *arena;
    const struct rotation_paths *paths;
    struct dict words, posts_by_code, teachers_by_number;
    struct swap_post *posts; /* by code: posts_by_code numbers those of the file, see post_of */
    uint32_t *post_of;
    size_t post_count;
    struct swap_teacher *teachers; /* in the order of their file */
    size_t teacher_count;
    struct swap_group *groups;
    size_t group_count;
    struct u64_map group_of; /* see swap_group_of */
    LIST(struct rotation_violation) violations;
};

/* The readers. ERR_INPUT. */
MUST_USE bool swap_read(struct swap_world *world, struct err *err);

/* The group of these three words; DICT_NONE. */
uint32_t swap_group_of(const struct swap_world *world, uint32_t county, uint32_t stage,
                       uint32_t subject);

/* Whether the teacher may teach the post's stage and subject; whether two posts are in one school
 * of one county. */
bool swap_qualified(const struct swap_teacher *teacher, const struct swap_post *post);
bool swap_same_school(const struct swap_post *a, const struct swap_post *b);

/* Where a post stands in a teacher's order. */
uint64_t swap_rank(const struct swap_world *world, uint32_t teacher, uint32_t post);

/* Notes a violation; `line` is 0 where it is of no row. */
void swap_note(struct swap_world *world, enum rotation_code code, struct str teacher,
               struct str post, uint64_t line, struct verify_words words);

/* Notes each empty post that somebody would rather have, and each cycle of those who would each
 * rather have the post of the next: that which the result gives, or, `came_with`, the own one. */
void swap_find_empty(struct swap_world *world);
void swap_find_cycles(struct swap_world *world, bool came_with);

#endif
