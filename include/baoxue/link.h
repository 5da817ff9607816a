#ifndef BAOXUE_LINK_H
#define BAOXUE_LINK_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* libbaoxue: which records are the same person, or the same anything
 *
 * The library links the records of two lists, or finds the duplicates inside one, by the model of
 * Fellegi and Sunter: it learns from the records themselves, without labels, how much it says that
 * two names are equal, alike or different, adds that up over the columns, and joins what belongs
 * together. It is the engine of the command `baoxue match`: the same spec and the same records give
 * the same result in both, to the last bit, for any number of threads.
 *
 * The whole of it, without a look at errors:
 *
 *     struct baoxue_link *link;
 *     baoxue_link_open(&link, spec, BAOXUE_LINK_ALL, NULL);
 *     baoxue_link_add_file(link, BAOXUE_LINK_LEFT, "roll.csv", NULL);
 *     baoxue_link_add_file(link, BAOXUE_LINK_RIGHT, "population.csv", NULL);
 *     baoxue_link_run(link, NULL);
 *     for (size_t i = 0; i < baoxue_link_pair_count(link); i++) {
 *         struct baoxue_link_pair pair;
 *         baoxue_link_pair(link, i, &pair);
 *         …
 *     }
 *     baoxue_link_close(link);
 *
 * docs/examples/link_people.c is a program that does all there is to do. Compile and link with
 * `pkg-config --cflags --libs baoxue`.
 *
 *
 * What is linked
 *
 * A spec is a YAML text that names the columns, how each is compared, which pairs are looked at and
 * from which weight on records are joined. docs/linking.md describes it, `baoxue match schema`
 * prints it as a JSON Schema. The smallest that does something:
 *
 *     id: number
 *     compare:
 *       name: {on: name, levels: [exact, jaro_winkler 0.9]}
 *       born: {on: born, levels: date}
 *     block: [name, born]
 *
 * Records are rows of texts in UTF-8, added one by one or from files, to the left list or to the
 * right one. With a right list, pairs between the two are compared (unless the spec says `pairs:
 * all`); without one, pairs inside the left.
 *
 * Records are numbered from 0: the rows of the left list in the order added, then those of the
 * right. A pair names the smaller number first. Clusters are numbered from 0 in the order of their
 * first record.
 *
 * Weights are log2 of the odds that two records match, in thousandths of a bit ("millibits"),
 * always whole numbers: 0 is even odds, 10000 a thousand to one, -10000 one to a thousand.
 *
 *
 * In what order
 *
 *     open → add rows, add files → prepare → decide, set_model or train → run → results, explain
 *      └─ keep_state, set_state ──↗                                        └─ state, for next time
 *
 * prepare, train and run each do what must come before them and is not done yet. After prepare no
 * row can be added. train, set_model, decide and run can be called again: a new run replaces the
 * results of the last. A call that comes at the wrong time is refused (BAOXUE_LINK_MISUSE) and
 * changes nothing.
 *
 *
 * Errors
 *
 * What can fail returns a status, BAOXUE_LINK_OK (0) or one of the others, and then describes it in
 * *error, one sentence in English and the same in Chinese, unless `error` is NULL. On failure no
 * output is touched, and the handle is as it was before the call: it can be used on, or closed.
 * Functions that cannot fail when used as described return their result; asked for what is not
 * there (a number beyond the end, results before a run) they return 0 or NULL.
 *
 * When memory runs out the process ends, with a sentence on standard error. The library never
 * prints otherwise, raises no signal, reads no environment, and keeps no global state. Decimals in
 * specs, models and files are read with a point: a program that calls setlocale leaves LC_NUMERIC
 * at "C".
 *
 *
 * Threads
 *
 * Different handles can be used by different threads at the same time. One handle is used by one
 * thread at a time. train, run and clusters_at work on as many threads of their own as
 * baoxue_link_set_threads says, add_file and prepare on as many as the machine offers; those end
 * before the call returns. The progress callback comes from the calling thread or from one of
 * those, one call at a time.
 *
 *
 * Memory
 *
 * What a handle gives out (texts, explanations, lists of members) belongs to it and is good until
 * the next baoxue_link_run, _train, _set_model or _close of this handle, unless said otherwise.
 * What is passed in is copied and may be freed after the call. The engine needs about 30 bytes a
 * record and column beside the texts, 24 a pair kept, and while it reads about twice the size of
 * the files; baoxue_link_memory tells what is held. All is given back by baoxue_link_close.
 *
 *
 * Versions
 *
 * Versions are MAJOR.MINOR.PATCH. Within a MAJOR nothing that stands here is taken away or changed:
 * functions keep their meaning, structs their layout, constants their value; new functions and
 * constants may come. The shared library is named for its MAJOR (libbaoxue.so.1) and exports what
 * stands here and nothing else; the static one likewise. A program runs with every library of the
 * same MAJOR and the same or a later MINOR; baoxue_link_open checks that.
 */

