#ifndef BASE_SCAN_H
#define BASE_SCAN_H

#include "base/err.h"
#include "base/str.h"

/* Looking through many bytes at once. Each variant does the same with other instructions of the
 * processor and gives the same results; which one is used is decided when the program runs, and
 * passed on by whoever decided. */

enum { SCAN_BLOCK_BYTES = 64, SCAN_VARIANTS_MAX = 4 };

struct scan {
    const char *name; /* "scalar", "avx2", "avx512", "neon" */

    /* Marks a csv text of `blocks` times 64 bytes: bit i of block b stands for byte 64 b + i.
     * `cells` gets the separators, `lines` the line feeds and carriage returns. */
    void (*csv_marks)(const char *bytes, size_t blocks, char separator, uint64_t *cells,
                      uint64_t *lines);

    /* True when all of it is UTF-8: no surrogates, no overlong forms, nothing cut off. */
    bool (*utf8_valid)(const char *bytes, size_t size);
};

/* The variants that this machine offers, the slowest first: at least "scalar". */
size_t scan_variants(const struct scan *out[SCAN_VARIANTS_MAX]);

/* The fastest, or the one that `wish` names (the command line takes it from the environment
 * variable BAOXUE_SIMD; NULL or empty: no wish). ERR_INPUT when this machine does not offer that
 * one. */
MUST_USE bool scan_choose(const char *wish, const struct scan **out, struct err *err);

#endif
