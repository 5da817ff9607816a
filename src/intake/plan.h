#ifndef INTAKE_PLAN_H
#define INTAKE_PLAN_H

#include "intake/intake.h"
#include "intake/recognise.h"

/* What was found out about one sheet before it is decided which register the file is of. */
struct sheet_look {
    size_t sheet;
    struct str name;
    struct head head;
    struct candidate *candidates; /* one a profile */
    const struct candidate *best; /* NULL: not sure enough */
    size_t rows;                  /* data rows in the sample */
    unsigned char *orders;        /* per column */
    bool *grouped;                /* per column: stated once for a group of rows */
    struct str place;             /* prefecture of most ID numbers, or empty */
    bool hidden;
};

/* Reads the first rows of a sheet and tries all registers on it. */
MUST_USE bool sheet_look_at(struct sheet_look *out, struct arena *arena, struct workbook *workbook,
                            size_t sheet, struct str file, const struct profiles *profiles,
                            const struct heading_map *map, struct err *err);

/* The plan of a sheet read as a candidate says; `candidate` NULL: passed over. */
void sheet_plan_make(struct sheet_plan *out, struct arena *arena, const struct sheet_look *look,
                     const struct candidate *candidate, const struct intake_file *file);

/* The refusal of a file none of whose sheets was recognised. Always false. */
bool plan_refuse(const struct sheet_look *looks, size_t count, const struct profiles *profiles,
                 const struct profile *forced, struct err *err);

#endif
