#ifndef SAMPLE_SAMPLE_H
#define SAMPLE_SAMPLE_H

#include "base/day.h"
#include "base/progress.h"
#include "identity/division.h"
#include "profile/profile.h"

/* A sample city: people, households, schools and registers as they are, then the files that clerks
 * would export of them, spoilt at stated rates (docs/sample.md), and the truth beside. What it
 * draws is text in policies/PLACE/sample.yaml; this module knows no place. Same seed, same bytes.
 */

struct sample_options {
    const char *folder; /* writes folder/files/ and folder/truth/ */
    uint32_t children;  /* children and youths of 3 to 22; 0: the whole city */
    uint64_t seed;
    int64_t error_permille;          /* 1000: the rates as stated; 3000: three times the errors */
    const char *policies;            /* a packs folder in place of the embedded packs, or NULL */
    const struct progress *progress; /* may be NULL */
};

struct sample_result {
    uint64_t children, households, schools, files, rows;
    uint64_t missing_first;  /* truly out of school on the first day */
    uint64_t missing_last;   /* and on the last */
    day first, last;         /* the days of the story: 2020-09-15 and 2020-11-25 */
    struct str *first_files; /* names below folder/files/, as of the first day */
    size_t first_file_count;
    struct str *last_files; /* and those that came by the last day */
    size_t last_file_count;
};

/* Writes the city. The folder must be new or empty (ERR_CONFLICT otherwise). ERR_IO, ERR_INPUT (the
 * sample's text). Result in the arena. */
MUST_USE bool sample_write(struct arena *arena, const struct sample_options *options,
                           struct sample_result *out, struct err *err);

#endif
