#ifndef FUZZ_TARGETS_H
#define FUZZ_TARGETS_H

#include "base/str.h"

/* What is fuzzed: readers of what others wrote. A target takes any bytes and must come back,
 * whatever they are; what it finds is a crash, a sanitizer's report, or a limit that is not kept.
 */

enum { FUZZ_SEEDS_MAX = 16 };

struct fuzz_target {
    const char *name;
    void (*run)(struct str input);
    struct str seeds[FUZZ_SEEDS_MAX]; /* up to one without bytes */
    const char *words;                /* blank-separated: what mutation may insert */
};

/* All targets, up to one without a name, in the arena. Seeds that take work are made when asked
 * for. */
const struct fuzz_target *fuzz_targets(struct arena *arena, bool seeds);

/* The targets "link", "http", "students", "article", "policy", "sheet" and "place", each in
 * NAME_target.c; seeds that are made lie in the arena. */
struct fuzz_target fuzz_link_target(void);
struct fuzz_target fuzz_http_target(void);
struct fuzz_target fuzz_students_target(void);
struct fuzz_target fuzz_article_target(void);
struct fuzz_target fuzz_policy_target(void);
struct fuzz_target fuzz_place_target(void);
struct fuzz_target fuzz_sheet_target(struct arena *arena);

#endif
