#ifndef AWARDS_PLANS_H
#define AWARDS_PLANS_H

#include "awards/facts_text.h"
#include "policy/policy.h"

/* The special plans of a policy as text (policies/PACK/rules/SUBJECT_plans.yaml): which schemes are
 * plans, how files and registers call them, and to which day of the year of the examination
 * registrations are counted. The engine knows no plan by name. */

enum { PLANS_MAX = 32, PLAN_WORDS_MAX = 16 };

struct plan_text {
    struct str scheme_key;
    uint16_t scheme;     /* of the policy; POLICY_NONE: the packs that were read have none */
    struct str place;    /* its word in the files of `place run` */
    struct str admitted; /* its word in the register of admissions; may be empty */
    struct str *words;   /* how lists write it, by a part of the cell */
    size_t word_count;
    bool hidden; /* that somebody is eligible says what a household may keep to itself: not for the
                    public list */
    uint64_t late; /* inputs that say since when: a bit for each */
};

struct plans_text {
    struct str subject;
    struct month_day counted_to;
    struct plan_text *plans; /* in the text's order */
    size_t count;
    uint64_t *exclusive; /* masks of plans of which one person may ask for one only */
    size_t exclusive_count;
};

/* Loads the text of the subject, of the embedded packs or of `folder` when not NULL, for a policy.
 * ERR_NOT_FOUND when there is none; ERR_INPUT with line and column for what is not understood. */
MUST_USE bool plans_text_load(struct plans_text *out, struct arena *arena,
                              const struct policy *policy, const char *folder, const char *subject,
                              struct err *err);

/* The plans that a cell names, as a mask. */
uint64_t plans_named(const struct plans_text *plans, struct str cell);

#endif
