#ifndef AWARDS_ROSTER_H
#define AWARDS_ROSTER_H

#include "awards/award_people.h"
#include "awards/facts.h"

/* The people of a subject whose register is not linked (teachers, candidates): each row of it
 * speaks for one of them. What is known of the school that it names comes from the register of
 * schools; and where the text reads registers of people, what they state of the same person comes
 * from the rows with the same ID number, and from all rows that are linked with one of those (so
 * that a row whose number is mistyped counts too). Adults are found by the number alone. Which
 * register states what is text like that of students (facts_text.h); clauses about sets and homes
 * have no meaning here and state nothing.
 *
 * What no register states stays POLICY_MISSING: nothing here is ever "no" because nothing was
 * found, but for a clause that says so (`silent`), where the person's county sent the list. */

/* Makes the rows of those whom the text's `members` name among the kept rows, as of `at`, in the
 * order of register and statement; each is called "REGISTER/STATEMENT". `people` are those whom the
 * rows were kept of, linked; NULL where the text reads no register of people. The rows' subject is
 * POLICY_NONE when the policy has none of that name. out->facts gives their sources. In the arena;
 * borrows all that it is given. */
void roster_make(struct arena *arena, const struct facts_text *text, const struct policy *policy,
                 const struct people *people, const struct fact_rows *kept, day at,
                 struct award_people *out);

/* True when the registers that make somebody one of the subject hold nobody who is linked. */
bool roster_is_of(const struct facts_text *text);

/* True when the text also reads registers of people. */
bool roster_is_joined(const struct facts_text *text);

/* The kept row that makes a member one. */
uint32_t roster_member(const struct facts *facts, size_t row);

/* The person in facts->people who has a record with the member's ID number; UINT32_MAX: nobody. */
uint32_t roster_person(const struct facts *facts, size_t row);

#endif
