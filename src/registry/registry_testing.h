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
 * rejects the row; a first cell "FAIL" makes the file unreadable from there; one that begins with
 * "&" stands beside the record before, in the same row of the file. A column `area` gives the row's
 * area. A line "====" begins another sheet, of the same or another register. */

/* Three valid ID numbers. */
#define ID_A "620422201203050013"
#define ID_B "620422201203050021"
#define ID_C "62042220120305003X"

/* A roll of September and what became of it in October. */
#define ROLL_SEPTEMBER                                                                             \
    "roll,2020-09-01\nname,id_number,school_code,class,seat\n"                                     \
    "王小明," ID_A ",2162000001,1,7\n"                                                             \
    "李红," ID_B ",2162000001,1,8\n"                                                               \
    "张伟," ID_C ",2162000001,2>二,9\n"                                                           \
    "REJECT,,,,\n"
#define ROLL_OCTOBER                                                                               \
    "roll,2020-10-01\nname,id_number,school_code,class,seat\n"                                     \
    "王小明," ID_A ",2162000001,1,1\n"                                                             \
    "李红," ID_B ",2162000001,2,2\n"

/* What a test stands on. */
struct world {
    struct arena arena;
    const char *path;
    struct profiles profiles;
    struct registry registry;
    struct asker local;
};

/* A fresh workspace whose clock stands at 2020-12-01. */
struct world *world_open(void **state);

/* Closes the store and frees all. */
void world_close(struct world *world);

/* Writes `text` to a fresh file of this name. */
const char *world_file(void **state, const char *name, const char *text);

/* Loads text as a file; fails the test when the call fails. */
struct load_result world_load(void **state, struct world *world, const char *text,
                              struct load_options options);

/* registry_load of a file of one register, with its one result. */
MUST_USE bool world_load_path(struct world *world, const char *path,
                              const struct load_options *options, const struct progress *progress,
                              struct load_result *result, struct err *err);

/* Fails unless the file was loaded with these counts against the past. */
void assert_counts(const struct load_result *result, uint64_t fresh, uint64_t repeated,
                   uint64_t replaced, uint64_t ended);

/* Options with no day given. */
struct load_options world_options(void);

/* All that holds in a register, one line a statement: the fields `keys` (with commas), a row ends
 * with ";". */
struct str world_read(struct world *world, const char *register_key, const char *keys,
                      const char *at);

/* The same as another asker sees it, as known at a moment. */
struct str world_read_as(struct world *world, const struct asker *asker, const char *register_key,
                         const char *keys, const char *at, int64_t known_ms);

#endif
