#ifndef LINK_PEOPLE_NEAREST_H
#define LINK_PEOPLE_NEAREST_H

#include "link/people_weigh.h"

/* The record of another person that weighs most against the records of `person` (a number in
 * people.persons), among those that share a key with one of them; of equal ones the first.
 * UINT32_MAX when none is likelier one person than two. The same for any number of threads (0: as
 * many as the machine offers). Looks at every record: about 1 s for a city. */
uint32_t people_nearest(const struct people *people, const struct weigher *weigher, uint32_t person,
                        size_t threads);

#endif