#define BAOXUE_LINK_VERSION_MAJOR 1
#define BAOXUE_LINK_VERSION_MINOR 1
#define BAOXUE_LINK_VERSION_PATCH 0
#define BAOXUE_LINK_VERSION "1.1.0"

/* The version as one number that rises with it: 1.1.0 is 10100. */
#define BAOXUE_LINK_VERSION_NUMBER                                                                 \
    (BAOXUE_LINK_VERSION_MAJOR * 10000 + BAOXUE_LINK_VERSION_MINOR * 100                           \
     + BAOXUE_LINK_VERSION_PATCH)

#if defined(__GNUC__)
#define BAOXUE_LINK_API __attribute__((visibility("default")))
#else
#define BAOXUE_LINK_API
#endif

/* A linkage: spec, records, model and results. */
struct baoxue_link;

/* A record number that names none, and a length that means "up to the zero". */
#define BAOXUE_LINK_NONE UINT32_MAX
#define BAOXUE_LINK_ALL SIZE_MAX

/* Limits. What exceeds them is refused with BAOXUE_LINK_LIMIT. */
enum {
    BAOXUE_LINK_SPEC_BYTES_MAX = 1 << 20,
    BAOXUE_LINK_CELL_BYTES_MAX = 1 << 20,
    BAOXUE_LINK_ROWS_MAX = 1 << 30, /* of a list */
    BAOXUE_LINK_DECISIONS_MAX = 1 << 28,
    BAOXUE_LINK_THREADS_MAX = 64,
    BAOXUE_LINK_STEPS_MAX = 256, /* thresholds of one call of baoxue_link_clusters_at */
};

/* How a call went. */
enum baoxue_link_status {
    BAOXUE_LINK_OK = 0,
    BAOXUE_LINK_MISUSE = 1,   /* the call is wrong: its order, a NULL, a number beyond the end */
    BAOXUE_LINK_INPUT = 2,    /* spec, file, row or model cannot be taken */
    BAOXUE_LINK_UNLEARNT = 3, /* the records have nothing to learn weights from */
    BAOXUE_LINK_LIMIT = 4,    /* a limit above is exceeded */
    BAOXUE_LINK_IO = 5,       /* a file is not there, or reading or writing it failed */
    BAOXUE_LINK_VERSIONS = 6, /* the program was compiled for a later library, or another MAJOR */
};

/* What went wrong, in a sentence: lower case, no full stop; with line and column where a spec or a
 * file is at fault. Holds no value of a record beyond its id and line. */
struct baoxue_link_error {
    enum baoxue_link_status status;
    char en[1024]; /* UTF-8, zero-terminated */
    char zh[1024];
};

/* Which list a record is of. */
enum baoxue_link_side { BAOXUE_LINK_LEFT = 0, BAOXUE_LINK_RIGHT = 1 };

/* ---- The library ---- */

/* The version of the library that is running: "1.1.0", 10100. */
BAOXUE_LINK_API const char *baoxue_link_version(void);
BAOXUE_LINK_API uint32_t baoxue_link_version_number(void);

