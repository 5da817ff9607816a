#ifndef FIGURES_REPAIR_INTERNAL_H
#define FIGURES_REPAIR_INTERNAL_H

#include "figures/repair.h"

/* Inside of repairing. */

/* The bytes as GB18030; false when they are not. */
bool repair_from_gb18030(struct arena *arena, struct str bytes, struct str *out);

/* Pieces of a line that were read in a wrong encoding and saved as what they looked like. */
struct str repair_mojibake(struct arena *arena, struct str line, size_t number,
                           struct repairs *repairs);

/* The text as code points, with the byte at which each begins and the end behind the last. */
struct codes {
    uint32_t *at;
    size_t *starts;
    size_t count;
};
struct codes codes_of(struct arena *arena, struct str text);
struct str codes_slice(const struct codes *codes, struct str text, size_t from, size_t to);

bool code_is_digit(uint32_t code);
bool code_is_blank(uint32_t code); /* blanks of every width, tabs */

#endif
