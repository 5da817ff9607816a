#ifndef JOBS_WARNING_TEXT_H
#define JOBS_WARNING_TEXT_H

#include "findings/check.h"

/* What is watched for relapse, as text: policies/national/rules/warnings.yaml, which says what each
 * line means. */

/* What is watched. */
enum warning_of { WARNING_OF_STUDENT, WARNING_OF_SCHOOL, WARNING_OF_VILLAGE };

/* One watch; what it does not use is empty. */
struct warning_watch {
    struct str watch; /* key under which it is remembered */
    enum warning_of of;
    enum finding_kind kind;
    struct str reason;             /* a key of the rules' reasons */
    struct str input, word;        /* of a student */
    struct str standard;           /* of a school: key of a set */
    const struct profile *profile; /* of a village, with the field and the words that are good */
    int field;
    struct str *met;
    size_t met_count;
};

/* All watches, in the order of the text. */
struct warning_text {
    struct warning_watch *watches;
    size_t count;
};

/* Reads the text built in, or of `folder` when not NULL. In the arena; the profiles live as long.
 * ERR_INPUT with file and line for an unknown kind, reason, register, field or key. */
MUST_USE bool warning_text_load(struct warning_text *out, struct arena *arena, const char *folder,
                                const struct profiles *profiles, const struct rules *rules,
                                struct err *err);

#endif
