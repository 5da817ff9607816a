#ifndef AWARDS_PAID_H
#define AWARDS_PAID_H

#include "awards/facts.h"

/* What was paid, as the register of payments states it: whom, of which scheme, for which period,
 * how much. Payments are read from the rows that the collector kept (facts_rows.h). */

enum { PAYMENT_SCHEMES_MAX = 4 };

struct payment {
    uint32_t row;                          /* in fact_rows.rows */
    uint32_t record;                       /* in people.records */
    uint32_t person;                       /* in people.persons */
    uint16_t schemes[PAYMENT_SCHEMES_MAX]; /* that its name may mean; several: see payment_scheme */
    uint16_t scheme_count;
    struct period period;
    int64_t fen;       /* -1: not stated */
    day paid_on;       /* DAY_NONE: not stated */
    struct str serial; /* of the bank; may be empty */
};

struct payments {
    struct payment *items; /* by person, then row */
    size_t count;
    size_t *firsts; /* by person: its first; one more at the end */
    size_t unknown; /* rows whose scheme is none of the policy's */
};

/* All payments whose scheme the policy knows. A row that repeats the bank's serial number of
 * another of the same person is the same payment and is left out. In the arena. */
void payments_read(struct arena *arena, const struct facts *facts, struct payments *out);

/* A payment that our own books know. */
struct payment_booked {
    int64_t person; /* number, as it is known now */
    struct str scheme;
    struct period period;
    int64_t fen; /* paid, less what came back; above 0 */
    day paid_on; /* DAY_NONE: not stated */
    struct str serial;
};

/* Adds payments of the books, each as of the record that makes its person a student (else the first
 * that was kept). One that the register states too is the same payment: it has the same serial
 * number, or the register gives none and the same amount. What the policy does not know, and people
 * of whom nothing was kept, are left out. In the arena. */
void payments_add(struct arena *arena, const struct facts *facts,
                  const struct payment_booked *booked, size_t count, struct payments *payments);

/* The scheme that a written name means: a key or word of a scheme, one that a longer text holds
 * (the longest), or one of several by the text. Gives how many; 0 when it is none. */
size_t payment_schemes(const struct facts_text *text, const struct policy *policy,
                       struct str written, uint16_t out[PAYMENT_SCHEMES_MAX]);

/* How much of a payment falls to one period of a scheme: all of one for that period; for a term
 * half of what was paid for the school year; for a year what was paid for a term of it. False when
 * it is for another period. *fen is -1 when no amount is stated. */
bool payment_falls_to(const struct payment *payment, struct period period, int64_t *fen);

/* The last day to pay a period by the text; DAY_NONE where it names none. */
day payment_due(const struct fact_paid *text, struct period period);

#endif
