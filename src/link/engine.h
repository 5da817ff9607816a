#ifndef LINK_ENGINE_H
#define LINK_ENGINE_H

#include "base/progress.h"

/* Which records are the same entity: a probabilistic linkage engine (Fellegi and Sunter) over
 * dictionary-coded columns. It knows no register and no database.
 *
 *     link_spec_parse → link_open (derives columns) → link_run → pairs, clusters, nearest rejected
 *
 * A spec (YAML, docs/linking.md) names the columns, how each is compared, the blocking rules and
 * the thresholds. A model holds, for each level of each comparison, log2 of the chance to see it
 * among matches (m) and among non-matches (u), as whole millibits; it is learnt from the data or
 * given. A pair's weight is the sum of whole millibits, so explanation and decision cannot differ.
 *
 * A run can rest on an earlier one (`previous`): it compares only pairs with a record that is new
 * or changed, takes the others over, and gives what a run over everything would have given.
 *
 * Same input, spec and model: same bytes out for any number of threads. The order of records does
 * not change which records share a cluster, except between pairs of exactly equal weight. */

enum {
    LINK_COLUMNS_MAX = 64,      /* input columns that a spec can use */
    LINK_COMPARISONS_MAX = 16,  /* a pattern is 4 bits a comparison */
    LINK_FREQUENCIES_MAX = 32,  /* columns whose common values weigh less */
    LINK_LEVELS_MAX = 14,       /* levels of a comparison, without "otherwise" and "missing" */
    LINK_RULES_MAX = 32,        /* blocking rules */
    LINK_INTERACTIONS_MAX = 16, /* pairs of comparisons whose bits do not simply add up */
    LINK_SOURCES_MAX = 1 << 16, /* sources (files, registers) */
    LINK_GROUPS_MAX = 64,       /* groups of sources for the nearest rejected */
};

enum { LINK_MODEL_BYTES_MAX = 1 << 22 }; /* of a model's text */

/* A column of the input: one text number a record. A text of no bytes or of blanks is missing. */
struct link_column {
    struct str name;         /* as the spec calls it */
    const struct str *texts; /* by text number; UTF-8; each stands once */
    uint32_t text_count;
    const uint32_t *values; /* by record: a text number */
};

/* Where records come from. */
struct link_source {
    struct str name;
    bool once_per_entity; /* lists an entity at most once: two of its records in one cluster cost
                             the spec's `once_penalty` */
    uint32_t group; /* 0 … LINK_GROUPS_MAX - 1: the nearest rejected record is kept for each */
};

/* What a person decided about two records; stronger than any weight. */
struct link_decision {
    uint32_t a, b; /* records */
    bool same;
};

/* The records. Everything is borrowed and must outlive the engine. */
struct link_input {
    size_t record_count; /* at most 2^31 - 1 */
    const struct link_column *columns;
    size_t column_count;
    const uint32_t *sources; /* by record: number in source_list; NULL: all of source 0 */
    const struct link_source *source_list;
    size_t source_count; /* at least 1 */
    const struct link_decision *decisions;
    size_t decision_count;
    /* By record: a number that is its own from run to run (of its id, say); a record whose number
     * stands twice is compared as if it were new. NULL: runs neither rest on earlier ones nor keep
     * a state. */
    const uint64_t *keys;
    /* By record: a hash of what it and its source say, the same wherever it stands, every bit of
     * which is as good as chance: what is drawn is drawn by it. NULL: made from the texts. */
    const uint64_t *contents;
};

struct link_spec;   /* a parsed spec */
struct link_engine; /* an input ready to be compared */

/* Parses a spec. `name` (of the file) stands before errors: ERR_INPUT with line and column for an
 * unknown key, method, function or a limit exceeded. Result in the arena. */
MUST_USE bool link_spec_parse(struct arena *arena, struct str text, const char *name,
                              struct link_spec **out, struct err *err);

/* A JSON Schema (draft 2020-12) of specs, in the arena: written from the tables that the parser
 * reads by, so editors and other programs check what it checks. */
struct str link_spec_schema(struct arena *arena);

