#ifndef AWARDS_FACTS_ROWS_H
#define AWARDS_FACTS_ROWS_H

#include "awards/facts_text.h"
#include "link/people.h"

/* The rows of the registers that facts are made of, with the fields that the text reads: kept while
 * people are read (people_listener), so that no row is opened twice. Also of adults who become no
 * record: a head of household may stand for all of it. */

struct fact_row {
    int64_t statement, batch;
    day valid_from;
    uint32_t register_number; /* in facts_text.registers */
    uint32_t first;           /* its values: in fact_rows.values, by slot */
    bool set_aside;           /* an adult's, of whom there is no record */
};

struct fact_rows {
    struct arena *arena;
    const struct facts_text *text;
    struct dict texts;     /* number 0 is the empty text */
    struct fact_row *rows; /* by register of the text, then statement */
    size_t row_count;
    uint32_t *values; /* numbers in texts */
    size_t value_count;
    size_t *firsts;       /* by register of the text: its first row; one more at the end */
    struct dict counties; /* "REGISTER/620422" of rows that were heard and not kept */
};

struct fact_collector;

/* Begins to keep rows: the collector's listener is given to people_read_heard of people whose
 * registers are those of `profiles`. Lives in the arena. */
struct fact_collector *fact_collector_open(struct arena *arena, const struct facts_text *text,
                                           const struct profiles *profiles);
const struct people_listener *fact_collector_listener(const struct fact_collector *collector);

/* For a text about few people: of registers of people only rows with one of these ID numbers are
 * kept, and those of registers that speak for households; of the others it is known in which county
 * there are any. To be called before the first row; borrows `ids`. */
void fact_collector_narrow(struct fact_collector *collector, const struct dict *ids);

/* After the people were linked: reads what else speaks of the persons of whom a row was kept: their
 * other rows, and those of who answers for them. Then all that the text can say of these persons is
 * as if every row had been kept. Nothing where the collector was not narrowed. Errors as
 * registry_statement. */
MUST_USE bool fact_collector_fetch(struct fact_collector *collector, struct registry *registry,
                                   const struct asker *asker, const struct people *people,
                                   struct err *err);

/* After the people: reads registers whose rows are no people (schools), and gives all rows.
 * Errors as registry_read. */
MUST_USE bool fact_collector_close(struct fact_collector *collector, struct registry *registry,
                                   const struct asker *asker, struct read_at when,
                                   struct fact_rows *out, struct err *err);

/* What a row says in a slot, as text; and its number in texts. */
struct str fact_text_at(const struct fact_rows *rows, uint32_t row, int slot);
uint32_t fact_value_at(const struct fact_rows *rows, uint32_t row, int slot);

#endif
