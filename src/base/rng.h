#ifndef BASE_RNG_H
#define BASE_RNG_H

#include <stdbool.h>
#include <stdint.h>

/* Chance that is given, never taken: the same seed gives the same numbers on every machine
 * (xoshiro256**, Blackman and Vigna 2018). Not for secrets: keys come from access. */

/* The state of a stream; plain data, so a copy gives the same numbers again. */
struct rng {
    uint64_t state[4];
};

/* A stream of its own for each seed; every seed is good, 0 too. */
struct rng rng_seed(uint64_t seed);

/* A generator for a part of the work: the same seed and label give the same stream, whatever
 * other parts drew. */
struct rng rng_branch(uint64_t seed, uint64_t label);

/* The next 64 bits. */
uint64_t rng_next(struct rng *rng);

/* 0 … bound - 1, without bias; bound > 0. */
uint32_t rng_below(struct rng *rng, uint32_t bound);

/* True with a chance of `ppm` in a million. */
bool rng_chance_ppm(struct rng *rng, uint32_t ppm);

#endif
