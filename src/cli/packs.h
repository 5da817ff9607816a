#ifndef CLI_PACKS_H
#define CLI_PACKS_H

#include "awards/pack.h"
#include "cli/cli.h"

/* Packs of policy text, as commands name them. */

#define OPTION_OF_PACKS                                                                            \
    {                                                                                              \
        "--packs", OPTION_TEXT, "PACK,…", NULL, "只用这些政策包（名称或文件夹）；默认全部内置包",  \
            "only these packs (names or folders); default: all packs built in"                     \
    }

/* Reads the packs that stand behind the command (`words`), or all. Of a text with several faults
 * the error is the first, and a note says how many there are. */
MUST_USE bool packs_of_words(struct cli *cli, const char *const *words, size_t count,
                             struct pack_set *out, struct err *err);

/* The same for --packs, names with commas between. */
MUST_USE bool packs_of_option(struct cli *cli, struct pack_set *out, struct err *err);

/* The parts of a list with commas between, each zero-terminated; none for NULL. */
const char **packs_split(struct cli *cli, const char *list, size_t *count);

/* The number of a scheme by its key or one of its words. ERR_USAGE names the nearest. */
MUST_USE bool packs_scheme(struct cli *cli, const struct policy *policy, const char *name,
                           uint16_t *out, struct err *err);

/* "policies/national/rules/student.policy:12:3". In the arena of `cli`. */
struct str packs_place(const struct cli *cli, const struct policy *policy,
                       struct policy_place place);

#endif
