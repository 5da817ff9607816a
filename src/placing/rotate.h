#ifndef PLACING_ROTATE_H
#define PLACING_ROTATE_H

#include "base/str.h"

/* Teachers exchange posts (交流轮岗): top trading cycles (Shapley and Scarf 1974) where some posts
 * stand empty, which is "you request my house, I get your turn" (Abdulkadiroğlu and Sönmez 1999).
 * Needs no workspace. The same input in any order of rows gives the same result.
 *
 * Each teacher holds one post and orders others: first the usable wishes as written; then, for one
 * who must move, every other post of another school in the own county that the teacher is qualified
 * for, by code; last the own post. A wish is usable when the teacher is qualified for it, it does
 * not stand behind the own post, and, for one who must move, it is not in the own school. Empty
 * posts go to whoever is first in turn: who must move, then more points, then the smaller number.
 *
 * What holds then, in these orders: nobody is worse off than with the own post; no group could
 * trade the posts they came with and each be better off; no other placing makes somebody better off
 * and nobody worse; and who must not move never gains by wishing otherwise (Roth 1982), nor does
 * who must move and has ordered every such post. So who must move stays only where every post that
 * would do is held by somebody whom it would make worse off. How many move is not maximised. */

enum { ROTATE_WISHES_MAX = 1000, ROTATE_QUALIFIED_MAX = 400 };
#define ROTATE_NONE UINT32_MAX

/* Why a wish is passed over. */
enum rotate_bar {
    ROTATE_USABLE,
    ROTATE_UNQUALIFIED, /* for the post's stage or subject */
    ROTATE_OWN_SCHOOL,  /* of one who must move */
    ROTATE_BEHIND_OWN,  /* the own post, or a wish behind it */
};

/* One seat. */
struct rotate_post {
    struct str code, county, school, stage, subject;
    uint32_t site;  /* the number of county and school */
    uint32_t kind;  /* in rotate.kinds: county, stage and subject */
    uint32_t place; /* in its kind */
    uint32_t owner; /* the teacher who comes with it; ROTATE_NONE: empty */
    uint32_t cycle; /* in which it was given away, from 1; 0: still empty */
};

/* The posts of one county, stage and subject, by code. */
struct rotate_kind {
    uint32_t *posts;
    uint32_t count;
};

/* A post that a teacher asks for, and why it is passed over. */
struct rotate_wish {
    uint32_t post;
    enum rotate_bar bar;
};

struct rotate_teacher {
    struct str number;
    uint32_t post; /* the own one */
    bool must_move;
    int64_t points;
    struct rotate_wish *wishes; /* in order */
    uint32_t wish_count;
    uint32_t *kinds; /* of the own county, that the teacher is qualified for; of who must move */
    uint32_t kind_count;
    uint32_t placed; /* post */
    uint32_t choice; /* which wish it is, from 1; 0: none */
    uint32_t cycle;  /* as of the post */
};

/* One who got a post in a trade. */
struct rotate_step {
    uint32_t cycle, teacher;
    bool chain; /* it began with an empty post */
};

struct rotate {
    struct rotate_post *posts; /* by code */
    size_t post_count;
    struct rotate_teacher *teachers; /* by number */
    size_t teacher_count;
    struct rotate_kind *kinds;
    size_t kind_count;
    struct rotate_step *steps; /* by cycle; in one, each gets the post of the next, and the last
                                  that of the first, or in a chain the empty post */
    uint32_t cycle_count;
};

/* The files. */
struct rotate_paths {
    const char *teachers, *posts;
};

/* Reads both files. Posts: "post,school,stage,subject", if wanted "county". Teachers:
 * "teacher,post,stage,subject,must_move,wishes", if wanted "points"; stages, subjects and wishes
 * are parted by ";", must_move is yes, no or empty. ERR_INPUT with file and line: a teacher or post
 * twice or unknown, a post with two owners or wished twice, what should be a whole number and is
 * none. In the arena. */
MUST_USE bool rotate_read(struct arena *arena, const struct rotate_paths *paths, struct rotate *out,
                          struct err *err);

/* Numbers sites and kinds, and says which wishes are usable, from the posts' and teachers' texts:
 * `stages` and `subjects` by teacher, parted by ";". Part of rotate_read. */
void rotate_prepare(struct arena *arena, struct rotate *rotate, const struct str *stages,
                    const struct str *subjects);

/* Trades. Everybody is placed. In the arena. */
void rotate_trade(struct arena *arena, struct rotate *rotate);

/* Why a teacher has the post, in one word. */
enum rotate_reason {
    ROTATE_BY_WISH,
    ROTATE_BY_DUTY,    /* must move, and none of the wishes could be had */
    ROTATE_KEPT,       /* what was wished went before the own turn */
    ROTATE_NO_WISH,    /* nothing usable was wished */
    ROTATE_DUTY_UNMET, /* must move, and no post of another school could be had */
};
enum rotate_reason rotate_reason_of(const struct rotate *rotate, uint32_t teacher);
const char *rotate_reason_key(enum rotate_reason reason);
const char *rotate_reason_text(enum rotate_reason reason, enum lang lang);

/* What became of a wish. */
enum rotate_outcome {
    ROTATE_GOT,
    ROTATE_GONE, /* it was given away in an earlier cycle, or its holder kept it */
    ROTATE_OUT_UNQUALIFIED,
    ROTATE_OUT_OWN_SCHOOL,
    ROTATE_OUT_BEHIND_OWN,
    ROTATE_NOT_REACHED, /* an earlier wish was fulfilled */
};
enum rotate_outcome rotate_outcome_of(const struct rotate *rotate, uint32_t teacher, uint32_t wish);
const char *rotate_outcome_key(enum rotate_outcome outcome);
const char *rotate_outcome_text(enum rotate_outcome outcome, enum lang lang);

/* The teacher with this number; ERR_NOT_FOUND. */
MUST_USE bool rotate_find(const struct rotate *rotate, struct str number, uint32_t *teacher,
                          struct err *err);

/* "teacher,from,post,choice,cycle,reason" by teacher; and the trades by which somebody moved,
 * "cycle,step,kind,teacher,from,to" by cycle. ERR_IO. */
MUST_USE bool rotate_write(const char *path, const struct rotate *rotate, struct err *err);
MUST_USE bool rotate_write_cycles(const char *path, const struct rotate *rotate, struct err *err);

#endif
