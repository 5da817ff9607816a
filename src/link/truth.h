#ifndef LINK_TRUTH_H
#define LINK_TRUTH_H

#include "base/dict.h"
#include "link/evaluate.h"

/* The inside of measuring: what is true, read from a file (link/evaluate.h). */

/* Entities by id, or a set of pairs of ids. */
struct truth {
    struct arena arena;
    struct dict ids;
    uint32_t *entities; /* by id number, when entities are told; UINT32_MAX none */
    uint32_t entity_count;
    uint64_t *pairs; /* sorted, when pairs are told */
    size_t pair_count;
    bool by_entity;
    uint64_t true_pairs;
};

/* Reads a truth into an empty one. The caller frees its arena, also after an error. */
MUST_USE bool truth_read(struct truth *truth, const char *path, struct err *err);

/* True when two ids (numbers in `ids`, DICT_NONE among them) are one entity. */
bool truth_same(const struct truth *truth, uint32_t a, uint32_t b);

/* A pair of numbers as one, the smaller first; pairs among so many. */
uint64_t truth_key(uint32_t a, uint32_t b);
uint64_t truth_pairs_of(uint64_t count);

/* Keys in rising order, for qsort and bsearch. */
int truth_compare_keys(const void *a, const void *b);

/* Fills the shares from true_pairs, found and wrong. */
void evaluation_finish(struct evaluation *evaluation);

#endif
