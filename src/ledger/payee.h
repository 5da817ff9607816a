#ifndef LEDGER_PAYEE_H
#define LEDGER_PAYEE_H

#include "ledger/batch.h"
#include "link/people.h"

/* To which account a person's aid goes: that of the newest row of the register of accounts, when it
 * is held by the person or by a guardian of theirs that some register names. Rows are kept while
 * people are read (people_listener), so that no row is opened twice. */

/* What of payees is text: policies/national/rules/payments.yaml. */
struct payee_rules {
    struct str *closed; /* words of a state in which nothing is paid to an account */
    size_t closed_count;
};

/* Loads it from the packs built in, or from `folder`. ERR_INPUT with file, line and column. */
MUST_USE bool payee_rules_load(struct payee_rules *out, struct arena *arena, const char *folder,
                               struct err *err);

struct payee_collector;

/* Begins to keep rows; lives in the arena. */
struct payee_collector *payee_collector_open(struct arena *arena, const struct profiles *profiles);
const struct people_listener *payee_collector_listener(const struct payee_collector *collector);

/* After the people were linked: by person, where the money goes. In the arena. */
struct payee_found {
    struct pay_payee payee;
    enum pay_holder holder;
};
struct payee_found *payees_find(struct payee_collector *collector, struct arena *arena,
                                const struct people *people, const struct payee_rules *rules);

#endif
