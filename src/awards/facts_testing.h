#ifndef AWARDS_FACTS_TESTING_H
#define AWARDS_FACTS_TESTING_H

#include "registry/registry_testing.h"

#include "awards/facts.h"

/* A workspace whose rows become facts, for tests. */
struct facts_world {
    struct arena arena;
    struct world *world;
    struct facts_text text;
    const struct policy *policy; /* only the inputs that the built-in text names, and no schemes */
    struct people people;
    struct fact_rows kept;
    struct facts facts;
};

/* An empty workspace with the built-in text. */
void facts_world_open(struct facts_world *out, void **state);
void facts_world_close(struct facts_world *world);

/* Links what was loaded and makes the facts of a day. */
void facts_world_make(struct facts_world *world, const char *at);

/* What is stated of the student of this name: "stage=primary boarding=yes categories=dibao_rural
 * …", missing inputs left out, with "?" behind an input for conflicting, "~" for stale, and of a
 * set
 * "+" and the number of things that it may hold besides. "none" when nobody is. */
struct str facts_world_print(struct facts_world *world, const char *name);

#endif
