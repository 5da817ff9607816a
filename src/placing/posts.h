#ifndef PLACING_POSTS_H
#define PLACING_POSTS_H

#include "base/str.h"

/* Special-post teachers to posts: a post is asked for by county, school, stage and subject and
 * takes only recruits qualified for its stage and subject; recruits go by score and ties, all
 * descending, then number, each to the first wish with a free seat. Needs no workspace. The same
 * input in any order of rows gives the same result. */

enum { POSTS_TIES_MAX = 16, POSTS_RANK_MAX = 10000 };
#define POSTS_NONE UINT32_MAX

struct posts_post {
    struct str code, county, school, stage, subject;
    int64_t seats, taken;
    int64_t lowest; /* score of whoever took a seat last; only where taken > 0 */
};

struct posts_recruit {
    struct str number, stage, subject;
    int64_t score;
    uint64_t first;  /* wish */
    uint32_t count;  /* of them */
    uint32_t place;  /* among all, by score, ties and number, from 1 */
    uint32_t placed; /* which of the own wishes; POSTS_NONE */
};

struct posts_wish {
    uint32_t recruit, post;
    uint32_t rank; /* from 1 */
    uint32_t line; /* of its file */
};

struct posts {
    struct posts_post *posts; /* in the order of their file */
    size_t post_count;
    struct posts_recruit *recruits; /* in the order of their file */
    size_t recruit_count;
    struct posts_wish *wishes; /* by recruit, then rank */
    size_t wish_count;
    uint64_t placed_count;
    int64_t seats;
};

/* The files. */
struct posts_paths {
    const char *posts, *recruits, *wishes;
};

/* What became of a wish. */
enum posts_outcome {
    POSTS_PLACED,
    POSTS_UNQUALIFIED, /* for the post's stage or subject */
    POSTS_FULL,        /* its seats went to those ahead */
    POSTS_NOT_REACHED, /* an earlier wish was fulfilled */
};

/* Reads the three files and places everybody. ERR_INPUT with file, line and reason: a post or
 * recruit twice or without a number, an unknown one, seats below 0, a rank below 1 or used twice by
 * a recruit, a post wished twice, a number that is none. In the arena. */
MUST_USE bool posts_run(struct arena *arena, const struct posts_paths *paths, struct posts *out,
                        struct err *err);

/* "recruit,post,choice_rank" by recruit; who has no post is absent. ERR_IO. */
MUST_USE bool posts_write(const char *path, const struct posts *posts, struct err *err);

/* The recruit with this number; ERR_NOT_FOUND. */
MUST_USE bool posts_find(const struct posts *posts, struct str number, uint32_t *recruit,
                         struct err *err);

/* What became of a recruit's wish, and its key and words. */
enum posts_outcome posts_outcome_of(const struct posts *posts, uint32_t recruit, uint32_t wish);
const char *posts_outcome_key(enum posts_outcome outcome);
const char *posts_outcome_text(enum posts_outcome outcome, enum lang lang);

#endif
