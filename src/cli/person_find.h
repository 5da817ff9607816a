#ifndef CLI_PERSON_FIND_H
#define CLI_PERSON_FIND_H

#include "cli/cli.h"
#include "jobs/person_told.h"

enum { PERSON_FIND_SHOWN = 20 };

/* What a word asks for. */
struct person_wanted person_wanted_read(struct cli *cli, struct str word);

/* The person that a user means by a word: a person's number, an ID number (as clerks write it) or a
 * name. *person is its place in people->persons. ERR_NOT_FOUND when nobody is meant; ERR_CONFLICT
 * when several are, naming the numbers of the first PERSON_FIND_SHOWN. */
MUST_USE bool person_find(struct cli *cli, const struct people *people, const char *word,
                          uint32_t *person, struct err *err);

#endif
