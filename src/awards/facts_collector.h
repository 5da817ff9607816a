#ifndef AWARDS_FACTS_COLLECTOR_H
#define AWARDS_FACTS_COLLECTOR_H

#include "awards/facts_rows.h"
#include "base/list.h"

/* Inside of facts_rows.h: rows that are kept while people are read, and what a narrowed collector
 * passes over and may fetch later (facts_narrow.c). */

enum { FACT_COUNTY_DIGITS = 6 };

/* A row that was passed over, of whom no record is made: somebody's who may answer for a person. */
struct passed_row {
    uint64_t id_hash;
    int64_t statement;
};

struct kept {
    LIST(struct fact_row) rows;
    LIST(uint32_t) values;
    uint32_t last[FACT_SLOTS_MAX]; /* of the row before: neighbours often agree */
    LIST(struct passed_row) passed;
    char county[FACT_COUNTY_DIGITS]; /* of the row passed over before */
};

struct fact_collector {
    struct arena *arena;
    const struct facts_text *text;
    struct people_listener listener;
    struct dict texts;
    int *registers;         /* by register number of people: in text.registers, or -1 */
    struct kept *kept;      /* by register of the text */
    size_t reading;         /* register of the text that is being read by itself */
    const struct dict *ids; /* NULL: not narrowed */
    struct dict counties;   /* as in fact_rows */
};

/* facts_rows.c: keeps a row. */
void fact_collector_keep(struct fact_collector *collector, size_t register_number,
                         const struct statement *statement, bool set_aside);

/* facts_rows.c: whether rows of a register are kept, those of adults of whom there is no record
 * among them. */
bool fact_collector_wants(const struct fact_collector *collector, size_t register_number,
                          bool set_aside);

/* facts_narrow.c: whether a narrowed collector passes over a row; notes what it has to know of it.
 */
bool fact_collector_passes(struct fact_collector *collector, size_t register_number,
                           const struct statement *statement, bool set_aside);

#endif
