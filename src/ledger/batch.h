#ifndef LEDGER_BATCH_H
#define LEDGER_BATCH_H

#include "access/reseal.h"
#include "ledger/post.h"

/* Batches of payments: proposed from awards, approved by a second person (access/approval.h), sent
 * to the bank (order.h), answered line by line (answer.h).
 *
 * A payment is known by scheme, person, period, instalment and attempt, and stands once. What is
 * due to a person of a period is what the newest decision says, less what was paid and stands: the
 * rest is the next instalment; after a refusal the same instalment is tried again. While a payment
 * is under way there is no other for the same scheme, person and period. The money is promised out
 * of the fund from the proposal on.
 *
 * Every function is one transaction, durable when it returns true. ERR_DENIED where a batch is of
 * an area that is not the asker's. */

enum { PAY_BATCH_LINES_MAX = 1000000 };

/* Whose account it is, by its name. */
enum pay_holder {
    PAY_HOLDER_OWN,      /* the person's */
    PAY_HOLDER_GUARDIAN, /* a guardian's, or the head of the household's */
    PAY_HOLDER_UNSTATED, /* the list does not say: the bank compares */
    PAY_HOLDER_OTHER,    /* somebody else's: nothing is paid there */
    PAY_HOLDER_CLOSED,   /* the list says that the account is not in use */
    PAY_HOLDER_NONE,     /* no account is known */
};
const char *pay_holder_key(enum pay_holder holder); /* "own" … */

/* Where the money goes. */
struct pay_payee {
    struct str bank, account, name; /* name as the account is held in; not empty */
};

/* What became of somebody to whom something is due. */
enum pay_outcome {
    PAY_PROPOSED,
    PAY_UNDER_WAY,         /* an earlier payment of the period has not been answered */
    PAY_PAID,              /* paid already */
    PAY_PAID_ELSEWHERE,    /* by the register of payments */
    PAY_ELSEWHERE_UNCLEAR, /* it says so without an amount */
    PAY_NO_ACCOUNT,
    PAY_ACCOUNT_CLOSED,
    PAY_HOLDER_DIFFERS,
    PAY_ACCOUNT_REFUSED, /* the bank refused this account, and no other is known */
    PAY_OUTCOMES,
};
const char *pay_outcome_key(enum pay_outcome outcome); /* "proposed" … */
const char *pay_outcome_text(enum pay_outcome outcome, enum lang lang);

/* Somebody to whom something is due. */
struct pay_candidate {
    int64_t person;
    struct str name, area;
    struct str school, school_name; /* what tells the school from others; may be empty */
    int64_t due_fen;                /* above 0 */
    int64_t elsewhere_fen; /* paid by the register of payments; -1: paid, not known how much */
    struct pay_payee payee;
    enum pay_holder holder;
    enum pay_outcome outcome; /* out */
    int64_t fen, line;        /* out, of PAY_PROPOSED */
};

struct pay_wish {
    struct str scheme, period, area;
    const struct fund *fund;
    day at;
    int64_t award_run;                /* the decision that it rests on */
    struct pay_candidate *candidates; /* by person, each once */
    size_t count;
    bool retry; /* also to accounts that the bank refused */
    bool dry;   /* say what would be, keep nothing */
    /* The number under which somebody is known now who was once known as `person`; NULL: the same.
     */
    bool (*follow)(void *context, int64_t person, int64_t *now, struct err *err);
    void *context;
};

struct pay_proposed {
    int64_t batch; /* 0: nothing was proposed */
    int64_t fen;
    size_t counts[PAY_OUTCOMES];
    size_t asked_again; /* batches whose approval nobody gave in time: asked for once more */
};

/* Proposes, promises the money, asks for approval. All or nothing: ERR_CONFLICT when the fund does
 * not hold enough, or does not pay the scheme. */
MUST_USE bool pay_propose(struct ledger *ledger, const struct asker *asker, struct pay_wish *wish,
                          struct pay_proposed *out, struct err *err);

/* How far a batch is; the newest of its steps counts. */
enum pay_step {
    PAY_STEP_PROPOSED,
    PAY_STEP_APPROVED,
    PAY_STEP_REFUSED,
    PAY_STEP_EXPORTED,
    PAY_STEP_VOID,
    PAY_STEPS
};
const char *pay_step_key(enum pay_step step);
const char *pay_step_text(enum pay_step step, enum lang lang);

struct pay_batch {
    int64_t number, fund, award_run;
    struct str scheme, period, area, fund_key;
    day at;
    int64_t lines, fen, made_ms;
    struct str made_by, approved_by;               /* approved_by is empty until then */
    enum pay_step step;                            /* the newest */
    int64_t approval;                              /* that was asked for last */
    int64_t paid_lines, refused_lines, open_lines; /* refused: or void */
    int64_t paid_fen, back_fen;                    /* paid; of it came back */
};

/* One batch. ERR_NOT_FOUND, also where it is not the asker's. Texts in the arena. */
MUST_USE bool pay_batch_find(struct ledger *ledger, const struct asker *asker, int64_t number,
                             struct pay_batch *out, struct err *err);
/* All that the asker sees, by number. */
MUST_USE bool pay_batch_list(struct ledger *ledger, const struct asker *asker,
                             struct pay_batch **out, size_t *count, struct err *err);

/* A second person approves or refuses; refused payments are void. ERR_DENIED for who proposed. */
MUST_USE bool pay_decide(struct ledger *ledger, const struct asker *asker, int64_t batch,
                         bool grant, struct str why, struct err *err);

/* Takes a batch back: payments that the bank has not answered are void and can be proposed again.
 * Of a batch that went to the bank only where `lost` (the bank says that it has not carried it
 * out), else ERR_CONFLICT. */
MUST_USE bool pay_void(struct ledger *ledger, const struct asker *asker, int64_t batch, bool lost,
                       struct str why, uint64_t *lines, struct err *err);

/* Payees of lines, to be sealed anew with their index. */
extern const struct reseal_part pay_line_reseal;

#endif
