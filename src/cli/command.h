#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "access/role.h"
#include "base/day.h"

/* What a command is: its name, what it says of itself, the options it takes and who does it. Each
 * command stands whole in a file of its own; commands.c lists them. Parsing, help, the manual page,
 * the documents and the shell completion are all made from these. */

enum { OPTIONS_MAX = 24, EXAMPLES_MAX = 4, WORDS_MAX = 4096 };

/* What an option holds; values are checked before the command starts. */
enum option_type {
    OPTION_FLAG,   /* there or not */
    OPTION_TEXT,   /* any text */
    OPTION_FILE,   /* a path that is read */
    OPTION_OUTPUT, /* a path that is written, with many people in it */
    OPTION_LETTER, /* a path that is written, with one person in it or none */
    OPTION_DAY,    /* 2020-11-25 */
    OPTION_MOMENT, /* a day, or a day and time in UTC */
    OPTION_AREA,   /* a division code of 6, 9 or 12 digits */
    OPTION_COUNT,  /* a whole number from 0 */
    OPTION_NUMBER, /* a whole number of 32 bits, with a sign where it is negative */
    OPTION_CHOICE, /* one of `choices` */
};

struct option {
    const char *name; /* "--at" */
    enum option_type type;
    const char *value;   /* what stands for the value in help: "DATE"; NULL for a flag */
    const char *choices; /* for OPTION_CHOICE, with "|" between */
    const char *zh, *en; /* what it does */
};

/* The options that several commands take, with one meaning and one text. */
#define OPTION_OF_AT                                                                               \
    {"--at", OPTION_DAY, "DATE", NULL, "比对日（默认名册所述的最近一天）",                         \
     "the day asked about (default: the newest that the registers speak of)"}
#define OPTION_OF_KNOWN                                                                            \
    {"--known", OPTION_MOMENT, "MOMENT", NULL, "以当时所知为准（默认现在）",                       \
     "as known then (default now)"}
#define OPTION_OF_OUT                                                                              \
    {"--out", OPTION_OUTPUT, "FILE", NULL, "写入文件（.xlsx 或 .csv）",                              \
     "writes a file (.xlsx or .csv)"}
#define OPTION_OF_ALL                                                                              \
    {"--all", OPTION_FLAG, NULL, NULL, "屏幕上显示全部行", "all rows, also on a terminal"}
#define OPTION_OF_REVEAL                                                                           \
    {"--reveal", OPTION_TEXT, "REASON", NULL, "显示证件号码全号，理由记入审计",                    \
     "shows ID numbers in full; the reason is audited"}

struct example {
    const char *line;    /* "baoxue check --at 2020-11-25" */
    const char *zh, *en; /* what it shows */
};

struct cli;

struct command {
    const char *name;  /* "import", "import list" */
    const char *words; /* what stands after the name: "FILE…" */
    size_t words_min, words_max;
    uint32_t capability; /* enum capability that --user needs; 0: --user does not go with it */
    const char *zh, *en;                   /* one line */
    const char *more_zh, *more_en;         /* what else is worth knowing, or NULL */
    struct option options[OPTIONS_MAX];    /* ends with a NULL name */
    struct example examples[EXAMPLES_MAX]; /* ends with a NULL line */
    /* Does it. Returns the exit code through *exit_code (0 when it is left alone); false with `err`
     * on failure. */
    bool (*run)(struct cli *cli, int *exit_code, struct err *err);
};

/* All commands, by name, and the options that every command takes. */
const struct command *const *commands_all(size_t *count);
const struct option *options_global(size_t *count);

/* The command with exactly this name, or NULL. */
const struct command *command_find(struct str name);

#endif
