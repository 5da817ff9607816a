#ifndef JOBS_PERSON_TESTING_H
#define JOBS_PERSON_TESTING_H

#include "base/rng.h"
#include "jobs/person_told.h"
#include "registry/registry_testing.h"

/* A random small town in a workspace, for tests of questions about one person. Families live in
 * households that the population lists with relations alone, names and birthdays repeat, numbers
 * are mistyped, parents name children in cells, lists of aid name heads of households or members,
 * and some lists were sent for one township only. */

enum { FAMILIES = 40 };

struct place {
    struct world *world;
    struct workspace workspace;
    struct rng rng;
    size_t derived, mentioned, found, named,
        searched; /* what was met of each, so that it was tried */
};

/* An empty workspace with the built-in texts, and its town by a seed. */
struct place place_open(void **state, uint64_t seed);

/* Files of a day, of the first so many families: records come, go and change. */
void place_load(void **state, struct place *place, const char *since, int families);

/* Somebody decides some of the doubtful pairs of a day; gives how many. */
size_t place_decide(struct place *place, const char *at);

/* "2020-09-15" as a day. */
day place_day(const char *text);

/* Everything of an answer about a person, as text in the arena. */
struct str place_print_told(struct arena *arena, const struct person_told *told);

#endif