/* What the spec says about a file: the id column ("" when not named) and the source column. */
struct str link_spec_id_column(const struct link_spec *spec);
struct str link_spec_source_column(const struct link_spec *spec);

/* The input columns that the spec reads, each once, in the order first named: borrowed. */
size_t link_spec_columns(const struct link_spec *spec, const struct str **names);

/* Derives the spec's columns, on all cores. ERR_INPUT when the spec names a column that the input
 * does not have.
 * The engine lives in the arena and borrows input and spec. */
MUST_USE bool link_open(struct arena *arena, const struct link_input *input,
                        const struct link_spec *spec, struct link_engine **out, struct err *err);

/* How common values were among the records that a model was learnt from. */
struct link_frequencies;

struct spec_comparison; /* a comparison of a spec */

/* What was learnt, or is given. All logarithms are base 2 in whole millibits. */
struct link_model {
    size_t comparison_count;
    struct link_model_comparison {
        struct str name;
        /* Its columns, levels, `frequency` and `missing` are those that the model was learnt with;
         * borrowed from the spec. NULL: the model of an older program, which does not say. */
        const struct spec_comparison *asked;
        size_t level_count;                          /* with "otherwise", which is the last */
        int32_t m[LINK_LEVELS_MAX + 1];              /* log2 of the chance among matches */
        int32_t u[LINK_LEVELS_MAX + 1];              /* log2 of the chance among non-matches */
        int32_t frequency_base[LINK_LEVELS_MAX + 1]; /* log2 of the mean frequency at the level */
    } comparisons[LINK_COMPARISONS_MAX];
    int32_t prior; /* log2 of the odds that two records drawn at random match */
    /* How rare a value is, is a part of what was learnt: then no weight drifts as records come in,
     * and a value never seen counts as one record's. NULL: as common as among the records at hand.
     * Not in the JSON. Borrowed. */
    const struct link_frequencies *frequencies;
    size_t interaction_count;
    struct link_model_interaction {
        struct str first, second; /* names of comparisons */
        /* What a level of the first and one of the second together weigh more than apart. */
        int32_t bits[LINK_LEVELS_MAX + 1][LINK_LEVELS_MAX + 1];
    } interactions[LINK_INTERACTIONS_MAX];
};

/* True when what the model takes for matches is likely to be households: in some comparison, whose
 * number is given, more than half of them show no level that speaks for a match. A spec that says
 * which comparisons are `shared` helps. */
bool link_model_is_household(const struct link_model *model, size_t *comparison);

/* The model as a JSON document, and back. Of each comparison it says its columns, what each level
 * asks and which values weigh by how rare they are, and when it says nothing, as the spec does.
 * Reading checks that it fits the spec: names and all that (ERR_INPUT, with what the model has and
 * what the spec); of a model that does not say, the numbers of levels alone, and it is written
 * again as it was. */
struct str link_model_write(struct arena *arena, const struct link_model *model);
MUST_USE bool link_model_read(struct arena *arena, struct str json, const struct link_spec *spec,
                              struct link_model **out, struct err *err);

/* Frequencies as bytes, and back. ERR_INPUT: damaged, or of a spec that asks for others. */
struct str link_frequencies_write(struct arena *arena, const struct link_frequencies *frequencies);
MUST_USE bool link_frequencies_read(struct arena *arena, struct str bytes,
                                    const struct link_spec *spec,
                                    const struct link_frequencies **out, struct err *err);

/* What a run leaves for the next: each record's key and a hash of what it said, the pairs kept, the
 * blocks that were over the cap. Nothing is lost with it but time. It holds no text, but whoever
 * knows the rest of a row can try values against its hash: as confidential as the records. */
struct link_state;

/* A state as bytes (some fifteen a record), and back. ERR_INPUT: damaged, or of another version of
 * the program. */
struct str link_state_write(struct arena *arena, const struct link_state *state);
MUST_USE bool link_state_read(struct arena *arena, struct str bytes, struct link_state **out,
                              struct err *err);