/* ---- Life of a handle ---- */

/* A linkage by this spec, of `length` bytes or BAOXUE_LINK_ALL. The spec is checked as a whole; at
 * fault, *error names line and column. The caller closes *link. INPUT, LIMIT, VERSIONS, MISUSE. */
#define baoxue_link_open(link, spec, length, error)                                                \
    baoxue_link_open_version((link), (spec), (length), BAOXUE_LINK_VERSION_NUMBER, (error))

/* Behind baoxue_link_open, which passes the version that the program was compiled for. */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_open_version(struct baoxue_link **link,
                                                                 const char *spec, size_t length,
                                                                 uint32_t version,
                                                                 struct baoxue_link_error *error);

/* Gives back the handle and all that it gave out. NULL is accepted. */
BAOXUE_LINK_API void baoxue_link_close(struct baoxue_link *link);

/* Threads to work on, 1 … BAOXUE_LINK_THREADS_MAX; 0, as at first: as many as the machine offers.
 * Results do not depend on it. MISUSE. */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_set_threads(struct baoxue_link *link,
                                                                uint32_t threads);

/* Called while train and run work, some hundred times in all: the step's name in both languages and
 * how much of it is done, `total` 0 where that is not known. It must not call the library with the
 * same handle. NULL for none. */
typedef void (*baoxue_link_progress)(void *context, const char *step_en, const char *step_zh,
                                     uint64_t done, uint64_t total);
BAOXUE_LINK_API void baoxue_link_set_progress(struct baoxue_link *link,
                                              baoxue_link_progress progress, void *context);

/* Bytes that the handle holds. */
BAOXUE_LINK_API size_t baoxue_link_memory(const struct baoxue_link *link);

/* ---- Records ---- */

/* The columns that the spec reads, each once; the order in which a row gives its cells. The columns
 * `id` and `source` of the spec are the last. Names are good until close. */
BAOXUE_LINK_API size_t baoxue_link_column_count(const struct baoxue_link *link);
BAOXUE_LINK_API const char *baoxue_link_column(const struct baoxue_link *link, size_t number);

/* Adds a record: one text for each column, in UTF-8; NULL or blank is missing. `lengths` gives
 * their bytes, or is NULL when all are zero-terminated. Blanks at both ends are taken off. INPUT:
 * not UTF-8, a zero inside; LIMIT; MISUSE: after prepare. That an id is empty or stands twice in a
 * list is found by prepare. */
BAOXUE_LINK_API enum baoxue_link_status
baoxue_link_add_row(struct baoxue_link *link, enum baoxue_link_side side, const char *const *cells,
                    const size_t *lengths, struct baoxue_link_error *error);

/* Adds the rows of a file: CSV (UTF-8, GB18030 or UTF-16; comma, semicolon or tab), xlsx, xls, or
 * HTML tables, recognised by content; of a workbook the first sheet. The first row names the
 * columns; those that the spec does not read are passed over. All of it is added or nothing. INPUT:
 * no table, a column is missing; IO, LIMIT; MISUSE: after prepare. */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_add_file(struct baoxue_link *link,
                                                             enum baoxue_link_side side,
                                                             const char *path,
                                                             struct baoxue_link_error *error);

/* Closes the lists, numbers the records and codes their columns. INPUT: an id is empty or stands
 * twice in one list. Does nothing the second time. */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_prepare(struct baoxue_link *link,
                                                            struct baoxue_link_error *error);

/* Records of both lists, and of the left one: those from there on are of the right. 0 before
 * prepare. */
BAOXUE_LINK_API uint32_t baoxue_link_record_count(const struct baoxue_link *link);
BAOXUE_LINK_API uint32_t baoxue_link_left_count(const struct baoxue_link *link);

/* The id of a record, good until close; rows without an id column are numbered "1", "2", … in
 * their list. The record of an id, or BAOXUE_LINK_NONE. After prepare. */
