#ifndef LEDGER_PROVE_H
#define LEDGER_PROVE_H

#include "ledger/fund.h"

/* Proof, to the bank's line. What a fund received has to be what was paid, went back, is promised
 * or allotted, and is left: summed up from the journal alone, by code that shares nothing with what
 * booked it, and held against the balances, the payments and what the bank said of each. */

struct fund_sums {
    int64_t received, returned; /* from and to the treasury */
    int64_t paid;               /* to people, less what came back */
    int64_t back;               /* came back from people, by the bank or by recovery */
    int64_t pending;            /* promised to people */
    int64_t allotted;           /* to projects */
    int64_t unspent;            /* by the balance of the account, not by the journal */
};

/* Whether what was received is what was paid, returned, is pending, allotted and unspent. */
bool fund_sums_hold(const struct fund_sums *sums);

enum proof_fault {
    PROOF_SUM,   /* the sums of a level do not hold */
    PROOF_LINE,  /* a payment and its transfers say different things */
    PROOF_ALIEN, /* a transfer of the fund belongs to nothing known */
    PROOF_FAULTS,
};
const char *proof_fault_key(enum proof_fault fault);
const char *proof_fault_text(enum proof_fault fault, enum lang lang);

struct proof_finding {
    enum proof_fault fault;
    int64_t number; /* of the payment, or of the transfer */
};

enum { PROOF_FINDINGS_MAX = 1000 };

struct fund_proof {
    struct fund_sums levels[FUND_LEVELS], sum;
    int64_t transfers; /* of the journal */
    unsigned char root[BOOK_HASH_BYTES];
    int64_t lines, paid_lines, open_lines, refused_lines; /* payments out of the fund */
    struct proof_finding *findings;
    size_t finding_count;
    bool more; /* findings than PROOF_FINDINGS_MAX */
};

/* Reads the whole journal. *out holds when finding_count is 0. In the arena. */
MUST_USE bool prove_fund(struct ledger *ledger, const struct fund *fund, struct fund_proof *out,
                         struct err *err);

/* A payment to a person, to the bank's line. */
struct person_payment {
    int64_t line, batch, ordinal, person, instalment, attempt, fen;
    struct str scheme, period, fund, document, area;
    day at;                /* the day that its batch was proposed for */
    struct str batch_area; /* and the area */
    struct str holder;
    struct str status; /* "open", "paid", "refused", "void" */
    struct str reason; /* the bank's, or ours */
    int64_t paid_fen, back_fen;
    struct str serial; /* of the bank */
    day on;            /* the bank's day; DAY_NONE: not stated */
    day booked;        /* when it counts, where the bank's day was closed; else DAY_NONE */
    struct str file;   /* the answer that says so, and its row */
    int64_t row;
    int64_t transfer; /* number in the journal of the first level's promise; 0: none */
    int64_t award_run;
};

/* All payments to a person, under this number and all others under which the person was known: by
 * period, scheme, instalment, attempt. Only of areas that the asker sees. In the arena. */
MUST_USE bool prove_person(struct ledger *ledger, const struct asker *asker, int64_t person,
                           struct person_payment **out, size_t *count, struct err *err);

#endif
