#ifndef CASES_PACK_TEXT_H
#define CASES_PACK_TEXT_H

#include "base/str.h"

/* The texts that packs keep in a folder of one name: policies/PACK/FOLDER/NAME.yaml. */

enum { PACK_TEXT_BYTES_MAX = 1 << 20 };

struct pack_text {
    struct str pack, name; /* "national", "dropout" */
    const char *path;      /* for messages */
    struct str text;
};

/* All of them, from the packs built in or from `policies` when not NULL: the national pack first,
 * then by pack and name. ERR_IO, ERR_LIMIT. */
MUST_USE bool pack_texts(struct arena *arena, const char *policies, const char *folder,
                         struct pack_text **out, size_t *count, struct err *err);

#endif