BAOXUE_LINK_API const char *baoxue_link_record_id(const struct baoxue_link *link, uint32_t record);
BAOXUE_LINK_API uint32_t baoxue_link_find(const struct baoxue_link *link,
                                          enum baoxue_link_side side, const char *id);

/* What a person decided about two records, stronger than any weight: they are the same (in one
 * cluster, whatever else), or not (never in one cluster, unless other decisions join them). Counts
 * from the next run on; of decisions about one pair the last counts. MISUSE: no such records, one
 * record twice; LIMIT. */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_decide(struct baoxue_link *link, uint32_t one,
                                                           uint32_t two, int same,
                                                           struct baoxue_link_error *error);

/* ---- The model ---- */

/* Learns the weights from the records, without linking. INPUT: no weights can ever be learnt under
 * this spec (a comparison on which every blocking rule depends); UNLEARNT: these records have
 * nothing to learn from, with the reason. */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_train(struct baoxue_link *link,
                                                          struct baoxue_link_error *error);

/* The model in use as a JSON document, zero-terminated: to keep, so that next month's records are
 * weighed as this month's. NULL when there is none yet. */
BAOXUE_LINK_API const char *baoxue_link_model(struct baoxue_link *link);

/* Uses a model that was kept instead of learning one. INPUT: it is not for this spec: a comparison
 * has other columns or levels than it was learnt for, or another `frequency` or `missing`. (A model
 * of a library that did not note them is taken when it has as many levels.) */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_set_model(struct baoxue_link *link,
                                                              const char *json, size_t length,
                                                              struct baoxue_link_error *error);

/* ---- Linking ---- */

/* Links: compares what the blocking rules bring together, keeps the pairs from the spec's `review`
 * on and joins records from `match` on. Learns a model first when there is none. Errors as
 * baoxue_link_train. */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_run(struct baoxue_link *link,
                                                        struct baoxue_link_error *error);

/* Figures of the last run; all 0 before one. */
struct baoxue_link_counts {
    uint64_t pairs_possible; /* all that the spec allows */
    uint64_t pairs_compared; /* brought together by blocking rules */
    uint64_t pairs_skipped; /* in blocks over the cap of their rule; others may have brought them */
    uint64_t pairs;         /* kept */
    uint32_t records, clusters;
    uint64_t records_tied; /* one to one: not joined, since partners are as good as one another */
};
BAOXUE_LINK_API void baoxue_link_counts(const struct baoxue_link *link,
                                        struct baoxue_link_counts *out);

/* ---- Runs that rest on earlier ones (since 1.1) ---- */

/* Asks before prepare that runs leave a state. A later run over the lists as they are then, with
 * the same spec, can rest on it: it compares only pairs with a record that is new or says something
 * else, and gives the pairs and clusters that comparing everything with that model would give.
 * Records are known by list and id. MISUSE: after prepare. */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_keep_state(struct baoxue_link *link,
                                                               struct baoxue_link_error *error);

/* What the last run leaves, `*length` bytes: some twenty a record; its model and how common values
 * were when that was learnt are in it. NULL before a run and without keep_state. It holds no text,
 * but whoever knows the rest of a row can try values against it: as confidential as the records. */
BAOXUE_LINK_API const void *baoxue_link_state(struct baoxue_link *link, size_t *length);

/* Rests the runs to come on a state, and uses its model. Does what keep_state does. A state of
 * another spec with these comparisons, or of lists of which more than a quarter has changed, costs
 * nothing but that everything is compared. INPUT: no state, damaged, of another version of the
 * library, or its model does not fit the spec; MISUSE: after prepare, unless keep_state was called
 * before. */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_set_state(struct baoxue_link *link,
                                                              const void *bytes, size_t length,
                                                              struct baoxue_link_error *error);

/* How many records the last run compared with all others: those that were new to its state, or all
 * when it rested on none. pairs_compared and pairs_skipped speak of what it looked at. */
BAOXUE_LINK_API uint32_t baoxue_link_fresh_count(const struct baoxue_link *link);

