#ifndef SAMPLE_CITY_TESTING_H
#define SAMPLE_CITY_TESTING_H

#include "sample/city.h"

/* A sample city in memory, without its files, for unit tests. */

/* What a city is made from and lives in. */
struct city_world {
    struct arena arena; /* of all of it */
    struct settings settings;
    struct city city;
};

/* The people, schools and stories of a city of so many children (0: as many as the settings say);
 * lives until city_world_close, which is a teardown of cmocka too. */
struct city_world *city_world_open(uint32_t children, uint64_t seed);
int city_world_close(void **state);

#endif
