#ifndef LINK_ENGINE_INTERNAL_H
#define LINK_ENGINE_INTERNAL_H

#include "base/dict.h"
#include "base/list.h"
#include "link/compare.h"
#include "link/packed.h"
#include "link/spec.h"

/* The inside of the engine, shared by its files and by nobody else. One file a step:
 *
 *   column.c   derives and codes the spec's columns
 *   packed.c   short texts, ready to be compared
 *   prepare.c  prepares the values of compared columns, rows of value numbers by record
 *   level.c    the level of a comparison, the pattern of a pair
 *   bins.c     keys of records spread over bins, inside chunks of records
 *   group.c    groups of records with equal keys
 *   block.c    keys and blocks of each rule
 *   scope.c    the records and blocks that a run resting on an earlier one looks at
 *   state.c    what a run leaves for the next
 *   pairs.c    walks the pairs of the blocks, each once
 *   count.c    tallies of the patterns of blocked pairs
 *   count_random.c how often two records agree by chance
 *   train.c    EM over the tallies
 *   frequency.c how common values were when a model was learnt
 *   score.c    weights, and the pairs worth keeping
 *   cluster.c  who is joined
 *   rejected.c the heaviest that was not joined
 *   memory.c   what it takes, and what fits
 *   spread.c   how all pairs are spread over the weights
 *   explain.c  field by field
 *
 * Value 0 of a column is the missing one. A pattern holds 4 bits a comparison: 0 missing, else
 * level + 1. */

enum {
    PATTERN_BITS = 4,
    FIELDS_MAX = LINK_COMPARISONS_MAX * SPEC_FIELDS_MAX,
};

/* A column coded: a number for each distinct text. */
struct coded_column {
    uint32_t value_count;    /* with value 0 */
    const struct str *texts; /* by value; NULL when nobody asks for them */
    const uint32_t *map;     /* value by text number of the input; NULL when by_record is set */
    const uint32_t *source;  /* text number by record */
    const uint32_t *by_record;
    /* Of a column of several keys: what makes them of a value's text; NULL else. They are made when
     * blocks are built and not kept. */
    const struct spec_step *key_steps;
    size_t key_step_count;
    /* By value: the hash of its text, of columns that rules use where records have keys; NULL else.
     */
    const uint64_t *hashes;
};

/* The value of a record. */
static inline uint32_t column_value(const struct coded_column *column, uint32_t record)
{
    return column->by_record != NULL ? column->by_record[record]
                                     : column->map[column->source[record]];
}

/* One column of one comparison, its values prepared for the measures that ask for them. */
struct field {
    uint32_t column;
    const struct packed_text *texts;
    bool outside; /* codes of some of them stand elsewhere */
    const struct value_tokens *tokens, *grams;
    const struct value_name *names;
    const struct value_id *ids;
    const struct value_date *dates;
    const struct value_number *numbers;
};

/* What a comparison needs at hand. */
struct comparison_state {
    uint32_t first_field;       /* its fields are first_field … in rows */
    const uint8_t *self_levels; /* of one field: pattern part of a value with itself; NULL: 1 */
    bool cached;                /* levels of pairs of values are worth remembering */
    bool apart; /* of one field: different texts without a character in common pass no test */
    uint32_t frequency[LINK_LEVELS_MAX + 1][2]; /* number in `frequencies`, or SPEC_NONE */
};

/* The pattern part of a value with itself. */
static inline unsigned self_level(const struct comparison_state *state, uint32_t value)
{
    return state->self_levels == NULL ? 1 : state->self_levels[value];
}

/* How common the values of a column are. */
struct frequency {
    uint32_t column;
    uint32_t field;        /* a field of this column, so that rows have its values; or SPEC_NONE */
    int32_t *log_share;    /* by value: log2 of its share of the records that have one, millibits */
    uint32_t *counts;      /* by value: records that have it */
    uint32_t present;      /* records that have one */
    const int32_t *frozen; /* the shares that `frozen_from` gives to the values; NULL before */
    const struct link_frequencies *frozen_from;
};

