#ifndef VERIFYING_ROTATION_H
#define VERIFYING_ROTATION_H

#include "base/str.h"

/* The independent verifier of an exchange of posts: whether a result, whoever made it, is one that
 * nobody and no group could object to. It shares no code with src/placing, has its own readers and
 * trades nothing: it looks for what may not be.
 *
 * A teacher orders posts: the usable wishes as written; then, for one who must move, the other
 * posts of other schools in the own county that the teacher is qualified for, by code; last the own
 * post. In these orders it is looked for whom the result makes worse off than the own post, for
 * empty posts that somebody would rather have, for cycles in which each would rather have the post
 * that the next one got, and for groups in which each would rather have the post that the next one
 * came with. Whoever would rather have nothing that is still held is set aside, again and again; a
 * cycle is what is left over, so where nothing is left there is none.
 *
 * In what order teachers took their turns at empty posts is not in a result, and not looked at. */

/* The files. */
struct rotation_paths {
    const char *teachers, *posts, *result;
};

/* What may not be. */
enum rotation_code {
    ROTATION_UNKNOWN_TEACHER,
    ROTATION_UNKNOWN_POST,
    ROTATION_PLACED_TWICE,      /* the teacher has a post in an earlier row */
    ROTATION_FILLED_TWICE,      /* the post is given away in an earlier row */
    ROTATION_MISSING,           /* the teacher has no post */
    ROTATION_UNQUALIFIED,       /* for the post's stage or subject */
    ROTATION_OWN_SCHOOL,        /* must move, and has another post of the own school */
    ROTATION_NOT_WISHED,        /* neither wished nor what the duty may give */
    ROTATION_WORSE_THAN_OWN,    /* the post stands behind the own one */
    ROTATION_EMPTY_PASSED_OVER, /* a post stays empty that the teacher would rather have */
    ROTATION_IMPROVING_CYCLE,   /* some could swap what they got, and each be better off */
    ROTATION_BLOCKING_GROUP,    /* some could trade what they came with, and each be better off */
    ROTATION_CODES
};

struct rotation_violation {
    enum rotation_code code;
    struct str teacher, post; /* what the row says; empty where it speaks of none */
    const char *zh, *en;      /* why, in words */
    uint64_t line;            /* of the result; 0: of no row */
};

struct rotation_report {
    struct rotation_violation *violations; /* by teacher, code, line */
    size_t violation_count;
    struct str *unmet; /* who must move and keeps the own post, by number: no violation by itself */
    size_t unmet_count;
    uint64_t teachers, posts, moved;
};

/* Reads the three files and checks. Of the result "teacher,post" are read; other columns may stand
 * beside. ERR_INPUT with file and line where the first two are not what placing takes. In the
 * arena. */
MUST_USE bool rotation_verify(struct arena *arena, const struct rotation_paths *paths,
                              struct rotation_report *out, struct err *err);

/* "improving_cycle"; and what it says in one sentence. */
const char *rotation_code_key(enum rotation_code code);
const char *rotation_code_text(enum rotation_code code, enum lang lang);

#endif
