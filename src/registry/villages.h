#ifndef REGISTRY_VILLAGES_H
#define REGISTRY_VILLAGES_H

#include "base/dict.h"
#include "registry/registry.h"

/* The villages register as it stands: where a row lies that only names its village. A name alone
 * counts where one village has it; a name that several have, never. */

struct village {
    struct str code;             /* 12 digits */
    struct str township, county; /* short names, may be empty */
    uint32_t next;               /* another village of this name, plus 1; 0: none */
};

struct villages {
    struct dict names;     /* short: 红堡子 of 红堡子村 */
    struct village *items; /* by name */
    size_t count, capacity;
    uint32_t *first; /* by number in names: village, plus 1 */
    size_t first_capacity;
};

/* Reads the villages register (empty when there is none) into the arena. */
MUST_USE bool villages_read(struct villages *villages, struct arena *arena,
                            struct registry *registry, struct err *err);

/* The code of the one village of this name inside `area` (a division code, may be empty) whose
 * township and county, where both the row and the register name them, are those named. Empty when
 * there is none, or more than one. */
struct str villages_find(const struct villages *villages, struct str village, struct str township,
                         struct str county, struct str area);

#endif