struct block_rule {
    bool many;
    /* Fields, a bit each: where all of them are equal the rule covers a pair, and nowhere else. 0:
     * rows do not tell, rule_keys do. */
    uint64_t told_by;
    /* Groups of records with equal parts. Of a rule with single keys they are the blocks, and only
     * those worth walking are kept; of the others they are the tuples that keys are made of. */
    uint32_t group_count;   /* numbers 1 … group_count */
    uint32_t *group_starts; /* by group number; records of group g: members[starts[g - 1] … ] */
    uint32_t *members;
    /* many: keys. Block k holds tuples block_tuples[block_starts[k - 1] …]. */
    uint32_t block_count;
    uint32_t *block_starts, *block_tuples;
    uint32_t *key_starts, *keys; /* by tuple, ascending block numbers */
    bool *closed;                /* by tuple: it has no key, or is over the cap by itself */
    struct link_rule_count count;
    LIST(uint64_t) over; /* where records have keys: block_key of the blocks over the cap */
    /* Of an increment: blocks and (many) tuples that were over the cap before and are not now, all
     * of whose pairs are new; and records of blocks of which the opposite is true. */
    bool *whole, *whole_tuples;
    LIST(uint32_t) shut;
};

/* A pair to be compared. */
struct candidate {
    uint32_t a, b;
};

/* A stretch of a rule's walk. */
struct pair_task {
    uint32_t rule;
    uint32_t from, end; /* units: blocks, then (many) tuples */
    uint64_t pairs;
    /* Known from training, in walking order; NULL when not. */
    const uint64_t *patterns;
    const struct candidate *candidates;
    uint64_t pattern_count;
};

struct level_cache; /* in level.c */

struct link_engine {
    struct arena *arena;
    const struct link_input *input;
    const struct link_spec *spec;
    uint32_t record_count;
    uint32_t split; /* records before it are of one source, the others of another; 0: not so */
    struct coded_column *columns; /* as the spec's */
    struct field fields[FIELDS_MAX];
    uint32_t field_count;
    struct comparison_state comparisons[LINK_COMPARISONS_MAX];
    struct frequency frequencies[LINK_FREQUENCIES_MAX];
    uint32_t frequency_count;
    uint32_t *rows; /* record_count × field_count value numbers */
    /* By record: of what it says, so that no choice depends on the order of records. */
    const uint64_t *hashes;
    uint64_t pairs_possible;
    /* Once blocked. */
    struct block_rule *rules;
    /* record_count × rule_count group numbers, 0: none, or told by rows; NULL: rows tell all. */
    uint32_t *rule_keys;
    struct pair_task *tasks;
    size_t task_count;
    uint64_t pairs_max;          /* pairs that may be listed; 0: any number */
    uint64_t kept_pairs_max;     /* pairs found in training that may wait for scoring */
    struct increment *increment; /* NULL: all pairs are looked at */
};

/* column.c */
MUST_USE bool columns_open(struct link_engine *engine, struct err *err);

/* The keys of a value of a column of several keys: hashes, each once. Returns how many, at most
 * COLUMN_KEYS_MAX. `work` is scratch. */
enum { COLUMN_KEYS_MAX = 128 };
size_t column_keys(const struct coded_column *column, uint32_t value, struct arena *work,
                   uint64_t out[COLUMN_KEYS_MAX]);

/* prepare.c */
void prepare_fields(struct link_engine *engine);

/* level.c: memory of a thread for levels of pairs of values. */
struct level_cache *level_cache_new(struct arena *arena, const struct link_engine *engine);

/* The pattern of a pair. */
uint64_t pair_pattern(const struct link_engine *engine, struct level_cache *cache, uint32_t a,
                      uint32_t b);

/* The same for values: of all fields of the comparison, none missing that must not be. */
unsigned value_level(const struct link_engine *engine, size_t comparison, const uint32_t *a,
                     const uint32_t *b);