struct link_options {
    size_t threads;                  /* 0: as many as the machine offers */
    const struct progress *progress; /* may be NULL */
    const struct link_model *model;  /* NULL: learn one */
    bool keep_rejected; /* keep for each record, and each group of sources of which its cluster
                           holds no record, the heaviest record of that group that a rule brought
                           to it */
    bool model_only;    /* learn the model and stop: no pairs, no clusters */
    /* What may be held at once, records and engine included; 0: no bound. What only saves time is
     * then kept only where it fits. ERR_LIMIT when linking needs more, before anything is compared;
     * ERR_LIMIT too when more pairs reach `review` than there is room for. Else the result is the
     * same. */
    uint64_t memory_bytes;
    /* The state of an earlier run, may be NULL. It is used when that run had the same spec, model
     * and frequencies and few records are new (result.resumed), and else passed over, as it is with
     * `keep_rejected`, which has to see all pairs. The result is the same either way but for the
     * counts of pairs and blocks, which tell what was done. */
    const struct link_state *previous;
    bool keep_state; /* gives result.state; a model without frequencies gets those at hand */
};

struct link_pair {
    uint32_t a, b; /* records; a < b, but in the list of rejected a is the record asked about */
    int32_t weight_millibits;
    uint32_t probability_ppm; /* that they match, by the model alone */
    uint32_t pattern;         /* number in link_result.patterns */
};

/* What a blocking rule did. */
struct link_rule_count {
    struct str text;        /* the rule as written */
    uint64_t pairs;         /* pairs in its blocks, before the cap and earlier rules */
    uint64_t pairs_new;     /* pairs that no earlier rule covers: those compared */
    uint64_t pairs_skipped; /* pairs in blocks over the cap (others may cover them) */
    uint32_t blocks, blocks_skipped;
    uint32_t block_largest; /* records in the largest block */
};

struct link_result {
    struct link_pair *pairs; /* weight at or above `review`; by a, then b */
    size_t pair_count;
    uint64_t
        *patterns; /* 4 bits a comparison, the first in the lowest: 0 missing, else level + 1 */
    size_t pattern_count;
    uint32_t *clusters; /* by record: 0, 1, … in the order of their smallest record */
    size_t cluster_count;
    /* One to one, of components in which two sources meet (of others nothing is counted): */
    uint64_t records_tied;   /* not joined, since partners that are as good leave nothing to decide
                                by: their pairs wait for review */
    uint64_t records_greedy; /* in parts too large to be assigned as a whole (link/assign.h), where
                                pairs were taken in turn, the heaviest first */
    struct link_pair *rejected; /* by a, then group of b; see keep_rejected */
    size_t rejected_count;
    const struct link_model *model; /* the one used */
    const struct link_state *state; /* see keep_state; NULL when not asked for */
    bool resumed;                   /* rests on options.previous */
    uint32_t records_fresh;         /* records new or changed since; all when not resumed */
    struct link_rule_count *rules;
    size_t rule_count;
    uint64_t pairs_possible; /* all pairs that the spec allows */
    uint64_t pairs_compared;
};

/* Links. Errors, when no model is given and none can be learnt, with the reason: ERR_INPUT for a
 * spec of which none ever can (a comparison that every rule blocks on), ERR_NOT_FOUND for records
 * that have nothing to learn from (too few pairs, levels that do not tell matches apart);
 * ERR_LIMIT. Result in the arena given to link_open. */
MUST_USE bool link_run(struct link_engine *engine, const struct link_options *options,
                       struct link_result *out, struct err *err);

/* Gives back what comparing needs, the most of it. Results stay; of the engine nothing may be asked
 * any more. */
void link_give_back(struct link_engine *engine);

/* Two clusters that become one as the threshold falls; each is named by one of its records. */
struct link_join {
    uint32_t a, b;
    int32_t level_millibits; /* together at every `match` up to here; INT32_MAX: a person said so */
};

/* What would be joined at any threshold from `review` on, in one pass over the kept pairs: at
 * `match` t exactly the joins with a level of at least t, the highest level first. Not for a spec
 * that says one_to_one: there a lower threshold may choose other pairs. Results in the arena. */
