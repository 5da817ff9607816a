#ifndef CLI_MOMENT_H
#define CLI_MOMENT_H

#include "base/day.h"

/* A moment of knowledge, as it is typed. */

/* A day ("2020-11-25": to its end in China) or a day and time in UTC ("2020-11-25T08:00:00Z") as
 * milliseconds since 1970-01-01 UTC; false when it is neither. */
bool moment_read(const char *value, int64_t *ms);

#endif
