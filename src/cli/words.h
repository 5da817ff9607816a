#ifndef CLI_WORDS_H
#define CLI_WORDS_H

#include "cli/cli.h"
#include "jobs/awards.h"

/* Words on screen for what columns and JSON name by keys. */

/* "学籍" for the roll. Borrowed from the profile. */
struct str words_register(const struct cli *cli, const struct profile *profile);

/* "在读" for "active" in field `key` of a register; the value itself where the field has no such
 * choice. Borrowed. */
struct str words_choice(const struct cli *cli, const struct profile *profile, const char *key,
                        struct str value);

/* The words for the reasons of a finding, with ";" between (reason.h); `aid` may be NULL. */
struct str words_reasons(const struct cli *cli, const struct policy *policy, struct str keys);

#endif
