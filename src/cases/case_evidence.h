#ifndef CASES_CASE_EVIDENCE_H
#define CASES_CASE_EVIDENCE_H

#include "cases/case_run.h"

/* What the registers say of a person for a case: facts that it states, and evidence that ends it.
 */

/* What a case states of its child. */
struct case_facts {
    struct str name, id_masked, birth, area, school, school_code;
};

/* The facts of a person, from the record that is shown (UINT32_MAX: the first of the population
 * register, else the first). `school` and `area` as the finding says; empty: as the records do. */
void case_facts_of(struct arena *arena, const struct case_check *check, uint32_t person,
                   uint32_t record, struct str area, struct str school, struct case_facts *out);

/* The first settlement of the procedure that the person's records prove in this status; NULL when
 * none does. `person` UINT32_MAX: of a school or office, or in no register any more. *evidence gets
 * "attending 1234 郭城小学" or empty, in the arena. */
const struct procedure_settle *case_settlement(struct arena *arena, const struct case_check *check,
                                               const struct procedure *procedure,
                                               enum case_status status, struct str kinds,
                                               uint32_t person, struct str birth,
                                               struct str *evidence);

/* Whether a record gives one of these lawful reasons for the person, who is of age. */
bool case_is_lawful(const struct case_check *check, uint32_t person, const struct str *reasons,
                    size_t count);

#endif