/* One comparison's part of it: 0 missing, else level + 1. `cache` may be NULL. */
unsigned pair_level(const struct link_engine *engine, struct level_cache *cache, size_t comparison,
                    uint32_t a, uint32_t b);

/* The same of two rows, wherever they stand. */
unsigned row_level(const struct link_engine *engine, struct level_cache *cache, size_t comparison,
                   const uint32_t *a, const uint32_t *b);

/* A comparison's part of a pattern: 0 missing, else level + 1. */
static inline unsigned pattern_part(uint64_t pattern, size_t comparison)
{
    return (unsigned)(pattern >> (PATTERN_BITS * comparison)) & 15;
}

/* bins.c: keys of records spread over bins by their uppermost bits, inside each chunk of records,
 * so that a bin fits a cache and bins can be worked on side by side. A bin is the stretches that
 * the chunks hold of it; one after another their records ascend. How all is cut depends on the
 * number of records alone. */

/* Writes keys and records of those among records from … end - 1 that have a key; returns how many.
 * Keys should spread evenly over 64 bits. Called from any thread. */
struct bins_source {
    size_t (*fill)(const void *context, uint32_t from, uint32_t end, uint64_t *keys,
                   uint32_t *records);
    const void *context;
};

struct bins {
    uint64_t *keys;    /* by chunk, then bin */
    uint16_t *offsets; /* beside: record - first record of the chunk */
    uint16_t *starts;  /* by chunk, then bin, and one more: in keys, from the chunk's first */
    size_t *firsts;    /* by bin, and one more: how many keys are in those before */
    size_t count, chunk_count;
    unsigned shift; /* a key's bin: key >> shift */
    uint32_t record_count;
    size_t threads;
    uint64_t *chunk_keys; /* by thread: of the chunk being spread */
    uint32_t *chunk_records;
};
struct bin_stretch {
    const uint64_t *keys;
    const uint16_t *offsets;
    uint32_t first, count; /* records are first + offset */
};

/* Makes room; then it can be filled again and again. A source is asked once for each stretch. */
void bins_open(struct bins *bins, struct arena *arena, uint32_t record_count, size_t threads);
void bins_fill(struct bins *bins, const struct bins_source *source);
struct bin_stretch bins_stretch(const struct bins *bins, size_t bin, size_t chunk);

/* group.c: fills the groups of a rule: of records with equal parts, at least two that may be
 * compared and not over the cap for a rule of single keys (counted in rule->count), any for others.
 * Their order depends on the records alone. A grouper holds what that is done in, and is used for
 * one rule after another. */
struct grouper;
struct grouper *grouper_open(struct arena *arena, struct link_engine *engine, size_t threads);
void grouper_close(struct grouper *grouper);
void group_records(struct grouper *grouper, size_t number, struct arena *keep);

/* Pairs inside a group that may be compared. */
uint64_t allowed_pairs(const struct link_engine *engine, struct arena *scratch,
                       const uint32_t *members, uint32_t count);

/* Adds a block to a rule's counts. */
void count_block(struct link_rule_count *count, uint64_t pairs, uint32_t records, bool skipped);

/* block.c: builds rules and tasks; the second time does nothing. */
void blocks_open(struct link_engine *engine, size_t threads);

/* Makes room for rule_keys, when there is none. */
void rule_keys_open(struct link_engine *engine);

/* True when the two records may be compared at all (never a record with itself). */
static inline bool pair_allowed(const struct link_engine *engine, uint32_t a, uint32_t b)
{
    if (!engine->spec->between || engine->input->sources == NULL) return true;
    if (engine->split != 0) return (a < engine->split) != (b < engine->split);
    return engine->input->sources[a] != engine->input->sources[b];
}

/* Forgets rules and tasks. */
void blocks_close(struct link_engine *engine);

/* Where records have keys: the key of the record's block by a rule of single keys, of its tuple by
 * another; it depends on texts alone. False when a part is missing. */
bool block_key(const struct link_engine *engine, size_t rule, uint32_t record, uint64_t *key);