/* A pair kept. */
struct baoxue_link_pair {
    uint32_t one, two;        /* records, one < two */
    int32_t weight_millibits; /* at least the spec's `review` */
    uint32_t probability_ppm; /* that they match, in millionths */
    uint32_t joined;          /* 1 when both are in one cluster, else 0 */
};

/* The pairs of the last run, by record one, then two. MISUSE: no such pair. */
BAOXUE_LINK_API size_t baoxue_link_pair_count(const struct baoxue_link *link);
BAOXUE_LINK_API enum baoxue_link_status
baoxue_link_pair(const struct baoxue_link *link, size_t number, struct baoxue_link_pair *out);

/* Clusters of the last run: how many; that of a record, or BAOXUE_LINK_NONE; the records of one,
 * rising, `*count` of them. Every record is in one cluster, if only with itself. */
BAOXUE_LINK_API uint32_t baoxue_link_cluster_count(const struct baoxue_link *link);
BAOXUE_LINK_API uint32_t baoxue_link_cluster_of(const struct baoxue_link *link, uint32_t record);
BAOXUE_LINK_API const uint32_t *baoxue_link_members(struct baoxue_link *link, uint32_t cluster,
                                                    uint32_t *count);

/* The clusters that another `match` threshold would have made. */
struct baoxue_link_step {
    int32_t threshold_millibits;
    uint32_t clusters; /* those of one record too */
    uint32_t linked;   /* records in clusters of two or more */
    uint32_t largest;  /* records in the largest */
    uint64_t pairs;    /* inside clusters */
};

/* Fills a step for each of `count` thresholds, exactly as runs with them would have joined, in one
 * pass. MISUSE: before a run, a threshold below the spec's `review`, more than
 * BAOXUE_LINK_STEPS_MAX. */
BAOXUE_LINK_API enum baoxue_link_status
baoxue_link_clusters_at(struct baoxue_link *link, const int32_t *thresholds_millibits, size_t count,
                        struct baoxue_link_step *out, struct baoxue_link_error *error);

/* Writes what `baoxue match --out` and `--clusters` write: CSV, or a workbook where the name ends
 * in
 * ".xlsx". MISUSE: before a run; IO. */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_write_pairs(struct baoxue_link *link,
                                                                const char *path,
                                                                struct baoxue_link_error *error);
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_write_clusters(struct baoxue_link *link,
                                                                   const char *path,
                                                                   struct baoxue_link_error *error);

/* ---- Why ---- */

/* One comparison of a pair, or one interaction: then the names join two by " + " and both values
 * are "". */
struct baoxue_link_field {
    const char *comparison;          /* its key in the spec */
    const char *label_en, *label_zh; /* its name for people */
    const char *level_en, *level_zh; /* which level holds: "equal" "相同"; "missing" "缺" */
    const char *one, *two;           /* the values of both records; columns joined by " | " */
    int32_t level;                   /* 0 the closest …; -1 a value is missing */
    int32_t weight_millibits;        /* what the level says for or against */
    int32_t frequency_millibits;     /* more for a rare value, less for a common one */
};

/* Why a pair weighs what it weighs: prior_millibits and the weights of all fields add up to
 * weight_millibits, exactly. */
struct baoxue_link_explanation {
    int32_t prior_millibits; /* what two records drawn at random weigh */
    int32_t weight_millibits;
    uint32_t probability_ppm;
    const char *rule; /* the first blocking rule that covers the pair; NULL: none, not compared */
    size_t field_count;
    const struct baoxue_link_field *fields;
};

/* Explains any two records, compared or not. The texts are good until the next call of this
 * function with this handle, too. Learns a model when there is none (errors as baoxue_link_train).
 * MISUSE: no such records, one record twice. */
BAOXUE_LINK_API enum baoxue_link_status baoxue_link_explain(struct baoxue_link *link, uint32_t one,
                                                            uint32_t two,
                                                            struct baoxue_link_explanation *out,
                                                            struct baoxue_link_error *error);

#ifdef __cplusplus
}
#endif

#endif
