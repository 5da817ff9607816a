#ifndef PLACING_LETTER_H
#define PLACING_LETTER_H

#include "base/document.h"
#include "placing/explain.h"

/* "Why not me" in words, and as a letter to a family: A4, Chinese or English, of this one applicant
 * alone. Of others it says ranks, borders and counts. */

/* "with 3 more points in the total", as the middle of a sentence. In the arena. */
struct str place_remedy_text(struct arena *arena, const struct place_remedy *remedy,
                             enum lang lang);
/* "points" "adjust" "plan" "seats" "allotted" */
const char *place_remedy_key(enum place_remedy_kind kind);

/* "batch main, choice 2, group G1: full" (what barred it, the programme where it has one). */
struct str place_reason_text(struct arena *arena, const struct place_input *input,
                             const struct place_reason *reason, enum lang lang);

/* What seats of junior schools have to do with a choice, in sentences: whether the numbers are
 * those of the own one, general line and floor, seats that were reserved, how many went ahead by
 * them. Empty where nothing has. `source` is the own junior school. In the arena. */
struct str place_allotted_text(struct arena *arena, const struct place_reason *reason,
                               struct str source, enum lang lang);

/* What the letter says besides: of which run, on which day, by whom (empty: left to be written). */
struct place_letter {
    struct str run, office;
    day made;
    bool differs; /* the result that was kept gives this applicant something else */
    enum lang lang;
};

/* The letter; document_pdf or document_docx makes a file of it. In the arena. */
struct document *place_letter_make(struct arena *arena, const struct place_input *input,
                                   const struct place_explanation *explanation,
                                   const struct place_letter *letter);

#endif
