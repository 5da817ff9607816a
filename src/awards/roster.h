#ifndef AWARDS_ROSTER_H
#define AWARDS_ROSTER_H

#include "awards/award_people.h"
#include "awards/facts_rows.h"

/* The people of a subject whose register is not linked (teachers): each row of it speaks for one of
 * them, and what is known of the school that it names comes from the register of schools. Which
 * register states what is text like that of students (facts_text.h); clauses about sets, homes and
 * households have no meaning here and state nothing. */

/* Makes the rows of those whom the text's `members` name among the kept rows, as of `at`, in the
 * order of register and statement; each is called "REGISTER/STATEMENT". The rows' subject is
 * POLICY_NONE when the policy has none of that name. In the arena; borrows the text and the rows.
 */
void roster_make(struct arena *arena, const struct facts_text *text, const struct policy *policy,
                 const struct fact_rows *kept, day at, struct award_people *out);

/* True when the registers that make somebody one of the subject hold nobody who is linked. */
bool roster_is_of(const struct facts_text *text);

#endif
