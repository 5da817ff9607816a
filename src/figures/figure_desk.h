#ifndef FIGURES_FIGURE_DESK_H
#define FIGURES_FIGURE_DESK_H

#include "figures/figure.h"
#include "registry/registry.h"
#include "store/desk.h"

/* The desk on which figures are worked out (store/desk.h): what the registers say on one day as
 * known at one moment, of the asker's areas and of no others, and what the engines found. Tables:
 *
 *   KEY            each register by its key: record (number of the statement), batch, line (row of
 *                  the file), area, person (number, where linked), holder (the same number for the
 *                  same ID number, in every register, and null where none is stated: it joins
 *                  records of adults and is never shown), and its fields by their keys; money in
 *                  fen and whole numbers as integers, days as "2020-11-25". Fields that identify
 *                  (numbers, phones, addresses, accounts) are not there.
 *   NAME           a register as of another day, as a figure's `tables` say.
 *   findings       record (number), kind, status (on the day), open (1 or 0), opened, closed, area,
 *                  person, queue, reason.
 *   payments       what our own books paid: record (number of the payment), person, area, scheme,
 *                  period, paid_on (of the bank; null where it is not paid or states none), fen
 *                  (paid, less what had come back by the day), serial (of the bank).
 *   expected       the children whom the last check expected here: record (the person's number),
 *                  person, area, standing (on_roll, finished, lawful, reported_schooled,
 *                  not_enrolled), reported (0: a list that would show it has not come in), checked
 *                  (the day of that check).
 *   duty_teachers  the duty to exchange posts in the school year of the day (placing/duty.h):
 *                  record and register of it, area, school, school_name, stage, state, years,
 *                  key_teacher, exchanged, due.
 *   duty_places    its numbers: record, level (county, school), area, school, name, teachers,
 *                  eligible, unknown, required, exchanged, lacking, key_exchanged, key_required,
 *                  key_lacking.
 *
 * Only columns that the figures read are filled, so a desk is laid out for a list of figures. It
 * lives in the store handle; one at a time. */

struct desk_table;
struct desk_query;

/* What one query comes to. */
struct figure_tally {
    int64_t rows, sum; /* the sum of `value`; without such a column the rows */
    bool has_sum;
};

/* Laid out for one asker, day and moment. Who keeps it longer than one question sets arena and
 * asker to those of the next: `arena` holds what is read from then on. The areas of that asker are
 * those that it was laid out for. */
struct figure_desk {
    struct arena *arena;
    struct registry *registry;
    const struct asker *asker;
    struct read_at when;
    struct desk_table *tables;
    size_t table_count;
    struct desk_query *queries; /* those it was laid out for */
    size_t query_count;
};

/* Lays the desk out for these figures. ERR_INPUT with the figure's file and line when a query
 * cannot be read or asks for what is not there. Lives in the arena; the asker must live as long. */
MUST_USE bool figure_desk_open(struct figure_desk *desk, struct arena *arena,
                               struct registry *registry, const struct asker *asker,
                               struct read_at when, const struct figure *const *figures,
                               size_t count, struct err *err);

/* Prepares `before`, a query of a figure in brackets, and `after` ("SELECT count(*) FROM " …), with
 * its parameters bound. Before and after are literals of the program. */
#define figure_desk_prepare(desk, out, figure, part, before, after, err)                           \
    figure_desk_prepare_literal((desk), (out), (figure), (part), "" before "", "" after "", (err))
MUST_USE bool figure_desk_prepare_literal(struct figure_desk *desk, struct store_statement **out,
                                          const struct figure *figure, enum figure_part part,
                                          const char *before, const char *after, struct err *err);

/* Keeps the rows of a query on the desk, as they are listed: whatever is asked of it from then on
 * reads these. Nothing happens when they are kept already, or have columns that no table can have.
 */
MUST_USE bool figure_desk_keep(struct figure_desk *desk, const struct figure *figure,
                               enum figure_part part, struct err *err);
bool figure_desk_is_kept(const struct figure_desk *desk, const struct figure *figure,
                         enum figure_part part);

/* What people's work changes from minute to minute. */
enum figure_work { FIGURE_FINDINGS, FIGURE_CASES, FIGURE_PAYMENTS, FIGURE_WORKS };

/* Numbers that are others whenever anything changed from which a desk could be laid out. A desk
 * laid out at the same numbers, of the same day and areas, is the same. */
struct figure_desk_version {
    uint64_t registers; /* files came or were taken back, records were linked, a check was made */
    uint64_t work[FIGURE_WORKS];
};
MUST_USE bool figure_desk_version(struct registry *registry, struct figure_desk_version *out,
                                  struct err *err);

/* Lays out anew what of people's work changed between two versions of the same registers, and
 * forgets what was counted and kept of it. On failure the desk is of no more use. */
MUST_USE bool figure_desk_renew(struct figure_desk *desk, const struct figure_desk_version *was,
                                const struct figure_desk_version *is, struct err *err);

/* Whether anything was ever stated of what a query reads: some register of it has a file of that
 * time, or a check has run. Where nothing was, its number is not 0 but not known. */
bool figure_desk_is_stated(const struct figure_desk *desk, const struct figure *figure,
                           enum figure_part part);

/* Whether anything was ever stated of the table whose records a query lists. */
bool figure_desk_lists_stated(const struct figure_desk *desk, const struct figure *figure,
                              enum figure_part part);

/* The register that a table of the desk lists records of; NULL for those of the engines. */
const struct profile *figure_desk_profile(const struct figure_desk *desk, struct str table);

/* The day that a table of the desk speaks of. */
day figure_desk_day(const struct figure_desk *desk, struct str table);

/* Puts "FILE, line 12, rows" before an error. Always false. */
bool figure_at(const struct figure *figure, enum figure_part part, struct err *err);

#endif
