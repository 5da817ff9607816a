#ifndef BASE_ASSET_H
#define BASE_ASSET_H

#include "base/str.h"

/* Files built into the program by tools/embed.py: policies, schemas, tables of characters. Names
 * are paths from the project's root ("policies/national/registers/roll.yaml"), sorted. */

struct asset {
    const char *name;
    const unsigned char *bytes; /* read-only, `size` bytes, then one zero */
    size_t size;
};

/* The content of the asset with this name; false when there is none. */
bool asset_find(const char *name, struct str *content);

/* All assets whose names start with `prefix`, in name order: *first points at the first of *count
 * consecutive ones. */
void asset_range(const char *prefix, const struct asset **first, size_t *count);

#endif
