#ifndef SAMPLE_ANSWERS_H
#define SAMPLE_ANSWERS_H

#include "base/dict.h"
#include "base/err.h"
#include "base/list.h"

/* The truth beside the files, read back: what somebody of the sample city answers who is asked
 * about a row of its files. */

struct answer_row {
    uint64_t entity; /* as in truth/people.csv, children and adults apart; 0: not known */
};

struct answers {
    struct arena *arena;
    struct dict wanted; /* rows asked about */
    LIST(struct answer_row) rows;
    struct u64_map codes; /* by entity: number of the code in `words` */
    struct u64_map later; /* and what became of it by the last day */
    struct dict words;
};

/* Nothing is asked yet; all that comes lives in `arena`. */
void answers_init(struct answers *answers, struct arena *arena);

/* Asks about a row; gives the number by which its answer is found. `part`: 0 for the row's own
 * person, n for the nth that it names in a cell. The same row twice has one number. */
uint32_t answers_ask(struct answers *answers, struct str file, struct str sheet, uint64_t row,
                     uint32_t part);

/* Reads FOLDER/truth once for all that was asked. ERR_IO, ERR_INPUT. */
MUST_USE bool answers_read(struct answers *answers, const char *folder, struct err *err);

/* Who stands in the row: the same number for the same person; 0 when the truth does not say. */
uint64_t answers_entity(const struct answers *answers, uint32_t number);

/* The code of the national platform under which the child of that entity is to be cleared on the
 * first day (truth/suspects.csv), or what its situation comes to (truth/people.csv). `last`: on the
 * last day, when those who were missing (truth/missing.csv) are somewhere. Empty: not known. */
struct str answers_code(const struct answers *answers, uint64_t entity, bool last);

#endif