/* The same for the blocks of a rule of several keys, no part missing: at most COLUMN_KEYS_MAX. */
size_t block_keys(const struct link_engine *engine, size_t rule, uint32_t record,
                  struct arena *work, uint64_t keys[COLUMN_KEYS_MAX]);

/* Where records have keys: remembers a block that is over the cap, and of an increment the members
 * of one that was not before; true when it was over it before and is not now. */
bool note_block(const struct link_engine *engine, size_t rule, struct arena *keep, uint64_t key,
                bool over, const uint32_t *members, uint32_t count);

/* The fields of which two different records have the same value, a bit each, of the first 64. */
static inline uint64_t equal_fields(const struct link_engine *engine, uint32_t a, uint32_t b)
{
    size_t width = engine->field_count;
    const uint32_t *one = &engine->rows[a * width], *two = &engine->rows[b * width];
    uint64_t equal = 0;
    for (size_t f = 0; f < width && f < 64; f++) {
        equal |= (uint64_t)(one[f] == two[f] && one[f] != 0) << f;
    }
    return equal;
}

/* True when the rule's keys of the two records meet: of a rule that rows do not tell. */
bool rule_keys_meet(const struct link_engine *engine, size_t rule, uint32_t a, uint32_t b);

/* True when the rule brings the two records together, which may be compared; `equal` is of
 * equal_fields. */
static inline bool rule_covers(const struct link_engine *engine, size_t rule, uint64_t equal,
                               uint32_t a, uint32_t b)
{
    uint64_t told_by = engine->rules[rule].told_by;
    return told_by != 0 ? (told_by & ~equal) == 0 : rule_keys_meet(engine, rule, a, b);
}

/* state.c: what a run leaves. Records by their number of that time; a < b in pairs. */
struct state_pair {
    uint32_t a, b, pattern;
};
struct state_over {
    const uint64_t *keys; /* block_key of blocks over the cap */
    size_t count;
};
struct link_state {
    uint64_t basis; /* of spec, model and frequencies */
    size_t record_count;
    const uint64_t *keys, *contents;
    const uint64_t *patterns;
    size_t pattern_count;
    const struct state_pair *pairs;
    size_t pair_count;
    const struct state_over *over; /* by rule */
    size_t rule_count;
};

/* A hash of all that the spec can see of each record. */
uint64_t *record_contents(struct link_engine *engine, struct arena *arena, size_t threads);

/* What the weights of pairs rest on beside the two records. */
uint64_t state_basis(const struct link_engine *engine, const struct link_model *model);

/* After score_pairs; rules and (of an increment) the state before must be at hand. */
struct link_state *state_make(struct link_engine *engine, const uint64_t *contents,
                              const struct link_result *result);

/* scope.c: a run that rests on an earlier one. Blocks are built of the keys of fresh records and of
 * blocks that were over the cap, each with all its records. */
enum { SCOPE_FRESH = 1, SCOPE_OVER = 2 }; /* why a block is looked at */
struct rule_scope {
    struct u64_map keys; /* by block_key: bits of the above */
    uint32_t *records;   /* ascending: those that have one of the keys */
    uint32_t record_count;
};
struct increment {
    const struct link_state *previous;
    uint32_t
        *places; /* by record of the earlier run: its number now; UINT32_MAX: gone or changed */
    bool *fresh; /* by record: new or changed */
    uint32_t fresh_count;
    struct rule_scope *scopes; /* by rule */
    bool *shut;           /* by record: in a block newly over the cap; NULL when there is none */
    struct u64_map *over; /* by rule: all blocks over the cap now; with `shut` */
};

/* Opens engine->increment; false, and nothing changes, when `previous` is of no use to this run. */
bool increment_open(struct link_engine *engine, const struct link_state *previous,
                    const struct link_model *model, const uint64_t *contents, size_t threads);

/* What group_records is to all records, for the scope of a rule. */
void group_scope(struct link_engine *engine, size_t rule, struct arena *keep);

/* Once blocks are open: finds which kept pairs are in doubt. */
void increment_settle(struct link_engine *engine);

