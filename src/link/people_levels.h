#ifndef LINK_PEOPLE_LEVELS_H
#define LINK_PEOPLE_LEVELS_H

#include "link/people_feature.h"
#include "link/people_weigh.h"

/* How two records agree, field by field: the levels that people_weigh.h names. */
struct weigh_levels people_levels(const struct features *features, uint32_t a, uint32_t b);

#endif
