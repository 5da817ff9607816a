#ifndef CLI_PLACE_H
#define CLI_PLACE_H

#include "cli/cli.h"
#include "placing/placing.h"

/* What the commands `place run`, `place verify` and `place explain` share: their files. */

#define OPTIONS_OF_PLACE                                                                           \
    {"--rules",                                                                                    \
     OPTION_FILE,                                                                                  \
     "RULES.yaml",                                                                                 \
     NULL,                                                                                         \
     "批次、比例、同分比较等规则（必填）",                                                         \
     "the rules: batches, ratios, ties (needed)"},                                                 \
        {"--programmes", OPTION_FILE,        "P.csv",                                              \
         NULL,           "招生计划（必填）", "groups, programmes and their seats (needed)"},       \
        {"--applicants", OPTION_FILE,          "A.csv",                                            \
         NULL,           "考生与成绩（必填）", "applicants and their scores (needed)"},            \
        {"--choices", OPTION_FILE, "C.csv", NULL, "志愿（必填）", "their wishes (needed)"},        \
    {                                                                                              \
        "--allotments", OPTION_FILE, "Q.csv", NULL, "分给各初中的名额（规则里有分配批次时必填）",  \
            "seats given to junior schools (needed where the rules allot any)"                     \
    }

/* The paths of the files. ERR_USAGE names the first that is missing. */
MUST_USE bool place_paths_of(const struct cli *cli, struct place_paths *out, struct err *err);

/* The value of an option that a command cannot do without. ERR_USAGE when it is not given. */
MUST_USE bool place_needs(const struct cli *cli, const char *option, const char **out,
                          struct err *err);

#endif
