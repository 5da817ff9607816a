#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "base/json.h"
#include "cli/cli.h"

/* A table that a command gives back, in the form asked for: one JSON document with --json; a
 * workbook or CSV where --out names a file; without either an aligned table on a terminal, else
 * CSV. Keys of
 * columns are the same in every language; the words above a table on a terminal are not. */

enum { REPORT_COLUMNS_MAX = 32, REPORT_TERMINAL_ROWS = 50 };

struct report_column {
    const char *key;
    const char *zh, *en; /* above the column on a terminal */
    bool number;         /* a whole number: right-aligned, a number in JSON and workbooks */
};

struct report;

/* `name` is the key of the rows in JSON and the sheet's name. The report lives in the arena of
 * `cli`. ERR_IO. */
MUST_USE bool report_open(struct report **out, struct cli *cli, const char *name,
                          const struct report_column *columns, size_t count, struct err *err);

/* The JSON document, between its braces and before the rows, for keys of the command's own; NULL
 * when the form is another. Only before the first row. */
struct json *report_json(struct report *report);

/* One row. `shown` are the words for a terminal where they differ from the values (may be NULL, and
 * an entry with ptr NULL means the value). */
MUST_USE bool report_row(struct report *report, const struct str *values, const struct str *shown,
                         struct err *err);

/* Whether rows end as CSV; then `count` rows that are written as such already (base/csv.h, each
 * with its line end) can be given at once. */
bool report_takes_csv(const struct report *report);
MUST_USE bool report_csv(struct report *report, struct str rows, uint64_t count, struct err *err);

/* Writes what is left. On a terminal only the first REPORT_TERMINAL_ROWS rows are shown unless the
 * command has --all and it is given, and a line says how to see the others. */
MUST_USE bool report_close(struct report *report, struct err *err);

/* Leaves nothing behind of a file that --out names. NULL accepted. */
void report_abandon(struct report *report);

/* True when data goes to a terminal as a table. */
bool report_on_terminal(const struct cli *cli);

/* A document of a command's own: an object, written into `text`. The end writes it, and a line
 * end, to standard output. */
void report_json_begin(const struct cli *cli, struct text *text, struct json *json);
MUST_USE bool report_json_end(const struct text *text, struct json *json, struct err *err);

/* Writes a finished JSON document and a line end to standard output. */
MUST_USE bool report_write_json(const struct text *text, struct err *err);

enum { REPORT_JSON_BYTES_MAX = 1 << 30 };

#endif
