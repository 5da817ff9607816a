#ifndef AWARDS_EXPLAINED_H
#define AWARDS_EXPLAINED_H

#include "awards/award_people.h"
#include "awards/stated.h"
#include "base/json.h"
#include "policy/explain.h"

/* The explanation of one person's decision, as it is shown: as JSON, as indented sentences, and (in
 * letter.h) as a letter. All three show the same tree. */

/* Whose, on which day, and why. */
struct award_explained {
    const struct policy *policy;
    const struct award_people *people;
    size_t row;
    day at;
    struct policy_explanation explanation;
    bool settled; /* the facts leave it unknown, but all that the lists which were not sent could
                     say leads to this answer */
    const struct award_sources *sources; /* of the row; set by who can read them, or NULL */
};

/* Explains one row; what is open of its sets (people.open) counts as in award_decide. *concerned is
 * false, and nothing else is set, when the scheme cannot concern that person. In the arena. */
void award_explain(struct arena *arena, const struct policy *policy,
                   const struct award_people *people, size_t row, uint16_t scheme, day at,
                   bool *concerned, struct award_explained *out);

/* The same with the policy's program of the people's subject and the day, for who explains many. */
void award_explain_by(struct arena *arena, const struct policy *policy,
                      const struct policy_program *program, const struct award_people *people,
                      size_t row, uint16_t scheme, day at, bool *concerned,
                      struct award_explained *out);

/* Writes one object: id, scheme, verdict, amount_fen, period, settled, needs, reasons (a tree;
 * facts with their sources where these are known), ways, documents; texts in both languages. Nodes
 * deeper than AWARD_NODE_DEPTH_MAX are left out. */
void award_explained_json(struct json *json, const struct award_explained *explained);

/* The same as lines of text, each ended, parts indented below what they belong to. */
void award_explained_lines(struct arena *arena, const struct award_explained *explained,
                           enum lang lang, struct text *out);

enum { AWARD_NODE_DEPTH_MAX = 60 };

/* "可以享受", "625.00 元"; "2020年秋季学期". In the arena. */
struct str award_answer_text(struct arena *arena, const struct award_explained *explained,
                             enum lang lang);

/* "财教〔2007〕337号 第二条" of a citation, "（待核实）" behind it where its document is to be
 * confirmed. In the arena. */
struct str award_cite_text(struct arena *arena, const struct policy *policy,
                           const struct policy_cite *cite, enum lang lang);

#endif
