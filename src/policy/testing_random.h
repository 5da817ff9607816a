#ifndef POLICY_TESTING_RANDOM_H
#define POLICY_TESTING_RANDOM_H

#include "base/rng.h"
#include "policy/decide.h"

/* Random policies and people, for tests only: one subject with an input of each type; conditions,
 * definitions, standards, exceptions, exclusions and sums that are dated at random, written as text
 * and read like any other. The same seed gives the same. */

/* A policy. False when reading refused the text: exceptions may meet, a value may be missing. */
bool random_policy(struct arena *arena, struct rng *rng, const struct policy **out);

/* `count` people; each input is unknown in some way in about `unknown_ppm` of a million rows, and
 * stated by nobody at times. Values lie around the limits that the texts name. */
void random_people(struct arena *arena, struct rng *rng, const struct policy *policy, size_t count,
                   uint32_t unknown_ppm, struct policy_rows *out);

/* The same, of whom many are alike: each states what one of `different` people does, but for a fee
 * of its own at times; and some columns come as codes (rows.h). */
void random_crowd(struct arena *arena, struct rng *rng, const struct policy *policy, size_t count,
                  size_t different, struct policy_rows *out);

/* A value of an input, drawn as for the people. */
int64_t random_value(struct rng *rng, const struct policy_input *input);

/* A day on, before or after one on which something of the policy changes. */
day random_day(struct arena *arena, struct rng *rng, const struct policy *policy);

#endif
