#ifndef CLI_NUMBER_H
#define CLI_NUMBER_H

#include "base/str.h"

/* A number that names something: a batch, a person, a doubtful pair. */

/* Reads a whole number from 1. ERR_USAGE shows what was written instead. */
MUST_USE bool number_read(const char *word, int64_t *out, struct err *err);

#endif
