#ifndef LEDGER_PAY_SIM_TESTING_H
#define LEDGER_PAY_SIM_TESTING_H

#include "base/list.h"
#include "base/rng.h"
#include "ledger/answer.h"
#include "ledger/statement.h"

/* The office and the bank of the simulated life of payments (pay_sim_test.c), and all that the bank
 * does in it. */

enum { SIM_PERSONS = 24, SIM_FUNDS = 2, SIM_ACCOUNTS_MAX = 64 };

/* An account of the office, by the bank: from time to time it opens a further one, with funds of
 * its own, and goes on with what is under way on the ones before. */
struct bank_account {
    struct str key;
    int64_t balance_fen;
    LIST(struct statement_line) moves; /* what the bank moved on it */
    size_t stated;                     /* of them handed over */
    bool same_day;    /* the bank did two things of one payment on one day: a return may be none */
    int64_t left_fen; /* of such returns, those that cannot be taken back yet */
    size_t again;     /* after so many steps those that are left are tried again */
};

/* What the bank has of a payment, and what it did. */
struct bank_record {
    struct str reference;
    int account;      /* that it goes out of */
    int64_t fen;      /* ordered; 0: nobody ordered it */
    int64_t out_fen;  /* went out, less what came back */
    int32_t last_day; /* of what it did last */
    bool tried, bounced, doubled;
    struct str back_serial; /* of its coming back */
};

/* Something that the bank may tell, as often as it likes. */
struct bank_event {
    struct answer_line line;
    int account;
    bool told;
};

struct sim {
    struct arena arena, work; /* of the run; of a step */
    const char *path;
    struct store *stores[2];
    struct ledger ledgers[2];
    struct codec *codec;
    struct clock clock;
    struct rng rng;
    struct asker askers[2];
    struct fund funds[SIM_FUNDS]; /* of the account at hand */
    struct bank_account accounts[SIM_ACCOUNTS_MAX];
    int account; /* at hand: number in accounts */
    struct bank bank;
    int period;                               /* number of the period at hand */
    int64_t due[SIM_FUNDS][SIM_PERSONS];      /* of the period at hand */
    int64_t due_most[SIM_FUNDS][SIM_PERSONS]; /* … the most it ever was */
    LIST(struct bank_record) records;
    LIST(struct bank_event) events;
    size_t first_event; /* those before are told and done with */
    uint64_t serial, vouchers, faults, kills, denied;
    size_t outcomes[ANSWER_OUTCOMES];
    int32_t bank_day;
    int64_t newest_batch;
    uint64_t reinstated, twice; /* returns taken back; of them paid a second time before */
};

/* A number from 0 to below the bound. */
uint32_t sim_below(struct sim *sim, uint32_t bound);
/* True so often. */
bool sim_chance(struct sim *sim, uint32_t percent);

/* A short text for as long as the run. */
struct str sim_keep(struct sim *sim, const char *format, unsigned long long a,
                    unsigned long long b);

/* The form of the bank's files. */
void sim_bank_read(struct sim *sim);

/* The bank moves money: out of an account of the office, or into it (below 0). */
void sim_bank_moves(struct sim *sim, int account, struct str serial, struct str words, int64_t fen);

/* The bank has an order, to be paid out of an account. */
void sim_bank_takes(struct sim *sim, int account, struct str content);

/* The bank does something with one of the newest payments that it knows. */
void sim_bank_works(struct sim *sim);

/* What it has of a payment; NULL: it knows none of this reference. */
struct bank_record *sim_bank_record(struct sim *sim, struct str reference);

/* It hands over what the statement of an account has since the last time. */
void sim_bank_states(struct sim *sim, struct bank_account *account);

#endif
