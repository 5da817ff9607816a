#ifndef JOBS_UPLOAD_H
#define JOBS_UPLOAD_H

#include "jobs/snapshot.h"
#include "jobs/task.h"

/* Files that wait to be imported: somebody sends them, looks at what they were taken for, corrects
 * columns and cells, and imports them or throws them away. They lie outside the workspace in a
 * private folder beside it ("WORKSPACE.uploads/NUMBER/"), are seen only by whoever sent them, and
 * go after UPLOAD_LIFE_MS, and when the program starts anew.
 *
 * Looking at a file and importing it are tasks (task.h); they read it by the same parser. All
 * functions may be called by any thread. */

enum {
    UPLOADS_MAX = 200,
    UPLOADS_OF_ONE_MAX = 20,
    UPLOAD_FIXES_MAX = 1000,  /* corrected cells of a file */
    UPLOAD_COLUMNS_MAX = 512, /* corrected columns of a file */
    UPLOAD_NOTED_ROWS_MAX = 200,
    UPLOAD_SAMPLES_MAX = 3,
    UPLOAD_LIFE_MS = 24 * 60 * 60 * 1000,
};

struct uploads;

/* A column of a sheet as it stands in the file, and the field it was taken for. */
struct upload_column {
    size_t place;       /* from 0 */
    struct str heading; /* as written; may be empty */
    struct str field;   /* key; empty: none */
    bool identifying;   /* samples and cells are masked, unless a remark is about the cell */
    struct str samples[UPLOAD_SAMPLES_MAX];
    size_t sample_count;
};

struct upload_sheet {
    struct str name;
    struct str register_key; /* empty: not read */
    uint64_t header_row, rows;
    struct upload_column *columns;
    size_t column_count;
};

struct upload_note {
    size_t column;   /* SIZE_MAX: the row as a whole */
    struct str code; /* intake/note.h */
};

/* A row that something is remarked about. */
struct upload_row {
    size_t sheet;
    uint64_t row;
    bool rejected;
    struct upload_note *notes;
    size_t note_count;
    struct str *cells; /* in the order of the sheet's columns; corrected ones as corrected */
    size_t cell_count;
};

/* What the last look at a file found; nothing of it was kept in the workspace. */
struct upload_look {
    bool taken;              /* else refused, for the reason in `error` */
    bool unchanged;          /* the same bytes were imported before */
    struct str register_key; /* of most rows; empty when not recognised */
    day at;                  /* what the file says of the day, or DAY_NONE */
    uint64_t rows, accepted, warned, rejected;
    uint64_t would_end; /* records that end if the file is a complete export */
    struct str scope;
    struct err error;
    struct upload_sheet *sheets;
    size_t sheet_count;
    struct upload_row *noted; /* the first UPLOAD_NOTED_ROWS_MAX, in file order */
    size_t noted_count;
};

struct upload_file {
    struct str name; /* unique in its upload */
    const char *path;
    bool looked;   /* `look` is there */
    bool imported; /* nothing is left to do */
    struct upload_look look;
};

struct upload {
    int64_t number;
    struct str owner;
    int64_t task; /* the last that was started for it */
    struct upload_file *files;
    size_t file_count;
};

/* Opens the folder, making it where it is not there and emptying it; lives in the arena. Tasks
 * open the workspace through `base`, and wish for a new snapshot when something was imported.
 * ERR_IO; ERR_CONFLICT while another program has it open. */
MUST_USE bool uploads_open(struct uploads **out, struct arena *arena, const struct workspace *base,
                           struct tasks *tasks, struct snapshot_hub *hub, struct err *err);
void uploads_close(struct uploads *uploads); /* NULL accepted; no task may run any more */

/* Makes the folder of a new upload, before its files come. ERR_IO. */
MUST_USE bool upload_begin(struct uploads *uploads, struct arena *arena, int64_t *number,
                           const char **folder, struct err *err);

/* What comes with the files. */
struct upload_wish {
    struct str as, area; /* register and area for all of them; may be empty */
    day at;              /* the day they speak of, or DAY_NONE */
};

/* The files are there: keeps the upload for `asker` and starts the first look. The folder is then
 * the upload's. ERR_LIMIT. */
MUST_USE bool upload_keep(struct uploads *uploads, const struct asker *asker, int64_t number,
                          const struct upload_file *files, size_t count,
                          const struct upload_wish *wish, int64_t *task, struct err *err);

/* Takes an upload away with all its files, whoever's it is; one that is not there is no error. */
void upload_discard(struct uploads *uploads, int64_t number);

/* Calls `visit` with the asker's upload while nothing in it changes. ERR_NOT_FOUND. */
MUST_USE bool upload_visit(struct uploads *uploads, const struct asker *asker, int64_t number,
                           void (*visit)(void *context, const struct upload *upload), void *context,
                           struct err *err);

/* A corrected column (`field` empty: leave it aside) and a corrected cell. */
struct upload_map {
    struct str file, sheet;
    struct str as;                       /* the register of the file; empty: as it was */
    const struct intake_column *columns; /* sheets and headings are filled in */
    size_t column_count;
};
struct upload_cell {
    struct str file, sheet;
    uint64_t row;
    size_t place;
    struct str value;
};

/* These put the correction beside those that are there and look at the file again, as *task.
 * ERR_NOT_FOUND for an upload, file, sheet, row or column that is not there; ERR_USAGE for a
 * register or field that is none; ERR_LIMIT; ERR_CONFLICT for a file that is imported already. */
MUST_USE bool upload_correct_map(struct uploads *uploads, const struct asker *asker, int64_t number,
                                 const struct upload_map *map, int64_t *task, struct err *err);
MUST_USE bool upload_correct_cell(struct uploads *uploads, const struct asker *asker,
                                  int64_t number, const struct upload_cell *cell, int64_t *task,
                                  struct err *err);

/* One sheet of a file (empty: the first that is read) as a workbook, corrected cells as corrected,
 * with a first column that says of each row what is wrong: to be put right in a spreadsheet and
 * sent again. Numbers are whole: it is the asker's own file. Read in the caller's workspace.
 * ERR_NOT_FOUND, ERR_INPUT for a file that cannot be read, ERR_LIMIT for one that does not fit into
 * a workbook. */
struct upload_annotation {
    int64_t number;
    struct str file, sheet;
    const char *path; /* of the workbook, ends in ".xlsx" */
};
MUST_USE bool upload_annotate(struct uploads *uploads, const struct asker *asker,
                              const struct upload_annotation *wanted, struct workspace *workspace,
                              struct arena *arena, struct err *err);

/* Imports the files that are not refused, schools and places first, as *task, whose result is
 * {"batches":[…],"rows","accepted","warned","rejected","ended","refused"}. Files that were imported
 * leave the upload, and with the last of them it goes. */
MUST_USE bool upload_import(struct uploads *uploads, const struct asker *asker, int64_t number,
                            bool complete, bool yes, int64_t *task, struct err *err);

#endif
