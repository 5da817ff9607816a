#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/page.h"
#include "cli/command.h"
#include "jobs/stages.h"

/* One run of the program: what was typed, and what the commands share. Words about data go to
 * standard error, data to standard output. */

struct option_value {
    const struct option *option;
    const char *text; /* as typed; "" for a flag */
};

struct cli {
    struct arena *arena; /* lives as long as the run */
    enum lang lang;
    bool lang_given; /* by --lang, not by the locale */
    const char *db;
    const char *user; /* of --user; NULL: local, the owner of the file */
    bool json, quiet, help, version;
    const struct command *command; /* NULL when none was named */
    struct option_value values[OPTIONS_MAX];
    size_t value_count;
    const char **words; /* what stands after the name, without options */
    size_t word_count;
    struct clock clock;
    struct workspace workspace; /* opened by cli_open, closed at the end of the run */
    bool workspace_is_open;
    struct asker asker; /* who runs the command; known once the workspace is open */
};

/* Reads what was typed. ERR_USAGE with a sentence that says what to type instead. `cli->lang` is
 * set first, so that the sentence comes in the language asked for. */
MUST_USE bool cli_parse(struct cli *cli, int argc, const char *const *argv, struct err *err);

/* The value of an option of the command: NULL (false, DAY_NONE, `otherwise`) when it is not given.
 * The values were checked by cli_parse. */
bool cli_has(const struct cli *cli, const char *option);
const char *cli_option(const struct cli *cli, const char *option);
day cli_day(const struct cli *cli, const char *option);
struct str cli_area(const struct cli *cli);
int64_t cli_count(const struct cli *cli, const char *option, int64_t otherwise);

/* How many threads --threads asks for: never more than THREADS_MAX, and 0, which is as many as the
 * machine offers, where it is not given. */
size_t cli_threads(const struct cli *cli);

/* Opens the workspace of --db (makes it when `create`), and logs in where --user asks for it.
 * ERR_STORE when it is not there; ERR_DENIED. */
MUST_USE bool cli_open(struct cli *cli, bool create, struct err *err);

/* The same for a trial, which keeps nothing: where there is none, an empty one in memory. */
MUST_USE bool cli_open_trial(struct cli *cli, struct err *err);

/* Opens it alone, to seal it anew. */
MUST_USE bool cli_open_alone(struct cli *cli, struct err *err);

/* Closes what is open, so that another may be opened. */
void cli_close(struct cli *cli);

/* The day and the moment of knowledge that the options ask for. */
MUST_USE bool cli_when(struct cli *cli, struct read_at *out, struct err *err);

/* Why full numbers are asked for (--reveal), empty when they are not. ERR_USAGE for no reason. */
MUST_USE bool cli_reveal(const struct cli *cli, struct str *reason, struct err *err);

/* One of two words, by language. */
const char *cli_say(const struct cli *cli, const char *zh, const char *en);

/* The languages of a page: both, unless --lang names one. */
enum page_words cli_page_words(const struct cli *cli);

/* A line on standard error, unless --json. */
void cli_note(const struct cli *cli, const char *zh, const char *en, ...)
    __attribute__((format(printf, 2, 4), format(printf, 3, 4)));

/* The sentence of an error on standard error: "baoxue: …". */
void cli_error(const struct cli *cli, const struct err *err);

/* The sentence, with what to type for it in brackets where there is something. */
struct str cli_sentence(const struct cli *cli, const struct err *err);

/* Texts in the arena. */
struct str cli_number(const struct cli *cli, uint64_t value);    /* "1234567" */
struct str cli_thousands(const struct cli *cli, uint64_t value); /* "1,234,567", for screens */
struct str cli_probability(const struct cli *cli, uint32_t ppm); /* "0.987654" */
struct str cli_bits(const struct cli *cli, int64_t millibits);   /* "12.345" */
struct str cli_date(const struct cli *cli, day d);               /* "2020-11-25" or "" */
struct str cli_moment(const struct cli *cli, int64_t ms);        /* UTC, "" for 0 */
struct str cli_format(const struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