/* Whether a pair of the earlier run still has a rule that covers it. */
bool increment_covers(const struct link_engine *engine, uint32_t a, uint32_t b);

/* pairs.c: walks the pairs of all tasks, on all threads. Each pair comes once, at the first rule
 * that covers it, a < b not guaranteed; all pairs of a task come in order, in batches of at most
 * PAIR_BATCH. `task_end` may be NULL. */
enum { PAIR_BATCH = 256 };
struct pair_walk {
    void (*batch)(void *context, size_t thread, size_t task, const struct candidate *pairs,
                  size_t count);
    void (*task_end)(void *context, size_t thread, size_t task);
    void *context;
    const struct progress *progress;
    const char *stage_en, *stage_zh;
};
void pairs_walk(struct link_engine *engine, size_t threads, const struct pair_walk *walk);

/* level.c: asks for the memory that comparing these pairs will touch. For pairs of records that lie
 * anywhere; at most PAIR_BATCH at a time. */
void fetch_pairs(const struct link_engine *engine, const struct candidate *pairs, size_t count);

/* The same for what stands beside each record: `width` items a record. */
void fetch_beside(const uint32_t *items, size_t width, const struct candidate *pairs, size_t count);

/* count.c: how often each pattern was seen, and which comparisons no covering rule depends on. */
struct tally {
    uint64_t pattern;
    uint32_t free; /* comparisons, a bit each, that some covering rule does not touch */
    double count;
};
struct tallies {
    struct tally *items; /* by pattern, then free */
    size_t count;
    double pairs; /* all pairs they stand for */
};

/* All pairs that rules cover, or a sample of about `sample_max` chosen by content. Keeps the
 * patterns in the tasks when they fit. */
void tally_blocked(struct link_engine *engine, size_t threads, uint64_t sample_max,
                   const struct progress *progress, struct tallies *out);

/* Pairs at random among all that are possible (all of them when they are few). For each level
 * also the harmonic mean of the frequencies of its values. */
struct random_levels {
    double counts[LINK_COMPARISONS_MAX][LINK_LEVELS_MAX + 1];  /* pairs among all possible */
    double present[LINK_COMPARISONS_MAX];                      /* pairs not missing */
    double inverse[LINK_COMPARISONS_MAX][LINK_LEVELS_MAX + 1]; /* mean of 1 / frequency; or 0 */
    /* What a level that the sample did not show may still hold. */
    double least[LINK_COMPARISONS_MAX][LINK_LEVELS_MAX + 1];
    bool equal[LINK_COMPARISONS_MAX][LINK_LEVELS_MAX + 1]; /* mostly pairs of equal values */
};
void tally_random(struct link_engine *engine, size_t threads, struct random_levels *out);

/* train.c */
MUST_USE bool model_train(struct link_engine *engine, size_t threads,
                          const struct progress *progress, struct link_model **out,
                          struct err *err);

/* score.c: weights by level, ready to be added up. */
struct weights {
    int32_t prior;
    int32_t levels[LINK_COMPARISONS_MAX][16];            /* by pattern part; 0 for missing */
    int32_t base[LINK_COMPARISONS_MAX][16];              /* frequency base */
    int32_t interactions[LINK_INTERACTIONS_MAX][16][16]; /* by both parts; 0 where one is missing */
    int32_t rest_max[LINK_COMPARISONS_MAX + 1]; /* most that comparisons c … can still add */
    /* By number in engine->frequencies, then value: the model's shares, else those at hand. */
    const int32_t *log_share[LINK_FREQUENCIES_MAX];
    uint64_t rarest; /* no share is below one in so many */
    const struct link_model *model;
};
void weights_open(struct link_engine *engine, const struct link_model *model, struct weights *out);

/* frequency.c: what link_run keeps with a model; and the shares that weights are worked out by
 * (`frequencies` may be NULL): fills log_share and rarest. */
