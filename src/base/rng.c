#include "base/rng.h"

#include "base/check.h"

static uint64_t split_mix(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

struct rng rng_seed(uint64_t seed)
{
    struct rng rng;
    for (int i = 0; i < 4; i++) rng.state[i] = split_mix(&seed);
    return rng;
}

struct rng rng_branch(uint64_t seed, uint64_t label)
{
    uint64_t first = split_mix(&seed);
    uint64_t mixed = first ^ (label * 0xD1342543DE82EF95u + 1);
    return rng_seed(mixed);
}

static uint64_t rotate(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 45);
    return result;
}

uint32_t rng_below(struct rng *rng, uint32_t bound)
{
    CHECK(bound > 0);
    /* Lemire 2019: multiply, and reject the few low products that would favour some numbers. */
    uint32_t threshold = (uint32_t)(-bound) % bound;
    for (;;) {
        uint64_t product = (uint64_t)(uint32_t)(rng_next(rng) >> 32) * bound;
        if ((uint32_t)product >= threshold) return (uint32_t)(product >> 32);
    }
}

bool rng_chance_ppm(struct rng *rng, uint32_t ppm)
{
    return rng_below(rng, 1000000) < ppm;
}
