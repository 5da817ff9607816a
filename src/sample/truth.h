#ifndef SAMPLE_TRUTH_H
#define SAMPLE_TRUTH_H

#include "sample/clerk.h"
#include "sample/office.h"

/* The truth beside the files: who each record speaks of, who is missing, what the other findings
 * are. people.csv   entity,name,id_number,birth_date,sex,area,situation records.csv
 * file,sheet,row,part,register,entity     part 0: the row's own person missing.csv
 * entity,name,id_number,birth_date,area,day,story,register,outcome findings.csv
 * kind,entity,name,id_number,day,note aid.csv   child,scheme,period,due_fen,paid_fen,kind
 * accounts.csv   child,account,holder,bank,kind Children are entities C0000001 …, adults
 * A0000001 …. */

struct truth {
    struct arena *arena;
    const char *folder;
    struct clerk *records;
    uint64_t two_records; /* rows that stand twice on one roll */
    LIST(uint32_t) twice; /* children of whom one does */
};

/* Makes FOLDER/truth/records.csv; the folder is there. ERR_IO. */
MUST_USE bool truth_open(struct truth *out, struct arena *arena, const char *folder,
                         struct err *err);

/* One record as written: who stands in which row. */
MUST_USE bool truth_record(struct truth *truth, struct str file, struct str sheet, uint64_t number,
                           enum source source, const struct entry *entry, const struct row *row,
                           struct err *err);

/* Writes the rest. truth_abandon after a failure. */
MUST_USE bool truth_close(struct truth *truth, const struct city *city, struct err *err);
void truth_abandon(struct truth *truth);

#endif