const struct link_frequencies *frequencies_freeze(struct link_engine *engine);
void frequencies_use(struct link_engine *engine, const struct link_frequencies *frequencies,
                     struct weights *weights);

/* The frequency part of a comparison at a level (pattern part), millibits. */
int32_t frequency_bits(const struct link_engine *engine, const struct weights *weights,
                       size_t comparison, unsigned part, uint32_t a, uint32_t b);

/* log2 of the share of the records that have the commoner of the two values, all frequency columns
 * of the level together, millibits; false when the level has none. By the records at hand where
 * `weights` is NULL. */
static inline bool level_log_share(const struct link_engine *engine, const struct weights *weights,
                                   size_t comparison, unsigned part, uint32_t a, uint32_t b,
                                   int32_t *log_share)
{
    bool any = false;
    *log_share = 0;
    for (size_t i = 0; i < 2; i++) {
        uint32_t number = engine->comparisons[comparison].frequency[part - 1][i];
        if (number == SPEC_NONE) break;
        const struct frequency *frequency = &engine->frequencies[number];
        const struct coded_column *column = &engine->columns[frequency->column];
        bool in_rows = frequency->field != SPEC_NONE;
        const uint32_t *rows = engine->rows + (in_rows ? frequency->field : 0);
        uint32_t va = in_rows ? rows[(size_t)a * engine->field_count] : column_value(column, a);
        uint32_t vb = in_rows ? rows[(size_t)b * engine->field_count] : column_value(column, b);
        const int32_t *shares = weights != NULL ? weights->log_share[number] : frequency->log_share;
        int32_t one = shares[va], two = shares[vb];
        *log_share += one > two ? one : two;
        any = true;
    }
    return any;
}

/* What the interactions add that pair comparison c with earlier ones; `pattern` holds the parts of
 * comparisons 0 … c. */
static inline int32_t interaction_bits(const struct link_spec *spec, const struct weights *weights,
                                       size_t c, uint64_t pattern)
{
    int32_t bits = 0;
    for (size_t i = 0; i < spec->interaction_count; i++) {
        const struct spec_interaction *pair = &spec->interactions[i];
        if (pair->second != c) continue;
        bits +=
            weights->interactions[i][pattern_part(pattern, pair->first)][pattern_part(pattern, c)];
    }
    return bits;
}

/* The weight of a pair that shows this pattern. */
int32_t pattern_weight(const struct link_engine *engine, const struct weights *weights,
                       uint64_t pattern, uint32_t a, uint32_t b);

/* Compares all pairs that rules cover; fills pairs, patterns and pairs_compared. ERR_LIMIT when
 * more pairs reach the review threshold than engine->pairs_max. */
MUST_USE bool score_pairs(struct link_engine *engine, size_t threads, const struct weights *weights,
                          const struct progress *progress, struct link_result *result,
                          struct err *err);

/* memory.c: once blocked, decides within the bound of the options what may be kept: sets pairs_max
 * and kept_pairs_max. ERR_LIMIT when what must be held is more. */
MUST_USE bool memory_plan(struct link_engine *engine, const struct link_options *options,
                          struct err *err);

/* cluster.c: fills clusters and cluster_count. */
void cluster_records(struct link_engine *engine, size_t threads, const struct weights *weights,
                     const struct progress *progress, struct link_result *result);

/* rejected.c: fills rejected; clusters must be known. */
void find_rejected(struct link_engine *engine, size_t threads, const struct weights *weights,
                   const struct progress *progress, struct link_result *result);

/* pattern_list.c: numbers for patterns, and their list in the result. */
struct pattern_table {
    struct arena *arena;
    uint64_t *keys;
    uint32_t *numbers; /* number + 1 */
    uint32_t slot_count, count;
    uint64_t *patterns; /* by number */
    uint32_t capacity;
};
uint32_t pattern_number(struct pattern_table *table, uint64_t pattern);

/* sort.c: sorts keys ascending with their records, stable, by counting the bytes that differ. */
void sort_keys(struct arena *scratch, uint64_t *keys, uint32_t *values, size_t count);

#endif
