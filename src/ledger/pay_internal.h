#ifndef LEDGER_PAY_INTERNAL_H
#define LEDGER_PAY_INTERNAL_H

#include "access/audit_action.h"
#include "ledger/recovery.h"

/* What the files about payments share. */

/* A line as it stands. */
struct pay_line {
    struct post_line post; /* fund NULL until the batch is known */
    int64_t batch, ordinal;
    struct str name, area;
    bool settled;      /* paid, refused or void */
    bool paid;         /* … paid */
    int64_t paid_fen;  /* of a paid one */
    int64_t back_fen;  /* came back */
    struct str serial; /* the bank's, of the settling event */
    day on;            /* the bank's, of the settling event; DAY_NONE: not stated */
    struct str payee;  /* sealed */
};

/* The columns that pay_line_row reads, from PAY_LINE_TABLES. */
#define PAY_LINE_COLUMNS                                                                           \
    "l.number, l.batch, l.ordinal, l.person, l.name, l.area, l.scheme, l.period, l.instalment, "   \
    "l.attempt, l.fen, l.central, l.province, l.city, l.county, l.payee, s.kind, s.fen, "          \
    "s.bank_serial, (SELECT coalesce(sum(b.fen), 0) FROM pay_event AS b WHERE b.line = l.number "  \
    "AND b.kind IN ('returned', 'recovered')), s.day"
#define PAY_LINE_TABLES                                                                            \
    " FROM pay_line AS l LEFT JOIN pay_event AS s ON s.line = l.number "                           \
    "AND s.kind IN ('paid', 'refused', 'void') "

/* The line that a row stands at; texts copied into the arena. */
struct pay_line pay_line_row(struct store_statement *row, struct arena *arena);

/* What happened to a line. */
struct pay_event {
    int64_t line, fen, file, row;
    const char *kind; /* "paid" … */
    struct str reason, serial;
    day on;     /* DAY_NONE: not stated */
    day booked; /* statement_booked: DAY_NONE: on that day */
};

/* ERR_CONFLICT when the person's payment of that instalment, or of a later one, is under way or
 * paid by another attempt, under whichever number the person was known. */
MUST_USE bool pay_attempt_free(struct ledger *ledger, const struct post_line *line,
                               struct err *err);

/* One more attempt at a settled line, of these parts, in a batch of its own that counts as sent:
 * for money that the bank paid out under the line's reference and that the line itself does not
 * hold any more. Neither promised nor paid yet. */
MUST_USE bool pay_attempt_again(struct ledger *ledger, const struct asker *asker,
                                const struct pay_line *line, const struct pay_batch *batch,
                                const struct fund *fund, const int64_t parts[FUND_LEVELS],
                                struct str why, struct post_line *out, struct err *err);

/* Promises and pays such an attempt, and keeps `event` as what the bank said of it. */
MUST_USE bool pay_attempt_paid(struct ledger *ledger, const struct asker *asker,
                               const struct post_line *again, const struct pay_event *event,
                               struct err *err);

/* All numbers under which a person is or was known (link/people.h), ascending. In the arena. */
MUST_USE bool pay_person_numbers(struct ledger *ledger, struct arena *arena, int64_t person,
                                 int64_t **out, size_t *count, struct err *err);

/* A line by number, of those that the asker sees; ERR_NOT_FOUND for any other. */
MUST_USE bool pay_line_find(struct ledger *ledger, const struct asker *asker, int64_t number,
                            struct pay_line *out, struct err *err);

/* A line by number. */
MUST_USE bool pay_line_read(struct ledger *ledger, int64_t number, struct pay_line *out,
                            bool *found, struct err *err);

/* Keeps what happened to a line. */
MUST_USE bool pay_event_put(struct ledger *ledger, const struct asker *asker,
                            const struct pay_event *event, struct err *err);

/* A step of a batch. */
MUST_USE bool pay_step_put(struct ledger *ledger, const struct asker *asker, int64_t batch,
                           enum pay_step step, int64_t approval, struct str why, struct err *err);

/* Asks a second person to decide about "pay_batch N", or whatever `what` is: whoever sees the area
 * (empty: all that the asker sees) may, though the asker may see more. */
MUST_USE bool pay_ask_approval(struct ledger *ledger, const struct asker *asker, const char *what,
                               int64_t number, struct str area, struct str why, int64_t *approval,
                               struct err *err);

/* What was proposed and waits for this approval is over when the approval is. */
MUST_USE bool pay_look_at_approval(struct ledger *ledger, int64_t approval_number,
                                   enum pay_recovery_state *state, struct err *err);

/* Audits "pay_batch N". */
MUST_USE bool pay_audit(struct ledger *ledger, const struct asker *asker, enum audit_action action,
                        const char *what, int64_t number, struct str reason, struct err *err);

/* Bank, account and name of a payee, sealed for the line; and opened. In the arena. */
struct str pay_payee_seal(struct ledger *ledger, struct arena *arena, int64_t line,
                          const struct pay_payee *payee);
MUST_USE bool pay_payee_open(struct ledger *ledger, struct arena *arena, int64_t line,
                             struct str sealed, struct pay_payee *out, struct err *err);

#endif