void link_joins(struct arena *arena, struct link_engine *engine, const struct link_result *result,
                size_t threads, struct link_join **joins, size_t *join_count);

/* The clusters, by record, as link_run would make them with this `match`; not below `review`. */
void link_cluster_at(struct arena *arena, struct link_engine *engine,
                     const struct link_result *result, int32_t threshold_millibits, size_t threads,
                     uint32_t **clusters, size_t *cluster_count);

/* How the pairs that the rules bring together are spread over the weights, those below `review`
 * too; and what the records can show at most. Counts stand by weight: that of weight w millibits
 * at [w + LINK_WEIGHT_MAX], weights beyond at the ends. */
enum { LINK_WEIGHT_MAX = 128000, LINK_WEIGHTS = 2 * LINK_WEIGHT_MAX + 1 };
struct link_weight_counts {
    uint64_t *pairs;        /* LINK_WEIGHTS counts; together pairs_compared */
    uint64_t *records;      /* the same of records, by their weight with a copy of themselves */
    struct link_pair below; /* the heaviest below `review`; of equal ones the first by a, b; without
                               pattern */
    bool has_below;
};

/* Compares all pairs once more, after link_run, and counts. Costs about as much as comparing did.
 * Result in the arena given to link_open. */
void link_count_weights(struct link_engine *engine, const struct link_model *model, size_t threads,
                        const struct progress *progress, struct link_weight_counts *out);

/* Only counts: pairs of each rule before anything is compared (pairs_new stays 0). */
void link_plan(struct link_engine *engine, size_t threads, struct link_rule_count **rules,
               size_t *rule_count);

/* The same, and exactly how many pairs would be compared by each rule (pairs_new): all of them are
 * found, and none compared. */
void link_count_pairs(struct link_engine *engine, size_t threads, const struct progress *progress,
                      struct link_rule_count **rules, size_t *rule_count);

/* Bytes that link_open and the blocks of link_run will hold for these records, besides the records
 * themselves: an estimate from how many values there are, seldom too low. */
uint64_t link_memory_to_open(const struct link_input *input, const struct link_spec *spec);

/* Says that linking needs more than is allowed: ERR_LIMIT; gives false. */
bool link_memory_refuse(uint64_t needed, uint64_t allowed, struct err *err);

/* One comparison of one pair, or (behind those) one interaction: then `comparison` and the labels
 * join two by " + ", the values are empty and the level is 0. Texts are borrowed from engine, spec
 * or input; several columns are joined by " | ". */
struct link_field {
    struct str comparison;         /* its key in the spec */
    struct str label_en, label_zh; /* its name for people (the key when the spec gives none) */
    struct str level_en, level_zh; /* "equal" "相同"; "missing" "缺" */
    struct str left, right;        /* the two values compared; several columns joined by " | " */
    int level;                     /* 0 the closest …; -1 missing */
    int32_t weight_millibits;      /* of the level */
    int32_t frequency_millibits;   /* more for a rare value, less for a common one */
};

struct link_explanation {
    int32_t prior_millibits;
    struct link_field *fields;
    size_t field_count;
    int32_t weight_millibits; /* prior and all fields together: what link_run decided by */
    uint32_t probability_ppm;
    int rule; /* the first rule that covers the pair, -1: none, so it was not compared */
};

/* Why a pair weighs what it weighs. */
void link_explain(struct arena *arena, struct link_engine *engine, const struct link_model *model,
                  uint32_t a, uint32_t b, struct link_explanation *out);

/* The weight alone. */
int32_t link_weigh_pair(struct link_engine *engine, const struct link_model *model, uint32_t a,
                        uint32_t b);

/* 0 … 1 000 000 for a weight: 2^w / (1 + 2^w). */
uint32_t link_probability_ppm(int32_t weight_millibits);

/* The thresholds of the spec in millibits: pairs kept, pairs joined. */
int32_t link_spec_review(const struct link_spec *spec);
int32_t link_spec_match(const struct link_spec *spec);

/* True when a cluster holds at most one record of a source. */
bool link_spec_one_to_one(const struct link_spec *spec);

#endif
