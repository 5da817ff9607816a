#ifndef REGISTRY_REGISTRY_TESTING_H
#define REGISTRY_REGISTRY_TESTING_H

#include "store/testing.h"

#include "registry/registry.h"

/* A workspace for tests, and a stand-in for intake that reads files of a very plain form, so that
 * the tests of registry say exactly what comes in:
 *
 *     roll,2020-09-01            register key and stated day (may be empty)
 *     name,id_number,seat        field keys; other words are columns kept aside
 *     王小明,620422201203050013,7
 *
 * A cell "a>b" was written "a" and understood as "b" (the row is warned); a first cell "REJECT"
 * rejects the row; a first cell "FAIL" makes the file unreadable from there. A column `area` gives
 * the row's area. */

struct world {
    struct arena arena;
    const char *path;
    struct profiles profiles;
    struct registry registry;
    struct asker local;
};

/* A fresh workspace whose clock stands at 2020-12-01. */
struct world *world_open(void **state);
void world_close(struct world *world);

/* Writes `text` to a fresh file of this name. */
const char *world_file(void **state, const char *name, const char *text);

/* Loads text as a file; fails the test when the call fails. */
struct load_result world_load(void **state, struct world *world, const char *text,
                              struct load_options options);

/* Options with no day given. */
struct load_options world_options(void);

/* All that holds in a register, one line a statement: the fields `keys` (with commas), a row ends
 * with ";". */
struct str world_read(struct world *world, const char *register_key, const char *keys,
                      const char *at);
struct str world_read_as(struct world *world, const struct asker *asker, const char *register_key,
                         const char *keys, const char *at, int64_t known_ms);

#endif
