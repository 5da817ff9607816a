#ifndef LEDGER_FUND_H
#define LEDGER_FUND_H

#include "ledger/ledger.h"

/* Funds: the money of one document for one purpose, and the share of each payment that the central,
 * province, city and county levels bear. The engine knows no share: whoever opens the fund states
 * them (国办发〔2019〕27号 leaves what the levels below share to each province).
 *
 * In the books a fund has an account for each level that bears a share, "fund/KEY/LEVEL", that
 * cannot go below zero, what is promised counted: money comes in from the treasury by voucher and
 * goes out to people, to projects, or back to the treasury. The other side is the office's own bank
 * account, "bank/ACCOUNT", so that the bank's statement can be held against the books. */

enum fund_level { FUND_CENTRAL, FUND_PROVINCE, FUND_CITY, FUND_COUNTY, FUND_LEVELS };
const char *fund_level_key(enum fund_level level); /* "central" … */
const char *fund_level_text(enum fund_level level, enum lang lang);
int fund_level_of(struct str key); /* -1 for a key that is none */

enum { FUND_SHARES_SUM = 10000, FUND_KEY_BYTES_MAX = 60 };

struct fund {
    int64_t number;  /* given by fund_open */
    struct str key;  /* "2020-寄宿生": letters, digits, hanzi, - _ . and brackets of documents */
    struct str name; /* may be empty: as key */
    struct str document;           /* "甘财教〔2020〕15号" */
    bool project;                  /* pays school projects, not aid */
    struct str account;            /* which of the office's bank accounts holds it: "main" */
    struct str area;               /* whose schools' pupils it pays; empty: all */
    struct str schemes;            /* keys with commas between; of a project fund empty */
    int64_t shares[FUND_LEVELS];   /* parts of ten thousand; sum to FUND_SHARES_SUM */
    int64_t accounts[FUND_LEVELS]; /* out: in the book; 0 where the level bears nothing */
    int64_t bank;                  /* out: the book's account of the bank account */
    int64_t opened_ms;
};

/* Reads shares: "central=50,province=25,city=10,county=15", percent with at most two decimals that
 * sum to 100. ERR_INPUT. */
MUST_USE bool fund_shares_read(struct str text, int64_t shares[FUND_LEVELS], struct err *err);

/* ERR_INPUT for a key that cannot be a part of an account's code. */
MUST_USE bool fund_check_key(struct str key, struct err *err);

/* Opens a fund and its accounts; audited. The same again is no error and changes nothing;
 * ERR_CONFLICT when the key stands for another fund. ERR_INPUT. */
MUST_USE bool fund_open(struct ledger *ledger, const struct asker *asker, struct fund *fund,
                        bool *made, struct err *err);

/* A fund by key or number. ERR_NOT_FOUND, also where it is not the asker's. In the arena. */
MUST_USE bool fund_find(struct ledger *ledger, const struct asker *asker, struct str key,
                        struct fund *out, struct err *err);
MUST_USE bool fund_read(struct ledger *ledger, int64_t number, struct fund *out, struct err *err);

/* All funds of the asker's areas by key. */
MUST_USE bool fund_list(struct ledger *ledger, const struct asker *asker, struct fund **out,
                        size_t *count, struct err *err);

/* ERR_DENIED unless the asker sees every fund of a bank account of the office: it holds the money
 * of all of them, and what the bank says of it cannot be parted by area. Empty: of all accounts. */
MUST_USE bool fund_check_account(struct ledger *ledger, const struct asker *asker,
                                 struct str account, struct err *err);

/* True when the fund pays this scheme. */
bool fund_pays(const struct fund *fund, struct str scheme);

/* How one level of a fund stands, by its account in the books: fen. */
struct fund_balance {
    int64_t in, out; /* came in; went out, with what went back to the treasury */
    int64_t pending; /* promised and not yet paid */
    int64_t left;    /* in - out - pending */
};
MUST_USE bool fund_balance(struct ledger *ledger, const struct fund *fund, enum fund_level level,
                           struct fund_balance *out, struct err *err);

/* Money between the treasury and a level of a fund, by voucher. */
struct fund_move {
    bool back; /* to the treasury; else from it */
    enum fund_level level;
    int64_t fen;
    struct str voucher;  /* its number, however typed: unique in its fund, level and direction */
    struct str document; /* may be empty: the fund's */
    day on;
};

/* Books it; *made is false when the voucher was booked before with the same amount. ERR_CONFLICT
 * when it stands for another amount, when more would go back than is left, and for a day of a
 * closed period. Audited. */
MUST_USE bool fund_move(struct ledger *ledger, const struct asker *asker, const struct fund *fund,
                        const struct fund_move *move, bool *made, struct err *err);

#endif
