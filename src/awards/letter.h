#ifndef AWARDS_LETTER_H
#define AWARDS_LETTER_H

#include "awards/explained.h"
#include "base/page.h"

/* The letter that tells a family what was decided about one scheme: one A4 page with the answer,
 * the reasons in words, what would change it, the documents it rests on with what is still to be
 * confirmed (待核实), and how to object. Chinese with English below each sentence, or one of them.
 *
 * Of the tree of reasons those are shown that made the answer: where something holds, what holds in
 * it; where it does not, what does not. */

struct letter_wish {
    enum page_words words;
    struct str office; /* who decides: printed above the signature; may be empty */
};

/* The PDF, in the arena. The same explanation gives the same bytes; the only days in it are those
 * of the explanation. Errors as paper_pdf. */
MUST_USE bool letter_pdf(struct arena *arena, const struct award_explained *explained,
                         const struct letter_wish *wish, struct str *out, struct err *err);

#endif
